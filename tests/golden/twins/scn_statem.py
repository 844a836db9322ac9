"""Twin of `scn_statem`: a state machine that does what its events say.

Instructions and options are those of the Erlang module, whose clauses these are. `ScnStatemB` is the twin of
`scn_statem_b`.
"""

from __future__ import annotations

from contextlib import suppress

from erlsim import ErlangException, code, erlang, ets
from erlsim.otp import gen_statem, proc_lib, sys
from erlsim.terms import Term
from tests.golden.twins.scn_worker import maps_get

ME = "scn_statem"
KEEP = "keep_state_and_data"


def handle(kind: Term, content: Term, state: Term, data: Term) -> Term:
    """What every state does with every event."""
    match kind:
        case "enter":
            note(data, ("entered", state, content))
            match data:
                case {"enter": {**entering}} if is_key(state, entering):
                    return answer(entering[state], "none", state, data)
            return KEEP
        case ("call", from_):
            note(data, ("seen", state, "call", content))
            return answer(content, from_, state, data)
    note(data, ("seen", state, kind, content))
    return answer(content, data.get("from", "none") if isinstance(data, dict) else "none", state, data)


def is_key(term: Term, among: dict[Term, Term]) -> bool:
    return isinstance(term, str) and term in among


def answer(instruction: Term, from_: Term, state: Term, data: Term) -> Term:
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
            case ("tell", message, then):
                note(data, message)
                return answer(then, from_, state, data)
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
            return {"$from": from_, "$state": state, "$data": data}.get(term, term)
        case tuple():
            match term:
                case ("$put", name, value):
                    return {**data, name: fill(value, from_, state, data)}
                case ("$in", ms):
                    return erlang.monotonic_time("millisecond") + ms
                case ("ret" | "throw", _):
                    return term
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

    def init(options: Term) -> Term:
        remember_mode(options)
        if maps_get("trap", options, False):
            erlang.process_flag("trap_exit", True)
        if "init" in options:
            return answer(options["init"], "none", "undefined", options)
        return ("ok", "a", options)

    def callback_mode() -> Term:
        [(_, mode)] = ets.lookup("scn_state", ("mode", erlang.self()))
        if isinstance(mode, tuple) and len(mode) == 2:
            return answer(mode, "none", "undefined", {})
        return mode

    def a(kind: Term, content: Term, data: Term) -> Term:
        return handle(kind, content, "a", data)

    def b(kind: Term, content: Term, data: Term) -> Term:
        return handle(kind, content, "b", data)

    def c(kind: Term, content: Term, data: Term) -> Term:
        return handle(kind, content, "c", data)

    def handle_event(kind: Term, content: Term, state: Term, data: Term) -> Term:
        return handle(kind, content, state, data)

    def terminate(reason: Term, state: Term, data: Term) -> Term:
        note(data, ("terminated", state, reason))
        if isinstance(data, dict) and "on_terminate" in data:
            return answer(data["on_terminate"], "none", state, data)
        return "ok"

    def code_change(version: Term, state: Term, data: Term, extra: Term) -> Term:
        note(data, ("changed", version))
        if isinstance(extra, tuple) and len(extra) == 2:
            return answer(extra, "none", state, data)
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
        _, _, module, [_, sys_state, _, debug, [(_, header), *rest]] = status
        return (module, sys_state, debug, "pid" if ord("<") in header else header, rest)

    def log_text(report: Term, options: Term) -> Term:
        return gen_statem.format_log(report, options).encode()


@code.module(name="scn_statem_b")
class ScnStatemB:
    """The module `scn_statem_b`."""

    def callback_mode() -> Term:
        return "handle_event_function"

    def handle_event(kind: Term, content: Term, state: Term, data: Term) -> Term:
        return handle(kind, content, ("b_says", state), data)
