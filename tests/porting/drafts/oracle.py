"""`make oracle`, the part about drafts: the reviewed ports on a real Erlang and a real Elixir.

Erlang: `erlc +warn_all` has nothing to say, and the scenarios are equal on `erl`. Elixir: `mix format
--check-formatted` and `mix compile --warnings-as-errors` pass, the scenarios are equal, and so does the exported ExUnit
case. What needs a library that is not OTP's is run if `--original` says where the libraries' sources are; else it is
compiled beside a stub of its behaviour, and what was not run is said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from erlsim.errors import ErlsimError
from erlsim.porting.drafts.checking import check, sentence, tests
from erlsim.porting.scenarios import Report
from tests.porting.drafts.programs import SOURCES, ported, scenarios

STUB = "-module(director).\n-callback init(term()) -> term().\n"
LIBRARIES = ("director", "gen_tracker")


@dataclass(frozen=True)
class Libraries:
    """The libraries outside OTP: compiled in a folder, and their sources, if they are there."""

    ebin: Path
    sources: list[Path]


@contextmanager
def compiled(original: Path | None) -> Iterator[Libraries]:
    """The libraries from where somebody has them, or stubs of their behaviours."""
    with tempfile.TemporaryDirectory() as made:
        stub = Path(made) / "director.erl"
        stub.write_text(STUB, encoding="utf-8")
        found = [next(iter(sorted(original.rglob(f"{name}.erl"))), None) for name in LIBRARIES] if original else []
        missing = [name for name, path in zip(LIBRARIES, found, strict=False) if path is None]
        if missing:
            raise click.ClickException(f"there is no {' and no '.join(missing)} in {str(original)!r}")
        sources = [path for path in found if path is not None]
        subprocess.run(["erlc", "-W0", "-o", made, *map(str, sources or [stub])], check=True)
        yield Libraries(Path(made), sources)


def said(command: list[str], folder: Path, library: Path) -> str:
    """What a command complains about."""
    environment = {**os.environ, "ERL_FLAGS": f"-pa {library}"}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    silent = command[0] == "mix" and run.returncode == 0
    return "" if silent else (run.stdout + run.stderr).strip()


def erlang(name: str, folder: Path, libraries: Libraries) -> list[str]:
    """What is wrong with a port to Erlang."""
    draft = ported(name, "erlang")
    draft.write(folder)
    files = [path for path in draft.sources if path.endswith(".erl")]
    ebin = libraries.ebin
    wrong = [said(["erlc", "+warn_all", "-pa", str(ebin), "-o", str(ebin), *files], folder, ebin)]
    reports = check(draft, folder, scenarios(name), beam=True, libraries=libraries.sources if draft.needs else [])
    wrong += [str(each) for report in reports for each in report.differences]
    tested = "" if any(each.skipped for each in reports) else f"; {eunit(name, folder, libraries, wrong)}"
    click.echo(f"{name}: {draft.sentence()}, {sentence(reports)}{skipped(reports)}{tested}")
    return list(filter(None, wrong))


def eunit(name: str, folder: Path, libraries: Libraries, wrong: list[str]) -> str:
    """Whether the exported tests of EUnit pass: twice, if need be, for time is real."""
    ((path, text),) = tests(ported(name, "erlang"), scenarios(name)).items()
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")
    ebin = libraries.ebin
    wrong.append(said(["erlc", "+warn_all", "-pa", str(ebin), "-o", str(ebin), path], folder, ebin))
    run = f"case eunit:test({Path(path).stem}) of ok -> halt(0); _ -> halt(1) end."
    command = ["erl", "-noshell", "-pa", str(ebin), "-eval", run]
    for _ in range(2):
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
        if not done.returncode:
            return "the exported EUnit module passes"
    wrong.append(done.stdout + done.stderr)
    return "the exported EUnit module fails"


def skipped(reports: Sequence[Report]) -> str:
    """Where a port was not run, and why."""
    told = {f"; not run on {world}: {why}": None for each in reports for world, why in each.skipped.items()}
    return "".join(told)


def elixir(name: str, folder: Path, libraries: Libraries) -> list[str]:
    """What is wrong with a port to Elixir."""
    draft = ported(name, "elixir")
    draft.write(folder)
    commands = (["mix", "format", "--check-formatted"], ["mix", "compile", "--warnings-as-errors"])
    wrong = list(filter(None, (said(command, folder, libraries.ebin) for command in commands)))
    reports = check(draft, folder, scenarios(name), libraries=libraries.sources if draft.needs else [])
    wrong += [str(each) for report in reports for each in report.differences]
    if any(each.skipped for each in reports):
        click.echo(f"{name}, Elixir: compiled{skipped(reports)}")
        return wrong
    for path, text in tests(draft, scenarios(name)).items():
        (folder / path).write_text(text, encoding="utf-8")
    tested = [said(["mix", "test"], folder, libraries.ebin) for _ in range(2)]
    wrong += [] if "" in tested else tested[:1]
    told = "passes" if "" in tested else "fails"
    click.echo(f"{name}, Elixir: {sentence(reports)}; the exported ExUnit case {told}")
    return wrong


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option(
    "--original",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the sources of the original director and gen_tracker are.",
)
def main(names: tuple[str, ...], original: Path | None) -> None:
    """Compile and run the ports of all programs, or of those that are named."""
    if shutil.which("erlc") is None or shutil.which("erl") is None:
        raise click.ClickException("there is no `erl` and `erlc` on the PATH to ask (Debian: erlang-base)")
    languages = {"erlang": erlang}
    if shutil.which("mix") is not None:
        languages["elixir"] = elixir
    wrong: list[str] = []
    for name in names or tuple(SOURCES):
        for ask in languages.values():
            with compiled(original) as libraries, tempfile.TemporaryDirectory() as made:
                try:
                    wrong += [f"{name}: {each}" for each in ask(name, Path(made), libraries)]
                except ErlsimError as exc:
                    wrong.append(f"{name}: {exc}")
    for each in wrong:
        click.echo(each)
    if "elixir" not in languages:
        click.echo("there is no `mix` on the PATH: the ports to Elixir were not asked about (Debian: elixir)")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
