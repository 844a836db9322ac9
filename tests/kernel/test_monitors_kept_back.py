"""A process that monitors a dead pid keeps that signal back: what lets it go, as recorded on OTP 25.2.3 with `+S 1`."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, timer


def monitor(pid, *options):
    return erlang.monitor("process", pid, *options)


def say(what):
    erlang.send(erlang.self(), (what,))


async def looks_in_vain(dead, other, living):
    await erlang.receive("nothing", after=0)


async def looks_twice(dead, other, living):
    await erlang.receive("nothing", after=0)
    found = await erlang.receive(("DOWN", ...), ("DOWN", ..., ..., ..., ...), after=0)
    say("none" if found is erlsim.TIMEOUT else "found")


async def receives_its_own(dead, other, living):
    say("mine")
    await erlang.receive(("mine",))


async def does_not_find_its_own(dead, other, living):
    say("mine")
    await erlang.receive(("yours",), after=0)


# What is done after `monitor(process, Dead)`; the first elements of the messages that lie there after `self() ! {me}`.
RECORDED = {
    "links a living process": (lambda dead, other, living: erlang.link(living), ["me", "DOWN"]),
    "links the dead one": (lambda dead, other, living: erlang.link(dead), ["EXIT", "me", "DOWN"]),
    "links another dead one": (lambda dead, other, living: erlang.link(other), ["EXIT", "me", "DOWN"]),
    "sends": (lambda dead, other, living: erlang.send(living, "hi"), ["me", "DOWN"]),
    "sends to the dead one": (lambda dead, other, living: erlang.send(dead, "hi"), ["me", "DOWN"]),
    "kills the dead one": (lambda dead, other, living: erlang.exit(dead, "hi"), ["DOWN", "me"]),
    "kills another dead one": (lambda dead, other, living: erlang.exit(other, "hi"), ["me", "DOWN"]),
    "monitors again": (lambda dead, other, living: monitor(dead, [("tag", "second")]), ["DOWN", "me", "second"]),
    "asks for the status": (lambda dead, other, living: erlang.process_info(living, "status"), ["me", "DOWN"]),
    "asks for the name": (lambda dead, other, living: erlang.process_info(living, "registered_name"), ["me", "DOWN"]),
    "asks for the links": (lambda dead, other, living: erlang.process_info(living, "links"), ["DOWN", "me"]),
    "asks for all": (lambda dead, other, living: erlang.process_info(living), ["DOWN", "me"]),
    "asks the dead one for its messages": (
        lambda dead, other, living: erlang.process_info(dead, "messages"),
        ["DOWN", "me"],
    ),
    "asks the dead one for its status": (
        lambda dead, other, living: erlang.process_info(dead, "status"),
        ["me", "DOWN"],
    ),
    "asks another dead one": (lambda dead, other, living: erlang.process_info(other, "messages"), ["me", "DOWN"]),
    "receives, and nothing has come": (looks_in_vain, ["me", "DOWN"]),
    "receives twice": (looks_twice, ["none", "me", "DOWN"]),
    "receives what it has sent itself": (receives_its_own, ["me", "DOWN"]),
    "receives something else than it has sent itself": (does_not_find_its_own, ["mine", "me", "DOWN"]),
    "yields": (lambda dead, other, living: erlang.yield_(), ["DOWN", "me"]),
}


@pytest.mark.parametrize("what", RECORDED)
async def test_the_monitor_of_a_dead_pid_goes_out_when_its_owner(what, sim):
    does, seen = RECORDED[what]
    dead, other = erlang.spawn(lambda: None), erlang.spawn(lambda: None)
    living = erlang.spawn(erlang.receive, ["stop"])
    await timer.sleep(1)
    me = erlang.self()

    async def owner():
        erlang.process_flag("trap_exit", True)
        monitor(dead)
        done = does(dead, other, living)
        if hasattr(done, "__await__"):
            await done
        say("me")
        await timer.sleep(1)
        erlang.send(me, erlang.process_info(erlang.self(), "messages"))

    erlang.spawn(owner)
    _, messages = await erlang.receive(("messages", ...))
    assert [message[0] for message in messages] == seen
