"""The tree with colours for what a strike did to each process, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from erlsim.lab.blast.results import Blast, Place
from erlsim.lab.blast.strikes import moment_text, reason_text
from erlsim.trace import svg as draw

ROW, STEP, MARGIN, PAD = 32, 26, 14, 10
# What happened to a process: the colour that shows it.
STRUCK, FOR_GOOD, BACK, HANGS, COMPLAINED, UNTOUCHED = "struck", "gone", "back", "hangs", "complained", "untouched"
COLOURS = {
    STRUCK: "down",
    FOR_GOOD: "down",
    BACK: "restarting",
    HANGS: "link",
    COMPLAINED: "waiting",
    UNTOUCHED: "up",
}


class Mark(NamedTuple):
    """What happened to one process: one of `COLOURS`, and in words."""

    name: str
    status: str
    words: str


def marks(places: Sequence[Place], blast: Blast) -> list[Mark]:
    """What a strike did to each process of the tree, and to those that came into it."""
    order = {name: number for number, name in enumerate((n for n in blast.fallen if n != blast.victim), 1)}
    names = [place.name for place in places]
    names += [name for name in (*blast.fallen, *(each.caller for each in blast.saw)) if name not in names]
    return [_mark(name, blast, order) for name in dict.fromkeys(names)]


def _mark(name: str, blast: Blast, order: dict[str, int]) -> Mark:
    words = [f"struck by {reason_text(blast.reason)}"] if name == blast.victim else []
    if name in order:
        words.append(f"fell {_ordinal(order[name])}")
    fell = name in blast.fallen
    away = blast.away_ms(name)
    if fell:
        words.append("not back" if away is None else f"back after {away:,} ms")
    elif name == blast.victim and away is None:
        words.append("hangs")
    if name in blast.gave_up:
        words.append("gave up")
    failed = sum(each.caller == name for each in blast.saw)
    if failed:
        words.append(f"{failed} call{'' if failed == 1 else 's'} failed")
    status = BACK if fell and away is not None else FOR_GOOD if fell else UNTOUCHED
    if not fell:
        status = HANGS if "hangs" in words else COMPLAINED if failed else UNTOUCHED
    return Mark(name, STRUCK if name == blast.victim and fell and away is None else status, ", ".join(words))


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else endings.get(number % 10, 'th')}"


def svg(places: Sequence[Place], blast: Blast) -> str:
    """One row a process, below its supervisor."""
    depths = {place.name: place.depth for place in places}
    details = {place.name: place.detail if place.is_supervisor else "" for place in places}
    parts: list[str] = []
    lasts: dict[int, float] = {}
    right = 0.0
    found = marks(places, blast)
    for row, mark in enumerate(found):
        depth = depths.get(mark.name, 0)
        x, y = MARGIN + depth * STEP, MARGIN + ROW * (row + 1)
        if depth:
            top = lasts.get(depth - 1, y) + ROW - 8
            left = x - STEP + 12
            n = draw.number
            parts.append(draw.path(f"M{n(left)} {n(top)}V{n(y + 12)}H{n(x)}", "edge"))
        lasts[depth] = y
        parts += _box(x, y, mark, details.get(mark.name, ""))
        right = max(right, x + _width(mark.name, details.get(mark.name, "")) + 12 + draw.width(mark.words))
    title = f"{blast.victim}: {reason_text(blast.reason)} {moment_text(blast.moment)}"
    head = f"{title}: {blast.outcome_text()}"
    parts.insert(0, draw.text(MARGIN, MARGIN + 14, head, "ink bold"))
    width = max(right, MARGIN + draw.width(head)) + MARGIN
    return draw.picture(width, MARGIN * 2 + ROW * (len(found) + 1), title, parts, str(blast))


def _width(name: str, detail: str) -> float:
    return 2 * PAD + 14 + draw.width(f"{name} {detail}" if detail else name)


def _box(x: float, y: float, mark: Mark, detail: str) -> list[str]:
    colour = COLOURS[mark.status]
    dashed = " dashed" if mark.status == FOR_GOOD else ""
    width = _width(mark.name, detail)
    parts = [draw.rect(x, y, width, ROW - 8, f"panel line-box {colour}-line{dashed}", rx=5)]
    parts.append(draw.element("circle", cx=x + PAD + 2, cy=y + 12.0, r=4, cls=colour))
    parts.append(draw.text(x + PAD + 12, y + 16, mark.name, "ink bold"))
    if detail:
        parts.append(draw.text(x + PAD + 12 + draw.width(mark.name + " "), y + 16, detail, "soft"))
    if mark.words:
        parts.append(draw.text(x + width + 10, y + 16, mark.words, colour))
    return parts
