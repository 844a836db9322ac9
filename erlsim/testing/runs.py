"""Single runs of a test: once, again under a recorded schedule, under ever fewer deviations."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

from erlsim import terms
from erlsim._kernel import Chooser
from erlsim.errors import ErlangException, is_verdict
from erlsim.simulation import Simulation
from erlsim.testing.choosers import Deviate
from erlsim.testing.schedules import Recorder, Replay, Schedule, without
from erlsim.testing.strikes import FaultRecord, faults_of

INFINITY = float("inf")


@dataclass(frozen=True)
class Run:
    """One run: its seed, its schedule, and what came of it (`outcome`, a text; `failed` if it raised).

    `questions` is how many choices the run put to its chooser, `faults` what became of the faults that it asked for.
    """

    seed: int
    schedule: str
    outcome: str
    failed: bool
    trace: str = ""
    questions: int = 0
    faults: tuple[FaultRecord, ...] = ()


def run_once(test: Callable[..., Any], chooser: Chooser, seed: int = 0, trace: bool = False, **options: Any) -> Run:
    """Run `test` as the shell of a fresh simulation under `chooser`: what came of it, and the schedule.

    Whatever exception leaves `test` is a failure, a `Deadlock`, a `Livelock` and a `pytest.fail` as well; a verdict on
    all of the test (Ctrl-C, `pytest.skip`, hypothesis' `assume`) goes on to the caller.
    """
    return _run_in(Simulation(seed=seed, chooser=Recorder(chooser), trace=trace, **options), test, trace, True)


def explored(test: Callable[..., Any], chooser: Chooser, seed: int, trace: bool = False, **options: Any) -> Run:
    """As `run_once` for one of many runs: the trace is written out only of one that failed."""
    return Runner(test, trace, **options).run(chooser, seed)


class Runner:
    """Runs a test again and again. Of each simulation only trace and reports are left when the next run is over."""

    def __init__(self, test: Callable[..., Any], trace: bool = False, **options: Any) -> None:
        self._test = test
        self._trace = trace
        self._options = options
        self._last: Simulation | None = None

    def run(self, chooser: Chooser, seed: int) -> Run:
        """One run, as by `explored`."""
        sim = Simulation(seed=seed, chooser=Recorder(chooser), trace=self._trace, **self._options)
        run = _run_in(sim, self._test, self._trace, False)
        if self._last is not None:
            self._last.discard()
        self._last = sim
        return run


def _run_in(sim: Simulation, test: Callable[..., Any], trace: bool, write: bool) -> Run:
    recorder: Any = sim.chooser
    chooser = recorder.chooser
    try:
        value = sim.run(test)
        outcome, failed = outcome_of(value), False
        if isinstance(chooser, Replay):
            chooser.check_finished()
    except BaseException as exc:
        refuse_verdict(exc)
        outcome, failed = outcome_of(exc), True
    finally:
        sim.close()
    faults = tuple(faults_of(sim))
    text = sim.trace.text() if trace and (write or failed) else ""
    return Run(sim.seed, recorder.text, outcome, failed, text, recorder.asked, faults)


def outcome_of(value: Any) -> str:
    """What came of a run as a text: of the value that its test has returned, or the exception that has left it."""
    if isinstance(value, BaseException):
        return _failure(value)
    if value is None:
        return "ok"
    # What nearly every program returns needs no printer.
    return str(value) if type(value) is int else terms.format("~0tp", [value])


def refuse_verdict(exc: BaseException) -> None:
    """Raise `exc` again unless it is a failure of this one run: a skip and a timeout are of the whole test."""
    if is_verdict(exc) and not _is_pytests_failure(exc):
        raise exc


def _is_pytests_failure(exc: BaseException) -> bool:
    """Whether `pytest.fail` or `pytest.raises` raised it; the same class serves `pytest.xfail` and pytest-timeout."""
    pytest = sys.modules.get("pytest")
    if pytest is None or not isinstance(exc, pytest.fail.Exception) or isinstance(exc, pytest.xfail.Exception):
        return False
    frames = (frame for frame, _ in traceback.walk_tb(exc.__traceback__))
    return all(frame.f_globals.get("__name__") != "pytest_timeout" for frame in frames)


def _failure(exc: BaseException) -> str:
    if isinstance(exc, ErlangException):
        return f"{exc.kind}: {terms.format('~0tp', [exc.reason])}"
    first = (str(exc).splitlines() or [""])[0]
    return f"{type(exc).__name__}: {first}".rstrip(": ")


def replay(test: Callable[..., Any], schedule: Schedule | str, seed: int = 0, **options: Any) -> Run:
    """Run `test` under a recorded schedule; `ScheduleMismatch` is the outcome if it fits no more.

    `seed` matters to programs that look at the seed of their simulation. A schedule with steps is one of
    `preempt=True`, whether `options` say so or not.
    """
    chooser = Replay(schedule)
    return run_once(test, chooser, seed, **_with_steps(chooser.schedule, options))


def _with_steps(schedule: Schedule, options: dict[str, Any]) -> dict[str, Any]:
    """The options of a simulation that a schedule fits."""
    return {"preempt": True, **options} if schedule.has_steps else options


def shrink(
    test: Callable[..., Any], schedule: Schedule | str, tries: int = 1000, seconds: float = INFINITY, **options: Any
) -> Schedule:
    """A failing schedule with as few deviations as can be found that still ends in the same outcome.

    Deviations are left out by halves, by quarters and so on to one by one, until none can be spared; then
    schedules of still fewer are gone through from the simplest on, as far as `tries` reach. What has been found after
    so many `seconds` of real time will do. `options` are those of `run_once`.
    """
    until = time.perf_counter() + seconds
    best = Schedule.parse(schedule) if isinstance(schedule, str) else schedule
    options = _with_steps(best, options)
    first = run_once(test, Replay(best, strict=False), **options)
    step = max(1, len(best) // 2)
    while best and time.perf_counter() < until:
        shorter = _shorter(test, best, step, first.outcome, until, options)
        if shorter is not None:
            best = shorter
            step = min(step, max(1, len(best) // 2))
        elif step > 1:
            step //= 2
        else:
            break
    return _simplest(test, best, first, tries, until, options)


def _shorter(
    test: Callable[..., Any], best: Schedule, step: int, outcome: str, until: float, options: dict[str, Any]
) -> Schedule | None:
    for at in range(0, len(best), step):
        if time.perf_counter() >= until:
            break
        fewer = without(best, range(at, at + step))
        run = run_once(test, Replay(fewer, strict=False), **options)
        # What was really deviated from may be less still.
        taken = Schedule.parse(run.schedule)
        if run.outcome == outcome and len(taken) < len(best):
            return taken
    return None


def _simplest(
    test: Callable[..., Any], best: Schedule, first: Run, tries: int, until: float, options: dict[str, Any]
) -> Schedule:
    """Leaving out finds a schedule that cannot be shortened; others that are shorter may start elsewhere."""
    single = [(at, choice) for at in range(first.questions) for choice in (1, 2)]
    for size in range(1, len(best)):
        for answers in islice(combinations(single, size), tries):
            if time.perf_counter() >= until:
                return best
            run = run_once(test, Deviate(dict(answers)), **options)
            if run.outcome == first.outcome:
                taken = Schedule.parse(run.schedule)
                return taken if len(taken) < len(best) else best
            tries -= 1
    return best
