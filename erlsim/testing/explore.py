"""Running one test under many schedules.

`explore` runs a program again and again, each time under another schedule, and tells apart what came
of it. It stops at the first failure or goes on; it never claims more than it did: what it prints is
how many schedules were run, not that there are no others.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from os import cpu_count
from typing import Any

from erlsim import terms
from erlsim._kernel import Chooser
from erlsim.errors import ErlangException
from erlsim.simulation import Simulation
from erlsim.testing.choosers import chooser_factory
from erlsim.testing.schedules import Recorder, Replay, Schedule

Term = Any
BATCH = 64
PAYS_FROM_SECONDS = 2.0


@dataclass(frozen=True)
class Run:
    """One run: its seed, its schedule, and what came of it (`outcome`, a text; `failed` if it raised)."""

    seed: int
    schedule: str
    outcome: str
    failed: bool
    trace: str = ""


@dataclass
class Exploration:
    """What `explore` found. `outcomes` counts each distinct outcome; `failures` holds the failed runs."""

    chooser: str
    wanted: int
    runs: int = 0
    seconds: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)
    failures: list[Run] = field(default_factory=list)
    schedules: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no run failed."""
        return not self.failures

    @property
    def rate(self) -> float:
        """Schedules run per second of real time."""
        return self.runs / self.seconds if self.seconds else 0.0

    def add(self, run: Run) -> None:
        """Count a run."""
        self.runs += 1
        self.outcomes[run.outcome] = self.outcomes.get(run.outcome, 0) + 1
        self.schedules[run.schedule] = self.schedules.get(run.schedule, 0) + 1
        self.examples.setdefault(run.outcome, run.schedule)
        if run.failed:
            self.failures.append(run)

    def sentence(self) -> str:
        """An honest sentence on what was covered."""
        found = f"{len(self.failures)} failed" if self.failures else "none failed"
        return (
            f"{self.runs} of {self.wanted} schedules run ({len(self.schedules)} distinct, chooser {self.chooser}), "
            f"{len(self.outcomes)} distinct outcomes, {found}; other schedules may do otherwise"
        )

    def __str__(self) -> str:
        lines = [self.sentence()]
        for outcome, count in sorted(self.outcomes.items(), key=lambda item: (-item[1], item[0])):
            lines.append(f"{count:>8} x {outcome}   e.g. {self.examples[outcome]}")
        return "\n".join(lines)


def run_once(test: Callable[..., Any], chooser: Chooser, seed: int = 0, trace: bool = False, **options: Any) -> Run:
    """Run `test` as the shell of a fresh simulation under `chooser`: what came of it, and the schedule."""
    recorder = Recorder(chooser)
    sim = Simulation(seed=seed, chooser=recorder, trace=trace, **options)
    try:
        value = sim.run(test)
        outcome, failed = terms.format("~0tp", ["ok" if value is None else value]), False
        if isinstance(chooser, Replay):
            chooser.check_finished()
    except (ErlangException, AssertionError) as exc:
        outcome, failed = _failure(exc), True
    except Exception as exc:
        outcome, failed = _failure(exc), True
    return Run(seed, str(recorder.schedule), outcome, failed, sim.trace.text() if trace else "")


def _failure(exc: Exception) -> str:
    if isinstance(exc, ErlangException):
        return f"{exc.kind}: {terms.format('~0tp', [exc.reason])}"
    first = (str(exc).splitlines() or [""])[0]
    return f"{type(exc).__name__}: {first}".rstrip(": ")


def run_batch(test: Callable[..., Any], factory: Any, seeds: Iterable[int], options: dict[str, Any]) -> list[Run]:
    """Some runs, in this process: what an executor's worker does."""
    make = chooser_factory(factory)
    return [run_once(test, make(seed), seed, **options) for seed in seeds]


def explore(
    test: Callable[..., Any],
    schedules: int = 1000,
    chooser: str | Callable[[int], Chooser] = "random",
    seed: int = 0,
    stop: bool = True,
    executor: Executor | None = None,
    progress: bool | None = None,
    **options: Any,
) -> Exploration:
    """Run `test` under `schedules` schedules: an `Exploration`.

    `chooser` is `"random"`, `"pct"`, `"fifo"` or a function from seed to chooser; run *n* has seed
    `seed + n`. With `stop` it ends at the first failure. `executor` is any `concurrent.futures`
    executor (a Dask client's too); without one, processes of this machine are used when the rest
    would take long and `test` can be pickled. `options` go to `Simulation`.
    """
    name = chooser if isinstance(chooser, str) else getattr(chooser, "__name__", repr(chooser))
    make = chooser_factory(chooser)
    result = Exploration(name, schedules)
    started = time.perf_counter()
    with _bar(schedules, progress) as advance:
        first = min(schedules, BATCH if executor is None else 0)
        for number in range(first):
            result.add(run_once(test, make(seed + number), seed + number, **options))
            advance(1)
            if stop and result.failures:
                break
        if not (stop and result.failures) and first < schedules:
            rest = range(seed + first, seed + schedules)
            spent = time.perf_counter() - started
            _the_rest(result, test, chooser, rest, executor, spent / max(first, 1), stop, options, advance)
    result.seconds = time.perf_counter() - started
    result.failures.sort(key=lambda run: run.seed)
    return result


