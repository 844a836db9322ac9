"""Where processes stand, and the steps that the scheduler itself does for them, with what these touch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from erlsim._kernel.clock import MessageTimer, Timer
from erlsim._kernel.signals import AliasMessage, DownSignal, LinkSignal, Message, MonitorSignal, UnlinkSignal
from erlsim._kernel.steps.records import Operation, Step, Touch
from erlsim._kernel.world import Monitor, Process


class Stand:
    """Where a process stands.

    `paused`: its code has given way where it could have gone on. `request` is the receive that it stands before,
    `patterns` and `after` those of its last receive; `ending` are the parts of its end that are left. `heard` are those
    with whom it has been linked, until one has heard of the other's end or has unlinked itself, `former` the monitors
    on it that were taken back; `flushed` are its own that it has taken back with all that came of them, `watching`
    those that it had when it ended. `box` has the serial numbers of the messages in its mailbox.
    """

    __slots__ = (
        "after",
        "aliases",
        "born",
        "box",
        "cause",
        "ending",
        "flushed",
        "former",
        "heard",
        "leaving",
        "name",
        "patterns",
        "paused",
        "request",
        "step",
        "tables",
        "timers",
        "watching",
    )

    def __init__(self, name: str, cause: int | None) -> None:
        self.name = name
        self.cause = cause
        self.born = 0
        self.tables = 0
        self.timers = 0
        self.aliases = 0
        self.step: Step | None = None
        self.paused = False
        self.request: Any = None
        self.patterns: tuple[Any, ...] = ()
        self.after: Any = "infinity"
        self.ending: Any = None
        self.heard: list[Process] = []
        self.former: list[Monitor] = []
        self.flushed: list[Monitor] = []
        self.watching: Sequence[Monitor] = ()
        self.leaving: Callable[[], None] | None = None
        self.box: list[tuple[Any, int | None]] = []


def _touches_of_receive(steps: Any, process: Process, patterns: tuple[Any, ...], after: Any) -> list[Touch]:
    serial = steps.serial_of_match(process, patterns)
    return [(("mailbox", process.stand.name), "r", (serial, patterns, after))]


def _touches_of_timeout(steps: Any, process: Process, patterns: tuple[Any, ...], after: Any) -> list[Touch]:
    return [(("mailbox", process.stand.name), "r", (None, patterns, after))]


def _touches_of_timer(steps: Any, process: Process, timer: Timer) -> list[Touch]:
    target = timer.target
    if not isinstance(timer, MessageTimer):
        return [(("wait", target.stand.name) if isinstance(target, Process) else ("anything",), "w", None)]
    touches: list[Touch] = [(("timer", steps.timers.get(timer.ref.number)), "w", None)]
    found = target if isinstance(target, Process) else None
    if found is None:
        found, thing = process.world.named(target)
        touches.append((thing, "r", None))
    return [*touches, *steps.mail(found, timer.message)] if found is not None else touches


def touches_of_giving_up(process: Process) -> list[Touch]:
    """Its receive ends without a message: whoever sends one that it waits for comes before that, or too late."""
    stand = process.stand
    return [(("wait", stand.name), "w", None), (("mailbox", stand.name), "r", (None, stand.patterns, stand.after))]


def _touches_of_delivery(steps: Any, process: Process, receiver: Process, signal: Any) -> list[Touch]:
    name = receiver.stand.name
    if not receiver.alive:
        return _touches_of_late_delivery(name, signal)
    touches: list[Touch] = steps.touches_of_arrival(receiver, signal, None)
    if type(signal) is AliasMessage:
        touches.append((steps.aliases[signal.ref.number], "r", None))
    elif type(signal) is DownSignal:
        touches += [(("watchers", name), "r", None), (("life", name), "h", None)]
    elif type(signal) in NOTED:
        # It comes before or behind what ends its receiver.
        touches += [(("life", name), "m", None), (("exit", name), "q", None)]
    if steps.transit and signal.sender is not None:
        touches.append((way(signal.sender, receiver), "w", None))
    return touches


def _touches_of_late_delivery(name: str, signal: Any) -> list[Touch]:
    if isinstance(signal, Message):
        # It comes too late, and could have come before.
        return [(("mailbox", name), "d", (None, signal.term))]
    touches: list[Touch] = [(("life", name), "r", None)]
    if signal.sender is not None and isinstance(signal, LinkSignal | MonitorSignal):
        # It is answered, if there is still somebody to be told.
        sender = signal.sender.stand.name
        touches += NODES_READ if signal.sender.world.nodes is not None else []
        touches += [(("life", sender), "r", None), (("watch", sender, name), "r", None)]
    return touches


# That a node is there or not decides what who comes too late hears.
NODES_READ: Final = ((("nodes",), "r", None),)


def touches_of_bounce(process: Process) -> list[Touch]:
    """What lies in the queue of a process that has ended is answered as what comes to the dead."""
    if not process.world.steps.transit:
        return []
    return [touch for signal in process.inq for touch in _touches_of_late_delivery(process.stand.name, signal)[1:]]


def way(sender: Process, receiver: Process) -> tuple[str, str, str]:
    """What is touched by whatever arrives from one at the other, and by links and monitors, which come behind it."""
    return ("way", sender.stand.name, receiver.stand.name)


def is_timed(after: Any) -> bool:
    """Whether a receive waits for a while, and not for ever."""
    return type(after) is int and after > 0


# Signals that change what their receiver knows of links and monitors, and nothing else.
NOTED: Final = frozenset((LinkSignal, UnlinkSignal, MonitorSignal))
BEGIN: Final = Operation("begin")
RECEIVE: Final = Operation("receive", _touches_of_receive)
TIMED_OUT: Final = Operation("receive", _touches_of_timeout)
GO_ON: Final = Operation("go_on")
WAITED: Final = Operation("wait_for", lambda steps, process: [(("anything",), "w", None)])
ANSWER: Final = Operation("answer", lambda steps, process: [(("info", process.stand.name), "w", None)])
TIMER: Final = Operation("timer", _touches_of_timer)
WAIT: Final = Operation("wait", lambda steps, process, patterns, after: [(("time",), "r", None)])
CLOCK: Final = Operation("clock", lambda steps, process: [(("time",), "w", None)])
DELIVER: Final = Operation("deliver", _touches_of_delivery)

OF_THE_LOOP: Final = frozenset((BEGIN, RECEIVE, TIMED_OUT, GO_ON, WAITED))
"""What a process does that is not in the middle of its code."""
