"""The module `io`: over `erlsim.io`, with the terms of Erlang code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim import io, terms
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.library.syntax import erl_parse
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import Failed
from erlsim.errors import Error
from erlsim.explanations.library import is_text
from erlsim.terms import ABSENT, Term

__in_stacks__ = False


async def format_(*args: Term) -> Term:
    """`format/1,2,3`."""
    return await _formatted("format", args)


async def fwrite(*args: Term) -> Term:
    """`fwrite/1,2,3`: the same."""
    return await _formatted("fwrite", args)


async def _formatted(function: str, args: tuple[Term, ...]) -> Term:
    device, directives, given = args if len(args) == 3 else ("standard_io", *args, *[[]][len(args) - 1 :])
    try:
        text = terms.format(text_of(directives), outward(given))
    except Error:
        raise _failed(function, args, ("device", "put_chars")) from None
    return await _written(function, args, device, text)


MORE: dict[tuple[str, int], Any] = {
    (name, arity): function for name, function in (("format", format_), ("fwrite", fwrite)) for arity in (1, 2, 3)
}


async def put_chars(device: Term, text: Term = ABSENT) -> Term:
    """`put_chars/1,2`."""
    args = (device,) if text is ABSENT else (device, text)
    where, what = ("standard_io", *args)[-2:]
    if not is_text(outward(what)):
        raise _failed("put_chars", args, ("device", "put_chars"))
    return await _written("put_chars", args, where, text_of(what))


async def nl(device: Term = ABSENT) -> Term:
    """`nl/0,1`."""
    args = () if device is ABSENT else (device,)
    return await _written("nl", args, "standard_io" if device is ABSENT else device, "\n")


async def write(device: Term, term: Term = ABSENT) -> Term:
    """`write/1,2`."""
    args = (device,) if term is ABSENT else (device, term)
    where, what = ("standard_io", *args)[-2:]
    return await _written("write", args, where, terms.format("~tw", [outward(what)]))


async def _written(function: str, args: tuple[Term, ...], device: Term, text: str) -> Term:
    try:
        return await io.put_chars(device, text)
    except Error as exc:
        if exc.reason not in ("badarg", "terminated"):
            raise
        cause = ("io", "arguments" if exc.reason == "badarg" else "terminated")
        raise _failed(function, args, cause, exc.reason) from None


def _failed(function: str, args: tuple[Term, ...], cause: Term, reason: Term = "badarg") -> Failed:
    """What a function of `io` fails with: its first entry leads to the explanation."""
    failed = Failed(reason, ("io", function, list(args), []))
    failed.cause = cause
    return failed


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
