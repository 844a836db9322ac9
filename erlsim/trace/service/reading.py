"""From a trace to a name's service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.hints import nearest
from erlsim.terms import Pid, Term, exact_eq
from erlsim.trace.events import Present
from erlsim.trace.facts import show
from erlsim.trace.history import History
from erlsim.trace.service.calls import calls
from erlsim.trace.service.service import Availability, HighWater, Latency, Outage, Service

Row = tuple[Any, ...]


def serve(
    rows: Sequence[Row], present: Iterable[Present], now: int, name: Term, start: int | None, end: int | None
) -> Service:
    """The service of `name` from `start` (else from when it was first there) to `end` (else `now`).

    `ErlsimError` that lists the names there were if nobody has ever been called so.
    """
    ups = _ups(rows, name)
    if not ups:
        raise _unknown(rows, name)
    begun = ups[0][0] if start is None else start
    until = now if end is None else end
    if begun > until:
        raise ErlsimError(
            f"{show(name)} was first there at {ups[0][0]} ms; there is no time from {begun} to {until} ms"
        )
    pids = {pid.number for _, pid in ups}
    called = show(name)
    outages = [each for each in _outages(rows, ups) if each.start < until and (each.end is None or each.end > begun)]
    clipped = [
        Outage(max(each.start, begun), None if each.end is None or each.end > until else each.end, each.reason)
        for each in outages
    ]
    if start is not None and ups[0][0] > begun:
        clipped.insert(0, Outage(begun, min(ups[0][0], until) if ups[0][0] <= until else None, "not_started"))
    there = [call for call in calls(rows) if isinstance(call.callee, Pid) and call.callee.number in pids]
    within = [call for call in there if begun <= call.asked and call.time <= until]
    return Service(
        name=called,
        start=begun,
        end=until,
        availability=Availability(called, begun, until, clipped),
        restarts=sum(begun <= time <= until for time, _ in ups[1:]),
        mailbox=HighWater(called, _levels(rows, present, pids, begun, until)),
        latency=Latency(
            called,
            tuple(call.time - call.asked for call in within if call.what is None),
            tuple(call for call in within if call.what is not None),
        ),
    )


def _ups(rows: Sequence[Row], name: Term) -> list[tuple[int, Pid]]:
    """When (ms) whom came to be `name`: as a supervisor's child, or else by registering."""
    if isinstance(name, Pid):
        return [(row[0], row[3]) for row in rows if row[1] == "spawn" and row[3] == name]
    found: list[tuple[int, Pid]] = []
    known: set[int] = set()
    for row in rows:
        if row[1] == "child" and isinstance(row[4], Pid) and row[4].number not in known and exact_eq(row[3], name):
            known.add(row[4].number)
            found.append((row[0], row[4]))
    if found:
        return found
    return [(row[0], row[2]) for row in rows if row[1] == "register" and exact_eq(row[3], name)]


def _outages(rows: Sequence[Row], ups: list[tuple[int, Pid]]) -> list[Outage]:
    """The times in which none of those who came was there."""
    ends = {row[2].number: (row[0], row[3]) for row in rows if row[1] == "exit"}
    changes: list[tuple[int, int, int, Term]] = []
    for number, (time, pid) in enumerate(ups):
        changes.append((time, 2 * number, 1, None))
        if pid.number in ends:
            died, reason = ends[pid.number]
            changes.append((died, 2 * number + 1, -1, reason))
    found: list[Outage] = []
    there, since = 0, None
    for time, _, step, reason in sorted(changes, key=lambda change: change[:2]):
        there += step
        if there == 0:
            since = (time, reason)
        elif since is not None:
            if time > since[0]:
                found.append(Outage(since[0], time, since[1]))
            since = None
    if since is not None:
        found.append(Outage(since[0], None, since[1]))
    return found


def _levels(
    rows: Sequence[Row], present: Iterable[Present], pids: set[int], start: int, end: int
) -> list[tuple[int, int]]:
    """How many messages waited, at each instant in which that changed: the most of that instant."""
    history = History(present)
    levels: dict[int, int] = {}
    last = 0
    for row in rows:
        history.apply(row)
        touched = row[3] if row[1] == "send" else row[2]
        if touched.number not in pids or not start <= row[0] <= end:
            continue
        actor = history.actors.get(touched.number)
        count = len(actor.mailbox) if actor is not None else 0
        if count != last:
            levels[row[0]] = max(levels.get(row[0], 0), count, last if row[0] in levels else 0)
            last = count
    return list(levels.items())


def _unknown(rows: Sequence[Row], name: Term) -> ErlsimError:
    """Who there was instead."""
    names: dict[str, None] = {}
    for row in rows:
        if row[1] in ("child", "register"):
            names[terms.format("~0tp", [row[3]])] = None
    there = ", ".join(names) or "nobody had a name"
    hint = nearest(name, names) if isinstance(name, str) else ""
    return ErlsimError(f"nobody was ever called {show(name)} in this trace; there were {there}{hint}")
