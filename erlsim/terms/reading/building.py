"""Terms out of the grammar's rules: escapes, numbers, binaries, and the refusal of what is no term.

Each method of `Builder` is called by lark with what the parts of its rule became. Positions in `Unreadable`
are offsets in the text; `parsing` turns them into lines and columns.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lark import Token, Transformer

from erlsim.terms.characters import RESERVED
from erlsim.terms.ids import Pid, Ref
from erlsim.terms.kinds import make_map
from erlsim.terms.numbers import from_decimal
from erlsim.terms.reading import segments
from erlsim.terms.special import ExportedFun, cons
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
            raise Unreadable(parts[0].start_pos, f"{text} is a reserved word: the atom is written in quotes")
        return _atom(text)

    def quoted(self, parts: list[Token]) -> Term:
        return _atom("".join(map(chr, _characters(parts[0]))))

    def number(self, parts: list[Token]) -> int | float:
        value = _number(parts[-1])
        return -value if len(parts) > 1 and parts[0] == "-" else value

    def char(self, parts: list[Token]) -> int:
        token = parts[-1]
        code = ord(token[1]) if token[1] != "\\" else _escape(token, 2)[0]
        return -code if len(parts) > 1 and parts[0] == "-" else code

    def signed(self, parts: list[Any]) -> int | float:
        sign, value = parts
        if type(value) not in (int, float) or value < 0:
            raise Unreadable(sign.start_pos, "a sign stands before a number alone")
        return -value if sign == "-" else value  # type: ignore[no-any-return]

    def exported_fun(self, parts: list[Any]) -> Term:
        module, name, arity = parts
        return ExportedFun(module, name, int(_number(arity)))

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

    def inner(self, parts: list[Term]) -> Term:
        return parts[0]

    def type(self, parts: list[Token]) -> tuple[Token, int | None]:
        return parts[0], int(_number(parts[1])) if len(parts) > 1 else None

    def types(self, parts: list[Any]) -> _Types:
        return _Types(parts[::2])

    def characters(self, parts: list[Any]) -> _Part:
        return _Part(parts[0], True, parts[1:])

    def value(self, parts: list[Any]) -> _Part:
        return _Part(parts[0], False, parts[1:])

    def binary(self, parts: list[Any]) -> Term:
        opening, *fields = parts
        return segments.join(row for field in fields for row in _rows(field, opening.start_pos))

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


class _Types(list[Any]):
    """The specifications of a part of a binary, told from its size by their class."""


class _Part(NamedTuple):
    """A part of a binary as it was read: a value (or a text, for each of its characters), then size and types."""

    value: Term
    is_text: bool
    rest: list[Any]


def _rows(part: _Part, position: int | None) -> list[segments.Row]:
    types = part.rest[-1] if part.rest and type(part.rest[-1]) is _Types else _Types()
    size = part.rest[0] if part.rest and part.rest[0] is not types else None
    try:
        how = segments.layout(size, [(str(name), number) for name, number in types])
        if part.is_text and not part.value:
            segments.row(0, how)  # even of no character the size and type must be right
        return [segments.row(each, how) for each in (part.value if part.is_text else [part.value])]
    except segments.BadSegment as fault:
        raise Unreadable(types[0][0].start_pos if types else position, str(fault)) from None
