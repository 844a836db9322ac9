"""What all tables have in common: name, owner, rights, fixations, and the store interface.

A table's rows are its own: what goes in is copied by `copy_in`, what comes out by `copy_out`. Rows of
immutable terms need neither, so `plain` says whether no row that ever came in had anything mutable in it.
The store methods work on the table's own rows and check nothing; the functions of ETS check.

`Hashed` and `Ordered` are the two kinds of store; rights are decided in `registry`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from erlsim.ets.options import Options
from erlsim.terms import Pid, Ref, Term, copy

Row = tuple[Term, ...]

END = "$end_of_table"


class Table:
    """One table. `tid` is its reference; `at` the index of the key in a row, one less than `keypos`."""

    ordered: ClassVar[bool] = False
    unique: ClassVar[bool] = True
    """Whether a key has at most one row."""

    def __init__(self, tid: Ref, name: str, options: Options, owner: Pid) -> None:
        self.tid = tid
        self.name = name
        self.options = options
        self.named = options.named_table
        self.keypos = options.keypos
        self.at = options.keypos - 1
        self.owner = owner
        self.alive = True
        self.plain = True
        self.protect(options.protection)
        self.fixers: dict[Pid, int] = {}
        self.fixed_since: tuple[Term, int] | None = None

    def protect(self, protection: str) -> None:
        """Set who may read and write besides the owner."""
        self.protection = protection
        self.private = protection == "private"
        self.public = protection == "public"

    @property
    def handle(self) -> Term:
        """What the table is called by: the name of a named table, else its reference."""
        return self.name if self.named else self.tid

    # ---- copies in and out ---------------------------------------------------------------

    def copy_in(self, term: Term) -> Term:
        """A row, or an element of one, that nobody else can change."""
        copied = copy(term)
        if copied is not term:
            self.plain = False
        return copied

    def copy_out(self, rows: list[Row]) -> list[Row]:
        """Rows for a caller, who may change what is mutable in them."""
        return rows if self.plain else [copy(row) for row in rows]

    # ---- fixations ------------------------------------------------------------------

    def fix(self, pid: Pid, since: tuple[Term, int]) -> None:
        """One more reason of `pid` to keep deleted keys findable for `next`."""
        if not self.fixers:
            self.fixed_since = since
        self.fixers[pid] = self.fixers.get(pid, 0) + 1

    def unfix(self, pid: Pid, altogether: bool = False) -> None:
        """One reason less; `altogether`, none is left."""
        count = self.fixers.pop(pid, 0)
        if count > 1 and not altogether:
            self.fixers[pid] = count - 1
        elif count and not self.fixers:
            self.fixed_since = None
            self.no_longer_fixed()

    def no_longer_fixed(self) -> None:
        """Nobody fixes the table any more."""

    # ---- the store ------------------------------------------------------------------

    def size(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def find(self, key: Term) -> list[Row]:
        """The rows of `key`, in a new list."""
        raise NotImplementedError

    def lookup(self, key: Term) -> list[Row]:
        """The rows of `key` for a caller."""
        return self.copy_out(self.find(key))

    def has(self, key: Term) -> bool:
        """Whether `key` has a row."""
        raise NotImplementedError

    def put(self, row: Row) -> None:
        """Store one row."""
        raise NotImplementedError

    def put_all(self, rows: list[Row]) -> None:
        """Store the rows of one `insert`."""
        for row in rows:
            self.put(row)

    def pop(self, key: Term) -> list[Row]:
        """Remove the rows of `key` and return them."""
        raise NotImplementedError

    def discard(self, row: Row) -> None:
        """Remove every row that is `row` (`=:=`)."""
        raise NotImplementedError

    def remove(self, rows: list[Row]) -> None:
        """Remove rows that are in the table."""
        for row in rows:
            self.discard(row)

    def replace(self, pairs: list[tuple[Row, Row]]) -> None:
        """Put the second row of each pair in the place of the first, which has the same key."""
        for _, row in pairs:
            self.put(row)

    def clear(self) -> None:
        """Remove everything."""
        raise NotImplementedError

    def rows(self) -> list[Row]:
        """All rows in the order of traversal."""
        raise NotImplementedError

    def groups_after(self, position: Term, backwards: bool = False) -> Iterator[tuple[Term, list[Row]]]:
        """The rows key by key, each with the position to go on from; `None` is the position before the first."""
        raise NotImplementedError

    def first(self) -> Term:
        """The first key, or `END`."""
        raise NotImplementedError

    def last(self) -> Term:
        """The last key, or `END`."""
        raise NotImplementedError

    def next(self, key: Term) -> Term:
        """The key after `key`, or `END`; `badarg` where `key` has no place."""
        raise NotImplementedError

    def prev(self, key: Term) -> Term:
        """The key before `key`, or `END`; `badarg` where `key` has no place."""
        raise NotImplementedError

    def slot(self, index: int) -> Term:
        """The rows at one place of the traversal, or `END` after the last place; `badarg` further on."""
        raise NotImplementedError
