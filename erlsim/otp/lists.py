"""The module `lists`, in part: what works on terms and Python has under no other name. Mirrors `lists`."""

from __future__ import annotations

from erlsim import terms
from erlsim.errors import Error
from erlsim.terms import Term


def sort(items: Term) -> list[Term]:
    """A new list, in Erlang's order of terms; `error:function_clause` for what is no list. Mirrors `lists:sort/1`."""
    if not isinstance(items, list):
        raise Error("function_clause", [("lists", "sort", [items], [])])
    return terms.sort(items)


__all__ = ["sort"]
