"""`erlsim blast`: who falls if a process of a tree is struck."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from erlsim.cli.script import Script, check_writable, erlang_main, script_arguments
from erlsim.cli.words import failures_in_words, warnings_in_words
from erlsim.hints import nearest

if TYPE_CHECKING:
    from erlsim.lab.blast import BlastRadius

OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@script_arguments
@click.option("--tree", metavar="NAME", help="The function that starts the tree; else tree, or main.")
@click.option("--load", "loads", multiple=True, metavar="NAME", help="A function that uses the tree, in a process.")
@click.option("--who", multiple=True, metavar="NAME", help="Strike this process only; may be given again.")
@click.option("--reason", "reasons", multiple=True, metavar="REASON", help="kill, crash, shutdown, hang or an atom.")
@click.option("--at", multiple=True, metavar="WHEN", help="rest, instants, messages, all, or ms since the load began.")
@click.option("--window", type=click.IntRange(1), default=60_000, show_default=True, metavar="MS")
@click.option("--limit", type=click.IntRange(1), default=2_000, show_default=True, metavar="RUNS")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.option("--html", type=OUT, metavar="OUT", help="Write a page on which to choose a victim; it needs no network.")
@click.option("--svg", type=OUT, metavar="OUT", help="Write the tree, coloured by the first strike of --who.")
def blast(
    tree: str | None,
    loads: tuple[str, ...],
    who: tuple[str, ...],
    reasons: tuple[str, ...],
    at: tuple[str, ...],
    window: int,
    limit: int,
    as_json: bool,
    html: Path | None,
    svg: Path | None,
    **given: Any,
) -> None:
    """Strike each process of the tree that FILE starts, one run each, and tell who falls with it.

    The function tree (or main) of FILE starts the tree and returns; functions named by --load use it. Each process is
    killed, crashes, is shut down and made to hang, at rest and at the moments of the load; each run is looked at for
    --window ms of virtual time. Of an Erlang source, functions are Module:Function. Exit code 1 if the whole tree goes
    down with, or spins because of, a process that is not at its top.
    """
    from erlsim.lab.blast import blast_radius
    from erlsim.lab.blast.strikes import REASONS
    from erlsim.lab.questions import WrongQuestion

    script = Script(**given)
    script.check()
    for page in (html, svg):
        if page is not None:
            check_writable(page)
    with warnings_in_words(), failures_in_words():
        make_tree, functions = _functions(script, tree, loads)
        options: dict[str, Any] = {"reasons": reasons or REASONS, "at": _moments(at), "who": who or None}
        try:
            found = blast_radius(make_tree, functions or None, **options, window=window, limit=limit, progress=None)
        except WrongQuestion as wrong:
            raise click.UsageError(str(wrong)) from wrong
    if html is not None:
        found.to_html(html, title=f"Blast radius of {script.title}")
    if svg is not None and len(found):
        svg.write_text(found.svg(*_first(found)), encoding="utf-8")
    _tell(found, as_json)
    if any(each.outcome in ("down", "spins") and each.victim not in _tops(found) for each in found):
        sys.exit(1)


def _tell(found: BlastRadius, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
    elif sys.stdout.isatty():
        from rich.console import Console

        Console().print(found)
    else:
        click.echo(found.text())


def _first(found: BlastRadius) -> tuple[Any, ...]:
    first = next(iter(found))
    return first.victim, first.reason, first.moment


def _tops(found: BlastRadius) -> list[str]:
    return [place.name for place in found.places if place.depth == 0]


def _moments(at: tuple[str, ...]) -> Any:
    return [int(each) if each.isdigit() else each for each in at] or None


def _functions(
    script: Script, tree: str | None, loads: tuple[str, ...]
) -> tuple[Callable[[], Any], list[Callable[[], Any]]]:
    """What starts the tree and what uses it."""
    if script.is_erlang:
        arguments = (tree,) if tree is not None else script.arguments
        file = Path(script.target)
        return erlang_main(file, arguments), [erlang_main(file, (load,)) for load in loads]
    module = script.load()
    name = tree or next((each for each in ("tree", "main") if callable(getattr(module, each, None))), "tree")
    return _function(script, module, name), [_function(script, module, load) for load in loads]


def _function(script: Script, module: ModuleType, name: str) -> Callable[[], Any]:
    found = getattr(module, name, None)
    if not callable(found):
        known = [each for each in vars(module) if not each.startswith("_") and callable(getattr(module, each))]
        raise click.UsageError(f"{script.target!r} has no function {name!r}{nearest(name, known)}")
    function: Callable[[], Any] = found
    return function
