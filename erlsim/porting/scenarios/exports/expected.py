"""What an exported test expects of each step: the scenario's own pattern where it has one, else what was observed.

A pid or a reference is a name: the scenario's, or a new one in the order of appearance. What no other run can show (the
stack of a failure, a fun, an object of Python's) is left open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from erlsim import terms
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.driver import Seen
from erlsim.porting.scenarios.steps import Call, Module, Step, Var
from erlsim.porting.scenarios.tagged import STACK

Tree = Any


@dataclass(frozen=True, slots=True)
class Bind:
    """A name in a pattern, and what stands there besides (`None`: nothing is said of it)."""

    name: str
    inner: Any = None


@dataclass(frozen=True, slots=True)
class Open:
    """Anything."""


ANY = Open()


@dataclass(frozen=True, slots=True)
class Check:
    """One step of an exported test: `pattern` is what it must show, `ms` how long it must take (0: not looked at).

    A tree in which there are directors is looked at by the ids of children: a director has no order of its own.
    """

    number: int
    step: Step
    kind: str = "ok"
    pattern: Any = ANY
    ms: int = 0
    is_by_ids: bool = False


@dataclass
class Names:
    """The names of a test: of pids and references by their numbers, and how often each is used."""

    of: dict[tuple[str, int], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    pids: list[str] = field(default_factory=list)
    uses: Counter[str] = field(default_factory=Counter)

    def known(self, kind: str, number: int) -> str:
        """The name of a pid or a reference, a new one if it has none."""
        if (kind, number) not in self.of:
            letter, at = ("Pid" if kind == "pid" else "Ref"), 1
            while f"{letter}{at}" in self.taken:
                at += 1
            self.give(kind, number, f"{letter}{at}")
        return self.of[kind, number]

    def give(self, kind: str, number: int, name: str) -> None:
        """Let a pid or a reference have a name."""
        self.of[kind, number] = name
        self.taken.add(name)
        if kind == "pid":
            self.pids.append(name)


def checks(steps: list[Step], seen: list[Seen], places: Mapping[str, str]) -> tuple[list[Check], Names]:
    """The steps of a test with what they expect, from what the prototype showed. `places` are the port's modules."""
    names = Names(taken={name for step in steps for name in _names_of(step)})
    by_step = {each.step: each for each in seen}
    found = []
    for number, step in enumerate(steps):
        observed = by_step.get(number)
        there = in_port(step, places)
        if observed is None or step.op == ops.REPORTS:
            found.append(Check(number, there))
            continue
        ((kind, tree),) = observed.tree.items()
        own = step.expected.pattern if step.expected is not None else None
        pattern = _merged(own, tree, names) if own is not None else _whole(tree, names)
        pattern = _modules_in(step, pattern, places)
        if observed.has_directors:
            pattern = _by_ids(pattern)
        ms = observed.ms if step.op == ops.CALL else 0
        found.append(Check(number, there, kind, pattern, ms, observed.has_directors))
    for check in found:
        names.uses.update(_used(check))
    return found, names


def in_port(step: Step, places: Mapping[str, str]) -> Step:
    """A step that calls the port's modules by their names."""

    def leaf(part: Any) -> Any:
        return Module(places.get(part.name, part.name)) if isinstance(part, Module) else part

    calls = [
        Call(places.get(call.module, call.module), call.function, ops.rebuilt(call.args, leaf)) for call in step.calls
    ]
    return replace(step, calls=tuple(calls))


def _modules_in(step: Step, pattern: Any, places: Mapping[str, str]) -> Any:
    """What a step shows with the port's modules where OTP shows modules: of children, and of handlers."""
    if step.op == ops.TREE or _calls(step, "which_children"):
        return _in_tree(pattern, places)
    if _calls(step, "which_handlers") and isinstance(pattern, list):
        return [_module(each, places) for each in pattern]
    return pattern


def _calls(step: Step, function: str) -> bool:
    return any(call.function == function and call.module in _SHOWING for call in step.calls)


