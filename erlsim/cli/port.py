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
@click.option(
    "--to", type=click.Choice(["erlang", "elixir"]), default="erlang", show_default=True, help="The language."
)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the project goes.",
)
@click.option("--name", metavar="ATOM", help="The application's name; without it that of the first PATH.")
@click.option(
    "--scenario",
    "scenario_files",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Scenarios in which the port and the prototype are compared at once.",
)
@click.option(
    "--without-director", is_flag=True, help="Make OTP's supervisors of directors, where their plans allow it."
)
@click.option("--erl", "beam", is_flag=True, help="Run the scenarios on a real Erlang, too.")
@click.option(
    "--library",
    "libraries",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="Sources in Erlang of a library that the port needs there, as director; may be given again.",
)
@click.option("--force", is_flag=True, help="Write into a folder that is not empty.")
@click.option("--json", "as_json", is_flag=True, help="Tell what became of each function as JSON.")
def port(
    paths: tuple[Path, ...],
    to: Any,
    out: Path,
    name: str | None,
    scenario_files: tuple[Path, ...],
    without_director: bool,
    beam: bool,
    libraries: tuple[Path, ...],
    force: bool,
    as_json: bool,
) -> None:
    """Translate PATHs (files and packages that belong together) into a project in DIR.

    What has no translation that is right for certain is left as a marked hole with the Python text beside it. With
    --scenario the port is run beside its prototype, and compared step by step. The exit code is 1 if there are holes or
    differences, or if what was asked for could not be compared.
    """
    from erlsim.porting import drafts

    for each in paths:
        if not each.exists():
            raise click.UsageError(f"no file or folder {str(each)!r}")
    if beam and not scenario_files:
        raise click.UsageError("--erl runs scenarios on a real Erlang: give --scenario FILE")
    if out.exists() and any(out.iterdir()) and not force:
        raise click.UsageError(f"{str(out)!r} is not empty: --force writes into it all the same")
    with failures_in_words():
        draft = drafts.draft(paths, to=to, name=name, without_director=without_director)
    draft.write(out)
    with failures_in_words():
        reports = _compared(draft, out, scenario_files, beam, libraries)
    if as_json:
        click.echo(json.dumps({**_as_data(draft), "scenarios": [each.to_json() for each in reports]}, indent=2))
    else:
        _tell(draft, out, reports)
    if draft.translated < len(draft.functions) or not all(each.equal and not each.skipped for each in reports):
        sys.exit(1)


def _compared(draft: Any, out: Path, files: tuple[Path, ...], beam: bool, libraries: tuple[Path, ...]) -> list[Any]:
    if not files:
        return []
    from erlsim.porting import scenarios
    from erlsim.porting.drafts.checking import check, tests

    wanted = [each for file in files for each in scenarios.load(file)]
    for path, text in tests(draft, wanted).items():
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    return check(draft, out, wanted, beam=beam, libraries=libraries)


def _tell(draft: Any, out: Path, reports: list[Any]) -> None:
    for each in draft.functions:
        for reason in each.reasons:
            where = "not ported" if each.state == "hole" else "ported in part"
            path, _, line = each.place.rpartition(":")
            click.echo(f"{short(path)}:{line}: {each} {where}: {reason}")
    for note in draft.notes:
        click.echo(note)
    for report in reports:
        for difference in report.differences:
            click.echo(str(difference))
    for world, why in dict(pair for report in reports for pair in report.skipped.items()).items():
        click.echo(f"not compared on {world}: {why}")
    click.echo(f"{len(draft.files)} files in {out}")
    click.echo(", ".join(filter(None, [draft.sentence(), _sentence(reports)])))


def _sentence(reports: list[Any]) -> str:
    if not reports:
        return ""
    from erlsim.porting.drafts.checking import sentence

    return sentence(reports)


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
