"""What `sys` may ask of a director: state, suspending, tracing, new code."""

import pytest

import director
from erlsim import Error, erlang, timer
from erlsim.otp import supervisor, sys
from tests.director.support import crash, ended, pid_of, run, run_plain, spec, state_of


def test_the_state_is_shown_as_a_record():
    async def main(pid):
        return await sys.get_state(pid)

    record = run(main, default={"count": 3})
    assert record[:4] == ("director_state_record", "foo_sup", "dt_foo", ("ok", [], {"count": 3}))
    assert record[5] == {"count": 3}


def test_the_default_childspec_in_the_state_may_be_replaced():
    async def main(pid):
        await sys.replace_state(pid, lambda record: (*record[:5], {"count": 9}))
        return await director.get_default_childspec(pid)

    assert run(main) == ("ok", {"count": 9})


def test_a_state_that_cannot_be_is_refused_and_the_old_one_stays():
    async def main(pid):
        with pytest.raises(Error) as failure:
            await sys.replace_state(pid, lambda record: "nonsense")
        assert failure.value.reason[0] == "callback_failed"
        return await sys.get_state(pid), await director.get_default_childspec(pid)

    record, default = run(main, default={"count": 9})
    assert (record[0], default) == ("director_state_record", ("ok", {"count": 9}))


def test_a_suspended_director_restarts_nobody_until_it_is_resumed():
    async def main(pid):
        child = await pid_of(pid)
        await sys.suspend(pid)
        erlang.exit(child, "kill")
        await timer.sleep(10)
        others = erlang.process_info(pid, "links")
        await sys.resume(pid)
        return len(others[1]), await state_of(pid)

    assert run(main, spec(plan=["restart"])) == (1, "up")


def test_a_director_can_be_told_to_end():
    async def main(pid):
        await sys.terminate(pid, "enough")
        return await ended(pid)

    assert run(main, spec()) == "enough"


def test_the_status_names_the_callback_module():
    async def main(pid):
        _, _, module, _ = await sys.get_status(pid)
        return module, await supervisor.get_callback_module(pid)

    assert run(main) == (("module", "director"), "dt_foo")


def test_events_can_be_kept_and_counted():
    async def main(pid):
        await sys.log(pid, True)
        await sys.statistics(pid, True)
        await director.count_children(pid)
        await crash(pid)
        (_, events), (_, counts) = await sys.log(pid, "get"), await sys.statistics(pid, "get")
        return [event[0] for event in events], dict(counts)["messages_in"], dict(counts)["messages_out"]

    kinds, received, sent = run(main, spec(plan=["restart"]))
    assert kinds == ["in", "out", "in", "out", "in"]  # count_children, get_pid, the exit
    assert (received, sent) == (3, 2)


def changed(specs, new, after=None):
    """What `change_code` says when `init` returns `new` then, and the director's childspecs afterwards."""
    answers = [("ok", list(specs)), new]

    def init():
        return answers[0]

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await director.start_link("dt_foo", init)
        if after is not None:
            await after(pid)
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


def test_new_code_adds_children_without_starting_them_and_drops_none():
    said, rows, _ = changed([spec("a")], ("ok", [spec("b")]))
    assert (said, rows) == ("ok", [("a", "up"), ("b", "undefined")])


def test_new_code_may_ignore():
    assert changed([spec("a")], "ignore")[:2] == ("ok", [("a", "up")])


@pytest.mark.parametrize("new", ["garbage", ("ok", [{"id": 1}]), ("ok", [], {"count": -1}), ("error", "not_now")])
def test_new_code_with_a_fault_changes_nothing(new):
    said, rows, plans = changed([spec("a", plan=["wait"])], new)
    assert said[0] == "error"
    assert (rows, plans) == ([("a", "up")], [["wait"]])


def test_new_code_leaves_a_plan_where_it_is():
    plan = ["restart", "wait"]
    said, rows, _ = changed([spec(plan=plan)], ("ok", [spec(plan=plan)]), after=crash)
    assert (said, rows) == ("ok", [("bar_id", "undefined")])
