"""How a tracker ends its children: one of them, all of them on request, all of them when it exits itself.

One child, and all of them when the tracker is asked to (`shutdown`): children and proxies get `shutdown` at once, all
together, and whoever is still alive after its shutdown time is killed. Under `brutal_kill` the child is killed and
the proxy has 100 ms to clear up; under `infinity` there is no limit.

When the tracker is told to exit it tells the proxies, which clear up before they end their children
(`child.end_with_tracker`), and waits for one after the other: its shutdown time, 20 s under `infinity`; under
`brutal_kill` both are killed at once, and a proxy that has not run yet clears up nothing. Messages that it receives
meanwhile and does not wait for are put back into its mailbox afterwards: a crash report lists them.

Children are told in the order in which the table lists them on OTP.

DIVERGES(gen_tracker): only processes are waited for; the original hangs or crashes when it is told to exit while a
child is being launched.

DIVERGES(gen_tracker): while it waits, a tracker answers a proxy whose child has just started, so that both can end; the
original lets the proxy give up after 30 s. Where a shutdown time is set it does so only for children whose pid was
known: one that is launched within that time is killed when it is over, as there.
"""

from __future__ import annotations

from collections.abc import Iterable

from erlsim import TIMEOUT, erlang
from erlsim.otp import gen_server
from erlsim.terms import Pid, Ref, Term, matchable
from gen_tracker import tables
from gen_tracker.attributes import forget, forget_all
from gen_tracker.options import Options

CLEANUP_TIME = 100
"""How many ms a proxy whose child is killed brutally has for `after_terminate`."""
EXIT_TIMEOUT = 20_000
"""How many ms an exiting tracker waits for a child with `infinity`."""


async def stop_one(zone: Term, row: tables.Row, options: Options) -> None:
    """End one child and wait for it; afterwards its rows are gone."""
    await _stop(zone, [row], options.restart)
    await forget(zone, row[tables.NAME], options)


async def stop_all(zone: Term, options: Options) -> None:
    """End all children, together, and wait for them; afterwards the tables are empty."""
    await _stop(zone, tables.rows(zone), options.restart)
    await forget_all(zone, options)


async def stop_at_exit(zone: Term, options: Options) -> None:
    """End all children because the tracker ends."""
    rows = tables.rows(zone)
    if options.restart:
        _forbid_restarts(zone, rows)
    for row in rows:
        erlang.exit(row[tables.PROXY], "shutdown")
    ending = _Ending(rows, everything=True)
    for row in rows:
        await _end(zone, row, ending)
    await ending.put_back_unread()


async def _stop(zone: Term, rows: list[tables.Row], restart: bool) -> None:
    if restart:
        _forbid_restarts(zone, rows)
    ending = _Ending(rows)
    refs = [ref for row in rows for ref in ending.monitor_all(_tell_to_end(row))]
    begun = erlang.monotonic_time("millisecond")
    for limit, late in _by_limit(rows):
        if await ending.wait_until_gone(refs, begun + limit):
            return
        for row in late:
            _kill(zone, row)
    await ending.wait_until_gone(refs, "infinity")


def _forbid_restarts(zone: Term, rows: Iterable[tables.Row]) -> None:
    for row in rows:
        tables.set_state(zone, row, tables.TERMINATING)


def _tell_to_end(row: tables.Row) -> list[Pid]:
    """Tell a child and its proxy to end, in the order that its shutdown time asks for; the processes to wait for."""
    proxy, pid, shutdown = row[tables.PROXY], row[tables.PID], row[tables.SHUTDOWN]
    if shutdown == "brutal_kill":
        if type(pid) is Pid:
            erlang.exit(pid, "kill")
        return [proxy]
    both = [pid, proxy] if type(pid) is Pid else [proxy]
    for each in reversed(both) if shutdown == "infinity" else both:
        erlang.exit(each, "shutdown")
    return both


