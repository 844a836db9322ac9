"""Patterns of Python values: what `receive` takes, what an assertion on a trace looks for.

Every message that is received comes by here, hence the care for speed.
"""

from __future__ import annotations

from types import FunctionType, MethodType
from typing import Any, Final

from erlsim.errors import pass_on
from erlsim.terms.order import exact_eq
from erlsim.terms.term import Term

_SCALARS: Final = frozenset({str, bytes, int, float, bool})


def matches(pattern: Any, term: Term) -> bool:
    """Whether `term` matches `pattern`.

    `...` matches anything, a class its instances (`int` no boolean), a plain function is a predicate; tuples and
    lists match part by part, a dict what has these keys with values that match. Anything else matches what is
    `=:=` to it. A predicate that raises does not match, as a failing guard does not.
    """
    if pattern is ... or pattern is term:
        return True
    kind = type(pattern)
    if kind in _SCALARS:
        return type(term) is kind and bool(pattern == term)
    if kind is tuple or kind is list:
        if type(term) is not kind or len(term) != len(pattern):
            return False
        for part, value in zip(pattern, term, strict=True):
            if part is not ... and part is not value and not matches(part, value):
                return False
        return True
    return _matches_other(pattern, term)


def parts(pattern: Any, term: Term) -> list[Term]:
    """The parts of a term that matches where the pattern leaves them open: `...`, a class or a predicate."""
    if pattern is ... or isinstance(pattern, type | FunctionType | MethodType):
        return [term]
    if type(pattern) in (tuple, list):
        return [each for part, value in zip(pattern, term, strict=True) for each in parts(part, value)]
    if isinstance(pattern, dict):
        return [each for key, part in pattern.items() for each in parts(part, term[key])]
    return []


def _matches_other(pattern: Any, term: Term) -> bool:
    if isinstance(pattern, type):
        # True and 1 are different terms, though bool is Python's subclass of int.
        return isinstance(term, pattern) and (type(term) is not bool or pattern in (bool, object))
    if isinstance(pattern, FunctionType | MethodType):
        try:
            return bool(pattern(term))
        except Exception as failure:
            pass_on(failure)
            return False
    if isinstance(pattern, dict):
        return isinstance(term, dict) and all(k in term and matches(v, term[k]) for k, v in pattern.items())
    return exact_eq(pattern, term)
