"""What a search takes for independent commutes, in programs of servers, links, monitors and kills."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, Error, Exit, erlang
from erlsim.otp import gen_server
from erlsim.testing import exhaust
from tests.exhaust.commuting import main, wrong
from tests.exhaust.servers import Server, drawn, running


@pytest.mark.parametrize("number", range(24))
def test_neighbours_that_do_not_depend_on_each_other_can_be_swapped(number: int) -> None:
    found = wrong(running(drawn(number)), range(2))
    assert not found, found


@pytest.mark.parametrize("number", [2, 3, 16, 93, 102, 167])
def test_signals_in_transit_commute_and_no_random_schedule_shows_more(number: int) -> None:
    assert main(number, number + 1, "transit") == 0


async def first_through_an_alias() -> Any:
    """An alias that is good for one message: the second comes too late, and could have come first."""
    ref = erlang.alias(["reply"])
    for name in ("one", "other"):
        erlang.spawn(erlang.send, [ref, name])
    return await erlang.receive()


@pytest.mark.parametrize("options", [{}, {"transit": True}], ids=str)
def test_what_comes_too_late_for_an_alias_could_have_come_first(options: dict[str, Any]) -> None:
    found = exhaust(first_through_an_alias, **options)
    assert (found.complete, set(found.outcomes)) == (True, {"one", "other"}), str(found)


async def asked_and_killed() -> Any:
    """A client calls a server that stops with a reply, and somebody kills it."""
    me = erlang.self()
    _, server = await gen_server.start(Server, (False, []), [])

    async def asks() -> None:
        try:
            erlang.send(me, await gen_server.call(server, "stop"))
        except Exit as gone:
            erlang.send(me, gone.reason[0])

    erlang.spawn(asks)
    erlang.spawn(lambda: erlang.exit(server, "kill"))
    return await erlang.receive()


def test_a_server_that_stops_with_a_reply_and_is_killed_has_three_outcomes() -> None:
    found = exhaust(asked_and_killed)
    assert (found.complete, set(found.outcomes)) == (True, {"lost", "killed", "noproc"}), str(found)


async def watches_the_dead() -> Any:
    """Who watches a process that is dead hears of it when others have run, and may look for it before that."""
    dead, ref = erlang.spawn_monitor(lambda: None)
    await erlang.receive(("DOWN", ref, "process", ..., ...))
    erlang.monitor("process", dead)
    found = await erlang.receive(after=0)
    return "down" if isinstance(found, tuple) else "nothing"


def test_the_down_of_a_dead_process_comes_at_any_time() -> None:
    found = exhaust(watches_the_dead)
    assert (found.complete, set(found.outcomes)) == (True, {"down", "nothing"}), str(found)


async def killed_while_watched() -> Any:
    """A monitor behind a kill finds nobody, one before it hears of the kill."""
    child = erlang.spawn(erlang.receive)
    erlang.spawn(lambda: erlang.exit(child, "kill"))
    ref = erlang.monitor("process", child)
    return (await erlang.receive(("DOWN", ref, "process", ..., ...)))[4]


async def killed_while_linked() -> Any:
    """The same with a link."""
    erlang.process_flag("trap_exit", True)
    child = erlang.spawn(erlang.receive)
    erlang.spawn(lambda: erlang.exit(child, "kill"))
    erlang.link(child)
    return (await erlang.receive(("EXIT", child, ...)))[2]


@pytest.mark.parametrize("test", [killed_while_watched, killed_while_linked])
def test_a_signal_that_kills_is_before_or_behind_a_link_or_a_monitor(test: Any) -> None:
    found = exhaust(test)
    assert (found.complete, set(found.outcomes)) == (True, {"killed", "noproc"}), str(found)


async def asked_to_stop_normally() -> Any:
    """A process that traps exits may hear of a polite exit signal, which does nothing to the dead, nor to others."""
    me = erlang.self()

    async def trapping() -> None:
        erlang.process_flag("trap_exit", True)
        erlang.send(me, "nothing" if await erlang.receive(after=0) is TIMEOUT else "heard")

    erlang.exit(erlang.spawn(trapping), "normal")
    return await erlang.receive()


def test_an_exit_signal_that_comes_too_late_could_have_been_heard() -> None:
    found = exhaust(asked_to_stop_normally)
    assert (found.complete, found.runs, set(found.outcomes)) == (True, 3, {"nothing", "heard"}), str(found)


def watching_through_an_alias(mode: str) -> Any:
    """Somebody answers through an alias, and whom its owner watches ends: one of both may end the alias."""

    async def test() -> Any:
        server = erlang.spawn(lambda: erlang.receive("stop"))
        ref = erlang.monitor("process", server, [("alias", mode)])
        erlang.spawn(lambda: erlang.send(ref, "answer"))
        erlang.spawn(lambda: erlang.send(server, "stop"))
        heard = [await erlang.receive(), await erlang.receive(after=10)]
        return "_".join("down" if isinstance(each, tuple) else str(each) for each in heard if each is not TIMEOUT)

    return test


@pytest.mark.parametrize("options", [{}, {"transit": True}], ids=str)
@pytest.mark.parametrize(
    ("mode", "outcomes"),
    [
        ("reply_demonitor", {"answer", "down"}),
        ("demonitor", {"answer_down", "down"}),
        ("explicit_unalias", {"answer_down", "down_answer"}),
    ],
)
def test_an_answer_through_an_alias_and_a_down_race_for_it(mode: str, outcomes: set[str], options: Any) -> None:
    found = exhaust(watching_through_an_alias(mode), **options)
    assert (found.complete, set(found.outcomes)) == (True, outcomes), str(found)


@pytest.mark.parametrize("ends", ["demonitor", "unlink"])
def test_who_takes_a_monitor_or_a_link_back_races_with_one_part_of_an_end(ends: str) -> None:
    async def test() -> Any:
        if ends == "unlink":
            erlang.unlink(erlang.spawn_link(lambda: None))
        else:
            erlang.demonitor(erlang.spawn_monitor(lambda: None)[1])
        return await erlang.receive(after=0) is TIMEOUT

    found = exhaust(test)
    assert (found.complete, found.runs) == (True, 2), str(found)


async def flushed() -> Any:
    """A monitor is taken back with its DOWN, if there is one: nobody can tell."""
    _, ref = erlang.spawn_monitor(lambda: None)
    erlang.demonitor(ref, ["flush"])
    return await erlang.receive(after=0) is TIMEOUT


def test_whether_a_down_that_is_flushed_was_there_makes_no_two_runs() -> None:
    found = exhaust(flushed)
    assert (found.complete, found.runs, set(found.outcomes)) == (True, 1, {"true"}), str(found)


@pytest.mark.parametrize("item", ["message_queue_len", "messages"])
@pytest.mark.parametrize("options", [{}, {"transit": True}, {"clock": "late"}], ids=str)
def test_another_who_looks_may_see_a_down_before_it_is_flushed(item: str, options: dict[str, Any]) -> None:
    async def test() -> Any:
        me = erlang.self()

        def looks() -> None:
            found = erlang.process_info(me, item)[1]
            erlang.send(me, ("seen", len(found) if isinstance(found, list) else found))

        _, ref = erlang.spawn_monitor(lambda: None)
        erlang.spawn(looks)
        erlang.demonitor(ref, ["flush"])
        return (await erlang.receive(("seen", ...)))[1]

    found = exhaust(test, **options)
    assert (found.complete, set(found.outcomes)) == (True, {"0", "1"}), str(found)


async def looked_at() -> Any:
    """What a process does shows in what it is asked for."""
    me = erlang.self()
    child = erlang.spawn(lambda: (erlang.link(me), erlang.receive())[1])
    return len(erlang.process_info(child, "links")[1])


def test_a_look_at_what_a_process_does_is_before_or_behind_it() -> None:
    found = exhaust(looked_at)
    assert (found.complete, set(found.outcomes)) == (True, {"0", "1"}), str(found)


async def timed_in_a_row() -> Any:
    """A timeout that a message has come before cannot end the next receive."""
    me = erlang.self()
    erlang.spawn(lambda: erlang.send(me, "early"))
    first = await erlang.receive(after=10)
    return [first, await erlang.receive(after=0), await erlang.receive(after=10)].count(TIMEOUT)


def test_a_timer_that_was_disarmed_is_lost_from_then_on() -> None:
    found = exhaust(timed_in_a_row, clock="late")
    assert (found.complete, set(found.outcomes)) == (True, {"2", "3"}), str(found)


async def started_late() -> Any:
    """A timer is as long as it is from when it is started, however late that is."""
    me = erlang.self()
    erlang.spawn(lambda: erlang.send_after(100, me, "timer"))
    return await erlang.receive(after=100) is TIMEOUT and await erlang.receive(after=50) is TIMEOUT


def test_a_timer_begins_when_its_starter_goes_on() -> None:
    found = exhaust(started_late, clock="late")
    assert (found.complete, set(found.outcomes)) == (True, {"false", "true"}), str(found)


async def registered() -> Any:
    """Whether somebody has a name yet shows in the names of all."""
    erlang.spawn(lambda: (erlang.register("child", erlang.self()), erlang.receive())[1])
    return "child" in erlang.registered()


async def led() -> Any:
    """Whose group leader is changed may have asked for it before."""
    me = erlang.self()
    child = erlang.spawn(lambda: erlang.send(me, erlang.group_leader() == me))
    try:
        erlang.group_leader(me, child)
    except Error:
        return "gone"
    return await erlang.receive()


async def flagged() -> Any:
    """A flag shows in what a process is asked for."""
    child = erlang.spawn(lambda: (erlang.process_flag("priority", "high"), erlang.receive())[1])
    return erlang.process_info(child, "priority")[1]


@pytest.mark.parametrize(
    ("test", "outcomes"),
    [(registered, {"true", "false"}), (led, {"gone", "true", "false"}), (flagged, {"normal", "high"})],
)
def test_what_changes_comes_before_or_behind_what_looks_at_it(test: Any, outcomes: set[str]) -> None:
    found = exhaust(test)
    assert (found.complete, set(found.outcomes)) == (True, outcomes), str(found)
