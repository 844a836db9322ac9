"""Makes a scenario small that shows a difference: fewer steps first, simpler arguments then.

Hypothesis shrinks what it has drawn itself. Here the scenarios come from seeded generators, and each try costs a run
on a real Erlang, so that what is tried is chosen with care: all that follows the difference goes at once, then half of
the steps, then a quarter, and so on; the rest of a budget goes to arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Tree = Any
Scenario = dict[str, Any]
Differs = Callable[[Scenario], bool]

TRIES = 160


class Shrinker:
    """One scenario on its way to the smallest that still differs."""

    def __init__(self, scenario: Scenario, differs: Differs, tries: int = TRIES) -> None:
        self.scenario = scenario
        self._differs = differs
        self._left = tries

    def run(self, upto: int | None = None) -> Scenario:
        """The smallest scenario found. `upto` is the number of steps behind which nothing counts."""
        if upto is not None:
            self._try(self.scenario["steps"][:upto])
        before = None
        while before != self.scenario and self._left > 0:
            before = self.scenario
            self._fewer_steps()
            self._simpler_arguments()
        return self.scenario

    def _try(self, steps: list[dict[str, Any]]) -> bool:
        """Whether fewer or simpler steps differ, too: then they are what there is to shrink from now on."""
        if self._left <= 0 or steps == self.scenario["steps"] or not is_bound(steps):
            return False
        self._left -= 1
        candidate = {**self.scenario, "steps": steps}
        if not self._differs(candidate):
            return False
        self.scenario = candidate
        return True

    def _fewer_steps(self) -> None:
        size = max(1, len(self.scenario["steps"]) // 2)
        while size >= 1:
            end = len(self.scenario["steps"])
            while end > 0:
                steps = self.scenario["steps"]
                start = max(0, end - size)
                self._try(without(steps, start, end))
                end = start
            size //= 2

    def _simpler_arguments(self) -> None:
        for index in range(len(self.scenario["steps"])):
            while any(self._try(steps) for steps in list(_simpler_step(self.scenario["steps"], index))):
                pass


def without(steps: list[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    """The steps but some, and but those that use what only they have bound."""
    kept: list[dict[str, Any]] = []
    known: set[str] = set()
    for index, each in enumerate(steps):
        if not start <= index < end and names(each.get("args", [])) <= known:
            kept.append(each)
            known.add(each.get("bind", "_"))
    return kept


def is_bound(steps: list[dict[str, Any]]) -> bool:
    """Whether every name that a step uses has been bound by one before it."""
    return without(steps, 0, 0) == steps


def names(tree: Tree) -> set[str]:
    """The names of earlier steps' values in an argument."""
    if isinstance(tree, list):
        return set().union(*map(names, tree))
    if isinstance(tree, dict):
        return {tree["v"]} if "v" in tree else set().union(*map(names, tree.values()))
    return set()


def _simpler_step(steps: list[dict[str, Any]], index: int) -> Iterator[list[dict[str, Any]]]:
    step = steps[index]
    for name in ("args", "term"):
        for tree in _children(step.get(name, [])) if name == "args" else simpler(step.get(name, [])):
            yield [*steps[:index], {**step, name: tree}, *steps[index + 1 :]]


def simpler(tree: Tree) -> Iterator[Tree]:
    """Trees like this one with less in them, those with much less first."""
    match tree:
        case list():
            size = len(tree) // 2
            while size >= 1:
                for start in range(0, len(tree), size):
                    yield tree[:start] + tree[start + size :]
                size //= 2
            if not all(isinstance(each, int) for each in tree):
                yield from _children(tree)
        case {"m": rows}:
            yield from ({"m": rows[:place] + rows[place + 1 :]} for place in range(len(rows)))
            for place, (name, value) in enumerate(rows):
                yield from ({"m": [*rows[:place], [name, less], *rows[place + 1 :]]} for less in simpler(value))
        case {"t": items}:
            yield from ({"t": less} for less in _children(items))


def _children(items: list[Tree]) -> Iterator[list[Tree]]:
    for place, each in enumerate(items):
        yield from ([*items[:place], less, *items[place + 1 :]] for less in simpler(each))
