"""The characters behind backslashes, and the numbers of digits of any length."""

from __future__ import annotations

import re
from typing import Protocol

from erlsim.erl.reading.annotations import Location
from erlsim.erl.reading.failures import ScanFailure

_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|\^(.)|(.))", re.DOTALL)
LETTERS = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "b": "\b", "f": "\f", "e": "\x1b", "s": " ", "d": "\x7f"}
# Python refuses to read longer ones at once.
_LONGEST = 4000


class Places(Protocol):
    """What knows the location of a place in the text."""

    def locate(self, place: int) -> Location:
        """The location of the character at `place`."""


def unescape(text: str, places: Places, start: int, char: bool = False) -> str:
    """The characters that `text` stands for; it begins at `start`. A `char` is told off where its `$` is."""
    if "\\" not in text:
        return text

    def escaped(match: re.Match[str]) -> str:
        octal, braced, hexadecimal, control, letter = match.groups()
        if octal is not None:
            return chr(int(octal, 8))
        if letter is not None:
            return LETTERS.get(letter, letter)
        if control is not None:
            return chr(ord(control) & 31)
        code = int(hexadecimal or braced, 16)
        if not is_unicode(code):
            raise ScanFailure(
                places.locate(start if char else start + match.start()),
                ("illegal", "character"),
                start + match.end() + char,
            )
        return chr(code)

    return _ESCAPE.sub(escaped, text)


def is_unicode(code: int) -> bool:
    """Whether a code point may be in a string."""
    return code < 0xD800 or 0xDFFF < code < 0xFFFE or 0xFFFF < code <= 0x10FFFF


def integer(digits: str, base: int = 10) -> int:
    """The number of any count of digits, which `_` may separate."""
    if "_" in digits:
        digits = digits.replace("_", "")
    if len(digits) <= _LONGEST:
        return int(digits, base)
    low = len(digits) // 2
    power: int = base**low
    return integer(digits[:-low], base) * power + integer(digits[-low:], base)
