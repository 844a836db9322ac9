"""Receiving, and the other ways to wait.

Messages are looked for in the mailbox first, then among what is in transit; a process that finds
nothing parks, with a timer if it gives up some day. A timeout that has fired wins over a message
of the same instant: the process is then past its receive when it runs.
"""

from __future__ import annotations

from typing import Any

from erlsim._kernel import mailbox as mailboxes
from erlsim._kernel.clock import MessageTimer, Timer
from erlsim._kernel.lifecycle import Lifecycle
from erlsim._kernel.mailbox import NOTHING, matches_any
from erlsim._kernel.process import Process
from erlsim._kernel.traps import TIMEOUT

MAX_TIMEOUT = 0xFFFFFFFF


def is_timeout(after: Any) -> bool:
    """Whether `after` is a number of ms that a receive may wait."""
    return type(after) is int and 0 <= after <= MAX_TIMEOUT


class Receiving(Lifecycle):
    """How processes wait."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Bound once: each timer would make, and keep, a bound method of its own.
        self._on_timeout = self._timed_out
        self.on_message_due = self._message_due

    def look(self, process: Process, patterns: tuple[Any, ...]) -> Any:
        """A running `process` receives: the mailbox first, then what is in transit; or `NOTHING`."""
        box = process.mailbox
        if box:
            message = mailboxes.take(patterns, box)
            if message is not NOTHING:
                return message
        if not process.inq:
            return NOTHING
        seen = len(box) if box else 0
        self.arrivals(process)
        if not process.alive:
            return NOTHING
        message = self.new_match(process, patterns, seen)
        process.parked = False
        return message

    def new_match(self, process: Process, patterns: tuple[Any, ...], seen: int) -> Any:
        """A match among what has come since `process` parked; the rest goes to its mailbox."""
        if process.inq and not process.nsig:
            if process.mailbox is None:
                process.mailbox = mailboxes.Mailbox()
            process.mailbox.extend(process.inq)
            process.inq = []
        box = process.mailbox
        if box and len(box) > seen:
            for index in range(seen, len(box)):
                message = box[index]
                if matches_any(patterns, message):
                    box.remove_at(index)
                    self.stop_waiting(process)
                    return message
        process.parked = True
        return NOTHING

    def park_until(self, process: Process, patterns: tuple[Any, ...], after: int) -> None:
        """Park `process` in a receive that gives up in `after` ms."""
        process.patterns = patterns
        process.parked = True
        process.timer = timer = Timer(int(self.clock._now) + after, self._on_timeout, process)
        self.clock.arm(timer)

    def _timed_out(self, timer: Timer) -> None:
        process: Process = timer.target
        process.timer = None
        process.patterns = None
        process.value = TIMEOUT
        if process.parked:
            process.parked = False
            self.ready.append(process)

    def _message_due(self, timer: MessageTimer) -> None:
        """The instant of a message that was to be sent later has come."""
        target = timer.target
        timer.ref.home = None
        if type(target) is str:
            target = self.registry.get(target)
            if target is None:
                return
        elif target.timers:
            target.timers.pop(timer.ref.number, None)
        if self.tracer is not None:
            self.note("timer", target.pid, timer.ref, timer.message)
        target.inq.append(timer.message)
        if target.parked:
            target.parked = False
            self.ready.append(target)

    def wait(self, process: Process, event: Any) -> Any:
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
            self.wake(process)

        process.waiting = event
        process.parked = True
        if event.callbacks is None:
            happened(event)
        else:
            event.callbacks.append(happened)
        return NOTHING
