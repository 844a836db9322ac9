"""Tests written in Erlang: each test of an `*_tests.erl` and each case of a `*_SUITE.erl` is an item of pytest.

Under `--erlsim-schedules N` each is run so many times, first-in first-out first, then under drawn schedules.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from erlsim.erl import SourceError
from erlsim.erl.testing import Case, Failed, Project, Skipped
from erlsim.erl.testing.projects import NoTests
from erlsim.simulation import Simulation
from erlsim.testing.choosers import RandomWalk
from erlsim.testing.schedules import Recorder


class ErlangFile(pytest.File):
    """A source with tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its tests."""
        project = self.config.stash.setdefault(_PROJECTS, {})
        home = _home(self.path)
        if home not in project:
            project[home] = Project([home])
        for case in project[home].cases(self.path.stem):
            yield ErlangItem.from_parent(self, name=case.test, case=case)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """What cannot be compiled is told in erlc's lines."""
        if isinstance(excinfo.value, SourceError | NoTests):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


_PROJECTS: pytest.StashKey[dict[Path, Project]] = pytest.StashKey()


def _home(file: Path) -> Path:
    """The project of a file in `test`, else the file."""
    folder = file.parent
    return folder.parent if folder.name == "test" and (folder.parent / "src").is_dir() else file


class ErlangFailure(Exception):
    """A test in Erlang failed."""

    def __init__(self, failure: Failed, schedule: str) -> None:
        super().__init__(failure)
        self.failure = failure
        self.schedule = schedule


class ErlangItem(pytest.Item):
    """One test."""

    def __init__(self, *, case: Case, **given: Any) -> None:
        super().__init__(**given)
        self.case = case

    def runtest(self) -> None:
        """Run it, under as many schedules as are asked for."""
        seed = self.config.getoption("--erlsim-seed") or 0
        count = self.config.getoption("--erlsim-schedules") or 1
        for number in range(count):
            recorder = None if number == 0 and not seed else Recorder(RandomWalk(seed + number))
            sim = Simulation(seed=seed + number, chooser=recorder, trace=False)
            sim.reports.print = False
            outcome = self.case.run(sim)
            if type(outcome) is Skipped:
                pytest.skip(str(outcome))
            if type(outcome) is Failed:
                told = "" if recorder is None else f"schedule {number} of {count}: --erlsim-seed {seed + number}"
                raise ErlangFailure(outcome, told)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """Erlang's class, reason and stack."""
        if isinstance(excinfo.value, ErlangFailure):
            lines = excinfo.value.failure.lines()
            return "\n".join([*lines, *filter(None, [excinfo.value.schedule])])
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file and the name."""
        line = getattr(self.case.what, "line", None)
        return self.path, None if line is None else line - 1, self.name
