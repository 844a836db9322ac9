"""gen_server_SUITE: processes that make themselves servers, and servers that hibernate."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import gen_server, global_, proc_lib, sys
from tests.otp_suites.gen_server import kit
from tests.otp_suites.gen_server.kit import case, dies_of, hibernates, start_link

UNNAMED = "process_not_registered"


async def enter(*args):
    kind, pid = await proc_lib.start_link(kit, "enter", list(args))
    assert kind == "ok"
    return pid


async def serves_until_stopped(pid):
    assert await gen_server.call(pid, "started_p") == "ok"
    assert await gen_server.call(pid, "stop") == "ok"
    await dies_of(pid, "stopped")


@case()
async def test_spec_init():
    erlang.process_flag("trap_exit", True)
    for kind, failure in (("local", UNNAMED), ("global", "process_not_registered_globally")):
        await serves_until_stopped(await enter("my_server", [], (), kind))
        await dies_of(await enter("my_server", [], (), kind, False), failure)
    for timeout in (["infinity"], []):
        _, pid = await proc_lib.start_link(kit, "nameless", timeout)
        await serves_until_stopped(pid)
    await serves_until_stopped(await enter("my_server", [], (), "local", True, ()))
    pid = await enter("hurra", [], (), "global", True, ())
    await timer.sleep(1000)
    assert await gen_server.call(pid, "started_p") == "ok"
    stranger = erlang.spawn_link(lambda: gen_server.enter_loop("gen_server_suite", [], (), "infinity"))
    await dies_of(stranger, "process_was_not_started_by_proc_lib")


async def terminates_at_a_cast(kind, server=None):
    """A server whose parent goes by a name: its terminate runs."""
    erlang.process_flag("trap_exit", True)
    pid = await enter("my_server", [], (), kind)
    assert await gen_server.call(pid, "started_p") == "ok"
    assert gen_server.cast(server or pid, (erlang.self(), "stop")) == "ok"
    assert await erlang.receive((pid, "stopped"), after=1000) == (pid, "stopped")


@case()
async def test_spec_init_local_registered_parent():
    erlang.register("foobar", erlang.self())
    await terminates_at_a_cast("local", "my_server")


@case(partial="the one node is the whole world of global names")
async def test_spec_init_global_registered_parent():
    global_.register_name("foobar", erlang.self())
    await terminates_at_a_cast("global")


FAILURES = {
    "local": UNNAMED,
    "global": "process_not_registered_globally",
    "via": ("process_not_registered_via", "dummy_via"),
}


@pytest.mark.parametrize("kind", FAILURES)
@case(partial="the one node is the whole world of global names")
async def test_otp_5854(kind):
    erlang.process_flag("trap_exit", True)
    kit.DummyVia.reset()
    take = {"local": erlang.register, "global": global_.register_name, "via": kit.DummyVia.register_name}
    take[kind]("armitage", erlang.self())
    await dies_of(await enter("armitage", [], (), kind, False), FAILURES[kind])


# -- hibernation -----------------------------------------------------------------------------------

HEAP = "what hibernation does to the heap"


async def awakes(server, pid):
    """A call wakes a hibernating server."""
    assert await hibernates(pid)
    assert await gen_server.call(server, "started_p") == "ok"
    assert not await hibernates(pid)


async def answers_late(server, pid):
    """A server hibernates with a request in its hands, and answers when somebody wakes it."""
    me = erlang.self()

    async def waker():
        await erlang.receive("go")
        await timer.sleep(1000)
        erlang.send(me, ("result", erlang.process_info(pid, "current_function")))
        erlang.send(pid, "continue")

    assert await gen_server.call(server, ("hibernate_noreply", erlang.spawn_link(waker))) is True
    assert await erlang.receive(("result", ...)) == ("result", ("current_function", ("erlang", "hibernate", 3)))


@case(partial=HEAP + "; that a server which hibernates does so while it is suspended, too")
async def test_hibernate():
    erlang.process_flag("trap_exit", True)
    pid = await start_link("hibernate", name=("local", "hibernate0"))
    assert await hibernates(pid)
    assert await gen_server.call("hibernate0", "stop") == "ok"
    await dies_of(pid, "stopped")
    server = "hibernate1"
    pid = await start_link(name=("local", server))
    assert await gen_server.call(server, "hibernate") is True
    assert await hibernates(pid)
    await answers_late(server, pid)
    for tell in (gen_server.cast, erlang.send):
        tell(server, "hibernate_later")
        assert not await hibernates(pid)
        await timer.sleep(1000)
        await awakes(server, pid)
        tell(server, "hibernate_now")
        await awakes(server, pid)
    assert await gen_server.call(server, "hibernate") is True
    assert (await sys.suspend(server), await sys.resume(server)) == ("ok", "ok")
    await awakes(server, pid)
    assert await gen_server.call(server, "stop") == "ok"
    await dies_of(pid, "stopped")


@case(partial=HEAP)
async def test_auto_hibernate():
    erlang.process_flag("trap_exit", True)
    server, me = "auto", erlang.self()
    pid = await start_link(("state", "kept"), ("hibernate_after", 100), name=("local", server))

    async def goes_to_sleep():
        assert not await hibernates(pid)
        await timer.sleep(100)
        assert await hibernates(pid)

    await goes_to_sleep()
    # A system message does not count: the server hibernates again at once.
    assert await sys.get_state(server) == "kept"
    assert await hibernates(pid)
    assert await gen_server.call(server, "started_p") == "ok"
    await goes_to_sleep()
    assert gen_server.cast(server, (me, "handle_cast")) == "ok"
    assert await erlang.receive((pid, "handled_cast"), after=1000) == (pid, "handled_cast")
    await goes_to_sleep()
    erlang.send(pid, (me, "handle_info"))
    assert await erlang.receive((pid, "handled_info"), after=1000) == (pid, "handled_info")
    await goes_to_sleep()
    assert await gen_server.call(server, "stop") == "ok"
    await dies_of(pid, "stopped")
