"""Directors: many children, each killed once; and children that crash once a minute under delayed restarts."""

from __future__ import annotations

import simpy

import director
from erlsim import code, erlang, timer
from erlsim.otp import logger
from tests.benchmarks.clock import rate, simulated
from tests.benchmarks.registry import ERLSIM, Benchmark, Target, tenth

CHILDREN = 1_000
MINUTE = 60_000


async def idle():
    await erlang.receive("stop")


async def crashing():
    await timer.sleep(MINUTE - 1_000)
    erlang.exit("oops")


@code.module(name="benchmark_director")
class Director:
    """The director's callback module and its children's."""

    def init(specs):
        return ("ok", specs)

    def start_idle():
        return ("ok", erlang.spawn_link(idle))

    def start_crashing():
        return ("ok", erlang.spawn_link(crashing))


async def started(function: str, many: int, **values):
    """A director of so many children; the reports are off, as they would fill the memory."""
    erlang.process_flag("trap_exit", True)
    logger.set_primary_config("level", "none")
    start = ("benchmark_director", function)
    _, pid = await director.start_link(Director, [{"id": n, "start": start, **values} for n in range(many)])
    return pid


def children(count: int) -> float:
    """Start them, kill each once, list them, stop: children a second."""

    async def main():
        pid = await started("start_idle", count, plan=["restart"])
        for _, child in await director.get_pids(pid):
            erlang.exit(child, "kill")
        await timer.sleep(1)
        assert len(await director.get_pids(pid)) == count
        await director.stop(pid, "normal", "infinity")

    return simulated(count, main)


def crashes(count: int) -> float:
    """Children that crash once a minute and are restarted a second later: crashes a second of real time."""
    many = min(count, CHILDREN)
    minutes = max(count // many, 1)

    async def main():
        await started("start_crashing", many, plan=[("restart", 1_000)], count="infinity")
        await timer.sleep(minutes * MINUTE)

    return simulated(many * minutes, main)


def simpy_crashes(count: int) -> float:
    """The same crashes without any supervision: each child has a simpy process that waits for its failure."""
    env = simpy.Environment()
    many = min(count, CHILDREN)
    minutes = max(count // many, 1)

    def child():
        yield env.timeout(MINUTE - 1_000)
        raise RuntimeError("oops")

    def keeper():
        while True:
            try:
                yield env.process(child())
            except RuntimeError:
                yield env.timeout(1_000)

    for _ in range(many):
        env.process(keeper())
    return rate(many * minutes, lambda: env.run(until=minutes * MINUTE))


DIRECTOR = Benchmark(
    "director",
    "children/s",
    10_000,
    {ERLSIM: children, "a tenth of them": tenth(children)},
    (Target(0.4, "a tenth of them"),),
    repeats=1,
)

DAY = CHILDREN * 24 * 60
"""The crashes of a virtual day: `crashes(DAY)` runs one."""

PLANS = Benchmark(
    "plans",
    "crashes/s",
    20_000,
    {ERLSIM: crashes, "simpy processes": simpy_crashes},
    # At this rate the day takes a minute. The rate does not fall with time: nothing of a crash is left behind.
    (Target(DAY / 60),),
    repeats=2,
)
