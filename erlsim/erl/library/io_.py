"""The module `io`: over `erlsim.io`, with the terms of Erlang code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim import io, terms
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.library.syntax import erl_parse
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


# ---- terms and forms that are read


async def _scanned(device: Term, prompt: Term, location: Term) -> Term:
    """Tokens up to the next dot: `{ok, Tokens, End}`, `{eof, End}` or `{error, Info, End}`."""
    wanted = ("get_until", "unicode", outward(prompt), "erl_scan", "tokens", [location])
    answer = await io.request(device, wanted)
    return ("eof", location) if answer == "eof" else answer


async def _parsed(device: Term, prompt: Term, location: Term, parse: Callable[[Term], Term]) -> Term:
    found = await _scanned(device, prompt, location)
    if type(found) is not tuple or found[0] != "ok":
        return found
    result = parse(found[1])
    return (*result, found[2])


async def read(*args: Term) -> Term:
    """`read/1,2,3`: a term; with a location where it ends, too."""
    device, prompt, *location = args if len(args) > 1 else ("standard_io", *args)
    found = await _parsed(device, prompt, location[0] if location else 1, erl_parse.parse_term)
    if location or type(found) is not tuple:
        return found
    return "eof" if found[0] == "eof" else found[:2]


def _reading(parse: Callable[[Term], Term] | None) -> Callable[..., Any]:
    async def reading(*args: Term) -> Term:
        device, prompt, *location = args if len(args) > 1 else ("standard_io", *args)
        start = location[0] if location else 1
        return await (_scanned(device, prompt, start) if parse is None else _parsed(device, prompt, start, parse))

    return reading


_KINDS: dict[str, Callable[[Term], Term] | None] = {
    "scan_erl_exprs": None,
    "scan_erl_form": None,
    "parse_erl_exprs": erl_parse.parse_exprs,
    "parse_erl_form": erl_parse.parse_form,
}
MORE |= {(name, arity): _reading(parse) for name, parse in _KINDS.items() for arity in (1, 2, 3)}


def printable_range() -> str:
    """`printable_range/0`."""
    return "latin1"


MORE |= {
    ("read", 1): read,
    ("read", 2): read,
    ("read", 3): read,
    ("get_line", 1): get_line,
    ("get_line", 2): get_line,
    ("setopts", 1): setopts,
    ("setopts", 2): setopts,
    ("request", 1): request,
    ("request", 2): request,
    ("requests", 1): requests,
    ("requests", 2): requests,
}
