"""A race as a value: two operations, what they are for, and what comes of either order, as text and in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from erlsim.reports import as_html
from erlsim.trace.sequence import SequenceChart

# As wide as two pictures side by side may be; wider ones stand one below the other.
WIDEST = 150


class Side(NamedTuple):
    """One of the two operations: whose, what, where in the code."""

    process: str
    operation: str
    place: str


class Order(NamedTuple):
    """One order of the two: who is first, the run's outcome, and what happened."""

    first: str
    outcome: str
    chart: SequenceChart

    def title(self) -> str:
        """The order and what comes of it, in words."""
        return f"{self.first} first: {self.outcome}"


@dataclass(frozen=True, repr=False)
class Race:
    """What two operations raced for; `works` is the order of the earlier run, `fails` that of the failure."""

    what: str
    sides: tuple[Side, Side]
    works: Order
    fails: Order

    def head(self) -> list[str]:
        """What the race is for, and a line for each operation."""
        widths = [max(len(side[column]) for side in self.sides) for column in (0, 1)]
        lines = [f"  {who:<{widths[0]}}  {what:<{widths[1]}}  {where}".rstrip() for who, what, where in self.sides]
        return [f"The race is for {self.what}:", *lines]

    def __str__(self) -> str:
        works, fails = ([each.title(), "", *str(each.chart).splitlines()] for each in (self.works, self.fails))
        return "\n".join([*self.head(), "", *side_by_side(works, fails)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        orders = "".join(
            f'<div style="flex:0 1 auto;min-width:0"><p>{escape(each.title())}</p>{each.chart._repr_html_()}</div>'
            for each in (self.works, self.fails)
        )
        both = f'<div style="display:flex;flex-wrap:wrap;gap:24px">{orders}</div>'
        return as_html("\n".join(self.head())) + both


def side_by_side(left: list[str], right: list[str]) -> list[str]:
    """Two pictures beside each other if there is room."""
    width = max(map(len, left), default=0)
    if width + 4 + max(map(len, right), default=0) > WIDEST:
        return [*left, "", *right]
    rows = max(len(left), len(right))
    padded = [*left, *[""] * (rows - len(left))], [*right, *[""] * (rows - len(right))]
    return [f"{one:<{width}}    {two}".rstrip() for one, two in zip(*padded, strict=True)]
