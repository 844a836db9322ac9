"""The order in which a table of type set lists its keys on OTP 25, for the places where a port must keep to it.

Tables here list their keys in the order in which they came (see `stores.hashed`). OTP goes by slot, the last slot
first. The slot is the low byte of the key's internal hash, as long as the table has its first 256 slots.

DIVERGES(otp): an atom inside another term is hashed by its number in the atom table of the running VM,
which depends on what was loaded; here its name's hash stands for that number. Pids, references, funs and
large maps are hashed as their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from erlsim.terms import Term
from erlsim.terms import format as io_format
from erlsim.terms.hashing import immediate, internal_hash

T = TypeVar("T")

_SLOTS = 256


def in_table_order(objects: Iterable[T], key: Callable[[T], Term]) -> list[T]:
    """The objects with these keys, in the order in which `ets:tab2list/1` lists them."""
    return sorted(objects, key=lambda each: -slot(key(each)))


def slot(term: Term) -> int:
    """The slot of a key: from 0 to 255."""
    # An atom has its name's own hash.
    whole = _name(_atom(term)) if isinstance(term, str | bool) else internal_hash(term, stand_in=_stand_in)
    return whole % _SLOTS


def _stand_in(term: Term, state: int) -> int:
    if isinstance(term, str | bool):
        return immediate(_name(_atom(term)) << 6 | 0xB, state)
    return internal_hash(io_format("~w", [term]).encode(), state)


def _atom(term: str | bool) -> str:
    return str(term).lower() if isinstance(term, bool) else term


def _name(name: str) -> int:
    """The hash of an atom's name, as the atom table has it (P. J. Weinberger's)."""
    value = 0
    for byte in name.encode():
        value = (value << 4) + byte
        high = value & 0xF0000000
        value ^= high | high >> 24
    return value
