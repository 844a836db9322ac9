"""simpy beside the processes: events that they wait for, and simpy processes that send."""

from __future__ import annotations

import pytest
import simpy

import erlsim
from erlsim import erlang
from tests.kernel.kit import current, ending, flush, settle

pytestmark = pytest.mark.erlsim


async def test_a_process_waits_for_a_simpy_timeout_and_gets_its_value():
    env, shell = current().env, erlang.self()

    async def body() -> None:
        erlang.send(shell, (await erlsim.wait_for(env.timeout(25, "value")), erlang.monotonic_time()))

    erlang.spawn(body)
    assert await erlang.receive() == ("value", 25)


async def test_the_shell_waits_for_a_simpy_event_too():
    env = current().env
    assert await erlsim.wait_for(env.timeout(5, "value")) == "value"
    assert erlang.monotonic_time() == 5
    assert await erlsim.wait_for(env.event().succeed("at once")) == "at once"


async def test_an_event_that_has_happened_is_not_waited_for():
    env = current().env
    event = env.event().succeed("done")
    await erlang.receive(after=1)
    shell = erlang.self()

    async def body() -> None:
        erlang.send(shell, await erlsim.wait_for(event))

    erlang.spawn(body)
    assert await flush() == ["done"]


async def test_an_event_that_fails_raises_in_the_process_that_waits():
    env = current().env
    event = env.event()

    async def body() -> None:
        try:
            await erlsim.wait_for(event)
        except ValueError as exc:
            erlang.exit(("caught", str(exc)))

    pid, ref = erlang.spawn_monitor(body)
    await settle()
    event.fail(ValueError("broken"))
    assert (await erlang.receive())[4] == ("caught", "broken")


async def test_messages_wait_while_a_process_waits_for_an_event_and_signals_do_not():
    env, shell = current().env, erlang.self()

    async def body() -> None:
        await erlsim.wait_for(env.timeout(50))
        erlang.send(shell, await erlang.receive())

    pid = erlang.spawn(body)
    await settle()
    erlang.send(pid, "early")
    assert await erlang.receive() == "early"
    assert erlang.monotonic_time() == 50
    victim, ref = erlang.spawn_monitor(lambda: erlsim.wait_for(env.event()))
    await settle()
    erlang.exit(victim, "bye")
    assert await erlang.receive() == ("DOWN", ref, "process", victim, "bye")


async def test_a_process_that_dies_while_it_waits_is_not_woken_by_the_event():
    env = current().env
    event = env.event()
    pid, ref = erlang.spawn_monitor(lambda: erlsim.wait_for(event))
    await settle()
    erlang.exit(pid, "kill")
    await settle()
    event.succeed("too late")
    assert await flush() == [("DOWN", ref, "process", pid, "killed")]


async def test_a_resource_is_a_queue_beside_the_tree():
    env, shell = current().env, erlang.self()
    desk = simpy.Resource(env, capacity=1)

    async def customer(name: str) -> None:
        with desk.request() as turn:
            await erlsim.wait_for(turn)
            await erlang.receive("never", after=10)
        erlang.send(shell, (name, erlang.monotonic_time()))

    for name in ("a", "b", "c"):
        erlang.spawn(customer, [name])
    assert await flush(20) == [("a", 10), ("b", 20), ("c", 30)]


async def test_a_store_hands_things_from_simpy_to_processes():
    env, shell = current().env, erlang.self()
    store = simpy.Store(env)

    def producer():
        for number in range(3):
            yield env.timeout(10)
            yield store.put(number)

    async def consumer() -> None:
        for _ in range(3):
            erlang.send(shell, (await erlsim.wait_for(store.get()), erlang.monotonic_time()))

    env.process(producer())
    erlang.spawn(consumer)
    assert await flush(20) == [(0, 10), (1, 20), (2, 30)]


async def test_a_simpy_process_sends_spawns_and_kills():
    env, shell = current().env, erlang.self()
    victim, ref = erlang.spawn_monitor(erlang.receive)

    def latency():
        yield env.timeout(5)
        erlang.send(shell, "hello")
        erlang.spawn(lambda: erlang.send(shell, "spawned"))
        yield env.timeout(5)
        erlang.exit(victim, "bye")

    env.process(latency())
    assert [await erlang.receive(), await erlang.receive()] == ["hello", "spawned"]
    assert erlang.monotonic_time() == 5
    assert await erlang.receive() == ("DOWN", ref, "process", victim, "bye")
    assert erlang.monotonic_time() == 10


async def test_timers_come_before_processes_and_processes_before_simpy_events_of_an_instant():
    env, shell = current().env, erlang.self()

    def ordinary():
        yield env.timeout(10)
        erlang.send(shell, "simpy")

    async def process() -> None:
        await erlang.receive("never", after=10)
        erlang.send(shell, "process")

    env.process(ordinary())
    erlang.spawn(process)
    await erlang.receive("never", after=5)
    erlang.send_after(5, shell, "timer")
    assert await flush() == ["timer", "process", "simpy"]


async def test_an_exception_in_a_simpy_process_comes_out_of_the_run():
    env = current().env

    def broken():
        yield env.timeout(1)
        raise ValueError("broken")

    env.process(broken())
    try:
        await settle()
        await settle()
    except ValueError as exc:
        assert str(exc) == "broken"
    else:
        raise AssertionError("nothing came out")
    assert await ending(lambda: None) == "normal"


async def test_the_clock_has_all_that_an_environment_of_simpy_has():
    assert [name for name in vars(simpy.Environment()) if not hasattr(current().env, name)] == []
