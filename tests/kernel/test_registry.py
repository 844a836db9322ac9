"""Names, sending, and what can be asked of processes: rules 48 to 55."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import erlang
from tests.kernel.kit import BADARG, dead, flush, hang, raised, settle, table, value

pytestmark = pytest.mark.erlsim

NODE = "nonode@nohost"


@pytest.mark.rule(48)
async def test_register_refuses_the_dead_the_taken_the_named_and_what_is_no_name():
    pid = erlang.spawn(hang)
    refused = [
        ("name", await dead()),
        ("undefined", erlang.self()),
        (("bad", "name"), erlang.self()),
        ([1], erlang.self()),
        (7, erlang.self()),
        ("name", "no pid"),
        ("name", erlang.make_ref()),
    ]
    assert [raised(erlang.register, *each) for each in refused] == [BADARG] * len(refused)
    assert erlang.register("name", pid) is True
    assert raised(erlang.register, "name", pid) == BADARG
    assert raised(erlang.register, "name", erlang.self()) == BADARG
    assert raised(erlang.register, "another", pid) == BADARG
    assert "name" in erlang.registered()


@pytest.mark.rule(48)
async def test_true_is_an_atom_and_serves_as_a_name():
    assert erlang.register(True, erlang.self()) is True
    assert erlang.whereis(True) == erlang.self()
    assert erlang.send(True, "x") == "x"
    assert await flush() == ["x"]
    assert erlang.unregister(True) is True


@pytest.mark.rule(49)
@table({"a name": "nosuch", "undefined": "undefined", "a number": 7, "a tuple": (1, NODE), "a list": [], "bytes": b"x"})
async def test_sending_to_a_name_that_nobody_has_or_to_no_destination_is_badarg(case):
    assert raised(erlang.send, case, "x") == BADARG
    assert raised(erlang.send_nosuspend, case, "x") == BADARG


@pytest.mark.rule(49)
async def test_sending_to_a_missing_name_and_node_a_dead_pid_or_an_unknown_reference_is_silent():
    for dest in (("nosuch", NODE), ("nosuch", "other@node"), await dead(), erlang.make_ref()):
        assert erlang.send(dest, ("x", 1)) == ("x", 1)
        assert erlang.send(dest, "x", ["nosuspend", "noconnect"]) == "ok"
        assert erlang.send_nosuspend(dest, "x") is True
    assert raised(erlang.send, erlang.self(), "x", ["foo"]) == BADARG


@pytest.mark.rule(49)
async def test_sending_returns_the_message_by_whatever_destination():
    erlang.register("me", erlang.self())
    for dest in (erlang.self(), "me", ("me", NODE), erlang.alias()):
        assert erlang.send(dest, "hello") == "hello"
    assert await flush() == ["hello"] * 4


@pytest.mark.rule(50)
async def test_unregister_and_whereis_of_what_is_not_there():
    assert raised(erlang.unregister, "nosuch") == BADARG
    assert raised(erlang.unregister, "undefined") == BADARG
    assert raised(erlang.unregister, 1) == BADARG
    assert erlang.whereis("nosuch") == "undefined"
    assert erlang.whereis("undefined") == "undefined"
    assert raised(erlang.whereis, 1) == BADARG


@pytest.mark.rule(51)
@table({"down": False, "exit": True})
async def test_a_name_is_free_by_the_time_its_owners_end_is_heard_of(case):
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn(hang)
    erlang.register("name", pid)
    if case:
        erlang.link(pid)
    else:
        erlang.monitor("process", pid)
    erlang.exit(pid, "bye")
    await erlang.receive()
    assert erlang.whereis("name") == "undefined"
    assert erlang.register("name", erlang.self()) is True


@pytest.mark.rule(52)
async def test_a_process_with_a_kill_on_its_way_is_dead_to_questions_but_keeps_its_name_until_scheduled():
    pid, other = erlang.spawn(hang), erlang.spawn(hang)
    erlang.register("name", pid)
    await settle()
    erlang.exit(pid, "kill")
    assert erlang.whereis("name") == pid
    await settle()
    assert erlang.whereis("name") == "undefined"
    erlang.exit(other, "kill")
    assert erlang.is_process_alive(other) is False
    assert erlang.process_info(other, "status") == "undefined"


@pytest.mark.rule(53)
async def test_registered_name_of_an_unnamed_process_is_no_pair():
    me = erlang.self()
    assert erlang.process_info(me, "registered_name") == []
    assert erlang.process_info(me, ["registered_name"]) == [("registered_name", [])]
    assert not [pair for pair in erlang.process_info(me) if pair[0] == "registered_name"]
    erlang.register("me", me)
    assert erlang.process_info(me, "registered_name") == ("registered_name", "me")
    assert erlang.process_info(me)[0] == ("registered_name", "me")


@pytest.mark.rule(54)
async def test_process_info_of_the_dead_is_undefined_and_of_nonsense_badarg():
    gone = await dead()
    assert erlang.process_info(gone) == "undefined"
    assert erlang.process_info(gone, "links") == "undefined"
    assert erlang.process_info(gone, ["links"]) == "undefined"
    nonsense: list[Any] = [("links", "bogus"), (erlang.self(), "bogus"), (gone, "bogus"), (gone, ["bogus"]), ("x",)]
    assert [raised(erlang.process_info, *each) for each in nonsense] == [BADARG] * len(nonsense)
    assert raised(erlang.is_process_alive, "x") == BADARG
    assert erlang.is_process_alive(gone) is False


@pytest.mark.rule(55)
async def test_the_dictionary_returns_previous_values():
    async def body() -> Any:
        first = [erlang.put("k", 1), erlang.put("k", 2), erlang.get("k"), erlang.get("other"), erlang.get_keys()]
        last = [erlang.erase("k"), erlang.erase("k"), erlang.get(), erlang.get_keys(), erlang.erase()]
        return first, last

    assert await value(body) == (["undefined", 1, 2, "undefined", ["k"]], [2, "undefined", [], [], []])


@pytest.mark.rule(55)
async def test_the_dictionary_tells_1_and_1_0_and_true_apart():
    for key in (1, 1.0, True):
        erlang.put(key, repr(key))
    assert [erlang.get(key) for key in (1, 1.0, True)] == ["1", "1.0", "True"]
    assert erlang.get_keys("1.0") == [1.0]
