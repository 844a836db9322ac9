"""Erlang's external term format, as far as forms and answers of a real Erlang need it.

Pids and references of that node come as `Pid` and `Ref` with numbers of their own, which stand for them here and are
good for comparing; a fun is a function of so many arguments that cannot be called.
"""

from __future__ import annotations

import inspect
import struct
from collections.abc import Callable
from typing import Any

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.terms import Pid, Ref, Term

VERSION = 131
# Where a pid's serial begins in its number.
SERIAL = 15

Read = tuple[Term, int]


class FarFun:
    """A fun of another node: how many arguments it takes is known."""

    def __init__(self, arity: int) -> None:
        kind = inspect.Parameter.POSITIONAL_ONLY
        self.__signature__ = inspect.Signature([inspect.Parameter(f"a{n}", kind) for n in range(arity)])

    def __call__(self, *_args: Term) -> Term:
        """It cannot be called here."""
        raise ErlsimError("a fun of another node cannot be called here")


def decode(data: bytes) -> Term:
    """The term of `term_to_binary/1`'s bytes, as erlsim has it; `ErlsimError` for what is none."""
    if not data or data[0] != VERSION:
        raise ErlsimError(f"not a term in Erlang's external format: {data[:20]!r}")
    return _term(data, 1)[0]


def _term(data: bytes, at: int) -> Read:
    reader = _READERS.get(data[at])
    if reader is None:
        raise ErlsimError(f"no term of erlsim's stands for tag {data[at]} of the external format")
    term, end = reader(data, at + 1)
    return term, end


def _atom(width: int) -> Callable[[bytes, int], Read]:
    def read(data: bytes, at: int) -> Read:
        length = int.from_bytes(data[at : at + width], "big")
        word = data[at + width : at + width + length].decode("utf-8")
        return {"true": True, "false": False}.get(word, word), at + width + length

    return read


def _tuple(width: int) -> Callable[[bytes, int], Read]:
    def read(data: bytes, at: int) -> Read:
        count = int.from_bytes(data[at : at + width], "big")
        items, at = _several(data, at + width, count)
        return tuple(items), at

    return read


def _several(data: bytes, at: int, count: int) -> tuple[list[Term], int]:
    items = []
    for _ in range(count):
        item, at = _term(data, at)
        items.append(item)
    return items, at


def _list(data: bytes, at: int) -> Read:
    items, at = _several(data, at + 4, int.from_bytes(data[at : at + 4], "big"))
    tail, at = _term(data, at)
    return terms.cons(items, tail), at


def _string(data: bytes, at: int) -> Read:
    length = int.from_bytes(data[at : at + 2], "big")
    return list(data[at + 2 : at + 2 + length]), at + 2 + length


def _binary(data: bytes, at: int) -> Read:
    length = int.from_bytes(data[at : at + 4], "big")
    return data[at + 4 : at + 4 + length], at + 4 + length


def _bits(data: bytes, at: int) -> Read:
    length = int.from_bytes(data[at : at + 4], "big")
    body = data[at + 5 : at + 5 + length]
    return terms.bits(body, 8 * (length - 1) + data[at + 4]), at + 5 + length


def _big(width: int) -> Callable[[bytes, int], Read]:
    def read(data: bytes, at: int) -> Read:
        length = int.from_bytes(data[at : at + width], "big")
        at += width
        value = int.from_bytes(data[at + 1 : at + 1 + length], "little")
        return (-value if data[at] else value), at + 1 + length

    return read


def _map(data: bytes, at: int) -> Read:
    items, at = _several(data, at + 4, 2 * int.from_bytes(data[at : at + 4], "big"))
    return terms.make_map(zip(items[::2], items[1::2], strict=True)), at


def _export(data: bytes, at: int) -> Read:
    (module, name, arity), at = _several(data, at, 3)
    return terms.ExportedFun(module, name, arity), at


def _pid(creation: int) -> Callable[[bytes, int], Read]:
    def read(data: bytes, at: int) -> Read:
        _node, at = _term(data, at)
        number, serial = struct.unpack_from(">II", data, at)
        return Pid(serial << SERIAL | number), at + 8 + creation

    return read


def _reference(data: bytes, at: int) -> Read:
    words = int.from_bytes(data[at : at + 2], "big")
    _node, at = _term(data, at + 2)
    at += 4  # the creation
    return Ref(int.from_bytes(data[at : at + 4 * words], "big")), at + 4 * words


def _fun(data: bytes, at: int) -> Read:
    size = int.from_bytes(data[at : at + 4], "big")
    return FarFun(data[at + 4]), at + size


_READERS: dict[int, Callable[[bytes, int], Any]] = {
    70: lambda data, at: (struct.unpack_from(">d", data, at)[0], at + 8),
    77: _bits,
    88: _pid(4),
    90: _reference,
    97: lambda data, at: (data[at], at + 1),
    98: lambda data, at: (int.from_bytes(data[at : at + 4], "big", signed=True), at + 4),
    100: _atom(2),
    103: _pid(1),
    104: _tuple(1),
    105: _tuple(4),
    106: lambda _, at: ([], at),
    107: _string,
    108: _list,
    109: _binary,
    110: _big(1),
    111: _big(4),
    112: _fun,
    113: _export,
    116: _map,
    118: _atom(2),
    119: _atom(1),
}
