"""The module `erts_debug`, in part."""

from __future__ import annotations

from erlsim.erl.running.cells import Cell, spread
from erlsim.erl.running.operators import exact_eq
from erlsim.terms import ATOMIC, Bits, Improper, Ref, Term, TermMap

__in_stacks__ = False

_SMALL = 1 << 59
_WORD = 64
_ON_HEAP = 64
"""So many bytes of a binary lie in the heap of its process at most; of a larger one only what refers to it does."""


def same(left: Term, right: Term) -> bool:
    """Whether two terms are one in memory; small ones are if they are equal."""
    return left is right or (type(left) in ATOMIC and exact_eq(left, right))


def flat_size(term: Term) -> int:
    """How many words a term takes in the heap of a process of a BEAM with words of 64 bits, nothing being shared.
    `flat_size/1`.
    """
    words = 0
    todo = [term]
    while todo:
        each = todo.pop()
        if isinstance(each, Cell | list | Improper):
            items, tail = spread(each)
            words += 2 * len(items)
            todo += items
            todo += [] if tail is None else [tail]
        elif isinstance(each, tuple):
            words += 1 + len(each) if each else 0
            todo += each
        elif isinstance(each, dict | TermMap):
            # DIVERGES(otp): a map of more than 32 keys is counted as if it were a small one; the tree that it is there
            # takes about a half more.
            words += 4 + 2 * len(each) if each else 3
            todo += [*each.keys(), *each.values()]
        else:
            words += _words(each)
    return words


def _words(term: Term) -> int:
    """Those of a term that holds no others."""
    if isinstance(term, bool | str):
        return 0
    if isinstance(term, int):
        return 0 if -_SMALL <= term < _SMALL else 1 + -(-abs(term).bit_length() // _WORD)
    if isinstance(term, float):
        return 2
    if isinstance(term, bytes):
        return 2 + -(-len(term) // 8) if len(term) <= _ON_HEAP else 6
    if isinstance(term, Bits):
        return 5 + _words(term.data)
    if isinstance(term, Ref):
        return 3
    # What a fun has taken from around it is not counted: nobody but itself knows of that.
    return 5 if callable(term) else 0
