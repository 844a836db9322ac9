"""The files that are looked at: text, syntax tree, what they import, and which findings their comments waive."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import PathFinder
from pathlib import Path

from erlsim.errors import ErlsimError

_COMMENT = re.compile(r"#\s*portable:\s*ignore(?:\[([\w\s,]*)\])?")
# Where tests, notebooks' outputs and other people's code live inside of a project.
_SKIPPED = frozenset(("tests", "build", "dist", "node_modules", "__pycache__"))


@dataclass(frozen=True)
class Source:
    """A Python file: its name in findings, its text, its tree."""

    name: str
    text: str
    tree: ast.Module

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for, as a dotted path; of a relative import the part behind the dots."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    found[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    base = "." * node.level + (node.module or "")
                    found[alias.asname or alias.name] = f"{base}.{alias.name}"
        return found

    @cached_property
    def aliases(self) -> dict[str, ast.expr]:
        """Names of types that the file defines, by what they stand for."""
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp() | ast.Subscript() | ast.Name() as value):
                    found[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")) if node.value:
                    found[name] = node.value
                case _ if type(node).__name__ == "TypeAlias":
                    found[node.name.id] = node.value  # type: ignore[attr-defined]
        return found

    @cached_property
    def waived(self) -> dict[int, frozenset[str] | None]:
        """By line the rules that a comment turns off there, `None` for all of them."""
        found: dict[int, frozenset[str] | None] = {}
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            said = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if said is not None:
                rules = None if said[1] is None else frozenset(said[1].replace(",", " ").split())
                line = token.start[0]
                # A comment that stands alone speaks of the line below it.
                found[line if token.line[: token.start[1]].strip() else line + 1] = rules
        return found

    def place(self, node: ast.AST) -> tuple[int, int]:
        """Line and column of a node, both from 1 on; Python counts columns in bytes, editors in characters."""
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        before = self.text.splitlines()[line - 1].encode()[:offset] if offset else b""
        return line, len(before.decode(errors="replace")) + 1

    def waives(self, line: int, rule: str) -> bool:
        """Whether a comment turns `rule` off in `line`."""
        return line in self.waived and ((rules := self.waived[line]) is None or rule in rules)

    def dotted(self, node: ast.expr) -> str | None:
        """The path that an expression such as `erlsim.erlang.send` names, by the imports; `None` if it names none."""
        match node:
            case ast.Name(id=name):
                return self.imports.get(name)
            case ast.Attribute(value=value, attr=attr):
                base = self.dotted(value)
                return None if base is None else f"{base}.{attr}"
        return None


def parsed(text: str, name: str = "<source>") -> Source:
    """A source from its text; `SyntaxError` if it is no Python."""
    return Source(name, text, ast.parse(text, name))


def read(file: Path) -> Source:
    """The source in a file."""
    return parsed(file.read_text(encoding="utf-8"), str(file))


def found(target: str | Path) -> list[Source]:
    """The sources of a file, of all files in a folder (but its tests), or of a package by its dotted name.

    `ErlsimError` for what is none of these.
    """
    path = Path(target)
    if path.is_file():
        if path.suffix != ".py":
            raise ErlsimError(f"{str(target)!r} is no Python source (its name does not end in .py)")
        return [read(path)]
    if not path.is_dir():
        path = _package(str(target))
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    wanted = [each for each in files if _SKIPPED.isdisjoint(each.relative_to(path).parts[:-1])]
    if not wanted:
        raise ErlsimError(f"there is no Python source in {str(target)!r}")
    return [read(each) for each in wanted]


def _package(name: str) -> Path:
    """The folder or the file of a package or module, as `python -m` would find it from here."""
    places: list[str] | None = [str(Path.cwd()), *sys.path]
    spec = None
    for part in name.split("."):
        spec = PathFinder.find_spec(part, places) if part.isidentifier() and places is not None else None
        if spec is None or spec.origin is None:
            raise ErlsimError(f"{name!r} is no file, no folder and no package that can be found from here")
        places = spec.submodule_search_locations
    assert spec is not None
    origin = Path(str(spec.origin))
    return origin.parent if spec.submodule_search_locations else origin
