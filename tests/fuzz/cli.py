"""`python -m tests.fuzz --area AREA --minutes MINUTES [--original DIR] [--seed N]`.

Prints each difference as it is found and a line of figures an area at the end; ends with status 1 if anything differs.
"""

from __future__ import annotations

import itertools
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from tests.fuzz import differences, draw, side_by_side
from tests.fuzz.differences import here
from tests.fuzz.hunt import Found, Hunt, Tally
from tests.fuzz.node import ORIGINALS, Nodes, compile_into, compile_no_waiting
from tests.fuzz.shrink import TRIES

Scenario = dict[str, Any]

NODES = 2


class Report:
    """Prints and keeps what is found in an area."""

    def __init__(self, area: str, directory: Path) -> None:
        self._area = area
        self._path = directory / f"{area}.jsonl"
        self._console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)

    def found(self, found: Found) -> None:
        """A difference: both languages, both answers, and where its recording is."""
        click.secho(f"\n{found.name} differs. {found.kind}", bold=True)
        side_by_side.show_rows(found.scenario, self._console)
        index = differences.first(found.scenario, found.scenario["observed"], found.ours)
        assert index is not None
        pair = [each[index] if index < len(each) else None for each in (found.scenario["observed"], found.ours)]
        side_by_side.show_difference(*pair)
        if found.failure:
            click.echo(found.failure)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(found.scenario) + "\n")
        click.echo(f"  python -m tests.golden --dir {self._path.parent} --show {found.scenario['name']}")

    def figures(self, tally: Tally, minutes: float) -> None:
        """What a hunt has come to."""
        click.echo(
            f"{self._area}: {tally.scenarios} scenarios in {minutes:.1f} minutes, {tally.differences} differ in "
            f"{len(tally.kinds)} ways; {tally.races} more differ by chance, {tally.silent} had no answer"
        )
        for kind, number in tally.kinds.most_common():
            click.echo(f"  {number} x {kind}")


def scenarios(area: str, seed: int) -> Iterator[Scenario]:
    """The scenarios of a seed, without end."""
    return (draw.scenario(area, seed, number) for number in itertools.count())


@dataclass(frozen=True)
class Wish:
    """What of each area is to be looked at: so many scenarios of a seed, or as many as there is time for."""

    seed: int
    minutes: float
    most: int | None
    tries: int


def hunt(area: str, wish: Wish, nodes: Nodes, directory: Path) -> Tally:
    """Look for differences in an area."""
    report = Report(area, directory)
    began = time.monotonic()
    wanted = itertools.islice(scenarios(area, wish.seed), wish.most)

    def goes_on() -> bool:
        return wish.most is not None or time.monotonic() < began + 60 * wish.minutes

    tally = Hunt(nodes, report.found, here, tries=wish.tries).run(wanted, goes_on)
    report.figures(tally, (time.monotonic() - began) / 60)
    return tally


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--area", "only", multiple=True, type=click.Choice(draw.AREAS), help="Look here only; may be given again."
)
@click.option("--minutes", type=float, default=1.0, show_default=True, help="How long to look in each area.")
@click.option("--scenarios", "most", type=int, help="Look at so many scenarios of each area, however long that takes.")
@click.option("--seed", type=int, help="Draw the same scenarios again (default: others each time).")
@click.option(
    "--original",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the sources of the original director and gen_tracker are.",
)
@click.option("--tries", type=int, default=TRIES, show_default=True, help="Tries to make a difference smaller.")
@click.option("--nodes", "number", type=click.IntRange(1), default=NODES, show_default=True, help="Erlangs to ask.")
@click.option(
    "--real-time", is_flag=True, help="Let the Erlang wait for its timers (default: its clocks jump to them)."
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/fuzz"),
    show_default=True,
    help="Where recordings of differences are kept.",
)
def main(
    only: tuple[str, ...],
    minutes: float,
    most: int | None,
    seed: int | None,
    original: Path | None,
    tries: int,
    number: int,
    real_time: bool,
    directory: Path,
) -> None:
    """Draw scenarios, run them here and on a real `erl`, and show where the two differ."""
    if shutil.which("erl") is None or shutil.which("erlc") is None:
        raise click.ClickException("there is no `erl` and `erlc` on the PATH to ask (Debian: erlang-base, erlang-dev)")
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    click.echo(f"seed {seed}")
    wish = Wish(seed, minutes, most, tries)
    different = False
    with tempfile.TemporaryDirectory() as ebin:
        found = compile_into(Path(ebin), original)
        no_waiting = None if real_time else compile_no_waiting(Path(ebin))
        lacking = [name for name in ORIGINALS if name not in found]
        for area in only or [each for each in draw.AREAS if not set(lacking) & draw.needs(each)]:
            if missing := sorted(set(lacking) & draw.needs(area)):
                raise click.ClickException(f"{area} needs the original {' and '.join(missing)}: see --original")
            with Nodes(Path(ebin), number, no_waiting) as nodes:
                tally = hunt(area, wish, nodes, directory)
            different = different or tally.differences > 0
    sys.exit(different)
