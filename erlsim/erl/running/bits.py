"""The bit syntax: taking bitstrings apart and putting them together."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Any

from erlsim import terms
from erlsim.erl.running.failures import Failed
from erlsim.terms import Bits, Term

__in_stacks__ = False

_FLOATS = {16: "e", 32: "f", 64: "d"}
_NUMBERS = frozenset({int, float})


class Reader:
    """A bitstring that is matched from left to right. Every method gives `None` if what it wants is not there."""

    __slots__ = ("at", "data", "size")

    def __init__(self, data: bytes, size: int) -> None:
        self.data = data
        self.size = size
        self.at = 0

    def _bits(self, count: Any) -> int | None:
        if type(count) is not int or count < 0 or self.at + count > self.size:
            return None
        start, end = self.at, self.at + count
        self.at = end
        if not (start | end) & 7:
            return int.from_bytes(self.data[start >> 3 : end >> 3], "big")
        chunk = int.from_bytes(self.data[start >> 3 : (end + 7) >> 3], "big")
        return (chunk >> (-end % 8)) & ((1 << count) - 1)

    def integer(self, count: Any, signed: bool, little: bool) -> int | None:
        """An integer of `count` bits."""
        value = self._bits(count)
        if value is None:
            return None
        if little:
            value = _reversed(value, count)
        if signed and count and value >> (count - 1):
            value -= 1 << count
        return value

    def float(self, count: Any, little: bool) -> float | None:
        """A float of 16, 32 or 64 bits; no infinity and no NaN matches."""
        if count not in _FLOATS:
            return None
        value = self._bits(count)
        if value is None:
            return None
        data = value.to_bytes(count // 8, "big")
        found: float = struct.unpack(("<" if little else ">") + _FLOATS[count], data)[0]
        return found if math.isfinite(found) else None

    def binary(self, count: Any) -> Term:
        """A bitstring of `count` bits."""
        if type(count) is int and not (self.at | count) & 7 and 0 <= count <= self.size - self.at:
            start = self.at >> 3
            self.at += count
            return self.data[start : self.at >> 3]
        value = self._bits(count)
        if value is None:
            return None
        return terms.bits((value << (-count % 8)).to_bytes((count + 7) // 8, "big"), count)

    def rest(self, unit: int) -> Term:
        """All that is left, if it is a multiple of `unit` bits."""
        left = self.size - self.at
        return None if left % unit else self.binary(left)

    def text(self, encoding: str, little: bool) -> int | None:
        """A code point in `utf8`, `utf16` or `utf32`."""
        start, left = self.at, self.size - self.at
        order = ("-le" if little else "-be") if encoding != "utf8" else ""
        for count in (8, 16, 24, 32) if encoding == "utf8" else (16, 32) if encoding == "utf16" else (32,):
            if count > left:
                return None
            value = self._bits(count)
            assert value is not None
            try:
                found = value.to_bytes(count // 8, "big").decode(encoding.replace("utf", "utf-") + order)
            except UnicodeDecodeError:
                self.at = start
                continue
            return ord(found)
        return None

    def take(self, wanted: bytes) -> bool:
        """Whether these bytes come next."""
        return bool(self.binary(8 * len(wanted)) == wanted)

    def end(self) -> bool:
        """Whether nothing is left."""
        return self.at == self.size


def reader(term: Term) -> Reader | None:
    """A reader of a bitstring; `None` for everything else."""
    if type(term) is bytes:
        return Reader(term, 8 * len(term))
    if type(term) is Bits:
        return Reader(term.data, term.size)
    return None


def _reversed(value: int, count: int) -> int:
    """A number whose `count` bits are in little-endian order; the last byte may have fewer bits."""
    whole, rest = divmod(count, 8)
    if not rest:
        return int.from_bytes(value.to_bytes(whole, "big"), "little")
    low = int.from_bytes((value >> rest).to_bytes(whole, "big"), "little")
    return low | (value & ((1 << rest) - 1)) << (8 * whole)


def _little(value: int, count: int) -> int:
    """The other way round: the bits of `value` as they are written in little-endian order."""
    whole, rest = divmod(count, 8)
    low = int.from_bytes((value & ((1 << (8 * whole)) - 1)).to_bytes(whole, "little"), "big") if whole else 0
    return low << rest | value >> (8 * whole) if rest else low


def integer(value: Any, count: Any, little: bool) -> tuple[int, int]:
    """An integer segment: its bits as a number, and how many."""
    if type(value) is not int or type(count) is not int or count < 0:
        raise Failed("badarg")
    value &= (1 << count) - 1
    return (_little(value, count) if little else value), count


def float_(value: Any, count: Any, little: bool) -> tuple[int, int]:
    """A float segment."""
    if type(value) not in _NUMBERS or count not in _FLOATS:
        raise Failed("badarg")
    try:
        data = struct.pack(("<" if little else ">") + _FLOATS[count], value)
    except OverflowError:
        raise Failed("badarg") from None
    return int.from_bytes(data, "big"), count


def binary(value: Any, count: Any, unit: int) -> Any:
    """A binary segment: all of it if `count` is `None`."""
    if type(value) is bytes:
        data, size = value, 8 * len(value)
    elif type(value) is Bits:
        data, size = value.data, value.size
    else:
        raise Failed("badarg")
    if count is None:
        if size % unit:
            raise Failed("badarg")
        if type(value) is bytes:
            return value
        count = size
    if type(count) is not int or not 0 <= count <= size:
        raise Failed("badarg")
    if not count & 7:
        return data[: count >> 3]
    return int.from_bytes(data, "big") >> (8 * len(data) - count), count


def text(value: Any, encoding: str, little: bool) -> bytes:
    """A code point in `utf8`, `utf16` or `utf32`."""
    if type(value) is not int or not 0 <= value <= 0x10FFFF or 0xD800 <= value <= 0xDFFF:
        raise Failed("badarg")
    order = ("-le" if little else "-be") if encoding != "utf8" else ""
    return chr(value).encode(encoding.replace("utf", "utf-") + order)


def characters(codes: list[int], encoding: str, little: bool) -> bytes:
    """A string segment with an encoding."""
    return b"".join([text(code, encoding, little) for code in codes])


def build(segments: Iterable[Any]) -> Term:
    """The bitstring of some segments: bytes, or numbers with their counts of bits."""
    segments = list(segments)
    if all(type(each) is bytes for each in segments):
        return b"".join(segments)
    value = size = 0
    for each in segments:
        if type(each) is bytes:
            each = (int.from_bytes(each, "big"), 8 * len(each))
        value = value << each[1] | each[0]
        size += each[1]
    return terms.bits((value << (-size % 8)).to_bytes((size + 7) // 8, "big"), size)


def joined(parts: list[Term]) -> Term:
    """The bitstring of a binary comprehension, from the values of its template."""
    return build([binary(each, None, 1) for each in parts])


def part(data: Term, *place: Any) -> bytes | None:
    """The bytes at `(Start, Length)` or `Start, Length`, leftwards if Length is negative; else `None`."""
    start, count = place if len(place) == 2 else place[0] if type(place[0]) is tuple else (None, None)
    if type(data) is bytes and type(start) is int and type(count) is int:
        if count < 0:
            start, count = start + count, -count
        if start >= 0 and start + count <= len(data):
            return data[start : start + count]
    return None
