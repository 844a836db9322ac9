"""How an expression is to be read and matched: options of `re:compile/2` and `re:run/3`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.terms import Term


class Refused(ErlsimError):
    """PCRE has it, and Python's expressions have nothing that means the same."""

    def __init__(self, what: str) -> None:
        super().__init__(f"re: {what} is not simulated")


@dataclass(frozen=True)
class Settings:
    """What an expression was compiled with."""

    flags: frozenset[str] = frozenset()
    """The letters of inline options: `i`, `m`, `s`, `x`, `U`, `J`."""
    unicode: bool = False
    ucp: bool = False
    newline: str = "lf"
    newline_given: bool = False
    bsr_anycrlf: bool = False
    anchored: bool = False
    dollar_endonly: bool = False
    firstline: bool = False
    no_auto_capture: bool = False

    @property
    def top(self) -> int:
        """The greatest character."""
        return 0x10FFFF if self.unicode else 0xFF


_LETTERS = {
    "caseless": "i",
    "multiline": "m",
    "dotall": "s",
    "extended": "x",
    "ungreedy": "U",
    "dupnames": "J",
}
_SWITCHES = ("unicode", "ucp", "anchored", "dollar_endonly", "firstline", "no_auto_capture")
_IGNORED = ("no_start_optimize", "never_utf")
# PCRE has bits for them, and OTP joins those of several options.
NEWLINES = {"cr": 1, "lf": 2, "crlf": 3, "any": 4, "anycrlf": 5}


def with_option(settings: Settings, option: Term) -> Settings | None:
    """The settings with an option of `re:compile/2`; `None` if it is none."""
    match option:
        case str() if option in _LETTERS:
            return replace(settings, flags=settings.flags | {_LETTERS[option]})
        case str() if option in _SWITCHES:
            switch: Any = {option: True}
            return replace(settings, **switch)
        case str() if option in _IGNORED:
            return settings
        case "bsr_anycrlf" | "bsr_unicode":
            return replace(settings, bsr_anycrlf=option == "bsr_anycrlf")
        case ("newline", str() as newline) if type(option) is tuple and newline in NEWLINES:
            return _with_newline(settings, newline)
    return None


def _with_newline(settings: Settings, newline: str) -> Settings | None:
    bits = NEWLINES[newline] | (NEWLINES[settings.newline] if settings.newline_given else 0)
    for name, each in NEWLINES.items():
        if each == bits:
            return replace(settings, newline=name, newline_given=True)
    return None
