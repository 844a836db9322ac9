"""The module `io`: over `erlsim.io`, with the terms of Erlang code."""

from __future__ import annotations

from erlsim import io, terms
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.running.cells import outward
from erlsim.terms import Term

__in_stacks__ = False


async def format_(device: Term, directives: Term = None, args: Term = None) -> Term:
    """`format/1,2,3`."""
    if directives is None:
        device, directives, args = "standard_io", device, []
    elif args is None:
        device, directives, args = "standard_io", device, directives
    return await io.put_chars(device, terms.format(text_of(directives), outward(args)))


fwrite = format_
MORE = {("fwrite", arity): format_ for arity in (1, 2, 3)}


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
