"""What is wrong where no token can be read: the slow half of the scanner, in `erl_scan`'s words."""

from __future__ import annotations

import re

from erlsim.erl.reading.annotations import Location
from erlsim.erl.reading.escapes import LETTERS, is_unicode
from erlsim.erl.reading.failures import ScanFailure

_GOOD = re.compile(r"x\{([0-9a-fA-F]+)\}|x[0-9a-fA-F]{2}|\^.|[0-7]{1,3}|[^x^]", re.DOTALL)


def failure(text: str, start: int, location: Location) -> ScanFailure:
    """Why there is no token at `start`."""
    char = text[start]
    if char in "\"'":
        return _quoted(text, start, location)
    if char == "$":
        return _char(text, start, location)
    return ScanFailure(location, ("illegal", "character"), start + 1)


def _char(text: str, start: int, location: Location) -> ScanFailure:
    if start + 1 >= len(text):
        return ScanFailure(location, "char", len(text))
    if text[start + 1] != "\\":
        return ScanFailure(location, ("illegal", "character"), len(text))
    rest = _behind_bad_escape(text, start + 2)
    if rest is None:
        return ScanFailure(location, "char", len(text))
    return ScanFailure(location, ("illegal", "character"), rest)


def _quoted(text: str, start: int, location: Location) -> ScanFailure:
    """A string or atom that does not end, or has something in it that stands for no character."""
    line, column = location
    column += 1
    place = start + 1
    found: list[str] = []
    while place < len(text):
        char = text[place]
        end = place + 1
        if char == "\\":
            match = _GOOD.match(text, end)
            if match is None:
                rest = _behind_bad_escape(text, end)
                if rest is None:
                    break
                return ScanFailure((line, column), ("illegal", "character"), rest)
            end = match.end()
            found.append(_value(match[0]))
        elif not is_unicode(ord(char)):
            return ScanFailure((line, column), ("illegal", "character"), end)
        else:
            found.append(char)
        newline = text.rfind("\n", place, end)
        line += newline >= 0
        column = end - newline if newline >= 0 else column + end - place
        place = end
    return ScanFailure(location, ("string", ord(text[start]), "".join(found)[:16]), len(text))


def _behind_bad_escape(text: str, place: int) -> int | None:
    """Where scanning goes on behind the bad escape whose backslash is before `place`; `None` at the text's end."""
    if place >= len(text):
        return None
    if text[place] == "^":
        return None
    if text.startswith("x{", place):
        match = re.compile(r"[0-9a-fA-F]*").match(text, place + 2)
        assert match is not None
        if match.end() >= len(text):
            return None
        return match.end() + (text[match.end()] == "}")
    return place + 1 if place + 1 < len(text) else None


def _value(escape: str) -> str:
    if escape[0] == "x":
        return chr(int(escape[1:].strip("{}"), 16))
    if escape[0] == "^":
        return chr(ord(escape[1]) & 31)
    return chr(int(escape, 8)) if escape[0] in "01234567" else LETTERS.get(escape, escape)
