"""Starting and ending the processes of children, and doing what their plans decide.

A start function is called in the director itself; what it returns, or how it fails, becomes an
`Outcome`. A child is stopped as OTP's supervisor did it before OTP 20: monitored, unlinked, told to shut down, and
killed when its time is up.
"""

from __future__ import annotations

from types import CoroutineType

from director import plan, reporting
from director.child import Child
from director.children import Children
from director.state import State
from erlsim import TIMEOUT, code, erlang
from erlsim.errors import Throw, caught
from erlsim.terms import Pid, Term


class Stop(Exception):
    """The director has to end with `reason`."""

    def __init__(self, reason: Term) -> None:
        super().__init__(reason)
        self.reason = reason


class StartFailed(Exception):
    """The start function of a child gave no child, because of `reason`."""

    def __init__(self, reason: Term) -> None:
        super().__init__(reason)
        self.reason = reason


async def attempt(module: Term, function: str, args: list[Term]) -> Term:
    """What a callback returns or throws; `("error", reason)` when it fails."""
    try:
        value = code.function(module, function, len(args), args)(*args)
        if type(value) is CoroutineType:
            value = await value
    except Throw as thrown:
        return thrown.reason
    except Exception as failure:
        kind, reason, stack = caught(failure)
        return ("error", reason if kind == "exit" else (reason, stack))
    if value is None:
        return ("error", ("function_clause", [(code.name(module), function, args, [])]))
    return value


# ---- starting ---------------------------------------------------------------


async def start(state: State, child: Child) -> Child:
    """Start `child` and keep it; the child as it is then. Raises `StartFailed`, having reported it.

    A start function may also return `("restart", ms)`: it is called again then.
    """
    match await attempt(*child.start):
        case ("ok", Pid() as pid):
            started = child.up(pid)
        case ("ok", Pid() as pid, extra):
            started = child.up(pid, ("extra", extra))
        case "ignore":
            started = child.up("undefined")
        case ("restart", int(ms)) as reason if type(ms) is int and ms > 0:
            reporting.trouble(state.name, "start_child", reason, child)
            return delay(state, child, ms)
        case returned:
            reason = _failure(returned)
            reporting.trouble(state.name, "start_child", reason, child)
            raise StartFailed(reason)
    state.children.put(started)
    if started.running:
        reporting.progress(state.name, started)
        if state.watch is not None:
            state.watch("up", started)
    return started


def _failure(returned: Term) -> Term:
    match returned:
        case ("error", reason):
            return reason
    return ("bad_start_return_value", returned)


def delay(state: State, child: Child, ms: int) -> Child:
    """Keep `child` waiting: its start is tried in `ms` milliseconds."""
    waiting = child.waiting(erlang.start_timer(ms, erlang.self(), child.id))
    state.children.put(waiting)
    return waiting


def cancel(child: Child) -> Child:
    """`child` without its timer, which never fires then.

    DIVERGES(director): whether the original cancels timers is not known; one that fires later could start a
    child twice.
    """
    if child.pid != "restarting":
        return child
    erlang.cancel_timer(child.timer)
    return child.but(pid="undefined", timer="undefined")


# ---- a child has ended ------------------------------------------------------


async def ended(state: State, child: Child, reason: Term) -> None:
    """The process of `child` has ended for `reason`: report it and run the plan. Raises `Stop`."""
    reporting.trouble(state.name, "child_terminated", reason, child)
    await run_plan(state, child.down(), reason)


async def timer_fired(state: State, timer: Term, id_: Term) -> None:
    """A timer has fired: start its child. Raises `Stop`."""
    child = state.children.get(id_)
    if child is None or child.pid != "restarting" or child.timer != timer:
        return
    try:
        await start(state, child)
    except StartFailed as failed:
        await run_plan(state, child.down(), failed.reason)


async def run_plan(state: State, child: Child, reason: Term) -> None:
    """Do what the plan of `child` decides; a start that fails is a reason to run the plan again. Raises `Stop`.

    `child` is not kept yet: nobody can ask for it before there is a decision.
    """
    while True:
        step = plan.step(child, reason)
        if step.context is not None:
            reporting.trouble(state.name, step.context, reason, child)
        if state.watch is not None:
            state.watch("step", child, reason, step)
        match step.decision:
            case "restart":
                try:
                    await start(state, step.child)
                    return
                except StartFailed as failed:
                    child, reason = step.child, failed.reason
                # DIVERGES(director): the original does nothing else meanwhile. A start function that never waits
                # would keep everybody else from running, and from being noticed as a livelock.
                await erlang.yield_()
            case ("restart", ms):
                delay(state, step.child, ms)
                return
            case "wait":
                state.children.put(step.child, waiting=True)
                return
            case "delete":
                state.children.remove(step.child)
                return
            case ("stop", why):
                state.children.put(child)
                raise Stop(why)


# ---- ending -----------------------------------------------------------------


async def terminate(state: State, child: Child) -> Child:
    """End the process of `child`, or its waiting; the child without either, which is not kept yet."""
    if not child.running:
        return cancel(child)
    failure = await _shutdown(child.pid, child.terminate_timeout)
    if failure is not None:
        reporting.trouble(state.name, "shutdown_error", failure[0], child)
    return child.down()


async def terminate_all(state: State) -> None:
    """End all children, the youngest first.

    DIVERGES(director): as OTP's supervisor; the original goes through its hash table.
    """
    for child in reversed(list(state.children)):
        await terminate(state, child)
    state.children = Children()


async def _shutdown(pid: Pid, timeout: Term) -> tuple[Term] | None:
    """End a process: `None` if it ended as told, else a tuple with the reason that it gave."""
    ref = erlang.monitor("process", pid)
    erlang.unlink(pid)
    down = ("DOWN", ref, "process", pid, ...)
    gone = await erlang.receive(("EXIT", pid, ...), after=0)
    if gone is not TIMEOUT:
        await erlang.receive(down)
        return (gone[2],)
    brutal = timeout == 0
    erlang.exit(pid, "kill" if brutal else "shutdown")
    message = await erlang.receive(down, after="infinity" if brutal else timeout)
    late = message is TIMEOUT
    if late:
        erlang.exit(pid, "kill")
        message = await erlang.receive(down)
    reason = message[4]
    as_told = not late and isinstance(reason, str) and reason == ("killed" if brutal else "shutdown")
    return None if as_told else (reason,)
