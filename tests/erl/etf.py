"""Erlang's external term format, as far as forms and answers of a real Erlang need it.

Bare of what only a node knows: pids, references and ports are opaque.
"""

from __future__ import annotations

import struct

from erlsim import terms


def decode(data):
    """The term of `term_to_binary/1`'s bytes, as erlsim has it."""
    assert data[0] == 131
    return _term(data, 1)[0]


def _term(data, at):
    return _READERS[data[at]](data, at + 1)


def _atom(width):
    def read(data, at):
        length = int.from_bytes(data[at : at + width], "big")
        word = data[at + width : at + width + length].decode("utf-8")
        return {"true": True, "false": False}.get(word, word), at + width + length

    return read


def _tuple(width):
    def read(data, at):
        count = int.from_bytes(data[at : at + width], "big")
        items, at = _several(data, at + width, count)
        return tuple(items), at

    return read


def _several(data, at, count):
    items = []
    for _ in range(count):
        item, at = _term(data, at)
        items.append(item)
    return items, at


def _list(data, at):
    items, at = _several(data, at + 4, int.from_bytes(data[at : at + 4], "big"))
    tail, at = _term(data, at)
    return terms.cons(items, tail), at


def _string(data, at):
    length = int.from_bytes(data[at : at + 2], "big")
    return list(data[at + 2 : at + 2 + length]), at + 2 + length


def _binary(data, at):
    length = int.from_bytes(data[at : at + 4], "big")
    return data[at + 4 : at + 4 + length], at + 4 + length


def _bits(data, at):
    length = int.from_bytes(data[at : at + 4], "big")
    body = data[at + 5 : at + 5 + length]
    return terms.bits(body, 8 * (length - 1) + data[at + 4]), at + 5 + length


def _big(width):
    def read(data, at):
        length = int.from_bytes(data[at : at + width], "big")
        at += width
        value = int.from_bytes(data[at + 1 : at + 1 + length], "little")
        return (-value if data[at] else value), at + 1 + length

    return read


def _map(data, at):
    items, at = _several(data, at + 4, 2 * int.from_bytes(data[at : at + 4], "big"))
    return terms.make_map(zip(items[::2], items[1::2], strict=True)), at


def _export(data, at):
    items, at = _several(data, at, 3)
    return ("$export", *items), at


_READERS = {
    70: lambda data, at: (struct.unpack_from(">d", data, at)[0], at + 8),
    77: _bits,
    97: lambda data, at: (data[at], at + 1),
    98: lambda data, at: (int.from_bytes(data[at : at + 4], "big", signed=True), at + 4),
    100: _atom(2),
    104: _tuple(1),
    105: _tuple(4),
    106: lambda _, at: ([], at),
    107: _string,
    108: _list,
    109: _binary,
    110: _big(1),
    111: _big(4),
    113: _export,
    116: _map,
    118: _atom(2),
    119: _atom(1),
}
