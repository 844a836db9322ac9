"""Reports and debug lines: what is logged when, and what a traced director prints."""

import contextlib
import io

import pytest

import director
import erlsim
from erlsim import erlang, terms, timer
from erlsim.otp import gen_server, logger
from tests.director.support import crash, ended, pid_of, run, spec

PROGRESS, TROUBLE = "info_report", "error_report"


def logged(main, *specs):
    """What the director itself logged: `("started", id)`, or `(context, reason, id)`."""
    found = []

    sim = erlsim.Simulation(trace=False)

    async def top():
        erlang.process_flag("trap_exit", True)
        logger.set_primary_config("level", "info")
        _, pid = await director.start_link(("local", "foo_sup"), "dt_foo", ("ok", list(specs)))
        await main(pid)

    sim.run(top)
    for report in sim.reports:
        match report.report:
            case {"report": [("supervisor", _), ("started", child)]}:
                found.append(("started", dict(child)["id"]))
            case {"report": [("supervisor", _), ("errorContext", context), ("reason", reason), ("offender", child)]}:
                found.append((context, reason, dict(child)["id"]))
    return found, sim.reports


def test_a_start_a_crash_and_a_restart_are_logged():
    found, reports = logged(crash, spec(plan=["restart"]))
    assert found == [("started", "bar_id"), ("child_terminated", "oops", "bar_id"), ("started", "bar_id")]
    assert [report.level for report in reports if report.label in (("error_logger", PROGRESS),)] == ["notice"] * 2


def test_an_end_in_order_is_logged_like_a_crash():
    async def main(pid):
        await crash(pid, "normal")

    assert logged(main, spec())[0] == [("started", "bar_id"), ("child_terminated", "normal", "bar_id")]


def test_a_failed_start_is_logged_and_then_each_further_one():
    child = spec(function="start_failing", args=[[False, True]], plan=["restart"], count=2)
    found, _ = logged(crash, child)
    assert found[1:] == [
        ("child_terminated", "oops", "bar_id"),
        ("start_child", "no_luck", "bar_id"),
        ("started", "bar_id"),
    ]


def test_a_failed_start_is_logged_before_the_child_reports_its_crash():
    async def main(pid):
        await director.start_child(pid, spec(args=[{"stop": "no"}]))
        await timer.sleep(50)

    _, reports = logged(main)
    labels = [report.label for report in reports if report.level == "error"]
    assert labels == [("error_logger", TROUBLE), ("proc_lib", "crash")]


def test_the_end_of_a_plan_is_logged_before_the_directors_final_message():
    async def main(pid):
        await crash(pid)
        await ended(pid)

    found, reports = logged(main, spec(count=0))
    assert found[1:] == [("child_terminated", "oops", "bar_id"), ("reached_max_restart_plan", "oops", "bar_id")]
    last = next(report for report in reports if report.label == ("error_logger", "error_msg"))
    text = reports.text(last.event)
    assert '** Director "foo_sup" terminating' in text
    assert '** Reason for termination == "{reached_max_restart_plan' in text.replace("\n", "")


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", "maintenance"), "oops"])
def test_the_final_message_is_logged_whatever_the_reason(reason):
    async def main(pid):
        await director.stop(pid, reason)

    _, reports = logged(main, spec())
    (last,) = [report for report in reports if report.label == ("error_logger", "error_msg")]
    text = "".join(reports.text(last.event).split("\n"))
    assert '** Director "foo_sup" terminating' in text
    assert '** Reason for termination == "' + terms.format("~p", [reason]) in text
    assert '** Children == "[[{id,bar_id},' in text


def test_a_director_that_follows_its_parent_logs_its_final_message():
    async def main(pid):
        erlang.exit(pid, "shutdown")  # from its parent
        await ended(pid)

    _, reports = logged(main)
    assert [report.level for report in reports if report.label == ("error_logger", "error_msg")] == ["error"]


def test_a_child_that_ends_otherwise_than_told_is_logged():
    async def main(pid):
        await director.terminate_child(pid, "bar_id")

    stubborn = spec(args=[{"trap": True, "last": ("exit", "late")}])
    assert logged(main, stubborn)[0][-1] == ("shutdown_error", "late", "bar_id")


def test_a_child_that_is_killed_because_its_time_is_up_is_not_logged():
    async def main(pid):
        child = await pid_of(pid)
        assert await director.terminate_child(pid, "bar_id") == "ok"
        assert not erlang.is_process_alive(child)

    stubborn = spec(args=[{"trap": True, "last": ("sleep", 500)}], terminate_timeout=50)
    assert logged(main, stubborn)[0] == [("started", "bar_id")]


def test_a_child_that_ends_as_told_is_not_logged():
    async def main(pid):
        await director.terminate_child(pid, "bar_id")

    assert logged(main, spec())[0] == [("started", "bar_id")]
    assert logged(main, spec(terminate_timeout=0))[0] == [("started", "bar_id")]


