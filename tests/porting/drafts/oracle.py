"""`make oracle`, the part about drafts: the reviewed ports on a real Erlang and a real Elixir.

Erlang: `erlc +warn_all` has nothing to say, and the scenarios are equal on `erl`. Elixir: `mix format
--check-formatted` and `mix compile --warnings-as-errors` pass, and the scenarios are equal. What needs a library that
is not OTP's is compiled beside a stub of its behaviour, and is not run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from erlsim.errors import ErlsimError
from erlsim.porting.drafts.checking import check, sentence, tests
from tests.porting.drafts.programs import NEEDS_LIBRARIES, SOURCES, ported, scenarios

STUB = "-module(director).\n-callback init(term()) -> term().\n"


@contextmanager
def stubs() -> Iterator[Path]:
    """A folder with the behaviours of the libraries."""
    with tempfile.TemporaryDirectory() as made:
        source = Path(made) / "director.erl"
        source.write_text(STUB, encoding="utf-8")
        subprocess.run(["erlc", "-o", made, str(source)], check=True)
        yield Path(made)


def said(command: list[str], folder: Path, library: Path) -> str:
    """What a command complains about."""
    environment = {**os.environ, "ERL_FLAGS": f"-pa {library}"}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    silent = command[0] == "mix" and run.returncode == 0
    return "" if silent else (run.stdout + run.stderr).strip()


def erlang(name: str, folder: Path, library: Path) -> list[str]:
    """What is wrong with a port to Erlang."""
    draft = ported(name, "erlang")
    draft.write(folder)
    files = [path for path in draft.sources if path.endswith(".erl")]
    wrong = [said(["erlc", "+warn_all", "-pa", str(library), "-o", str(library), *files], folder, library)]
    reports = check(draft, folder, scenarios(name), beam=name not in NEEDS_LIBRARIES)
    click.echo(f"{name}: {draft.sentence()}, {sentence(reports)}")
    return [*filter(None, wrong), *(str(each) for report in reports for each in report.differences)]


def elixir(name: str, folder: Path, library: Path) -> list[str]:
    """What is wrong with a port to Elixir."""
    draft = ported(name, "elixir")
    draft.write(folder)
    commands = (["mix", "format", "--check-formatted"], ["mix", "compile", "--warnings-as-errors"])
    wrong = list(filter(None, (said(command, folder, library) for command in commands)))
    if name in NEEDS_LIBRARIES:
        click.echo(f"{name}, Elixir: compiled")
        return wrong
    reports = check(draft, folder, scenarios(name))
    for path, text in tests(draft, scenarios(name)).items():
        (folder / path).write_text(text, encoding="utf-8")
    tested = [said(["mix", "test"], folder, library) for _ in range(2)]
    wrong += [] if "" in tested else tested[:1]
    told = "passes" if "" in tested else "fails"
    click.echo(f"{name}, Elixir: {sentence(reports)}; the exported ExUnit case {told}")
    return [*wrong, *(str(each) for report in reports for each in report.differences)]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...]) -> None:
    """Compile and run the ports of all programs, or of those that are named."""
    if shutil.which("erlc") is None or shutil.which("erl") is None:
        raise click.ClickException("there is no `erl` and `erlc` on the PATH to ask (Debian: erlang-base)")
    languages = {"erlang": erlang}
    if shutil.which("mix") is not None:
        languages["elixir"] = elixir
    wrong: list[str] = []
    for name in names or tuple(SOURCES):
        for ask in languages.values():
            with stubs() as library, tempfile.TemporaryDirectory() as made:
                try:
                    wrong += [f"{name}: {each}" for each in ask(name, Path(made), library)]
                except ErlsimError as exc:
                    wrong.append(f"{name}: {exc}")
    for each in wrong:
        click.echo(each)
    if "elixir" not in languages:
        click.echo("there is no `mix` on the PATH: the ports to Elixir were not asked about (Debian: elixir)")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
