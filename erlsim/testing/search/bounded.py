"""Bounded search: every schedule with at most so many preemptions, those with fewer first.

A preemption is that somebody else goes on although whoever ran last could. Most races need one or two, and there are
far fewer schedules with two than traces in all. What leads only to a trace that a schedule at hand has already is left
out; but wakeup trees, which rely on what has been explored elsewhere, are not used, since that may have been beyond the
bound.
"""

from __future__ import annotations

from collections.abc import Sequence

from erlsim.testing.search.dependency import Event
from erlsim.testing.search.exploration import Answers, Machine, NotRepeatable, Walk
from erlsim.testing.search.order import Order

Prefix = tuple[str, ...]


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


class Bounded:
    """The schedules of a machine with at most `bound` preemptions, one a step."""

    def __init__(self, machine: Machine, bound: int, answers: Answers | None = None) -> None:
        self.machine = machine
        self.answers: Answers = answers or {}
        # By number of preemptions: what is to be tried, the last first.
        self._waiting: list[list[Prefix]] = [[()], *([] for _ in range(bound))]
        self._seen: set[Prefix] = {()}
        # Whether there are schedules with more preemptions that might lead elsewhere.
        self.beyond = False
        self.walk: Walk | None = None
        self.blocked = False
        self.origin = None
        self.runs = 0

    @property
    def finished(self) -> bool:
        """Whether nothing is left to try."""
        return not any(self._waiting)

    def step(self) -> Sequence[Event]:
        """Make the next run, and plan those that differ from it at one event: its events."""
        cost = next(cost for cost, prefixes in enumerate(self._waiting) if prefixes)
        prefix = self._waiting[cost].pop()
        self.walk = walk = Given(prefix, self.answers)
        events = self.machine.run(walk)
        self.runs += 1
        names = tuple(event.process for event in events)
        if names[: len(prefix)] != prefix:
            raise NotRepeatable(f"a run should begin with {', '.join(prefix)}, and not with {', '.join(names)}")
        order = Order(events)
        for at in range(len(prefix), len(events)):
            if at in walk.offered:
                self._branch(cost, names, at, walk.offered[at], order)
        return events

    def _branch(self, cost: int, names: Prefix, at: int, offered: Sequence[str], order: Order) -> None:
        could_go_on = at > 0 and names[at - 1] in offered
        for process in offered:
            if process == names[at] or not matters(process, at, order):
                continue
            higher = cost + (could_go_on and process != names[at - 1])
            if higher >= len(self._waiting):
                self.beyond = True
                continue
            prefix = (*names[:at], process)
            if prefix not in self._seen:
                self._seen.add(prefix)
                self._waiting[higher].append(prefix)

    def explored(self) -> float:
        """A guess at how much has been explored."""
        return self.runs / (self.runs + self.waiting())

    def waiting(self) -> int:
        """How many runs are planned."""
        return sum(map(len, self._waiting))


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
