"""Faults rule whom they name, when they say; the chooser decides whether, so that they replay and shrink."""

from __future__ import annotations

import re

import pytest

import erlsim
from erlsim import erlang
from erlsim.otp import gen_server, supervisor
from erlsim.testing import (
    Fifo,
    all_struck,
    child,
    crash,
    delay,
    explore,
    fail_start,
    faults,
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
        rule = kill("one", optional=True)
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


@pytest.mark.parametrize("which", range(3))
def test_of_several_roads_that_are_held_only_the_one_that_is_released_is_open(sim, which):
    async def main():
        me = erlang.self()
        pids = [erlang.spawn(erlang.send, [me, n]) for n in range(3)]
        roads = [hold(pid, me, certain=True) for pid in pids]
        await erlang.receive(after=5)
        roads[which].release()
        first = [await erlang.receive(after=5), await erlang.receive(after=5)]
        for road in roads:
            road.release()
        return first, sorted([await erlang.receive(), await erlang.receive()])

    others = [n for n in range(3) if n != which]
    assert sim.run(main) == ([which, erlsim.TIMEOUT], others)


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
    with pytest.raises(erlsim.ErlsimError, match="the process of a pid, not 'one'"):
        sim.crash("one", "boom")
    with pytest.raises(erlsim.ErlsimError, match="times=0"):
        crash("x", times=0)
    with pytest.raises(erlsim.ErlsimError, match=r"<0\.83\.0> is one process, there is no 2nd of it"):
        crash(erlang.self(), nth=2)
    with pytest.raises(erlsim.ErlsimError, match=r"there are .*, init, .*; did you mean 'handle_info'"):
        fail_start(Worker, function="handle_inof")
    with pytest.raises(erlsim.ErlsimError, match="no module is called 'faults_wroker'"):
        fail_start("faults_wroker")
    with pytest.raises(erlsim.ErlsimError, match="not 0"):
        fail_start(Worker, 0)


def asked_in_vain(main):
    """Why none of the faults has struck that `main` asks for in a simulation of its own."""
    sim = erlsim.Simulation()
    sim.run(main)
    with sim, pytest.raises(AssertionError, match="a fault that never strikes tests nothing") as failure:
        all_struck()
    return [
        re.sub(r" of test_faults.py:\d+ never struck: ", " - ", line[2:])
        for line in str(failure.value).splitlines()[1:]
    ]


def test_a_fault_that_never_struck_says_why():
    async def main():
        crash("ohter", certain=True)
        kill(child("on"), certain=True)
        kill("other", nth=2, certain=True)
        crash("one", "boom", at=50, certain=True)
        crash("one", at=7, times=2)
        crash("one", after=3, certain=True)
        delay("one", "other", 5, certain=True)
        hold("one", "ohter")
        ignore_shutdown(child("one"), certain=True)
        fail_start(Worker, 2, function="handle_call", certain=True)
        await top()
        await erlang.receive(after=10)

    assert asked_in_vain(main) == [
        "crash('ohter', certain=True) - nobody was called 'ohter'; there were 'one', 'other'; did you mean 'other'?",
        "kill(child('on'), certain=True) - there was no child('on'); there were 'one', 'other'; did you mean 'one'?",
        "kill('other', nth=2, certain=True) - there was no 2nd 'other', only 1",
        "crash('one', 'boom', at=50, certain=True) - 'one' did not live at 50 ms (the run ended at 10 ms)",
        "crash('one', at=7, times=2) - the chooser could let it strike once and did not "
        "(first-in first-out never does; with certain=True it is not asked)",
        "crash('one', after=3, certain=True) - 'one' did not take 3 messages (the run ended at 10 ms)",
        "delay('one', 'other', 5, certain=True) - no signal went from 'one' to 'other' (the run ended at 10 ms)",
        "hold('one', 'ohter') - nobody was called 'ohter'; there were 'one', 'other'; did you mean 'other'?",
        "ignore_shutdown(child('one'), certain=True) - no exit signal that can be ignored went to child('one') "
        "(the run ended at 10 ms)",
        "fail_start('faults_worker', times=2, function='handle_call', certain=True) - nobody called "
        "faults_worker:handle_call by name (the run ended at 10 ms)",
    ]


def test_a_name_that_nobody_bears_where_nobody_has_one_is_told_so():
    def main():
        crash("one", certain=True)
        kill(child(("one", 1)), certain=True)

    assert asked_in_vain(main) == [
        "crash('one', certain=True) - nobody was called 'one'; nobody had a name",
        "kill(child(('one', 1)), certain=True) - there was no child(('one', 1)); no supervisor had children",
    ]


def test_a_fault_that_struck_says_whom_and_when(sim):
    async def main():
        kill("one", at=5, certain=True)
        delay(..., child("other"), 1, certain=True)
        fail_start(Worker, certain=True)
        await gen_server.start(Worker, "alone", [])
        await top()
        await erlang.receive(after=10)
        for n in range(7):
            gen_server.cast("other", n)

    def plain(text):
        return re.sub(r" of test_faults.py:\d+", "", text)

    sim.run(main)
    all_struck()
    told = [plain(str(each)) for each in faults()]
    assert told[0] == "kill('one', at=5, certain=True) struck <0.87.0> (one) at 5 ms"
    late = "message of <0.83.0> to <0.88.0> (child('other')) at 10 ms"
    assert told[1] == f"delay(..., child('other'), 1, certain=True) struck {', '.join([late] * 5)} and 2 times more"
    assert told[2] == "fail_start('faults_worker', certain=True) struck faults_worker:init in <0.85.0> at 0 ms"


def test_a_fault_that_is_optional_need_not_strike(sim):
    async def main():
        for fault in (crash, kill, ignore_shutdown):
            fault("nobody", certain=True, optional=True)
        delay("nobody", ..., 5, optional=True)
        hold("nobody", ..., optional=True)
        fail_start(Worker, optional=True)

    sim.run(main)
    all_struck()
    assert [each.strikes for each in faults()] == [0] * 6


async def with_a_slip():
    kill("oen")
    await fragile_but_for_faults()


async def fragile_but_for_faults():
    await top()
    await gen_server.call("one", 0)


async def with_a_fault_that_may_strike():
    await top()
    crash(erlang.whereis("other"), optional=False)
    gen_server.cast("other", "hello")
    await erlang.receive(after=1)


def test_an_exploration_in_which_a_fault_never_struck_is_not_ok_and_says_so():
    found = explore(with_a_slip, 20, progress=False)
    assert not found.failures and not found.ok
    assert re.search(
        r"\nkill\('oen'\) of test_faults.py:\d+ never struck: nobody was called 'oen'; .*; did you mean 'one'\?$",
        str(found),
    )
    fifo = explore(with_a_fault_that_may_strike, 5, chooser="fifo", progress=False)
    assert not fifo.ok and "the chooser could let it strike 5 times and did not" in str(fifo)
    random = explore(with_a_fault_that_may_strike, 50, progress=False)
    assert random.ok and "never struck" not in str(random)
    assert random.faults[0].strikes > 0


IN_VAIN = """
    import pytest
    from erlsim import erlang, testing, timer

    async def backend():
        while True:
            await erlang.receive()

    async def program():
        erlang.register("backend", erlang.spawn(backend))
        erlang.send("backend", "hello")
        await timer.sleep(10)

    async def test_a_slip(sim):
        testing.crash("bakend", certain=True)
        await program()

    def test_a_slip_in_a_plain_test(sim):
        testing.crash("bakend", certain=True)
        sim.run(program)

    async def test_too_late(sim):
        testing.crash("backend", at=5000, certain=True)
        await program()

    async def test_a_choice_under_one_schedule(sim):
        testing.crash("backend")
        await program()

    @pytest.mark.erlsim(schedules=20)
    async def test_a_slip_under_many():
        testing.crash("bakend")
        await program()

    @pytest.mark.erlsim(schedules=20, chooser="fifo")
    async def test_a_choice_that_is_never_taken():
        testing.crash("backend")
        await program()
"""
NOT_IN_VAIN = """
    import pytest
    from erlsim import testing
    from test_vain import program

    async def test_certain(sim):
        testing.crash("backend", at=5, certain=True)
        await program()

    async def test_optional(sim):
        testing.crash("bakend", optional=True)
        await program()

    @pytest.mark.erlsim(schedules=20)
    async def test_under_some_schedules():
        testing.crash("backend")
        testing.crash("bakend", optional=True)
        await program()

    @pytest.mark.erlsim(schedules=20)
    async def test_that_fails_for_another_reason():
        testing.crash("bakend")
        assert False, "another reason"
"""


def test_a_test_fails_in_which_a_fault_never_struck(run):
    result = run(IN_VAIN)
    result.assert_outcomes(failed=6)
    told = re.findall(
        r"^E +((?:kill|crash).*) of test_it.py:\d+ never struck: (.*)$", result.stdout.str(), re.MULTILINE
    )
    slip = "nobody was called 'bakend'; there were 'backend'; did you mean 'backend'?"
    assert told == [
        ("crash('bakend', certain=True)", slip),
        ("crash('bakend', certain=True)", slip),
        ("crash('backend', at=5000, certain=True)", "'backend' did not live at 5000 ms (the run ended at 10 ms)"),
        (
            "crash('backend')",
            "the chooser could let it strike once and did not (first-in first-out never does; with certain=True it is "
            "not asked)",
        ),
        ("crash('bakend')", slip),
        (
            "crash('backend')",
            "the chooser could let it strike 20 times and did not (first-in first-out never does; with certain=True it "
            "is not asked)",
        ),
    ]


def test_it_does_not_if_the_fault_struck_under_one_of_its_schedules_or_is_optional(run, pytester):
    pytester.makepyfile(test_vain=IN_VAIN)
    result = run(NOT_IN_VAIN, "test_it.py")
    result.assert_outcomes(passed=3, failed=1)
    assert "a fault that never strikes" not in result.stdout.str() and "another reason" in result.stdout.str()


def test_a_replay_and_fewer_schedules_than_the_test_wants_say_nothing_of_faults(run, pytester):
    pytester.makepyfile(test_vain=IN_VAIN)
    chosen = ["test_it.py", "-k", "under_some_schedules"]
    run(NOT_IN_VAIN, *chosen, "--erlsim-replay", "fifo").assert_outcomes(passed=1, deselected=3)
    run(NOT_IN_VAIN, *chosen, "--erlsim-schedules", "1").assert_outcomes(passed=1, deselected=3)
