"""Bounded search: every schedule with at most so many preemptions or delays, those with fewer first.

A *preemption* is that somebody else goes on although whoever ran last could. A *delay* is that somebody's turn is
passed over: whoever is first in the usual order (that of `erl +S 1`) waits, and the next one is asked; who goes on
third has cost two. Most races need one or two of either, and there are far fewer schedules with two than traces in
all: with delays a number that does not even grow with how many processes there are, but for those passed over.

What leads only to a trace that a schedule at hand has already is left out where preemptions count; but wakeup trees,
which rely on what has been explored elsewhere, are not used, since that may have been beyond the bound. Where delays
count all schedules are made: one that is the same trace as another may go on otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from erlsim.errors import ErlsimError
from erlsim.testing.search.dependency import Event
from erlsim.testing.search.exploration import Answers, Machine, NotRepeatable, Walk
from erlsim.testing.search.order import Order

Prefix = tuple[str, ...]
PREEMPTION, DELAY = "preemption", "delay"


class Bound(NamedTuple):
    """At most so many of what (`"preemption"`, `"delay"`)."""

    most: int
    what: str

    def of(self, count: int) -> str:
        """So many of them, in words."""
        return f"no {self.what}" if count == 0 else f"at most {count} {self.what}{'' if count == 1 else 's'}"

    def cost(self, offered: Sequence[str], process: str, last: str | None) -> int:
        """What it costs that `process` goes on where all of `offered` could; `last` has done the event before."""
        if self.what == DELAY:
            return offered.index(process)
        return int(last is not None and process != last and last in offered)


def bound_of(given: Any) -> Bound | None:
    """The bound that was asked for: `2`, `"2 preemptions"`, `"2 delays"`."""
    if given is None:
        return None
    if type(given) is int and given >= 0:
        return Bound(given, PREEMPTION)
    found = re.fullmatch(r"(\d+) (preemption|delay)s?", given) if isinstance(given, str) else None
    if found is None:
        raise ErlsimError(f'bound is a number of preemptions, "2 preemptions", "2 delays" or None, not {given!r}')
    return Bound(int(found[1]), found[2])


class Given(Walk):
    """Who goes on: first as a prefix says, then whoever ran last, or who is first."""

    __slots__ = ("_names",)

    def __init__(self, names: Prefix, answers: Answers) -> None:
        super().__init__((), answers)
        self._names = names

    def choose(self, at: int, processes: Sequence[str]) -> int:
        """As planned; whoever ran last is the first of `processes`."""
        self.offered[at] = processes
        if at >= len(self._names):
            return 0
        if self._names[at] not in processes:
            raise NotRepeatable(f"event {at} should be of {self._names[at]}, and {', '.join(processes)} can go on")
        return processes.index(self._names[at])


class Made(NamedTuple):
    """What a schedule has led to: its events, what they asked, and the schedules beside it, each with its cost."""

    events: Sequence[Event]
    walk: Walk
    beside: list[tuple[int, Prefix]]


def made(machine: Machine, bound: Bound, answers: Answers, prefix: Prefix, cost: int) -> Made:
    """Make the run that begins with `prefix`, which costs so much."""
    walk = Given(prefix, answers)
    events = machine.run(walk)
    names = tuple(event.process for event in events)
    if names[: len(prefix)] != prefix:
        raise NotRepeatable(f"a run should begin with {', '.join(prefix)}, and not with {', '.join(names)}")
    order = Order(events) if bound.what == PREEMPTION else None
    beside = []
    for at in range(len(prefix), len(events)):
        for process in walk.offered.get(at, ()):
            if process != names[at] and (order is None or matters(process, at, order)):
                more = bound.cost(walk.offered[at], process, names[at - 1] if at else None)
                beside.append((cost + more, (*names[:at], process)))
    return Made(events, walk, beside)


class Schedules:
    """The schedules that are still to be made, the cheapest first."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        # By cost: what is to be tried, the last first.
        self._waiting: list[list[Prefix]] = [[()], *([] for _ in range(bound.most))]
        self._seen: set[Prefix] = {()}
        # Whether there are schedules beyond the bound that might lead elsewhere.
        self.beyond = False

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self._waiting))

    def cheapest(self) -> int | None:
        """What the cheapest of them cost; `None` if there are none."""
        return next((cost for cost, prefixes in enumerate(self._waiting) if prefixes), None)

    def take(self, most: int = 1) -> tuple[int, list[Prefix]]:
        """Some of the cheapest, and what they cost."""
        cost = self.cheapest()
        assert cost is not None
        return cost, [self._waiting[cost].pop() for _ in range(min(most, len(self._waiting[cost])))]

    def plan(self, beside: Sequence[tuple[int, Prefix]]) -> None:
        """What has been found beside a schedule is to be made as well, within the bound, each once."""
        for cost, prefix in beside:
            if cost > self.bound.most:
                self.beyond = True
            elif prefix not in self._seen:
                self._seen.add(prefix)
                self._waiting[cost].append(prefix)


class Bounded:
    """The schedules of a machine within `bound`, one a step."""

    def __init__(self, machine: Machine, bound: Bound, answers: Answers | None = None) -> None:
        self.machine = machine
        self.answers: Answers = answers or {}
        self.schedules = Schedules(bound)
        self.walk: Walk | None = None
        self.blocked = False
        self.origin = None
        self.runs = 0

    @property
    def finished(self) -> bool:
        """Whether nothing is left to try."""
        return not self.schedules

    @property
    def beyond(self) -> bool:
        """Whether there are schedules beyond the bound that might lead elsewhere."""
        return self.schedules.beyond

    def step(self) -> Sequence[Event]:
        """Make the next run, and plan those that differ from it at one event: its events."""
        cost, (prefix,) = self.schedules.take()
        events, self.walk, beside = made(self.machine, self.schedules.bound, self.answers, prefix, cost)
        self.runs += 1
        self.schedules.plan(beside)
        return events

    def explored(self) -> float:
        """A guess at how much has been explored."""
        return self.runs / (self.runs + self.waiting())

    def waiting(self) -> int:
        """How many runs are planned."""
        return len(self.schedules)


def matters(process: str, at: int, order: Order) -> bool:
    """Whether it makes a difference if the process goes on at event `at`: something that it does depends on others."""
    mine = others = 0
    for number in range(at, len(order.events)):
        if order.events[number].process == process:
            mine |= 1 << number
            if order.before[number] & others:
                return True
        else:
            others |= 1 << number
    return not mine
