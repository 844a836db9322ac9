"""Exit signals and the death of processes: rules 1 to 22."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import erlang, ets
from tests.kernel.kit import (
    BADARG,
    dead,
    ending,
    flush,
    hang,
    is_stack,
    raised,
    settle,
    table,
    trapping,
    value,
)

pytestmark = pytest.mark.erlsim


def quit_self(reason: Any, trap: bool, after: list[str]) -> Any:
    """A body that sends itself an exit signal, and notes what it does afterwards."""

    async def body() -> Any:
        erlang.process_flag("trap_exit", trap)
        try:
            erlang.exit(erlang.self(), reason)
            after.append("ran on")
        except erlsim.ErlangException:
            after.append("caught")
        return await flush()

    return body


@pytest.mark.rule(1)
async def test_exit_normal_to_another_process_that_does_not_trap_is_dropped():
    pid = erlang.spawn(hang)
    erlang.exit(pid, "normal")
    await settle()
    assert erlang.is_process_alive(pid)


@pytest.mark.rule(2)
async def test_exit_normal_to_oneself_ends_a_process_that_does_not_trap():
    after: list[str] = []
    assert await ending(quit_self("normal", False, after)) == "normal"
    assert after == []


@pytest.mark.rule(3)
async def test_exit_normal_to_oneself_is_a_message_for_a_process_that_traps():
    async def body() -> Any:
        return erlang.self(), await quit_self("normal", True, [])()

    me, messages = await value(body)
    assert messages == [("EXIT", me, "normal")]


@pytest.mark.rule(3)
@table({"normal": "normal", "another reason": "foo"})
async def test_whether_a_signal_to_oneself_is_trapped_is_decided_when_it_arrives(case):
    async def body() -> Any:
        erlang.process_flag("trap_exit", True)
        assert erlang.exit(erlang.self(), case) is True
        erlang.process_flag("trap_exit", False)
        return await flush()

    assert await value(body) == ([] if case == "normal" else ("died", "foo"))


@pytest.mark.rule(4)
async def test_an_exit_signal_to_oneself_cannot_be_caught():
    after: list[str] = []
    assert await ending(quit_self("foo", False, after)) == "foo"
    assert after == []


@table({"a reason": "foo", "normal": "normal", "kill": "kill"})
async def test_who_ends_by_an_exit_signal_to_himself_lets_others_run_before(case):
    async def parent() -> Any:
        erlang.process_flag("trap_exit", True)
        first = erlang.spawn_link(lambda: erlang.exit(erlang.self(), case))
        second = erlang.spawn_link(lambda: None)
        await settle()
        return [first, second], [pid for _, pid, _ in await flush()]

    spawned, ended = await value(parent)
    assert ended == spawned[::-1]


async def test_messages_that_arrived_together_are_received_before_a_signal_that_came_later():
    """A receive takes all that is in transit at once; the next one finds the rest before it looks again."""

    async def body() -> Any:
        erlang.process_flag("trap_exit", True)
        assert await erlang.receive() == "first"
        erlang.exit(erlang.self(), "foo")
        assert await erlang.receive() == "second"
        erlang.process_flag("trap_exit", False)
        return await erlang.receive()

    pid, ref = erlang.spawn_monitor(body)
    erlang.send(pid, "first")
    erlang.send(pid, "second")
    assert await erlang.receive() == ("DOWN", ref, "process", pid, "foo")


async def test_what_arrives_after_an_exit_signal_to_oneself_comes_too_late_to_be_the_reason():
    async def parent() -> Any:
        erlang.process_flag("trap_exit", True)
        first = erlang.spawn_link(lambda: erlang.exit(erlang.self(), "mine"))
        erlang.spawn(lambda: erlang.exit(first, "another's"))
        await settle()
        return await flush() == [("EXIT", first, "mine")]

    assert await value(parent) is True


@pytest.mark.rule(5)
async def test_exit_normal_to_a_process_that_traps_is_a_message_from_the_caller():
    async def body() -> Any:
        erlang.process_flag("trap_exit", True)
        return await flush()

    async def signal(pid: Any) -> Any:
        erlang.exit(pid, "normal")
        erlang.exit(("sent", erlang.self()))

    pid, ref = erlang.spawn_monitor(lambda: report(body))
    await settle()
    sender = (await ending(signal, pid))[1]
    assert (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] == [("EXIT", sender, "normal")]


async def report(body: Any) -> None:
    """Run `body` and end with what it returns."""
    erlang.exit(await body())


@pytest.mark.rule(6)
async def test_kill_cannot_be_trapped_and_becomes_killed_for_links_and_monitors():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(trapping)
    ref = erlang.monitor("process", pid)
    await settle()
    erlang.exit(pid, "kill")
    assert await flush() == [("EXIT", pid, "killed"), ("DOWN", ref, "process", pid, "killed")]


@pytest.mark.rule(6)
@table({"trapping": True, "not trapping": False})
async def test_kill_to_oneself_becomes_killed_even_when_trapping(case):
    assert await ending(quit_self("kill", case, [])) == "killed"


@pytest.mark.rule(7)
async def test_a_process_that_ends_itself_with_kill_sends_kill_which_can_be_trapped():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(lambda: erlang.exit("kill"))
    assert await flush() == [("EXIT", pid, "kill")]


@pytest.mark.rule(7)
async def test_a_peer_that_does_not_trap_dies_of_a_linked_kill_with_kill():
    async def body() -> None:
        erlang.spawn_link(lambda: erlang.exit("kill"))
        await hang()

    assert await ending(body) == "kill"


@pytest.mark.rule(8)
async def test_killed_goes_on_along_a_chain_of_links():
    erlang.process_flag("trap_exit", True)
    first: list[Any] = []

    async def middle() -> None:
        first.append(erlang.spawn_link(hang))
        await hang()

    pid = erlang.spawn_link(middle)
    ref = erlang.monitor("process", pid)
    await settle()
    erlang.exit(first[0], "kill")
    assert await flush() == [("EXIT", pid, "killed"), ("DOWN", ref, "process", pid, "killed")]


@pytest.mark.rule(9)
async def test_a_linked_peer_that_exits_normally_does_not_affect_a_process_that_does_not_trap():
    async def body() -> Any:
        erlang.spawn_link(lambda: None)
        return await flush()

    assert await value(body) == []


@pytest.mark.rule(9)
async def test_a_linked_peer_that_exits_normally_is_a_message_for_a_process_that_traps():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(lambda: None)
    assert await flush() == [("EXIT", pid, "normal")]


@pytest.mark.rule(10)
async def test_the_first_exit_signal_wins():
    pid, ref = erlang.spawn_monitor(hang)
    erlang.exit(pid, "first")
    erlang.exit(pid, "second")
    assert await flush() == [("DOWN", ref, "process", pid, "first")]


@pytest.mark.rule(11)
async def test_an_exit_signal_ends_a_process_that_never_receives():
    async def busy() -> None:
        while True:
            await erlang.yield_()

    pid, ref = erlang.spawn_monitor(busy)
    await erlang.yield_()
    erlang.exit(pid, "stop")
    assert await erlang.receive() == ("DOWN", ref, "process", pid, "stop")


@pytest.mark.rule(12)
@pytest.mark.erlsim(crashes=True)
async def test_a_reason_with_a_stack_is_passed_on_unchanged():
    async def middle() -> None:
        erlang.spawn_link(lambda: erlang.error("zap"))
        await hang()

    reason, stack = await ending(middle)
    assert reason == "zap"
    assert is_stack(stack)


@pytest.mark.rule(13)
async def test_exit_to_a_dead_pid_is_true_and_to_a_name_badarg():
    assert erlang.exit(await dead(), "x") is True
    erlang.register("somebody", erlang.spawn(hang))
    assert raised(erlang.exit, "somebody", "x") == BADARG
    assert raised(erlang.exit, "nobody", "x") == BADARG


@pytest.mark.rule(17)
async def test_trap_exit_returns_the_old_value_and_what_is_queued_stays_when_it_is_switched_off():
    async def body() -> Any:
        old = [erlang.process_flag("trap_exit", flag) for flag in (True, True, False, True)]
        pid = erlang.spawn_link(lambda: erlang.exit("boom"))
        await settle()
        erlang.process_flag("trap_exit", False)
        return old, await flush() == [("EXIT", pid, "boom")]

    assert await value(body) == ([False, True, True, False], True)


@pytest.mark.rule(18)
async def test_timers_tables_and_name_are_gone_before_the_links_and_monitors_hear():
    erlang.process_flag("trap_exit", True)
    timers: list[Any] = []

    async def owner() -> None:
        erlang.register("owner", erlang.self())
        ets.new("table", ["named_table", "public"])
        timers.append(erlang.send_after(1000, erlang.self(), "late"))
        await hang()

    pid = erlang.spawn_link(owner)
    ref = erlang.monitor("process", pid)
    await settle()
    erlang.exit(pid, "bye")
    assert await erlang.receive() == ("EXIT", pid, "bye")
    left = (erlang.whereis("owner"), ets.whereis("table"), erlang.read_timer(timers[0]), erlang.is_process_alive(pid))
    assert left == ("undefined", "undefined", False, False)
    assert await erlang.receive() == ("DOWN", ref, "process", pid, "bye")


@pytest.mark.rule(19)
@table({"linked first": True, "monitored first": False})
async def test_exit_arrives_before_down_whichever_was_made_first(case):
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn(hang)
    if case:
        erlang.link(pid)
    ref = erlang.monitor("process", pid)
    erlang.link(pid)
    erlang.exit(pid, "x")
    assert await flush() == [("EXIT", pid, "x"), ("DOWN", ref, "process", pid, "x")]


@pytest.mark.rule(20)
async def test_several_monitors_of_one_owner_fire_in_the_order_they_were_made():
    pid = erlang.spawn(hang)
    refs = [erlang.monitor("process", pid) for _ in range(8)]
    erlang.exit(pid, "x")
    assert [down[1] for down in await flush()] == refs


@pytest.mark.rule(20)
async def test_monitors_of_several_owners_fire_in_the_order_they_were_made():
    pid, shell = erlang.spawn(hang), erlang.self()

    async def watcher(number: int) -> None:
        await erlang.receive("go")
        ref = erlang.monitor("process", pid)
        await erlang.receive(("DOWN", ref, ..., ..., ...))
        erlang.send(shell, number)

    watchers = [erlang.spawn(watcher, [number]) for number in range(4)]
    for number in (3, 1, 0, 2):
        erlang.send(watchers[number], "go")
        await settle()
    erlang.exit(pid, "x")
    assert await flush() == [3, 1, 0, 2]


@pytest.mark.rule(21)
async def test_every_linked_peer_gets_one_exit_in_whatever_order():
    shell, peers = erlang.self(), []

    async def peer(number: int) -> None:
        erlang.process_flag("trap_exit", True)
        messages = await flush(100)
        erlang.send(shell, (number, messages))

    async def parent() -> None:
        peers.extend(erlang.spawn_link(peer, [number]) for number in range(4))
        await erlang.receive(after=5)
        erlang.exit("bye")

    pid = erlang.spawn(parent)
    assert sorted(await flush(200)) == [(number, [("EXIT", pid, "bye")]) for number in range(4)]


@pytest.mark.rule(22)
async def test_messages_sent_before_dying_arrive_before_exit_and_down():
    erlang.process_flag("trap_exit", True)
    shell = erlang.self()

    async def body() -> None:
        erlang.send(shell, "m1")
        erlang.send(shell, "m2")
        erlang.exit("bye")

    pid = erlang.spawn_link(body)
    ref = erlang.monitor("process", pid)
    assert await flush() == ["m1", "m2", ("EXIT", pid, "bye"), ("DOWN", ref, "process", pid, "bye")]
