"""The algorithm beside brute force: the same outcomes, and each trace once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erlsim.testing.search.answers import Tables
from erlsim.testing.search.exploration import Exploration
from erlsim.testing.search.order import Order
from tests.exhaust.toys import Program, TooMany, ToyMachine, interleavings

MOST = 600
PROCESSES = ("A", "B", "C")
names = st.sampled_from(PROCESSES)
variables = st.sampled_from("xy")
SHARED = {
    "w": st.tuples(st.just("w"), variables, st.sampled_from([1, 2])),
    "r": st.tuples(st.just("r"), variables),
    "new": st.tuples(st.just("new"), variables, st.sampled_from([1, 2])),
}
MAIL = {
    "send": st.tuples(st.just("send"), names, st.sampled_from("ab")),
    "take": st.tuples(st.just("take"), st.sampled_from([(), ("a",), ("b",)]), st.sampled_from([0, None])),
}
OTHERS = {
    "kill": st.tuples(st.just("kill"), names),
    "draw": st.tuples(st.just("draw"), st.just(2)),
    "look": st.tuples(st.just("look")),
    "peek": st.tuples(st.just("peek"), names),
    "count": st.tuples(st.just("count")),
    "if": st.tuples(st.just("if"), variables, st.lists(SHARED["w"] | MAIL["take"] | MAIL["send"], max_size=2)),
}


def programs(operations: dict[str, Any]) -> st.SearchStrategy[Program]:
    """Three processes of up to three operations each."""
    one = st.lists(st.one_of(*operations.values()), min_size=1, max_size=3)
    return st.fixed_dictionaries(dict.fromkeys(PROCESSES, one))


def trace(log: Sequence[Any]) -> frozenset[Any]:
    """What makes two runs the same to all who take part: each event with those that come before it."""
    order, numbers, events = Order(log), dict.fromkeys((event.process for event in log), 0), []
    for event in log:
        numbers[event.process] += 1
        events.append((event.process, numbers[event.process]))
    return frozenset(
        (each, frozenset(events[i] for i in range(at) if order.happens_before(i, at))) for at, each in enumerate(events)
    )


def explored(program: Program) -> tuple[list[Any], list[str]]:
    """The traces of an exploration, and their outcomes."""
    machine, tables, traces = ToyMachine(program), Tables(), []
    while (answers := tables.next()) is not None:
        exploration = Exploration(machine, answers)
        while not exploration.finished:
            events = exploration.step()
            if tables.learn(exploration.walk):
                traces.append((trace(events), machine.outcomes[-1]))
    return traces, machine.outcomes


def tried(program: Program) -> list[Any] | None:
    """Every interleaving, `None` if they are too many."""
    try:
        return list(interleavings(program, MOST))
    except TooMany:
        return None


@settings(max_examples=100, deadline=None)
@given(programs(SHARED | {"take": MAIL["take"], "send": MAIL["send"]} | OTHERS))
def test_an_exploration_has_the_outcomes_of_every_interleaving(program: Program) -> None:
    runs = tried(program)
    if runs is not None:
        _, outcomes = explored(program)
        assert set(outcomes) == {run.outcome() for run in runs}


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            {"B": [("r", "y")], "C": [("kill", "B"), ("r", "y")], "A": [("w", "y", 1)]},
            id="what comes before what a killed process was about to do",
        ),
        pytest.param(
            {"B": [("send", "C", "b")], "A": [("peek", "C")], "C": [("take", ("b",), 0), ("count",)]},
            id="a receive that takes nothing depends on less than was planned for",
        ),
        pytest.param(
            {"C": [("kill", "B")], "B": [("send", "B", "b"), ("take", (), 0)], "A": [("send", "B", "a")]},
            id="two messages that a killed process would have told apart",
        ),
    ],
)
def test_what_is_planned_without_being_known_hides_no_outcome(program: Program) -> None:
    for order in permutations(program):
        turned = {name: program[name] for name in order}
        runs = tried(turned)
        assert runs is not None
        assert set(explored(turned)[1]) == {run.outcome() for run in runs}


@settings(max_examples=60, deadline=None)
@given(programs({"w": SHARED["w"], "r": SHARED["r"]}))
def test_each_trace_of_reads_and_writes_is_explored_once(program: Program) -> None:
    runs = tried(program)
    if runs is not None:
        traces, _ = explored(program)
        assert len(traces) == len(set(traces)) == len({trace(run.log) for run in runs})


@settings(max_examples=60, deadline=None)
@given(programs(MAIL))
def test_each_trace_of_messages_is_explored_once(program: Program) -> None:
    runs = tried(program)
    if runs is not None:
        traces, _ = explored(program)
        assert len(traces) == len(set(traces)) == len({trace(run.log) for run in runs})


# The litmus tests of TraceForge, whose receives give up at once, with the number of executions that it has for each.
LITMUS = {
    "s_s_rr": (14, {"M": "12", "1": "a", "2": "b", "R": 2}),
    "s_r_s": (8, {"M": "12", "1": "a", "2": "b", "R": 1}),
    "r_ss": (3, {"M": "1", "1": "ab", "R": 1}),
}


@pytest.mark.parametrize("name", LITMUS)
def test_the_litmus_tests_of_another_tool_have_as_many_executions_as_there(name: str) -> None:
    wanted, parts = LITMUS[name]
    program: Program = {}
    for who, what in parts.items():
        if who == "M":
            program[who] = [("send", to, "go") for to in what]
        elif who == "R":
            program[who] = [("take", (), 0)] * what
        else:
            program[who] = [("when", "go", [("send", "R", message) for message in what])]
    traces, outcomes = explored(program)
    runs = tried(program)
    assert runs is not None and set(outcomes) == {run.outcome() for run in runs}
    assert len(traces) == len(set(traces)) == wanted


@pytest.mark.parametrize(("readers", "traces"), [(1, 2), (4, 16), (7, 128)])
def test_each_reader_comes_before_the_writer_or_after_it(readers: int, traces: int) -> None:
    program: Program = {"W": [("w", "x", 1)]}
    for number in range(readers):
        program[f"R{number}"] = [("r", number), ("r", "x")]
    found, _ = explored(program)
    assert len(found) == traces


@pytest.mark.parametrize(("size", "traces"), [(5, 64), (8, 704)])
def test_last_zero_has_the_traces_of_the_literature(size: int, traces: int) -> None:
    program: Program = {"Z": [("last zero", size)]}
    for number in range(1, size + 1):
        program[f"W{number}"] = [("next of", number)]
    found, _ = explored(program)
    assert len(found) == traces
