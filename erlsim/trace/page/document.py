"""The text of a page: its data, its pictures, its script and its style put into its frame."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from importlib import resources
from itertools import islice
from typing import Any

from erlsim.reports import Reports
from erlsim.trace import svg
from erlsim.trace.page.deltas import Deltas
from erlsim.trace.page.recorded import add_states
from erlsim.trace.page.words import KINDS, ROWS
from erlsim.trace.record import Trace
from erlsim.trace.sequence import drawing
from erlsim.trace.sequence.reading import every_row

Json = Any

MAX_EVENTS = 50_000
MAX_REPORTS = 500
MAX_LINES = 1_000
"""How many lifelines are drawn."""
SCRIPTS = ("world", "tree", "processes", "lists", "chart", "filter", "tables", "moves")
"""The parts of the page's script, in the order in which they come."""


def page(
    trace: Trace,
    reports: Reports,
    title: str,
    event: int | None = None,
    player: Sequence[str] = ("player = sim.player()",),
) -> str:
    """The text of the page, which opens after so many events, at the end if `event` is `None`.

    `player` is the code of a player of this run, for what the page shows of going on differently.
    """
    shown = min(len(trace), MAX_EVENTS)
    rows = trace.rows[:shown]
    deltas = Deltas(rows, trace.present)
    if trace.states is not None:
        trace.settle()
        add_states(deltas.events, trace.states)
    counts = Counter(row[1] for row in rows)
    data = {
        "events": deltas.events,
        "titles": {str(number): title for number, title in sorted(deltas.titles.items())},
        "names": {str(number): names for number, names in sorted(deltas.names.items())},
        "parents": {str(number): above for number, above in sorted(deltas.parents.items())},
        "kinds": [[kind, words, counts[kind]] for kind, words in KINDS.items() if counts[kind]],
        "chart": _chart(trace, rows),
        "end": trace.now,
        "start": event,
        "player": list(player),
        "recorded": trace.states is not None,
        "reports": [_report(each, reports) for each in islice(reports, MAX_REPORTS)],
    }
    parts = {
        "title": escape(title),
        "style": svg.style() + "\n" + _asset("page.css"),
        "script": "\n".join(_asset(f"{name}.js") for name in SCRIPTS),
        "summary": escape(f"{len(trace):,} events, {len(deltas.titles):,} processes, {trace.now:,} ms of virtual time"),
        "notes": "".join(f'<p class="note">{escape(note)}</p>' for note in _notes(trace, reports, shown)),
        "last": str(shown),
        "tables": _asset("tables.html") if trace.states is not None else "",
        "chart_legend": _signs(),
        "timeline": "".join(_lifelines(trace, axis) for axis in ("time", "events")),
        # No text can end the element that it is in.
        "data": json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _asset("page.html"))


def embedded(text: str, height: int = 760) -> str:
    """A page as a part of another one: a frame, so that neither's style or script reaches the other."""
    return (
        f'<iframe class="erlsim-page" title="A run of erlsim" srcdoc="{escape(text)}" '
        f'style="width:100%;height:{height}px;border:0" loading="lazy"></iframe>'
    )


def _notes(trace: Trace, reports: Reports, shown: int) -> list[str]:
    """What is not on the page."""
    notes = []
    if len(reports) > MAX_REPORTS:
        notes.append(f"Only the first {MAX_REPORTS:,} of {len(reports):,} reports are here.")
    if len(trace) > shown:
        notes.append(f"Only the first {shown:,} of {len(trace):,} events can be stepped through.")
    if not len(trace):
        notes.append("Nothing was recorded: the simulation ran without a trace.")
    return notes


def _chart(trace: Trace, rows: list[tuple[Any, ...]]) -> Json:
    """What the script draws its chart of: a row is an event's number, a kind, from whom, to whom, words, its answer."""
    found, lanes = every_row(rows, trace.present)
    return {
        "lanes": lanes,
        "rows": [[e.event + 1, e.kind, e.source.number, e.target.number, e.label[:300], e.answer] for e in found],
    }


def _signs() -> str:
    """What the signs of the chart mean, each beside itself."""
    line = '<svg class="erlsim" width="34" height="14" aria-hidden="true">{}</svg>'
    found = []
    for kind, words in ROWS.items():
        found.append(f"<span>{line.format(''.join(drawing.sign(kind)))} {escape(words)}</span>")
    return f'<p class="signs" aria-label="Signs">{"".join(found)}</p>'


def _lifelines(trace: Trace, axis: str) -> str:
    hidden = "" if axis == "time" else " hidden"
    return f'<div data-axis="{axis}"{hidden}>{trace.timeline(axis, MAX_LINES).svg()}</div>'


def _asset(name: str) -> str:
    return resources.files("erlsim.trace").joinpath("assets", name).read_text(encoding="utf-8")


def _report(report: Any, reports: Reports) -> Json:
    text = reports.text(report.event).strip("\n")
    return {"time": report.time_ms, "level": str(report.level), "text": text}
