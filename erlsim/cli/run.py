"""`erlsim run`: a script's `main` as the shell of a fresh simulation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

import erlsim
import erlsim.otp.logger  # it knows how reports are printed
from erlsim import releases
from erlsim.cli.script import Script, check_writable, script_arguments
from erlsim.cli.words import failures_in_words, short, warnings_in_words


@click.command()
@script_arguments
@click.option("--seed", type=int, metavar="N", help="Draw the schedule from N instead of first-in first-out.")
@click.option(
    "--otp",
    type=click.Choice([str(release) for release in releases.EMULATORS]),
    default=str(releases.DEFAULT),
    show_default=True,
    help="Behave as this OTP release.",
)
@click.option("--trace", is_flag=True, help="Print each event as it happens, with its virtual milliseconds.")
@click.option("--reports/--no-reports", default=True, show_default=True, help="Print the reports of crashes.")
@click.option(
    "--strict", is_flag=True, help="Say what is seen that does not port to Erlang; exit code 1 if anything is."
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write a page that shows the run, event by event; it needs no network.",
)
def run(seed: int | None, otp: str, trace: bool, reports: bool, strict: bool, html: Path | None, **given: Any) -> None:
    """Run the function main of FILE, or with -m of a module, as a simulation and print its value.

    What stands behind -- are the arguments of the script, in its sys.argv. If FILE is an Erlang source, Module:Function
    behind it is run instead of main/0.
    """
    script = Script(**given)
    script.check()
    if html is not None:
        check_writable(html)
    sim = erlsim.Simulation(
        seed=seed or 0, chooser=_chooser(seed), trace=html is not None, otp=int(otp), patient_gc=True, strict=strict
    )
    sim.reports.print = reports
    if trace:
        sim.observe(click.echo)
    try:
        with warnings_in_words(), failures_in_words():
            value, findings = _outcome(sim, script)
        if value is not None:
            click.echo(erlsim.terms.format("~tp", [value]) if script.is_erlang else repr(value))
        for each in findings:
            click.echo(str(each._replace(file=short(each.file))), err=True)
    finally:
        if html is not None:
            sim.to_html(html, title=script.title)
            click.echo(f"{len(sim.trace)} events in {html}", err=True)
    if findings:
        sys.exit(1)


def _outcome(sim: erlsim.Simulation, script: Script) -> tuple[Any, list[Any]]:
    """The value of `main`, and what strict mode has found."""
    try:
        return sim.run(script.main()), []
    except erlsim.NotPortable as found:
        return found.value, found.findings


def _chooser(seed: int | None) -> Any:
    if seed is None:
        return None
    from erlsim.testing.choosers import RandomWalk

    return RandomWalk(seed)
