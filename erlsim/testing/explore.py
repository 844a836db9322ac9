"""Running one test under many schedules.

`explore` runs a program again and again, each time under another schedule, and tells apart what came
of it. It stops at the first failure or goes on; it never claims more than it did: what it prints is
how many schedules were run, not that there are no others. What it finds depends on the seed alone,
never on who ran it: in this process or in an executor's workers. Executors are in `workers`, single
runs in `runs`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from erlsim import hints
from erlsim._kernel import Chooser
from erlsim.errors import ErlsimError
from erlsim.testing.choosers import chooser_factory
from erlsim.testing.runs import Run, Runner
from erlsim.testing.strikes import FaultRecord, merge
from erlsim.testing.workers import can_be_sent, run_here, run_in_own_workers, run_in_workers

# So long the first schedules are run here, whoever runs the rest: it tells what a schedule costs.
TRIAL_SECONDS = 0.1
TRIAL_RUNS = 64
# Other processes take a moment to start; this much work makes that good.
PAYS_FROM_SECONDS = 2.0
BATCH_SECONDS = 0.1
LARGEST_BATCH = 1024


@dataclass
class Exploration:
    """What `explore` found. `outcomes` counts each distinct outcome; `failures` holds the failed runs, by seed.

    `faults` says what became of the faults of all runs; one that never struck, and is not optional, is a failure too.
    """

    chooser: str
    wanted: int
    runs: int = 0
    seconds: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)
    failures: list[Run] = field(default_factory=list)
    schedules: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    _faults: dict[tuple[str, int], FaultRecord] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no run failed, and each fault struck in one of them."""
        return not self.failures and not any(each.should_have_struck for each in self.faults)

    @property
    def faults(self) -> list[FaultRecord]:
        """What became of the faults, in all runs."""
        return list(self._faults.values())

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
        merge(self._faults, run.faults)
        if run.failed:
            self.failures.append(run)

    def sentence(self) -> str:
        """An honest sentence on what was covered."""
        found = f"{len(self.failures)} failed" if self.failures else "none failed"
        outcomes = "1 outcome" if len(self.outcomes) == 1 else f"{len(self.outcomes)} distinct outcomes"
        return (
            f"{self.runs} of {self.wanted} schedules run ({len(self.schedules)} distinct, chooser {self.chooser}), "
            f"{outcomes}, {found}; other schedules may do otherwise"
        )

    def __str__(self) -> str:
        lines = [self.sentence()]
        for outcome, count in sorted(self.outcomes.items(), key=lambda item: (-item[1], item[0])):
            lines.append(f"{count:>8} x {outcome}   e.g. {self.examples[outcome]}")
        for run in self.failures[:1]:
            # A program may look at its simulation's seed: the same schedule is the same run only with the same seed.
            seed = f", seed={run.seed}" if run.seed else ""
            lines.append(
                f"the first failure is seed {run.seed}; erlsim.testing.replay(test, {run.schedule!r}{seed}) repeats it"
            )
        lines += [str(each) for each in self.faults if each.should_have_struck]
        return "\n".join(lines)


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
    would take long and `test` can be pickled. `progress` shows on standard error how far it is (`None`: if that is
    a terminal). `options` go to `Simulation`.
    """
    if schedules < 1:
        raise ErlsimError(f"schedules is a positive number, not {schedules!r}")
    name = chooser if isinstance(chooser, str) else hints.function_name(chooser)
    result = Exploration(name, schedules)
    started = time.perf_counter()
    with _Progress(schedules, progress) as advance:
        begun = time.perf_counter()
        tried = _run_first(result, test, chooser, range(seed, seed + schedules), stop, options)
        advance(tried)
        if tried < schedules and not (stop and result.failures):
            each = (time.perf_counter() - begun) / tried
            batches = _batches(range(seed + tried, seed + schedules), each)
            _run_rest(result, test, chooser, batches, executor, each, stop, options, advance)
    result.seconds = time.perf_counter() - started
    return result


def _run_first(
    result: Exploration, test: Callable[..., Any], chooser: Any, seeds: range, stop: bool, options: dict[str, Any]
) -> int:
    """The first runs, here: how many."""
    make = chooser_factory(chooser)
    runner = Runner(test, **options)
    until = time.perf_counter() + TRIAL_SECONDS
    for number, seed in enumerate(seeds[:TRIAL_RUNS], 1):
        result.add(runner.run(make(seed), seed))
        if time.perf_counter() > until or (stop and result.failures):
            return number
    return min(len(seeds), TRIAL_RUNS)


def _batches(seeds: range, each: float) -> list[range]:
    size = min(max(int(BATCH_SECONDS / each), 1), LARGEST_BATCH)
    return [seeds[at : at + size] for at in range(0, len(seeds), size)]


def _run_rest(
    result: Exploration,
    test: Callable[..., Any],
    chooser: Any,
    batches: list[range],
    executor: Executor | None,
    each: float,
    stop: bool,
    options: dict[str, Any],
    advance: Callable[[int], None],
) -> None:
    """The runs after the first ones: here, or in an executor's workers; counted in the order of their seeds."""
    runs = sum(map(len, batches))
    job = (test, chooser, batches, stop, options)
    if executor is not None:
        done = run_in_workers(executor, *job)
    elif each * runs >= PAYS_FROM_SECONDS and can_be_sent(test, chooser, options):
        done = run_in_own_workers(*job)
    else:
        done = run_here(*job)
    with closing(done):
        for found in done:
            for run in found:
                result.add(run)
            advance(len(found))
            if stop and result.failures:
                return


class _Progress:
    """How far an exploration is, on standard error: a bar on a terminal, elsewhere a line at each tenth."""

    def __init__(self, total: int, progress: bool | None) -> None:
        self._progress: Any = None
        self._total, self._done = total, 0
        terminal = sys.stderr.isatty()
        self._advance: Callable[[int], None] = self._say if progress else lambda n: None
        if terminal and progress is not False:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            task = self._progress.add_task("schedules", total=total)
            self._advance = lambda n: self._progress.advance(task, n)

    def _say(self, n: int) -> None:
        before, self._done = self._done, self._done + n
        if self._done * 10 // self._total > before * 10 // self._total:
            sys.stderr.write(f"{self._done} of {self._total} schedules run\n")

    def __enter__(self) -> Callable[[int], None]:
        if self._progress is not None:
            self._progress.start()
        return self._advance

    def __exit__(self, *exc: object) -> None:
        if self._progress is not None:
            self._progress.stop()
