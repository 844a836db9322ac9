"""Terms as bytes: Erlang's external term format, as OTP 25 writes it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

from erlsim import erlang, terms
from erlsim.erl.running import maps
from erlsim.erl.running.cells import outward
from erlsim.errors import ErlsimError
from erlsim.terms import Bits, Improper, Pid, Ref, Term
from erlsim.terms.ids import COUNTED

__in_stacks__ = False

VERSION = 131
_COMPRESSED = 80
_SERIAL = 15
_LONGEST_STRING = 65535
_DIGITS_OF_FLOAT = 31


class Malformed(Exception):
    """The bytes stand for no term."""


# ---- writing


def encode(term: Term, minor: int = 1, level: int = 0) -> bytes:
    """The bytes of a term; with a level of zlib's they are compressed if that makes them fewer."""
    out = bytearray()
    _Writer(out, minor).write(outward(term))
    if level:
        packed = zlib.compress(bytes(out), level)
        if len(packed) + 5 <= len(out):
            return bytes([VERSION, _COMPRESSED]) + struct.pack(">I", len(out)) + packed
    return bytes([VERSION]) + bytes(out)


class _Writer:
    """What is written so far."""

    def __init__(self, out: bytearray, minor: int) -> None:
        self.out, self.minor = out, minor

    def write(self, term: Term) -> None:
        """Append a term."""
        writer = _WRITERS.get(type(term))
        if writer is not None:
            writer(self, term)
        elif maps.is_map(term):
            self._map(term)
        else:
            self._fun(term)

    def _atom(self, term: Term) -> None:
        text = term if type(term) is str else str(term).lower()
        try:
            data = text.encode("latin-1") if self.minor < 2 else None
        except UnicodeEncodeError:
            data = None
        if data is not None:
            self.out += b"\x64" + struct.pack(">H", len(data)) + data
            return
        data = text.encode()
        self.out += (b"\x77" + bytes([len(data)]) if len(data) < 256 else b"\x76" + struct.pack(">H", len(data))) + data

    def _integer(self, term: int) -> None:
        if 0 <= term <= 255:
            self.out += bytes([97, term])
        elif -(1 << 31) <= term < 1 << 31:
            self.out += b"\x62" + struct.pack(">i", term)
        else:
            size = (abs(term).bit_length() + 7) // 8
            self.out += bytes([110, size]) if size < 256 else b"\x6f" + struct.pack(">I", size)
            self.out += bytes([term < 0]) + abs(term).to_bytes(size, "little")

    def _float(self, term: float) -> None:
        if self.minor == 0:
            self.out += b"\x63" + f"{term:.20e}".encode().ljust(_DIGITS_OF_FLOAT, b"\0")
        else:
            self.out += b"\x46" + struct.pack(">d", term)

    def _binary(self, term: bytes) -> None:
        self.out += b"\x6d" + struct.pack(">I", len(term)) + term

    def _bits(self, term: Bits) -> None:
        self.out += b"\x4d" + struct.pack(">IB", len(term.data), term.size % 8) + term.data

    def _tuple(self, term: tuple[Term, ...]) -> None:
        self.out += bytes([104, len(term)]) if len(term) < 256 else b"\x69" + struct.pack(">I", len(term))
        for each in term:
            self.write(each)

    def _list(self, term: list[Term]) -> None:
        if not term:
            self.out.append(106)
        elif len(term) <= _LONGEST_STRING and all(type(each) is int and 0 <= each <= 255 for each in term):
            self.out += b"\x6b" + struct.pack(">H", len(term)) + bytes(term)
        else:
            self._elements(term, [])

    def _improper(self, term: Improper) -> None:
        self._elements(list(term.items), term.tail)

    def _elements(self, items: list[Term], tail: Term) -> None:
        self.out += b"\x6c" + struct.pack(">I", len(items))
        for each in items:
            self.write(each)
        self.write(tail)

    def _map(self, term: Any) -> None:
        self.out += b"\x74" + struct.pack(">I", len(term))
        for name, value in maps.items(term):
            self.write(name)
            self.write(value)

    def _pid(self, term: Pid) -> None:
        self.out.append(88)
        self._atom(erlang.node(term))
        number = term.number & COUNTED
        self.out += struct.pack(">III", number & (1 << _SERIAL) - 1, number >> _SERIAL, 0)

    def _ref(self, term: Ref) -> None:
        number = term.number
        self.out += b"\x5a\x00\x03"
        self._atom(erlang.node(term))
        self.out += struct.pack(">IIII", 0, number & 0x3FFFF, number >> 18 & 0xFFFFFFFF, number >> 50)

    def _fun(self, term: Term) -> None:
        named = getattr(term, "__erlang_fun__", None)
        if named is None:
            raise ErlsimError(f"term_to_binary: {terms.format('~tp', [term])} is of this world and has no bytes")
        self.out.append(113)
        for each in named:
            self.write(each)


_WRITERS: dict[type, Callable[[_Writer, Any], None]] = {
    str: _Writer._atom,
    bool: _Writer._atom,
    int: _Writer._integer,
    float: _Writer._float,
    bytes: _Writer._binary,
    Bits: _Writer._bits,
    tuple: _Writer._tuple,
    list: _Writer._list,
    Improper: _Writer._improper,
    Pid: _Writer._pid,
    Ref: _Writer._ref,
}


# ---- reading


