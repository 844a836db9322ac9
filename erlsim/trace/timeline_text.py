"""Lifelines as text: bars of characters for terminals, and a Gantt chart in Mermaid's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from erlsim.trace.facts import cut, show
from erlsim.trace.picture import Line

if TYPE_CHECKING:
    from erlsim.trace.timeline import Death, Lifeline, Timeline

COLUMNS = 60
BARS = {"up": "━", "restarting": "╍", "waiting": "┄", "down": "·"}
LEGEND = "━ up   ╍ restarting   ┄ waiting   · down   ╳ died"


def lines(timeline: Timeline) -> list[Line]:
    """A scale, a bar for each lifeline, a legend, the deaths."""
    if not timeline.lifelines:
        return [[("nothing has happened", "note")]]
    labels = [cut("  " * each.depth + each.title, 30) for each in timeline.lifelines]
    wide = max(map(len, labels)) + 2
    ends = (f"{timeline.start}", f"{timeline.end} ms")
    scale = ends[0] + ends[1].rjust(COLUMNS - len(ends[0]))
    found: list[Line] = [[(" " * wide + scale, "soft")]]
    for number, (label, lifeline) in enumerate(zip(labels, timeline.lifelines, strict=True)):
        found.append([(label.ljust(wide), "strong"), *_bar(timeline, number, lifeline)])
    found += [[(f"… {note}", "note")] for note in timeline.notes]
    found += [[], [(LEGEND, "soft")]]
    if timeline.deaths:
        found.append([])
    return found + [_death(timeline, death) for death in timeline.deaths]


def _bar(timeline: Timeline, number: int, lifeline: Lifeline) -> Line:
    cells = [(" ", "")] * (COLUMNS + 1)
    for span in lifeline.spans:
        first, last = column(timeline, span.start), column(timeline, span.end)
        cells[first : last + 1] = [(BARS[span.state], span.state)] * (last + 1 - first)
    for death in timeline.deaths:
        if death.line == number:
            cells[column(timeline, death.time)] = ("╳", "down")
    found: Line = []
    for text, style in cells:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + text, style)
        else:
            found.append((text, style))
    return found


def column(timeline: Timeline, time: Any) -> int:
    """Where an instant lies in a bar."""
    length = timeline.end - timeline.start
    return int((time - timeline.start) * (COLUMNS - 1) // length) if length else 0


def _death(timeline: Timeline, death: Death) -> Line:
    line = timeline.lifelines[death.line]
    pieces = [(f"{death.time:>8} ms  ", "soft"), (f"{line.title} ", "strong"), (f"{death.pid!r}", "pid")]
    return [*pieces, (f" {story(timeline, death)}", "down")]


def story(timeline: Timeline, death: Death) -> str:
    """What a process died of, and at whose hands."""
    reason = show(death.reason, 100)
    if death.killer is None or death.killer == death.pid:
        return f"died: {reason}"
    who = f"{timeline.lifelines[death.by].title} {death.killer!r}" if death.by is not None else repr(death.killer)
    return f"ended by {who}: {reason}"


# ---- Mermaid ----------------------------------------------------------------

TAGS = {"up": "active", "restarting": "crit", "waiting": "done", "down": "done"}


def mermaid(timeline: Timeline) -> str:
    """A section for each lifeline; the times are ms."""
    rows = ["gantt", "  dateFormat x", "  axisFormat %M:%S.%L"]
    for number, lifeline in enumerate(timeline.lifelines):
        rows.append(f"  section {_plain(lifeline.title)}")
        for span in lifeline.spans:
            words = f"{span.state} {span.pid!r}" if span.pid is not None else span.state
            rows.append(f"  {_plain(words)} :{TAGS[span.state]}, {span.start}, {span.end}")
        for death in timeline.deaths:
            if death.line == number:
                rows.append(f"  {_plain(story(timeline, death))} :milestone, {death.time}, {death.time}")
    return "\n".join(rows) + "\n"


def _plain(words: str) -> str:
    """Without what would end a name."""
    return cut("".join(" " if each in ":;#,\n" else each for each in words), 60)
