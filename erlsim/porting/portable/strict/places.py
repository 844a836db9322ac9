"""Where in the user's program something happens: frames, and the sources behind them."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import CodeType, CoroutineType, FrameType
from typing import Any, NamedTuple

from erlsim.errors import is_ours
from erlsim.porting.portable.known import CHANGING
from erlsim.porting.portable.program import Def
from erlsim.porting.portable.sources import Source, parsed, read

# Below these frames stands who drives the simulation, not who does something in it.
_DRIVERS = ("erlsim._kernel.scheduler", "erlsim._kernel.steps", "erlsim.simulation")


class Place(NamedTuple):
    """A stretch of a file; lines from 1 on, columns in bytes from 0 on, as in Python's syntax trees."""

    file: str
    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0


def is_users(frame: FrameType) -> bool:
    """Whether a frame is of the program: neither ours, nor Python's own, nor of Erlang source."""
    name = str(frame.f_globals.get("__name__", ""))
    if is_ours(name) or "__places__" in frame.f_globals:
        return False
    return name.partition(".")[0] not in sys.stdlib_module_names or name == "__main__"


def acting(is_shell: bool = False) -> FrameType | None:
    """The innermost frame of the program's that acts now; `None` if the simulation acts by itself.

    The shell, while it waits, drives the simulation.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if is_users(frame):
            return frame
        if not is_shell and str(frame.f_globals.get("__name__", "")).startswith(_DRIVERS):
            return None
        frame = frame.f_back
    return None


def waiting(code: Any) -> tuple[FrameType, str] | None:
    """The innermost frame of the program's in a coroutine that waits, and the function of ours that it waits in."""
    found: tuple[FrameType, str] | None = None
    before: FrameType | None = None
    while isinstance(code, CoroutineType):
        frame = code.cr_frame
        if frame is not None:
            if before is not None and is_users(before) and not is_users(frame):
                found = before, code.__qualname__
            elif before is None and not is_users(frame):
                found = None
            before = frame
        code = code.cr_await
    return found


def of_frame(frame: FrameType) -> Place:
    """Where a frame stands."""
    return of_code(frame.f_code, frame.f_lasti, frame.f_lineno)


def of_code(code: CodeType, lasti: int, line: int | None) -> Place:
    """The place of an instruction."""
    if lasti >= 0:
        start, end, column, end_column = next(islice(code.co_positions(), lasti // 2, None), (None,) * 4)
        if start is not None and end is not None and column is not None and end_column is not None:
            return Place(code.co_filename, start, column, end, end_column)
    return Place(code.co_filename, line or code.co_firstlineno)


def of_failure(exc: BaseException) -> Place | None:
    """Where the innermost frame of the program's is that an exception has come through."""
    found: Place | None = None
    tb = exc.__traceback__
    while tb is not None:
        if is_users(tb.tb_frame):
            found = of_code(tb.tb_frame.f_code, tb.tb_lasti, tb.tb_lineno)
        tb = tb.tb_next
    return found


class Files:
    """The sources that a run has come through, read once each."""

    def __init__(self) -> None:
        self._sources: dict[str, Source | None] = {}
        self._functions: dict[tuple[str, int, str], Def | None] = {}
        self._returns: dict[CodeType, list[ast.Return]] = {}
        self._matches: dict[str, dict[Place, ast.Match]] = {}

    def source(self, file: str) -> Source | None:
        """The source of a file, or of a cell in a notebook; `None` if it cannot be read."""
        if file not in self._sources:
            try:
                cell = "" if Path(file).exists() else "".join(linecache.getlines(file))
                self._sources[file] = parsed(cell, file) if cell else read(Path(file))
            except (OSError, SyntaxError, ValueError):
                self._sources[file] = None
        return self._sources[file]

    def function(self, code: CodeType) -> Def | None:
        """The definition that a function was made from."""
        key = (code.co_filename, code.co_firstlineno, code.co_name)
        if key not in self._functions:
            source = self.source(code.co_filename)
            self._functions[key] = None if source is None else _defined(source, code)
        return self._functions[key]

    def match_on(self, place: Place) -> ast.Match | None:
        """The `match` whose subject stands at a place."""
        if place.file not in self._matches:
            source = self.source(place.file)
            nodes = [] if source is None else [each for each in ast.walk(source.tree) if isinstance(each, ast.Match)]
            self._matches[place.file] = {_of_node(place.file, each.subject): each for each in nodes}
        return self._matches[place.file].get(place)

    def returns(self, code: CodeType) -> list[ast.Return]:
        """What a function may return by."""
        if code not in self._returns:
            node = self.function(code)
            found = [] if node is None else [each for each in ast.walk(node) if isinstance(each, ast.Return)]
            self._returns[code] = found
        return self._returns[code]

    def change(self, code: CodeType, behind: int, name: str | None = None) -> Place | None:
        """Where a function first changes something in place behind a line; of `name`, if that is known."""
        node = self.function(code)
        if node is None:
            return None
        found = sorted(
            (Place(code.co_filename, each.lineno, each.col_offset) for each in changes(node, name)),
            key=lambda place: (place.line <= behind, place.line),
        )
        return found[0] if found else None


def _of_node(file: str, node: ast.expr) -> Place:
    return Place(file, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


def _defined(source: Source, code: CodeType) -> Def | None:
    for node in ast.walk(source.tree):
        if isinstance(node, Def) and node.name == code.co_name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if code.co_firstlineno in (first, node.lineno):
                return node
    return None


def changes(node: ast.AST, name: str | None) -> Iterator[ast.expr | ast.AugAssign]:
    """What changes something in place, of `name` if it is given."""
    for each in ast.walk(node):
        match each:
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in CHANGING:
                if _is_of(owner, name):
                    yield each
            case ast.Subscript(value=owner, ctx=ast.Store() | ast.Del()):
                if _is_of(owner, name):
                    yield each
            case ast.AugAssign(target=target):
                if name is not None and _is_of(target, name):
                    yield each


def _is_of(owner: ast.expr, name: str | None) -> bool:
    while isinstance(owner, ast.Subscript | ast.Attribute):
        owner = owner.value
    return name is None or (isinstance(owner, ast.Name) and owner.id == name)
