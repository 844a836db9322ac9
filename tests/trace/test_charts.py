"""Charts and trees of a class's size: who is on them, what is folded, which part of a run they are of."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from erlsim import ErlsimError, erlang, ets, timer
from erlsim.otp import gen_server
from erlsim.trace.tree.layout import GAP, HIGH, Place, down
from tests.trace.programs import child, classroom, ping_pong, run, subtree, top, two_crashes
from tests.trace.xml import every, parse, words


def titles(chart):
    return [lane.title for lane in chart.lanes]


def labels(chart):
    return [row.label for row in chart.rows]


async def two_teams():
    """Two teams of two; one of the first is told to end, and comes again; then both are called."""
    await top(
        [subtree("red", [child("red_1"), child("red_2")], intensity=5), subtree("blue", [child("blue_1")])], intensity=5
    )
    gen_server.cast("red_1", "enough")
    await timer.sleep(10)
    await gen_server.call("red_1", "get")
    await gen_server.call("blue_1", "get")


# ---- who is on it -------------------------------------------------------------------------------------


def test_processes_are_chosen_by_pattern():
    chart = run(two_teams).trace.sequence(["shell", "red_*"])
    assert titles(chart) == ["shell", "red_1", "red_1", "red_2"]


def test_processes_are_chosen_by_subtree():
    chart = run(two_teams).trace.sequence(["under:red", "blue_1"])
    assert titles(chart) == ["red", "red_1", "red_1", "red_2", "blue_1"]
    assert titles(run(two_teams).trace.sequence(["under:top"])) == [
        "top", "red", "red_1", "red_1", "red_2", "blue", "blue_1",
    ]  # fmt: skip


def test_a_pattern_that_nobody_matches_says_who_there_is():
    with pytest.raises(ErlsimError, match=r"nobody in the trace is 'green_\*'; there are shell, top"):
        run(two_teams).trace.sequence(["green_*"])


def test_who_replaces_a_dead_process_stands_beside_it():
    assert titles(run(two_teams).trace.sequence(lanes=20)) == [
        "shell", "top", "red", "red_1", "red_1", "red_2", "blue", "blue_1",
    ]  # fmt: skip


# ---- what is on it ------------------------------------------------------------------------------------


def test_a_call_and_its_answer_are_folded_into_one_arrow():
    sim = run(two_teams)
    assert labels(sim.trace.sequence(["shell", "red_1", "blue_1"], start=10)) == [
        "call get", "reply red_1", "call get", "reply blue_1",
    ]  # fmt: skip
    folded = sim.trace.sequence(["shell", "red_1", "blue_1"], start=10, fold=True)
    assert labels(folded) == ["call get → red_1", "call get → blue_1"]


def test_a_call_that_nobody_answers_stays_a_call():
    async def main():
        async def deaf():
            await timer.sleep("infinity")

        erlang.register("deaf", erlang.spawn(deaf))
        with pytest.raises(Exception, match="timeout"):
            await gen_server.call("deaf", "hello", 5)

    assert "call hello" in labels(run(main).trace.sequence(fold=True))


def test_a_normal_end_is_a_square_and_a_crash_a_cross():
    async def main():
        erlang.spawn(lambda: None)
        erlang.spawn(lambda: erlang.exit("oops"))
        erlang.spawn(lambda: erlang.exit(("shutdown", "done")))
        await timer.sleep(1)

    chart = run(main).trace.sequence()
    ends = [(row.kind, row.label) for row in chart.rows if row.kind in ("exit", "end")]
    assert ends == [("end", "normal"), ("exit", "oops"), ("end", "{shutdown,done}")]
    assert chart.text().count("■") == 2 and chart.text().count("╳") == 1
    assert [
        sum(row.get("class") == f"row {kind}" for row in every(parse(chart.svg()), "g", "row"))
        for kind in ("end", "exit")
    ] == [2, 1]


def test_a_table_goes_to_its_heir_from_whom_it_had_belonged():
    async def main():
        me = erlang.self()

        async def owner():
            ets.new("t", ["named_table", ("heir", me, "data")])
            await timer.sleep("infinity")

        pid = erlang.spawn(owner)
        await timer.sleep(1)
        # The owner dies while somebody else runs.
        erlang.exit(pid, "kill")
        erlang.is_process_alive(pid)
        await erlang.receive(("ETS-TRANSFER", ..., ..., ...))

    sim = run(main)
    chart = sim.trace.sequence()
    row = next(row for row in chart.rows if row.kind == "heir")
    assert (titles(chart)[row.source], titles(chart)[row.target], row.label) == ("owner", "shell", "inherits t")


# ---- which part of a run ------------------------------------------------------------------------------


def test_a_section_is_a_chart_of_one_block():
    async def main():
        await top([child("a"), child("b")])
        from erlsim.simulation import current

        with current().trace.section("a call of b"):
            await gen_server.call("b", "get")
        await gen_server.call("a", "get")

    sim = run(main)
    chart = sim.trace.sequence(section="a call of b")
    assert labels(chart) == ["call get", "reply b"] and titles(chart) == ["shell", "b"]
    with pytest.raises(ErlsimError, match="no section is called 'a cal of b'; there are 'a call of b'"):
        sim.trace.sequence(section="a cal of b")


def test_a_section_is_of_what_happens_meanwhile_from_outside_as_well():
    sim = run(two_crashes)
    with sim.trace.section("later") as later:
        sim.run(lambda: gen_server.cast("a", "enough"))
        sim.advance(10)
    assert labels(later.sequence())[0] == "cast enough"
    assert repr(later).startswith("<Section 'later': ")


def test_what_a_call_has_led_to_is_shown_without_the_rest():
    async def main():
        async def helper():
            while True:
                pid = await erlang.receive()
                erlang.send(pid, "helped")

        async def noise():
            while True:
                await timer.sleep(1)
                erlang.send("drain", "noise")

        async def drain():
            while True:
                await erlang.receive()

        async def front():
            while True:
                match await erlang.receive(("ask", ...)):
                    case ("ask", pid):
                        erlang.send("helper", erlang.self())
                        await erlang.receive("helped")
                        await timer.sleep(3)
                        erlang.send(pid, "answer")

        for each in (helper, drain, noise, front):
            erlang.register(each.__name__, erlang.spawn(each))
        erlang.send("front", ("ask", erlang.self()))
        await erlang.receive("answer")
        erlang.send("drain", "afterwards")
        await timer.sleep(2)

    sim = run(main)
    asked = next(n for n, event in enumerate(sim.trace) if event.kind == "send" and "ask" in str(event))
    found = labels(sim.trace.sequence(of=asked))
    assert found == ["{ask,<0.83.0>}", "<0.88.0>", "helped", "answer"]
    assert "noise" in labels(sim.trace.sequence())
    with pytest.raises(ErlsimError, match="there is no event 9999"):
        sim.trace.sequence(of=9999)


def test_what_a_crash_has_led_to_has_the_restart_in_it():
    sim = run(two_teams)
    crash = next(n for n, event in enumerate(sim.trace) if event.kind == "exit")
    chart = sim.trace.sequence(of=crash)
    assert labels(chart) == ["enough", "EXIT enough", "spawn_link", "ack {ok,<0.91.0>}"]
    assert titles(chart) == ["red_1", "red_1", "red"]


# ---- trees --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["right", "down"])
def test_a_class_is_drawn_in_boxes_of_two_lines_that_do_not_overlap(direction):
    svg = run(classroom, 1).tree().svg(direction)
    root = parse(svg)
    assert len(words(root, "bold")) == 56 and "team_6_8" in words(root, "bold")
    boxes = [
        tuple(float(box.get(name)) for name in ("x", "y", "width", "height")) for box in every(root, "rect", "line-box")
    ]
    assert len(boxes) == 56
    for number, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[:number]:
            assert x >= x2 + w2 or x2 >= x + w or y >= y2 + h2 or y2 >= y + h
    wide, high = (float(root.get(name)) for name in ("width", "height"))
    assert all(x + w <= wide and y + h <= high for x, y, w, h in boxes)
    # From the top down all of them fit on a screen.
    assert direction == "right" or (wide < 1800 and high < 700)
    sizes = [float(size) for size in re.findall(r"font(?:-size)?:([\d.]+)px", svg)]
    assert min(sizes) >= 11


def test_children_that_have_nobody_below_them_stand_in_a_column():
    places = [Place(-1, 0, 100), Place(0, 1, 100), Place(0, 1, 100), Place(0, 1, 100)]
    down(places)
    assert len({place.x for place in places[1:]}) == 1
    assert [place.y - places[0].y for place in places[1:]] == [(HIGH + GAP) * n for n in (1, 2, 3)]


def test_a_tree_has_two_directions():
    with pytest.raises(ErlsimError, match="a tree is drawn 'right' or 'down', not 'up'"):
        run(ping_pong).tree().svg("up")


# ---- lifelines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 7, 64, 97, 640, 999, 12_345])
def test_the_scale_has_round_numbers_between_its_ends(length):
    async def main():
        await timer.sleep(length)

    shown = words(parse(run(main).trace.timeline().svg()), "small")
    numbers = [int(each.removesuffix(" ms")) for each in shown]
    assert numbers[0] == 0 and numbers[-1] == length
    steps = {after - before for before, after in pairwise(numbers[:-1])}
    assert len(steps) <= 1 and all(re.fullmatch("[125]0*", str(step)) for step in steps)


def test_on_an_axis_of_events_each_has_the_same_room():
    sim = run(two_teams)
    timeline = sim.trace.timeline(axis="events")
    assert (timeline.unit, timeline.start, timeline.end) == ("events", 0, len(sim.trace))
    death = timeline.deaths[0]
    assert death.time == death.event == next(n for n, event in enumerate(sim.trace) if event.kind == "exit")
    assert f"{len(sim.trace)} events" in words(parse(timeline.svg()), "small")
    with pytest.raises(ErlsimError, match="'time' or 'events', not 'ms'"):
        sim.trace.timeline(axis="ms")
