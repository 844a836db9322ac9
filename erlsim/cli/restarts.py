"""`erlsim restarts`: which restart intensity, or which plan, survives which failures."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from erlsim.cli.script import Script, check_writable
from erlsim.cli.words import failures_in_words, warnings_in_words
from erlsim.hints import nearest

if TYPE_CHECKING:
    from erlsim.lab.restarts import RestartLab

OUT = click.Path(dir_okay=False, path_type=Path)
UNITS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


class Duration(click.ParamType["int"]):
    """`500ms`, `30s`, `5min`, `2h`, `1d`: ms."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The duration in ms."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)", str(value))
        if match is None:
            self.fail(f"{value!r} is no duration: write 500ms, 30s, 5min, 2h or 1d", param, ctx)
        return max(1, round(float(match[1]) * UNITS[match[2]]))


class Numbers(click.ParamType["list[int]"]):
    """`1,3,5`: whole numbers."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[int]:
        """The numbers."""
        parts = str(value).split(",")
        if not all(part.strip().isdigit() for part in parts):
            self.fail(f"{value!r} is no list of whole numbers: write 1,3,5", param, ctx)
        return [int(part) for part in parts]


@click.command()
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--failures", "name", metavar="NAME", help="The failure model in FILE: a function (env, child, random).")
@click.option(
    "--every", type=Duration(), metavar="TIME", help="Failures come so often, on average (500ms 30s 5min 2h)."
)
@click.option("--burst", type=click.IntRange(1), metavar="N", help="So many crashes each time, within --within.")
@click.option("--within", type=Duration(), default="1s", show_default=True, metavar="TIME")
@click.option("--outage", type=Duration(), metavar="TIME", help="Each time, starts fail for so long.")
@click.option("--lives", type=Duration(), metavar="TIME", help="In an outage: starts succeed, and it crashes so later.")
@click.option("--start-fails", type=click.FloatRange(0, 1), metavar="P", help="A start fails with this probability.")
@click.option("--start-takes", type=Duration(), metavar="TIME", help="Each restart takes so long.")
@click.option("--intensity", type=Numbers(), default="1,3,5,10", show_default=True, metavar="N,...")
@click.option("--period", type=Numbers(), default="5,10,30,60", show_default=True, metavar="S,...")
@click.option(
    "--plan", "plans", multiple=True, metavar="[NAME=]PLAN", help="A director's plan: 'restart, {restart, 5000}'."
)
@click.option("--hours", type=float, default=24.0, show_default=True, metavar="H")
@click.option("--runs", type=click.IntRange(1), default=200, show_default=True, metavar="N")
@click.option("--target", type=float, default=0.95, show_default=True, metavar="P", help="The chance that is wanted.")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.option("--html", type=OUT, metavar="OUT", help="Write a page with the heat maps; it needs no network.")
@click.option("--svg", type=OUT, metavar="OUT", help="Write the heat map of the chance to survive.")
def restarts(
    file: str | None,
    name: str | None,
    start_takes: int | None,
    intensity: list[int],
    period: list[int],
    plans: tuple[str, ...],
    hours: float,
    runs: int,
    target: float,
    seed: int,
    as_json: bool,
    html: Path | None,
    svg: Path | None,
    **given: Any,
) -> None:
    """Try a grid of restart intensities and periods, and plans, under failures, for hours of virtual time.

    Failures come --every so often: one crash, or a --burst of them, or an --outage; or they are what the function
    --failures of FILE says, a simpy process (env, child, random). Prints the chance to survive with its interval, the
    time away, and which setting to take. Exit code 1 if none reaches --target.
    """
    from erlsim.lab.questions import WrongQuestion
    from erlsim.lab.restarts import restart_lab

    for page in (html, svg):
        if page is not None:
            check_writable(page)
    with warnings_in_words(), failures_in_words():
        try:
            lab = restart_lab(
                _of_file(file, name) if file is not None else _model(**given),
                intensity=intensity,
                period=period,
                plans=dict(_plan(each) for each in plans),
                hours=hours,
                runs=runs,
                start_ms=start_takes or 0,
                target=target,
                seed=seed,
                progress=None,
            )
        except WrongQuestion as wrong:
            raise click.UsageError(str(wrong)) from wrong
    if html is not None:
        lab.to_html(html)
    if svg is not None:
        svg.write_text(lab.svg(), encoding="utf-8")
    _tell(lab, as_json)
    if lab.recommendation.setting is None:
        sys.exit(1)


def _tell(lab: RestartLab, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(lab.to_json(), indent=2, ensure_ascii=False))
    elif sys.stdout.isatty():
        from rich.console import Console

        Console().print(lab)
    else:
        click.echo(lab.text())


def _model(
    every: int | None,
    burst: int | None,
    within: int,
    outage: int | None,
    lives: int | None,
    start_fails: float | None,
) -> Any:
    """The failure model that the options say."""
    from erlsim.lab.restarts import bursts, crashes_at_start, outages, poisson

    if every is None:
        raise click.UsageError("say how often it fails: --every 10min (or name a FILE and --failures)")
    if sum(each is not None for each in (burst, outage, start_fails)) > 1:
        raise click.UsageError("--burst, --outage and --start-fails exclude one another")
    if burst is not None:
        return bursts(burst, within, every)
    if outage is not None:
        return outages(outage, every, lives)
    return poisson(every) if start_fails is None else crashes_at_start(every, start_fails)


def _of_file(file: str, name: str | None) -> Any:
    script = Script(file, False, ())
    script.check()
    module = script.load()
    wanted = name or "failures"
    found = getattr(module, wanted, None)
    if not callable(found):
        known = [each for each in vars(module) if not each.startswith("_") and callable(getattr(module, each))]
        raise click.UsageError(f"{file!r} has no function {wanted!r}{nearest(wanted, known)}")
    return found


def _plan(text: str) -> tuple[str, Any]:
    """`NAME=PLAN` or `PLAN`, in Erlang's terms without the brackets of the list."""
    from erlsim import terms

    name, separator, plan = text.partition("=")
    written = (plan if separator else text).strip()
    try:
        value = terms.parse(written if written.startswith("[") else f"[{written}]")
    except terms.ParseError as wrong:
        raise click.UsageError(f"{written!r} is no plan: write 'restart, {{restart, 5000}}' ({wrong})") from wrong
    return (name.strip() if separator else written), value
