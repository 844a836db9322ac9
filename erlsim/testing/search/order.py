"""What happened before what in one run, and which of its events raced.

The order is the smallest one that keeps the events of each process, puts a process behind the event that made it, and
keeps each two events that depend on each other as they were. It is kept as a bit mask for each event: the events before
it. Runs with the same order are the same run to whoever takes part in them (a *trace*).

A race is two events of different processes, next to each other in that order, which could come the other way round.
Accesses are found by the thing that they touch, never by going through all pairs of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from erlsim.testing.search.dependency import (
    ANYTHING,
    COUNT,
    EXIT,
    LOOK,
    MAIL,
    SEND,
    TAKE,
    Event,
    conflicting_modes,
    dependent,
    matches,
    same_write,
)
from erlsim.testing.search.mail import Box, Send, boxes


class Race(NamedTuple):
    """Events `first` and `second` raced; `observer` told the order of the two sends, if that is what they are."""

    first: int
    second: int
    observer: int | None = None


class Order:
    """The happens-before order of a run. `before[n]` has bit *m* set if event *m* comes before event *n*."""

    def __init__(self, events: Sequence[Event], lost: Sequence[Event] = ()) -> None:
        self.events = events
        self.before: list[int] = []
        self.races: list[Race] = []
        self._boxes = boxes((at, event.touches) for at, event in enumerate(events) if event.touches)
        self._last: dict[str, int] = {}
        # By thing, by mode: who has touched it since the last event that all of these come before.
        self._touched: dict[Any, dict[str, list[tuple[int, Any]]]] = {}
        self._kills: dict[str, int] = {}
        self._begins: dict[int, int] = {}
        self._barrier = -1
        for at, event in enumerate(events):
            self._add(at, event)
        if lost:
            self.events = [*events, *lost]
            for at, event in enumerate(lost, len(events)):
                self._add_lost(at, event, len(events))

    def happens_before(self, first: int, second: int) -> bool:
        """Whether event `first` comes before event `second` in every run of the same trace."""
        return bool(self.before[second] >> first & 1)

    def _add(self, at: int, event: Event) -> None:
        process, era = event.process, event.era
        begins = self._begins.setdefault(era, at)
        # Time is a barrier: all of the eras before.
        before = (1 << begins) - 1
        last = self._last.get(process)
        if last is not None:
            before |= 1 << last | self.before[last]
        if event.cause is not None:
            before |= 1 << event.cause | self.before[event.cause]
        self._last[process] = at
        found: dict[int, tuple[bool, int | None]] = {}
        for other, how in self._conflicts(at, event):
            # What made the event possible cannot come after it, whatever else the two touch; and a conflict that needs
            # no observer needs none.
            known = found.get(other)
            if known is None or not how[0] or (known[0] and how[1] is None):
                found[other] = how
        self.before.append(before)
        for other in sorted(found, reverse=True):
            if before >> other & 1:
                continue
            before |= 1 << other | self.before[other]
            reversible, observer = found[other]
            if reversible:
                self.races.append(Race(other, at, observer))
        self.before[at] = before

    def _add_lost(self, at: int, event: Event, count: int) -> None:
        """What was lost in the middle of the run: it races with what came before that."""
        first = self._begins.get(event.era, 0)
        until = self._begins.get(event.era + 1, count) if event.until is None else event.until + 1
        before = (1 << first) - 1
        if event.cause is not None:
            before |= 1 << event.cause | self.before[event.cause]
        for other in range(until - 1, first - 1, -1):
            earlier = self.events[other]
            if before >> other & 1 or not dependent(event.process, event.touches, earlier.process, earlier.touches):
                continue
            before |= 1 << other | self.before[other]
            if earlier.process != event.process:
                self.races.append(Race(other, at))
        self.before.append(before)

    def _conflicts(self, at: int, event: Event) -> Iterator[tuple[int, tuple[bool, int | None]]]:
        """Events that this one depends on, nearest ones of each thing: can they come later, and who observes it?"""
        process = event.process
        if self._kills and (kill := self._kills.get(process)) is not None:
            yield kill, (True, None)
        if self._barrier >= 0:
            yield self._barrier, (True, None)
        for thing, mode, detail in event.touches:
            kind = thing[0]
            if kind == MAIL:
                yield from self._mail_conflicts(at, thing, mode, detail)
            elif kind == ANYTHING:
                self._barrier = at
                yield from ((other, (True, None)) for other in range(at))
            else:
                for other in self._plain_conflicts(at, thing, mode, detail):
                    yield other, (True, None)
                if kind == EXIT and mode == "w":
                    yield from self._killing(at, thing[1])

    def _plain_conflicts(self, at: int, thing: Any, mode: str, detail: Any) -> list[int]:
        touched = self._touched.get(thing)
        if touched is None:
            self._touched[thing] = {mode: [(at, detail)]}
            return []
        modes = conflicting_modes(thing[0]).get(mode, ())
        found = [
            other
            for other_mode in modes
            for other, other_detail in touched.get(other_mode, ())
            if other != at and not same_write(mode, detail, other_mode, other_detail)
        ]
        if mode == "w" and detail is None and mode in modes:
            # Whoever touches it later comes after this one, and so after all of the others. A write of a known value is
            # not like that: another one that writes the same does not come after it.
            self._touched[thing] = {mode: [(at, detail)]}
        else:
            touched.setdefault(mode, []).append((at, detail))
        return found

    def _killing(self, at: int, victim: str) -> Iterator[tuple[int, tuple[bool, int | None]]]:
        """A signal that ends its receiver: what that does comes before or after, messages to it as well."""
        if (last := self._last.get(victim)) is not None and last != at:
            yield last, (True, None)
        box = self._boxes.get((MAIL, victim))
        for send in box.sends if box is not None else ():
            if send.at < at:
                yield send.at, (True, None)
        self._kills[victim] = at

    def _mail_conflicts(
        self, at: int, thing: Any, mode: str, detail: Any
    ) -> Iterator[tuple[int, tuple[bool, int | None]]]:
        box = self._boxes[thing]
        if mode == SEND:
            kill = self._touched.get((EXIT, thing[1]))
            yield from ((other, (True, None)) for other, _ in (kill or {}).get("w", ()))
            yield from _before_a_send(box, Send(at, *detail))
        elif mode == TAKE:
            taken, _, after = detail
            if taken is not None:
                # Who can only wait for it could not have gone on before it was sent.
                yield from ((send.at, (after == 0, None)) for send in box.sends if send.serial == taken)
                yield from ((look, (True, None)) for look in box.looks if look < at)
            yield from ((other, (True, None)) for other in self._counts(thing) if taken is not None)
        elif mode in (LOOK, COUNT):
            yield from ((send.at, (True, None)) for send in box.sends if send.at < at)
            yield from ((take, (True, None)) for take, _ in box.taken.values() if take < at)
        if mode == COUNT:
            self._touched.setdefault(thing, {}).setdefault(COUNT, []).append((at, None))
        if mode == SEND:
            yield from ((other, (True, None)) for other in self._counts(thing))

    def _counts(self, thing: Any) -> list[int]:
        return [at for at, _ in self._touched.get(thing, {}).get(COUNT, ())]


def _before_a_send(box: Box, send: Send) -> Iterator[tuple[int, tuple[bool, int | None]]]:
    for gave_up, patterns in box.gave_up:
        if gave_up < send.at and matches(patterns, send.message):
            yield gave_up, (True, None)
    for look in box.looks:
        if look < send.at:
            yield look, (True, None)
    for other in box.sends:
        if other.at >= send.at:
            break
        observer = box.observer(other, send)
        if observer is not None:
            yield other.at, (True, observer)
