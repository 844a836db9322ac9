"""The user's files as they are read for mutants: text, syntax tree, and edits at places of that tree.

Which files: all Python files in the folders that are named, less tests and what stands in hidden folders. An edit
replaces the text of a node, so a mutant differs from the original in that place alone, comments and layout included.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# Folders that hold no code of the user's, or tests.
LEFT_OUT = ("tests", "test", "testing", "docs", "build", "dist", "node_modules", "site-packages", "__pycache__")


Statement = ast.stmt | ast.match_case | ast.ExceptHandler


@dataclass(frozen=True)
class Source:
    """A Python file: where it is, what it is called in messages, and its text."""

    path: Path
    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, self.name)

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        """The node that each node stands in."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def _lines(self) -> list[tuple[int, bytes]]:
        """Where each line begins, and its bytes: Python counts columns in these."""
        starts, place = [], 0
        for line in self.text.splitlines(keepends=True):
            starts.append((place, line.encode()))
            place += len(line)
        return [*starts, (place, b"")]

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """From where to where the text of a node goes."""
        return self._offset(node.lineno, node.col_offset), self._offset(
            node.end_lineno or node.lineno, node.end_col_offset or 0
        )

    def _offset(self, line: int, column: int) -> int:
        start, content = self._lines[line - 1]
        return start + len(content[:column].decode())

    def of(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def edited(self, *edits: tuple[tuple[int, int], str]) -> str:
        """The whole text, with other text in some places that do not overlap."""
        text = self.text
        for (start, end), new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def inside(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, the innermost first."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def statements(self) -> Iterator[Statement]:
        """All statements, clauses of `match` and handlers."""
        return (each for each in ast.walk(self.tree) if isinstance(each, Statement))

    def statement(self, node: ast.AST) -> tuple[int, int]:
        """The first and the last line of the statement of a node; of one that has a body, of its head."""
        found = next(each for each in (node, *self.inside(node)) if isinstance(each, Statement))
        if isinstance(found, ast.match_case):
            return found.pattern.lineno, max(found.pattern.lineno, found.body[0].lineno - 1)
        body = getattr(found, "body", None) or getattr(found, "cases", None)
        last = found.end_lineno or found.lineno
        if body:
            first = body[0]
            last = max(found.lineno, (first.pattern.lineno if isinstance(first, ast.match_case) else first.lineno) - 1)
        return found.lineno, last


class Unreadable(ValueError):
    """A file that is no Python."""


def read(path: Path, root: Path) -> Source:
    """The file at `path`; `Unreadable` if Python cannot parse it."""
    try:
        source = Source(path.resolve(), _name(path, root), path.read_text(encoding="utf-8"))
        source.tree  # noqa: B018 - here it fails, if it does
    except (SyntaxError, UnicodeDecodeError) as wrong:
        raise Unreadable(f"{_name(path, root)} is no Python: {wrong}") from wrong
    return source


def _name(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()


def find(places: Iterable[Path], root: Path) -> list[Path]:
    """The Python files in some places; those that hold tests only if they are named themselves."""
    found: dict[Path, None] = {}
    for place in places:
        if place.is_file():
            found[place.resolve()] = None
            continue
        for folder, folders, names in os.walk(place):
            folders[:] = sorted(each for each in folders if not _is_left_out(Path(folder) / each))
            found |= dict.fromkeys((Path(folder) / name).resolve() for name in sorted(names) if _is_code(name))
    return list(found)


def _is_left_out(folder: Path) -> bool:
    return folder.name in LEFT_OUT or folder.name.startswith(".") or (folder / "pyvenv.cfg").exists()


def _is_code(name: str) -> bool:
    is_test = name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"
    return name.endswith(".py") and not is_test and name not in ("setup.py", "noxfile.py")
