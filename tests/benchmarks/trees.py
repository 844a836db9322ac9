"""A supervision tree: start its children, kill each of them once, stop it. The cost is linear in the children."""

from __future__ import annotations

from erlsim import code, erlang, timer
from tests.benchmarks.clock import simulated
from tests.benchmarks.registry import ERLSIM, Benchmark, Target


async def idle():
    await erlang.receive("stop")


@code.module(name="benchmark_tree")
class Tree:
    """The supervisor's callback module and its children's."""

    def init(specs):
        return ("ok", ({"intensity": 10**9, "period": 1}, specs))

    def start_child():
        return ("ok", erlang.spawn_link(idle))


def children(count: int) -> float:
    from erlsim.otp import supervisor

    start = ("benchmark_tree", "start_child", [])
    specs = [{"id": number, "start": start} for number in range(count)]

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await supervisor.start_link(Tree, specs)
        for _, child, _, _ in await supervisor.which_children(pid):
            erlang.exit(child, "kill")
            await timer.sleep(1)
        erlang.exit(pid, "shutdown")
        await erlang.receive(("EXIT", pid, ...))

    return simulated(count, main)


TREE = Benchmark(
    "tree",
    "children/s",
    3_000,
    {ERLSIM: children, "a tenth of them": lambda count: children(max(count // 10, 1))},
    (Target(0.5, "a tenth of them"),),
    repeats=1,
)
