"""Classic races between two operations in a row, each with its mended program.

Each is an `async def` with a switch. With the race it fails under some schedules of a world with `preempt=True`, and
under none without it; mended, under none at all. To add one, put it into `RACES`.
"""

from __future__ import annotations

from functools import partial

import erlsim
import gen_tracker
from erlsim import erlang, ets, timer
from erlsim.otp import gen_server
from tests.gen_tracker.kit import ZONE, tracker


async def ended(*functions):
    """Run each function in a process of its own, and wait until all have ended well."""
    refs = [erlang.spawn_monitor(function)[1] for function in functions]
    for ref in refs:
        down = await erlang.receive(("DOWN", ref, "process", ..., ...))
        assert down[4] == "normal", erlsim.terms.format("~0tp", [down[4]])


async def lost_update(planted):
    """Two clients add one each: read and write are two operations."""
    table = ets.new("counter", ["public"])
    ets.insert(table, ("n", 0))

    def client():
        if planted:
            [(_, n)] = ets.lookup(table, "n")
            ets.insert(table, ("n", n + 1))
        else:
            ets.update_counter(table, "n", 1)

    await ended(client, client)
    assert ets.lookup(table, "n") == [("n", 2)]


async def insert_after_check(planted):
    """Who finds no row is the first, and says so."""
    table = ets.new("locks", ["public"])

    def taker():
        if planted:
            if not ets.member(table, "lock"):
                ets.insert(table, ("lock", erlang.self()))
                ets.update_counter(table, "taken", 1, ("taken", 0))
        elif ets.insert_new(table, ("lock", erlang.self())):
            ets.update_counter(table, "taken", 1, ("taken", 0))

    await ended(taker, taker)
    assert ets.lookup(table, "taken") == [("taken", 1)]


async def send_after_whereis(planted):
    """A name that was there is not there any more."""
    server = erlang.spawn(erlang.receive, ["stop"])
    erlang.register("server", server)
    erlang.send(server, "stop")

    def client():
        found = erlang.whereis("server")
        if found != "undefined":
            erlang.send("server" if planted else found, "hello")

    await ended(client)


async def register_after_check(planted):
    """Two see that a name is free."""

    def starter():
        if planted:
            if erlang.whereis("only") == "undefined":
                erlang.register("only", erlang.self())
            return
        try:
            erlang.register("only", erlang.self())
        except erlsim.Error as taken:
            assert taken.reason == "badarg"

    await ended(starter, starter)


async def register_after_spawn(planted):
    """A child runs before its parent has named it."""

    async def child():
        if not planted:
            await erlang.receive("go")
        erlang.send("child", "tick")
        await erlang.receive("tick")

    async def parent():
        pid, ref = erlang.spawn_monitor(child)
        erlang.register("child", pid)
        erlang.send(pid, "go")
        down = await erlang.receive(("DOWN", ref, "process", ..., ...))
        assert down[4] == "normal", erlsim.terms.format("~0tp", [down[4]])

    await ended(parent)


async def link_after_spawn(planted):
    """A child that has ended cannot be linked any more."""

    def child():
        pass

    def parent():
        if planted:
            erlang.link(erlang.spawn(child))
        else:
            erlang.spawn_link(child)

    await ended(parent)


class Server:
    """A server that stops when it is asked to, and says so before it does."""

    def init(arg):
        return ("ok", arg)

    def handle_call(request, from_, state):
        return ("stop", "normal", "stopped", state)


async def start_after_stop(planted):
    """A server's answer comes before its name is free (erlang/otp#4259)."""
    for _ in range(2):
        started = await gen_server.start(("local", "service"), Server, [], [])
        assert started[0] == "ok", erlsim.terms.format("~0tp", [started])
        ref = erlang.monitor("process", started[1])
        assert await gen_server.call("service", "stop") == "stopped"
        if not planted:
            await erlang.receive(("DOWN", ref, "process", ..., ...))


class Owner:
    """A server with a named table whose `init` fails."""

    def init(arg):
        ets.new("owned", ["named_table"])
        return ("stop", "not_now")


async def start_again_after_a_failed_start(planted):
    """`start` answers before the tables of who failed to start are gone (erlang/otp#6339)."""
    for _ in range(2):
        if planted:
            refused = await gen_server.start(Owner, [], [])
            assert refused == ("error", "not_now"), erlsim.terms.format("~0tp", [refused])
        else:
            # What later releases do: the answer comes when whoever failed has gone.
            _, ref = erlang.spawn_monitor(Owner.init, [[]])
            await erlang.receive(("DOWN", ref, "process", ..., ...))


async def down_of_the_dead(planted):
    """Who is dead has not told everybody yet."""
    pid, ref = erlang.spawn_monitor(lambda: None)
    if planted:
        while erlang.is_process_alive(pid):
            await erlang.yield_()
    down = await erlang.receive(("DOWN", ref, "process", ..., ...), after=0 if planted else "infinity")
    assert down is not erlsim.TIMEOUT


async def attribute_of_the_dead(planted):
    """gen_tracker's setter has seen a child and writes its attribute when the child has been forgotten."""
    await tracker({})
    _, pid = await gen_tracker.find_or_open(ZONE, ("a", ("trk_plain", "start", []), "temporary"))
    if planted:
        erlang.spawn(erlang.exit, [pid, "kill"])
    try:
        await gen_tracker.setattr(ZONE, "a", "k", 1)
    except erlsim.Error as void:
        assert void.reason == ("void_setting", ZONE, "a", "k")
    erlang.exit(pid, "kill")
    # Whatever is to happen because of that has happened before time passes.
    await timer.sleep(1)
    assert ets.tab2list(f"{ZONE}_attrs") == []


RACES = [
    lost_update,
    insert_after_check,
    send_after_whereis,
    register_after_check,
    register_after_spawn,
    link_after_spawn,
    start_after_stop,
    start_again_after_a_failed_start,
    down_of_the_dead,
    attribute_of_the_dead,
]


def planted(race):
    return partial(race, True)


def mended(race):
    return partial(race, False)
