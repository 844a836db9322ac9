"""What went wrong, in words: Erlang's for what happened in the simulation, and with the lines of the script alone."""

from __future__ import annotations

import linecache
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any, NoReturn, TextIO

import click
from rich.console import Console
from rich.markup import escape

import erlsim
from erlsim.errors import ErlangException, ErlsimError

OURS = tuple(str(Path(__file__).parents[2] / name) for name in ("erlsim", "director", "gen_tracker"))
# A function that calls itself is told once; of many frames the outer ones and the inner ones.
OUTER, INNER = 5, 10


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


class OutputCut(SystemExit):
    """Nobody reads the output any more. A process that prints may not handle it: the world ends."""


class _Output:
    """Standard output that ends the program, not the process that happens to print, when its reader has gone away."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write `text`; `OutputCut` if nobody reads."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            raise OutputCut(1) from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def cut_off() -> Iterator[None]:
    """While this goes on, an output without a reader ends everything with `OutputCut`."""
    before = sys.stdout
    sys.stdout = _Output(before)
    try:
        yield
    finally:
        sys.stdout = before


def short(path: str) -> str:
    """A path as seen from here."""
    try:
        return str(Path(path).resolve().relative_to(Path.cwd()))
    except ValueError:
        return path


@contextmanager
def failures_in_words() -> Iterator[None]:
    """Tell what goes wrong inside as Erlang would, and where in the script."""
    try:
        yield
    except click.ClickException:
        raise
    except KeyboardInterrupt as exc:
        for note in getattr(exc, "__notes__", ()):
            click.echo(note, err=True)
        raise
    except SyntaxError as exc:
        raise Failed(f"syntax error: {exc.msg}", _place(exc)) from exc
    except Exception as exc:
        _fail(exc)


def _place(exc: SyntaxError) -> list[str]:
    """Where the error is, as far as it is known (of a binary file it is not)."""
    if exc.lineno is None:
        return [f"  ({short(exc.filename)})"] if exc.filename else []
    return [f"  ({short(exc.filename or '')}:{exc.lineno}): {(exc.text or '').strip()}"]


def _fail(exc: Exception) -> NoReturn:
    raise Failed(_words(exc), _where(exc)) from exc


def _words(exc: Exception) -> str:
    if isinstance(exc, ErlangException):
        notes = "".join(f" ({note})" for note in getattr(exc, "__notes__", ()))
        return erlsim.terms.format("** exception ~ts: ~tp", [exc.kind, exc.reason]) + notes
    if hasattr(exc, "lines"):
        return str(exc)  # of an Erlang source: they are erlc's own
    if isinstance(exc, ErlsimError):
        return f"{type(exc).__name__}: {exc}"
    return f"** exception error: {type(exc).__name__}: {exc}"


def _where(exc: Exception) -> list[str]:
    """The frames of the user's code, the innermost first, each with its line; of very many the first and the last."""
    theirs = [
        (frame.f_code, number)
        for frame, number in traceback.walk_tb(exc.__traceback__)
        if not frame.f_code.co_filename.startswith((*OURS, "<frozen"))
    ]
    theirs.reverse()
    left_out = len(theirs) - INNER - OUTER
    if left_out < 1:
        return [_line(*each) for each in theirs]
    inner, outer = theirs[:INNER], theirs[-OUTER:]
    return [*(_line(*each) for each in inner), f"  ... {left_out} more calls", *(_line(*each) for each in outer)]


def _line(code: CodeType, number: int) -> str:
    text = linecache.getline(code.co_filename, number).strip()
    return f"  in {code.co_name} ({short(code.co_filename)}:{number}): {text}"


@contextmanager
def warnings_in_words() -> Iterator[None]:
    """Name each awaited function that was not awaited: it has done nothing."""

    def show(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
        text = str(message)
        if text.endswith("was never awaited"):
            name = text.removeprefix("coroutine ").removesuffix(" was never awaited")
            text = f"{name} was never awaited, so it has done nothing; write await before the call"
        click.echo(f"warning: {text} ({short(filename)}:{lineno})", err=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", RuntimeWarning)
        warnings.showwarning = show
        yield
