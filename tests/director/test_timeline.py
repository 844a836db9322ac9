"""Timelines: what they say of a plan, how they compare, how they look, and that a ten-line model agrees."""

import io
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import director
import erlsim.trace
from director import timeline
from erlsim import ErlsimError

START = {"id": "bar", "start": ("bar", "start_link")}


def line(plan, *crashes, **values):
    more = {key: values.pop(key) for key in ("until", "instants", "default_childspec") if key in values}
    return timeline({**START, "plan": plan, **values}, crashes, **more)


def test_a_timeline_has_a_row_for_each_crash():
    got = line(["restart", ("restart", 5000), "delete"], (10, "oops"), (20, "killed"), (30, "normal"))
    assert [tuple(row)[0:1] + tuple(row)[2:] for row in got.rows] == [
        (10, "oops", 1, (1, "restart"), "restart", "up"),
        (30, "killed", 2, (2, ("restart", 5000)), ("restart", 5000), "restarting"),
        (5060, "normal", 3, (3, "delete"), "delete", "deleted"),
    ]
    assert (got.until, got.exit) == (5060, None)


def test_spans_tell_when_the_child_was_what():
    spans = line([("restart", 50), "wait"], (10, "oops"), (5, "oops"), until=100).spans()
    assert [span[:3] for span in spans] == [
        (0, 10, "up"),
        (10, 60, "restarting"),
        (60, 65, "up"),
        (65, 100, "waiting"),
    ]
    assert [span.pid is not None for span in spans] == [True, False, True, False]


def test_what_takes_no_time_is_no_span():
    spans = line(["restart"], (10, "oops"), until=20).spans()
    assert [span[:3] for span in spans] == [(0, 10, "up"), (10, 20, "up")]


def test_the_state_at_an_instant_can_be_asked_for():
    got = line([("restart", 50)], (10, "oops"), until=100)
    assert [got.state_at(time) for time in (9, 11, 59, 61, 100)] == ["up", "restarting", "restarting", "up", "up"]
    with pytest.raises(ErlsimError, match="101"):
        got.state_at(101)


def test_the_end_of_the_director_ends_the_timeline_of_all_children():
    children = [{**START, "id": "a", "plan": ["stop"]}, {**START, "id": "b", "plan": [("restart", 500)]}]
    got = timeline(children, {"a": [(20, "oops")], "b": [(10, "damn")]}, until=100)
    assert (got.exit, got.rows[-1].decision) == ("stop", ("stop", "stop"))
    assert [got.state_at(time, "b") for time in (5, 15, 20)] == ["up", "restarting", "stopped"]
    with pytest.raises(ErlsimError, match="no child c"):
        got.spans("c")
    assert got.state_at(99, "b") == "stopped"


@pytest.mark.parametrize("until", [20, 100])
def test_every_line_is_down_once_from_the_end_of_the_director_on(until):
    children = [{**START, "id": id_, "plan": plan} for id_, plan in (("a", ["stop"]), ("b", ["wait"]), ("c", ["wait"]))]
    got = timeline(children, {"a": [(20, "oops")], "b": [(10, "damn")]}, until=until)
    ends = {"a": [(0, 20, "up")], "b": [(0, 10, "up"), (10, 20, "waiting")], "c": [(0, 20, "up")]}
    for id_, before in ends.items():
        assert [span[:3] for span in got.spans(id_)] == [*before, (20, until, "down")]


@pytest.mark.parametrize(("length", "cut"), [(30, False), (31, True)])
def test_a_picture_names_a_child_with_thirty_characters(length, cut):
    name = "c" * length
    text = timeline({**START, "id": name, "plan": ["wait"]}, [(5, "oops")]).svg()
    assert (name not in text) is cut and "c" * 20 in text


def test_stop_with_a_reason_shows_the_reason():
    assert line([("stop", "enough")], (1, "oops")).exit == "enough"


