"""The module `dict`."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from erlsim.erl.library.containers import slots
from erlsim.erl.library.containers.slots import Bucket, Table
from erlsim.erl.library.registry import applying
from erlsim.erl.running.cells import Cell, cells, listed
from erlsim.erl.running.failures import Failed, no_clause
from erlsim.erl.running.operators import add, exact_eq
from erlsim.erl.running.operators import append as plus_plus
from erlsim.terms import Term

__in_stacks__ = False

Steps = Generator[tuple[Any, ...], Any, Any]


def _pair(entry: Term) -> tuple[Term, Term]:
    """The key and the value of `[Key | Value]`."""
    cell = cells(entry)
    assert cell is not None
    return cell.head, cell.tail


def _key(entry: Term) -> Term:
    return _pair(entry)[0]


def _table(term: Term) -> Table:
    return slots.table_of("dict", _key, term)


def _place(key: Term, bucket: Bucket) -> int | None:
    return next((place for place, each in enumerate(bucket) if exact_eq(_key(each), key)), None)


def _put(table: Table, key: Term, entry: Term) -> Term:
    """The dictionary with an entry in its key's place, or behind the others of its slot."""
    slot = table.slot(key)
    bucket = table.bucket(slot)
    place = _place(key, bucket)
    if place is None:
        return table.with_bucket(slot, [*bucket, entry]).grown(1).term()
    return table.with_bucket(slot, [*bucket[:place], entry, *bucket[place + 1 :]]).grown(0).term()


def _find(table: Table, key: Term) -> Cell | None:
    bucket = table.bucket(table.slot(key))
    place = _place(key, bucket)
    return None if place is None else cells(bucket[place])


def _pairs(rows: Term) -> list[tuple[Term, Term]]:
    table = slots.table_of("dict", _key, rows, asking=("dict", "fold_dict", 3, []))
    return [_pair(each) for bucket in table.buckets() for each in bucket]


def new() -> Term:
    """The empty dictionary."""
    return slots.empty("dict", _key).term()


def is_key(key: Term, rows: Term) -> bool:
    """Whether there is a key."""
    return _find(_table(rows), key) is not None


def to_list(rows: Term) -> list[Term]:
    """The pairs, in the order of the slots."""
    return list(reversed(_pairs(rows)))


def from_list(pairs: Term) -> Term:
    """The dictionary of some pairs; the last of a key counts."""
    found = new()
    for each in listed(pairs) or []:
        if type(each) is not tuple or len(each) != 2:
            raise no_clause("dict", "-from_list/1-fun-0-", each, found)
        found = store(*each, found)
    return found


def size(rows: Term) -> int:
    """How many keys."""
    if not slots.is_table("dict", rows):
        raise no_clause("dict", "size", rows)
    return _table(rows).size


def is_empty(rows: Term) -> bool:
    """Whether there are none."""
    if not slots.is_table("dict", rows):
        raise no_clause("dict", "is_empty", rows)
    return _table(rows).size == 0


def fetch(key: Term, rows: Term) -> Term:
    """The value of a key that is there."""
    found = _find(_table(rows), key)
    if found is None:
        raise Failed("badarg", ("dict", "fetch", [key, rows], []))
    return found.tail


def find(key: Term, rows: Term) -> Term:
    """`{ok, Value}` or error."""
    found = _find(_table(rows), key)
    return "error" if found is None else ("ok", found.tail)


def fetch_keys(rows: Term) -> list[Term]:
    """The keys, in the order of the slots."""
    return [key for key, _ in reversed(_pairs(rows))]


def take(key: Term, rows: Term) -> Term:
    """`{Value, Dictionary}` or error."""
    table = _table(rows)
    slot = table.slot(key)
    bucket = table.bucket(slot)
    place = _place(key, bucket)
    if place is None:
        return "error"
    rest = table.with_bucket(slot, [*bucket[:place], *bucket[place + 1 :]]).shrunk(1)
    return (_pair(bucket[place])[1], rest.term())


def erase(key: Term, rows: Term) -> Term:
    """The dictionary without a key."""
    found = take(key, rows)
    return _table(rows).shrunk(0).term() if found == "error" else found[1]


def store(key: Term, value: Term, rows: Term) -> Term:
    """The dictionary with a value for a key."""
    return _put(_table(rows), key, Cell(key, value))


def append_(key: Term, value: Term, rows: Term) -> Term:
    """The dictionary with one more value at the end of a key's list."""
    return append_list(key, [value], rows)


def append_list(key: Term, values: Term, rows: Term) -> Term:
    """The dictionary with more values at the end of a key's list."""
    table = _table(rows)
    found = _find(table, key)
    return _put(table, key, Cell(key, values if found is None else plus_plus(found.tail, values)))


@applying(1)
def update(key: Term, fun: Term, *more: Term) -> Steps:
    """`update/3,4`."""
    table = _table(more[-1])
    found = _find(table, key)
    if found is not None:
        return _put(table, key, Cell(key, (yield fun, found.tail)))
    if len(more) == 1:
        raise Failed("badarg", ("dict", "update", [key, fun, *more], []))
    return _put(table, key, Cell(key, more[0]))


def update_counter(key: Term, step: Term, rows: Term) -> Term:
    """The dictionary with more for a key's number."""
    if type(step) not in (int, float):
        raise no_clause("dict", "update_counter", key, step, rows)
    table = _table(rows)
    found = _find(table, key)
    return _put(table, key, Cell(key, step if found is None else add(found.tail, step)))


@applying(0)
def fold(fun: Term, value: Term, rows: Term) -> Steps:
    """`fold/3`."""
    for key, each in _pairs(rows):
        value = yield fun, key, each, value
    return value


@applying(0)
def map_(fun: Term, rows: Term) -> Steps:
    """`map/2`."""
    table = _table(rows)
    segments = []
    for segment in table.segments:
        buckets = []
        for bucket in segment:
            made = []
            for key, each in map(_pair, listed(bucket) or []):
                made.append(Cell(key, (yield fun, key, each)))
            buckets.append(made)
        segments.append(tuple(buckets))
    return replace(table, segments=tuple(segments)).term()


@applying(0)
def filter_(fun: Term, rows: Term) -> Steps:
    """`filter/2`."""
    table = _table(rows)
    gone = 0
    for slot in range(table.slots):
        kept = []
        for each in table.bucket(slot):
            if (yield fun, *_pair(each)) is True:
                kept.append(each)
            else:
                gone += 1
        table = table.with_bucket(slot, kept)
    return table.shrunk(gone).term()


@applying(0)
def merge(fun: Term, left: Term, right: Term) -> Steps:
    """`merge/3`."""
    one, other = _table(left), _table(right)
    is_less = one.size < other.size
    rows = right if is_less else left
    for key, value in _pairs(left if is_less else right):
        table = _table(rows)
        found = _find(table, key)
        if found is not None:
            both = (value, found.tail) if is_less else (found.tail, value)
            value = yield fun, key, *both
        rows = _put(table, key, Cell(key, value))
    return rows


MORE = {("update", arity): update for arity in (3, 4)}
