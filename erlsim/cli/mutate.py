"""`erlsim mutate`: would the tests notice if the supervision were wrong?"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from erlsim.cli.script import check_writable
from erlsim.hints import nearest

if TYPE_CHECKING:
    from erlsim.lab.mutation import Plan, Report


class Command(click.Command):
    """A command that hands on what stands behind `--`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what is pytest's."""
        place = args.index("--") if "--" in args else len(args)
        ctx.meta["behind"] = tuple(args[place + 1 :])
        return super().parse_args(ctx, args[:place])


@click.command(cls=Command, epilog="Exit code 0: all are found or equivalent; 1: some survive; 2: there was no run.")
@click.argument("places", nargs=-1, metavar="[PATH]... [-- PYTEST ARGUMENT...]", type=click.Path(path_type=Path))
@click.option("--only", "kinds", multiple=True, metavar="KIND", help="Only mutants of this kind; may be said again.")
@click.option("--own", type=click.Path(path_type=Path), metavar="FILE", help="Mistakes of your own [mutants.toml].")
@click.option("--list", "only_list", is_flag=True, help="Name the mutants with their diffs and try none.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="So many processes [one a processor].")
@click.option("--tries", type=click.IntRange(0), metavar="N", help="Search so many scenarios for each survivor [300].")
@click.option("--fresh", is_flag=True, help="Believe nothing of earlier runs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT", help="Write a page, too.")
@click.pass_context
def mutate(ctx: click.Context, /, html: Path | None, as_json: bool, only_list: bool, **given: Any) -> None:
    """Change what PATH declares of supervision, one place at a time, and run the tests on each mutant.

    PATH is files and folders, the current folder by default; tests in them are left alone. Kinds: strategy, intensity,
    period, auto_shutdown, restart, significant, shutdown, order, plan, count, trap_exit, link, monitor, exit,
    timeout, and own. Of each mutant that no test finds a scenario is searched for that tells it from the original.
    No file of yours is changed; what came of each mutant is kept in .erlsim_cache.
    """
    from erlsim.lab import mutation

    # hypothesis keeps what it has learned of the code in the current folder, if it is not told otherwise.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path.cwd() / mutation.CACHE / "hypothesis"))
    plan = _plan(arguments=ctx.meta["behind"], **given)
    if html is not None:
        check_writable(html)
    try:
        if only_list:
            _list(plan, as_json)
            return
        report = mutation.run(plan)
    except (mutation.FailingTests, mutation.CannotStart, mutation.Unreadable, mutation.WrongList) as wrong:
        click.echo(f"erlsim mutate: {wrong}", err=True)
        sys.exit(2)
    _tell(report, as_json, html)
    if report.survivors:
        sys.exit(1)


def _plan(
    places: tuple[Path, ...],
    kinds: tuple[str, ...],
    own: Path | None,
    jobs: int | None,
    tries: int | None,
    fresh: bool,
    arguments: tuple[str, ...],
) -> Plan:
    from erlsim.lab.mutation import KINDS, OWN_LIST, TRIES, Plan, default_jobs

    for kind in kinds:
        if kind not in KINDS:
            raise click.UsageError(f"no kind {kind!r}; there are {', '.join(KINDS)}{nearest(kind, list(KINDS))}")
    for place in places:
        if not place.exists():
            raise click.UsageError(f"no file or folder {str(place)!r}")
    folder = Path.cwd()
    if own is not None and not own.exists():
        raise click.UsageError(f"no file {str(own)!r}")
    there = folder / OWN_LIST
    return Plan(
        folder,
        places or (folder,),
        arguments,
        kinds,
        own or (there if there.exists() else None),
        jobs or default_jobs(),
        TRIES if tries is None else tries,
        fresh,
    )


def _list(plan: Plan, as_json: bool) -> None:
    finds = plan.find()
    if as_json:
        known = [
            {"kind": each.kind, "file": each.source.name, "line": each.line, "what": each.words, "diff": each.diff}
            for each in finds.mutants
        ]
        click.echo(json.dumps({"mutants": known, "unread": [str(each) for each in finds.unread]}, indent=2))
        return
    for mutant in finds.mutants:
        click.echo(str(mutant))
        for line in mutant.diff.splitlines()[2:]:
            click.echo(f"    {line}")
    for each in finds.unread:
        click.echo(f"not read: {each}")
    click.echo(f"{len(finds.mutants)} mutants in {finds.files} files")


def _tell(report: Report, as_json: bool, html: Path | None) -> None:
    from erlsim.lab import mutation

    if as_json:
        click.echo(json.dumps(mutation.data(report), indent=2))
    else:
        for line in mutation.text(report):
            click.echo(line)
    if html is not None:
        html.write_text(mutation.page(report), encoding="utf-8")
        click.echo(f"the report is in {html}", err=True)
