"""A checker's answer: right, not written yet, or the one thing that went otherwise, in words."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.course import Experiment, check


async def called(solution):
    return {"value": await solution(), "mailbox": erlang.process_info(erlang.self(), "messages")[1]}


def tried(solution, expected=5):
    return check(solution, [Experiment("it is called", called, {"value": expected, "mailbox": []}, "a rule")])


async def right():
    return 5


async def another_number_of_the_same_value():
    return 5.0


async def raises():
    return [][0]


async def fails():
    erlang.send("nobody", "hello")


async def waits_for_ever():
    await erlang.receive("never")


async def never_lets_time_pass():
    while True:
        erlang.send(erlang.self(), "again")
        await erlang.receive("again")


async def polls_for_ever():
    while True:
        await timer.sleep(60_000)


async def lets_another_crash():
    erlang.spawn(raises)
    await timer.sleep(1)


async def leaves_a_message():
    erlang.send(erlang.self(), "left")
    return 5


def test_what_is_right_is_told_what_was_tried():
    answer = tried(right)
    assert answer
    assert str(answer) == "Right. Tried one thing:\n  + it is called"


@pytest.mark.parametrize(
    ("solution", "said"),
    [
        (another_number_of_the_same_value, "  expected  value: 5\n  came      value: 5.0\n"),
        (raises, "your code raised IndexError: list index out of range (line {line} of raises: return [][0])"),
        (fails, 'your code failed with error: badarg (line {line} of fails: erlang.send("nobody", "hello"))'),
        (fails, "\n            *** argument 1: invalid destination\n"),
        (waits_for_ever, "nothing can happen any more at 0 ms, and the shell waits\n"),
        (never_lets_time_pass, "time stands still at 0 ms: the shell <0.83.0> goes on without a pause for 20000 steps"),
        (polls_for_ever, "time goes on and on: "),
        (lets_another_crash, "> ended with IndexError('list index out of range') in "),
        (leaves_a_message, "  expected  mailbox: []\n  came      mailbox: ['left']\n  think of  a rule"),
    ],
    ids=lambda each: getattr(each, "__name__", "words"),
)
def test_what_is_not_is_told_what_came(solution, said):
    answer = tried(solution)
    assert not answer
    assert str(answer).startswith("Not yet.\n  tried     it is called\n")
    assert said.replace("{line}", str(solution.__code__.co_firstlineno + 1)) in str(answer)


def test_the_first_experiment_that_goes_otherwise_is_told_after_those_that_did_not():
    experiments = [Experiment(str(number), called, {"value": number}) for number in (5, 6, 7)]
    answer = check(right, experiments)
    assert (answer.passed, answer.failed) == (("5",), experiments[1])
    assert "7" not in str(answer)


def empty_with_words():
    """Nothing."""


async def empty_and_async(): ...


class Empty:
    def init(_):
        """Nothing."""


class Half(Empty):
    def handle_call(request, _from, state):
        return ("reply", request, state)


def name_of(each):
    return getattr(each, "__name__", str(each))


@pytest.mark.parametrize("blank", [..., empty_with_words, empty_and_async, Empty], ids=name_of)
def test_a_cell_as_it_was_given_says_what_will_be_tried(blank):
    assert str(tried(blank)) == "Not written yet. This will be tried:\n  - it is called"
    assert not tried(blank)


@pytest.mark.parametrize("begun", [erlang.self, Half, 0, [], "undefined"], ids=name_of)
def test_what_is_begun_is_tried(begun):
    assert "Not written yet" not in str(tried(begun))


def test_a_checker_leaves_the_notebooks_own_node_as_it_is():
    with erlsim.Simulation() as sim:
        me = erlang.self()
        assert tried(right)
        assert erlang.self() == me
        assert sim.now == 0
