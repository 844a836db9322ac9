"""`re:run/3`: one match or all, and what is captured of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from erlsim import terms
from erlsim.erl.library.regex.expressions import (
    Expression,
    Unfit,
    compiled,
    data_of,
    expression_of,
    is_compiled,
    python,
    text_of,
)
from erlsim.erl.library.regex.reader import Wrong
from erlsim.erl.library.regex.settings import Refused, Settings, with_option
from erlsim.erl.running.cells import listed, outward
from erlsim.terms import Term

__in_stacks__ = False

_SWITCHES = ("notempty", "notempty_atstart", "notbol", "noteol", "global", "report_errors")
# Those of compile/2 that a compiled expression may be run with.
_OF_BOTH = ("anchored", "bsr_anycrlf", "bsr_unicode")
_NEWLINE = {
    "lf": re.compile(r"\n"),
    "cr": re.compile(r"\r"),
    "crlf": re.compile(r"\r\n"),
    "anycrlf": re.compile(r"[\r\n]"),
    "any": re.compile("[\n\x0b\x0c\r\x85\u2028\u2029]"),
}
Span = tuple[int, int]
UNSET: Span = (-1, 0)


class BadOffset(Exception):
    """The offset lies behind the subject's end, which OTP has no good word for."""


@dataclass
class Run:
    """What was asked for."""

    expression: Expression
    switches: frozenset[str] = frozenset()
    offset: int = 0
    capture: Term = "all"
    kind: str = "index"

    @staticmethod
    def of(pattern: Term, options: Term) -> Run:
        """Of the arguments of `re:run/3`; raises `Unfit`, `Wrong` and `Refused`."""
        given = listed(options)
        if given is None:
            raise Unfit
        given = [outward(each) for each in given]
        if is_compiled(pattern):
            expression = expression_of(pattern)
            expression = replace(expression, settings=replace(expression.settings, newline_given=False))
        else:
            expression = _compiled(pattern, given)
        run = Run(expression)
        for option in given:
            run._take(option, is_compiled(pattern))
        return run

    def _take(self, option: Term, was_compiled: bool) -> None:
        match terms.matchable(option):
            case str() if option in _SWITCHES:
                self.switches |= {option}
            case ("offset", int() as offset) if type(offset) is int and offset >= 0:
                self.offset = offset
            case ("capture", capture):
                self._capture(capture)
                self.kind = "index"
            case ("capture", capture, ("index" | "list" | "binary") as kind):
                self._capture(capture)
                self.kind = kind
            case (("match_limit" | "match_limit_recursion") as name, int() as limit) if limit >= 0:
                raise Refused(f"the option {name}")
            case _:
                self._take_for_compiling(option, was_compiled)

    def _take_for_compiling(self, option: Term, was_compiled: bool) -> None:
        """What is known already if it was compiled just now."""
        found = with_option(self.expression.settings if was_compiled else Settings(), option)
        if found is None:
            raise Unfit
        if was_compiled:
            if type(option) is str and option not in _OF_BOTH:
                raise Unfit
            self.expression = replace(self.expression, settings=found)

    def _capture(self, capture: Term) -> None:
        if type(capture) is list:
            for each in capture:
                _check_id(each)
        elif type(capture) is not str or capture not in ("all", "all_but_first", "all_names", "first", "none"):
            raise Unfit
        self.capture = capture

    def python(self, nonempty: bool = False) -> re.Pattern[str]:
        """The Python expression."""
        begins, ends = "notbol" not in self.switches, "noteol" not in self.switches
        return python(self.expression.text, self.expression.settings, begins, ends, nonempty)


def _compiled(pattern: Term, options: list[Term]) -> Expression:
    settings = Settings()
    for option in options:
        settings = with_option(settings, option) or settings
        if type(option) is tuple and option[:1] == ("newline",) and with_option(settings, option) is None:
            raise Unfit
    try:
        return compiled(data_of(pattern, settings.unicode), settings)
    except Wrong as wrong:
        wrong.is_told = "report_errors" in options
        raise


def _check_id(each: Term) -> None:
    if type(each) is int and each >= 0:
        return
    if type(each) in (str, bytes, bool):
        return
    if type(each) is list and all(type(code) is int and 0 <= code < 256 for code in each):
        return
    raise Unfit


# ---- the matches


# DIVERGES(otp): in a few random expressions of ten thousand a group within a loop that matched nothing in its last turn
# is told at another place: Python and PCRE put back differently what a turn that was given up had captured.
@dataclass
class Found:
    """A match: the spans of its groups, in characters."""

    spans: list[Span]

    @staticmethod
    def of(match: re.Match[str], groups: int, shift: int = 0) -> Found:
        """Without groups of our own."""
        return Found([match.span(0), *(match.span(shift + each) for each in range(1, groups + 1))])


