"""Processes whose starter waits until they say that they have started. Mirrors `proc_lib:start_link`, `init_ack`."""

from __future__ import annotations

from typing import Any, NoReturn

from erlsim import code, erlang, releases
from erlsim.erlang import TIMEOUT
from erlsim.errors import Error, Exit, Throw
from erlsim.otp.proc_lib.processes import spawn_link, spawn_opt
from erlsim.terms import Pid, Ref, Term, matchable

_NONE: Any = object()


async def start(module: Term, function: Term, args: Term, timeout: Term = "infinity", options: Term = None) -> Term:
    """Start a process and wait until it has called `init_ack`; what it acknowledged, or `("error", reason)`.

    `timeout` in milliseconds; when it has passed the process is killed and `("error", "timeout")` returned. Since
    OTP 26 a process whose start has failed is dead, and its `EXIT` taken out of the mailbox, when this returns.
    """
    options = _start_options("start", module, function, args, timeout, options)
    pid, ref = spawn_opt(module, function, args, ["monitor", *options])
    if releases.since(26):
        value, _ = await _outcome_of_start(pid, ref, timeout)
        return value
    message = await erlang.receive(("ack", pid, ...), ("DOWN", ref, "process", pid, ...), after=timeout)
    if message is TIMEOUT:
        erlang.demonitor(ref, ["flush"])
        await _kill_flush(pid)
        return ("error", "timeout")
    if message[0] == "ack":
        erlang.demonitor(ref, ["flush"])
        return message[2]
    return ("error", message[4])


async def start_link(
    module: Term, function: Term, args: Term, timeout: Term = "infinity", options: Term = None
) -> Term:
    """As `start`, linked to the caller: a failing start sends the caller an exit signal too."""
    options = _start_options("start_link", module, function, args, timeout, options)
    if releases.since(26):
        pid, ref = spawn_opt(module, function, args, ["link", "monitor", *options])
        value, _ = await _outcome_of_start(pid, ref, timeout)
        return value
    pid = spawn_opt(module, function, args, ["link", *options]) if options else spawn_link(module, function, args)
    message = await erlang.receive(("ack", pid, ...), ("EXIT", pid, ...), after=timeout)
    if message is TIMEOUT:
        await _kill_flush(pid)
        return ("error", "timeout")
    return message[2] if message[0] == "ack" else ("error", message[2])


async def start_monitor(
    module: Term, function: Term, args: Term, timeout: Term = "infinity", options: Term = None
) -> Term:
    """As `start`, monitored: `(value, ref)`; the `DOWN` message of a failed start stays in the mailbox."""
    options = _start_options("start_monitor", module, function, args, timeout, options)
    pid, ref = spawn_opt(module, function, args, ["monitor", *options])
    if releases.since(26):
        value, down = await _outcome_of_start(pid, ref, timeout, keep=True)
        if down is not None:
            erlang.send(erlang.self(), down)
        return (value, ref)
    message = await erlang.receive(("ack", pid, ...), ("DOWN", ref, "process", pid, ...), after=timeout)
    if message is TIMEOUT:
        await _kill_flush(pid)
        return (("error", "timeout"), ref)
    if message[0] == "ack":
        return (message[2], ref)
    erlang.send(erlang.self(), message)
    return (("error", message[4]), ref)


async def _outcome_of_start(pid: Pid, ref: Ref, timeout: Term, keep: bool = False) -> tuple[Term, Term]:
    """What a start function of OTP 26 returns, and the `DOWN` of the process if it has failed to start.

    Whoever fails is dead when his starter goes on, so that what he held can be had again. `keep` the monitor of one
    that has started.
    """
    message = await erlang.receive(
        ("ack", pid, ...), ("nack", pid, ...), ("DOWN", ref, "process", pid, ...), after=timeout
    )
    if message is TIMEOUT:
        await _kill_flush(pid)
        return ("error", "timeout"), await _down(pid, ref)
    if message[0] == "ack":
        if not keep:
            erlang.demonitor(ref, ["flush"])
        return message[2], None
    # An `EXIT` that is there is proof of a link; behind `unlink` none can come.
    erlang.unlink(pid)
    await erlang.receive(("EXIT", pid, ...), after=0)
    if message[0] == "nack":
        return message[2], await _down(pid, ref)
    return ("error", message[4]), message


async def _down(pid: Pid, ref: Ref) -> Term:
    return await erlang.receive(("DOWN", ref, "process", pid, ...))


def init_ack(parent: Term, value: Term = _NONE) -> str:
    """`init_ack(value)` or `init_ack(parent, value)`: let the starter go on with `value`; `"ok"`."""
    if value is _NONE:
        parent, value = _parent(), parent
    erlang.send(parent, ("ack", erlang.self(), value))
    return "ok"


def init_fail(parent: Term, value: Term, exception: Term = _NONE) -> NoReturn:
    """`init_fail(value, exception)` or `init_fail(parent, value, exception)`: end, and the starter then has `value`.

    `exception` is `(class, reason)` or `(class, reason, stack)`, class `"error"`, `"exit"` or `"throw"`. Since OTP 26.
    """
    releases.demand("proc_lib", "init_fail", [parent, value] if exception is _NONE else [parent, value, exception])
    if exception is _NONE:
        parent, value, exception = _parent(), parent, value
    erlang.send(parent, ("nack", erlang.self(), value))
    match matchable(exception):
        case ("error", reason):
            raise Error(reason)
        case ("exit", reason):
            raise Exit(reason)
        case ("throw", reason):
            raise Throw(reason)
        case (kind, reason, stack):
            erlang.raise_(kind, reason, stack)
            raise Error("badarg", [("proc_lib", "init_fail", [parent, value, exception], [])])
    raise Error(("case_clause", exception))


def _parent() -> Term:
    ancestors = erlang.get("$ancestors")
    if type(ancestors) is not list or not ancestors:
        raise Error(("badmatch", ancestors))
    return ancestors[0]


def _start_options(function: str, *call: Term) -> list[Term]:
    """The options of a start function, which has been called with these arguments; none of them may be `monitor`."""
    options = [] if call[4] is None else call[4]
    if not code.is_call(*call[:3]):
        raise Error("function_clause", [("proc_lib", function, list(call), [])])
    if type(options) is not list:
        raise Error("badarg", [("lists", "member", ["monitor", options], [])])
    for option in options:
        if option == "monitor" or (type(option) is tuple and option and option[0] == "monitor"):
            raise Error("badarg", [("proc_lib", function, list(call), [])])
    return options


async def _kill_flush(pid: Pid) -> None:
    erlang.unlink(pid)
    erlang.exit(pid, "kill")
    await erlang.receive(("EXIT", pid, ...), after=0)
