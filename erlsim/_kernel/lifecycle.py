"""Births and deaths: how a process comes into the table and what its end does to the world.

The order of an end is OTP's: timers aimed at the process are cancelled, then what it owns (ETS
tables) goes, then its name, then exit signals to its links, then DOWN to its monitors. Last its
coroutine is closed: `finally` blocks run, but the world does not listen to them any more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Final, NoReturn

from erlsim._kernel.links import Links, Monitors
from erlsim._kernel.mailbox import LONG, NOTHING
from erlsim._kernel.sending import bounce, post, wake, wake_for_note
from erlsim._kernel.signals import PLAIN, CrashSignal, DownSignal, ExitSignal, Signal, drop_monitor
from erlsim._kernel.world import EMPTY, WATCHED, Monitor, Node, Process, Registry, World
from erlsim.errors import ErlsimError, Exit, ProcessKilled, caught, ends_run, exit_reason, pass_on
from erlsim.terms import Pid
from erlsim.terms.ids import pid_on

_CODE: Final = (CoroutineType, GeneratorType)


# ---- births -----------------------------------------------------------------------


def new_process(
    world: World, body: Callable[[], Any] | None, parent: Process | None, node: Node | None = None
) -> Process:
    """A process in the table, not yet in the run queue: on `node`, or where its parent is, or on the first one."""
    if world.nodes is not None and (node is not None or parent is not None):
        pid = _pid_of(world, node if node is not None or parent is None else world.node_of(parent.pid))
    else:
        pid = Pid(world.next_pid)
        world.next_pid += 1
    process = Process(world, pid, body)
    pid.home = process
    world.table[pid.number] = process
    if parent is not None:
        process.group_leader = parent.group_leader
        process.parent = parent.pid
    if world.steps is not None:
        world.steps.born(process, parent)
    return process


def _pid_of(world: World, node: Node | None) -> Pid:
    """A fresh pid of a node."""
    number = 0 if node is None else node.number
    counts: Any = node if number else world
    pid = pid_on(number, counts.next_pid)
    counts.next_pid += 1
    return pid


def spawn(
    world: World, body: Callable[[], Any], initial_call: tuple[str, str, int], node: Node | None = None
) -> Process:
    """A new child of the running process, at the end of the run queue; on its node if there is no other `node`."""
    parent = world.current
    process = new_process(world, body, parent, node)
    process.initial_call = initial_call
    box = parent.mailbox
    if box and len(box) >= LONG:
        box.set_mark(process.pid)
    if world.tracer is not None:
        world.note("spawn", parent.pid, process.pid, initial_call)
    world.ready.append(process)
    return process


def begin(process: Process) -> Any:
    """First run: call the body; a coroutine goes on in the loop, a plain function has ended."""
    world = process.world
    body, process.body = process.body, None
    assert body is not None
    if world.steps is not None and (process.rare is None or not process.is_system):
        process.code = world.steps.fiber(body)
        return None
    try:
        result = body()
    except BaseException as exc:
        crash(process, exc)
        return NOTHING
    if type(result) in _CODE:
        process.code = result
        return None
    if isinstance(result, AsyncGeneratorType):
        crash(process, TypeError(f"{result.__qualname__} yields: a process is an async function without yield"))
        return NOTHING
    finish(process)
    return NOTHING


def begin_anew(process: Process, body: Callable[[], Any]) -> Any:
    """Close the coroutine of `process`; it goes on as `body` when a message is there."""
    close_code(process)
    process.body = body
    process.waiting = body
    process.parked = True
    if process.mailbox or process.inq:
        wake(process)
    return NOTHING


# ---- ways to end ------------------------------------------------------------------


def finish(process: Process) -> None:
    """The code of `process` has come to its end."""
    world = process.world
    if world.closing:
        world.closing, world.inside = False, True
    # It has unwound already: there is nothing to close.
    process.code = None
    if process.alive:
        if process.body is not None:
            world.ready.append(process)
        elif world.steps is not None:
            world.steps.stand_before_end(process, "normal", partial(terminate, process, "normal"))
        else:
            terminate(process, "normal")


def crash(process: Process, exc: BaseException) -> None:
    """`exc` has escaped from `process`, which ends of it, unless it ends the run."""
    world = process.world
    unwound, world.closing, world.inside = world.closing, False, True
    world.note_watchers()
    # Who has caught that he is dead hears it again from whatever he asks of the world.
    if ends_run(exc) and not (unwound and isinstance(exc, GeneratorExit)):
        if process.alive:
            # Its code is gone: should the world go on after all, the process does not.
            process.code = None
            process.body = partial(terminate, process, "killed")
            world.ready.append(process)
        raise exc
    if not process.alive:
        process.code = None
        return
    if process.body is not None:
        # It has sent itself a deadly signal. Whatever its code has made of that, the signal ends it.
        process.code = None
        world.ready.append(process)
        return
    if world.blame is not None:
        world.blame.failed(process, exc)
    if isinstance(exc, Exit):
        # What ends of its own will is not logged and has no stack in its reason.
        process.code = None
        if world.steps is not None:
            world.steps.stand_before_end(process, exc.reason, partial(terminate, process, exc.reason))
        else:
            terminate(process, exc.reason)
        return
    if isinstance(exc, ProcessKilled):
        raise ErlsimError(f"ProcessKilled raised in living {process!r}") from exc
    kind, reason, stack = caught(exc)
    reason = exit_reason(kind, reason, stack)
    if world.steps is not None:
        process.code = None
        world.steps.stand_before_end(process, reason, partial(_end_of_crash, process, kind, reason, exc))
    else:
        _end_of_crash(process, kind, reason, exc)


def _end_of_crash(process: Process, kind: str, reason: Any, exc: BaseException) -> None:
    if process.world.on_crash is not None:
        process.world.on_crash(process, kind, reason, exc)
    terminate(process, reason)


def drop(process: Process) -> Any:
    """The code of `process` has caught what was to unwind it, and waits: it is left where it is."""
    body, alive = process.body, process.alive
    close_code(process)
    process.body = body if alive else None
    crash(process, ProcessKilled())
    return NOTHING


def unwind(world: World) -> NoReturn:
    """The running process has just died of its own doing: leave its code at once."""
    world.closing = True
    world.inside = False
    world.slow = WATCHED
    raise ProcessKilled


def end_in_turn(process: Process, reason: Any) -> NoReturn:
    """The running process has sent itself a deadly signal: its code goes no further, others run, then it ends."""
    post(process, CrashSignal(reason))
    # The signal is what ends it. That there is a body yet says that a turn is to come.
    process.body = partial(terminate, process, reason)
    unwind(process.world)


def abandon(world: World) -> None:
    """The world is over: leave the code of every process, with the world shut to what it does on its way out."""
    for process in world.processes():
        if process is not world.shell:
            close_code(process)


def dissolve(world: World) -> None:
    """The world has been abandoned, and nobody will act in it or look at it again: take it to pieces.

    Its parts know each other, and Python's collector would have to find out that nobody else does. Where worlds are
    made by the thousand that takes a tenth of the time.
    """
    world.interrupted, world.closing, world.slow = "its end", True, WATCHED
    for process in world.table.values():
        process.pid.home = process.code = process.stand = process.timer = process.rare = None
        process.links = process.monitors = process.monitored_by = process.timers = None
        process.inq = EMPTY
    if world.steps is not None:
        world.steps.dissolve()
    world.clock.dissolve()
    for part in (world.table, world.ready, world.extensions, world.inbox, world.late):
        part.clear()
    world.registry = Registry()
    world.nodes = None
    world.node_watchers = []
    world.chooser = world.on_crash = world.tracer = world.seen = world.diversion = None
    world.blame = world.steps = world.unsent = world.sent = world.received = None
    del world.shell, world.current, world.drive


# ---- the end, step by step --------------------------------------------------------


def terminate(process: Process, reason: Any, by: Process | None = None) -> None:
    """End `process` with `reason`, because of a signal `by` another: its last effects on the world, in OTP's order."""
    world = process.world
    if world.steps is not None and process is not world.shell:
        world.steps.terminate(process, reason, by)
        return
    no_longer_alive(process, reason, by)
    if process.rare is not None:
        if process.at_exit:
            # Its tables go here.
            for hook in list(process.at_exit.values()):
                hook(process.pid)
        if process.name is not None:
            world.names_of(process.pid).remove(process)
    if process.links:
        _tell_links(process, process.links, reason)
    if process.monitors:
        end_monitors(process, process.monitors)
    if process.monitored_by:
        _tell_watchers(process, process.monitored_by, reason)
    if process.inq:
        bounce_in_turns(process, process.inq)
    del world.table[process.pid.number]
    if process.rare is not None and process.is_shell:
        # Its code, `shell.Shell`, outlives it.
        process.code.go_on_after(process)
        process.code = None
    if process.code is not None:
        close_code(process)
    process.body = None


