"""Who took which message, and which two messages somebody told apart.

Two sends to one mailbox, one after the other, are ordered by the first event that would have gone otherwise with the
second before the first: a receive that took the first while the second, which it would have taken as well, was
not yet gone; or a look at the messages while both were there. That event is their *observer*. Sends without
an observer commute: nobody can tell their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from erlsim.testing.search.dependency import FLUSH, LOOK, MAIL, SEND, TAKE, UNKNOWN, Touch, matches


class Send(NamedTuple):
    """One message put into a mailbox by event number `at`."""

    at: int
    serial: Any
    message: Any


class Box:
    """What happened to one mailbox in a run, or in a part of one."""

    __slots__ = ("flushes", "gave_up", "looks", "sends", "taken")

    def __init__(self) -> None:
        self.sends: list[Send] = []
        # By serial of the message: the receive that took it.
        self.taken: dict[Any, tuple[int, tuple[Any, ...]]] = {}
        self.gave_up: list[tuple[int, tuple[Any, ...]]] = []
        self.looks: list[int] = []
        # By number of a monitor: the event from which on there is no DOWN of it.
        self.flushes: dict[int, int] = {}

    def misses(self, at: int, patterns: tuple[Any, ...], message: Any) -> bool:
        """Whether a receive that gave up would have taken the message, had that been there."""
        if not matches(patterns, message):
            return False
        is_down = bool(self.flushes) and type(message) is tuple and len(message) == 5
        return not (is_down and self.flushes.get(getattr(message[1], "number", -1), at) < at)

    def observer(self, first: Send, second: Send) -> int | None:
        """The event that tells the order of two sends, `None` if nobody does."""
        at, patterns = self.taken.get(first.serial, (None, ()))
        also, _ = self.taken.get(second.serial, (None, ()))
        for look in self.looks:
            if look > second.at and (at is None or look < at) and (also is None or look < also):
                return look
        if at is None or (also is not None and also < at) or not matches(patterns, second.message):
            return None
        return at


def boxes(sequence: Iterable[tuple[int, Sequence[Touch]]]) -> dict[Any, Box]:
    """The mailboxes of a sequence of events, given by number and touches."""
    found: dict[Any, Box] = {}
    for at, touches in sequence:
        for thing, mode, detail in touches:
            if thing[0] == MAIL:
                box = found.get(thing)
                if box is None:
                    box = found[thing] = Box()
                if mode == SEND:
                    box.sends.append(Send(at, *detail))
                elif mode == TAKE:
                    taken, patterns, _ = detail
                    if taken is None:
                        box.gave_up.append((at, patterns))
                    elif taken is not UNKNOWN:
                        box.taken[taken] = (at, patterns)
                elif mode == LOOK:
                    box.looks.append(at)
                elif mode == FLUSH:
                    box.flushes.setdefault(detail, at)
    return found
