"""The BEAM's internal hash of terms, for maps and tables.

OTP 25 on 64 bits hashes numbers, bitstrings, and lists, tuples and small maps of them by what they are, everywhere the
same. An atom is hashed by its place in the node's table of atoms, a pid, a reference and a fun by what the node has
numbered: their hash differs from node to node. Of large maps within terms the hash is not known here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from erlsim.terms import kinds
from erlsim.terms.hashing.mixing import ALL, GOLDEN, block, immediate, words
from erlsim.terms.order import exact_sort_key
from erlsim.terms.recursion import Call, run
from erlsim.terms.special import Bits, Improper
from erlsim.terms.term import Term

StandIn = Callable[[Term, int], int]
"""The hash of a term that differs from node to node, behind a state."""

SMALL_MAP = 32
SALT = 3432918353

_DOUBLE = 0xFFFFFFFFFFFFFFFF
_STRING, _TUPLE, _NEGATIVE, _POSITIVE, _FLOAT, _BINARY, _LAST_BITS, _MAP, _HEAD, _TAIL, _STRING_END = (
    GOLDEN * number & ALL for number in (4, 9, 10, 11, 12, 13, 15, 16, 17, 18, 22)
)
_NIL = 0x3B


class NodeBound(Exception):
    """The hash of a term differs from node to node."""


def _node_bound(term: Term, _state: int) -> int:
    raise NodeBound(term)


def internal_hash(term: Term, state: int = SALT, stand_in: StandIn = _node_bound) -> int:
    """The hash of a term; `stand_in` hashes what differs from node to node, by default with `NodeBound`."""
    hashed: int = run(_hash(term, state, stand_in))
    return hashed


def _hash(term: Term, state: int, stand_in: StandIn) -> Call:
    match kinds.kind(term):
        case kinds.NUMBER:
            return _number(term, state)
        case kinds.BITSTRING:
            return bitstring(term, state)
        case kinds.TUPLE:
            state = words(len(term), 0, _TUPLE, state)
            for each in term:
                state = yield _hash(each, state, stand_in)
            return state
        case kinds.CONS:
            items, tail = (term.items, term.tail) if isinstance(term, Improper) else (term, [])
            return (yield _list(items, tail, state, stand_in))
        case kinds.MAP if len(term) <= SMALL_MAP:
            state = words(len(term), 0, _MAP, state)
            for name in sorted(term, key=exact_sort_key):
                state = yield _hash(name, state, stand_in)
                state = yield _hash(term[name], state, stand_in)
            return state
        case kinds.OPAQUE if kinds.stands_for_a_term(term):
            return (yield _hash(term.__term__(), state, stand_in))
    return stand_in(term, state)


def _number(term: Any, state: int) -> int:
    if isinstance(term, float):
        low, high = struct.unpack("<II", struct.pack("<d", term + 0.0))  # -0.0 is hashed as 0.0
        return words(low, high, _FLOAT, state)
    if -(1 << 59) <= term < 1 << 59:
        return immediate((term << 4 | 0xF) & _DOUBLE, state)
    return bignum(term, state)


def bignum(term: int, state: int) -> int:
    """The hash of an integer by its digits of 64 bits: the internal one of the great, and that of `phash2`."""
    rest, constant = abs(term), _NEGATIVE if term < 0 else _POSITIVE
    while rest:
        state = words(rest & ALL, rest >> 32 & ALL, constant, state)
        rest >>= 64
    return state


def bitstring(term: bytes | Bits, state: int) -> int:
    """The hash of a bitstring behind a state: the internal one, and that of `phash2`."""
    data, size = (term.data, term.size) if isinstance(term, Bits) else (term, 8 * len(term))
    state = _BINARY + state & ALL
    if not size:
        return state
    state = block(data[: size // 8], state)
    rest = size % 8
    return words(rest, data[-1] >> 8 - rest, _LAST_BITS, state) if rest else state


def _list(items: Sequence[Term], tail: Term, state: int, stand_in: StandIn) -> Call:
    place, length = 0, len(items)
    while place < length:
        # Bytes go four at a time.
        packed = count = 0
        while place < length and is_byte(items[place]):
            packed, count, place = packed << 8 | items[place], count + 1, place + 1
            if count == 4:
                state = words(packed, 0, _STRING, state)
                packed = count = 0
        if count:
            state = words(packed, count, _STRING_END, state)
        if place < length:
            state = yield _hash(items[place], _turned(state, _HEAD), stand_in)
            place += 1
            if place == length:
                state = _turned(state, _TAIL)
    if isinstance(tail, list):
        return immediate(_NIL, state)
    return (yield _hash(tail, state, stand_in))


def is_byte(term: Any) -> bool:
    """Whether an element of a list is packed with others, as characters of a string are."""
    return type(term) is int and 0 <= term < 256


def _turned(state: int, constant: int) -> int:
    state ^= constant
    return state << 17 & ALL ^ state >> 15
