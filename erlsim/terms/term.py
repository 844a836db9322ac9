"""What a term is: the Python values that stand for Erlang's; and what is none.

An atom is a `str` (`true` and `false` are `True` and `False`), an integer an `int`, a float a `float`, a
binary `bytes`, a string a `list` of code points, a tuple a `tuple`, a list a `list`, a map a `dict`, a pid
a `Pid`, a reference a `Ref`, a fun a callable. Any other Python object travels as an opaque term, so that
no type is narrower than `Any`; the name says at each place that a term is meant.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Term: TypeAlias = Any


class _Absent:
    """See `ABSENT`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "absent"


ABSENT: Any = _Absent()
"""What an optional argument is that was not given, where any term could be."""
