"""ordered_set: one row a key, keys told apart by `==` and kept in the standard order of terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from erlsim.ets.options import Options, badarg
from erlsim.ets.stores.table import END, Row, Table
from erlsim.terms import Pid, Ref, Term, copy, exact_eq, sort_key


class OrderedTable(Table):
    """Rows by the sort keys of their keys: 1 and 1.0 are one key, the row written last stays."""

    ordered = True

    def __init__(self, tid: Ref, name: str, options: Options, owner: Pid) -> None:
        # A program without such a table does without this import.
        from sortedcontainers import SortedDict

        super().__init__(tid, name, options, owner)
        self.tree: Any = SortedDict()

    def size(self) -> int:
        return len(self.tree)

    def find(self, key_term: Term) -> list[Row]:
        row = self.tree.get(sort_key(key_term))
        return [] if row is None else [row]

    def has(self, key_term: Term) -> bool:
        return sort_key(key_term) in self.tree

    def put(self, row: Row) -> None:
        self.tree[sort_key(row[self.at])] = row

    def pop(self, key_term: Term) -> list[Row]:
        row = self.tree.pop(sort_key(key_term), None)
        return [] if row is None else [row]

    def discard(self, row: Row) -> None:
        place = sort_key(row[self.at])
        there = self.tree.get(place)
        if there is not None and exact_eq(there, row):
            del self.tree[place]

    def clear(self) -> None:
        self.tree.clear()

    def rows(self) -> list[Row]:
        return list(self.tree.values())

    def groups_after(self, position: Term, backwards: bool = False) -> Iterator[tuple[Term, list[Row]]]:
        bounds: dict[str, Any] = {}
        if position is not None:
            bounds["maximum" if backwards else "minimum"] = sort_key(position)
        for place in self.tree.irange(**bounds, inclusive=(False, False), reverse=backwards):
            row = self.tree[place]
            yield row[self.at], [row]

    def first(self) -> Term:
        return self._key_at(0)

    def last(self) -> Term:
        return self._key_at(len(self.tree) - 1)

    def next(self, key_term: Term) -> Term:
        return self._key_at(self.tree.bisect_right(_place(key_term)))

    def prev(self, key_term: Term) -> Term:
        return self._key_at(self.tree.bisect_left(_place(key_term)) - 1)

    def slot(self, index: int) -> Term:
        if index >= len(self.tree):
            return END if index == len(self.tree) else badarg()
        return self.copy_out([self.tree.peekitem(index)[1]])

    def _key_at(self, index: int) -> Term:
        if not 0 <= index < len(self.tree):
            return END
        return copy(self.tree.peekitem(index)[1][self.at])


def _place(key_term: Term) -> Any:
    # What first and next end with is nothing to go on from, be it a key or not.
    if isinstance(key_term, str) and key_term == END:
        badarg()
    return sort_key(key_term)
