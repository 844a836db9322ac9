"""Trees: start many children, list them and stop them, or kill each of them once. The cost is linear in the children.

A simulation with `patient_gc` is what users have: `erlsim run` and the pytest plugin ask for it.
"""

from __future__ import annotations

from collections.abc import Callable

from erlsim import code, erlang, ets, timer
from erlsim.otp import logger
from tests.benchmarks.clock import simulated
from tests.benchmarks.registry import ERLSIM, Benchmark, Target, tenth

ZONE = "benchmark_trees"


async def idle():
    await erlang.receive("stop")


@code.module(name="benchmark_tree")
class Tree:
    """The callback module of a supervisor or a director, and its children's."""

    def init(given):
        return ("ok", *given)

    def start_child():
        return ("ok", erlang.spawn_link(idle))


FLAGS = {"intensity": 10**9, "period": 1}


def specs(count: int) -> list[dict[str, object]]:
    start = ("benchmark_tree", "start_child", [])
    return [{"id": number, "start": start} for number in range(count)]


def children_killed(count: int) -> float:
    from erlsim.otp import supervisor

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await supervisor.start_link(Tree, ((FLAGS, specs(count)),))
        for _, child, _, _ in await supervisor.which_children(pid):
            erlang.exit(child, "kill")
            await timer.sleep(1)
        await ended(pid)

    return simulated(count, main)


async def ended(pid):
    erlang.exit(pid, "shutdown")
    await erlang.receive(("EXIT", pid, ...))


def under_supervisor(count: int) -> float:
    from erlsim.otp import supervisor

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await supervisor.start_link(Tree, ((FLAGS, specs(count)),))
        assert len(await supervisor.which_children(pid)) == count
        await ended(pid)

    return simulated(count, main, patient_gc=True)


def under_director(count: int) -> float:
    """Reports are off, as a director's are logged by default: a supervisor's are not."""
    import director

    async def main():
        erlang.process_flag("trap_exit", True)
        logger.set_primary_config("level", "none")
        _, pid = await director.start_link(Tree, (specs(count),))
        assert len(await director.which_children(pid, "infinity")) == count
        await director.stop(pid, "shutdown", "infinity")

    return simulated(count, main, patient_gc=True)


def under_tracker(count: int) -> float:
    """Each child has a process of its own that watches it: there are twice as many as under the others."""
    import gen_tracker

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await gen_tracker.start_link(ZONE)
        for name in range(count):
            await gen_tracker.find_or_open(ZONE, (name, ("benchmark_tree", "start_child", []), "temporary"))
        assert len(gen_tracker.list(ZONE)) == count == ets.info(ZONE, "size")
        await ended(pid)

    return simulated(count, main, patient_gc=True)


def started_and_stopped(name: str, function: Callable[[int], float], beam: str = "") -> Benchmark:
    """What it costs to start children, to list them and to stop them, under one kind of supervisor."""
    return Benchmark(
        name,
        "children/s",
        10_000,
        {ERLSIM: function, "a tenth of them": tenth(function)},
        (Target(25_000), Target(0.9, "a tenth of them")),
        beam=beam,
        repeats=2,
    )


TREE = Benchmark(
    "tree",
    "children/s",
    3_000,
    {ERLSIM: children_killed, "a tenth of them": tenth(children_killed)},
    (Target(0.5, "a tenth of them"),),
    repeats=1,
)
SUPERVISED = started_and_stopped("supervised", under_supervisor, beam="supervised")
DIRECTED = started_and_stopped("directed", under_director)
TRACKED = started_and_stopped("tracked", under_tracker)
