"""`python -m tests.benchmarks [NAMES...]`: a table of figures, or JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table

import erlsim
from tests.benchmarks.registry import BEAM, ERLSIM, Outcome, benchmarks, measure

WIDTH = 96


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--scale", default=1.0, show_default=True, help="Do so many times the usual work.")
@click.option("--beam/--no-beam", "with_beam", default=True, help="Run beside the BEAM, if erl is there.")
@click.option("--strict", is_flag=True, help="End with status 1 if a target is missed.")
def main(names: tuple[str, ...], as_json: bool, scale: float, with_beam: bool, strict: bool) -> None:
    """Measure erlsim beside its peers. NAMES choose benchmarks; all of them by default."""
    known = benchmarks()
    for name in names:
        if name not in known:
            raise click.ClickException(f"no benchmark {name!r}; there are {', '.join(known)}")
    outcomes = []
    status = Console(stderr=True)
    for name in names or known:
        with status.status(f"{name} ..."):
            outcomes.append(measure(known[name], scale, with_beam))
    if as_json:
        click.echo(json.dumps([as_data(each) for each in outcomes], indent=2))
    else:
        console = Console()
        console.width = max(console.width, WIDTH)
        console.print(table(outcomes))
    sys.exit(bool(strict and any(each.missed for each in outcomes)))


def table(outcomes: list[Outcome]) -> Table:
    """A row for each contestant."""
    result = Table(title=f"erlsim on {platform.python_implementation()} {platform.python_version()}")
    result.add_column("what", no_wrap=True)
    result.add_column("who", no_wrap=True)
    result.add_column("figure", justify="right", no_wrap=True)
    result.add_column("erlsim is", justify="right", no_wrap=True)
    result.add_column("target", no_wrap=True)
    for outcome in outcomes:
        names = iter([f"[bold]{outcome.benchmark.name}[/]", outcome.benchmark.unit])
        for who, figure in outcome.figures.items():
            ratio = "" if who == ERLSIM else f"{outcome.ratio(who):.2f} x"
            against = "" if who == ERLSIM else who
            result.add_row(next(names, ""), who, f"{figure:,.0f}", ratio, _targets(outcome, against))
        result.add_section()
    return result


def _targets(outcome: Outcome, against: str) -> str:
    shown = []
    for target in outcome.benchmark.targets:
        if target.against == against:
            met = target not in outcome.missed
            wanted = f"{target.factor:g} x" if against else f"{target.factor:,.0f}"
            sign = "≥" if outcome.benchmark.higher_is_better else "≤"
            shown.append(f"[{'green' if met else 'red'}]{sign} {wanted} {'met' if met else 'missed'}[/]")
    return ", ".join(shown)


def as_data(outcome: Outcome) -> dict[str, Any]:
    """An outcome for JSON."""
    return {
        "name": outcome.benchmark.name,
        "unit": outcome.benchmark.unit,
        "figures": outcome.figures,
        "ratios": {who: outcome.ratio(who) for who in outcome.figures if who != ERLSIM},
        "targets": {str(each): each not in outcome.missed for each in outcome.benchmark.targets},
        "beam": BEAM in outcome.figures,
        "higher is better": outcome.benchmark.higher_is_better,
        "release": erlsim.__version__,
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }
