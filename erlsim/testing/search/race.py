"""The race behind a failure, explained: which two operations, on what, and what comes of either order.

A failing run was planned because two events of an earlier run raced: in that one they came in the order that works, in
this one the other way round.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from erlsim.errors import pass_on
from erlsim.simulation import Simulation
from erlsim.testing.runs import Run
from erlsim.testing.schedules import Replay
from erlsim.testing.search.dependency import Touch, dependent
from erlsim.testing.search.exploration import Origin, Walk
from erlsim.testing.search.simulated import Seen, Simulated
from erlsim.testing.search.wakeup import Node

# As wide as two pictures side by side may be; wider ones stand one below the other.
WIDEST = 150
PLACES = {
    "key": "row {1!r} of table {0}",
    "keys": "the rows of table {0}",
    "table": "table {0}",
    "mailbox": "the mailbox of {0}",
    "name": "the name {0}",
    "life": "whether {0} is alive",
    "exit": "an exit signal to {0}",
    "links": "the links of {0}",
    "link": "the link between {0} and {1}",
    "watch": "the monitor of {0} on {1}",
    "alias": "an alias of {0}",
    "trap": "the flag trap_exit of {0}",
    "info": "what is known of {0}",
    "wait": "the receive of {0}",
    "time": "the time",
}


class Side(NamedTuple):
    """One of the two operations: whose, what, where."""

    process: str
    operation: str
    place: str

    def __str__(self) -> str:
        return f"{self.process:<8} {self.operation:<24} {self.place}".rstrip()


def explain(test: Callable[..., Any], failed: Run, origin: Origin, options: dict[str, Any]) -> str:
    """The report: both operations, what they raced for, and a picture of each order."""
    one, two = raced(test, origin, options)
    first, second = _side(one), _side(two)
    works = [f"{first.process} before {second.process}: {origin.run.outcome}", "", *_picture(test, origin.run, options)]
    fails = [f"{second.process} before {first.process}: {failed.outcome}", "", *_picture(test, failed, options)]
    lines = [f"The race is for {contended(one, two)}:", f"  {first}", f"  {second}", ""]
    return "\n".join([*lines, *side_by_side(works, fails)])


def raced(test: Callable[..., Any], origin: Origin, options: dict[str, Any]) -> tuple[Seen, Seen]:
    """The two events, of the same run made again: a search does not look where in the code each of its events is."""
    walk = Walk([Node(process, ()) for process in origin.processes], origin.answers)
    events: list[Any] = [*Simulated(test, options, places=True).run(walk), *walk.lost]
    return events[origin.first], events[origin.second]


def contended(one: Seen, two: Seen) -> str:
    """What two events raced for, in words."""
    for touch in two.touches:
        if dependent(one.process, one.touches, two.process, [Touch(*touch)]):
            return named(touch[0])
    shared = [touch[0] for touch in two.touches if any(touch[0] == other[0] for other in one.touches)]
    return named(shared[0]) if shared else "the order of two operations"


def named(thing: tuple[Any, ...]) -> str:
    """A thing that is touched, in words."""
    kind, *parts = thing
    return PLACES.get(str(kind), str(kind)).format(*parts)


def _side(event: Seen) -> Side:
    place = event.place
    where = f"{Path(place[0]).name}:{place[1]}" if place is not None else ""
    return Side(event.process, event.operation, where)


def _picture(test: Callable[..., Any], run: Run, options: dict[str, Any]) -> list[str]:
    """The sequence of messages and operations of a run."""
    sim = Simulation(chooser=Replay(run.schedule), **{**options, "trace": True, "preempt": True})
    try:
        sim.run(test)
    except BaseException as wrong:
        pass_on(wrong)
    finally:
        sim.close()
    return str(sim.trace.sequence()).splitlines()


def side_by_side(left: list[str], right: list[str]) -> list[str]:
    """Two pictures beside each other if there is room."""
    width = max(map(len, left), default=0)
    if width + 4 + max(map(len, right), default=0) > WIDEST:
        return [*left, "", *right]
    rows = max(len(left), len(right))
    padded = [*left, *[""] * (rows - len(left))], [*right, *[""] * (rows - len(right))]
    return [f"{one:<{width}}    {two}".rstrip() for one, two in zip(*padded, strict=True)]
