"""What a supervisor logs: levels, labels, terms and metadata of OTP's logger events."""

import pytest

from erlsim import Error, erlang
from erlsim.otp import gen_server, logger, supervisor, sys
from tests.otp.supervisor.kit import crash, heard, kid, pid_of, start, stop

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]


class Log:
    """A handler that keeps the events of one test."""

    def __init__(self):
        self.events = []
        logger.set_primary_config("level", "info")
        logger.add_handler("kit_log", self, {"level": "all"})

    def log(self, event, config):
        self.events.append(event)

    def labels(self):
        return [(e["level"], e["msg"][1]["label"][1]) for e in self.events if e["msg"][0] == "report"]

    def last(self, context):
        return next(e for e in reversed(self.events) if e["msg"][1]["label"] == ("supervisor", context))

    def reasons(self, context):
        reports = [dict(e["msg"][1]["report"]) for e in self.events if e["msg"][1]["label"] == ("supervisor", context)]
        return [report["reason"] for report in reports]


def offender(pid, spec):
    return [
        ("pid", pid),
        ("id", spec["id"]),
        ("mfargs", spec["start"]),
        ("restart_type", spec["restart"]),
        ("significant", False),
        ("shutdown", spec["shutdown"]),
        ("child_type", "worker"),
    ]


@pytest.mark.rule(146)
async def test_a_crash_logs_the_crash_then_child_terminated_then_progress():
    sup = await start([kid("a")])
    log = Log()
    await crash(sup, "a")
    assert log.labels() == [
        ("error", "terminate"),
        ("error", "crash"),
        ("error", "child_terminated"),
        ("info", "progress"),
    ]


@pytest.mark.rule(146)
async def test_child_terminated_has_otps_report_and_metadata():
    spec = kid("a")
    sup = await start([spec])
    log, pid = Log(), await pid_of(sup, "a")
    erlang.exit(pid, "kill")
    await heard()
    after = await pid_of(sup, "a")
    event = log.last("child_terminated")
    assert event["msg"][1]["report"] == [
        ("supervisor", (sup, "kit_sup")),
        ("errorContext", "child_terminated"),
        ("reason", "killed"),
        ("offender", offender(pid, spec)),
    ]
    meta = event["meta"]
    assert meta["pid"] == sup and meta["domain"] == ["otp", "sasl"]
    assert {k: meta["error_logger"][k] for k in ("tag", "type")} == {"tag": "error_report", "type": "supervisor_report"}
    progress = log.last("progress")
    assert progress["msg"][1]["report"] == [("supervisor", (sup, "kit_sup")), ("started", offender(after, spec))]
    assert progress["meta"]["error_logger"]["type"] == "progress"


@pytest.mark.rule(146, 117)
async def test_giving_up_logs_child_terminated_and_then_shutdown():
    sup = await start([kid("a")], intensity=0)
    log = Log()
    await crash(sup, "a", "boom")
    assert log.labels()[-2:] == [("error", "child_terminated"), ("error", "shutdown")]
    assert log.reasons("shutdown") == ["reached_max_restart_intensity"]


@pytest.mark.rule(146)
async def test_a_failing_start_of_the_supervisor_logs_start_error():
    log = Log()
    failing = {"id": "a", "start": ("kit_kid", "give", [("error", "nogo")])}
    await supervisor.start_link(("local", "top"), "kit_sup", ("ok", ({}, [failing])))
    assert log.reasons("start_error") == ["nogo"]
    assert log.last("start_error")["msg"][1]["report"][0] == ("supervisor", ("local", "top"))


@pytest.mark.rule(146)
async def test_start_child_that_fails_logs_nothing_and_a_failing_restart_logs_start_error():
    sup = await start([{"id": "a", "start": ("kit_kid", "start_failing", [erlang.self(), "a", "k", [2]])}], intensity=2)
    log = Log()
    await supervisor.start_child(sup, {"id": "b", "start": ("kit_kid", "give", [("error", "nogo")])})
    assert log.labels() == []
    erlang.exit(await pid_of(sup, "a"), "kill")
    await heard()
    assert log.reasons("start_error") == [("flaky", 2)]


@pytest.mark.rule(146)
async def test_the_orderly_end_of_a_transient_child_logs_nothing():
    sup = await start([kid("a", "transient")])
    log = Log()
    await crash(sup, "a", "normal")
    assert log.labels() == []


@pytest.mark.rule(146)
async def test_children_of_simple_one_for_one_give_no_progress():
    sup = await start([{"id": "t", "start": ("kit_kid", "start", [erlang.self()])}], "simple_one_for_one")
    log = Log()
    await supervisor.start_child(sup, ["a"])
    assert log.labels() == []


