"""Giving way before each operation: what else stays as it was, and how processes end that stand before one."""

from __future__ import annotations

import builtins
import gc
import sys
import weakref
from functools import partial
from pathlib import Path

import pytest

import erlsim
from erlsim import ErlsimError, Simulation, erlang, ets, timer
from erlsim.errors import WrongThread
from erlsim.otp import gen_server
from erlsim.simulation import current
from erlsim.testing import exhaust, explore, run_once


class Log:
    """A chooser that keeps what it was asked and the log, and answers with given indexes, then with 0."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.events = None

    def begin_log(self, events):
        self.events = events

    def choose(self, kind, options):
        if kind != "step":
            return 0
        self.asked.append([(option.process, option.operation) for option in options])
        return min(self.answers.pop(0) if self.answers else 0, len(options) - 1)

    def steps(self):
        return [(event.process, event.operation) for event in self.events]


def logged(test, *answers):
    chooser = Log(*answers)
    with Simulation(chooser=chooser, preempt=True) as sim:
        value = sim.run(test)
    sim.close()
    return value, chooser


def outcomes(test, schedules=300, **options):
    return set(explore(test, schedules, stop=False, preempt=True, trace=False, progress=False, **options).outcomes)


# ---- what is a step -------------------------------------------------------------------


def test_nothing_gives_way_where_nobody_asked_for_it():
    async def parent():
        erlang.spawn(ets.insert, [ets.new("t", ["public", "named_table"]), (1,)])
        return ets.member("t", 1)

    assert set(explore(parent, 50, stop=False, progress=False).outcomes) == {"false"}


def test_a_child_may_run_before_its_parent_waits():
    async def parent():
        erlang.spawn(ets.insert, [ets.new("t", ["public", "named_table"]), (1,)])
        return ets.member("t", 1)

    assert outcomes(parent) == {"true", "false"}


def test_a_receive_without_patience_may_find_a_message_or_not():
    async def parent():
        erlang.spawn(erlang.send, [erlang.self(), "there"])
        found = await erlang.receive(after=0)
        return "nothing" if found is erlsim.TIMEOUT else found

    assert outcomes(parent) == {"there", "nothing"}


def test_a_process_may_be_ended_between_any_two_operations_and_not_within_one():
    async def parent():
        table = ets.new("t", ["public"])

        def writer():
            for number in (1, 2, 3):
                ets.insert(table, [(number, 0), (-number, 0)])

        pid, ref = erlang.spawn_monitor(writer)
        erlang.exit(pid, "kill")
        await erlang.receive(("DOWN", ref, ..., ..., ...))
        return ets.info(table, "size")

    assert outcomes(parent) == {"0", "2", "4", "6"}


def test_the_end_of_a_process_comes_in_parts():
    async def parent():
        erlang.process_flag("trap_exit", True)
        me = erlang.self()

        async def child():
            erlang.register("child", erlang.self())
            ets.new("first", ["named_table"])
            ets.new("second", ["named_table", ("heir", me, "data")])

        pid, ref = erlang.spawn_monitor(child)
        erlang.link(pid)
        await timer.sleep(1)
        return [await erlang.receive(), await erlang.receive(), await erlang.receive()]

    value, log = logged(parent)
    assert [message[0] for message in value] == ["ETS-TRANSFER", "EXIT", "DOWN"]
    ends = [operation for _, operation in log.steps() if operation.startswith("exit")]
    assert ends == ["exit", "exit:table", "exit:table", "exit:link", "exit:down"]


def test_somebody_may_look_between_two_parts_of_an_end():
    async def parent():
        pid = erlang.spawn(lambda: ets.new("table", ["named_table"]))
        while erlang.is_process_alive(pid):
            await erlang.yield_()
        return ets.whereis("table") == "undefined"

    assert outcomes(parent) == {"true", "false"}


def test_a_name_is_free_and_nobody_finds_the_process_from_the_first_part_of_its_end_on():
    async def parent():
        pid = erlang.spawn(erlang.receive, ["stop"])
        erlang.register("name", pid)
        erlang.exit(pid, "kill")
        while erlang.is_process_alive(pid):
            await erlang.yield_()
        return erlang.whereis("name"), pid in erlang.processes(), erlang.process_info(pid, "links")

    assert outcomes(parent) == {"{undefined,false,undefined}"}


def test_who_monitors_or_links_to_a_process_that_is_ending_finds_nobody():
    async def parent():
        erlang.process_flag("trap_exit", True)
        pid = erlang.spawn(lambda: ets.new("table", []))
        while erlang.is_process_alive(pid):
            await erlang.yield_()
        ref = erlang.monitor("process", pid)
        erlang.link(pid)
        first, second = await erlang.receive(), await erlang.receive()
        return [first[4], second[2]] if first[1] == ref else [second[4], first[2]]

    assert outcomes(parent) == {"[noproc,noproc]"}


# ---- the order of a world without steps ----------------------------------------------------


async def busy():
    """A bit of everything."""
    erlang.process_flag("trap_exit", True)
    ok, server = await gen_server.start_link(("local", "server"), Counter, 0, [])
    table = ets.new("t", ["public", ("heir", erlang.self(), "h")])

    async def client(number):
        ets.update_counter(table, "n", number, ("n", 0))
        await gen_server.call("server", ("add", number))
        await timer.sleep(number % 2)
        erlang.exit(("done", number))

    pids = [erlang.spawn_link(client, [number]) for number in range(4)]
    seen = [await erlang.receive(("EXIT", pid, ...)) for pid in pids]
    seen.append(await erlang.receive(after=5))
    await gen_server.stop(server)
    return [ok, ets.tab2list(table), [message[2] for message in seen[:4]]]


class Counter:
    def init(number):
        return ("ok", number)

    def handle_call(request, from_, state):
        return ("reply", state + request[1], state + request[1])


def test_with_the_first_option_everywhere_the_order_is_that_of_a_world_without_steps():
    def run(**options):
        with Simulation(**options) as sim:
            value = sim.run(busy)
            kinds = ("ets", "whereis", "ask", "flag", "unalias")
            return value, [str(event) for event in sim.trace if event.kind not in kinds]

    assert run(preempt=True) == run(chooser=erlsim.testing.Fifo())


def test_processes_are_named_by_birth_in_every_order():
    def names(*answers):
        async def parent():
            for _ in range(2):
                erlang.spawn(lambda: erlang.spawn(erlang.send, [erlang.self(), 1]))
            await timer.sleep(1)

        _, log = logged(parent, *answers)
        return {(process, operation) for process, operation in log.steps()}

    assert names() == names(1, 1, 1, 1, 1, 1) == names(0, 0, 2, 1, 1)
    assert {process for process, _ in names()} >= {"P", "P.1", "P.1.1", "P.2", "P.2.1"}


def test_who_unlinks_himself_from_the_dead_has_heard_of_the_death_before():
    """OTP's supervisor takes the reason of a child from that, whose monitor came too late."""

    async def parent():
        erlang.process_flag("trap_exit", True)
        child = erlang.spawn_link(lambda: None)
        ref = erlang.monitor("process", child)
        await erlang.receive(("DOWN", ref, ..., ..., ...))
        erlang.unlink(child)
        return await erlang.receive(("EXIT", child, ...), after=0) is not erlsim.TIMEOUT

    assert outcomes(parent, 500) == {"true"}


