"""The hashes of terms that a program may ask for: the same on every node and in every release.

`phash2` is the one to use; `phash` is the older one, by which `dict` and `sets` put their elements into slots.
"""

from __future__ import annotations

import struct
from typing import Any

from erlsim.terms import kinds
from erlsim.terms.hashing.internal import bignum, bitstring, is_byte
from erlsim.terms.hashing.mixing import ALL, GOLDEN, words
from erlsim.terms.ids import Pid, Ref
from erlsim.terms.special import Bits, Improper
from erlsim.terms.term import Term


def atom_hash(name: str) -> int:
    """The hash of an atom's characters (hashpjw); those of Latin-1 count as one byte, others as their UTF-8."""
    state = 0
    data = name.encode()
    place = 0
    while place < len(data):
        byte = data[place]
        place += 1
        if byte & 0xFE == 0xC2 and place < len(data) and data[place] & 0xC0 == 0x80:
            byte = (byte << 6 | data[place] & 0x3F) & 0xFF
            place += 1
        state = (state << 4) + byte
        high = state & 0xF0000000
        state ^= high >> 24
        state ^= high
    return state


def _bits_of(term: Any) -> tuple[bytes, int]:
    """The whole bytes of a bitstring with what is left of them, and how many bits are left."""
    if isinstance(term, Bits):
        return term.data, term.size
    return bytes(term), 8 * len(term)


def _listed(term: Any) -> tuple[list[Term], Term]:
    return (list(term.items), term.tail) if isinstance(term, Improper) else (term, [])


# ---- phash2

_NIL, _ATOM, _STRING, _PID, _REF, _TUPLE, _FLOAT, _MAP, _PAIRS = (
    GOLDEN * number & ALL for number in (2, 3, 4, 5, 7, 9, 12, 16, 19)
)
_NIL_FIRST, _NIL_TAG = 3468870702, 2


def phash2(term: Term, state: int = 0) -> int:
    """The 32 bits of `erlang:phash2/1`, which keeps 27 of them; `state` is the hash of what comes before."""
    match kinds.kind(term):
        case kinds.ATOM:
            found = atom_hash(kinds.atom_text(term))
            return words(found, 0, _ATOM, state) if state else found
        case kinds.NUMBER:
            return _number2(term, state)
        case kinds.BITSTRING:
            return bitstring(term, state)
        case kinds.TUPLE:
            state = words(len(term), 0, _TUPLE, state)
            for each in term:
                state = phash2(each, state)
            return state
        case kinds.CONS if term == []:
            return words(_NIL_TAG, 0, _NIL, state) if state else _NIL_FIRST
        case kinds.CONS:
            return _list2(*_listed(term), state)
        case kinds.MAP:
            state = words(len(term), 0, _MAP, state)
            if not len(term):
                return state
            mixed = 0
            for name, value in term.items():
                mixed ^= phash2(value, phash2(name))
            return words(mixed, 0, _PAIRS, state)
        case kinds.PID if isinstance(term, Pid):
            return words(term.number & 0x7FFF, 0, _PID, state)
        case kinds.REF if isinstance(term, Ref):
            return words(term.number & 0x3FFFF, 0, _REF, state)
        case _ if kinds.stands_for_a_term(term):
            return phash2(term.__term__(), state)
    return words(0, _fun_hash(term), GOLDEN, state)


def _fun_hash(term: Any) -> int:
    """A fun's hash is that of its module, its number and what it holds; here its name is all there is."""
    module, name, _ = kinds.fun_name(term)
    return atom_hash(f"{module}:{name}")


def _number2(term: Any, state: int) -> int:
    if isinstance(term, float):
        low, high = struct.unpack("<II", struct.pack("<d", term + 0.0))
        return words(high, low, _FLOAT, state)
    if -(1 << 27) <= term < 1 << 27:
        if term < 0:
            state = words(-term, 0, GOLDEN, state)
        return words(term & ALL, 0, GOLDEN, state)
    return bignum(term, state)


def _list2(items: list[Term], tail: Term, state: int) -> int:
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
            state = words(packed, 0, _STRING, state)
        if place < length:
            state = phash2(items[place], state)
            place += 1
    return phash2(tail, state)


# ---- phash

# Primes just above 2 ^ 28.
_P1, _P2, _P3, _P4, _P5, _P6, _P8, _P9, _P10, _P11, _P12, _P13, _P14 = (
    268440163,
    268439161,
    268435459,
    268436141,
    268438633,
    268437017,
    268437511,
    268439627,
    268440479,
    268440577,
    268440581,
    268440593,
    268440611,
)


def phash(term: Term, state: int = 0) -> int:
    """The 32 bits of `erlang:phash/2`."""
    match kinds.kind(term):
        case kinds.CONS if term == []:
            return state * _P3 + 1 & ALL
        case kinds.ATOM:
            return state * _P1 + atom_hash(kinds.atom_text(term)) & ALL
        case kinds.NUMBER if isinstance(term, float):
            bits = int.from_bytes(struct.pack("<d", term + 0.0), "little")
            return state * _P6 + (bits & ALL ^ bits >> 32) & ALL
        case kinds.NUMBER:
            state = _bytes(abs(term), max(1, -(-abs(term).bit_length() // 32)), _P2, state)
            return state * (_P4 if term < 0 else _P3) & ALL
        case kinds.BITSTRING:
            data, size = _bits_of(term)
            for byte in data[: size // 8]:
                state = state * _P1 + byte & ALL
            if size % 8:
                state = (state * _P1 + (data[-1] >> 8 - size % 8)) * _P12 + size % 8 & ALL
            return state * _P4 + size // 8 & ALL
        case kinds.CONS:
            items, tail = _listed(term)
            for each in items:
                state = state * _P2 + each & ALL if is_byte(each) else phash(each, state)
            return phash(tail, state) * _P8 & ALL
        case kinds.TUPLE:
            for each in term:
                state = phash(each, state)
            return state * _P9 + len(term) & ALL
        case kinds.MAP:
            return state * _P13 + _P14 + phash2(term) & ALL
        case kinds.PID if isinstance(term, Pid):
            return _bytes(term.number & 0x7FFF, 1, _P5, state) * _P6 & ALL
        case kinds.REF if isinstance(term, Ref):
            return _bytes(term.number & 0x3FFFF, 1, _P9, state) * _P10 & ALL
        case _ if kinds.stands_for_a_term(term):
            return phash(term.__term__(), state)
    return state * _P11 + _fun_hash(term) & ALL


def _bytes(number: int, count: int, prime: int, state: int) -> int:
    """The bytes of a number of `count` words of 32 bits, the least first."""
    for byte in number.to_bytes(4 * count, "little"):
        state = state * prime + byte & ALL
    return state
