"""Is it the same program twice? Every schedule is run again and compared: here, or in a process of its own.

Two runs in one process share the seed of its hashes and all that lies about in it, so what depends on those shows
in another process alone.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from erlsim import hints
from erlsim.errors import ErlsimError, pass_on
from erlsim.testing.choosers import chooser_factory
from erlsim.testing.runs import Run, run_once
from erlsim.testing.schedules import Replay
from erlsim.testing.workers import WorkersFailed

HASH_SEED = "PYTHONHASHSEED"


class NotDeterministic(ErlsimError):
    """The same schedule gave two traces; the message names the first event that differs."""


class Comparison(int):
    """How many schedules were compared; its text says what of them, and where they ran."""

    events: int
    where: str

    def __repr__(self) -> str:
        schedules = "1 schedule" if self == 1 else f"{int(self)} schedules"
        return f"{schedules}, each run twice {self.where}: outcomes and traces ({self.events} events) are the same"

    __str__ = __repr__


def recheck(
    test: Callable[..., Any],
    schedules: int = 20,
    chooser: Any = "random",
    seed: int = 0,
    *,
    another_process: bool = False,
    **options: Any,
) -> Comparison:
    """Run each of some schedules twice and compare outcomes and traces: how many, with a text that tells all.

    With `another_process` the second runs are made in a fresh Python process with another seed of hashes, which
    must find `test` by its name. `NotDeterministic` if two runs differ; `ErlsimError` if nothing would be compared.
    """
    if type(schedules) is not int or schedules < 1:
        raise ErlsimError(f"recheck compares a positive number of schedules, not {schedules!r}")
    make = chooser_factory(chooser)
    found = Comparison(schedules)
    found.events = 0
    found.where = "in this process"
    first_runs = (
        run_once(test, make(number), number, trace=True, **options) for number in range(seed, seed + schedules)
    )
    pairs: Iterable[tuple[Run, Run]]
    if another_process:
        hash_seed = "1" if os.environ.get(HASH_SEED) != "1" else "2"
        found.where = f"in two processes, the second with {HASH_SEED}={hash_seed}"
        all_first_runs = list(first_runs)
        pairs = zip(all_first_runs, _in_another_process(hash_seed, test, all_first_runs, options), strict=True)
    else:
        pairs = ((first, run_again(test, first, options)) for first in first_runs)
    for first, second in pairs:
        if (first.trace, first.outcome) != (second.trace, second.outcome):
            raise NotDeterministic(_difference(first, second))
        found.events += len(first.trace.splitlines())
    return found


def run_again(test: Callable[..., Any], first: Run, options: dict[str, Any]) -> Run:
    """The same run once more, under the schedule that it had."""
    return run_once(test, Replay(first.schedule, strict=False), first.seed, trace=True, **options)


def runs_again(test: Callable[..., Any], first_runs: list[Run], options: dict[str, Any]) -> list[Run]:
    """Each run once more: what another process does."""
    return [run_again(test, first, options) for first in first_runs]


def _in_another_process(
    hash_seed: str, test: Callable[..., Any], first_runs: list[Run], options: dict[str, Any]
) -> list[Run]:
    context = multiprocessing.get_context("spawn")
    with _environment(HASH_SEED, hash_seed), ProcessPoolExecutor(1, mp_context=context) as executor:
        try:
            return executor.submit(runs_again, test, first_runs, options).result()
        except ErlsimError:
            raise
        except Exception as wrong:
            pass_on(wrong)
            raise WorkersFailed(
                f"another process could not run {hints.function_name(test)}: {type(wrong).__name__}: {wrong}\n"
                "It imports the test: let that be a function at the top of a module that it can find"
            ) from wrong


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """What a process that is started meanwhile finds in its environment."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


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