def terminate_together(processes: list[Process], reason: Any) -> None:
    """End all of them at once, as a node does that goes down: their links hear of it first, then who watches them."""
    for process in processes:
        no_longer_alive(process, reason, None)
        for hook in list((process.at_exit or {}).values()):
            hook(process.pid)
        process.world.names_of(process.pid).remove(process)
        end_monitors(process, process.monitors or Monitors())
    for process in processes:
        _tell_links(process, process.links or Links(), reason)
    for process in processes:
        _tell_watchers(process, process.monitored_by or {}, reason)
    for process in processes:
        bounce_what_comes_too_late(process)
        del process.world.table[process.pid.number]
        close_code(process)


def no_longer_alive(process: Process, reason: Any, by: Process | None) -> None:
    """The first part of an end: from now on nobody finds `process` by its pid, and it waits for nothing."""
    world = process.world
    process.alive = False
    process.parked = False
    process.value = reason
    process.pid.home = None
    if world.blame is not None and by is not None:
        world.blame.died(process, by)
    if world.tracer is not None:
        world.note("exit", process.pid, reason, by.pid if by is not None and by is not process else None)
    if process.patterns is not None or (process.rare is not None and process.waiting is not None):
        stop_waiting(process)
    if process.timers:
        _cancel_timers(process)


