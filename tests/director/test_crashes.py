"""What happens when a child ends: plans at work, with timers, failing starts and the director's end."""

import gc

import pytest

import director
import erlsim
from erlsim import Livelock, erlang, timer
from erlsim.otp import gen_server, logger
from tests.director.support import crash, ended, pid_of, run, spec, state_of


def states(*reasons, wait=0, **values):
    """The child's state after each of these ends."""

    async def main(pid):
        seen = []
        for reason in reasons:
            await crash(pid, reason)
            seen.append(await state_of(pid))
            await timer.sleep(wait)
        return seen

    return run(main, spec(**values))


def exit_of(*reasons, **values):
    """Why the director ends, after these ends of its child."""

    async def main(pid):
        for reason in reasons:
            await crash(pid, reason)
        return await ended(pid)

    return run(main, spec(**values))


def test_restart_restarts_at_once():
    assert states("oops", plan=["restart"]) == ["up"]


def test_restart_in_ms_restarts_then_and_says_restarting_until_then():
    async def main(pid):
        await crash(pid)
        before = await state_of(pid), await director.get_pids(pid), await director.get_pid(pid, "bar_id")
        await timer.sleep(4998)
        almost = await state_of(pid)
        await timer.sleep(1)
        return before, almost, await state_of(pid)

    waiting = ("restarting", [], ("error", "restarting"))
    assert run(main, spec(plan=[("restart", 5000)])) == (waiting, "restarting", "up")


def test_wait_leaves_the_child_for_restart_child():
    async def main(pid):
        await crash(pid)
        before = await state_of(pid)
        await director.restart_child(pid, "bar_id")
        return before, await state_of(pid)

    assert run(main, spec(plan=["wait"])) == ("undefined", "up")


def test_delete_forgets_the_child():
    assert states("oops", plan=["delete"]) == ["gone"]


def test_the_default_plan_deletes_after_an_end_in_order_and_restarts_after_a_crash():
    assert states("normal") == ["gone"]
    assert states("shutdown") == ["gone"]
    assert states(("shutdown", "normal")) == ["gone"]
    assert states("oops") == states("killed") == ["up"]


def test_a_plan_of_the_document_restarts_restarts_later_and_deletes():
    plan = ["restart", ("restart", 5000), "delete"]
    assert states("killed", "killed", plan=plan) == ["up", "restarting"]
    assert states("killed", "killed", "killed", wait=6000, plan=plan) == ["up", "restarting", "gone"]


def test_stop_ends_the_director_and_tells_of_the_child():
    why, details = exit_of("oops", plan=["stop"])
    assert why == "stop"
    assert dict(details)["child_last_error_reason"] == "oops"
    assert dict(dict(details)["child"])["id"] == "bar_id"


def test_stop_with_a_reason_ends_the_director_with_exactly_that():
    assert exit_of("oops", plan=[("stop", "enough")]) == "enough"


def test_a_director_whose_plan_is_exhausted_ends():
    why, details = exit_of("oops", "damn", plan=["restart"], count=1)
    assert why == "reached_max_restart_plan"
    assert dict(details)["child_last_error_reason"] == "damn"
    shown = dict(dict(details)["child"])
    assert (shown["count"], shown["count2"], shown["restart_count"], shown["pid"]) == (1, 1, 1, "undefined")


def test_a_director_with_an_empty_plan_ends_whatever_the_reason():
    assert exit_of("normal", plan=[])[0] == "empty_plan_child_terminated"


def test_an_end_in_order_is_run_through_any_other_plan_too():
    assert states("normal", plan=["restart"]) == ["up"]


def test_change_plan_counts_runs_from_zero_again():
    async def main(pid):
        seen = []
        for _ in range(3):
            await director.change_plan(pid, "bar_id", ["restart"])
            await crash(pid)
            seen.append(await state_of(pid))
        return seen

    assert run(main, spec(plan=["restart"], count=1)) == ["up", "up", "up"]


def test_the_session_of_the_document_about_change_plan():
    async def main(pid):
        await crash(pid, "killed")
        seen = [await state_of(pid), await director.get_plan(pid, "bar_id")]
        seen.append(await director.change_plan(pid, "bar_id", ["restart"]))
        seen.append((await director.get_childspec(pid, "bar_id"))[1]["plan"])
        await director.restart_child(pid, "bar_id")
        await crash(pid, "killed")
        return [*seen, await state_of(pid)]

    got = run(main, spec(plan=["wait"], count=1, terminate_timeout=2000))
    assert got == ["undefined", ("ok", ["wait"]), "ok", ["restart"], "up"]


def test_a_function_chooses_by_reason_and_count():
    def element(reason, count):
        return "delete" if count == 3 else ("restart", 60) if reason == "oops" else "restart"

    got = states("oops", "damn", "oops", wait=100, plan=[element], count="infinity")
    assert got == ["restarting", "up", "gone"]


def test_a_function_that_fails_stops_the_director_in_order():
    async def main(pid):
        other = await pid_of(pid, "other")
        await crash(pid)
        return (await ended(pid))[0], erlang.is_process_alive(other)

    children = (spec(plan=[lambda reason, count: "nonsense"]), spec("other"))
    assert run(main, *children) == ("run_plan_element", False)


def test_a_start_that_fails_at_an_immediate_restart_is_an_end_like_any_other():
    async def main(pid):
        await crash(pid)
        return await state_of(pid)

    children = spec(function="start_failing", args=[[False, True, True]], plan=["restart"], count=3)
    assert run(main, children) == "up"


