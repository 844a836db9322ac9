"""The default childspec: what is added to a child that appends, what is taken away when the default changes."""

import pytest

import director
from director import checks, default_plan_element_fun, defaults
from erlsim import erlang, timer
from tests.director.support import Bar, crash, ended, pid_of, run, spec, state_of

DEFAULT = {
    "start": ("dt_bar", "start_link", [[]]),
    "plan": ["restart"],
    "count": 5,
    "terminate_timeout": 1000,
    "modules": ["m0"],
}


def added(values, default):
    known = checks.default_childspec(default)
    return defaults.add(checks.childspec({"id": 1, "append": True, **values}, known), known).childspec()


def test_a_child_that_appends_may_leave_out_everything_but_its_id():
    assert added({}, DEFAULT) == {
        "id": 1,
        "start": ("dt_bar", "start_link", [[]]),
        "plan": ["restart", default_plan_element_fun],
        "count": 6,
        "terminate_timeout": 2000,
        "type": "worker",
        "modules": ["m0", "dt_bar"],
        "append": True,
    }


def test_plans_modules_and_arguments_are_joined_the_default_first():
    given = {"start": ("m", "f", ["own"]), "plan": ["wait"], "modules": ["m1"]}
    got = added(given, {**DEFAULT, "start": ("x", "y", ["default"])})
    assert got["start"] == ("m", "f", ["default", "own"])
    assert got["plan"] == ["restart", "wait"]
    assert got["modules"] == ["m0", "m1"]


@pytest.mark.parametrize(("default", "own", "result"), [(5, 1, 6), ("infinity", 1, 1), (5, "infinity", "infinity")])
def test_counts_and_timeouts_are_added_if_both_are_integers_else_the_childs_own_stays(default, own, result):
    got = added({"count": own, "terminate_timeout": own}, {**DEFAULT, "count": default, "terminate_timeout": default})
    assert (got["count"], got["terminate_timeout"]) == (result, result)


@pytest.mark.parametrize(("default", "own", "result"), [("dynamic", ["a"], ["a"]), (["a"], "dynamic", "dynamic")])
def test_dynamic_modules_are_joined_with_nothing(default, own, result):
    assert added({"modules": own}, {**DEFAULT, "modules": default})["modules"] == result


def test_a_child_that_does_not_append_takes_nothing_from_the_default():
    async def main(pid):
        return (await director.get_childspec(pid, "bar_id"))[1]

    got = run(main, spec(plan=["wait"]), default=DEFAULT)
    assert (got["plan"], got["count"], got["terminate_timeout"], got["modules"]) == (["wait"], 1, 1000, ["dt_bar"])


def test_without_a_start_function_anywhere_the_child_is_refused():
    given = {"id": 1, "append": True}
    with pytest.raises(checks.BadSpec) as bad:
        added({}, {"count": 1})
    assert bad.value.term == ("key_not_found", [("key", "start"), ("childspec", given)])


def test_the_default_of_a_director_that_was_given_none_adds_nothing():
    async def main(pid):
        return await director.get_default_childspec(pid), (await director.get_childspec(pid, "bar_id"))[1]

    default, got = run(main, spec(append=True, plan=["wait"], count=2))
    assert default == ("ok", {"count": 0, "modules": [], "plan": [], "terminate_timeout": 0})
    assert (got["plan"], got["count"], got["terminate_timeout"], got["modules"]) == (["wait"], 2, 1000, ["dt_bar"])


def test_a_default_childspec_is_kept_with_the_keys_that_it_has():
    async def main(pid):
        return await director.get_default_childspec(pid)

    assert run(main, default={"start": ("m", "f")}) == ("ok", {"start": ("m", "f", [])})


def test_a_bad_default_childspec_is_refused_and_the_old_one_stays():
    async def main(pid):
        refused = await director.change_default_childspec(pid, {"plan": "restart"})
        return refused, await director.get_default_childspec(pid)

    refused, kept = run(main, default={"count": 3})
    assert refused == (
        "error",
        ("childspec_value", [("key", "plan"), ("reason", ("plan_type", [("plan", "restart")]))]),
    )
    assert kept == ("ok", {"count": 3})


