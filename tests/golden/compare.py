"""Whether two lists of observations are the same, and where they first differ.

Pids and references are equal when one renaming makes them so throughout the scenario. A run of
consecutive `'EXIT'` messages from different processes may come in any order: OTP leaves it open. Log
texts and written output are compared folded (see `texts`), everything else exactly.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests.golden import texts

Tree = Any


class Run(NamedTuple):
    """Two runs of exit messages that have to match in some order."""

    expected: list[Tree]
    actual: list[Tree]


class Renaming:
    """A one-to-one renaming of the pids and references of one side to those of the other."""

    def __init__(self, there: dict[tuple[str, int], int] | None = None, back: dict[tuple[str, int], int] | None = None):
        self.there = there or {}
        self.back = back or {}

    def copy(self) -> Renaming:
        """An independent renaming that begins as this one."""
        return Renaming(dict(self.there), dict(self.back))

    def unite(self, kind: str, expected: int, actual: int) -> bool:
        """Let `expected` be `actual`; false if either is already another's."""
        known, inverse = self.there.setdefault((kind, expected), actual), self.back.setdefault((kind, actual), expected)
        return known == actual and inverse == expected


def same(expected: list[Tree], actual: list[Tree]) -> bool:
    """Whether two lists of observations are the same."""
    if len(expected) != len(actual):
        return False
    return _solve([(e, a) for e, a in zip(expected, actual, strict=True)][::-1], Renaming())


def first_difference(expected: list[Tree], actual: list[Tree]) -> int | None:
    """The index of the first observation that cannot be the same, given those before it; `None` if all are."""
    for index in range(max(len(expected), len(actual))):
        if not same(expected[: index + 1], actual[: index + 1]):
            return index
    return None


def _solve(todo: list[Any], names: Renaming) -> bool:
    """Match every pair in `todo` (the next one last) under one renaming; only runs need a choice."""
    while todo:
        item = todo.pop()
        if isinstance(item, Run):
            return _solve_run(item, todo, names)
        expected, actual = item
        if isinstance(expected, dict) and isinstance(actual, dict):
            if not _solve_tagged(expected, actual, todo, names):
                return False
        elif isinstance(expected, list) and isinstance(actual, list):
            if len(expected) != len(actual):
                return False
            todo += reversed(_pairs(expected, actual))
        elif type(expected) is not type(actual) or expected != actual:
            return False
    return True


def _solve_tagged(expected: Tree, actual: Tree, todo: list[Any], names: Renaming) -> bool:
    if expected.keys() != actual.keys() or len(expected) != 1:
        return json.dumps(expected) == json.dumps(actual)
    ((tag, value),) = expected.items()
    other = actual[tag]
    match tag:
        case "pid" | "ref":
            return names.unite(tag, value, other)
        case "f":
            return repr(float(value)) == repr(float(other))
        case "text" | "python":
            return bool(value == other)
        case "io" | "other" | "improper":
            return texts.fold(texts.number(value)) == texts.fold(texts.number(other))
        case "texts":
            return len(value) == len(other) and all(map(_same_text, value, other))
    todo.append((value, other))
    return True


def _same_text(expected: str, actual: str) -> bool:
    return expected == texts.STACK or texts.fold(expected) == texts.fold(actual)


def _pairs(expected: list[Tree], actual: list[Tree]) -> list[Any]:
    """Pairs of elements, except that exit messages in a row on both sides make a `Run`."""
    pairs: list[Any] = []
    index = 0
    while index < len(expected):
        end = index
        while end < len(expected) and is_exit(expected[end]) and is_exit(actual[end]):
            end += 1
        if end - index > 1:
            pairs.append(Run(expected[index:end], actual[index:end]))
        else:
            end = index + 1
            pairs.append((expected[index], actual[index]))
        index = end
    return pairs


def _solve_run(run: Run, todo: list[Any], names: Renaming) -> bool:
    if not run.expected:
        return _solve(todo, names)
    first, *rest = run.expected
    senders: list[Tree] = []
    for index, candidate in enumerate(run.actual):
        sender = candidate["t"][1]
        if sender in senders:
            continue  # messages of one process keep their order
        senders.append(sender)
        others = run.actual[:index] + run.actual[index + 1 :]
        if _solve([*todo, Run(rest, others), (first, candidate)], names.copy()):
            return True
    return False


def is_exit(tree: Tree) -> bool:
    """Whether a tree is an exit message: `{'EXIT', Pid, Reason}`."""
    match tree:
        case {"t": [{"a": "EXIT"}, {"pid": _}, _]}:
            return True
    return False
