"""Terms out of the grammar's rules: escapes, numbers, binaries, and the refusal of what is no term.

Each method of `Builder` is called by lark with what the parts of its rule became. Positions in `Unreadable`
are offsets in the text; `reading` turns them into lines and columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark import Token, Transformer

from erlsim.terms.characters import RESERVED
from erlsim.terms.ids import Pid, Ref
from erlsim.terms.kinds import make_map
from erlsim.terms.numbers import from_decimal
from erlsim.terms.special import bits, cons
from erlsim.terms.term import Term

_ESCAPED = {"n": 10, "r": 13, "t": 9, "v": 11, "b": 8, "f": 12, "e": 27, "s": 32, "d": 127}
_OCTAL = "01234567"


class Unreadable(Exception):
    """The grammar accepts it, and yet it is no term that can be read."""

    def __init__(self, position: int | None, reason: str) -> None:
        super().__init__(reason)
        self.position = position or 0
        self.reason = reason


class Builder(Transformer[Token, Term]):
    """The terms of the rules of `terms.lark`."""

    def start(self, parts: list[Term]) -> Term:
        return parts[0]

    def atom(self, parts: list[Token]) -> Term:
        text = str(parts[0])
        if text in RESERVED:
            what = "funs cannot be read" if text == "fun" else "the atom is written in quotes"
            raise Unreadable(parts[0].start_pos, f"{text} is a reserved word: {what}")
        return _atom(text)

    def quoted(self, parts: list[Token]) -> Term:
        return _atom("".join(map(chr, _characters(parts[0]))))

    def number(self, parts: list[Token]) -> int | float:
        value = _number(parts[-1])
        return -value if len(parts) > 1 and parts[0] == "-" else value

    def integer(self, parts: list[Token]) -> int:
        value = self.number(parts)
        if isinstance(value, float):
            raise Unreadable(parts[-1].start_pos, f"{parts[-1]} is a float: binaries hold integers and strings")
        return value

    def char(self, parts: list[Token]) -> int:
        token = parts[0]
        return ord(token[1]) if token[1] != "\\" else _escape(token, 2)[0]

    def string(self, parts: list[Token]) -> list[int]:
        return [code for token in parts for code in _characters(token)]

    def proper_list(self, parts: list[Term]) -> Term:
        return parts

    def improper_list(self, parts: list[Term]) -> Term:
        return cons(parts[:-1], parts[-1])

    def a_tuple(self, parts: list[Term]) -> Term:
        return tuple(parts)

    def pair(self, parts: list[Term]) -> tuple[Term, Term]:
        return parts[0], parts[1]

    def a_map(self, parts: list[tuple[Term, Term]]) -> Term:
        return make_map(parts)

    def segment(self, parts: list[Any]) -> list[tuple[int, int]]:
        return list(_segment(parts))

    def binary(self, parts: list[list[tuple[int, int]]]) -> Term:
        return _bitstring(field for fields in parts for field in fields)

    def pid(self, parts: list[Token]) -> Pid:
        node, number, serial = map(int, str(parts[0])[1:-1].split("."))
        if node or number > 0x7FFF:
            raise Unreadable(parts[0].start_pos, f"{parts[0]} is no pid of this node")
        return Pid(number | serial << 15)

    def ref(self, parts: list[Token]) -> Ref:
        *node, top, high, low = map(int, str(parts[0])[5:-1].split("."))
        if any(node) or high > 0xFFFFFFFF or low > 0x3FFFF:
            raise Unreadable(parts[0].start_pos, f"{parts[0]} is no reference of this node")
        return Ref(top << 50 | high << 18 | low)

    def opaque(self, parts: list[Token]) -> Term:
        what = "funs" if parts[0].startswith("#Fun<") else "such terms"
        raise Unreadable(parts[0].start_pos, f"{what} cannot be read: their text does not say what they are")


def _atom(text: str) -> Term:
    return {"true": True, "false": False}.get(text, text)


def _characters(token: Token) -> list[int]:
    """What stands between the quotes of a token, escapes resolved."""
    if "\\" not in token:
        return list(map(ord, token[1:-1]))
    codes: list[int] = []
    place, end = 1, len(token) - 1
    while place < end:
        if token[place] == "\\":
            code, place = _escape(token, place + 1)
        else:
            code, place = ord(token[place]), place + 1
        codes.append(code)
    return codes


def _escape(token: Token, place: int) -> tuple[int, int]:
    """The code point of the escape sequence behind the backslash, and the place behind it."""
    char = token[place]
    if char in _OCTAL:
        digits = token[place : place + 3]
        digits = digits[: len(digits) - len(digits.lstrip(_OCTAL))]
        return int(digits, 8), place + len(digits)
    if char == "x":
        return _hexadecimal(token, place)
    if char == "^":
        return ord(token[place + 1]) & 31, place + 2
    return _ESCAPED.get(char, ord(char)), place + 1


def _hexadecimal(token: Token, place: int) -> tuple[int, int]:
    if token.startswith("{", place + 1):
        end = token.find("}", place)
        digits, behind = token[place + 2 : end], end + 1
    else:
        digits, behind = token[place + 1 : place + 3], place + 3
    try:
        code = int(digits, 16)
        chr(code)
    except (ValueError, OverflowError):
        raise Unreadable((token.start_pos or 0) + place - 1, "this escape sequence names no character") from None
    return code, behind


def _number(token: Token) -> int | float:
    text = token.replace("_", "")
    if "#" in text:
        return _based(token, *text.split("#"))
    if "." not in text:
        return from_decimal(text)
    value = float(text)
    if value == float("inf"):
        raise Unreadable(token.start_pos, f"{token} is too large for a float")
    return value


def _based(token: Token, base: str, digits: str) -> int:
    if not 2 <= int(base) <= 36:
        raise Unreadable(token.start_pos, f"the base of {token} is not between 2 and 36")
    try:
        return int(digits, int(base))
    except ValueError:
        raise Unreadable(token.start_pos, f"{token} has digits that its base does not have") from None


def _segment(parts: list[Any]) -> Iterator[tuple[int, int]]:
    """The fields, as value and size in bits, of `Value:Size/Type`."""
    value, *rest = parts
    size, kind = 8, "integer"
    for token in rest:
        if token.type == "NUMBER":
            size = int(_number(token))
        else:
            kind = str(token)
    if kind not in ("integer", "utf8"):
        raise Unreadable(rest[-1].start_pos, f"a part of a binary may be of type utf8 or integer, not {kind}")
    for code in value if isinstance(value, list) else [value]:
        if kind == "utf8":
            data = chr(code).encode("utf-8", "surrogatepass")
            yield int.from_bytes(data, "big"), 8 * len(data)
        else:
            yield code & (1 << size) - 1, size


def _bitstring(fields: Iterator[tuple[int, int]]) -> Term:
    data = bytearray()
    pending, count = 0, 0  # bits that do not make a whole byte yet
    for value, size in fields:
        pending, count = pending << size | value, count + size
        if count % 8 == 0:
            data += pending.to_bytes(count // 8, "big")
            pending, count = 0, 0
    total = 8 * len(data) + count
    data += (pending << -count % 8).to_bytes((count + 7) // 8, "big")
    return bits(bytes(data), total)
