"""The module `ct`, as far as a case in a simulation has it."""

from __future__ import annotations

import sys
from typing import Any

import erlsim
from erlsim import erlang, io, terms, timer
from erlsim.terms import Term, matchable

__in_stacks__ = False


async def _told(device: str, args: tuple[Term, ...]) -> Term:
    """`(Format)`, `(Format, Args)` or `(Category, Format, Args)`, with a number for how important it is before."""
    rest = [each for each in args if type(each) is not int]
    if rest and type(rest[0]) is str:
        del rest[0]
    text = terms.format(rest[0], rest[1] if len(rest) > 1 else [])
    return await io.put_chars(device, f"{text}\n")


async def pal(*args: Term) -> Term:
    """`pal/1..5`: print."""
    return await _told("user", args)


async def print_(*args: Term) -> Term:
    """`print/1..5`: print."""
    return await _told("user", args)


def log(*_args: Term) -> Term:
    """`log/1..5`: there is no log to write to."""
    return "ok"


def comment(*_args: Term) -> Term:
    """`comment/1,2`."""
    return "ok"


def fail(reason: Term, args: Term = None) -> Any:
    """`fail/1,2`: end the case."""
    erlang.exit(("test_case_failed", reason if args is None else terms.chars(terms.format(reason, args))))


async def sleep(time: Term) -> Term:
    """`sleep/1`: milliseconds, `{seconds, N}`, `{minutes, N}` or `{hours, N}`."""
    match matchable(time):
        case ("seconds" | "minutes" | "hours", count):
            time = int(count * {"seconds": 1000, "minutes": 60_000, "hours": 3_600_000}[time[0]])
    return await timer.sleep(time)


def timetrap(_time: Term) -> Term:
    """`timetrap/1`: a case's time is what its suite says."""
    return "ok"


def get_config(*args: Term) -> Term:
    """`get_config/1,2,3`: there are no configuration files."""
    return args[1] if len(args) > 1 else "undefined"


erlsim.module(name="ct")(sys.modules[__name__])
