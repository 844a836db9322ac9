"""Races between two operations of which none waits: each right nearly always, and each wrong on a BEAM now and then.

Every program is an `async def` with a switch: with the race it fails in some orders of its operations, though in none
in which processes give way only where they wait; mended it fails in no order. To add one, put it into `RACES`.
"""

from __future__ import annotations

from functools import partial

import erlsim
from erlsim import TIMEOUT, Error, erlang, ets
from erlsim.otp import gen_server
from tests.testing.planted import Bug


async def ended(*functions):
    """Run each function in a process of its own, and wait until all of them have ended: none of them may crash."""
    refs = [erlang.spawn_monitor(function)[1] for function in functions]
    for ref in refs:
        why = (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]
        assert why == "normal", f"a process ended: {erlsim.terms.format('~0p', [why])}"


async def whereis_then_send(planted):
    """A name is looked up, and sent to; in between its owner ends."""

    async def server():
        await erlang.receive("stop")

    pid = erlang.spawn(server)
    erlang.register("server", pid)

    def client():
        found = erlang.whereis("server")
        if found != "undefined":
            # Sending to a name that nobody has is an error; to a pid it never is.
            erlang.send("server" if planted else found, "hello")

    await ended(client, lambda: erlang.send(pid, "stop"))


async def read_then_write(planted):
    """A counter is read and written back; in between another does so, too."""
    ets.new("counters", ["named_table", "public"])
    ets.insert("counters", ("hits", 0))

    def count():
        if planted:
            ets.insert("counters", ("hits", ets.lookup_element("counters", "hits", 2) + 1))
        else:
            ets.update_counter("counters", "hits", 1)

    await ended(count, count)
    hits = ets.lookup_element("counters", "hits", 2)
    assert hits == 2, f"an update was lost: {hits}"


async def register_after_check(planted):
    """A name is found to be free, and taken; in between another takes it."""

    def claim():
        if planted:
            if erlang.whereis("leader") == "undefined":
                erlang.register("leader", erlang.self())
        else:
            try:
                erlang.register("leader", erlang.self())
            except Error:
                pass

    await ended(claim, claim)


async def insert_after_check(planted):
    """A row is found missing, and inserted; in between another inserts it: both believe that they are the first."""
    ets.new("locks", ["named_table", "public"])
    me = erlang.self()

    def lock():
        if planted:
            first = not ets.member("locks", "door") and ets.insert("locks", ("door", erlang.self()))
        else:
            first = ets.insert_new("locks", ("door", erlang.self()))
        erlang.send(me, ("first", first))

    await ended(lock, lock)
    answers = [(await erlang.receive(("first", ...)))[1] for _ in range(2)]
    assert answers.count(True) == 1, f"the door has been locked by {answers.count(True)}"


async def lookup_then_delete(planted):
    """A job is read, and deleted; in between another reads it: it is done twice."""
    ets.new("jobs", ["named_table", "public"])
    ets.insert("jobs", ("job", 1))
    me = erlang.self()

    def worker():
        rows = ets.lookup("jobs", "job") if planted else ets.take("jobs", "job")
        if rows:
            ets.delete("jobs", "job")
            erlang.send(me, "done")

    await ended(worker, worker)
    assert await erlang.receive("done") == "done"
    assert await erlang.receive("done", after=0) is TIMEOUT, "a job was done twice"


async def spawn_then_monitor(planted):
    """A process is spawned, then monitored; it may have ended, and its reason is lost."""

    def child():
        erlang.exit("out_of_money")

    if planted:
        pid = erlang.spawn(child)
        ref = erlang.monitor("process", pid)
    else:
        pid, ref = erlang.spawn_monitor(child)
    why = (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4]
    assert why == "out_of_money", f"the reason is {why}"


async def link_then_trap(planted):
    """A process links a child, then says that it traps exits; the child may have crashed before."""

    async def parent():
        if not planted:
            erlang.process_flag("trap_exit", True)
        erlang.spawn_link(partial(erlang.exit, "crash"))
        erlang.process_flag("trap_exit", True)
        await erlang.receive(("EXIT", ..., "crash"))

    await ended(parent)


async def alive_then_register(planted):
    """A process is found alive, and registered; in between it ends."""

    async def worker():
        await erlang.receive("stop")

    pid = erlang.spawn(worker)

    def introduce():
        if planted:
            if erlang.is_process_alive(pid):
                erlang.register("worker", pid)
        else:
            try:
                erlang.register("worker", pid)
            except Error:
                pass

    await ended(introduce, lambda: erlang.send(pid, "stop"))


async def whereis_then_read(planted):
    """A table is found, and read; in between its owner deletes it."""
    ets.new("cache", ["named_table", "public"])

    def reader():
        if planted:
            if ets.whereis("cache") != "undefined":
                ets.lookup("cache", "key")
        else:
            try:
                ets.lookup("cache", "key")
            except Error:
                pass

    pid, ref = erlang.spawn_monitor(reader)
    ets.delete("cache")
    why = (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4]
    assert why == "normal", "the table was gone"


async def demonitor_without_flush(planted):
    """A monitor is taken back, and its message has come before: it lies there for the next receive."""
    _, ref = erlang.spawn_monitor(lambda: None)
    erlang.demonitor(ref, [] if planted else ["flush"])
    message = await erlang.receive(after=0)
    assert message is TIMEOUT, f"a message from nowhere: {message[0]}"


@erlsim.module(name="search_answering")
class Answering:
    """A server that answers, and stops."""

    def init(_):
        return ("ok", "undefined")

    def handle_call(_request, _from, state):
        return ("stop", "normal", "ok", state)


async def stop_then_start(planted):
    """A server answers that it stops, and is started again; its name may not be free yet."""
    for _ in range(2):
        started, server = await gen_server.start(("local", "answering"), Answering, [], [])
        assert started == "ok", f"not started: {server[0]}"
        ref = erlang.monitor("process", server)
        await gen_server.call(server, "stop")
        if not planted:
            await erlang.receive(("DOWN", ref, ..., ..., ...))


async def tell_then_write(planted):
    """A process tells that it is done, and writes; who was told reads too early."""
    ets.new("results", ["named_table", "public"])
    me = erlang.self()

    def worker():
        if not planted:
            ets.insert("results", ("sum", 42))
        erlang.send(me, "done")
        if planted:
            ets.insert("results", ("sum", 42))

    erlang.spawn(worker)
    await erlang.receive("done")
    assert ets.lookup("results", "sum") == [("sum", 42)], "there is no result"


# Found by a thousand schedules of any chooser that preempts: so many are allowed.
BUDGET = 1000

RACES = [
    Bug(whereis_then_send, BUDGET, "badarg"),
    Bug(read_then_write, BUDGET, "an update was lost"),
    Bug(register_after_check, BUDGET, "badarg"),
    Bug(insert_after_check, BUDGET, "has been locked by 2"),
    Bug(lookup_then_delete, BUDGET, "done twice"),
    Bug(spawn_then_monitor, BUDGET, "the reason is noproc"),
    Bug(link_then_trap, BUDGET, "a process ended: crash"),
    Bug(alive_then_register, BUDGET, "badarg"),
    Bug(whereis_then_read, BUDGET, "the table was gone"),
    Bug(demonitor_without_flush, BUDGET, "a message from nowhere"),
    Bug(stop_then_start, BUDGET, "already_started"),
    Bug(tell_then_write, BUDGET, "there is no result"),
]
