"""Hibernating, and printing through a group leader."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang
from tests.kernel.kit import BADARG, dead, ending, flush, hang, raised, settle, table

pytestmark = pytest.mark.erlsim


@erlsim.module
class Sleeper:
    """Functions to hibernate with."""

    async def wake(shell, *args):
        erlang.send(shell, ("awake", erlang.get("k"), await erlang.receive(), args))


async def test_hibernate_leaves_the_code_for_good_and_goes_on_when_a_message_is_there():
    shell, left = erlang.self(), []

    async def body() -> None:
        erlang.put("k", "v")
        try:
            await erlang.hibernate("sleeper", "wake", [shell, 1])
        finally:
            left.append("left")

    pid = erlang.spawn(body)
    await settle()
    assert left == ["left"]
    assert erlang.process_info(pid, "status") == ("status", "waiting")
    assert await flush() == []
    erlang.send(pid, "hello")
    assert await flush() == [("awake", "v", "hello", (1,))]


async def test_hibernate_with_a_message_there_goes_on_at_once():
    shell = erlang.self()

    async def body() -> None:
        erlang.send(erlang.self(), "there")
        await erlang.hibernate(Sleeper, "wake", [shell])

    erlang.spawn(body)
    assert await flush() == [("awake", "undefined", "there", ())]


@table({"module": ([97], "b", []), "function": ("a", 1, []), "arguments": ("a", "b", "c")})
@pytest.mark.erlsim(crashes=True)
async def test_bad_arguments_of_hibernate_are_badarg(case):
    async def body() -> None:
        await erlang.hibernate(*case)

    reason, _stack = await ending(body)
    assert reason == "badarg"


@pytest.mark.erlsim(crashes=True)
async def test_hibernating_in_an_undefined_function_ends_with_undef():
    async def body() -> None:
        await erlang.hibernate("nomod", "nofun", [1])

    pid, ref = erlang.spawn_monitor(body)
    await settle()
    erlang.send(pid, "wake")
    assert (await erlang.receive())[4] == ("undef", [("nomod", "nofun", [1], [])])


async def test_a_group_leader_captures_what_its_group_prints():
    captured: list[str] = []
    leader = erlang.spawn(lambda: erlsim.io.user(captured.append))

    async def printer() -> None:
        await erlsim.io.put_chars("hello ")
        await erlsim.io.format("~p and ~s~n", [{"a": 1}, "text"])
        erlang.spawn(lambda: erlsim.io.put_chars("from a grandchild\n"))

    pid = erlang.spawn(printer)
    erlang.group_leader(leader, pid)
    await settle()
    assert "".join(captured) == "hello #{a => 1} and text\nfrom a grandchild\n"
    assert erlang.process_info(pid) == "undefined"
    assert erlang.group_leader() != leader


async def test_the_group_leader_is_inherited_and_checked():
    pid = erlang.spawn(hang)
    assert erlang.process_info(pid, "group_leader") == ("group_leader", erlang.group_leader())
    for wrong in (("x", pid), (pid, "x"), (pid, await dead())):
        assert raised(erlang.group_leader, *wrong) == BADARG


@pytest.mark.erlsim(crashes=True)
async def test_printing_to_a_group_leader_that_is_dead_fails_as_io_does():
    gone = await dead()

    async def body() -> None:
        await erlsim.io.put_chars("nobody hears it")

    pid, ref = erlang.spawn_monitor(body)
    erlang.group_leader(gone, pid)
    assert (await erlang.receive())[4][0] == "terminated"


def test_what_nobody_captures_is_printed(capsys):
    erlsim.run(lambda: erlsim.io.format("hello ~w~n", [("a", 1)]))
    assert capsys.readouterr().out == "hello {a,1}\n"
