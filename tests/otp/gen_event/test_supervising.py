"""Handlers that a process supervises, and the end of a manager."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import gen_event, sys
from tests.otp.gen_event.kit_event import gives, handler, manager
from tests.otp.kit import heard, outcome

pytestmark = pytest.mark.usefixtures("trapping_exits")


@pytest.mark.erlsim(crashes=True)
async def test_who_supervises_a_handler_hears_why_it_went():
    a = handler("a", terminate=None)
    pid = await manager()
    for event, reason in ((gives("remove_handler"), "normal"), (gives("bad"), "bad")):
        await gen_event.add_sup_handler(pid, a, 1)
        await gen_event.sync_notify(pid, event)
        assert ("gen_event_EXIT", "a", reason) in await heard()
    await gen_event.add_sup_handler(pid, (a, 1), 1)
    await gen_event.delete_handler(pid, (a, 1), "x")
    assert ("gen_event_EXIT", ("a", 1), "normal") in await heard()


async def test_a_swap_tells_the_old_supervisor_who_has_the_new_handler():
    a, b = handler("a"), handler("b")
    pid = await manager()
    await gen_event.add_sup_handler(pid, a, 1)
    await gen_event.swap_sup_handler(pid, (a, 1), (b, 2))
    [told] = [each for each in await heard() if each[0] == "gen_event_EXIT"]
    assert told == ("gen_event_EXIT", "a", ("swapped", b, erlang.self()))


async def test_a_handler_ends_with_its_supervisor_and_the_others_hear_of_it():
    a, b = handler("a"), handler("b")
    pid = await manager(b)

    async def supervise():
        await gen_event.add_sup_handler(pid, a, 1)
        erlang.exit("tired")

    supervisor = erlang.spawn(supervise)
    messages = await heard()
    assert ("a", "terminate", ("stop", "tired")) in messages
    assert ("b", "info", ("EXIT", supervisor, "tired")) in messages
    assert await gen_event.which_handlers(pid) == ["b"]


async def test_stop_ends_the_handlers_and_unlinks_their_supervisors():
    a = handler("a")
    pid = await manager()
    await gen_event.add_sup_handler(pid, a, 1)
    assert await gen_event.stop(pid) == "ok"
    messages = await heard()
    assert ("a", "terminate", "stop") in messages
    assert ("gen_event_EXIT", "a", "shutdown") in messages
    assert not any(message[0] == "EXIT" for message in messages)


@pytest.mark.erlsim(crashes=True)
async def test_a_manager_ends_with_its_parent():
    a = handler("a")

    async def parent():
        _, pid = await gen_event.start_link(("local", "events"))
        await gen_event.add_handler(pid, a, 1)
        await timer.sleep(10)
        erlang.exit("over")

    erlang.spawn(parent)
    await timer.sleep(5)
    ref = erlang.monitor("process", "events")
    messages = await heard(20)
    assert ("a", "terminate", "stop") in messages
    assert messages[-1][:2] == ("DOWN", ref) and messages[-1][4] == "over"


async def test_a_taken_name_is_already_started():
    _, pid = await gen_event.start(("local", "events"))
    assert await gen_event.start(("local", "events")) == ("error", ("already_started", pid))
    ok, (monitored, ref) = await gen_event.start_monitor([])
    erlang.exit(monitored, "kill")
    assert await erlang.receive(("DOWN", ref, ..., ..., ...)) == ("DOWN", ref, "process", monitored, "killed")


@pytest.mark.parametrize("name", ["events", 7])
async def test_a_name_is_a_tuple(name):
    assert (await outcome(gen_event.start(name)))[1] == "function_clause"


async def test_a_handler_that_hibernates_wakes_for_the_next_event():
    a = handler("a")
    pid = await manager(a)
    await gen_event.sync_notify(pid, lambda state: ("ok", "slept", "hibernate"))
    assert await sys.get_state(pid) == [("a", False, "slept")]
    assert await gen_event.call(pid, a, "x") == "slept"


async def test_code_change_runs_for_the_handlers_of_that_module_alone():
    a = handler("a", code_change=lambda vsn, state, extra: ("ok", (vsn, state, extra)))
    b = handler("b")
    pid = await manager(a, b)
    await sys.suspend(pid)
    assert await sys.change_code(pid, a, "old", "extra") == "ok"
    await sys.resume(pid)
    assert [state for _, _, state in await sys.get_state(pid)] == ["b", ("old", "a", "extra")]
