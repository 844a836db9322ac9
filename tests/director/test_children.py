"""Adding, starting, ending, deleting and listing children."""

import pytest

import director
import erlsim
from erlsim import Exit, erlang, timer
from erlsim.errors import Error, Throw
from erlsim.otp import gen_server, supervisor, sys
from erlsim.simulation import current
from erlsim.terms import Ref
from tests.director.support import Bar, crash, pid_of, run, run_plain, spec, state_of


def test_a_child_is_started_and_listed():
    async def main(pid):
        ok, child = await director.start_child(pid, spec())
        return ok, await director.which_children(pid) == [("bar_id", child, "worker", ["dt_bar"])]

    assert run(main) == ("ok", True)


def test_children_are_listed_in_the_order_in_which_they_were_added():
    async def main(pid):
        await director.start_child(pid, spec("c"))
        await crash(pid, id_="a")
        return [id_ for id_, *_ in await director.which_children(pid)], [i for i, _ in await director.get_pids(pid)]

    assert run(main, spec("b"), spec("a", plan=["restart"])) == (["b", "a", "c"], ["b", "a", "c"])


def test_ids_are_told_apart_as_erlang_does():
    async def main(pid):
        for id_ in (1, 1.0, True, b"1"):
            assert (await director.start_child(pid, spec(id_)))[0] == "ok", id_
        return (await director.count_children(pid))[0]

    assert run(main) == ("specs", 4)


def test_what_a_start_function_returns_beside_the_pid_is_returned():
    async def main(pid):
        ok, child, extra = await director.start_child(pid, spec(function="start_extra", args=["more"]))
        return ok, child == await pid_of(pid), extra

    assert run(main) == ("ok", True, "more")


def test_a_child_may_ignore_and_is_kept():
    async def main(pid):
        answer = await director.start_child(pid, spec(function="start_ignore"))
        return answer, await director.get_pid(pid, "bar_id"), await director.restart_child(pid, "bar_id")

    assert run(main) == (("ok", "undefined"), ("error", "undefined"), ("ok", "undefined"))


def failing(function, *args):
    async def main(pid):
        return await director.start_child(pid, spec(function=function, args=args)), await state_of(pid)

    answer, state = run(main)
    assert state == "gone"
    return answer[1]


def test_a_child_that_does_not_start_is_not_added():
    assert failing("start_return", ("error", "no_luck")) == "no_luck"


def test_a_start_function_that_exits_has_failed_with_the_reason():
    assert failing("start_raise", Exit("boom")) == "boom"


def test_a_start_function_that_crashes_has_failed_with_the_reason_and_the_stack():
    reason, stack = failing("start_raise", Error("boom"))
    assert reason == "boom"
    assert isinstance(stack, list)


def test_a_start_function_that_throws_has_returned_what_it_threw():
    assert failing("start_raise", Throw("boom")) == ("bad_start_return_value", "boom")


def test_a_start_function_that_returns_anything_else_has_failed():
    assert failing("start_return", "boom") == ("bad_start_return_value", "boom")
    assert failing("start_return", ("ok", "undefined")) == ("bad_start_return_value", ("ok", "undefined"))


def test_a_start_function_that_names_no_time_for_its_restart_has_failed_with_what_it_named():
    for time in (-1, 1.5, "soon"):
        why = ("director_restart_time_range_or_type", [("director_restart", time)])
        assert failing("start_return", ("restart", time)) == why


def test_a_start_function_that_returns_an_exit_term_has_failed_with_its_reason():
    assert failing("start_return", ("EXIT", "boom")) == "boom"


def test_a_start_that_cannot_be_called_is_badarg():
    for start in ((1, 2, 3), ("dt_bar", "start_link", "x"), ("dt_bar", 1)):

        async def main(pid, start=start):
            return await director.start_child(pid, {"id": "a", "start": start})

        error, (reason, stack) = run(main)
        assert (error, reason, stack[0][:2]) == ("error", "badarg", ("erlang", "apply"))


def test_a_start_function_that_stops_trapping_exits_does_no_harm():
    async def main(pid):
        await crash(pid, "killed")
        return erlang.process_info(pid, "trap_exit"), await state_of(pid)

    child = spec(function="start_untrapping", plan=["wait"])
    assert run(main, child) == (("trap_exit", True), "undefined")


def test_a_missing_start_function_is_undef():
    assert failing("nothing")[0] == "undef"


def test_a_start_function_may_ask_to_be_called_again_later():
    async def main(pid):
        answer = await director.start_child(pid, spec(function="start_return", args=[("restart", 400)]))
        return answer, await state_of(pid)

    assert run(main) == (("ok", "restarting"), "restarting")


