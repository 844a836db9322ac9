"""Starts that fail when a plan or a timer wants them: what becomes of the child, and what is told of it."""

import director
import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server
from tests.director.support import crash, ended, pid_of, run, spec, state_of


def failing(plan, *fails, **values):
    """A child whose first start succeeds and whose next ones fail or not."""
    return spec(function="start_failing", args=[[False, *fails]], plan=plan, **values)


async def row(pid):
    await crash(pid)
    await timer.sleep(80)
    rows = [(id_, state) for id_, state, _, _ in await director.which_children(pid)]
    return rows, await director.get_pid(pid, "bar_id")


def test_after_a_failed_delayed_restart_and_wait_the_child_stays_restarting():
    child = failing([("restart", 30), "wait"], True, count=3)
    assert run(row, child) == ([("bar_id", "restarting")], ("error", "restarting"))


def test_a_child_that_stays_restarting_can_be_restarted_ended_and_deleted():
    async def main(pid, what):
        await row(pid)
        answer = await what(pid, "bar_id")
        return answer if answer == "ok" else answer[0], await state_of(pid)

    child = [("restart", 30), "wait"], True
    wanted = [(director.restart_child, "up"), (director.terminate_child, "undefined"), (director.delete_child, "gone")]
    for what, state in wanted:
        assert run(lambda pid, what=what: main(pid, what), failing(*child, count=3)) == ("ok", state)


def exit_of(*specs):
    async def main(pid):
        await crash(pid)
        why, details = await ended(pid)
        return why, dict(dict(details)["child"])["pid"], dict(details)["child_last_error_reason"]

    return run(main, *specs)


def test_after_a_failed_delayed_restart_the_directors_exit_shows_the_child_as_restarting():
    assert exit_of(failing([("restart", 30), "stop"], True, count=3)) == ("stop", "restarting", "no_luck")


def test_a_plan_that_is_exhausted_by_a_failed_delayed_restart_shows_the_child_as_restarting():
    assert exit_of(failing([("restart", 30)], True)) == ("reached_max_restart_plan", "restarting", "no_luck")


def test_an_empty_plan_after_a_failed_delayed_restart_shows_the_child_as_restarting():
    async def main(pid):
        await crash(pid)
        await director.change_plan(pid, "bar_id", [])
        why, details = await ended(pid)
        return why, dict(dict(details)["child"])["pid"]

    assert run(main, failing([("restart", 30)], True)) == ("empty_plan_child_terminated", "restarting")


def final_message_after(plan):
    """The children that a director's final message lists when a start of `bar_id` has failed."""
    sim = erlsim.Simulation(trace=False)

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await director.start_link("dt_foo", ("ok", [failing(plan, True, count=3), spec("other")]))
        await crash(pid)
        await ended(pid)

    sim.run(main)
    texts = [sim.reports.text(report.event) for report in sim.reports]
    (last,) = [text for text in texts if "** Children ==" in text]
    return last[last.index("** Children ==") : last.index("** State ==")].replace("\n", "").replace(" ", "")


def test_a_child_whose_delayed_restart_failed_is_missing_in_the_final_message():
    words = final_message_after([("restart", 30), "stop"])
    assert "{id,other}" in words
    assert "{id,bar_id}" not in words


def test_a_child_whose_immediate_restart_failed_is_in_the_final_message_as_it_was_before():
    words = final_message_after(["restart", "stop"])
    assert "{id,bar_id},{pid,undefined}" in words
    assert words.count("{restart_count,0}") == 2


def test_after_a_failed_immediate_restart_delete_deletes_nothing():
    assert run(row, failing(["restart", "delete"], True, count=3)) == (
        [("bar_id", "undefined")],
        ("error", "undefined"),
    )


def test_a_child_that_was_to_be_deleted_then_has_the_counters_from_before_its_crash():
    async def main(pid):
        await row(pid)
        await director.restart_child(pid, "bar_id")
        await director.change_plan(pid, "bar_id", ["stop"])
        await crash(pid)
        _, details = await ended(pid)
        return dict(dict(details)["child"])["restart_count"]

    assert run(main, failing(["restart", "delete"], True, count=3)) == 1


def test_a_child_that_was_to_be_deleted_runs_its_plan_from_the_start_when_it_is_restarted():
    async def main(pid):
        await row(pid)
        await director.restart_child(pid, "bar_id")
        await crash(pid)
        return await state_of(pid)

    assert run(main, failing(["restart", "delete"], True, count=3)) == "up"


def test_after_a_failed_delayed_restart_delete_deletes_the_child():
    assert run(row, failing([("restart", 30), "delete"], True, count=3)) == ([], ("error", "not_found"))


def test_a_timer_that_fires_while_terminate_child_waits_in_the_queue_starts_the_child():
    async def main(pid):
        await crash(pid, "killed", "a")
        said = []

        async def end(id_):
            said.append((id_, await director.terminate_child(pid, id_)))

        erlang.spawn(lambda: end("b"))
        await timer.sleep(10)
        await end("a")
        await timer.sleep(300)
        return said, await state_of(pid, "a")

    slow = spec("b", args=[{"trap": True, "last": ("sleep", 150)}])
    assert run(main, spec("a", plan=[("restart", 60)]), slow) == ([("b", "ok"), ("a", "ok")], "up")


def test_terminate_child_before_the_timer_fires_cancels_it():
    async def main(pid):
        await crash(pid, "killed", "a")
        await director.terminate_child(pid, "a")
        await timer.sleep(300)
        return await state_of(pid, "a")

    assert run(main, spec("a", plan=[("restart", 60)])) == "undefined"


def test_the_timer_of_a_child_that_was_deleted_starts_nobody_of_its_name():
    async def main(pid):
        await crash(pid, "killed", "a")
        await director.delete_child(pid, "a")
        await director.start_child(pid, spec("a", plan=["wait"]))
        gen_server.cast(await pid_of(pid, "a"), "oops")
        await timer.sleep(300)
        return await state_of(pid, "a")

    assert run(main, spec("a", plan=[("restart", 60)])) == "undefined"


def test_a_child_that_is_restarted_by_hand_is_waited_for_no_longer():
    from erlsim.simulation import current

    async def main(pid):
        await crash(pid)
        assert (await director.restart_child(pid, "bar_id"))[0] == "ok"
        return current().env.armed()

    assert run(main, spec(plan=[("restart", 5000)])) == []
