"""`exhaust`: a test under every interleaving of its visible operations."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.testing.choosers import RandomWalk
from erlsim.testing.runs import run_once, shrink
from erlsim.testing.search.answers import Tables
from erlsim.testing.search.exploration import Exploration, NotRepeatable
from erlsim.testing.search.results import Exhaustion
from erlsim.testing.search.simulated import Simulated

MAX_RUNS = 100_000
# So many random schedules must come to nothing new before a search is called complete.
CHECKS = 100
SHRINK_TRIES = 200
SAY_EVERY = 1000


def exhaust(
    test: Callable[..., Any],
    *,
    max_runs: int = MAX_RUNS,
    seconds: float | None = None,
    stop: bool = True,
    check: int = CHECKS,
    progress: bool | None = None,
    **options: Any,
) -> Exhaustion:
    """Run `test` under every interleaving of its visible operations that anybody could tell apart: an `Exhaustion`.

    It ends at the first failure if `stop`, after `max_runs` runs, or after so many `seconds`; else it is complete, and
    no other outcome exists. Before it says so it makes `check` random runs, all of which must come to an outcome that
    it has seen: what the test keeps outside of erlsim (a global variable, an object that processes share) it does not.
    `progress` says on standard error how far it is (`None`: if that is a terminal). `options` go to `Simulation`.
    """
    if max_runs < 1 or (seconds is not None and seconds <= 0):
        raise ErlsimError(f"max_runs and seconds are positive numbers, not {max_runs!r} and {seconds!r}")
    result = Exhaustion(clock=options.get("clock", "barrier"))
    begun = time.perf_counter()
    until = None if seconds is None else begun + seconds
    say = progress if progress is not None else sys.stderr.isatty()
    try:
        _search(result, Simulated(test, options), max_runs, until, stop, say)
        if not result.why_not:
            _cross_check(result, test, check, until, options)
    except NotRepeatable as wrong:
        result.why_not = f"the test depends on more than erlsim sees ({wrong})"
    result.complete = not result.why_not
    if result.failures:
        _shrink(result, test, options)
    result.seconds = time.perf_counter() - begun
    return result


def _search(result: Exhaustion, machine: Simulated, max_runs: int, until: float | None, stop: bool, say: bool) -> None:
    tables = Tables()
    while (answers := tables.next()) is not None:
        exploration = Exploration(machine, answers)
        more = True
        while more:
            events = exploration.step()
            more = not exploration.finished
            run, walk = machine.last, exploration.walk
            assert run is not None and walk is not None
            if not exploration.blocked and tables.learn(walk):
                result.add(run, len(events))
            else:
                result.blocked += 1
            made = result.runs + result.blocked
            if say and made % SAY_EVERY == 0:
                sys.stderr.write(f"{made} interleavings, of some {made / exploration.explored():.0f}\n")
            if stop and result.failures:
                result.why_not = "it ended at the first failure"
            elif not more and not tables:
                return
            elif made >= max_runs:
                result.why_not = f"it ended after {max_runs} runs (max_runs)"
            elif until is not None and time.perf_counter() > until:
                result.why_not = "its time was up (seconds)"
            if result.why_not:
                result.waiting = exploration.waiting() + len(tables)
                explored = exploration.explored()
                result.estimate = made / explored if explored else 0.0
                return


class _Checking(RandomWalk):
    """Random, but for the signals that a complete search lets arrive as they are sent."""

    def choose(self, kind: str, options: Any) -> int:
        return 0 if kind == "signal" else super().choose(kind, options)


def _cross_check(
    result: Exhaustion, test: Callable[..., Any], check: int, until: float | None, options: dict[str, Any]
) -> None:
    """Whether random schedules come to what has been seen, and to nothing else."""
    for seed in range(min(check, 20 * result.runs)):
        if until is not None and time.perf_counter() > until:
            result.why_not = "its time was up (seconds) before it was cross-checked"
            return
        run = run_once(test, _Checking(seed), **{"trace": False, **options, "preempt": True})
        if run.outcome not in result.outcomes:
            result.why_not = (
                f"a random schedule came to {run.outcome}, which none of these did: the test depends on more than "
                f"erlsim sees (replay(test, {run.schedule!r}, preempt=True))"
            )
            result.add(run, 0)
            return
        result.checked += 1


def _shrink(result: Exhaustion, test: Callable[..., Any], options: dict[str, Any]) -> None:
    first = result.failures[0]
    schedule = shrink(test, first.schedule, SHRINK_TRIES, **{"trace": False, **options, "preempt": True})
    result.failures[0] = replace(first, schedule=str(schedule))
    result.examples[first.outcome] = str(schedule)
