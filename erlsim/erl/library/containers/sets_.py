"""The module `sets`: a table of slots, or, as version 2, a map of elements to `[]`."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from erlsim.erl.library import maps_, proplists
from erlsim.erl.library.containers import slots
from erlsim.erl.library.containers.slots import Table
from erlsim.erl.library.registry import applying
from erlsim.erl.running import maps
from erlsim.erl.running.cells import listed
from erlsim.erl.running.failures import no_clause
from erlsim.erl.running.operators import exact_eq
from erlsim.terms import Term

__in_stacks__ = False

Steps = Generator[tuple[Any, ...], Any, Any]


def _key(element: Term) -> Term:
    return element


def _table(term: Term, function: str, *args: Term) -> Table:
    if not slots.is_table("set", term):
        raise no_clause("sets", function, *args)
    return slots.table_of("set", _key, term)


def _is_second(options: Term) -> bool:
    return bool(proplists.get_value("version", options, 1) == 2)


def new(options: Term = None) -> Term:
    """`new/0,1`."""
    return {} if options is not None and _is_second(options) else slots.empty("set", _key).term()


def from_list(items: Term, options: Term = None) -> Term:
    """`from_list/1,2`."""
    found = listed(items)
    if found is None:
        raise no_clause("lists", "foldl", items)
    made = new(options)
    for each in found:
        made = add_element(each, made)
    return made


def is_set(term: Term) -> bool:
    """Whether a term is a set."""
    return maps.is_map(term) or slots.is_table("set", term)


def size(elements: Term) -> int:
    """How many."""
    if maps.is_map(elements):
        return len(elements)
    return _table(elements, "size", elements).size


def is_empty(elements: Term) -> bool:
    """Whether there are none."""
    if maps.is_map(elements):
        return len(elements) == 0
    return _table(elements, "is_empty", elements).size == 0


def to_list(elements: Term) -> list[Term]:
    """The elements, in the order of the slots or of the map."""
    if maps.is_map(elements):
        return maps_.keys(elements)
    return _listed(_table(elements, "to_list", elements))[::-1]


def _listed(table: Table) -> list[Term]:
    return [each for bucket in table.buckets() for each in bucket]


def _elements(elements: Term, function: str, *args: Term) -> list[Term]:
    """The elements in the order in which they are gone through."""
    if maps.is_map(elements):
        return [each for each, _ in maps.items(elements)]
    return _listed(_table(elements, function, *args))


def is_element(item: Term, elements: Term) -> bool:
    """Whether an element is in the set."""
    if maps.is_map(elements):
        return maps.find(item, elements) is not maps.ABSENT
    table = _table(elements, "is_element", item, elements)
    return any(exact_eq(each, item) for each in table.bucket(table.slot(item)))


def add_element(item: Term, elements: Term) -> Term:
    """The set with an element."""
    if maps.is_map(elements):
        return maps.put(elements, [(item, [])])
    table = _table(elements, "add_element", item, elements)
    slot = table.slot(item)
    bucket = table.bucket(slot)
    if any(exact_eq(each, item) for each in bucket):
        return elements
    return table.with_bucket(slot, [item, *bucket]).grown(1).term()


def del_element(item: Term, elements: Term) -> Term:
    """The set without an element."""
    if maps.is_map(elements):
        return maps.remove(elements, item)
    table = _table(elements, "del_element", item, elements)
    slot = table.slot(item)
    bucket = table.bucket(slot)
    kept = [each for each in bucket if not exact_eq(each, item)]
    return elements if len(kept) == len(bucket) else table.with_bucket(slot, kept).shrunk(1).term()


def union(elements: Term, *more: Term) -> Term:
    """`union/1,2`."""
    if not more:
        found: Term = None
        for each in listed(elements) or []:
            found = each if found is None else union(found, each)
        return new() if found is None else found
    other = more[0]
    if maps.is_map(elements) and maps.is_map(other):
        return maps_.merge(elements, other)
    few, many = (elements, other) if size(elements) < size(other) else (other, elements)
    for each in _elements(few, "fold", few):
        many = add_element(each, many)
    return many


def intersection(elements: Term, *more: Term) -> Term:
    """`intersection/1,2`."""
    if not more:
        found = listed(elements)
        if not found:
            raise no_clause("sets", "intersection", elements)
        first = found[0]
        for each in found[1:]:
            first = intersection(first, each)
        return first
    other = more[0]
    few, many = (elements, other) if size(elements) < size(other) else (other, elements)
    return _kept(few, [is_element(each, many) for each in _stored(few)])


def subtract(left: Term, right: Term) -> Term:
    """The elements of the first that are not in the second."""
    return _kept(left, [not is_element(each, right) for each in _stored(left)])


def _stored(elements: Term) -> list[Term]:
    """The elements in the order in which a filter meets them: by slot, the first first."""
    if maps.is_map(elements):
        return [each for each, _ in maps.items(elements)]
    table = _table(elements, "filter", elements)
    return [each for slot in range(table.slots) for each in table.bucket(slot)]


def _kept(elements: Term, wanted: list[bool]) -> Term:
    """The set of those that are wanted, told in the order of `_stored`; what is left in a slot is turned round."""
    if maps.is_map(elements):
        return maps.make((each, []) for each, is_wanted in zip(_stored(elements), wanted, strict=True) if is_wanted)
    table = _table(elements, "filter", elements)
    answers = iter(wanted)
    for slot in range(table.slots):
        table = table.with_bucket(slot, [each for each in table.bucket(slot) if next(answers)][::-1])
    return table.shrunk(wanted.count(False)).term()


def is_disjoint(left: Term, right: Term) -> bool:
    """Whether no element is in both."""
    few, many = (left, right) if size(left) < size(right) else (right, left)
    return not any(is_element(each, many) for each in _elements(few, "fold", few))


def is_subset(left: Term, right: Term) -> bool:
    """Whether all elements of the first are in the second."""
    return all(is_element(each, right) for each in _elements(left, "fold", left))


@applying(0)
def fold(fun: Term, value: Term, elements: Term) -> Steps:
    """`fold/3`."""
    for each in _elements(elements, "fold", fun, value, elements):
        value = yield fun, each, value
    return value


@applying(0)
def filter_(fun: Term, elements: Term) -> Steps:
    """`filter/2`."""
    if not is_set(elements):
        raise no_clause("sets", "filter", fun, elements)
    wanted = []
    for each in _stored(elements):
        wanted.append((yield fun, each) is True)
    return _kept(elements, wanted)


MORE = {
    (name, arity): function for name, function in (("union", union), ("intersection", intersection)) for arity in (1, 2)
}