# Modules of OTP that show modules of the program.
_SHOWING = ("supervisor", "director", "gen_tracker", "gen_event")


def _module(value: Any, places: Mapping[str, str]) -> Any:
    match value:
        case str():
            return places.get(value, value)
        case tuple() if len(value) == HANDLER:
            return (_module(value[0], places), value[1])
    return value


# {Module, Id}; {Id, Pid, Type, Modules} and perhaps the children
HANDLER, CHILD = 2, 4


def _in_tree(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_in_tree(each, places) for each in value]
    if not isinstance(value, tuple) or len(value) < CHILD or not isinstance(value[3], list):
        return value
    id_, pid, kind, modules, *children = value
    return (id_, pid, kind, [_module(each, places) for each in modules], *(_in_tree(each, places) for each in children))


def _by_ids(rows: Any) -> Any:
    """A tree with all children by their ids."""
    if not isinstance(rows, list):
        return rows
    inside = [(*row[:CHILD], *map(_by_ids, row[CHILD:])) for row in rows]
    return sorted(inside, key=lambda row: terms.sort_key(row[0]))


def _names_of(step: Step) -> list[str]:
    pattern = step.expected.pattern if step.expected is not None else None
    return [*ops.used(step), *ops.variables(pattern)]


def _used(check: Check) -> Iterator[str]:
    yield from (each.name for call in check.step.calls for each in ops.walk(list(call.args)) if isinstance(each, Var))
    yield from (each.name for each in ops.walk(check.step.subject) if isinstance(each, Var))
    yield from bound(check.pattern)


def bound(pattern: Any) -> Iterator[str]:
    """The names in a pattern, each as often as it stands there."""
    if isinstance(pattern, Bind):
        yield pattern.name
        yield from bound(pattern.inner)
    elif isinstance(pattern, Open):
        return
    elif isinstance(pattern, tuple | list):
        for each in pattern:
            yield from bound(each)
    elif isinstance(pattern, dict | terms.TermMap):
        for each in pattern.values():
            yield from bound(each)
    elif isinstance(pattern, terms.Improper):
        yield from bound([*pattern.items, pattern.tail])


def _merged(pattern: Any, tree: Tree, names: Names) -> Any:
    """The scenario's pattern, with its names given to the pids that were there."""
    if pattern is ... or pattern == Var("_"):
        return ANY
    if isinstance(pattern, Var):
        match tree:
            case {"pid": int(number)} | {"ref": int(number)}:
                kind = next(iter(tree))
                if (kind, number) not in names.of:
                    names.give(kind, number, pattern.name)
                known = names.of[kind, number]
                return Bind(pattern.name, None if known == pattern.name else Bind(known))
        return Bind(pattern.name, _whole(tree, names))
    match tree:
        case {"t": [*parts]} if isinstance(pattern, tuple):
            return tuple(_merged(own, part, names) for own, part in zip(pattern, parts, strict=True))
        case [*parts] if isinstance(pattern, list):
            return [_merged(own, part, names) for own, part in zip(pattern, parts, strict=True)]
        case {"m": rows} if isinstance(pattern, dict | terms.TermMap):
            values = [(_whole(key, names), value) for key, value in rows]
            return terms.make_map(
                (key, next(_merged(own, value, names) for other, value in values if terms.exact_eq(key, other)))
                for key, own in pattern.items()
            )
    return _whole(tree, names)


def _whole(tree: Tree, names: Names) -> Any:
    """What was observed, as a pattern."""
    if isinstance(tree, list):
        return [_whole(each, names) for each in tree]
    if not isinstance(tree, dict):
        return tree
    if tree == STACK:
        return ANY
    ((tag, value),) = tree.items()
    match tag:
        case "a":
            return value
        case "f":
            return float(value)
        case "b":
            return value.encode("utf-8")
        case "pid" | "ref":
            return Bind(names.known(tag, value))
        case "t":
            return tuple(_whole(each, names) for each in value)
        case "m":
            return terms.make_map((_whole(key, names), _whole(each, names)) for key, each in value)
    return ANY
