"""The children of a simple_one_for_one supervisor: all alike, found by pid, stopped all at once.

Mirrors the dynamic half of OTP's supervisor. A child whose restart failed is kept under the mark
`("restarting", old pid)` until a restart succeeds.
"""

from __future__ import annotations

from typing import Any

from erlsim import erlang, releases, terms
from erlsim.errors import Error
from erlsim.otp.standing import standing
from erlsim.otp.supervisor.children import call_start, is_expected, unlink_flush
from erlsim.otp.supervisor.report import RESTART, TERMINATE_DYNAMIC, report_error
from erlsim.otp.supervisor.spec import Child, is_restarting, restarting
from erlsim.otp.supervisor.state import State
from erlsim.terms import Pid, Ref, Term, cons, matchable

__stands_for__ = standing("supervisor", {"start_child": "", "restart": "restart/3"})


async def start_child(extra: Term, state: State) -> Term:
    """Start a child with `extra` behind the template's arguments; the reply of `start_child`."""
    module, function, args = state.template().mfargs
    all_args = _append(args, extra)
    result = await call_start((module, function, all_args))
    if result[0] == "ok" and isinstance(result[1], Pid):
        state.dynamics.put(result[1], all_args)
    return result


def find(pid: Term, state: State) -> Child | None:
    """The record of the child `pid`, a pid or a restart mark, with that pid in it."""
    return state.template().with_pid(pid) if pid in state.dynamics else None


def find_for_caller(pid: Pid, state: State) -> Child | None:
    """As `find` for a pid that a caller names: one that restarts counts, and so does any dead pid."""
    found = find(pid, state) or find(restarting(pid), state)
    if found is None and not erlang.is_process_alive(pid):
        return state.template()
    return found


def with_args(child: Child, state: State) -> Child:
    """`child` with the arguments that it was started with, to start it again."""
    module, function, _ = child.mfargs
    return child._replace(mfargs=(module, function, state.dynamics.args(child.pid)))


async def restart(child: Child, state: State) -> tuple[Term | None, State]:
    """Start `child` again: `(None, state)`, or `(("try_again", mark), state)` when that fails."""
    dynamics = state.dynamics
    if child.is_restarting:
        state = state._replace(dynamic_restarts=state.dynamic_restarts - 1)
    result = await call_start(child.mfargs)
    if result[0] == "ok":
        if result[1] == "undefined" and releases.since(27):
            dynamics.remove(child.pid)
            return None, state
        # A start function that returns `ignore` here leaves a child without a pid, as OTP 25 does.
        dynamics.replace(child.pid, result[1], child.mfargs[2])
        return None, state
    mark = restarting(child.pid)
    state = state._replace(dynamic_restarts=state.dynamic_restarts + 1)
    dynamics.replace(child.pid, mark, child.mfargs[2])
    report_error("start_error", result[1], child, state.name, RESTART)
    return ("try_again", mark), state


def which_children(state: State) -> list[Term]:
    """`[("undefined", pid | "restarting", type, modules)]`, by pid."""
    template = state.template()
    return [shown(pid, template) for pid in state.dynamics.pids()]


def shown(pid: Term, child: Child) -> Term:
    """How a child is listed."""
    return ("undefined", "restarting" if is_restarting(pid) else pid, child.child_type, child.modules)


def count_children(state: State) -> list[Term]:
    size = len(state.dynamics)
    supervisors, workers = (size, 0) if state.template().child_type == "supervisor" else (0, size)
    active = size - state.dynamic_restarts
    return [("specs", 1), ("active", active), ("supervisors", supervisors), ("workers", workers)]


# -- stopping --------------------------------------------------------------------------------------


async def terminate_all(state: State) -> None:
    """Stop every child at once, under one timer; one report for each reason that is out of order."""
    template = state.template()
    waiting = _tell_all(template, state)
    timer: Ref | None = None
    if template.shutdown not in ("brutal_kill", "infinity"):
        timer = erlang.start_timer(template.shutdown, erlang.self(), "kill")
    deaths = await _wait_for_all(template, waiting, timer)
    for reason, pids in sorted(deaths.values(), key=lambda death: terms.sort_key(death[0])):
        report_error("shutdown_error", reason, template.with_pid(pids), state.name, TERMINATE_DYNAMIC)


def _tell_all(template: Child, state: State) -> dict[tuple[Pid, Ref], bool]:
    """Monitor each child and send it its exit signal; who is waited for."""
    signal = "kill" if template.shutdown == "brutal_kill" else "shutdown"
    waiting: dict[tuple[Pid, Ref], bool] = {}
    for pid in state.dynamics.pids():
        if isinstance(pid, Pid):
            waiting[pid, erlang.monitor("process", pid)] = True
            erlang.exit(pid, signal)
        elif not is_restarting(pid):
            raise Error("function_clause")  # the child without a pid: OTP 25 fails on it here, too
    return waiting


async def _wait_for_all(template: Child, waiting: dict[tuple[Pid, Ref], bool], timer: Ref | None) -> dict[Any, Any]:
    """Take every DOWN; `{key of reason: (reason, [pid])}` of the deaths to report."""
    deaths: dict[Any, tuple[Term, list[Pid]]] = {}

    def awaited(message: Term) -> bool:
        match matchable(message):
            case ("DOWN", ref, "process", pid, _):
                return (pid, ref) in waiting
            case ("timeout", ref, "kill"):
                return bool(ref == timer)
        return False

    while waiting:
        message = await erlang.receive(awaited)
        if message[0] == "timeout":
            timer = None
            for pid, _ in waiting:
                erlang.exit(pid, "kill")
            continue
        _, monitor, _, pid, default = message
        del waiting[pid, monitor]
        reason = await unlink_flush(pid, default)
        if not is_expected(template, reason):
            deaths.setdefault(terms.key(reason), (reason, []))[1].append(pid)
    if timer is not None:
        # The timer may have fired meanwhile; its message must not stay behind.
        erlang.cancel_timer(timer)
        await erlang.receive(("timeout", timer, "kill"), after=0)
    return deaths


def _append(args: Term, extra: Term) -> Term:
    """`Args ++ Extra`; what is no list ends an improper one, and the start function then fails."""
    if not isinstance(args, list):
        raise Error("badarg")
    return cons(args, extra)
