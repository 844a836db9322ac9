"""A class of characters in brackets."""

from __future__ import annotations

import re

from erlsim.erl.library.regex import classes
from erlsim.erl.library.regex.escapes import Escapes
from erlsim.erl.library.regex.reader import Reader, Wrong

_POSIX = re.compile(r"\[([:.=])(?:(?!\1\])[^\]\\])*\1\]")
_NAME = re.compile(r"\[:(\^?)([^:]*):\]")


class Brackets:
    """The reader behind an opening bracket."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.quoted = False

    def read(self, flags: frozenset[str]) -> str:
        """The class, in Python's words."""
        reader, settings = self.reader, self.reader.settings
        if _POSIX.match(reader.text, reader.at - 1):
            kind = reader.peek()
            words = "named classes are supported only within a class" if kind == ":" else None
            words = words or "collating elements are not supported"
            raise Wrong(f"POSIX {words}", reader.at - 1)
        negated = reader.peek() == "^"
        reader.at += negated
        ranges = self._members(flags)
        if "i" in flags:
            ranges = classes.caseless(ranges, settings.unicode)
        if negated:
            ranges = classes.inverted(ranges, settings.top)
        return classes.written(ranges, settings.top)

    def _members(self, flags: frozenset[str]) -> classes.Class:
        reader = self.reader
        found: list[classes.Range] = []
        is_first = True
        while True:
            char = reader.peek()
            if char == "":
                raise Wrong("missing terminating ] for character class", len(reader.text))
            if char == "]" and not is_first and not self.quoted:
                reader.at += 1
                return classes.merged(found)
            if self._quotes():
                continue
            is_first = False
            member = self._member(flags)
            if isinstance(member, tuple):
                found += member
                continue
            high = self._upper_end()
            if high is not None and high < member:
                raise Wrong("range out of order in character class", reader.at - 1)
            found.append((member, member if high is None else high))

    def _quotes(self) -> bool:
        """`\\Q` and `\\E` in a class."""
        reader = self.reader
        if reader.text.startswith("\\E", reader.at) or (not self.quoted and reader.text.startswith("\\Q", reader.at)):
            self.quoted = reader.text[reader.at + 1] == "Q"
            reader.at += 2
            return True
        return False

    def _member(self, flags: frozenset[str]) -> int | classes.Class:
        reader = self.reader
        char = reader.peek()
        if char == "[" and not self.quoted and _POSIX.match(reader.text, reader.at):
            return self._posix(flags)
        reader.at += 1
        if char != "\\" or self.quoted:
            return ord(char)
        letter = reader.peek()
        if letter == "b":
            reader.at += 1
            return 8
        if letter == "N":
            raise Wrong("\\N is not supported in a class", reader.at)
        return Escapes(reader).read(in_class=True)

    def _posix(self, flags: frozenset[str]) -> classes.Class:
        reader, settings = self.reader, self.reader.settings
        found = _NAME.match(reader.text, reader.at)
        if found is None:
            raise Wrong("POSIX collating elements are not supported", reader.at)
        name = found[2]
        if name not in classes.NAMED:
            raise Wrong("unknown POSIX class name", found.start(2))
        if "i" in flags and name in ("lower", "upper"):
            name = "alpha"
        reader.at = found.end()
        ranges = classes.posix(name, settings.ucp)
        return classes.inverted(ranges, settings.top) if found[1] else ranges

    def _upper_end(self) -> int | None:
        """The end of a range, if one begins."""
        reader = self.reader
        start = reader.at
        if self.quoted or reader.peek() != "-":
            return None
        reader.at += 1
        while self._quotes():
            pass
        if reader.peek() in ("", "]") and not self.quoted:
            reader.at = start
            return None
        before = reader.at
        member = self._member(frozenset())
        if type(member) is not int:
            raise Wrong("invalid range in character class", before + (reader.text[before] == "\\"))
        return member
