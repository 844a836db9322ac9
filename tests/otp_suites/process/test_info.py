"""process_SUITE: what can be asked of processes."""

from __future__ import annotations

from typing import Any

from erlsim import erlang, ets
from erlsim.terms import sort
from tests.otp_suites.kit import badarg, expect, garbage, hang, pause, raises, suite, wait_until

case = suite("process_SUITE")


def info(pid: Any, item: str) -> Any:
    """One item, without its name."""
    name, value = erlang.process_info(pid, item)
    assert name == item
    return value


async def asked_where_it_is(depth: int) -> Any:
    """The caller's stack, some calls deep."""
    if depth:
        return await asked_where_it_is(depth - 1)
    return erlang.process_info(erlang.self(), "current_stacktrace")[1]


@case(partial="the depth of stacks cannot be set; sizes of heaps are fixed")
async def test_t_process_info():
    me = erlang.self()
    assert erlang.process_info(me, "registered_name") == []
    erlang.register("my_name", me)
    assert info(me, "registered_name") == "my_name"
    assert info(me, "status") == "running"
    assert info(me, "min_heap_size") == 233
    assert info(me, "min_bin_vheap_size") == 46422
    assert info(me, "max_heap_size") == {"size": 0, "kill": True, "error_logger": True}
    _, (module, function, arity, where) = erlang.process_info(me, "current_location")
    here = ("test_info", "test_t_process_info", 0)
    assert (module, function, arity) == erlang.process_info(me, "current_function")[1] == here
    assert [name for name, _ in where] == ["file", "line"]
    assert dict(where)["file"] == [ord(c) for c in "test_info.py"]
    stack = await asked_where_it_is(2)
    assert [entry[:3] for entry in stack[:4]] == [
        *[("test_info", "asked_where_it_is", 1)] * 3,
        ("test_info", "test_t_process_info", 0),
    ]
    assert info(me, "group_leader") == erlang.group_leader()
    badarg(erlang.process_info, "not_a_pid")


@case(partial="nobody runs at the same time, so that a running process is never asked by another")
async def test_process_info_other():
    async def looper(parent: Any) -> None:
        while True:
            erlang.process_info(parent, "current_location")
            await erlang.yield_()

    pid = erlang.spawn_link(looper, [erlang.self()])
    for _ in range(100):
        await erlang.yield_()
        assert info(pid, "current_location")[:3] == ("test_info", "looper", 1)
    for each in erlang.processes():
        for entry in info(each, "current_stacktrace"):
            assert [type(part) for part in entry] == [str, str, int, list]


async def other_process(parent: Any) -> None:
    """Tells what it has received when it is told to."""
    erlang.send(erlang.self(), ("my", "own", "message"))
    erlang.send(parent, ("go_ahead", erlang.self()))
    while True:
        match await erlang.receive((parent, ...), "stop"):
            case "stop":
                return
            case (_, "get_all_messages"):
                erlang.send(parent, ("all_messages", await everything()))
            case (_, "empty"):
                await everything()
                erlang.send(parent, "empty")


async def everything() -> list[Any]:
    """All messages that are there."""
    messages = []
    while (message := await erlang.receive(after=0)) is not erlang.TIMEOUT:
        messages.append(message)
    return messages


@case(partial="the sizes of heaps")
async def test_process_info_other_msg():
    me = erlang.self()
    pid = erlang.spawn_link(other_process, [me])
    await expect(("go_ahead", pid))
    messages: list[Any] = [("my", "own", "message")]
    assert info(pid, "messages") == messages
    for name in "abcde":
        message = (name, garbage())
        messages.append(erlang.send(pid, message))
        assert info(pid, "messages") == messages
    assert isinstance(info(pid, "memory"), int)
    erlang.send(pid, (me, "empty"))
    await expect("empty")
    assert info(pid, "messages") == []
    assert (info(pid, "min_heap_size"), info(pid, "min_bin_vheap_size")) == (233, 46422)
    erlang.send(pid, "stop")


@case(partial="no process is preferred to another")
async def test_process_info_other_status():
    pid = erlang.spawn_link(other_process, [erlang.self()])
    await expect(("go_ahead", pid))
    await pause(100)
    for priority in ("normal", "high", "max"):
        erlang.process_flag("priority", priority)
        assert info(pid, "status") == "waiting"
    erlang.send(pid, "stop")


