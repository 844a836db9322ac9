"""The module `erl_error`: how an exception reads."""

from __future__ import annotations

from typing import Any

from erlsim.erl.library.io_lib import text_of
from erlsim.erl.running.calls import plain
from erlsim.erl.running.cells import outward
from erlsim.otp.reports import Printer
from erlsim.otp.reports import format_exception as text_of_exception
from erlsim.terms import Term, chars

__in_stacks__ = False

_DEPTH = 30


class _Given(Printer):
    """Prints terms with a fun that the caller has given."""

    fun: Any = None

    def show(self, term: Term, column: int) -> str:
        """As the fun prints it, from a column on."""
        return text_of(plain(self.fun(term, column)))


def format_exception(kind: Term, reason: Term, stack: Term, options: Term = None) -> Term:
    """`format_exception/3,4`, with the options `column`, `stack_trim_fun` and `format_fun`."""
    given = {} if options is None else options
    trim = given.get("stack_trim_fun")

    def is_base(frame: Term) -> bool:
        module, function, args, _ = frame
        return trim is not None and plain(trim(module, function, len(args) if type(args) is list else args)) is True

    printer = Printer(_DEPTH)
    if "format_fun" in given:
        own = _Given()
        own.fun = given["format_fun"]
        printer = own
    return chars(text_of_exception(given.get("column", 1), kind, outward(reason), outward(stack), is_base, printer))
