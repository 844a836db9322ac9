"""One run as one page: a file that needs no network, with everything that can be looked at and a slider over it.

The page holds the events and, for each of them, what it changes in the tree and in the mailboxes: a splice of the
list of tree lines, and splices of lists of messages. Its script only applies these, so that the tree of any
moment is the one that `Trace.at` gives. Look and behaviour are in `assets`.
"""

from __future__ import annotations

import json
import re
from html import escape
from importlib import resources
from itertools import islice
from typing import Any

from erlsim.reports import Reports
from erlsim.trace.facts import show
from erlsim.trace.history import History
from erlsim.trace.record import Trace
from erlsim.trace.tree import Tree, grow
from erlsim.trace.tree.drawing import STYLES, Fold, Shown, also_known, folded_rows, remarks, what

Json = Any
Splice = tuple[int, int, list[Any]]

MAX_EVENTS = 5_000
MAX_ROWS, MAX_LANES = 400, 24
"""How many rows and lanes of the chart of messages are drawn."""
MAX_REPORTS = 500
TREE_EVENTS = (
    "spawn",
    "exit",
    "label",
    "register",
    "unregister",
    "supervise",
    "child",
    "link",
    "unlink",
    "shell",
    "system",
)


def page(trace: Trace, reports: Reports, title: str) -> str:
    """The text of the page."""
    shown = min(len(trace), MAX_EVENTS)
    events, titles = _events(trace, shown)
    data = {
        "events": events,
        "titles": titles,
        "reports": [_report(each, reports) for each in islice(reports, MAX_REPORTS)],
    }
    notes = []
    if len(reports) > MAX_REPORTS:
        notes.append(f"Only the first {MAX_REPORTS:,} of {len(reports):,} reports are here.")
    if len(trace) > shown:
        notes.append(f"Only the first {shown:,} of {len(trace):,} events can be stepped through.")
    if not len(trace):
        notes.append("Nothing was recorded: the simulation ran without a trace.")
    last = trace[shown - 1].time if shown else trace.now
    parts = {
        "title": escape(title),
        "style": _asset("page.css"),
        "script": _asset("page.js"),
        "summary": escape(f"{len(trace):,} events, {len(titles):,} processes, {trace.now:,} ms of virtual time"),
        "notes": "".join(f'<p class="note">{escape(note)}</p>' for note in notes),
        "last": str(shown),
        "sequence": trace.sequence(end=last, limit=MAX_ROWS, lanes=MAX_LANES).svg(),
        "timeline": trace.timeline().svg(),
        # No text can end the element that it is in.
        "data": json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _asset("page.html"))


def _asset(name: str) -> str:
    return resources.files("erlsim.trace").joinpath("assets", name).read_text(encoding="utf-8")


def _report(report: Any, reports: Reports) -> Json:
    text = reports.text(report.event).strip("\n")
    return {"time": report.time_ms, "level": str(report.level), "text": text}


def _events(trace: Trace, count: int) -> tuple[list[Json], dict[str, str]]:
    """Each event with what it changes; and what every process is called in the end."""
    history = History(trace.present)
    lines = tree_rows(grow(history))
    boxes: dict[int, list[str]] = {}
    titles: dict[int, str] = {}
    found: list[Json] = [{"time": 0, "tree": [0, 0, lines]}]
    for row in trace.rows[:count]:
        history.apply(row)
        event: Json = {"time": row[0], "kind": row[1], "pid": row[2].number, "text": _words(row)}
        if row[1] in TREE_EVENTS:
            now = tree_rows(grow(history))
            if now != lines:
                event["tree"], lines = splice(lines, now), now
        changed = _changed(history, row, boxes)
        if changed:
            event["boxes"] = changed
        found.append(event)
        titles.update({actor.pid.number: actor.title for actor in (history.actor(row[2]),)})
    for actor in history.actors.values():
        titles[actor.pid.number] = "shell" if actor.role == "shell" else actor.title
    return found, {str(number): title for number, title in sorted(titles.items())}


def _words(row: tuple[Any, ...]) -> str:
    return " ".join(show(each, 200) for each in row[3:] if each is not None)


def _changed(history: History, row: tuple[Any, ...], boxes: dict[int, list[str]]) -> list[Json]:
    """The splices of the mailboxes that an event can have changed, which are brought up to date."""
    changed = []
    for pid in (row[2], *(each for each in row[3:4] if hasattr(each, "number"))):
        actor = history.actors.get(pid.number)
        now = [show(message, 300) for message in actor.mailbox] if actor is not None else []
        before = boxes.get(pid.number, [])
        if now != before:
            changed.append([pid.number, *splice(before, now)])
            boxes[pid.number] = now
    return changed


def splice(before: list[Any], after: list[Any]) -> Splice:
    """How one list becomes the other: from where, how many go, what comes."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, len(before) - start - end, after[start : len(after) - end]


def tree_rows(tree: Tree) -> list[Json]:
    """The lines of a tree: depth, title, registered name, pid, words, state, style of the state, remarks."""
    return [_tree_row(node, depth) for node, depth in folded_rows(tree.nodes)]


def _tree_row(node: Shown, depth: int) -> Json:
    if isinstance(node, Fold):
        return [depth, "", "", 0, node.text(), "", "", ""]
    state = "" if node.state == "running" and node.kind != "worker" else node.state
    notes = ", ".join(remarks(node, messages=False))
    pid = node.pid.number if node.pid is not None else 0
    return [depth, node.title, also_known(node), pid, what(node), state, STYLES.get(node.state, "down"), notes]
