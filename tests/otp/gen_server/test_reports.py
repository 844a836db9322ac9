"""What is logged of servers and of processes of proc_lib, in which order."""

import pytest

import erlsim
from erlsim import erlang
from erlsim.otp import gen_event, gen_server, gen_statem, proc_lib
from tests.otp.kit import Log, gives, heard, is_stack, raises, server, start, start_link

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]

GOOD_ORDER = ["normal", "shutdown", ("shutdown", "x")]
SERVER, CRASH = ("gen_server", "terminate"), ("proc_lib", "crash")


def crash_of(report):
    """The own part of a crash report, as a dict."""
    return dict(report["report"][0])


@pytest.mark.rule(143)
@pytest.mark.parametrize(
    ("kind", "reason"),
    [("error", "boom"), ("exit", "boom"), ("throw", "boom"), ("error", "normal"), ("exit", ("a", 1))],
)
async def test_a_process_of_proc_lib_that_ends_badly_logs_a_crash_report(kind, reason):
    log = Log()
    pid = proc_lib.spawn(lambda: erlang.raise_(kind, reason, [("m", "f", 0, [])]))
    await heard()
    (report,) = log.reports()
    assert report["label"] == CRASH
    assert crash_of(report)["pid"] == pid
    assert crash_of(report)["error_info"] == (kind, reason, [("m", "f", 0, [])])
    assert list(crash_of(report)) == [
        *["initial_call", "pid", "registered_name", "error_info", "ancestors", "message_queue_len", "messages"],
        *["links", "dictionary", "trap_exit", "status", "heap_size", "stack_size", "reductions"],
    ]
    meta = log.events[0]["meta"]
    assert meta["domain"] == ["otp", "sasl"]
    assert meta["error_logger"] == {"tag": "error_report", "type": "crash_report"}


@pytest.mark.rule(143)
@pytest.mark.parametrize("reason", GOOD_ORDER)
async def test_a_process_that_ends_in_good_order_logs_nothing(reason):
    log = Log()
    proc_lib.spawn(lambda: erlang.exit(reason))
    await heard()
    assert log.events == []


@pytest.mark.rule(143)
async def test_a_process_that_is_killed_by_a_signal_logs_nothing():
    log = Log()

    async def linked():
        proc_lib.spawn_link(lambda: erlang.exit("shutdown"))
        await erlang.receive()

    pid = proc_lib.spawn(linked)
    other = await start()
    erlang.exit(other, "kill")
    await heard()
    assert not erlang.is_process_alive(pid)
    assert log.events == []


@pytest.mark.rule(143)
async def test_a_crash_report_has_what_lay_in_the_mailbox_and_the_dictionary():
    log = Log()

    async def crash():
        erlang.register("crasher", erlang.self())
        erlang.put("k", "v")
        erlang.send(erlang.self(), "m")
        await erlang.receive(after=0)
        erlang.send(erlang.self(), "n")
        erlang.error("boom")

    proc_lib.spawn_link(crash)
    await heard()
    own = crash_of(log.reports()[0])
    assert (own["messages"], own["message_queue_len"]) == (["n"], 1)
    assert own["dictionary"] == [("k", "v")]
    assert own["registered_name"] == "crasher"
    assert own["links"] == [erlang.self()]


async def test_a_crash_report_names_the_neighbours_that_do_not_trap_exits():
    log = Log()
    neighbours = []

    async def crash():
        neighbours.append(proc_lib.spawn_link(hang))
        await erlang.receive("now")
        erlang.error("boom")

    async def hang():
        await erlang.receive(lambda message: False)

    pid = proc_lib.spawn_link(crash)
    await heard()
    erlang.send(pid, "now")
    await heard()
    (_, linked) = log.reports()[0]["report"]
    assert [(tag, dict(report)["pid"]) for tag, report in linked] == [("neighbour", neighbours[0])]


@pytest.mark.rule(144)
async def test_a_server_that_stops_badly_logs_its_end_and_then_the_crash():
    log = Log()
    pid = await start_link(server(), "s")
    request = gives(("stop", "bad", "s2"))
    ref = gen_server.send_request(pid, request)
    await gen_server.wait_response(ref, 10)
    assert log.labels() == [SERVER, CRASH]
    me = erlang.self()
    report = log.reports()[0]
    client, (name, stack) = report.pop("client_info")
    assert report == {
        "label": SERVER,
        "name": pid,
        "last_message": request,
        "state": "s2",
        "log": [],
        "reason": "bad",
    }
    assert (client, name) == (me, me)
    assert is_stack(stack)
    kind, reason, stack = crash_of(log.reports()[1])["error_info"]
    assert (kind, reason) == ("exit", "bad")
    assert is_stack(stack)
    assert log.events[0]["meta"]["error_logger"]["tag"] == "error"
    assert log.events[0]["meta"]["domain"] == ["otp"]


@pytest.mark.rule(144)
async def test_a_failing_callback_is_reported_with_its_stack():
    log = Log()
    pid = await start(server(), "s")
    request = raises("error", "boom")
    gen_server.cast(pid, request)
    await heard()
    report = log.reports()[0]
    assert report["reason"] == ("boom", [("m", "f", 0, [])])
    assert report["last_message"] == ("$gen_cast", request)
    assert report["client_info"] == "undefined"
    assert report["state"] == "s"


