"""In which order the end of a process reaches those who are linked to it: as a BEAM with one scheduler answered."""

from __future__ import annotations

from random import Random

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim._kernel.links import REMEMBERED, Links, Monitors
from erlsim._kernel.links.tree import Tree
from erlsim.otp import gen, gen_server

# `+3` links the process to the third of some others, `-3` unlinks it; then who hears of its end, in order.
ANSWERS = [
    ("+1", "1"),
    ("+1 +2", "2 1"),
    ("+2 +1", "1 2"),
    ("+1 +2 +3", "1 3 2"),
    ("+2 +1 +3", "1 3 2"),
    ("+1 +2 +3 +4", "1 4 3 2"),
    ("+1 +3 +4 +2", "2 1 4 3"),
    ("+1 +4 +3 +2", "2 1 4 3"),
    ("+2 +1 +3 +4", "1 4 3 2"),
    ("+2 +3 +4 +1", "1 2 4 3"),
    ("+3 +4 +8 +5 +6 +2 +1 +7", "1 3 2 5 7 8 6 4"),
    ("+3 +1 +5 +7 +8 +4 +6 +2", "2 1 4 6 5 8 7 3"),
    ("+6 +4 +7 +2 +3 +5 +8 +1", "1 2 5 4 3 8 7 6"),
    ("+7 -7 +6 +4 +10 +3 +2 -4 +5 +11 -10 -3 -11 -6 +8 +9 +12 -8", "2 12 9 5"),
    ("+2 +10 -10 +8 +12 +5 +3 -12 +6 -5 +9 +7 -9 +1 +11 +4 -3 -8", "1 2 6 11 7 4"),
    ("+10 +9 -9 +1 +4 -1 -4 +2 +6 -6 +11 +5 +8 -2 +12 -10 +3 -5", "3 8 12 11"),
    ("+8 -8 +12 +5 +10 +9 +6 +7 +4 +3 +1 +11 +2 -9 -7 -1 -4 -2", "5 3 10 12 11 6"),
    ("+10 -10 +9 -9 +6 -6 +12 +3 +11 +2 +7 -11 +8 +5 +4 +1 -1 -7", "2 4 5 12 8 3"),
    ("+4 -4 +2 +9 +1 -9 +8 -1 -8 -2 +11 -11 +6 +5 +3 -6 +12 +10", "3 10 12 5"),
    ("+12 +8 -8 +11 -11 -12 +4 +10 +5 -4 -10 +1 -1 +7 +6 +9 +2 -2", "5 9 7 6"),
    ("+2 +7 +3 -3 +1 +4 +6 +8 -1 +9 +5 +10 +11 +12 -10 -4 -6 -5", "2 7 9 12 11 8"),
    ("+11 -11 +3 +6 +1 +5 -5 +4 -6 +8 +9 +12 -9 +7 +2 -8 -1 +10", "2 4 10 12 7 3"),
    ("+12 -12 +1 -1 +2 +7 -7 +8 -8 +6 +5 +11 +9 +4 -4 +3 +10 -9", "3 2 6 11 10 5"),
    ("+5 -5 +11 -11 +4 +2 +10 +7 +9 +1 -1 +6 +8 -8 +3 +12 -4 -3", "2 7 12 10 9 6"),
    ("+1 +8 +5 +12 +2 +7 +9 +10 -5 +11 +6 +4 +3 -1 -11 -10 -3 -8", "2 6 4 12 9 7"),
    ("+11 +5 +4 -5 +10 +12 +7 +9 +1 +2 +8 +6 -8 +3 -1 -3 -9 -11", "2 6 4 10 12 7"),
    ("+3 +9 -3 -9 +2 -2 +8 -8 +12 +6 +1 +5 +4 +7 +11 +10 -12 -5", "1 4 7 11 10 6"),
]


def heard_in_order(program):
    """Run `program` in a process, end it, and return in which order the others get their `EXIT`."""
    heard = []

    def other(number):
        async def wait():
            erlang.process_flag("trap_exit", True)
            await erlang.receive(("EXIT", ..., "boom"))
            heard.append(str(number))

        return erlang.spawn(wait)

    async def main():
        others = [other(number) for number in range(1, 17)]
        await timer.sleep(1)

        async def ending():
            for step in program.split():
                (erlang.link if step[0] == "+" else erlang.unlink)(others[int(step[1:]) - 1])
            # Each link gives its other end a turn: those are over then.
            await timer.sleep(1)
            erlang.exit("boom")

        erlang.spawn(ending)
        await timer.sleep(2)
        return " ".join(heard)

    return erlsim.run(main)


@pytest.mark.parametrize(("program", "answer"), ANSWERS)
def test_links_hear_of_an_end_in_the_order_in_which_the_beam_takes_its_tree_of_them_down(program, answer):
    assert heard_in_order(program) == answer


def test_everybody_hears_once_however_many_links_came_and_went():
    steps = [f"+{number} -{number}" for _ in range(300) for number in range(3, 17)]
    answer = heard_in_order(" ".join(["+1", "+2", *steps, "+3", "+4", "+5"]))
    assert sorted(answer.split()) == ["1", "2", "3", "4", "5"]


def test_a_thousand_children_hear_of_the_end_of_their_parent():
    async def main():
        ends = []

        async def parent():
            for _ in range(1000):
                erlang.spawn_link(child)
            await timer.sleep(1)
            erlang.exit("boom")

        async def child():
            erlang.process_flag("trap_exit", True)
            ends.append(await erlang.receive())

        pid = erlang.spawn(parent)
        await timer.sleep(2)
        return [message[1:] for message in ends] == [(pid, "boom")] * 1000

    assert erlsim.run(main)


