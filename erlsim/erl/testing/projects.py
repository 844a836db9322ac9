"""The tests of a project: which sources there are, compiled once, and each test run in simulations of its own.

A project is a folder as rebar3 has it: sources in `src`, headers in `include`, suites (`*_SUITE.erl`) and EUnit's
modules (`*_tests.erl`) in `test`, and applications of the same shape in `apps`. Sources may hold EUnit's tests, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import erlsim
from erlsim import code, terms
from erlsim.erl import loading
from erlsim.erl.installed import Installation
from erlsim.erl.running.calls import compiled
from erlsim.erl.testing import common_test, eunit
from erlsim.erl.testing.outcomes import Failed, Outcome, Stopped
from erlsim.otp import application

_WORD = re.compile(r"[a-z][a-zA-Z0-9_@]*")
Functions = dict[tuple[Any, int], Any]
Make = Callable[[], erlsim.Simulation]


class NoTests(erlsim.ErlsimError):
    """There is nothing to test in a place."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test of one module."""

    project: Project
    module: str
    what: eunit.Leaf | common_test.TestCase
    test: str
    """Its name in the module; those of one name have numbers."""

    @property
    def name(self) -> str:
        """`module:test`."""
        return f"{self.module}:{self.test}"

    def run(self, sim: erlsim.Simulation) -> Outcome:
        """Run it in a simulation that is fresh. A run that cannot go on has failed."""
        try:
            found: Outcome = sim.run(self._body)
        except erlsim.ErlsimError as stuck:
            if not stuck.ends_run:
                raise
            return Failed("test", type(stuck).__name__.lower(), terms.chars(str(stuck)))
        return found

    async def _body(self) -> Outcome:
        functions = self.project.enter(self.module)
        if isinstance(self.what, eunit.Leaf):
            return await eunit.run(functions, self.what.way)
        return await common_test.Run(functions, self.what, str(self.project.home_of(self.module))).outcome(self.module)


class Project:
    """The sources of a folder, or of single files, and the tests in them."""

    def __init__(
        self, places: list[Path], *, libraries: list[Path] | None = None, installation: Installation | None = None
    ) -> None:
        """Compile what there is; raises `SourceError` with erlc's lines, `NoTests` if a place has nothing.

        `installation` is an OTP whose modules each simulation has.
        """
        self.installation = installation
        self.files = [file for place in places for file in sources(place)]
        self.includes = includes(self.files)
        self.libraries = [*(libraries or []), *_homes(self.files)]
        self.applications = [terms.parse(file.read_text(encoding="utf-8")) for file in specifications(self.files)]
        self.modules: dict[str, ModuleType] = {}
        self._files: dict[str, Path] = {}
        # What is compiled knows what has been: callbacks and tests come behind what they call.
        erlsim.run(self._compile)

    async def _compile(self) -> None:
        instead: tuple[str, ...] = ()
        if self.installation is not None:
            self.installation.enter()
            instead = self.installation.instead
            self.libraries.append(self.installation.libraries)
        for file in self.files:
            made = loading.load(
                file, includes=self.includes, libraries=self.libraries, macros={"TEST": True}, instead=instead
            )
            self.modules[made.__name__] = made
            self._files[made.__name__] = file

    def home_of(self, module: str) -> Path:
        """The folder of a module's source."""
        return self._files[module].parent

    def enter(self, module: str) -> Functions:
        """Make the modules known to the current simulation; returns the functions of one."""
        if self.installation is not None:
            self.installation.enter()
        for name, made in self.modules.items():
            code.load(name, made)
        for specification in self.applications:
            application.learn(specification)
        found = compiled(self.modules[module])
        assert found is not None
        return found

    def cases(self, module: str) -> list[Case]:
        """The tests of a module."""
        is_suite = module.endswith("_SUITE")

        async def found() -> list[Any]:
            functions = self.enter(module)
            return list(await common_test.cases(functions) if is_suite else await eunit.leaves(functions))

        try:
            tests = erlsim.run(found)
        except (Stopped, eunit.BadTest, common_test.BadSuite) as bad:
            text = "\n".join(bad.failure.lines()) if isinstance(bad, Stopped) else str(bad)
            raise NoTests(f"the tests of {module} cannot be listed: {text}") from bad
        seen: Counter[str] = Counter()
        cases = []
        for each in tests:
            seen[each.shown] += 1
            number = seen[each.shown]
            cases.append(Case(self, module, each, each.shown if number == 1 else f"{each.shown} #{number}"))
        return cases

    def all_cases(self) -> Iterator[Case]:
        """The tests of all modules, those of a module in its order."""
        for module in self.modules:
            if module.endswith(("_SUITE", "_tests")) or _has_tests(self.modules[module]):
                yield from self.cases(module)


def _has_tests(module: ModuleType) -> bool:
    return any(
        arity == 0 and type(name) is str and name.endswith(("_test", "_test_"))
        for name, arity in compiled(module) or ()
    )


def sources(place: Path) -> list[Path]:
    """The sources of a place: of a project what is tested before its tests; of a file that one and those beside it."""
    if not place.exists():
        raise NoTests(f"no folder or file {str(place)!r}")
    if place.is_file():
        home = place.parent.parent if place.parent.name == "test" else None
        beside = sources(home) if home is not None and (home / "src").is_dir() else _helpers(place)
        return list(dict.fromkeys([*beside, place]))
    applications = [place, *sorted(each for each in place.glob("apps/*") if each.is_dir())]
    found = [file for each in applications for file in sorted((each / "src").rglob("*.erl"))]
    tests = [file for each in applications for file in sorted((each / "test").glob("*.erl"))]
    if not found and not tests:
        tests = sorted(place.glob("*.erl"))
    if not found and not tests:
        raise NoTests(f"no Erlang sources in {str(place)!r}, nor in src and test there")
    # Helpers before what uses them.
    return [*found, *sorted(tests, key=_is_test)]


def _helpers(place: Path) -> list[Path]:
    """The sources beside one that it names, and those that they name: no tests, these stand alone."""
    found: list[Path] = []
    waiting = [place]
    while waiting:
        words = set(_WORD.findall(waiting.pop().read_text(encoding="utf-8", errors="replace")))
        named = [file for file in sorted(place.parent.glob("*.erl")) if file.stem in words and not _is_test(file)]
        waiting += [file for file in named if file not in found]
        found += [file for file in named if file not in found]
    return found


def _is_test(file: Path) -> bool:
    return file.stem.endswith(("_SUITE", "_tests"))


def specifications(files: list[Path]) -> list[Path]:
    """The files that say what the applications of the sources are."""
    folders = dict.fromkeys(file.parent for file in files)
    return [file for folder in folders for file in sorted([*folder.glob("*.app.src"), *folder.glob("*.app")])]


def includes(files: list[Path]) -> list[Path]:
    """The folders of headers: beside each source, and `include` of its application."""
    folders = [folder for file in files for folder in (file.parent, file.parent.parent / "include")]
    return list(dict.fromkeys(folders))


def _homes(files: list[Path]) -> list[Path]:
    """Folders that have applications for `-include_lib`."""
    return list(dict.fromkeys(file.parent.parent.parent for file in files))
