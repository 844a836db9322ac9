"""`erlsim port`: a first draft of the port of some Python to Erlang or Elixir."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from erlsim.cli.words import failures_in_words, short


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", type=click.Choice(["erlang"]), default="erlang", show_default=True, help="The language.")
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the project goes.",
)
@click.option("--name", metavar="ATOM", help="The application's name; without it that of the first PATH.")
@click.option("--force", is_flag=True, help="Write into a folder that is not empty.")
@click.option("--json", "as_json", is_flag=True, help="Tell what became of each function as JSON.")
def port(paths: tuple[Path, ...], to: Any, out: Path, name: str | None, force: bool, as_json: bool) -> None:
    """Translate PATHs (files and packages that belong together) into a project in DIR.

    What has no translation that is right for certain is left as a marked hole with the Python text beside it. The exit
    code is 1 if there are holes.
    """
    from erlsim.porting import drafts

    for each in paths:
        if not each.exists():
            raise click.UsageError(f"no file or folder {str(each)!r}")
    if out.exists() and any(out.iterdir()) and not force:
        raise click.UsageError(f"{str(out)!r} is not empty: --force writes into it all the same")
    with failures_in_words():
        draft = drafts.draft(paths, to=to, name=name)
    draft.write(out)
    if as_json:
        click.echo(json.dumps(_as_data(draft), indent=2))
    else:
        _tell(draft, out)
    if draft.translated < len(draft.functions):
        sys.exit(1)


def _tell(draft: Any, out: Path) -> None:
    for each in draft.functions:
        for reason in each.reasons:
            where = "not ported" if each.state == "hole" else "ported in part"
            path, _, line = each.place.rpartition(":")
            click.echo(f"{short(path)}:{line}: {each} {where}: {reason}")
    for note in draft.notes:
        click.echo(note)
    click.echo(f"{draft.sentence()}, {len(draft.files)} files in {out}")


def _as_data(draft: Any) -> dict[str, Any]:
    return {
        "application": draft.application,
        "to": draft.target,
        "files": sorted(draft.files),
        "modules": draft.modules,
        "notes": list(draft.notes),
        "translated": draft.translated,
        "functions": [
            {
                "function": str(each),
                "state": each.state,
                "place": each.place,
                "callback": each.is_callback,
                "reasons": list(each.reasons),
            }
            for each in draft.functions
        ],
    }
