"""Starting and ending the processes of children, and doing what their plans decide.

A start function is called in the director itself. Afterwards the director traps exits again, in case the function has
switched that off. A child is stopped as OTP's supervisor did it before OTP 20: monitored, unlinked, told to shut
down, and killed when its time is up.
"""

from __future__ import annotations

from types import CoroutineType

from director import plan, reporting
from director.child import Child
from director.children import Children
from director.state import State
from erlsim import TIMEOUT, code, erlang
from erlsim.errors import Throw, caught, exit_reason, pass_on
from erlsim.otp.shared import no_clause
from erlsim.terms import Pid, Ref, Term, exact_eq, matchable


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
    """`catch apply(Module, Function, Args)`: what it returns or throws; `("EXIT", reason)` when it fails.

    Written without helper functions, as every restart comes here.
    """
    if type(args) is not list:
        return ("EXIT", ("badarg", [("erlang", "apply", [module, function, args], [])]))
    try:
        value = code.function(module, function, len(args), args)(*args)
        if type(value) is CoroutineType:
            value = await value
        if value is None:
            raise no_clause(module, function, args)
        return value
    except Throw as thrown:
        return thrown.reason
    except Exception as failure:
        pass_on(failure)
        return ("EXIT", exit_reason(*caught(failure)))


# ---- starting ---------------------------------------------------------------


async def start(state: State, child: Child) -> Child:
    """Start `child` and keep it; the child as it is then. Raises `StartFailed`, having reported it.

    A start function may also return `("restart", ms)`: it is called again then.
    """
    returned = await attempt(*child.start)
    erlang.process_flag("trap_exit", True)
    match matchable(returned):
        case ("ok", Pid() as pid):
            started = child.up(pid)
        case ("ok", Pid() as pid, extra):
            started = child.up(pid, ("extra", extra))
        case "ignore":
            started = child.up("undefined")
        case ("restart", ms) if type(ms) is int and ms >= 0:
            reporting.trouble(state.name, "start_child", returned, child)
            return delay(state, child, ms)
        case _:
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
    match matchable(returned):
        case ("error" | "EXIT", reason):
            return reason
        case ("restart", time):
            return ("director_restart_time_range_or_type", [("director_restart", time)])
    return ("bad_start_return_value", returned)


def delay(state: State, child: Child, ms: int) -> Child:
    """Keep `child` waiting: its start is tried in `ms` milliseconds."""
    waiting = child.waiting(erlang.start_timer(ms, erlang.self(), child.id))
    state.children.put(waiting)
    return waiting


def cancel(child: Child) -> Child:
    """`child`, which does not run, no longer waiting for its restart, if it was.

    Its last timer may be over, or forgotten by a code change. One that had fired already still starts it: see
    `timer_fired`.
    """
    if type(child.timer) is Ref:
        erlang.cancel_timer(child.timer)
    return child.but(pid="undefined")


# ---- a child has ended ------------------------------------------------------


async def ended(state: State, child: Child, reason: Term) -> None:
    """The process of `child` has ended for `reason`: report it and run the plan. Raises `Stop`."""
    reporting.trouble(state.name, "child_terminated", reason, child)
    down = child.down()
    await run_plan(state, down, reason, down)


async def timer_fired(state: State, timer: Term, id_: Term) -> None:
    """A timer has fired: start its child, if that is the last timer that it had. Raises `Stop`.

    So the child is started also if its timer fired before a `terminate_child` that lay in the mailbox was answered. A
    child that cannot be started is forgotten until its plan has decided, and goes on as `"restarting"`: all of this as
    in the original.
    """
    child = state.children.get(id_)
    if child is None or child.running or child.timer != timer:
        return
    try:
        await start(state, child)
    except StartFailed as failed:
        state.children.remove(child)
        await run_plan(state, child, failed.reason, None)


async def run_plan(state: State, child: Child, reason: Term, kept: Child | None) -> None:
    """Do what the plan of `child` decides; a start that fails is a reason to run the plan again. Raises `Stop`.

    `kept` is the child as its director has it until there is a decision, `None` if it has forgotten it. It is stored
    when the decision is made, since nobody can ask before. `delete` deletes a child that has just ended; one whose
    restart has failed meanwhile stays as `kept`, as in the original.
    """
    while True:
        step = plan.step(child, reason)
        if step.context is not None:
            reporting.trouble(state.name, step.context, reason, child)
        if state.watch is not None:
            state.watch("step", child, reason, step)
        match matchable(step.decision):
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
                if child is kept:
                    state.children.remove(child)
                elif kept is not None:
                    state.children.put(kept)
                return
            case ("stop", why):
                if kept is not None:
                    state.children.put(kept)
                raise Stop(why)


# ---- ending -----------------------------------------------------------------


async def terminate(state: State, child: Child) -> Child:
    """End the process of `child`, or its waiting; the child without either, which is not kept yet."""
    if not child.running:
        return cancel(child)
    await _end_process(state, child)
    return child.down()


async def _end_process(state: State, child: Child) -> None:
    failure = await _shutdown(child.pid, child.terminate_timeout)
    if failure is not None:
        reporting.trouble(state.name, "shutdown_error", failure[0], child)


async def terminate_all(state: State) -> None:
    """End all children, the youngest first.

    DIVERGES(director): as OTP's supervisor; the original goes through its hash table.
    """
    for child in reversed(list(state.children)):
        if child.running:
            await _end_process(state, child)
        else:
            cancel(child)
    state.children = Children()


async def _shutdown(pid: Pid, timeout: Term) -> tuple[Term] | None:
    """End a process: `None` if it ended as told, or was killed because its time was up, else its reason in a tuple."""
    ref = erlang.monitor("process", pid)
    erlang.unlink(pid)
    down = ("DOWN", ref, "process", pid, ...)
    gone = await erlang.receive(("EXIT", pid, ...), after=0)
    if gone is not TIMEOUT:
        await erlang.receive(down)
        return (gone[2],)
    expected, message = "shutdown", TIMEOUT
    if timeout != 0:
        erlang.exit(pid, "shutdown")
        message = await erlang.receive(down, after=timeout)
    if message is TIMEOUT:
        expected = "killed"
        erlang.exit(pid, "kill")
        message = await erlang.receive(down)
    reason = message[4]
    return None if exact_eq(reason, expected) else (reason,)
