"""Processes as such: how they are spawned and end, what becomes of their code, their flags."""

from __future__ import annotations

import gc
import warnings
from typing import Any

import pytest

import erlsim
from erlsim import Error, erlang, ets
from tests.kernel.kit import BADARG, current, ending, flush, hang, raised, settle, table

pytestmark = pytest.mark.erlsim


async def test_fun_and_arguments_may_be_given_in_every_form_that_erlang_has():
    shell = erlang.self()

    async def tell(what: Any) -> None:
        erlang.send(shell, what)

    erlang.spawn(lambda: erlang.send(shell, "plain"))
    erlang.spawn(lambda: tell("async"))
    erlang.spawn(tell, ["with arguments"])
    erlang.spawn("erlang", "send", [shell, "by name"])
    erlang.spawn(erlang, "send", [shell, "by module"])
    erlang.spawn("nonode@nohost", lambda: erlang.send(shell, "on this node"))
    erlang.spawn("nonode@nohost", "erlang", "send", [shell, "by name on this node"])
    told = ["plain", "async", "with arguments", "by name", "by module", "on this node", "by name on this node"]
    assert await flush() == told


BAD_SPAWNS: dict[str, Any] = {
    "no fun": ("foo",),
    "a string for a module": ([97], "f", []),
    "a string for a function": ("m", [97], []),
    "no list of arguments": ("m", "f", "args"),
    "too few": ("m", "f"),
    "no fun on another node": ("other@node", "foo"),
}


async def test_a_process_on_another_node_ends_with_noconnection():
    pid, ref = erlang.spawn_monitor("other@node", lambda: None)
    assert await erlang.receive() == ("DOWN", ref, "process", pid, "noconnection")
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link("other@node", "lists", "sort", [[]])
    assert await erlang.receive() == ("EXIT", pid, "noconnection")


@table(BAD_SPAWNS)
async def test_spawning_what_cannot_be_spawned_is_badarg(case):
    for spawn in (erlang.spawn, erlang.spawn_link, erlang.spawn_monitor):
        assert raised(spawn, *case) == BADARG
    assert raised(erlang.spawn_opt, *case, []) == BADARG


@table(
    {
        "a pid for a module": lambda: (erlang.self(), "f", []),
        "a reference for a module": lambda: (erlang.make_ref(), "f", []),
        "a number for a module": lambda: (1, "bit_length", []),
        "a list for a module": lambda: ([], "f", []),
        "a number for a function": lambda: ("lists", 1, []),
        "an atom for arguments": lambda: ("lists", "reverse", "atom"),
    }
)
async def test_applying_what_cannot_be_a_call_is_badarg(case):
    with pytest.raises(Error, match="badarg"):
        await erlang.apply(*case())
    with pytest.raises(Error, match="badarg"):
        erlang.spawn(*case())


async def test_a_boolean_may_name_a_module_or_a_function_that_does_not_exist():
    for call in ((True, "f", []), ("lists", True, [])):
        with pytest.raises(Error, match="undef"):
            await erlang.apply(*call)


@pytest.mark.erlsim(crashes=True)
async def test_a_fun_of_another_arity_ends_its_process_with_badarity():
    def one(argument: Any) -> None:
        raise AssertionError("never called")

    assert await ending_of_spawn(one) == (("badarity", (one, [])), [("erlang", "apply", 2, [])])


async def ending_of_spawn(fun: Any) -> Any:
    """The reason that a process spawned with just `fun` ends with."""
    pid = erlang.spawn(fun)
    ref = erlang.monitor("process", pid)
    return (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]


@pytest.mark.erlsim(crashes=True)
async def test_a_type_error_inside_a_fun_is_not_taken_for_a_wrong_arity():
    def broken() -> None:
        len(3)

    reason, _stack = await ending_of_spawn(broken)
    assert isinstance(reason, TypeError)


async def test_the_parent_runs_on_and_the_first_spawned_child_sends_first():
    me = erlang.self()
    for number in (1, 2, 3):
        erlang.spawn(lambda number=number: erlang.send(me, number))
    erlang.send(me, "parent")
    assert await flush() == ["parent", 1, 2, 3]


async def test_processes_lists_the_living_oldest_first():
    first, second = erlang.spawn(hang), erlang.spawn(hang)
    listed = erlang.processes()
    assert erlang.self() in listed
    assert listed.index(first) < listed.index(second)
    erlang.exit(first, "kill")
    await settle()
    assert first not in erlang.processes()
    assert erlang.system_info("process_count") == len(erlang.processes())


# ---- the end of a process's code --------------------------------------------------


async def test_finally_blocks_of_a_killed_process_have_no_effect_on_the_world():
    me, ran = erlang.self(), []

    async def body() -> None:
        try:
            await hang()
        finally:
            ran.append("finally")
            for act in (
                lambda: erlang.send(me, "from the dead"),
                lambda: erlang.spawn(lambda: erlang.send(me, "spawned by the dead")),
                lambda: erlang.send_after(1, me, "timer of the dead"),
                lambda: erlang.register("dead", me),
                lambda: erlang.exit(me, "kill"),
                lambda: ets.new("table", ["named_table"]),
            ):
                try:
                    act()
                except GeneratorExit:
                    ran.append("shut")
            ran.append("end")

    pid, ref = erlang.spawn_monitor(body)
    await settle()
    erlang.exit(pid, "kill")
    assert await flush() == [("DOWN", ref, "process", pid, "killed")]
    assert ran[0] == "finally"
    assert ran[-1] == "end"
    assert erlang.whereis("dead") == "undefined"
    assert ets.whereis("table") == "undefined"


