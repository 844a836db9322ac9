"""System messages: state, status, suspending, code change, debugging."""

import pytest

from erlsim import code, erlang, timer
from erlsim.otp import gen_server, sys
from tests.otp.kit import dead, gives, heard, outcome, server, start, start_link, telling

pytestmark = pytest.mark.usefixtures("trapping_exits")


async def hang():
    await erlang.receive(lambda _message: False)


def echo(request, from_, state):
    return ("reply", request, state)


@pytest.mark.rule(107)
async def test_the_state_can_be_read_and_replaced():
    pid = await start(arg="x")
    assert await sys.get_state(pid) == "x"
    assert await sys.replace_state(pid, lambda state: (state, "new")) == ("x", "new")
    assert await sys.get_state(pid) == ("x", "new")


@pytest.mark.rule(107)
async def test_a_crashing_replace_fun_raises_here_and_keeps_the_state():
    pid = await start(arg="x")
    failure = ("callback_failed", ("gen_server", "system_replace_state"), ("error", "boo"))
    assert await outcome(sys.replace_state(pid, lambda state: erlang.error("boo"))) == ("error", failure)
    assert await sys.get_state(pid) == "x"


@pytest.mark.rule(107)
async def test_a_replace_fun_of_the_wrong_arity_is_badarity():
    pid = await start(arg="x")

    def fun(a, b):
        return a

    kind, (_, _, failure) = await outcome(sys.replace_state(pid, fun))
    assert (kind, failure) == ("error", ("error", ("badarity", (fun, ["x"]))))


@pytest.mark.rule(108)
async def test_a_missing_target_exits_noproc_naming_the_call():
    pid = await dead()
    assert await outcome(sys.get_state("nobody")) == ("exit", ("noproc", ("sys", "get_state", ["nobody"])))
    assert await outcome(sys.suspend(pid, 10)) == ("exit", ("noproc", ("sys", "suspend", [pid, 10])))
    log = ("exit", ("noproc", ("sys", "log", ["nobody", "get"])))
    assert await outcome(sys.log("nobody", "get")) == log
    change = ("sys", "change_code", ["nobody", "m", "v", "e"])
    assert await outcome(sys.change_code("nobody", "m", "v", "e")) == ("exit", ("noproc", change))
    stop = ("sys", "terminate", ["nobody", "why"])
    assert await outcome(sys.terminate("nobody", "why")) == ("exit", ("noproc", stop))


@pytest.mark.rule(108)
async def test_a_process_that_knows_no_system_messages_times_out():
    pid = erlang.spawn(hang)
    before = erlang.monotonic_time()
    assert await outcome(sys.get_state(pid)) == ("exit", ("timeout", ("sys", "get_state", [pid])))
    assert erlang.monotonic_time() == before + 5000
    assert await outcome(sys.get_state(pid, 30)) == ("exit", ("timeout", ("sys", "get_state", [pid, 30])))


@pytest.mark.rule(109)
async def test_a_suspended_server_obeys_system_messages_and_handles_the_rest_when_resumed():
    pid = await start(telling(), arg="s")
    assert await sys.suspend(pid) == "ok"
    erlang.send(pid, "later")
    assert (await outcome(gen_server.call(pid, gives(("reply", 1, 0)), 20)))[0] == "exit"
    assert await sys.get_state(pid) == "s"
    assert await heard() == []
    assert await sys.resume(pid) == "ok"
    assert await heard() == [("info", "later")]
    assert await sys.get_state(pid) == 0


@pytest.mark.rule(109)
async def test_a_suspended_server_ends_with_its_parent():
    pid = await start_link(telling(init=lambda arg: erlang.process_flag("trap_exit", True) or ("ok", arg)))
    await sys.suspend(pid)
    erlang.exit(pid, "pp")
    assert await heard() == [("terminate", "pp"), ("EXIT", pid, "pp")]


@pytest.mark.rule(110)
async def test_an_unknown_system_message_is_answered_with_an_error():
    pid = await start()
    ref = erlang.make_ref()
    erlang.send(pid, ("system", (erlang.self(), ref), "bogus"))
    assert await heard() == [(ref, ("error", ("unknown_system_msg", "bogus")))]


@pytest.mark.rule(110)
async def test_code_is_changed_only_while_suspended():
    message = ("change_code", "m", "v", "e")
    assert await sys.change_code(await start(), "m", "v", "e") == ("error", ("unknown_system_msg", message))


