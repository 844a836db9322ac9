"""Beginnings and ends of a state machine: what `init` may return, stopping, failing, the report, sys."""

import pytest

from erlsim import erlang
from erlsim.otp import gen_statem, proc_lib, sys
from tests.otp.gen_statem.kit_statem import gives, goes, keeps, machine, start
from tests.otp.kit import Log, heard, is_stack, outcome

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("ignore", "ignore"),
        (("stop", "no"), ("error", "no")),
        ("nonsense", ("error", ("bad_return_from_init", "nonsense"))),
        (("ok", "a"), ("error", ("bad_return_from_init", ("ok", "a")))),
        (["ok", "a", 0], ("error", ("bad_return_from_init", ["ok", "a", 0]))),
    ],
)
async def test_what_init_returns_instead_of_a_state(answer, result):
    assert await gen_statem.start(("local", "named"), machine(init=lambda _: answer), 0, []) == result
    assert erlang.whereis("named") == "undefined"


async def test_a_failing_init_is_an_error_with_the_reason_alone():
    log = Log()
    assert await gen_statem.start(machine(init=lambda _: erlang.error("no")), 0, []) == ("error", "no")
    assert log.labels() == [("gen_statem", "terminate"), ("proc_lib", "crash")]


@pytest.mark.parametrize("mode", ["nonsense", [], "state_enter", ["state_functions", "x"]])
async def test_a_bad_callback_mode_ends_a_machine_that_has_started(mode):
    log = Log()
    ok, pid = await gen_statem.start(machine(mode), 0, [])
    await heard()
    assert ok == "ok" and not erlang.is_process_alive(pid)
    assert log.reports()[0]["reason"][:2] == ("error", ("bad_return_from_callback_mode", mode))


async def test_a_module_without_callback_mode_is_undef_with_its_name():
    log = Log()
    await gen_statem.start(machine(callback_mode=None), 0, [])
    await heard()
    kind, reason, stack = log.reports()[0]["reason"]
    assert (kind, reason, stack[0][:3]) == ("error", "undef", ("kit_machine", "callback_mode", []))


async def test_a_missing_state_function_is_undef_with_its_name():
    log = Log()
    pid = await start(machine("state_functions"))
    gen_statem.cast(pid, goes("z"))
    gen_statem.cast(pid, "x")
    await heard()
    kind, reason, stack = log.reports()[0]["reason"]
    assert (kind, reason, stack[0][:3]) == ("error", "undef", ("kit_machine", "z", ["cast", "x", 0]))


@pytest.mark.parametrize(
    ("answer", "reason", "data"),
    [("stop", "normal", 0), (("stop", "over"), "over", 0), (("stop", ("shutdown", 1), "new"), ("shutdown", 1), "new")],
)
async def test_a_machine_stops_itself(answer, reason, data):
    pid = await start()
    ref = erlang.monitor("process", pid)
    gen_statem.cast(pid, gives(answer))
    assert await heard() == [("terminate", reason, "a", data), ("DOWN", ref, "process", pid, reason)]


async def test_stop_and_reply_replies_before_terminate():
    def handle(kind, content, state, data):
        return ("stop_and_reply", "normal", [("reply", kind[1], "bye")], "last")

    pid = await start(machine(handle=handle))
    assert await gen_statem.call(pid, "x") == "bye"
    assert await heard() == [("a", "call", "x"), ("terminate", "normal", "a", "last")]


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", "x"), "oops"])
async def test_stop_ends_a_machine_with_its_reason(reason):
    pid = await start()
    assert await gen_statem.stop(pid, reason) == "ok"
    assert await heard() == [("terminate", reason, "a", 0)]
    assert await outcome(gen_statem.stop(pid)) == ("exit", "noproc")


@pytest.mark.parametrize(
    "action",
    [
        "nonsense",
        -1,
        ("reply", "nobody", 1),
        ("next_event", "never", 1),
        ("state_timeout", -1, "x"),
        ("state_timeout", 1, "x", [("abs", "perhaps")]),
        ("soon", "cancel"),
        ("hibernate", 1),
        "pop_callback_module",
    ],
)
async def test_a_bad_action_ends_a_machine_with_the_action_in_the_reason(action):
    log = Log()
    pid = await start()
    gen_statem.cast(pid, goes("b", action))
    await heard()
    report = log.reports()[0]
    assert report["reason"][:2] == ("error", ("bad_action_from_state_function", action))
    assert report["state"] == ("b", 0)


