"""A scenario in one of its worlds: on the Python modules, and on Erlang source without a BEAM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import erlsim
from erlsim import code
from erlsim.erl.testing import Project
from erlsim.errors import ErlsimError
from erlsim.hints import nearest
from erlsim.otp import application
from erlsim.porting.scenarios.driver import Driver, Seen
from erlsim.porting.scenarios.imports import TESTS, file_module, imported, on_path
from erlsim.porting.scenarios.scenario import Scenario

PYTHON, ERLSIM = "python", "erlsim"
Place = str | Path


@dataclass
class Run:
    """What a scenario showed in one world: `seen` step by step; `failure` says what ended it early, if anything did.

    `atoms` are what modules are called there, beside their names in the scenario. In a world of `is_real` time a step
    may take longer than elsewhere. `system` is what runs there by its own account: `OTP 25`, `Elixir 1.14.0`.
    """

    world: str
    scenario: Scenario
    seen: list[Seen] = field(default_factory=list)
    failure: str = ""
    atoms: dict[str, str] = field(default_factory=dict)
    is_real: bool = False
    scale: float = 1.0
    system: str = ""

    @property
    def unmet(self) -> Seen | None:
        """The first observation that is not what its step expects."""
        return next((each for each in self.seen if not each.is_met), None)

    @property
    def ok(self) -> bool:
        """Whether it came to its end, and every step showed what it expects."""
        return not self.failure and self.unmet is None


class World:
    """Where a scenario's modules come from: `enter` makes them known to the current simulation."""

    name = ""

    def enter(self) -> dict[str, str]:
        """Load the modules; what they are called, where that is not their name in the scenario."""
        raise NotImplementedError

    def applications(self) -> list[Any]:
        """Specifications of the world's own applications."""
        return []


class PythonWorld(World):
    """The prototype: Python modules, from where the scenario says."""

    name = PYTHON

    def __init__(self, scenario: Scenario, prototype: Place | None = None) -> None:
        """Import what the scenario names; `prototype` is a folder in which modules are found, too."""
        self.scenario = scenario
        self.folders = [Path(each).resolve() for each in (prototype, scenario.folder) if each is not None]
        with on_path(self.folders):
            self.modules = {name: self._find(name, place) for name, place in scenario.python.items()}
            for name in sorted(self._called() - self.modules.keys()):
                found = self._unnamed(name)
                if found is not None:
                    self.modules[name] = found

    def enter(self) -> dict[str, str]:
        """Load each module under its name in the port."""
        other = {name: own for name, each in self.modules.items() if (own := code.name(each)) != name}
        for name, module in self.modules.items():
            code.load(name, module)
        # Callbacks are called by others.
        code.search(self._asked_for)
        return other

    def _called(self) -> set[str]:
        return {call.module for step in self.scenario.steps for call in step.calls}

    def _find(self, name: str, place: Any) -> Any:
        if not isinstance(place, str):
            return place
        path, _, attribute = place.partition(":")
        module = self._file(path) if path.endswith(".py") else imported(path, name)
        if not attribute:
            return module
        found = getattr(module, attribute, None)
        if found is None:
            raise ErlsimError(f"{path} has no {attribute!r}{nearest(attribute, vars(module))}: the place of {name}")
        return found

    def _file(self, path: str) -> ModuleType:
        for folder in [*self.folders, Path()]:
            if (folder / path).is_file():
                return file_module((folder / path).resolve())
        raise ErlsimError(f"no file {path!r} in {', '.join(map(str, self.folders)) or 'the current folder'}")

    def _asked_for(self, name: str) -> Any:
        if name.startswith(TESTS):
            return None
        with on_path(self.folders):
            return self._unnamed(name)

    def _unnamed(self, name: str) -> Any:
        """A module that the scenario does not place: one in the prototype's folder, if there is one."""
        places = [place for folder in self.folders for place in (folder / f"{name}.py", folder / name / "__init__.py")]
        if not name.isidentifier() or not any(place.is_file() for place in places):
            return None
        module = imported(name, name)
        declared = code.loaded(name)
        return module if declared is None else declared


def port_places(port: Place | Sequence[Place]) -> list[Path]:
    """Where a port's sources are: of a project only what is no test. `ErlsimError` for what is not there."""
    places = [Path(port)] if isinstance(port, str | Path) else [Path(each) for each in port]
    for each in places:
        if not each.exists():
            raise ErlsimError(f"no port in {str(each)!r}: there is no such file or folder")
    found = []
    for each in places:
        folders = [folder for folder in (each / "src", *sorted(each.glob("apps/*/src"))) if folder.is_dir()]
        found += [file for folder in folders for file in sorted(folder.rglob("*.erl"))] or [each]
    return found


class ErlangWorld(World):
    """The port: Erlang source, on erlsim's processes."""

    name = ERLSIM

    def __init__(self, port: Place | Sequence[Place], libraries: Sequence[Place] = ()) -> None:
        """Compile the sources of a folder (`src`, or what has one) or several, or single files."""
        self.project = Project(port_places(port), libraries=[Path(each) for each in libraries])

    def enter(self) -> dict[str, str]:
        """Load each module."""
        for name, module in self.project.modules.items():
            code.load(name, module)
        return {}

    def applications(self) -> list[Any]:
        """What the `.app.src` beside the sources say."""
        return list(self.project.applications)


def run_in(world: World, scenario: Scenario, specifications: Sequence[Any] = (), **options: Any) -> Run:
    """Run a scenario in a fresh simulation. `options` go to `Simulation`."""
    sim = erlsim.Simulation(**{"trace": False, **options})
    run = Run(world.name, scenario)
    try:
        sim.run(steps_in, world, scenario, sim, run, specifications)
    except ErlsimError as exc:
        run.failure = f"{type(exc).__name__}: {exc}"
    finally:
        sim.close()
    return run


async def steps_in(
    world: World, scenario: Scenario, sim: erlsim.Simulation, run: Run, specifications: Sequence[Any] = ()
) -> None:
    """The steps of a scenario, as the shell of a simulation: what they show goes into `run`."""
    run.atoms = world.enter()
    for each in [*specifications, *scenario.applications, *world.applications()]:
        application.learn(each)
    driver = Driver(sim.reports.text, run.seen)
    await driver.main(scenario.steps)


def run_on_python(scenario: Scenario, prototype: Place | None = None, **options: Any) -> Run:
    """Run a scenario on the prototype, whose modules are where the scenario says, or in the folder `prototype`.

    `options` go to `Simulation`. `ErlsimError` if a module cannot be found.
    """
    return run_in(PythonWorld(scenario, prototype), scenario, **options)


def run_on_erlang(scenario: Scenario, port: Place | Sequence[Place], **options: Any) -> Run:
    """Run a scenario on Erlang source, without a BEAM: `port` is a folder of sources, or several, or single files.

    `options` go to `Simulation`. `SourceError` for a source that cannot be compiled.
    """
    return run_in(ErlangWorld(port), scenario, **options)
