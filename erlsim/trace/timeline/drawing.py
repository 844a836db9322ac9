"""Lifelines in SVG: bars on a common scale, crosses where processes died, arrows from those who ended them."""

from __future__ import annotations

from typing import Any

from erlsim.trace import svg as draw
from erlsim.trace.facts import cut
from erlsim.trace.timeline.lives import Death, Lives
from erlsim.trace.timeline.text import cause_of_death

WIDE, ROW, BAR, TOP, MARGIN = 760, 28, 14, 30, 14
INDENT = 14
LEGEND = ("up", "restarting", "waiting", "down")
THIN = {"down": "down", "deleted": "soft"}
"""The states that are drawn as a thin line, and its colour."""


def ticks(start: Any, end: Any, most: int = 8) -> list[Any]:
    """The instants that a scale names: both ends, and between them multiples of 1, 2 or 5 times a power of ten."""
    length = end - start
    if length <= 0:
        return [start]
    step = next(n * 10**power for power in range(20) for n in (1, 2, 5) if length <= n * 10**power * most)
    between = range(int(start // step + 1) * step, int(end), step)
    # Where the words of two would touch, the end is the one that is said.
    return [start, *(each for each in between if each - start >= step * 0.6 and end - each >= step * 0.6), end]


class Scale:
    """Where an instant lies."""

    def __init__(self, lives: Lives, left: float) -> None:
        self.start = lives.start
        self.length = (lives.end - lives.start) or 1
        self.left = left

    def x(self, time: Any) -> float:
        """In px from the left."""
        return float(self.left + (time - self.start) * WIDE / self.length)


def svg(lives: Lives, text: str) -> str:
    """The whole picture; its cursor, which a script may move, knows the scale by its data attributes."""
    labels = [(INDENT * each.depth, cut(each.title, 30)) for each in lives.lifelines]
    left = MARGIN + max([draw.width(words) + indent for indent, words in labels], default=60) + 14
    scale = Scale(lives, left)
    bottom = TOP + ROW * len(lives.lifelines)
    parts = _scale(lives, scale, bottom)
    for number, (indent, words) in enumerate(labels):
        title = lives.lifelines[number].title
        parts.append(draw.text(MARGIN + indent, TOP + ROW * number + 18, words, "ink", None, title))
        parts += _bars(lives, number, scale)
    parts += [_killer(death, scale) for death in lives.deaths if death.by not in (None, death.line)]
    parts += [_cross(lives, death, scale) for death in lives.deaths]
    parts += _legend(lives, left, bottom + 22)
    notes = [f"… {note}" for note in lives.notes] + ([] if lives.lifelines else ["nothing has happened"])
    for number, note in enumerate(notes):
        parts.append(draw.text(MARGIN, bottom + 44 + 18 * number, note, "soft"))
    title = f"lifelines from {lives.start} to {lives.end} {lives.unit}"
    height = bottom + 36 + 18 * len(notes)
    return draw.picture(left + WIDE + 2 * MARGIN + 20, height, title, parts, text)


def _scale(lives: Lives, scale: Scale, bottom: float) -> list[str]:
    parts = []
    marks = ticks(lives.start, lives.end)
    for time in marks:
        x = scale.x(time)
        parts.append(draw.line(x, TOP - 4, x, bottom + 2, "rule"))
        unit = f" {lives.unit}" if time in (marks[0], marks[-1]) else ""
        parts.append(draw.text(x, TOP - 10, f"{time}{unit}", "soft small", "middle"))
    data = {"data_start": lives.start, "data_end": lives.end, "data_left": scale.left, "data_wide": WIDE}
    parts.append(draw.element("line", x1=scale.left, y1=TOP - 4, x2=scale.left, y2=bottom + 2, cls="cursor", **data))
    return parts


def _bars(lives: Lives, number: int, scale: Scale) -> list[str]:
    parts = []
    y = TOP + ROW * number + (ROW - BAR) / 2
    for span in lives.lifelines[number].spans:
        x1, x2 = scale.x(span.start), scale.x(span.end)
        who = f" as {span.pid!r}" if span.pid is not None else ""
        tip = draw.tip(f"{span.state}{who} from {span.start} to {span.end} {lives.unit}")
        if span.state in THIN:
            parts.append(draw.rect(x1, y + BAR / 2 - 1, max(x2 - x1, 1.0), 2, f"{THIN[span.state]} faint", tip))
        else:
            dashed = " hatched" if span.state != "up" else ""
            parts.append(draw.rect(x1, y, max(x2 - x1, 2.0), BAR, span.state + dashed, tip, rx=2))
    return parts


def _middle(line: int) -> float:
    return TOP + ROW * line + ROW / 2


def _killer(death: Death, scale: Scale) -> str:
    """An arrow from the lifeline of the process that sent the signal to that of the one that died of it."""
    assert death.by is not None
    x = scale.x(death.time)
    y1, y2 = _middle(death.by), _middle(death.line)
    way = 1 if y2 > y1 else -1
    tip = y2 - way * 7
    n = draw.number
    points = f"{n(x)},{n(tip)} {n(x - 4)},{n(tip - way * 7)} {n(x + 4)},{n(tip - way * 7)}"
    dot = draw.element("circle", cx=x, cy=y1, r=3, cls="down")
    return draw.line(x, y1, x, tip, "down-line dotted") + draw.element("polygon", points=points, cls="down") + dot


def _cross(lives: Lives, death: Death, scale: Scale) -> str:
    x, y = scale.x(death.time), _middle(death.line)
    line = lives.lifelines[death.line]
    tip = draw.tip(f"{death.time} {lives.unit}: {line.title} {death.pid!r} {cause_of_death(lives, death)}")
    hit = draw.element("rect", tip, x=x - 7, y=y - 7, width=14, height=14, cls="catch")
    return draw.element(
        "g", draw.cross(x, y, "paper-line", 6), draw.cross(x, y, "down-line"), hit, cls="death", data_event=death.event
    )


def _legend(lives: Lives, x: float, y: float) -> list[str]:
    parts = []
    deleted = any(span.state == "deleted" for line in lives.lifelines for span in line.spans)
    for state in (*LEGEND, "deleted") if deleted else LEGEND:
        if state in THIN:
            parts.append(draw.rect(x, y - 5, 18, 2, f"{THIN[state]} faint"))
        else:
            parts.append(draw.rect(x, y - 10, 18, 11, state + (" hatched" if state != "up" else ""), rx=2))
        parts.append(draw.text(x + 24, y, state, "soft"))
        x += 24 + draw.width(state) + 22
    return [*parts, draw.cross(x + 6, y - 4, "down-line"), draw.text(x + 20, y, "died", "soft")]
