"""A search that was stopped, as plain data (lists, texts and numbers, fit for JSON), and how it goes on from there.

What events touch is not kept: messages and patterns may be anything. Until they are made again the events of a plan are
taken to touch everything, so that a search which goes on may make some runs that it would not have needed.
"""

from __future__ import annotations

from typing import Any

from erlsim.testing.search.answers import Tables
from erlsim.testing.search.exploration import Exploration, Machine
from erlsim.testing.search.results import Exhaustion
from erlsim.testing.search.wakeup import UNCLEAR, Node, Step

COUNTED = ("runs", "blocked", "longest", "outcomes", "examples")


def saved(result: Exhaustion, tables: Tables, exploration: Exploration) -> dict[str, Any]:
    """All that a search needs to go on."""
    rows, nodes = [], [(exploration.root, 0)]
    while nodes:
        node, depth = nodes.pop()
        rows.append([depth, node.process, [step.process for step in node.done]])
        nodes += [(child, depth + 1) for child in reversed(node.children)]
    found = {name: getattr(result, name) for name in COUNTED}
    return {"found": found, "tables": tables.saved(), "plan": rows, "fresh": exploration.fresh}


def restored(state: dict[str, Any], result: Exhaustion, machine: Machine) -> tuple[Tables, Exploration]:
    """The search that `saved` gave, with what it had found."""
    for name in COUNTED:
        setattr(result, name, state["found"][name])
    tables, answers = Tables.restored(state["tables"])
    exploration = Exploration(machine, answers)
    path: list[Node] = []
    for depth, process, done in state["plan"]:
        node = exploration.root if depth == 0 else Node(process, UNCLEAR)
        node.done = [Step(each, UNCLEAR) for each in done]
        del path[depth:]
        if path:
            path[-1].children.append(node)
        path.append(node)
    exploration.fresh = state["fresh"]
    return tables, exploration
