"""How far an instant may go on, exactly; and the whole texts of the errors when it goes too far."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import Deadlock, Livelock, Overtime, erlang, timer
from erlsim._kernel.mailbox import Mailbox
from erlsim._kernel.scheduler import Scheduler
from erlsim._kernel.signals import Message
from erlsim._kernel.world import Process, World
from erlsim.terms import Pid


def scheduler_of(max_steps, loads):
    """A scheduler in whose world there is so much to do, and how to change it."""
    world = World()
    scheduler = Scheduler(world, max_steps)
    lay(world, loads)
    return world, scheduler


def lay(world, loads):
    world.table.clear()
    for number, (waiting, coming) in enumerate(loads):
        process = world.table[number] = Process(world, Pid(number), None)
        if waiting:
            process.mailbox = Mailbox()
            process.mailbox.extend(range(waiting))
        process.inq = [Message(None, each) for each in range(coming)]


def limits(world, scheduler, later=None):
    """The limits that it gives itself, one after the other, until it gives none."""
    found = [scheduler._limit]
    scheduler._steps = scheduler._limit
    while scheduler._more_steps():
        found.append(scheduler._limit)
        scheduler._steps = scheduler._limit
        if later is not None and found[-1] >= scheduler.max_steps:
            lay(world, later)
    return found


LOOKS = [100, 200, 300, 400, 500, 600, 700, 800]


@pytest.mark.parametrize(
    ("loads", "later", "more"),
    [
        ([(0, 0)], None, []),
        ([(79, 0)], None, []),
        ([(80, 0)], None, [81] * 8),
        ([(0, 80)], None, [81] * 8),
        ([(40, 39), (0, 0)], None, [81] * 8),
        ([(0, 0)] * 80, None, []),
        ([(0, 0)] * 100, None, [100] * 8),
        ([(99, 0)], [(199, 0)], [200] * 8),
        ([(99, 0)], [(399, 0)], [400] * 8),
        ([(99, 0)], [(0, 0)], [100] * 8),
    ],
)
def test_an_instant_in_which_there_is_much_to_do_may_have_more_steps(loads, later, more):
    world, scheduler = scheduler_of(800, loads)
    expected = LOOKS.copy()
    for each in more:
        expected.append(expected[-1] + each)
    assert limits(world, scheduler, later) == expected


@pytest.mark.parametrize(("load", "goes_on"), [(200, True), (201, False)])
def test_who_makes_more_and_more_to_do_has_no_more_steps(load, goes_on):
    world, scheduler = scheduler_of(800, [(99, 0)])
    scheduler._steps = 800
    assert scheduler._more_steps()
    scheduler._steps = scheduler._limit
    lay(world, [(load - 1, 0)])
    assert scheduler._more_steps() is goes_on


def test_in_the_next_instant_all_is_counted_anew():
    world, scheduler = scheduler_of(800, [(99, 0)])
    limits(world, scheduler)
    assert not scheduler._more_steps()
    world.clock.move_to(1)
    scheduler._note_instant()
    assert (scheduler._steps, scheduler._limit) == (0, 100)
    lay(world, [(0, 0)])
    assert limits(world, scheduler) == LOOKS


def test_a_limit_that_cannot_be_divided_is_reached_all_the_same():
    world, scheduler = scheduler_of(15, [(0, 0)])
    assert limits(world, scheduler)[-2:] == [14, 15]


def test_a_livelock_names_ten_who_spin_in_the_order_of_their_pids():
    def waits():
        return erlang.receive("never", after=0)

    async def spins():
        while True:
            await waits()
            await erlang.yield_()

    async def main():
        for _ in range(12):
            erlang.spawn(spins)
        await erlang.receive(after=1)

    with pytest.raises(Livelock) as caught:
        erlsim.run(main, max_steps_per_instant=1000)
    first, *lines = str(caught.value).splitlines()
    assert first == "time stands still at 0 ms: 1000 steps without a pause (max_steps_per_instant); these spin:"
    assert [line.split()[0] for line in lines] == [f"<0.{number}.0>" for number in range(85, 95)]
    line = spins.__code__.co_firstlineno + 3
    assert lines[0] == (
        "  <0.85.0> is ready to run in test_a_livelock_names_ten_who_spin_in_the_order_of_their_pids.<locals>.spins "
        f"(test_limits.py:{line}); mailbox: []"
    )


def test_a_livelock_of_the_shell_says_so():
    async def main():
        await timer.sleep(7)
        while True:
            await erlang.receive("never", after=0)

    with pytest.raises(Livelock) as caught:
        erlsim.run(main, max_steps_per_instant=50)
    assert str(caught.value) == (
        "time stands still at 7 ms: the shell <0.83.0> goes on without a pause for 50 steps (max_steps_per_instant)"
    )


async def poll(ms):
    while True:
        await timer.sleep(ms)


def test_overtime_names_ten_with_how_often_they_were_seen_and_then_the_others():
    async def main():
        for ms in range(10, 22):
            erlang.spawn(poll, [ms])
        erlang.spawn(erlang.receive, ["never"])
        await erlang.receive("done")

    with pytest.raises(Overtime) as caught:
        erlsim.run(main, max_time=1_000)
    first, *lines = str(caught.value).splitlines()
    begin = first.partition(" ms is past max_time (1000 ms); it is kept going by")
    assert begin[0].startswith("time goes on and on: 10") and begin[1:] == (
        " ms is past max_time (1000 ms); it is kept going by",
        "",
    )
    border = lines.index("the others")
    counts = [int(line.rpartition("(")[2].split()[0]) for line in lines[:border]]
    assert counts == sorted(counts, reverse=True) and len(counts) == 10
    assert all(line.endswith(" of 20 instants)") for line in lines[:border])
    assert sum("until" in line for line in lines[border:]) == 2
    assert [line.split()[1] for line in lines[border + 1 : border + 2]] == ["the"]
    assert len(lines) == 10 + 1 + 4


def test_a_deadlock_tells_of_all_that_a_process_may_do_in_one_text():
    sim = erlsim.Simulation()

    async def asks(pid):
        await erlang.receive(lambda message: False, ("a", ...), int, after=5)
        erlang.process_info(pid, "links")

    async def main():
        suspended = erlang.spawn(erlang.receive, ["never"])
        erlang.register("suspended", suspended)
        erlang.suspend_process(suspended)
        erlang.send(suspended, {"k": [1, (2,), b"x"], 1.5: ()})
        erlang.spawn(asks, [suspended])
        erlang.spawn(lambda: erlsim.wait_for(sim.env.event()))
        erlang.spawn(erlang.receive, [("x", Pid), ...])
        told = sim.describe()
        await erlang.receive(after=1)
        return [*told, *sim.describe()]

    told = sim.run(main)
    here = "in test_a_deadlock_tells_of_all_that_a_process_may_do_in_one_text.<locals>"
    began = asks.__code__.co_firstlineno + 1
    assert told == [
        "<0.83.0> the shell runs; mailbox: []",
        "<0.85.0> (suspended) is suspended; mailbox: [], to come: [{'k': [1, (2,), b'x'], 1.5: ()}]",
        "<0.86.0> is ready to run; mailbox: []",
        "<0.87.0> is ready to run; mailbox: []",
        "<0.88.0> is ready to run; mailbox: []",
        "<0.83.0> the shell runs; mailbox: []",
        "<0.85.0> (suspended) is suspended; mailbox: [], to come: [{'k': [1, (2,), b'x'], 1.5: ()}]",
        f"<0.86.0> waits for lambda of test_limits.py:{began} | ('a', ...) | int until 5 ms {here}.asks "
        f"(test_limits.py:{began}); mailbox: []",
        "<0.87.0> waits for an event of simpy (Event); mailbox: []",
        "<0.88.0> waits for ('x', Pid) | ...; mailbox: []",
    ]


def test_a_deadlock_of_nobody_but_the_shell():
    async def main():
        await timer.sleep(3)
        await erlang.receive()

    with pytest.raises(Deadlock) as caught:
        erlsim.run(main)
    line = main.__code__.co_firstlineno + 2
    assert str(caught.value) == (
        "nothing can happen any more at 3 ms, and the shell waits\n  <0.83.0> the shell waits for any message in "
        f"test_a_deadlock_of_nobody_but_the_shell.<locals>.main (test_limits.py:{line}); mailbox: []"
    )


@pytest.mark.parametrize("rounds", [10, 25])
@pytest.mark.parametrize(("preempt", "each"), [(False, 8), (True, 10)])
def test_steps_of_an_instant_are_added_up_however_often_the_shell_waits(preempt, each, rounds):
    async def main():
        async def process():
            for _ in range(5):
                await erlang.yield_()

        for _ in range(rounds):
            _, ref = erlang.spawn_monitor(process)
            await erlang.receive(("DOWN", ref, ..., ..., ...))

    erlsim.run(main, trace=False, preempt=preempt, max_steps_per_instant=each * rounds)
    with pytest.raises(Livelock):
        erlsim.run(main, trace=False, preempt=preempt, max_steps_per_instant=each * rounds - 1)
