"""Erlang's terms as Python values: identities, order, keys, copies, printing and reading.

Atoms are `str` (`true` and `false` are `True` and `False`), binaries `bytes`, strings lists of code
points, maps `dict`; `special` has the shapes that no built-in type can take.
"""

from __future__ import annotations

from erlsim.errors import ErlangException
from erlsim.terms.copying import ATOMIC, copy
from erlsim.terms.formatting import format
from erlsim.terms.ids import Pid, Ref
from erlsim.terms.kinds import TermMap, key, make_map
from erlsim.terms.matching import matches
from erlsim.terms.order import compare, eq, exact_eq, sort_key
from erlsim.terms.reading import ParseError, parse
from erlsim.terms.sorting import sort
from erlsim.terms.special import Bits, ExportedFun, Improper, bits, cons
from erlsim.terms.term import ABSENT, Term


def chars(text: str) -> list[int]:
    """The Erlang string of `text`: its code points in a list."""
    return list(map(ord, text))


def matchable(term: Term) -> Term:
    """`term` for a `match` on patterns of tuples, which would take a list for a tuple: `None` in the place of a list.

    A `match` that also has a pattern for a list, or binds what no pattern fits, asks for a tuple in another way.
    """
    return None if type(term) is list else term


__all__ = [
    "ABSENT",
    "ATOMIC",
    "Bits",
    "ExportedFun",
    "Improper",
    "ParseError",
    "Pid",
    "Ref",
    "Term",
    "TermMap",
    "bits",
    "chars",
    "compare",
    "cons",
    "copy",
    "eq",
    "exact_eq",
    "format",
    "key",
    "make_map",
    "matchable",
    "matches",
    "parse",
    "sort",
    "sort_key",
]

# Exceptions show their reasons as Erlang would print them; `errors` lies below and cannot ask for it.
ErlangException.printed = staticmethod(lambda reason: format("~0tp", [reason]))
