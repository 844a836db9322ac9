"""A mutation run: which tests a mutant is put to, in parallel, and what comes of each.

First all tests are run without a mutant: they have to pass, and what lines each of them runs is noted. A mutant is
put only to the tests that run its statement, until one fails: first those that have found another mutant of that
statement, then the short ones. What is known from an earlier run is not tried again (`cache`).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import LifoQueue
from typing import Any, NamedTuple, TypeVar

from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.finding.sources import Source
from erlsim.lab.mutation.trying.agents import Agent, Done
from erlsim.lab.mutation.trying.cache import Cache
from erlsim.lab.mutation.trying.coverage import IMPORTED

# A mutant may take so many times as long as its tests did without one, and so many seconds more.
TIMES, MORE = 10.0, 5.0
# Real time goes on while others have the processor.
REAL = 20.0
# A test that takes longer comes after all that do not.
LONG = 0.1
T = TypeVar("T")
FOUND, SURVIVED, LATE, NOT_RUN = "found", "survived", "timeout", "not_run"


@dataclass(frozen=True)
class Outcome:
    """What came of a mutant.

    `state`: `found` by a test, `timeout` (found, too: its tests did not come to an end), `survived` all tests that run
    it, or `not_run` by any. `by` is the test that found it and `why` how that failed; `ran` how many tests were run.
    """

    mutant: Mutant
    state: str
    by: str = ""
    why: str = ""
    ran: int = 0
    cached: bool = False

    @property
    def is_found(self) -> bool:
        """Whether the tests have noticed."""
        return self.state in (FOUND, LATE)


class FailingTests(RuntimeError):
    """The tests fail without any mutant, so they can tell nothing of one."""


class Baseline(NamedTuple):
    """How the tests go without a mutant: CPU seconds of each, who runs which line, in which file each is.

    `playable` are those that can be the load of a scenario.
    """

    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]
    files: dict[str, Path]
    playable: list[str]

    @property
    def data(self) -> dict[str, Any]:
        """It as plain data, in which each test has a number."""
        numbers = {test: number for number, test in enumerate([*self.seconds, IMPORTED])}
        lines = {
            file: {line: [numbers[test] for test in tests if test in numbers] for line, tests in found.items()}
            for file, found in self.lines.items()
        }
        files = {test: str(file) for test, file in self.files.items()}
        return {"seconds": self.seconds, "lines": lines, "files": files, "playable": self.playable}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Baseline:
        """What `data` was made of."""
        tests = [*data["seconds"], IMPORTED]
        lines = {
            file: {int(line): [tests[number] for number in numbers] for line, numbers in found.items()}
            for file, found in data["lines"].items()
        }
        files = {test: Path(file) for test, file in data["files"].items()}
        return cls(data["seconds"], lines, files, data["playable"])

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Who could notice: the tests that run its statement, the short ones and those that run little first."""
        ran = self._ran(mutant.source, mutant.lines)
        chosen = list(self.seconds) if IMPORTED in ran else ran
        there = [test for test in chosen if test in self.seconds]
        using = self.users_of(mutant)
        return sorted(there, key=lambda test: (test not in using, self.seconds[test] > LONG, self._width(test), test))

    def users_of(self, mutant: Mutant) -> list[str]:
        """Of a constant that is changed: the tests that run a statement which uses it."""
        return [test for use in mutant.uses for test in self._ran(*use)]

    def _ran(self, source: Source, statement: tuple[int, int]) -> list[str]:
        lines = self.lines.get(str(source.path), {})
        first, last = statement
        return list(dict.fromkeys(test for line in range(first, last + 1) for test in lines.get(line, ())))

    def _width(self, test: str) -> int:
        return sum(test in tests for found in self.lines.values() for tests in found.values())


