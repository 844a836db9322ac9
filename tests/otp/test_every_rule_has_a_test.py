"""Every rule of the semantics list that concerns the behaviours is named by a test."""

from __future__ import annotations

import ast
from pathlib import Path

RULES = {*range(77, 148)} - {142}


def rules_named_in(path: Path) -> set[int]:
    """The numbers that `pytest.mark.rule` is given anywhere in a file."""
    numbers = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rule":
            numbers.update(argument.value for argument in node.args if isinstance(argument, ast.Constant))
    return numbers


def test_every_rule_of_the_behaviours_is_named_by_a_test_of_the_behaviours():
    named: set[int] = set()
    for path in sorted(Path(__file__).parent.rglob("test_*.py")):
        named |= rules_named_in(path)
    assert sorted(RULES - named) == []
