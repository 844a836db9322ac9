"""The process of a director: how it starts, its loop, and what `sys` may ask of it.

A special process in OTP's sense, started by `gen` and known to it as the behaviour `director`. It traps
exits. Its parent's exit signal ends it, in order; every other one is about a child, or ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from director import reporting, requests, supervision, upgrade
from director.checks import default_childspec
from director.defaults import NOTHING
from director.elements import BadSpec
from director.state import State
from director.supervision import StartFailed, Stop
from director.table_order import in_table_order
from erlsim import code, erlang
from erlsim.errors import Exit
from erlsim.otp import gen, proc_lib, sys
from erlsim.otp.shared import keyfind
from erlsim.supervision import publish
from erlsim.terms import Pid, Term, chars

__erlang_module__ = "director"


# ---- starting ---------------------------------------------------------------


async def init_it(starter: Pid, parent: Term, name: Term, module: Term, argument: Term, options: Term) -> Term:
    """The first function of a director; `gen` calls it in the new process, which has its name already."""
    erlang.process_flag("trap_exit", True)
    state = State(gen.name_of(name), module, argument, erlang.make_ref(), NOTHING, keyfind("watch", options))
    debug = gen.debug_options(state.name, options)
    publish(lambda: state.children.published(), "director")
    try:
        if not await _init(state):
            await gen.unregister_name(name)
            proc_lib.init_ack(starter, "ignore")
            raise Exit("normal")
    except Stop as stop:
        await supervision.terminate_all(state)
        await gen.unregister_name(name)
        proc_lib.init_ack(starter, ("error", stop.reason))
        raise Exit(stop.reason) from None
    proc_lib.init_ack(starter, ("ok", erlang.self()))
    above: Pid = erlang.self() if parent == "self" else parent
    return await proc_lib.become(lambda: loop(above, debug, state))


async def _init(state: State) -> bool:
    """Ask the callback module and start the children; false if it wants no director. Raises `Stop`."""
    match await supervision.attempt(state.module, "init", [state.argument]):
        case ("ok", list(specs)):
            pass
        case ("ok", list(specs), default):
            try:
                state.default = default_childspec(default)
            except BadSpec as bad:
                raise Stop(bad.term) from None
        case "ignore":
            # DIVERGES(director): the original knows no `ignore` and never answers its starter.
            return False
        case ("stop", reason) | ("error", reason):
            raise Stop(reason)
        case returned:
            raise Stop(_bad_return(state, returned))
    await _start_children(state, specs)
    return True


def _bad_return(state: State, returned: Term) -> Term:
    what = [
        ("module", code.name(state.module)),
        ("function", "init"),
        ("arguments", [state.argument]),
        ("returne_value", returned),  # spelt so in the original
    ]
    return ("bad_return", what)


async def _start_children(state: State, specs: list[Term]) -> None:
    """Check all childspecs, then start the children in their order. Raises `Stop`."""
    try:
        children = upgrade.check_all(state, specs)
        for child in children:
            await supervision.start(state, child)
    except BadSpec as bad:
        raise Stop(bad.term) from None
    except StartFailed as failed:
        raise Stop(failed.reason) from None


# ---- the loop ---------------------------------------------------------------


async def loop(parent: Pid, debug: list[Term], state: State) -> NoReturn:
    """Take message after message, until one of them ends the director."""
    while True:
        message = await erlang.receive()
        try:
            match message:
                case ("system", from_, request):
                    debug = await _obey(request, from_, parent, debug, state)
                case ("EXIT", pid, reason) if pid == parent:
                    raise Stop(reason)
                case _:
                    debug = await _handle(message, debug, state)
        except Stop as stop:
            await _end(state, stop.reason)


async def _obey(request: Term, from_: Term, parent: Pid, debug: list[Term], state: State) -> list[Term]:
    """A system message; the debug options from now on. Raises `Stop`."""
    match await sys.serve(request, from_, parent, "director", debug, state):
        case ("terminate", reason, _, _):
            raise Stop(reason)
        case (_, options, _):
            debug = options
    return debug


async def _handle(message: Term, debug: list[Term], state: State) -> list[Term]:
    """Any other message; the debug options from now on. Raises `Stop`."""
    if debug:
        debug = await _traced(debug, ("in", message), state)
    match message:
        case ("$gen_call", from_, request):
            reply = await requests.answer(state, request)
            if debug:
                # Before the reply: who asked reads the line before the answer.
                debug = await _traced(debug, ("out", reply, from_), state)
            gen.reply(from_, reply)
        case ("EXIT", pid, reason):
            child = state.children.of_pid(pid)
            if child is not None:
                await supervision.ended(state, child, reason)
        case ("timeout", timer, id_):
            await supervision.timer_fired(state, timer, id_)
        case _:
            reporting.unexpected(state.name, message)
    return debug


async def _traced(debug: list[Term], event: Term, state: State) -> list[Term]:
    return await sys.handle_debug(debug, reporting.debug_line, state.name, event)


async def _end(state: State, reason: Term) -> NoReturn:
    """End all children, say why if it is not in order, and exit."""
    children = [child.properties() for child in in_table_order(state.children)]
    await supervision.terminate_all(state)
    match reason:
        case "normal" | "shutdown" | ("shutdown", _):
            pass
        case _:
            reporting.last_words(state.name, reason, children, state.record())
    raise Exit(reason)


# ---- what sys asks ----------------------------------------------------------


def system_get_state(state: State) -> Term:
    """`sys:get_state`: the state as a record."""
    return ("ok", state.record())


def system_replace_state(fun: Callable[[Term], Term], state: State) -> Term:
    """`sys:replace_state`: name, callback module, argument and default childspec may change; children stay."""
    record = fun(state.record())
    _, name, module, argument, _, default = record
    state.default = default_childspec(default)
    state.name, state.module, state.argument = name, module, argument
    return ("ok", record, state)


async def system_code_change(state: State, module: Term, vsn: Term, extra: Term) -> Term:
    """`sys:change_code`: ask the callback module again and take over its childspecs; see `upgrade`."""
    return await upgrade.code_change(state)


def format_status(option: str, status: Term) -> Term:
    """`sys:get_status`: what `supervisor:get_callback_module` looks for is under `supervisor`."""
    _, system_state, parent, debug, state = status
    return [
        ("header", gen.format_status_header("Status for director", state.name)),
        (
            "data",
            [(chars("Status"), system_state), (chars("Parent"), parent), (chars("Logged events"), sys.get_log(debug))],
        ),
        ("data", [(chars("State"), state.record())]),
        ("supervisor", [(chars("Callback"), code.name(state.module))]),
    ]
