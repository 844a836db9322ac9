"""The same for OTP's behaviours: mistakes that no test found, each with the test that finds it now."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import erlsim
from erlsim import Error, erlang, otp, terms, timer
from erlsim.otp import (
    application,
    erl_internal,
    error_logger,
    gen_server,
    gen_statem,
    logger,
    logger_formatter,
    proc_lib,
    supervisor,
    sys,
)
from erlsim.otp.reports import log_text
from erlsim.otp.reports.exceptions import format_exception


class Keeper:
    """Keeps the list that it is given, and changes it."""

    def init(arg):
        return ("ok", [])

    def handle_call(request, from_, state):
        request.append("changed")
        return ("reply", request, request)

    def handle_cast(request, state):
        request.append("changed")
        return ("noreply", request)


@pytest.mark.parametrize("trace", [True, False])
def test_a_server_that_changes_its_request_changes_nothing_of_its_caller(trace):
    async def main():
        mine = ["mine"]
        _, pid = await gen_server.start(Keeper, [], [])
        reply = await gen_server.call(pid, mine)
        gen_server.cast(pid, mine)
        reply.append("by the caller")
        await erlang.receive(after=1)
        return mine

    assert erlsim.run(main, trace=trace) == ["mine"]


class Tree:
    def init(arg):
        return ("ok", arg)


def worker(die=None):
    async def run():
        if die == "trap":
            erlang.process_flag("trap_exit", True)
            await erlang.receive(("EXIT", ..., ...))
            erlang.exit("shutdown")
        erlang.exit(await erlang.receive())

    return lambda: ("ok", erlang.spawn_link(run))


class Module:
    def __init__(self, start):
        self.start = start


def child(id_, start, **more):
    return {"id": id_, "start": (Module(start), "start", []), **more}


@pytest.mark.parametrize(
    ("reason", "restarted"), [("normal", False), ("shutdown", False), (("shutdown", 1), False), ("boom", True)]
)
def test_the_reason_in_an_exit_decides_whether_a_transient_child_is_restarted(reason, restarted):
    async def main():
        _, pid = await supervisor.start_link(Tree, ({}, [child("a", worker(), restart="transient")]))
        ((_, before, _, _),) = await supervisor.which_children(pid)
        erlang.send(before, reason)
        await erlang.receive(after=1)
        ((_, after, _, _),) = await supervisor.which_children(pid)
        return after != before and after != "undefined"

    assert erlsim.run(main) is restarted


@pytest.mark.parametrize(("shutdown", "reported"), [("brutal_kill", True), (100, False)])
def test_a_permanent_child_to_be_killed_that_ends_with_shutdown_has_not_ended_as_told(shutdown, reported):
    """The child has ended with `shutdown` before the kill reaches it: its supervisor tells of that."""

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await supervisor.start_link(Tree, ({}, [child("a", worker(), shutdown=shutdown)]))
        ((_, worker_pid, _, _),) = await supervisor.which_children(pid)
        erlang.suspend_process(pid)
        stop = supervisor.terminate_child
        erlang.spawn(stop, [pid, "a"])
        await erlang.receive(after=1)
        erlang.send(worker_pid, "shutdown")
        await erlang.receive(after=1)
        erlang.resume_process(pid)
        await erlang.receive(after=200)

    sim = erlsim.Simulation()
    sim.run(main)
    assert ("shutdown_error" in "".join(sim.reports.texts())) is reported


def test_a_significant_child_that_is_being_restarted_is_not_gone():
    fails = {"now": False}

    def start_a():
        return ("error", "not yet") if fails["now"] else worker()()

    async def main():
        erlang.process_flag("trap_exit", True)
        flags = {"auto_shutdown": "all_significant", "intensity": 10_000, "period": 1}
        both = [
            child("a", start_a, restart="transient", significant=True),
            child("b", worker(), restart="transient", significant=True),
        ]
        _, pid = await supervisor.start_link(Tree, (flags, both))
        pids = {id_: child_pid for id_, child_pid, _, _ in await supervisor.which_children(pid)}
        fails["now"] = True
        erlang.send(pids["a"], "boom")
        erlang.send(pids["b"], "normal")
        for _ in range(200):
            await erlang.yield_()
        fails["now"] = False
        await erlang.receive(after=5)
        return erlang.is_process_alive(pid)

    assert erlsim.run(main) is True


def test_what_is_started_already_is_ensured_but_what_is_not_there_is_told(sim):
    sim.run(application.load, ("application", "app", [("vsn", [49])]))
    assert [sim.run(application.ensure_started, "app") for _ in range(2)] == ["ok", "ok"]
    missing = (terms.chars("no such file or directory"), terms.chars("nonesuch.app"))
    assert sim.run(application.ensure_started, "nonesuch") == ("error", missing)


@pytest.mark.parametrize(
    ("reason", "kind", "call", "lines"),
    [
        ("noproc", "error", ("m", "f", [1], []), ["no such process or port", "in function  m:f/1", "called as m:f(1)"]),
        ("badarith", "error", ("erlang", "-", ["a"], []), [..., "in operator  -/1", "called as - a"]),
        (
            "badarith",
            "error",
            ("erlang", "+", ["a", list(range(100, 131))], []),
            [
                ...,
                ...,
                "called as a + [100,101,102,103,104,105,106,107,108,109,110,111,112,113,",
                "114,115,116,117,118,119,120,121,122,123,124,125,126,127,",
                "128,129,130]",
            ],
        ),
    ],
)
def test_the_call_that_failed_is_shown_as_erl_error_shows_it(reason, kind, call, lines):
    shown = [line.strip() for line in format_exception(1, kind, reason, [call]).splitlines()]
    shown[0] = shown[0].removeprefix("exception error: ")
    assert len(shown) == len(lines)
    assert [line for line, expected in zip(shown, lines, strict=True) if expected not in (..., line)] == []


@pytest.mark.parametrize(("codes", "is_text"), [([31], False), ([32, 126], True), ([127], False), ([159], False)])
def test_codes_that_can_be_printed_are_a_text_in_a_report(codes, is_text):
    assert log_text.printable(codes) is is_text


@pytest.mark.parametrize(("code", "is_text"), [(160, True), (0x10FFFF, True), (0x110000, False), (7, False), (8, True)])
def test_codes_beyond_ascii_and_white_space_are_a_text_in_a_report(code, is_text):
    assert log_text.printable([code]) is is_text


@pytest.mark.parametrize(("given", "function"), [(["x"], "replies"), ("x", "reply")])
def test_what_is_no_reply_matches_no_clause_of_reply_or_replies(given, function):
    with pytest.raises(Error) as failure:
        gen_statem.reply(given)
    assert failure.value.reason == "function_clause"
    assert failure.value.stack[0][:3] == ("gen_statem", function, [given])


@pytest.mark.parametrize(("kind", "domain"), [("odd", ["odd"]), ("std_error", "none"), (terms.chars("s"), ["s"])])
def test_a_report_of_error_logger_has_its_type_for_a_domain_unless_that_is_the_standard(sim, kind, domain):
    seen = []

    def keep(event, _extra):
        seen.append(event["meta"].get("domain", "none"))
        return "stop"

    def main():
        logger.add_primary_filter("keep", (keep, []))
        error_logger.error_report(kind, ["x"])

    sim.run(main)
    assert seen == [[terms.chars("s")] if domain == ["s"] else domain]


def test_who_has_written_over_its_initial_call_is_reported_without_one():
    def body():
        erlang.put("$initial_call", ("m", "f"))
        erlang.exit("boom")

    async def main():
        proc_lib.spawn(body)
        await timer.sleep(1)

    sim = erlsim.Simulation()
    sim.run(main)
    (report,) = map(str, sim.reports)
    assert "initial call" not in report and "exception exit: boom" in report


@pytest.mark.parametrize("value", [1, "true", []])
def test_a_header_is_old_or_not(value):
    bad = ("invalid_formatter_config", "logger_formatter", ("legacy_header", value))
    assert logger_formatter.check_config({"legacy_header": value}) == ("error", bad)
    assert logger_formatter.check_config({"legacy_header": True}) == "ok"


@pytest.mark.parametrize(("otp", "shown"), [(25, True), (26, True), (27, False)])
def test_a_label_that_is_not_given_is_left_out_since_otp_27(otp, shown):
    with erlsim.Simulation(otp=otp):
        assert ("process_label" in proc_lib.format([[("process_label", "undefined")], []])) is shown


def test_of_two_options_the_second_can_be_removed_alone(sim):
    def watch(state, _event, _name):
        return state

    async def main():
        _, pid = await gen_server.start(Keeper, 0, [])
        for name in "abc":
            await sys.install(pid, (name, watch, 0))
        await sys.remove(pid, "b")
        return [key[0] for key, _ in (await sys.get_status(pid))[3][3]]

    assert sim.run(main) == ["c", "a"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("lists", "nope", [1], []), "{'function not exported',"),
        (("gen_server", "call", [1, 2], []), "{undef,"),
        (("no_such_module", "f", [], []), "{'module could not be loaded',"),
    ],
)
@pytest.mark.parametrize("single_line", [True, False])
def test_a_server_that_ends_with_undef_tells_what_was_missing(call, words, single_line):
    report = {
        "label": ("gen_server", "terminate"),
        "name": "server",
        "last_message": "m",
        "state": "s",
        "log": [],
        "reason": ("undef", [call]),
        "client_info": "undefined",
    }
    text = terms.format("~ts", [gen_server.format_log(report, {"single_line": single_line})])
    assert words in text


def test_a_crash_report_shows_all_characters_unless_latin1_is_asked_for():
    report = {"label": ("proc_lib", "crash"), "report": [[("registered_name", "\u20ac")], []]}
    texts = [proc_lib.report_cb(report, {"single_line": False, **more}) for more in ({}, {"encoding": "latin1"})]
    assert ["\u20ac" in text for text in texts] == [True, False]
    assert format_exception(1, "exit", "\u20ac", []) == "exception exit: '\u20ac'"


def test_old_guards_ask_for_a_record_by_its_name_and_for_nothing_else_so():
    assert {name for name, arity in erl_internal.OLD_TESTS if arity != 1} == {"record"}
    assert [arity for arity in range(5) if ("record", arity) in erl_internal.OLD_TESTS] == [2]


# Functions of OTP 25's modules that are beneath callbacks or decide on exits, and those that are said to have logged.
IN_STACKS = """
    call/2 call/3 call1/3 call1/4 call_dirty/4 callback_mode_result/6 code_change/3 decode_msg/9 do_call/4
    do_for_proc/2 do_reply_then_terminate/8 do_start_child/2 do_start_child_i/3 do_terminate/7 enter/8
    fetch_msg/6 get_callback_mode/2 get_parent/0 get_proc_name/1 handle_call/3 handle_cast/2 handle_info/2
    handle_msg/6 handle_start_child/2 init/1 init_children/2 init_it/2 init_it/6 init_p/3 init_p_do_apply/3
    init_result/8 loop/7 loop_actions_list/12 loop_actions_list/13 loop_actions_next_event_bad/9
    loop_actions_reply/14 loop_receive/3 loop_state_callback/11 loop_state_callback_result/11 name_to_pid/1
    restart/2 restart/3 restart_multiple_children/3 server_add_handler/4 server_call/4 server_call_update/3
    server_delete_handler/4 server_notify/4 server_swap_handler/6 server_update/4 split_and_terminate/6
    system_terminate/4 terminate/10 terminate/2 terminate/7 terminate_server/4 try_dispatch/4 try_handle_call/4
    try_terminate/3 wake_up/3
