"""A tracker: finding children, opening many of them, and one that everybody asks for at once."""

from __future__ import annotations

from collections.abc import Callable

from erlsim import code, erlang, ets
from tests.benchmarks.clock import rate, simulated
from tests.benchmarks.registry import ERLSIM, Benchmark, Target, tenth

ZONE = "benchmark_zone"
CHILDREN = 100


async def idle():
    await erlang.receive("stop")


@code.module(name="benchmark_child")
class Child:
    """Children, and how often one was started."""

    started = 0

    def start():
        Child.started += 1
        return ("ok", erlang.spawn_link(idle))


def spec(name):
    return (name, ("benchmark_child", "start", []), "temporary")


async def opened(count):
    import gen_tracker

    erlang.process_flag("trap_exit", True)
    _, pid = await gen_tracker.start_link(ZONE)
    for name in range(count):
        await gen_tracker.find_or_open(ZONE, spec(name))
    return pid


def looking(look: Callable[[], Callable[[str, int], object]]) -> Callable[[int], float]:
    """How many times a second a child is looked up."""

    def measured(count: int) -> float:
        async def main():
            await opened(CHILDREN)
            function = look()

            def work():
                for _ in range(max(count // CHILDREN, 1)):
                    for name in range(CHILDREN):
                        function(ZONE, name)

            return rate(max(count // CHILDREN, 1) * CHILDREN, work)

        import erlsim

        return erlsim.run(main, trace=False)

    return measured


def find():
    import gen_tracker

    return gen_tracker.find


def opening(count: int) -> float:
    return simulated(count, lambda: opened(count))


def opening_and_stopping(count: int) -> float:
    async def main():
        pid = await opened(count)
        erlang.exit(pid, "shutdown")
        await erlang.receive(("EXIT", pid, ...))

    return simulated(count, main)


def crowd(callers: int) -> float:
    """All ask for one name: exactly one child is started."""

    async def main():
        import gen_tracker

        await opened(0)
        me, before = erlang.self(), Child.started

        async def ask():
            erlang.send(me, (await gen_tracker.find_or_open(ZONE, spec("one")),))

        for _ in range(callers):
            erlang.spawn(ask)
        found = [await erlang.receive((...,)) for _ in range(callers)]
        assert found == [(gen_tracker.find(ZONE, "one"),)] * callers
        assert Child.started == before + 1

    return simulated(callers, main)


FIND = Benchmark(
    "tracker find",
    "finds/s",
    200_000,
    {ERLSIM: looking(find), "ets.lookup": looking(lambda: ets.lookup)},
    (Target(0.8, "ets.lookup"),),
)
OPEN = Benchmark(
    "tracker open",
    "children/s",
    10_000,
    {ERLSIM: opening, "a tenth of them": tenth(opening)},
    (Target(0.5, "a tenth of them"),),
    repeats=1,
)
STOP = Benchmark(
    "tracker open and stop",
    "children/s",
    5_000,
    {ERLSIM: opening_and_stopping, "a tenth of them": tenth(opening_and_stopping)},
    (Target(0.5, "a tenth of them"),),
    repeats=1,
)
CROWD = Benchmark(
    "tracker crowd",
    "callers/s",
    1_000,
    {ERLSIM: crowd, "a tenth of them": tenth(crowd)},
    (Target(0.5, "a tenth of them"),),
)
