"""`erlsim test`: EUnit's tests and Common Test's suites of an Erlang project, without a BEAM."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import erlsim

if TYPE_CHECKING:
    from erlsim.erl import Installation
    from erlsim.erl.testing import Case, Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a case came to: the first outcome that is no success, and the schedule that led there."""

    case: Case
    outcome: Outcome
    schedule: int


@click.command()
@click.argument("places", nargs=-1, metavar="[PLACE]...", type=click.Path(path_type=Path))
@click.option("-k", "--only", metavar="TEXT", help="Only the tests whose names have TEXT in them.")
@click.option("--schedules", type=click.IntRange(1), default=1, show_default=True, metavar="N")
@click.option("--seed", type=int, metavar="N", help="Draw one schedule from N, as a failure printed it.")
@click.option(
    "--otp",
    "--otp-lib",
    "otp_lib",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    envvar="ERLSIM_OTP",
    metavar="DIR",
    help="An OTP that is installed: its headers for -include_lib, and its sources for what erlsim lacks of stdlib "
    "and kernel. [env: ERLSIM_OTP]",
)
@click.option(
    "--from-otp",
    "from_otp",
    multiple=True,
    metavar="MODULE",
    help="Take this module from OTP's sources in the place of erlsim's own; may be given again.",
)
@click.option("--list", "only_list", is_flag=True, help="Name the tests and run none.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each test.")
def test(
    places: tuple[Path, ...],
    only: str | None,
    schedules: int,
    seed: int | None,
    otp_lib: Path | None,
    from_otp: tuple[str, ...],
    only_list: bool,
    verbose: bool,
) -> None:
    """Run the tests of an Erlang project in virtual time: PLACE is its folder (the current one) or single files.

    Sources are in src, EUnit's *_tests.erl and Common Test's *_SUITE.erl in test, or all in one folder; applications
    in apps are tested, too. Each test has a simulation of its own, and with --schedules one for each schedule: the
    first is first-in first-out, the others are drawn. Exit code 1 if a test fails.
    """
    cases = _cases(list(places) or [Path()], _installation(otp_lib, from_otp), only)
    if only_list:
        for case in cases:
            click.echo(case.name)
        return
    verdicts = []
    with click.progressbar(
        cases, label="testing", show_pos=True, hidden=not sys.stderr.isatty(), file=sys.stderr
    ) as bar:
        for case in bar:
            verdicts.append(_run(case, schedules, seed))
    _tell(verdicts, schedules, verbose)
    if any(_is_failure(each) for each in verdicts):
        sys.exit(1)


def _installation(home: Path | None, instead: tuple[str, ...]) -> Installation | None:
    from erlsim.erl import Installation

    if home is None:
        if instead:
            raise click.UsageError("--from-otp needs --otp DIR: where is the OTP?")
        return None
    try:
        return Installation(home, instead)
    except erlsim.ErlsimError as wrong:
        raise click.UsageError(str(wrong)) from wrong


def _cases(places: list[Path], installation: Installation | None, only: str | None) -> list[Case]:
    from erlsim.erl import SourceError
    from erlsim.erl.testing import Project
    from erlsim.erl.testing.projects import NoTests

    try:
        project = Project(places, installation=installation)
        found = list(project.all_cases())
    except NoTests as nothing:
        raise click.UsageError(str(nothing)) from nothing
    except SourceError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(1)
    wanted = [case for case in found if only is None or only in case.name]
    if not wanted:
        asked = f"no test has {only!r} in its name" if found else "there are no tests"
        raise click.UsageError(f"{asked}: {', '.join(map(str, places))} has {len(found)}")
    return wanted


def _run(case: Case, schedules: int, seed: int | None) -> Verdict:
    from erlsim.erl.testing import Passed

    outcome: Outcome = Passed()
    for schedule in range(schedules) if seed is None else [seed]:
        outcome = case.run(_simulation(schedule, seed))
        if type(outcome) is not Passed:
            return Verdict(case, outcome, schedule)
    return Verdict(case, outcome, 0)


def _simulation(schedule: int, seed: int | None) -> erlsim.Simulation:
    """The first schedule is first-in first-out, unless a seed is asked for."""
    chooser: Any = None
    if schedule or seed is not None:
        from erlsim.testing.choosers import RandomWalk

        chooser = RandomWalk(schedule)
    sim = erlsim.Simulation(seed=schedule, chooser=chooser, trace=False)
    sim.reports.print = False
    return sim


def _is_failure(verdict: Verdict) -> bool:
    from erlsim.erl.testing import Failed

    return type(verdict.outcome) is Failed


def _word(verdict: Verdict) -> str:
    return type(verdict.outcome).__name__.lower()


def _tell(verdicts: list[Verdict], schedules: int, verbose: bool) -> None:
    from erlsim.erl.testing import Failed, Skipped

    for verdict in verdicts:
        outcome = verdict.outcome
        if type(outcome) is Failed:
            click.secho(f"{verdict.case.name} failed{_schedule(verdict, schedules)}", fg="red")
            for line in outcome.lines():
                click.echo(f"  {line}")
        elif type(outcome) is Skipped:
            click.echo(f"{verdict.case.name} skipped: {outcome}")
        elif verbose:
            click.echo(f"{verdict.case.name} passed")
    total = Counter(_word(each) for each in verdicts)
    for module in dict.fromkeys(each.case.module for each in verdicts):
        counts = Counter(_word(each) for each in verdicts if each.case.module == module)
        click.echo(f"{module}: {_counted(counts)}")
    under = f", each under {schedules} schedules" if schedules > 1 else ""
    click.echo(f"{_counted(total)} of {len(verdicts)}{under}")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[word]} {word}" for word in ("passed", "failed", "skipped") if counts[word])


def _schedule(verdict: Verdict, schedules: int) -> str:
    if schedules == 1 or verdict.schedule == 0:
        return ""
    return f" under schedule {verdict.schedule} of {schedules}: --seed {verdict.schedule} runs it again"
