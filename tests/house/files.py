"""The sources that the house rules look at."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("erlsim", "director", "gen_tracker")


@dataclass(frozen=True)
class Source:
    """A Python file: its path relative to the repository, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes_in_functions(self) -> tuple[tuple[str, ast.AST], ...]:
        """Everything in the syntax tree, as `ast.walk` finds it, with the name of the function that it is in."""
        found: list[tuple[str, ast.AST]] = [("", self.tree)]
        for function, node in found:
            inner = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
            found += [(inner, child) for child in ast.iter_child_nodes(node)]
        return tuple(found)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the syntax tree, as `ast.walk` finds it."""
        return tuple(node for _, node in self.nodes_in_functions)

    @property
    def module(self) -> str:
        """The dotted name: `erlsim.terms` for `erlsim/terms/__init__.py`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def is_package(self) -> bool:
        """Whether this is an `__init__.py`."""
        return self.path.endswith("__init__.py")

    def at(self, node: ast.AST, complaint: str) -> str:
        """A complaint with its place."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {complaint}"


def sources(*folders: str) -> list[Source]:
    """Every Python file in `folders`, and the modules of these names."""
    found = sorted(path for name in folders for path in [*(ROOT / name).rglob("*.py"), *ROOT.glob(f"{name}.py")])
    return [_source(path) for path in found]


@cache
def _source(path: Path) -> Source:
    # One for each file: a file is parsed once for all rules.
    return Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def library() -> list[Source]:
    """The three packages, and pytest's way into them."""
    return sources(*PACKAGES, "erlsim_pytest")


def everything() -> list[Source]:
    """The packages, the tests and the examples."""
    return sources(*PACKAGES, "erlsim_pytest", "tests", "docs")


def tracked() -> list[Path]:
    """Every file that belongs to the repository, by git if it is there."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    return [ROOT / name for name in listing if name and (ROOT / name).is_file()]
