"""Whether events that are said to be independent are: neighbours in random runs, swapped.

What a complete search leaves out rests on one claim: two neighbours in a run, of different processes, that do not
depend on each other can be swapped, and nobody can tell. Here that is done: the run is made again with the two swapped,
and with all others in their order. It has to have the same events, and the same outcome.

`python -m tests.exhaust.commuting FIRST LAST [late|transit]` does it with the programs of these numbers in `servers`,
and looks at each for outcomes of random schedules that a complete search lacks.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from erlsim.testing import exhaust
from erlsim.testing.search.exploration import NotRepeatable, Walk
from erlsim.testing.search.order import Order
from erlsim.testing.search.simulated import Seen, Simulated
from erlsim.testing.search.wakeup import Node
from tests.exhaust.servers import drawn, running

OPTIONS: dict[str, dict[str, Any]] = {"": {}, "late": {"clock": "late"}, "transit": {"transit": True}}
MOST_RUNS = 2_000


class Drawn(Walk):
    """Anybody may go on."""

    __slots__ = ("_draw",)

    def __init__(self, seed: int) -> None:
        super().__init__((), {})
        self._draw = random.Random(seed)

    def choose(self, at: int, processes: Sequence[str]) -> int:
        self.offered[at] = processes
        return self._draw.randrange(len(processes))


def wrong(test: Callable[[], Any], seeds: Iterable[int], **options: Any) -> str:
    """What comes otherwise when two independent neighbours are swapped; nothing if nothing does."""
    machine = Simulated(test, options)
    for seed in seeds:
        events = machine.run(Drawn(seed))
        assert machine.last is not None
        outcome, order = machine.last.outcome, Order(events)
        names = [event.process for event in events]
        for at in range(len(events) - 1):
            if names[at] == names[at + 1] or order.happens_before(at, at + 1):
                continue
            swapped = [*names[:at], names[at + 1], names[at], *names[at + 2 :]]
            found = _difference(machine, swapped, outcome)
            if found:
                around = [_shown(event) for event in events[max(0, at - 10) : at + 5]]
                return "\n".join([f"seed {seed}, event {at}: {found}", *around])
    return ""


def _difference(machine: Simulated, names: list[str], outcome: str) -> str:
    try:
        events = machine.run(Walk([Node(name, ()) for name in names], {}))
    except NotRepeatable as other:
        return str(other)
    assert machine.last is not None
    if machine.last.outcome != outcome:
        return f"{outcome} becomes {machine.last.outcome}"
    return "" if [event.process for event in events] == names else "other events"


def _shown(event: Seen) -> str:
    return f"{event.process:14} {event.operation:24} {[tuple(touch) for touch in event.touches]}"


def main(first: int, last: int, mode: str = "") -> int:
    """Look at programs; how many of them are wrong."""
    if first >= last:
        sys.exit(f"no programs: FIRST has to be below LAST, and {first} is not below {last}")
    bad = 0
    for number in range(first, last):
        program = drawn(number)
        found = wrong(running(program), range(6), **OPTIONS[mode])
        if not found:
            search = exhaust(running(program), stop=False, max_runs=MOST_RUNS, progress=False, **OPTIONS[mode])
            lacks = not search.complete and "max_runs" not in search.why_not
            found = str(search) if lacks else ""
        if found:
            bad += 1
            sys.stdout.write(f"program {number}: {program}\n{found}\n\n")
            sys.stdout.flush()
    sys.stdout.write(f"{last - first} programs, {bad} wrong\n")
    return bad


if __name__ == "__main__":
    sys.exit(min(1, main(*map(int, sys.argv[1:3]), *sys.argv[3:])))
