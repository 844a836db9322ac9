"""Timeouts of a state machine: of events, of states, and by name."""

import pytest

from erlsim import erlang
from erlsim.otp import gen_statem
from tests.otp.gen_statem.kit_statem import goes, keeps, start
from tests.otp.kit import heard

pytestmark = pytest.mark.usefixtures("trapping_exits")

TYPES = ["timeout", "state_timeout", ("timeout", "name")]


@pytest.mark.parametrize("what", TYPES)
async def test_a_timeout_is_an_event_of_its_type_with_its_content(what):
    pid = await start()
    gen_statem.cast(pid, keeps((what, 50, "late")))
    assert await heard(49) == []
    assert await heard(2) == [("a", what, "late")]


async def test_a_bare_time_is_an_event_timeout_with_the_time_as_content():
    pid = await start()
    gen_statem.cast(pid, keeps(30))
    assert await heard(50) == [("a", "timeout", 30)]


async def test_any_event_ends_an_event_timeout():
    pid = await start()
    gen_statem.cast(pid, keeps(("timeout", 30, "late"), ("state_timeout", 30, "state"), (("timeout", 1), 30, "named")))
    gen_statem.cast(pid, keeps())
    assert await heard(50) == [("a", ("timeout", 1), "named"), ("a", "state_timeout", "state")]


async def test_a_change_of_state_ends_a_state_timeout_and_no_named_one():
    pid = await start()
    gen_statem.cast(pid, keeps(("state_timeout", 30, "state"), (("timeout", 1), 30, "named")))
    gen_statem.cast(pid, goes("b"))
    assert await heard(50) == [("b", ("timeout", 1), "named")]


@pytest.mark.parametrize("what", TYPES)
async def test_a_timeout_of_zero_comes_before_messages_that_are_there(what):
    pid = await start()
    gen_statem.cast(pid, keeps((what, 0, "at once")))
    gen_statem.cast(pid, "message")
    assert await heard() == [("a", what, "at once"), ("a", "cast", "message")]


async def test_inserted_events_come_before_timeouts_of_zero():
    pid = await start()
    gen_statem.cast(pid, keeps(("state_timeout", 0, "zero"), ("next_event", "internal", "inserted")))
    assert await heard() == [("a", "internal", "inserted"), ("a", "state_timeout", "zero")]


@pytest.mark.parametrize("what", TYPES[1:])
async def test_cancel_and_infinity_end_a_timeout(what):
    for action in ((what, "cancel"), (what, "infinity", "x")):
        pid = await start()
        gen_statem.cast(pid, keeps((what, 30, "late")))
        gen_statem.cast(pid, keeps(action))
        assert await heard(50) == []


async def test_update_changes_the_content_and_not_the_time():
    pid = await start()
    gen_statem.cast(pid, keeps(("state_timeout", 30, "old")))
    assert await heard(20) == []
    gen_statem.cast(pid, keeps(("state_timeout", "update", "new")))
    assert await heard(9) == []
    assert await heard(2) == [("a", "state_timeout", "new")]


async def test_update_of_what_does_not_run_is_due_at_once():
    pid = await start()
    gen_statem.cast(pid, keeps(("state_timeout", "update", "new")))
    assert await heard() == [("a", "state_timeout", "new")]


async def test_a_timeout_set_again_starts_anew():
    pid = await start()
    gen_statem.cast(pid, keeps(("state_timeout", 30, "old")))
    await heard(20)
    gen_statem.cast(pid, keeps(("state_timeout", 30, "new")))
    assert await heard(20) == []
    assert await heard(20) == [("a", "state_timeout", "new")]


async def test_of_two_timeouts_of_one_type_the_last_counts():
    pid = await start()
    gen_statem.cast(pid, keeps(("state_timeout", 10, "first"), ("state_timeout", 20, "last")))
    assert await heard(50) == [("a", "state_timeout", "last")]


async def test_an_absolute_timeout_is_a_moment():
    pid = await start()
    when = erlang.monotonic_time("millisecond") + 40
    await heard(20)
    gen_statem.cast(pid, keeps(("state_timeout", when, "then", [("abs", True)])))
    assert await heard(19) == []
    assert await heard(2) == [("a", "state_timeout", "then")]


async def test_a_timer_message_of_somebody_else_is_a_message():
    pid = await start()
    ref = erlang.make_ref()
    erlang.send(pid, ("timeout", ref, "state_timeout"))
    assert await heard() == [("a", "info", ("timeout", ref, "state_timeout"))]
