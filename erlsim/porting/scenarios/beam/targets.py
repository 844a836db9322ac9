"""What a real Erlang runs: a port's sources, compiled by `erlc` or `mix` into a folder that goes away afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from erlsim import terms
from erlsim.erl.testing import projects
from erlsim.errors import ErlsimError
from erlsim.porting.scenarios.runs import port_places

DRIVER = Path(__file__).with_name("erlsim_scenario.erl")
PATIENCE_S = 300


class NoBeam(ErlsimError):
    """There is no Erlang or no Elixir here to run something on."""


@dataclass(frozen=True)
class Target:
    """Folders of compiled modules, and what has to be started before a scenario; `world` is what reports call it."""

    world: str
    paths: tuple[Path, ...]
    started: tuple[str, ...] = ()


def tool(name: str) -> str:
    """The path of a program; `NoBeam` if it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise NoBeam(f"there is no `{name}` on the PATH")
    return found


def called(command: Sequence[str], what: str, **options: Any) -> str:
    """What a command prints; `ErlsimError` with that if it fails."""
    done = subprocess.run(
        list(command), capture_output=True, encoding="utf-8", timeout=PATIENCE_S, check=False, **options
    )
    if done.returncode:
        raise ErlsimError(f"{what}:\n{done.stdout}{done.stderr}".rstrip())
    return str(done.stdout)


@contextmanager
def compiled_erlang(port: str | Path | Sequence[str | Path]) -> Iterator[Target]:
    """Compile a port's sources: a folder, or several, or single files."""
    tool("erl")
    erlc = tool("erlc")
    files = [file for place in port_places(port) for file in projects.sources(place)]
    includes = [option for folder in projects.includes(files) for option in ("-I", str(folder))]
    with tempfile.TemporaryDirectory() as made:
        ebin = Path(made)
        sources = [str(DRIVER), *map(str, files)]
        called([erlc, "-W0", "+debug_info", *includes, "-o", made, *sources], "the port cannot be compiled")
        for specification in projects.specifications(files):
            _write_specification(ebin, terms.parse(specification.read_text(encoding="utf-8")))
        yield Target("erl", (ebin,))


def _write_specification(ebin: Path, specification: Any) -> None:
    _, name, items = specification
    kept = [each for each in items if each[0] not in ("vsn", "modules")]
    modules = sorted(each.stem for each in ebin.glob("*.beam") if each.stem != DRIVER.stem)
    whole = ("application", name, [("vsn", terms.chars("0")), ("modules", modules), *kept])
    (ebin / f"{name}.app").write_text(terms.format("~tp.~n", [whole]), encoding="utf-8")


@contextmanager
def compiled_elixir(project: str | Path, libraries: Sequence[str | Path] = ()) -> Iterator[Target]:
    """Compile a mix project, outside of its own folder; `libraries` are sources in Erlang that it needs besides."""
    if not (Path(project) / "mix.exs").is_file():
        raise ErlsimError(f"no mix project in {str(project)!r}: there is no mix.exs")
    tool("erl")
    mix, erlc = tool("mix"), tool("erlc")
    code = "IO.puts(:code.lib_dir(:elixir))"
    home = Path(called([tool("elixir"), "-e", code], "elixir does not run").strip())
    with tempfile.TemporaryDirectory() as made:
        files = [DRIVER, *(file for place in port_places(libraries) for file in projects.sources(place))]
        called([erlc, "-W0", "-o", made, *map(str, files)], "a library cannot be compiled")
        environment = {**os.environ, "MIX_ENV": "dev", "MIX_BUILD_PATH": str(Path(made) / "build")}
        environment["ERL_FLAGS"] = f"{environment.get('ERL_FLAGS', '')} -pa {made}".lstrip()
        called([mix, "compile"], "the port cannot be compiled", cwd=project, env=environment)
        ebins = sorted((Path(made) / "build" / "lib").glob("*/ebin"))
        own = [home / "ebin", home.parent / "logger" / "ebin"]
        yield Target("elixir", (Path(made), *ebins, *own), ("elixir",))
