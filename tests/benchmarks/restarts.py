"""Restarts: a supervisor of few or many gen_servers, one of which is killed at random as soon as the last is up again.

All restarts lie within the supervisor's period. A BEAM goes through those at each restart, so it gets slower as they
grow more; erlsim does not.
"""

from __future__ import annotations

from collections.abc import Callable

from erlsim import code, erlang
from erlsim.otp import gen_server, logger, supervisor
from tests.benchmarks.clock import simulated, stopwatch
from tests.benchmarks.registry import BEAM, ERLSIM, Benchmark, Target, tenth

FEW, MANY = 10, 1_000


@code.module(name="benchmark_restarted")
class Restarted:
    """A gen_server that tells `driver` when it is up."""

    def init(arg):
        number, driver = arg
        erlang.send(driver, ("started", number, erlang.self()))
        return ("ok", number)

    def handle_call(_request, _from, number):
        return ("reply", number, number)

    def start(number, driver):
        return gen_server.start_link(Restarted, (number, driver), [])


@code.module(name="benchmark_restarting")
class Restarting:
    """The callback module of the supervisor."""

    def init(arg):
        many, driver = arg
        start = ("benchmark_restarted", "start")
        specs = [{"id": number, "start": (*start, [number, driver])} for number in range(many)]
        return ("ok", ({"intensity": 10**9, "period": 1}, specs))


def restarts(many: int) -> Callable[[int], float]:
    """A function from a count to the restarts a second of a supervisor with so many children."""

    def measured(count: int) -> float:
        figures: list[float] = []

        async def driver():
            erlang.process_flag("trap_exit", True)
            await supervisor.start_link(Restarting, (many, erlang.self()))
            pids = {}
            for _ in range(many):
                _, number, pid = await erlang.receive(("started", ..., ...))
                pids[number] = pid

            elapsed, draw = stopwatch(), 1
            for _ in range(count):
                erlang.exit(pids[(draw >> 16) % many], "kill")
                _, number, pid = await erlang.receive(("started", ..., ...))
                pids[number] = pid
                # The numbers of a linear congruential generator, the same on the BEAM.
                draw = (draw * 1103515245 + 12345) & 0x7FFFFFFF
            figures.append(count / elapsed())

        async def main():
            logger.set_primary_config("level", "none")
            _, ref = erlang.spawn_monitor(driver)
            assert (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] == "normal"

        simulated(count, main)
        return figures[0]

    return measured


RESTARTS = Benchmark(
    "restarts",
    "restarts/s",
    5_000,
    {ERLSIM: restarts(FEW), "a tenth of them": tenth(restarts(FEW))},
    (Target(0.2, BEAM), Target(0.8, "a tenth of them")),
    beam="restarts_10",
)
RESTARTS_OF_MANY = Benchmark(
    "restarts of 1,000",
    "restarts/s",
    5_000,
    {ERLSIM: restarts(MANY), "10 children": restarts(FEW)},
    (Target(0.2, BEAM), Target(0.8, "10 children")),
    beam="restarts_1000",
)
