"""`exhaust`: a test under every interleaving of its visible operations."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.simulation import PATIENT
from erlsim.testing.choosers import RandomWalk
from erlsim.testing.runs import run_once, shrink
from erlsim.testing.search.answers import Tables
from erlsim.testing.search.bounded import Bound, Bounded, bound_of
from erlsim.testing.search.explained import explain
from erlsim.testing.search.exploration import Exploration, NotRepeatable, Origin
from erlsim.testing.search.limits import Limits
from erlsim.testing.search.results import Exhaustion
from erlsim.testing.search.saving import restored, saved
from erlsim.testing.search.sharing import Sharing
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
    bound: int | str | None = None,
    stop: bool = True,
    check: int = CHECKS,
    executor: Executor | None = None,
    progress: bool | None = None,
    resume: dict[str, Any] | None = None,
    **options: Any,
) -> Exhaustion:
    """Run `test` under every interleaving of its visible operations that anybody could tell apart: an `Exhaustion`.

    It ends at the first failure if `stop`, after `max_runs` runs, or after so many `seconds`; else it is complete, and
    no other outcome exists. Before it says so it makes `check` random runs, all of which must come to an outcome that
    it has seen: what the test keeps outside of erlsim (a global variable, an object that processes share) it does not.
    With `bound`, which is `2`, `"2 preemptions"` or `"2 delays"`, only schedules with at most so many are run, those
    with fewer first: that ends sooner, and is complete only if there were no others.
    `executor` is any `concurrent.futures` executor; its workers share the search. What comes of it does not depend on
    the executor or how many they are; it has as many runs as a search by one, and some blocked ones more.
    `resume` is the `state` of a search that was cut short: this one goes on from there, for as many runs more.
    `progress` says on standard error how far it is (`None`: if that is a terminal). `options` go to `Simulation`.
    """
    if max_runs < 1 or (seconds is not None and seconds <= 0):
        raise ErlsimError(f"max_runs and seconds are positive numbers, not {max_runs!r} and {seconds!r}")
    if resume is not None and (bound is not None or executor is not None):
        raise ErlsimError("a search that goes on (resume=...) has no bound and no executor")
    within = bound_of(bound)
    begun = time.perf_counter()
    limits = Limits(max_runs, None if seconds is None else time.time() + seconds, stop)
    say = sys.stderr.write if progress or (progress is None and sys.stderr.isatty()) else _nothing
    result = Exhaustion(bound=bound, clock=options.get("clock", "barrier"))
    search: _Search | Sharing
    if executor is None:
        search = _Search(result, Simulated(test, options), within, limits, say, resume)
    else:
        search = Sharing(executor, test, options, result, within, limits, say)
    try:
        with patient_collector():
            search.run()
        if not result.why_not and not search.beyond:
            _cross_check(result, test, check, limits, options)
    except NotRepeatable as wrong:
        result.why_not = f"the test depends on more than erlsim sees ({wrong})"
    result.complete = not result.why_not and not search.beyond
    if within is not None and not result.why_not:
        result.finished_bound = within.of(within.most)
    if result.failures:
        _shrink(result, test, options)
        if search.origin is not None:
            result.race = explain(test, result.failures[0], search.origin, options)
    result.seconds = time.perf_counter() - begun
    return result


@contextmanager
def patient_collector() -> Iterator[None]:
    """Python's garbage collector looks less often: each run leaves a world behind, and all of that is garbage."""
    before = gc.get_threshold()
    if before[0] == 0 or before == PATIENT:
        # It does not look at all, or is patient already.
        yield
        return
    gc.set_threshold(*PATIENT)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _nothing(text: str) -> None:
    """Say nothing."""


class _Search:
    """All runs of one search, under each table of answers. `origin` is the race behind the first failure."""

    def __init__(
        self,
        result: Exhaustion,
        machine: Simulated,
        bound: Bound | None,
        limits: Limits,
        say: Callable[[str], object],
        resume: dict[str, Any] | None,
    ) -> None:
        self._result = result
        self._machine = machine
        self._bound = bound
        self._limits = limits
        self._say = say
        self._tables = Tables()
        self._left: Exploration | None = None
        if resume is not None:
            self._tables, self._left = restored(resume, result, machine)
            self._limits = limits._replace(max_runs=limits.max_runs + result.runs + result.blocked)
        self.origin: Origin | None = None
        # Whether there is something beyond the bound.
        self.beyond = False

    def run(self) -> None:
        """Until it is complete, or has to end."""
        while (exploration := self._next()) is not None:
            while not exploration.finished:
                self._step(exploration)
                if self._ends(exploration):
                    return
            self.beyond = self.beyond or getattr(exploration, "beyond", False)

    def _next(self) -> Any:
        left, self._left = self._left, None
        if left is not None:
            return left
        answers = self._tables.next()
        if answers is None:
            return None
        if self._bound is None:
            return Exploration(self._machine, answers)
        return Bounded(self._machine, self._bound, answers)

    def _step(self, exploration: Any) -> None:
        result, events = self._result, exploration.step()
        run = self._machine.last
        assert run is not None
        if exploration.blocked or not self._tables.learn(exploration.walk):
            result.blocked += 1
            return
        result.add(run, len(events))
        if run.failed and len(result.failures) == 1:
            self.origin = exploration.origin

    def _ends(self, exploration: Any) -> bool:
        result = self._result
        made = result.runs + result.blocked
        if made % SAY_EVERY == 0:
            self._say(f"{made} interleavings, of some {made / exploration.explored():.0f}\n")
        if exploration.finished and not self._tables and not (self._limits.stop and result.failures):
            return False
        result.why_not = self._limits.reached(result)
        if not result.why_not:
            return False
        if self._bound is None:
            result.state = saved(result, self._tables, exploration)
        elif not self._tables and (cost := exploration.schedules.cheapest()):
            result.finished_bound = self._bound.of(cost - 1)
        result.waiting = exploration.waiting() + len(self._tables)
        explored = exploration.explored()
        result.estimate = made / explored if explored else 0.0
        return True


class _Checking(RandomWalk):
    """Random, but for the signals that a complete search lets arrive as they are sent."""

    def choose(self, kind: str, options: Any) -> int:
        return 0 if kind == "signal" else super().choose(kind, options)


def _cross_check(
    result: Exhaustion, test: Callable[..., Any], check: int, limits: Limits, options: dict[str, Any]
) -> None:
    """Whether random schedules come to what has been seen, and to nothing else."""
    for seed in range(min(check, 20 * result.runs)):
        if limits.until is not None and time.time() > limits.until:
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
