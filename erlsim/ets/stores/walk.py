"""The order in which a hashed table is traversed.

Keys get ascending serial numbers as they come. The place of a deleted key is called dead and is
passed over, but stays for as long as the table is fixed, and usually longer: `next` can go on from it, and a
key that comes back is where it was, so that whoever deletes and inserts during a traversal misses nothing. A
walk is made when a table is first traversed; a table that never is does without.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from typing import Any

Key = Any


class Walk:
    """The places of the keys of `groups`, which the table changes."""

    def __init__(self, groups: Collection[Key]) -> None:
        self.groups = groups
        self.fixed = False
        self.keys: list[Key] = []
        self.serials: list[int] = []
        self.place: dict[Key, int] = {}
        self._last = 0
        self._start = 0
        for key in groups:
            self.add(key)

    def add(self, key: Key) -> None:
        """`key` is new in the table: its place is the last one, unless it still has one."""
        known = self.place.get(key)
        if known is not None:
            self._start = min(self._start, bisect_left(self.serials, known))
            return
        if len(self.keys) > 2 * len(self.groups) + 64 and not self.fixed:
            self.purge()
        self._last += 1
        self.keys.append(key)
        self.serials.append(self._last)
        self.place[key] = self._last

    def purge(self) -> None:
        """Forget dead places."""
        if len(self.keys) == len(self.groups):
            return
        live = [index for index in range(len(self.keys)) if self._lives(index)]
        self.keys = [self.keys[index] for index in live]
        self.serials = [self.serials[index] for index in live]
        self.place = dict(zip(self.keys, self.serials, strict=True))
        self._start = 0

    def first(self) -> Key | None:
        """The first living key, `None` if there is none."""
        # In a table that is emptied from its first key on, dead places must not be passed over again and again.
        self._start = self._next_living(self._start)
        return self._at(self._start)

    def next(self, key: Key) -> Key | None:
        """The first living key after the place of `key`; `KeyError` if it has none."""
        return self._at(self._next_living(bisect_right(self.serials, self.place[key])))

    def after(self, serial: int) -> Iterator[tuple[int, Key]]:
        """Living keys with their serial numbers, those after `serial`; 0 is before all."""
        index = bisect_right(self.serials, serial)
        while index < len(self.keys):
            if self._lives(index):
                yield self.serials[index], self.keys[index]
            index += 1

    def slot(self, index: int) -> Key | None:
        """The key at the place number `index`, `None` if it is dead."""
        if not self.fixed:
            self.purge()
        return self.keys[index] if index < len(self.keys) and self._lives(index) else None

    def _at(self, index: int) -> Key | None:
        return self.keys[index] if index < len(self.keys) else None

    def _next_living(self, index: int) -> int:
        while index < len(self.keys) and not self._lives(index):
            index += 1
        return index

    def _lives(self, index: int) -> bool:
        return self.keys[index] in self.groups
