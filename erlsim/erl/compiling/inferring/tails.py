"""Plain functions that call each other at their ends: together they are a loop, whose stack must not grow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from erlsim.erl.compiling.declarations import Declarations, FunctionName, nodes
from erlsim.erl.compiling.inferring.colours import PLAIN, Colours
from erlsim.erl.reading.annotations import Node


def groups(declarations: Declarations, colours: Colours) -> dict[FunctionName, frozenset[FunctionName]]:
    """Of each plain function that is in such a loop with others, all that are in it."""
    plain = {name for name, colour in colours.of.items() if colour == PLAIN}
    edges: dict[FunctionName, list[FunctionName]] = {}
    for name, form in declarations.functions.items():
        if name in plain:
            called = dict.fromkeys(_called(declarations, form[4]))
            edges[name] = [each for each in called if each in plain and each != name]
    found: dict[FunctionName, frozenset[FunctionName]] = {}
    for group in _strongly_connected(edges):
        if len(group) > 1:
            members = frozenset(group)
            found.update((name, members) for name in group)
    return found


def recursions(declarations: Declarations, colours: Colours) -> dict[FunctionName, frozenset[FunctionName]]:
    """Of each function that may wait and may be called within a call of itself, all that are on the way."""
    waiting = {name for name, colour in colours.of.items() if colour != PLAIN}
    edges: dict[FunctionName, list[FunctionName]] = {}
    for name, form in declarations.functions.items():
        if name in waiting:
            called = (_local(declarations, node) for node in nodes(form[4]) if node[0] == "call" and len(node) == 4)
            edges[name] = [each for each in dict.fromkeys(called) if each in waiting]
    found: dict[FunctionName, frozenset[FunctionName]] = {}
    for group in _strongly_connected(edges):
        if len(group) > 1 or group[0] in edges[group[0]]:
            members = frozenset(group)
            found.update((name, members) for name in group)
    return found


def _local(declarations: Declarations, node: Node) -> Any:
    """The module's function that a call is of, or `None`."""
    match node[2]:
        case ("atom", _, name) if (name, len(node[3])) in declarations.functions:
            return name, len(node[3])
        case ("remote", _, ("atom", _, module), ("atom", _, name)) if module == declarations.name:
            return (name, len(node[3])) if (name, len(node[3])) in declarations.functions else None
    return None


def _called(declarations: Declarations, clauses: list[Node]) -> Iterator[FunctionName]:
    for clause in clauses:
        for node in last_calls(clause[4][-1]):
            name = _local(declarations, node)
            if name is not None:
                yield name


def last_calls(node: Any) -> Iterator[Node]:
    """The calls that an expression ends with."""
    match node:
        case ("call", _, _, _):
            yield node
        case ("block", _, body):
            yield from last_calls(body[-1])
        case ("case", _, _, clauses) | ("if", _, clauses) | ("receive", _, clauses):
            for clause in clauses:
                yield from last_calls(clause[4][-1])
        case ("receive", _, clauses, _, body):
            for clause in clauses:
                yield from last_calls(clause[4][-1])
            yield from last_calls(body[-1])
        case ("try", _, _, of, handlers, []):
            for clause in [*of, *handlers]:
                yield from last_calls(clause[4][-1])


def _strongly_connected(edges: dict[FunctionName, list[FunctionName]]) -> list[list[FunctionName]]:
    """Tarjan's algorithm, without recursion."""
    index: dict[FunctionName, int] = {}
    low: dict[FunctionName, int] = {}
    stack: list[FunctionName] = []
    on_stack: set[FunctionName] = set()
    found: list[list[FunctionName]] = []
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            child = next(following, None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    found.append(stack[cut:])
                    on_stack.difference_update(stack[cut:])
                    del stack[cut:]
            elif child not in index:
                index[child] = low[child] = len(index)
                stack.append(child)
                on_stack.add(child)
                work.append((child, iter(edges[child])))
            elif child in on_stack:
                low[node] = min(low[node], index[child])
    return found
