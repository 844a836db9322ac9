"""Message sequence charts: what gets a row, what is left out and said to be left out, how they are drawn."""

from __future__ import annotations

import pytest
from IPython.core.formatters import DisplayFormatter

from erlsim import ErlsimError, erlang, ets, timer
from erlsim.otp import gen_server
from erlsim.trace import Trace
from tests.trace.programs import child, lines, ping_pong, run, top, two_crashes
from tests.trace.xml import every, parse, words


def kinds(chart):
    return [row.kind for row in chart.rows]


def labels(chart):
    return [row.label for row in chart.rows]


# ---- what gets a row ----------------------------------------------------------------------------------


def test_messages_spawns_and_monitors_are_arrows_at_their_virtual_times():
    assert run(ping_pong).trace.sequence().text() == "\n".join(
        [
            "     ms  shell               pong                late                late",
            "         <0.83.0>            <0.85.0>            <0.86.0>            <0.87.0>",
            "      0  │╌╌╌╌spawn_link╌╌╌╌>│",
            "         │──{ping,<0.83.0>}─>│",
            "         │<──────pong────────│",
            "         │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌spawn╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌>│",
            "         │┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄monitor┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄>│",
            "         │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌spawn╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌>│",
            "         │──────────────────────────letter──────────────────────────>│",
            "     50  │                   │                   │                   • takes letter of 0 ms",
            "         │                   │                   │                   ■ normal",
        ]
    )


def test_an_exit_its_signal_and_the_restart_can_be_followed():
    chart = run(two_crashes).trace.sequence(["shell", "top", "a"], start=100, end=100)
    assert chart.text().splitlines() == [
        "     ms  shell           top             a               a",
        "         <0.83.0>        <0.85.0>        <0.86.0>        <0.90.0>",
        "    100  │──────────exit: kill──────────>│",
        "         │               │               ╳ killed",
        "         │               │<─EXIT killed──",
        "         │               │╌╌╌╌╌╌╌╌╌╌spawn_link╌╌╌╌╌╌╌╌╌╌>│",
        "         │               │<──────ack {ok,<0.90.0>}───────│",
    ]


def test_processes_that_live_at_other_times_have_no_lane():
    chart = run(two_crashes).trace.sequence(["top", "a"], start=400)
    assert [lane.pid.number for lane in chart.lanes] == [85, 90, 91]


def test_a_call_is_a_question_and_an_answer_without_its_bookkeeping():
    async def main():
        await top([child("a")])
        await gen_server.call("a", "what")
        gen_server.cast("a", "enough")
        await timer.sleep(1)

    chart = run(main).trace.sequence(["shell", "a"], start=0)
    assert labels(chart)[:3] == ["call what", "reply a", "cast enough"]
    assert "monitor" not in kinds(chart)


def test_what_is_done_with_tables_names_and_flags_has_rows_on_request():
    async def main():
        ets.new("seats", ["named_table"])
        ets.insert("seats", [("a", 1), ("b", 2)])
        ets.tab2list("seats")
        erlang.register("box_office", erlang.self())
        erlang.whereis("box_office")
        erlang.process_flag("trap_exit", True)
        erlang.is_process_alive(erlang.self())
        erlang.process_info(erlang.self(), "links")
        erlang.unregister("box_office")

    trace = run(main, trace="operations").trace
    assert trace.sequence().rows == ()
    chart = trace.sequence(operations=True)
    assert set(kinds(chart)) == {"operation"}
    assert labels(chart) == [
        "ets:new(seats)",
        "ets:insert(seats,[a,b])",
        "ets:tab2list(seats)",
        "registered as box_office",
        "whereis(box_office)",
        "process_flag(trap_exit,true)",
        "is_process_alive(<0.83.0>)",
        "process_info(<0.83.0>,links)",
        "registered as box_office no longer",
    ]
    assert "◆ whereis(box_office)" in chart.text() and "whereis(box_office)" in chart.svg()


def test_a_drawing_shows_itself_in_a_notebook_and_has_words_for_where_it_cannot():
    svg = run(ping_pong).trace.sequence().svg()
    shown, _ = DisplayFormatter().format(svg)
    assert shown["image/svg+xml"] == svg and svg in shown["text/html"]
    assert shown["text/plain"].startswith("messages and signals between shell")


def test_links_that_are_made_later_are_marked_and_so_is_their_end():
    async def main():
        async def idle():
            await erlang.receive()

        pid = erlang.spawn(idle)
        await timer.sleep(1)
        erlang.link(pid)
        erlang.unlink(pid)

    assert kinds(run(main).trace.sequence()) == ["spawn", "link", "unlink"]


def test_a_process_that_dies_over_a_link_has_its_cross_at_the_end_of_an_arrow():
    async def main():
        async def other():
            await erlang.receive()

        async def one():
            erlang.spawn_link(other)
            await timer.sleep(10)
            erlang.exit("broken")

        erlang.spawn(one)
        await timer.sleep(20)

    chart = run(main).trace.sequence(["one", "other"])
    deaths = [row for row in chart.rows if row.kind == "exit"]
    assert [(row.source, row.target, row.label) for row in deaths] == [(0, 0, "broken"), (0, 1, "broken")]
    assert chart.text().splitlines()[-1].rstrip().endswith("broken─────╳")