async def test_code_change_gives_a_suspended_server_its_new_state():
    seen = []

    def code_change(old_vsn, state, extra):
        seen.append((old_vsn, state, extra))
        return ("ok", "new")

    pid = await start(server(code_change=code_change), "old")
    await sys.suspend(pid)
    assert await sys.change_code(pid, "m", "v1", "e") == "ok"
    await sys.resume(pid)
    assert seen == [("v1", "old", "e")]
    assert await sys.get_state(pid) == "new"


async def test_a_missing_code_change_is_an_error_with_undef():
    pid = await start(arg="s")
    await sys.suspend(pid)
    error, (exit_, (reason, stack)) = await sys.change_code(pid, "m", "v1", "e")
    assert (error, exit_, reason) == ("error", "EXIT", "undef")
    assert stack[0][:3] == ("simple_namespace", "code_change", ["v1", "s", "e"])
    await sys.resume(pid)
    assert await sys.get_state(pid) == "s"


async def test_an_upgrade_suspends_loads_changes_and_resumes():
    def version(number, **more):
        return server(handle_call=lambda request, from_, state: ("reply", (number, state), state), **more)

    code.load("kit_upgraded", version(1))
    pid = await start("kit_upgraded", 10)
    await sys.suspend(pid)
    code.load("kit_upgraded", version(2, code_change=lambda vsn, state, extra: ("ok", {"count": state})))
    assert await sys.change_code(pid, "kit_upgraded", 1, []) == "ok"
    await sys.resume(pid)
    assert await gen_server.call(pid, "q") == (2, {"count": 10})


@pytest.mark.erlsim(crashes=True)
async def test_terminate_ends_a_server_with_the_reason():
    pid = await start_link(telling())
    assert await sys.terminate(pid, "why") == "ok"
    assert await heard() == [("terminate", "why"), ("EXIT", pid, "why")]


@pytest.mark.rule(111)
async def test_statistics_count_messages_in_and_replies_out():
    pid = await start(server(handle_call=echo))
    assert await sys.statistics(pid, "get") == ("ok", "no_statistics")
    assert await sys.statistics(pid, True) == "ok"
    await gen_server.call(pid, "a")
    gen_server.cast(pid, gives(("noreply", 0)))
    erlang.send(pid, gives(("noreply", 0)))
    await timer.sleep(1500)
    ok, pairs = await sys.statistics(pid, "get")
    assert [name for name, _ in pairs] == [
        "start_time",
        "current_time",
        "reductions",
        "messages_in",
        "messages_out",
    ]
    values = dict(pairs)
    assert (values["messages_in"], values["messages_out"]) == (3, 1)
    assert values["start_time"] == ((2024, 1, 1), (0, 0, 0))
    assert values["current_time"] == ((2024, 1, 1), (0, 0, 1))
    assert await sys.statistics(pid, False) == "ok"
    assert await sys.statistics(pid, "get") == ("ok", "no_statistics")


async def test_log_keeps_the_last_events():
    pid = await start(server(handle_call=echo, handle_cast=lambda message, state: ("noreply", message)), "x")
    assert await sys.log(pid, "get") == ("ok", [])
    await sys.log(pid, True)
    await gen_server.call(pid, "a")
    gen_server.cast(pid, "b")
    ok, (called, replied, cast, changed) = await sys.log(pid, "get")
    assert (called[0], called[1][0], called[1][2]) == ("in", "$gen_call", "a")
    assert (replied[:2], replied[3]) == (("out", "a"), "x")
    assert cast == ("in", ("$gen_cast", "b"))
    assert changed == ("noreply", "b")
    for number in range(9):
        gen_server.cast(pid, number)
    ok, events = await sys.log(pid, "get")
    assert len(events) == 10
    assert events[-1] == ("noreply", 8)


async def test_a_log_keeps_as_many_events_as_it_was_made_for():
    pid = await start(
        server(handle_cast=lambda message, state: ("noreply", message)), options=[("debug", [("log", 3)])]
    )
    gen_server.cast(pid, 1)
    gen_server.cast(pid, 2)
    kept = [("noreply", 1), ("in", ("$gen_cast", 2)), ("noreply", 2)]
    assert await sys.log(pid, "get") == ("ok", kept)
    assert await sys.log(pid, (True, 0)) == "unknown_debug"
    # As in OTP, the size of a log that is on does not change.
    assert await sys.log(pid, (True, 1)) == "ok"
    assert await sys.log(pid, "get") == ("ok", kept)
    assert await sys.log(pid, False) == "ok"
    assert await sys.log(pid, "get") == ("ok", [])


