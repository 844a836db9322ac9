"""The script that a command runs: a file or a module, found, loaded, and given its arguments.

A file is loaded as Python would: its folder is where it imports from. A file inside a package (a folder with
an `__init__.py`) is loaded as the module that it is, so that its relative imports work; `-m` names such a module,
or a package with a `__main__`. Its arguments are in `sys.argv`, as everywhere.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import click

import erlsim
from erlsim.hints import nearest


@dataclass(frozen=True)
class Script:
    """What is to be run: a file, or a module by its dotted name; and its arguments."""

    target: str
    is_module: bool
    arguments: tuple[str, ...]

    @property
    def title(self) -> str:
        """A short name for pages and messages."""
        return self.target if self.is_module else Path(self.target).name

    def load(self) -> ModuleType:
        """The script's module, with its arguments in `sys.argv`."""
        loaded = _module(self.target) if self.is_module else _file(Path(self.target))
        sys.argv = [str(getattr(loaded, "__file__", self.target)), *self.arguments]
        return loaded

    @property
    def is_erlang(self) -> bool:
        """Whether it is an Erlang source."""
        return not self.is_module and Path(self.target).suffix == ".erl"

    def main(self) -> Any:
        """The function `main` of the script, or what is to be run of an Erlang module."""
        if self.is_erlang:
            return erlang_main(Path(self.target), self.arguments)
        found = getattr(self.load(), "main", None)
        if not callable(found):
            raise click.UsageError(f"{self.target!r} has no function main: that is what `erlsim run` runs")
        return found

    def check(self) -> None:
        """Refuse what cannot be there before anything happens."""
        if not self.is_module:
            _check_file(Path(self.target))


def script_arguments(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: the arguments by which a command takes a script, as the parameters of `Script`."""
    decorators = (
        click.argument("target", metavar="FILE"),
        click.option(
            "-m", "--module", "is_module", is_flag=True, help="FILE is a module's dotted name, as for python."
        ),
        click.argument("arguments", nargs=-1, metavar="[-- ARGUMENT...]"),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def check_writable(page: Path) -> None:
    """Refuse a page that cannot be written: before a long run, not after it."""
    if not page.parent.is_dir():
        raise click.UsageError(f"no folder {str(page.parent)!r} to write {page.name!r} to")
    was_there = page.exists()
    try:
        page.open("a").close()
    except OSError as refused:
        raise click.UsageError(f"{str(page)!r} cannot be written: {refused.strerror}") from refused
    if not was_there:
        page.unlink()  # what fails later leaves no empty page behind


def _check_file(file: Path) -> None:
    if file.is_dir():
        raise click.UsageError(f"{str(file)!r} is a folder, not a Python file")
    if not file.exists():
        folder = file.parent
        names = (
            [each.name for each in sorted(folder.glob("*.*")) if each.suffix in (".py", ".erl")]
            if folder.is_dir()
            else []
        )
        raise click.UsageError(f"no file {str(file)!r}{nearest(file.name, names)}")
    if file.suffix not in (".py", ".erl"):
        raise click.UsageError(f"{str(file)!r} is no source (its name ends neither in .py nor in .erl)")


def erlang_main(file: Path, arguments: tuple[str, ...]) -> Any:
    """The function of Erlang that is to be run: `main/0` of the file's module, or what `Module:Function` says.

    All modules in the file's folder are loaded, as if it were on the code path.
    """
    from erlsim import erl

    modules = {module.__name__: module for module in map(erl.load, sorted(file.parent.glob("*.erl")))}
    wanted = arguments[0] if arguments else f"{file.stem}:main"
    name, _, function = wanted.partition(":")
    if len(arguments) > 1 or not function:
        raise click.UsageError(f"{' '.join(arguments)!r} does not say what to run: write Module:Function")
    if name not in modules:
        raise click.UsageError(f"no module {name!r} in the folder of {str(file)!r}{nearest(name, list(modules))}")
    found = getattr(modules[name], function, None)
    if not callable(found) or not erlsim.code.takes(found, 0):
        raise click.UsageError(f"{name!r} exports no function {function}/0: that is what `erlsim run` runs")
    return found


def _file(file: Path) -> ModuleType:
    folder, parts = file.resolve().parent, [file.stem]
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    sys.path.insert(0, str(folder))
    if len(parts) > 1:
        return importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise click.UsageError(f"{str(file)!r} is not a Python file")
    script = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(file.stem, script)
    try:
        spec.loader.exec_module(script)
    except SyntaxError as wrong:
        # Of a file that is no text Python does not say which it was.
        wrong.filename = wrong.filename or str(file)
        raise
    if erlsim.code.loaded(file.stem) is None:
        erlsim.module(name=file.stem)(script)
    return script


def _module(name: str) -> ModuleType:
    sys.path.insert(0, str(Path.cwd()))
    try:
        script = importlib.import_module(name)
        if not hasattr(script, "main") and hasattr(script, "__path__"):
            script = importlib.import_module(f"{name}.__main__")
    except ModuleNotFoundError as missing:
        if missing.name is None or not f"{name}.__main__.".startswith(missing.name + "."):
            raise
        raise click.UsageError(f"no module {missing.name!r} from here ({str(Path.cwd())!r})") from missing
    return script
