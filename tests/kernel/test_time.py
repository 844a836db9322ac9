"""Virtual time: how it passes, and that what does not happen costs nothing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

import erlsim
from erlsim import TIMEOUT, erlang
from tests.kernel.kit import hang

pytestmark = pytest.mark.erlsim

YEAR = 365 * 24 * 3600 * 1000


def test_advance_lets_time_pass_with_everything_that_happens_in_it():
    sim = erlsim.Simulation()
    with sim:
        me = erlang.self()
        for ms in (10, 20, 30, 31):
            erlang.send_after(ms, me, ms)
        sim.advance(30)
        assert sim.now == erlang.monotonic_time() == 30
        assert erlang.process_info(me, "messages") == ("messages", [10, 20, 30])
        sim.advance(0)
        sim.advance(5)
        assert sim.now == 35
        assert erlang.process_info(me, "message_queue_len") == ("message_queue_len", 4)


def test_time_cannot_go_back():
    with pytest.raises(erlsim.ErlsimError, match=r"advance\(-1\)"):
        erlsim.Simulation().advance(-1)


def test_run_until_idle_ends_when_nothing_is_left_to_happen():
    sim = erlsim.Simulation()

    async def body() -> None:
        for _ in range(3):
            await erlang.receive("never", after=1000)

    with sim:
        pid = erlang.spawn(body)
        erlang.spawn(hang)
        sim.run_until_idle()
        assert sim.now == 3000
        assert not erlang.is_process_alive(pid)


def test_a_simulation_is_run_again_and_again_and_keeps_its_world():
    sim = erlsim.Simulation()

    async def first() -> None:
        erlang.register("somebody", erlang.spawn(hang))
        await erlang.receive(after=10)

    sim.run(first)
    assert sim.run(lambda: erlang.whereis("somebody")) != "undefined"
    assert sim.now == 10


async def test_a_hundred_thousand_timers_armed_and_cancelled_do_not_drag_the_clock():
    me = erlang.self()
    for number in range(100_000):
        erlang.cancel_timer(erlang.send_after(1000 + number, me, "late"))
    assert await erlang.receive("never", after=10) is TIMEOUT
    assert erlang.monotonic_time() == 10


def test_a_cancelled_timer_does_not_hold_up_the_end():
    sim = erlsim.Simulation()
    with sim:
        refs = [erlang.send_after(1000 + n, erlang.self(), n) for n in range(2000)]
        sim.advance(10)
        for ref in refs:
            erlang.cancel_timer(ref)
        sim.run_until_idle()
    assert sim.now == 10


def test_cancelled_timers_are_forgotten():
    sim = erlsim.Simulation()
    with sim:
        for number in range(50_000):
            erlang.cancel_timer(erlang.send_after(10**6 + number, erlang.self(), "late"))
            if not number % 100:
                sim.advance(1)
        assert len(sim.env._queue) < 2000


async def test_the_timeout_of_a_receive_that_was_answered_is_gone():
    for _ in range(1000):
        erlang.send(erlang.self(), "m")
        await erlang.receive("m", after=10**6)
    assert erlang.monotonic_time() == 0
    with pytest.raises(erlsim.Deadlock, match="at 0 ms"):
        await erlang.receive()


def test_a_year_costs_as_few_steps_as_a_second():
    def steps(ms: int) -> int:
        sim = erlsim.Simulation()

        async def main() -> None:
            assert await erlang.receive(after=1) is TIMEOUT
            erlang.send_after(ms, erlang.self(), "tick")
            await erlang.receive("tick")

        counted = 0
        step = sim.env.step

        def counting() -> None:
            nonlocal counted
            counted += 1
            step()

        sim.env.step = counting
        sim.run(main)
        assert sim.now == ms + 1
        return counted

    assert steps(YEAR) == steps(1000) < 10


def test_the_calendar_begins_where_it_is_told_to():
    start = datetime(2000, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    sim = erlsim.Simulation(start_time=start)
    with sim:
        assert erlang.system_time("second") == 946_684_800
        sim.advance(1500)
        assert erlang.system_time() == 946_684_801_500
        assert erlang.monotonic_time("microsecond") == 1_500_000


def test_time_is_always_an_integer_number_of_milliseconds():
    sim = erlsim.Simulation()
    with sim:
        assert erlang.monotonic_time() == 0
        sim.env.process(halves(sim.env))
        sim.advance(1)
        assert isinstance(erlang.monotonic_time(), int)


def halves(env):
    """A simpy process that waits for half a millisecond, which processes cannot see."""
    yield env.timeout(0.5)
    assert erlang.monotonic_time() == 0


def test_a_cancelled_timer_does_not_fire_when_a_chooser_makes_the_one_before_it_late():
    class FirstIsLate:
        def choose(self, kind, options):
            return 1 if kind == "late" else 0

    async def main():
        me = erlang.self()
        refs = [erlang.send_after(10, me, name) for name in ("late", "cancelled", "in time")]
        await erlang.receive(after=5)
        erlang.cancel_timer(refs[1])
        return [await erlang.receive(), await erlang.receive(), await erlang.receive(after=5)]

    assert erlsim.run(main, chooser=FirstIsLate()) == ["in time", "late", TIMEOUT]
