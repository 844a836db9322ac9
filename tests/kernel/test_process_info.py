"""What can be asked of a process."""

from __future__ import annotations

from inspect import iscoroutine
from typing import Any

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server
from erlsim.testing import RandomWalk
from tests.kernel.kit import BADARG, flush, hang, is_stack, raised, settle, table, value

pytestmark = pytest.mark.erlsim

DEFAULT_ITEMS = [
    "current_function",
    "initial_call",
    "status",
    "message_queue_len",
    "links",
    "dictionary",
    "trap_exit",
    "error_handler",
    "priority",
    "group_leader",
    "total_heap_size",
    "heap_size",
    "stack_size",
    "reductions",
    "garbage_collection",
    "suspending",
]

OTHER_ITEMS = [
    "backtrace",
    "binary",
    "catchlevel",
    "current_location",
    "current_stacktrace",
    "fullsweep_after",
    "garbage_collection_info",
    "last_calls",
    "magic_ref",
    "max_heap_size",
    "memory",
    "message_queue_data",
    "messages",
    "min_bin_vheap_size",
    "min_heap_size",
    "monitored_by",
    "monitors",
    "parent",
    "registered_name",
    "sequential_trace_token",
    "trace",
]


async def test_without_items_the_usual_ones_come_in_otps_order():
    assert [item for item, _ in erlang.process_info(erlang.self())] == DEFAULT_ITEMS


@pytest.mark.parametrize("item", DEFAULT_ITEMS + OTHER_ITEMS)
async def test_every_item_can_be_asked_of_oneself_and_of_another_alone_and_in_a_list(item):
    pid = erlang.spawn(hang)
    await settle()
    for who in (erlang.self(), pid):
        alone = erlang.process_info(who, item)
        assert alone == [] if item == "registered_name" else alone[0] == item
        listed = erlang.process_info(who, ["status", item, "trap_exit", item])
        assert [name for name, _ in listed] == ["status", item, "trap_exit", item]


@pytest.mark.parametrize("item", ["bogus", 7, ("dictionary", "k"), ["bogus"], ["links", 7], "async_dist"], ids=repr)
async def test_what_is_no_item_is_badarg(item):
    assert raised(erlang.process_info, erlang.self(), item) == BADARG


async def test_no_items_at_all_are_an_empty_list():
    assert erlang.process_info(erlang.self(), []) == []


@pytest.mark.parametrize(
    ("gone", "order"),
    [((), [4, 6, 7, 8, 5, 2, 3, 1]), ((4,), [5, 7, 8, 6, 2, 3, 1]), ((3, 5), [4, 7, 8, 6, 2, 1])],
    ids=["eight", "without the fourth", "without the third and the fifth"],
)
async def test_links_are_listed_as_the_beam_finds_them_in_its_tree(gone, order):
    async def hub():
        found = [erlang.spawn_link(erlang.receive) for _ in range(8)]
        for number in gone:
            erlang.unlink(found[number - 1])
        _, links = erlang.process_info(erlang.self(), "links")
        return [found.index(pid) + 1 for pid in links]

    assert await value(hub) == order


async def test_links_monitors_and_monitored_by_name_the_others():
    me, pid = erlang.self(), erlang.spawn_link(hang)
    erlang.register("somebody", pid)
    for item in (pid, "somebody", pid):
        erlang.monitor("process", item)
    named = ("process", ("somebody", "nonode@nohost"))
    assert erlang.process_info(me, "monitors") == ("monitors", [named, ("process", pid), ("process", pid)])
    assert erlang.process_info(pid, "monitored_by") == ("monitored_by", [me, me, me])
    assert erlang.process_info(pid, "links") == ("links", [me])


async def waits_here() -> None:
    """A function to be found waiting in."""
    erlang.put("k", "v")
    await erlang.receive("never")


