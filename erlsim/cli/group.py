"""The command `erlsim`: its subcommands, and what holds for all of them.

Nobody reads a traceback of ours: a mistyped command is put right, Ctrl-C says in a line what was interrupted,
and so does an output that nobody takes any more (`erlsim demo | head -1`).
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

import erlsim
from erlsim.cli.blast import blast
from erlsim.cli.compare import compare
from erlsim.cli.lint import lint
from erlsim.cli.mutate import mutate
from erlsim.cli.port import port
from erlsim.cli.portable import portable
from erlsim.cli.restarts import restarts
from erlsim.cli.run import run
from erlsim.cli.scenario import scenario
from erlsim.cli.shells import erl, repl
from erlsim.cli.test import test
from erlsim.cli.words import OutputCut, cut_off, failures_in_words
from erlsim.hints import nearest


class Commands(click.Group):
    """A group that knows what was meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command; for one that is not there, the nearest that is."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(f"no command {args[0]!r}{nearest(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader of the output that goes away ends it with one line."""
        try:
            with cut_off():
                value = super().invoke(ctx)
                sys.stdout.flush()
                return value
        except (BrokenPipeError, OutputCut):
            _silence_stdout()
            click.echo("erlsim: the output was cut off: its reader has gone away", err=True)
            ctx.exit(1)


def _silence_stdout() -> None:
    """What is still to be flushed goes nowhere: the interpreter would complain about it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(erlsim.__version__, "-V", "--version", prog_name="erlsim")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Erlang/OTP's process model in Python, in virtual time."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False


@main.command()
def demo() -> None:
    """A director at work: the session of its documentation, in virtual time."""
    from erlsim.cli import demo as session

    with failures_in_words():
        session.main()


main.add_command(run)
main.add_command(erl)
main.add_command(repl)
main.add_command(lint)
main.add_command(compare)
main.add_command(scenario)
main.add_command(portable)
main.add_command(port)
main.add_command(test)
main.add_command(blast)
main.add_command(restarts)
main.add_command(mutate)
