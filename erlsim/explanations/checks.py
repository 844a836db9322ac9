"""What is wrong with one argument, in the words of OTP: `""` if nothing is.

A check is a function of the argument. `always(words)` is the check of an argument that can only be wrong in one way:
that the function has failed says that it is.
"""

from __future__ import annotations

from collections.abc import Callable

from erlsim._kernel import thread
from erlsim.terms import Bits, Improper, Pid, Ref, Term

Check = Callable[[Term], str]
LARGEST_BASE = 36

NOT_ATOM = "not an atom"
NOT_BINARY = "not a binary"
NOT_BITSTRING = "not a bitstring"
NOT_CONS = "not a nonempty list"
NOT_FLOAT = "not a float"
NOT_FUN = "not a fun"
NOT_INTEGER = "not an integer"
NOT_IODATA = "not an iodata term"
NOT_LIST = "not a list"
NOT_MAP = "not a map"
NOT_NUMBER = "not a number"
NOT_PID = "not a pid"
NOT_PROPER = "not a proper list"
NOT_REFERENCE = "not a reference"
NOT_TUPLE = "not a tuple"
BAD_BOOLEAN = "not a boolean ('true' or 'false')"
BAD_OPTION = "invalid option in list"
BAD_UNIT = "invalid time unit"
RANGE = "out of range"

_UNITS = ("second", "millisecond", "microsecond", "nanosecond", "native", "perf_counter")
_OLD_UNITS = ("seconds", "milli_seconds", "micro_seconds", "nano_seconds")


def is_self(term: Term) -> bool:
    """Whether a term is the pid of the process that runs."""
    world = thread.world
    return world is not None and type(term) is Pid and term == world.current.pid


def always(words: str) -> Check:
    """The check of an argument that is wrong."""
    return lambda _: words


def right(_: Term) -> str:
    """The check of an argument that cannot be wrong."""
    return ""


def is_atom(term: Term) -> bool:
    """Whether a term is an atom."""
    return type(term) is str or type(term) is bool


def is_fun(term: Term) -> bool:
    """Whether a term is a fun."""
    return callable(term) and not isinstance(term, type)


def is_list(term: Term) -> bool:
    """Whether a term is a list, an improper one perhaps."""
    return type(term) is list or type(term) is Improper


def atom(term: Term) -> str:
    """Must be an atom."""
    return "" if is_atom(term) else NOT_ATOM


def module(term: Term) -> str:
    """Must be a module, which may be its atom."""
    from erlsim.code import is_module

    return "" if is_atom(term) or is_module(term) else NOT_ATOM


def binary(term: Term) -> str:
    """Must be a binary."""
    return "" if type(term) is bytes else NOT_BINARY


def boolean(term: Term) -> str:
    """Must be `true` or `false`."""
    return "" if type(term) is bool else BAD_BOOLEAN


def floating(term: Term) -> str:
    """Must be a float."""
    return "" if type(term) is float else NOT_FLOAT


def fun(term: Term) -> str:
    """Must be a fun."""
    return "" if is_fun(term) else NOT_FUN


def integer(term: Term) -> str:
    """Must be an integer."""
    return "" if type(term) is int else NOT_INTEGER


def from_to(lowest: int, highest: int | None = None) -> Check:
    """Must be an integer between two."""

    def check(term: Term) -> str:
        if type(term) is not int:
            return NOT_INTEGER
        return "" if lowest <= term and (highest is None or term <= highest) else RANGE

    return check


def not_negative(term: Term) -> str:
    """Must be 0 or more."""
    return from_to(0)(term)


def positive(term: Term) -> str:
    """Must be 1 or more."""
    return from_to(1)(term)


def base(term: Term) -> str:
    """Must be a base of numbers."""
    return (
        ""
        if type(term) is int and 2 <= term <= LARGEST_BASE
        else f"not an integer in the range 2 through {LARGEST_BASE}"
    )


def is_iodata(term: Term) -> bool:
    """Whether a term is a binary, or a list of bytes, binaries and such lists."""
    waiting = [term]
    while waiting:
        each = waiting.pop()
        if type(each) is bytes:
            continue
        if type(each) is Improper:
            if type(each.tail) is not bytes:
                return False
            each = each.items
        elif type(each) is not list:
            return False
        for item in each:
            if type(item) is int:
                if not 0 <= item <= 255:
                    return False
            else:
                waiting.append(item)
    return True


def iodata(term: Term) -> str:
    """Must be iodata."""
    return "" if is_iodata(term) else NOT_IODATA


def proper(wrong_inside: str = "") -> Check:
    """Must be a proper list; if it is, `wrong_inside` is what is wrong with it."""

    def check(term: Term) -> str:
        if type(term) is list:
            return wrong_inside
        return NOT_PROPER if type(term) is Improper else NOT_LIST

    return check


def plain_list(term: Term) -> str:
    """Must be a proper list."""
    return proper()(term)


def a_map(term: Term) -> str:
    """Must be a map."""
    return "" if isinstance(term, dict) else NOT_MAP


def number(term: Term) -> str:
    """Must be a number."""
    return "" if type(term) in (int, float) else NOT_NUMBER


def a_pid(words: str = "") -> Check:
    """Must be a pid; if it is, `words` are what is wrong with it."""
    return lambda term: words if type(term) is Pid else NOT_PID


def pid(term: Term) -> str:
    """Must be a pid."""
    return a_pid()(term)


def reference(term: Term) -> str:
    """Must be a reference."""
    return "" if type(term) is Ref else NOT_REFERENCE


def a_tuple(term: Term) -> str:
    """Must be a tuple."""
    return "" if type(term) is tuple else NOT_TUPLE


def bitstring(term: Term) -> str:
    """Must be a binary or a bitstring."""
    return "" if type(term) in (bytes, Bits) else NOT_BITSTRING


def time_unit(term: Term) -> str:
    """Must be a unit of time."""
    known = term in (*_UNITS, *_OLD_UNITS) if type(term) is str else type(term) is int and term > 0
    return "" if known else BAD_UNIT


def fun_of(arity: int) -> Check:
    """Must be a fun of so many arguments."""
    from erlsim.code import takes

    words = {1: "one argument", 2: "two arguments", 3: "three arguments"}[arity]
    return lambda term: "" if is_fun(term) and takes(term, arity) else f"not a fun that takes {words}"
