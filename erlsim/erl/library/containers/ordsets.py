"""The module `ordsets`: a set is the sorted list of its elements, equal if `==`."""

from __future__ import annotations

from typing import Any

from erlsim.erl.library import lists_
from erlsim.erl.library.containers.places import place_of
from erlsim.erl.library.registry import applying
from erlsim.erl.library.sequences import sorting
from erlsim.erl.running.cells import is_list, listed
from erlsim.erl.running.failures import no_clause
from erlsim.erl.running.operators import gt, lt
from erlsim.terms import Term

__in_stacks__ = False

Steps = lists_.Steps


def _elements(term: Term, function: str, *args: Term) -> list[Term]:
    found = listed(term)
    if found is None:
        raise no_clause("ordsets", function, *args)
    return found


def new() -> list[Term]:
    """The empty set."""
    return []


def is_set(term: Term) -> bool:
    """Whether a term is a list in strict order."""
    found = listed(term)
    return found is not None and all(lt(found[place], found[place + 1]) for place in range(len(found) - 1))


def size(elements: Term) -> int:
    """How many."""
    return len(_elements(elements, "size", elements))


def is_empty(elements: Term) -> bool:
    """Whether there are none."""
    return not is_list(elements) or bool(elements == [])


def to_list(elements: Term) -> Term:
    """The elements in their order."""
    return elements


def from_list(items: Term) -> Term:
    """The set of some elements."""
    return sorting.usort(items)


def is_element(item: Term, elements: Term) -> bool:
    """Whether an element is in the set."""
    return place_of(item, _elements(elements, "is_element", item, elements))[1]


def add_element(item: Term, elements: Term) -> Term:
    """The set with an element."""
    found = _elements(elements, "add_element", item, elements)
    place, is_there = place_of(item, found)
    return elements if is_there else [*found[:place], item, *found[place:]]


def del_element(item: Term, elements: Term) -> Term:
    """The set without an element."""
    found = _elements(elements, "del_element", item, elements)
    place, is_there = place_of(item, found)
    return [*found[:place], *found[place + 1 :]] if is_there else elements


def union(elements: Term, *more: Term) -> Term:
    """`union/1,2`."""
    if not more:
        return sorting.usort(lists_.append(elements))
    left, right = _elements(elements, "union", elements, *more), _elements(more[0], "union", elements, *more)
    found: list[Term] = []
    one = two = 0
    while one < len(left) and two < len(right):
        is_right = gt(left[one], right[two])
        is_both = not is_right and not lt(left[one], right[two])
        found.append(right[two] if is_right else left[one])
        one, two = one + (not is_right), two + (is_right or is_both)
    return found + left[one:] + right[two:]


def intersection(elements: Term, *more: Term) -> Term:
    """`intersection/1,2`."""
    if not more:
        first, *others = _elements(elements, "intersection", elements) or [None]
        if first is None:
            raise no_clause("ordsets", "intersection", elements)
        for other in others:
            first = intersection(first, other)
        return first
    right = _elements(more[0], "intersection", elements, *more)
    left = _elements(elements, "intersection", elements, *more)
    return [right[place] for place, is_there in (place_of(each, right) for each in left) if is_there]


def is_disjoint(left: Term, right: Term) -> bool:
    """Whether no element is in both."""
    return bool(intersection(left, right) == [])


def subtract(left: Term, right: Term) -> Term:
    """The elements of the first that are not in the second."""
    gone = _elements(right, "subtract", left, right)
    return [each for each in _elements(left, "subtract", left, right) if not place_of(each, gone)[1]]


def is_subset(left: Term, right: Term) -> bool:
    """Whether all elements of the first are in the second."""
    others = _elements(right, "is_subset", left, right)
    return all(place_of(each, others)[1] for each in _elements(left, "is_subset", left, right))


@applying(0)
def fold(fun: Term, value: Term, elements: Term) -> Steps:
    """`fold/3`."""
    for each in _elements(elements, "fold", fun, value, elements):
        value = yield fun, each, value
    return value


@applying(0)
def filter_(fun: Term, elements: Term) -> Steps:
    """`filter/2`."""
    found: list[Any] = []
    for each in _elements(elements, "filter", fun, elements):
        if (yield fun, each) is True:
            found.append(each)
    return found


MORE = {
    (name, arity): function for name, function in (("union", union), ("intersection", intersection)) for arity in (1, 2)
}
