"""Scanner: the text of a source to tokens, form by form. Mirrors `erl_scan`.

A token is `(tag, location)` or `(tag, location, value)`; punctuation and reserved words are their own tags. One
regular expression finds the tokens; what it cannot read is looked at again, slowly, in `illegal`. Which words are
reserved may change between two forms (`-feature`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from erlsim.erl.reading.annotations import Location, Noted, Token
from erlsim.erl.reading.escapes import integer, unescape
from erlsim.erl.reading.failures import ScanFailure
from erlsim.erl.reading.illegal import failure

RESERVED = frozenset(
    """after begin case try cond catch andalso orelse end fun if let of receive when
    bnot not div rem band and bor bxor bsl bsr or xor""".split()
)
# The words that a feature may reserve; quoted, they keep their text, so that a linter knows that they are meant.
FEATURE_WORDS = frozenset({"maybe", "else"})

_NAME = "[a-zA-Z_0-9@\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]*"
_ESCAPE = r"\\(?:x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|\^.|[^x^])"
_DIGITS = r"\d+(?:_\d+)*"
_TOKEN = re.compile(
    r"(?:[\x00-\x20\x80-\xa0]+|%[^\n]*)*"  # white space and comments belong to the token behind them
    r"(?:([a-z\u00df-\u00f6\u00f8-\u00ff]" + _NAME + ")"  # 1 atom
    r"|([A-Z_\u00c0-\u00d6\u00d8-\u00de]" + _NAME + ")"  # 2 var
    r"|([(){}\[\],;]|=:=|=/=|\.\.\.|\.\.|\?=|<<|<-|<=|>>|>=|->|--|\+\+|=<|=>|==|/=|\|\||:=|::"  # 3 punctuation
    r"|[|:#/=<>*+!@\\^`~&-])"
    r"|(\.(?:[\x00-\x20\x80-\xa0]|(?=%)|\Z))"  # 4 dot: the white character behind it belongs to it
    r"|(\?)"  # 5 the mark of a macro
    r"|(" + _DIGITS + r"\." + _DIGITS + r"(?:[eE](?:[+-]?" + _DIGITS + r"|[+-])?)?)"  # 6 float
    r"|(" + _DIGITS + r"\#(?:[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)?)"  # 7 integer of another base
    r"|(" + _DIGITS + ")"  # 8 integer
    r'|("(?:[^"\\\ufffe\uffff]|' + _ESCAPE + r')*")'  # 9 string
    r"|('(?:[^'\\\ufffe\uffff]|" + _ESCAPE + r")*')"  # 10 quoted atom
    r"|(\$(?:\\(?:[0-7]{1,3}|x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|\^.|[^x^])|[^\\\ufffe\uffff]))"  # 11 char
    r"|(\Z)"  # 12 the end
    r"|(.))",  # 13 anything else
    re.DOTALL,
)
ATOM, VAR, PUNCTUATION, DOT, MACRO, FLOAT, BASED, INTEGER, STRING, QUOTED, CHAR, END, OTHER = range(1, 14)


class Scanner:
    """A text that is scanned form by form; `reserved` may be changed between two forms."""

    def __init__(self, text: str, line: int = 1, column: int = 1) -> None:
        self.text = text
        self.reserved = RESERVED
        self.has_macros = False
        """Whether the form that was scanned last has a `?` in it."""
        self._at = 0
        self._line = line
        self._low = 1 - column  # where the line would begin if its first column were 1
        self._high = self._end_of_line(0)

    def location(self) -> Location:
        """Where the next form begins."""
        self._move(self._at)
        return self._line, self._at - self._low + 1

    @property
    def left(self) -> str:
        """The text that was not scanned yet."""
        return self.text[self._at :]

    @property
    def state(self) -> tuple[int, int, int, int]:
        """Where scanning goes on."""
        return self._at, self._line, self._low, self._high

    def renumber(self, line: int) -> None:
        """What comes next begins in the first column of a line called `line` (`-file`)."""
        self._move(self._at)
        self._line, self._low = line, self._at

    def form(self) -> list[Token] | None:
        """The tokens up to the next dot, that included; the last form may lack it; `None` at the end of the text.

        Raises `ScanFailure`; the next call goes on behind what was wrong.
        """
        self.has_macros = False
        tokens: list[Token] = []
        while True:
            try:
                done = self._scan(tokens)
            except ScanFailure as exc:
                self._at = exc.rest
                raise
            if done:
                return tokens or None

    def _scan(self, tokens: list[Token]) -> bool:
        """Append tokens up to the dot or the end; false if scanning has to begin anew at `_at`."""
        reserved, append, line, low, high = self.reserved, tokens.append, self._line, self._low, self._high
        for match in _TOKEN.finditer(self.text, self._at):
            kind: Any = match.lastindex
            start = match.start(kind)
            if start > high:
                self._move(start)
                line, low, high = self._line, self._low, self._high
            location = (line, start - low + 1)
            if kind == PUNCTUATION:
                append((match[3], location))
            elif kind == ATOM:
                word = match[1]
                append((word, location) if word in reserved else ("atom", location, _BOOLEANS.get(word, word)))
            elif kind == VAR:
                append(("var", location, match[2]))
            elif kind == DOT:
                append(("dot", location))
                self._at = match.end()
                return True
            elif kind == INTEGER:
                append(("integer", location, integer(match[8])))
            elif kind == MACRO:
                self.has_macros = True
                append(("?", location))
            elif kind == END:
                self._at = len(self.text)
                return True
            else:
                append(self._rare(kind, match, location))
                if self._at > start:
                    return False
        raise AssertionError("the expression matches everywhere")

    def _rare(self, kind: int, match: re.Match[str], location: Location) -> Token:
        """A token that takes some work; `_at` is moved if scanning has to go on elsewhere than behind the match."""
        text = match[kind]
        start = match.start(kind)
        if kind == STRING:
            return ("string", location, list(map(ord, unescape(text[1:-1], self, start + 1))))
        if kind == QUOTED:
            word = unescape(text[1:-1], self, start + 1)
            if len(word) > 255:
                raise ScanFailure(location, ("illegal", "atom"), match.end())
            anno = Noted(location, text) if word in FEATURE_WORDS and word == text[1:-1] else location
            return ("atom", anno, _BOOLEANS.get(word, word))
        if kind == CHAR:
            return ("char", location, ord(unescape(text[1:], self, start, char=True)))
        if kind == FLOAT:
            return ("float", location, self._float(text, location, match.end()))
        if kind == BASED:
            return self._based(text, location, start)
        if "\x80" <= text <= "\xff" or text == ".":
            return (text, location)
        raise failure(self.text, start, location)

    def _float(self, text: str, location: Location, end: int) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("inf")
        if value - value != 0:  # too great
            raise ScanFailure(location, ("illegal", "float"), end)
        return value

    def _based(self, text: str, location: Location, start: int) -> Token:
        """`Base#Digits`: as many digits as the base has; the rest is another token."""
        sharp = text.index("#")
        base = integer(text[:sharp])
        if not 2 <= base <= 36:
            raise ScanFailure(location, ("base", base), start + sharp)
        allowed = "0123456789abcdefghijklmnopqrstuvwxyz"[:base]
        found = re.match(rf"[{allowed}]+(?:_[{allowed}]+)*", text[sharp + 1 :], re.IGNORECASE)
        if found is None:
            raise ScanFailure(location, ("illegal", "integer"), start + sharp + 1)
        end = sharp + 1 + found.end()
        if end < len(text):
            self._at = start + end
        return ("integer", location, integer(found[0], base))

    def locate(self, place: int) -> Location:
        """The location of the character at `place`, which is not before what was scanned."""
        self._move(place)
        return self._line, place - self._low + 1

    def _move(self, place: int) -> None:
        """Go on to the line that `place` is on."""
        while place > self._high:
            self._line += 1
            self._low = self._high + 1
            self._high = self._end_of_line(self._low)

    def _end_of_line(self, start: int) -> int:
        found = self.text.find("\n", start)
        return len(self.text) if found < 0 else found


class Rescanner(Scanner):
    """A text that others have scanned before, as a header is in every source of a project: what they found is taken.

    Where it may be something else, since other words are reserved or lines are numbered anew, it is scanned after all.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._known = iter(_scanned(text))

    def form(self) -> list[Token] | None:
        """As `Scanner.form`."""
        known = next(self._known, None) if self.reserved is RESERVED else None
        if known is None:
            self._known = iter(())
            return super().form()
        tokens, self.has_macros, (self._at, self._line, self._low, self._high) = known
        return [*tokens]

    def renumber(self, line: int) -> None:
        """As `Scanner.renumber`."""
        self._known = iter(())
        super().renumber(line)


_Scanned = tuple[list[Token], bool, tuple[int, int, int, int]]


@lru_cache(maxsize=32)
def _scanned(text: str) -> list[_Scanned]:
    """The forms of a text up to what cannot be read, each with what the scanner knows behind it."""
    scanner = Scanner(text)
    found: list[_Scanned] = []
    try:
        while (tokens := scanner.form()) is not None:
            found.append((tokens, scanner.has_macros, scanner.state))
    except ScanFailure:
        pass
    return found


_BOOLEANS: dict[str, Any] = {"true": True, "false": False}
