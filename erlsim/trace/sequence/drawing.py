"""Sequence charts in SVG: lanes from left to right, time from top to bottom, a row for each thing that happened."""

from __future__ import annotations

from typing import Any

from erlsim.trace import svg as draw
from erlsim.trace.facts import cut
from erlsim.trace.sequence.rows import Chart, Lane, Row

LEFT, TOP, ROW = 64, 58, 26
LEAST, MOST = 130, 330
"""How far apart two lanes are, in px."""
LOOP = 26

TEXTS = {
    "signal": "down",
    "exit": "down",
    "end": "soft",
    "timer": "restarting",
    "start_timer": "restarting",
    "late": "soft",
    "operation": "waiting",
    "heir": "link",
}
LINES = {"spawn": "edge dashed", "signal": "down-line", "exit": "down-line", "end": "edge", "message": "ink-line"}


def svg(chart: Chart) -> str:
    """The chart; each row is a group that knows the number of its event."""
    step = _step(chart)
    right = _right(chart, step)
    bottom = TOP + ROW * len(chart.rows) + 14
    parts = [*_instants(chart, right), *(_lifeline(lane, n, step, bottom) for n, lane in enumerate(chart.lanes))]
    parts += [_row(row, number, step, right) for number, row in enumerate(chart.rows)]
    parts += [_head(lane, number, step) for number, lane in enumerate(chart.lanes)]
    notes = [f"… {note}" for note in chart.notes] + ([] if chart.lanes else ["nothing has happened"])
    height = bottom + 20 * len(notes) + 6
    for number, note in enumerate(notes):
        parts.append(draw.text(LEFT, bottom + 14 + 20 * number, note, "soft"))
        right = max(right, LEFT + draw.width(note) + 30)
    who = ", ".join(lane.title for lane in chart.lanes)
    return draw.picture(right, height, f"messages and signals between {who or 'nobody'}", parts)


def _step(chart: Chart) -> float:
    spans = [
        (draw.width(row.label) + 30) / abs(row.source - row.target) for row in chart.rows if row.source != row.target
    ]
    heads = [max(draw.width(lane.title), draw.width(repr(lane.pid))) + 34 for lane in chart.lanes]
    return min(max([LEAST, *spans, *heads]), MOST)


def _x(lane: int, step: float) -> float:
    return LEFT + step * (lane + 0.5)


def _right(chart: Chart, step: float) -> float:
    """Where the drawing ends, with room for what is written right of the last lane."""
    alone = [
        draw.width(cut(row.label, 60)) + _x(row.source, step) + LOOP for row in chart.rows if row.source == row.target
    ]
    return max([_x(len(chart.lanes) - 1, step) + step / 2, *alone, 240.0]) + 12


def _instants(chart: Chart, right: float) -> list[str]:
    """The time at the left wherever it has moved, with a rule across."""
    parts = []
    before: Any = None
    for number, row in enumerate(chart.rows):
        if row.time != before:
            y = TOP + ROW * number
            parts.append(draw.line(8, y + 3, right - 8, y + 3, "rule"))
            parts.append(draw.text(LEFT - 10, y + ROW - 6, f"{row.time}", "soft", "end"))
            before = row.time
    parts.append(draw.text(LEFT - 10, TOP - 8, "ms", "soft small", "end"))
    return parts


def _lifeline(lane: Lane, number: int, step: float, bottom: float) -> str:
    x = _x(number, step)
    y1 = TOP if lane.first is None else TOP + ROW * lane.first + ROW - 10
    y2 = bottom if lane.last is None else max(TOP + ROW * lane.last + ROW - 10, TOP)
    faint = draw.line(x, TOP, x, bottom, "rule dotted")
    return faint + (draw.line(x, y1, x, y2, "edge") if y2 > y1 else "")


def _head(lane: Lane, number: int, step: float) -> str:
    x = _x(number, step)
    wide = step - 14
    words = cut(lane.title, int((wide - 10) / draw.CHARACTER))
    box = draw.rect(x - wide / 2, 10, wide, 40, "panel edge line-box", rx=5)
    names = draw.text(x, 27, words, "ink bold", "middle", lane.title) + draw.text(
        x, 43, repr(lane.pid), "soft", "middle"
    )
    return draw.element("g", box, names, cls="lane")


def _row(row: Row, number: int, step: float, right: float) -> str:
    y = TOP + ROW * number + ROW - 7
    x1, x2 = _x(row.source, step), _x(row.target, step)
    draws = _at_one_lane if row.source == row.target else _line if row.kind in ("link", "unlink") else _arrow
    hit = draw.rect(0, y - ROW + 10, right, ROW, "hit")
    return draw.element("g", hit, draws(row, x1, x2, y), cls=f"row {row.kind}", data_event=row.event)


def _arrow(row: Row, x1: float, x2: float, y: float) -> str:
    way = 1 if x2 > x1 else -1
    stroke = LINES.get(row.kind, "link-line dotted")
    end = _ending(row, x2, y) if row.kind in ("exit", "end") else draw.head(x2 - way, y, way, _fill(row))
    return draw.line(x1, y, x2 - way * 6, y, stroke) + end + _label(row, x1, x2, y)


def _ending(row: Row, x: float, y: float) -> str:
    """A crash is a cross, a normal end a square."""
    return draw.cross(x, y, "down-line") if row.kind == "exit" else draw.rect(x - 4, y - 4, 8, 8, "soft")


def _line(row: Row, x1: float, x2: float, y: float) -> str:
    ends = "".join(draw.element("circle", cx=x, cy=y, r=3, cls="link") for x in (x1, x2))
    gone = draw.cross((x1 + x2) / 2, y, "link-line", 4) if row.kind == "unlink" else ""
    return draw.line(x1, y, x2, y, "link-line dashed") + ends + gone + _label(row, x1, x2, y)


def _label(row: Row, x1: float, x2: float, y: float) -> str:
    room = int((abs(x2 - x1) - 22) / draw.CHARACTER)
    style = TEXTS.get(row.kind, "link" if row.kind in ("link", "unlink", "monitor") else "ink")
    return draw.text((x1 + x2) / 2, y - 5, cut(row.label, room), f"{style} halo", "middle", row.label)


def _fill(row: Row) -> str:
    return {"signal": "down", "message": "ink", "spawn": "soft"}.get(row.kind, "link")


def sign(kind: str) -> str:
    """A row of some kind without words, 34 px wide and 14 high: for a legend."""
    if kind in ("timer", "late"):
        return draw.element("circle", cx=17, cy=7, r=4, cls=TEXTS[kind])
    row = Row(0, 0, kind, 0, 1, "")
    return (_line if kind == "link" else _arrow)(row, 3, 29, 7)


def _at_one_lane(row: Row, x: float, _x2: float, y: float) -> str:
    """Something that concerns one process: its end, a timer, a message to itself."""
    style = TEXTS.get(row.kind, "ink")
    words = draw.text(x + 12, y - 1, cut(row.label, 60), f"{style} halo", None, row.label)
    if row.kind in ("exit", "end"):
        return _ending(row, x, y - 5) + words
    if row.kind in ("timer", "start_timer", "late", "operation"):
        return draw.element("circle", cx=x, cy=y - 5, r=4, cls=f"{style} mark") + words
    n = draw.number
    loop = draw.path(f"M{n(x)} {n(y - 12)}h18v10h-11", LINES.get(row.kind, "ink-line"))
    return (
        loop
        + draw.head(x + 1, y - 2, -1, _fill(row))
        + draw.text(x + LOOP, y - 3, cut(row.label, 60), f"{style} halo", None, row.label)
    )
