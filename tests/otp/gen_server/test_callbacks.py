"""What callbacks may return, throw and fail with, and what becomes of the server."""

import pytest

from erlsim import code, erlang, timer
from erlsim.otp import gen_server, sys
from tests.otp.kit import Log, gives, heard, is_stack, outcome, raises, server, start, start_link, telling

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]

CALLBACKS = ["call", "cast", "info"]


def request(pid, kind, action):
    """Make the callback of `kind` do `action`; nobody waits for an answer."""
    if kind == "call":
        gen_server.send_request(pid, action)
    elif kind == "cast":
        gen_server.cast(pid, action)
    else:
        erlang.send(pid, action)


def obeying():
    """A server whose handle_info obeys functions, and which tells of its end."""
    return telling(handle_info=lambda message, state: message(state) if callable(message) else ("noreply", state))


async def end_of(kind, action):
    """What a server tells and how it ends when a callback does `action`: (terminate's reason, exit reason)."""
    pid = await start_link(obeying())
    request(pid, kind, action)
    told = [message for message in await heard() if message[0] in ("terminate", "EXIT")]
    return told[0][1], told[1][2]


@pytest.mark.rule(86)
@pytest.mark.parametrize("kind", CALLBACKS)
async def test_a_thrown_value_is_a_returned_one(kind):
    pid = await start()
    request(pid, kind, lambda state: erlang.throw(("noreply", "thrown")))
    assert await sys.get_state(pid) == "thrown"


@pytest.mark.rule(87)
@pytest.mark.parametrize("kind", CALLBACKS)
@pytest.mark.parametrize(
    "value", ["oops", ("noreply",), ("noreply", 1, -5), ("noreply", 1, 2, 3), ("reply", 1), 7, [], ["noreply", 1]]
)
async def test_a_bad_return_ends_the_server_and_terminate_hears_the_same(kind, value):
    assert await end_of(kind, gives(value)) == (("bad_return_value", value),) * 2


@pytest.mark.rule(87)
@pytest.mark.parametrize("kind", ["cast", "info"])
async def test_a_reply_from_a_callback_that_has_no_caller_is_a_bad_return(kind):
    value = ("reply", "r", "state")
    assert await end_of(kind, gives(value)) == (("bad_return_value", value),) * 2


@pytest.mark.rule(88)
@pytest.mark.parametrize("kind", CALLBACKS)
async def test_an_error_ends_the_server_with_reason_and_stack(kind):
    heard_by_terminate, reason = await end_of(kind, raises("error", "e1"))
    assert heard_by_terminate == reason
    assert reason[0] == "e1"
    assert is_stack(reason[1])


@pytest.mark.rule(88)
@pytest.mark.parametrize("kind", CALLBACKS)
async def test_an_exit_ends_the_server_with_its_reason(kind):
    assert await end_of(kind, raises("exit", "e2")) == ("e2", "e2")


