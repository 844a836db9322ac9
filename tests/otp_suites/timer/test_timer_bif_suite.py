"""timer_bif_SUITE."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, erlang
from tests.otp_suites.kit import badarg, expect, hang, no_message, pause, suite

case = suite("timer_bif_SUITE")

BIG = 1 << 31
SHORT = 5000


async def get(time: int, message: Any) -> Any:
    """Whether `message` comes within `time` ms."""
    return await erlang.receive(message, after=time) != TIMEOUT


@case()
async def test_start_timer_1():
    me = erlang.self()
    ref = erlang.start_timer(1000, me, "plopp")
    assert await get(1100, ("timeout", ref, "plopp"))
    assert [erlang.read_timer(ref), erlang.cancel_timer(ref), erlang.read_timer(ref)] == [False] * 3
    ref = erlang.start_timer(1000, me, "plapp")
    assert erlang.cancel_timer(ref) == 1000
    await no_message()
    assert erlang.cancel_timer(ref) is False
    ref = erlang.start_timer(1000, me, "plopp")
    assert not await get(900, ("timeout", ref, "plopp"))


@case()
async def test_send_after_1():
    ref = erlang.send_after(1000, erlang.self(), "plipp")
    assert await get(1500, "plipp")
    assert erlang.read_timer(ref) is False


@case()
async def test_send_after_2():
    me = erlang.self()
    for time, message in [(5000, "last"), (0, 0), (200, 2), (100, 1), (500, 5), (300, 3), (400, 4)]:
        erlang.send_after(time, me, message)
    assert [await erlang.receive() for _ in range(7)] == [0, 1, 2, 3, 4, 5, "last"]


@case()
async def test_cancel_timer_1():
    assert erlang.cancel_timer(erlang.make_ref()) is False


@case()
async def test_cancel_timer_sync():
    # Cancelling from another process, around the very millisecond in which the timer fires: either it
    # tells the time that was left and no message comes, or it is too late and the message is there.
    me = erlang.self()
    for early in range(-2, 3):
        ref = erlang.start_timer(10, me, early)

        async def canceller(ref: Any = ref, wait: int = 10 - early) -> None:
            await pause(wait)
            erlang.send(me, ("left", erlang.cancel_timer(ref)))

        erlang.spawn(canceller)
        await pause(20)
        _, left = await erlang.receive(("left", ...))
        assert left == (early if early > 0 else False)
        assert await get(0, ("timeout", ref, early)) == (left is False)


BAD_TIMES = pytest.mark.parametrize("time", [-4, 1 << 64, 4.5, "a"])


@BAD_TIMES
@case(partial="processes of another node")
async def test_start_timer_e(time):
    badarg(erlang.start_timer, time, erlang.self(), "hej")


@BAD_TIMES
@case(partial="processes of another node")
async def test_send_after_e(time):
    badarg(erlang.send_after, time, erlang.self(), "hej")


@case()
async def test_cancel_timer_e():
    for wrong in (1, erlang.self(), "a"):
        badarg(erlang.cancel_timer, wrong)


@case()
async def test_start_timer_big():
    ref = erlang.start_timer(BIG, erlang.self(), "hej")
    await pause(200)
    assert erlang.cancel_timer(ref) == BIG - 200


@case()
async def test_send_after_big():
    ref = erlang.send_after(BIG, erlang.self(), "hej")
    await pause(200)
    assert erlang.cancel_timer(ref) == BIG - 200


@case()
async def test_read_timer_trivial():
    assert erlang.read_timer(erlang.make_ref()) is False
    for wrong in (42, 423497834744444444457667444444, erlang.self(), "ab"):
        badarg(erlang.read_timer, wrong)


@case()
async def test_read_timer():
    ref = erlang.send_after(BIG, erlang.self(), "hej_hopp")
    await pause(200)
    assert erlang.read_timer(ref) == erlang.cancel_timer(ref) == BIG - 200
    assert erlang.read_timer(ref) is False


@case(partial="other schedulers")
async def test_read_timer_async():
    big = 1 << 33
    ref = erlang.send_after(big, erlang.self(), "hej_hopp")
    await pause(200)
    assert erlang.read_timer(ref, [("async", True)]) == "ok"
    assert erlang.cancel_timer(ref, [("async", True), ("info", True)]) == "ok"
    assert erlang.read_timer(ref, [("async", True)]) == "ok"
    await expect(("read_timer", ref, big - 200), ("cancel_timer", ref, big - 200), ("read_timer", ref, False))


def both(dest: Any, message: Any, time: int = 2 * SHORT) -> list[Any]:
    """A timer of each kind."""
    return [erlang.start_timer(time, dest, message), erlang.send_after(time, dest, message)]


def left(refs: list[Any]) -> list[Any]:
    """What is left of timers."""
    return [erlang.read_timer(ref) for ref in refs]


@case()
async def test_cleanup():
    dead = erlang.spawn(lambda: None)
    await pause(1)
    refs = both(dead, "hej")
    await pause(1000)
    assert left(refs) == [False, False]
    dies = erlang.spawn(lambda: erlang.receive(after=SHORT // 10))
    refs = both(dies, "hej")
    assert left(refs) == [2 * SHORT] * 2
    await pause(1000)
    assert not erlang.is_process_alive(dies)
    assert left(refs) == [False, False]
    lives = erlang.spawn(hang)
    refs = both(lives, "hej")
    assert [erlang.cancel_timer(ref) for ref in refs] == [2 * SHORT] * 2
    assert left(refs) == [False, False]
    erlang.exit(lives, "kill")
    ref = erlang.make_ref()
    refs = both(erlang.self(), ref, SHORT + 1)
    assert left(refs) == [SHORT + 1] * 2
    await expect(("timeout", refs[0], ref), ref)
    assert left(refs) == [False, False]
    # None of them is left to drag the clock.
    before = erlang.monotonic_time()
    with pytest.raises(Exception, match=f"nothing can happen any more at {before} ms"):
        await erlang.receive()


@case()
async def test_registered_process():
    name = "timer_bif_suite"
    refs = both(name, "hej", SHORT + 1)
    assert erlang.whereis(name) == "undefined"
    assert [erlang.cancel_timer(ref) for ref in refs] == [SHORT + 1] * 2
    assert left(refs) == [False, False]
    for registered_first in (False, True):
        message = erlang.make_ref()
        refs = both(name, message, SHORT + 1)
        assert left(refs) == [SHORT + 1] * 2
        if not registered_first:
            assert erlang.register(name, erlang.self()) is True
        await expect(("timeout", refs[0], message), message)
    assert erlang.unregister(name) is True


COUNT = 301


async def timers_of_one_instant() -> list[Any]:
    """Many timers, all due at the same time."""
    due = erlang.monotonic_time() + 3000
    return [erlang.start_timer(due, erlang.self(), "hej", [("abs", True)]) for _ in range(COUNT)]


YIELDING = "that the emulator yields between them"


@case(partial=YIELDING)
async def test_same_time_yielding():
    refs = await timers_of_one_instant()
    await expect(*[("timeout", ref, "hej") for ref in refs])
    assert erlang.monotonic_time() == 3000


async def fired_or_cancelled(refs: list[Any]) -> tuple[int, int]:
    """How many timers fired and how many were cancelled: each did one of the two, and told."""
    fired = cancelled = 0
    for ref in refs:
        told = (await erlang.receive(("cancel_timer", ref, ...)))[2]
        if told is False:
            assert await get(0, ("timeout", ref, "hej"))
            fired += 1
        else:
            assert isinstance(told, int)
            assert not await get(0, ("timeout", ref, "hej"))
            cancelled += 1
    return fired, cancelled


OPTIONS = [("async", True), ("info", True)]
WAITS = pytest.mark.parametrize(("wait", "expected"), [(2999, (0, COUNT)), (3000, (COUNT, 0))])


@WAITS
@case(partial=YIELDING)
async def test_same_time_yielding_with_cancel(wait, expected):
    refs = await timers_of_one_instant()
    await pause(wait)
    for ref in refs:
        assert erlang.cancel_timer(ref, OPTIONS) == "ok"
    assert await fired_or_cancelled(refs) == expected


@WAITS
@case(partial=YIELDING)
async def test_same_time_yielding_with_cancel_other(wait, expected):
    tester = erlang.self()
    refs = await timers_of_one_instant()

    async def canceller() -> None:
        await pause(wait)
        for ref in refs:
            assert erlang.cancel_timer(ref, OPTIONS) == "ok"
        while True:
            erlang.send(tester, await erlang.receive())

    pid = erlang.spawn(canceller)
    await pause(3001)
    assert await fired_or_cancelled(refs) == expected
    erlang.exit(pid, "bang")


@case()
async def test_multizero_timeout_in_timeout():
    # Timers of 0 that are set because a timer has fired fire in the same millisecond, all of them, in
    # order; and so on, as deep as one likes.
    me = erlang.self()
    erlang.send_after(500, me, ("depth", 0, 0))
    for depth in range(10):
        for number in range(1 if depth == 0 else 5):
            await expect(("depth", depth, number))
        for number in range(5):
            erlang.send_after(0, me, ("depth", depth + 1, number))
        assert erlang.monotonic_time() == 500
