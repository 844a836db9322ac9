"""Processes that are no behaviour's, and obey system messages all the same."""

import pytest

from erlsim import erlang
from erlsim.otp import proc_lib, sys
from tests.otp.kit import heard, is_stack, outcome

pytestmark = pytest.mark.usefixtures("trapping_exits")


class Special:
    """A special process, as `sys` describes it."""

    async def begin(options, state):
        await Special.loop(erlang.get("$ancestors")[0], sys.debug_options(options), state)

    async def loop(parent, debug, state):
        while True:
            message = await erlang.receive()
            match message:
                case ("system", from_, request):
                    await sys.handle_system_msg(request, from_, parent, Special, debug, state)
                case ("set", value):
                    state = value
                    debug = await sys.handle_debug(debug, Special.show, "me", ("in", message))

    async def show(device, event, name):
        erlang.send("watcher", (device, event, name))

    async def system_continue(parent, debug, state):
        await Special.loop(parent, debug, state)

    def system_terminate(reason, parent, debug, state):
        erlang.exit(("told", reason))

    def system_get_state(state):
        return ("ok", state) if state != "bad" else erlang.error("nostate")

    def system_replace_state(fun, state):
        return ("ok", fun(state), fun(state))

    def system_code_change(state, module, old_vsn, extra):
        return ("ok", (state, old_vsn))


@pytest.mark.erlsim(crashes=True)
async def test_a_special_process_obeys_system_messages():
    pid = proc_lib.spawn_link(Special, "begin", [[], "s"])
    assert await sys.get_state(pid) == "s"
    assert await sys.replace_state(pid, lambda state: [state]) == ["s"]
    assert await sys.suspend(pid) == "ok"
    assert await sys.change_code(pid, Special, "v", []) == "ok"
    assert await sys.resume(pid) == "ok"
    assert await sys.get_state(pid) == (["s"], "v")
    erlang.send(pid, ("set", "bad"))
    failure = ("callback_failed", ("special", "system_get_state"), ("error", "nostate"))
    assert await outcome(sys.get_state(pid)) == ("error", failure)
    await sys.terminate(pid, "enough")
    assert await heard() == [("EXIT", pid, ("told", "enough"))]


async def test_a_special_process_prints_its_events_with_its_own_function():
    erlang.register("watcher", erlang.self())
    pid = proc_lib.spawn_link(Special, "begin", [["trace", "log"], "s"])
    erlang.send(pid, ("set", 1))
    assert await heard() == [("standard_io", ("in", ("set", 1)), "me")]
    assert await sys.log(pid, "print") == "ok"
    assert await heard() == [("standard_io", ("in", ("set", 1)), "me")]


async def test_a_special_process_without_its_callbacks_shows_what_it_has():
    class Bare:
        async def begin(state):
            await Bare.system_continue(erlang.get("$ancestors")[0], [], state)

        async def system_continue(parent, debug, state):
            _, from_, request = await erlang.receive(("system", ..., ...))
            await sys.handle_system_msg(request, from_, parent, Bare, debug, state)

    pid = proc_lib.spawn_link(Bare, "begin", ["misc"])
    assert await sys.get_state(pid) == "misc"
    assert await sys.replace_state(pid, lambda misc: "new") == "new"
    assert (await sys.get_status(pid))[3][4] == "new"
    await sys.suspend(pid)
    error, (exit_, (reason, stack)) = await sys.change_code(pid, Bare, "v", [])
    assert (error, exit_, reason) == ("error", "EXIT", "undef")
    assert is_stack(stack)
