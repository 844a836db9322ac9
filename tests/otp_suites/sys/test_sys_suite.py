"""sys_SUITE."""

import pytest

from erlsim import erlang, timer
from erlsim.errors import Error
from erlsim.otp import sys
from erlsim.terms import chars
from tests.otp_suites.kit import expect, no_message
from tests.otp_suites.sys.kit import SERVER, Careful, Plain, ask, case, start, stop

GOT = f"*DBG* {SERVER} got call {{req,44}} from "
SENT = f"*DBG* {SERVER} sent {{ok,-44}} to "


@case()
async def test_log():
    await start()
    assert await sys.log(SERVER, True) == "ok"
    assert await ask(44) == ("ok", -44)
    assert await sys.log(SERVER, False) == "ok"
    assert await sys.log(SERVER, "print") == "ok"
    await stop()


@pytest.fixture
def log_file(tmp_path):
    return tmp_path / "sys.log"


@case()
async def test_log_to_file(log_file):
    await start()
    assert await sys.log_to_file(SERVER, chars(str(log_file))) == "ok"
    assert await ask(44) == ("ok", -44)
    assert await sys.log_to_file(SERVER, False) == "ok"
    got, sent = log_file.read_text().splitlines()[:2]
    assert got.startswith(GOT) and sent.startswith(SENT)
    await stop()


@case()
async def test_stats():
    await start()
    assert await sys.statistics(SERVER, True) == "ok"
    assert await ask(44) == ("ok", -44)
    kind, counts = await sys.statistics(SERVER, "get")
    # On OTP 25 the reply counts; system messages never do.
    assert kind == "ok" and counts[3:] == [("messages_in", 1), ("messages_out", 1)]
    assert await sys.statistics(SERVER, False) == "ok"
    kind, _, (what, _), [_, state, parent, _, _] = await sys.get_status(SERVER)
    assert (kind, what, state, parent) == ("status", "module", "running", erlang.self())
    assert await sys.statistics(SERVER, "get") == ("ok", "no_statistics")
    await stop()


@case()
async def test_trace(capsys):
    await start()
    assert await sys.trace(SERVER, True) == "ok"
    assert await ask(44) == ("ok", -44)
    await timer.sleep(1000)
    got, sent = capsys.readouterr().out.splitlines()[:2]
    assert got.startswith(GOT) and sent.startswith(SENT)
    await stop()


async def state_of_server():
    kind, _, _, [_, state, *_] = await sys.get_status(SERVER)
    assert kind == "status"
    return state


async def unanswered():
    with pytest.raises(Exception) as failure:
        await ask(48)
    assert failure.value.kind == "exit" and failure.value.reason[0] == "timeout"


@case()
async def test_suspend():
    await start()
    for _ in range(2):
        assert await sys.suspend(SERVER, 1000) == "ok"
        await unanswered()
        assert await state_of_server() == "suspended"
    for _ in range(2):
        assert await sys.resume(SERVER) == "ok"
        assert await state_of_server() == "running"
        assert await ask(48) == ("ok", -48)
    await stop()


@case()
async def test_install():
    await start()
    me = erlang.self()

    def spy(state, event, name):
        match event:
            case ("in", ("$gen_call", _, ("req", number))):
                return erlang.send(me, ("spy_got", ("request", number), name))
        return state

    assert await sys.install(SERVER, (spy, "func_state")) == "ok"
    assert await ask(1) == ("ok", -1)
    assert await sys.no_debug(SERVER) == "ok"
    assert await ask(2) == ("ok", -2)
    for _ in range(2):
        assert await sys.install(SERVER, (spy, "func_state")) == "ok"
    assert await ask(3) == ("ok", -3)
    assert await sys.remove(SERVER, spy) == "ok"
    assert await ask(4) == ("ok", -4)
    await expect(*(("spy_got", ("request", number), SERVER) for number in (1, 3)))
    await no_message(1)
    await stop()


# -- special processes -----------------------------------------------------------------------------


async def lends(process):
    """Its figures and its state while it lends a number and gets it back."""
    name, free = process.name, list(range(2, 101))
    assert (await process.start_link(100))[0] == "ok"
    assert await sys.statistics(name, True) == "ok"
    assert await sys.trace(name, True) == "ok"
    assert await process.alloc() == 1
    assert await sys.get_state(name) == process.pack([1], free)
    replaced = process.pack([1], [2, 3, 4])
    assert await sys.replace_state(name, lambda state: process.pack(process.unpack(state)[0], [2, 3, 4])) == replaced
    assert process.free(1) == "ok"
    assert await sys.get_state(name) == process.pack([], [1, 2, 3, 4])
    kind, counts = await sys.statistics(name, "get")
    assert [key for key, _ in counts[:3]] == ["start_time", "current_time", "reductions"]
    assert (kind, counts[3:]) == ("ok", [("messages_in", 2), ("messages_out", 1)])
    assert await sys.statistics(name, False) == "ok"


async def answer(call):
    """The value of a call, or the reason of the error that it raises."""
    try:
        return await call
    except Error as failure:
        return failure.reason


@pytest.mark.parametrize("process", [Plain, Careful])
@case()
async def test_special_process(process):
    erlang.process_flag("trap_exit", True)
    name = process.name
    await lends(process)
    gets, replaces = (name, "system_get_state"), (name, "system_replace_state")
    careful = process is Careful

    def failed(callback, how):
        return ("callback_failed", callback, how)

    assert await sys.replace_state(name, lambda _: []) == []
    shown = failed(gets, ("throw", "fail")) if careful else []
    assert await answer(sys.get_state(name)) == shown
    assert await sys.terminate(name, "normal") == "ok"
    assert (await process.start_link(4))[0] == "ok"
    refused = failed(replaces, ("throw", "fail")) if careful else ()
    assert await answer(sys.replace_state(name, lambda _: ())) == refused
    assert await sys.terminate(name, "normal") == "ok"
    assert (await process.start_link(4))[0] == "ok"
    fails = lambda _: erlang.error("fail")  # noqa: E731
    expected = failed(replaces if careful else fails, ("error", "fail"))
    assert await answer(sys.replace_state(name, fails)) == expected
    assert await sys.terminate(name, "normal") == "ok"