# ---- time and transit -----------------------------------------------------------------


async def a_timer_and_a_message():
    """A receive gives up at the instant at which a message is sent."""
    erlang.send_after(5, erlang.self(), "there")
    found = await erlang.receive("there", after=5)
    return "late" if found is erlsim.TIMEOUT else "early"


def test_timers_of_one_instant_fire_in_any_order_among_the_processes_that_can_run():
    assert outcomes(a_timer_and_a_message) == {"late", "early"}


async def a_patient_client():
    me = erlang.self()
    erlang.spawn(lambda: erlang.send(me, "there"))
    found = await erlang.receive("there", after=1000)
    return "late" if found is erlsim.TIMEOUT else "early"


def test_time_waits_for_processes_that_can_run_unless_the_clock_is_late():
    assert outcomes(a_patient_client) == {"early"}
    assert outcomes(a_patient_client, clock="late") == {"late", "early"}


async def by_two_ways():
    """A tells B and then C, and C tells B what it has heard."""
    order = []

    async def b():
        order.extend([await erlang.receive(), await erlang.receive()])

    async def c(to):
        erlang.send(to, await erlang.receive())

    pid, ref = erlang.spawn_monitor(b)
    relay = erlang.spawn(c, [pid])
    erlang.send(pid, "first")
    erlang.send(relay, "second")
    await erlang.receive(("DOWN", ref, ..., ..., ...))
    return order


class InTime(erlsim.testing.RandomWalk):
    """Makes no signal late by itself."""

    def choose(self, kind, options):
        return super().choose(kind, options) if kind == "step" else 0


def test_signals_by_two_ways_come_in_any_order_if_they_are_in_transit():
    assert outcomes(by_two_ways, chooser=InTime) == {"[first,second]"}
    assert outcomes(by_two_ways, chooser=InTime, transit=True) == {"[first,second]", "[second,first]"}


