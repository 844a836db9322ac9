"""Receive: rules 56 to 63."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import TIMEOUT, erlang, ets, terms
from tests.kernel.kit import current, flush, hang, raised, settle, table, value

pytestmark = pytest.mark.erlsim


def send_self(*messages: Any) -> None:
    """Put messages into the caller's own mailbox."""
    for message in messages:
        erlang.send(erlang.self(), message)


@pytest.mark.rule(56)
async def test_earlier_messages_beat_earlier_patterns():
    send_self("b", "a")
    assert await erlang.receive("a", "b") == "b"
    assert await flush() == ["a"]


@pytest.mark.rule(57)
async def test_skipped_messages_keep_their_order():
    send_self(1, 2, 3, "x", 4)
    assert await erlang.receive("x") == "x"
    assert await flush() == [1, 2, 3, 4]


@pytest.mark.rule(57)
async def test_a_receive_within_what_a_message_led_to_scans_from_the_front():
    send_self(1, 2, 3)
    assert await erlang.receive(2) == 2
    assert await erlang.receive(int) == 1
    assert await flush() == [3]


@pytest.mark.rule(58)
async def test_after_0_scans_the_whole_mailbox_first():
    send_self(1, 2, 3, "x")
    assert await erlang.receive("x", after=0) == "x"
    assert await erlang.receive("x", after=0) is TIMEOUT
    assert await flush() == [1, 2, 3]


@pytest.mark.rule(59)
async def test_messages_that_do_not_match_do_not_restart_the_timeout():
    for ms in (20, 40, 60, 80):
        erlang.send_after(ms, erlang.self(), "tick")
    assert await erlang.receive("tock", after=50) is TIMEOUT
    assert erlang.monotonic_time() == 50


BAD_TIMEOUTS = [-1, 0.0, 3.14, 0x100000000, "xxx", -0x100000000, 1 << 70, None, [], True]


@pytest.mark.rule(60)
@pytest.mark.parametrize("timeout", BAD_TIMEOUTS, ids=repr)
@pytest.mark.parametrize("shell", [True, False], ids=["in the shell", "in a process"])
def test_an_illegal_timeout_raises_timeout_value_unless_a_message_matches_first(timeout, shell):
    async def body() -> Any:
        send_self("got")
        first = await erlang.receive("got", after=timeout)
        try:
            await erlang.receive("got", after=timeout)
        except erlsim.Error as exc:
            return first, exc.reason
        return first, "nothing raised"

    async def main() -> Any:
        return await (body() if shell else value(body))

    assert erlsim.run(main) == ("got", "timeout_value")


@pytest.mark.rule(60)
async def test_the_longest_timeout_is_accepted():
    assert await erlang.receive("never", after=0xFFFFFFFF) is TIMEOUT
    assert erlang.monotonic_time() == 0xFFFFFFFF
    send_self("now")
    assert await erlang.receive(after=0xFFFFFFFF) == "now"


@pytest.mark.rule(61)
async def test_a_predicate_that_raises_does_not_match():
    send_self("foo", 3)
    assert await erlang.receive(lambda message: message > 2) == 3
    assert await erlang.receive(lambda message: message.nothing, after=0) is TIMEOUT
    assert await flush() == ["foo"]


@pytest.mark.rule(61)
@table({"when the message comes later": False, "when the message is there": True})
async def test_a_predicate_runs_as_the_receiver(case):
    def names_the_receiver(message: Any) -> bool:
        return message == ("to", erlang.self(), erlang.node())

    async def body() -> Any:
        if case:
            await erlang.receive("nothing", after=5)
        return await erlang.receive(names_the_receiver, after=10)

    async def told() -> None:
        erlang.exit(await body())

    pid, ref = erlang.spawn_monitor(told)
    erlang.send_after(2, pid, ("to", pid, erlang.node()))
    assert (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] == ("to", pid, "nonode@nohost")


@table(
    {
        "send": lambda: erlang.send(erlang.self(), "x"),
        "send to a name": lambda: erlang.send("user", "x"),
        "spawn": lambda: erlang.spawn(hang),
        "exit": lambda: erlang.exit(erlang.self(), "kill"),
        "put": lambda: erlang.put("key", 1),
        "a flag": lambda: erlang.process_flag("trap_exit", True),
        "a name": lambda: erlang.register("me", erlang.self()),
        "a reference": erlang.make_ref,
        "a timer": lambda: erlang.send_after(1, erlang.self(), "x"),
        "a link": lambda: erlang.link(erlang.self()),
        "a table": lambda: ets.new("t", []),
        "a receive": lambda: erlang.receive(),
        "the simulation": lambda: current().advance(1),
    }
)
@pytest.mark.parametrize("later", [False, True], ids=["there", "coming"])
@pytest.mark.erlsim(crashes=True)
async def test_a_predicate_that_would_have_an_effect_fails_the_receive_and_says_so(case, later):
    async def body() -> Any:
        if not later:
            send_self("m")
        return await erlang.receive(lambda _message: case(), after=10)

    pid, ref = erlang.spawn_monitor(body)
    if later:
        erlang.send_after(2, pid, "m")
    reason = (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]
    assert isinstance(reason, tuple)
    assert "a predicate of receive is a guard" in str(reason[0])
    assert erlang.whereis("me") == "undefined"
    assert await flush() == []


async def test_an_effect_in_a_predicate_of_the_shell_is_an_error_there_and_the_shell_goes_on():
    me = erlang.self()
    send_self("m")
    with pytest.raises(erlsim.ErlsimError, match=r"acts on <0\.\d+\.0>: a predicate of receive is a guard"):
        await erlang.receive(lambda _message: erlang.exit(erlang.self(), "kill"))
    assert erlang.self() is me
    assert await flush() == ["m"]


