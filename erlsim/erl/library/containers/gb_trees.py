"""The module `gb_trees`: `{Size, Tree}`, where a tree is `{Key, Value, Smaller, Bigger}` or nil."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from erlsim.erl.library.containers import balanced
from erlsim.erl.library.containers.balanced import NIL
from erlsim.erl.library.registry import applying
from erlsim.erl.running.cells import listed
from erlsim.erl.running.failures import no_clause
from erlsim.terms import Term

__in_stacks__ = False

Tree = tuple[int, Any]
Steps = Generator[tuple[Any, ...], Any, Any]


def _parts(term: Term, function: str, *args: Term) -> Tree:
    return balanced.parts("gb_trees", term, function, *args)


def empty() -> Tree:
    """The empty tree."""
    return (0, NIL)


def is_empty(tree: Term) -> bool:
    """Whether it is the empty tree."""
    return bool(tree == (0, NIL))


def size(tree: Term) -> int:
    """How many keys."""
    return _parts(tree, "size", tree)[0]


def lookup(key: Term, tree: Term) -> Term:
    """`{value, Value}` or none."""
    found = balanced.lookup(key, _parts(tree, "lookup", key, tree)[1])
    return "none" if found is None else ("value", found[1])


def is_defined(key: Term, tree: Term) -> bool:
    """Whether there is a key."""
    return balanced.lookup(key, _parts(tree, "is_defined", key, tree)[1]) is not None


def get(key: Term, tree: Term) -> Term:
    """The value of a key that is there."""
    found = balanced.lookup(key, _parts(tree, "get", key, tree)[1])
    if found is None:
        raise no_clause("gb_trees", "get_1", key, NIL)
    return found[1]


def insert(key: Term, value: Term, tree: Term) -> Tree:
    """The tree with a key that was not there."""
    count, root = _parts(tree, "insert", key, value, tree)
    return (count + 1, balanced.inserted((key, value), count, root))


def update(key: Term, value: Term, tree: Term) -> Tree:
    """The tree with another value for a key that is there."""
    count, root = _parts(tree, "update", key, value, tree)
    if balanced.lookup(key, root) is None:
        raise no_clause("gb_trees", "update_1", key, value, NIL)
    return (count, balanced.replaced((key, value), root))


def enter(key: Term, value: Term, tree: Term) -> Tree:
    """The tree with a value for a key."""
    return update(key, value, tree) if is_defined(key, tree) else insert(key, value, tree)


def delete(key: Term, tree: Term) -> Tree:
    """The tree without a key that is there."""
    count, root = _parts(tree, "delete", key, tree)
    found, root = balanced.removed(key, root)
    if found is None:
        raise no_clause("gb_trees", "delete_1", key, NIL)
    return (count - 1, root)


def delete_any(key: Term, tree: Term) -> Tree:
    """The tree without a key."""
    return delete(key, tree) if is_defined(key, tree) else tree


def take(key: Term, tree: Term) -> tuple[Term, Tree]:
    """`{Value, Tree}` without a key that is there."""
    count, root = _parts(tree, "take", key, tree)
    found, root = balanced.removed(key, root)
    if found is None:
        raise no_clause("gb_trees", "take_1", key, NIL)
    return (found[1], (count - 1, root))


def take_any(key: Term, tree: Term) -> Term:
    """`{Value, Tree}` or error."""
    return take(key, tree) if is_defined(key, tree) else "error"


def balance(tree: Term) -> Tree:
    """The same keys in a tree that is as low as can be."""
    count, root = _parts(tree, "balance", tree)
    return (count, balanced.balanced(balanced.all_held(root)))


def from_orddict(pairs: Term) -> Tree:
    """The tree of pairs that are sorted by key."""
    found = listed(pairs)
    if found is None:
        raise no_clause("gb_trees", "from_orddict", pairs)
    return (len(found), balanced.balanced(found))


def smallest(tree: Term) -> Term:
    """`{Key, Value}`."""
    return balanced.at_end("gb_trees", "smallest", tree, -2)


def largest(tree: Term) -> Term:
    """`{Key, Value}`."""
    return balanced.at_end("gb_trees", "largest", tree, -1)


def take_smallest(tree: Term) -> Term:
    """`{Key, Value, Tree}`."""
    return balanced.at_end("gb_trees", "take_smallest", tree, -2)


def take_largest(tree: Term) -> Term:
    """`{Key, Value, Tree}`."""
    return balanced.at_end("gb_trees", "take_largest", tree, -1)


def to_list(tree: Term) -> list[Term]:
    """The pairs in the order of their keys."""
    return list(balanced.all_held(_parts(tree, "to_list", tree)[1]))


def keys(tree: Term) -> list[Term]:
    """The keys in their order."""
    return [key for key, _ in balanced.all_held(_parts(tree, "keys", tree)[1])]


def values(tree: Term) -> list[Term]:
    """The values in the order of their keys."""
    return [value for _, value in balanced.all_held(_parts(tree, "values", tree)[1])]


def iterator(tree: Term) -> list[Term]:
    """What `next/1` takes."""
    return balanced.iterator(_parts(tree, "iterator", tree)[1])


def iterator_from(key: Term, tree: Term) -> list[Term]:
    """What `next/1` takes, from a key on."""
    return balanced.iterator_from(key, _parts(tree, "iterator_from", key, tree)[1])


def next_(state: Term) -> Term:
    """`{Key, Value, Iterator}` or none."""
    return balanced.following("gb_trees", state)


@applying(0)
def map_(fun: Term, tree: Term) -> Steps:
    """`map/2`."""
    count, root = _parts(tree, "map", fun, tree)
    made: list[Any] = []
    waiting: list[Any] = [root]
    # A node comes before its smaller ones, these before its bigger ones; it is put together when both are there.
    while waiting:
        at = waiting.pop()
        if at == NIL:
            made.append(NIL)
        elif len(at) == 4:
            key, value, smaller, bigger = at
            waiting += [(key, (yield fun, key, value)), bigger, smaller]
        else:
            bigger, smaller = made.pop(), made.pop()
            made.append((*at, smaller, bigger))
    return (count, made[0])