def test_an_exhausted_plan_shows_no_element():
    got = line(["restart"], (1, "oops"), (1, "oops"))
    assert (got.rows[1].element, got.exit) == (None, "reached_max_restart_plan")


def test_functions_are_asked_as_in_a_director():
    got = line([lambda reason, count: ("restart", 7 * count)], (1, "a"), (1, "b"), count=9)
    assert [row.decision for row in got.rows] == [("restart", 7), ("restart", 14)]


def test_crashes_may_be_given_as_instants_and_one_of_a_child_that_is_down_does_not_happen():
    got = line([("restart", 50)], (10, "oops"), (30, "missed"), (100, "damn"), instants=True, count=5)
    assert [(row.time, row.crash) for row in got.rows] == [(10, "oops"), (100, "damn")]


def test_a_default_childspec_is_added_to_children_that_append():
    got = line(["delete"], (1, "a"), (1, "b"), append=True, default_childspec={"plan": ["restart"]})
    assert [row.decision for row in got.rows] == ["restart", "delete"]


def test_a_childspec_that_is_refused_is_named():
    with pytest.raises(ErlsimError, match="count_range_or_type"):
        line(["restart"], count=-1)
    with pytest.raises(ErlsimError, match="duplicate_id"):
        timeline([START, START], {})


def test_an_unknown_child_cannot_crash():
    with pytest.raises(ErlsimError, match="nobody"):
        timeline([START], {"nobody": []})


def test_equal_plans_give_equal_timelines():
    assert line(["restart"], (1, "a")) == line(["restart"], (1, "a"))
    assert line(["restart"], (1, "a")) != line(["wait"], (1, "a"))
    assert line(["restart"], (1, 1)) != line(["restart"], (1, 1.0))


def test_the_first_difference_is_told_in_words():
    one, other = line(["restart"], (1, "a")), line([("restart", 9)], (1, "a"))
    assert one.difference(one) == one.difference(line(["restart"], (1, "a"))) == ""
    assert one.difference(other) == "row 1, element: {1,restart} and {1,{restart,9}}"
    longer = line(["restart"], (1, "a"), (2, "b"))
    told = "row 2 is in the second only: 3, bar, b, 2, , {stop,reached_max_restart_plan}, stopped"
    assert one.difference(longer) == told
    assert longer.difference(one) == told.replace("second", "first")
    assert "the end" in line(["restart"], until=5).difference(line(["restart"], until=6))


def test_a_timeline_prints_as_a_table():
    got = str(line(["restart", ("restart", 5000)], (10, "oops"), (20, "killed"), until=100))
    assert got.splitlines() == [
        "time  crash   count  element            decision        state",
        "10    oops    1      1: restart         restart         up",
        "30    killed  2      2: {restart,5000}  {restart,5000}  restarting",
        "at 100 ms: bar restarting",
    ]


def test_the_children_of_a_director_have_a_column():
    got = timeline([{**START, "id": "a"}, {**START, "id": "b"}], {"b": [(1, "normal")]})
    headings, row, ending = got.table().splitlines()
    assert headings.split()[:3] == ["time", "child", "crash"]
    assert row.split()[:4] == ["1", "b", "normal", "1"]
    assert ending == "at 1 ms: a up, b deleted"


def test_html_and_svg_are_well_formed_whatever_the_terms():
    got = line([("stop", "<&>")], (10, ["<b>", "&"]))
    ET.fromstring(got.svg())
    ET.fromstring(f"<div>{got._repr_html_()}</div>")
    assert "&lt;b&gt;" in got._repr_html_()


def test_lifelines_are_drawn_as_those_of_a_trace_are():
    got = line([("restart", 50), "delete"], (10, "oops"), (20, "oops"), until=100)
    assert isinstance(got.timeline, erlsim.trace.Timeline)
    assert got.svg() == got.timeline.svg()
    pieces = ("up as", "restarting from", "waiting from", "deleted from")
    assert [got.svg().count(f"<title>{state} ") for state in pieces] == [2, 1, 0, 1]
    assert [(death.time, death.reason, death.killer) for death in got.timeline.deaths] == [
        (10, "oops", None),
        (80, "oops", None),
    ]
    assert "prefers-color-scheme:dark" in got._repr_html_()