def test_a_start_function_may_ask_to_be_called_again_at_once():
    answers = [("restart", 0)]

    async def start():
        return answers.pop() if answers else await Bar.start_link()

    Bar.again_at_once = start

    async def main(pid):
        answer = await director.start_child(pid, spec(function="again_at_once"))
        await timer.sleep(1)
        return answer, await state_of(pid)

    assert run(main) == (("ok", "restarting"), "up")


def test_an_id_that_is_taken_is_refused():
    async def main(pid):
        running = await director.start_child(pid, spec("a"))
        stopped = await director.start_child(pid, spec("b"))
        waiting = await director.start_child(pid, spec("c"))
        return running[1][1] == await pid_of(pid, "a"), running[1][0], stopped, waiting

    present = ("error", "already_present")
    children = (spec("a"), spec("b", "start_ignore"), spec("c", "start_return", [("restart", 9)]))
    assert run(main, *children) == (True, "already_started", present, present)


def test_a_bad_childspec_is_told_before_a_taken_id():
    async def main(pid):
        return (await director.start_child(pid, spec(count=-1)))[1][0]

    assert run(main, spec()) == "childspec_value"


def test_a_child_that_is_terminated_stays_and_may_be_restarted():
    async def main(pid):
        ended = await director.terminate_child(pid, "bar_id"), await state_of(pid)
        again = await director.restart_child(pid, "bar_id")
        return *ended, again[0], await state_of(pid)

    assert run(main, spec()) == ("ok", "undefined", "ok", "up")


def test_terminating_is_no_crash_and_runs_no_plan():
    async def main(pid):
        await director.terminate_child(pid, "bar_id")
        await timer.sleep(10)
        return await state_of(pid)

    assert run(main, spec(plan=["stop"], count=0)) == "undefined"


def test_terminating_twice_is_ok_and_so_is_terminating_by_pid():
    async def main(pid):
        by_pid = await director.terminate_child(pid, await pid_of(pid))
        return by_pid, await director.terminate_child(pid, "bar_id")

    assert run(main, spec()) == ("ok", "ok")


def test_terminating_a_child_that_waits_for_its_restart_cancels_that():
    async def main(pid):
        await crash(pid)
        before = await state_of(pid)
        await director.terminate_child(pid, "bar_id")
        await timer.sleep(1000)
        return before, await state_of(pid)

    assert run(main, spec(plan=[("restart", 400)])) == ("restarting", "undefined")


def test_a_child_has_its_terminate_timeout_to_end_and_is_killed_then():
    async def main(pid):
        begun = erlang.monotonic_time("millisecond")
        child = await pid_of(pid)
        ref = erlang.monitor("process", child)
        await director.terminate_child(pid, "bar_id")
        reason = (await erlang.receive(("DOWN", ref, "process", ..., ...)))[4]
        return reason, erlang.monotonic_time("millisecond") - begun

    slow = {"trap": True, "last": ("sleep", 300)}
    assert run(main, spec(args=[slow], terminate_timeout=100)) == ("killed", 100)
    assert run(main, spec(args=[slow], terminate_timeout=1000)) == ("shutdown", 300)
    assert run(main, spec(args=[slow], terminate_timeout=0)) == ("killed", 0)


def test_a_running_child_cannot_be_deleted_or_restarted():
    async def main(pid):
        return await director.delete_child(pid, "bar_id"), await director.restart_child(pid, "bar_id")

    assert run(main, spec()) == (("error", "running"), ("error", "running"))


def test_a_child_that_is_not_running_can_be_deleted():
    async def main(pid):
        await director.terminate_child(pid, "bar_id")
        return await director.delete_child(pid, "bar_id"), await director.which_children(pid)

    assert run(main, spec()) == ("ok", [])


def test_an_unknown_id_is_not_found():
    async def main(pid):
        answers = [
            await function(pid, "nobody")
            for function in (
                director.restart_child,
                director.terminate_child,
                director.delete_child,
                director.get_childspec,
                director.get_pid,
                director.get_plan,
            )
        ]
        return [*answers, await director.change_plan(pid, "nobody", [])]

    assert set(run(main)) == {("error", "not_found")}


def test_a_bad_plan_is_told_before_an_unknown_id():
    async def main(pid):
        return await director.change_plan(pid, "nobody", ["nope"]), await director.change_plan(pid, "nobody", "restart")

    elements, whole = run(main)
    assert elements == ("error", ("plan_element_type", [("plan_element", "nope")]))
    assert whole == ("error", ("plan_type", [("plan", "restart")]))


