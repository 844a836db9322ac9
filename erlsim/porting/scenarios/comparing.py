"""Whether two lists of observations are the same, and where they first differ.

Pids and references are equal when one renaming makes them so throughout the scenario. A run of
consecutive `'EXIT'` messages from different processes may come in any order: OTP leaves it open. A supervisor's
state holds instants of the emulator's clock, one for each restart: how many there are is what counts. Log
texts and written output are compared folded (see `texts`), everything else exactly.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from erlsim.porting.scenarios import texts

Tree = Any
# Atoms of the one side, and what they may be called on the other.
Aliases = Mapping[str, Collection[str]]
NO_ALIASES: Aliases = MappingProxyType({})

# Where the instants of restarts are in a supervisor's state.
RESTARTS = 7


class Run(NamedTuple):
    """Two runs of exit messages that have to match in some order."""

    expected: list[Tree]
    actual: list[Tree]


class Renaming:
    """A one-to-one renaming of the pids and references of one side to those of the other."""

    def __init__(self, aliases: Aliases = NO_ALIASES) -> None:
        self.there: dict[tuple[str, int], int] = {}
        self.back: dict[tuple[str, int], int] = {}
        self.aliases = aliases

    def copy(self) -> Renaming:
        """An independent renaming that begins as this one."""
        other = Renaming(self.aliases)
        other.there, other.back = dict(self.there), dict(self.back)
        return other

    def unite(self, kind: str, expected: int, actual: int) -> bool:
        """Let `expected` be `actual`; false if either is already another's."""
        known, inverse = self.there.setdefault((kind, expected), actual), self.back.setdefault((kind, actual), expected)
        return known == actual and inverse == expected


def same(expected: list[Tree], actual: list[Tree], aliases: Aliases = NO_ALIASES) -> bool:
    """Whether two lists of observations are the same; an atom may also be one of its `aliases`."""
    if len(expected) != len(actual):
        return False
    return _solve([(e, a) for e, a in zip(expected, actual, strict=True)][::-1], Renaming(aliases))


def first_difference(
    expected: list[Tree], actual: list[Tree], unordered: Iterable[bool] = (), aliases: Aliases = NO_ALIASES
) -> int | None:
    """The index of the first observation that cannot be the same, given those before it; `None` if all are.

    `unordered` says of each observation whether it is a sorted list whose order does not count.
    """
    flags = [*unordered]
    wanted = [settled(tree) if flag else tree for tree, flag in itertools.zip_longest(expected, flags[: len(expected)])]
    got = [settled(tree) if flag else tree for tree, flag in itertools.zip_longest(actual, flags[: len(actual)])]
    if same(wanted, got, aliases):
        return None
    for index in range(max(len(wanted), len(got))):
        if not same(wanted[: index + 1], got[: index + 1], aliases):
            return index
    return None


def settled(observation: Tree) -> Tree:
    """A sorted list with its ties in one order: a sort leaves 1 and 1.0 in the order that a hash table gave them."""
    match observation:
        case {"ok": [_, _, *_] as items}:
            groups = itertools.groupby(items, key=lambda tree: json.dumps(_loose(tree)))
            return {"ok": [each for _, group in groups for each in sorted(group, key=json.dumps)]}
    return observation


def _loose(tree: Tree) -> Tree:
    """A tree in which integers and floats that are equal look alike."""
    match tree:
        case {"f": text}:
            return float(text)
        case bool() | str():
            return tree
        case int():
            return float(tree) if abs(tree) < 2**53 else tree
        case list():
            return [_loose(each) for each in tree]
        case dict():
            return {tag: _loose(each) for tag, each in tree.items()}
    return tree


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
        case "a":
            return bool(value == other or other in names.aliases.get(value, ()))
        case "pid" | "ref":
            return names.unite(tag, value, other)
        case "t":
            value, other = _clockless(value), _clockless(other)
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


def _clockless(elements: list[Tree]) -> list[Tree]:
    """The elements of a tuple; in a supervisor's state the number of restarts in the place of their instants."""
    match elements:
        case [{"a": "state"}, _, _, _, _, _, _, [*instants], _, _, _, _]:
            return [*elements[:RESTARTS], len(instants), *elements[RESTARTS + 1 :]]
    return elements


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
