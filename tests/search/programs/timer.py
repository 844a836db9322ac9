"""Programs whose processes race with a timer, or with a receive that gives up."""

from __future__ import annotations

from functools import partial

from erlsim import TIMEOUT
from tests.search.programs.kit import block, erlang, ets, go, matched, program, read, write


@program("basic_tests/late_hope:late_hope", late=True)
async def late_hope():
    """Hope comes from a process that is in no hurry; the parent waits for 100 ms."""
    me = erlang.self()
    other = erlang.spawn(lambda: None)

    def sender():
        erlang.send(other, "ignore")
        erlang.send(me, "hope")

    erlang.spawn(sender)
    if await erlang.receive("hope", after=100) is not TIMEOUT:
        erlang.throw("saved")


@program("basic_tests/hopeless_after:hopeless_after", late=True)
async def no_hope():
    """What comes is not what is awaited."""
    erlang.spawn(partial(erlang.send, erlang.self(), "hopeless"))
    if await erlang.receive("hope", after=100) is TIMEOUT:
        erlang.throw("no_hope")


@program("basic_tests/receive_and_after:receive_and_after", late=True)
async def message_or_10_ms():
    """A child waits for 10 ms for what its parent sends at once."""

    async def child():
        if await erlang.receive("enable", after=10) is TIMEOUT:
            erlang.throw("boom")
        erlang.throw("kaboom")

    erlang.send(erlang.spawn(child), "enable")


@program("basic_tests/trigger_the_after:trigger_the_after", late=True)
async def second_in_time():
    """After the first message the second is awaited for 100 ms."""

    async def receiver():
        await erlang.receive("one")
        erlang.throw("one" if await erlang.receive("two", after=100) is TIMEOUT else "both")

    to = erlang.spawn(receiver)
    go(partial(erlang.send, to, "two"), partial(erlang.send, to, "one"))
    erlang.error("error")


@program("basic_tests/send_after_trouble:test", late=True)
async def handed_on_in_time():
    """One waits for 100 ms; two send to it, one of them by way of another."""

    async def relay():
        erlang.send(await erlang.receive(), "ok")

    async def waits():
        await erlang.receive(after=100)

    between, to = go(relay, waits)
    erlang.send(between, to)
    erlang.send(to, "ok")


def _send_after(ms, message):
    return erlang.send_after(ms, erlang.self(), message), message


def _start_timer(ms, message):
    ref = erlang.start_timer(ms, erlang.self(), message)
    return ref, ("timeout", ref, message)


async def _in_a_second(message):
    return await erlang.receive(message, after=1000) is not TIMEOUT


@program("basic_tests/send_after:test1", late=True)
async def timer_and_timeout():
    """A message is sent and a receive gives up after the same time."""
    _, message = _send_after(1000, "foo")
    await _in_a_second(message)
    await block()


@program("basic_tests/send_after:test2", late=True)
async def start_timer_and_timeout():
    """The same with the other kind of timer."""
    _, message = _start_timer(1000, "foo")
    await _in_a_second(message)
    await block()


@program("basic_tests/send_after:test5", late=True)
async def timer_read_when_it_came():
    """A timer that has come is read: it is no more."""
    ref, message = _send_after(1000, "foo")
    if await _in_a_second(message):
        matched(erlang.read_timer(ref), False)


@program("basic_tests/send_after:test9", late=True)
async def timer_cancelled_when_it_came():
    """A timer that has come is cancelled."""
    ref, message = _send_after(1000, "foo")
    if await _in_a_second(message):
        matched(erlang.cancel_timer(ref), False)


@program("basic_tests/send_after:test3", late=True)
async def timer_cancelled():
    """A timer is cancelled, then its message awaited for as long as it would have taken."""
    ref, message = _send_after(1000, "foo")
    erlang.cancel_timer(ref)
    await _in_a_second(message)
    await block()


@program("basic_tests/send_after:test7", late=True)
async def timer_read_before():
    """A timer is read before its message is awaited."""
    ref, message = _send_after(1000, "foo")
    left = erlang.read_timer(ref)
    if not await _in_a_second(message):
        matched(left is not False, True)


@program("basic_tests/send_after:testB", late=True)
async def timer_cancelled_before():
    """A timer is cancelled before its message is awaited; if it comes no more, it was there."""
    ref, message = _send_after(1000, "foo")
    left = erlang.cancel_timer(ref)
    if not await _in_a_second(message):
        matched(left is not False, True)


@program("basic_tests/send_after:test13", late=True)
async def timer_of_0_ms_cancelled():
    """A timer of 0 ms is cancelled."""
    ref, message = _send_after(0, "foo")
    erlang.cancel_timer(ref)
    await _in_a_second(message)
    await block()


@program("basic_tests/send_after:test1D", late=True)
async def two_senders_after_a_timer():
    """When a timer has come, two children send."""
    me = erlang.self()
    erlang.send_after(0, me, "ok")
    await erlang.receive("ok")
    go(partial(erlang.send, me, "foo"), partial(erlang.send, me, "bar"))
    await erlang.receive()


@program("basic_tests/timers_afters_exits_crashes:my_start_timer", late=True)
async def message_and_timer():
    """One sends at once, a timer in 50 ms; a child takes one message."""
    to = erlang.spawn(erlang.receive)
    go(partial(erlang.send, to, "ok"), lambda: erlang.start_timer(50, to, "ok"))
    await block()


@program("dpor_tests/timer_replayed:test", late=True)
async def timer_beside_rows():
    """A row is written and read while a timer of 100 ms races with a receive of 100 ms."""
    ets.new("table", ["named_table", "public"])
    me = erlang.self()
    go(partial(write, "x", 1), partial(read, "x"), lambda: erlang.send_after(100, me, "ok"))
    await erlang.receive("ok", after=100)
    await block()
