"""Running a plan: which element comes when, how runs are counted, what ends a director. Nothing runs here."""

import pytest

from director import checks, default_plan_element_fun, plan
from director.defaults import NOTHING
from erlsim import erlang


def child(elements, **values):
    return checks.childspec({"id": "a", "start": ("m", "f"), "plan": elements, **values}, NOTHING)


def decisions(elements, crashes, reason="oops", **values):
    """What a plan says to so many crashes, and the child then."""
    one, said = child(elements, **values), []
    for _ in range(crashes):
        step = plan.step(one, reason)
        one = step.child
        said.append(step.decision if step.decision[0] != "stop" else ("stop", name(step.decision[1])))
    return said, one


def name(why):
    return why[0] if isinstance(why, tuple) else why


def test_elements_are_run_in_their_order():
    said, _ = decisions(["restart", ("restart", 5000), "wait"], 3)
    assert said == ["restart", ("restart", 5000), "wait"]


def test_behind_its_end_a_plan_begins_anew_and_one_run_is_counted():
    said, one = decisions(["restart", "wait"], 5, count="infinity")
    assert said == ["restart", "wait", "restart", "wait", "restart"]
    assert (one.count2, one.index, one.restart_count) == (2, 2, 5)


def test_a_plan_that_was_run_count_times_stops_the_director():
    said, _ = decisions(["restart", "wait"], 5, count=2)
    assert said == ["restart", "wait", "restart", "wait", ("stop", "reached_max_restart_plan")]


def test_a_count_of_zero_stops_the_director_at_the_first_end():
    assert decisions(["restart"], 1, count=0)[0] == [("stop", "reached_max_restart_plan")]


def test_an_empty_plan_stops_the_director_at_the_first_end():
    assert decisions([], 1, count="infinity")[0] == [("stop", "empty_plan_child_terminated")]


def test_an_exhausted_count_comes_before_an_empty_plan():
    assert decisions([], 1, count=0)[0] == [("stop", "reached_max_restart_plan")]


def test_stop_names_the_child_and_the_reason():
    _, (_, (why, details)), _, _ = plan.step(child(["stop"]), "oops")
    assert why == "stop"
    assert [key for key, _ in details] == ["child", "child_last_error_reason"]
    assert details[1][1] == "oops"


def test_stop_with_a_reason_is_that_reason_exactly():
    assert plan.step(child([("stop", "enough")]), "oops").decision == ("stop", "enough")


def test_an_element_is_counted_before_its_child_is_shown():
    _, (_, (_, details)), _, _ = plan.step(child(["stop", "wait"]), "oops")
    shown = dict(details[0][1])
    assert (shown["restart_count"], shown["plan_element_index"]) == (1, 2)


def test_an_exhausted_plan_shows_the_child_as_it_was():
    _, (_, (_, details)), _, _ = plan.step(child(["restart"], count=0), "oops")
    shown = dict(details[0][1])
    assert (shown["restart_count"], shown["plan_element_index"]) == (0, 1)


def test_a_function_gets_the_reason_and_how_many_elements_were_run_with_this_one():
    seen = []

    def element(reason, count):
        seen.append((reason, count))
        return "wait"

    decisions(["restart", element], 4, count=2)
    assert seen == [("oops", 2), ("oops", 4)]


def test_a_function_may_return_any_other_element():
    for returned in ("restart", ("restart", 60), "wait", "delete", ("stop", "enough")):
        assert plan.step(child([lambda reason, count, it=returned: it]), "oops").decision == returned


def test_throwing_an_element_is_returning_it():
    assert plan.step(child([lambda reason, count: erlang.throw("restart")]), "oops").decision == "restart"


def fault(element):
    """What stops a director whose plan has this function; the function is called with `oops` and 1."""
    _, (_, (why, details)), _, _ = plan.step(child(["wait", element], count=3).counted(), "oops")
    assert why == "run_plan_element"
    assert [key for key, _ in details] == ["child", "child_last_error_reason", "run_plan_error_reason"]
    assert (dict(details[0][1])["restart_count"], details[1][1]) == (2, "oops")
    kind, what = details[2][1]
    assert what[:2] == [("fun", element), ("arguments", ["oops", 2])]
    return (kind, *what[2:])


@pytest.mark.parametrize(
    ("returned", "problem"),
    [
        ("nonsense", ("plan_element_type", [("plan_element", "nonsense")])),
        (("restart", -1), ("plan_restart_time_integer", [("plan_element", ("restart", -1))])),
    ],
)
def test_a_function_that_returns_an_invalid_element_stops_the_director_with_element_and_reason(returned, problem):
    expected = ("fun_bad_return_value", ("return_value", returned), ("reason", problem))
    assert fault(lambda reason, count: returned) == expected


def test_a_function_that_exits_stops_the_director_with_the_reason():
    assert fault(lambda reason, count: erlang.exit("boom")) == ("fun_run_crash", ("reason", "boom"))


def test_a_function_that_crashes_stops_the_director_with_the_reason_and_the_stack():
    kind, (_, (reason, stack)) = fault(lambda reason, count: erlang.error("boom"))
    assert (kind, reason, type(stack)) == ("fun_run_crash", "boom", list)


def test_a_function_that_returns_nothing_has_no_matching_clause():
    kind, (_, (reason, stack)) = fault(lambda reason, count: None)
    assert (kind, reason, stack[0][2]) == ("fun_run_crash", "function_clause", ["oops", 2])


def test_a_function_that_returns_a_function_stops_the_director_without_a_reason():
    def again(reason, count):
        return "restart"

    assert fault(lambda reason, count: again) == ("fun_bad_return_value", ("return_value", again))


def test_a_function_that_returns_an_exit_term_is_one_that_failed():
    assert fault(lambda reason, count: ("EXIT", "thing")) == ("fun_run_crash", ("reason", "thing"))


def test_a_function_that_returns_what_has_to_be_awaited_has_returned_no_element():
    async def waits():
        return "restart"

    kind, (_, returned), (_, (why, _)) = fault(lambda reason, count: waits())
    assert (kind, why, returned.cr_running) == ("fun_bad_return_value", "plan_element_type", False)


STACK = [("m", "f", 1, [])]


@pytest.mark.parametrize(
    "reason",
    [
        *("normal", "shutdown", ("shutdown", "normal")),
        *(("shutdown", detail) for detail in ([1, 2], [], (*STACK,), [("m", "f", 1)], [("m", "f", 1, [], [])])),
        *(("shutdown", [*STACK, detail]) for detail in ("more", ("m", "f"), [1, 2, 3, 4])),
    ],
)
def test_the_default_plan_deletes_a_child_that_ended_in_order(reason):
    assert default_plan_element_fun(reason, 1) == "delete"


@pytest.mark.parametrize("reason", ["oops", "killed", ("normal", []), ("shutdown",), ["shutdown"]])
def test_the_default_plan_restarts_any_other_child(reason):
    assert default_plan_element_fun(reason, 1) == "restart"


def test_a_child_that_crashed_with_the_error_shutdown_did_not_end_in_order():
    assert default_plan_element_fun(("shutdown", [("m", "f", 1, [])]), 1) == "restart"


def test_another_plan_is_counted_from_zero_but_restarts_are_not():
    _, one = decisions(["restart"], 2, count=3)
    changed = one.planned(["wait", "wait"])
    assert (changed.count2, changed.index, changed.restart_count) == (0, 1, 2)


def test_an_empty_plan_has_no_next_element():
    assert child([]).index == 0
    assert child(["wait"]).planned([]).index == 0
