"""The race behind a failure, explained: how the two operations are found, and who and what they are in both orders.

A failing run was planned because two events of an earlier run raced: in that one they came in the order that works, in
this one the other way round. A search names processes and tables by birth (`P.1`, `P.1#2`), which is the same in every
order; a reader wants the names and pids that the pictures have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from erlsim.errors import pass_on
from erlsim.simulation import Simulation
from erlsim.terms import Pid
from erlsim.testing.runs import Run
from erlsim.testing.schedules import Replay
from erlsim.testing.search.dependency import Touch, dependent
from erlsim.testing.search.exploration import Origin, Walk
from erlsim.testing.search.race import Order, Race, Side
from erlsim.testing.search.simulated import Seen, Simulated
from erlsim.testing.search.wakeup import Node
from erlsim.trace import Trace
from erlsim.trace.events import SHELL
from erlsim.trace.sequence import SequenceChart

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
FIRST = "P"
"""The name by birth of the test's own process; its second child is `P.2`, whose first table `P.2#1`."""
MOST_ROWS = 60
"""How many rows of each run are shown."""


def explain(test: Callable[..., Any], failed: Run, origin: Origin, options: dict[str, Any]) -> Race:
    """Both operations, what they raced for, and a chart of each order."""
    one, two = raced(test, origin, options)
    works, fails = _again(test, origin.run, options), _again(test, failed, options)
    here, there = _Names(works), _Names(fails)
    return Race(
        named(contended(one, two), here),
        (_side(one, here), _side(two, here)),
        Order(here(one.process), origin.run.outcome, here.chart),
        Order(there(two.process), failed.outcome, there.chart),
    )


def raced(test: Callable[..., Any], origin: Origin, options: dict[str, Any]) -> tuple[Seen, Seen]:
    """The two events, of the same run made again: a search does not look where in the code each of its events is."""
    walk = Walk([Node(process, ()) for process in origin.processes], origin.answers)
    events: list[Any] = [*Simulated(test, options, places=True).run(walk), *walk.lost]
    return events[origin.first], events[origin.second]


def contended(one: Seen, two: Seen) -> tuple[Any, ...] | None:
    """What two events raced for; `None` if it cannot be told."""
    for touch in two.touches:
        if dependent(one.process, one.touches, two.process, [Touch(*touch)]):
            return touch[0]
    shared = [touch[0] for touch in two.touches if any(touch[0] == other[0] for other in one.touches)]
    return shared[0] if shared else None


def named(thing: tuple[Any, ...] | None, names: Callable[[Any], Any]) -> str:
    """A thing that is touched, in words."""
    if thing is None:
        return "the order of two operations"
    kind, *parts = thing
    return PLACES.get(str(kind), str(kind)).format(*map(names, parts))


class _Names:
    """What the processes and tables of one run are called, by their names by birth; called with such a name."""

    def __init__(self, trace: Trace) -> None:
        self.chart: SequenceChart = trace.sequence(limit=MOST_ROWS, operations=True)
        titles = {lane.pid: f"{lane.title} {lane.pid!r}" for lane in self.chart.lanes}
        births, tables = born(trace)
        often = Counter(tables.values())
        self._known: dict[str, str] = {name: titles.get(pid, repr(pid)) for pid, name in births.items()}
        # A name that several tables have had says less than the births.
        self._known |= {birth: name for birth, name in tables.items() if often[name] == 1}

    def __call__(self, name: Any) -> Any:
        return self._known.get(name, name) if isinstance(name, str) else name


def born(trace: Trace) -> tuple[dict[Pid, str], dict[str, str]]:
    """The names by birth of a run's processes, by pid, and what its tables are called, by their names by birth."""
    births = {pid: FIRST for pid, role, _ in trace.present if role == SHELL}
    tables: dict[str, str] = {}
    # How many processes, and how many tables, each has made so far.
    made: Counter[tuple[Pid, str]] = Counter()
    for event in trace.of("spawn", "ets"):
        pid, kind = event.pid, event.kind
        if pid not in births or (kind == "ets" and event.data[0] != "new"):
            continue
        made[pid, kind] += 1
        if kind == "spawn":
            births[event.data[0]] = f"{births[pid]}.{made[pid, kind]}"
        else:
            tables[f"{births[pid]}#{made[pid, kind]}"] = str(event.data[1])
    return births, tables


def _side(event: Seen, names: _Names) -> Side:
    place = event.place
    where = f"{Path(place[0]).name}:{place[1]}" if place is not None else ""
    return Side(names(event.process), event.operation, where)


def _again(test: Callable[..., Any], run: Run, options: dict[str, Any]) -> Trace:
    """The trace of a run that is made again."""
    sim = Simulation(chooser=Replay(run.schedule), **{**options, "trace": True, "preempt": True})
    try:
        sim.run(test)
    except BaseException as wrong:
        pass_on(wrong)
    finally:
        sim.close()
    return sim.trace