@pytest.mark.rule(147)
@pytest.mark.parametrize(
    ("restart", "reason", "reported"),
    [
        ("permanent", "normal", True),
        ("permanent", ("shutdown", 1), True),
        ("permanent", "shutdown", False),
        ("transient", "normal", False),
        ("temporary", ("shutdown", 1), False),
        ("transient", "weird", True),
    ],
)
async def test_a_child_that_stops_with_another_reason_is_a_shutdown_error(restart, reason, reported):
    sup = await start([kid("a", restart, options={"exit_at_stop": reason})])
    log = Log()
    assert await supervisor.terminate_child(sup, "a") == "ok"
    assert log.reasons("shutdown_error") == ([reason] if reported else [])


@pytest.mark.rule(147)
async def test_a_child_killed_after_its_time_is_a_shutdown_error_and_a_brutal_kill_is_none():
    sup = await start([kid("a", shutdown=5, options={"sleep_at_stop": 50}), kid("b", shutdown="brutal_kill")])
    log = Log()
    await stop(sup)
    assert log.reasons("shutdown_error") == ["killed"]


@pytest.mark.rule(147)
async def test_dynamic_children_that_stop_badly_are_reported_once_for_each_reason():
    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()]), "restart": "temporary"}
    sup = await start([template], "simple_one_for_one")
    for number, reason in enumerate(["b", "a", "b", "normal"]):
        await supervisor.start_child(sup, [number, {"exit_at_stop": reason}])
    log = Log()
    await stop(sup)
    assert log.reasons("shutdown_error") == ["a", "b"]
    assert dict(log.last("shutdown_error")["msg"][1]["report"])["offender"][0] == ("nb_children", 2)


async def test_an_unexpected_message_is_logged_as_an_error():
    sup = await start([])
    log = Log()
    erlang.send(sup, "hello")
    await supervisor.which_children(sup)
    (event,) = log.events
    assert event["level"] == "error" and event["meta"]["domain"] == ["otp"]
    text, args = event["msg"]
    assert bytes(text) == b"Supervisor received unexpected message: ~tp~n" and args == ["hello"]


def test_the_report_callbacks_print_otps_layout():
    child = [("pid", "p"), ("id", "any_id"), ("mfargs", ("m", "f", [1]))]
    report = {
        "label": ("supervisor", "shutdown_error"),
        "report": [("supervisor", "s"), ("errorContext", "shutdown_error"), ("reason", "r"), ("offender", child)],
    }
    text, args = supervisor.format_log(report)
    assert bytes(text) == b"    supervisor: ~tp~n    errorContext: ~tp~n    reason: ~tp~n    offender: ~tp~n"
    assert args == ["s", "shutdown_error", "r", child]
    single = bytes(supervisor.format_log(report, {"single_line": True}))
    assert single == b"Supervisor: s. Context: shutdown_error. Reason: r. Offender: id=any_id,pid=p."
    several = {**report, "report": [*report["report"][:3], ("offender", [("nb_children", 7), ("id", "any_id")])]}
    assert b"Offender: id=any_id,nb_children=7." in bytes(supervisor.format_log(several, {"single_line": True}))
    progress = {"label": ("supervisor", "progress"), "report": [("supervisor", "s"), ("started", child)]}
    assert bytes(supervisor.format_log(progress, {"single_line": True})) == b"Supervisor: s. Started: id=any_id,pid=p."
    assert bytes(supervisor.format_log(progress, {})).startswith(b"    supervisor: s\n    started: [{pid,p},")


async def mfas(main, specs, strategy="one_for_one", intensity=3):
    """The function of OTP's that tells each report of a supervisor."""
    log = Log()
    sup = await start(specs, strategy, intensity)
    await main(sup)
    await heard()
    logger.remove_handler("kit_log")
    events = [e for e in log.events if e["msg"][0] == "report" and e["msg"][1]["label"][0] == "supervisor"]
    assert all(e["meta"]["domain"] == ["otp", "sasl"] for e in events)
    return [(e["msg"][1]["label"][1], *e["meta"]["mfa"]) for e in events]


def failing_at(number):
    return {"id": "a", "start": ("kit_kid", "start_failing", [erlang.self(), "a", "k", [number]])}


PROGRESS = ("progress", "supervisor", "report_progress", 2)
DIED = ("child_terminated", "supervisor", "do_restart", 3)
AGAIN = ("start_error", "supervisor", "restart", 3)


