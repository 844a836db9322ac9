"""after_SUITE."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, Error, erlang
from tests.otp_suites.kit import pause, suite

case = suite("after_SUITE")

MINUTE = 60_000


@case()
async def test_t_after():
    async def frequent_process() -> None:
        while True:
            await erlang.receive(after=100)

    erlang.spawn(frequent_process)
    before = erlang.monotonic_time()
    assert await erlang.receive(after=MINUTE) is TIMEOUT
    assert erlang.monotonic_time() - before == MINUTE


@case()
async def test_receive_after():
    period = 5000
    while period:
        before = erlang.monotonic_time()
        assert await erlang.receive(after=period) is TIMEOUT
        assert erlang.monotonic_time() - before == period
        period //= 2


@pytest.mark.parametrize("timeout", [0xF7654321, 0xF7999977])
@case()
async def test_receive_after_big(timeout):
    me = erlang.self()
    await erlang.yield_()
    erlang.spawn(lambda: erlang.send(me, "here_is_a_message"))
    assert await erlang.receive("here_is_a_message", after=timeout) == "here_is_a_message"
    assert erlang.monotonic_time() == 0


@pytest.mark.parametrize(
    "timeout",
    [-1, 0.0, 3.14, 0x100000000, 392347129847294724972398472984729847129874, 0x3FFFFFFFFFFFFFFF]
    + [0xFFFFFFFFFFFFFFFF, -0x100000000, -3891278094774921784123987129848, "xxx"],
)
@case()
async def test_receive_after_errors(timeout):
    for patterns in (["mission"], []):
        with pytest.raises(Error) as caught:
            await erlang.receive(*patterns, after=timeout)
        assert caught.value.reason == "timeout_value"


async def zero_leaves_messages_alone(zero: Any) -> None:
    """A timeout of zero looks, finds nothing that matches, and takes nothing."""
    me = erlang.self()
    erlang.send(me, "x")
    erlang.send(me, "y")
    assert await erlang.receive("z", after=zero) is TIMEOUT
    erlang.send(me, "w")
    assert await erlang.receive("nothing at all", after=zero) is TIMEOUT
    assert await erlang.receive() == "x"


@case()
async def test_receive_var_zero():
    zero = erlang.monotonic_time()
    await zero_leaves_messages_alone(zero)


@case()
async def test_receive_zero():
    await zero_leaves_messages_alone(0)


@case()
async def test_multi_timeout():
    async def timeout() -> None:
        await erlang.receive("a")
        await erlang.receive(lambda _message: False, after=100_000)

    pid, ref = erlang.spawn_monitor(timeout)
    for message in "abcd":
        erlang.send(pid, message)
        if message != "a":
            await pause(1000)
    assert erlang.process_info(pid, "messages") == ("messages", ["b", "c", "d"])
    assert await erlang.receive(("DOWN", ref, "process", pid, "normal"))
    assert erlang.monotonic_time() == 100_000


@case(trace=False)
async def test_receive_after_32bit():
    longest = 0xFFFFFFFF

    async def waits() -> None:
        await erlang.receive(after=longest)
        erlang.exit("timeout")

    pids = [erlang.spawn_link(waits) for _ in range(2048)]
    await pause(2000)
    for pid in pids[:-1]:
        erlang.unlink(pid)
        erlang.exit(pid, "kill")
    erlang.process_flag("trap_exit", True)
    assert await erlang.receive() == ("EXIT", pids[-1], "timeout")
    assert erlang.monotonic_time() == longest