async def test_a_finally_block_that_waits_is_cut_short():
    ran: list[str] = []

    async def body() -> None:
        try:
            await hang()
        finally:
            ran.append("before")
            await erlang.receive("never")
            ran.append("after")

    pid, ref = erlang.spawn_monitor(body)
    await settle()
    erlang.exit(pid, "bye")
    assert await flush() == [("DOWN", ref, "process", pid, "bye")]
    assert ran == ["before"]


async def test_a_finally_block_of_a_process_that_ends_itself_by_a_signal_is_shut_out_too():
    me = erlang.self()

    async def body() -> None:
        try:
            erlang.exit(erlang.self(), "bye")
        finally:
            erlang.send(me, "from the dead")

    assert await ending(body) == "bye"
    assert await flush() == []


async def test_a_finally_block_of_a_process_that_raises_runs_as_ever():
    me = erlang.self()

    async def body() -> None:
        try:
            erlang.exit("bye")
        finally:
            erlang.send(me, "last words")

    assert await ending(body) == "bye"
    assert await flush() == ["last words"]


async def test_code_that_catches_everything_does_not_survive_a_deadly_signal():
    async def stubborn() -> None:
        while True:
            try:
                await erlang.receive()
            except Exception:
                pass

    pid, ref = erlang.spawn_monitor(stubborn)
    await settle()
    erlang.exit(pid, "kill")
    assert await flush() == [("DOWN", ref, "process", pid, "killed")]


# ---- what was never awaited ----------------------------------------------------------


UNAWAITED = {
    "receive": lambda: erlang.receive(),
    "yield": lambda: erlang.yield_(),
    "wait_for": lambda: erlsim.wait_for(None),
    "hibernate": lambda: erlang.hibernate("m", "f", []),
    "apply": lambda: erlang.apply(lambda: None, []),
}


@table(UNAWAITED)
def test_a_call_that_should_have_been_awaited_is_reported_by_name(case):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")

        async def main() -> None:
            case()
            gc.collect()

        erlsim.run(main)
    assert any("was never awaited" in str(each.message) for each in caught)


def test_the_report_of_a_receive_that_was_never_awaited_names_it():
    with pytest.warns(RuntimeWarning, match=r"'erlsim\.receive' was never awaited"):

        async def main() -> None:
            erlang.receive()
            gc.collect()

        erlsim.run(main)


async def test_messages_are_copied_so_that_nobody_can_change_what_another_holds():
    message = ("m", [1, [2]], {"k": [3]})
    got: list[Any] = []

    async def receiver() -> None:
        got.append(await erlang.receive())
        got[0][1].append("changed by the receiver")

    pid = erlang.spawn(receiver)
    erlang.send(pid, message)
    message[1].append("changed by the sender")
    message[2]["k"].append("changed by the sender")
    await settle()
    assert got == [("m", [1, [2], "changed by the receiver"], {"k": [3]})]
    assert message[1] == [1, [2], "changed by the sender"]


async def test_what_travels_in_other_ways_is_copied_too():
    held: list[Any] = [1]
    me = erlang.self()
    erlang.send_after(1, me, held)
    erlang.send(erlang.alias(), held)
    erlang.spawn(erlang, "send", [me, held])
    pid, _ref = erlang.spawn_monitor(hang)
    await settle()
    erlang.exit(pid, held)
    held.append("changed")
    messages = await flush()
    assert messages[:3] == [[1], [1], [1]]
    assert messages[3][4] == [1]


async def test_an_opaque_object_travels_as_it_is():
    class Opaque:
        pass

    thing = Opaque()
    erlang.send(erlang.self(), ("thing", thing))
    assert (await erlang.receive())[1] is thing


@pytest.mark.erlsim(crashes=True)
async def test_an_uncaught_python_exception_is_the_reason_and_names_its_place():
    def body() -> None:
        raise KeyError("missing")

    reason, stack = await ending(body)
    assert isinstance(reason, KeyError)
    module, function, arity, where = stack[0]
    assert (module, function, arity) == ("test_processes", "body", 0)
    assert [name for name, _ in where] == ["file", "line"]
    assert len(current().reports) == 1


async def test_an_error_raised_with_a_reason_of_any_shape_is_kept():
    for reason in ("atom", ("a", 1), [1, 2], {"k": 1}, 3.5):
        with pytest.raises(Error) as caught:
            erlang.error(reason)
        assert caught.value.reason == reason


def test_a_simulation_numbers_pids_and_references_from_where_it_is_told_to():
    sim = erlsim.Simulation(first_pid=40_000, first_ref=1 << 18)
    assert sim.run(lambda: repr(erlang.spawn(lambda: None))) == "<0.7232.1>"
    assert sim.run(lambda: repr(erlang.make_ref())) == "#Ref<0.0.1.0>"
    for option in ({"first_pid": 83}, {"first_ref": 0}):
        with pytest.raises(erlsim.ErlsimError, match=r"from \d+ on, not"):
            erlsim.Simulation(**option)
