"""`python -m tests.golden [--dir DIR] [--area AREA] [--show NAME] [--otp DIR] [--original DIR]`.

Prints `AREA passed/total` a line and ends with status 1 if any scenario differs. `--show` prints
the steps of one scenario and its first difference instead. With `--otp` OTP's own modules are run in
the place of erlsim's behaviours, and the recorder's callback modules in that of their twins; with `--original` so
are the sources of a library that erlsim has a port of.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from tests.golden import areas as scenarios
from tests.golden import otp_modules, ratchet, show


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--dir",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=scenarios.DATA,
    help="Where the recordings are (default: tests/golden/data).",
)
@click.option("--area", "only", multiple=True, metavar="AREA", help="Run this area only; may be given again.")
@click.option("--show", "shown", metavar="NAME", help="Show one scenario: its steps and its first difference.")
@click.option("--failing", is_flag=True, help="Name the scenarios that differ.")
@click.option("--jobs", type=int, default=os.cpu_count() or 1, help="Processors to use (default: all).")
@click.option(
    "--otp",
    "otp",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run the behaviours of the OTP that is installed there (/usr/lib/erlang) on erlsim's processes.",
)
@click.option(
    "--original",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run the sources of a library (a folder with `src`) in the place of its port: director, gen_tracker.",
)
@click.option("--update-ratchet", is_flag=True, help="Let the counts that are reached now be held from now on.")
def main(
    directory: Path,
    only: tuple[str, ...],
    shown: str | None,
    failing: bool,
    jobs: int,
    otp: Path | None,
    original: Path | None,
    update_ratchet: bool,
) -> None:
    """Replay scenarios recorded on Erlang/OTP and compare what a caller observes."""
    ground = otp_modules.Ground(otp) if otp else otp_modules.Original(original) if original else None
    if shown is not None:
        found = scenarios.find(directory, shown)
        if found is None:
            raise click.ClickException(f"no scenario {shown!r} in {directory}")
        sys.exit(show.show(*found, None if ground is None else ground.enter))
    known = scenarios.areas(directory)
    if not known:
        raise click.ClickException(f"no recordings (*.jsonl) in {directory}")
    for area in only:
        if area not in known:
            raise click.ClickException(f"no area {area!r} in {directory}; there are {', '.join(known)}")
    counts: dict[str, scenarios.Count] = {}
    if otp is not None:
        known = [area for area in known if area in (only or otp_modules.AREAS)]
    for area in [each for each in known if not only or each in only]:
        if ground is None:
            counted = scenarios.count(directory, area, jobs, _progress(area))
        else:
            counted = ground.count(directory, area, _progress(area))
        counts[area] = counted
        click.echo(f"{area} {counted.passed}/{counted.total}")
        if failing:
            for name in counted.failing:
                click.echo(f"  {name}")
    if update_ratchet and ground is None:
        ratchet.raise_to({area: each.passed for area, each in counts.items()})
    sys.exit(any(each.failing for each in counts.values()))


def _progress(area: str) -> scenarios.Progress:
    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            line = f"{area} {done} of {total}"
            print(f"\r{line}\x1b[K" if done < total else "\r\x1b[K", end="", file=sys.stderr, flush=True)

    return tell
