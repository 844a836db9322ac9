"""Spawning by request, and what can be asked of the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, erlang
from erlsim.terms import Improper, Pid, Ref, chars
from tests.kernel.kit import BADARG, dead, flush, hang, raised, table

pytestmark = pytest.mark.erlsim


async def test_the_answer_comes_before_anything_that_the_new_process_does():
    me = erlang.self()
    ref = erlang.spawn_request(lambda: erlang.send(me, "child"), ["monitor"])
    erlang.send(me, "me")
    reply, *rest = await flush()
    assert reply[:3] == ("spawn_reply", ref, "ok")
    assert isinstance(reply[3], Pid)
    assert rest == ["me", "child", ("DOWN", ref, "process", reply[3], "normal")]


async def test_the_request_is_answered_at_once():
    ref = erlang.spawn_request(hang)
    assert await erlang.receive(("spawn_reply", ref, "ok", ...), after=0) is not TIMEOUT
    assert erlang.spawn_request_abandon(ref) is False


async def test_links_monitors_and_tags_are_as_asked_for():
    erlang.process_flag("trap_exit", True)
    ref = erlang.spawn_request(lambda: erlang.exit("x"), [("reply_tag", ("my", 1)), "monitor", "link"])
    tag, _, ok, pid = await erlang.receive()
    assert (tag, ok) == (("my", 1), "ok")
    assert erlang.process_info(erlang.self(), ["links", "monitors"]) == [
        ("links", [pid]),
        ("monitors", [("process", pid)]),
    ]
    assert await flush() == [("EXIT", pid, "x"), ("DOWN", ref, "process", pid, "x")]


REPLIES = {"yes": (1, 1), "no": (0, 0), "error_only": (0, 1), "success_only": (1, 0)}


@pytest.mark.parametrize("reply", list(REPLIES))
async def test_who_wants_no_answer_gets_none(reply):
    erlang.spawn_request(lambda: None, [("reply", reply)])
    good = len(await flush())
    erlang.spawn_request(lambda: None, [("reply", reply), "badopt"])
    assert (good, len(await flush())) == REPLIES[reply]


BAD_OPTIONS: dict[str, Any] = {
    "unknown": ["foo"],
    "priority": [("priority", "x")],
    "reply": [("reply", "foo")],
    "monitor": [("monitor", [("alias", "foo")])],
}


@table(BAD_OPTIONS)
async def test_a_bad_option_is_answered_with_badopt(case):
    ref = erlang.spawn_request(hang, [*case, ("reply_tag", "tag")])
    assert isinstance(ref, Ref)
    assert await flush() == [("tag", ref, "error", "badopt")]


async def test_on_this_node_it_may_be_named_and_on_another_there_is_no_connection():
    refs = [
        erlang.spawn_request("nonode@nohost", hang),
        erlang.spawn_request("nonode@nohost", "erlang", "self", []),
        erlang.spawn_request("nonode@nohost", "erlang", "self", [], []),
    ]
    assert [message[:3] for message in await flush()] == [("spawn_reply", ref, "ok") for ref in refs]
    refs = [
        erlang.spawn_request("a@b", hang, []),
        erlang.spawn_request("a@b", "m", "f", []),
        erlang.spawn_request("a@b", "m", "f", [], [("reply_tag", "spawn_reply")]),
    ]
    assert await flush() == [("spawn_reply", ref, "error", "noconnection") for ref in refs]


BAD_REQUESTS: dict[str, Any] = {
    "no fun": (1,),
    "a fun of another arity": (lambda x: x,),
    "a node that is none": (b"node", hang, []),
    "no list of options": (hang, "foo"),
    "improper options": (hang, Improper(("monitor",), "link")),
    "a module that is none": (b"m", "f", []),
    "a function that is none": ("m", b"f", [], []),
    "improper arguments": ("m", "f", Improper((1,), 2)),
}


@table(BAD_REQUESTS)
async def test_requests_of_another_shape_are_badarg(case):
    assert raised(erlang.spawn_request, *case) == BADARG
    assert await flush() == []


async def test_abandoning_what_is_no_request_is_false_and_what_is_no_reference_badarg():
    assert erlang.spawn_request_abandon(erlang.make_ref()) is False
    assert raised(erlang.spawn_request_abandon, erlang.self()) == BADARG


async def test_there_is_nothing_to_collect():
    gone = await dead()
    assert erlang.garbage_collect() is True
    assert [erlang.garbage_collect(pid) for pid in (erlang.self(), gone)] == [True, False]
    assert erlang.garbage_collect(erlang.self(), [("async", "id"), ("type", "major")]) == "async"
    assert erlang.garbage_collect(gone, [("async", "id2")]) == "async"
    assert await flush() == [("garbage_collect", "id", True), ("garbage_collect", "id2", False)]
    assert raised(erlang.garbage_collect, "foo") == BADARG
    assert raised(erlang.garbage_collect, gone, ["foo"]) == BADARG


async def test_reductions_can_be_bumped_and_mean_nothing():
    assert erlang.bump_reductions(100) is True
    assert raised(erlang.bump_reductions, -1) == BADARG


async def test_system_info_knows_the_node():
    assert erlang.system_info("otp_release") == chars("25")
    assert erlang.system_info("process_count") == len(erlang.processes())
    assert erlang.system_info("schedulers") == 1
    assert raised(erlang.system_info, "foo") == BADARG
    assert raised(erlang.system_info, ["foo"]) == BADARG


async def test_unique_integers_grow_and_references_differ():
    numbers = [erlang.unique_integer(), erlang.unique_integer(["positive"]), erlang.unique_integer(["monotonic"])]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > 0
    assert erlang.make_ref() != erlang.make_ref()
    assert raised(erlang.unique_integer, ["foo"]) == BADARG


@table({"class": ("foo", "r", []), "no stack": ("error", "r", "foo"), "no frames": ("error", "r", ["foo"])})
async def test_raising_with_bad_arguments_returns_badarg(case):
    assert erlang.raise_(*case) == "badarg"
