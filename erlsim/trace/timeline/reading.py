"""From a trace to lifelines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.terms import Pid, Term
from erlsim.trace.events import SHELL, SYSTEM, Present
from erlsim.trace.facts import Actor, show
from erlsim.trace.history import History
from erlsim.trace.timeline.lives import Death, Lifeline, Span
from erlsim.trace.timeline.timeline import Timeline

Path = tuple[Any, ...]

MAX_LINES = 100
STATES = {"restarting": "restarting", "launching": "restarting", "waiting": "waiting"}
"""What a child's state is called here; every other one without a pid is `down`."""
GONE = "gone"


def timeline(
    rows: Sequence[tuple[Any, ...]], present: Iterable[Present], until: Any, axis: str = "time", most: int = MAX_LINES
) -> Timeline:
    """The lifelines of a trace; `until` is the time at which those end that go on. See `Trace.timeline`."""
    if axis not in ("time", "events"):
        raise ErlsimError(f"the axis of a timeline is 'time' or 'events', not {axis!r}")
    if axis == "time":
        return _Reader(rows, present, until, most).timeline()
    # Each event takes as much room as any other: its number is its time.
    counted = [(number, *row[1:]) for number, row in enumerate(rows)]
    return replace(_Reader(counted, present, len(rows), most).timeline(), unit="events")


@dataclass(slots=True)
class _Line:
    """A lifeline while the trace is read: `changes` are `(time, state, pid)`."""

    path: Path
    title: str
    changes: list[tuple[Any, str, Pid | None]] = field(default_factory=list)
    below: dict[Path, _Line] = field(default_factory=dict)

    def become(self, time: Any, state: str, pid: Pid | None = None) -> None:
        """From now on in another state."""
        if not self.changes or self.changes[-1][1:] != (state, pid):
            self.changes.append((time, state, pid))


class _Reader:
    def __init__(
        self, rows: Sequence[tuple[Any, ...]], present: Iterable[Present], until: Any, most: int = MAX_LINES
    ) -> None:
        self.most = most
        self.rows = rows
        self.present = tuple(present)
        self.until = until
        # For each process that is a supervised child: its supervisor, and the child's key.
        self.child_of: dict[int, tuple[Pid, Any]] = {}
        self.parents: dict[int, Pid] = {}
        for row in rows:
            if row[1] == "child" and isinstance(row[4], Pid):
                self.child_of.setdefault(row[4].number, (row[2], terms.key(row[3])))
            elif row[1] == "spawn":
                self.parents.setdefault(row[3].number, row[2])
        self.history = History(self.present)
        self.root = _Line((), "")
        self.known: dict[Path, _Line] = {(): self.root}
        self.paths: dict[int, Path] = {}
        self.deaths: list[tuple[Any, int, Path, Pid, Term, Pid | None]] = []

    # ---- which lifeline --------------------------------------------------------------

    def _path(self, pid: Pid) -> Path:
        """Where a process stands: the steps from the top, each a child's key or a pid."""
        chain: list[Pid] = []
        steps: list[Any] = []
        while pid.number not in self.paths and pid not in chain:
            chain.append(pid)
            boss, key = self.child_of.get(pid.number, (None, None))
            steps.append(("child", key) if boss is not None else ("pid", pid.number))
            above = boss if boss is not None else self.parents.get(pid.number)
            if above is None:
                break
            pid = above
        path = self.paths.get(pid.number, ())
        for each, step in zip(reversed(chain), reversed(steps), strict=True):
            path = (*path, step)
            self.paths[each.number] = path
        return path if chain else self.paths[pid.number]

    def _line(self, path: Path, title: str = "") -> _Line:
        found = self.known.get(path)
        if found is None:
            above = self._line(path[:-1])
            found = self.known[path] = above.below[path] = _Line(path, title)
        return found

    def _line_of(self, pid: Pid) -> _Line:
        line = self._line(self._path(pid))
        if not line.title or line.path[-1][0] == "pid":
            line.title = _title(self.history.actor(pid))
        return line

    # ---- reading ---------------------------------------------------------------------

    def timeline(self) -> Timeline:
        """Read the whole trace."""
        start = self.rows[0][0] if self.rows else 0
        for pid, role, _ in self.present:
            if role != SYSTEM:
                self._line_of(pid).become(start, "up", pid)
        for row in self.rows:
            self.history.apply(row)
            step = getattr(self, "_on_" + row[1], None)
            if step is not None:
                step(row[0], row[2], *row[3:])
        return self._result(start)

    def _on_spawn(self, time: Any, me: Pid, child: Pid, call: Term) -> None:
        self._line_of(child).become(time, "up", child)

    def _on_label(self, time: Any, me: Pid, call: Term) -> None:
        self._line_of(me)

    _on_register = _on_label

    def _on_shell(self, time: Any, me: Pid) -> None:
        self._line_of(me).become(time, "up", me)

    def _on_exit(self, time: Any, me: Pid, reason: Term, by: Pid | None = None) -> None:
        line = self._line_of(me)
        line.become(time, "down" if me.number in self.child_of else GONE)
        self.deaths.append((time, self.history.index, line.path, me, reason, by))
        for each in line.below.values():
            if each.path[-1][0] == "child" and each.changes and each.changes[-1][1] != "up":
                each.become(time, GONE)

    def _on_child(self, time: Any, me: Pid, id: Term, state: Term) -> None:
        if isinstance(state, Pid):
            self._line_of(state).become(time, "up", state)
            self._name(self._line_of(state), me, id)
            return
        path = (*self._path(me), ("child", terms.key(id)))
        if path in self.known or state != "undefined":
            line = self._line(path)
            self._name(line, me, id)
            line.become(time, GONE if state == "deleted" else STATES.get(state, "down"))

    def _name(self, line: _Line, boss: Pid, id: Term) -> None:
        overseer = self.history.overseers.get(boss.number)
        if overseer is None or not overseer.nameless:
            line.title = show(id, 30)

    # ---- the result ------------------------------------------------------------------

    def _result(self, start: Any) -> Timeline:
        ordered: list[_Line] = []
        waiting = list(reversed(self.root.below.values()))
        while waiting:
            line = waiting.pop()
            ordered.append(line)
            waiting += reversed(line.below.values())
        ordered = [line for line in ordered if line.changes]
        left_out = len(ordered) - self.most
        notes = [f"{left_out:,} more lifelines; raise lines"] if left_out > 0 else []
        ordered = ordered[: self.most]
        end = max([start, self.until, *(row[0] for row in self.rows[-1:])])
        numbers = {line.path: number for number, line in enumerate(ordered)}
        lifelines = [Lifeline(line.title or "process", len(line.path) - 1, _spans(line, end)) for line in ordered]
        deaths = [
            Death(time, event, numbers[path], pid, reason, numbers.get(self._path(by)) if by is not None else None, by)
            for time, event, path, pid, reason, by in self.deaths
            if path in numbers
        ]
        return Timeline(start, end, tuple(lifelines), tuple(deaths), tuple(notes))


def _title(actor: Actor) -> str:
    return SHELL if actor.role == SHELL else actor.title


def _spans(line: _Line, end: Any) -> tuple[Span, ...]:
    found = []
    for (time, state, pid), (until, _, _) in zip(line.changes, [*line.changes[1:], (end, "", None)], strict=True):
        if state != GONE and (until > time or state == "up"):
            found.append(Span(time, until, state, pid))
    return tuple(found)
