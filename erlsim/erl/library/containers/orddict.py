"""The module `orddict`: a dictionary is the list of its pairs, sorted by key; keys are the same if `==`."""

from __future__ import annotations

from typing import Any

from erlsim.erl.library import lists_
from erlsim.erl.library.containers.places import place_of
from erlsim.erl.library.registry import applying
from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed, no_clause
from erlsim.erl.running.operators import add
from erlsim.erl.running.operators import append as plus_plus
from erlsim.terms import Term

__in_stacks__ = False

Steps = lists_.Steps


def _pairs(term: Term, function: str, *args: Term) -> list[Any]:
    found = listed(term)
    if found is None or not all(type(each) is tuple and len(each) == 2 for each in found):
        raise no_clause("orddict", function, *args)
    return found


def _place(key: Term, pairs: list[Any]) -> tuple[int, bool]:
    return place_of(key, [each[0] for each in pairs])


def _with(pairs: list[Any], place: int, is_there: bool, *rows: Term) -> list[Term]:
    return [*pairs[:place], *rows, *pairs[place + is_there :]]


def new() -> list[Term]:
    """The empty dictionary."""
    return []


def is_key(key: Term, pairs: Term) -> bool:
    """Whether there is a key."""
    return _place(key, _pairs(pairs, "is_key", key, pairs))[1]


def to_list(pairs: Term) -> Term:
    """The pairs in the order of their keys."""
    return pairs


def from_list(pairs: Term) -> Term:
    """The dictionary of some pairs; the last of a key counts."""
    found: Term = []
    for key, value in _pairs(pairs, "from_list", pairs):
        found = store(key, value, found)
    return found


def size(pairs: Term) -> int:
    """How many keys."""
    found = listed(pairs)
    if found is None:
        raise Failed("badarg", ("erlang", "length", [outward(pairs)], []))
    return len(found)


def is_empty(pairs: Term) -> bool:
    """Whether there are none."""
    return bool(pairs == [])


def fetch(key: Term, pairs: Term) -> Term:
    """The value of a key that is there."""
    found = _pairs(pairs, "fetch", key, pairs)
    place, is_there = _place(key, found)
    if not is_there:
        raise no_clause("orddict", "fetch", key, [])
    return found[place][1]


def find(key: Term, pairs: Term) -> Term:
    """`{ok, Value}` or error."""
    found = _pairs(pairs, "find", key, pairs)
    place, is_there = _place(key, found)
    return ("ok", found[place][1]) if is_there else "error"


def fetch_keys(pairs: Term) -> list[Term]:
    """The keys in their order."""
    return [key for key, _ in _pairs(pairs, "fetch_keys", pairs)]


def erase(key: Term, pairs: Term) -> Term:
    """The dictionary without a key."""
    found = _pairs(pairs, "erase", key, pairs)
    place, is_there = _place(key, found)
    return _with(found, place, is_there)


def take(key: Term, pairs: Term) -> Term:
    """`{Value, Dictionary}` or error."""
    found = _pairs(pairs, "take", key, pairs)
    place, is_there = _place(key, found)
    return (found[place][1], _with(found, place, True)) if is_there else "error"


def store(key: Term, value: Term, pairs: Term) -> Term:
    """The dictionary with a value for a key."""
    found = _pairs(pairs, "store", key, value, pairs)
    return _with(found, *_place(key, found), (key, value))


def append_(key: Term, value: Term, pairs: Term) -> Term:
    """The dictionary with one more value at the end of a key's list."""
    return append_list(key, [value], pairs)


def append_list(key: Term, values: Term, pairs: Term) -> Term:
    """The dictionary with more values at the end of a key's list."""
    found = _pairs(pairs, "append_list", key, values, pairs)
    place, is_there = _place(key, found)
    all_values = plus_plus(found[place][1], values) if is_there else values
    return _with(found, place, is_there, (key, all_values))


@applying(1)
def update(key: Term, fun: Term, *more: Term) -> Steps:
    """`update/3,4`."""
    pairs = more[-1]
    found = _pairs(pairs, "update", key, fun, *more)
    place, is_there = _place(key, found)
    if not is_there:
        if len(more) == 1:
            raise no_clause("orddict", "update", key, fun, [])
        return _with(found, place, False, (key, more[0]))
    return _with(found, place, True, (key, (yield fun, found[place][1])))


def update_counter(key: Term, step: Term, pairs: Term) -> Term:
    """The dictionary with more for a key's number."""
    found = _pairs(pairs, "update_counter", key, step, pairs)
    place, is_there = _place(key, found)
    return _with(found, place, is_there, (key, add(found[place][1], step) if is_there else step))


@applying(0)
def fold(fun: Term, value: Term, pairs: Term) -> Steps:
    """`fold/3`."""
    for key, each in _pairs(pairs, "fold", fun, value, pairs):
        value = yield fun, key, each, value
    return value


@applying(0)
def map_(fun: Term, pairs: Term) -> Steps:
    """`map/2`."""
    found = []
    for key, each in _pairs(pairs, "map", fun, pairs):
        found.append((key, (yield fun, key, each)))
    return found


@applying(0)
def filter_(fun: Term, pairs: Term) -> Steps:
    """`filter/2`."""
    found = []
    for key, each in _pairs(pairs, "filter", fun, pairs):
        if (yield fun, key, each) is True:
            found.append((key, each))
    return found


@applying(0)
def merge(fun: Term, left: Term, right: Term) -> Steps:
    """`merge/3`."""
    found = _pairs(left, "merge", fun, left, right)
    for key, value in _pairs(right, "merge", fun, left, right):
        place, is_there = _place(key, found)
        if is_there:
            key, value = found[place][0], (yield fun, key, found[place][1], value)
        found = _with(found, place, is_there, (key, value))
    return found


MORE = {("update", arity): update for arity in (3, 4)}