def test_a_report_has_all_of_a_child_in_this_order():
    found = []

    async def main(pid):
        found.append(await pid_of(pid))

    _, reports = logged(main, spec())
    (report,) = [report.report["report"] for report in reports if report.label == ("error_logger", PROGRESS)]
    assert report[0] == ("supervisor", "foo_sup")
    assert [key for key, _ in report[1][1]] == [
        "id",
        "pid",
        "plan",
        "count",
        "count2",
        "restart_count",
        "mfargs",
        "plan_element_index",
        "plan_length",
        "timer_reference",
        "terminate_timeout",
        "extra",
        "modules",
        "type",
        "append",
    ]
    assert dict(report[1][1])["mfargs"] == ("dt_bar", "start_link", [])


def test_a_child_that_was_never_started_has_no_extra():
    async def main(pid):
        await director.start_child(pid, spec(function="start_return", args=[("error", "no")]))

    _, reports = logged(main)
    (report,) = [report.report["report"] for report in reports if report.label == ("error_logger", TROUBLE)]
    assert dict(dict(report)["offender"])["extra"] == "undefined"


def test_the_reference_of_the_last_timer_stays_with_the_child():
    async def main(pid):
        await crash(pid)
        await timer.sleep(200)
        await crash(pid)
        return await ended(pid)

    _, details = run(main, spec(plan=[("restart", 100)]))
    assert type(dict(dict(details)["child"])["timer_reference"]) is erlsim.terms.Ref


def test_terminate_child_leaves_the_reference_of_the_last_timer():
    async def main(pid):
        await crash(pid)
        await director.terminate_child(pid, "bar_id")
        await director.restart_child(pid, "bar_id")
        await crash(pid)
        return await ended(pid)

    _, details = run(main, spec(plan=[("restart", 60), "stop"]))
    assert type(dict(dict(details)["child"])["timer_reference"]) is erlsim.terms.Ref


def printed(main, *specs, debug=("trace",)):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run(main, *specs, options=[("debug", list(debug))])
    return out.getvalue()


def test_a_traced_director_prints_requests_and_answers():
    async def main(pid):
        await director.count_children(pid)
        await director.change_plan(pid, "bar_id", [("restart", 5000)])

    lines = printed(main, spec()).splitlines()
    assert lines[0].startswith('*DBG* director "foo_sup" got request "count_children" from "<0.')
    assert lines[1] == '*DBG* director "foo_sup" sent "[{specs,1},'
    assert lines[-3].strip().startswith('{workers,1}]" to "<0.')
    assert lines[-2].startswith(
        '*DBG* director "foo_sup" got request "{change_plan,bar_id,[{restart,5000}]}" from "<0.'
    )
    assert lines[-1].startswith('*DBG* director "foo_sup" sent "ok" to "<0.')


def test_a_traced_director_prints_exits_and_timers():
    async def main(pid):
        await crash(pid, "killed")
        await timer.sleep(100)

    text = printed(main, spec(plan=[("restart", 50)]))
    assert '*DBG* director "foo_sup" got exit signal for pid "<0.' in text
    assert '" with reason "killed"\n' in text
    assert '*DBG* director "foo_sup" got timer event for child-id "bar_id" with timer reference "#Ref<' in text


def test_a_traced_director_prints_its_parents_exit_signal_and_no_unexpected_message():
    async def main(pid):
        erlang.send(pid, "hello")
        erlang.exit(pid, "bye")
        await ended(pid)

    text = printed(main)
    assert text.startswith('*DBG* director "foo_sup" got exit signal for pid "<0.')
    assert text.count("*DBG*") == 1


def test_the_events_that_were_kept_are_printed_when_a_director_ends():
    async def main(pid):
        await director.get_pids(pid)
        await director.stop(pid)

    lines = printed(main, debug=["log"]).splitlines()
    assert [line[: line.index('"', 29)] for line in lines] == [
        '*DBG* director "foo_sup" got request ',
        '*DBG* director "foo_sup" sent ',
    ]


def test_the_event_that_ends_a_director_is_among_those_that_are_printed():
    async def main(pid):
        await crash(pid)
        await ended(pid)

    assert 'with reason "oops"' in printed(main, spec(plan=["stop"]), debug=["log"])


def test_an_untraced_director_prints_nothing():
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run(crash, spec(plan=["restart"]))
    assert out.getvalue() == ""


def test_a_message_that_means_nothing_is_logged():
    async def main(pid):
        erlang.send(pid, "hello")
        await timer.sleep(1)
        assert erlang.is_process_alive(pid)

    _, reports = logged(main)
    (report,) = [report for report in reports if report.label == ("error_logger", "error_msg")]
    assert 'received unexpected message: "hello"' in reports.text(report.event)


def test_an_unknown_call_is_logged():
    async def main(pid):
        await gen_server.call(pid, "foo")

    _, reports = logged(main)
    (report,) = [report for report in reports if report.label == ("error_logger", "error_msg")]
    text = 'Director "foo_sup" received unexpected call: "\n                           foo"\n'
    assert text in reports.text(report.event)


def test_reports_are_printed_where_a_supervisors_are():
    sim = erlsim.Simulation(trace=False)
    sim.reports.print = True
    out = io.StringIO()

    async def main():
        _, pid = await director.start_link(("local", "foo_sup"), "dt_foo", ("ok", [spec(plan=["restart"])]))
        await crash(pid, "killed")

    with contextlib.redirect_stdout(out):
        sim.run(main)
    assert out.getvalue().count("=PROGRESS REPORT====") == 2
    assert out.getvalue().count("=SUPERVISOR REPORT====") == 1
