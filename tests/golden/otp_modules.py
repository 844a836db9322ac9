"""`make oracle`, the part about OTP's own behaviours: its sources take the place of erlsim's, and have to do the same.

The recorder's callback modules, in Erlang, take the place of their twins. `python -m tests.golden.otp_modules` runs the
areas and fails if a scenario differs of which `DIFFERENCES` does not tell.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import click

import erlsim
from erlsim import code, erl
from erlsim.erl import Installation, loading, reading
from tests.golden import areas, world
from tests.golden.oracle import ERL

BEHAVIOURS = ("gen", "proc_lib", "sys", "gen_server", "gen_statem", "gen_event", "supervisor")
"""What stands on each other: they can only be taken together."""

AREAS = ("gen_server", "supervisor", "gen_event", "gen_statem")

DIFFERENCES = {
    "gen_server-1001-0": "the report has the stack of the caller, which is a driver in Python here and has none",
    "gen_server-1004-0": "as on erlsim's own gen_server: messages of two processes arrive in another order",
    "supervisor-1015-0": "a child that crashes and is killed at once has come further before it is killed",
}
"""The scenarios that are known to differ, and why."""


class Modules:
    """Erlang modules that take the place of Python's in a simulation, compiled once."""

    loaded: Sequence[ModuleType]

    def enter(self) -> None:
        """Let the current simulation have them."""
        for module in self.loaded:
            code.load(module.__name__, module)

    def count(self, directory: Path, area: str, progress: areas.Progress = lambda done, total: None) -> areas.Count:
        """Run an area's scenarios on these modules."""
        results = []
        scenarios = areas.in_order(directory, area)
        for scenario, before in scenarios:
            results.append(world.run(scenario, before, enter=self.enter))
            progress(len(results), len(scenarios))
        failing = [each.name for each in results if not each.passed]
        return areas.Count(len(results) - len(failing), len(results), failing)


class Ground(Modules):
    """The modules of one installation and the recorder's."""

    def __init__(self, home: Path, instead: tuple[str, ...] = BEHAVIOURS) -> None:
        self.installation = Installation(home, instead)
        with erlsim.Simulation():
            self.installation.enter()
            self.loaded = callbacks(instead)

    def enter(self) -> None:
        """Let the current simulation have them."""
        self.installation.enter()
        super().enter()


class Original(Modules):
    """The modules of a library that erlsim has a port of, from its own sources, and the recorder's."""

    def __init__(self, home: Path) -> None:
        with erlsim.Simulation():
            self.loaded = [*map(as_recorded, sorted(home.glob("src/*.erl"))), *callbacks()]


def as_recorded(source: Path) -> ModuleType:
    """A module of an original; the recorder, too, wrote right what director.erl misspells."""
    text = source.read_text(encoding="utf-8").replace("undeined", "undefined")
    places = reading.Places([str(source.parent), str(source.parents[1] / "include")], [loading.HEADERS])
    return loading.module_of(reading.parse_text(text, str(source), places=places), str(source))


def callbacks(instead: tuple[str, ...] = ()) -> list[ModuleType]:
    """The recorder's modules; `_b` files are second versions of others."""
    paths = [path for path in sorted(ERL.glob("scn_*.erl")) if not path.stem.endswith("_b")]
    return [erl.load(path, instead=instead) for path in paths]


def differences(home: Path) -> dict[str, list[str]]:
    """For each area, the scenarios that differ on the modules of an installation; prints how many do not."""
    ground = Ground(home)
    found = {}
    for area in AREAS:
        counted = ground.count(areas.DATA, area)
        found[area] = counted.failing
        click.echo(f"OTP's own modules: {area} {counted.passed}/{counted.total}")
        for name in counted.failing:
            click.echo(f"  {name}: {DIFFERENCES.get(name, 'differs')}")
    return found


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run the recordings of the behaviours on the modules of the OTP that is on the PATH."""
    if shutil.which("erl") is None:
        raise click.ClickException("there is no `erl` on the PATH whose sources could be run (Debian: erlang-src)")
    asked = ["erl", "-noshell", "-eval", "io:put_chars(code:root_dir()), halt()."]
    home = subprocess.run(asked, capture_output=True, check=True, encoding="utf-8").stdout
    failing = {name for names in differences(Path(home)).values() for name in names}
    sys.exit(bool(failing - DIFFERENCES.keys()))


if __name__ == "__main__":
    main()