@pytest.mark.parametrize("answer", ["nonsense", ("next_state", "b"), [], ["keep_state", 1]])
async def test_a_bad_return_ends_a_machine_with_the_value_in_the_reason(answer):
    log = Log()
    pid = await start()
    gen_statem.cast(pid, gives(answer))
    await heard()
    assert log.reports()[0]["reason"][:2] == ("error", ("bad_return_from_state_function", answer))


async def test_a_reply_that_is_none_ends_a_machine_that_stops():
    log = Log()
    pid = await start()
    gen_statem.cast(pid, gives(("stop_and_reply", "normal", ["nonsense"])))
    await heard()
    assert log.reports()[0]["reason"][:2] == ("error", ("bad_reply_action_from_state_function", "nonsense"))


async def test_the_report_has_the_event_what_waits_behind_it_and_the_caller():
    log = Log()
    pid = await start()
    gen_statem.cast(pid, keeps("postpone", ("timeout", 1000, "x"), ("state_timeout", 1000, "y")))
    failing = lambda state, data: erlang.error("oops")  # noqa: E731
    kind, (reason, _) = await outcome(gen_statem.call(pid, failing))
    assert (kind, reason[0]) == ("exit", "oops")
    report = log.reports()[0]
    assert report["label"] == ("gen_statem", "terminate")
    assert [content for _, content in report["queue"]] == [failing]
    assert len(report["postponed"]) == 1
    assert report["timeouts"] == (2, [("timeout", "x"), ("state_timeout", "y")])
    assert report["callback_mode"] == "handle_event_function" and report["modules"] == ["kit_machine"]
    client, (shown, stack) = report["client_info"]
    assert client == shown == erlang.self() and is_stack(stack)


async def test_a_failing_terminate_replaces_the_reason():
    log = Log()
    pid = await start(machine(terminate=lambda *_: erlang.exit("worse")))
    assert await outcome(gen_statem.stop(pid, "bad")) == ("exit", "worse")
    assert log.reports()[0]["reason"][:2] == ("exit", "worse")


async def test_a_thrown_term_from_terminate_is_ignored():
    pid = await start(machine(terminate=lambda *_: erlang.throw("thrown")))
    assert await gen_statem.stop(pid) == "ok"


async def test_format_status_decides_what_is_shown():
    def format_status(status):
        return {**status, "data": "hidden"}

    log = Log()
    pid = await start(machine(format_status=format_status))
    _, _, _, [_, _, _, _, [_, _, (_, [(_, shown)])]] = await sys.get_status(pid)
    assert shown == ("a", "hidden")
    gen_statem.cast(pid, gives("bad"))
    await heard()
    assert log.reports()[0]["state"] == ("a", "hidden")


async def test_sys_replaces_state_and_data_and_changes_code():
    pid = await start(machine(code_change=lambda vsn, state, data, extra: ("ok", "b", (vsn, data, extra))))
    assert await sys.replace_state(pid, lambda pair: (pair[0], 7)) == ("a", 7)
    await sys.suspend(pid)
    assert await sys.change_code(pid, "kit_machine", "old", "extra") == "ok"
    await sys.resume(pid)
    assert await sys.get_state(pid) == ("b", ("old", 7, "extra"))


async def test_a_process_becomes_a_machine():
    module = machine()

    async def process():
        proc_lib.init_ack(("ok", erlang.self()))
        await gen_statem.enter_loop(module, [], "b", "data", [("next_event", "internal", "first")])

    class Starter:
        begin = staticmethod(process)

    _, pid = await proc_lib.start_link(Starter, "begin", [])
    assert await heard() == [("b", "internal", "first")]
    assert await sys.get_state(pid) == ("b", "data")


async def test_a_machine_ends_with_its_parent():
    async def parent():
        await gen_statem.start_link(module, 0, [])
        erlang.exit("over")

    module = machine(init=lambda data: erlang.process_flag("trap_exit", True) is False and ("ok", "a", data))
    erlang.spawn(parent)
    assert ("terminate", "over", "a", 0) in await heard()