async def test_status_call_and_dictionary_of_a_process_that_waits():
    pid = erlang.spawn(waits_here)
    assert erlang.process_info(pid, "status") == ("status", "runnable")
    await settle()
    items = ["status", "dictionary", "current_function", "initial_call", "trap_exit", "message_queue_len"]
    assert dict(erlang.process_info(pid, items)) == {
        "status": "waiting",
        "dictionary": [("k", "v")],
        "current_function": ("test_process_info", "waits_here", 0),
        "initial_call": ("erlang", "apply", 2),
        "trap_exit": False,
        "message_queue_len": 0,
    }
    stack = erlang.process_info(pid, "current_stacktrace")[1]
    assert is_stack(stack)
    assert [entry[:3] for entry in stack] == [("test_process_info", "waits_here", 0)]
    assert erlang.process_info(erlang.self(), "status") == ("status", "running")


async def test_the_stack_of_a_process_that_runs_is_its_own_code_alone():
    async def inner() -> Any:
        return erlang.process_info(erlang.self(), "current_stacktrace")[1]

    async def outer() -> Any:
        return await inner()

    stack = await value(outer)
    assert [entry[1] for entry in stack] == ["inner", "outer", "told"]
    assert erlang.process_info(erlang.self(), "current_function")[1][:2] == (
        "test_process_info",
        "test_the_stack_of_a_process_that_runs_is_its_own_code_alone",
    )


async def test_the_initial_call_of_a_process_that_was_spawned_by_name():
    pid = erlang.spawn("timer", "sleep", ["infinity"])
    assert erlang.process_info(pid, "initial_call") == ("initial_call", ("timer", "sleep", 1))


async def test_the_parent_is_who_spawned_it():
    me = erlang.self()
    pid = erlang.spawn(hang)
    assert erlang.process_info(pid, "parent") == ("parent", me)
    assert erlang.process_info(me, "parent") == ("parent", "undefined")


async def test_messages_in_transit_from_the_asker_have_arrived():
    pid = erlang.spawn(hang)
    await settle()
    erlang.send(pid, "a")
    erlang.send(pid, "b")
    assert erlang.process_info(pid, "messages") == ("messages", ["a", "b"])
    assert erlang.process_info(pid, "message_queue_len") == ("message_queue_len", 2)
    erlang.send(erlang.self(), "mine")
    assert erlang.process_info(erlang.self(), "messages") == ("messages", ["mine"])


async def test_asking_a_process_that_is_ready_to_run_loses_none_of_its_messages():
    shell = erlang.self()

    async def body() -> None:
        for _ in range(3):
            erlang.send(shell, await erlang.receive(int))

    pid = erlang.spawn(body)
    await settle()
    for number in range(3):
        erlang.send(pid, number)
        erlang.process_info(pid, "messages")
        erlang.exit(pid, "normal")
        erlang.is_process_alive(pid)
    assert await flush() == [0, 1, 2]


async def test_a_process_that_is_found_dead_when_asked_does_not_run_any_more():
    ran: list[Any] = []
    pid = erlang.spawn(lambda: ran.append("ran"))
    erlang.exit(pid, "kill")
    assert erlang.process_info(pid) == "undefined"
    await settle()
    assert ran == []


async def test_items_tell_what_options_and_flags_said():
    async def body() -> Any:
        erlang.process_flag("trap_exit", True)
        erlang.register("me", erlang.self())
        return erlang.process_info(erlang.self(), ["trap_exit", "registered_name", "priority"])

    assert await value(body) == [("trap_exit", True), ("registered_name", "me"), ("priority", "normal")]


# ---- what one sees of one's own messages ------------------------------------------------------------


def seen_after(act, **options):
    """The messages that a process sees of its own after `act(process)`, in which others send it some."""
    seen = []

    async def main():
        async def looking():
            await act()
            seen.extend(erlang.process_info(erlang.self(), "messages")[1])
            assert erlang.process_info(erlang.self(), "message_queue_len") == ("message_queue_len", len(seen))

        pid = erlang.spawn(looking)
        await timer.sleep(5)
        erlang.send(pid, "m1")
        await timer.sleep(50)

    erlsim.run(main, **options)
    return [each if type(each) is str else each[0] for each in seen]