def test_signals_of_one_to_another_keep_their_order_in_transit_and_a_question_comes_behind_them():
    async def parent():
        async def child():
            return [await erlang.receive(), await erlang.receive()] == [1, 2] or erlang.exit("order")

        pid, ref = erlang.spawn_monitor(child)
        erlang.send(pid, 1)
        erlang.send(pid, 2)
        down = await erlang.receive(("DOWN", ref, ..., ..., ...))
        other = erlang.spawn(erlang.receive)
        erlang.exit(other, "kill")
        return down[4], erlang.is_process_alive(other)

    assert outcomes(parent, transit=True) == {"{normal,false}"}


def test_a_late_clock_and_transit_need_preemption():
    for options in ({"clock": "late"}, {"transit": True}, {"clock": "slow", "preempt": True}):
        with pytest.raises(ErlsimError, match="clock is 'barrier' or"):
            Simulation(**options)


# ---- code on a stack of its own -------------------------------------------------------------


def test_who_is_ended_before_an_operation_unwinds_and_changes_nothing_any_more():
    unwound = []

    async def parent():
        table = ets.new("t", ["public"])

        def plain():
            try:
                ets.insert(table, ("begun",))
                ets.insert(table, ("never",))
            finally:
                unwound.append("plain")
                ets.insert(table, ("from the grave",))

        async def awaiting():
            try:
                plain()
            finally:
                unwound.append("coroutine")
                await erlang.receive(after=0)

        pid, ref = erlang.spawn_monitor(awaiting)
        await erlang.receive("begin", after=0)
        erlang.exit(pid, "kill")
        await erlang.receive(("DOWN", ref, ..., ..., ...))
        return ets.tab2list(table)

    found = {}
    for seed in range(40):
        unwound.clear()
        run = run_once(parent, erlsim.testing.RandomWalk(seed), preempt=True)
        assert not run.failed, run
        found[run.outcome] = list(unwound)
    everything = "[{begun},{never},{'from the grave'}]"
    assert {"[]", "[{begun}]", everything} <= set(found) <= {"[]", "[{begun}]", "[{begun},{never}]", everything}
    assert found["[{begun}]"] == ["plain", "coroutine"]


def test_an_operation_that_a_dying_process_catches_and_goes_on_after_does_not_keep_it():
    caught = []

    async def parent():
        def stubborn():
            for _ in range(5):
                try:
                    ets.whereis("t")
                except BaseException:
                    caught.append(1)

        pid, ref = erlang.spawn_monitor(stubborn)
        erlang.exit(pid, "kill")
        down = await erlang.receive(("DOWN", ref, ..., ..., ...))
        return down[4]

    assert outcomes(parent, 50) == {"killed", "normal"}
    assert caught


def test_exceptions_have_their_frames_and_crashes_their_reasons():
    def inner():
        ets.lookup("nowhere", 1)

    async def body():
        await erlang.receive(after=0)
        inner()

    async def parent():
        _, ref = erlang.spawn_monitor(body)
        return (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]

    (reason, stack), _ = logged(parent)
    assert reason == "badarg"
    assert [frame[:3] for frame in stack] == [
        ("ets", "lookup", ["nowhere", 1]),
        ("test_steps", "inner", 0),
        ("test_steps", "body", 0),
    ]


def test_an_exception_that_is_handled_in_one_process_is_not_seen_in_another():
    async def parent():
        me = erlang.self()

        def first():
            try:
                raise ValueError("mine")
            except ValueError as mine:
                erlang.whereis("a")
                erlang.whereis("b")
                assert sys.exc_info()[1] is mine

        def second():
            erlang.whereis("a")
            assert sys.exc_info()[1] is None
            erlang.whereis("b")
            assert sys.exc_info()[1] is None
            assert erlang.self() != me

        refs = [erlang.spawn_monitor(function)[1] for function in (first, second)]
        return [(await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] for ref in refs]

    assert outcomes(parent, 50) == {"[normal,normal]"}


def test_a_deep_recursion_with_an_operation_at_its_end_gives_way_too():
    def deep(n):
        return ets.whereis("t") if n == 0 else deep(n - 1)

    async def parent():
        refs = [erlang.spawn_monitor(lambda: deep(300))[1] for _ in range(2)]
        return [(await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] for ref in refs]

    assert outcomes(parent, 20) == {"[normal,normal]"}


def test_where_a_process_stands_is_told_of_code_that_gave_way():
    async def parent():
        def standing():
            ets.whereis("a")
            ets.whereis("b")

        pid = erlang.spawn(standing)
        return erlang.process_info(pid, "current_stacktrace")[1], current().describe()[-1]

    (stack, line), _ = logged(parent, 1, 1)
    assert [frame[1] for frame in stack if frame[0] == "test_steps"] == ["standing"]
    assert "in test_where_a_process_stands_is_told_of_code_that_gave_way" in line


