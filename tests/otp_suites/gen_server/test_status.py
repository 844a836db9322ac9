"""gen_server_SUITE: the group format_status, get_state, replace_state."""

import pytest

from erlsim import erlang
from erlsim.errors import ErlangException
from erlsim.otp import gen_server, sys
from erlsim.terms import chars
from tests.otp_suites.gen_server.kit import case, dies_of, ended, exit_of, start_link

OLD, NEW = "gen_server_suite", "format_status_server"
STATE = chars("State")
both = pytest.mark.parametrize("module", [OLD, NEW])


def crashed(module):
    return chars(f"{module}:format_status/{2 if module == OLD else 1} crashed")


async def status(server, *timeout):
    """What is shown of a server: a list, the last part of which is what the callback wanted."""
    found = await sys.get_status(server, *timeout)
    assert found[0] == "status" and found[2] == ("module", "gen_server")
    _, state, parent, _, shown = found[3]
    assert (state, parent) == ("running", erlang.self())
    return shown


async def stop(pid):
    assert await gen_server.call(pid, "stop") == "ok"
    await dies_of(pid, "stopped")


@both
@case()
async def test_call_format_status(module):
    erlang.process_flag("trap_exit", True)
    expected = "format_status_called" if module == OLD else ("data", [(STATE, "format_status_called")])
    text, term = ("global", chars("CallFormatStatus")), ("global", ("name", chars("term")))
    for name in (("local", "call_format_status"), None, text, term):
        pid = await start_link(name=name, module=module)
        server = pid if name is None else name[1] if name[0] == "local" else name
        assert (await status(server))[-1] == expected
        assert (await status(pid, 5000))[-1] == expected
        await stop(pid)


@both
@case()
async def test_error_format_status(module):
    erlang.process_flag("trap_exit", True)
    state = chars("called format_status")
    pid = await start_link(("state", state), module=module)
    assert (await exit_of(gen_server.call(pid, "crash")))[0] == "crashed"
    await dies_of(pid, "crashed")
    (message, shown, (reason, stack), client, client_stack), _ = ended(pid)
    assert (message, shown, reason, client) == ("crash", ("formatted", state), "crashed", erlang.self())
    assert stack[0][1:3] == ("handle_call", 3) and client_stack


@both
@case()
async def test_terminate_crash_format(module):
    erlang.process_flag("trap_exit", True)
    pid = await start_link(("state", "crash_terminate"), module=module)
    assert await gen_server.call(pid, "stop") == "ok"
    await dies_of(pid, ("crash", "terminate"))
    (message, shown, (reason, stack), client, client_stack), _ = ended(pid)
    assert (message, shown, client) == ("stop", ("formatted", "crash_terminate"), erlang.self())
    assert reason == ("crash", "terminate") and stack[0][1:3] == ("terminate", 2) and client_stack


async def fails_to_format(module, fails, in_status, in_report):
    """The state is a fun which `format_status` calls."""
    erlang.process_flag("trap_exit", True)
    pid = await start_link(("state", fails), module=module)
    assert (await status(pid))[-1] == in_status
    await stop(pid)
    (message, shown, reason, client, client_stack), _ = ended(pid)
    assert (message, shown, reason, client) == ("stop", in_report, "stopped", erlang.self())
    assert client_stack


@both
@case()
async def test_crash_in_format_status(module):
    text = crashed(module)
    exits = lambda _: erlang.exit(("crash", "format_status"))  # noqa: E731
    await fails_to_format(module, exits, ("data", [(STATE, text)]), text)


@both
@case()
async def test_throw_in_format_status(module):
    thrown = ("throw", "format_status")
    in_status, in_report = (thrown, thrown) if module == OLD else (("data", [(STATE, crashed(NEW))]), crashed(NEW))
    await fails_to_format(module, lambda _: erlang.throw(thrown), in_status, in_report)


def marked(parts):
    """Shows of which part of the status everything came."""
    return {key: [("log", v) for v in value] if key == "log" else (key, value) for key, value in parts.items()}


def are_events(found):
    """The log of a call that is answered at once and of one that is answered after a timeout."""
    first, second, third, fourth, fifth, sixth = (entry[1] for entry in found)
    assert {entry[0] for entry in found} == {"log"}
    assert (first[0], first[1][2]) == ("in", "started_p") and second[:2] == ("out", "ok") and second[3] is marked
    assert third[1][2] == ("delayed_answer", 10) and fourth[0] == "noreply" and fourth[1][2] is marked
    assert fifth == ("in", "timeout") and sixth == ("noreply", marked)


@case()
async def test_format_all_status():
    erlang.process_flag("trap_exit", True)
    pid = await start_link(("state", marked), module=NEW)
    await sys.log(pid, True)
    assert await gen_server.call(pid, "started_p") == "ok"
    assert await gen_server.call(pid, ("delayed_answer", 10)) == "delayed"
    (header, _), (data, [_, _, (logged, events)]), shown = await status(pid)
    assert (header, data, logged) == ("header", "data", chars("Logged events"))
    assert shown == ("data", [(STATE, ("state", marked))])
    are_events(events)
    await stop(pid)
    (message, state, reason, *events, last, client, client_stack), _ = ended(pid)
    assert (message, state, reason) == (("message", "stop"), ("state", marked), ("reason", "stopped"))
    are_events(events)
    assert last[1][1][2] == "stop" and client == erlang.self() and client_stack
    pid = await start_link(("state", marked), module=NEW)
    await exit_of(gen_server.call(pid, "crash"))
    await dies_of(pid, "crashed")
    (message, state, (reason, stack), client, client_stack), _ = ended(pid)
    assert (message, state, reason) == (("message", "crash"), ("state", marked), ("reason", "crashed"))
    assert stack and client == erlang.self() and client_stack


@case()
async def test_get_state():
    state = erlang.self()
    await start_link(("state", state), name=("local", "get_state"))
    pid = await start_link(("state", state))
    for server in ("get_state", pid):
        assert await sys.get_state(server) == state
        assert await sys.get_state(server, 5000) == state
    assert await sys.suspend(pid) == "ok"
    assert await sys.get_state(pid) == state
    assert await sys.resume(pid) == "ok"


@case()
async def test_replace_state():
    await start_link(("state", erlang.self()), name=("local", "replace_state"))
    assert await sys.get_state("replace_state") == erlang.self()
    state = chars("replaced")
    assert await sys.replace_state("replace_state", lambda _: state) == state
    assert await sys.get_state("replace_state") == state
    pid = await start_link(("state", state))
    for suspended, suffix in ((False, " again"), (True, " and again")):
        if suspended:
            assert await sys.suspend(pid) == "ok"
        state = state + chars(suffix)
        assert await sys.replace_state(pid, lambda found: found + chars(suffix), 5000) == state
        if suspended:
            assert await sys.resume(pid) == "ok"
        assert await sys.get_state(pid, 5000) == state
    with pytest.raises(ErlangException) as failure:
        await sys.replace_state(pid, lambda _: erlang.throw("fail"))
    callback = ("gen_server", "system_replace_state")
    assert failure.value.kind == "error"
    assert failure.value.reason == ("callback_failed", callback, ("throw", "fail"))
    assert await sys.get_state(pid, 5000) == state