class Campaign:
    """One mutation run in `folder`: `arguments` are pytest's; `jobs` processes at a time."""

    def __init__(
        self, folder: Path, arguments: Sequence[str], jobs: int, scratch: Path, cache: Cache, forks: bool = True
    ) -> None:
        self.folder = folder
        self.cache = cache
        self.jobs = jobs
        self._agents = [Agent(folder, arguments, scratch, forks) for _ in range(2 * jobs)]
        # The agent that was free last is taken first: one that nobody needs is never started.
        self._free: LifoQueue[Agent] = LifoQueue()
        for agent in reversed(self._agents):
            self._free.put(agent)

    @contextmanager
    def borrowed(self) -> Iterator[Agent]:
        """One of its agents, as long as this goes on."""
        agent = self._free.get()
        try:
            yield agent
        finally:
            self._free.put(agent)

    def taken(self) -> Agent:
        """One of its agents, for good."""
        return self._free.get()

    def in_parallel(self, do: Callable[[Mutant], T], mutants: Sequence[Mutant]) -> list[T]:
        """What comes of something that takes two agents, for each mutant."""
        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(do, mutants))

    def __enter__(self) -> Campaign:
        return self

    def __exit__(self, *_: object) -> None:
        for agent in self._agents:
            agent.close()

    @property
    def forks(self) -> bool:
        """Whether its processes can be copied."""
        return self._agents[0].forks

    def baseline(self, files: Iterable[Path], seconds: float) -> Baseline:
        """Run all tests without a mutant; `FailingTests` if one of them fails, or if there are none."""
        names = [str(each) for each in files]
        known = self.cache.whole("baseline", names)
        if known is not None:
            for agent in self._agents:
                agent.preload(known["modules"])
            return Baseline.of(known)
        done = self._agents[0].do({"do": "cover", "files": names}, seconds)
        if not done.answers:
            late = f"; they were ended after {seconds:g} s" if done.late else ""
            ended = f"pytest ended with status {done.status} before any test could be run{late}"
            raise FailingTests(f"{ended}\n{self._agents[0].errors()}".strip())
        told = done.answers[0]
        if told["failed"] is not None:
            failed = told["failed"]
            raise FailingTests(f"{failed['test']} fails without any mutant: {failed['why']}")
        tests = {name: known["seconds"] for name, known in told["tests"].items() if not known.get("skipped")}
        if not tests:
            raise FailingTests(f"pytest has found no tests\n{self._agents[0].errors()}".strip())
        first, *others = self._agents
        for agent in self._agents:
            agent.preload(told["modules"])
        for agent in others:
            first.twin(agent)
        lines = {file: {int(line): tests for line, tests in found.items()} for file, found in told["lines"].items()}
        files_of = {name: Path(file) for file in told["files"] for name in tests if _is_in(name, file)}
        playable = [test for test in told["playable"] if test in tests]
        baseline = Baseline(tests, lines, files_of, playable)
        self.cache.keep_whole("baseline", names, {**baseline.data, "modules": told["modules"]})
        return baseline

    def try_all(
        self, mutants: Sequence[Mutant], baseline: Baseline, told: Callable[[Outcome], None] | None = None
    ) -> list[Outcome]:
        """What comes of each mutant; `told` is called with each outcome as it is known, in any order."""

        outcomes: dict[str, Outcome] = {}

        def all_of(group: list[Mutant]) -> None:
            finders: dict[str, None] = {}
            for mutant in group:
                outcome = self._try(mutant, baseline, list(finders))
                if outcome.by:
                    # Who has found one mutant of a statement often finds the next.
                    finders = dict.fromkeys([outcome.by, *finders])
                outcomes[mutant.key] = outcome
                if told is not None:
                    told(outcome)

        with ThreadPoolExecutor(self.jobs) as pool:
            list(pool.map(all_of, _by_statement(mutants)))
        return [outcomes[mutant.key] for mutant in mutants]

    def _try(self, mutant: Mutant, baseline: Baseline, first: list[str]) -> Outcome:
        tests = baseline.tests_of(mutant)
        if not tests:
            return Outcome(mutant, NOT_RUN)
        tests = [each for each in first if each in tests] + [each for each in tests if each not in first]
        known = self.cache.known(mutant)
        if known is not None:
            return Outcome(mutant, known["state"], known["by"], known["why"], known["ran"], cached=True)
        seconds = MORE + TIMES * sum(baseline.seconds[test] for test in tests)
        wanted = [baseline.files[test] for test in tests if test in baseline.files]
        job = {
            "do": "run",
            "mutant": {"path": str(mutant.source.path), "text": mutant.text},
            "tests": tests,
            "skip": [str(each) for each in dict.fromkeys(baseline.files.values()) if each not in wanted],
            "cpu": seconds,
        }
        with self.borrowed() as agent:
            done = agent.do(job, REAL * seconds)
        outcome = _outcome(mutant, done)
        self.cache.keep(mutant, outcome.state, outcome.by, outcome.why, outcome.ran, baseline.files.get(outcome.by))
        return outcome


def _by_statement(mutants: Sequence[Mutant]) -> list[list[Mutant]]:
    """Those of a statement together, the most first: one process tries all of them, so it should not come last."""
    groups: dict[tuple[str, tuple[int, int]], list[Mutant]] = {}
    for mutant in mutants:
        groups.setdefault((str(mutant.source.path), mutant.lines), []).append(mutant)
    return sorted(groups.values(), key=len, reverse=True)


def _is_in(test: str, file: str) -> bool:
    return Path(file).as_posix().endswith(test.partition("::")[0])


def _outcome(mutant: Mutant, done: Done) -> Outcome:
    if done.late or done.status == -getattr(signal, "SIGXCPU", 0) or done.status == -9:
        return Outcome(mutant, LATE, why="its tests did not come to an end")
    told: dict[str, Any] = done.answers[0] if done.answers else {}
    ran = told.get("ran", 0)
    failed = told.get("failed")
    if failed is not None:
        return Outcome(mutant, FOUND, failed["test"], failed["why"], ran)
    if not told:
        return Outcome(mutant, FOUND, why=f"the tests cannot be run any more (status {done.status})")
    if not ran:
        return Outcome(mutant, FOUND, why="its tests are not there any more")
    return Outcome(mutant, SURVIVED, ran=ran)


def default_jobs() -> int:
    """As many processes as there are processors that this one may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