"""
LOGGING = """
    application_controller:info_exited/3 gen_event:init_it/6 gen_server:error_info/8 gen_server:try_dispatch/4
    gen_statem:error_info/7 logger_backend:call_handlers/3 logger_backend:handle_filter_failed/4
    proc_lib:crash_report/4 proc_lib:init_p/5 supervisor:do_restart/3 supervisor:do_terminate/2
    supervisor:handle_info/2 supervisor:report_progress/2 supervisor:restart/2 supervisor:restart/3
    supervisor:start_children/2 supervisor:terminate_dynamic_children/1
"""


IS_NAMES = re.compile(r"(?:[a-z_0-9$^-]+/[0-9]+)(?: [a-z_0-9$^-]+/[0-9]+)*")


def nodes_of(kind):
    for path in sorted(Path(otp.__file__).parent.rglob("*.py")):
        yield from (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kind))


def test_the_functions_beneath_callbacks_and_those_that_decide_on_exits_are_those_that_otp_has():
    text = [node.value for node in nodes_of(ast.Constant) if isinstance(node.value, str)]
    named = {word for each in text if IS_NAMES.fullmatch(each) for word in each.split()}
    assert named == set(IN_STACKS.split())


def test_reports_name_functions_that_otp_has():
    named = set()
    for node in nodes_of(ast.Tuple):
        match [getattr(each, "value", None) for each in node.elts]:
            case [str(module), str(function), int(arity)]:
                named.add(f"{module}:{function}/{arity}")
    assert named == set(LOGGING.split())