def _the_rest(
    result: Exploration,
    test: Callable[..., Any],
    chooser: Any,
    seeds: range,
    executor: Executor | None,
    each: float,
    stop: bool,
    options: dict[str, Any],
    advance: Callable[[int], None],
) -> None:
    """The runs after the first batch: here, or in an executor's workers."""
    batches = [seeds[at : at + BATCH] for at in range(0, len(seeds), BATCH)]
    if executor is None and (each * len(seeds) < PAYS_FROM_SECONDS or not _can_travel(test, chooser)):
        for batch in batches:
            for run in run_batch(test, chooser, batch, options):
                result.add(run)
            advance(len(batch))
            if stop and result.failures:
                return
        return
    own = ProcessPoolExecutor(cpu_count()) if executor is None else None
    pool: Any = own if executor is None else executor
    try:
        waiting = [pool.submit(run_batch, test, chooser, batch, options) for batch in batches]
        for done in as_completed(waiting) if own is not None else waiting:
            runs = done.result()
            for run in runs:
                result.add(run)
            advance(len(runs))
            if stop and result.failures:
                for other in waiting:
                    other.cancel()
                return
    finally:
        if own is not None:
            own.shutdown(cancel_futures=True)


def _can_travel(*things: Any) -> bool:
    if (cpu_count() or 1) < 2:
        return False
    try:
        pickle.dumps(things)
    except Exception:
        return False
    return True


class _bar:
    """A progress bar on standard error, if that is a terminal (or `progress` says so)."""

    def __init__(self, total: int, progress: bool | None) -> None:
        self._progress: Any = None
        if progress or (progress is None and sys.stderr.isatty()):
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._task = self._progress.add_task("schedules", total=total)

    def __enter__(self) -> Callable[[int], None]:
        if self._progress is None:
            return lambda n: None
        self._progress.start()
        return lambda n: self._progress.advance(self._task, n)

    def __exit__(self, *exc: object) -> None:
        if self._progress is not None:
            self._progress.stop()


def replay(test: Callable[..., Any], schedule: Schedule | str, **options: Any) -> Run:
    """Run `test` under a recorded schedule; `ScheduleMismatch` is the outcome if it fits no more."""
    return run_once(test, Replay(schedule), **options)


def shrink(test: Callable[..., Any], schedule: Schedule | str, **options: Any) -> Schedule:
    """A failing schedule with as few deviations as can be found that still ends in the same outcome."""
    wanted = Schedule.parse(schedule) if isinstance(schedule, str) else schedule
    outcome = run_once(test, Replay(wanted, strict=False), **options).outcome
    best = wanted
    step = max(1, len(best) // 2)
    while step:
        at = 0
        while at < len(best):
            shorter = Schedule(best[:at] + best[at + step :])
            run = run_once(test, Replay(shorter, strict=False), **options)
            if run.outcome == outcome:
                # What was really deviated from, which may be less still.
                taken = Schedule.parse(run.schedule)
                best = taken if len(taken) <= len(shorter) else shorter
            else:
                at += step
        step = step // 2 if step > 1 else 0
    return best


class NotDeterministic(AssertionError):
    """The same schedule gave two traces; the message names the first event that differs."""


def recheck(
    test: Callable[..., Any], schedules: int = 20, chooser: Any = "random", seed: int = 0, **options: Any
) -> int:
    """Run each of some schedules twice; `NotDeterministic` if two traces differ. How many were compared."""
    make = chooser_factory(chooser)
    for number in range(seed, seed + schedules):
        first = run_once(test, make(number), number, trace=True, **options)
        again = run_once(test, Replay(first.schedule, strict=False), number, trace=True, **options)
        if (first.trace, first.outcome) != (again.trace, again.outcome):
            raise NotDeterministic(_difference(first, again))
    return schedules


def _difference(first: Run, again: Run) -> str:
    head = f"schedule {first.schedule} (seed {first.seed}) was run twice and did not give the same"
    one, two = first.trace.splitlines(), again.trace.splitlines()
    for number, (a, b) in enumerate(zip(one, two, strict=False)):
        if a != b:
            return f"{head}: event {number} differs\n  first: {a}\n  again: {b}"
    if len(one) != len(two):
        number = min(len(one), len(two))
        longer = "first" if len(one) > len(two) else "second"
        return f"{head}: event {number} is only in the {longer} run\n  {(one if len(one) > len(two) else two)[number]}"
    return f"{head} outcome\n  first: {first.outcome}\n  again: {again.outcome}"
