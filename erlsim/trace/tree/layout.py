"""Where the boxes of a drawn tree stand: from left to right, or from the top down.

From the top down, children that have nobody below them stand in a column below their supervisor, so that sixty of
them fit on a screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HIGH, GAP, BETWEEN, MARGIN = 42, 10, 36, 14
INDENT = 16
"""The height of a box, and the room beside it, between generations, around all, and left of a column."""


@dataclass(slots=True)
class Place:
    """A box: the number of its parent's (-1: none), how deep it is, how wide; and, when laid out, where it stands."""

    parent: int
    depth: int
    wide: float
    x: float = 0.0
    y: float = 0.0
    stacked: bool = False


def to_the_right(places: Sequence[Place]) -> None:
    """Children to the right of their supervisor, one below the other; parents come before their children."""
    widths: dict[int, float] = {}
    for place in places:
        widths[place.depth] = max(widths.get(place.depth, 0.0), place.wide)
    lefts: dict[int, float] = {}
    x = float(MARGIN)
    for depth in sorted(widths):
        lefts[depth] = x
        x += widths[depth] + BETWEEN
    row, last = 0, -1
    for place in places:
        if last >= place.depth:
            row += 1
        last = place.depth
        place.x, place.y = lefts[place.depth], float(MARGIN + row * (HIGH + GAP))


def down(places: Sequence[Place]) -> None:
    """Children below their supervisor."""
    below: list[list[int]] = [[] for _ in places]
    for number, place in enumerate(places):
        if place.parent >= 0:
            below[place.parent].append(number)
    row: dict[int, int] = {}
    for group in below:
        # One child alone stands straight below.
        if len(group) > 1 and not any(below[each] for each in group):
            for number, each in enumerate(group, 1):
                places[each].stacked, row[each] = True, number
    _across(places, below)
    for number, place in enumerate(places):
        if place.parent < 0:
            place.y = float(MARGIN)
        elif place.stacked:
            place.y = places[place.parent].y + row[number] * (HIGH + GAP)
        else:
            place.y = places[place.parent].y + HIGH + BETWEEN


def _across(places: Sequence[Place], below: list[list[int]]) -> None:
    free = float(MARGIN)
    for number, place in enumerate(places):
        if below[number]:
            continue
        if not place.stacked:
            place.x = free
            free += place.wide + GAP
            continue
        group = below[place.parent]
        place.x = free + INDENT
        if number == group[-1]:
            # As wide as the widest of the column, and as the supervisor above it.
            free += max([INDENT + places[each].wide for each in group] + [places[place.parent].wide]) + GAP
    for number in range(len(places) - 1, -1, -1):
        group = below[number]
        if group and places[group[0]].stacked:
            places[number].x = places[group[0]].x - INDENT
        elif group:
            first, last = places[group[0]], places[group[-1]]
            places[number].x = max((first.x + last.x + last.wide - places[number].wide) / 2, float(MARGIN))
