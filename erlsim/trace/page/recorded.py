"""What was recorded beside the events, put to the events of a page: only what has changed."""

from __future__ import annotations

from typing import Any

from erlsim.trace.page.splices import splice
from erlsim.trace.states import State, States, TableChange

Json = Any


def add_states(events: list[Json], states: States) -> None:
    """Put every change to the event after which it was seen."""
    known: dict[int, dict[str, Json]] = {}
    for change in states.changes:
        number = change.event + 1
        if number >= len(events):
            break
        now, before = _shown(change.state), known.get(change.pid.number, {})
        known[change.pid.number] = now
        # What is there no more is null.
        changed = {name: now.get(name) for name in {**before, **now} if now.get(name) != before.get(name)}
        if changed:
            events[number].setdefault("states", []).append([change.pid.number, changed])
    rows: dict[int, list[str]] = {}
    for event, table in states.tables:
        if event + 1 < len(events):
            events[event + 1].setdefault("tables", []).append([table.number, _table(table, rows)])


def _shown(state: State) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if state.file is not None:
        name = state.file.rpartition("/")[2]
        found["line"] = f"{state.function} ({name}:{state.line})"
        found["source"] = state.source
        found["variables"] = [list(each) for each in state.variables]
    if state.state is not None:
        found["state"] = state.state
    if state.window is not None:
        found["window"] = [list(state.window.seconds), state.window.intensity, state.window.period]
    return found


def _table(table: TableChange, known: dict[int, list[str]]) -> Json:
    if table.rows is None:
        known.pop(table.number, None)
        return None
    before, now = known.get(table.number, []), list(table.rows)
    known[table.number] = now
    return {
        "number": table.number,
        "name": table.name,
        "words": table.words,
        "owner": table.owner,
        "size": table.size,
        "writer": table.writer,
        "written": table.written,
        "rows": splice(before, now),
    }
