"""Lifelines: who was up when, who died of what and at whose hands."""

from __future__ import annotations

import director
from erlsim import erlang, timer
from erlsim.otp import gen_server, supervisor
from erlsim.trace import Trace
from tests.trace.programs import Given, Worker, child, ping_pong, run, subtree, top, two_crashes
from tests.trace.xml import every, parse, words


async def under_a_director():
    """One child is restarted after 300 ms, then waits; another is killed."""
    specs = [child("x") | {"plan": [("restart", 300), "wait"], "count": 2}, child("y")]
    await director.start_link(("local", "dir"), Given, ("ok", specs))
    await timer.sleep(100)
    gen_server.cast("x", "boom")
    await timer.sleep(600)
    gen_server.cast("x", "boom")
    await timer.sleep(100)
    erlang.exit(erlang.whereis("y"), "kill")
    await timer.sleep(200)


def spans(line):
    return [(span.start, span.end, span.state) for span in line.spans]


def test_a_lifeline_goes_through_all_processes_of_a_child():
    timeline = run(under_a_director).trace.timeline()
    assert [(line.title, line.depth) for line in timeline.lifelines] == [("shell", 0), ("dir", 1), ("x", 2), ("y", 2)]
    assert spans(timeline.lifelines[2]) == [
        (0, 100, "up"),
        (100, 400, "restarting"),
        (400, 700, "up"),
        (700, 1000, "waiting"),
    ]
    assert [(span.start, span.end, span.pid.number) for span in timeline.lifelines[3].spans] == [
        (0, 800, 87),
        (800, 1000, 89),
    ]


def test_deaths_tell_the_reason_and_who_has_done_it():
    timeline = run(under_a_director).trace.timeline()
    assert [(death.time, death.line, death.reason, death.by) for death in timeline.deaths] == [
        (100, 2, "boom", None),
        (700, 2, "boom", None),
        (800, 3, "killed", 0),
    ]


def test_lifelines_are_bars_in_a_terminal():
    assert run(under_a_director).trace.timeline().text().splitlines() == [
        "       0                                                    1000 ms",
        "shell  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━",
        "  dir  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━",
        "    x  ━━━━━╳╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍━━━━━━━━━━━━━━━━━━╳┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
        "    y  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╳━━━━━━━━━━━━",
        "",
        "━ up   ╍ restarting   ┄ waiting   · down   ╳ died",
        "",
        "     100 ms  x <0.86.0> died: boom",
        "     700 ms  x <0.88.0> died: boom",
        "     800 ms  y <0.87.0> ended by shell <0.83.0>: killed",
    ]


def test_children_of_a_restarted_supervisor_keep_their_lifelines():
    async def main():
        await top([subtree("sub", [child("a"), child("b")])])
        await timer.sleep(100)
        erlang.exit(erlang.whereis("sub"), "kill")
        await timer.sleep(100)

    timeline = run(main).trace.timeline()
    assert [line.title for line in timeline.lifelines] == ["shell", "top", "sub", "a", "b"]
    assert [len([span for span in line.spans if span.state == "up"]) for line in timeline.lifelines] == [1, 1, 2, 2, 2]
    killers = {death.line: death.by for death in timeline.deaths}
    assert killers == {2: 0, 3: 2, 4: 2}


def test_a_child_that_is_stopped_is_down_and_one_that_is_deleted_ends():
    async def main():
        pid = await top([child("a"), child("b")])
        await timer.sleep(10)
        for name in ("a", "b"):
            await supervisor.terminate_child(pid, name)
        await timer.sleep(10)
        await supervisor.delete_child(pid, "b")
        await timer.sleep(10)

    lines = {line.title: spans(line) for line in run(main).trace.timeline().lifelines}
    assert lines["a"] == [(0, 10, "up"), (10, 30, "down")]
    assert lines["b"] == [(0, 10, "up"), (10, 20, "down")]


def test_children_without_ids_have_a_lifeline_each():
    async def main():
        spec = {"id": "any", "start": (Worker, "start_nameless", [])}
        _, pid = await supervisor.start_link(Given, ("ok", ({"strategy": "simple_one_for_one"}, [spec])))
        for value in (1, 2):
            await supervisor.start_child(pid, [value])
        await timer.sleep(10)
        erlang.exit((await supervisor.which_children(pid))[0][1], "kill")
        await timer.sleep(10)

    lines = run(main).trace.timeline().lifelines[2:]
    assert [[span.pid.number for span in line.spans] for line in lines] == [[86, 88], [87]]


def test_time_that_passes_after_the_last_event_counts():
    sim = run(ping_pong)
    sim.advance(900)
    timeline = sim.trace.timeline()
    assert timeline.end == 1000
    assert timeline.lifelines[1].spans[-1].end == 1000


def test_a_run_in_one_instant_has_lifelines_all_the_same():
    timeline = run(lambda: erlang.spawn(lambda: None)).trace.timeline()
    assert timeline.start == timeline.end == 0
    parse(timeline.svg())
    assert timeline.text().splitlines()[1].split() == ["shell", "━"]


def test_no_events_make_an_empty_picture():
    assert Trace().timeline().text() == "nothing has happened"
    assert words(parse(Trace().timeline().svg()))[-1] == "nothing has happened"


def test_lifelines_that_are_too_many_are_left_out_with_a_note():
    async def main():
        for _ in range(140):
            erlang.spawn(erlang.receive, [])
        await timer.sleep(1)

    timeline = run(main).trace.timeline()
    assert len(timeline.lifelines) == 100
    assert timeline.notes == ("41 more lifelines; raise lines",)
    assert "… 41 more lifelines; raise lines" in words(parse(timeline.svg()))


# ---- drawing ------------------------------------------------------------------------------------------


def test_the_svg_has_bars_crosses_and_an_arrow_from_each_killer():
    root = parse(run(under_a_director).trace.timeline().svg())
    bars = every(root, "rect", "up")
    # Five lives, and the legend.
    assert len(bars) == 7
    assert bars[2][0].text == "up as <0.86.0> from 0 to 100 ms"
    assert len(every(root, "g", "death")) == 3
    assert len(every(root, "polygon", "down")) == 1
    tips = [title.text for group in every(root, "g", "death") for title in every(group, "title")]
    assert tips[-1] == "800 ms: y <0.87.0> ended by shell <0.83.0>: killed"


def test_a_bar_is_as_long_as_the_time_was():
    root = parse(run(under_a_director).trace.timeline().svg())
    first, second = [float(each.get("width")) for each in every(root, "rect", "restarting")[:1]] + [
        float(each.get("width")) for each in every(root, "rect", "up")[:1]
    ]
    assert round(first / second, 2) == 0.3


def test_mermaid_has_a_gantt_chart():
    assert run(two_crashes).trace.timeline().mermaid().splitlines()[:12] == [
        "gantt",
        "  dateFormat x",
        "  axisFormat %M:%S.%L",
        "  section shell",
        "  up <0.83.0> :active, 0, 500",
        "  section top",
        "  up <0.85.0> :active, 0, 500",
        "  section a",
        "  up <0.86.0> :active, 0, 100",
        "  up <0.90.0> :active, 100, 400",
        "  up <0.91.0> :active, 400, 500",
        "  ended by shell <0.83.0>  killed :milestone, 100, 100",
    ]
