"""The breaker by itself."""

import pytest
from turnstile import Breaker

import erlsim
from erlsim import erlang, timer


async def fails():
    return ("error", "no")


async def works():
    return "fine"


async def breaker(failures=0):
    erlang.process_flag("trap_exit", True)
    erlsim.match(("ok", ...), await Breaker.start_link())
    for _ in range(failures):
        assert await Breaker.guard(fails) == ("error", "no")


async def test_three_failures_in_a_row_open_it(sim):
    await breaker(failures=2)
    assert await Breaker.state() == "closed"
    assert await Breaker.guard(fails) == ("error", "no")
    assert await Breaker.state() == "open"
    assert await Breaker.guard(works) == ("error", "out_of_order")


async def test_a_success_begins_the_count_again(sim):
    await breaker(failures=2)
    assert await Breaker.guard(works) == "fine"
    await breaker_fails_twice()
    assert await Breaker.state() == "closed"


async def breaker_fails_twice():
    for _ in range(2):
        await Breaker.guard(fails)


async def test_it_stays_open_for_a_second_and_then_lets_one_through(sim):
    await breaker(failures=3)
    await timer.sleep(999)
    assert await Breaker.state() == "open"
    await timer.sleep(1)
    assert await Breaker.state() == "half_open"
    asked = []

    async def slowly():
        asked.append(erlang.self())
        await timer.sleep(10)
        return "fine"

    erlang.spawn(lambda: Breaker.guard(slowly))
    await timer.sleep(1)
    assert await Breaker.guard(slowly) == ("error", "out_of_order")
    assert len(asked) == 1
    await timer.sleep(10)
    assert await Breaker.state() == "closed"
    await breaker_fails_twice()
    assert await Breaker.state() == "closed"


async def test_a_probe_that_fails_opens_it_for_another_second(sim):
    await breaker(failures=3)
    await timer.sleep(1000)
    assert await Breaker.guard(fails) == ("error", "no")
    assert await Breaker.state() == "open"
    await timer.sleep(999)
    assert await Breaker.state() == "open"
    await timer.sleep(1)
    assert await Breaker.guard(works) == "fine"
    assert await Breaker.state() == "closed"


async def test_a_probe_that_dies_opens_it_again(sim):
    await breaker(failures=3)
    await timer.sleep(1000)
    probe = erlang.spawn(lambda: Breaker.guard(works_never))
    await timer.sleep(1)
    erlang.exit(probe, "kill")
    await timer.sleep(1)
    assert await Breaker.state() == "open"


async def works_never():
    await erlang.receive(("never",))


async def test_a_late_failure_does_not_open_an_open_breaker_for_longer(sim):
    await breaker()
    erlang.spawn(lambda: Breaker.guard(fails_late))
    await timer.sleep(1)
    for _ in range(3):
        await Breaker.guard(fails)
    await timer.sleep(999)
    assert await Breaker.state() == "open"
    await timer.sleep(1)
    assert await Breaker.state() == "half_open"


async def fails_late():
    await timer.sleep(500)
    return ("error", "late")


@pytest.mark.erlsim(schedules=100)
async def test_whatever_the_schedule_one_probe_is_let_through():
    await breaker(failures=3)
    await timer.sleep(1001)
    me = erlang.self()

    async def client():
        erlang.send(me, ("went", await Breaker.guard(works_slowly)))

    for _ in range(4):
        erlang.spawn(client)
    answers = [(await erlang.receive(("went", ...)))[1] for _ in range(4)]
    assert sorted(map(str, answers)) == sorted(map(str, ["fine", *[("error", "out_of_order")] * 3]))


async def works_slowly():
    await timer.sleep(5)
    return "fine"