async def kill(sup):
    erlang.exit((await supervisor.which_children(sup))[0][1], "kill")


@pytest.mark.rule(146)
async def test_each_report_names_the_function_of_otp_that_tells_it():
    first = ("start_error", "supervisor", "start_children", 2)
    assert await mfas(heard_of, [failing_at(1)]) == [first]
    assert await mfas(kill, [failing_at(2)]) == [PROGRESS, DIED, AGAIN, PROGRESS]
    assert await mfas(kill, [failing_at(2)], "one_for_all") == [PROGRESS, DIED, first, PROGRESS]
    assert await mfas(kill, [kid("a")], intensity=0) == [PROGRESS, DIED, ("shutdown", "supervisor", "restart", 2)]

    async def terminate(sup):
        await supervisor.terminate_child(sup, "a")

    odd = kid("a", options={"exit_at_stop": "odd"})
    assert await mfas(terminate, [odd]) == [PROGRESS, ("shutdown_error", "supervisor", "do_terminate", 2)]


async def heard_of(sup):
    assert sup[0] == "error"


@pytest.mark.rule(146, 147)
async def test_each_report_of_dynamic_children_names_the_function_of_otp_that_tells_it():
    async def restarts(sup):
        await supervisor.start_child(sup, [])
        await kill(sup)

    assert await mfas(restarts, [failing_at(2)], "simple_one_for_one") == [DIED, AGAIN]

    async def ends(sup):
        for _ in range(2):
            await supervisor.start_child(sup, ["a", {"exit_at_stop": "odd"}])
        await supervisor.terminate_child(sup, (await supervisor.which_children(sup))[0][1])
        await stop(sup)

    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()])}
    assert await mfas(ends, [template], "simple_one_for_one") == [
        ("shutdown_error", "supervisor", "do_terminate", 2),
        ("shutdown_error", "supervisor", "terminate_dynamic_children", 1),
    ]


@pytest.mark.rule(147)
async def test_dynamic_children_that_are_killed_when_their_time_is_over_are_reported_together():
    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()]), "shutdown": 50}
    sup = await start([template], "simple_one_for_one")
    for number, pause in enumerate((10, 500, 600, 700)):
        await supervisor.start_child(sup, [number, {"sleep_at_stop": pause}])
    log = Log()
    erlang.exit(sup, "shutdown")
    await heard(100)
    assert log.reasons("shutdown_error") == ["killed"]
    assert dict(log.last("shutdown_error")["msg"][1]["report"])["offender"][0] == ("nb_children", 3)


async def test_a_start_that_gives_no_child_makes_no_progress():
    sup = await start([])
    log = Log()
    for id_, answer in enumerate(("ignore", ("error", "x"), ("error", erlang.self()))):
        await supervisor.start_child(sup, {"id": id_, "start": ("kit_kid", "give", [answer])})
    assert log.labels() == []
    await supervisor.start_child(sup, {"id": 9, "start": ("kit_kid", "give", [("ok", erlang.self(), "more")])})
    assert log.labels() == [("info", "progress")]


@pytest.mark.rule(147)
@pytest.mark.parametrize(
    ("shutdown", "restart", "reason", "reported"),
    [
        ("brutal_kill", "permanent", "boom", True),
        ("brutal_kill", "permanent", "shutdown", True),
        ("brutal_kill", "permanent", "killed", False),
        ("brutal_kill", "transient", "shutdown", False),
        ("brutal_kill", "transient", "a", True),
        (1000, "permanent", "killed", True),
        (1000, "permanent", "z", True),
        (1000, "permanent", "a", True),
        (1000, "permanent", "shutdown", False),
        ("infinity", "temporary", "killed", True),
    ],
)
async def test_a_child_that_was_dead_before_it_was_told_to_end_is_judged_by_what_it_died_of(
    shutdown, restart, reason, reported
):
    sup = await start([kid("a", restart, shutdown)])
    log = Log()
    pid = await pid_of(sup, "a")
    await sys.suspend(sup)
    request = gen_server.send_request(sup, ("terminate_child", "a"))
    await heard()
    erlang.send(pid, ("exit", reason))
    await heard()
    await sys.resume(sup)
    assert await gen_server.receive_response(request, "infinity") == ("reply", "ok")
    assert log.reasons("shutdown_error") == ([reason] if reported else [])


def test_a_report_of_nobody_has_no_layout():
    for report in ({"label": ("supervisor", "progress"), "report": []}, {"label": ("x", "progress"), "report": []}, {}):
        with pytest.raises(Error, match="function_clause"):
            supervisor.format_log(report)
