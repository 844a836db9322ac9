"""Handlers of an event manager: how they come and go, and what they hear."""

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_event, sys
from tests.otp.gen_event.kit_event import gives, handler, manager
from tests.otp.kit import Log, dead, heard, is_stack, outcome

pytestmark = pytest.mark.usefixtures("trapping_exits")


async def test_a_manager_begins_without_handlers_and_traps_exits():
    _, pid = await gen_event.start_link()
    assert await gen_event.which_handlers(pid) == []
    assert erlang.process_info(pid, "trap_exit") == ("trap_exit", True)


async def test_the_handler_added_last_hears_first():
    pid = await manager(handler("a"), handler("b"))
    await heard()
    gen_event.notify(pid, "news")
    assert await heard() == [("b", "event", "news"), ("a", "event", "news")]
    assert await gen_event.which_handlers(pid) == ["b", "a"]


async def test_one_module_may_be_there_under_several_ids():
    a = handler("a")
    pid = await manager(a)
    assert await gen_event.add_handler(pid, (a, 1), "one") == "ok"
    assert await gen_event.call(pid, (a, 1), "who") == "one"
    assert await gen_event.call(pid, a, "who") == "a"
    assert await gen_event.which_handlers(pid) == [("a", 1), "a"]
    assert await gen_event.call(pid, (a, 1.0), "who") == ("error", "bad_module")


async def test_what_init_returns_instead_of_ok_is_the_reply_and_nothing_is_added():
    pid = await manager()
    assert await gen_event.add_handler(pid, handler("a", init=lambda _: ("error", "no")), []) == ("error", "no")
    tag, (reason, stack) = await gen_event.add_handler(pid, handler("a", init=lambda _: erlang.error("no")), [])
    assert (tag, reason) == ("EXIT", "no") and is_stack(stack)
    assert await gen_event.add_handler(pid, handler("a", init=lambda _: erlang.exit("no")), []) == ("EXIT", "no")
    assert await gen_event.which_handlers(pid) == []


async def test_a_module_without_init_is_undef_with_its_name():
    pid = await manager()
    assert (await gen_event.add_handler(pid, "no_such_handler", 1))[1][0] == "undef"
    assert (await gen_event.add_handler(pid, "no_such_handler", 1))[1][1][0][:3] == ("no_such_handler", "init", [1])
    assert (await gen_event.add_handler(pid, 7, 1))[1][0] == "badarg"


async def test_delete_handler_gives_what_terminate_returns():
    a = handler("a")
    pid = await manager(a)
    assert await gen_event.delete_handler(pid, a, "bye") == ("left", "a")
    assert ("a", "terminate", "bye") in await heard()
    assert await gen_event.delete_handler(pid, a, "bye") == ("error", "module_not_found")


async def test_deleting_a_handler_without_terminate_gives_ok():
    a = handler("a", terminate=None)
    assert await gen_event.delete_handler(await manager(a), a, "bye") == "ok"


async def test_remove_handler_ends_a_handler_without_a_report():
    log = Log()
    a, b = handler("a"), handler("b")
    pid = await manager(a, b)
    await heard()
    gen_event.notify(pid, gives("remove_handler"))
    assert await heard() == [("b", "terminate", "remove_handler"), ("a", "terminate", "remove_handler")]
    assert log.events == []
    await gen_event.add_handler(pid, a, "again")
    assert await gen_event.call(pid, a, gives(("remove_handler", "gone"))) == "gone"
    assert await gen_event.which_handlers(pid) == []


async def test_a_new_handler_begins_with_what_the_old_one_left():
    a, b = handler("a"), handler("b")
    pid = await manager(a)
    await heard()
    assert await gen_event.swap_handler(pid, (a, "leave"), (b, "begin")) == "ok"
    assert await heard() == [("a", "terminate", "leave"), ("b", "init", ("begin", ("left", "a")))]
    assert await gen_event.which_handlers(pid) == ["b"]


async def test_swapping_a_handler_that_is_not_there_begins_with_error():
    b = handler("b")
    pid = await manager()
    assert await gen_event.swap_handler(pid, ("a", "leave"), (b, "begin")) == "ok"
    assert await heard() == [("b", "init", ("begin", "error"))]


async def test_a_swap_whose_init_fails_leaves_neither():
    a, b = handler("a"), handler("b", init=lambda _: "no")
    pid = await manager(a)
    assert await gen_event.swap_handler(pid, (a, 1), (b, 2)) == ("error", "no")
    assert await gen_event.which_handlers(pid) == []


