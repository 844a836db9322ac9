"""Sequence charts as text: for terminals, and in Mermaid's language."""

from __future__ import annotations

from typing import Any

from erlsim.trace.facts import cut
from erlsim.trace.picture import Line
from erlsim.trace.sequence.rows import Chart, Lane, Row

TIME, LEAST, MOST = 9, 16, 34
STYLES = {
    "spawn": "soft",
    "message": "message",
    "signal": "signal",
    "exit": "signal",
    "end": "soft",
    "heir": "link",
    "link": "link",
    "unlink": "link",
    "monitor": "link",
    "timer": "restarting",
    "start_timer": "restarting",
    "late": "soft",
    "operation": "waiting",
}
STROKES = {"spawn": "╌", "link": "┄", "unlink": "┄", "monitor": "┄"}
ENDS = {"exit": "╳", "end": "■"}
MARKS = {**ENDS, "timer": "◷", "start_timer": "◷", "late": "•", "operation": "◆", "message": "↻", "signal": "↻"}


def lines(chart: Chart) -> list[Line]:
    """The lanes' heads, then one line a row, then the notes."""
    if not chart.lanes:
        return [[("nothing has happened", "note")], *_notes(chart)]
    width = _lane_width(chart)
    found: list[Line] = [
        [("ms".rjust(TIME - 2) + "  ", "soft"), *((_cell(lane.title, width), "strong") for lane in chart.lanes)],
        [(" " * TIME, ""), *((_cell(repr(lane.pid), width), "pid") for lane in chart.lanes)],
    ]
    before: Any = None
    for number, row in enumerate(chart.rows):
        time = "" if row.time == before else str(row.time)
        before = row.time
        canvas = _Canvas(chart.lanes, number, width)
        canvas.draw(row)
        found.append([(time.rjust(TIME - 2) + "  ", "soft"), *canvas.pieces()])
    return found + _notes(chart)


def _notes(chart: Chart) -> list[Line]:
    return [[(f"… {note}", "note")] for note in chart.notes]


def _cell(words: str, width: int) -> str:
    return cut(words, width - 2).ljust(width)


def _lane_width(chart: Chart) -> int:
    spans = [
        (len(row.label) + 5) / max(abs(row.source - row.target), 1) for row in chart.rows if row.source != row.target
    ]
    titles = [len(lane.title) + 2 for lane in chart.lanes]
    return min(max([LEAST, *map(int, spans), *titles]), MOST)


class _Canvas:
    """One line of the chart, character by character."""

    def __init__(self, lanes: tuple[Lane, ...], number: int, width: int) -> None:
        self.width = width
        self.characters = [" "] * (width * len(lanes) + MOST)
        self.styles = ["frame"] * len(self.characters)
        for place, lane in enumerate(lanes):
            if (lane.first is None or lane.first <= number) and (lane.last is None or number <= lane.last):
                self.characters[place * width] = "│"

    def draw(self, row: Row) -> None:
        """An arrow between two lanes, or a mark at one."""
        style = STYLES[row.kind]
        start, end = row.source * self.width, row.target * self.width
        if start == end:
            self._write(start, f"{MARKS.get(row.kind, '↻')} {cut(row.label, self.width + MOST - 4)}", style)
            return
        left, right = sorted((start, end))
        self._write(left + 1, STROKES.get(row.kind, "─") * (right - left - 1), style)
        words = cut(row.label, right - left - 5)
        self._write(left + 1 + (right - left - 1 - len(words)) // 2, words, style)
        tip = ENDS.get(row.kind, ">" if end > start else "<")
        if row.kind in ENDS:
            self._write(end, tip, style)
        elif row.kind not in ("link", "unlink"):
            self._write(end - 1 if end > start else end + 1, tip, style)

    def _write(self, at: int, words: str, style: str) -> None:
        for offset, character in enumerate(words):
            if at + offset < len(self.characters):
                self.characters[at + offset] = character
                self.styles[at + offset] = style

    def pieces(self) -> Line:
        """The characters, those of one style together."""
        found: Line = []
        for character, style in zip(self.characters, self.styles, strict=True):
            if found and (found[-1][1] == style or character == " "):
                found[-1] = (found[-1][0] + character, found[-1][1])
            else:
                found.append((character, style))
        while found and not found[-1][0].strip():
            found.pop()
        if found:
            found[-1] = (found[-1][0].rstrip(), found[-1][1])
        return found


# ---- Mermaid ----------------------------------------------------------------

ARROWS = {
    "spawn": "-->>",
    "signal": "-x",
    "exit": "-x",
    "end": "-->>",
    "link": "-->",
    "unlink": "-->",
    "monitor": "-->>",
}


def mermaid(chart: Chart) -> str:
    """A sequence diagram; what concerns one process alone is a note at its lane."""
    rows = ["sequenceDiagram"]
    for number, lane in enumerate(chart.lanes):
        rows.append(f"  participant p{number} as {_plain(f'{lane.title} {lane.pid!r}')}")
    before: Any = None
    for row in chart.rows:
        if row.time != before and chart.lanes:
            rows.append(f"  Note over p0,p{len(chart.lanes) - 1}: {row.time} ms")
            before = row.time
        rows.append(f"  {_mermaid_row(row)}")
    if chart.notes and chart.lanes:
        rows += [f"  Note over p0: {_plain(note)}" for note in chart.notes]
    return "\n".join(rows) + "\n"


def _mermaid_row(row: Row) -> str:
    words = _plain(cut(row.label, 80))
    if row.source == row.target:
        what = {"exit": "exits: ", "end": "ends: ", "timer": "timer: "}.get(row.kind, "")
        if row.kind not in ("message", "signal"):
            return f"Note right of p{row.source}: {what}{words}"
    return f"p{row.source}{ARROWS.get(row.kind, '->>')}p{row.target}: {words}"


def _plain(words: str) -> str:
    """What Mermaid would take for its own, as the codes of its characters."""
    return "".join(f"#{ord(each)};" if each in '#;<>"{}' else each for each in words)
