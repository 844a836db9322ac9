"""Tables whose keys are told apart by `=:=`: set, bag and duplicate_bag.

`groups` maps the key of a key term (`terms.key`) to what the table holds under it. A bag keeps its
rows by their own keys, so that a row that is there already is found at once.

DIVERGES(otp): keys are traversed in the order in which they came; OTP's order is a hash table's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from erlsim.ets.options import Options, badarg
from erlsim.ets.stores.table import END, Row, Table
from erlsim.ets.stores.walk import Walk
from erlsim.terms import Pid, Ref, Term, copy, key
from erlsim.terms.kinds import OWN_KEY

Group = TypeVar("Group")

SLOTS = 256
"""The places of an empty table, as on OTP."""


class Hashed(Table, Generic[Group]):
    """What set, bag and duplicate_bag share: the traversal."""

    def __init__(self, tid: Ref, name: str, options: Options, owner: Pid) -> None:
        super().__init__(tid, name, options, owner)
        self.groups: dict[Any, Group] = {}
        self.walk: Walk | None = None

    def rows_of(self, group: Group) -> list[Row]:
        """The rows of one key, oldest first, in a new list."""
        raise NotImplementedError

    def find(self, key_term: Term) -> list[Row]:
        group = self.groups.get(key(key_term))
        return [] if group is None else self.rows_of(group)

    def has(self, key_term: Term) -> bool:
        return key(key_term) in self.groups

    def pop(self, key_term: Term) -> list[Row]:
        group = self.groups.pop(key(key_term), None)
        return [] if group is None else self.rows_of(group)

    def clear(self) -> None:
        self.groups.clear()
        if self.walk is not None and not self.fixers:
            self.walk.purge()

    def rows(self) -> list[Row]:
        if self.walk is None:
            return [row for group in self.groups.values() for row in self.rows_of(group)]
        return [row for _, rows in self.groups_after(None) for row in rows]

    # ---- traversal --------------------------------------------------------------------

    def traversal(self) -> Walk:
        """The table's walk, made if this is the first need of it."""
        if self.walk is None:
            self.walk = Walk(self.groups)
        self.walk.fixed = bool(self.fixers)
        return self.walk

    def no_longer_fixed(self) -> None:
        if self.walk is not None:
            self.walk.fixed = False
            self.walk.purge()

    def fix(self, pid: Pid, since: tuple[Term, int]) -> None:
        super().fix(pid, since)
        self.traversal()

    def groups_after(self, position: Term, backwards: bool = False) -> Iterator[tuple[Term, list[Row]]]:
        for serial, group_key in self.traversal().after(position or 0):
            yield serial, self.rows_of(self.groups[group_key])

    def first(self) -> Term:
        return self._key_term(self.traversal().first())

    def next(self, key_term: Term) -> Term:
        walk = self.traversal()
        wanted = key(key_term)
        if wanted not in (walk.place if self.fixers else self.groups):
            badarg()
        return self._key_term(walk.next(wanted))

    # There is no way back through a hash table: last and prev are first and next, as on OTP.
    def last(self) -> Term:
        return self.first()

    def prev(self, key_term: Term) -> Term:
        return self.next(key_term)

    def stats(self) -> tuple[int, float, float, float, int, int, int, int]:
        """What `ets:info(Tab, stats)` says: places, rows a place (average, deviation, as expected, least, most), kept.

        Kept are the keys that were deleted since the table was fixed.
        """
        kept = len(self.traversal().keys) - len(self.groups) if self.fixers else 0
        sizes = [len(self.rows_of(group)) for group in self.groups.values()]
        places = max(SLOTS, len(sizes))
        average = sum(sizes) / places
        deviation = math.sqrt(sum(size * size for size in sizes) / places - average * average)
        least = min(sizes, default=0) if len(sizes) == places else 0
        expected = math.sqrt(average * (1 - 1 / places))
        return (places, average, deviation, expected, least, max(sizes, default=0), kept, 1)

    def slot(self, index: int) -> Term:
        walk = self.traversal()
        slots = max(SLOTS, len(walk.keys))
        if index >= slots:
            return END if index == slots else badarg()
        group_key = walk.slot(index)
        return [] if group_key is None else self.copy_out(self.rows_of(self.groups[group_key]))

    def _key_term(self, group_key: Any) -> Term:
        if group_key is None:
            return END
        return copy(self.rows_of(self.groups[group_key])[0][self.at])


