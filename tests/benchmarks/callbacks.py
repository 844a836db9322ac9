"""Callbacks of a gen_server in Erlang, beside the same by hand in Python; the server is erlsim's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from erlsim import code, erl, erlang
from erlsim.otp import gen_server
from tests.benchmarks.clock import simulated_work
from tests.benchmarks.registry import ERLSIM, Benchmark, Target

BY_HAND = "by hand"
SOURCE = Path(__file__).with_name("erl") / "tally.erl"


@functools.cache
def tally():
    """The server in Erlang."""
    return erl.load(SOURCE)


@code.module(name="benchmark_tally")
class Tally:
    """The same in Python: its state is the same tuple."""

    def init(sum_):
        return ("ok", ("state", sum_, []))

    def handle_call(request, _from, state):
        match request, state:
            case "get", ("state", sum_, _):
                return ("reply", sum_, state)
            case ("add", n), ("state", sum_, names) if type(n) is int:
                return ("reply", "ok", ("state", sum_ + n, names))


async def client(server, calls: int):
    """Calls a server of its own: adds and asks in turn."""
    _, pid = await gen_server.start_link(server, 0, [])
    for n in range(calls // 2):
        await gen_server.call(pid, ("add", n))
        await gen_server.call(pid, "get")


def calls_of(server: Callable) -> Callable[[int], float]:
    """Calls of what a function gives."""

    def figure(calls: int) -> float:
        async def main():
            _, ref = erlang.spawn_monitor(client, [server(), calls])
            assert (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] == "normal"

        return simulated_work(calls, main)

    return figure


CALLBACKS = Benchmark(
    "callbacks in .erl",
    "calls/s",
    20_000,
    {ERLSIM: calls_of(tally), BY_HAND: calls_of(lambda: Tally)},
    # At most 1.2 times as slow.
    (Target(0.83, BY_HAND),),
    beam="callbacks",
    # Both are short, and as fast as each other by the instructions that they take: few turns would tell them apart.
    repeats=9,
)
