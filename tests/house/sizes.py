"""Files under 800 lines, functions under 60 (docstrings aside), folders of 16, a docstring each, no machine's paths."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.house.files import Source

FILE, FUNCTION, FOLDER = 800, 60, 16
# The loop that lets processes run is hot: a call in it costs more than the rule is worth.
LONG = {("erlsim/_kernel/scheduler.py", "_loop")}
PATHS = re.compile(r"(?<![\w.~)])/(?:home|root|Users|work|tmp|mnt|srv|opt|var)/\w|[A-Z]:\\\\?(?:Users|Python)")


def check(source: Source) -> list[str]:
    """Complaints about the sizes in one file."""
    lines = source.text.count("\n")
    complaints = [f"{source.path}: {lines} lines, {FILE} or more"] if lines >= FILE else []
    for node in _functions(source.tree):
        if (source.path, node.name) not in LONG:
            length = _length(node)
            if length >= FUNCTION:
                complaints.append(source.at(node, f"{node.name} has {length} lines, {FUNCTION} or more"))
    return complaints


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions, wherever they are: no expression has one in it."""
    waiting: list[ast.AST] = [tree]
    for node in waiting:
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, field, ())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def check_folders(sources: list[Source]) -> list[str]:
    """Complaints about folders with too many modules."""
    counts = Counter(source.path.rpartition("/")[0] for source in sources)
    return [f"{folder}: {count} files, more than {FOLDER}" for folder, count in counts.items() if count > FOLDER]


def check_docstring(source: Source) -> list[str]:
    """A complaint if the module does not say what it is."""
    return [] if ast.get_docstring(source.tree) else [f"{source.path}: no module docstring"]


def check_paths(path: str, text: str) -> list[str]:
    """Complaints about paths that exist on one machine only."""
    return [
        f"{path}:{number}: a path of one machine: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        if PATHS.search(line)
    ]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length
