"""The restart option: what becomes of a child that has died, instead of being forgotten.

Without the option nothing here is used. With it a temporary child is forgotten; a transient one is restarted
unless it ended with `normal`, and forgotten if it cannot be; a permanent one always is, and when it cannot be
it is tried again later. Nothing limits how often: a child that dies at once and is restarted at once makes time
stand still. The attributes stay through a restart, and `after_terminate` runs when the child is forgotten.
"""

from __future__ import annotations

from erlsim import erlang
from erlsim.otp import gen_server
from erlsim.terms import Pid, Term, matchable
from gen_tracker import tables
from gen_tracker.child import Child, answer_those_who_wait, end_with_tracker, start

FIRST_DELAY = 50
LONGER_BY = 150
LONGEST_DELAY = 5_000
"""All in ms. After a delay that is longer than this the first one comes again: 50, 200, ... 5000, 5150, 50."""


def next_delay(delay: Term) -> int:
    """How many ms to wait for the next try, given how many there were before the last one (`"undefined"`: none)."""
    if delay == "undefined" or delay > LONGEST_DELAY:
        return FIRST_DELAY
    return int(delay) + LONGER_BY


async def successor(child: Child, reason: Term) -> Pid | None:
    """The process that takes the place of a child that died of `reason`; `None` if the child is to be forgotten."""
    row = child.row()
    if row is None or row[tables.PID] == tables.TERMINATING or not _should_restart(row[tables.RESTART_TYPE], reason):
        return None
    child.lost(row)
    delay: Term = "undefined"
    while True:
        child.delay("undefined")
        child.become(tables.LAUNCHING)
        await answer_those_who_wait()
        reply, failure = await start(row[tables.MFA])
        if failure is None:
            return _installed(child, reply)
        child.log("error", {"restart_type": row[tables.RESTART_TYPE], "spawn_error": reply, **failure})
        if row[tables.RESTART_TYPE] == "transient":
            return None
        delay = next_delay(delay)
        child.delay(delay)
        child.become(tables.RESTARTING)
        child.tell(reply)
        await _wait_for_next_try(child, delay)


def _should_restart(restart_type: Term, reason: Term) -> bool:
    if restart_type == "transient":
        # DIVERGES(otp): `shutdown` is not a normal end here, as it never was for trackers.
        return not (type(reason) is str and reason == "normal")
    return bool(restart_type == "permanent")


def _installed(child: Child, reply: Term) -> Pid:
    pid: Pid = reply[1]
    child.become(pid)
    child.tell(reply)
    erlang.monitor("process", pid)
    return pid


async def _wait_for_next_try(child: Child, ms: int) -> None:
    """Wait until the next try is due. If the tracker dies meanwhile, there will be none."""
    due = erlang.monotonic_time("millisecond") + ms
    while (left := due - erlang.monotonic_time("millisecond")) > 0:
        match matchable(await erlang.receive(after=left)):
            case ("$gen_call", client, "wait"):
                gen_server.reply(client, "ok")
            case ("EXIT", child.tracker, reason):
                await end_with_tracker(child, None, reason)
