"""Lifelines as text: bars of characters for terminals, and a Gantt chart in Mermaid's language."""

from __future__ import annotations

from typing import Any

from erlsim.trace.facts import cut, show
from erlsim.trace.picture import Line
from erlsim.trace.timeline.lives import Death, Lifeline, Lives

COLUMNS = 60
BARS = {"up": "━", "restarting": "╍", "waiting": "┄", "down": "·", "deleted": " "}
LEGEND = "━ up   ╍ restarting   ┄ waiting   · down   ╳ died"


def lines(lives: Lives) -> list[Line]:
    """A scale, a bar for each lifeline, a legend, the deaths."""
    if not lives.lifelines:
        return [[("nothing has happened", "note")]]
    labels = [cut("  " * each.depth + each.title, 30) for each in lives.lifelines]
    wide = max(map(len, labels)) + 2
    ends = (f"{lives.start}", f"{lives.end} {lives.unit}")
    scale = ends[0] + ends[1].rjust(COLUMNS - len(ends[0]))
    found: list[Line] = [[(" " * wide + scale, "soft")]]
    for number, (label, lifeline) in enumerate(zip(labels, lives.lifelines, strict=True)):
        found.append([(label.ljust(wide), "strong"), *_bar(lives, number, lifeline)])
    found += [[(f"… {note}", "note")] for note in lives.notes]
    found += [[], [(LEGEND, "soft")]]
    if lives.deaths:
        found.append([])
    return found + [_death(lives, death) for death in lives.deaths]


def _bar(lives: Lives, number: int, lifeline: Lifeline) -> Line:
    cells = [(" ", "")] * (COLUMNS + 1)
    for span in lifeline.spans:
        first, last = column(lives, span.start), column(lives, span.end)
        cells[first : last + 1] = [(BARS[span.state], span.state)] * (last + 1 - first)
    for death in lives.deaths:
        if death.line == number:
            cells[column(lives, death.time)] = ("╳", "down")
    found: Line = []
    for text, style in cells:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + text, style)
        else:
            found.append((text, style))
    return found


def column(lives: Lives, time: Any) -> int:
    """Where an instant lies in a bar."""
    length = lives.end - lives.start
    return int((time - lives.start) * (COLUMNS - 1) // length) if length else 0


def _death(lives: Lives, death: Death) -> Line:
    line = lives.lifelines[death.line]
    pieces = [(f"{death.time:>8} {lives.unit}  ", "soft"), (f"{line.title} ", "strong"), (f"{death.pid!r}", "pid")]
    return [*pieces, (f" {cause_of_death(lives, death)}", "down")]


def cause_of_death(lives: Lives, death: Death) -> str:
    """What a process died of, and who ended it."""
    reason = show(death.reason, 100)
    if death.killer is None or death.killer == death.pid:
        return f"died: {reason}"
    who = f"{lives.lifelines[death.by].title} {death.killer!r}" if death.by is not None else repr(death.killer)
    return f"ended by {who}: {reason}"


# ---- Mermaid ----------------------------------------------------------------

TAGS = {"up": "active", "restarting": "crit", "waiting": "done", "down": "done", "deleted": "done"}


def mermaid(lives: Lives) -> str:
    """A section for each lifeline; the times are ms."""
    rows = ["gantt", "  dateFormat x", "  axisFormat %M:%S.%L"]
    for number, lifeline in enumerate(lives.lifelines):
        rows.append(f"  section {_plain(lifeline.title)}")
        for span in lifeline.spans:
            words = f"{span.state} {span.pid!r}" if span.pid is not None else span.state
            rows.append(f"  {_plain(words)} :{TAGS[span.state]}, {span.start}, {span.end}")
        for death in lives.deaths:
            if death.line == number:
                rows.append(f"  {_plain(cause_of_death(lives, death))} :milestone, {death.time}, {death.time}")
    return "\n".join(rows) + "\n"


def _plain(words: str) -> str:
    """Without what would end a name."""
    return cut("".join(" " if each in ":;#,\n" else each for each in words), 60)