async def test_a_handler_swaps_itself_in_its_place():
    a, b, c = handler("a"), handler("b"), handler("c")
    pid = await manager(a, b)
    assert await gen_event.call(pid, a, gives(("swap_handler", "yes", 1, "mine", c, 2))) == "yes"
    assert await gen_event.which_handlers(pid) == ["b", "c"]
    assert await gen_event.call(pid, c, "what") == (2, ("left", "mine"))


@pytest.mark.erlsim(crashes=True)
async def test_a_crashing_handler_is_removed_and_reported_and_the_others_go_on():
    log = Log()
    a, b = handler("a"), handler("b")
    pid = await manager(a, b)
    assert (await gen_event.call(pid, b, lambda state: erlang.error("oops")))[0] == "error"
    assert await gen_event.which_handlers(pid) == ["a"]
    [report] = log.reports()
    assert report["label"] == ("gen_event", "terminate")
    assert (report["handler"], report["name"], report["state"]) == ("b", pid, "b")
    tag, (reason, stack) = report["reason"]
    assert (tag, reason) == ("EXIT", "oops") and is_stack(stack)


@pytest.mark.erlsim(crashes=True)
async def test_a_bad_return_removes_a_handler_with_the_value_as_its_reason():
    log = Log()
    a = handler("a")
    pid = await manager(a)
    assert await gen_event.call(pid, a, gives("nonsense")) == ("error", "nonsense")
    assert ("a", "terminate", ("error", "nonsense")) in await heard()
    assert [report["reason"] for report in log.reports()] == ["nonsense"]


@pytest.mark.erlsim(crashes=True)
async def test_a_list_is_no_tuple():
    a = handler("a")
    assert await gen_event.call(await manager(a), a, gives(["ok", 1, 2])) == ("error", ["ok", 1, 2])


async def test_a_handler_without_handle_info_stays_with_a_warning():
    log = Log()
    a = handler("a", handle_info=None)
    pid = await manager(a)
    erlang.send(pid, "hello")
    await timer.sleep(1)
    assert await gen_event.which_handlers(pid) == ["a"]
    assert [(event["level"], event["msg"][1]["label"]) for event in log.events] == [
        ("warning", ("gen_event", "no_handle_info"))
    ]


async def test_what_a_handler_throws_is_what_it_returns():
    a = handler("a")
    assert await gen_event.call(await manager(a), a, lambda s: erlang.throw(("ok", "thrown", s))) == "thrown"


async def test_sync_notify_returns_when_every_handler_is_done():
    async def slow(state):
        await timer.sleep(50)
        return ("ok", state)

    pid = await manager(handler("a"), handler("b"))
    before = erlang.monotonic_time("millisecond")
    assert await gen_event.sync_notify(pid, slow) == "ok"
    assert erlang.monotonic_time("millisecond") - before == 100


async def test_notify_of_a_name_that_nobody_has_is_badarg_and_of_a_global_one_ok():
    assert gen_event.notify(("global", "nobody"), "x") == "ok"
    try:
        gen_event.notify("nobody", "x")
    except erlsim.Error as failure:
        assert failure.reason == "badarg"
    else:
        raise AssertionError("no badarg")


async def test_calls_exit_with_what_was_called_and_other_requests_with_the_reason_alone():
    gone = await dead()
    assert await outcome(gen_event.call(gone, "a", "x")) == (
        "exit",
        ("noproc", ("gen_event", "call", [gone, "a", "x"])),
    )
    assert await outcome(gen_event.which_handlers(gone)) == ("exit", "noproc")

    async def slow(state):
        await timer.sleep(50)
        return ("ok", "late", state)

    a = handler("a")
    pid = await manager(a)
    expected = ("timeout", ("gen_event", "call", [pid, a, slow, 10]))
    assert await outcome(gen_event.call(pid, a, slow, 10)) == ("exit", expected)
    assert (await outcome(gen_event.call(pid, a, "x", -1)))[1] == "function_clause"


async def test_a_request_without_waiting_is_answered_as_a_call():
    a = handler("a")
    pid = await manager(a)
    request = gen_event.send_request(pid, a, "x")
    assert await gen_event.receive_response(request, 100) == ("reply", "a")
    request = gen_event.send_request(pid, "nobody", "x")
    assert await gen_event.wait_response(request, 100) == ("error", "bad_module")


async def test_sys_sees_the_state_of_every_handler():
    a, b = handler("a"), handler("b")
    pid = await manager(a, b)
    states = await sys.get_state(pid)
    assert [(id, state) for _, id, state in states] == [(False, "b"), (False, "a")]
    await sys.replace_state(pid, lambda each: (*each[:2], each[2] + "2"))
    assert await gen_event.call(pid, a, "x") == "a2"
    await sys.replace_state(pid, lambda each: ("other", *each[1:]))
    assert await gen_event.call(pid, a, "x") == "a2"