def test_only_running_children_have_a_pid():
    async def main(pid):
        got = [await director.get_pid(pid, id_) for id_ in ("up", "ignored", "waiting")]
        return [got[0][0], *got[1:]], [id_ for id_, _ in await director.get_pids(pid)]

    children = (spec("up"), spec("ignored", "start_ignore"), spec("waiting", "start_return", [("restart", 9)]))
    assert run(main, *children) == (["ok", ("error", "undefined"), ("error", "restarting")], ["up"])


@pytest.mark.parametrize(("workers", "supervisors"), [(0, 0), (2, 1), (3, 1), (1, 3), (0, 2)])
def test_children_are_counted_by_kind(workers, supervisors):
    async def main(pid):
        return await director.count_children(pid)

    children = [spec(("w", n)) for n in range(workers)] + [spec(n, type="supervisor") for n in range(supervisors)]
    total = workers + supervisors
    counted = [("specs", total + 1), ("active", total), ("supervisors", supervisors), ("workers", workers + 1)]
    assert run(main, *children, spec("ignored", "start_ignore")) == counted


def test_pictures_tell_each_state_of_a_child():
    sim = erlsim.Simulation()

    async def main():
        plan = ["restart", "wait", ("restart", 5)]
        children = [spec("plan", plan=plan), spec("stopped"), spec("never", "start_ignore"), spec("deleted")]
        _, pid = await director.start_link(("local", "d"), "dt_foo", ("ok", children))
        await director.terminate_child(pid, "stopped")
        await director.terminate_child(pid, "deleted")
        await director.delete_child(pid, "deleted")
        seen = []
        for _ in plan:
            await crash(pid, id_="plan")
            seen.append(sim.tree().find("plan"))
            assert sim.trace.at(len(sim.trace) - 1).tree == sim.tree()
            if seen[-1].state == "waiting":
                await director.restart_child(pid, "plan")
        others = [(each.id, each.state) for each in sim.tree().find("d").children[1:]]
        return [(each.state, each.restarts) for each in seen], others

    states, others = sim.run(main)
    assert states == [("running", 1), ("waiting", 1), ("restarting", 2)]
    assert others == [("stopped", "terminated"), ("never", "undefined")]


def test_otps_supervisor_functions_work_on_a_director():
    async def main(pid):
        assert await supervisor.which_children(pid) == await director.which_children(pid)
        assert await supervisor.count_children(pid) == await director.count_children(pid)
        assert (await supervisor.start_child(pid, spec("b")))[0] == "ok"
        assert await supervisor.terminate_child(pid, "b") == "ok"
        assert (await supervisor.restart_child(pid, "b"))[0] == "ok"
        assert await supervisor.terminate_child(pid, "b") == "ok"
        assert await supervisor.delete_child(pid, "b") == "ok"
        assert await supervisor.get_childspec(pid, "bar_id") == await director.get_childspec(pid, "bar_id")
        return await supervisor.get_callback_module(pid)

    assert run(main, spec()) == "dt_foo"


def test_a_request_that_a_director_does_not_know_is_answered():
    async def main(pid):
        return await gen_server.call(pid, "hello")

    assert run(main) == ("error", ("unknown_call", "hello"))


def test_a_call_that_fails_with_an_error_exits_with_call_crash_too():
    async def main(pid):
        found = []
        for what, timeout in ((("via", "nomod", "x"), 5000), (17, 5000), (pid, -1)):
            try:
                await director.which_children(what, timeout)
            except Exit as failure:
                why, ((_, remote), request, (_, (reason, stack))) = failure.reason
                assert type(stack) is list
                found.append((why, remote == what, request, reason))
        return found

    call = ("call_crash", True, ("request", "which_children"))
    assert run(main) == [(*call, "undef"), (*call, "function_clause"), (*call, "function_clause")]


@pytest.mark.parametrize(
    ("thrown", "outcome"),
    [
        ("t", ("error", ("case_clause", "t"))),
        (["ok", 5], ("error", ("case_clause", ["ok", 5]))),
        (("ok", 5), ("value", 5)),
        (("EXIT", "why"), ("exit", "why")),
    ],
)
def test_what_a_via_module_throws_is_taken_for_the_outcome_of_the_call(thrown, outcome):
    @erlsim.module(name="dt_names")
    class Names:
        def whereis_name(name):
            raise Throw(thrown)

    async def main():
        try:
            return "value", await director.which_children(("via", Names, "x"))
        except Error as failure:
            return "error", failure.reason
        except Exit as failure:
            return "exit", dict(failure.reason[1])["reason"]

    assert run_plain(main) == outcome


def test_a_failed_call_exits_with_the_director_the_request_and_the_reason():
    async def main(pid):
        try:
            await director.get_pid("nobody", 1)
        except Exit as failure:
            return failure.reason

    request = ("request", ("get_pid", 1))
    assert run(main) == ("call_crash", [("remote_process", "nobody"), request, ("reason", "noproc")])


