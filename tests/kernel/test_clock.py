"""The clock by itself: which timers it keeps, in which order it lets things happen, and how far time may go on."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace

import pytest

from erlsim._kernel.clock.environment import SWEEP_FROM, Clock
from erlsim._kernel.clock.timers import MessageTimer, Timer


class World:
    """A clock, a run queue whose entries are functions, and what has happened, each with its time."""

    def __init__(self, chooser=None):
        self.ready = deque()
        self.clock = Clock(self.ready, chooser)
        self.clock.run_ready = self.run_ready
        self.happened = []

    def run_ready(self):
        while self.ready:
            self.ready.popleft()()

    def note(self, what):
        self.happened.append((what, self.clock.now))

    def timer(self, due, what="", then=lambda: None):
        """Arm a timer that notes that it has fired."""

        def fires(timer):
            self.note(what)
            then()

        timer = Timer(due, fires, what)
        self.clock.arm(timer)
        return timer

    def step_by_step(self):
        """What happens in each step until nothing is left."""
        steps = []
        while self.clock.peek() != float("inf"):
            self.clock.step()
            steps.append(self.happened)
            self.happened = []
        return steps


def many(world, number, due=100):
    return [world.timer(due) for _ in range(number)]


def test_timers_that_are_cancelled_in_the_instant_that_armed_them_are_let_go_of_when_they_are_too_many():
    world = World()
    fresh = world.clock._fresh
    for timer in many(world, SWEEP_FROM)[12:]:
        world.clock.disarm(timer)
    assert len(fresh) == SWEEP_FROM
    many(world, 1)
    assert len(fresh) == 13
    # Those that are wanted may be as many again before the next look.
    wanted = many(world, SWEEP_FROM + 1 - 13)
    assert len(fresh) == SWEEP_FROM + 1
    for timer in wanted:
        world.clock.disarm(timer)
    many(world, SWEEP_FROM + 1)
    assert len(fresh) == 2 * SWEEP_FROM + 2
    many(world, 1)
    assert len(fresh) == SWEEP_FROM + 1 + 13 + 1
    for timer in list(fresh):
        world.clock.disarm(timer)
    many(world, 1000)
    assert len(fresh) < 1000 + SWEEP_FROM


def test_cancelled_timers_are_swept_when_they_are_many_and_more_than_half():
    for number, at in ((2 * SWEEP_FROM, SWEEP_FROM + 1), (4 * SWEEP_FROM, 2 * SWEEP_FROM + 1)):
        world = World()
        timers = [world.timer(due) for due in range(number, 0, -1)]
        assert world.clock.peek() == 1
        for count, timer in enumerate(timers, 1):
            world.clock.disarm(timer)
            world.clock.disarm(timer)
            left, dead = (number, count) if count < at else (number - at, count - at)
            assert (len(world.clock._queue), world.clock._dead) == (left, dead)
            if count == at:
                break
        assert world.clock.peek() == 1


def test_a_cancelled_timer_lets_go_of_its_target_and_is_cancelled_once():
    world = World()
    timer = world.timer(5, "gone")
    other = world.timer(5, "kept")
    world.clock.disarm(timer)
    world.clock.disarm(timer)
    assert (timer.live, timer.target, world.clock._dead) == (False, None, 0)
    assert world.step_by_step() == [[("kept", 5)]]
    world.clock.disarm(other)
    assert (other.live, other.target, world.clock._dead) == (False, "kept", 0)


def test_a_cancelled_timer_does_not_move_time_wherever_it_lies():
    world = World()
    first, second, third = (world.timer(due, due) for due in (1000, 2000, 3000))
    assert world.clock.peek() == 1000
    world.clock.disarm(first)
    assert world.clock.peek() == 2000
    world.clock.disarm(third)
    assert (world.clock._dead, len(world.clock._queue)) == (1, 2)
    assert world.step_by_step() == [[(2000, 2000)]]
    assert (world.clock.now, world.clock._dead, world.clock._queue) == (2000, 0, [])


def test_all_timers_of_an_instant_are_one_step_and_those_of_the_next_another():
    world = World()
    for due in (1000, 2000, 1000, 2000, 1000):
        world.timer(due, due)
    assert world.step_by_step() == [[(1000, 1000)] * 3, [(2000, 2000)] * 2]


def test_a_timer_that_is_armed_for_now_waits_for_who_can_run_and_fires_by_itself():
    world = World()

    def runs():
        # The same instant need not be the same object.
        world.timer(int("1000"), "a")
        world.timer(int("1000"), "b")
        world.ready.append(lambda: world.note("other"))

    def wakes():
        world.ready.append(runs)

    world.timer(1000, "first", wakes)
    world.timer(1000, "second")
    world.timer(1001, "later")
    assert world.step_by_step() == [
        [("first", 1000), ("second", 1000)],
        [("other", 1000)],
        [("a", 1000)],
        [("b", 1000)],
        [("later", 1001)],
    ]


def test_within_an_instant_timers_come_before_processes_and_these_before_events_of_simpy():
    world = World()
    event = world.clock.timeout(1000)
    event.callbacks.append(lambda _event: world.note("simpy"))
    world.timer(1000, "timer", lambda: world.ready.append(lambda: world.note("process")))
    world.clock.timeout(999).callbacks.append(
        lambda _event: world.clock.soon(lambda given: world.note(("soon", given.ok, given.value)))
    )
    assert world.step_by_step() == [
        [],
        [(("soon", True, None), 999)],
        [("timer", 1000)],
        [("process", 1000)],
        [("simpy", 1000)],
    ]


def test_a_timer_that_is_armed_for_now_comes_before_events_of_simpy_and_behind_what_was_to_be_soon():
    world = World()

    def first():
        world.clock.timeout(0).callbacks.append(lambda _event: world.note("simpy"))
        world.timer(1000, "timer")
        world.clock.soon(lambda _event: world.note("soon"))

    world.timer(1000, "first", first)
    assert world.step_by_step() == [[(each, 1000)] for each in ("first", "soon", "timer", "simpy")]


def test_a_timer_that_is_due_comes_before_who_can_run():
    world = World()
    world.timer(5, "timer")
    assert world.clock.peek() == 5
    world.ready.append(lambda: world.note("process"))
    assert world.clock.peek() == 0
    world.clock.move_to(5)
    assert world.step_by_step() == [[("timer", 5)], [("process", 5)]]


def test_who_can_run_comes_before_a_timer_that_is_not_due_yet():
    world = World()
    world.timer(5, "timer")
    assert world.clock.peek() == 5
    world.clock.move_to(4)
    world.ready.append(lambda: world.note("process"))
    assert world.step_by_step() == [[("process", 4)], [("timer", 5)]]


def test_a_timer_that_another_one_of_its_instant_cancels_does_not_fire():
    world = World()
    third = None

    def cancels():
        world.clock.disarm(third)

    world.timer(1000, "first", cancels)
    third = world.timer(1000, "third")
    world.timer(1000, "fourth")
    assert world.step_by_step() == [[("first", 1000), ("fourth", 1000)]]
    assert world.clock._dead == 0


def test_timers_with_messages_are_told_in_the_order_in_which_they_are_due_wherever_they_lie():
    world = World()

    def message(due, what):
        timer = MessageTimer(due, lambda timer: None, "target", what, None)
        world.clock.arm(timer)
        return timer

    message(30, "c")
    message(20, "b1")
    gone = message(10, "gone")
    message(20, "b2")
    world.timer(5, "no message")
    world.clock.timeout(1)
    assert world.clock.peek() == 1
    message(20, "b3")
    message(10, "a")
    fresh = message(10, "gone too")
    world.clock.disarm(gone)
    world.clock.disarm(fresh)
    assert [timer.message for timer in world.clock.armed()] == ["a", "b1", "b2", "b3", "c"]


def test_what_is_past_the_limit_is_told_before_it_happens_all_of_an_instant_together():
    world = World()
    told = []
    world.clock.past_limit = lambda events: told.append(([event.target for event in events], list(world.happened)))
    assert not world.clock.is_limited
    world.clock.limit_to(100)
    assert world.clock.is_limited
    for due, what in ((100, "in time"), (102, "late"), (101, "a"), (101, "b")):
        world.timer(due, what)
    while world.clock.peek() != float("inf"):
        world.clock.step()
    assert told == [
        (["a", "b"], [("in time", 100)]),
        (["late"], [("in time", 100), ("a", 101), ("b", 101)]),
    ]


@pytest.mark.parametrize(("until", "meant"), [(1100, False), (1101, True), (1500, True)])
def test_a_wait_that_is_longer_than_the_limit_is_meant_and_moves_it(until, meant):
    world = World()
    told = []
    world.clock.past_limit = lambda events: told.append(world.clock.now)
    world.clock.limit_to(100)
    world.clock.move_to(1000)
    world.clock.count_anew()
    assert world.clock.may_take(until) is meant
    limit = until + 100 if meant else 1100
    world.timer(limit, "in time")
    world.timer(limit + 1, "late")
    world.step_by_step()
    assert told == [limit]


def test_a_clock_that_is_taken_to_pieces_tells_the_time_and_nothing_else():
    world = World()
    world.timer(5, "timer")
    world.clock.past_limit = SimpleNamespace
    world.clock.step()
    world.timer(6, "never")
    world.clock.timeout(3)
    world.ready.append(lambda: None)
    world.clock.dissolve()
    assert (world.clock.now, world.clock.peek()) == (5, float("inf"))
    assert not {"run_ready", "past_limit"} & set(vars(world.clock))


class Answers:
    """A chooser that gives the same answers again and again, and keeps what it was asked."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def choose(self, kind, options):
        self.asked.append((kind, list(options)))
        return self.answers[kind]


