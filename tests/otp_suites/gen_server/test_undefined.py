"""gen_server_SUITE: the group undef_callbacks, undef_in_terminate, undef_in_handle_info."""

from erlsim import erlang
from erlsim.otp import gen_server, sys
from erlsim.otp.gen_server import format_log
from erlsim.terms import chars
from tests.otp_suites.gen_server.kit import case, down_reason, events, exit_of, named_first, start
from tests.otp_suites.kit import no_message, pause

BARE = "oc_server"


async def started(arg=()):
    """A server without callbacks, and a monitor of it."""
    pid = await start(arg, module=BARE)
    return pid, erlang.monitor("process", pid)


def is_undef(reason, module, function, args):
    kind, stack = reason
    return kind == "undef" and named_first(stack, module, function, args)


@case()
async def test_undef_init():
    kind, reason = await gen_server.start("oc_init_server", [], [])
    assert kind == "error" and is_undef(reason, "oc_init_server", "init", 1)
    erlang.process_flag("trap_exit", True)
    kind, reason = await gen_server.start_link("oc_init_server", [], [])
    assert kind == "error" and is_undef(reason, "oc_init_server", "init", 1)
    # On OTP 25 the starter hears of the failed start.
    assert (await erlang.receive(("EXIT", ..., ...), after=500))[2] == reason
    await no_message(500)


@case()
async def test_undef_handle_call():
    pid, _ = await started()
    reason, call = await exit_of(gen_server.call(pid, "call_msg"))
    assert is_undef(reason, BARE, "handle_call", 3) and call[:2] == ("gen_server", "call")


@case()
async def test_undef_handle_cast():
    pid, ref = await started()
    gen_server.cast(pid, "cast_msg")
    assert is_undef(await down_reason(ref), BARE, "handle_cast", 2)


@case()
async def test_undef_handle_continue():
    # It dies at once: who monitors it only when it has started comes too late.
    _, ref = await start("continue", how=gen_server.start_monitor, module=BARE)
    assert is_undef(await down_reason(ref), BARE, "handle_continue", 2)


@case()
async def test_undef_handle_info():
    pid, _ = await started()
    erlang.send(pid, "hej")
    await pause(100)
    assert erlang.process_info(pid, "messages") == ("messages", []) and erlang.is_process_alive(pid)
    [(level, _, report)] = events()
    layout, args = format_log(report)
    assert level == "warning" and args == [BARE, "hej"]
    assert layout[:29] == chars("** Undefined handle_info in ~p")[:29]


@case()
async def test_undef_code_change():
    pid, _ = await started()
    assert await sys.suspend(pid) == "ok"
    await sys.replace_state(pid, lambda state: ("new", state))
    kind, (exit, reason) = await sys.change_code(pid, "gen_server_suite", "old_vsn", [])
    assert await sys.resume(pid) == "ok"
    assert (kind, exit) == ("error", "EXIT") and is_undef(reason, BARE, "code_change", 3)
    assert erlang.is_process_alive(pid)


@case()
async def test_undef_terminate1():
    pid, ref = await started()
    assert await gen_server.stop(pid) == "ok"
    assert await down_reason(ref) == "normal"


@case()
async def test_undef_terminate2():
    pid, ref = await started()
    assert await gen_server.stop(pid, ("error", "test"), "infinity") == "ok"
    assert await down_reason(ref) == ("error", "test")


@case()
async def test_undef_in_terminate():
    pid = await start(("state", ("undef_in_terminate", (BARE, "terminate"))))
    assert is_undef(await exit_of(gen_server.stop(pid)), BARE, "terminate", 0)


@case()
async def test_undef_in_handle_info():
    pid = await start()
    ref = erlang.monitor("process", pid)
    erlang.send(pid, ("call_undef_fun", "gen_server_suite", "handle_info"))
    assert is_undef(await down_reason(ref), "gen_server_suite", "handle_info", 0)
