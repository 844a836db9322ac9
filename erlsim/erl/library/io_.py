"""The module `io`: over `erlsim.io`, with the terms of Erlang code."""

from __future__ import annotations

from typing import Any

from erlsim import io, terms
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.running.cells import outward
from erlsim.errors import Error
from erlsim.terms import ABSENT, Term

__in_stacks__ = False


async def format_(device: Term, directives: Term = None, args: Term = None) -> Term:
    """`format/1,2,3`."""
    if directives is None:
        device, directives, args = "standard_io", device, []
    elif args is None:
        device, directives, args = "standard_io", device, directives
    return await io.put_chars(device, terms.format(text_of(directives), outward(args)))


fwrite = format_
MORE: dict[tuple[str, int], Any] = {("fwrite", arity): format_ for arity in (1, 2, 3)}


async def put_chars(device: Term, text: Term = None) -> Term:
    """`put_chars/1,2`."""
    if text is None:
        device, text = "standard_io", device
    return await io.put_chars(device, text_of(text))


async def nl(device: Term = "standard_io") -> Term:
    """`nl/0,1`."""
    return await io.put_chars(device, "\n")


async def write(device: Term, term: Term = None) -> Term:
    """`write/1,2`."""
    if term is None:
        device, term = "standard_io", device
    return await io.put_chars(device, terms.format("~tw", [outward(term)]))


# ---- what is read: the simulation's own input is empty


def _line_args(args: tuple[Term, ...]) -> tuple[Term, ...]:
    return args if len(args) == 2 else ("standard_io", *args)


async def get_line(*args: Term) -> Term:
    """`get_line/1,2`."""
    device, prompt = _line_args(args)
    return await io.request(device, ("get_line", "unicode", outward(prompt)))


async def get_chars(device: Term, prompt: Term, count: Term = ABSENT) -> Term:
    """`get_chars/2,3`."""
    if count is ABSENT:
        device, prompt, count = "standard_io", device, prompt
    return await io.request(device, ("get_chars", "unicode", outward(prompt), count))


async def get_password(device: Term = "standard_io") -> Term:
    """`get_password/0,1`."""
    return await io.request(device, ("get_password", "unicode"))


async def getopts(device: Term = "standard_io") -> Term:
    """`getopts/0,1`."""
    return await io.request(device, "getopts")


async def setopts(*args: Term) -> Term:
    """`setopts/1,2`."""
    device, options = _line_args(args)
    return await io.request(device, ("setopts", outward(options)))


async def columns(device: Term = "standard_io") -> Term:
    """`columns/0,1`."""
    return await io.request(device, ("get_geometry", "columns"))


async def rows(device: Term = "standard_io") -> Term:
    """`rows/0,1`."""
    return await io.request(device, ("get_geometry", "rows"))


async def request(*args: Term) -> Term:
    """`request/1,2`."""
    device, wanted = _line_args(args)
    return await _answer(device, outward(wanted))


async def requests(*args: Term) -> Term:
    """`requests/1,2`."""
    device, wanted = _line_args(args)
    return await _answer(device, ("requests", outward(wanted)))


async def _answer(device: Term, wanted: Term) -> Term:
    try:
        return await io.request(device, wanted)
    except Error as exc:
        return ("error", "arguments" if exc.reason == "badarg" else exc.reason)


def printable_range() -> str:
    """`printable_range/0`."""
    return "latin1"


MORE |= {
    ("get_line", 1): get_line,
    ("get_line", 2): get_line,
    ("setopts", 1): setopts,
    ("setopts", 2): setopts,
    ("request", 1): request,
    ("request", 2): request,
    ("requests", 1): requests,
    ("requests", 2): requests,
}