def test_a_chooser_says_which_of_the_timers_of_an_instant_fires_next():
    chooser = Answers(timer=1, late=0)
    world = World(chooser)
    for due, what in ((1000, "a"), (1000, "b"), (1000, "c"), (1001, "d")):
        world.timer(due, what)
    world.clock.disarm(world.timer(1000, "gone"))
    assert world.step_by_step() == [[("b", 1000)], [("c", 1000)], [("a", 1000)], [("d", 1001)]]
    assert chooser.asked == [
        ("timer", ["a", "b", "c"]),
        ("late", [False, True]),
        ("timer", ["a", "c"]),
        ("late", [False, True]),
    ]


def test_a_timer_that_a_chooser_makes_late_fires_when_who_can_run_has_run():
    chooser = Answers(timer=0, late=1)
    world = World(chooser)
    for what in "abc":
        world.timer(1000, what, lambda what=what: world.ready.append(lambda: world.note(f"after {what}")))
    assert world.step_by_step() == [
        [("b", 1000)],
        [("c", 1000)],
        [("after b", 1000), ("after c", 1000)],
        [("a", 1000)],
        [("after a", 1000)],
    ]
    assert [options for kind, options in chooser.asked if kind == "timer"] == [["a", "b", "c"]]


def test_where_timers_are_taken_all_of_an_instant_are_given_away_without_the_cancelled():
    world = World()
    taken, waiting = [], []
    world.clock.let_choose(lambda timer: taken.append((timer.target, timer.in_heap, world.clock.now)), waiting)
    for due, what in ((1000, "a"), (1000, "b"), (1000, "c"), (1001, "d")):
        timer = world.timer(due, what)
        if what == "b":
            gone = timer
    assert world.clock.next_timer().target == "a"
    world.clock.disarm(gone)
    assert world.clock._dead == 1
    world.clock.step()
    assert taken == [("a", False, 1000), ("c", False, 1000)]
    assert world.clock._dead == 0
    world.clock.move_to(1001)
    world.clock.step()
    assert taken[2:] == [("d", False, 1001)]
    assert world.clock.next_timer() is None
    world.clock.timeout(5)
    assert world.clock.next_timer() is None
    last = world.timer(1003)
    assert world.clock.next_timer() is last
    waiting.append("something")
    assert world.clock.peek() == 1001