def test_deleted_is_in_the_legend_only_where_a_child_was():
    assert ">deleted</text>" in line(["delete"], (1, "oops"), until=9).svg()
    assert ">deleted</text>" not in line(["wait"], (1, "oops"), until=9).svg()


def test_rich_shows_brackets_as_they_are():
    console = Console(width=200, file=io.StringIO())
    console.print(line(["restart"], (1, ["a", "b"])))
    assert "[a,b]" in console.file.getvalue()


def lives(got, *ids):
    return [[span[:3] for span in got.spans(id_)] for id_ in ids or got.ids]


def test_crashes_of_several_children_without_their_ids_are_those_of_the_first():
    children = [{**START, "id": id_, "plan": ["wait"]} for id_ in ("a", "b", "c")]
    assert [(row.id, row.time) for row in timeline(children, [(5, "oops")]).rows] == [("a", 5)]


def test_crashes_of_one_child_may_be_given_by_its_id():
    got = timeline({**START, "plan": ["wait"]}, {"bar": [(5, "oops")]})
    assert [(row.id, row.time) for row in got.rows] == [("bar", 5)]


def test_a_director_without_children_has_a_timeline_without_rows():
    got = timeline([], [], until=7)
    assert (got.ids, got.rows, got.until, got.exit) == ((), (), 7, None)


def test_of_several_unknown_children_the_first_is_told():
    with pytest.raises(ErlsimError, match=r"^there is no child 'x' to crash$"):
        timeline({**START, "plan": ["wait"]}, {"bar": [], "x": [], "y": []})


def test_a_crash_at_the_instant_of_a_restart_happens_and_one_before_it_does_not():
    crashes = (10, "oops"), (59, "missed"), (60, "at once"), (200, "late")
    got = line([("restart", 50)], *crashes, instants=True, count=5)
    assert [(row.time, row.crash) for row in got.rows] == [(10, "oops"), (60, "at once"), (200, "late")]


def test_crashes_are_counted_from_the_start_of_each_process_unless_they_are_instants():
    assert [row.time for row in line(["restart"], (10, "a"), (10, "b"), count=3).rows] == [10, 20]
    assert [row.time for row in line(["restart"], (10, "a"), (10, "b"), count=3, instants=True).rows] == [10, 10]


def test_a_process_that_ends_at_once_is_no_span_but_the_last_state_is_one():
    assert lives(line(["restart"], (10, "a"), (0, "b"), until=20, count=3)) == [[(0, 10, "up"), (10, 20, "up")]]
    assert lives(line(["wait"], (10, "a"), until=10)) == [[(0, 10, "up"), (10, 10, "waiting")]]


def test_at_the_instant_of_a_change_the_state_is_the_new_one():
    got = line([("restart", 50)], (10, "oops"), until=100)
    assert [got.state_at(time) for time in (0, 10, 60)] == ["up", "restarting", "up"]
    with pytest.raises(ErlsimError, match=r"^nothing is known of time -1 here: the timeline ends at 100$"):
        got.state_at(-1)


def test_a_timeline_is_equal_to_no_other_thing_and_its_pids_do_not_count():
    got = line(["restart"], (1, "a"), until=9)

    def changed(**values):
        (life,) = got.timeline.lifelines
        spans = tuple(span._replace(**values) for span in life.spans)
        return replace(got, timeline=replace(got.timeline, lifelines=(life._replace(spans=spans),)))

    assert (got == 1, got == changed(pid=None), got == changed(state="down")) == (False, True, False)
    assert got.__eq__(1) is NotImplemented
    assert (got == replace(got, exit="x"), replace(got, exit="x") == replace(got, exit="y")) == (False, False)
    assert [life[1] for life in got.timeline.lifelines] == [0]


