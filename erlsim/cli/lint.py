"""`erlsim lint`: what can be told of the restart plans that a script uses."""

from __future__ import annotations

import sys
from typing import Any

import click

import erlsim
from erlsim.cli.script import Script, script_arguments
from erlsim.cli.words import failures_in_words, short, warnings_in_words


@click.command()
@script_arguments
@click.option("--notes", is_flag=True, help="Tell what is merely worth knowing, too.")
def lint(notes: bool, **given: Any) -> None:
    """Run FILE and look at the restart plans of all directors in it; exit code 1 if there is something to say."""
    import director

    script = Script(**given)
    script.check()
    with director.linting(notes) as found, warnings_in_words(), failures_in_words():
        main = getattr(script.load(), "main", None)
        if callable(main):
            erlsim.run(main, trace=False)
    place = script.target if script.is_module else short(script.target)
    for id_, finding in found:
        click.echo(f"{place}: child {erlsim.terms.format('~0tp', [id_])}: {finding}")
    if found:
        sys.exit(1)
    click.echo("no findings")