class Matcher:
    """A subject and what is looked for in it."""

    def __init__(self, run: Run, text: str) -> None:
        self.run, self.text = run, text
        self.groups = run.expression.groups
        self.anchored = run.expression.settings.anchored
        self.firstline = run.expression.settings.firstline
        self.never_empty = "notempty" in run.switches

    def first(self, start: int) -> Found | None:
        """The first match from a place on."""
        nonempty = self.never_empty
        found = self._find(start, nonempty, self.anchored)
        if found is None or not self._is_empty(found, start) or "notempty_atstart" not in self.run.switches:
            return found
        again = self._find(start, True, True)
        if again is not None or self.anchored or start >= len(self.text):
            return again
        later = self._find(start + 1, nonempty, False)
        return later if later is None or self._in_line(later.spans[0][0], start) else None

    @staticmethod
    def _is_empty(found: Found, start: int) -> bool:
        return found.spans[0] == (start, start)

    def _find(self, start: int, nonempty: bool, anchored: bool) -> Found | None:
        pattern = self.run.python(nonempty)
        found = pattern.match(self.text, start) if anchored else pattern.search(self.text, start)
        if found is None:
            return None
        return Found.of(found, self.groups, int(nonempty)) if self._in_line(found.start(), start) else None

    def _in_line(self, place: int, start: int) -> bool:
        """Whether a match may begin at a place, if only the first line from the start counts."""
        if not self.firstline:
            return True
        newline = _NEWLINE[self.run.expression.settings.newline].search(self.text, start)
        return newline is None or place <= newline.start()

    def all(self, start: int) -> Iterator[Found]:
        """All matches, in the way of OTP: behind an empty one a longer one is tried at the place of the search."""
        by_two = self.run.expression.settings.newline in ("crlf", "anycrlf", "any")
        while start <= len(self.text):
            found = self.first(start)
            if found is None:
                return
            yield found
            begin, end = found.spans[0]
            if end > begin:
                start = end
                continue
            longer = self._longer(start) if begin == start else None
            if longer is not None:
                yield longer
                start = longer.spans[0][1]
            else:
                start = begin + (2 if by_two and self.text.startswith("\r\n", begin) else 1)

    def _longer(self, start: int) -> Found | None:
        """A match at a place that is not empty, where an empty one was found."""
        if self.anchored or self.never_empty or self.firstline:
            return self._find(start, True, True)
        matches = self.run.python().finditer(self.text, start)
        next(matches)
        found = next(matches, None)
        return Found.of(found, self.groups) if found is not None and found.start() == start else None


# ---- what is captured


# DIVERGES(otp): PCRE overlooks letters of Latin-1 at the start of `\\w+` in text that is Unicode; here they are found.
class Captures:
    """How the groups of matches are shown."""

    def __init__(self, run: Run, text: str, data: bytes) -> None:
        self.run, self.text, self.data = run, text, data
        self.names = run.expression.names
        wide = run.expression.settings.unicode and not text.isascii()
        self.places = list(accumulate((len(each.encode()) for each in text), initial=0)) if wide else None

    def shown(self, found: Found) -> list[Term]:
        """The captures of a match."""
        return [self._value(span) for span in self._spans(found.spans)]

    def _spans(self, spans: list[Span]) -> list[Span]:
        capture = self.run.capture
        if capture == "first":
            return spans[:1]
        if capture == "all_names":
            return [self._of(name, spans) for name in sorted(self.names)]
        if type(capture) is list:
            return [self._of(each, spans) for each in capture]
        last = max(index for index, span in enumerate(spans) if span[0] >= 0)
        return spans[: last + 1] if capture == "all" else spans[1 : last + 1]

    def _of(self, wanted: Term, spans: list[Span]) -> Span:
        """The span of a group by its number or name."""
        if type(wanted) is int:
            return spans[wanted] if wanted < len(spans) else UNSET
        name = bytes(wanted).decode("latin-1") if type(wanted) is list else wanted
        name = name.decode("latin-1") if type(name) is bytes else str(name)
        for number in self.names.get(name, ()):
            if spans[number][0] >= 0:
                return spans[number]
        return UNSET

    def span(self, span: Span) -> Span:
        """The place and the length in bytes."""
        start, end = span
        if start < 0:
            return UNSET
        if self.places is not None:
            start, end = self.places[start], self.places[end]
        return start, end - start

    def _value(self, span: Span) -> Term:
        kind = self.run.kind
        if kind == "index":
            return self.span(span)
        start, end = span
        if kind == "list":
            return [] if start < 0 else list(map(ord, self.text[start:end]))
        if start < 0:
            return b""
        place, length = self.span(span)
        return self.data[place : place + length]


def run(subject: Term, wanted: Run) -> Term:
    """`re:run/3`; raises `Unfit` and `BadOffset`."""
    as_unicode = wanted.expression.settings.unicode
    data = data_of(subject, as_unicode)
    text = text_of(data, as_unicode)
    everything = "global" in wanted.switches
    start = _place(wanted.offset, text, data)
    if start is None:
        if everything:
            return "nomatch"
        raise BadOffset
    matcher = Matcher(wanted, text)
    captures = Captures(wanted, text, data)
    nothing = wanted.capture in ("none", []) or (wanted.capture == "all_names" and not captures.names)
    if not everything:
        found = matcher.first(start)
        if found is None:
            return "nomatch"
        return "match" if nothing else ("match", captures.shown(found))
    rows = [[] if nothing else captures.shown(each) for each in matcher.all(start)]
    if not rows:
        return "nomatch"
    return "match" if nothing else ("match", rows)


def _place(offset: int, text: str, data: bytes) -> int | None:
    """The character at an offset of bytes; `None` behind the end."""
    if offset > len(data):
        return None
    if len(text) == len(data):
        return offset
    try:
        return len(data[:offset].decode())
    except UnicodeDecodeError:
        raise Unfit from None


def spans(data: bytes, wanted: Run) -> list[list[Span]]:
    """The spans of all groups of all matches, in bytes, those that have matched last at the end."""
    found = run(data, replace(wanted, capture="all", kind="index"))
    if found == "nomatch":
        return []
    rows: list[list[Span]] = found[1] if "global" in wanted.switches else [found[1]]
    return rows
