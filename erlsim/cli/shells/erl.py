"""`erlsim erl`: Erlang's shell, on a simulation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument(
    "files", nargs=-1, metavar="[FILE.erl]...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def erl(files: tuple[Path, ...]) -> None:
    """A shell like erl's: prompts, bindings, f(), b(), c(Mod), flush(), i(), h(), records, and virtual time that jumps.

    The FILEs are compiled and loaded first; c(Mod) takes sources from the current folder. Type q(). to leave.
    """
    from erlsim.erl.shell import Session
    from erlsim.erl.shell.session import BANNER

    session = Session()
    session.sim.reports.print = True
    click.echo(BANNER)
    for file in files:
        for line in session.enter(f'c("{file}").'):
            click.echo(line)
    with_history()
    while not session.is_over:
        try:
            line = read_line(session.prompt)
        except EOFError:
            click.echo()
            break
        except KeyboardInterrupt:
            session.drop()
            click.echo()
            continue
        for told in session.enter(line):
            click.echo(told)


def read_line(prompt: str) -> str:
    """A line from the terminal, or from what is piped in; the prompt is shown in both cases."""
    if sys.stdin.isatty():
        return input(prompt)
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def with_history(names: dict[str, Any] | None = None) -> None:
    """Lines can be edited and are kept while the shell runs, where Python has readline; Tab completes `names`."""
    if not sys.stdin.isatty():
        return
    try:
        import readline
    except ImportError:
        return
    if names is not None:
        import rlcompleter

        readline.set_completer(rlcompleter.Completer(names).complete)
        readline.parse_and_bind("tab: complete")
