"""`erlsim scenario`: a scenario in another form, the port's own tests among them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from erlsim.cli.words import failures_in_words, short
from erlsim.errors import ErlsimError

FORMS = ("text", "json", "eunit", "ct", "exunit")


@click.command()
@click.argument("file", metavar="SCENARIO", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--to", "form", type=click.Choice(FORMS), default="text", show_default=True, help="What is wanted.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a file in this folder; without it the text is printed.",
)
@click.option("--name", metavar="NAME", help="What is tested, for the names of files and modules (SCENARIO's name).")
@click.option("--start", "starts", multiple=True, metavar="CALL", help="How what was started in a trace was started.")
@click.option(
    "--prototype",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    metavar="DIR",
    help="Where the Python modules are, beside SCENARIO's folder.",
)
def scenario(
    file: Path, form: str, out: Path | None, name: str | None, prototype: Path | None, starts: tuple[str, ...]
) -> None:
    """Show SCENARIO in another form: as text, as JSON, or as tests that stand alone in the ported project.

    For tests (EUnit's, a suite of Common Test, an ExUnit case) it is run on the prototype, and what that shows is what
    the tests expect. Exit code 0, or 1 if the prototype is not as the scenario expects, 2 if the command is wrong.
    """
    from erlsim.porting.scenarios import load

    try:
        found = load(file, starts)
    except ErlsimError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    with failures_in_words():
        target, text = _written(found, form, name or file.stem, prototype)
    if out is None:
        click.echo(text, nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / target).write_text(text, encoding="utf-8")
    click.echo(f"{len(found)} scenario{'' if len(found) == 1 else 's'} in {short(str(out / target))}", err=True)


def _written(found: list[Any], form: str, name: str, prototype: Path | None) -> tuple[str, str]:
    """The name of the file, and its text."""
    from erlsim.porting.scenarios import exported, text, to_json

    if form == "text":
        return f"{name}.scenario", "\n".join(map(text, found))
    if form == "json":
        return f"{name}.json", json.dumps(list(map(to_json, found)), indent=1) + "\n"
    return exported(found, form, name, prototype)
