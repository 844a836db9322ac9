"""The blast radius as a table: plain text, `rich`, and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from erlsim.lab.blast.results import Blast, Group, Place
from erlsim.lab.blast.strikes import Moment, moment_text, reason_text
from erlsim.trace.facts import show

if TYPE_CHECKING:
    from rich.console import Group as Shown

HEADS = ("struck", "by", "when", "fell with it", "restarted", "away", "callers saw", "lost", "the tree")
STYLES = {"untouched": "green", "recovered": "green", "changed": "yellow", "down": "red", "spins": "red"}


def rows(groups: list[Group]) -> list[tuple[str, ...]]:
    """The cells of the table; the first of a row stays empty where the victim is that of the row above."""
    table: list[tuple[str, ...]] = []
    before = None
    for victim, reasons, moments, blast in groups:
        by = ", ".join(map(reason_text, reasons))
        table.append(("" if victim == before else victim, by, moments_text(moments), *blast.words))
        before = victim
    return table


def moments_text(moments: list[Moment]) -> str:
    """Some moments in words: the first, and how many more."""
    if len(moments) == 1:
        return moment_text(moments[0])
    instants = sum(isinstance(each, int) for each in moments)
    messages = sum(isinstance(each, tuple) for each in moments)
    parts = ["at rest"] if len(moments) > instants + messages else []
    for count, what in ((instants, "instant"), (messages, "message")):
        if count:
            parts.append(f"{count} {what}{'' if count == 1 else 's'}")
    return ", ".join(parts)


def text(groups: list[Group], tried: str, not_tried: Sequence[str]) -> str:
    """The table with columns that are as wide as they need be; columns in which nothing is are left out."""
    table = rows(groups)
    empty = {"callers saw": "nothing", "lost": "nothing"}
    kept = [at for at, head in enumerate(HEADS) if head not in empty or any(row[at] != empty[head] for row in table)]
    shown = [[HEADS[at] for at in kept], *([row[at] for at in kept] for row in table)]
    widths = [max(len(row[at]) for row in shown) for at in range(len(kept))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown]
    return "\n".join([tried, "", *lines, "", _notes(not_tried)])


def _notes(not_tried: Sequence[str]) -> str:
    return f"Not tried: {'; '.join(not_tried)}."


def rich_table(groups: list[Group], tried: str, not_tried: Sequence[str]) -> Shown:
    """The table for a terminal."""
    from rich.console import Group as Shown
    from rich.markup import escape
    from rich.table import Table

    table = Table(*HEADS, title=tried, title_justify="left", show_lines=False)
    for row, group in zip(rows(groups), groups, strict=True):
        style = STYLES[group.blast.outcome]
        table.add_row(f"[bold]{escape(row[0])}[/]", *map(escape, row[1:-1]), f"[{style}]{escape(row[-1])}[/]")
    return Shown(table, escape(_notes(not_tried)))


def place_json(place: Place) -> dict[str, Any]:
    """One process of the tree at rest."""
    return {"name": place.name, "depth": place.depth, "supervisor": place.is_supervisor, "detail": place.detail}


def blast_json(blast: Blast) -> dict[str, Any]:
    """One blast."""
    return {
        "victim": blast.victim,
        "reason": reason_text(blast.reason),
        "moment": list(blast.moment) if isinstance(blast.moment, tuple) else blast.moment,
        "outcome": blast.outcome,
        "fell": [{**each._asdict(), "reason": show(each.reason)} for each in blast.fell],
        "restarted": [each._asdict() for each in blast.restarted],
        "away_ms": {each.name: each.ms for each in blast.away},
        "saw": [{**each._asdict(), "what": show(each.what)} for each in blast.saw],
        "lost": [{"kind": each.kind, "what": each.what, "count": each.count} for each in blast.lost],
        "gave_up": list(blast.gave_up),
        "failed_starts": blast.failed_starts,
        "differences": list(blast.differences),
    }
