"""Twin of `scn_statem`: a state machine that does what its events say.

Instructions and options are those of the Erlang module, whose clauses these are. `ScnStatemB` is the twin of
`scn_statem_b`.
"""

from __future__ import annotations

from contextlib import suppress

from erlsim import ErlangException, code, erlang, ets
from erlsim.otp import gen_statem, proc_lib, sys
from erlsim.terms import Term
from tests.golden.twins.scn_prog import outcome
from tests.golden.twins.scn_worker import maps_get

ME = "scn_statem"
KEEP = "keep_state_and_data"


async def handle(kind: Term, content: Term, state: Term, data: Term) -> Term:
    """What every state does with every event."""
    match kind:
        case "enter":
            note(data, ("entered", state, content))
            match data:
                case {"enter": {**entering}} if is_key(state, entering):
                    return await answer(entering[state], "none", state, data)
            return KEEP
        case ("call", from_):
            note(data, ("seen", state, "call", content))
            return await answer(content, from_, state, data)
    note(data, ("seen", state, kind, content))
    return await answer(content, data.get("from", "none") if isinstance(data, dict) else "none", state, data)


def is_key(term: Term, among: dict[Term, Term]) -> bool:
    return isinstance(term, str) and term in among


async def answer(instruction: Term, from_: Term, state: Term, data: Term) -> Term:
    """Do what an instruction says."""
    if isinstance(instruction, tuple):
        match instruction:
            case ("ret", result):
                return fill(result, from_, state, data)
            case ("error", reason):
                return erlang.error(reason)
            case ("exit", reason):
                return erlang.exit(reason)
            case ("throw", result):
                return erlang.throw(fill(result, from_, state, data))
            case ("in", {**where}, otherwise):
                return await answer(where[state] if is_key(state, where) else otherwise, from_, state, data)
            case ("do", module, function, args, then):
                note(data, ("did", await outcome(module, function, fill(args, from_, state, data))))
                return await answer(then, from_, state, data)
            case ("tell", message, then):
                note(data, message)
                return await answer(then, from_, state, data)
    return KEEP


def note(data: Term, message: Term) -> None:
    """Tell who listens."""
    if isinstance(data, dict) and "to" in data:
        # As the original's `catch`: nobody need listen.
        with suppress(ErlangException):
            erlang.send(data["to"], message)


def fill(term: Term, from_: Term, state: Term, data: Term) -> Term:
    """A result with what is known only now put in."""
    match term:
        case str():
            known = {"$from": from_, "$state": state, "$data": data, "$self": erlang.self()}
            return known.get(term, term)
        case tuple():
            match term:
                case ("$put", name, value):
                    if not isinstance(data, dict):
                        return erlang.error(("badmap", data))
                    return {**data, name: fill(value, from_, state, data)}
                case ("$in", ms):
                    return erlang.monotonic_time("millisecond") + ms
                case ("ret" | "throw", _) | ("in" | "tell", _, _) | ("do", _, _, _, _):
                    return term  # done only when it comes back as an event
            return tuple(fill(each, from_, state, data) for each in term)
        case list():
            return [fill(each, from_, state, data) for each in term]
    return term


def remember_mode(options: Term) -> None:
    """Keep what `callback_mode` is to return, where it finds it."""
    mode = maps_get("mode", options, "handle_event_function")
    ets.insert("scn_state", (("mode", erlang.self()), mode))


@code.module(name=ME)
class ScnStatem:
    """The module `scn_statem`."""

    async def init(options: Term) -> Term:
        remember_mode(options)
        if maps_get("trap", options, False):
            erlang.process_flag("trap_exit", True)
        if "init" in options:
            return await answer(options["init"], "none", "undefined", options)
        return ("ok", "a", options)

    async def callback_mode() -> Term:
        [(_, mode)] = ets.lookup("scn_state", ("mode", erlang.self()))
        if isinstance(mode, tuple) and len(mode) == 2:
            return await answer(mode, "none", "undefined", {})
        return mode

    async def a(kind: Term, content: Term, data: Term) -> Term:
        return await handle(kind, content, "a", data)

    async def b(kind: Term, content: Term, data: Term) -> Term:
        return await handle(kind, content, "b", data)

    async def c(kind: Term, content: Term, data: Term) -> Term:
        return await handle(kind, content, "c", data)

    async def handle_event(kind: Term, content: Term, state: Term, data: Term) -> Term:
        return await handle(kind, content, state, data)

    async def terminate(reason: Term, state: Term, data: Term) -> Term:
        note(data, ("terminated", state, reason))
        if isinstance(data, dict) and "on_terminate" in data:
            return await answer(data["on_terminate"], "none", state, data)
        return "ok"

    async def code_change(version: Term, state: Term, data: Term, extra: Term) -> Term:
        note(data, ("changed", version))
        if isinstance(extra, tuple) and len(extra) == 2:
            return await answer(extra, "none", state, data)
        return ("ok", state, data)

    def format_status(status: Term) -> Term:
        match status:
            case {"data": {"status": "hide"}}:
                return {**status, "data": "hidden"}
            case {"data": {"status": "crash"}}:
                return erlang.error("no_status")
            case {"data": {"status": "bad"}}:
                return "not_a_map"
        return status

    async def enter(options: Term, args: list[Term]) -> Term:
        remember_mode(options)
        proc_lib.init_ack(("ok", erlang.self()))
        return await code.call("gen_statem", "enter_loop", [ME, [], "a", options, *args])

    async def status(process: Term) -> Term:
        status = await sys.get_status(process)
        match status:
            case (_, _, module, [_, sys_state, _, debug, [(_, header), *rest]]):
                pass
            case _:
                return erlang.error(("badmatch", status))
        return (module, sys_state, debug, "pid" if ord("<") in header else header, rest)

    def log_text(report: Term, options: Term) -> Term:
        return gen_statem.format_log(report, options).encode()


@code.module(name="scn_statem_b")
class ScnStatemB:
    """The module `scn_statem_b`."""

    def callback_mode() -> Term:
        return "handle_event_function"

    async def handle_event(kind: Term, content: Term, state: Term, data: Term) -> Term:
        return await handle(kind, content, ("b_says", state), data)
