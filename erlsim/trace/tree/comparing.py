"""Trees compared: with each other and with the literal form, and the differences in words."""

from __future__ import annotations

from typing import Any

from erlsim.terms import Pid, Term, exact_eq
from erlsim.trace.facts import show
from erlsim.trace.tree.nodes import Node


def is_called(node: Node, name: Term) -> bool:
    """Whether `name` is the id, the registered name, the pid or the function of a process."""
    if isinstance(node.id, Pid):
        if isinstance(name, str) and name == "undefined":
            return True  # a child without an id, as which_children calls it
    elif node.id is not None and exact_eq(node.id, name):
        return True
    if isinstance(name, Pid):
        return node.pid == name
    return isinstance(name, str) and name in (node.name, node.label)


# ---- with a literal -------------------------------------------------------------------------------


def with_literals(nodes: tuple[Node, ...], literals: list[Any]) -> list[str]:
    """What keeps the processes at the top from being as the literals say; nothing if they are."""
    return _children(list(nodes), literals, "")


def _children(nodes: list[Node], literals: list[Any], where: str) -> list[str]:
    """The children of one process, in order."""
    found: list[str] = []
    index = 0
    for place, literal in enumerate(literals):
        if literal is ...:
            rest = literals[place + 1 :]
            index = max(len(nodes) - len(rest), index)
            continue
        if index >= len(nodes) or not is_called(nodes[index], _name(literal)):
            return [*found, *_misplaced(nodes, literals, where)]
        found += _process(nodes[index], literal, where)
        index += 1
    return found if index == len(nodes) else [*found, *_misplaced(nodes, literals, where)]


def _misplaced(nodes: list[Node], literals: list[Any], where: str) -> list[str]:
    """The processes that are missing and those that should not be there; if there are none of both, their order."""
    place = where or "the top"
    named = [_name(literal) for literal in literals if literal is not ...]
    missing = [name for name in named if not any(is_called(node, name) for node in nodes)]
    surplus = [node for node in nodes if ... not in literals and not any(is_called(node, name) for name in named)]
    found = [f"{place}: no {show(name)}" for name in missing]
    found += [f"{place}: {_title(node)} is there, too" for node in surplus]
    return found or [f"{place}: in the order {', '.join(map(_title, nodes))}, not {', '.join(map(show, named))}"]


def _process(node: Node, literal: Any, where: str) -> list[str]:
    path = f"{where} > {_title(node)}" if where else _title(node)
    found: list[str] = []
    for wanted in literal[1:] if isinstance(literal, tuple) else ():
        if isinstance(wanted, list):
            below = node.children if node.is_supervisor else (*node.children, *node.spawned)
            found += _children(list(below), wanted, path)
        elif isinstance(wanted, str):
            if node.state != wanted:
                found.append(f"{path}: {node.state}, not {wanted}")
        elif type(wanted) is int:
            if node.restarts != wanted:
                found.append(f"{path}: {_times(node.restarts)}, not {_times(wanted)}")
        else:
            found.append(f"{path}: {wanted!r} is no state, no number of restarts and no list of children")
    return found


def _name(literal: Any) -> Term:
    return literal[0] if isinstance(literal, tuple) and literal else literal


def _title(node: Node) -> str:
    return node.title or repr(node.pid)


def _times(restarts: int) -> str:
    return f"restarted {restarts} time{'' if restarts == 1 else 's'}"


# ---- with another tree ----------------------------------------------------------------------------


def between(nodes: tuple[Node, ...], others: tuple[Node, ...]) -> list[str]:
    """What keeps the processes at the top of two trees from being the same, with all that is below them."""
    found: list[str] = []
    waiting = [(nodes, others, "")]
    while waiting:
        mine, theirs, above = waiting.pop()
        for node, other in zip(mine, theirs, strict=False):
            path = f"{above} > {_title(node)}" if above else _title(node)
            found += _fields(node, other, path)
            waiting.append(((*node.children, *node.spawned), (*other.children, *other.spawned), path))
        place = above or "the top"
        found += [f"{place}: {_title(node)} is there, too" for node in mine[len(theirs) :]]
        found += [f"{place}: no {_title(other)}" for other in theirs[len(mine) :]]
    return found


def _fields(node: Node, other: Node, path: str) -> list[str]:
    names = ("id", "name", "pid", "kind", "detail", "state", "restarts")
    found = []
    for name in names:
        mine, theirs = getattr(node, name), getattr(other, name)
        if not exact_eq("none" if mine is None else mine, "none" if theirs is None else theirs):
            found.append(f"{path}: {name} {_shown(mine)}, not {_shown(theirs)}")
    return found


def _shown(value: Any) -> str:
    return "none" if value is None else show(value)
