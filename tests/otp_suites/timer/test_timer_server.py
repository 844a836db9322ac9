"""timer_simple_SUITE: the process behind the timers."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import TIMEOUT, Exit, erlang, timer
from erlsim.otp import gen_server
from tests.otp_suites.kit import expect, no_message, pause, suite

case = suite("timer_simple_SUITE")

SERVER = "there is no kernel_sup that the server stands under"


async def get(time: int, message: Any) -> bool:
    """Whether `message` comes within `time` ms."""
    return await erlang.receive(message, after=time) is not TIMEOUT


async def server_is_started_for(request: Any) -> None:
    """A request starts the timer server if it does not run."""
    if erlang.whereis("timer_server") != "undefined":
        erlang.exit(erlang.whereis("timer_server"), "kill")
        await pause(1)
    assert erlang.whereis("timer_server") == "undefined"
    ref = erlang.make_ref()
    request(ref)
    assert isinstance(erlang.whereis("timer_server"), erlsim.terms.Pid)
    assert await get(500, ref)


@case(partial=SERVER)
async def test_apply_after3():
    timer.start()
    await server_is_started_for(lambda ref: timer.apply_after(100, "erlang", "send", [erlang.self(), ref]))


@case(partial=SERVER)
async def test_apply_after4():
    await server_is_started_for(lambda ref: timer.apply_after(100, "erlang", "send", [erlang.self(), ref]))


async def survives(disturb: Any) -> None:
    """The timer server does not mind being disturbed."""
    timer.start()
    monitor = erlang.monitor("process", "timer_server")
    await disturb()
    await no_message(500)
    erlang.demonitor(monitor)
    timer.apply_after(1, "erlang", "send", [erlang.self(), "works"])
    await expect("works")


@case(partial=SERVER)
async def test_unexpected1():
    async def call() -> None:
        with pytest.raises(Exit) as caught:
            await gen_server.call("timer_server", "foo", 100)
        assert caught.value.reason[0] == "timeout"

    await survives(call)


@case(partial=SERVER)
async def test_unexpected2():
    async def cast() -> None:
        assert gen_server.cast("timer_server", "foo") == "ok"

    await survives(cast)


@case(partial=SERVER)
async def test_unexpected3():
    async def send() -> None:
        erlang.send("timer_server", "foo")

    await survives(send)


@case(partial=SERVER)
async def test_nonexistent1():
    timer.start()
    ref = erlang.make_ref()
    call = ("erlang", "send", [erlang.self(), ref])
    erlang.send("timer_server", ("timeout", erlang.make_ref(), ("apply_once", call)))
    assert not await get(1000, ref)


@case(partial=SERVER)
async def test_nonexistent2():
    timer.start()
    ref = erlang.make_ref()
    call = ("erlang", "send", [erlang.self(), ref])
    interval = ("apply_interval", erlang.monotonic_time(), 1000, erlang.make_ref(), call)
    erlang.send("timer_server", ("timeout", erlang.make_ref(), interval))
    assert not await get(1000, ref)
