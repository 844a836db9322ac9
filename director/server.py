"""The process of a director: how it starts, its loop, and what `sys` may ask of it.

A special process in OTP's sense, started by `gen` and known to it as the behaviour `director`. It traps
exits. Its parent's exit signal ends it; every other one is about a child, or ignored. Whatever it ends for, it logs an
error message with its children and its state.
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
from erlsim import code, erlang
from erlsim.errors import Exit
from erlsim.otp import gen, proc_lib, sys
from erlsim.otp.shared import apply_fun, keyfind
from erlsim.supervision import disclose, publish
from erlsim.terms import Pid, Term, chars, matchable

__erlang_module__ = "director"


# ---- starting ---------------------------------------------------------------


async def init_it(starter: Pid, parent: Term, name: Term, module: Term, argument: Term, options: Term) -> Term:
    """The first function of a director; `gen` calls it in the new process, which has its name already."""
    erlang.process_flag("trap_exit", True)
    state = State(gen.name_of(name), module, argument, erlang.make_ref(), NOTHING, keyfind("watch", options))
    state.debug = gen.debug_options(state.name, options)
    publish(lambda: state.children.published(), "director")
    try:
        await _init(state)
    except upgrade.Ignored:
        # DIVERGES(director): the original knows no `ignore` and never answers its starter.
        await gen.unregister_name(name)
        proc_lib.init_ack(starter, "ignore")
        raise Exit("normal") from None
    except Stop as stop:
        await supervision.terminate_all(state)
        await gen.unregister_name(name)
        proc_lib.init_ack(starter, ("error", stop.reason))
        raise Exit(stop.reason) from None
    proc_lib.init_ack(starter, ("ok", erlang.self()))
    above: Pid = erlang.self() if parent == "self" else parent
    return await proc_lib.become(lambda: loop(above, state))


async def _init(state: State) -> None:
    """Ask the callback module, then start the children in their order. Raises `Stop`, or `upgrade.Ignored`."""
    try:
        for child in await upgrade.ask(state):
            await supervision.start(state, child)
    except BadSpec as bad:
        raise Stop(bad.term) from None
    except StartFailed as failed:
        raise Stop(failed.reason) from None


# ---- the loop ---------------------------------------------------------------


async def loop(parent: Pid, state: State) -> NoReturn:
    """Take message after message, until one of them ends the director."""
    disclose(state.record)
    while True:
        message = await erlang.receive()
        try:
            match matchable(message):
                case ("$gen_call", from_, request) if type(from_) is tuple and len(from_) == 2:
                    await _answer(state, from_, request)
                case ("EXIT", pid, reason):
                    if state.debug:
                        await _traced(state, ("in", ("exit", pid, reason)))
                    if pid == parent:
                        raise Stop(reason)
                    child = state.children.of_pid(pid)
                    if child is not None:
                        await supervision.ended(state, child, reason)
                case ("timeout", timer, id_):
                    if state.debug:
                        await _traced(state, message)
                    await supervision.timer_fired(state, timer, id_)
                case ("system", from_, request):
                    await _serve_system_message(request, from_, parent, state)
                case _:
                    reporting.unexpected(state.name, message)
        except Stop as stop:
            await _end(state, stop.reason)


async def _answer(state: State, from_: tuple[Term, Term], request: Term) -> None:
    """Send the answer to the pid, not to the alias in `tag`: it arrives even if it is too late, as in the original."""
    if state.debug:
        await _traced(state, ("in", ("call", from_, request)))
    pid, tag = from_
    reply = await requests.answer(state, request)
    if state.debug:
        # Before the reply is sent, so that the line is printed before the caller goes on.
        await _traced(state, ("out", pid, reply))
    erlang.send(pid, (tag, reply))


async def _serve_system_message(request: Term, from_: Term, parent: Pid, state: State) -> None:
    """Do what a system message asks for. Raises `Stop`."""
    match matchable(await sys.serve(request, from_, parent, "director", state.debug, state)):
        case ("terminate", reason, debug, _):
            state.debug = debug
            raise Stop(reason)
        case (_, debug, _):
            state.debug = debug


async def _traced(state: State, event: Term) -> None:
    state.debug = await sys.handle_debug(state.debug, reporting.debug_line, state.name, event)


async def _end(state: State, reason: Term) -> NoReturn:
    """End all children, say why, print the events that were kept, and exit."""
    children = list(state.children)
    await supervision.terminate_all(state)
    reporting.final_message(state.name, reason, children, state.record())
    await sys.print_log(state.debug)
    raise Exit(reason)


# ---- what sys asks ----------------------------------------------------------


def system_get_state(state: State) -> Term:
    """`sys:get_state`: the state as a record."""
    return ("ok", state.record())


async def system_replace_state(fun: Callable[[Term], Term], state: State) -> Term:
    """`sys:replace_state`: name, callback module, argument and default childspec may change; children stay."""
    record = await apply_fun(fun, state.record())
    _, name, module, argument, _, default = record
    state.default = default_childspec(default)
    state.name, state.module, state.argument = name, module, argument
    return ("ok", record, state)


async def system_code_change(state: State, module: Term, vsn: Term, extra: Term) -> Term:
    """`sys:change_code`: ask the callback module again and take over its childspecs; see `upgrade`."""
    return await upgrade.code_change(state)


def format_status(option: str, status: Term) -> Term:
    """`sys:get_status`: the state and, for `supervisor:get_callback_module`, the callback module."""
    state = status[-1]
    return [state.record(), ("supervisor", [(chars("Callback"), code.name(state.module))])]
