"""Receiving, and the other ways to wait.

Messages are looked for in the mailbox first, then among what is in transit; a process that finds
nothing parks, with a timer if it gives up some day. A timeout that has fired wins over a message
of the same instant: the process is then past its receive when it runs.
"""

from __future__ import annotations

from typing import Any

from erlsim._kernel import mailbox as mailboxes
from erlsim._kernel.arrivals import handle_signals, handle_signals_but_late_ones
from erlsim._kernel.clock import MessageTimer, Timer
from erlsim._kernel.lifecycle import stop_waiting
from erlsim._kernel.mailbox import NOTHING, matches_any, nothing
from erlsim._kernel.sending import post, put, wake
from erlsim._kernel.signals import Due
from erlsim._kernel.traps import TIMEOUT
from erlsim._kernel.world import EMPTY, Process, World

MAX_TIMEOUT = 0xFFFFFFFF
ENDS: Any = object()
_ANYTHING = (...,)


def look(process: Process, patterns: tuple[Any, ...]) -> Any:
    """A running `process` receives: the mailbox first, then what is in transit; or `NOTHING`.

    `ENDS` if what is in transit ends it. It goes no further then, and whoever is runnable has a turn before it does.
    """
    box = process.mailbox
    if box:
        message = mailboxes.take(patterns, box)
        if message is not NOTHING:
            return message
        if patterns[0] is not nothing:
            box.unseen = 0
    if not process.inq:
        return NOTHING
    seen = len(box) if box else 0
    if process.world.chooser is None and (process.rare is None or not process.is_shell):
        if handle_signals(process, receives=True):
            process.patterns = patterns
            process.world.ready.append(process)
            return ENDS
    else:
        handle_signals_but_late_ones(process)
    if not process.alive:
        return NOTHING
    message = new_match(process, patterns, seen)
    process.parked = False
    if process.mailbox and patterns and patterns[0] is nothing:
        # These are most likely his own.
        process.mailbox.unseen = None
    return message


def new_match(process: Process, patterns: tuple[Any, ...], seen: int) -> Any:
    """A match among what has come since `process` parked; the rest goes to its mailbox."""
    if process.inq and not process.nsig:
        if process.mailbox is None:
            process.mailbox = mailboxes.Mailbox()
        process.mailbox.extend(process.inq)
        process.inq = EMPTY
    box = process.mailbox
    if box and len(box) > seen:
        for index in range(seen, len(box)):
            message = box[index]
            if matches_any(patterns, message):
                box.remove_at(index)
                stop_waiting(process)
                return message
        box.unseen = 0
    process.parked = True
    return NOTHING


def note_received(process: Process, message: Any) -> None:
    """Tell the trace that `process` has received `message`. The scheduler's loop has this inline."""
    world = process.world
    if world.tracer is not None:
        world.received = message
        world.note("receive", process.pid, message)


def fail(process: Process, cause: Exception) -> Any:
    """What matches the receive of `process` cannot be told: `cause` is raised there, in place of the value given."""
    stop_waiting(process)
    process.parked = False
    process.error = cause
    return None


def is_asleep(process: Process) -> bool:
    """Whether `process` only lets time pass."""
    return (process.patterns or _ANYTHING)[0] is nothing


def fetch_rest(process: Process, came: list[Any]) -> None:
    """The first of what `came` has been received: all else has come with it, before whatever follows."""
    if process.mailbox is None:
        process.mailbox = mailboxes.Mailbox()
    process.mailbox.extend(came[1:])
    process.mailbox.unseen = 0


def look_again(process: Process) -> None:
    """Let `process`, which waits in a receive, look at the messages that have moved to its mailbox meanwhile.

    A process that goes on with a receive looks at what is new alone: back with them into the queue.
    """
    if process.patterns is not None and process.mailbox:
        process.inq = [*process.mailbox, *process.inq]
        process.mailbox = None
        wake(process)


def park_until(process: Process, patterns: tuple[Any, ...], after: int) -> None:
    """Park `process` in a receive that gives up in `after` ms."""
    clock = process.world.clock
    process.patterns = patterns
    process.parked = True
    process.timer = timer = Timer(int(clock._now) + after, _timed_out, process)
    clock.arm(timer)


def _timed_out(timer: Timer) -> None:
    process: Process = timer.target
    if process.world.steps is not None:
        process.world.steps.timer_fires(waiter=process)
    process.timer = None
    process.patterns = None
    process.value = TIMEOUT
    wake(process)


def message_due(timer: MessageTimer) -> None:
    """The instant of a message that was to be sent to a process later has come."""
    target: Process = timer.target
    if target.world.steps is not None:
        target.world.steps.timer_fires()
    if target.timers:
        target.timers.pop(timer.ref.number, None)
    _hand_in(target, timer)


def message_due_by_name(world: World, timer: MessageTimer) -> None:
    """The same of a message to a name: it is looked up now."""
    target, thing = world.named(timer.target)
    if world.steps is not None:
        world.steps.timer_fires(name=thing)
    if target is not None:
        _hand_in(target, timer)
    timer.ref.home = None


def _hand_in(target: Process, timer: MessageTimer) -> None:
    timer.ref.home = None
    world = target.world
    if world.tracer is not None:
        world.note("timer", target.pid, timer.ref, timer.message)
    if world.steps is None:
        put(target, timer.message)
    else:
        post(target, Due(None, timer.message))


def wait(process: Process, event: Any) -> Any:
    """Park `process` until a simpy event has happened."""

    def happened(event: Any) -> None:
        if process.waiting is not event:
            return
        process.waiting = None
        if event.ok:
            process.value = event.value
        else:
            event.defused = True
            process.error = event.value
        wake(process)

    process.waiting = event
    process.parked = True
    if event.callbacks is None:
        happened(event)
    else:
        event.callbacks.append(happened)
    return NOTHING