def test_a_verdict_out_of_a_chooser_ends_the_run_and_the_world_closes():
    class Enough(KeyboardInterrupt):
        pass

    class Stopping(Log):
        def choose(self, kind, options):
            if len(self.events) > 3:
                raise Enough
            return len(options) - 1

    begun, closed = [], []

    def child():
        begun.append(1)
        try:
            for name in ("a", "b", "c"):
                ets.whereis(name)
        finally:
            closed.append(1)

    async def parent():
        for _ in range(3):
            erlang.spawn(child)
        await timer.sleep(1)

    chooser = Stopping()
    sim = Simulation(chooser=chooser, preempt=True)
    with pytest.raises(Enough):
        sim.run(parent)
    sim.close()
    assert len(closed) == len(begun) > 1


def test_without_greenlet_the_error_names_the_extra(monkeypatch):
    plain = builtins.__import__

    def without(name, *args, **options):
        if name == "greenlet":
            raise ImportError(name)
        return plain(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ErlsimError, match=r"extra `search`.*erlsim\[search\]"):
        Simulation(preempt=True)
    for search in (exhaust, partial(explore, preempt=True)):
        with pytest.raises(ErlsimError, match=r"needs greenlet, .*erlsim\[search\]"):
            search(lambda: None, progress=False)


def test_a_simulation_with_steps_stays_in_its_thread():
    from concurrent.futures import ThreadPoolExecutor

    sim = Simulation(preempt=True)

    async def two():
        erlang.spawn(erlang.receive)
        await timer.sleep(1)

    sim.run(two)
    with ThreadPoolExecutor(1) as pool, pytest.raises(WrongThread, match="stays in the thread"):
        pool.submit(sim.run, lambda: erlang.send(erlang.processes()[-1], 1) and sim.run_until_idle).result()
        pool.submit(sim.run_until_idle).result()
    sim.close()


@pytest.mark.parametrize("ends", ["closed", "run"])
def test_a_simulation_that_is_over_is_freed_with_the_stacks_of_its_processes(ends):
    kept = []

    async def parent():
        kept.append(weakref.ref(current()))
        erlang.spawn(erlang.receive)
        await timer.sleep(1)

    if ends == "run":
        erlsim.run(parent, preempt=True)
    else:
        sim = Simulation(preempt=True)
        sim.run(parent)
        sim.close()
        del sim
    gc.collect()
    assert kept[0]() is None


# ---- the log ------------------------------------------------------------------------------


def test_the_log_tells_what_each_step_touched():
    async def parent():
        table = ets.new("t", ["named_table", "public"])
        ets.insert(table, ("k", 1))
        pid = erlang.spawn(erlang.receive)
        erlang.register("child", pid)
        erlang.send(erlang.self(), "x")
        await erlang.receive("x")

    _, log = logged(parent)
    by_operation = {event.operation: event for event in log.events if event.process == "P"}
    touched = {name: [(thing, mode) for thing, mode, _ in event.touches] for name, event in by_operation.items()}
    assert (("table", "t"), "w") in touched["ets:new"]
    assert (("key", "t", "k"), "w") in touched["ets:insert"]
    assert (("keys", "t"), "kw") in touched["ets:insert"]
    assert (("name", "child"), "w") in touched["erlang:register"]
    [sent] = [detail for thing, mode, detail in by_operation["erlang:send"].touches if thing == ("mailbox", "P")]
    [taken] = [detail for thing, mode, detail in by_operation["receive"].touches if thing == ("mailbox", "P")]
    assert sent[1] == "x"
    assert taken == (sent[0], ("x",), "infinity")
    file, line = by_operation["ets:insert"].place
    assert file == __file__
    assert "ets.insert(table" in Path(file).read_text().splitlines()[line - 1]


def test_an_option_tells_what_it_would_touch_before_it_does():
    class Looking(Log):
        def choose(self, kind, options):
            for option in options if kind == "step" else ():
                self.asked.append((option.process, option.operation, option.touches, option.place is not None))
            return len(options) - 1 if kind == "step" else 0

    async def parent():
        pid = erlang.spawn(erlang.receive)
        erlang.send(pid, "hello")
        await timer.sleep(1)

    chooser = Looking()
    Simulation(chooser=chooser, preempt=True).run(parent)
    sends = [touches for process, operation, touches, placed in chooser.asked if operation == "erlang:send" and placed]
    assert (("mailbox", "P.1"), "s", (None, "hello")) in sends[0]


def test_the_first_event_of_a_process_names_its_birth_as_its_cause():
    async def parent():
        erlang.spawn(erlang.whereis, ["a"])
        await timer.sleep(1)

    _, log = logged(parent)
    [first] = [event for event in log.events if event.operation == "erlang:whereis"]
    assert log.events[first.cause].operation == "erlang:spawn"
