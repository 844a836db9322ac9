"""The proxy of one child: the process that starts it, watches it, and clears up when it has died.

A proxy is linked to the tracker and, by starting the child, to the child; it traps exits. Its life is: write the
row, run the start function, tell the tracker, watch. A child that starts slowly thus holds up nobody but those
who ask for it. What is done at each of these steps lives in `child`, restarting in `restarting`.
"""

from __future__ import annotations

import sys

from erlsim import erlang, ets, supervision
from erlsim.otp import gen_server, proc_lib
from erlsim.terms import Pid, Term, matchable
from gen_tracker import tables
from gen_tracker.attributes import forget_failed
from gen_tracker.child import Child, clear_up, end_with_tracker, start
from gen_tracker.options import Options
from gen_tracker.restarting import successor

__erlang_module__ = "gen_tracker"

READY_TIMEOUT = 30_000
"""How many ms the tracker may take to notice that a child has started."""


def spawn_launcher(zone: Term, spec: Term, options: Options) -> Pid:
    """Start a proxy, linked to the calling tracker, that starts the child of `spec`."""
    return proc_lib.spawn_link(sys.modules[__name__], "launch", [erlang.self(), zone, spec, options])


async def start_watcher(zone: Term, row: tables.Row, options: Options) -> None:
    """Start a proxy, linked to the calling tracker, for a child that runs already; it writes the row."""
    await proc_lib.start_link(sys.modules[__name__], "adopt", [erlang.self(), zone, row, options])


async def launch(tracker: Pid, zone: Term, spec: Term, options: Options) -> None:
    """The code of a proxy that starts its child."""
    child = _begin("-launch_child/2-fun-0-", tracker, zone, spec[0], options)
    ets.insert(zone, tables.row(spec, erlang.self(), tables.LAUNCHING))
    supervision.announce(child.name, tables.LAUNCHING, tracker)
    reply, failure = await start(spec[1])
    if failure is None:
        child.become(reply[1])
        await gen_server.call(tracker, ("launch_ready", erlang.self(), child.name, reply), READY_TIMEOUT)
        await _watch(child, reply[1])
    else:
        await forget_failed(zone, child.name, options)
        if failure:
            child.log("error", failure)
        child.tell(reply)


async def adopt(tracker: Pid, zone: Term, row: tables.Row, options: Options) -> None:
    """The code of a proxy whose child was there before it."""
    child = _begin("-handle_call/3-fun-0-", tracker, zone, row[tables.NAME], options)
    ets.insert(zone, tables.watched_by(erlang.self(), row))
    supervision.announce(child.name, row[tables.PID], tracker)
    proc_lib.init_ack(("ok", erlang.self()))
    await _watch(child, row[tables.PID])


def _begin(fun: str, tracker: Pid, zone: Term, name: Term, options: Options) -> Child:
    """`fun` is the one that a proxy begins with in the original: crash reports show it."""
    call = (__erlang_module__, fun, 0)
    supervision.introduce(call)
    erlang.put("$initial_call", call)
    erlang.put("name", ("gen_tracker", zone, "proxy", name))
    erlang.process_flag("trap_exit", True)
    return Child(tracker, zone, name, options)


async def _watch(child: Child, pid: Pid) -> None:
    erlang.monitor("process", pid)
    if not erlang.is_process_alive(pid):
        # Its DOWN comes when others have had their turn; only then the proxy answers calls.
        await erlang.yield_()
    while True:
        match matchable(await erlang.receive()):
            case ("$gen_call", client, "wait"):
                gen_server.reply(client, "ok")
            case ("EXIT", child.tracker, reason):
                await end_with_tracker(child, pid, reason)
            case ("DOWN", _, "process", dead, reason) if dead == pid:
                next_pid = await successor(child, reason) if child.options.restart else None
                if next_pid is None:
                    return await clear_up(child, reason)
                pid = next_pid
