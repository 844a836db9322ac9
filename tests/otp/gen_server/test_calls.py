"""Calls, casts, replies and requests: what the caller gets, and what stays in its mailbox."""

import pytest

from erlsim import erlang, terms, timer
from erlsim.otp import gen_server
from tests.otp.kit import dead, ending, gives, heard, is_stack, outcome, raises, server, start, start_link

pytestmark = pytest.mark.usefixtures("trapping_exits")

ECHO = gives(("reply", "echo", 0))
HANG = gives(("noreply", 0))


def failure(reason, *args):
    return ("exit", (reason, ("gen_server", "call", list(args))))


@pytest.mark.rule(91)
async def test_a_failing_call_names_its_arguments_as_they_were_given():
    assert await outcome(gen_server.call("nobody", "r")) == failure("noproc", "nobody", "r")
    assert await outcome(gen_server.call("nobody", "r", 100)) == failure("noproc", "nobody", "r", 100)


MISSING = ["nobody", ("nobody", "nonode@nohost"), ("global", "nobody"), ("via", "global", "nobody"), "undefined"]


@pytest.mark.rule(92)
@pytest.mark.parametrize("missing", MISSING)
async def test_a_call_to_a_missing_name_exits_noproc(missing):
    assert await outcome(gen_server.call(missing, "r")) == failure("noproc", missing, "r")


@pytest.mark.rule(92)
async def test_a_call_to_a_dead_process_exits_noproc():
    pid = await dead()
    assert await outcome(gen_server.call(pid, "r")) == failure("noproc", pid, "r")


@pytest.mark.rule(92)
async def test_a_call_that_does_not_wait_at_all_never_hears_that_the_process_is_dead():
    pid = await dead()
    assert await outcome(gen_server.call(pid, "r", 0)) == failure("timeout", pid, "r", 0)
    assert await outcome(gen_server.call("nobody", "r", 0)) == failure("noproc", "nobody", "r", 0)


@pytest.mark.rule(92)
async def test_a_call_to_another_node_exits_nodedown():
    there = ("srv", "other@host")
    assert await outcome(gen_server.call(there, "r")) == failure(("nodedown", "other@host"), there, "r")


@pytest.mark.rule(92)
async def test_a_call_that_is_not_answered_in_time_exits_timeout():
    pid = await start()
    assert await outcome(gen_server.call(pid, HANG, 20)) == failure("timeout", pid, HANG, 20)


@pytest.mark.rule(92)
@pytest.mark.parametrize("timeout", [(), (100,), ("infinity",)])
async def test_a_process_cannot_call_itself(timeout):
    me = erlang.self()
    assert await outcome(gen_server.call(me, "r", *timeout)) == failure("calling_self", me, "r", *timeout)


@pytest.mark.rule(92)
@pytest.mark.parametrize("timeout", [(), (100,), ("infinity",)])
@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", "x"), "bad"])
@pytest.mark.erlsim(crashes=True)
async def test_a_server_that_stops_without_a_reply_gives_its_reason(reason, timeout):
    pid = await start()
    request = gives(("stop", reason, 0))
    assert await outcome(gen_server.call(pid, request, *timeout)) == failure(reason, pid, request, *timeout)


@pytest.mark.rule(92)
@pytest.mark.erlsim(crashes=True)
async def test_a_server_that_crashes_gives_reason_and_stack():
    pid = await start()
    kind, ((reason, stack), _) = await outcome(gen_server.call(pid, raises("error", "boom")))
    assert (kind, reason) == ("exit", "boom")
    assert is_stack(stack)


@pytest.mark.rule(92)
async def test_a_server_that_is_killed_during_a_call_gives_killed():
    pid = await start()
    erlang.spawn(lambda: erlang.exit(pid, "kill"))
    assert await outcome(gen_server.call(pid, HANG)) == failure("killed", pid, HANG)


@pytest.mark.rule(92)
@pytest.mark.parametrize("timeout", [-1, "soon", 1.5, True])
async def test_a_timeout_that_is_none_is_a_function_clause(timeout):
    pid = await start()
    kind, ((reason, stack), call) = await outcome(gen_server.call(pid, "r", timeout))
    assert (kind, reason) == ("exit", "function_clause")
    assert is_stack(stack)
    assert call == ("gen_server", "call", [pid, "r", timeout])


