"""What a search for mistakes that no test finds had left over in the kernel, each with the test that finds it now."""

from __future__ import annotations

from random import Random

import pytest

import erlsim
from erlsim import Deadlock, ErlsimError, Livelock, erlang
from erlsim.testing import RandomWalk, run_once


def test_timers_fire_in_order_when_most_have_been_cancelled_in_between():
    async def main():
        draw = Random(1)
        me = erlang.self()
        dues = [draw.randrange(10, 5_000) for _ in range(2_000)]
        timers = [(due, erlang.start_timer(due, me, due)) for due in dues]
        await erlang.receive(after=1)
        draw.shuffle(timers)
        kept = sorted(due for due, _ in timers[:301])
        for _, ref in timers[301:]:
            erlang.cancel_timer(ref)
        return kept, [(await erlang.receive())[2] for _ in kept]

    kept, fired = erlsim.run(main)
    assert fired == kept


def test_cancelled_timers_do_not_stay_in_memory_while_others_come_and_go():
    async def main():
        me = erlang.self()
        erlang.start_timer(10**9, me, "last")
        for _ in range(200):
            refs = [erlang.start_timer(10, me, "x") for _ in range(20)]
            await erlang.receive(after=1)
            for ref in refs:
                erlang.cancel_timer(ref)
            await erlang.receive(after=20)
        return len(sim.env._queue)

    sim = erlsim.Simulation(trace=False)
    assert sim.run(main) < 300
    assert 0 <= sim.env._dead <= len(sim.env._queue)


@pytest.mark.parametrize("boolean", [True, False])
def test_a_boolean_is_no_int_for_a_receive_of_ints(boolean):
    async def main():
        erlang.send(erlang.self(), boolean)
        erlang.send(erlang.self(), ("n", boolean))
        erlang.send(erlang.self(), 7)
        first = await erlang.receive(int, ("n", int))
        return first, await erlang.receive(int, ("n", int), after=0), await erlang.receive(bool)

    assert erlsim.run(main) == (7, erlsim.TIMEOUT, boolean)


def test_after_a_deadlock_the_shell_waits_for_nothing_and_takes_no_message():
    sim = erlsim.Simulation()

    async def stuck():
        await erlang.receive("never", after="infinity")

    with pytest.raises(Deadlock):
        sim.run(stuck)
    assert not any("waits for 'never'" in line for line in sim.describe())

    async def later():
        me = erlang.self()
        erlang.spawn(lambda: erlang.send(me, "never"))
        await erlang.receive("another", after=5)
        return erlang.process_info(me, "messages")

    assert sim.run(later) == ("messages", ["never"])


def test_a_monitor_that_is_taken_back_before_it_arrives_watches_nobody():
    async def main():
        erlang.process_flag("trap_exit", True)
        pid = erlang.spawn(lambda: erlang.receive("stop"))
        erlang.exit(pid, "normal")  # nothing comes of it, but the monitor has to wait behind it
        ref = erlang.monitor("process", pid)
        erlang.demonitor(ref)
        await erlang.receive(after=1)
        watched = erlang.process_info(pid, "monitored_by")
        erlang.exit(pid, "kill")
        return watched, await erlang.receive(after=10)

    for trace in (True, False):
        assert erlsim.run(main, trace=trace) == (("monitored_by", []), erlsim.TIMEOUT)


def test_a_run_leaves_nothing_of_its_simulation_running():
    ended = []

    async def waits():
        try:
            await erlang.receive("never")
        finally:
            ended.append("closed")

    async def main():
        erlang.spawn(waits)
        await erlang.receive(after=1)

    run_once(main, RandomWalk(1))
    assert ended == ["closed"]


def test_cancelled_timers_are_swept_out_though_others_stay():
    async def main():
        me = erlang.self()
        kept = [erlang.start_timer(10**9, me, "kept") for _ in range(300)]
        gone = [erlang.start_timer(10**8, me, "gone") for _ in range(4000)]
        await erlang.receive(after=1)
        for ref in gone:
            erlang.cancel_timer(ref)
        return len(kept), len(sim.env._queue), sum(not entry[3].live for entry in sim.env._queue), sim.env._dead

    sim = erlsim.Simulation(trace=False)
    kept, lying, dead, counted = sim.run(main)
    assert dead == counted == lying - kept
    assert lying <= 2 * kept + 1


def test_processes_that_give_way_before_each_operation_for_ever_are_a_livelock():
    async def spins():
        while True:
            erlang.whereis("nobody")
            await erlang.yield_()

    async def main():
        erlang.spawn(spins)
        erlang.spawn(spins)
        await erlang.receive("never")

    with pytest.raises(Livelock):
        erlsim.run(main, preempt=True, max_steps_per_instant=500)


@pytest.mark.parametrize("preempt", [False, True])
def test_a_process_stands_in_every_coroutine_that_it_awaits(preempt):
    async def inner():
        await erlang.receive("never")

    async def outer():
        await inner()

    async def main():
        pid = erlang.spawn(outer)
        await erlang.receive(after=1)
        return [frame[1] for frame in erlang.process_info(pid, "current_stacktrace")[1]]

    names = [name.rpartition(".")[2] for name in erlsim.run(main, preempt=preempt)]
    assert names[-2:] == ["inner", "outer"]


def test_a_shell_cannot_hibernate(sim):
    async def main():
        await erlang.hibernate("m", "f", [])

    with pytest.raises(ErlsimError, match="the shell cannot hibernate"):
        sim.run(main)


def test_only_who_waits_as_a_call_does_is_said_to_wait_for_an_answer():
    async def waits(pid, *answer):
        ref = erlang.monitor("process", pid)
        await erlang.receive((ref, *answer), ("DOWN", ref, "process", ..., ...))

    async def main():
        pid = erlang.spawn(lambda: erlang.receive("stop"))
        for answer in ((...,), ("yes",), (..., "more"), ()):
            erlang.spawn(waits, [pid, *answer])
        await erlang.receive("never")

    with pytest.raises(Deadlock) as stuck:
        erlsim.run(main)
    waiting = [line for line in str(stuck.value).splitlines() if ".waits" in line]
    assert ["the answer of" in line for line in waiting] == [True, False, False, False]
