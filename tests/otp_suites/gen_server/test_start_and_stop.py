"""gen_server_SUITE: start, the group stop, crash, otp_7669."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import gen_server, global_
from tests.otp_suites.gen_server.kit import (
    NAME,
    DummyVia,
    case,
    dies_of,
    down_reason,
    ended,
    events,
    exit_of,
    named_first,
    start,
    start_link,
)
from tests.otp_suites.kit import no_message

LOCAL, GLOBAL, VIA = ("local", NAME), ("global", NAME), ("via", "dummy_via", NAME)
SUITE = "gen_server_suite"


async def stopped(server):
    """The server answers, then stops at a call."""
    assert await gen_server.call(server, "started_p") == "ok"
    assert await gen_server.call(server, "stop") == "ok"


async def is_gone(server):
    return (await exit_of(gen_server.call(server, "started_p", 10)))[0] == "noproc"


async def taken(name, pid, how=gen_server.start):
    assert await how(name, SUITE, [], []) == ("error", ("already_started", pid))


async def start_without_a_name():
    pid = await start()
    await stopped(pid)
    assert await is_gone(pid)
    pid = await start([], ("timeout", 1000))
    await stopped(pid)
    assert await gen_server.start(SUITE, "sleep", [("timeout", 100)]) == ("error", "timeout")
    assert await gen_server.start(SUITE, "ignore", []) == "ignore"
    assert await gen_server.start(SUITE, "stop", []) == ("error", "stopped")
    pid = await start_link()
    await stopped(pid)
    await dies_of(pid, "stopped")
    pid, ref = await start(how=gen_server.start_monitor)
    await stopped(pid)
    assert await down_reason(ref) == "stopped"


async def start_with(name):
    """A server alone, a linked one, a monitored one, all under the same name."""
    server = name[1] if name[0] == "local" else name
    pid = await start(name=name)
    assert await gen_server.call(server, "started_p") == "ok"
    await taken(name, pid)
    await stopped(server)
    assert await is_gone(pid)
    pid = await start_link(name=name)
    await taken(name, pid)
    await stopped(server)
    await dies_of(pid, "stopped")
    pid, ref = await start(name=name, how=gen_server.start_monitor)
    await taken(name, pid, gen_server.start_monitor)
    await stopped(server)
    assert await down_reason(ref) == "stopped"


@pytest.mark.parametrize("name", [None, LOCAL, GLOBAL, VIA], ids=["anonymous", "local", "global", "via"])
@case()
async def test_start(name):
    erlang.process_flag("trap_exit", True)
    DummyVia.reset()
    await (start_without_a_name() if name is None else start_with(name))
    await no_message(1)


async def stops(name, server):
    """A server under a name stops at once, and then is not there."""
    pid = await start(name=name)
    assert await gen_server.stop(pid if server is None else server) == "ok"
    assert not erlang.is_process_alive(pid)
    assert await exit_of(gen_server.stop(pid if server is None else server)) == "noproc"


@case()
async def test_stop1():
    await stops(None, None)


@case()
async def test_stop2():
    pid = await start()
    assert await gen_server.stop(pid, "other_reason", "infinity") == "ok"
    assert not erlang.is_process_alive(pid)


@case()
async def test_stop3():
    pid = await start()
    with pytest.raises(Exception) as failure:
        await gen_server.stop(pid, "other_reason", "invalid_timeout")
    assert failure.value.kind in ("error", "exit")
    assert erlang.is_process_alive(pid)
    assert await gen_server.stop(pid) == "ok"
    assert not erlang.is_process_alive(pid)


@case()
async def test_stop4():
    await stops(("local", "to_stop"), "to_stop")


@case()
async def test_stop5():
    await stops(("local", "to_stop"), ("to_stop", erlang.node()))


@case(partial="the one node is the whole world of global names")
async def test_stop6():
    await stops(("global", "to_stop"), ("global", "to_stop"))


@case()
async def test_stop7():
    DummyVia.reset()
    await stops(("via", "dummy_via", "to_stop"), ("via", "dummy_via", "to_stop"))


ORDERLY = {
    "shutdown_reason": ("shutdown", "reason"),
    "stop_shutdown_reason": ("shutdown", "stop_reason"),
    "exit_shutdown": "shutdown",
    "stop_shutdown": "shutdown",
}


@case()
async def test_crash():
    erlang.process_flag("trap_exit", True)
    for request, reason in ORDERLY.items():
        pid = await start_link(("state", "state1"))
        assert (await exit_of(gen_server.call(pid, request)))[0] == reason
        await dies_of(pid, reason)
    assert events() == []
    erlang.process_flag("trap_exit", False)
    pid = await start(("state", "state4"))
    assert (await exit_of(gen_server.call(pid, "crash")))[0] == "crashed"
    await timer.sleep(500)
    (message, state, (reason, stack), client, client_stack), crash = ended(pid)
    assert (message, state, reason, client) == ("crash", ("formatted", "state4"), "crashed", erlang.self())
    assert named_first(stack, SUITE, "handle_call", 3) and client_stack
    kind, reason, stack = crash["error_info"]
    assert (kind, reason, crash["pid"]) == ("exit", "crashed", pid) and named_first(stack, SUITE, "handle_call", 3)


@pytest.mark.parametrize("argument", ["ignore", "stop"])
@pytest.mark.parametrize("name", [LOCAL, GLOBAL], ids=["local", "global"])
@case()
async def test_otp_7669(name, argument):
    answer = "ignore" if argument == "ignore" else ("error", "stopped")
    # A linked start that fails would end the test, which does not trap exits.
    ways = [gen_server.start, gen_server.start_link] if argument == "ignore" else [gen_server.start]
    for _ in range(10):
        for way in ways:
            assert await way(name, SUITE, argument, []) == answer
            assert (erlang.whereis(NAME), global_.whereis_name(NAME)) == ("undefined", "undefined")
