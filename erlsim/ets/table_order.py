"""The order in which a table of type set lists its keys on OTP 25, for the places where a port must keep to it.

Tables here list their keys in the order in which they came (see `stores.hashed`). OTP goes by slot, the last slot
first. The slot is the low byte of the key's internal hash, as long as the table has its first 256 slots.

DIVERGES(otp): an atom inside another term is hashed by its number in the atom table of the running VM,
which depends on what was loaded; here its name's hash stands for that number. Terms of other kinds than
integers, atoms, binaries and tuples are hashed as their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from erlsim.terms import Term
from erlsim.terms import format as io_format

T = TypeVar("T")

_ALL = 0xFFFFFFFF
_GOLDEN = 0x9E3779B9
_SALT = 3432918353
_TUPLE, _BINARY = 9, 13
_SLOTS = 256


def in_table_order(objects: Iterable[T], key: Callable[[T], Term]) -> list[T]:
    """The objects with these keys, in the order in which `ets:tab2list/1` lists them."""
    return sorted(objects, key=lambda each: -slot(key(each)))


def slot(term: Term) -> int:
    """The slot of a key: from 0 to 255."""
    # An atom has its name's own hash.
    whole = _name(_atom(term)) if isinstance(term, str | bool) else _hash(term, _SALT)
    return whole % _SLOTS


def _hash(term: Term, state: int) -> int:
    match term:
        case str() | bool():
            return _immediate(_name(_atom(term)) << 6 | 0xB, state)
        case int() if -(1 << 59) <= term < 1 << 59:
            return _immediate((term << 4 | 0xF) & (1 << 64) - 1, state)
        case bytes():
            return _block(term, _constant(_BINARY) + state)
        case tuple():
            state = _words(len(term), 0, _constant(_TUPLE), state)
            for each in term:
                state = _hash(each, state)
            return state
    return _block(io_format("~w", [term]).encode(), _constant(_BINARY) + state)


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


def _constant(number: int) -> int:
    return _GOLDEN * number & _ALL


def _immediate(word: int, state: int) -> int:
    return _words(word & _ALL, word >> 32, _GOLDEN, state)


def _words(low: int, high: int, constant: int, state: int) -> int:
    return _mix(constant + low & _ALL, constant + high & _ALL, state & _ALL)[2]


def _block(data: bytes, state: int) -> int:
    a = b = _GOLDEN
    c = state & _ALL
    whole = len(data) - len(data) % 12
    for start in range(0, whole, 12):
        words = (int.from_bytes(data[start + at : start + at + 4], "little") for at in (0, 4, 8))
        a, b, c = _mix(*(old + new & _ALL for old, new in zip((a, b, c), words, strict=True)))
    rest = data[whole:]
    a += int.from_bytes(rest[:4], "little")
    b += int.from_bytes(rest[4:8], "little")
    c += len(data) + (int.from_bytes(rest[8:], "little") << 8)
    return _mix(a & _ALL, b & _ALL, c & _ALL)[2]


def _mix(a: int, b: int, c: int) -> tuple[int, int, int]:
    """Three words into each other, as Robert Jenkins mixes them."""
    for right, left, last in ((13, 8, 13), (12, 16, 5), (3, 10, 15)):
        a = (a - b - c & _ALL) ^ c >> right
        b = (b - c - a & _ALL) ^ (a << left & _ALL)
        c = (c - a - b & _ALL) ^ b >> last
    return a, b, c
