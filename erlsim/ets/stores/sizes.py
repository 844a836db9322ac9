"""How many words a table takes: what `ets:info(Tab, memory)` says.

DIVERGES(otp): an estimate by the layout of OTP's terms on a machine of 64 bits; it grows and shrinks
with the rows, but what a process may rely on is no more than that.
"""

from __future__ import annotations

from erlsim.ets.stores.table import Table
from erlsim.terms import Bits, Improper, Ref, Term, TermMap

SMALL = 1 << 59
EMPTY_HASHED, EMPTY_ORDERED = 305, 139
ROW_HASHED, ROW_ORDERED = 4, 5


def memory(table: Table) -> int:
    """The words of an empty table and those of its rows."""
    base, each = (EMPTY_ORDERED, ROW_ORDERED) if table.ordered else (EMPTY_HASHED, ROW_HASHED)
    return base + sum(each + words(row) for row in table.rows())


def words(term: Term) -> int:
    """The words of `term` on a heap, besides the one that refers to it."""
    total = 0
    todo = [term]
    while todo:
        each = todo.pop()
        if isinstance(each, tuple):
            total += 1 + len(each)
            todo += each
        elif isinstance(each, list):
            total += 2 * len(each)
            todo += each
        elif isinstance(each, Improper):
            total += 2 * len(each.items)
            todo += (*each.items, each.tail)
        elif isinstance(each, dict | TermMap):
            total += 4 + 2 * len(each) if each else 3
            todo += (*each.keys(), *each.values())
        else:
            total += _scalar_words(each)
    return total


def _scalar_words(term: Term) -> int:
    if isinstance(term, bytes):
        return 2 + (len(term) + 7) // 8
    if isinstance(term, float):
        return 2
    if isinstance(term, int):
        return 0 if -SMALL <= term < SMALL else 1 + (term.bit_length() + 63) // 64
    return 3 if isinstance(term, Ref | Bits) else 0
