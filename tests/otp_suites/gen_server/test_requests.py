"""gen_server_SUITE: calls, casts, messages, abcast, multi_call and continuations."""

import pytest

from erlsim import erlang, terms, timer
from erlsim.otp import gen, gen_server
from tests.otp_suites.gen_server.kit import NAME, case, dies_of, down_reason, exit_of, start, start_link
from tests.otp_suites.kit import expect, no_message


@case()
async def test_call():
    erlang.process_flag("trap_exit", True)
    await start_link(name=("local", NAME))
    assert await gen_server.call(NAME, "started_p") == "ok"
    assert await gen_server.call(NAME, ("delayed_answer", 1)) == "delayed"
    for pause, answer in ((500, "ok"), (1500, False)):
        assert await gen_server.call(NAME, ("call_within", 1000)) == "ok"
        await timer.sleep(pause)
        assert await gen_server.call(NAME, "next_call") == answer
    assert await gen_server.call(NAME, ("delayed_answer", 1), 30) == "delayed"
    assert (await exit_of(gen_server.call(NAME, ("delayed_answer", 30), 1)))[0] == "timeout"
    assert (await exit_of(gen_server.call(NAME, "badreturn")))[0] == ("bad_return_value", "badreturn")


@case()
async def test_calling_self():
    assert (await exit_of(gen_server.call(erlang.self(), "oops")))[0] == "calling_self"
    assert (await exit_of(gen_server.call(erlang.self(), "oops", "infinity")))[0] == "calling_self"


@pytest.mark.parametrize("reply", [gen_server.reply, gen.reply], ids=["gen_server", "gen"])
@case()
async def test_reply_by_alias_with_payload(reply):
    answer, alias = erlang.make_ref(), erlang.alias()
    tag = [terms.Improper(("alias",), alias), terms.chars("payload")]
    erlang.spawn_link(lambda: reply(("undefined", tag), answer))
    found, value = await erlang.receive((..., answer))
    assert value == answer and terms.exact_eq(found, tag)


async def served(name=None, server=NAME):
    pid = await start(name=("local", NAME))
    assert await gen_server.call(NAME, "started_p") == "ok"
    return pid


@case()
async def test_cast():
    pid = await served()
    for message, answer in (("handle_cast",), "handled_cast"), (("delayed_cast", 1), "delayed"), (("stop",), "stopped"):
        assert gen_server.cast(NAME, (erlang.self(), *message)) == "ok"
        await expect((pid, answer))
    await no_message(10)


@case()
async def test_info():
    pid = await served()
    answers = {("handle_info",): "handled_info", ("delayed_info", 1): "delayed_info", ("stop",): "stopped_info"}
    for message, answer in answers.items():
        erlang.send(pid, (erlang.self(), *message))
        await expect((pid, answer))
    await no_message(10)


@case()
async def test_abcast():
    pid = await served()
    me = erlang.self()
    assert gen_server.abcast(NAME, (me, "handle_cast")) == "abcast"
    await expect((pid, "handled_cast"))
    assert gen_server.abcast([erlang.node()], NAME, (me, "delayed_cast", 1)) == "abcast"
    await expect((pid, "delayed"))
    assert gen_server.abcast(NAME, (me, "stop")) == "abcast"
    await expect((pid, "stopped"))


@case()
async def test_multicall():
    erlang.process_flag("trap_exit", True)
    pid = await start_link(name=("local", NAME))
    node = erlang.node()
    answer = await gen_server.multi_call(NAME, ("delayed_answer", 1))
    assert answer == ([(node, "delayed")], erlang.nodes())
    for pause, expected in ((500, "ok"), (1500, False)):
        assert await gen_server.multi_call([node], NAME, ("call_within", 1000)) == ([(node, "ok")], [])
        await timer.sleep(pause)
        assert await gen_server.multi_call([node], NAME, "next_call") == ([(node, expected)], [])
    assert await gen_server.multi_call([node], NAME, "stop") == ([(node, "ok")], [])
    await dies_of(pid, "stopped")


async def told(pid):
    """What a server has said up to the moment when it was done."""
    assert await erlang.receive((pid, "ack"), after=1000) == (pid, "ack")
    heard = []
    while isinstance(message := await erlang.receive(after=0), tuple):
        assert message[0] == pid
        heard.append(message[1])
    return heard


@case()
async def test_continue():
    me, goes_on = erlang.self(), ["continue", "after_continue"]
    pid = await start_link(("continue", me))
    assert await told(pid) == goes_on
    for request in ("continue_reply", "continue_noreply"):
        await gen_server.call(pid, (request, me))
        assert await told(pid) == goes_on
    gen_server.cast(pid, ("continue_noreply", me))
    assert await told(pid) == goes_on
    erlang.send(pid, ("continue_noreply", me))
    assert await told(pid) == goes_on
    erlang.send(pid, ("continue_continue", me))
    assert await told(pid) == ["before_continue", *goes_on]
    ref = erlang.monitor("process", pid)
    erlang.send(pid, "continue_stop")
    assert await down_reason(ref) == "normal"
