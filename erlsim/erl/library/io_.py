"""The module `io`: over `erlsim.io`, whose functions have their device at the end."""

from __future__ import annotations

from erlsim import io, terms
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.running.cells import outward
from erlsim.terms import Term

__in_stacks__ = False


async def format_(device: Term, directives: Term = None, args: Term = None) -> Term:
    """`format/1,2,3`."""
    if directives is None:
        device, directives, args = None, device, []
    elif args is None:
        device, directives, args = None, device, directives
    return await io.put_chars(terms.format(text_of(directives), outward(args)), device)


fwrite = format_
MORE = {("fwrite", arity): format_ for arity in (1, 2, 3)}


async def put_chars(device: Term, text: Term = None) -> Term:
    """`put_chars/1,2`."""
    if text is None:
        device, text = None, device
    return await io.put_chars(text_of(text), device)


async def nl(device: Term = None) -> Term:
    """`nl/0,1`."""
    return await io.put_chars("\n", device)


async def write(device: Term, term: Term = None) -> Term:
    """`write/1,2`."""
    if term is None:
        device, term = None, device
    return await io.put_chars(terms.format("~tw", [outward(term)]), device)