async def test_a_predicate_may_print_and_compare_opaque_objects():
    class Thing:
        pass

    @erlsim.module(name="a_server")
    class Server:
        pass

    one, other = Thing(), Thing()
    send_self(one)
    found = await erlang.receive(
        lambda term: terms.compare(term, other) != 0 and terms.format("~p", [Server]) == "a_server", after=0
    )
    assert found is one


class Grumpy:
    """An object that cannot be compared."""

    def __eq__(self, _other: object) -> bool:
        raise ValueError("not comparable")

    __hash__ = object.__hash__


class Unhashed:
    """An object without a hash, which says so in a way of its own."""

    def __hash__(self) -> int:
        raise ZeroDivisionError


@table({"not by ==": Grumpy, "not by its hash": Unhashed})
@pytest.mark.parametrize("later", [False, True], ids=["there", "coming"])
@pytest.mark.erlsim(crashes=True)
async def test_a_message_that_cannot_be_compared_ends_its_receiver_and_nobody_else(case, later):
    thing = case()
    other = case()

    async def body() -> Any:
        if not later:
            send_self(("a", thing))
        return await erlang.receive(("a", other), after=10)

    pid, ref = erlang.spawn_monitor(body)
    if later:
        erlang.send_after(2, pid, ("a", thing))
    reason = (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]
    assert isinstance(reason[0], (ValueError, ZeroDivisionError))
    assert await value(lambda: "still alive") == "still alive"


@pytest.mark.rule(62)
@table({"the message's timer first": True, "the receive first": False})
async def test_a_timeout_beats_a_timer_message_of_the_same_millisecond_which_stays(case):
    me = erlang.self()
    if case:
        erlang.send_after(5, me, "tick")
    else:
        erlang.spawn(lambda: erlang.send_after(5, me, "tick"))
    assert await erlang.receive("tick", after=5) is TIMEOUT
    assert await erlang.receive("tick", after=0) == "tick"


@pytest.mark.rule(62)
async def test_a_message_a_millisecond_earlier_beats_the_timeout():
    erlang.send_after(4, erlang.self(), "tick")
    assert await erlang.receive("tick", after=5) == "tick"


@pytest.mark.rule(63)
async def test_a_timeout_beats_work_that_takes_as_long():
    shell = erlang.self()

    async def worker() -> None:
        await erlang.receive(after=5)
        erlang.send(shell, "done")

    erlang.spawn(worker)
    assert await erlang.receive("done", after=5) is TIMEOUT
    assert await flush() == ["done"]


@pytest.mark.rule(63)
async def test_a_call_times_out_when_the_server_takes_as_long_as_the_timeout():
    from erlsim.otp import gen_server

    @erlsim.module
    class Slow:
        def init(arg):
            return ("ok", arg)

        async def handle_call(request, from_, state):
            await erlang.receive("never", after=5)
            return ("reply", "ok", state)

    ok, pid = await gen_server.start(Slow, [], [])
    assert ok == "ok"
    with pytest.raises(erlsim.Exit) as caught:
        await gen_server.call(pid, "z", 5)
    assert caught.value.reason == ("timeout", ("gen_server", "call", [pid, "z", 5]))


PATTERNS: dict[str, tuple[Any, Any, Any]] = {
    "anything": (..., 1, None),
    "a hole in a tuple": (("a", ..., 3), ("a", [2], 3), ("a", 2, 4)),
    "a hole in a list": ([1, ...], [1, 2], [1]),
    "a class": (str, "x", 1),
    "a class in a tuple": (("a", int), ("a", 1), ("a", "b")),
    "int is not bool": (int, 1, True),
    "bool": (bool, False, 0),
    "an integer is no float": (1, 1, 1.0),
    "a float is no integer": (1.0, 1.0, 1),
    "an atom is no integer": (True, True, 1),
    "a map with fewer keys": ({"a": 1}, {"a": 1, "b": 2}, {"b": 2}),
    "a map with a hole": ({"a": ...}, {"a": []}, {}),
    "a predicate": (lambda term: term == 1, 1, 2),
    "a predicate in a tuple": (("a", lambda n: n > 1), ("a", 2), ("a", 1)),
    "bytes": (b"x", b"x", "x"),
    "the empty list": ([], [], ()),
}


@pytest.mark.rule(56)
@table(PATTERNS)
async def test_what_patterns_match(case):
    pattern, good, bad = case
    if bad is not None:
        send_self(bad)
    send_self(good)
    assert await erlang.receive(pattern) == good


@pytest.mark.rule(56)
async def test_messages_of_one_sender_keep_their_order():
    shell = erlang.self()

    async def sender(name: str) -> None:
        for number in range(3):
            erlang.send(shell, (name, number))
            await erlang.yield_()

    for name in ("a", "b"):
        erlang.spawn(sender, [name])
    messages = await flush()
    assert [n for name, n in messages if name == "a"] == [n for name, n in messages if name == "b"] == [0, 1, 2]


@pytest.mark.rule(57)
async def test_a_process_that_is_asked_about_while_its_message_waits_still_gets_it():
    shell = erlang.self()

    async def body() -> None:
        erlang.send(shell, ("got", await erlang.receive("message")))
        await hang()

    pid = erlang.spawn(body)
    await settle()
    erlang.send(pid, "other")
    erlang.send(pid, "message")
    assert erlang.process_info(pid, "messages") == ("messages", ["other", "message"])
    assert await flush() == [("got", "message")]
    assert erlang.process_info(pid, "messages") == ("messages", ["other"])


@pytest.mark.rule(60)
async def test_infinity_waits_for_ever():
    erlang.send_after(10**9, erlang.self(), "late")
    assert await erlang.receive(after="infinity") == "late"
    assert raised(erlang.monotonic_time) == ("ok", 10**9)
