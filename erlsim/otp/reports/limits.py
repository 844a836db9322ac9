"""How much of a report's terms is printed. Mirrors what `format_log/1,2` of OTP's behaviours have in common.

A layout is written once, with `~tp` (or `~0tp` where it is a single line) for each term that may be cut: `fitted` puts
there what the options want. Every other directive stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from erlsim import code
from erlsim.errors import Error
from erlsim.terms import Term, TermMap, chars, format

Layout = Callable[[Term], tuple[str, list[Term]]]
_DIRECTIVE = re.compile(r"~(0?)(t?)([a-z])")


class Limits(NamedTuple):
    """The options of a report callback, as `logger:report_cb_config()` has them."""

    depth: Term = "unlimited"
    single_line: Term = False
    encoding: Term = "utf8"
    chars_limit: Term = "unlimited"

    @property
    def directive(self) -> str:
        """What stands for a term that may be cut."""
        single = {True: "0", False: ""}[self.single_line]
        return "~" + single + ("" if self.encoding == "latin1" else "t") + ("p" if self.depth == "unlimited" else "P")

    def fitted(self, layout: str, args: list[Term]) -> tuple[str, list[Term]]:
        """A layout and its arguments, as these options want them."""
        fitted: list[Term] = []
        left = iter(args)

        def put(found: re.Match[str]) -> str:
            if found[3] == "n":
                return found[0]
            fitted.append(next(left))
            if found[2] + found[3] != "tp":
                return found[0]
            if self.depth != "unlimited":
                fitted.append(self.depth)
            return self.directive

        return _DIRECTIVE.sub(put, layout), fitted

    def text(self, layout: str, args: list[Term]) -> str:
        """The text."""
        most = -1 if self.chars_limit == "unlimited" else self.chars_limit
        text: str = format(*self.fitted(layout, args), most)
        return text


def limits_of(options: Term) -> Limits:
    """What the options of a `format_log/2` say; `badmap` for no map, `function_clause` for a bad `single_line`."""
    if not isinstance(options, dict | TermMap):
        raise Error(("badmap", options), [("maps", "merge", 2, [])])
    known = {name: options[name] for name in Limits._fields if name in options}
    limits = Limits(**known)
    if type(limits.single_line) is not bool:
        raise Error("function_clause")
    return limits


def old_limits() -> Limits:
    """Those of `format_log/1`, for handlers of the old `error_logger`: `error_logger_format_depth` of kernel."""
    return Limits(code.function("error_logger", "get_format_depth", 0)())


def told(limits: Limits, layout: str, args: list[Term]) -> tuple[list[int], list[Term]]:
    """What `format_log/1` gives: a format and its arguments."""
    layout, args = limits.fitted(layout, args)
    return chars(layout), args


def laid_out(report: Term, options: Term, several: Layout, single: Layout, cut: Callable[[Term, Term], Term]) -> Term:
    """What a `format_log` gives that has one layout of `several` lines and one of a `single` line.

    Without options that of `format_log/1`, of the report as `cut(report, depth)` leaves it; with them the characters.
    """
    if options is None:
        limits = old_limits()
        return told(limits, *several(cut(report, limits.depth)))
    limits = limits_of(options)
    return chars(limits.text(*(single if limits.single_line else several)(report)))
