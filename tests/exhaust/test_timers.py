"""Searches of programs in which timers of one instant race with what others do then."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, erlang, timer
from erlsim.testing import exhaust

in_transit = pytest.mark.parametrize("transit", [False, True])


async def given_up() -> str:
    """One gives up at the instant at which another one, who has waited as long, sends it something."""
    me = erlang.self()

    async def sends() -> None:
        await erlang.receive("never", after=1)
        erlang.send(me, "there")

    erlang.spawn(sends)
    return "late" if await erlang.receive(after=1) is TIMEOUT else "in time"


async def renamed() -> str:
    """A timer sends something to a name, which is taken away at the same instant."""
    me = erlang.self()
    erlang.register("name", me)
    erlang.start_timer(5, "name", "now")
    await timer.sleep(5)
    erlang.unregister("name")
    return "lost" if await erlang.receive(after=1) is TIMEOUT else "heard"


async def two_senders() -> Any:
    """A process and a timer send something at the same instant."""
    me = erlang.self()

    async def sends() -> None:
        await erlang.receive("never", after=5)
        erlang.send(me, "sent")

    erlang.spawn(sends)
    erlang.send_after(5, me, "due")
    return [await erlang.receive(), await erlang.receive()]


@in_transit
def test_who_gives_up_may_get_what_another_sends_at_that_instant(transit: bool) -> None:
    found = exhaust(given_up, stop=False, transit=transit)
    assert (found.complete, set(found.outcomes)) == (True, {"late", "'in time'"}), str(found)


@in_transit
def test_a_timer_that_sends_to_a_name_comes_before_or_behind_the_end_of_that_name(transit: bool) -> None:
    found = exhaust(renamed, stop=False, transit=transit)
    assert (found.complete, set(found.outcomes)) == (True, {"lost", "heard"}), str(found)


@in_transit
def test_a_timer_and_a_process_send_in_either_order(transit: bool) -> None:
    found = exhaust(two_senders, stop=False, transit=transit)
    assert (found.complete, set(found.outcomes)) == (True, {"[sent,due]", "[due,sent]"}), str(found)


async def killed_while_it_waits() -> Any:
    """Whose time is up before a signal kills him ends by himself."""

    async def waits() -> None:
        await erlang.receive("never", after=10)

    pid = erlang.spawn(waits)
    ref = erlang.monitor("process", pid)
    erlang.spawn(lambda: erlang.exit(pid, "kill"))
    return (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]


def test_a_timer_goes_off_before_or_behind_a_signal_that_kills_whom_it_wakes() -> None:
    found = exhaust(killed_while_it_waits, stop=False, clock="late")
    assert (found.complete, set(found.outcomes)) == (True, {"killed", "normal", "noproc"}), str(found)
