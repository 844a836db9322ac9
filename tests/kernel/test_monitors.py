"""Monitors: rules 31 to 43."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import TIMEOUT, erlang
from erlsim.terms import Ref
from tests.kernel.kit import BADARG, dead, flush, hang, raised, settle, table

pytestmark = pytest.mark.erlsim

NODE = "nonode@nohost"


def info(item: str, pid: Any = None) -> Any:
    """One item of `process_info`, without its name."""
    return erlang.process_info(pid or erlang.self(), item)[1]


@pytest.mark.rule(31)
async def test_monitoring_a_dead_process_gives_noproc():
    pid = await dead()
    ref = erlang.monitor("process", pid)
    assert await flush() == [("DOWN", ref, "process", pid, "noproc")]


async def none_yet() -> Any:
    """What is in the mailbox now, or `TIMEOUT`: nobody else runs."""
    return await erlang.receive(after=0)


async def test_a_dead_pids_noproc_comes_when_its_watcher_has_let_others_run():
    pid = await dead()
    ref = erlang.monitor("process", pid)
    erlang.send(erlang.self(), "meanwhile")
    assert info("messages") == ["meanwhile"]
    assert [await none_yet(), await none_yet()] == ["meanwhile", TIMEOUT]
    await erlang.yield_()
    assert await none_yet() == ("DOWN", ref, "process", pid, "noproc")


async def test_noproc_of_a_name_is_there_at_once():
    ref = erlang.monitor("process", "nobody")
    assert await none_yet() == ("DOWN", ref, "process", ("nobody", NODE), "noproc")


@table(
    {
        "another monitor": lambda gone, other: erlang.monitor("process", other),
        "the monitor of another dead process": lambda gone, other: erlang.monitor("process", gone),
        "an exit signal to the dead": lambda gone, other: erlang.exit(gone, "q"),
        "a question to another process": lambda gone, other: erlang.process_info(other, "links"),
        "a question to the dead": lambda gone, other: erlang.process_info(gone, "links"),
    }
)
async def test_what_else_lets_a_held_monitor_go(case):
    gone, other = await dead(), erlang.spawn(hang)
    ref = erlang.monitor("process", gone)
    case(gone, other)
    assert await none_yet() == ("DOWN", ref, "process", gone, "noproc")


@table(
    {
        "a message to another process": lambda gone, other: erlang.send(other, "x"),
        "a message to the dead": lambda gone, other: erlang.send(gone, "x"),
        "an exit signal to another": lambda gone, other: erlang.exit(other, "normal"),
        "a link to another": lambda gone, other: erlang.link(other),
        "a spawn with a monitor": lambda gone, other: erlang.spawn_monitor(hang),
        "whether somebody lives": lambda gone, other: erlang.is_process_alive(other),
        "how much another has to read": lambda gone, other: erlang.process_info(other, "message_queue_len"),
        "a question to oneself": lambda gone, other: erlang.process_info(erlang.self(), "links"),
        "a monitor of a name that nobody has": lambda gone, other: erlang.demonitor(
            erlang.monitor("process", "nobody"), ["flush"]
        ),
    }
)
async def test_what_does_not_let_a_held_monitor_go(case):
    gone, other = await dead(), erlang.spawn(hang)
    await erlang.yield_()
    erlang.monitor("process", gone)
    case(gone, other)
    assert await none_yet() is TIMEOUT


async def test_a_held_monitor_can_be_taken_back_and_was_still_there():
    pid = await dead()
    ref = erlang.monitor("process", pid)
    assert erlang.demonitor(ref, ["flush", "info"]) is True
    assert await flush() == []


async def test_of_two_monitors_of_the_dead_the_first_is_heard_of_at_once():
    pid = await dead()
    first, second = erlang.monitor("process", pid), erlang.monitor("process", pid)
    assert (await none_yet())[1] == first
    assert await none_yet() is TIMEOUT
    assert [message[1] for message in await flush()] == [second]


def test_time_that_passes_for_the_shell_lets_a_held_monitor_go():
    sim = erlsim.Simulation()

    async def watch() -> Any:
        return erlang.monitor("process", await dead())

    ref = sim.run(watch)
    sim.advance(0)
    assert sim.run(none_yet)[1] == ref
    ref = sim.run(watch)
    assert sim.run(none_yet)[1] == ref, "what begins anew has let others run, as an expression in Erlang's shell has"


@pytest.mark.rule(32)
@table({"name": "somebody", "name and node": ("somebody", NODE)})
async def test_a_monitor_by_name_names_the_object_by_name_and_node(case):
    pid = erlang.spawn(hang)
    erlang.register("somebody", pid)
    ref = erlang.monitor("process", case)
    assert info("monitors") == [("process", ("somebody", NODE))]
    erlang.exit(pid, "q")
    assert await flush() == [("DOWN", ref, "process", ("somebody", NODE), "q")]


@pytest.mark.rule(32)
@table({"name": "nosuch", "name and node": ("nosuch", NODE)})
async def test_a_monitor_of_a_name_that_nobody_has_gives_noproc(case):
    ref = erlang.monitor("process", case)
    assert await flush() == [("DOWN", ref, "process", ("nosuch", NODE), "noproc")]


@pytest.mark.rule(33)
async def test_a_name_is_looked_up_once():
    first, second = erlang.spawn(hang), erlang.spawn(hang)
    erlang.register("somebody", first)
    ref = erlang.monitor("process", "somebody")
    erlang.unregister("somebody")
    erlang.register("somebody", second)
    erlang.exit(second, "kill")
    assert await flush() == []
    erlang.exit(first, "kill")
    assert await flush() == [("DOWN", ref, "process", ("somebody", NODE), "killed")]


@pytest.mark.rule(34)
@table({"kill": "kill", "another reason": "boom"})
async def test_monitoring_after_an_exit_signal_of_ones_own_gives_noproc(case):
    pid = erlang.spawn(hang)
    await settle()
    erlang.exit(pid, case)
    ref = erlang.monitor("process", pid)
    assert await flush() == [("DOWN", ref, "process", pid, "noproc")]


@pytest.mark.rule(35)
async def test_a_call_after_a_kill_of_ones_own_finds_no_process():
    from erlsim.otp import gen_server

    async def server() -> None:
        await hang()

    pid = erlang.spawn(server)
    await settle()
    erlang.exit(pid, "kill")
    with pytest.raises(Exception) as caught:
        await gen_server.call(pid, "request")
    assert caught.value.kind == "exit"
    assert caught.value.reason == ("noproc", ("gen_server", "call", [pid, "request"]))


@pytest.mark.rule(36)
@table({"normal": (lambda: None, "normal"), "boom": (lambda: erlang.exit("boom"), "boom")})
async def test_a_process_that_is_monitored_before_it_runs_tells_its_real_reason(case):
    body, reason = case
    pid = erlang.spawn(body)
    ref = erlang.monitor("process", pid)
    assert await flush() == [("DOWN", ref, "process", pid, reason)]


@pytest.mark.rule(37)
@table({"without flush": ([], 1), "with flush": (["flush"], 0)})
async def test_demonitor_leaves_a_queued_down_unless_told_to_flush(case):
    options, left = case
    pid = await dead()
    ref = erlang.monitor("process", pid)
    await settle()
    assert erlang.demonitor(ref, options) is True
    assert len(await flush()) == left


@pytest.mark.rule(37)
async def test_demonitor_before_the_down_has_arrived_needs_no_flush():
    ref = erlang.monitor("process", await dead())
    assert erlang.demonitor(ref, ["info"]) is True
    assert await flush() == []


@pytest.mark.rule(38)
async def test_info_tells_whether_the_monitor_was_there():
    pid = erlang.spawn(hang)
    ref = erlang.monitor("process", pid)
    assert erlang.demonitor(ref, ["info"]) is True
    assert erlang.demonitor(ref, ["info"]) is False
    fired = [erlang.monitor("process", await dead()) for _ in range(2)]
    await settle()
    assert erlang.demonitor(fired[0], ["info"]) is False
    assert erlang.demonitor(fired[1], ["flush", "info"]) is False
    assert [message[1] for message in await flush()] == fired[:1]


@pytest.mark.rule(39)
async def test_demonitor_of_what_is_not_ones_monitor_is_true_and_of_no_reference_badarg():
    shell, pid = erlang.self(), erlang.spawn(hang)

    async def owner() -> None:
        erlang.send(shell, erlang.monitor("process", pid))
        await hang()

    watcher = erlang.spawn(owner)
    ref = await erlang.receive(Ref)
    assert erlang.demonitor(ref) is True
    assert info("monitors", watcher) == [("process", pid)]
    assert erlang.demonitor(erlang.make_ref()) is True
    assert raised(erlang.demonitor, "x") == BADARG
    assert raised(erlang.demonitor, ref, ["flushh"]) == BADARG
    assert raised(erlang.demonitor, ref, "flush") == BADARG


@pytest.mark.rule(40)
async def test_monitoring_oneself_gives_a_reference_and_never_fires():
    ref = erlang.monitor("process", erlang.self())
    assert isinstance(ref, Ref)
    assert info("monitors") == []
    assert await flush() == []
    assert erlang.demonitor(ref, ["info"]) is False


@pytest.mark.rule(40)
async def test_monitoring_oneself_with_an_alias_gives_no_alias():
    ref = erlang.monitor("process", erlang.self(), [("alias", "explicit_unalias")])
    erlang.send(ref, "via")
    assert await flush() == []
    assert erlang.unalias(ref) is False


@pytest.mark.rule(41)
@table({"atom": "tagged", "tuple": ("my", "tag")})
async def test_a_tag_takes_the_place_of_down(case):
    pid = erlang.spawn(hang)
    ref = erlang.monitor("process", pid, [("tag", case)])
    erlang.exit(pid, "q")
    assert await flush() == [(case, ref, "process", pid, "q")]


@pytest.mark.rule(42)
async def test_a_monitor_is_one_way():
    target = erlang.spawn(hang)
    owner, owners = erlang.spawn_monitor(lambda: watch(target))
    await settle()
    assert info("monitored_by", target) == [owner]
    erlang.exit(owner, "bye")
    assert await flush() == [("DOWN", owners, "process", owner, "bye")]
    assert erlang.is_process_alive(target)
    assert info("monitored_by", target) == []


async def watch(target: Any) -> None:
    """Monitor `target`, and wait."""
    erlang.monitor("process", target)
    await hang()


BAD = {
    "an unknown kind": ("foo", None),
    "a number": ("process", 123),
    "a list": ("process", ["bingo"]),
    "a tuple of three": ("process", ("rex", NODE, "junk")),
    "a name on another node": ("process", ("name", "other@node")),
    "a name that is none": ("process", (1, NODE)),
}


@pytest.mark.rule(43)
@table(BAD)
async def test_a_bad_kind_or_item_is_badarg_at_once(case):
    kind, item = case
    assert raised(erlang.monitor, kind, item or erlang.self()) == BADARG


@pytest.mark.rule(43)
@table({"no list": "tag", "unknown": ["foo"], "unknown pair": [("foo", 1)], "mode": [("alias", "foo")]})
async def test_a_bad_option_is_badarg_at_once(case):
    assert raised(erlang.monitor, "process", erlang.self(), case) == BADARG