@pytest.mark.rule(144)
async def test_a_bad_return_is_reported_without_a_stack():
    log = Log()
    gen_server.cast(await start(), gives("junk"))
    await heard()
    assert log.reports()[0]["reason"] == ("bad_return_value", "junk")


@pytest.mark.rule(144)
async def test_a_client_that_is_dead_is_reported_as_dead():
    log = Log()
    pid = await start()

    async def slow(state):
        from erlsim import timer

        await timer.sleep(10)
        return ("stop", "bad", state)

    client = erlang.spawn(lambda: gen_server.send_request(pid, slow))
    await heard(30)
    assert log.reports()[0]["client_info"] == (client, "dead")


@pytest.mark.rule(144)
async def test_a_failing_terminate_is_reported_in_place_of_the_first_reason():
    log = Log()
    gen_server.cast(
        await start(server(terminate=lambda reason, state: erlang.error("tc"))), gives(("stop", "normal", 0))
    )
    await heard()
    assert log.labels() == [SERVER, CRASH]
    reason, stack = log.reports()[0]["reason"]
    assert reason == "tc"
    assert is_stack(stack)


@pytest.mark.rule(144)
@pytest.mark.parametrize("reason", GOOD_ORDER)
async def test_a_server_that_stops_in_good_order_logs_nothing(reason):
    log = Log()
    gen_server.cast(await start(), gives(("stop", reason, 0)))
    await heard()
    assert log.events == []


@pytest.mark.rule(144)
async def test_the_state_in_a_report_is_what_format_status_shows():
    log = Log()
    module = server(format_status=lambda status: {**status, "state": "hidden", "reason": "also", "message": "this"})
    gen_server.cast(await start(module), gives(("stop", "bad", "secret")))
    await heard()
    report = log.reports()[0]
    assert (report["state"], report["reason"], report["last_message"]) == ("hidden", "also", "this")


@pytest.mark.rule(145)
@pytest.mark.parametrize("init", [gives(("stop", "why")), raises("error", "why"), raises("exit", "why"), gives("junk")])
async def test_a_failing_init_logs_a_crash_report_alone(init):
    log = Log()
    await gen_server.start(server(init=init), 0, [])
    await heard()
    assert log.labels() == [CRASH]
    assert crash_of(log.reports()[0])["initial_call"] == ("simple_namespace", "init", ["Argument__1"])


@pytest.mark.rule(145)
@pytest.mark.parametrize("init", [gives("ignore"), gives(("stop", "normal")), gives(("stop", "shutdown"))])
async def test_an_init_that_gives_up_in_good_order_logs_nothing(init):
    log = Log()
    await gen_server.start(server(init=init), 0, [])
    await heard()
    assert log.events == []


@pytest.mark.parametrize(
    ("arg", "named"),
    [(2, ("gen", "init_it", [f"Argument__{n}" for n in range(1, 7)])), ("arg", ("arg", "init", ["Argument__1"]))],
)
async def test_a_crash_report_of_a_server_without_a_module_names_its_argument_or_the_function_of_gen(arg, named):
    log = Log()
    await gen_server.start(1, arg, [])
    (report,) = log.reports()
    assert crash_of(report)["initial_call"] == named


@pytest.mark.parametrize("behaviour", [gen_server, gen_event, gen_statem])
def test_a_report_is_printed_on_one_line_or_not_and_nothing_else(behaviour):
    with pytest.raises(erlsim.Error, match="function_clause"):
        behaviour.format_log({"label": ("gen", "terminate")}, {"single_line": "perhaps"})


def test_the_reports_of_a_simulation_keep_their_time_and_their_process():
    sim = erlsim.Simulation()

    async def main():
        await heard(1234)
        pid = await start()
        gen_server.cast(pid, gives(("stop", "bad", 0)))
        await heard()
        return pid

    pid = sim.run(main)
    first, second = sim.reports
    assert (first.time_ms, first.level, first.label, first.pid) == (1234, "error", SERVER, pid)
    assert second.label == CRASH
    assert len(sim.reports) == 2


def test_reports_are_printed_in_otps_layout_with_the_date_of_the_simulation(capsys):
    async def main():
        pid = await start(server(), {"k": [1]}, name=("local", "srv"))
        gen_server.cast(pid, "oops")
        await heard()
        return pid

    sim = erlsim.Simulation()
    sim.reports.print = True
    pid = sim.run(
        main,
    )
    first, second = capsys.readouterr().out.split("\n=CRASH REPORT==== 1-Jan-2024::00:00:00 ===\n")
    lines = first.splitlines()
    assert lines[:5] == [
        "=ERROR REPORT==== 1-Jan-2024::00:00:00.000000 ===",
        "** Generic server srv terminating ",
        "** Last message in was {'$gen_cast',oops}",
        "** When Server state == #{k => [1]}",
        "** Reason for termination ==",
    ]
    lines = second.splitlines()
    assert lines[:3] == ["  crasher:", "    initial call: simple_namespace:init/1", f"    pid: {pid!r}"]
    assert lines[-1] == "  neighbours:"
