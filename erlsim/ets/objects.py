"""Rows in and out: insert, lookup, take, delete and their kin, for one key or one row at a time.

All raise `badarg` for a table that is not there or that the caller may not use. Rows are tuples
with at least `keypos` elements; they are copied on the way in and out.
"""

from __future__ import annotations

from erlsim.ets.operations import (
    DELETE,
    DELETE_ALL_OBJECTS,
    DELETE_OBJECT,
    INSERT,
    INSERT_NEW,
    LOOKUP,
    LOOKUP_ELEMENT,
    MEMBER,
    TAKE,
)
from erlsim.ets.options import badarg, is_position
from erlsim.ets.registry import readable, tables, writable
from erlsim.ets.stores import Row, Table
from erlsim.releases import demand
from erlsim.terms import ABSENT, Term, copy


def insert(table: Term, objects: Term) -> bool:
    """Store a row or a list of rows: `True`.

    In a set or ordered_set a row replaces the one of its key; a list that holds anything but rows
    changes nothing. Mirrors `ets:insert/2`.
    """
    found = writable(table, INSERT, objects)
    if type(objects) is tuple and len(objects) >= found.keypos:
        found.put(found.copy_in(objects))
    else:
        found.put_all(_copied_in(found, objects))
    return True


def insert_new(table: Term, objects: Term) -> bool:
    """As `insert` if none of the keys has a row: `True`; else store nothing: `False`. Mirrors `ets:insert_new/2`."""
    found = writable(table, INSERT_NEW, objects)
    rows = _copied_in(found, objects)
    if any(found.has(row[found.at]) for row in rows):
        return False
    found.put_all(rows)
    return True


def _copied_in(table: Table, objects: Term) -> list[Row]:
    if isinstance(objects, tuple):
        objects = [objects]
    elif not isinstance(objects, list):
        badarg()
    for row in objects:
        check_row(table, row)
    return [table.copy_in(row) for row in objects]


def check_row(table: Table, row: Term) -> None:
    """`badarg` unless `row` is a tuple that reaches to the table's key position."""
    if not isinstance(row, tuple) or len(row) < table.keypos:
        badarg()


def lookup(table: Term, key: Term) -> list[Row]:
    """The rows of `key`, in a bag oldest first. Mirrors `ets:lookup/2`."""
    return readable(table, LOOKUP, key).lookup(key)


def lookup_element(table: Term, key: Term, position: int, default: Term = ABSENT) -> Term:
    """One element of the row of `key`, in a bag a list of those of all its rows.

    `badarg` if the key has no row or a row is too short. Since OTP 26 a fourth argument is the value where the key
    has none. Mirrors `ets:lookup_element/3,4`.
    """
    if default is not ABSENT:
        demand("ets", "lookup_element", [table, key, position, default])
    found = readable(table, LOOKUP_ELEMENT, key)
    rows = found.find(key)
    if not rows and default is not ABSENT and is_position(position):
        return default
    if not is_position(position):
        badarg()
    if not rows:
        badarg("badkey")
    try:
        if found.unique:
            return copy(rows[0][position - 1])
        return [copy(row[position - 1]) for row in rows]
    except IndexError:
        badarg()


def member(table: Term, key: Term) -> bool:
    """Whether `key` has a row. Mirrors `ets:member/2`."""
    return readable(table, MEMBER, key).has(key)


def take(table: Term, key: Term) -> list[Row]:
    """Remove the rows of `key` and return them. Mirrors `ets:take/2`."""
    found = writable(table, TAKE, key)
    return found.copy_out(found.pop(key))


def delete(table: Term, key: Term = ABSENT) -> bool:
    """Delete the whole table, or the rows of `key` in it: `True`. Mirrors `ets:delete/1,2`."""
    found = writable(table, DELETE, key)
    if key is ABSENT:
        tables().drop(found)
    else:
        found.pop(key)
    return True


def delete_object(table: Term, row: Row) -> bool:
    """Delete every row that is `row` (`=:=`): `True`. Mirrors `ets:delete_object/2`."""
    found = writable(table, DELETE_OBJECT, row)
    check_row(found, row)
    found.discard(row)
    return True


def delete_all_objects(table: Term) -> bool:
    """Empty the table: `True`. Mirrors `ets:delete_all_objects/1`."""
    writable(table, DELETE_ALL_OBJECTS).clear()
    return True