def test_down_messages_come_from_who_has_died():
    async def main():
        async def brief():
            pass

        erlang.spawn_monitor(brief)
        await erlang.receive()

    chart = run(main).trace.sequence()
    assert [(row.kind, row.source, row.target, row.label) for row in chart.rows if row.kind == "signal"] == [
        ("signal", 1, 0, "DOWN normal")
    ]


def test_timers_are_marked_when_they_start_and_when_they_fire():
    async def main():
        erlang.send_after(30, erlang.self(), "now")
        await erlang.receive()

    assert [(row.time, row.kind, row.label) for row in run(main).trace.sequence().rows] == [
        (0, "start_timer", "timer in 30 ms"),
        (30, "timer", "now"),
    ]


# ---- choosing and cutting -----------------------------------------------------------------------------


def test_processes_are_chosen_by_pid_name_id_or_function_in_the_order_of_their_lanes():
    sim = run(ping_pong)
    pid = sim.tree().find("pong").pid
    assert [lane.title for lane in sim.trace.sequence([pid, "shell"]).lanes] == ["pong", "shell"]
    assert [lane.pid.number for lane in sim.trace.sequence(["late"]).lanes] == [86, 87]


def test_a_process_that_is_not_there_is_an_error_that_names_those_that_are():
    with pytest.raises(
        ErlsimError, match=r"nobody in the trace is pnog; there are shell, pong, late; did you mean 'pong'\?"
    ):
        run(ping_pong).trace.sequence(["pnog"])


def test_instants_are_chosen_both_included():
    chart = run(two_crashes).trace.sequence(start=100, end=400)
    assert {row.time for row in chart.rows} == {100, 400}


def test_a_long_chart_is_cut_with_a_note_not_squeezed():
    async def main():
        for number in range(150):
            erlang.send(erlang.self(), number)
            await erlang.receive()
            await timer.sleep(10)

    chart = run(main).trace.sequence()
    assert len(chart.rows) == 100
    assert chart.text().splitlines()[-1] == "… 50 more rows until 1490 ms; narrow start and end, or raise limit"
    assert "… 50 more rows until 1490 ms; narrow start and end, or raise limit" in words(parse(chart.svg()))
    assert len(run(main).trace.sequence(limit=500).rows) == 150


def test_lanes_that_are_too_many_are_left_out_with_a_note():
    async def main():
        for _ in range(20):
            erlang.spawn(lambda: None)
        await timer.sleep(1)

    chart = run(main).trace.sequence()
    assert len(chart.lanes) == 10
    assert chart.notes == ("11 more processes; choose with processes=[...] or raise lanes",)
    assert len(run(main).trace.sequence(lanes=30).lanes) == 21


def test_no_events_make_an_empty_chart():
    assert Trace().sequence().text() == "nothing has happened"
    parse(Trace().sequence().svg())


def test_lifelines_begin_at_the_spawn_and_end_at_the_exit():
    chart = run(two_crashes).trace.sequence(["top", "a"])
    first, second = chart.lanes[1:3]
    assert (first.first, chart.rows[first.last].kind) == (0, "exit")
    assert chart.rows[second.first].kind == "spawn"


# ---- drawing ------------------------------------------------------------------------------------------


def test_the_svg_has_a_lane_for_each_process_and_a_row_for_each_event():
    chart = run(two_crashes).trace.sequence()
    root = parse(chart.svg())
    assert len(every(root, "g", "lane")) == len(chart.lanes)
    assert [int(row.get("data-event")) for row in every(root, "g", "row")] == [row.event for row in chart.rows]
    assert words(root, "ink bold") == [lane.title for lane in chart.lanes]
    assert {"0", "100", "400"} <= set(words(root, "soft"))


def test_the_svg_tells_kinds_of_rows_apart_by_line_and_head():
    root = parse(run(two_crashes).trace.sequence().svg())
    assert every(root, "g", "row exit") and every(root, "g", "row signal")
    for row in every(root, "g", "row message"):
        assert len(every(row, "polygon")) == 1
    for row in every(root, "g", "row spawn"):
        assert every(row, "line", "dashed")


def test_what_does_not_fit_is_shortened_and_whole_in_the_tip():
    async def main():
        async def deaf():
            await erlang.receive("never")

        erlang.send(erlang.spawn(deaf), ("a_very_long_message", list(range(300, 360))))

    root = parse(run(main).trace.sequence().svg())
    (label,) = [each for each in every(root, "text", "halo") if each.text.startswith("{a_very")]
    assert label.text.endswith("…")
    assert label[0].text.endswith("359]}")


def test_mermaid_has_a_sequence_diagram():
    assert (
        run(ping_pong).trace.sequence(["shell", "pong"], limit=2).mermaid()
        == lines("""
        sequenceDiagram
          participant p0 as shell #60;0.83.0#62;
          participant p1 as pong #60;0.85.0#62;
          Note over p0,p1: 0 ms
          p0-->>p1: spawn_link
          p0->>p1: #123;ping,#60;0.83.0#62;#125;
          Note over p0: 1 more rows until 0 ms#59; narrow start and end, or raise limit
    """)
        + "\n"
    )
