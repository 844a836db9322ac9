"""Parts of a world with steps by themselves: where in the code a step is, the stacks of fibers, names."""

from __future__ import annotations

import dis
from functools import partial

import pytest
from greenlet import greenlet

import erlsim
from erlsim import Simulation, erlang, timer
from erlsim._kernel.steps.fibers import MOST_IDLE, Stacks
from erlsim._kernel.steps.records import Operation, Step, note_place, place_of
from erlsim.otp import gen_server
from tests.steps.test_steps import Log, logged


def several_lines(a, b):
    if a:
        return [
            a,
            b,
        ]
    return b


def test_each_instruction_is_in_the_line_that_python_says():
    code = several_lines.__code__
    for instruction in dis.get_instructions(code):
        line = instruction.positions.lineno
        assert place_of(code, instruction.offset) == (__file__, line)
    end = max(instruction.offset for instruction in dis.get_instructions(code))
    assert place_of(code, end + 1000) == (__file__, code.co_firstlineno)


def calls_through(modules, function):
    """Call a function through functions of these modules, the outermost first, where nobody else is on the stack."""
    call = function
    for module in reversed(modules):
        namespace = {"__name__": module, "inner": call}
        exec(compile("def call():\n    inner()\n", module, "exec"), namespace)
        call = namespace["call"]
    greenlet(call).switch()


@pytest.mark.parametrize(
    ("modules", "found"),
    [
        (["program"], "program"),
        (["other", "program"], "program"),
        (["program", "erlsim.otp.gen"], "program"),
        (["program", "erlsim.otp.gen", "erlsim.ets.tables", "erlsim._bifs.calls"], "program"),
        # Where no frame is the program's: the innermost one of what is no part of the library of BIFs.
        (["erlsim.otp.gen", "erlsim.timer", "erlsim.ets", "erlsim.erlang"], "erlsim.otp.gen"),
        (["erlsim.otp.gen", "erlsim.otp.supervisor"], "erlsim.otp.supervisor"),
        (["erlsim.otp.gen", "erlsim._kernel.lifecycle"], "erlsim.otp.gen"),
        (["erlsimilar"], "erlsimilar"),
        (["erlsim._bifs.calls"], None),
    ],
    ids=str,
)
def test_the_place_of_a_step_is_the_innermost_frame_of_the_program_or_else_of_a_behaviour(modules, found):
    step = Step(None, "P", Operation("x"), ())
    calls_through(modules, partial(note_place, step, 1))
    assert step.place == (None if found is None else (found, 2))


def test_so_many_frames_are_left_out_as_are_asked_for():
    step = Step(None, "P", Operation("x"), ())
    calls_through(["one", "two", "three"], partial(note_place, step, 2))
    assert step.place == ("two", 2)


def test_a_step_that_no_code_asks_for_has_no_place():
    assert Step(None, "P", Operation("x"), ()).place is None


@erlsim.module
class Server:
    def init(arg):
        return ("ok", arg)

    def handle_call(request, from_, state):
        erlang.whereis(request)
        return ("reply", "ok", state)


def test_a_step_of_a_behaviour_is_where_the_program_has_asked_for_it_or_else_in_the_behaviour():
    async def main():
        _, pid = await gen_server.start(Server, 0, [])
        await gen_server.call(pid, "nobody")

    _, log = logged(main)
    files = {event.operation: event.place[0].rpartition("/")[2] for event in log.events if event.place is not None}
    assert files["erlang:whereis"] == files["erlang:spawn"] == "test_parts.py"
    assert {event.place for event in log.events if event.operation in ("receive", "exit")} == {None}


def test_no_more_stacks_are_kept_than_are_worth_it_and_a_free_one_is_taken_again():
    stacks = Stacks()
    there = [object() for _ in range(MOST_IDLE + 3)]
    for each in there:
        stacks.give_back(each)
    assert len(stacks._idle) == MOST_IDLE == 64
    assert stacks.take() is there[MOST_IDLE - 1]
    assert len(stacks._idle) == MOST_IDLE - 1
    assert type(Stacks().take()) is greenlet


def test_shells_that_go_on_are_named_one_after_the_other():
    chooser = Log()
    with Simulation(chooser=chooser, preempt=True) as sim:
        for _ in range(3):
            sim.run(erlang.whereis, "nobody")
            with pytest.raises(erlsim.Exit):
                sim.run(lambda: erlang.exit(erlang.self(), "kill"))
    asked = [event.process for event in chooser.events if event.operation == "erlang:whereis"]
    assert asked == ["P", "P1", "P2"]


class Awaits:
    """Waits in a coroutine that is awaited by what is none."""

    def __await__(self):
        return inner().__await__()


async def inner():
    await erlang.receive("never")


async def outer():
    await Awaits()


@pytest.mark.parametrize("preempt", [False, True])
def test_a_process_stands_in_the_last_coroutine_that_python_tells_of(preempt):
    async def main():
        pid = erlang.spawn(outer)
        await timer.sleep(1)
        _, stack = erlang.process_info(pid, "current_stacktrace")
        return [frame[1] for frame in stack if frame[0] == "test_parts"]

    assert erlsim.run(main, preempt=preempt)[-1:] == ["outer"]


class Steady(erlsim.testing.Fifo):
    """First-in first-out, step by step, without a log."""


def test_a_process_that_gives_way_very_often_comes_to_its_limit_as_one_that_does_not():
    """The scheduler looks at its limits though nobody else ever goes on."""

    def main():
        erlang.spawn(erlang.receive)
        for _ in range(5_000):
            erlang.whereis("nobody")

    with Simulation(chooser=Steady(), preempt=True, max_steps_per_instant=6_000) as sim:
        sim.run(main)
    with Simulation(chooser=Steady(), preempt=True, max_steps_per_instant=4_000) as sim:
        with pytest.raises(erlsim.Livelock):
            sim.run(main)


def test_where_nobody_wants_places_steps_have_none():
    class Placeless(Log):
        wants_places = False

    chooser = Placeless()
    with Simulation(chooser=chooser, preempt=True) as sim:
        sim.run(erlang.whereis, "nobody")
    assert [event.place for event in chooser.events] == [None]


def test_who_has_a_name_before_he_begins_gives_way_as_any_other_and_a_server_of_ours_does_not():
    async def main():
        def looks():
            erlang.whereis("first")
            erlang.whereis("second")

        pid, ref = erlang.spawn_monitor(looks)
        erlang.register("named", pid)
        erlang.spawn(looks)
        timer.send_after(0, erlang.self(), "now")
        await erlang.receive(("DOWN", ref, "process", ..., ...))

    _, log = logged(main)
    stood = {option for options in log.asked for option in options if option[1] == "erlang:whereis"}
    assert ("P.1", "erlang:whereis") in stood and ("P.2", "erlang:whereis") in stood
    assert {who for who, _ in stood} <= {"P", "P.1", "P.2"}