async def test_a_python_exception_is_an_error_whose_reason_is_the_exception():
    _, (reason, stack) = await end_of("cast", lambda state: 1 // 0)
    assert isinstance(reason, ZeroDivisionError)
    assert is_stack(stack)


@pytest.mark.parametrize("kind", CALLBACKS)
async def test_a_callback_that_matches_nothing_is_a_function_clause(kind):
    _, (reason, stack) = await end_of(kind, gives(None))
    assert reason == "function_clause"
    assert stack[0][:2] == ("simple_namespace", f"handle_{kind}")


@pytest.mark.rule(89)
async def test_terminate_runs_before_the_reply_of_a_stop_is_sent():
    pid = await start_link(telling())
    ref = gen_server.send_request(pid, gives(("stop", "normal", "the_reply", 0)))
    first, second, third, _down = await heard()
    assert first == ("terminate", "normal")
    assert gen_server.check_response(second, ref) == ("reply", "the_reply")
    assert third == ("EXIT", pid, "normal")


@pytest.mark.rule(89, 90)
async def test_the_reply_of_a_stop_is_sent_even_if_terminate_crashes():
    pid = await start_link(server(terminate=lambda reason, state: erlang.error("term_crash")))
    assert await gen_server.call(pid, gives(("stop", "normal", "the_reply", 0))) == "the_reply"
    ((_, _, (reason, stack)),) = await heard()
    assert reason == "term_crash"
    assert is_stack(stack)


@pytest.mark.rule(90)
async def test_an_exit_in_terminate_becomes_the_reason():
    pid = await start_link(server(terminate=lambda reason, state: erlang.exit("tc")))
    gen_server.cast(pid, gives(("stop", "orig", 0)))
    assert await heard() == [("EXIT", pid, "tc")]


@pytest.mark.rule(90)
async def test_a_throw_in_terminate_is_ignored():
    pid = await start_link(server(terminate=lambda reason, state: erlang.throw("tt")))
    gen_server.cast(pid, gives(("stop", "orig", 0)))
    assert await heard() == [("EXIT", pid, "orig")]


@pytest.mark.rule(100)
async def test_a_timeout_fires_once():
    pid = await start(telling())
    gen_server.cast(pid, gives(("noreply", 0, 20)))
    assert await heard(100) == [("info", "timeout")]


@pytest.mark.rule(100)
async def test_any_message_cancels_a_timeout_for_good():
    pid = await start(telling())
    gen_server.cast(pid, gives(("noreply", 0, 20)))
    await timer.sleep(10)
    erlang.send(pid, "other")
    assert await heard(100) == [("info", "other")]


@pytest.mark.rule(100)
async def test_a_system_message_starts_a_timeout_again_in_full():
    pid = await start(telling())
    gen_server.cast(pid, gives(("noreply", 0, 20)))
    await timer.sleep(15)
    await sys.get_state(pid)
    assert await heard(15) == []
    assert await heard(6) == [("info", "timeout")]


@pytest.mark.rule(101)
async def test_a_queued_message_goes_before_a_timeout_of_zero_and_cancels_it():
    pid = await start(telling())

    def busy(state):
        erlang.send(erlang.self(), "queued")
        return ("noreply", state, 0)

    gen_server.cast(pid, busy)
    assert await heard(50) == [("info", "queued")]


@pytest.mark.rule(101)
async def test_a_timeout_of_zero_fires_at_once_when_nothing_is_queued():
    pid = await start(telling(init=lambda arg: ("ok", arg, 0)))
    assert await heard(1) == [("info", "timeout")]
    assert erlang.is_process_alive(pid)


@pytest.mark.rule(102)
async def test_a_continuation_runs_before_any_queued_message():
    def init(arg):
        erlang.send(erlang.self(), "queued")
        return ("ok", arg, ("continue", "c0"))

    pid = await start(telling(init=init))

    def more(state):
        erlang.send(erlang.self(), "q2")
        return ("noreply", state, ("continue", "c1"))

    gen_server.cast(pid, more)
    assert await heard() == [("continue", "c0"), ("info", "queued"), ("continue", "c1"), ("info", "q2")]


@pytest.mark.rule(102)
async def test_a_reply_goes_out_before_its_continuation_runs():
    pid = await start(telling())
    assert await gen_server.call(pid, gives(("reply", "r", 0, ("continue", "c")))) == "r"
    assert await heard() == [("continue", "c")]


@pytest.mark.rule(103)
async def test_a_missing_handle_info_is_logged_and_ignored():
    log = Log()
    pid = await start(server(handle_info=None))
    erlang.send(pid, "hello")
    await heard()
    assert erlang.is_process_alive(pid)
    assert log.reports() == [
        {"label": ("gen_server", "no_handle_info"), "module": "simple_namespace", "message": "hello"}
    ]
    assert log.events[0]["level"] == "warning"


@pytest.mark.rule(103)
@pytest.mark.parametrize("kind", ["call", "cast"])
async def test_a_missing_callback_ends_the_server_with_undef(kind):
    pid = await start_link(server(**{f"handle_{kind}": None}))
    request(pid, kind, "hi")
    (_, _, (reason, stack)), *_ = await heard()
    assert reason == "undef"
    assert stack[0][:2] == ("simple_namespace", f"handle_{kind}")


@pytest.mark.rule(103)
async def test_a_missing_handle_continue_ends_the_server_with_undef():
    pid = await start_link(server(init=lambda arg: ("ok", arg, ("continue", "c"))))
    ((_, who, (reason, stack)),) = await heard()
    assert (who, reason) == (pid, "undef")
    assert stack[0] == ("simple_namespace", "handle_continue", ["c", 0], [])


@pytest.mark.rule(103)
async def test_a_missing_terminate_is_fine():
    pid = await start_link(server())
    gen_server.cast(pid, gives(("stop", "why", 0)))
    assert await heard() == [("EXIT", pid, "why")]


async def test_an_undef_inside_handle_info_is_no_missing_handle_info():
    pid = await start_link(server(handle_info=lambda message, state: code.function("nowhere", "f", 0)()))
    erlang.send(pid, "hello")
    ((_, _, (reason, stack)),) = await heard()
    assert reason == "undef"
    assert stack[0][:2] == ("nowhere", "f")


async def test_callbacks_may_be_async():
    async def slow(state):
        await timer.sleep(5)
        return ("reply", "slow", state)

    assert await gen_server.call(await start(), slow) == "slow"


@pytest.mark.parametrize("next_", ["hibernate", ("continue", "c"), 1000, "infinity"])
async def test_a_server_answers_after_any_kind_of_waiting(next_):
    pid = await start(telling())
    assert await gen_server.call(pid, gives(("reply", 1, "s", next_))) == 1
    await timer.sleep(5)
    assert await sys.get_state(pid) == "s"
    assert await gen_server.call(pid, gives(("reply", 2, "s2"))) == 2
    assert await sys.get_state(pid) == "s2"


async def test_an_idle_server_hibernates_after_the_time_it_was_given_and_answers():
    pid = await start(options=[("hibernate_after", 10)])
    assert await gen_server.call(pid, gives(("reply", 1, 0))) == 1
    await timer.sleep(50)
    assert await gen_server.call(pid, gives(("reply", 2, 0))) == 2


async def test_new_code_takes_effect_with_the_next_request():
    def version(number):
        return server(handle_call=lambda request, from_, state: ("reply", number, state))

    code.load("kit_versions", version(1))
    pid = await start("kit_versions")
    given = await start(code.resolve("kit_versions"))
    assert [await gen_server.call(pid, "v"), await gen_server.call(given, "v")] == [1, 1]
    code.load("kit_versions", version(2))
    assert [await gen_server.call(pid, "v"), await gen_server.call(given, "v")] == [2, 2]


async def test_code_that_is_gone_is_undef():
    code.load("kit_gone", server())
    pid = await start("kit_gone")
    code.purge("kit_gone")
    kind, ((reason, stack), _) = await outcome(gen_server.call(pid, gives(("reply", 1, 0))))
    assert (kind, reason, stack[0][:2]) == ("exit", "undef", ("kit_gone", "handle_call"))
