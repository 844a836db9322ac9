"""The parts of a binary between `<<` and `>>` (its segments): a value, its size and its type become bits.

Mirrors `erl_bits` (defaults, which specifications go together) and `eval_bits` (what a value becomes). `Row`s
are bits in a row: `(number, size)`, the `size` bits read as one unsigned number.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable
from typing import NamedTuple

from erlsim.terms.special import Bits, bits
from erlsim.terms.term import Term

Row = tuple[int, int]
Specification = tuple[str, int | None]

_TYPES = {
    "integer": ("integer", None),
    "float": ("float", None),
    "utf8": ("utf8", None),
    "utf16": ("utf16", None),
    "utf32": ("utf32", None),
    "binary": ("binary", None),
    "bytes": ("binary", 8),
    "bitstring": ("binary", 1),
    "bits": ("binary", 1),
}
_ENDIANS = ("big", "little", "native")
_SIGNS = ("signed", "unsigned")
_FLOATS = {16: "e", 32: "f", 64: "d"}
_WIDEST_UNIT = 256


class BadSegment(Exception):
    """A part of a binary cannot be made; the text says why."""


class Layout(NamedTuple):
    """How a value is laid out; `size` is in bits, `None` for all of a binary and for a character."""

    type: str
    endian: str
    size: int | None
    unit: int


def layout(size: Term, specifications: Iterable[Specification]) -> Layout:
    """The layout that a size (`None` for none) and specifications such as `("little", None)`, `("unit", 8)` ask for."""
    said: dict[str, str | int] = {}
    for name, number in specifications:
        for what, value in _meaning(name, number):
            if said.setdefault(what, value) != value:
                raise BadSegment(f"{said[what]} and {value} do not go together")
    kind, unit = str(said.get("type", "integer")), said.get("unit")
    if size is not None and (type(size) is not int or size < 0):
        raise BadSegment("the size of a part of a binary is an integer from 0 up")
    if kind.startswith("utf"):
        if size is not None or unit is not None:
            raise BadSegment("a character has neither size nor unit")
    elif size is None and unit is not None and kind != "binary":
        raise BadSegment("a unit needs a size")
    width = int(unit) if unit is not None else 8 if kind == "binary" else 1
    default = {"integer": 8, "float": 64}.get(kind)
    return Layout(kind, str(said.get("endian", "big")), default if size is None else size * width, width)


def _meaning(name: str, number: int | None) -> list[tuple[str, str | int]]:
    if name == "unit" and number is not None:
        if not 0 < number <= _WIDEST_UNIT:
            raise BadSegment(f"a unit is between 1 and {_WIDEST_UNIT}")
        return [("unit", number)]
    if number is None and name in _TYPES:
        kind, unit = _TYPES[name]
        return [("type", kind)] if unit is None else [("type", kind), ("unit", unit)]
    if number is None and name in _ENDIANS:
        return [("endian", name)]
    if number is None and name in _SIGNS:
        return [("sign", name)]
    raise BadSegment(f"{name} is no type of a part of a binary")


def row(value: Term, how: Layout) -> Row:
    """The bits of one value."""
    if how.type == "binary":
        return _part(value, how)
    if how.type == "float":
        return _float(value, how)
    if type(value) is not int:
        raise BadSegment(f"{value!r} is no integer")
    if how.type == "integer":
        return _ordered(value, how.size or 0, how.endian)
    return _character(value, how)


def join(rows: Iterable[Row]) -> Term:
    """The bitstring of rows one behind the other."""
    data = bytearray()
    pending, count = 0, 0  # bits that do not make a whole byte yet
    for value, size in rows:
        pending, count = pending << size | value, count + size
        if count >= 8:
            rest = count % 8
            data += (pending >> rest).to_bytes(count // 8, "big")
            pending, count = pending & (1 << rest) - 1, rest
    total = 8 * len(data) + count
    data += (pending << -count % 8).to_bytes((count + 7) // 8, "big")
    return bits(bytes(data), total)


def _ordered(value: int, size: int, endian: str) -> Row:
    value &= (1 << size) - 1
    if not _is_little(endian):
        return value, size
    whole, rest = divmod(size, 8)
    low = value & (1 << 8 * whole) - 1
    # The bytes from the lowest on; what is no whole byte is the highest and comes last.
    return int.from_bytes(low.to_bytes(whole, "little"), "big") << rest | value >> 8 * whole, size


def _is_little(endian: str) -> bool:
    return endian == "little" or (endian == "native" and sys.byteorder == "little")


def _float(value: Term, how: Layout) -> Row:
    if type(value) not in (int, float) or how.size not in _FLOATS:
        raise BadSegment(f"{value!r} does not make a float of {how.size} bits")
    try:
        data = struct.pack((">", "<")[_is_little(how.endian)] + _FLOATS[how.size], value)
    except (OverflowError, struct.error):
        raise BadSegment(f"{value!r} is too large for a float of {how.size} bits") from None
    return int.from_bytes(data, "big"), how.size


def _character(value: int, how: Layout) -> Row:
    if not 0 <= value < 0x110000 or 0xD800 <= value < 0xE000:
        raise BadSegment(f"{value!r} is no character")
    order = "" if how.type == "utf8" else "-le" if _is_little(how.endian) else "-be"
    data = chr(value).encode(how.type[:3] + "-" + how.type[3:] + order)
    return int.from_bytes(data, "big"), 8 * len(data)


def _part(value: Term, how: Layout) -> Row:
    if not isinstance(value, bytes | Bits):
        raise BadSegment(f"{value!r} is no binary")
    data, total = (value.data, value.size) if isinstance(value, Bits) else (value, 8 * len(value))
    size = total if how.size is None else how.size
    if size > total or (how.size is None and total % how.unit):
        raise BadSegment(f"the binary has {total} bits, which is not what its size and unit ask for")
    return int.from_bytes(data, "big") >> (8 * len(data) - size), size
