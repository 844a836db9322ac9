"""The page of differences names tests that are there."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "explanation" / "gen_tracker-divergences.md"


def test_every_difference_names_a_test_that_holds_it():
    sections = PAGE.read_text(encoding="utf-8").split("\n### ")[1:]
    named = {section.split("\n", 1)[0]: re.findall(r"`(test_\w+)`", section) for section in sections}
    assert [title for title, tests in named.items() if not tests] == []
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    files = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("test_*.py"))]
    there = {node.name for tree in files for node in ast.walk(tree) if isinstance(node, functions)}
    assert [test for tests in named.values() for test in tests if test not in there] == []
