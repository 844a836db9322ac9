"""A call in one step, as untraced processes make it, cannot be told from one made step by step."""

import re

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server
from tests.otp.kit import gives, heard, outcome, raises, server, start

TIMEOUTS = {"default": (), "finite": (50,), "infinity": ("infinity",)}


async def replied(*timeout):
    return await gen_server.call(await start(), gives(("reply", [1], 0)), *timeout)


async def replied_slowly(*timeout):
    async def slow(state):
        await timer.sleep(20)
        return ("reply", "slow", state)

    return await gen_server.call(await start(), slow, *timeout)


async def replied_by_another(*timeout):
    def handle_call(request, from_, state):
        erlang.spawn(lambda: gen_server.reply(from_, "other"))
        return ("noreply", state)

    return await gen_server.call(await start(server(handle_call=handle_call)), "r", *timeout)


async def replied_through_another_server(*timeout):
    inner = await start()

    async def forward(state):
        return ("reply", ("inner", await gen_server.call(inner, gives(("reply", "deep", 0)), *timeout)), state)

    return await gen_server.call(await start(), forward, *timeout)


async def replied_with_messages_waiting(*timeout):
    erlang.send(erlang.self(), "before")
    answer = await gen_server.call(await start(), gives(("reply", "r", 0)), *timeout)
    return answer, await heard()


async def replied_with_messages_coming(*timeout):
    me = erlang.self()

    def talk(state):
        erlang.send(me, "during")
        return ("reply", "r", state)

    return await gen_server.call(await start(), talk, *timeout), await heard()


async def stopped_with_a_reply(*timeout):
    return await gen_server.call(await start(), gives(("stop", "normal", "bye", 0)), *timeout)


async def stopped_without(*timeout):
    return await gen_server.call(await start(), gives(("stop", "why", 0)), *timeout)


async def crashed(*timeout):
    return await gen_server.call(await start(), raises("error", "boom"), *timeout)


async def killed(*timeout):
    pid = await start()

    async def kill():
        await timer.sleep(5)
        erlang.exit(pid, "kill")

    erlang.spawn(kill)
    return await gen_server.call(pid, gives(("noreply", 0)), *timeout)


async def killed_just_before(*timeout):
    pid = await start()
    erlang.exit(pid, "kill")
    return await gen_server.call(pid, "r", *timeout)


async def dead_already(*timeout):
    pid = await start()
    await gen_server.stop(pid)
    return await gen_server.call(pid, "r", *timeout)


async def to_itself(*timeout):
    return await gen_server.call(erlang.self(), "r", *timeout)


async def to_a_suspended_process_that_dies(*timeout):
    pid = erlang.spawn(timer_then("late"))
    return await gen_server.call(pid, "r", *timeout)


def timer_then(reason):
    async def body():
        await timer.sleep(10)
        erlang.exit(reason)

    return body


SCRIPTS = [
    *[replied, replied_slowly, replied_by_another, replied_through_another_server, replied_with_messages_waiting],
    *[replied_with_messages_coming, stopped_with_a_reply, stopped_without, crashed, killed, killed_just_before],
    *[dead_already, to_itself, to_a_suspended_process_that_dies],
]


def shown(term):
    """A term as text, without the addresses of funs."""
    return re.sub("0x[0-9a-f]+", "0x", repr(term))


def played(script, timeout, trace):
    """How `script` goes in a process of its own, and what it leaves behind: mailbox, monitors, time."""

    async def main():
        me = erlang.self()

        async def body():
            erlang.process_flag("trap_exit", True)
            result = await outcome(script(*timeout))
            left = [erlang.process_info(erlang.self(), item) for item in ("monitors", "monitored_by", "links")]
            erlang.send(me, ("done", result, await heard(100), left, erlang.monotonic_time()))

        erlang.spawn(body)
        return await erlang.receive(("done", ..., ..., ..., ...))

    return erlsim.run(main, trace=trace)


@pytest.mark.parametrize("timeout", list(TIMEOUTS.values()), ids=list(TIMEOUTS))
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_a_call_goes_the_same_way_traced_and_untraced(script, timeout):
    fast, slow = played(script, timeout, False), played(script, timeout, True)
    assert shown(fast) == shown(slow)
    _, _, mailbox, left, _ = fast
    assert mailbox == []
    assert left == [("monitors", []), ("monitored_by", []), ("links", [])]


@pytest.mark.parametrize("timeout", [0, 5])
@pytest.mark.parametrize("trace", [False, True])
def test_a_late_reply_is_dropped_by_an_untraced_client_too(timeout, trace):
    async def script():
        async def slow(state):
            await timer.sleep(10)
            return ("reply", "late", state)

        return await gen_server.call(await start(), slow, timeout)

    _, (kind, (reason, _)), mailbox, left, _ = played(script, (), trace)
    assert (kind, reason, mailbox) == ("exit", "timeout", [])
    assert left[0] == ("monitors", [])


def test_a_client_that_dies_in_a_call_leaves_no_monitor_at_the_server():
    async def main():
        pid = await start()
        client = erlang.spawn(lambda: gen_server.call(pid, gives(("noreply", 0))))
        await timer.sleep(5)
        watched = erlang.process_info(pid, "monitored_by")
        erlang.exit(client, "kill")
        await timer.sleep(5)
        return watched == ("monitored_by", [client]), erlang.process_info(pid, "monitored_by")

    assert erlsim.run(main, trace=False) == (True, ("monitored_by", []))


def test_a_reply_is_a_copy_for_an_untraced_client_too():
    async def main():
        pid = await start(server(handle_call=lambda request, from_, state: ("reply", state, state)), [1])
        me = erlang.self()

        async def client():
            (await gen_server.call(pid, "get")).append(2)
            erlang.send(me, await gen_server.call(pid, "get"))

        erlang.spawn(client)
        return await erlang.receive()

    assert erlsim.run(main, trace=False) == [1]
