"""Suspending and resuming other processes."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import erlang
from erlsim.testing import RandomWalk
from tests.kernel.kit import BADARG, dead, ending, flush, hang, raised, settle, table, value

pytestmark = pytest.mark.erlsim


async def echo(shell: Any) -> None:
    """Send the shell what one receives."""
    while True:
        erlang.send(shell, ("got", await erlang.receive()))


async def test_a_suspended_process_runs_no_code_until_it_is_resumed():
    pid = erlang.spawn(echo, [erlang.self()])
    await settle()
    assert erlang.suspend_process(pid) is True
    erlang.send(pid, "a")
    assert erlang.process_info(pid, ["status", "messages"]) == [("status", "suspended"), ("messages", ["a"])]
    erlang.send(pid, "b")
    assert await flush() == []
    assert erlang.resume_process(pid) is True
    assert await flush() == [("got", "a"), ("got", "b")]


async def test_a_process_that_is_ready_to_run_is_held_back():
    me = erlang.self()
    pid = erlang.spawn(lambda: erlang.send(me, "ran"))
    erlang.suspend_process(pid)
    assert await flush() == []
    erlang.resume_process(pid)
    assert await flush() == ["ran"]


async def test_it_has_to_be_resumed_as_often_as_it_was_suspended():
    pid = erlang.spawn(hang)
    assert [erlang.suspend_process(pid), erlang.suspend_process(pid)] == [True, True]
    assert erlang.suspend_process(pid, ["unless_suspending"]) is False
    assert erlang.process_info(erlang.self(), "suspending") == ("suspending", [(pid, 2, 0)])
    states = []
    for _ in range(2):
        erlang.resume_process(pid)
        states.append(erlang.process_info(pid, "status")[1] == "suspended")
    assert states == [True, False]
    assert raised(erlang.resume_process, pid) == BADARG


async def test_signals_reach_a_suspended_process():
    pid, ref = erlang.spawn_monitor(hang)
    await settle()
    erlang.suspend_process(pid)
    erlang.exit(pid, "normal")
    erlang.exit(pid, "bye")
    erlang.exit(pid, "second")
    assert await flush() == [("DOWN", ref, "process", pid, "bye")]
    assert erlang.process_info(erlang.self(), "suspending") == ("suspending", [])
    assert raised(erlang.resume_process, pid) == BADARG


async def test_a_timeout_that_passes_meanwhile_is_told_afterwards():
    shell = erlang.self()

    async def body() -> None:
        await erlang.receive("never", after=20)
        erlang.send(shell, erlang.monotonic_time())

    pid = erlang.spawn(body)
    await settle()
    erlang.suspend_process(pid)
    await erlang.receive("never", after=49)
    erlang.resume_process(pid)
    assert await erlang.receive() == 50


async def test_when_the_suspender_dies_it_is_as_if_he_had_resumed():
    pid = erlang.spawn(echo, [erlang.self()])

    async def suspender() -> None:
        erlang.suspend_process(pid)
        erlang.suspend_process(pid)
        await erlang.receive("end")

    who = erlang.spawn(suspender)
    await settle()
    erlang.send(pid, "a")
    assert await flush() == []
    erlang.send(who, "end")
    assert await flush() == [("got", "a")]


async def test_two_suspenders_count_each_for_himself():
    pid, shell = erlang.spawn(hang), erlang.self()

    async def other() -> None:
        erlang.suspend_process(pid, ["unless_suspending"])
        erlang.send(shell, raised(erlang.resume_process, pid))
        erlang.send(shell, raised(erlang.resume_process, pid))

    erlang.suspend_process(pid)
    erlang.spawn(other)
    assert await flush() == [("ok", True), BADARG]
    assert erlang.process_info(pid, "status") == ("status", "suspended")


async def test_asynchronous_suspending_tells_by_message_if_asked_to():
    pid, gone = erlang.spawn(hang), await dead()
    assert erlang.suspend_process(pid, ["asynchronous", "unless_suspending"]) is True
    assert erlang.suspend_process(pid, [("asynchronous", "tag")]) is True
    assert erlang.suspend_process(gone, ["asynchronous"]) is True
    assert erlang.suspend_process(gone, [("asynchronous", "tag")]) is True
    assert await flush() == [("tag", "suspended"), ("tag", "badarg")]


BAD: dict[str, Any] = {"no pid": "foo", "no list": ("pid", "foo"), "unknown": ("pid", [("foo", 1)])}


@table(BAD)
async def test_bad_arguments_of_suspending_are_badarg(case):
    pid = erlang.spawn(hang)
    arguments = (case,) if isinstance(case, str) else (pid, case[1])
    assert raised(erlang.suspend_process, *arguments) == BADARG
    assert erlang.process_info(pid, "status") == ("status", "runnable")


async def test_oneself_and_the_dead_cannot_be_suspended():
    pid = erlang.spawn(hang)
    await settle()
    erlang.exit(pid, "kill")
    for who in (erlang.self(), await dead(), pid):
        assert raised(erlang.suspend_process, who) == BADARG
        assert raised(erlang.resume_process, who) == BADARG


async def test_a_suspended_server_lets_its_callers_wait():
    async def server() -> None:
        while True:
            sender, question = await erlang.receive()
            erlang.send(sender, ("answer", question))

    pid = erlang.spawn(server)
    erlang.suspend_process(pid)

    async def client() -> Any:
        erlang.send(pid, (erlang.self(), 1))
        return await erlang.receive(("answer", 1), after=100)

    asked = erlang.spawn_monitor(lambda: report(client))
    await erlang.receive("never", after=50)
    erlang.resume_process(pid)
    assert (await erlang.receive(("DOWN", asked[1], ..., ..., ...)))[4] == ("answer", 1)
    assert await value(client) == ("answer", 1)
    assert await ending(lambda: None) == "normal"


async def report(body: Any) -> None:
    """Run `body` and end with what it returns."""
    erlang.exit(await body())


def test_who_is_suspended_takes_nothing_whatever_a_chooser_wants():
    async def main():
        me = erlang.self()

        async def answering():
            erlang.send(me, "ready")
            erlang.send(me, ("got", await erlang.receive("message")))

        pid = erlang.spawn(answering)
        await erlang.receive("ready")
        await erlang.receive(after=1)
        erlang.suspend_process(pid)
        erlang.send(pid, "message")
        early = await erlang.receive(after=5)
        waiting = erlang.process_info(pid, "messages")
        erlang.resume_process(pid)
        return early, waiting, await erlang.receive(after=5)

    for seed in range(3):
        got = erlsim.run(main, chooser=RandomWalk(seed), trace=False)
        assert got == (erlsim.TIMEOUT, ("messages", ["message"]), ("got", "message"))
