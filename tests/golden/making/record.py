"""Draws the scenarios of an area and has a real Erlang answer them.

Each scenario is recorded twice, early and late in the life of a node: one whose recordings differ depends on
real time, or on the width of pids, and is left out.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import click

from erlsim.porting.scenarios import comparing
from tests.golden import areas
from tests.golden.making.events import Events
from tests.golden.making.machines import Machines
from tests.golden.oracle import Oracle

MAKERS = {"gen_event": Events, "gen_statem": Machines}
SEED = 2026
NUMBER = 104


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--area", "only", multiple=True, type=click.Choice(sorted(MAKERS)), help="Make this area only.")
@click.option("--dir", "directory", type=click.Path(path_type=Path), default=areas.DATA, help="Where they are written.")
@click.option("--seed", type=int, default=SEED, show_default=True)
@click.option("--number", type=int, default=NUMBER, show_default=True, help="Scenarios of each area.")
def main(only: tuple[str, ...], directory: Path, seed: int, number: int) -> None:
    """Make and record the scenarios of gen_event and gen_statem."""
    if shutil.which("erl") is None or shutil.which("erlc") is None:
        raise click.ClickException("there is no `erl` and `erlc` on the PATH to ask (Debian: erlang-base, erlang-dev)")
    with tempfile.TemporaryDirectory() as work:
        oracle = Oracle(Path(work))
        for area in only or sorted(MAKERS):
            maker = MAKERS[area](seed)
            wanted = [maker.scenario(f"{area}-{seed}-{index}") for index in range(number)]
            first, second = oracle.record(wanted), oracle.record(wanted[::-1])[::-1]
            kept = 0
            with (directory / f"{area}.jsonl").open("w", encoding="utf-8") as out:
                for scenario, one, other in zip(wanted, first, second, strict=True):
                    if not comparing.same(one, other):
                        print(f"{scenario['name']}: two recordings differ, left out", file=sys.stderr)
                        continue
                    out.write(json.dumps({**scenario, "observed": one}) + "\n")
                    kept += 1
            click.echo(f"{area}: {kept} of {number} scenarios recorded")