class SetTable(Hashed[Row]):
    """One row a key; the last one written stays."""

    def size(self) -> int:
        return len(self.groups)

    def rows_of(self, group: Row) -> list[Row]:
        return [group]

    def rows(self) -> list[Row]:
        return list(self.groups.values()) if self.walk is None else super().rows()

    # Tables of this type are used most, hence the first lines of `key` in these three.

    def find(self, key_term: Term) -> list[Row]:
        row = self.groups.get(key_term if type(key_term) in OWN_KEY else key(key_term))
        return [] if row is None else [row]

    def lookup(self, key_term: Term) -> list[Row]:
        row = self.groups.get(key_term if type(key_term) in OWN_KEY else key(key_term))
        if row is None:
            return []
        return [row] if self.plain else [copy(row)]

    def put(self, row: Row) -> None:
        row_key = row[self.at]
        if type(row_key) not in OWN_KEY:
            row_key = key(row_key)
        if self.walk is not None and row_key not in self.groups:
            self.walk.add(row_key)
        self.groups[row_key] = row

    def discard(self, row: Row) -> None:
        row_key = key(row[self.at])
        there = self.groups.get(row_key)
        if there is not None and key(there) == key(row):
            del self.groups[row_key]


class _Multi(Hashed[Group]):
    """Several rows a key."""

    unique = False

    def __init__(self, tid: Ref, name: str, options: Options, owner: Pid) -> None:
        super().__init__(tid, name, options, owner)
        self.count = 0

    def size(self) -> int:
        return self.count

    def pop(self, key_term: Term) -> list[Row]:
        rows = super().pop(key_term)
        self.count -= len(rows)
        return rows

    def clear(self) -> None:
        self.count = 0
        super().clear()

    def group_for(self, row: Row, empty: Group) -> Group:
        """The rows under the key of `row`; `empty` if it is a new key."""
        row_key = key(row[self.at])
        group = self.groups.get(row_key)
        if group is None:
            if self.walk is not None:
                self.walk.add(row_key)
            self.groups[row_key] = group = empty
        return group


class BagTable(_Multi[dict[Any, Row]]):
    """Different rows under one key; a row that is there already keeps its place."""

    def rows_of(self, group: dict[Any, Row]) -> list[Row]:
        return list(group.values())

    def put(self, row: Row) -> None:
        group = self.group_for(row, {})
        before = len(group)
        group.setdefault(key(row), row)
        self.count += len(group) - before

    def put_all(self, rows: list[Row]) -> None:
        # The last of a list goes in first: seen on OTP 25, nowhere promised.
        for row in reversed(rows):
            self.put(row)

    def discard(self, row: Row) -> None:
        row_key = key(row[self.at])
        group = self.groups.get(row_key)
        if group is not None and group.pop(key(row), None) is not None:
            self.count -= 1
            if not group:
                del self.groups[row_key]


class DuplicateBagTable(_Multi[list[Row]]):
    """Any rows under one key, equal ones too."""

    def rows_of(self, group: list[Row]) -> list[Row]:
        return group[:]

    def put(self, row: Row) -> None:
        self.group_for(row, []).append(row)
        self.count += 1

    def discard(self, row: Row) -> None:
        self.remove([row])

    def remove(self, rows: list[Row]) -> None:
        # A key at a time: one by one, emptying a key of many rows would look at each of them anew.
        by_key: dict[Any, set[Any]] = {}
        for row in rows:
            by_key.setdefault(key(row[self.at]), set()).add(key(row))
        for row_key, unwanted in by_key.items():
            group = self.groups.get(row_key, [])
            kept = [there for there in group if key(there) not in unwanted]
            self.count -= len(group) - len(kept)
            if kept:
                self.groups[row_key] = kept
            else:
                self.groups.pop(row_key, None)

    def replace(self, pairs: list[tuple[Row, Row]]) -> None:
        by_key: dict[Any, dict[Any, Row]] = {}
        for old, new in pairs:
            by_key.setdefault(key(old[self.at]), {})[key(old)] = new
        for row_key, changed in by_key.items():
            self.groups[row_key] = [changed.get(key(row), row) for row in self.groups[row_key]]
