"""The hash tables that `dict` and `sets` are: slots in segments of sixteen, one more split or joined as it grows.

A table is the record that the BEAM has: its kind, how many elements and slots it has, how many there may be before it
doubles, half of that, the sizes at which it grows and shrinks by a slot, an empty segment, and the segments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Entry, Failed
from erlsim.terms import Term
from erlsim.terms.hashing import phash

__in_stacks__ = False

SEGMENT = 16
GROW, SHRINK = 5, 3
EMPTY: tuple[Term, ...] = ([],) * SEGMENT
Bucket = list[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One table, taken apart."""

    kind: str
    key_of: Callable[[Any], Term]
    size: int
    slots: int
    most: int
    half: int
    segments: tuple[Any, ...]

    def term(self) -> Term:
        """The record."""
        slots = self.slots
        return (
            self.kind,
            self.size,
            slots,
            self.most,
            self.half,
            slots * GROW,
            slots * SHRINK,
            EMPTY,
            self.segments,
        )

    def slot(self, key: Term) -> int:
        """The number of a key's slot, from 0 on."""
        number = phash(outward(key)) % self.most
        return number if number < self.slots else number - self.half

    def bucket(self, slot: int) -> Bucket:
        """What is in a slot."""
        return listed(self.segments[slot // SEGMENT][slot % SEGMENT]) or []

    def buckets(self) -> list[Bucket]:
        """What is in the slots, of all segments and in them the last first."""
        return [listed(each) or [] for segment in reversed(self.segments) for each in reversed(segment)]

    def with_bucket(self, slot: int, bucket: Bucket) -> Table:
        """The table with something else in a slot."""
        segments = list(self.segments)
        segment = list(segments[slot // SEGMENT])
        segment[slot % SEGMENT] = bucket
        segments[slot // SEGMENT] = tuple(segment)
        return replace(self, segments=tuple(segments))

    def grown(self, count: int) -> Table:
        """`count` (0 or 1) elements are more than before: one more slot if there are too many for those there are."""
        if self.size + count <= self.slots * GROW:
            return replace(self, size=self.size + count)
        table = self
        if self.slots == self.most:
            segments = (*self.segments, *(EMPTY,) * len(self.segments))
            table = replace(self, most=2 * self.most, half=2 * self.half, segments=segments)
        upper, lower = table.slots, table.slots - table.half
        stay: Bucket = []
        move: Bucket = []
        for each in table.bucket(lower):
            (stay if phash(outward(self.key_of(each))) % table.most == lower else move).append(each)
        table = table.with_bucket(lower, stay).with_bucket(upper, move)
        return replace(table, size=self.size + count, slots=upper + 1)

    def shrunk(self, count: int) -> Table:
        """`count` elements are fewer than before: one slot less if there are few for those there are."""
        if self.size - count >= self.slots * SHRINK or self.slots <= SEGMENT:
            return replace(self, size=self.size - count)
        upper = self.slots - 1
        lower = upper - self.half
        table = self.with_bucket(lower, self.bucket(lower) + self.bucket(upper)).with_bucket(upper, [])
        table = replace(table, size=self.size - count, slots=upper)
        if table.slots == table.half:
            kept = table.segments[: len(table.segments) // 2]
            table = replace(table, most=table.most // 2, half=table.half // 2, segments=kept)
        return table


def empty(kind: str, key_of: Callable[[Any], Term]) -> Table:
    """A table without elements."""
    return Table(kind, key_of, 0, SEGMENT, SEGMENT, SEGMENT // 2, (EMPTY,))


def is_table(kind: str, term: Term) -> bool:
    """Whether a term is such a record."""
    return type(term) is tuple and len(term) == 9 and term[0] == kind


def table_of(kind: str, key_of: Callable[[Any], Term], term: Any, asking: Entry = ("dict", "get_slot", 2, [])) -> Table:
    """The table that a record is; if it is none, the function that is `asking` fails."""
    if not is_table(kind, term):
        raise Failed(("badrecord", outward(term)), asking)
    _, size, slots, most, half, _, _, _, segments = term
    return Table(kind, key_of, size, slots, most, half, segments)
