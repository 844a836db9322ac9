"""Programs with a bug planted in them, or not: what the test kit has to find.

Each is an `async def` with a switch. With the bug it fails under some schedules, though not under first-in
first-out; without it, under none. To add one, put it into `BUGS` with the number of schedules in which it must
be found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import erlsim
from erlsim import erlang, ets
from erlsim.otp import gen_server, supervisor


@dataclass(frozen=True)
class Bug:
    """`program(planted)`; `budget` schedules find it; its failure's outcome contains `shows`."""

    program: Callable[[bool], Any]
    budget: int
    shows: str

    @property
    def name(self) -> str:
        return self.program.__name__

    @property
    def planted(self) -> Callable[[], Any]:
        return partial(self.program, True)

    @property
    def mended(self) -> Callable[[], Any]:
        return partial(self.program, False)


async def echo():
    """Answers whatever it is asked."""
    while True:
        sender, request = await erlang.receive((erlsim.terms.Pid, ...))
        erlang.send(sender, ("echo", request))


async def ask(server, request):
    erlang.send(server, (erlang.self(), request))
    return await erlang.receive(("echo", request))


async def joined(*functions):
    """Spawn processes one after the other, with some time between, and wait until all of them have ended."""
    clock = erlang.spawn(echo)
    refs = []
    for number, function in enumerate(functions):
        refs.append(erlang.spawn_monitor(function)[1])
        for step in range(2):
            await ask(clock, (number, step))
    for ref in refs:
        await erlang.receive(("DOWN", ref, "process", ..., "normal"))


async def lost_update(planted):
    """Two processes add one to a counter in a table: one reads before the other has written."""
    table = ets.new("counters", ["public"])
    ets.insert(table, ("hits", 0))
    log = erlang.spawn(echo)

    async def client():
        if planted:
            count = ets.lookup_element(table, "hits", 2)
            await ask(log, "counting")
            ets.insert(table, ("hits", count + 1))
        else:
            await ask(log, "counting")
            ets.update_counter(table, "hits", 1)

    await joined(client, client)
    assert ets.lookup_element(table, "hits", 2) == 2, "an update was lost"


@erlsim.module(name="planted_partner")
class Partner:
    """A gen_server that asks another one when it is told to."""

    def init(polite):
        return ("ok", polite)

    async def handle_cast(request, polite):
        if request[0] == "greet":
            await gen_server.call(request[1], "hello", "infinity")
        elif not polite:
            await gen_server.call(request[1], "hello", "infinity")
        return ("noreply", polite)

    def handle_call(request, _from, polite):
        return ("reply", request, polite)


async def call_cycle(planted):
    """Two servers call each other: if both do so at once, each waits for the other for good."""
    one = (await gen_server.start_link(Partner, not planted, []))[1]
    other = (await gen_server.start_link(Partner, not planted, []))[1]

    async def first():
        gen_server.cast(one, ("greet", other))

    async def second():
        gen_server.cast(other, ("greet_back", one))

    await joined(first, second)
    assert await gen_server.call(one, "done", "infinity") == "done"
    assert await gen_server.call(other, "done", "infinity") == "done"


async def name_race(planted):
    """Whoever does not find the service registers itself as it; two may have looked before either did."""
    log = erlang.spawn(echo)

    async def starter():
        if erlang.whereis("service") == "undefined":
            await ask(log, "starting")
            try:
                erlang.register("service", log)
            except erlsim.Error:
                if planted:
                    raise AssertionError("the name was taken meanwhile") from None

    failures = []

    async def watched():
        try:
            await starter()
        except AssertionError as failure:
            failures.append(str(failure))

    await joined(watched, watched)
    assert failures == [], failures[0]


async def missing_monitor(planted):
    """A client waits for the answer of a server that somebody else kills."""
    server = erlang.spawn(echo)

    async def client():
        ref = erlang.monitor("process", server) if not planted else "none"
        erlang.send(server, (erlang.self(), "question"))
        await erlang.receive(("echo", "question"), ("DOWN", ref, ..., ..., ...))

    async def killer():
        erlang.exit(server, "kill")

    await joined(client, killer)


@erlsim.module(name="planted_database")
class Database:
    """Takes its name only after it has said that it is up."""

    def init(_):
        erlang.send(erlang.self(), "open")
        return ("ok", 0)

    async def handle_info(_message, state):
        await ask("disk", "open")
        erlang.register("database", erlang.self())
        return ("noreply", state)


@erlsim.module(name="planted_reader")
class Reader:
    """Needs the database; `"patient"` readers try again later, others crash."""

    def init(patient):
        erlang.send(erlang.self(), "read")
        return ("ok", patient)

    async def handle_info(_message, patient):
        await ask("disk", "read")
        if erlang.whereis("database") == "undefined":
            if not patient:
                raise erlsim.Exit("no_database")
            erlang.send_after(1, erlang.self(), "read")
        return ("noreply", patient)


@erlsim.module(name="planted_top")
class Top:
    def init(patient):
        children = [
            {"id": "database", "start": ("gen_server", "start_link", [Database, 0, []])},
            {"id": "reader", "start": ("gen_server", "start_link", [Reader, patient, []])},
        ]
        return ("ok", ({"strategy": "one_for_one", "intensity": 0, "period": 5}, children))


async def restart_storm(planted):
    """A child crashes when it starts before its sibling is ready, until its supervisor gives up."""
    erlang.process_flag("trap_exit", True)
    erlang.register("disk", erlang.spawn(echo))
    _, pid = await supervisor.start_link(Top, not planted)
    gone = await erlang.receive(("EXIT", pid, ...), after=100)
    assert gone is erlsim.TIMEOUT, "the supervisor gave up"


async def leaked_timer(planted):
    """A timeout that fires with the answer is left in the mailbox, and taken for the next request's."""

    async def request(number, takes):
        me = erlang.self()
        timer = erlang.start_timer(10, me, "give_up")
        erlang.send_after(takes, me, ("reply", number))
        answer = await erlang.receive(("reply", number), ("timeout", ..., "give_up"))
        if answer[0] == "timeout":
            return "late"
        if erlang.cancel_timer(timer) is False and not planted:
            await erlang.receive(("timeout", timer, ...), after=0)
        return "in_time"

    await request(1, 10)
    assert await request(2, 5) == "in_time", "the timeout of an earlier request was taken for this one's"


async def outliving_child(planted):
    """A parent that is killed before it has linked itself to its child leaves it behind."""
    children = []
    log = erlang.spawn(echo)

    async def parent():
        if planted:
            child = erlang.spawn(echo)
            children.append(child)
            await ask(log, "child is up")
            erlang.link(child)
        else:
            children.append(erlang.spawn_link(echo))
            await ask(log, "child is up")
        await erlang.receive("never")

    pid, ref = erlang.spawn_monitor(parent)
    for step in range(3):
        await ask(log, step)
    erlang.exit(pid, "kill")
    await erlang.receive(("DOWN", ref, ..., ..., ...))
    await ask(log, "last")
    await erlang.receive(after=1)
    assert not any(map(erlang.is_process_alive, children)), "a child outlived its parent"


BUGS = (
    Bug(lost_update, 50, "an update was lost"),
    Bug(call_cycle, 200, "Deadlock"),
    Bug(name_race, 50, "the name was taken meanwhile"),
    Bug(missing_monitor, 100, "Deadlock"),
    Bug(restart_storm, 50, "the supervisor gave up"),
    Bug(leaked_timer, 20, "taken for this one's"),
    Bug(outliving_child, 100, "a child outlived its parent"),
)
