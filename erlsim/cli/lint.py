"""`erlsim lint`: what can be told of the restart plans and the supervisors that a script uses."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

import erlsim
from erlsim.cli.script import Script, script_arguments
from erlsim.cli.words import failures_in_words, short, warnings_in_words


@click.command()
@script_arguments
@click.option("--notes", is_flag=True, help="Tell what is merely worth knowing, too.")
def lint(notes: bool, **given: Any) -> None:
    """Run FILE and look at the supervisors and the restart plans in it; exit code 1 if there is something to say.

    An Erlang source is not run: what erlc would say of it is said, errors first, then warnings.
    """
    import director
    from erlsim.otp import supervisor

    script = Script(**given)
    script.check()
    if script.is_erlang:
        _lint_source(Path(script.target))
        return
    with (
        director.linting(notes) as plans,
        supervisor.linting() as specs,
        warnings_in_words(),
        failures_in_words(),
    ):
        main = getattr(script.load(), "main", None)
        if callable(main):
            erlsim.run(main, trace=False)
    place = script.target if script.is_module else short(script.target)
    for id_, finding in plans:
        click.echo(f"{place}: child {_shown(id_)}: {finding}")
    for name, id_, finding in specs:
        child = "" if id_ == "undefined" else f", child {_shown(id_)}"
        click.echo(f"{place}: supervisor {_shown(name)}{child}: {finding}")
    if plans or specs:
        sys.exit(1)
    click.echo("no findings")


def _lint_source(file: Path) -> None:
    from erlsim import erl

    lines = erl.lint(file)
    for line in lines:
        click.echo(line)
    if lines:
        sys.exit(1)
    click.echo("no findings")


def _shown(term: Any) -> str:
    return erlsim.terms.format("~0tp", [term])
