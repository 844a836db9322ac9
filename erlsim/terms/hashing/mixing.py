"""Words and bytes into a hash of 32 bits, as the BEAM mixes them."""

from __future__ import annotations

import struct

ALL = 0xFFFFFFFF
GOLDEN = 0x9E3779B9


def immediate(word: int, state: int) -> int:
    """A term that is one word of 64 bits."""
    return words(word & ALL, word >> 32, GOLDEN, state)


def words(low: int, high: int, constant: int, state: int) -> int:
    """Two words of 32 bits, under the constant of their kind."""
    return _mix(constant + low & ALL, constant + high & ALL, state)


def block(data: bytes, state: int) -> int:
    """Any number of bytes, twelve at a time."""
    a = b = GOLDEN
    c = state
    whole = len(data) - len(data) % 12
    for start in range(0, whole, 12):
        first, second, third = struct.unpack_from("<III", data, start)
        a, b, c = _mixed(a + first & ALL, b + second & ALL, c + third & ALL)
    rest = data[whole:]
    a += int.from_bytes(rest[:4], "little")
    b += int.from_bytes(rest[4:8], "little")
    c += len(data) + (int.from_bytes(rest[8:], "little") << 8)
    return _mix(a & ALL, b & ALL, c & ALL)


def _mix(a: int, b: int, c: int) -> int:
    return _mixed(a, b, c)[2]


def _mixed(a: int, b: int, c: int) -> tuple[int, int, int]:
    """Three words into each other, as Robert Jenkins mixes them."""
    for right, left, last in ((13, 8, 13), (12, 16, 5), (3, 10, 15)):
        a = (a - b - c & ALL) ^ c >> right
        b = (b - c - a & ALL) ^ (a << left & ALL)
        c = (c - a - b & ALL) ^ b >> last
    return a, b, c
