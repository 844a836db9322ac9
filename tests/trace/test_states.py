"""What is recorded beside the events where somebody asks for it: lines, variables, states, tables, restart windows."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, ets, timer
from erlsim.otp import gen_event, gen_server, gen_statem
from erlsim.trace.events import READS
from tests.trace.programs import child, run, top


@erlsim.module(name="adder")
class Adder:
    def init(start):
        return ("ok", start)

    def handle_call(request, from_, total):
        grown = total + request
        erlang.send(from_[0], "told")
        return ("reply", grown, grown)


@erlsim.module(name="door")
class Door:
    def callback_mode():
        return "handle_event_function"

    def init(code):
        return ("ok", "locked", code)

    def handle_event(kind, event, state, data):
        return ("next_state", "open", event)


@erlsim.module(name="log")
class Log:
    def init(arg):
        return ("ok", [arg])

    def handle_event(event, seen):
        return ("ok", [event, *seen])

    def handle_call(request, seen):
        return ("ok", "ok", seen)


def recorded(main, **options):
    """A simulation that has recorded the states of `main`."""
    return run(main, trace="states", **options)


def the_event(sim, kind, text=""):
    """The number of the first event of a kind whose text has `text` in it."""
    return next(n for n, event in enumerate(sim.trace) if event.kind == kind and text in str(event))


def states_of(sim, pid):
    """What `sys:get_state` would have said of a process, change by change."""
    shown = [change.state.state for change in sim.trace.states.changes if change.pid == pid]
    return [state for n, state in enumerate(shown) if n == 0 or shown[n - 1] != state]


def test_the_line_of_the_shell_is_the_one_at_which_it_waits():
    async def main():
        pid = erlang.spawn(echo)
        erlang.send(pid, erlang.self())
        await erlang.receive("pong")

    async def echo():
        erlang.send(await erlang.receive(), "pong")

    sim = recorded(main)
    received = the_event(sim, "receive", "pong")
    shell = sim.trace[received].pid
    assert sim.trace.states.of(shell, received).source == 'await erlang.receive("pong")'
    sim.advance(5)
    assert sim.trace.states.of(shell, len(sim.trace)).source == 'await erlang.receive("pong")'


def test_a_simulation_that_is_not_asked_records_no_states():
    async def main():
        await gen_server.start_link(Adder, 1, [])

    assert run(main).trace.states is None
    assert "ets-title" not in run(main).to_html()


def test_the_line_and_the_variables_of_a_process_are_those_at_the_event():
    async def main():
        async def add_up(total):
            while True:
                number = await erlang.receive()
                total += number
                erlang.send(erlang.self(), -1) if number == 2 else None

        pid = erlang.spawn(add_up, [10])
        erlang.send(pid, 2)
        await timer.sleep(1)
        return pid

    sim = erlsim.Simulation(trace="states")
    pid = sim.run(main)
    sending = next(n for n, e in enumerate(sim.trace) if e.kind == "send" and e.pid == pid)
    at = sim.trace.states.of(pid, sending)
    assert at.function == "add_up" and at.file == __file__
    assert at.source.startswith("erlang.send(erlang.self(), -1)")
    assert dict(at.variables) == {"total": "12", "number": "2"}
    taking = the_event(sim, "receive", "2")
    assert dict(sim.trace.states.of(pid, taking).variables) == {"total": "10"}
    assert sim.trace.states.of(pid, taking).source == "number = await erlang.receive()"


def test_the_code_of_the_shell_is_seen_as_that_of_any_process():
    async def main():
        answer = 42
        erlang.send(erlang.self(), answer)

    sim = recorded(main)
    shell = sim.trace[0].pid
    at = sim.trace.states.of(shell, 0)
    assert at.function == "main" and at.source == "erlang.send(erlang.self(), answer)"
    assert dict(at.variables) == {"answer": "42"}


def test_a_callback_that_is_a_plain_function_is_seen_while_it_runs():
    async def main():
        _, pid = await gen_server.start_link(Adder, 1, [])
        await gen_server.call(pid, 5)
        return pid

    sim = erlsim.Simulation(trace="states")
    pid = sim.run(main)
    at = sim.trace.states.of(pid, the_event(sim, "send", " told"))
    assert (at.function, at.source) == ("handle_call", 'erlang.send(from_[0], "told")')
    assert ("grown", "6") in at.variables


def test_the_state_of_a_behaviour_is_what_sys_get_state_would_answer():
    async def main():
        _, adder = await gen_server.start_link(Adder, 1, [])
        _, door = await gen_statem.start_link(Door, "code", [])
        _, manager = await gen_event.start_link()
        await gen_event.add_handler(manager, Log, "first")
        await gen_server.call(adder, 5)
        gen_statem.cast(door, "push")
        gen_event.notify(manager, "second")
        await timer.sleep(1)
        return adder, door, manager

    sim = erlsim.Simulation(trace="states")
    adder, door, manager = sim.run(main)
    sim.trace.settle()
    assert states_of(sim, adder)[-2:] == ["1", "6"]
    assert states_of(sim, door)[-2:] == ["{locked,code}", "{open,push}"]
    assert states_of(sim, manager)[-2:] == ["[{log,false,[first]}]", "[{log,false,[second,first]}]"]


def test_the_state_is_the_new_one_as_soon_as_somebody_else_runs():
    async def main():
        _, pid = await gen_server.start_link(Adder, 1, [])
        await gen_server.call(pid, 5)
        return pid

    sim = erlsim.Simulation(trace="states")
    pid = sim.run(main)
    told, answered = (n for n, e in enumerate(sim.trace) if e.kind == "send" and e.pid == pid and "ack" not in str(e))
    assert sim.trace.states.of(pid, told).state == "1"
    assert sim.trace.states.of(pid, answered).state == "6"


def test_tables_have_their_rows_and_who_has_written_last():
    async def main():
        async def writer():
            ets.insert("t", ("b", 2))
            ets.delete("t", "a")

        ets.new("t", ["named_table", "public", "ordered_set"])
        ets.insert("t", ("a", 1))
        pid = erlang.spawn(writer)
        await timer.sleep(5)
        ets.lookup("t", "b")
        ets.delete("t")
        await timer.sleep(1)
        erlang.make_ref()
        return pid

    sim = erlsim.Simulation(trace="states")
    pid = sim.run(main)
    shell = sim.trace[0].pid
    spawned, last = the_event(sim, "spawn"), the_event(sim, "ets", "lookup")
    before, after = sim.trace.states.tables_at(spawned)["t"], sim.trace.states.tables_at(last)["t"]
    assert (before.rows, before.writer, before.words) == (("{a,1}",), shell.number, "ordered_set, public")
    assert (after.rows, after.writer, after.written) == (("{b,2}",), pid.number, 0)
    sim.trace.settle()
    assert sim.trace.states.tables_at(len(sim.trace) - 1) == {}


def test_a_table_that_dies_with_its_owner_is_gone():
    async def main():
        async def owner():
            ets.new("t", ["named_table"])
            ets.insert("t", ("a", 1))
            await timer.sleep(5)

        erlang.spawn(owner)
        await timer.sleep(10)

    sim = recorded(main)
    sim.trace.settle()
    assert "t" in sim.trace.states.tables_at(the_event(sim, "ets", "new"))
    assert sim.trace.states.tables_at(len(sim.trace) - 1) == {}


def test_the_restarts_that_count_are_those_of_the_last_period():
    async def main():
        pid = await top([child("a")], intensity=3, period=2)
        for wait in (0, 100, 3_500):
            await timer.sleep(wait)
            gen_server.cast("a", "tired")
            await timer.sleep(1)
        return pid

    sim = erlsim.Simulation(trace="states")
    pid = sim.run(main)
    windows = [change.state.window for change in sim.trace.states.changes if change.pid == pid and change.state.window]
    assert list(dict.fromkeys(windows)) == [((), 3, 2), ((0,), 3, 2), ((0, 0), 3, 2), ((3,), 3, 2)]
    assert [windows[-1].count(now) for now in (3_700, 5_999, 6_000)] == [1, 1, 0]
    assert sim.trace.states.of(pid, the_event(sim, "exit")).window == ((), 3, 2)


def test_recording_states_changes_no_event():
    async def main():
        _, pid = await gen_server.start_link(Adder, 1, [])
        await gen_server.call(pid, 5)
        ets.new("t", ["named_table"])
        ets.insert("t", ("a", 1))

    seen = [event for event in run(main, trace="operations").trace if event.kind not in READS]
    assert [str(event) for event in recorded(main).trace] == [str(event) for event in seen]
    plain = [str(event) for event in seen if event.kind != "ets"]
    assert [str(event) for event in run(main).trace] == plain


def test_what_cannot_be_recorded_is_refused():
    with pytest.raises(erlsim.ErlsimError, match=r"trace is True, False, 'operations' or 'states', not 'state'"):
        erlsim.Simulation(trace="state")


def test_a_trace_that_is_cleared_has_no_states():
    sim = recorded(lambda: erlang.spawn(lambda: None))
    sim.trace.clear()
    assert sim.trace.states.changes == [] and sim.trace.states.tables == []
