"""What erlsim answers to recorded calls."""

from __future__ import annotations

from pathlib import Path

import erlsim
from erlsim import terms
from erlsim.erl.library import External, apply_mfa
from erlsim.erl.running.calls import finish
from erlsim.erl.running.cells import outward

DATA = Path(__file__).parents[1] / "data" / "answers"


def recorded(area):
    """The calls of an area with their answers, as text."""
    lines = (DATA / f"{area}.txt").read_text(encoding="utf-8").split("\n")[:-1]
    return [line.split("\t") for line in lines]


def masked(term):
    """A term without what only its own system understands: the code of a compiled expression."""
    if type(term) is list:
        return list(map(masked, term))
    if type(term) is tuple:
        if len(term) == 5 and term[0] == "re_pattern":
            return (*term[:4], "code")
        return tuple(map(masked, term))
    return term


def callable_(term):
    """A term whose funs are those that compiled code has."""
    if type(term) is terms.ExportedFun:
        return External(term.module, term.name, term.arity)
    return type(term)(map(callable_, term)) if type(term) in (list, tuple) else term


async def answer(call):
    """What a call `{Module, Function, Args}` comes to: `= Value` or `! Class Reason`."""
    module, function, args = callable_(terms.parse(call))
    try:
        found = await finish(apply_mfa(module, function, args))
    except erlsim.ErlangException as exc:
        return terms.format("! ~w ~0tp", [exc.kind, masked(outward(exc.reason))])
    return terms.format("= ~0tp", [masked(outward(found))])


def differences(area, every=1):
    """Calls that are answered differently, of all or of one of so many: the call, OTP's answer, ours."""

    async def compare():
        found = []
        for call, theirs in recorded(area)[::every]:
            try:
                ours = await answer(call)
            except erlsim.ErlsimError as exc:
                ours = f"? {exc}"
            except Exception as exc:
                ours = f"crash {exc!r}"
            if ours != theirs:
                found.append((call, theirs, ours))
        return found

    return erlsim.run(compare)
