"""The module `maps`."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from erlsim import code
from erlsim.erl.library.registry import applying
from erlsim.erl.running import maps
from erlsim.erl.running.calls import is_fun
from erlsim.erl.running.cells import Cell, listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import Term

__in_stacks__ = False

Steps = Generator[tuple[Any, ...], Any, Any]


def _map(rows: Term, function: str, *args: Term) -> Any:
    if not maps.is_map(rows):
        raise Failed(("badmap", outward(rows)), ("maps", function, list(args), []))
    return rows


def get(name: Term, rows: Term, *default: Term) -> Term:
    """`get/2,3`."""
    value = maps.find(name, _map(rows, "get", name, rows, *default))
    if value is not maps.ABSENT:
        return value
    if default:
        return default[0]
    raise Failed(("badkey", outward(name)), ("maps", "get", [name, rows], []))


MORE = {("get", 2): get, ("get", 3): get}


def find(name: Term, rows: Term) -> Term:
    """`{ok, Value}` or error."""
    value = maps.find(name, _map(rows, "find", name, rows))
    return "error" if value is maps.ABSENT else ("ok", value)


def is_key(name: Term, rows: Term) -> bool:
    """Whether there is a key."""
    return maps.find(name, _map(rows, "is_key", name, rows)) is not maps.ABSENT


def put(name: Term, value: Term, rows: Term) -> Term:
    """`put/3`."""
    if maps.find(name, _map(rows, "put", name, value, rows)) is value:
        return rows
    return maps.put(_map(rows, "put", name, value, rows), [(name, value)])


def update(name: Term, value: Term, rows: Term) -> Term:
    """`update/3`: of a key that is there."""
    _map(rows, "update", name, value, rows)
    if maps.find(name, rows) is maps.ABSENT:
        raise Failed(("badkey", outward(name)), ("maps", "update", [name, value, rows], []))
    return maps.put(rows, [(name, value)])


def remove(name: Term, rows: Term) -> Term:
    """`remove/2`."""
    return maps.remove(_map(rows, "remove", name, rows), name)


def take(name: Term, rows: Term) -> Term:
    """`{Value, Map}` or error."""
    value = maps.find(name, _map(rows, "take", name, rows))
    return "error" if value is maps.ABSENT else (value, maps.remove(rows, name))


def new() -> Term:
    """The empty map."""
    return {}


def size(rows: Term) -> int:
    """How many keys."""
    return len(_map(rows, "size", rows))


def keys(rows: Term) -> list[Term]:
    """The keys, in their order."""
    return [name for name, _ in maps.listed(_map(rows, "keys", rows))]


def values(rows: Term) -> list[Term]:
    """The values, in the order of the keys."""
    return [value for _, value in maps.listed(_map(rows, "values", rows))]


def to_list(rows: Term) -> list[Term]:
    """The pairs, in the order of the keys; of a map or of what an iterator has left."""
    if type(rows) is tuple and rows and rows[0] == "$iterator":
        return list(rows[1])
    return list(maps.listed(_map(rows, "to_list", rows)))


def from_list(pairs: Term) -> Term:
    """`from_list/1`."""
    found = listed(pairs)
    if found is None or not all(type(each) is tuple and len(each) == 2 for each in found):
        raise Failed("badarg", ("maps", "from_list", [pairs], []))
    return maps.make(found)


def from_keys(names: Term, value: Term) -> Term:
    """A map of keys with one value."""
    found = listed(names)
    if found is None:
        raise Failed("badarg", ("maps", "from_keys", [names, value], []))
    return maps.make((name, value) for name in found)


def merge(left: Term, right: Term) -> Term:
    """The rows of both, those of the second where both have a key."""
    rows = _map(left, "merge", left, right)
    more = _map(right, "merge", left, right)
    # As on the BEAM, no new map is made where one of the two will do.
    if not rows or rows is more:
        return more
    return maps.put(rows, list(more.items())) if more else rows


def _names(function: str, names: Term, rows: Term) -> list[Term]:
    found = listed(names)
    if found is None:
        raise Failed("badarg", ("maps", function, [names, rows], []))
    return found


def _fun(fun: Term, arity: int, function: str, *args: Term) -> Term:
    """A fun of so many arguments: asked before anything is done."""
    if not is_fun(fun) or not code.takes(fun, arity):
        raise Failed("badarg", ("maps", function, list(args), []))
    return fun


def with_(names: Term, rows: Term) -> Term:
    """The rows of some keys."""
    _map(rows, "with", names, rows)
    found = ((name, maps.find(name, rows)) for name in _names("with", names, rows))
    return maps.make((name, value) for name, value in found if value is not maps.ABSENT)


def without(names: Term, rows: Term) -> Term:
    """The other rows."""
    _map(rows, "without", names, rows)
    for name in _names("without", names, rows):
        rows = maps.remove(rows, name)
    return rows


def iterator(rows: Term) -> Term:
    """What `next/1` takes."""
    return ("$iterator", tuple(maps.items(_map(rows, "iterator", rows))))


def next_(state: Term) -> Term:
    """`{Key, Value, Iterator}` or none."""
    if type(state) is not tuple or len(state) != 2 or state[0] != "$iterator":
        raise Failed("badarg", ("maps", "next", [state], []))
    if not state[1]:
        return "none"
    (name, value), *rest = state[1]
    return (name, value, ("$iterator", tuple(rest)))


def _rows(rows: Term, arity: int, function: str, fun: Term, *args: Term) -> list[tuple[Term, Term]]:
    """The rows of a map or an iterator that `fun`, of so many arguments, is applied to."""
    if type(rows) is not tuple or rows[:1] != ("$iterator",):
        _map(rows, function, fun, *args)
    _fun(fun, arity, function, fun, *args)
    return to_list(rows) if type(rows) is tuple else maps.items(rows)


@applying(0)
def map_(fun: Term, rows: Term) -> Steps:
    """`map/2`."""
    found = []
    for name, value in _rows(rows, 2, "map", fun, rows):
        found.append((name, (yield fun, name, value)))
    return maps.make(found)


@applying(0)
def foreach(fun: Term, rows: Term) -> Steps:
    """`foreach/2`."""
    for name, value in _rows(rows, 2, "foreach", fun, rows):
        yield fun, name, value
    return "ok"


@applying(0)
def filter_(fun: Term, rows: Term) -> Steps:
    """`filter/2`."""
    found = []
    for name, value in _rows(rows, 2, "filter", fun, rows):
        if (yield fun, name, value):
            found.append((name, value))
    return maps.make(found)


@applying(0)
def filtermap(fun: Term, rows: Term) -> Steps:
    """`filtermap/2`."""
    found = []
    for name, value in _rows(rows, 2, "filtermap", fun, rows):
        wanted = yield fun, name, value
        if wanted is True:
            found.append((name, value))
        elif wanted is not False:
            found.append((name, wanted[1]))
    return maps.make(found)


@applying(0)
def fold(fun: Term, value: Term, rows: Term) -> Steps:
    """`fold/3`."""
    for name, each in _rows(rows, 3, "fold", fun, value, rows):
        value = yield fun, name, each, value
    return value


@applying(1)
def update_with(name: Term, fun: Term, *more: Term) -> Steps:
    """`update_with/3,4`."""
    rows = _map(more[-1], "update_with", name, fun, *more)
    _fun(fun, 1, "update_with", name, fun, *more)
    value = maps.find(name, rows)
    if value is not maps.ABSENT:
        return maps.put(rows, [(name, (yield fun, value))])
    if len(more) == 1:
        raise Failed(("badkey", outward(name)), ("maps", "update_with", [name, fun, rows], []))
    return maps.put(rows, [(name, more[0])])


@applying(0)
def merge_with(fun: Term, left: Term, right: Term) -> Steps:
    """`merge_with/3`."""
    _fun(fun, 3, "merge_with", fun, left, right)
    found = dict(enumerate(_map(left, "merge_with", fun, left, right).items()))
    _map(right, "merge_with", fun, left, right)
    pairs = list(found.values())
    for name, value in _map(right, "merge_with", fun, left, right).items():
        mine = maps.find(name, left)
        pairs.append((name, value if mine is maps.ABSENT else (yield fun, name, mine, value)))
    return maps.make(pairs)


@applying(0)
def intersect_with(fun: Term, left: Term, right: Term) -> Steps:
    """`intersect_with/3`."""
    _fun(fun, 3, "intersect_with", fun, left, right)
    rows = _map(left, "intersect_with", fun, left, right)
    _map(right, "intersect_with", fun, left, right)
    pairs = []
    # The smaller map is gone through, so the fun is asked in its order.
    is_left = len(rows) <= len(right)
    for name, value in maps.listed(left if is_left else right):
        other = maps.find(name, right if is_left else left)
        if other is not maps.ABSENT:
            mine, theirs = (value, other) if is_left else (other, value)
            pairs.append((name, (yield fun, name, mine, theirs)))
    return maps.make(pairs)


def intersect(left: Term, right: Term) -> Term:
    """`intersect/2`: what both have, with the values of the second."""
    rows = _map(left, "intersect", left, right)
    _map(right, "intersect", left, right)
    found = ((name, maps.find(name, right)) for name, _ in rows.items())
    return maps.make((name, value) for name, value in found if value is not maps.ABSENT)


@applying(0)
def _grouped(fun: Term, items: Term) -> Steps:
    return (yield from _groups([fun], items))


@applying(0, 1)
def _grouped_values(fun: Term, value_fun: Term, items: Term) -> Steps:
    return (yield from _groups([fun, value_fun], items))


def _groups(funs: list[Term], items: Term) -> Steps:
    found = listed(items)
    if found is None or not all(is_fun(each) and code.takes(each, 1) for each in funs):
        raise Failed("badarg", ("maps", "groups_from_list", [*funs, items], []))
    groups: Term = {}
    for each in reversed(found):
        name = yield funs[0], each
        value = each if len(funs) == 1 else (yield funs[1], each)
        mine = maps.find(name, groups)
        groups = maps.put(groups, [(name, Cell(value, [] if mine is maps.ABSENT else mine))])
    return groups


MORE |= {("groups_from_list", 2): _grouped, ("groups_from_list", 3): _grouped_values}
MORE |= {("update_with", 3): update_with, ("update_with", 4): update_with}
