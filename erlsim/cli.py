"""The command line: `erlsim run FILE.py` and `erlsim demo`.

A script is a Python file with a function `main`; it runs as the shell of a fresh simulation. What
goes wrong is told in Erlang's words and with the lines of the script, not with those of erlsim. The
options here add nothing that `Simulation` does not have.
"""

from __future__ import annotations

import difflib
import importlib.util
import linecache
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.markup import escape

import erlsim
import erlsim.otp.logger  # it knows how reports are printed
from erlsim.errors import ErlangException, ErlsimError

OURS = tuple(str(Path(__file__).parents[1] / name) for name in ("erlsim", "director", "gen_tracker"))


class Failed(click.ClickException):
    """A script that did not come to its end: `text` says why, the lines below say where."""

    def __init__(self, text: str, where: list[str]) -> None:
        super().__init__(text)
        self.where = where

    def show(self, file: Any = None) -> None:
        """Print it to standard error."""
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"[bold red]{escape(self.message)}[/]")
        for line in self.where:
            console.print(f"[dim]{escape(line)}[/]")


class Commands(click.Group):
    """A group that knows what was meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command; for one that is not there, the nearest that is."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(f"no command {args[0]!r}{_perhaps(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(erlsim.__version__, "-V", "--version", prog_name="erlsim")
def main() -> None:
    """Erlang/OTP's process model in Python, in virtual time."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--seed", type=int, metavar="N", help="Draw the schedule from N instead of first-in first-out.")
@click.option("--trace", is_flag=True, help="Print what happened when, in virtual milliseconds.")
@click.option("--reports/--no-reports", default=True, show_default=True, help="Print the reports of crashes.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write a page that shows the run, event by event; it needs no network.",
)
def run(file: Path, seed: int | None, trace: bool, reports: bool, html: Path | None) -> None:
    """Run the function main of FILE as a simulation and print its value."""
    _check(file)
    if html is not None and not html.parent.is_dir():
        raise click.UsageError(f"no folder {str(html.parent)!r} to write {html.name!r} to")
    chooser = None if seed is None else _chooser(seed)
    sim = erlsim.Simulation(seed=seed or 0, chooser=chooser, trace=trace or html is not None)
    sim.reports.print = reports
    try:
        with _warnings_in_words(), _failures_in_words():
            value = sim.run(_main_of(file))
        if value is not None:
            click.echo(repr(value))
    finally:
        if trace:
            click.echo(sim.trace.text(), nl=False)
        if html is not None:
            sim.to_html(html, title=file.name)
            click.echo(f"{len(sim.trace)} events in {html}", err=True)


@main.command()
def demo() -> None:
    """A director at work: the session of its documentation, in virtual time."""
    from erlsim import demo as session

    with _failures_in_words():
        session.main()


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--notes", is_flag=True, help="Tell what is merely worth knowing, too.")
def lint(file: Path, notes: bool) -> None:
    """Run FILE and look at the restart plans of all directors in it; exit code 1 if there is something to say."""
    import director

    _check(file)
    with director.linting(notes) as found, _warnings_in_words(), _failures_in_words():
        script = _load(file)
        if callable(getattr(script, "main", None)):
            erlsim.run(script.main, trace=False)
    for id_, finding in found:
        click.echo(f"{_short(str(file))}: child {erlsim.terms.format('~0tp', [id_])}: {finding}")
    if found:
        sys.exit(1)
    click.echo("no findings")


# ---- scripts ------------------------------------------------------------------------


def _check(file: Path) -> None:
    if file.is_dir():
        raise click.UsageError(f"{str(file)!r} is a folder, not a Python file")
    if not file.exists():
        folder = file.parent
        names = [each.name for each in sorted(folder.glob("*.py"))] if folder.is_dir() else []
        raise click.UsageError(f"no file {str(file)!r}{_perhaps(file.name, names)}")


def _main_of(file: Path) -> Any:
    script = _load(file)
    found = getattr(script, "main", None)
    if not callable(found):
        raise click.UsageError(f"{str(file)!r} has no function main: that is what `erlsim run` runs")
    return found


def _load(file: Path) -> ModuleType:
    """The script as a module called as its file is, with its own folder to import from."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise click.UsageError(f"{str(file)!r} is not a Python file (its name does not end in .py)")
    script = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(file.stem, script)
    sys.path.insert(0, str(file.resolve().parent))
    spec.loader.exec_module(script)
    return script


def _chooser(seed: int) -> Any:
    from erlsim.testing.choosers import RandomWalk

    return RandomWalk(seed)


# ---- words --------------------------------------------------------------------------


def _perhaps(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


@contextmanager
def _failures_in_words() -> Iterator[None]:
    """Tell what goes wrong inside as Erlang would, and where in the script."""
    try:
        yield
    except click.ClickException:
        raise
    except SyntaxError as exc:
        line = f"  ({_short(exc.filename or '')}:{exc.lineno}): {(exc.text or '').strip()}"
        raise Failed(f"syntax error: {exc.msg}", [line]) from exc
    except Exception as exc:
        _fail(exc)


def _fail(exc: Exception) -> NoReturn:
    raise Failed(_words(exc), _where(exc)) from exc


def _words(exc: Exception) -> str:
    if isinstance(exc, ErlangException):
        return erlsim.terms.format("** exception ~ts: ~tp", [exc.kind, exc.reason])
    if isinstance(exc, ErlsimError):
        return f"{type(exc).__name__}: {exc}"
    return f"** exception error: {type(exc).__name__}: {exc}"


def _where(exc: Exception) -> list[str]:
    """The frames of the user's code, the innermost first, each with its line."""
    lines: list[str] = []
    for frame, number in traceback.walk_tb(exc.__traceback__):
        code = frame.f_code
        if code.co_filename.startswith((*OURS, "<frozen")):
            continue
        text = linecache.getline(code.co_filename, number).strip()
        lines.append(f"  in {code.co_name} ({_short(code.co_filename)}:{number}): {text}")
    return lines[::-1]


def _short(path: str) -> str:
    try:
        return str(Path(path).resolve().relative_to(Path.cwd()))
    except ValueError:
        return path


@contextmanager
def _warnings_in_words() -> Iterator[None]:
    """Name each awaited function that was not awaited: it has done nothing."""

    def show(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
        text = str(message)
        if text.endswith("was never awaited"):
            name = text.removeprefix("coroutine ").removesuffix(" was never awaited")
            text = f"{name} was never awaited, so it has done nothing; write await before the call"
        click.echo(f"warning: {text} ({_short(filename)}:{lineno})", err=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", RuntimeWarning)
        warnings.showwarning = show
        yield


if __name__ == "__main__":
    main()
