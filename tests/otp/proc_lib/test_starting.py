"""Starting with an acknowledgement: what the starter gets, and what follows."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import gen_server, proc_lib
from tests.otp.kit import ending, heard, is_stack, server

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]


class Child:
    """What a started process may do before it acknowledges, and instead."""

    def dies(kind, reason):
        erlang.raise_(kind, reason, [("m", "f", 0, [])])

    def returns():
        return "done"

    def acks(*values):
        for value in values:
            proc_lib.init_ack(value)

    def acks_and_dies(value, reason):
        proc_lib.init_ack(value)
        erlang.exit(reason)

    async def sleeps():
        await timer.sleep(1000)


@pytest.mark.rule(77)
@pytest.mark.parametrize("start", ["start", "start_link"])
async def test_a_child_that_exits_before_it_acknowledges_is_an_error_with_its_reason(start):
    assert await getattr(proc_lib, start)(Child, "dies", ["exit", "a"]) == ("error", "a")


@pytest.mark.rule(77, 81)
@pytest.mark.parametrize("start", ["start", "start_link"])
async def test_a_child_that_fails_before_it_acknowledges_is_an_error_with_reason_and_stack(start):
    error, (reason, stack) = await getattr(proc_lib, start)(Child, "dies", ["error", "b"])
    assert (error, reason) == ("error", "b")
    assert is_stack(stack)


@pytest.mark.rule(77)
@pytest.mark.parametrize("start", ["start", "start_link"])
async def test_a_child_that_returns_without_an_acknowledgement_is_an_error_normal(start):
    assert await getattr(proc_lib, start)(Child, "returns", []) == ("error", "normal")


@pytest.mark.rule(77)
@pytest.mark.parametrize("start", ["start", "start_link"])
async def test_whatever_is_acknowledged_is_returned_as_it_is(start):
    assert await getattr(proc_lib, start)(Child, "acks", ["anything"]) == "anything"


async def test_a_second_acknowledgement_stays_in_the_mailbox():
    assert await proc_lib.start(Child, "acks", ["one", "two"]) == "one"
    ((ack, _, value),) = await heard()
    assert (ack, value) == ("ack", "two")


async def test_start_monitor_returns_the_value_and_a_reference():
    value, ref = await proc_lib.start_monitor(Child, "acks", ["v"])
    assert value == "v"
    ((down, which, _, _, reason),) = await heard()
    assert (down, which, reason) == ("DOWN", ref, "normal")


async def test_the_down_message_of_a_failed_start_monitor_stays_in_the_mailbox():
    value, ref = await proc_lib.start_monitor(Child, "dies", ["exit", "why"])
    assert value == ("error", "why")
    ((_, which, _, _, reason),) = await heard()
    assert (which, reason) == (ref, "why")


@pytest.mark.rule(78)
async def test_an_exit_that_is_the_answer_is_consumed():
    await proc_lib.start_link(Child, "dies", ["exit", "a"])
    assert await heard() == []


@pytest.mark.rule(78)
async def test_an_exit_after_the_acknowledgement_follows_it():
    assert await proc_lib.start_link(Child, "acks_and_dies", [("error", "a"), "a"]) == ("error", "a")
    ((tag, _, reason),) = await heard()
    assert (tag, reason) == ("EXIT", "a")


@pytest.mark.rule(78)
async def test_the_exit_of_a_server_whose_init_stops_follows_the_error():
    module = server(init=lambda arg: ("stop", "why"))
    assert await gen_server.start_link(module, 0, []) == ("error", "why")
    ((tag, _, reason),) = await heard()
    assert (tag, reason) == ("EXIT", "why")


@pytest.mark.rule(79)
async def test_a_starter_that_does_not_trap_dies_of_a_failing_start_link():
    async def starter():
        await proc_lib.start_link(Child, "dies", ["exit", "a"])
        erlang.exit("survived")

    assert await ending(starter) == "a"


@pytest.mark.rule(79)
async def test_a_starter_that_does_not_trap_survives_a_start_that_ends_normal():
    async def starter():
        erlang.exit(("got", await gen_server.start_link(server(init=lambda arg: ("stop", "normal")), 0, [])))

    assert await ending(starter) == ("got", ("error", "normal"))


@pytest.mark.rule(80)
@pytest.mark.parametrize("start", ["start", "start_link"])
async def test_a_start_that_takes_too_long_is_killed_and_leaves_no_message(start):
    before = erlang.processes()
    assert await getattr(proc_lib, start)(Child, "sleeps", [], 20) == ("error", "timeout")
    assert await heard() == []
    assert erlang.processes() == before


@pytest.mark.parametrize("option", ["monitor", ("monitor", [])])
async def test_start_refuses_an_option_to_monitor(option):
    with pytest.raises(Exception, match="badarg"):
        await proc_lib.start(Child, "returns", [], 100, [option])