@pytest.mark.rule(93)
async def test_a_reply_after_the_timeout_is_dropped():
    async def late(state):
        await timer.sleep(30)
        return ("reply", "late", state)

    assert (await outcome(gen_server.call(await start(), late, 20)))[0] == "exit"
    assert await heard(50) == []


@pytest.mark.rule(94)
async def test_from_holds_an_alias_under_a_finite_timeout_and_a_reference_under_infinity():
    pid = await start(server(handle_call=lambda request, from_, state: ("reply", type(from_[1]).__name__, state)))
    assert await gen_server.call(pid, "r") == "Improper"
    assert await gen_server.call(pid, "r", 100) == "Improper"
    assert await gen_server.call(pid, "r", "infinity") == "Ref"


def replying_twice():
    """A server that replies at once, and again a little later."""

    def handle_call(request, from_, state):
        return ("reply", "one", from_, 1)

    def handle_info(message, from_):
        gen_server.reply(from_, "two")
        return ("noreply", 0)

    return server(handle_call=handle_call, handle_info=handle_info)


@pytest.mark.rule(94)
async def test_a_second_reply_that_comes_later_is_dropped_under_a_finite_timeout():
    assert await gen_server.call(await start(replying_twice()), "r") == "one"
    assert await heard() == []


@pytest.mark.rule(94)
async def test_a_second_reply_is_a_stray_message_under_infinity():
    assert await gen_server.call(await start(replying_twice()), "r", "infinity") == "one"
    ((ref, value),) = await heard()
    assert isinstance(ref, terms.Ref)
    assert value == "two"


@pytest.mark.rule(95)
@pytest.mark.erlsim(crashes=True)
async def test_a_linked_client_that_does_not_trap_dies_of_the_signal_alone():
    async def client():
        pid = await start_link()
        await gen_server.call(pid, gives(("stop", "bad", 0)))

    assert await ending(client) == "bad"


@pytest.mark.rule(95)
async def test_a_linked_client_whose_server_stops_normal_exits_of_the_call():
    request = gives(("stop", "normal", 0))
    servers = []

    async def client():
        servers.append(await start_link())
        await gen_server.call(servers[0], request)

    assert await ending(client) == ("normal", ("gen_server", "call", [servers[0], request]))


@pytest.mark.rule(96)
@pytest.mark.parametrize("missing", [*MISSING, ("nobody", "other@host")])
async def test_a_cast_to_what_is_missing_is_ok(missing):
    assert gen_server.cast(missing, "m") == "ok"
    assert gen_server.cast(await dead(), "m") == "ok"


@pytest.mark.rule(96)
@pytest.mark.parametrize("wrong", [5, (), ("a", 1), ("a", "b", "c"), []])
async def test_a_cast_to_what_can_be_no_server_is_a_function_clause(wrong):
    with pytest.raises(Exception, match="function_clause"):
        gen_server.cast(wrong, "m")


@pytest.mark.rule(96)
async def test_anybody_may_reply_and_a_reply_is_always_ok():
    def handle_call(request, from_, state):
        erlang.spawn(lambda: gen_server.reply(from_, "from_other"))
        return ("noreply", state)

    assert await gen_server.call(await start(server(handle_call=handle_call)), "r") == "from_other"
    assert gen_server.reply((await dead(), erlang.make_ref()), "r") == "ok"


@pytest.mark.rule(104)
@pytest.mark.parametrize("name", [("local", "srv"), ("global", "srv"), ("via", "global", "srv")])
async def test_stop_is_ok_for_a_server_by_any_name(name):
    await start(name=name)
    assert await gen_server.stop(name[1] if name[0] == "local" else name) == "ok"


@pytest.mark.rule(104)
@pytest.mark.parametrize("missing", MISSING)
async def test_stop_of_a_missing_server_exits_noproc_bare(missing):
    assert await outcome(gen_server.stop(missing)) == ("exit", "noproc")


