"""`python -m tests.search.measure [SCHEDULES]`: what each chooser reaches of what Concuerror finds in the programs.

The table is the one in docs/how-to/find-a-race.md; `ours`, which Concuerror does not come with, are not in it. So many
schedules of each program, and of each race as many as it may take, are run by random and by PCT, with preemption and
without; the complete search takes what it takes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from erlsim import terms
from erlsim.testing import exhaust, explore
from tests.search.programs import PROGRAMS, ours
from tests.search.races import RACES
from tests.search.recorded import load

# From a test, a number of schedules, and whether timers matter in it, to the outcomes.
Run = Callable[[Callable[..., object], int, bool], Iterable[str]]
MOST_RUNS = 5_000


def drawn(chooser: str, **options: bool) -> Run:
    """Outcomes of schedules that are drawn."""

    def outcomes(test: Callable[..., object], schedules: int, _timers: bool) -> dict[str, int]:
        return explore(test, schedules, chooser=chooser, stop=False, progress=False, **options).outcomes

    return outcomes


def searched(clock: str) -> Run:
    """Outcomes of a complete search, or of a long one; `clock` is for tests in which timers matter."""

    def outcomes(test: Callable[..., object], _schedules: int, timers: bool) -> dict[str, int]:
        chosen = clock if timers else "barrier"
        return exhaust(test, max_runs=MOST_RUNS, stop=False, progress=False, clock=chosen).outcomes

    return outcomes


def main(schedules: int) -> None:
    """Print the table."""
    # As explorations print them.
    programs = {name: program for name, program in PROGRAMS.items() if name not in ours.PROGRAMS}
    known = load()
    recorded = {name: {terms.format("~0tp", [each]) for each in known[name].outcomes} for name in programs}
    every = sum(map(len, recorded.values()))
    rows = {
        "random": drawn("random"),
        "PCT": drawn("pct"),
        "random, `preempt=True`": drawn("random", preempt=True),
        "PCT, `preempt=True`": drawn("pct", preempt=True),
        "`exhaust`": searched("barrier"),
        '`exhaust`, `clock="late"` where timers matter': searched("late"),
    }
    heads = ("search", f"outcomes of {every:,}", f"programs of {len(programs)} in full", f"races of {len(RACES)}")
    sys.stdout.write(f"| {' | '.join(heads)} |\n|---|---|---|---|\n")
    for name, run in rows.items():
        reached = {program.name: set(run(program.run, schedules, program.late)) for program in programs.values()}
        outcomes = sum(len(recorded[each] & reached[each]) for each in reached)
        full = sum(recorded[each] <= reached[each] for each in reached)
        races = sum(any(race.shows in outcome for outcome in run(race.planted, race.budget, False)) for race in RACES)
        sys.stdout.write(f"| {name} | {outcomes:,} | {full} | {races} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