def in_tree(changes):
    """The numbers in a tree that has seen them come, and go as negative ones, as it is taken down."""
    tree = Tree()
    for number in changes:
        if number > 0:
            tree.insert(number)
        else:
            tree.delete(-number)
    return tree.taken_down()


def linked(changes):
    links = Links()
    for number in changes:
        if number > 0:
            links.add(number, number)
        else:
            assert links.drop(-number)
    return links


def walk(draw, length, most):
    """Links that come and go, at most so many at a time."""
    there, changes = [], []
    for _ in range(length):
        if there and (len(there) == most or draw.random() < 0.45):
            changes.append(-there.pop(draw.randrange(len(there))))
        else:
            there.append(draw.choice([number for number in range(1, 2 * most + 2) if number not in there]))
            changes.append(there[-1])
    return changes


@pytest.mark.parametrize("most", [2, 3, 5, 9, 17, REMEMBERED])
def test_the_order_is_that_of_a_tree_that_has_seen_every_link_come_and_go(most):
    draw = Random(most)
    for length in range(8 * REMEMBERED):
        changes = walk(draw, length if length % 20 == 0 else length % 50, most)
        assert linked(changes).in_order_of_end() == in_tree(changes)


@pytest.mark.parametrize("size", [REMEMBERED, REMEMBERED + 1])
def test_what_became_of_more_links_than_are_remembered_is_forgotten(size):
    draw = Random(size)
    told = {True: 0, False: 0}
    for _ in range(20):
        changes = draw.sample(range(1, 1000), size)
        changes.append(-draw.choice(changes))
        links = linked(changes)
        assert list(links) == [number for number in changes[:-1] if number != -changes[-1]]
        remembered, forgotten = in_tree(changes), in_tree(list(links))
        assert links.in_order_of_end() == (remembered if size == REMEMBERED else forgotten)
        told[remembered == forgotten] += 1
    assert told[False] > 10


def test_what_became_of_links_is_forgotten_when_they_change_too_often_in_a_row():
    draw = Random(1)
    changes = draw.sample(range(1, 1000), 20)
    there = list(changes)
    while len(changes) <= 8 * REMEMBERED:
        assert linked(changes).in_order_of_end() == in_tree(changes)
        there.append(there.pop(draw.randrange(len(there))))
        changes += [-there[-1], there[-1]]
    assert linked(changes).in_order_of_end() == in_tree(there) != in_tree(changes)


# ---- monitors -----------------------------------------------------------------------

# How many are watched, whether one of them is watched once more for a moment, and the order in which the end of who
# watches reaches them: as traced on a BEAM. `process_info(Pid, monitors)` is that order from behind.
WATCHED = [
    (1, False, [1]),
    (2, False, [2, 1]),
    (2, True, [1, 2]),
    (3, False, [1, 3, 2]),
    (3, True, [1, 3, 2]),
    (4, False, [1, 4, 3, 2]),
    (4, True, [1, 3, 4, 2]),
    (5, False, [1, 3, 5, 4, 2]),
    (6, False, [1, 3, 6, 5, 4, 2]),
    (6, True, [1, 3, 5, 6, 4, 2]),
    (7, False, [1, 3, 5, 7, 6, 4, 2]),
    (7, True, [1, 3, 2, 5, 7, 6, 4]),
    (8, False, [1, 3, 2, 5, 8, 7, 6, 4]),
    (8, True, [1, 3, 2, 5, 7, 8, 6, 4]),
]


@pytest.mark.parametrize("how", ["by hand", "in a call"])
@pytest.mark.parametrize(("number", "calls", "order"), WATCHED)
def test_the_monitors_of_who_ends_end_in_the_order_in_which_the_beam_takes_its_tree_of_them_down(
    number, calls, order, how
):
    ended, listed = [], []

    def server(name):
        async def serve():
            _, from_, _ = await erlang.receive(("$gen_call", ..., ...))
            gen.reply(from_, "hello")
            await erlang.receive("go")
            ended.append(name)

        return erlang.spawn(serve)

    async def main():
        others = [server(each) for each in range(1, number + 1)]

        async def watches():
            for each in others:
                erlang.monitor("process", each)
            if calls and how == "by hand":
                erlang.demonitor(erlang.monitor("process", others[0]))
            if calls and how == "in a call":
                await gen_server.call(others[0], "hello")
            await erlang.receive("end")
            listed.extend(pid for _, pid in erlang.process_info(erlang.self(), "monitors")[1])
            # Whom the end of a monitor wakes finds the message in that turn.
            erlang.spawn(lambda: [erlang.send(each, "go") for each in others])

        watcher = erlang.spawn(watches)
        for each in others[calls and how == "in a call" :]:
            await gen_server.call(each, "hello")
        await timer.sleep(1)
        erlang.send(watcher, "end")
        await timer.sleep(1)
        return [others.index(each) + 1 for each in listed]

    assert erlsim.run(main, trace=False) == order[::-1]
    assert ended == order


def test_a_server_that_watches_others_and_calls_much_forgets_how_its_monitors_came():
    monitors = Monitors({1: "a", 2: "b"})
    assert monitors.in_order_of_end() == ["b", "a"]
    for number in range(3, 3 + 8 * REMEMBERED):
        monitors.went(number, number)
    assert monitors.in_order_of_end() == ["a", "b"]
    monitors[1000] = "c"
    monitors.went(999, 1000)
    assert len(monitors.gone) == 1
