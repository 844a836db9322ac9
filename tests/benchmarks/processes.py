"""Processes: how fast they are made, and what one that waits costs in memory."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc

import simpy

import erlsim
from erlsim import erlang
from tests.benchmarks.clock import rate, simulated
from tests.benchmarks.registry import ERLSIM, Benchmark, Target


def erlsim_spawn(count: int) -> float:
    async def child(parent):
        erlang.send(parent, "done")

    async def main():
        me = [erlang.self()]
        for _ in range(count):
            erlang.spawn(child, me)
        for _ in range(count):
            await erlang.receive("done")

    return simulated(count, main)


def simpy_spawn(count: int) -> float:
    env = simpy.Environment()

    def child():
        yield env.timeout(0)

    def main():
        yield env.all_of([env.process(child()) for _ in range(count)])

    return rate(count, lambda: env.run(env.process(main())))


def asyncio_spawn(count: int) -> float:
    async def child():
        pass

    async def main():
        await asyncio.gather(*[asyncio.create_task(child()) for _ in range(count)])

    return rate(count, lambda: asyncio.run(main()))


def erlsim_memory(count: int) -> float:
    async def child():
        await erlang.receive("stop")

    async def spawn(number):
        for _ in range(number):
            erlang.spawn(child)
        await erlsim.timer.sleep(1)

    sim = erlsim.Simulation(trace=False)
    sim.run(spawn(10))
    return left_behind(count, lambda: sim.run(spawn(count)))


def asyncio_memory(count: int) -> float:
    loop = asyncio.new_event_loop()
    tasks = []

    async def child():
        await asyncio.Queue().get()

    async def spawn():
        tasks.extend(asyncio.create_task(child()) for _ in range(count))
        await asyncio.sleep(0)

    async def stop():
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    try:
        return left_behind(count, lambda: loop.run_until_complete(spawn()))
    finally:
        loop.run_until_complete(stop())
        loop.close()


def simpy_memory(count: int) -> float:
    env = simpy.Environment()
    kept = []

    def child():
        yield simpy.Store(env).get()

    def spawn():
        kept.extend(env.process(child()) for _ in range(count))
        env.run()

    return left_behind(count, spawn)


def left_behind(count, work):
    """The memory that `work` leaves behind, shared by `count`."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        work()
        gc.collect()
        return (tracemalloc.get_traced_memory()[0] - before) / count
    finally:
        tracemalloc.stop()


SPAWN = Benchmark(
    "spawn",
    "processes/s",
    50_000,
    {ERLSIM: erlsim_spawn, "simpy process": simpy_spawn, "asyncio task": asyncio_spawn},
    (Target(100_000),),
    beam="spawn_rate",
)
MEMORY = Benchmark(
    "memory",
    "bytes each",
    10_000,
    {ERLSIM: erlsim_memory, "simpy process": simpy_memory, "asyncio task": asyncio_memory},
    (Target(800),),
    beam="memory",
    higher_is_better=False,
    repeats=1,
)
