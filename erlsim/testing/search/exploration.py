"""Every trace of a machine, each once: dynamic partial order reduction with wakeup trees and observers.

A *machine* can be run as often as one likes, and does the same each time if it is told who goes on at each event. After
each run the exploration looks for its races, and for each race it plans a run in which it comes the other way round,
unless one such has been made or is planned. When no plan is left all traces have been explored.

The algorithm is that of Abdulla, Aronis, Jonsson and Sagonas ("Optimal dynamic partial order reduction", POPL 2014),
with the observers of Aronis, Jonsson, Lång and Sagonas (TACAS 2018).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from erlsim.errors import ErlsimError
from erlsim.testing.search.dependency import (
    EXIT,
    MAIL,
    SEND,
    TAKE,
    UNKNOWN,
    WAIT,
    Event,
    Touch,
)
from erlsim.testing.search.order import Order, Race
from erlsim.testing.search.wakeup import UNCLEAR, Node, Step, initial, insert

CLOCK = "clock"
TIMELY = Touch(("time",), "w")
# By process and number of its question: the answer, where that is not 0.
Answers = Mapping[tuple[str, int], int]


class NotRepeatable(ErlsimError):
    """A run left the way that the same machine has gone before: it depends on more than the order of its events."""


class Walk:
    """Who goes on in one run: as planned, and then as it comes. It remembers what it was asked.

    What an operation asks (whether it fails, whether a signal is late) is answered by a table that stays the same for
    all of an exploration: by process and number of the question.
    """

    __slots__ = ("_answers", "asked", "lost", "offered", "plan")

    def __init__(self, plan: Sequence[Node], answers: Answers) -> None:
        self.plan = plan
        self._answers = answers
        # By event: who could have gone on, if more than one could.
        self.offered: dict[int, Sequence[str]] = {}
        # By process: how many options each of its questions had.
        self.asked: dict[str, list[int]] = {}
        # What could have happened, until something else made it impossible: timers that were due and were disarmed.
        self.lost: Sequence[Event] = []

    def choose(self, at: int, processes: Sequence[str]) -> int:
        """Whose event is number `at`: an index of `processes`, which are two or more."""
        self.offered[at] = processes
        if at >= len(self.plan):
            return 0
        wanted = self.plan[at].process
        for index, process in enumerate(processes):
            if process == wanted:
                return index
        if wanted == CLOCK:
            return 0
        raise NotRepeatable(f"event {at} should be of {wanted}, which cannot go on; {', '.join(processes)} can")

    def answer(self, process: str, options: int) -> int:
        """The answer to a question that comes up in an event of `process`."""
        asked = self.asked.setdefault(process, [])
        asked.append(options)
        return min(self._answers.get((process, len(asked) - 1), 0), options - 1)


class Origin(NamedTuple):
    """Why a run was planned: in another, `run`, event `first` came before event `second`.

    They are numbers; one that is past the end of the run's events was lost in it. Whoever lets its `processes` go on in
    this order, with these `answers`, makes that run again.
    """

    first: int
    second: int
    processes: Sequence[str]
    answers: Answers
    run: Any


class Machine(Protocol):
    """Something that can be run again and again. `last` is what came of the last run."""

    last: Any

    def run(self, walk: Walk) -> Sequence[Event]:
        """Make one run, as `walk` says, until nothing can happen any more: its events."""
        ...


class Exploration:
    """The traces of a machine under one table of answers, one a step.

    The path of the last run is kept, and what is planned beside it.
    """

    def __init__(self, machine: Machine, answers: Answers | None = None) -> None:
        self.machine = machine
        self.answers: Answers = answers or {}
        self.root = Node("", ())
        self.path: list[Node] = []
        # From this event on the next run is another than the last one.
        self.fresh = 0
        self.runs = 0
        self.finished = False
        # Whether the last run could not be made as planned.
        self.blocked = False
        self.walk: Walk | None = None
        # The race that the last run was made for.
        self.origin: Origin | None = None
        self.order: Order | None = None
        # Whose the events of the last run were, if some race of it is to be reversed.
        self._processes: Sequence[str] | None = None
        # How many events all runs have in common: beside these nothing is explored here.
        self._floor = 0

    def begin_at(self, path: Sequence[tuple[Step, Sequence[Step]]]) -> None:
        """Explore what begins with the steps of a path, each of which has beside it steps that are explored elsewhere.

        What should be explored beside it remains in the tree.
        """
        self._floor, node = len(path), self.root
        for step, done in path:
            node.done = list(done)
            node.children.append(Node(*step))
            node = node.children[0]

    def step(self) -> Sequence[Event]:
        """Make the next run and plan those that follow from it: its events."""
        plan = list(self._plan())
        self.origin = plan[-1].origin if plan else None
        self.walk = walk = Walk(plan, self.answers)
        events = self.machine.run(walk)
        self.runs += 1
        self.blocked = not self._follow(plan, events)
        if self.blocked:
            self._close()
            return events
        self._processes = None
        self.order = order = Order(events, walk.lost)
        for race in order.races:
            if race.first < len(events) and (
                max(race.second, race.observer or 0) >= self.fresh or self._cuts_short(order, race)
            ):
                self._reverse(order, walk, race)
        self._close()
        return events

    def _plan(self) -> Iterator[Node]:
        node = self.root
        while node.children:
            node = node.children[0]
            yield node

    def _follow(self, plan: list[Node], events: Sequence[Event]) -> bool:
        """Note what the events of the plan have touched, and those that came behind it.

        False if the plan could not be followed: the clock was to go on, and there was no timer.
        """
        if len(events) < len(plan):
            if any(node.process == CLOCK for node in plan[len(events) :]):
                self.path = plan
                return False
            raise NotRepeatable(f"{len(plan)} events were planned, and the run had but {len(events)}")
        self.path, parent = plan, self.root
        for at, parent in enumerate(plan):
            event = events[at]
            parent.touches = event.touches
            if parent.process != event.process:
                if parent.process == CLOCK:
                    self.path = plan[: at + 1]
                    return False
                raise NotRepeatable(f"event {at} should be of {parent.process}, and it is of {event.process}")
        for at in range(len(plan), len(events)):
            event = events[at]
            node = Node(event.process, event.touches)
            parent.children.append(node)
            plan.append(node)
            parent = node
        return True

    # ---- races --------------------------------------------------------------------------

    def _reverse(self, order: Order, walk: Walk, race: Race) -> None:
        """Plan a run in which the race comes the other way round, unless there is one."""
        events, before = order.events, order.before
        first, second, observer = race
        touches = _touches_if_earlier(events, walk, race)
        if touches is None:
            return
        others = [at for at in range(first + 1, len(self.path)) if at != second]
        sequence = [_step(events[at]) for at in others if not before[at] >> first & 1]
        if TIMELY in touches and not self._may_tick(walk, first, sequence):
            return
        sequence.append(Step(events[second].process, touches))
        if observer is not None:
            # All but what came because of the observer goes as before; then the observer takes the second.
            sequence.append(_step(events[first]))
            sequence += [
                _step(events[at])
                for at in others
                if at != observer and before[at] >> first & 1 and not before[at] >> observer & 1
            ]
            sequence.append(Step(events[observer].process, _told_otherwise(events, race)))
        if not self._explored(events, first, sequence):
            end = insert(self.path[first - 1] if first else self.root, sequence)
            if end is not None:
                if self._processes is None:
                    self._processes = tuple([node.process for node in self.path])
                end.origin = Origin(first, second, self._processes, self.answers, self.machine.last)

    def _cuts_short(self, order: Order, race: Race) -> bool:
        """Whether the first event ends whom the second is of, who was about to do something else then.

        What comes behind the two says what may come before that, and is another in each run; between others it does
        not matter, for whatever two processes are about to do, each does it after the other, too.
        """
        return order.kills.get(order.events[race.second].process) == race.first

    def _may_tick(self, walk: Walk, first: int, sequence: list[Step]) -> bool:
        """Whether a clock could go on before event `first`: some timer has been started."""
        if CLOCK in walk.offered.get(first, ()):
            return True
        return any(thing[0] == "time" for step in sequence for thing, _, _ in step.touches)

    def _explored(self, events: Sequence[Event], first: int, sequence: list[Step]) -> bool:
        """Whether a run that goes on from before event `first` with the sequence is in what has been explored."""
        for at in range(first, -1, -1):
            done = (self.path[at - 1] if at else self.root).done
            if done:
                whole = [*map(_step, events[at:first]), *sequence]
                if any(initial(event, whole) is not None for event in done):
                    return True
        return False

    def explored(self) -> float:
        """A guess at how much has been explored: what is planned is taken to be as large as what is done beside it."""
        fraction, weight, node = 0.0, 1.0, self.root
        while node.children:
            weight /= len(node.done) + len(node.children)
            fraction += weight * len(node.done)
            node = node.children[0]
        return 1.0 if self.finished else fraction

    def waiting(self) -> int:
        """How many runs are planned."""
        count, nodes = 0, list(self.root.children)
        while nodes:
            node = nodes.pop()
            nodes += node.children
            count += not node.children
        return count

    def _close(self) -> None:
        """Leave what has been explored whole, up to the last event beside which something is planned."""
        path, at = self.path, len(self.path)
        parent = self.root
        while at > self._floor:
            at -= 1
            parent = path[at - 1] if at else self.root
            if len(parent.children) > 1:
                node = parent.children.pop(0)
                parent.done.append(Step(node.process, node.touches))
                del path[at:]
                self.fresh = at
                return
        parent.children.clear()
        del path[at:]
        self.finished = True


def _step(event: Event) -> Step:
    return Step(event.process, event.touches)


def _unknown_take(touches: Sequence[Touch]) -> Sequence[Touch]:
    return tuple(
        Touch(thing, mode, (UNKNOWN, *detail[1:])) if mode == TAKE and thing[0] == MAIL else Touch(thing, mode, detail)
        for thing, mode, detail in touches
    )


def _touches_if_earlier(events: Sequence[Event], walk: Walk, race: Race) -> Sequence[Touch] | None:
    """What the second event of a race touches if it comes before the first; `None` if it cannot."""
    first, second = events[race.first], events[race.second]
    if UNCLEAR[0] in second.touches and second.process not in walk.offered.get(race.first, ()):
        # Nobody knows what it has waited for.
        return None
    for thing, mode, detail in first.touches:
        if thing[0] == EXIT and mode == "w" and thing[1] == second.process:
            return UNCLEAR if second.process in walk.offered.get(race.first, ()) else None
        if thing == (WAIT, second.process):
            # Its receive was ended by a timer: before that it may have been about to take a message.
            return _unknown_take(second.touches) if second.process in walk.offered.get(race.first, ()) else None
        if thing[0] == MAIL and mode == SEND:
            for place, how, what in second.touches:
                if place == thing and how == TAKE and what[0] == detail[0]:
                    return _unknown_take(second.touches)
    return second.touches if second.may is None else second.may


def _told_otherwise(events: Sequence[Event], race: Race) -> Sequence[Touch]:
    """What an observer touches when it finds the second message of a race first."""
    first, second, observer = race
    assert observer is not None
    sent = {detail[0] for thing, mode, detail in events[first].touches if thing[0] == MAIL and mode == SEND}
    others = {thing: detail[0] for thing, mode, detail in events[second].touches if thing[0] == MAIL and mode == SEND}
    return tuple(
        Touch(thing, mode, (others[thing], *detail[1:]))
        if mode == TAKE and thing in others and detail[0] in sent
        else Touch(thing, mode, detail)
        for thing, mode, detail in events[observer].touches
    )
