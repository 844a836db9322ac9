"""timer_SUITE: very many timers of every kind at the same time."""

from __future__ import annotations

import random
from typing import Any

from erlsim import erlang, timer
from tests.otp_suites.kit import hang, suite

case = suite("timer_SUITE")


async def once(shell: Any, time: int) -> None:
    """A timer that fires once, and how late it was."""
    before = erlang.monotonic_time()
    timer.apply_after(time, "erlang", "send", [erlang.self(), "fired"])
    await erlang.receive("fired")
    erlang.send(shell, ("late by", erlang.monotonic_time() - before - time))


async def again(shell: Any, time: int, count: int) -> None:
    """A timer that fires `count` times, and how late it was at most."""
    before = erlang.monotonic_time()
    _, ref = timer.apply_interval(time, "erlang", "send", [erlang.self(), "fired"])
    late = []
    for number in range(1, count + 1):
        await erlang.receive("fired")
        late.append(erlang.monotonic_time() - before - number * time)
    timer.cancel(ref)
    erlang.send(shell, ("late by", max(late, key=abs)))


@case(partial="a load on the machine: in virtual time nothing is late", trace=False)
async def test_do_big_test():
    draw, shell = random.Random(1), erlang.self()
    for _ in range(200):
        time = draw.choice([draw.randrange(10), draw.randrange(1000), draw.randrange(100_000)])
        if draw.random() < 0.5:
            erlang.spawn_link(once, [shell, time])
        else:
            erlang.spawn_link(again, [shell, time + 1, draw.randrange(1, 10)])
        await timer.sleep(draw.randrange(200))
    assert [await erlang.receive(("late by", ...), after=10**7) for _ in range(200)] == [("late by", 0)] * 200
    erlang.exit(erlang.spawn(hang), "kill")