def stop_waiting(process: Process) -> None:
    """`process` waits for nothing any more: its timer is cancelled."""
    process.patterns = None
    if process.rare is not None and process.waiting is not None:
        process.waiting = None
    if process.timer is not None:
        process.world.clock.disarm(process.timer)
        process.timer = None


def _cancel_timers(process: Process) -> None:
    """Those that were to send it something."""
    for timer in (process.timers or {}).values():
        timer.ref.home = None
        process.world.clock.disarm(timer)
    process.timers = None


def _tell_links(process: Process, links: Links, reason: Any) -> None:
    for peer in links.in_order_of_end():
        post(peer, ExitSignal(process, reason, True))
    process.links = None


def _tell_watchers(process: Process, monitors: dict[int, Monitor], reason: Any) -> None:
    for monitor in list(monitors.values()):
        post(monitor.owner, DownSignal(process, monitor, reason))
    process.monitored_by = None


def end_monitors(process: Process, monitors: Monitors) -> None:
    """Those of its own: each end is a signal to whom it was to watch."""
    for monitor in monitors.in_order_of_end():
        if monitor.target is not None:
            wake_for_note(monitor.target)
        drop_monitor(monitor)
        monitor.ref.home = None
    process.monitors = None


def bounce_what_comes_too_late(process: Process) -> None:
    """What lies in the queue of `process`, which is dead, is answered as what finds it dead is."""
    inq, process.inq, process.nsig = process.inq, EMPTY, 0
    for item in inq:
        if isinstance(item, Signal):
            bounce(process, item)


def bounce_in_turns(process: Process, late: list[Any]) -> None:
    """As `bounce_what_comes_too_late`, with what is left of the queue, but others have turns in between.

    A dying process of the BEAM answers one signal and lets others run before the next (`erts_proc_sig_handle_exit`). So
    who monitors it and then links to it in its last moment takes the DOWN before the link's `noproc` strikes.
    """
    late = [item for item in late if isinstance(item, Signal) and type(item) not in PLAIN]
    process.inq, process.nsig = late, len(late)
    if process.world.chooser is not None:
        bounce_what_comes_too_late(process)
    elif late:
        bounce_next(process)


def bounce_next(process: Process) -> None:
    """A turn of `process`, which is dead, while there is something in its queue."""
    bounce(process, process.inq.pop(0))
    process.nsig -= 1
    if process.inq:
        process.world.ready.append(process)
    else:
        process.inq = EMPTY


def close_code(process: Process) -> None:
    """Let the coroutine unwind with the world shut to it; a running one unwinds by itself."""
    coroutine, process.code, process.body = process.code, None, None
    if coroutine is None:
        return
    if getattr(coroutine, "cr_running", False) or getattr(coroutine, "gi_running", False):
        process.code = coroutine
        return
    world = process.world
    closing, slow, world.closing, world.slow = world.interrupted is not None, world.slow, True, WATCHED
    try:
        coroutine.close()
    except Exception as failure:
        pass_on(failure)
        # OTP has no code that could fail here; a `finally` that raises, or that waits, is cut short.
    finally:
        world.closing, world.slow = closing, slow


def at_exit(pid: Pid, key: str, hook: Callable[[Pid], None]) -> None:
    """Call `hook(pid)` once when `pid` dies, before its name is released; one hook a key."""
    process: Process | None = pid.home
    if process is None:
        raise ErlsimError(f"{pid!r} is not alive")
    if process.at_exit is None:
        process.at_exit = {}
    process.at_exit.setdefault(key, hook)
