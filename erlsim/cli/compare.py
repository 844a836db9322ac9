"""`erlsim compare`: a scenario on a prototype and on its port, step by step."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from erlsim.cli.words import failures_in_words
from erlsim.errors import ErlsimError

if TYPE_CHECKING:
    from erlsim.porting.scenarios import Report, Scenario, Sets

FOLDER = click.Path(file_okay=False, exists=True, path_type=Path)


@click.command()
@click.argument("file", metavar="SCENARIO", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="DIR",
    type=click.Path(exists=True, path_type=Path),
    help="The port in Erlang: a folder of sources, a rebar3 project, or a file; may be given again.",
)
@click.option("--prototype", type=FOLDER, metavar="DIR", help="Where the Python modules are, beside SCENARIO's folder.")
@click.option("--erl", "beam", is_flag=True, help="Run the port with a real erl, too.")
@click.option("--elixir", type=FOLDER, metavar="DIR", help="A port in Elixir: a mix project, run with a real erl.")
@click.option("--exhaust", "exhausts", is_flag=True, help="Compare all outcomes, under every interleaving.")
@click.option("--schedules", type=click.IntRange(1), metavar="N", help="Compare the outcomes of N drawn schedules.")
@click.option("--max-runs", type=click.IntRange(1), default=20_000, show_default=True, help="At most, with --exhaust.")
@click.option("--scale", type=click.FloatRange(0.01), default=1.0, show_default=True, help="Stretch real sleeps.")
@click.option("-k", "--only", metavar="TEXT", help="Only the scenarios whose names have TEXT in them.")
@click.option("--start", "starts", multiple=True, metavar="CALL", help="How what was started in a trace was started.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def compare(file: Path, only: str | None, as_json: bool, **given: Any) -> None:
    """Run SCENARIO on a Python prototype and on its port, and compare what each step shows.

    SCENARIO is a text, JSON, recordings of a real Erlang (JSON lines), or the trace of a run.

    The port's Erlang source runs on erlsim, without a BEAM; with --erl by a real Erlang as well. With --exhaust or
    --schedules both have to have the same set of outcomes under many schedules. Exit code 0 if all is equal, 1 if
    something differs (the first step is named) or could not be compared, 2 if the command is wrong.
    """
    ports, elixir = given["ports"], given["elixir"]
    if not ports and elixir is None:
        raise click.UsageError("there is no port to compare with: give --port DIR, or --elixir DIR")
    if not ports and (given["beam"] or given["exhausts"] or given["schedules"]):
        raise click.UsageError("--erl, --exhaust and --schedules are about a port in Erlang: give --port DIR")
    if given["exhausts"] and given["schedules"]:
        raise click.UsageError("--exhaust goes through all schedules: --schedules says how many to draw instead")
    scenarios = _scenarios(file, only, given["starts"])
    with failures_in_words():
        found = _compared(scenarios, given)
    if as_json:
        click.echo(json.dumps([each.to_json() for each in found], indent=2))
    else:
        for each in found:
            click.echo(str(each))
    if not all(each.equal and not getattr(each, "skipped", None) for each in found):
        sys.exit(1)


def _scenarios(file: Path, only: str | None, starts: Sequence[str]) -> list[Scenario]:
    from erlsim.porting.scenarios import load

    try:
        found = load(file, starts)
    except ErlsimError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    kept = [each for each in found if only is None or only in each.name]
    if not kept:
        names = ", ".join(repr(each.name) for each in found)
        raise click.UsageError(f"no scenario has {only!r} in its name; there are {names}")
    return kept


def _compared(scenarios: list[Scenario], given: dict[str, Any]) -> list[Report | Sets]:
    from rich.console import Console

    from erlsim.porting.scenarios import check_port, compare_outcomes

    ports, prototype = list(given["ports"]), given["prototype"]
    found: list[Report | Sets] = []
    try:
        with Console(stderr=True).status("comparing", spinner="line") as status:
            for number, scenario in enumerate(scenarios, 1):
                status.update(f"scenario {number} of {len(scenarios)}: {scenario.name}")
                found.append(
                    check_port(
                        scenario,
                        port=ports or None,
                        prototype=prototype,
                        beam=given["beam"],
                        elixir=given["elixir"],
                        scale=given["scale"],
                    )
                )
                if given["exhausts"] or given["schedules"]:
                    status.update(f"scenario {number} of {len(scenarios)}: all outcomes of {scenario.name}")
                    found.append(
                        compare_outcomes(
                            scenario,
                            port=ports,
                            prototype=prototype,
                            schedules=given["schedules"],
                            max_runs=given["max_runs"],
                        )
                    )
    except ErlsimError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    return found
