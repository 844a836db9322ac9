"""Much of everything at one instant: what it takes in time and memory, and that nobody takes it for a livelock.

With `--scale 100`: a million processes that are told something each, a million messages in one mailbox, a million
timers, and ten million messages of a hundred senders.
"""

from __future__ import annotations

import erlsim
from erlsim import erlang, timer
from tests.benchmarks.clock import simulated
from tests.benchmarks.processes import left_behind
from tests.benchmarks.registry import ERLSIM, Benchmark

SENDERS = 100
BURST = 1_000
"""How many messages a sender sends in one instant."""
APART = 1_000
"""How many instants the timers are due in."""


def crowd(count: int) -> float:
    """Processes that wait, all at once, and then are told to go on, all at once."""

    async def member(parent):
        await erlang.receive("go on")
        erlang.send(parent, "done")

    async def main():
        members = [erlang.spawn(member, [erlang.self()]) for _ in range(count)]
        await erlang.yield_()
        for each in members:
            erlang.send(each, "go on")
        for _ in range(count):
            await erlang.receive("done")

    return simulated(count, main)


def mailbox(count: int) -> float:
    """Messages that lie in one mailbox, all at once, and then are taken one by one."""

    async def main():
        taker = erlang.spawn(_take, [count, erlang.self()])
        for number in range(count):
            erlang.send(taker, ("message", number))
        await erlang.receive("taken")

    return simulated(count, main)


async def _take(count, parent):
    for _ in range(count):
        await erlang.receive(("message", ...))
    erlang.send(parent, "taken")


def mailbox_memory(count: int) -> float:
    """What a message costs that waits."""

    def fill():
        sleeper = erlang.spawn(_take, [count + 1, erlang.self()])
        for number in range(count):
            erlang.send(sleeper, ("message", number))

    sim = erlsim.Simulation(trace=False)
    return left_behind(count, lambda: sim.run(fill))


def senders(count: int) -> float:
    """Messages of many to one, who takes them as they come."""

    async def sender(taker):
        for number in range(count // SENDERS):
            erlang.send(taker, ("message", number))
            if number % BURST == 0:
                await timer.sleep(1)

    async def main():
        taker = erlang.spawn(_take, [count // SENDERS * SENDERS, erlang.self()])
        for _ in range(SENDERS):
            erlang.spawn(sender, [taker])
        await erlang.receive("taken")

    return simulated(count, main)


def alarms(count: int) -> float:
    """Timers that are armed, all at once, and then fire."""

    async def main():
        me = erlang.self()
        for number in range(count):
            erlang.start_timer(1 + number * 7 % APART, me, "alarm")
        for _ in range(count):
            await erlang.receive()

    return simulated(count, main)


def alarms_memory(count: int) -> float:
    """What a timer costs that is armed."""

    def arm():
        for number in range(count):
            erlang.start_timer(1 + number * 7 % APART, erlang.self(), "alarm")

    sim = erlsim.Simulation(trace=False)
    return left_behind(count, lambda: sim.run(arm))


CROWD = Benchmark("crowd", "processes/s", 10_000, {ERLSIM: crowd}, repeats=1)
MAILBOX = Benchmark("mailbox", "messages/s", 10_000, {ERLSIM: mailbox}, repeats=1)
MAILBOX_MEMORY = Benchmark(
    "mailbox memory", "bytes each", 10_000, {ERLSIM: mailbox_memory}, higher_is_better=False, repeats=1
)
SENT = Benchmark("senders", "messages/s", 100_000, {ERLSIM: senders}, repeats=1)
ALARMS = Benchmark("alarms", "timers/s", 10_000, {ERLSIM: alarms}, repeats=1)
ALARMS_MEMORY = Benchmark(
    "alarms memory", "bytes each", 10_000, {ERLSIM: alarms_memory}, higher_is_better=False, repeats=1
)
