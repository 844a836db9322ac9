"""receive_SUITE."""

from __future__ import annotations

import random
from typing import Any

import pytest

import erlsim
from erlsim import Error, Throw, erlang
from tests.otp_suites.kit import expect, pause, suite

case = suite("receive_SUITE")


async def echo_loop() -> None:
    """Sends every request back."""
    while True:
        ref, (sender, message) = await erlang.receive()
        erlang.send(sender, (ref, message))


async def call(pid: Any, message: Any) -> Any:
    """Calls while a message of one's own lies in front of the reply."""
    erlang.send(erlang.self(), "dummy")
    ref = erlang.monitor("process", pid)
    erlang.send(pid, (ref, (erlang.self(), message)))
    assert await erlang.receive("dummy") == "dummy"
    match await erlang.receive((ref, ...), ("DOWN", ref, ..., ..., ...)):
        case (_, reply):
            erlang.demonitor(ref, ["flush"])
            return ("ok", reply)
        case (*_, reason):
            erlang.exit(reason)


@case(trace=False)
async def test_receive_in_between():
    pid = erlang.spawn_link(echo_loop)
    for _ in range(2000):
        assert await call(pid, ("a", "b")) == ("ok", ("a", "b"))


async def expects_its_own(disturber: Any, recipient: Any = None) -> bool:
    """Sends a fresh reference, to itself as a rule, is disturbed, and looks whether the reference is there."""
    ref = erlang.make_ref()
    erlang.send(recipient or erlang.self(), ref)
    await disturber()
    return await erlang.receive(ref, after=0) == ref


@case()
async def test_receive_opt_exception():
    async def throws() -> None:
        raise Throw("aborted")

    async def recurses() -> None:
        with pytest.raises(Throw):
            await expects_its_own(throws)

    assert await expects_its_own(recurses)
    assert isinstance(await erlang.receive(), erlsim.terms.Ref)


@case()
async def test_receive_opt_recursion():
    async def nothing() -> None:
        pass

    async def recurses() -> None:
        black_hole = erlang.spawn(lambda: None)
        assert not await expects_its_own(nothing, black_hole)

    assert await expects_its_own(recurses)


@case()
async def test_receive_opt_deferred_save():
    async def deferred() -> None:
        await erlang.receive("go")
        await pause(1000)
        ref = erlang.make_ref()
        erlang.send(erlang.self(), ref)
        for number in range(1, 201):
            await erlang.receive(number)
        await erlang.receive(ref)
        await erlang.receive("stop")

    async def feeder(pid: Any) -> None:
        erlang.link(pid)
        erlang.send(pid, "go")
        await pause(250)
        ref = erlang.monitor("process", pid)
        for number in range(1, 201):
            erlang.send(pid, number)
        erlang.send(pid, "stop")
        assert await erlang.receive(("DOWN", ref, "process", pid, "normal"), after=2000)

    _pid, ref = erlang.spawn_monitor(feeder, [erlang.spawn(deferred)])
    await expect(("DOWN", ref, "process", ..., "normal"))


def spam(client: Any, draw: random.Random) -> None:
    """Messages and signals that do nothing, some of each."""
    for _ in range(draw.randrange(100)):
        erlang.send(client, ("blipp",))
        erlang.exit(client, "normal")


async def spamming_server(draw: random.Random) -> None:
    """Answers its client among much that is not asked for."""
    _, client = await erlang.receive(("client", ...))
    while True:
        request = await erlang.receive("prepare", ("request", ...))
        spam(client, draw)
        if request != "prepare":
            erlang.send(client, request[1])
            spam(client, draw)


async def spammed_client(server: Any) -> None:
    """Calls again and again, and clears away what it is sent beside the answers."""
    while True:
        erlang.send(server, "prepare")
        await erlang.yield_()
        ref = erlang.monitor("process", server)
        erlang.send(server, ("request", ref))
        await erlang.yield_()
        await erlang.receive(ref, ("DOWN", ref, ..., ..., ...))
        while await erlang.receive(("blipp",), after=0) is not erlang.TIMEOUT:
            pass
        asked = await erlang.receive(("responsive_check", ..., ...), after=0)
        if asked is not erlang.TIMEOUT:
            erlang.send(asked[1], asked[2])
        await pause(1)


@case(trace=False)
async def test_erl_1199():
    serves = erlang.spawn_opt(lambda: spamming_server(random.Random(4711)), ["link", ("priority", "max")])
    asks = erlang.spawn_link(spammed_client, [serves])
    erlang.send(serves, ("client", asks))
    await pause(200)
    ref = erlang.make_ref()
    erlang.send(asks, ("responsive_check", erlang.self(), ref))
    assert await erlang.receive(ref, after=10_000) == ref
    for pid in (asks, serves):
        erlang.unlink(pid)
        erlang.exit(pid, "kill")
        assert not erlang.is_process_alive(pid)


async def multi_echoer() -> None:
    """Answers as often as it is asked to."""
    while True:
        match await erlang.receive():
            case (ref, sender, message, int() as times):
                for _ in range(times):
                    erlang.send(sender, (ref, message))


async def multi_call(pid: Any, times: int, message: Any, responses: int, between: Any = None) -> None:
    """Calls again and again; between the request and the answers something else is done."""
    for _ in range(times):
        ref = erlang.monitor("process", pid)
        erlang.send(pid, (ref, erlang.self(), message, responses))
        if between is not None:
            await between()
        for _ in range(responses):
            assert await erlang.receive((ref, ...), ("DOWN", ref, ..., ..., ...)) == (ref, message)
        erlang.demonitor(ref, ["flush"])


@case(trace=False)
async def test_multi_recv_opt_clear():
    pid = erlang.spawn_link(multi_echoer)

    async def inner() -> None:
        for number in range(10):
            await multi_call(pid, 1, ("two", number), 2)

    await multi_call(pid, 20, "one", 100, inner)
    waiting = [("msg", number) for number in range(2000)]
    for message in waiting:
        erlang.send(erlang.self(), message)
    await multi_call(pid, 2, "one", 100, inner)
    assert [await erlang.receive(after=0) for _ in waiting] == waiting


async def bad_timeout(value: Any) -> None:
    """A receive with a timeout that is none fails."""
    with pytest.raises(Error, match="timeout_value"):
        await erlang.receive("blipp", after=value)


@case()
async def test_gh_5235_missing_save_reset():
    for message in ("init", "init2"):
        erlang.send(erlang.self(), message)
        await bad_timeout("blupp")
        assert await erlang.receive(message, after=10_000) == message


@case()
async def test_gh_5235_recv_mark():
    for message in ("init", "init2"):
        erlang.send(erlang.self(), message)
        await bad_timeout("blupp")
        ref = erlang.make_ref()
        erlang.send(erlang.self(), ref)
        assert await erlang.receive(message, after=10_000) == message
        assert await erlang.receive(ref, after=10_000) == ref
