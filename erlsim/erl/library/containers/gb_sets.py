"""The module `gb_sets`: `{Size, Tree}`, where a tree is `{Element, Smaller, Bigger}` or nil."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

from erlsim.erl.library.containers import balanced, ordsets
from erlsim.erl.library.containers.balanced import NIL
from erlsim.erl.library.registry import applying
from erlsim.erl.running.cells import listed
from erlsim.erl.running.failures import no_clause
from erlsim.terms import Term

__in_stacks__ = False

Set = tuple[int, Any]
Steps = Generator[tuple[Any, ...], Any, Any]


def _parts(term: Term, function: str, *args: Term) -> Set:
    return balanced.parts("gb_sets", term, function, *args)


def _elements(tree: Any) -> list[Term]:
    return [item for (item,) in balanced.all_held(tree)]


def _of(elements: list[Term]) -> Set:
    """The set of sorted elements, as it comes of a list that is made from its end."""
    return (len(elements), balanced.balanced_downwards([(each,) for each in elements]))


def empty() -> Set:
    """The empty set."""
    return (0, NIL)


new = empty


def is_empty(elements: Term) -> bool:
    """Whether it is the empty set."""
    return bool(elements == (0, NIL))


def is_set(term: Term) -> bool:
    """Whether a term looks like a set."""
    if type(term) is not tuple or len(term) != 2 or type(term[0]) is not int or term[0] < 0:
        return False
    return bool(term == (0, NIL)) or (type(term[1]) is tuple and len(term[1]) == 3)


def size(elements: Term) -> int:
    """How many."""
    return _parts(elements, "size", elements)[0]


def singleton(item: Term) -> Set:
    """The set of one element."""
    return (1, (item, NIL, NIL))


def is_member(item: Term, elements: Term) -> bool:
    """Whether an element is in the set."""
    return balanced.lookup(item, _parts(elements, "is_member", item, elements)[1]) is not None


is_element = is_member


def insert(item: Term, elements: Term) -> Set:
    """The set with an element that was not there."""
    count, root = _parts(elements, "insert", item, elements)
    return (count + 1, balanced.inserted((item,), count, root))


def add(item: Term, elements: Term) -> Set:
    """The set with an element."""
    return elements if is_member(item, elements) else insert(item, elements)


add_element = add


def delete(item: Term, elements: Term) -> Set:
    """The set without an element that is there."""
    count, root = _parts(elements, "delete", item, elements)
    found, root = balanced.removed(item, root)
    if found is None:
        raise no_clause("gb_sets", "delete_1", item, NIL)
    return (count - 1, root)


def delete_any(item: Term, elements: Term) -> Set:
    """The set without an element."""
    return delete(item, elements) if is_member(item, elements) else elements


del_element = delete_any


def balance(elements: Term) -> Set:
    """The same elements in a tree that is as low as can be."""
    count, root = _parts(elements, "balance", elements)
    return (count, balanced.balanced(balanced.all_held(root)))


def from_list(items: Term) -> Set:
    """The set of some elements."""
    return from_ordset(ordsets.from_list(items))


def from_ordset(items: Term) -> Set:
    """The set of elements that are sorted."""
    found = listed(items)
    if found is None:
        raise no_clause("gb_sets", "from_ordset", items)
    return (len(found), balanced.balanced([(each,) for each in found]))


def to_list(elements: Term) -> list[Term]:
    """The elements in their order."""
    return _elements(_parts(elements, "to_list", elements)[1])


def smallest(elements: Term) -> Term:
    """The smallest element."""
    return balanced.at_end("gb_sets", "smallest", elements, -2)[0]


def largest(elements: Term) -> Term:
    """The largest element."""
    return balanced.at_end("gb_sets", "largest", elements, -1)[0]


def take_smallest(elements: Term) -> Term:
    """`{Element, Set}`."""
    return balanced.at_end("gb_sets", "take_smallest", elements, -2)


def take_largest(elements: Term) -> Term:
    """`{Element, Set}`."""
    return balanced.at_end("gb_sets", "take_largest", elements, -1)


def iterator(elements: Term) -> list[Term]:
    """What `next/1` takes."""
    return balanced.iterator(_parts(elements, "iterator", elements)[1])


def iterator_from(item: Term, elements: Term) -> list[Term]:
    """What `next/1` takes, from an element on."""
    return balanced.iterator_from(item, _parts(elements, "iterator_from", item, elements)[1])


def next_(state: Term) -> Term:
    """`{Element, Iterator}` or none."""
    return balanced.following("gb_sets", state)


def _is_great(count: int, other: int) -> bool:
    """Whether a set of `other` elements is so great that `count` are looked up one by one."""
    return other >= 10 and other >= count * math.floor(1.46 * math.log(other) + 0.5)


def union(elements: Term, *more: Term) -> Set:
    """`union/1,2`."""
    if not more:
        found = empty()
        for place, each in enumerate(listed(elements) or []):
            found = each if place == 0 else union(found, each)
        return found
    one, other = _parts(elements, "union", elements, *more), _parts(more[0], "union", elements, *more)
    if other[0] < one[0]:
        one, other = other, one
    if _is_great(one[0], other[0]):
        for item in _elements(one[1]):
            other = add(item, other)
        return other
    return _of(ordsets.union(_elements(other[1]), _elements(one[1])))


def intersection(elements: Term, *more: Term) -> Set:
    """`intersection/1,2`."""
    if not more:
        found = listed(elements)
        if not found:
            raise no_clause("gb_sets", "intersection", elements)
        first: Set = found[0]
        for other in found[1:]:
            first = intersection(first, other)
        return first
    one = _parts(elements, "intersection", elements, *more)
    two = _parts(more[0], "intersection", elements, *more)
    if two[0] < one[0]:
        one, two = two, one
    return _of([item for item in _elements(one[1]) if balanced.lookup(item, two[1]) is not None])


def is_disjoint(left: Term, right: Term) -> bool:
    """Whether no element is in both."""
    return intersection(left, right)[0] == 0


def difference(left: Term, right: Term) -> Set:
    """The elements of the first that are not in the second."""
    gone = _parts(right, "difference", left, right)[1]
    found = _elements(_parts(left, "difference", left, right)[1])
    return _of([item for item in found if balanced.lookup(item, gone) is None])


subtract = difference


def is_subset(left: Term, right: Term) -> bool:
    """Whether all elements of the first are in the second."""
    others = _parts(right, "is_subset", left, right)[1]
    found = _elements(_parts(left, "is_subset", left, right)[1])
    return all(balanced.lookup(item, others) is not None for item in found)


@applying(0)
def filter_(fun: Term, elements: Term) -> Steps:
    """`filter/2`."""
    found = []
    for item in to_list(elements):
        if (yield fun, item) is True:
            found.append(item)
    return from_ordset(found)


@applying(0)
def fold(fun: Term, value: Term, elements: Term) -> Steps:
    """`fold/3`."""
    for item in _elements(_parts(elements, "fold", fun, value, elements)[1]):
        value = yield fun, item, value
    return value


MORE = {
    (name, arity): function for name, function in (("union", union), ("intersection", intersection)) for arity in (1, 2)
}
