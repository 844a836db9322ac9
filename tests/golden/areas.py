"""Many scenarios: the files of a directory, run one after another or on several processors."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).with_name("data")
ORDER = (
    *("process", "gen_server", "supervisor", "director", "gen_tracker", "ets", "format", "gen_event", "gen_statem"),
    *("system", "programs", "machines", "terms", "tables"),
)
PORTION = 20

Scenario = dict[str, Any]
Progress = Callable[[int, int], None]


class Count(NamedTuple):
    """How many scenarios of an area pass, and the names of those that do not."""

    passed: int
    total: int
    failing: list[str]


def areas(directory: Path = DATA) -> list[str]:
    """The areas that have a file in `directory`, the usual ones first."""
    found = sorted(path.stem for path in directory.glob("*.jsonl"))
    return sorted(found, key=lambda area: (ORDER.index(area) if area in ORDER else len(ORDER), area))


def scenarios(directory: Path, area: str) -> list[Scenario]:
    """The scenarios of an area."""
    with (directory / f"{area}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def in_order(directory: Path, area: str) -> list[tuple[Scenario, Scenario | None]]:
    """The scenarios of an area, each with the one that was recorded before it."""
    found = scenarios(directory, area)
    return list(zip(found, [None, *found], strict=False))


def find(directory: Path, name: str) -> tuple[Scenario, Scenario | None] | None:
    """The scenario called `name`, whatever its area, and the one before it."""
    for area in areas(directory):
        for scenario, before in in_order(directory, area):
            if scenario["name"] == name:
                return scenario, before
    return None


def count(directory: Path, area: str, jobs: int = 1, progress: Progress = lambda done, total: None) -> Count:
    """Run an area's scenarios on `jobs` processors; `progress(done, total)` hears how far it has come."""
    verdicts: list[tuple[str, bool]] = []
    total = len(scenarios(directory, area))
    for portion in _portions(directory, area, total, jobs):
        verdicts += portion
        progress(len(verdicts), total)
    failing = [name for name, passed in verdicts if not passed]
    return Count(total - len(failing), total, failing)


def _portions(directory: Path, area: str, total: int, jobs: int) -> Iterator[list[tuple[str, bool]]]:
    work = [(directory, area, start) for start in range(0, total, PORTION)]
    if jobs <= 1 or len(work) <= 1:
        yield from map(_run_portion, work)
        return
    with multiprocessing.get_context("spawn").Pool(min(jobs, len(work))) as pool:
        yield from pool.imap(_run_portion, work)


def _run_portion(work: tuple[Path, str, int]) -> list[tuple[str, bool]]:
    from tests.golden import world  # late: the runner itself works while the library does not

    directory, area, start = work
    results = [world.run(*each) for each in in_order(directory, area)[start : start + PORTION]]
    return [(result.name, result.passed) for result in results]
