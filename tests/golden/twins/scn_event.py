"""Twin of `scn_event`: an event handler that does what its events say.

Instructions and options are those of the Erlang module, whose clauses these are. `ScnEventB` is the twin of
`scn_event_b`.
"""

from __future__ import annotations

from contextlib import suppress

from erlsim import ErlangException, code, erlang
from erlsim.otp import gen_event
from erlsim.terms import Term


def answer(instruction: Term, state: Term, otherwise: Term) -> Term:
    """Do what an instruction says."""
    if isinstance(instruction, tuple):
        match instruction:
            case ("ret", result):
                return fill(result, state)
            case ("error", reason):
                return erlang.error(reason)
            case ("exit", reason):
                return erlang.exit(reason)
            case ("throw", result):
                return erlang.throw(fill(result, state))
    return otherwise


def note(state: Term, what: Term) -> None:
    """Tell who listens."""
    if isinstance(state, dict) and "to" in state and "id" in state:
        # As the original's `catch`: nobody need listen.
        with suppress(ErlangException):
            erlang.send(state["to"], (state["id"], what))


def fill(term: Term, state: Term) -> Term:
    """A result with what is known only now put in."""
    match term:
        case "$state":
            return state
        case tuple():
            if len(term) == 3 and term[0] == "$put":
                return {**state, term[1]: fill(term[2], state)}
            return tuple(fill(each, state) for each in term)
        case list():
            return [fill(each, state) for each in term]
    return term


@code.module(name="scn_event")
class ScnEvent:
    """The module `scn_event`."""

    def init(args: Term) -> Term:
        if isinstance(args, tuple) and len(args) == 2 and isinstance(args[0], dict):
            note(args[0], "began")
            return ("ok", {**args[0], "before": args[1]})
        if isinstance(args, dict):
            note(args, "began")
            return ("ok", args, "hibernate") if args.get("hibernate") is True else ("ok", args)
        match args:
            case (("ret" | "error" | "exit" | "throw", _) as instruction, _) if isinstance(instruction, tuple):
                return answer(instruction, {}, "none")
        return answer(args, {}, "none")

    def handle_event(event: Term, state: Term) -> Term:
        note(state, ("event", event))
        return answer(event, state, ("ok", state))

    def handle_info(info: Term, state: Term) -> Term:
        note(state, ("info", info))
        return answer(info, state, ("ok", state))

    def handle_call(request: Term, state: Term) -> Term:
        note(state, ("call", request))
        return answer(request, state, ("ok", state, state))

    def terminate(args: Term, state: Term) -> Term:
        note(state, ("terminated", args))
        if isinstance(state, dict) and "on_terminate" in state:
            return answer(state["on_terminate"], state, "ok")
        return "ok"

    def code_change(version: Term, state: Term, extra: Term) -> Term:
        note(state, ("changed", version))
        return answer(extra, state, ("ok", state))

    def format_status(status: Term) -> Term:
        match status:
            case {"state": {"status": "hide"}}:
                return {**status, "state": "hidden"}
            case {"state": {"status": "crash"}}:
                return erlang.error("no_status")
        return status

    def log_text(report: Term, options: Term) -> Term:
        return gen_event.format_log(report, options).encode()


@code.module(name="scn_event_b")
class ScnEventB:
    """The module `scn_event_b`."""

    def init(args: Term) -> Term:
        return ("ok", args)

    def handle_event(event: Term, state: Term) -> Term:
        if isinstance(event, tuple) and len(event) == 2 and event[0] == "ret":
            return event[1]
        return ("ok", [event, *state]) if isinstance(state, list) else ("ok", state)

    def handle_call(_request: Term, state: Term) -> Term:
        return ("ok", state, state)