@pytest.mark.rule(104)
async def test_a_stop_that_takes_too_long_exits_timeout_and_leaves_the_server_alone():
    async def busy(state):
        await timer.sleep(50)
        return ("noreply", state)

    pid = await start()
    gen_server.cast(pid, busy)
    assert await outcome(gen_server.stop(pid, "normal", 20)) == ("exit", "timeout")
    assert erlang.is_process_alive(pid)


@pytest.mark.rule(106)
async def test_a_timeout_of_wait_response_keeps_the_request_alive():
    async def late(state):
        await timer.sleep(30)
        return ("reply", "late", state)

    ref = gen_server.send_request(await start(), late)
    assert await gen_server.wait_response(ref, 10) == "timeout"
    assert await gen_server.wait_response(ref, 100) == ("reply", "late")


@pytest.mark.rule(106)
async def test_a_timeout_abandons_the_requests_of_a_collection_whatever_else_lies_in_the_mailbox():
    async def late(state):
        await timer.sleep(30)
        return ("reply", "late", state)

    others = [5, "atom", (1,), (1, 2), [1, 2], {"a": 1}, b"xx", 1.5, ("DOWN", erlang.make_ref(), "process", 1, 2), ()]
    for each in others:
        erlang.send(erlang.self(), each)
    collection = gen_server.reqids_new()
    for label in "ab":
        collection = gen_server.reqids_add(gen_server.send_request(await start(), late), label, collection)
    assert await gen_server.receive_response(collection, 10, True) == "timeout"
    assert await heard(50) == others


@pytest.mark.rule(106)
async def test_a_timeout_of_receive_response_abandons_the_request():
    async def late(state):
        await timer.sleep(30)
        return ("reply", "late", state)

    ref = gen_server.send_request(await start(), late)
    assert await gen_server.receive_response(ref, 10) == "timeout"
    assert await heard(50) == []


@pytest.mark.rule(106)
@pytest.mark.parametrize("how", ["wait_response", "receive_response"])
async def test_a_request_to_a_dead_server_is_an_error_with_noproc(how):
    wait = getattr(gen_server, how)
    pid = await dead()
    assert await wait(gen_server.send_request(pid, "r"), 10) == ("error", ("noproc", pid))
    assert await wait(gen_server.send_request("nobody", "r"), 10) == ("error", ("noproc", "nobody"))


@pytest.mark.rule(106)
async def test_check_response_knows_its_own_messages():
    ref = gen_server.send_request(await start(), ECHO)
    (message,) = await heard()
    assert gen_server.check_response("other", ref) == "no_reply"
    assert gen_server.check_response(message, ref) == ("reply", "echo")
    ref = gen_server.send_request("nobody", ECHO)
    (message,) = await heard()
    assert gen_server.check_response(message, ref) == ("error", ("noproc", "nobody"))


async def test_a_call_answered_in_the_very_millisecond_of_its_timeout_has_timed_out():
    async def slow(state):
        await timer.sleep(20)
        return ("reply", "r", state)

    assert (await outcome(gen_server.call(await start(), slow, 20)))[0] == "exit"


async def test_calls_are_served_in_the_order_in_which_they_were_made():
    pid = await start(
        server(handle_call=lambda request, from_, state: ("reply", [*state, request], [*state, request])), []
    )
    for number in range(3):
        erlang.spawn(lambda number=number: gen_server.send_request(pid, number))
    await timer.sleep(1)
    assert await gen_server.call(pid, "last") == [0, 1, 2, "last"]


async def test_a_call_leaves_no_monitor_and_no_alias_behind():
    pid = await start()
    for timeout in ((), (100,), ("infinity",)):
        await gen_server.call(pid, ECHO, *timeout)
    await outcome(gen_server.call(pid, HANG, 5))
    assert erlang.process_info(erlang.self(), "monitors") == ("monitors", [])
    assert erlang.process_info(pid, "monitored_by") == ("monitored_by", [])


async def test_a_reply_is_a_copy():
    pid = await start(server(handle_call=lambda request, from_, state: ("reply", state, state)), [1])
    (await gen_server.call(pid, "get")).append(2)
    assert await gen_server.call(pid, "get") == [1]