ALL_ITEMS = [
    *["backtrace", "binary", "catchlevel", "current_function", "current_location", "current_stacktrace"],
    *["dictionary", "error_handler", "fullsweep_after", "garbage_collection", "garbage_collection_info"],
    *["group_leader", "heap_size", "initial_call", "last_calls", "links", "magic_ref", "max_heap_size", "memory"],
    *["message_queue_data", "message_queue_len", "messages", "min_bin_vheap_size", "min_heap_size"],
    *["monitored_by", "monitors", "parent", "priority", "reductions", "registered_name"],
    *["sequential_trace_token", "stack_size", "status", "suspending", "total_heap_size", "trace", "trap_exit"],
]


@case(partial="items that only a debugging emulator has")
async def test_process_info_2_list():
    pid, me = erlang.spawn_link(hang), erlang.self()
    erlang.register("process_suite_process_info_2_list1", me)
    erlang.register("process_suite_process_info_2_list2", pid)
    items = [*ALL_ITEMS, "status", *reversed(ALL_ITEMS)]
    for who in (pid, me):
        for item in items:
            info(who, item)
        assert [item for item, _ in erlang.process_info(who, items)] == items
    few = ["status", "stack_size", "trap_exit", "priority"]
    for who in (pid, me):
        assert [item for item, _ in erlang.process_info(who, few)] == few
    assert [item for item, _ in erlang.process_info(pid, ["backtrace"] * 5000)] == ["backtrace"] * 5000


@case(partial="no other node")
async def test_process_info_parent():
    pid = erlang.spawn_link(lambda: erlang.receive("stop"))
    assert info(pid, "parent") == erlang.self()
    erlang.send(pid, "stop")
    assert info(erlang.self(), "parent") == "undefined"


async def smoke_all_tester() -> None:
    """Has something to say under every item."""
    erlang.register("process_info_smoke_all_tester", erlang.self())
    erlang.put("ets_ref", ets.new("blupp", []))
    erlang.put("binary", [bytes([1]) * 1000, bytes([2]) * 1000])
    while True:
        _, pid = await erlang.receive(("other_process", ...))
        erlang.put("procs", [pid])
        erlang.monitor("process", pid)
        erlang.link(pid)


@case(partial="no other node")
async def test_process_info_smoke_all():
    pid = erlang.spawn_link(smoke_all_tester)
    erlang.send(pid, ("other_process", erlang.self()))
    for message in (ets.new("blapp", []), ets.new("blipp", []), bytes([3]) * 1000):
        erlang.send(pid, message)
    await pause(1000)
    erlang.monitor("process", pid)
    assert erlang.is_process_alive(pid)
    told = erlang.process_info(pid, ALL_ITEMS)
    assert [item for item, _ in told] == ALL_ITEMS
    me, said = erlang.self(), dict(told)
    assert (said["links"], said["monitors"], said["monitored_by"]) == ([me], [("process", me)], [me])
    assert said["message_queue_len"] == len(said["messages"]) == 3
    erlang.unlink(pid)
    erlang.exit(pid, "kill")
    assert not erlang.is_process_alive(pid)


@case(partial="no signal is handled while its process looks as if it ran")
async def test_process_info_status_handled_signal():
    pid = erlang.spawn_link(hang)
    await wait_until(lambda: erlang.process_info(pid, "status") == ("status", "waiting"))
    assert erlang.process_info(pid, ["status", "messages"]) == [("status", "waiting"), ("messages", [])]
    erlang.unlink(pid)
    erlang.exit(pid, "kill")
    assert not erlang.is_process_alive(pid)


@case(partial="nobody sends while a process runs")
async def test_process_info_self_signal():
    me = erlang.self()

    async def spammer() -> None:
        while True:
            erlang.demonitor(erlang.monitor("process", me))
            await pause(1)

    pid = erlang.spawn_link(spammer)
    await pause(10)
    ref = erlang.make_ref()
    erlang.send(me, ref)
    assert info(me, "messages") == [ref]
    erlang.unlink(pid)
    erlang.exit(pid, "kill")


@case(partial="nobody sends while a process runs")
async def test_process_info_messages():
    receiver, big = erlang.self(), list(range(1, 1001))

    async def sender() -> None:
        erlang.send(receiver, ("ready", erlang.self()))
        await erlang.receive(("go", receiver))
        for _ in range(3):
            erlang.send(receiver, big)
        erlang.send(receiver, ("done", erlang.self()))

    senders = [erlang.spawn_link(sender) for _ in range(10)]
    for pid in senders:
        await erlang.receive(("ready", pid))
    for pid in senders:
        erlang.send(pid, ("go", receiver))
    await pause(1)
    messages = info(receiver, "messages")
    assert len(messages) == 40
    messages[0].append("changed")
    for pid in senders:
        await erlang.receive(("done", pid))
    assert sort([await erlang.receive() for _ in range(30)]) == [big] * 30
    raises("error", "badarg", erlang.process_info, receiver, "message")
