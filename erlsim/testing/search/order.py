"""What happened before what in one run, and which of its events raced.

The order is the smallest one that keeps the events of each process, puts a process behind the event that made it, and
keeps each two events that depend on each other as they were. It is kept as a bit mask for each event: the events before
it. Runs with the same order are the same run to whoever takes part in them (a *trace*).

A race is two events of different processes, next to each other in that order, which could come the other way round.
Accesses are found by the thing that they touch, never by going through all pairs of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from erlsim.testing.search.dependency import (
    ANYTHING,
    CONFLICTS,
    COUNT,
    EXIT,
    FLUSH,
    LOOK,
    MAIL,
    READ_WRITE,
    SEND,
    TAKE,
    WAIT,
    Event,
    dependent,
    same_write,
)
from erlsim.testing.search.mail import Box, Send, boxes

# Kinds of things that are more than read and written.
SPECIAL: Final = frozenset((MAIL, ANYTHING, EXIT, WAIT))
# By mode: which events have touched a thing so, each with its detail.
Accesses = dict[str, list[tuple[int, Any]]]
# Whether of two events that depend on each other the second could come first, and who observes their order.
Conflict = tuple[bool, int | None]
PLAIN: Final[Conflict] = (True, None)
FIXED: Final[Conflict] = (False, None)


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
        # Made when somebody asks for one: few events of most runs have to do with mail.
        self._boxes: dict[Any, Box] | None = None
        self._last: dict[str, int] = {}
        # By thing: who has touched it since the last event that all of these come before.
        self._touched: dict[Any, Accesses] = {}
        # The last signal that ends a process, by whom it ends.
        self.kills: dict[str, int] = {}
        # Who has looked at what a process does since it did something.
        self._looks: dict[str, list[int]] = {}
        self._begins: dict[int, int] = {}
        self._barrier = -1
        # Whether there is anything of the last three.
        self._are_watched = False
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
        process, era, cause, befores = event.process, event.era, event.cause, self.before
        begins = self._begins.get(era)
        if begins is None:
            self._begins[era] = begins = at
        # Time is a barrier: all of the eras before.
        before = (1 << begins) - 1
        last = self._last.get(process)
        if last is not None:
            before |= 1 << last | befores[last]
        if cause is not None:
            before |= 1 << cause | befores[cause]
        self._last[process] = at
        found = self._conflicts(at, event, before)
        for other in sorted(found, reverse=True) if found else ():
            if before >> other & 1:
                continue
            before |= 1 << other | befores[other]
            reversible, observer = found[other]
            if reversible:
                self.races.append(Race(other, at, observer))
        befores.append(before)

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

    def _conflicts(self, at: int, event: Event, before: int) -> dict[int, Conflict]:
        """Events that this one depends on, nearest ones of each thing; those `before` it anyway may be left out."""
        found: dict[int, Conflict] = {}
        if self._are_watched:
            self._note_watchers(found, event.process)
        touched = self._touched
        for thing, mode, detail in event.touches:
            kind = thing[0]
            if kind in SPECIAL:
                self._special_conflicts(found, at, thing, mode, detail)
                if kind in (MAIL, ANYTHING):
                    continue
            accesses = touched.get(thing)
            if accesses is None:
                touched[thing] = {mode: [(at, detail)]}
                continue
            modes = CONFLICTS.get(kind, READ_WRITE).get(mode, ())
            for other_mode in modes:
                for other, other_detail in accesses.get(other_mode, ()):
                    if before >> other & 1 or other == at:
                        continue
                    if detail is None or not same_write(mode, detail, other_mode, other_detail):
                        _note(found, other, FIXED if mode == "b" else PLAIN)
            if mode == "w" and detail is None and mode in modes:
                # Whoever touches it later comes after this one, and so after all of the others. A write of a known
                # value is not like that: another one that writes the same does not come after it.
                accesses.clear()
            if mode in accesses:
                accesses[mode].append((at, detail))
            else:
                accesses[mode] = [(at, detail)]
        return found

    def _note_watchers(self, found: dict[int, Conflict], process: str) -> None:
        """Whatever the process does comes behind a signal that ends it, looks at it, and what touches everything."""
        if (kill := self.kills.get(process)) is not None:
            found[kill] = PLAIN
        if (looks := self._looks.pop(process, None)) is not None:
            found.update(dict.fromkeys(looks, PLAIN))
        if self._barrier >= 0:
            found[self._barrier] = PLAIN

    def _special_conflicts(self, found: dict[int, Conflict], at: int, thing: Any, mode: str, detail: Any) -> None:
        kind = thing[0]
        if kind == MAIL:
            for other, how in self._mail_conflicts(at, thing, mode, detail):
                _note(found, other, how)
        elif kind == ANYTHING:
            self._barrier, self._are_watched = at, True
            for other in range(at):
                _note(found, other, PLAIN)
        elif kind == WAIT:
            if (kill := self.kills.get(thing[1])) is not None:
                _note(found, kill, PLAIN)
        elif mode == "w":
            for other in self._killing(at, thing[1]):
                _note(found, other, PLAIN)
        elif mode == "p":
            for other in self._watching(at, thing[1]):
                _note(found, other, PLAIN)

    def _box(self, thing: Any) -> Box | None:
        """What happened in this run to a mailbox, if anything did."""
        if self._boxes is None:
            self._boxes = boxes(enumerate(event.touches for event in self.events))
        return self._boxes.get(thing)

    def _killing(self, at: int, victim: str) -> Iterator[int]:
        """A signal that ends its receiver: what that does comes before or after, messages and timers for it as well."""
        if (last := self._last.get(victim)) is not None and last != at:
            yield last
        box = self._box((MAIL, victim))
        for send in box.sends if box is not None else ():
            if send.at < at:
                yield send.at
        for waited, _ in self._touched.get((WAIT, victim), {}).get("w", ()):
            yield waited
        self.kills[victim], self._are_watched = at, True

    def _watching(self, at: int, watched: str) -> Iterator[int]:
        """A look at what a process does: whatever it does comes before or after."""
        if (last := self._last.get(watched)) is not None and last != at:
            yield last
        self._looks.setdefault(watched, []).append(at)
        self._are_watched = True

    def _mail_conflicts(self, at: int, thing: Any, mode: str, detail: Any) -> Iterator[tuple[int, Conflict]]:
        box = self._box(thing)
        assert box is not None
        if mode == SEND:
            for other, _ in self._touched.get((EXIT, thing[1]), {}).get("w", ()):
                yield other, PLAIN
            yield from _before_a_send(box, Send(at, *detail))
            yield from self._counts(thing)
        elif mode == TAKE:
            taken, _, after = detail
            if taken is not None:
                for send in box.sends:
                    if send.serial == taken:
                        # Who can only wait for it could not have gone on before it was sent.
                        yield send.at, PLAIN if after == 0 else FIXED
                for look in box.looks:
                    if look < at:
                        yield look, PLAIN
                yield from self._counts(thing)
        elif mode in (LOOK, COUNT):
            yield from ((send.at, PLAIN) for send in box.sends if send.at < at)
            yield from ((take, PLAIN) for take, _ in box.taken.values() if take < at)
            yield from ((flush, PLAIN) for flush in box.flushes.values() if flush < at)
        elif mode == FLUSH:
            yield from ((look, PLAIN) for look in box.looks if look < at)
            yield from self._counts(thing)
        if mode == COUNT:
            self._touched.setdefault(thing, {}).setdefault(COUNT, []).append((at, None))

    def _counts(self, thing: Any) -> Iterator[tuple[int, Conflict]]:
        return ((at, PLAIN) for at, _ in self._touched.get(thing, {}).get(COUNT, ()))


def _note(found: dict[int, Conflict], other: int, how: Conflict) -> None:
    """An event depends on `other`. What made it possible cannot come after it, whatever else the two touch; and a
    conflict that needs no observer needs none.
    """
    known = found.get(other)
    if known is None or not how[0] or (known[0] and how[1] is None):
        found[other] = how


def _before_a_send(box: Box, send: Send) -> Iterator[tuple[int, Conflict]]:
    for gave_up, patterns in box.gave_up:
        if gave_up < send.at and box.misses(gave_up, patterns, send.message):
            yield gave_up, PLAIN
    for look in box.looks:
        if look < send.at:
            yield look, PLAIN
    for other in box.sends:
        if other.at >= send.at:
            break
        observer = box.observer(other, send)
        if observer is not None:
            yield other.at, (True, observer)
