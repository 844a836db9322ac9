"""New code for a callback module: what `sys:change_code` takes over from its `init`, and what it refuses."""

import pytest

import director
from erlsim import erlang, timer
from erlsim.otp import sys
from tests.director.support import crash, run_plain, spec, state_of


def changed(specs, new, before=None, after=None):
    """What `change_code` says when `init` returns `new` then, and the director's children and plans afterwards.

    `before` and `after` are awaited with the director before and after that.
    """
    answers = [("ok", list(specs)), new]

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await director.start_link("dt_foo", lambda: answers[0])
        if before is not None:
            await before(pid)
        answers.pop(0)
        await sys.suspend(pid)
        said = await sys.change_code(pid, "dt_foo", "old", [])
        await sys.resume(pid)
        if after is not None:
            await after(pid)
        rows = [
            (id_, state if isinstance(state, str) else "up") for id_, state, _, _ in await director.which_children(pid)
        ]
        plans = [(await director.get_plan(pid, id_))[1] for id_, _ in rows]
        return said, rows, plans

    return run_plain(main)


def test_new_code_changes_the_values_of_running_children():
    said, rows, plans = changed([spec(plan=["wait"])], ("ok", [spec(plan=["restart"])]))
    assert (said, rows, plans) == ("ok", [("bar_id", "up")], [["restart"]])


def test_new_code_that_names_a_new_child_is_refused_and_changes_nothing():
    said, rows, plans = changed([spec("a", plan=["wait"])], ("ok", [spec("a", plan=["stop"]), spec("b")]))
    error, (wrapped, (why, details)) = said
    assert (error, wrapped, why) == ("error", "error", "child_not_found")
    assert details[:2] == [("id", "b"), ("pid", "undefined")]
    assert (rows, plans) == ([("a", "up")], [["wait"]])


def test_a_child_that_new_code_does_not_name_stays():
    said, rows, plans = changed([spec("a", plan=["wait"]), spec("b")], ("ok", [spec("b", plan=["stop"])]))
    assert (said, rows, plans) == ("ok", [("a", "up"), ("b", "up")], [["wait"], ["stop"]])


def test_new_code_starts_every_childs_plan_anew():
    plan = ["restart", "wait"]
    said, rows, _ = changed([spec(plan=plan)], ("ok", [spec(plan=plan)]), before=crash, after=crash)
    assert (said, rows) == ("ok", [("bar_id", "up")])


def test_after_new_code_the_runs_of_a_plan_are_counted_from_zero():
    given = spec(plan=["restart"], count=1)
    said, rows, _ = changed([given], ("ok", [given]), before=crash, after=crash)
    assert (said, rows) == ("ok", [("bar_id", "up")])


def test_new_code_forgets_the_timer_of_a_child_that_waits_for_its_restart():
    seen = []

    async def wait(pid):
        await timer.sleep(100)
        seen.append(await state_of(pid))
        seen.append(await director.terminate_child(pid, "bar_id"))

    given = spec(plan=[("restart", 60)])
    said, rows, _ = changed([given], ("ok", [given]), before=crash, after=wait)
    assert (said, seen, rows) == ("ok", ["restarting", "ok"], [("bar_id", "undefined")])


def test_new_code_may_ignore():
    assert changed([spec("a")], "ignore")[:2] == ("ok", [("a", "up")])


@pytest.mark.parametrize("new", ["garbage", ("ok", [{"id": 1}]), ("ok", [], {"count": -1}), ("ok", "x"), ("stop", "r")])
def test_new_code_with_a_fault_changes_nothing(new):
    said, rows, plans = changed([spec("a", plan=["wait"])], new)
    assert said[0] == "error"
    assert (rows, plans) == ([("a", "up")], [["wait"]])


def test_new_code_whose_init_stops_is_refused_with_its_reason():
    assert changed([], ("stop", "r"))[0] == ("error", ("error", "r"))


@pytest.mark.parametrize("new", ["garbage", ("error", "not_now")])
def test_new_code_whose_init_returns_garbage_is_a_bad_return(new):
    error, (wrapped, (why, details)) = changed([], new)[0]
    assert (error, wrapped, why) == ("error", "error", "bad_return")
    assert [key for key, _ in details] == ["module", "function", "arguments", "returne_value"]
    assert details[3][1] == new


def test_new_code_may_bring_another_default_childspec():
    seen = []

    async def look(pid):
        seen.append(await director.get_default_childspec(pid))

    assert changed([], ("ok", [], {"count": 3}), after=look)[0] == "ok"
    assert seen == [("ok", {"count": 3})]
