"""Time: timers that are armed and cancelled, and weeks in which nothing happens."""

from __future__ import annotations

import asyncio

import erlsim
from erlsim import erlang
from tests.benchmarks.clock import rate, simulated
from tests.benchmarks.registry import ERLSIM, Benchmark, Target

SECOND = 1_000
DAY = 24 * 60 * 60 * SECOND
IDLE_SHELLS = 2_000


def erlsim_timers(count: int) -> float:
    async def main():
        me = erlang.self()
        refs = [erlang.start_timer(60_000, me, "x") for _ in range(count)]
        for ref in refs:
            erlang.cancel_timer(ref)

    return simulated(count, main)


def asyncio_timers(count: int) -> float:
    async def main():
        loop = asyncio.get_running_loop()
        handles = [loop.call_later(60, print) for _ in range(count)]
        for handle in handles:
            handle.cancel()

    return rate(count, lambda: asyncio.run(main()))


def idle(days: float) -> float:
    """How many times a second `days` can pass in which there is one timer."""

    async def main():
        await erlsim.timer.sleep(int(days * DAY))

    def work():
        for _ in range(IDLE_SHELLS):
            erlsim.Simulation(trace=False).run(main)

    return rate(IDLE_SHELLS, work)


TIMERS = Benchmark(
    "timers",
    "timers/s",
    100_000,
    {ERLSIM: erlsim_timers, "asyncio call_later": asyncio_timers},
    beam="timers",
)
IDLE = Benchmark(
    "idle time",
    "sleeps/s",
    1,
    {ERLSIM: lambda _size: idle(40), "one second": lambda _size: idle(1 / 86_400)},
    (Target(0.8, "one second"),),
)