def test_how_two_timelines_end_is_told_in_words():
    assert line(["restart"], until=5).difference(line(["restart"], until=6)) == (
        "the end: at 5 ms: bar up and at 6 ms: bar up"
    )
    many = [(1, "a"), (1, "b"), (1, "c")]
    assert line([("restart", 5)], *many[:2], count=9).difference(line([("restart", 5)], *many, count=9)) == (
        "row 3 is in the second only: 13, bar, c, 3, 1: {restart,5}, {restart,5}, restarting"
    )
    once = line(["restart"], (1, "a"), (1, "b"))
    assert once.difference(line(["wait"], (1, "a"))) == "row 1, element: {1,restart} and {1,wait}"
    assert line(["restart"], (1, "a"), (1, "b"), count=9).difference(once) == "row 2, element: {1,restart} and nothing"


def test_a_table_has_a_style_for_each_state():
    children = [
        {**START, "id": id_, "plan": [plan]}
        for id_, plan in zip("abcd", ["delete", "wait", "restart", "stop"], strict=True)
    ]
    got = timeline(children, {id_: [(at, "x")] for at, id_ in enumerate("abcd")})
    headings, *rows, ending = got.lines()
    assert [style for _, style in headings] == ["strong"]
    assert [(row[0][1], row[1]) for row in rows] == [
        ("", (state, style))
        for state, style in (("deleted", "soft"), ("waiting", "waiting"), ("up", "up"), ("stopped", "down"))
    ]
    assert ending == [("the director stopped: stop", "")]


def test_a_timeline_has_the_pictures_of_its_lifelines():
    got = line([("restart", 50), "delete"], (10, "oops"), (20, "oops"), until=100)
    assert (got.mermaid(), got.svg()) == (got.timeline.mermaid(), got.timeline.svg())


# ---- a model in ten lines ------------------------------------------------------


def model(plan, count, crashes):
    """The document's words: time and decision of each end."""
    now, run, place, said = 0, 0, 0, []
    for uptime, _ in crashes:
        now += uptime
        if count != "infinity" and run == count:
            return [*said, (now, "reached_max_restart_plan")]
        element = plan[place]
        said.append((now, element))
        if element in ("wait", "delete", "stop"):
            return said
        now += 0 if element == "restart" else element[1]
        place = (place + 1) % len(plan)
        run += place == 0
    return said


ELEMENT = st.one_of(
    st.sampled_from(["restart", "restart", "wait", "delete", "stop"]), st.tuples(st.just("restart"), st.integers(1, 99))
)
CRASHES = st.lists(st.tuples(st.integers(0, 50), st.sampled_from(["oops", "normal", "killed"])), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(ELEMENT, min_size=1, max_size=5), st.one_of(st.integers(0, 4), st.just("infinity")), CRASHES)
def test_the_model_predicts_every_timeline(plan, count, crashes):
    rows = timeline({**START, "plan": plan, "count": count}, crashes).rows
    seen = [(row.time, row.decision[1] if row.decision[0] == "stop" else row.decision) for row in rows]
    assert seen == model(plan, count, crashes)


@settings(max_examples=50, deadline=None)
@given(st.lists(ELEMENT, min_size=1, max_size=4), st.integers(0, 4), CRASHES)
def test_lint_proves_nothing_that_does_not_happen(plan, count, crashes):
    spec = {**START, "plan": plan, "count": count}
    rows = timeline(spec, crashes).rows
    for found in director.lint(spec, notes=True):
        if found.code == "unreachable":
            assert all(row.element is None or row.element[0] != found.position for row in rows)
        if found.code == "stops_at_crash":
            assert len(rows) <= int(found.sentence.rstrip(".").rpartition(" ")[2])
