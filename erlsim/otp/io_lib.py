"""The module `io_lib`, in part: formatting as a function that returns characters. Mirrors `io_lib`."""

from __future__ import annotations

from collections.abc import Sequence

from erlsim import terms
from erlsim.terms import Improper, Term, TermMap
from erlsim.terms.characters import printable_list
from erlsim.terms.recursion import Call, run
from erlsim.terms.writing import sorted_rows

_CUT = "..."


def format(directives: Term, args: Term) -> list[int]:
    """The characters of `terms.format(directives, args)`. Mirrors `io_lib:format/2`."""
    return terms.chars(terms.format(directives, args))


def limit_term(term: Term, depth: Term) -> Term:
    """`term` with `'...'` for what `~P` would not show at `depth`, which may be `"unlimited"`; strings and binaries are
    whole. Mirrors `io_lib:limit_term/2`.
    """
    return term if depth == "unlimited" else run(_limited(term, depth))


def _limited(term: Term, depth: int) -> Call:
    if depth == 0:
        return _CUT
    if type(term) is tuple:
        return tuple((yield _some(term, depth))) if term else term
    if type(term) is list:
        return term if not term or (depth > 1 and printable_list(term) is not None) else (yield _some(term, depth))
    if type(term) is Improper:
        return (yield _improper(term, depth))
    if isinstance(term, dict | TermMap):
        # One more than is shown, so that dots are.
        rows = sorted_rows(term)[: depth + 1] if len(term) > depth + 1 else term.items()
        cut = []
        for name, value in rows:
            cut.append((name, (yield _limited(value, depth - 1))))
        return terms.make_map(cut)
    return term


def _some(items: Sequence[Term], depth: int) -> Call:
    """Those items that `depth` lets through, each a level less deep than the one before, and the mark of others."""
    found = []
    for place, item in enumerate(items[: depth - 1]):
        found.append((yield _limited(item, depth - 1 - place)))
    return [*found, _CUT] if len(found) < len(items) else found


def _improper(term: Improper, depth: int) -> Call:
    found = yield _some(term.items, depth)
    left = depth - len(term.items)
    if left <= 0:
        return found
    return terms.cons(found, [_CUT] if left == 1 else (yield _limited(term.tail, left - 1)))


__all__ = ["format", "limit_term"]