def _by_limit(rows: list[tables.Row]) -> list[tuple[int, list[tables.Row]]]:
    """The rows whose children have a limit, in ms, by that limit, the shortest first."""
    limits: dict[int, list[tables.Row]] = {}
    for row in rows:
        shutdown = row[tables.SHUTDOWN]
        if shutdown != "infinity":
            limits.setdefault(CLEANUP_TIME if shutdown == "brutal_kill" else shutdown, []).append(row)
    return sorted(limits.items())


async def _end(zone: Term, row: tables.Row, ending: _Ending) -> None:
    proxy, pid, shutdown = row[tables.PROXY], row[tables.PID], row[tables.SHUTDOWN]
    refs = ending.monitor_all([pid, proxy] if type(pid) is Pid else [proxy])
    if shutdown != "brutal_kill":
        time_left = EXIT_TIMEOUT if shutdown == "infinity" else shutdown
        if await ending.wait_until_gone(refs[-1:], erlang.monotonic_time("millisecond") + time_left):
            return
    _kill(zone, row)
    await ending.wait_until_gone(refs, "infinity")


def _kill(zone: Term, row: tables.Row) -> None:
    """Kill a child and its proxy; the child that has been launched meanwhile, too."""
    now = tables.find_row(zone, row[tables.NAME])
    latest = [now[tables.PID]] if now is not None and now[tables.PROXY] == row[tables.PROXY] else []
    for each in (row[tables.PROXY], row[tables.PID], *latest):
        if type(each) is Pid:
            erlang.exit(each, "kill")


class _Ending:
    """The wait of a tracker for its children to end, during which it does nothing else.

    It receives every message about them, or `everything`: one left in the mailbox would be looked at again for each
    process that is still awaited. `unread` has the messages that nobody waits for in the order in which they came, by
    monitor or by proxy where it is from one. `answered` are the proxies that get an answer when they say that their
    child has started.
    """

    def __init__(self, rows: list[tables.Row], everything: bool = False) -> None:
        self.everything = everything
        self.awaited: set[Ref] = set()
        self.other_monitors = {row[tables.REF] for row in rows}
        self.proxies = frozenset(row[tables.PROXY] for row in rows)
        self.answered = frozenset(
            row[tables.PROXY] for row in rows if type(row[tables.PID]) is Pid or row[tables.SHUTDOWN] == "infinity"
        )
        self.unread: dict[object, Term] = {}

    def monitor_all(self, pids: list[Pid]) -> list[Ref]:
        """Begin to wait for some processes: the references of their monitors."""
        refs = [erlang.monitor("process", pid) for pid in pids]
        self.awaited.update(refs)
        return refs

    async def wait_until_gone(self, refs: list[Ref], due: Term) -> bool:
        """Wait until all of these monitors have fired, at most until `due` (ms, or `"infinity"`): whether they have."""
        for ref in refs:
            while ref in self.awaited:
                left = due if due == "infinity" else due - erlang.monotonic_time("millisecond")
                message = await self._next(left)
                if message is TIMEOUT:
                    return False
                self._handle(message)
            self.unread.pop(ref, None)
        return True

    async def put_back_unread(self) -> None:
        """Put the messages that nobody has waited for back into the mailbox."""
        while (message := await self._next(0)) is not TIMEOUT:
            self._handle(message)
        for message in self.unread.values():
            erlang.send(erlang.self(), message)

    async def _next(self, after: Term) -> Term:
        return await erlang.receive(*([] if self.everything else [self._concerns_children]), after=after)

    def _concerns_children(self, message: Term) -> bool:
        match matchable(message):
            case ("DOWN", ref, "process", _, _):
                return ref in self.awaited or ref in self.other_monitors
            case ("EXIT", pid, _):
                return pid in self.proxies
            case ("$gen_call", _, ("launch_ready", proxy, _, _) as request) if type(request) is tuple:
                return proxy in self.answered
        return False

    def _handle(self, message: Term) -> None:
        if not self._concerns_children(message):
            self.unread[object()] = message
        elif message[0] == "$gen_call":
            gen_server.reply(message[1], "ok")
            # Those who wait for this child get their answers later: the message goes back into the mailbox for that.
            erlang.send(erlang.self(), message[2])
        else:
            self.awaited.discard(message[1])
            self.unread[message[1]] = message