def test_a_default_childspec_that_is_no_map_is_told_as_such():
    async def main(pid):
        return await director.change_default_childspec(pid, "x"), await director.start_link("dt_foo", ("ok", [], "x"))

    refused = ("error", ("default_childspec_type", [("childspec", "x")]))
    assert run(main) == (refused, refused)


def test_a_default_childspec_may_have_a_type_which_is_checked_and_shown():
    async def main(pid):
        refused = await director.change_default_childspec(pid, {"type": "x"})
        return refused, await director.get_default_childspec(pid), (await director.which_children(pid))[0][2]

    refused, shown, type_ = run(main, spec(append=True), default={"type": "supervisor", "count": 2})
    assert refused == ("error", ("childspec_value", [("key", "type"), ("reason", ("type_type", [("type", "x")]))]))
    assert (shown, type_) == (("ok", {"type": "supervisor", "count": 2}), "worker")


def test_a_new_default_is_for_children_that_are_added_then():
    async def main(pid):
        changed = await director.change_default_childspec(pid, {"count": 10})
        await director.start_child(pid, spec("b", append=True))
        return changed, (await director.get_childspec(pid, "b"))[1]["count"]

    assert run(main) == ("ok", 11)


def test_when_the_default_changes_the_old_one_is_taken_away_and_the_new_one_added():
    async def main(pid):
        new = {"plan": ["wait"], "count": 1, "terminate_timeout": 7, "modules": ["new"], "start": ("a", "b", ["x"])}
        await director.change_default_childspec(pid, new)
        return (await director.get_childspec(pid, "bar_id"))[1]

    got = run(
        main, spec(append=True, args=[[]], plan=["delete"], count=2), default={**DEFAULT, "start": ("a", "b", [])}
    )
    assert got["start"] == ("dt_bar", "start_link", ["x", []])
    assert got["plan"] == ["wait", "delete"]
    assert (got["count"], got["terminate_timeout"], got["modules"]) == (3, 1007, ["new", "dt_bar"])


def test_a_plan_that_was_changed_meanwhile_only_gets_the_new_default():
    async def main(pid):
        await director.change_plan(pid, "bar_id", ["delete"])
        await director.change_default_childspec(pid, {"plan": ["restart"]})
        return await director.get_plan(pid, "bar_id")

    assert run(main, spec(append=True, plan=["wait"]), default={"plan": ["wait"]}) == ("ok", ["restart", "delete"])


def test_the_old_default_is_taken_from_a_changed_plan_wherever_it_stands_there():
    async def main(pid):
        await director.change_plan(pid, "bar_id", ["wait", "restart", "delete", "restart"])
        await director.change_default_childspec(pid, {"plan": [("restart", 5)]})
        return await director.get_plan(pid, "bar_id")

    got = run(main, spec(append=True, plan=["wait"]), default={"plan": ["restart"]})
    assert got == ("ok", [("restart", 5), "wait", "delete", "restart"])


def test_old_default_arguments_and_modules_are_taken_away_one_by_one():
    old = {"start": ("m", "f", [1, 2, True]), "modules": ["a", "b"]}
    child = checks.childspec(
        {"id": 1, "start": ("m", "f", [2, True, 1, 1.0]), "modules": ["b", "c"], "append": True}, old
    )
    got = defaults.separate(child, old).childspec()
    assert (got["start"], got["modules"]) == (("m", "f", [1.0]), ["c"])


def test_a_child_that_appends_is_made_anew_when_the_default_changes_and_its_process_forgotten():
    async def main(pid):
        before = await pid_of(pid)
        await director.change_default_childspec(pid, {"count": 1})
        state = await state_of(pid)
        again = await director.restart_child(pid, "bar_id")
        return state, again[0], before != await pid_of(pid), erlang_alive(before)

    assert run(main, spec(append=True)) == ("undefined", "ok", True, True)


def test_a_child_that_does_not_append_runs_on_when_the_default_changes():
    async def main(pid):
        before = await pid_of(pid)
        await director.change_default_childspec(pid, {"count": 1})
        return before == await pid_of(pid)

    assert run(main, spec())


def test_the_end_of_a_forgotten_process_is_no_crash_of_the_child():
    async def main(pid):
        before = await pid_of(pid)
        await director.change_default_childspec(pid, {"count": 1})
        erlang.exit(before, "kill")
        await timer.sleep(1)
        return await state_of(pid)

    assert run(main, spec(append=True, plan=["stop"])) == "undefined"