@pytest.mark.parametrize(("given", "after"), [([100], 100), ([], 5000)])
def test_a_call_gives_up_after_its_timeout_of_five_seconds_if_none_is_given(given, after):
    async def slow():
        await timer.sleep(5500)
        return await Bar.start_link()

    Bar.slow = slow

    async def main(pid):
        before = erlang.monotonic_time("millisecond")
        try:
            return await director.start_child(pid, spec(function="slow"), *given)
        except Exit as failure:
            return dict(failure.reason[1])["reason"], erlang.monotonic_time("millisecond") - before

    assert run(main) == ("timeout", after)


def test_the_answer_to_a_call_that_has_timed_out_arrives_in_the_callers_mailbox():
    stubborn = spec(args=[{"trap": True, "last": ("sleep", 100)}])

    async def main(pid):
        erlang.spawn(lambda: director.terminate_child(pid, "bar_id"))
        await timer.sleep(10)
        try:
            await director.get_pids(pid, 20)
        except Exit:
            return await erlang.receive(after=1000)

    tag, answer = run(main, stubborn)
    assert (tag.items, type(tag.tail), answer) == (("alias",), Ref, [])


def test_the_pid_that_a_child_had_before_its_restart_means_nobody():
    async def main(pid):
        old = await crash(pid)
        return [await function(pid, old) for function in (director.get_childspec, director.terminate_child)]

    assert run(main, spec(plan=["restart"])) == [("error", "not_found")] * 2


def test_a_start_function_that_returns_nothing_has_no_matching_clause():
    reason, stack = failing("start_return", None)
    assert (reason, stack[0][:3]) == ("function_clause", ("dt_bar", "start_return", [None]))


def test_a_child_that_waits_for_restart_child_is_shown_so_whatever_its_plan_becomes():
    sim = erlsim.Simulation()

    async def main():
        _, pid = await director.start_link(("local", "d"), "dt_foo", ("ok", [spec("a", plan=["wait"]), spec("b")]))
        await crash(pid, id_="a")
        await director.change_plan(pid, "a", ["restart"])
        await director.terminate_child(pid, "b")
        seen = [(each.id, each.state) for each in sim.tree().find("d").children]
        await director.restart_child(pid, "a")
        await director.terminate_child(pid, "a")
        return seen, sim.tree().find("a").state

    assert sim.run(main) == ([("a", "waiting"), ("b", "terminated")], "terminated")


@pytest.mark.parametrize("end", [director.stop, director.delete_child, director.terminate_child])
def test_no_timer_is_left_of_a_child_whose_director_ends_or_that_is_terminated(end):
    async def main(pid):
        await crash(pid)
        assert len(current().env.armed()) == 1
        await (end(pid) if end is director.stop else end(pid, "bar_id"))
        return len(current().env.armed())

    assert run(main, spec(plan=[("restart", 5000)])) == (1 if end is director.delete_child else 0)


def test_a_child_that_has_died_before_it_is_terminated_is_reported_and_its_plan_is_not_run():
    sim = erlsim.Simulation(trace=False)

    async def main():
        _, pid = await director.start_link(("local", "d"), "dt_foo", ("ok", [spec(plan=["stop"])]))
        child = await pid_of(pid)
        await sys.suspend(pid)
        request = gen_server.send_request(pid, ("terminate_child", "bar_id"))
        await timer.sleep(1)
        erlang.exit(child, "kill")
        await timer.sleep(1)
        await sys.resume(pid)
        answer = await gen_server.receive_response(request, 1000)
        return answer, await state_of(pid)

    assert sim.run(main) == (("reply", "ok"), "undefined")
    reports = [dict(each.report["report"]) for each in sim.reports if each.label == ("error_logger", "error_report")]
    told = [(each["errorContext"], each["reason"], dict(each["offender"])["id"]) for each in reports]
    assert told == [("shutdown_error", "killed", "bar_id")]


def test_a_timer_that_fires_while_restart_child_waits_in_the_queue_starts_no_second_process():
    async def main(pid):
        await crash(pid, "killed", "a")
        erlang.spawn(lambda: director.terminate_child(pid, "b"))
        await timer.sleep(10)
        _, child = await director.restart_child(pid, "a")
        await timer.sleep(300)
        return child == await pid_of(pid, "a"), (await director.count_children(pid))[1]

    slow = spec("b", args=[{"trap": True, "last": ("sleep", 150)}])
    assert run(main, spec("a", plan=[("restart", 60)]), slow) == (True, ("active", 1))
