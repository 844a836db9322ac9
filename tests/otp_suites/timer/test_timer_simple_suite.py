"""timer_simple_SUITE, as of OTP 25."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import TIMEOUT, erlang, timer
from tests.otp_suites.kit import hang, suite

case = suite("timer_simple_SUITE")

BADARG = ("error", "badarg")
SERVER = "there is no kernel_sup that the server stands under"


def started(kind: str, answer: Any) -> Any:
    """The reference of a timer that was started and is of that kind."""
    ok, ref = answer
    assert (ok, ref[0]) == ("ok", kind)
    return ref


async def get(time: int, message: Any, count: int = 1) -> bool:
    """Whether `message` comes `count` times, with no more than `time` ms in between."""
    for _ in range(count):
        if await erlang.receive(message, after=time) is TIMEOUT:
            return False
    return True


def a_name() -> str:
    """A name that nobody has."""
    return f"name{erlang.unique_integer()}"


def registered(pid: Any) -> str:
    """A name that `pid` has got."""
    name = a_name()
    erlang.register(name, pid)
    return name


@case()
async def test_apply_after1():
    ref = erlang.make_ref()
    started("instant", timer.apply_after(0, "erlang", "send", [erlang.self(), ref]))
    assert await get(1000, ref)
    assert erlang.monotonic_time() == 0


@case()
async def test_apply_after2():
    ref = erlang.make_ref()
    started("once", timer.apply_after(500, "erlang", "send", [erlang.self(), ref]))
    assert await get(1000, ref)
    assert erlang.monotonic_time() == 500


BAD_CALLS = [
    (-1, "foo", "bar", []),
    (0, erlsim.terms.chars("foo"), "bar", []),
    (0, "foo", erlsim.terms.chars("bar"), []),
    (0, "foo", "bar", "baz"),
]


@pytest.mark.parametrize("arguments", BAD_CALLS, ids=repr)
@case()
async def test_apply_after_invalid_args(arguments):
    assert timer.apply_after(*arguments) == BADARG


@case()
async def test_send_after1():
    ref = erlang.make_ref()
    started("instant", timer.send_after(0, ref))
    assert await get(1000, ref)


@case()
async def test_send_after2():
    ref = erlang.make_ref()
    started("instant", timer.send_after(0, registered(erlang.self()), ref))
    assert await get(1000, ref)


@case()
async def test_send_after3():
    ref = erlang.make_ref()
    started("instant", timer.send_after(0, (registered(erlang.self()), "nonode@nohost"), ref))
    assert await get(1000, ref)


@case()
async def test_send_after4():
    ref = erlang.make_ref()
    started("send_local", timer.send_after(500, erlang.self(), ref))
    assert await get(2000, ref)
    assert erlang.monotonic_time() == 500


@case()
async def test_send_after5():
    ref = erlang.make_ref()
    started("once", timer.send_after(500, registered(erlang.self()), ref))
    assert await get(2000, ref)


@case()
async def test_send_after6():
    ref = erlang.make_ref()
    started("once", timer.send_after(500, (registered(erlang.self()), "nonode@nohost"), ref))
    assert await get(2000, ref)


@case()
async def test_send_after7():
    ref, name = erlang.make_ref(), a_name()
    started("once", timer.send_after(500, name, ref))
    erlang.register(name, erlang.self())
    assert await get(2000, ref)


@case()
async def test_send_after_invalid_args():
    me = erlang.self()
    for arguments in ((-1, "test"), (-1, me, "test"), (-1, "name", "test"), (0, [], "test")):
        assert timer.send_after(*arguments) == BADARG


@case()
async def test_exit_after1():
    erlang.process_flag("trap_exit", True)
    ref, pid = erlang.make_ref(), erlang.spawn_link(hang)
    started("once", timer.exit_after(1000, pid, ref))
    assert await get(5000, ("EXIT", pid, ref))


@case()
async def test_exit_after2():
    erlang.process_flag("trap_exit", True)
    ref, pid = erlang.make_ref(), erlang.spawn_link(hang)
    started("once", timer.exit_after(1000, registered(pid), ref))
    assert await get(2000, ("EXIT", pid, ref))


@case()
async def test_exit_after3():
    erlang.process_flag("trap_exit", True)
    ref = erlang.make_ref()

    async def body() -> None:
        started("once", timer.exit_after(1000, ref))
        await hang()

    pid = erlang.spawn_link(body)
    assert await get(2000, ("EXIT", pid, ref))


@case()
async def test_exit_after4():
    timer.start()
    monitor = erlang.monitor("process", "timer_server")
    for time in (0, 10):
        timer.exit_after(time, a_name(), erlang.make_ref())
    assert await erlang.receive(("DOWN", monitor, ..., ..., ...), after=1000) is TIMEOUT


@case()
async def test_kill_after1():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(hang)
    started("once", timer.kill_after(1000, pid))
    assert await get(2000, ("EXIT", pid, "killed"))


@case()
async def test_kill_after2():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(hang)
    started("once", timer.kill_after(1000, registered(pid)))
    assert await get(2000, ("EXIT", pid, "killed"))


@case()
async def test_kill_after3():
    erlang.process_flag("trap_exit", True)

    async def body() -> None:
        started("once", timer.kill_after(1000))
        await hang()

    pid = erlang.spawn_link(body)
    assert await get(2000, ("EXIT", pid, "killed"))


@case()
async def test_apply_interval1():
    ref = erlang.make_ref()
    interval = started("interval", timer.apply_interval(1000, "erlang", "send", [erlang.self(), ref]))
    assert await get(1500, ref, 3)
    assert timer.cancel(interval) == ("ok", "cancel")
    assert not await get(1000, ref)
    assert erlang.monotonic_time() == 4000


@pytest.mark.parametrize("arguments", BAD_CALLS, ids=repr)
@case()
async def test_apply_interval_invalid_args(arguments):
    assert timer.apply_interval(*arguments) == BADARG


async def sends_again_and_again(count: int, *to: Any) -> None:
    """`count` messages come, and when the timer is cancelled no more."""
    ref = erlang.make_ref()
    interval = started("interval", timer.send_interval(1000, *to, ref))
    assert await get(1500, ref, count)
    assert timer.cancel(interval) == ("ok", "cancel")
    assert not await get(1000, ref)


@case()
async def test_send_interval1():
    await sends_again_and_again(5)


@case()
async def test_send_interval2():
    await sends_again_and_again(2, erlang.self())


@case()
async def test_send_interval3():
    erlang.process_flag("trap_exit", True)
    await sends_again_and_again(2, registered(erlang.self()))


@case()
async def test_send_interval4():
    erlang.process_flag("trap_exit", True)
    await sends_again_and_again(2, (registered(erlang.self()), "nonode@nohost"))


@case()
async def test_send_interval5():
    first, second = erlang.make_ref(), erlang.make_ref()
    _, ref = started("interval", timer.send_interval(500, first))
    assert await erlang.receive(first) == first
    erlang.send("timer_server", ("DOWN", ref, "process", erlang.self(), "test"))
    started("send_local", timer.send_after(600, second))
    assert await erlang.receive() == second


@case()
async def test_send_interval_invalid_args():
    me = erlang.self()
    for arguments in ((-1, "test"), (-1, me, "test"), (-1, "name", "test"), (0, [], "test")):
        assert timer.send_interval(*arguments) == BADARG


async def is_cancelled(answer: Any, message: Any) -> None:
    """A timer that is cancelled in time does nothing."""
    assert timer.cancel(answer[1]) == ("ok", "cancel")
    assert not await get(2000, message)


@case()
async def test_cancel1():
    ref = erlang.make_ref()
    assert timer.cancel(timer.send_after(0, ref)[1]) == ("ok", "cancel")
    assert await get(0, ref)


@case()
async def test_cancel2():
    ref = erlang.make_ref()
    await is_cancelled(timer.send_after(1000, ref), ref)


@case()
async def test_cancel3():
    ref = erlang.make_ref()
    await is_cancelled(timer.apply_after(1000, "erlang", "send", [erlang.self(), ref]), ref)


@case()
async def test_cancel4():
    ref = erlang.make_ref()
    interval = timer.send_interval(500, ref)
    assert await erlang.receive() == ref
    await is_cancelled(interval, ref)


@case()
async def test_cancel5():
    ref = erlang.make_ref()
    interval = timer.apply_interval(500, "erlang", "send", [erlang.self(), ref])
    assert await erlang.receive() == ref
    await is_cancelled(interval, ref)


@case()
async def test_cancel6():
    timer.start()
    monitor = erlang.monitor("process", "timer_server")
    for kind in ("once", "instant", "interval", "send_local"):
        assert timer.cancel((kind, erlang.make_ref())) == ("ok", "cancel")
        assert await erlang.receive(("DOWN", monitor, ..., ..., ...), after=500) is TIMEOUT


@case()
async def test_cancel_invalid_args():
    for wrong in ("no_reference", ("foo", erlang.make_ref()), ("once", "foo"), ("interval", "foo"), ("instant", "foo")):
        assert timer.cancel(wrong) == BADARG


@case()
async def test_sleep1():
    assert await timer.sleep(1000) == "ok"
    assert erlang.monotonic_time() == 1000


@case()
async def test_sleep2():
    erlang.process_flag("trap_exit", True)

    async def body() -> None:
        started("once", timer.kill_after(1000))
        await timer.sleep(0xFFFFFFFF + 1)

    pid = erlang.spawn_link(body)
    assert await get(2000, ("EXIT", pid, "killed"))