async def sleeping():
    await timer.sleep(20)


def after_10_ms(act):
    """Another process does `act(pid)` to this one in 10 ms."""
    me = erlang.self()

    async def later():
        await timer.sleep(10)
        acted = act(me)
        if iscoroutine(acted):
            await acted
        await timer.sleep(100)

    return erlang.spawn(later)


def then_looks(*patterns):
    async def act():
        await sleeping()
        await erlang.receive(*patterns, after=0)

    return act


def disturbed(act):
    async def sleeps():
        after_10_ms(act)
        await sleeping()

    return sleeps


def watch_and_tell(me):
    erlang.monitor("process", me)
    erlang.send(me, "m2")


async def call(me):
    with pytest.raises(erlsim.Exit):
        await gen_server.call(me, "hello", 5)


def half_seen(*received):
    async def act():
        after_10_ms(lambda me: [erlang.send(me, each) for each in ("m2", "m3")])
        await erlang.receive("x", after=7)
        await sleeping()
        for each in received:
            assert await erlang.receive(each, after=0) is not erlsim.TIMEOUT

    return act


async def sends_himself_and_sleeps():
    erlang.send(erlang.self(), "z")
    await sleeping()


async def sleeps_and_sends_himself():
    await sleeping()
    erlang.send(erlang.self(), "z")


async def looks_for_another():
    await erlang.receive("x", after=20)


async def sleeps_twice_and_gives_way():
    await sleeping()
    await sleeping()
    await erlang.yield_()


async def watches_another():
    erlang.monitor("process", erlang.spawn(lambda: timer.sleep(10)))
    await sleeping()


async def asks_about_another():
    other = erlang.spawn(hang)
    await sleeping()
    await erlang.ask_process_info(other, "messages")


async def sends_himself_a_timer():
    erlang.send_after(10, erlang.self(), "t")
    await sleeping()


@pytest.mark.parametrize("world", ["plain", "traced", "chosen"])
@table(
    {
        "sleeps": (sleeping, []),
        "sleeps, then sends himself": (sleeps_and_sends_himself, ["m1", "z"]),
        "sends himself, then sleeps": (sends_himself_and_sleeps, ["z", "m1"]),
        "looks for what is not there": (then_looks("x"), ["m1"]),
        "looks for another while it comes": (looks_for_another, ["m1"]),
        "takes it": (then_looks(), []),
        "sleeps twice and gives way": (sleeps_twice_and_gives_way, []),
        "is watched": (disturbed(lambda me: erlang.monitor("process", me)), ["m1"]),
        "is linked to": (disturbed(erlang.link), ["m1"]),
        "is asked": (disturbed(lambda me: erlang.process_info(me, "messages")), ["m1"]),
        "watches one who ends": (watches_another, ["m1", "DOWN"]),
        "asks about another": (asks_about_another, ["m1"]),
        "a timer sends, too": (sends_himself_a_timer, []),
        "has seen the first": (half_seen(), ["m1"]),
        "takes the first, which he has seen": (half_seen("m1"), []),
        "takes any": (half_seen(...), []),
        "takes one that he has not seen": (half_seen("m2"), ["m1", "m3"]),
        "takes two": (half_seen(..., ...), ["m3"]),
    }
)
def test_who_asks_about_himself_does_not_see_what_came_while_he_slept(case, world):
    act, seen = case
    options = {"plain": {"trace": False}, "traced": {"trace": True}, "chosen": {"chooser": RandomWalk(1)}}[world]
    assert seen_after(act, **options) == seen


@pytest.mark.parametrize("trace", [True, False])
@table({"told": (watch_and_tell, ["m1", "m2"]), "called": (call, ["m1", "$gen_call"])})
def test_who_is_watched_while_he_sleeps_sees_what_comes_with_the_monitor(case, trace):
    act, seen = case
    assert seen_after(disturbed(act), trace=trace) == seen
