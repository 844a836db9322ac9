"""Code upgrade: new versions of a module under running servers and supervisors, as OTP 25 takes them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from erlsim import code, erlang, timer
from erlsim.errors import Error
from erlsim.otp import gen_server, supervisor, sys

pytestmark = pytest.mark.usefixtures("trapping_exits")

SERVER, SUP = "upgrade_server", "upgrade_sup"


def version(number, code_change=None):
    """Load a version of the server, which answers with its number and its state."""

    async def handle_call(request, from_, state):
        if request == "slow":
            await timer.sleep(100)
        return ("reply", (number, state), state)

    callbacks = {"init": lambda arg: ("ok", arg), "handle_call": handle_call}
    if code_change is not None:
        callbacks["code_change"] = code_change
    code.load(SERVER, SimpleNamespace(**callbacks))


async def start(state=0):
    version(1)
    _, pid = await gen_server.start_link(("local", "server"), SERVER, state, [])
    assert await gen_server.call("server", "get") == (1, state)
    return pid


async def change_code(old="old", module=SERVER):
    return await sys.change_code("server", module, old, "extra")


def ask(request):
    """Ask from another process: the answer comes as a message."""
    me = erlang.self()

    async def client():
        erlang.send(me, ("answer", await gen_server.call("server", request)))

    erlang.spawn(client)


async def answer():
    return (await erlang.receive(("answer", ...), after=1000))[1]


# -- servers ---------------------------------------------------------------------------------------


async def test_a_loaded_version_answers_the_next_request_even_of_a_server_that_is_not_suspended():
    await start()
    version(2)
    assert await gen_server.call("server", "get") == (2, 0)


async def test_a_callback_that_runs_while_a_version_is_loaded_ends_in_the_old_code():
    await start()
    ask("slow")
    await timer.sleep(10)
    version(2)
    assert await answer() == (1, 0)
    assert await gen_server.call("server", "get") == (2, 0)


async def test_what_is_asked_during_an_upgrade_is_answered_by_the_new_code_from_the_new_state():
    await start()
    assert await sys.suspend("server") == "ok"
    version(2, lambda old, state, extra: ("ok", (old, state, extra)))
    ask("get")
    await timer.sleep(10)
    assert await change_code() == "ok"
    assert await sys.resume("server") == "ok"
    assert await answer() == (2, ("old", 0, "extra"))
    assert await sys.get_state("server") == ("old", 0, "extra")


async def test_a_downgrade_names_the_version_that_it_goes_back_to():
    await start(5)
    await sys.suspend("server")
    version(0, lambda old, state, extra: ("ok", (old, state)))
    assert await change_code(("down", "vsn")) == "ok"
    assert await sys.get_state("server") == (("down", "vsn"), 5)


REFUSALS = {
    "an error is passed on": (lambda *_: ("error", "nope"), ("error", "nope")),
    "any other value, too": (lambda *_: "what", "what"),
    "a thrown term is a value": (lambda *_: erlang.throw("ball"), "ball"),
    "an exit is caught": (lambda *_: erlang.exit("bye"), ("EXIT", "bye")),
}


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_code_change_that_fails_leaves_the_state_alone(refusal):
    code_change, reason = REFUSALS[refusal]
    pid = await start()
    await sys.suspend("server")
    version(2, code_change)
    assert await change_code() == ("error", reason)
    assert await sys.get_state("server") == 0
    assert await sys.resume("server") == "ok"
    assert await gen_server.call(pid, "get") == (2, 0)


async def test_a_thrown_ok_is_as_good_as_a_returned_one():
    await start()
    await sys.suspend("server")
    version(2, lambda *_: erlang.throw(("ok", "thrown")))
    assert await change_code() == "ok"
    assert await sys.get_state("server") == "thrown"


@pytest.mark.parametrize("module", [SERVER, "whatever"])
async def test_a_missing_code_change_is_undef_whatever_module_was_named(module):
    await start()
    await sys.suspend("server")
    version(2)
    error, (exit_, (undef, [frame, *_])) = await change_code(module=module)
    assert (error, exit_, undef) == ("error", "EXIT", "undef")
    assert frame == (SERVER, "code_change", ["old", 0, "extra"], [])


@pytest.mark.erlsim(crashes=True)
async def test_a_version_that_lacks_a_callback_ends_the_server_when_it_is_called():
    pid = await start()
    code.load(SERVER, SimpleNamespace(init=lambda arg: ("ok", arg)))
    erlang.send(pid, "unheard")
    await timer.sleep(1)
    assert erlang.is_process_alive(pid)
    gen_server.cast(pid, "x")
    undef, [frame, *_] = (await erlang.receive(("EXIT", pid, ...), after=1000))[2]
    assert (undef, frame[:2]) == ("undef", (SERVER, "handle_cast"))


@pytest.mark.erlsim(crashes=True)
async def test_a_module_that_was_purged_cannot_be_started():
    await start()
    code.purge(SERVER)
    with pytest.raises(Error):
        code.resolve(SERVER)
    kind, (reason, _) = await gen_server.start(SERVER, 0, [])
    assert (kind, reason) == ("error", "undef")


# -- supervisors -----------------------------------------------------------------------------------


def specs(flags, *children):
    """Load a version of the supervisor's module; children are pairs of an id and the state they start with."""

    def init(_):
        found = [{"id": i, "start": ("gen_server", "start_link", [SERVER, state, []])} for i, state in children]
        return ("ok", (flags, found))

    code.load(SUP, SimpleNamespace(init=init))