def test_each_such_start_counts_and_the_last_reason_is_told():
    async def main(pid):
        await crash(pid)
        return await ended(pid)

    child = spec(function="start_failing", args=[[False, True, True]], plan=["restart"], count=2)
    why, details = run(main, child)
    assert (why, dict(details)["child_last_error_reason"]) == ("reached_max_restart_plan", "no_luck")


def test_a_start_that_fails_when_its_time_has_come_runs_the_plan_again():
    async def main(pid):
        await crash(pid)
        seen = []
        for _ in range(4):
            await timer.sleep(100)
            seen.append(await state_of(pid))
        return seen

    child = spec(function="start_failing", args=[[False, True]], plan=[("restart", 100), ("restart", 250)])
    assert run(main, child) == ["restarting", "restarting", "restarting", "up"]


def test_a_start_that_fails_for_ever_at_one_instant_is_a_livelock_not_a_hung_test():
    async def main(pid):
        await crash(pid)
        await timer.sleep(10)

    child = spec(function="start_failing", args=[[False, *[True] * 100_000]], plan=["restart"], count="infinity")
    with pytest.raises(Livelock):
        run(main, child, max_steps_per_instant=2000)


def test_a_child_that_asks_for_a_later_start_does_not_use_its_plan():
    async def main(pid):
        await timer.sleep(1250)
        return await state_of(pid)

    assert run(main, spec(function="start_return", args=[("restart", 400)], plan=["stop"], count=0)) == "restarting"


def test_a_child_that_waits_for_its_restart_is_started_at_once_by_restart_child():
    async def main(pid):
        await crash(pid)
        answer = await director.restart_child(pid, "bar_id")
        first = await pid_of(pid)
        await timer.sleep(1000)
        return answer[0], first == await pid_of(pid)

    assert run(main, spec(plan=[("restart", 500)])) == ("ok", True)


def test_restart_child_says_restarting_if_the_child_still_asks_for_a_later_start():
    async def main(pid):
        return await director.restart_child(pid, "bar_id"), await state_of(pid)

    child = spec(function="start_return", args=[("restart", 400)])
    assert run(main, child) == (("error", "restarting"), "restarting")


def test_a_child_that_cannot_be_restarted_by_hand_is_forgotten():
    async def main(pid):
        await director.terminate_child(pid, "bar_id")
        return await director.restart_child(pid, "bar_id"), await state_of(pid)

    child = spec(function="start_failing", args=[[False, True]])
    assert run(main, child) == (("error", "no_luck"), "gone")


def test_a_child_that_waits_for_its_restart_may_be_deleted_and_stays_away():
    async def main(pid):
        await crash(pid)
        deleted = await director.delete_child(pid, "bar_id")
        await timer.sleep(1000)
        return deleted, await state_of(pid)

    assert run(main, spec(plan=[("restart", 500)])) == ("ok", "gone")


def test_the_plan_of_a_child_that_waits_for_its_restart_may_be_changed():
    async def main(pid):
        await crash(pid)
        await director.change_plan(pid, "bar_id", ["delete"])
        await timer.sleep(500)
        up = await state_of(pid)
        await crash(pid)
        return up, await state_of(pid)

    assert run(main, spec(plan=[("restart", 500)])) == ("up", "gone")


def test_children_do_not_share_their_plans_progress():
    async def main(pid):
        await crash(pid, id_="a")
        await crash(pid, id_="b")
        return await state_of(pid, "a"), await state_of(pid, "b")

    assert run(main, spec("a", plan=["restart"]), spec("b", plan=["restart"])) == ("up", "up")


def test_when_a_director_ends_its_children_are_ended_the_youngest_first():
    async def main(pid):
        order = []
        for id_ in ("a", "b", "c"):
            child = await pid_of(pid, id_)

            async def watch(child=child, id_=id_):
                erlang.monitor("process", child)
                order.append((id_, (await erlang.receive(("DOWN", ..., "process", ..., ...)))[4]))

            erlang.spawn(watch)
        await timer.sleep(1)
        gen_server.cast(await pid_of(pid, "b"), "oops")
        await ended(pid)
        return order

    got = run(main, spec("a", args=[{"trap": True}]), spec("b", plan=["stop"]), spec("c"))
    assert got == [("b", "oops"), ("c", "shutdown"), ("a", "shutdown")]


def test_the_exit_of_a_stranger_is_ignored():
    async def main(pid):
        stranger = erlang.spawn(lambda: erlang.link(pid))
        await timer.sleep(1)
        return erlang.is_process_alive(stranger), erlang.is_process_alive(pid), await state_of(pid)

    assert run(main, spec()) == (False, True, "up")


def test_a_crash_leaves_nothing_behind_not_even_to_the_garbage_collector():
    async def crashing():
        await timer.sleep(59_000)
        erlang.exit("oops")

    class Module:
        def init(specs):
            return ("ok", specs)

        def start_child():
            return ("ok", erlang.spawn_link(crashing))

    async def main():
        logger.set_primary_config("level", "none")
        plan = [("restart", 1000)]
        child = {"id": "a", "start": (Module, "start_child"), "plan": plan, "count": "infinity"}
        await director.start_link(Module, [child])
        await timer.sleep(30_000)
        gc.collect()
        gc.disable()
        try:
            before = len(gc.get_objects())
            await timer.sleep(100 * 60_000)
            return len(gc.get_objects()) - before < 50, gc.collect()
        finally:
            gc.enable()

    assert erlsim.run(main, trace=False) == (True, 0)