async def test_an_installed_fun_sees_every_event_until_it_is_done():
    me = erlang.self()

    def watch(count, event, name):
        erlang.send(me, ("saw", count, event[0]))
        return "done" if count == 3 else count + 1

    pid = await start(server(handle_cast=lambda message, state: ("noreply", message)))
    assert await sys.install(pid, (watch, 1)) == "ok"
    for number in range(3):
        gen_server.cast(pid, number)
    assert await heard() == [("saw", 1, "in"), ("saw", 2, "noreply"), ("saw", 3, "in")]


async def test_an_installed_fun_can_be_removed_by_its_id():
    me = erlang.self()

    def watch(state, event, name):
        erlang.send(me, event)
        return state

    pid = await start(server(handle_cast=lambda message, state: ("noreply", message)))
    await sys.install(pid, ("my_id", watch, 0))
    assert await sys.remove(pid, "my_id") == "ok"
    gen_server.cast(pid, 1)
    assert await heard() == []


async def test_an_installed_fun_that_fails_is_removed():
    pid = await start(server(handle_cast=lambda message, state: ("noreply", message)))
    await sys.install(pid, (lambda state, event, name: erlang.error("oops"), 0))
    gen_server.cast(pid, 1)
    assert await sys.get_state(pid) == 1
    assert (await sys.get_status(pid))[3][3] == []


async def test_no_debug_turns_everything_off():
    pid = await start(options=[("debug", ["trace", "log", "statistics"])])
    assert await sys.no_debug(pid) == "ok"
    assert (await sys.get_status(pid))[3][3] == []


@pytest.mark.parametrize("option", [("log", 0), "nonsense", ("log_to_file",), 5])
async def test_unknown_debug_options_are_ignored(option):
    pid = await start(options=[("debug", [option])])
    assert (await sys.get_status(pid))[3][3] == []


def chars(text):
    return list(map(ord, text))


async def test_the_status_of_a_server_has_otps_shape():
    pid = await start(arg="x", name=("local", "y05"))
    status, who, module, (dictionary, running, parent, debug, misc) = await sys.get_status(pid)
    assert (status, who, module) == ("status", pid, ("module", "gen_server"))
    assert sorted(key for key, _ in dictionary) == ["$ancestors", "$initial_call"]
    assert (running, parent, debug) == ("running", pid, [])
    assert misc == [
        ("header", chars("Status for generic server y05")),
        ("data", [(chars("Status"), "running"), (chars("Parent"), pid), (chars("Logged events"), [])]),
        ("data", [(chars("State"), "x")]),
    ]


FORMATS = {
    "a new state": (lambda status: {**status, "state": "hidden"}, "hidden"),
    "a crash": (lambda status: erlang.error("x"), chars("simple_namespace:format_status/1 crashed")),
    "no map": (lambda status: ["x"], chars("simple_namespace:format_status/1 did not return a map")),
    "less keys": (
        lambda status: {"state": 1},
        chars("simple_namespace:format_status/1 returned a map with unknown keys"),
    ),
}


@pytest.mark.parametrize(("fun", "shown"), list(FORMATS.values()), ids=list(FORMATS))
async def test_format_status_decides_what_is_shown_of_the_state(fun, shown):
    pid = await start(server(format_status=fun), "secret")
    assert (await sys.get_status(pid))[3][4][-1] == ("data", [(chars("State"), shown)])


async def test_the_older_format_status_adds_what_it_returns():
    def format_status(option, data):
        return (option, data[1])

    pid = await start(server(format_status=format_status), "s")
    assert (await sys.get_status(pid))[3][4][-1] == ("normal", "s")


async def test_a_message_that_has_to_wait_keeps_a_suspended_process_that_hibernates_awake():
    pid = await start(server(init=lambda arg: ("ok", arg, "hibernate")))
    hibernates = ("current_function", ("erlang", "hibernate", 3))
    await sys.suspend(pid)
    await timer.sleep(1)
    assert erlang.process_info(pid, "current_function") == hibernates
    erlang.send(pid, lambda state: ("stop", "normal", state))
    await timer.sleep(1)
    assert erlang.process_info(pid, "current_function") != hibernates
    ref = erlang.monitor("process", pid)
    await sys.resume(pid)
    assert (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4] == "normal"
