"""Aliases: rules 44 to 47."""

from __future__ import annotations

import pytest

from erlsim import erlang
from tests.kernel.kit import BADARG, dead, flush, hang, raised, settle, table

pytestmark = pytest.mark.erlsim


@pytest.mark.rule(44)
async def test_unalias_is_true_once_and_later_messages_are_lost():
    ref = erlang.alias()
    erlang.send(ref, "a")
    assert erlang.process_info(erlang.self(), "messages") == ("messages", ["a"])
    assert erlang.unalias(ref) is True
    assert erlang.unalias(ref) is False
    erlang.send(ref, "b")
    assert await flush() == ["a"]


@pytest.mark.rule(44)
async def test_unalias_by_another_process_is_false_and_has_no_effect():
    ref, shell = erlang.alias(), erlang.self()
    erlang.spawn(lambda: erlang.send(shell, ("unaliased", erlang.unalias(ref))))
    assert await flush() == [("unaliased", False)]
    erlang.send(ref, "hi")
    assert await flush() == ["hi"]


@pytest.mark.rule(44)
@table(
    {"alias": (erlang.alias, ["foo"]), "alias of no list": (erlang.alias, "foo"), "unalias": (erlang.unalias, "foo")}
)
async def test_bad_arguments_of_alias_and_unalias_are_badarg(case):
    function, argument = case
    assert raised(function, argument) == BADARG


@pytest.mark.rule(45)
async def test_a_reply_alias_ends_with_the_first_message():
    ref = erlang.alias(["reply"])
    erlang.send(ref, "x1")
    erlang.send(ref, "x2")
    assert await flush() == ["x1"]
    assert erlang.unalias(ref) is False


@pytest.mark.rule(46)
async def test_an_alias_of_mode_demonitor_ends_at_demonitor():
    ref = erlang.monitor("process", erlang.spawn(hang), [("alias", "demonitor")])
    erlang.send(ref, "before")
    await settle()
    erlang.demonitor(ref)
    erlang.send(ref, "after")
    assert await flush() == ["before"]


@pytest.mark.rule(46)
@table({"demonitor": "demonitor", "reply_demonitor": "reply_demonitor"})
async def test_an_alias_ends_with_the_down_of_its_monitor(case):
    pid = await dead()
    ref = erlang.monitor("process", pid, [("alias", case)])
    assert await flush() == [("DOWN", ref, "process", pid, "noproc")]
    erlang.send(ref, "late")
    assert await flush() == []


@pytest.mark.rule(46)
async def test_a_reply_by_alias_of_mode_reply_demonitor_removes_the_monitor():
    pid = erlang.spawn(hang)
    ref = erlang.monitor("process", pid, [("alias", "reply_demonitor")])
    erlang.send(ref, "reply")
    erlang.send(ref, "second")
    assert await flush() == ["reply"]
    erlang.exit(pid, "gone")
    assert await flush() == []
    assert erlang.demonitor(ref, ["info"]) is False


@pytest.mark.rule(46)
async def test_an_alias_of_mode_explicit_unalias_survives_the_down():
    pid = await dead()
    ref = erlang.monitor("process", pid, [("alias", "explicit_unalias")])
    assert await flush() == [("DOWN", ref, "process", pid, "noproc")]
    erlang.send(ref, "b")
    assert await flush() == ["b"]
    assert erlang.unalias(ref) is True


@pytest.mark.rule(46)
async def test_an_alias_of_mode_explicit_unalias_survives_demonitor():
    ref = erlang.monitor("process", erlang.spawn(hang), [("alias", "explicit_unalias")])
    erlang.demonitor(ref)
    erlang.send(ref, "still")
    assert await flush() == ["still"]


@pytest.mark.rule(47)
async def test_a_message_in_transit_is_lost_when_its_alias_ends():
    ref = erlang.alias()
    erlang.send(ref, "x")
    erlang.unalias(ref)
    assert await flush() == []


@pytest.mark.rule(47)
async def test_what_others_sent_before_the_owner_was_scheduled_has_arrived():
    ref, shell = erlang.alias(), erlang.self()

    async def sender() -> None:
        erlang.send(shell, "go")
        erlang.send(ref, "via")
        erlang.send(shell, "plain")

    erlang.spawn(sender)
    await erlang.receive("go")
    erlang.unalias(ref)
    assert await flush() == ["via", "plain"]


@pytest.mark.rule(47)
async def test_a_message_whose_arrival_somebody_has_seen_stays():
    looked = [erlang.alias(), erlang.alias(), erlang.alias()]
    for ref in looked[:2]:
        erlang.send(ref, "x")
    await erlang.receive("nothing", after=0)
    erlang.send(looked[2], "y")
    assert erlang.process_info(erlang.self(), "message_queue_len") == ("message_queue_len", 3)
    assert [erlang.unalias(ref) for ref in looked] == [True, True, True]
    assert await flush() == ["x", "x", "y"]


@pytest.mark.rule(47)
async def test_asking_whether_one_is_alive_lets_nothing_arrive():
    ref = erlang.alias()
    erlang.send(ref, "x")
    erlang.is_process_alive(erlang.self())
    erlang.unalias(ref)
    assert await flush() == []
