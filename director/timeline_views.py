"""Timelines for the eye: a table as text, for rich and in HTML, and bars in SVG."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from erlsim.terms import Term, exact_eq
from erlsim.terms import format as io_format

if TYPE_CHECKING:
    from director.timeline import Row, Span, Timeline


COLOURS = {
    "up": "#4c9f70",
    "restarting": "#e0a32e",
    "waiting": "#9aa5b1",
    "deleted": "#e6e8eb",
    "stopped": "#c0504d",
}
HEADINGS = ("time", "child", "crash", "count", "element", "decision", "state")

LEFT, WIDTH, BAR, GAP, TOP = 110, 620, 20, 8, 10


def cells(timeline: Timeline) -> list[tuple[str, ...]]:
    """The headings and the rows as text; the column of children only if there are several."""
    several = len(_ids(timeline)) > 1
    rows = [HEADINGS, *(_row(row) for row in timeline.rows)]
    return rows if several else [(time, *rest) for time, _, *rest in rows]


def _row(row: Row) -> tuple[str, ...]:
    element = "" if row.element is None else f"{row.element[0]}: {_text(row.element[1])}"
    return (str(row.time), _text(row.id), _text(row.crash), str(row.nth), element, _text(row.decision), row.state)


def _text(term: Term) -> str:
    return " ".join(io_format("~0tp", [term]).split())


def _ending(timeline: Timeline) -> str:
    if timeline.exit is not None:
        return f"the director stopped: {_text(timeline.exit)}"
    states = [f"{_text(id_)} {_spans(timeline, id_)[-1].state}" for id_ in _ids(timeline)]
    return f"at {timeline.until} ms: " + ", ".join(states)


def _ids(timeline: Timeline) -> list[Term]:
    ids: list[Term] = []
    for span in timeline.spans:
        if not any(exact_eq(span.id, each) for each in ids):
            ids.append(span.id)
    return ids


def _spans(timeline: Timeline, id_: Term) -> list[Span]:
    return [span for span in timeline.spans if exact_eq(span.id, id_)]


# ---- text -------------------------------------------------------------------


def table(timeline: Timeline) -> str:
    """The rows in columns, and the end below them."""
    rows = cells(timeline)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, _ending(timeline)])


def difference(one: Timeline, other: Timeline) -> str:
    """The first row, span or end that two timelines do not share."""
    for number, (here, there) in enumerate(zip(one.rows, other.rows, strict=False), 1):
        for heading, left, right in zip(HEADINGS, here, there, strict=True):
            if not exact_eq("none" if left is None else left, "none" if right is None else right):
                return f"row {number}, {heading}: {_shown(left)} and {_shown(right)}"
    if len(one.rows) != len(other.rows):
        longer = max(one, other, key=lambda each: len(each.rows))
        which = "first" if longer is one else "second"
        number = min(len(one.rows), len(other.rows)) + 1
        return f"row {number} is in the {which} only: {', '.join(_row(longer.rows[number - 1]))}"
    if one != other:
        return f"the end: {_ending(one)} and {_ending(other)}"
    return ""


def _shown(value: Term) -> str:
    return "nothing" if value is None else _text(value)


# ---- rich -------------------------------------------------------------------


def rich_text(timeline: Timeline) -> str:
    """The table in rich's markup, which a rich console understands: the states have their colours."""
    lines = []
    for number, line in enumerate(table(timeline).splitlines()):
        text = line.replace("[", "\\[")
        if number == 0:
            text = f"[bold]{text}[/]"
        elif number <= len(timeline.rows):
            state = timeline.rows[number - 1].state
            text = f"{text.removesuffix(state)}[{COLOURS[state]}]{state}[/]"
        lines.append(text)
    return "\n".join(lines)


# ---- HTML and SVG -----------------------------------------------------------


def html(timeline: Timeline) -> str:
    """A table with a bar below it."""
    headings, *rows = cells(timeline)
    head = "".join(f"<th>{escape(cell)}</th>" for cell in headings)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{escape(_ending(timeline))}</p>{svg(timeline)}"
    )


def svg(timeline: Timeline) -> str:
    """A bar for each child, with a scale and a legend."""
    ids = _ids(timeline)
    bottom = TOP + len(ids) * (BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{bottom + 50}" '
        'font-family="sans-serif" font-size="12" role="img">'
    ]
    for number, id_ in enumerate(ids):
        parts += _bar(timeline, id_, TOP + number * (BAR + GAP))
    parts += _scale(timeline.until, bottom)
    parts += _legend(bottom + 32)
    return "".join([*parts, "</svg>"])


def _bar(timeline: Timeline, id_: Term, top: int) -> list[str]:
    label = escape(_text(id_))
    parts = [f'<text x="{LEFT - 8}" y="{top + 14}" text-anchor="end">{label}</text>']
    for span in _spans(timeline, id_):
        left, right = _x(span.start, timeline.until), _x(span.end, timeline.until)
        parts.append(
            f'<rect x="{left:.1f}" y="{top}" width="{max(right - left, 1.5):.1f}" height="{BAR}" '
            f'fill="{COLOURS[span.state]}"><title>{span.start} to {span.end} ms: {span.state}</title></rect>'
        )
    for row in timeline.rows:
        if exact_eq(row.id, id_):
            x = _x(row.time, timeline.until)
            tip = escape(f"{row.time} ms: {_text(row.crash)}, {_text(row.decision)}")
            parts.append(
                f'<line x1="{x:.1f}" y1="{top - 2}" x2="{x:.1f}" y2="{top + BAR + 2}" stroke="#1f2933">'
                f"<title>{tip}</title></line>"
            )
    return parts


def _x(time: int, until: int) -> float:
    return LEFT + WIDTH * time / max(until, 1)


def _scale(until: int, top: int) -> list[str]:
    parts = [f'<line x1="{LEFT}" y1="{top}" x2="{LEFT + WIDTH}" y2="{top}" stroke="#9aa5b1"/>']
    for quarter in range(5):
        time = until * quarter // 4
        parts.append(f'<text x="{_x(time, until):.1f}" y="{top + 14}" text-anchor="middle">{time}</text>')
    return parts


def _legend(top: int) -> list[str]:
    parts = []
    for number, (state, colour) in enumerate(COLOURS.items()):
        x = LEFT + number * 110
        parts.append(f'<rect x="{x}" y="{top - 10}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{x + 15}" y="{top}">{state}</text>')
    return parts
