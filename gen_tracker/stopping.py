"""How a tracker ends its children: one of them, all of them when it is asked to, all of them when it must.

One, and all when asked (`shutdown`): child and proxy get `shutdown` at once, all children together, and whoever
is not through after its shutdown time is killed. Under `brutal_kill` the child is killed and the proxy has
100 ms to clear up; under `infinity` there is no limit.

When the tracker is told to exit it tells the proxies, which clear up before they end their children (`child.leave`),
and waits for one after the other: its shutdown time, 20 s under `infinity`; under `brutal_kill` both are killed at
once, and a proxy that has not had its turn yet clears up no more.

DIVERGES(otp): only processes are waited for; the original hangs or crashes when it is told to exit while a child is
being launched.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erlsim import TIMEOUT, erlang, ets
from erlsim.terms import Pid, Ref
from gen_tracker import tables

Term = Any

CLEANUP_TIME = 100
"""How many ms a proxy whose child is killed brutally has for `after_terminate`."""
EXIT_PATIENCE = 20_000
"""How many ms an exiting tracker waits for a child with `infinity`."""


async def stop_one(zone: Term, row: tables.Row, restart: bool) -> None:
    """End one child and wait for it; afterwards its rows are gone."""
    await _stop(zone, [row], restart)
    tables.forget(zone, row[tables.NAME])


async def stop_all(zone: Term, restart: bool) -> None:
    """End all children, together, and wait for them; afterwards the tables are empty."""
    await _stop(zone, ets.tab2list(zone), restart)
    tables.forget_all(zone)


async def _stop(zone: Term, rows: list[tables.Row], restart: bool) -> None:
    if restart:
        _forbid_restarts(zone, rows)
    farewell = _Farewell()
    for row in rows:
        farewell.send(row)
    await farewell.wait()


def _forbid_restarts(zone: Term, rows: Iterable[tables.Row]) -> None:
    for row in rows:
        tables.set_state(zone, row[tables.NAME], tables.TERMINATING)


class _Farewell:
    """Children that have been told to end, and who is still awaited."""

    def __init__(self) -> None:
        self.awaited: set[Ref] = set()
        self.proxies: set[Pid] = set()
        """Whose exit messages are taken as well: left in the mailbox, each would be looked at for each that waits."""
        self.late: dict[int, list[Pid]] = {}
        """Whom to kill when so many ms have passed."""

    def send(self, row: tables.Row) -> None:
        """Tell a child and its proxy to end, in the order that its shutdown time asks for."""
        proxy, pid, shutdown = row[tables.PROXY], row[tables.PID], row[tables.SHUTDOWN]
        there = type(pid) is Pid
        self.proxies.add(proxy)
        if shutdown == "brutal_kill":
            if there:
                erlang.exit(pid, "kill")
            self._expect([proxy], CLEANUP_TIME)
            return
        both = [pid, proxy] if there else [proxy]
        for each in reversed(both) if shutdown == "infinity" else both:
            erlang.exit(each, "shutdown")
        self._expect(both, shutdown)

    def _expect(self, pids: list[Pid], after: Term) -> None:
        if after != "infinity":
            self.late.setdefault(after, []).extend(pids)
        for pid in pids:
            self.awaited.add(erlang.monitor("process", pid))

    async def wait(self) -> None:
        """Wait until all are gone, and see to it that they go in time."""
        begun = erlang.monotonic_time("millisecond")
        for after in sorted(self.late):
            if not await self._wait_until(begun + after):
                return
            for pid in self.late[after]:
                erlang.exit(pid, "kill")
        await self._wait_until("infinity")

    async def _wait_until(self, due: Term) -> bool:
        """Wait at most until then: whether anybody is still awaited."""
        while self.awaited:
            left = due if due == "infinity" else due - erlang.monotonic_time("millisecond")
            message = await erlang.receive(self._is_news, after=left)
            if message is TIMEOUT:
                return True
            if message[0] == "DOWN":
                self.awaited.discard(message[1])
        return False

    def _is_news(self, message: Term) -> bool:
        kind = message[0]
        return (kind == "DOWN" and message[1] in self.awaited) or (kind == "EXIT" and message[1] in self.proxies)


# ---- at the tracker's own end ------------------------------------------------------------------------


async def stop_at_exit(zone: Term, restart: bool) -> None:
    """End all children because the tracker ends."""
    rows = ets.tab2list(zone)
    if restart:
        _forbid_restarts(zone, rows)
    for row in rows:
        erlang.exit(row[tables.PROXY], "shutdown")
    departures = _Departures()
    for row in rows:
        await _see_off(row, departures)


async def _see_off(row: tables.Row, departures: _Departures) -> None:
    proxy, pid, shutdown = row[tables.PROXY], row[tables.PID], row[tables.SHUTDOWN]
    both = [each for each in (proxy, pid) if type(each) is Pid]
    for each in reversed(both):
        erlang.monitor("process", each)
    if shutdown != "brutal_kill":
        patience = EXIT_PATIENCE if shutdown == "infinity" else shutdown
        if await departures.of(proxy, patience):
            return
    for each in both:
        erlang.exit(each, "kill")
    for each in both:
        await departures.of(each, "infinity")


class _Departures:
    """Who has gone. Takes exit messages out of the mailbox as well, so that each message is looked at once."""

    def __init__(self) -> None:
        self.gone: set[Pid] = set()

    async def of(self, pid: Pid, patience: Term) -> bool:
        """Wait until `pid` has gone, at most so many ms: whether it has."""
        begun = erlang.monotonic_time("millisecond")
        while pid not in self.gone:
            left = patience if patience == "infinity" else patience - (erlang.monotonic_time("millisecond") - begun)
            message = await erlang.receive(("DOWN", ..., "process", Pid, ...), ("EXIT", Pid, ...), after=left)
            if message is TIMEOUT:
                return False
            if message[0] == "DOWN":
                self.gone.add(message[3])
        return True
