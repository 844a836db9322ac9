"""The terms that literal expressions stand for. Mirrors `erl_parse:normalise/1`."""

from __future__ import annotations

from erlsim import terms
from erlsim.erl.reading.annotations import Node
from erlsim.terms import Term


class NotATerm(Exception):
    """The expression has to be evaluated."""


def normalise(node: Node) -> Term:
    """The term of a literal; raises `NotATerm`."""
    match node:
        case ("char" | "integer" | "float" | "atom" | "string", _, value):
            return value
        case ("nil", _):
            return []
        case ("cons", _, _, _):
            items = []
            while node[0] == "cons":
                items.append(normalise(node[2]))
                node = node[3]
            return terms.cons(items, normalise(node))
        case ("tuple", _, elements):
            return tuple(normalise(each) for each in elements)
        case ("map", _, fields):
            return terms.make_map(_pair(each) for each in fields)
        case ("op", _, "+", ("char" | "integer" | "float", _, value)):
            return value
        case ("op", _, "-", ("char" | "integer" | "float", _, value)):
            return -value
        case ("bin", _, elements):
            return _joined([_bits(each) for each in elements])
        case ("fun", _, ("function", ("atom", _, module), ("atom", _, name), ("integer", _, arity))):
            return terms.ExportedFun(module, name, arity)
    raise NotATerm


def _pair(field: Node) -> tuple[Term, Term]:
    kind, _, key, value = field
    if kind != "map_field_assoc":
        raise NotATerm
    return normalise(key), normalise(value)


def _joined(parts: list[tuple[int, int]]) -> Term:
    """Integers of so many bits each, side by side."""
    value = size = 0
    for part, width in parts:
        value, size = value << width | part, size + width
    rest = -size % 8
    return terms.bits((value << rest).to_bytes((size + rest) // 8, "big"), size)


def _bits(element: Node) -> tuple[int, int]:
    """An element as an integer, and of how many bits."""
    match element:
        case (
            "bin_element",
            _,
            ("integer" | "char", _, value),
            ("integer", _, size),
            "default" | ["big"] | ["integer"],
        ):
            return value & (1 << size) - 1, size
        case ("bin_element", _, ("integer" | "char", _, value), ("integer", _, size), ["little"]) if size <= 8:
            return value & (1 << size) - 1, size
        case ("bin_element", _, ("integer" | "char", _, value), ("integer", _, size), ["little"]) if size % 8 == 0:
            return int.from_bytes((value & (1 << size) - 1).to_bytes(size // 8, "little"), "big"), size
    data = _bytes(element)
    return int.from_bytes(data, "big"), 8 * len(data)


def _bytes(element: Node) -> bytes:
    match element:
        case ("bin_element", _, ("string", _, codes), "default", "default"):
            return bytes(code & 255 for code in codes)
        case ("bin_element", _, ("string", _, codes), "default", ["utf8"]):
            return "".join(map(chr, codes)).encode()
        case ("bin_element", _, ("integer" | "char", _, value), "default", "default"):
            return bytes([value & 255])
    raise NotATerm
