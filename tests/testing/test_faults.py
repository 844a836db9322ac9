"""Faults rule whom they name, when they say; the chooser decides whether, so that they replay and shrink."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang
from erlsim.otp import gen_server, supervisor
from erlsim.testing import (
    Fifo,
    child,
    crash,
    delay,
    explore,
    fail_start,
    hold,
    ignore_shutdown,
    kill,
    replay,
    run_once,
    shrink,
)


@erlsim.module(name="faults_worker")
class Worker:
    def start_link(name):
        return gen_server.start_link(("local", name), Worker, name, [])

    def init(name):
        return ("ok", name)

    def handle_call(request, _from, name):
        return ("reply", (name, request), name)

    def handle_info(_message, name):
        return ("noreply", name)


@erlsim.module(name="faults_top")
class Top:
    def init(_):
        children = [{"id": name, "start": (Worker, "start_link", [name]), "shutdown": 100} for name in ("one", "other")]
        return ("ok", ({"intensity": 3}, children))


async def top():
    erlang.process_flag("trap_exit", True)
    return (await supervisor.start_link(Top, []))[1]


def test_a_fault_waits_for_the_chooser_and_first_in_first_out_has_none(sim):
    async def main():
        await top()
        rule = kill("one")
        pid = erlang.whereis("one")
        await gen_server.call("one", "hello")
        await erlang.receive(after=10)
        return rule.ended == [] and erlang.whereis("one") == pid

    assert sim.run(main)


def test_a_certain_death_by_name_comes_at_once_and_is_seen_by_the_supervisor(sim):
    async def main():
        await top()
        before = erlang.whereis("one")
        rule = kill("one", certain=True)
        await erlang.receive(after=10)
        return before, rule.ended, erlang.whereis("one")

    before, ended, after = sim.run(main)
    assert ended == [(0, before)]
    assert after not in (before, "undefined")
    reasons = [dict(r.report["report"])["reason"] for r in sim.reports if r.label == ("supervisor", "child_terminated")]
    assert reasons == ["killed"]


def test_a_child_is_found_by_its_id_and_by_the_number_of_its_start(sim):
    async def main():
        second = crash(child("other"), "boom", nth=2, certain=True)
        await top()
        first_pid = erlang.whereis("other")
        erlang.exit(first_pid, "kill")
        await erlang.receive(after=10)
        return first_pid, second.ended

    first_pid, ended = sim.run(main)
    assert len(ended) == 1
    assert ended[0][1] != first_pid
    reasons = [dict(r.report["report"])["reason"] for r in sim.reports if r.label == ("supervisor", "child_terminated")]
    assert reasons == ["killed", "boom"]


def test_a_death_comes_at_its_instant(sim):
    async def main():
        await top()
        pid = erlang.whereis("one")
        ref = erlang.monitor("process", pid)
        crash("one", "boom", at=25, certain=True)
        await erlang.receive(("DOWN", ref, "process", pid, "boom"))
        return sim.now

    assert sim.run(main) == 25


def test_a_death_comes_after_so_many_messages(sim):
    async def main():
        await top()
        kill("one", after=2, certain=True)
        answers = [await gen_server.call("one", n) for n in range(2)]
        pid = erlang.whereis("one")
        await erlang.receive(after=1)
        return answers, pid == erlang.whereis("one")

    assert sim.run(main) == ([("one", 0), ("one", 1)], False)


def test_a_start_fails_so_many_times_and_then_succeeds(sim):
    async def main():
        fault = fail_start(Worker, times=2, reason="no_disk", certain=True)
        results = [await gen_server.start(Worker, "w", []) for _ in range(3)]
        return fault.failed, [result if result[0] == "error" else result[0] for result in results]

    assert sim.run(main) == (2, [("error", "no_disk"), ("error", "no_disk"), "ok"])


def test_a_start_that_fails_in_one_simulation_succeeds_in_the_next():
    async def failing():
        fail_start(Worker, times=5, certain=True)
        return (await gen_server.start(Worker, "w", []))[0]

    async def plain():
        return (await gen_server.start(Worker, "w", []))[0]

    assert [erlsim.run(failing), erlsim.run(plain)] == ["error", "ok"]


def test_a_delayed_message_is_late_and_those_behind_it_keep_their_order(sim):
    async def main():
        me = erlang.self()

        async def forward():
            for n in range(3):
                erlang.send(me, (n, sim.now))
                await erlang.receive(after=2)

        pid = erlang.spawn(forward)
        road = delay(pid, me, 10, certain=True)
        first = await erlang.receive()
        road.stop()
        rest = [await erlang.receive(), await erlang.receive()]
        return first, rest, sim.now, road.affected

    assert sim.run(main) == ((0, 0), [(1, 2), (2, 4)], 14, 3)


def test_held_signals_come_in_order_when_they_are_released(sim):
    async def main():
        me = erlang.self()

        def talk():
            for n in range(3):
                erlang.send(me, n)

        pid, ref = erlang.spawn_monitor(talk)
        road = hold(pid, me, certain=True)
        nothing = await erlang.receive(after=50)
        road.release()
        return (
            nothing,
            [await erlang.receive() for _ in range(3)],
            await erlang.receive() == (("DOWN", ref, "process", pid, "normal")),
        )

    assert sim.run(main) == (erlsim.TIMEOUT, [0, 1, 2], True)


def test_what_is_held_forever_is_a_deadlock_that_can_be_seen(sim):
    async def main():
        me = erlang.self()
        pid = erlang.spawn(lambda: erlang.send(me, "hello"))
        hold(pid, me, certain=True)
        await erlang.receive()

    with pytest.raises(erlsim.Deadlock):
        sim.run(main)


def test_what_is_held_until_an_instant_arrives_then(sim):
    async def main():
        me = erlang.self()
        hold(erlang.spawn(lambda: erlang.send(me, "hello")), me, until=30, certain=True)
        return await erlang.receive(), sim.now

    assert sim.run(main) == ("hello", 30)


def test_a_child_that_ignores_its_shutdown_is_killed_when_its_time_is_over(sim):
    async def main():
        pid = await top()
        road = ignore_shutdown(child("one"), certain=True)
        erlang.exit(pid, "shutdown")
        await erlang.receive(("EXIT", pid, "shutdown"))
        return sim.now, road.affected

    assert sim.run(main) == (100, 1)


async def fragile():
    """Works unless the worker dies between two calls."""
    await top()
    kill("one")
    for n in range(5):
        assert await gen_server.call("one", n) == ("one", n)


def test_exploration_finds_a_fault_and_its_schedule_replays_and_shrinks_to_that_fault_alone():
    assert run_once(fragile, Fifo()).outcome == "ok"
    found = explore(fragile, 100, progress=False).failures[0]
    assert replay(fragile, found.schedule).outcome == found.outcome
    smallest = shrink(fragile, found.schedule)
    assert [deviation.kind for deviation in smallest] == ["fault"]


def test_wrong_rules_are_refused_with_the_value_that_is_wrong(sim):
    with pytest.raises(erlsim.ErlsimError, match="not 7"):
        kill(7)
    with pytest.raises(erlsim.ErlsimError, match="nth=0"):
        kill("x", nth=0)
    with pytest.raises(erlsim.ErlsimError, match="not 0"):
        delay("x", "y", 0)
    with pytest.raises(erlsim.ErlsimError, match="'nothing_here'"):
        fail_start(Worker, function="nothing_here")
