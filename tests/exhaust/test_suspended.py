"""Searches of programs in which processes are suspended, and resumed or not."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, Error, erlang
from erlsim.testing import exhaust, explore

late = pytest.mark.parametrize("options", [{}, {"clock": "late"}, {"transit": True}], ids=str)


async def answers(me: Any) -> None:
    """Says what it hears."""
    erlang.send(me, await erlang.receive())


async def never_resumed() -> str:
    """A message lies there for a process that is suspended for good."""
    pid = erlang.spawn(answers, [erlang.self()])
    erlang.suspend_process(pid)
    erlang.send(pid, "go")
    return "never" if await erlang.receive("go", after=100) is TIMEOUT else "answered"


async def resumed() -> Any:
    """The same, and it is resumed: a second message may come before it has taken the first."""
    me = erlang.self()
    pid = erlang.spawn(answers, [me])
    erlang.suspend_process(pid)
    erlang.send(pid, "go")
    erlang.resume_process(pid)
    return [await erlang.receive(), (erlang.process_info(pid, "status") == "undefined")]


async def suspended_and_killed() -> Any:
    """Who is suspended can be killed; it may have ended before."""
    pid, ref = erlang.spawn_monitor(lambda: None)
    try:
        erlang.suspend_process(pid)
    except Error:
        return "gone"
    erlang.exit(pid, "kill")
    return (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]


@late
def test_a_process_that_is_suspended_for_good_takes_nothing(options: dict[str, Any]) -> None:
    found = exhaust(never_resumed, stop=False, progress=False, **options)
    assert (found.complete, set(found.outcomes)) == (True, {"never"}), str(found)


@late
def test_a_process_that_is_resumed_goes_on(options: dict[str, Any]) -> None:
    found = exhaust(resumed, stop=False, progress=False, **options)
    assert (found.complete, set(found.outcomes)) == (True, {"[go,false]", "[go,true]"}), str(found)


@late
def test_a_process_that_is_suspended_dies_of_a_signal(options: dict[str, Any]) -> None:
    found = exhaust(suspended_and_killed, stop=False, progress=False, **options)
    assert (found.complete, set(found.outcomes)) == (True, {"gone", "killed"}), str(found)


async def stopped_at_its_end() -> Any:
    """Who is suspended when he is about to end does not end of himself, but of a signal, however late that comes."""
    me = erlang.self()
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(lambda: erlang.send(me, "done"))
    try:
        erlang.suspend_process(pid)
    except Error:
        return "gone"
    erlang.exit(pid, "stop")
    return (await erlang.receive(("EXIT", pid, ...)))[2]


def test_a_process_that_is_suspended_at_its_end_stays_there_under_any_chooser() -> None:
    assert set(exhaust(stopped_at_its_end, stop=False, progress=False).outcomes) == {"gone", "stop"}
    drawn = explore(stopped_at_its_end, 300, stop=False, progress=False, preempt=True)
    assert set(drawn.outcomes) == {"gone", "stop"}, str(drawn)
