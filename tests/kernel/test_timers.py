"""Timers, the BIFs' and the module `timer`'s: rules 64 to 76."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, Error, Exit, erlang, timer
from erlsim.otp import gen_server
from erlsim.terms import Ref
from tests.kernel.kit import BADARG, dead, ending, flush, hang, raised, settle, table

pytestmark = pytest.mark.erlsim


@pytest.mark.rule(64)
async def test_start_timer_wraps_the_message_and_send_after_delivers_it_bare():
    me = erlang.self()
    ref = erlang.start_timer(10, me, "m")
    erlang.send_after(20, me, "bare")
    assert await erlang.receive() == ("timeout", ref, "m")
    assert erlang.monotonic_time() == 10
    assert await erlang.receive() == "bare"
    assert erlang.monotonic_time() == 20


async def test_an_interval_may_not_outlast_the_clock():
    assert (
        timer.send_interval(1 << 48, "m") == timer.apply_interval(1 << 48, "erlang", "node", []) == ("error", "badarg")
    )
    assert timer.send_interval(1 << 32, "m")[0] == "ok"


@pytest.mark.rule(65)
async def test_cancel_gives_the_time_left_or_false():
    me = erlang.self()
    pending, fired = erlang.send_after(1000, me, "late"), erlang.send_after(3, me, "m")
    assert await erlang.receive() == "m"
    assert erlang.cancel_timer(pending) == 997
    assert [erlang.cancel_timer(ref) for ref in (pending, fired, erlang.make_ref())] == [False] * 3
    assert raised(erlang.cancel_timer, "x") == BADARG
    assert erlang.cancel_timer(erlang.send_after(1000, me, "x")) == 1000
    assert await flush(2000) == []


@pytest.mark.rule(66)
async def test_read_gives_the_time_left_or_false():
    ref = erlang.send_after(1000, erlang.self(), "m")
    await erlang.receive(after=400)
    assert erlang.read_timer(ref) == 600
    erlang.cancel_timer(ref)
    assert erlang.read_timer(ref) is False
    assert raised(erlang.read_timer, 42) == BADARG


@pytest.mark.rule(67)
async def test_a_name_is_looked_up_when_the_timer_fires():
    erlang.send_after(10, "later", "m")
    erlang.register("later", erlang.self())
    assert await flush(20) == ["m"]


@pytest.mark.rule(67)
async def test_a_name_that_nobody_has_when_the_timer_fires_is_a_silent_drop():
    ref = erlang.send_after(10, "nobody", "m")
    assert erlang.read_timer(ref) == 10
    assert await flush(20) == []
    assert erlang.read_timer(ref) is False


@pytest.mark.rule(68)
async def test_a_timer_dies_with_the_pid_it_aims_at():
    pid = erlang.spawn(hang)
    ref = erlang.send_after(1000, pid, "m")
    erlang.exit(pid, "kill")
    await settle()
    assert erlang.read_timer(ref) is False
    assert erlang.cancel_timer(ref) is False


@pytest.mark.rule(68)
async def test_starting_a_timer_to_a_dead_pid_is_fine_but_nothing_runs():
    ref = erlang.start_timer(1000, await dead(), "m")
    assert isinstance(ref, Ref)
    assert erlang.read_timer(ref) is False


@pytest.mark.rule(69)
async def test_a_timer_outlives_its_creator_and_anybody_may_cancel_it():
    shell = erlang.self()

    def creator() -> None:
        erlang.send_after(20, shell, "from the dead")
        erlang.send(shell, erlang.send_after(1000, shell, "m"))

    erlang.spawn(creator)
    ref = await erlang.receive(Ref)
    assert erlang.cancel_timer(ref) == 1000
    assert await flush(50) == ["from the dead"]


BAD_TIMERS: dict[str, Any] = {
    "a negative time": (-4, "self", []),
    "a float": (4.5, "self", []),
    "an atom": ("a", "self", []),
    "True": (True, "self", []),
    "more than the clock holds": (1 << 64, "self", []),
    "a destination that is none": (10, 7, []),
    "a name and node": (10, ("name", "nonode@nohost"), []),
    "a reference": (10, "ref", []),
    "an unknown option": (10, "self", ["foo"]),
    "a bad abs": (10, "self", [("abs", "foo")]),
    "options that are no list": (10, "self", "abs"),
}


@pytest.mark.rule(70)
@table(BAD_TIMERS)
async def test_bad_arguments_of_timers_are_badarg(case):
    time, dest, options = case
    named = {"self": erlang.self(), "ref": erlang.make_ref()}
    dest = named.get(dest, dest) if isinstance(dest, str) else dest
    for start in (erlang.send_after, erlang.start_timer):
        assert raised(start, time, dest, "hej", options) == BADARG


@pytest.mark.rule(70)
async def test_absolute_times_are_instants_and_those_in_the_past_fire_at_once():
    me = erlang.self()
    await erlang.receive(after=100)
    erlang.send_after(150, me, "m", [("abs", True)])
    erlang.send_after(50, me, "past", [("abs", True)])
    erlang.send_after(-5, me, "before it all", [("abs", True)])
    assert await erlang.receive() == "past"
    assert await erlang.receive() == "before it all"
    assert erlang.monotonic_time() == 100
    assert await erlang.receive() == "m"
    assert erlang.monotonic_time() == 150


@pytest.mark.rule(71)
async def test_a_timer_of_0_is_not_delivered_on_the_spot():
    me = erlang.self()
    erlang.send_after(0, me, "timer")
    assert await erlang.receive("timer", after=0) is TIMEOUT
    erlang.send(me, "direct")
    assert await flush() == ["direct", "timer"]


@pytest.mark.rule(71)
async def test_a_timer_of_0_lets_those_run_first_who_can_run_already():
    me = erlang.self()
    erlang.send_after(0, me, "timer")
    erlang.spawn(lambda: erlang.send(me, "process"))
    assert await flush() == ["process", "timer"]

    def both() -> None:
        erlang.send_after(0, me, "timer")
        erlang.spawn(lambda: erlang.send(me, "process"))

    erlang.spawn(both)
    assert await flush() == ["process", "timer"]


@pytest.mark.rule(72)
async def test_timers_are_never_early_and_equal_ones_fire_in_the_order_they_were_made():
    me = erlang.self()
    for number in range(100):
        erlang.send_after(10, me, number)
    erlang.send_after(5, me, "five")
    assert await erlang.receive() == "five"
    assert erlang.monotonic_time() == 5
    assert await flush() == list(range(100))


@pytest.mark.rule(72)
async def test_timers_due_together_fire_in_the_order_they_were_made_whenever_that_was():
    me = erlang.self()
    erlang.send_after(30, me, "a")
    await erlang.receive("never", after=10)
    erlang.send_after(20, me, "b")
    await erlang.receive("never", after=10)
    erlang.send_after(10, me, "c")
    assert await flush(50) == ["a", "b", "c"]


@pytest.mark.rule(73)
async def test_cancelling_asynchronously_tells_by_message_and_without_info_not_at_all():
    me = erlang.self()
    refs = [erlang.send_after(1000, me, "x") for _ in range(4)]
    assert erlang.cancel_timer(refs[0], [("async", True)]) == "ok"
    assert erlang.cancel_timer(refs[0], [("async", True), ("info", True)]) == "ok"
    assert erlang.cancel_timer(refs[1], [("info", False)]) == "ok"
    assert erlang.cancel_timer(refs[2], [("async", True), ("info", False)]) == "ok"
    assert erlang.read_timer(refs[3], [("async", True)]) == "ok"
    assert await flush() == [
        ("cancel_timer", refs[0], 1000),
        ("cancel_timer", refs[0], False),
        ("read_timer", refs[3], 1000),
    ]
    assert raised(erlang.cancel_timer, refs[3], ["foo"]) == BADARG
    assert raised(erlang.read_timer, refs[3], [("info", False)]) == BADARG


@pytest.mark.rule(74)
async def test_references_of_the_timer_module_say_what_they_are():
    started = [
        timer.send_after(1000, "m"),
        timer.apply_after(1000, "erlang", "self", []),
        timer.send_interval(1000, "m"),
        timer.send_after(0, "m0"),
        timer.exit_after(1000, erlang.spawn(hang), "x"),
    ]
    assert [tag for tag, _ in started] == ["ok"] * 5
    assert [ref[0] for _, ref in started] == ["send_local", "once", "interval", "instant", "once"]
    assert [timer.cancel(ref) for _, ref in started] == [("ok", "cancel")] * 5
    assert timer.cancel(started[0][1]) == ("ok", "cancel")
    assert await flush(3000) == ["m0"]


@pytest.mark.rule(74)
async def test_bad_arguments_of_the_timer_module_are_an_answer():
    wrong = [
        timer.cancel("no reference"),
        timer.cancel(("foo", erlang.make_ref())),
        timer.cancel(("once", "foo")),
        timer.send_after(-1, "m"),
        timer.send_after(0, [], "m"),
        timer.send_after(1.5, "m"),
        timer.apply_after(10, "erlang", "self", "no list"),
        timer.apply_after(10, [102], "self", []),
        timer.apply_interval(-1, "erlang", "self", []),
        timer.send_interval(-1, "m"),
        timer.send_interval(10, (1, 2), "m"),
        timer.exit_after(-1, "x"),
        timer.kill_after("soon"),
    ]
    assert wrong == [("error", "badarg")] * len(wrong)


@pytest.mark.rule(75)
async def test_send_after_to_a_missing_name_is_fine_later_and_badarg_at_once():
    ok, _ = timer.send_after(10, "nosuch", "m")
    assert ok == "ok"
    assert raised(timer.send_after, 0, "nosuch", "m") == BADARG
    assert await flush(20) == []


@pytest.mark.rule(76)
async def test_apply_after_runs_in_a_fresh_process():
    me = erlang.self()
    timer.apply_after(10, "erlang", "apply", [lambda: erlang.send(me, ("from", erlang.self())), []])
    _, pid = await erlang.receive(("from", ...))
    assert pid not in (me, erlang.whereis("timer_server"))
    assert erlang.monotonic_time() == 10


@pytest.mark.rule(76)
async def test_an_interval_of_messages_stops_when_its_target_dies():
    async def body() -> None:
        assert timer.send_interval(10, "tick")[0] == "ok"
        for _ in range(3):
            await erlang.receive("tick")
        erlang.exit(erlang.monotonic_time())

    assert await ending(body) == 30
    await erlang.receive(after=100)
    assert erlang.monotonic_time() == 130


@pytest.mark.rule(76)
async def test_an_interval_of_calls_stops_when_its_creator_dies():
    me = erlang.self()

    async def body() -> None:
        timer.apply_interval(10, "erlang", "send", [me, "tick"])
        await erlang.receive(after=35)

    erlang.spawn(body)
    assert await flush(100) == ["tick"] * 3


@pytest.mark.rule(76)
async def test_intervals_do_not_drift():
    shell = erlang.self()

    async def slow() -> None:
        erlang.send(shell, erlang.monotonic_time())
        await timer.sleep(25)

    _, ref = timer.apply_interval(10, "erlang", "apply", [slow, []])
    times = [await erlang.receive() for _ in range(5)]
    timer.cancel(ref)
    assert times == [10, 20, 30, 40, 50]
    assert await flush(100) == []


@pytest.mark.rule(76)
async def test_exit_after_and_kill_after_end_by_pid_and_by_name():
    bye, killed = erlang.spawn(hang), erlang.spawn(hang)
    erlang.register("bye", bye)
    for pid in (bye, killed):
        erlang.monitor("process", pid)
    timer.exit_after(10, "bye", "bye")
    timer.kill_after(20, killed)
    assert [down[3:] for down in await flush(50)] == [(bye, "bye"), (killed, "killed")]
    assert timer.exit_after(10, "nobody", "x")[0] == "ok"
    await flush(20)


@pytest.mark.rule(76)
async def test_exit_after_for_oneself_with_normal_ends_nobody_else():
    async def body() -> Any:
        timer.exit_after(10, "normal")
        await timer.sleep(50)
        erlang.exit("survived")

    assert await ending(body) == "survived"


async def test_sleep_takes_0_longer_than_a_receive_may_wait_and_leaves_messages_alone():
    erlang.send(erlang.self(), "a")
    assert await timer.sleep(0) == "ok"
    assert await timer.sleep(0x100000000) == "ok"
    assert erlang.monotonic_time() == 0x100000000
    assert await flush() == ["a"]
    with pytest.raises(Error, match="timeout_value"):
        await timer.sleep(-1)


async def test_the_timer_server_is_started_when_it_is_needed_and_again_when_it_was_killed():
    assert erlang.whereis("timer_server") == "undefined"
    _, ref = timer.apply_after(10, "erlang", "send", [erlang.self(), "lost"])
    first = erlang.whereis("timer_server")
    erlang.exit(first, "kill")
    await settle()
    timer.apply_after(10, "erlang", "send", [erlang.self(), "m"])
    assert erlang.whereis("timer_server") != first
    assert timer.cancel(ref) == ("ok", "cancel")
    assert await flush(50) == ["m"]


async def test_the_timer_server_ignores_what_it_does_not_understand():
    timer.start()
    erlang.send("timer_server", "foo")
    erlang.send("timer_server", ("timeout", erlang.make_ref(), ("apply_once", ("erlang", "send", [erlang.self(), 1]))))
    erlang.send("timer_server", ("DOWN", [], "process", 1, 2))
    erlang.send("timer_server", ("cancelled", []))
    assert await flush(100) == []
    timer.apply_after(10, "erlang", "send", [erlang.self(), "m"])
    assert await flush(50) == ["m"]


async def test_time_is_measured_in_microseconds():
    assert await timer.tc(timer.sleep, [500]) == (500_000, "ok")
    assert await timer.tc("timer", "sleep", [500]) == (500_000, "ok")
    assert await timer.tc(lambda: "x") == (0, "x")
    assert raised(erlang.monotonic_time, "foo") == BADARG
    assert raised(erlang.monotonic_time, 0) == BADARG
    assert erlang.convert_time_unit(-1500, "millisecond", "second") == -2
    assert timer.now_diff((1, 2, 3), (1, 1, 2)) == 1_000_001
    assert timer.hms(4, 4, 4) == timer.hours(4) + timer.minutes(4) + timer.seconds(4) == 14_644_000


async def test_options_that_are_no_list_are_badarg():
    me = erlang.self()
    ref = erlang.send_after(10, me, "m")
    for options in ((), {}, 0, "x"):
        assert raised(erlang.send_after, 10, me, "m", options) == BADARG
        assert raised(erlang.start_timer, 10, me, "m", options) == BADARG
        assert raised(erlang.cancel_timer, ref, options) == BADARG
        assert raised(erlang.read_timer, ref, options) == BADARG
        assert raised(erlang.monitor, "process", me, options) == BADARG
        assert raised(erlang.demonitor, ref, options) == BADARG


async def test_true_is_a_name_that_a_message_may_be_sent_to():
    ref = erlang.send_after(10, True, "m")
    assert erlang.cancel_timer(ref) == 10
    erlang.send_after(10, True, "lost")
    await timer.sleep(20)
    erlang.register(True, erlang.self())
    erlang.send_after(10, True, "m")
    assert await erlang.receive() == "m"
    assert raised(timer.send_after, 0, False, "m") == BADARG
    assert timer.send_after(0, 5, "m") == ("error", "badarg")


async def test_a_call_whose_timeout_the_clock_cannot_tell_is_an_error_when_it_waits():
    async def silent():
        await erlang.receive("never")

    pid = erlang.spawn(silent)
    await timer.sleep(1)
    with pytest.raises(Exit) as failure:
        await gen_server.call(pid, "hello", 1 << 70)
    (reason, _), call = failure.value.reason
    assert (reason, call) == ("timeout_value", ("gen_server", "call", [pid, "hello", 1 << 70]))
    assert erlang.process_info(pid, "messages")[1][0][-1] == "hello"
