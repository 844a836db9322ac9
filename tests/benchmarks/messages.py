"""Messages: two processes playing ping-pong, and a token that goes round a ring of a hundred."""

from __future__ import annotations

import asyncio
import itertools

import simpy

from erlsim import erlang
from tests.benchmarks.clock import rate, simulated
from tests.benchmarks.registry import BEAM, ERLSIM, Benchmark, Target

MEMBERS = 100


def erlsim_ping_pong(rounds: int, trace: bool = False) -> float:
    send, receive = erlang.send, erlang.receive

    async def pong():
        me = erlang.self()
        while True:
            _, sender = await receive()
            send(sender, ("pong", me))

    async def ping(pid, done):
        me = erlang.self()
        for _ in range(rounds):
            send(pid, ("ping", me))
            await receive()
        send(done, "done")

    async def main():
        erlang.spawn(ping, [erlang.spawn(pong), erlang.self()])
        await receive("done")

    return simulated(2 * rounds, main, trace)


def simpy_ping_pong(rounds: int) -> float:
    env = simpy.Environment()
    there, back = simpy.Store(env), simpy.Store(env)

    def pong():
        while True:
            yield there.get()
            yield back.put("pong")

    def ping():
        for _ in range(rounds):
            yield there.put("ping")
            yield back.get()

    env.process(pong())
    return rate(2 * rounds, lambda: env.run(env.process(ping())))


def asyncio_ping_pong(rounds: int) -> float:
    async def main():
        there, back = asyncio.Queue(), asyncio.Queue()

        async def pong():
            while True:
                await there.get()
                await back.put("pong")

        partner = asyncio.create_task(pong())
        for _ in range(rounds):
            await there.put("ping")
            await back.get()
        partner.cancel()

    return rate(2 * rounds, lambda: asyncio.run(main()))


def erlsim_ring(hops: int) -> float:
    send, receive = erlang.send, erlang.receive

    async def member(following):
        while True:
            send(following, await receive())

    async def main():
        following = erlang.self()
        for _ in range(MEMBERS - 1):
            following = erlang.spawn(member, [following])
        for _ in range(hops // MEMBERS):
            send(following, "token")
            await receive("token")

    return simulated(hops, main)


def simpy_ring(hops: int) -> float:
    env = simpy.Environment()
    stores = [simpy.Store(env) for _ in range(MEMBERS)]

    def member(mine, following):
        while True:
            token = yield mine.get()
            yield following.put(token)

    def first():
        for _ in range(hops // MEMBERS):
            yield stores[1].put("token")
            yield stores[0].get()

    for mine, following in itertools.pairwise([*stores[1:], stores[0]]):
        env.process(member(mine, following))
    return rate(hops, lambda: env.run(env.process(first())))


def asyncio_ring(hops: int) -> float:
    async def main():
        queues = [asyncio.Queue() for _ in range(MEMBERS)]

        async def member(mine, following):
            while True:
                await following.put(await mine.get())

        pairs = itertools.pairwise([*queues[1:], queues[0]])
        members = [asyncio.create_task(member(mine, following)) for mine, following in pairs]
        for _ in range(hops // MEMBERS):
            await queues[1].put("token")
            await queues[0].get()
        for each in members:
            each.cancel()

    return rate(hops, lambda: asyncio.run(main()))


PING_PONG = Benchmark(
    "ping-pong",
    "messages/s",
    100_000,
    {ERLSIM: erlsim_ping_pong, "simpy Store": simpy_ping_pong, "asyncio queues": asyncio_ping_pong},
    (Target(0.5, BEAM), Target(3, "simpy Store")),
    beam="ping_pong",
)
RING = Benchmark(
    "ring",
    "messages/s",
    100_000,
    {ERLSIM: erlsim_ring, "simpy Store": simpy_ring, "asyncio queues": asyncio_ring},
    beam="ring",
)
