"""The trees of `gb_trees` and `gb_sets` (Andersson's general balanced trees).

A node is a tuple: what it holds, the key first, then the subtrees of smaller and of bigger keys; a leaf is nil. A tree
is balanced when an insertion finds that some part of it is deeper than its size allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed, no_clause
from erlsim.erl.running.operators import gt, lt
from erlsim.terms import Term

__in_stacks__ = False

NIL = "nil"
Node = Any
Held = tuple[Term, ...]
"""What a node holds: `(Key,)` or `(Key, Value)`."""


def node(held: Held, smaller: Node, bigger: Node) -> Node:
    """A node."""
    return (*held, smaller, bigger)


def held(tree: Node) -> Held:
    """What a node holds."""
    return tree[:-2]  # type: ignore[no-any-return]


def lookup(key: Term, tree: Node) -> Held | None:
    """What is held under a key."""
    while tree != NIL:
        if lt(key, tree[0]):
            tree = tree[-2]
        elif gt(key, tree[0]):
            tree = tree[-1]
        else:
            return held(tree)
    return None


def replaced(new: Held, tree: Node) -> Node:
    """The tree with other things held under a key that is there."""
    if lt(new[0], tree[0]):
        return node(held(tree), replaced(new, tree[-2]), tree[-1])
    if gt(new[0], tree[0]):
        return node(held(tree), tree[-2], replaced(new, tree[-1]))
    return node(new, tree[-2], tree[-1])


def inserted(new: Held, size: int, tree: Node) -> Node:
    """The tree of `size` nodes with one more. A key that is there is an error of the module's `insert_1`."""
    path: list[tuple[Node, bool]] = []
    at = tree
    while at != NIL:
        is_less = lt(new[0], at[0])
        if not is_less and not gt(new[0], at[0]):
            module = "gb_sets" if len(new) == 1 else "gb_trees"
            raise Failed(("key_exists", outward(new[0])), (module, "insert_1", len(new) + 2, []))
        path.append((at, is_less))
        at = at[-2] if is_less else at[-1]
    made = node(new, NIL, NIL)
    # Too deep is a path that is longer than the binary logarithm of the square of the size.
    too_deep = (size + 1) ** 2 >> len(path) == 0
    height, count = 1, 1
    for parent, is_less in reversed(path):
        smaller, bigger = (made, parent[-1]) if is_less else (parent[-2], made)
        made = node(held(parent), smaller, bigger)
        if too_deep:
            other_height, other_count = _measured(bigger if is_less else smaller)
            height, count = 2 * max(height, other_height), count + other_count + 1
            if height > count * count:
                made, too_deep = balanced(all_held(made)), False
    return made


def _measured(tree: Node) -> tuple[int, int]:
    """Two to the power of the height, and the number of nodes."""
    if tree == NIL:
        return 1, 0
    if tree[-2] == NIL and tree[-1] == NIL:
        return 1, 1
    (height, count), (other_height, other_count) = _measured(tree[-2]), _measured(tree[-1])
    return 2 * max(height, other_height), count + other_count + 1


def balanced(rows: list[Held]) -> Node:
    """The tree of rows in the order of their keys; the lower half is the greater one."""
    return _part(rows, 0, len(rows), lower=True)


def balanced_downwards(rows: list[Held]) -> Node:
    """As it comes of rows that are given in reverse order: the upper half is the greater one."""
    return _part(rows, 0, len(rows), lower=False)


def _part(rows: list[Held], start: int, count: int, lower: bool) -> Node:
    if count == 0:
        return NIL
    fewer = (count - 1) // 2
    more = count - 1 - fewer
    first = more if lower else fewer
    smaller = _part(rows, start, first, lower)
    bigger = _part(rows, start + first + 1, count - 1 - first, lower)
    return node(rows[start + first], smaller, bigger)


def removed(key: Term, tree: Node) -> tuple[Held | None, Node]:
    """What was held under a key, and the tree without it; `None` if the key is not there."""
    path: list[tuple[Node, bool]] = []
    while tree != NIL:
        is_less = lt(key, tree[0])
        if not is_less and not gt(key, tree[0]):
            return held(tree), _rebuilt(path, _merged(tree[-2], tree[-1]))
        path.append((tree, is_less))
        tree = tree[-2] if is_less else tree[-1]
    return None, tree


def _rebuilt(path: list[tuple[Node, bool]], made: Node) -> Node:
    for parent, is_less in reversed(path):
        smaller, bigger = (made, parent[-1]) if is_less else (parent[-2], made)
        made = node(held(parent), smaller, bigger)
    return made


def _merged(smaller: Node, bigger: Node) -> Node:
    if bigger == NIL:
        return smaller
    if smaller == NIL:
        return bigger
    least, rest = without_end(bigger, -2)
    return node(least, smaller, rest)


def without_end(tree: Node, side: int) -> tuple[Held, Node]:
    """The smallest (side -2) or the largest (side -1) of a tree, and the tree without it."""
    path = []
    while tree[side] != NIL:
        path.append((tree, side == -2))
        tree = tree[side]
    return held(tree), _rebuilt(path, tree[-3 - side])


def end(tree: Node, side: int) -> Held:
    """The smallest (side -2) or the largest (side -1)."""
    while tree[side] != NIL:
        tree = tree[side]
    return held(tree)


def all_held(tree: Node) -> list[Held]:
    """What all nodes hold, in the order of the keys."""
    found = []
    waiting: list[Node] = []
    while tree != NIL or waiting:
        while tree != NIL:
            waiting.append(tree)
            tree = tree[-2]
        tree = waiting.pop()
        found.append(held(tree))
        tree = tree[-1]
    return found


def iterator(tree: Node, rest: Iterable[Node] = ()) -> list[Node]:
    """The nodes on the way to the smallest, that one first: what `next/1` takes."""
    found = []
    while tree != NIL:
        found.append(tree)
        tree = tree[-2]
    return [*reversed(found), *rest]


def iterator_from(key: Term, tree: Node) -> list[Node]:
    """As `iterator`, beginning with the first key that is not less than one."""
    found: list[Node] = []
    while tree != NIL:
        if lt(tree[0], key):
            tree = tree[-1]
        else:
            found.append(tree)
            tree = tree[-2]
    return found[::-1]


# ---- what both modules do, each in its own name


def parts(module: str, term: Term, function: str, *args: Term) -> tuple[int, Node]:
    """The size and the tree of what a function was given; `function_clause` of the module for anything else."""
    if type(term) is not tuple or len(term) != 2 or type(term[0]) is not int:
        raise no_clause(module, function, *args)
    return term


def at_end(module: str, name: str, tree: Term, side: int) -> tuple[Any, ...]:
    """`smallest/1`, `largest/1`: what is held there; of `take_smallest/1` and `take_largest/1` the rest behind it."""
    count, root = parts(module, tree, name, tree)
    takes = name.startswith("take")
    if root == NIL:
        raise no_clause(module, f"{name}{'1' if takes else '_1'}", NIL)
    if not takes:
        return end(root, side)
    found, rest = without_end(root, side)
    return (*found, (count - 1, rest))


def following(module: str, state: Term) -> Term:
    """`next/1`: what is held by the next node, and the iterator behind it; none at the end."""
    nodes = listed(state)
    if nodes is None:
        raise no_clause(module, "next", state)
    return (*held(nodes[0]), iterator(nodes[0][-1], nodes[1:])) if nodes else "none"
