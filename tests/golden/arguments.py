"""What the arguments of a recording hold beside terms: earlier values, the driver itself, funs of `scn_funs`.

`{"v": name, "path": [...]}`, `{"self": true}` and `{"plan": name}` in the tagged JSON of
`erlsim.porting.scenarios.tagged`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from erlsim import terms
from erlsim.porting.scenarios import tagged
from erlsim.terms import Term

Tree = Any


def decode(tree: Tree, names: Mapping[str, Term], me: Callable[[], Term], plan: Callable[[str], Term]) -> Term:
    """The term that `tree` stands for: `names` are the earlier steps' values, `me()` the driver's pid."""

    def value(node: Tree) -> Term:
        return dig(names[node["v"]], [decode(each, names, me, plan) for each in node.get("path", [])])

    return tagged.decode(tree, {"v": value, "self": lambda _: me(), "plan": lambda node: plan(node["plan"])})


def dig(value: Term, path: list[Term]) -> Term:
    """The element of `value` that `path` leads to: 1-based in tuples and lists, by key in maps; else `undefined`."""
    for step in path:
        if isinstance(value, tuple | list) and type(step) is int and 1 <= step <= len(value):
            value = value[step - 1]
        elif hasattr(value, "items") and not isinstance(value, terms.Improper):
            found = [each for name, each in value.items() if terms.exact_eq(name, step)]
            if not found:
                return "undefined"
            value = found[0]
        else:
            return "undefined"
    return value