def decode(data: bytes, known: Callable[[Term, Term, int], Term]) -> tuple[Term, int]:
    """The term and how many bytes it took; `known` makes `fun M:F/A`. Raises `Malformed`."""
    if data[:1] != bytes([VERSION]):
        raise Malformed
    try:
        if data[1:2] == bytes([_COMPRESSED]):
            (size,) = struct.unpack_from(">I", data, 2)
            unpacker = zlib.decompressobj()
            plain = unpacker.decompress(data[6:], size + 1)
            if len(plain) != size or not unpacker.eof:
                raise Malformed
            reader = _Reader(plain, 0, known)
            found = reader.read()
            if reader.at != size:
                raise Malformed
            return found, len(data) - len(unpacker.unused_data)
        reader = _Reader(data, 1, known)
        return reader.read(), reader.at
    except (struct.error, IndexError, UnicodeDecodeError, zlib.error, ValueError):
        raise Malformed from None


class _Reader:
    """Bytes and the place in them."""

    def __init__(self, data: bytes, at: int, known: Callable[[Term, Term, int], Term]) -> None:
        self.data, self.at, self.known = data, at, known

    def read(self) -> Term:
        """The next term."""
        tag = self.data[self.at]
        self.at += 1
        reader = _READERS.get(tag)
        if reader is None:
            raise Malformed
        return reader(self)

    def number(self, size: int) -> int:
        """An unsigned integer of so many bytes."""
        return int.from_bytes(self.bytes(size), "big")

    def bytes(self, size: int) -> bytes:
        """So many bytes."""
        found = self.data[self.at : self.at + size]
        if len(found) != size:
            raise Malformed
        self.at += size
        return found

    def several(self, count: int) -> list[Term]:
        """So many terms."""
        if count > len(self.data) - self.at:
            raise Malformed
        return [self.read() for _ in range(count)]

    def atom(self, width: int, encoding: str) -> Term:
        """An atom whose length has so many bytes."""
        word = self.bytes(self.number(width)).decode(encoding)
        if len(word) > 255:
            raise Malformed
        return {"true": True, "false": False}.get(word, word)

    def big(self, width: int) -> int:
        """An integer of any size."""
        size = self.number(width)
        negative = self.number(1)
        value = int.from_bytes(self.bytes(size), "little")
        return -value if negative else value

    def real(self) -> float:
        """Eight bytes."""
        found = float(struct.unpack(">d", self.bytes(8))[0])
        if found - found != 0:
            raise Malformed
        return found

    def text_of_float(self) -> float:
        """Digits."""
        return float(self.bytes(_DIGITS_OF_FLOAT).rstrip(b"\0").decode("ascii"))

    def list(self) -> Term:
        """Elements and a tail."""
        items = self.several(self.number(4))
        tail = self.read()
        return terms.cons(items, tail)

    def bits(self) -> Term:
        """A binary whose last byte counts in part."""
        size, rest = self.number(4), self.number(1)
        data = self.bytes(size)
        if not 0 < rest <= 8 or not size:
            raise Malformed
        return terms.bits(data, 8 * (size - 1) + rest)

    def map(self) -> Term:
        """Pairs."""
        items = self.several(2 * self.number(4))
        found = maps.make(zip(items[::2], items[1::2], strict=True))
        if len(found) != len(items) // 2:
            raise Malformed
        return found

    def fun(self) -> Term:
        """`fun M:F/A`."""
        module, name, arity = self.read(), self.read(), self.read()
        if type(module) is not str or type(name) is not str or type(arity) is not int:
            raise Malformed
        return self.known(module, name, arity)

    def pid(self, creation: int) -> Term:
        """A process."""
        node = self.read()
        number, serial = self.number(4), self.number(4)
        self.bytes(creation)
        found = erlang.pid_of(node, serial << _SERIAL | number)
        if found is None:
            raise ErlsimError(f"binary_to_term: this is a pid of {node!r}, and there has been no such node")
        return found

    def ref(self) -> Term:
        """A reference."""
        words = self.number(2)
        node = self.read()
        self.bytes(4)
        low, middle, high = [*(self.number(4) for _ in range(words)), 0, 0, 0][:3]
        if erlang.pid_of(node, 0) is None:
            raise ErlsimError(f"binary_to_term: this is a reference of {node!r}, and there has been no such node")
        return Ref(high << 50 | middle << 18 | low)


_READERS: dict[int, Callable[[_Reader], Term]] = {
    70: _Reader.real,
    77: _Reader.bits,
    88: lambda reader: reader.pid(4),
    90: _Reader.ref,
    97: lambda reader: reader.number(1),
    98: lambda reader: int.from_bytes(reader.bytes(4), "big", signed=True),
    99: _Reader.text_of_float,
    100: lambda reader: reader.atom(2, "latin-1"),
    103: lambda reader: reader.pid(1),
    104: lambda reader: tuple(reader.several(reader.number(1))),
    105: lambda reader: tuple(reader.several(reader.number(4))),
    106: lambda _: [],
    107: lambda reader: list(reader.bytes(reader.number(2))),
    108: _Reader.list,
    109: lambda reader: reader.bytes(reader.number(4)),
    110: lambda reader: reader.big(1),
    111: lambda reader: reader.big(4),
    113: _Reader.fun,
    115: lambda reader: reader.atom(1, "latin-1"),
    116: _Reader.map,
    118: lambda reader: reader.atom(2, "utf-8"),
    119: lambda reader: reader.atom(1, "utf-8"),
}
