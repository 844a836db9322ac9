"""process_SUITE: spawning by request, on the local node."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, erlang
from erlsim.terms import Improper, chars
from tests.otp_suites.kit import badarg, expect, pause, recv_msgs, suite

case = suite("process_SUITE")

LOCAL = "the other node"
WITH_AND_WITHOUT_NODE = pytest.mark.parametrize("node", [[], ["nonode@nohost"]], ids=["", "node"])


async def reply(tag: Any, ref: Any, result: str = "ok") -> Any:
    """The answer to a request: the pid or the reason."""
    return (await erlang.receive((tag, ref, result, ...), after=1000))[3]


@WITH_AND_WITHOUT_NODE
@case(partial=LOCAL)
async def test_spawn_request_bif(node):
    def request(*args: Any) -> Any:
        return erlang.spawn_request(*node, *args)

    me, tag = erlang.self(), ("test", 1)
    erlang.process_flag("trap_exit", True)
    reason = ("exit", tag)

    def bad_end() -> None:
        erlang.exit(reason)

    for what in ([bad_end], ["erlang", "exit", [reason]]):
        for options, expected in (([("reply_tag", tag), "monitor", "link"], tag), (["monitor", "link"], "spawn_reply")):
            ref = request(*what, options)
            pid = await reply(expected, ref)
            await erlang.receive(("DOWN", ref, "process", pid, reason))
            await erlang.receive(("EXIT", pid, reason))
        ref = request(*what, ["monitors", "links", ("reply_tag", tag)])
        assert await reply(tag, ref, "error") == "badopt"
        ref = request(*what, ["monitors", "links"])
        assert await reply("spawn_reply", ref, "error") == "badopt"
    for what in ([lambda: erlang.send(me, "hello")], ["erlang", "send", [me, "hello"]]):
        await reply("spawn_reply", request(*what))
        await expect("hello")


@WITH_AND_WITHOUT_NODE
@case(partial=LOCAL, of="spawn_request_bif")
async def test_spawn_request_bif_refuses(node):
    options = ["monitor", ("reply_tag", ("test", 2)), "link"]
    improper = Improper((["exit"],), "oops")
    wrong: list[list[Any]] = [
        [lambda x: erlang.exit(x)],
        ["erlang", "exit", improper],
        ["erlang", b"exit", ["x"]],
        [b"erlang", "exit", ["x"]],
    ]
    for what in wrong:
        badarg(erlang.spawn_request, *node, *what)
        badarg(erlang.spawn_request, *node, *what, options)
    badarg(erlang.spawn_request, b"node", lambda: None, options)
    badarg(erlang.spawn_request, b"node", "erlang", "exit", ["x"], options)


@case(partial="a request that is not answered at once")
async def test_spawn_request_monitor_demonitor():
    ref = erlang.spawn_request("timer", "sleep", [10_000], ["monitor"])
    pid = await reply("spawn_reply", ref)
    assert erlang.process_info(erlang.self(), "monitors") == ("monitors", [("process", pid)])
    assert erlang.demonitor(ref, ["info"]) is True
    assert erlang.process_info(erlang.self(), "monitors") == ("monitors", [])
    erlang.exit(pid, "kill")


@case(partial=LOCAL)
async def test_spawn_request_monitor_child_exit():
    tag = ("a", "tag")
    ref = erlang.spawn_request("nonexisting_module", "nonexisting_function", [], ["monitor", ("reply_tag", tag)])
    pid = await reply(tag, ref)
    await expect(("DOWN", ref, "process", pid, ("undef", ...)))


@case(partial=LOCAL)
async def test_spawn_request_link_child_exit():
    erlang.process_flag("trap_exit", True)
    tag = ("a", "tag")
    ref = erlang.spawn_request("nonexisting_module", "nonexisting_function", [], [("reply_tag", tag), "link"])
    pid = await reply(tag, ref)
    await expect(("EXIT", pid, ("undef", ...)))


async def parents_that_exit(reason: Any, count: int = 200) -> None:
    """Every child that was spawned by request and linked hears of its parent's end."""
    tester = erlang.self()

    async def child() -> None:
        erlang.process_flag("trap_exit", True)
        _, parent, why = await erlang.receive(("EXIT", ..., ...))
        erlang.send(tester, ("parent_exit", parent, why))

    async def parent(wait: int) -> None:
        erlang.spawn_request(child, ["link", ("priority", "max")])
        await pause(wait)
        erlang.exit(reason)

    before = erlang.system_info("process_count")
    parents = [erlang.spawn_opt(lambda n=n: parent(n % 10), [("priority", "max")]) for n in range(count)]
    # Those that do not wait at all end before their children trap exits, and take them along.
    late = [pid for number, pid in enumerate(parents) if number % 10]
    told = [await erlang.receive(("parent_exit", ..., ...), after=1000) for _ in late]
    assert {pid for _, pid, _ in told} == set(late)
    assert all(why == reason for _, _, why in told)
    assert erlang.system_info("process_count") == before


@case(partial=LOCAL)
async def test_spawn_request_link_parent_exit():
    await parents_that_exit("kaboom")


@case(partial=LOCAL)
async def test_spawn_request_link_parent_exit_compound_reason():
    await parents_that_exit(chars("kaboom"))


@case(partial="requests that are not answered at once")
async def test_spawn_request_abandon_bif():
    assert erlang.spawn_request_abandon(erlang.make_ref()) is False
    ref = erlang.spawn_request(lambda: None)
    assert erlang.spawn_request_abandon(ref) is False
    await reply("spawn_reply", ref)
    badarg(erlang.spawn_request_abandon, erlang.self())
    badarg(erlang.spawn_request_abandon, 4711)
    tester = erlang.self()

    async def parent(wait: int) -> None:
        ref = erlang.spawn_request(lambda: erlang.receive("never"), ["link"])
        await pause(wait)
        assert erlang.spawn_request_abandon(ref) is False
        pid = await reply("spawn_reply", ref)
        erlang.unlink(pid)
        erlang.exit(pid, "bye")
        erlang.send(tester, "abandoned nothing")

    for number in range(50):
        erlang.spawn_opt(lambda n=number: parent(n), ["link", ("priority", "max")])
    assert await recv_msgs(50) == ["abandoned nothing"] * 50


@case(partial=LOCAL)
async def test_spawn_request_reply_option():
    tester, tag = erlang.self(), ("a", "tag")
    good, bad = [], ["lunk"]
    answered = {"yes": (True, True), "no": (False, False), "error_only": (False, True), "success_only": (True, False)}
    for option, expected in answered.items():
        for options, wanted in zip((good, bad), expected, strict=True):
            for extra, name in (([], "spawn_reply"), ([("reply_tag", tag)], tag)):
                ref = erlang.spawn_request(lambda: erlang.send(tester, "ran"), [("reply", option), *extra, *options])
                answer = await erlang.receive((name, ref, ..., ...), after=0)
                assert (answer is not TIMEOUT) == wanted
                if options is good:
                    await expect("ran")
    ref = erlang.spawn_request(lambda: None, [("reply", "maybe")])
    assert await reply("spawn_reply", ref, "error") == "badopt"
    assert await erlang.receive(after=100) is TIMEOUT
