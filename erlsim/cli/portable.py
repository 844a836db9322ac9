"""`erlsim portable`: what of a program does not port to Erlang, found by reading it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from erlsim.cli.words import Failed, short
from erlsim.errors import ErlsimError

if TYPE_CHECKING:
    from erlsim.porting.portable import Finding, Rule


@click.command()
@click.argument("targets", nargs=-1, metavar="FILE|PACKAGE...")
@click.option("--notes", is_flag=True, help="Tell what differs for few values only, too: `case 1` takes True.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave a rule out; may be given again.")
@click.option("--select", multiple=True, metavar="RULE", help="Look for this rule alone; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a list in JSON.")
@click.option("--explain", metavar="RULE", help="Say why a rule is one, with an example in three forms, and stop.")
@click.option("--rules", "lists", is_flag=True, help="List the rules, and stop.")
def portable(
    targets: tuple[str, ...],
    notes: bool,
    ignore: tuple[str, ...],
    select: tuple[str, ...],
    as_json: bool,
    explain: str | None,
    lists: bool,
) -> None:
    """Say what of FILE, or of all files of a PACKAGE (a folder, or a dotted name), does not port to Erlang.

    Nothing is run. Functions that drive a simulation are left out, and so is what stands outside of functions. A
    comment `# portable: ignore[rule]` turns a rule off in its line, or, if it stands alone, in the line below. Exit
    code 1 if there is a finding.
    """
    from erlsim.porting.portable import rules

    known = rules()
    if lists:
        _list(known)
        return
    if explain is not None:
        click.echo(explained(_known(explain, known)))
        return
    if not targets:
        raise click.UsageError("what is to be looked at? Give files, folders or the names of packages")
    for name in (*ignore, *select):
        _known(name, known)
    found = _found(targets, notes, ignore, select)
    if as_json:
        click.echo(json.dumps([{**each._asdict(), "why": known[each.code].why} for each in found], indent=2))
    else:
        _tell(found)
    if found:
        sys.exit(1)


def _known(name: str, known: dict[str, Rule]) -> Rule:
    from erlsim.hints import nearest

    if name not in known:
        raise click.UsageError(f"there is no rule {name!r}{nearest(name, list(known))} (--rules lists them)")
    return known[name]


def _found(targets: Sequence[str], notes: bool, ignore: Sequence[str], select: Sequence[str]) -> list[Finding]:
    """The findings in all targets, which are one program: the functions of one may be called in another."""
    from rich.console import Console

    from erlsim.porting.portable.lint import check_sources
    from erlsim.porting.portable.sources import found

    console = Console(stderr=True)
    try:
        with console.status("reading", spinner="line") as status:
            sources = [source for target in targets for source in found(target)]
            status.update(f"looking at {len(sources)} files")
            findings = check_sources(sources, notes=notes, ignore=ignore, select=select)
    except ErlsimError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    except SyntaxError as wrong:
        raise Failed(f"syntax error: {wrong.msg}", [f"  ({short(wrong.filename or '')}:{wrong.lineno})"]) from wrong
    except UnicodeDecodeError as wrong:
        raise Failed(f"{wrong.reason}: not a Python source in UTF-8", []) from wrong
    return [each._replace(file=short(each.file) if Path(each.file).is_file() else each.file) for each in findings]


def _tell(found: Sequence[Finding]) -> None:
    for each in found:
        click.echo(str(each))
    if not found:
        click.echo("no findings")
        return
    counts = Counter(each.code for each in found)
    told = ", ".join(f"{code} {count}" for code, count in sorted(counts.items(), key=lambda row: (-row[1], row[0])))
    click.echo(f"{len(found)} finding{'' if len(found) == 1 else 's'}: {told}", err=True)


def _list(known: dict[str, Rule]) -> None:
    width = max(map(len, known))
    for rule in known.values():
        click.echo(f"{rule.name:{width}}  {rule.why}")


def explained(rule: Rule) -> str:
    """A rule in full."""
    by = " and ".join({"lint": "erlsim portable", "strict": "strict mode"}[each] for each in rule.by)
    level = " (a note: shown with --notes)" if rule.level == "note" else ""
    parts = [f"{rule.name}: {rule.why}", "", rule.way, f"Found by {by}{level}."]
    for title, text in (("Not portable", rule.wrong), ("Portable", rule.right), ("In Erlang", rule.erlang)):
        parts += ["", f"{title}:", "", *(f"    {line}".rstrip() for line in text.splitlines())]
    return "\n".join(parts)
