"""Traces for Perfetto and chrome://tracing: Chrome's trace event format.

Processes are threads of one process, the node. The life of a process is a slice, and each of its events a short slice
in that; an arrow leads from where a message was sent to where it was received. Simulated time stands still while
processes run: the events of one ms are spread over it in their order, so that they can be told apart, and each is
given a short duration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from erlsim.terms import Pid
from erlsim.trace.events import SHELL, Present
from erlsim.trace.facts import Actor, show
from erlsim.trace.history import History

Row = tuple[Any, ...]
Json = dict[str, Any]

NODE = 1
MS = 1000
"""How many µs, the format's unit, a ms has."""
# Which value of an event is the message, or the reason, that names its slice.
MESSAGE_AT = {"send": 1, "receive": 0, "exit_signal": 1, "timer": 1, "arrive": 0}


def chrome(rows: Sequence[Row], present: Iterable[Present], now: Any) -> str:
    """The whole file."""
    events = ",\n".join(_Writer(rows, tuple(present), now).events())
    return f'{{\n"displayTimeUnit": "ms",\n"traceEvents": [\n{events}\n]\n}}\n'


class _Writer:
    def __init__(self, rows: Sequence[Row], present: tuple[Present, ...], now: Any) -> None:
        self.rows = rows
        self.now = now
        self.history = History(present)
        self.stamps, self.step = _stamps(rows)
        self.births: dict[int, float] = {pid.number: 0 for pid, _, _ in present}
        self.actors: dict[int, Actor] = dict(self.history.actors)
        # As text at once: a million events as Python's objects would fill the memory.
        self.out: list[str] = []

    def events(self) -> list[str]:
        """Names first, then everything in order."""
        for row in self.rows:
            self.history.apply(row)
            self._event(row, self.stamps[self.history.index])
        for actor in self.history.actors.values():
            self._life(actor.pid, self.now * MS + MS, "")
        names = [_meta("process_name", 0, "node nonode@nohost")]
        for number, actor in sorted(self.actors.items()):
            title = SHELL if actor.role == SHELL else actor.title
            names.append(_meta("thread_name", number, f"{title} {actor.pid!r}"))
            names.append(_meta("thread_sort_index", number, number))
        return [*map(_text, names), *self.out]

    def _add(self, event: Json) -> None:
        self.out.append(_text(event))

    def _event(self, row: Row, stamp: float) -> None:
        _, kind, pid, *data = row
        self.actors[pid.number] = self.history.actor(pid)
        if kind == "spawn":
            self.births[data[0].number] = stamp
            self.actors[data[0].number] = self.history.actor(data[0])
        if kind == "exit":
            self._life(pid, stamp + self.step, show(data[0], 200))
            return
        words = (
            show(data[MESSAGE_AT[kind]], 120)
            if kind in MESSAGE_AT
            else " ".join(show(each, 60) for each in data if each is not None)
        )
        args = {"event": self.history.index, "data": [show(each, 2000) for each in data if each is not None]}
        self._add(
            {
                "ph": "X",
                "name": f"{kind} {words}".rstrip(),
                "cat": kind,
                "pid": NODE,
                "tid": pid.number,
                "ts": stamp,
                "dur": self.step / 2,
                "args": args,
            }
        )
        if kind == "receive" and self.history.taken >= 0:
            self._flow(self.history.taken, pid, stamp)

    def _life(self, pid: Pid, end: float, reason: str) -> None:
        start = self.births.get(pid.number, 0)
        args = {"reason": reason} if reason else {}
        self._add(
            {
                "ph": "X",
                "name": f"{pid!r}",
                "cat": "life",
                "pid": NODE,
                "tid": pid.number,
                "ts": start,
                "dur": end - start,
                "args": args,
            }
        )

    def _flow(self, origin: int, pid: Pid, stamp: float) -> None:
        sender = self.rows[origin][2]
        same = {"name": "message", "cat": "message", "id": origin, "pid": NODE}
        self._add({**same, "ph": "s", "tid": sender.number, "ts": self.stamps[origin]})
        self._add({**same, "ph": "f", "bp": "e", "tid": pid.number, "ts": stamp})


def _stamps(rows: Sequence[Row]) -> tuple[list[float], float]:
    """When each event is shown, in µs, and how far apart the closest are."""
    counts: dict[Any, int] = {}
    for row in rows:
        counts[row[0]] = counts.get(row[0], 0) + 1
    step = 1.0 if not counts else min(10.0, 900 / max(counts.values()))
    seen: dict[Any, int] = {}
    stamps = []
    for row in rows:
        place = seen[row[0]] = seen.get(row[0], 0) + 1
        stamps.append(round(row[0] * MS + place * step, 3))
    return stamps, round(step, 3)


def _text(event: Json) -> str:
    return json.dumps(event, indent=0)


def _meta(name: str, tid: int, value: Any) -> Json:
    args = {"sort_index": value} if name == "thread_sort_index" else {"name": value}
    return {"ph": "M", "name": name, "pid": NODE, "tid": tid, "args": args}
