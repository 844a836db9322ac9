"""The process dictionary, and unique values."""

from __future__ import annotations

from typing import Any

from erlsim._bifs.common import Term, badarg, here, plain_list
from erlsim.terms import ATOMIC, Ref, copy, key


def _of_caller() -> dict[Any, tuple[Term, Term]]:
    process = here().current
    table: dict[Any, tuple[Term, Term]] | None = process.dictionary
    if table is None:
        table = process.dictionary = {}
    return table


def put(name: Term, value: Term) -> Term:
    """Set a value in the caller's dictionary; the previous one or `"undefined"`. Mirrors `put/2`."""
    table = _of_caller()
    slot = key(name)
    old = table.get(slot, (name, "undefined"))[1]
    table[slot] = (name if type(name) in ATOMIC else copy(name), value if type(value) in ATOMIC else copy(value))
    return old


def get(*name: Term) -> Term:
    """`get(key)`: the value or `"undefined"`; `get()`: all pairs. Mirrors `get/0,1`."""
    table = _of_caller()
    if not name:
        return copy(list(table.values()))
    value = table.get(key(name[0]), (None, "undefined"))[1]
    return value if type(value) in ATOMIC else copy(value)


def get_keys(*value: Term) -> list[Term]:
    """All keys, or those whose value is exactly `value`. Mirrors `get_keys/0,1`."""
    pairs = _of_caller().values()
    return [copy(name) for name, held in pairs if not value or key(held) == key(value[0])]


def erase(*name: Term) -> Term:
    """`erase(key)`: remove and return a value, or `"undefined"`; `erase()`: all pairs. Mirrors `erase/0,1`."""
    table = _of_caller()
    if not name:
        pairs = list(table.values())
        table.clear()
        return pairs
    return table.pop(key(name[0]), (None, "undefined"))[1]


def make_ref() -> Ref:
    """A reference that no other one equals. Mirrors `erlang:make_ref/0`."""
    ref: Ref = here().new_ref()
    return ref


def unique_integer(modifiers: Term = None) -> int:
    """An integer that no other call returns; always growing and positive.

    `modifiers` is a list of `"positive"` and `"monotonic"`; `badarg` for another. Mirrors `unique_integer/0,1`.
    """
    for modifier in plain_list([] if modifiers is None else modifiers):
        if modifier not in ("positive", "monotonic"):
            badarg()
    counter: list[int] = here().extension("unique_integer", lambda: [0])
    counter[0] += 1
    return counter[0]
