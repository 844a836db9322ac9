"""`make oracle`, the part about functions: every recorded call is asked of a real Erlang again, and of erlsim.

Prints of each area how many calls there are and how many are answered in the same way; of the others, the first.
"""

from __future__ import annotations

import shutil
import sys

import click

from tests.erl.answers.calls import AREAS
from tests.erl.answers.ours import differences, recorded
from tests.erl.answers.record import ask


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--area", "areas", multiple=True, default=tuple(AREAS), show_default=True)
@click.option("--show", default=5, show_default=True, help="How many differences to print of an area.")
def main(areas: tuple[str, ...], show: int) -> None:
    """Compare recorded calls of library functions with a real `erl` and with erlsim."""
    if shutil.which("escript") is None:
        raise click.ClickException("there is no `escript` on the PATH to ask (Debian: erlang-base)")
    failed = False
    for area in areas:
        rows = recorded(area)
        changed = [row for row, answer in zip(rows, ask([call for call, _ in rows]), strict=True) if row[1] != answer]
        different = differences(area)
        click.echo(f"{area} {len(rows) - len(different)}/{len(rows)} calls, {len(changed)} answers are not as recorded")
        for row in [*different, *changed][:show]:
            click.echo("  " + "\n    ".join(row))
        failed = failed or bool(different or changed)
    sys.exit(failed)


if __name__ == "__main__":
    main()
