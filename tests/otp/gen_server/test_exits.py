"""Exit signals: from the parent, from others, trapped and not."""

import pytest

from erlsim import erlang
from erlsim.otp import gen_server
from tests.otp.kit import heard, server, start, start_link, telling

pytestmark = pytest.mark.usefixtures("trapping_exits")


def trapping():
    def init(arg):
        erlang.process_flag("trap_exit", True)
        return ("ok", arg)

    return telling(init=init)


@pytest.mark.rule(97)
@pytest.mark.parametrize("reason", ["x", "normal", "shutdown"])
async def test_a_trapping_server_terminates_when_its_parent_exits_whatever_the_reason(reason):
    pid = await start_link(trapping())
    erlang.exit(pid, reason)
    assert await heard() == [("terminate", reason), ("EXIT", pid, reason)]


@pytest.mark.rule(97)
async def test_a_server_that_does_not_trap_dies_with_its_parent_without_terminate():
    pid = await start_link(telling())
    erlang.exit(pid, "x")
    assert await heard() == [("EXIT", pid, "x")]


@pytest.mark.rule(97)
async def test_a_server_that_does_not_trap_survives_the_normal_exit_of_its_parent():
    pid = await start_link(telling())
    erlang.exit(pid, "normal")
    assert await heard() == []
    assert erlang.is_process_alive(pid)


@pytest.mark.rule(98)
@pytest.mark.erlsim(crashes=True)
async def test_a_forged_exit_message_of_the_parent_terminates_any_server():
    pid = await start_link(telling())
    erlang.send(pid, ("EXIT", erlang.self(), "forged"))
    assert await heard() == [("terminate", "forged"), ("EXIT", pid, "forged")]


@pytest.mark.rule(99)
async def test_the_exit_of_a_stranger_is_a_message():
    pid = await start_link(trapping())
    stranger = erlang.spawn(lambda: erlang.exit(pid, "boo"))
    assert await heard() == [("info", ("EXIT", stranger, "boo"))]


@pytest.mark.rule(99)
async def test_a_server_that_was_not_linked_has_no_parent_but_itself():
    pid = await start(trapping())
    erlang.exit(pid, "boo")
    assert await heard() == [("info", ("EXIT", erlang.self(), "boo"))]


async def test_a_kill_ends_a_server_without_terminate():
    pid = await start_link(trapping())
    erlang.exit(pid, "kill")
    assert await heard() == [("EXIT", pid, "killed")]


async def test_a_server_killed_while_it_terminates_sends_no_reply():
    from erlsim import timer

    async def terminate(reason, state):
        await timer.sleep(100)

    pid = await start_link(server(terminate=terminate))
    gen_server.send_request(pid, lambda state: ("stop", "normal", "reply", state))
    await timer.sleep(10)
    erlang.exit(pid, "kill")
    messages = await heard(200)
    assert ("EXIT", pid, "killed") in messages
    assert all("reply" not in message for message in messages)
