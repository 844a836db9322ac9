"""Exploration: two clients of one server under many schedules, on one core and in two processes."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from erlsim import code, erlang
from erlsim.otp import gen_server
from erlsim.testing import explore
from tests.benchmarks.clock import rate
from tests.benchmarks.registry import ERLSIM, Benchmark, Target

FEW = 500
ONE = "one worker"


@code.module(name="benchmark_counter")
class Counter:
    """Counts."""

    def init(number):
        return ("ok", number)

    def handle_call(_request, _from, number):
        return ("reply", number, number + 1)


async def client(server):
    for _ in range(2):
        await gen_server.call(server, "next")


async def scenario():
    """Each client calls twice; the outcome is the same under every schedule."""
    _, server = await gen_server.start(Counter, 0, [])
    refs = [erlang.spawn_monitor(client, [server])[1] for _ in range(2)]
    for ref in refs:
        await erlang.receive(("DOWN", ref, "process", ..., "normal"))
    return await gen_server.call(server, "next")


def explored(count, **options):
    """Run so many schedules."""
    found = explore(scenario, count, progress=False, trace=False, **options)
    assert found.outcomes == {"4": count}, str(found)


def here(count):
    """Schedules a second in this process, a few at a time: more of them at once might be given to others."""
    few = min(count, FEW)
    return rate(count, lambda: [explored(few) for _ in range(count // few)])


def with_workers(workers):
    """A function from a count to the schedules a second that so many processes run, not counting their start."""

    def schedules(count):
        with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
            explored(min(count, FEW) * workers, executor=executor)
            return rate(count, lambda: explored(count, executor=executor))

    return schedules


SCHEDULES = Benchmark("schedules", "schedules/s", 4 * FEW, {ERLSIM: here}, (Target(10_000),))

WORKERS = Benchmark(
    "workers",
    "schedules/s",
    40 * FEW,
    {ERLSIM: with_workers(2), ONE: with_workers(1)},
    # One process hands out the work and counts what comes back.
    (Target(1.6, ONE),),
)