def test_ten_children_are_started_from_a_default_and_their_ids():
    async def main(pid):
        for number in range(1, 11):
            answer = await director.start_child(pid, {"id": number, "append": True})
            assert answer[0] == "ok"
        return await director.count_children(pid)

    default = {"start": (Bar, "start_link"), "plan": ["restart"], "count": 5}
    assert run(main, default=default) == [("specs", 10), ("active", 10), ("supervisors", 0), ("workers", 10)]


def test_the_default_plan_comes_first_when_the_child_crashes():
    async def main(pid):
        states = []
        for _ in range(2):
            await crash(pid)
            states.append(await state_of(pid))
        return states

    assert run(main, spec(append=True, plan=["wait"]), default={"plan": ["restart"]}) == ["up", "undefined"]


def erlang_alive(pid):
    return erlang.is_process_alive(pid)


def test_a_child_that_is_made_anew_may_crash_as_often_as_before():
    async def main(pid):
        await crash(pid)
        await director.change_default_childspec(pid, {})
        await director.restart_child(pid, "bar_id")
        await crash(pid)
        return await state_of(pid)

    assert run(main, spec(append=True, plan=["restart"], count=1)) == "up"


def test_a_start_function_is_taken_from_the_default_by_a_child_that_appends_and_has_none():
    default = {"start": ("dt_bar", "start_link")}
    for append in (False, None):
        given = {"id": 1} if append is None else {"id": 1, "append": append}
        refused = ("error", ("key_not_found", [("key", "start"), ("childspec", given)]))
        assert director.check_childspec(given, default) == refused
    assert director.check_childspec({"id": 1, "append": True}, default) == "ok"
    assert director.check_childspec({"id": 1, "append": True})[0] == "error"


def test_a_bad_default_is_told_before_a_bad_childspec():
    refused = ("error", ("default_childspec_type", [("childspec", [])]))
    assert director.check_childspec("nonsense", []) == refused


def test_the_values_of_a_default_are_checked_in_the_order_of_the_keys_of_a_childspec():
    bad = {"modules": 3, "terminate_timeout": -1, "type": "x", "count": -1, "plan": "p", "start": "s"}
    told = []
    for _ in range(len(bad)):
        _, (_, [(_, key), _]) = director.check_childspec({"id": 1, "start": ("m", "f")}, bad)
        told.append(key)
        del bad[key]
    assert told == ["start", "plan", "count", "type", "terminate_timeout", "modules"]


@pytest.mark.parametrize(
    ("default", "own", "left"), [(5, 3, 0), (5, 5, 0), (5, 6, 1), ("infinity", 3, 3), (5, "infinity", "infinity")]
)
def test_what_is_taken_away_from_counts_and_timeouts_leaves_at_least_nothing(default, own, left):
    given = {"id": 1, "start": ("m", "f"), "append": True, "count": own, "terminate_timeout": own}
    got = defaults.separate(checks.childspec(given, {}), {"count": default, "terminate_timeout": default})
    assert (got.count, got.terminate_timeout) == (left, left)


def test_a_child_that_is_made_anew_has_no_past():
    async def main(pid):
        await crash(pid)
        await timer.sleep(10)
        await director.change_default_childspec(pid, {})
        await director.restart_child(pid, "bar_id")
        await director.change_plan(pid, "bar_id", ["stop"])
        await crash(pid)
        return dict(dict((await ended(pid))[1])["child"])

    child = run(main, spec(append=True, plan=[("restart", 5)], count=9))
    past = [child[key] for key in ("restart_count", "count2", "timer_reference", "plan_element_index", "extra")]
    assert past == [1, 1, "undefined", 1, "undefined"]


def test_runs_of_a_plan_are_counted_from_zero_when_the_default_changes():
    async def main(pid):
        await director.change_default_childspec(pid, {})
        await director.restart_child(pid, "bar_id")
        await crash(pid)
        first = await state_of(pid)
        await crash(pid)
        return first, (await ended(pid))[0]

    assert run(main, spec(append=True, plan=["restart"], count=1)) == ("up", "reached_max_restart_plan")
