"""Compiled expressions: what `re:compile/2` gives, and the Python expressions behind it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from functools import lru_cache

from erlsim.erl.library.conversions import iolist
from erlsim.erl.library.regex.reader import Wrong
from erlsim.erl.library.regex.settings import Refused, Settings, with_option
from erlsim.erl.library.regex.translating import translate
from erlsim.erl.library.text import unicode
from erlsim.erl.running.cells import listed
from erlsim.erl.running.failures import Failed
from erlsim.terms import Term

__in_stacks__ = False

# A newline of these may be two characters.
_OF_TWO = ("crlf", "anycrlf", "any")


class Unfit(Exception):
    """`badarg`."""


@dataclass(frozen=True)
class Expression:
    """An expression that PCRE takes."""

    text: str
    settings: Settings
    groups: int
    names: dict[str, list[int]]

    def term(self) -> Term:
        """What stands for it in Erlang; its last element, PCRE's code on OTP, is what it was compiled from."""
        settings = {name: sorted(each) if isinstance(each, frozenset) else each for name, each in self._settings()}
        code = json.dumps([self.text, settings]).encode()
        return ("re_pattern", self.groups, int(self.settings.unicode), int(self.settings.newline in _OF_TWO), code)

    def _settings(self) -> list[tuple[str, object]]:
        return list(asdict(self.settings).items())


def data_of(term: Term, as_unicode: bool) -> bytes:
    """The bytes of a subject, an expression or a replacement; raises `Unfit`."""
    if type(term) is bytes:
        return term
    try:
        if as_unicode:
            found = unicode.characters_to_binary(term)
            if type(found) is bytes:
                return found
        elif type(term) is not int:
            return iolist(term, "iolist_to_binary")
    except Failed:
        pass
    raise Unfit


def text_of(data: bytes, as_unicode: bool) -> str:
    """The characters of a subject or an expression; raises `Unfit`."""
    try:
        return data.decode("utf-8" if as_unicode else "latin-1")
    except UnicodeDecodeError:
        raise Unfit from None


def settings_of(options: Term) -> Settings:
    """The settings of options of `re:compile/2`; raises `Unfit`."""
    found: Settings | None = Settings()
    given = listed(options)
    for option in given if given is not None else [None]:
        found = None if found is None else with_option(found, option)
    if found is None:
        raise Unfit
    return found


def compiled(data: bytes, settings: Settings) -> Expression:
    """Compile; raises `Wrong`, its place in bytes, and `Refused`."""
    try:
        text = data.decode("utf-8" if settings.unicode else "latin-1")
    except UnicodeDecodeError as exc:
        raise Wrong("invalid UTF-8 string", exc.start) from None
    try:
        return _compiled(text, settings)
    except Wrong as wrong:
        place = len(text[: wrong.place].encode()) if settings.unicode else wrong.place
        raise Wrong(wrong.words, place) from None


def _compiled(text: str, settings: Settings) -> Expression:
    found = translate(text, settings)
    python(text, settings)
    return Expression(text, found.settings, found.groups, found.names)


def is_compiled(pattern: Term) -> bool:
    """Whether a term is what `re:compile/2` gives, by its shape."""
    return type(pattern) is tuple and len(pattern) == 5 and pattern[0] == "re_pattern" and type(pattern[4]) is bytes


def expression_of(pattern: Term) -> Expression:
    """What a compiled expression stands for; raises `Unfit`."""
    if not is_compiled(pattern):
        raise Unfit
    return _of_code(pattern[4])


def _of_code(code: bytes) -> Expression:
    try:
        text, settings = json.loads(code)
        given = {each.name: settings[each.name] for each in fields(Settings)}
        return _compiled(text, Settings(**{**given, "flags": frozenset(settings["flags"])}))
    except (ValueError, TypeError, LookupError):
        raise Unfit from None


@lru_cache(maxsize=512)
def python(
    text: str, settings: Settings, begins: bool = True, ends: bool = True, nonempty: bool = False
) -> re.Pattern[str]:
    """The Python expression; with `nonempty` it does not match the empty text."""
    found = translate(text, settings, begins, ends, int(nonempty)).text
    if nonempty:
        # The first group is all that follows the place where the match begins: it must not still follow at its end.
        found = rf"(?=([\s\S]*)\Z)(?:{found})(?!\1\Z)"
    try:
        return re.compile(found)
    except (re.error, RecursionError, OverflowError) as exc:
        raise Refused(f"{text!r} ({exc})") from None
