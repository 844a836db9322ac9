"""Twin of `scn_proc`: a process that does what it is told and tells what came of it and what it received."""

from __future__ import annotations

from erlsim import code, erlang
from erlsim.errors import ErlangException
from erlsim.terms import Term


async def loop() -> str:
    """One instruction a message; everything else is kept for `take`."""
    outcomes: list[Term] = []
    messages: list[Term] = []
    while True:
        match await erlang.receive():
            case ("do", module, function, args):
                outcomes.append(await outcome(module, function, args))
            case ("die", reason):
                erlang.exit(reason)
            case ("crash", reason):
                erlang.error(reason)
            case ("throw", reason):
                erlang.throw(reason)
            case "return":
                return "ok"
            case ("take", asker):
                erlang.send(asker, ("taken", erlang.self(), outcomes, messages))
                outcomes, messages = [], []
            case message:
                messages.append(message)


async def outcome(module: Term, function: Term, args: Term) -> Term:
    """`{value, V}`, or the class and the reason of what was raised."""
    try:
        return ("value", await code.call(module, function, args))
    except ErlangException as exc:
        return (exc.kind, exc.reason)


async def trapping() -> str:
    """The loop of a process that traps exits."""
    erlang.process_flag("trap_exit", True)
    return await loop()


@code.module(name="scn_proc")
class ScnProc:
    """The module `scn_proc`."""

    def start(program: Term) -> Term:
        match program:
            case "trap":
                return erlang.spawn(trapping)
            case "plain":
                return erlang.spawn(loop)
        return erlang.error("function_clause")