async def start_tree():
    version(1)
    specs({}, ("a", "a1"), ("b", "b1"))
    _, sup = await supervisor.start_link(("local", "sup"), SUP, [])
    return sup


async def children():
    """The state of each child, `undefined` for one that does not run."""
    found = {}
    for name, pid, _, _ in await supervisor.which_children("sup"):
        found[name] = pid if pid == "undefined" else await sys.get_state(pid)
    return found


async def kill(name):
    [pid] = [pid for i, pid, _, _ in await supervisor.which_children("sup") if i == name]
    erlang.exit(pid, "kill")
    await timer.sleep(10)


async def upgrade_tree():
    assert await sys.suspend("sup") == "ok"
    assert await sys.change_code("sup", SUP, "old", "extra") == "ok"
    assert await sys.resume("sup") == "ok"


async def test_a_supervisor_goes_by_its_old_specifications_until_its_code_is_changed():
    await start_tree()
    specs({"intensity": 7}, ("c", "c2"), ("a", "a2"))
    await kill("a")
    assert await children() == {"b": "b1", "a": "a1"}
    await upgrade_tree()
    assert await children() == {"b": "b1", "a": "a1", "c": "undefined"}
    await kill("a")
    assert await children() == {"b": "b1", "a": "a2", "c": "undefined"}


async def test_a_child_that_an_upgrade_brings_waits_to_be_started():
    await start_tree()
    specs({"intensity": 7}, ("c", "c2"), ("a", "a2"))
    await upgrade_tree()
    kind, pid = await supervisor.restart_child("sup", "c")
    assert (kind, await sys.get_state(pid)) == ("ok", "c2")
    counts = dict(await supervisor.count_children("sup"))
    assert counts == {"specs": 3, "active": 3, "supervisors": 0, "workers": 3}


async def test_an_upgrade_changes_how_many_restarts_are_allowed():
    sup = await start_tree()
    specs({"intensity": 3}, ("a", "a1"), ("b", "b1"))
    await upgrade_tree()
    for _ in range(3):
        await kill("a")
    assert erlang.is_process_alive(sup)
    await kill("a")
    assert await erlang.receive(("EXIT", sup, ...), after=1000) == ("EXIT", sup, "shutdown")


async def test_a_supervised_server_is_upgraded_without_its_supervisor_noticing():
    await start_tree()
    before = await supervisor.which_children("sup")
    version(2, lambda old, state, extra: ("ok", "new"))
    for _, pid, _, _ in before:
        assert await sys.suspend(pid) == "ok"
        assert await sys.change_code(pid, SERVER, "old", []) == "ok"
        assert await sys.resume(pid) == "ok"
        assert await gen_server.call(pid, "get") == (2, "new")
    assert await supervisor.which_children("sup") == before
