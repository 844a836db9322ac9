"""Requests and replies: `gen_server.call`, beside an actor's `ask`."""

from __future__ import annotations

import asyncio

from erlsim import code, erlang
from erlsim.otp import gen_server
from tests.benchmarks.clock import rate, simulated
from tests.benchmarks.registry import BEAM, ERLSIM, Benchmark, Target


@code.module(name="benchmark_server")
class Server:
    """A gen_server that answers with its state."""

    def init(state):
        return ("ok", state)

    def handle_call(_request, _from, state):
        return ("reply", state, state)


async def client(calls: int):
    """Calls a server of its own."""
    _, pid = await gen_server.start_link(Server, 0, [])
    for _ in range(calls):
        await gen_server.call(pid, "get")


def erlsim_call(calls: int) -> float:
    """A process calls another, as the BEAM's and Pykka's do."""

    async def main():
        _, ref = erlang.spawn_monitor(client, [calls])
        assert (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] == "normal"

    return simulated(calls, main)


def from_the_shell(calls: int) -> float:
    """The shell has to start and stop the world for each of its calls."""
    return simulated(calls, lambda: client(calls))


def pykka_ask(calls: int) -> float:
    import pykka

    class Actor(pykka.ThreadingActor):
        def on_receive(self, message):
            return message

    actor = Actor.start()
    calls = max(calls // 10, 1)  # it is slow
    try:
        return rate(calls, lambda: [actor.ask("get") for _ in range(calls)])
    finally:
        actor.stop()


def asyncio_call(calls: int) -> float:
    async def main():
        requests = asyncio.Queue()
        loop = asyncio.get_running_loop()

        async def server():
            while True:
                _, reply = await requests.get()
                reply.set_result(0)

        task = asyncio.create_task(server())
        for _ in range(calls):
            reply = loop.create_future()
            await requests.put(("get", reply))
            await reply
        task.cancel()

    return rate(calls, lambda: asyncio.run(main()))


CALL = Benchmark(
    "gen_server.call",
    "calls/s",
    30_000,
    {ERLSIM: erlsim_call, "Pykka ask": pykka_ask, "from the shell": from_the_shell, "asyncio future": asyncio_call},
    (Target(0.25, BEAM), Target(10, "Pykka ask")),
    beam="call",
)
