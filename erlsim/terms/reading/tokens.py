"""The tokens of Erlang terms: what they look like, and which characters, numbers and atoms they stand for.

Mirrors `erl_scan`. A token that looks right and stands for nothing raises `Unreadable`, whose position is an offset in
the text; `parsing` turns it into a line and a column.
"""

from __future__ import annotations

import re

from erlsim.terms.characters import RESERVED
from erlsim.terms.ids import Pid, Ref
from erlsim.terms.numbers import from_digits
from erlsim.terms.term import Term

_ESCAPE = r"\\(?:x\{[^}]*\}|x[0-9a-fA-F]{2}|\^.|[0-7]{1,3}|[^\^])"
TOKEN = re.compile(
    r"(?:[\x00-\x20\x80-\xa0]|%[^\n]*)*(?:"
    r"(?P<comma>,)|(?P<open>[\[({]|\#\{|<<)|(?P<close>[\])}]|>>)"
    r"|(?P<number>[0-9](?:_?[0-9])*(?:\#[0-9a-zA-Z](?:_?[0-9a-zA-Z])*|\.[0-9](?:_?[0-9])*(?:[eE][+-]?[0-9]+)?)?)"
    r"|(?P<atom>[a-zß-öø-ÿ][a-zß-öø-ÿA-ZÀ-ÖØ-Þ0-9_@]*)"
    r"|(?P<quoted>'[^'\\]*(?:\\(?:\^.|[^\^])[^'\\]*)*')"
    r'|(?P<string>"[^"\\]*(?:\\(?:\^.|[^\^])[^"\\]*)*")'
    r"|(?P<arrow>=>)|(?P<bar>\|)|(?P<sign>[-+])|(?P<colon>:)|(?P<slash>/)|(?P<dot>\.)"
    rf"|(?P<char>\$(?:[^\\]|{_ESCAPE}))"
    r"|(?P<pid><[0-9]+\.[0-9]+\.[0-9]+>)|(?P<ref>\#Ref<[0-9]+(?:\.[0-9]+){3}>)|(?P<opaque>\#[A-Z][A-Za-z]*<[^>]*>*)"
    r"|(?P<stray>.)|(?P<end>\Z))",
    re.DOTALL,
)
_ESCAPES = re.compile(_ESCAPE, re.DOTALL)
_ESCAPED = {"n": 10, "r": 13, "t": 9, "v": 11, "b": 8, "f": 12, "e": 27, "s": 32, "d": 127}
_OCTAL = "01234567"
_SHOWN = 40


class Unreadable(Exception):
    """It looks like a term and cannot be read; the text says why."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason


def shown(token: str) -> str:
    """A token as errors show it: cut if it is long."""
    return token if len(token) <= _SHOWN else token[:_SHOWN] + "..."


def atom(token: str, position: int) -> Term:
    """The atom of a word."""
    if token in RESERVED:
        raise Unreadable(position, f"{token} is a reserved word: the atom is written in quotes")
    return _atom(token)


def quoted_atom(token: str, position: int) -> Term:
    """The atom between quotes."""
    return _atom(token[1:-1] if "\\" not in token else "".join(map(chr, characters(token, position))))


def _atom(text: str) -> Term:
    return {"true": True, "false": False}.get(text, text)


def characters(token: str, position: int) -> list[int]:
    """What stands between the quotes of a token, escapes resolved."""
    if "\\" not in token:
        return list(map(ord, token[1:-1]))
    codes: list[int] = []
    place, end = 1, len(token) - 1
    while place < end:
        start = token.find("\\", place, end)
        if start < 0:
            start = end
        codes += map(ord, token[place:start])
        place = start
        if start < end:
            found = _ESCAPES.match(token, start, end)
            if found is None:
                raise Unreadable(position + start, "this escape sequence names no character")
            codes.append(_escaped(found[0], position + start))
            place = found.end()
    return codes


def character(token: str, position: int) -> int:
    """The code point of `$a`."""
    return ord(token[1]) if token[1] != "\\" else _escaped(token[1:], position)


def _escaped(escape: str, position: int) -> int:
    """The code point of an escape sequence, its backslash included."""
    kind = escape[1]
    if kind in _OCTAL:
        return int(escape[1:], 8)
    if kind == "^":
        return ord(escape[2]) & 31
    if kind != "x":
        return _ESCAPED.get(kind, ord(kind))
    digits = escape[2:].strip("{}")
    if not re.fullmatch("[0-9a-fA-F]+", digits) or not _is_character(int(digits, 16)):
        raise Unreadable(position, "this escape sequence names no character")
    return int(digits, 16)


def _is_character(code: int) -> bool:
    return code < 0xD800 or 0xE000 <= code < 0x110000


def number(token: str, position: int) -> int | float:
    """The integer or float of a token without a sign."""
    if len(token) < 10 and token.isdecimal():
        return int(token)
    text = token.replace("_", "")
    if "#" in text:
        return _based(token, position, *text.split("#"))
    if "." not in text:
        return from_digits(text)
    value = float(text)
    if value == float("inf"):
        raise Unreadable(position, f"{shown(token)} is too large for a float")
    return value


def _based(token: str, position: int, base: str, digits: str) -> int:
    radix = from_digits(base)
    if not 2 <= radix <= 36:
        raise Unreadable(position, f"the base of {shown(token)} is not between 2 and 36")
    try:
        return from_digits(digits, radix)
    except ValueError:
        raise Unreadable(position, f"{shown(token)} has digits that its base does not have") from None


def pid(token: str, position: int) -> Pid:
    """The pid that prints so."""
    node, place, serial = map(from_digits, token[1:-1].split("."))
    if node or place > 0x7FFF:
        raise Unreadable(position, f"{shown(token)} is no pid of this node")
    return Pid(place | serial << 15)


def ref(token: str, position: int) -> Ref:
    """The reference that prints so."""
    node, top, high, low = map(from_digits, token[5:-1].split("."))
    if node or high > 0xFFFFFFFF or low > 0x3FFFF:
        raise Unreadable(position, f"{shown(token)} is no reference of this node")
    return Ref(top << 50 | high << 18 | low)
