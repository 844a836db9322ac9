"""The same for OTP's behaviours: mistakes that no test found, each with the test that finds it now."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang
from erlsim.otp import gen_server, supervisor


class Keeper:
    """Keeps the list that it is given, and changes it."""

    def init(arg):
        return ("ok", [])

    def handle_call(request, from_, state):
        request.append("changed")
        return ("reply", request, request)

    def handle_cast(request, state):
        request.append("changed")
        return ("noreply", request)


@pytest.mark.parametrize("trace", [True, False])
def test_a_server_that_changes_its_request_changes_nothing_of_its_caller(trace):
    async def main():
        mine = ["mine"]
        _, pid = await gen_server.start(Keeper, [], [])
        reply = await gen_server.call(pid, mine)
        gen_server.cast(pid, mine)
        reply.append("by the caller")
        await erlang.receive(after=1)
        return mine

    assert erlsim.run(main, trace=trace) == ["mine"]


class Tree:
    def init(arg):
        return ("ok", arg)


def worker(die=None):
    async def run():
        if die == "trap":
            erlang.process_flag("trap_exit", True)
            await erlang.receive(("EXIT", ..., ...))
            erlang.exit("shutdown")
        erlang.exit(await erlang.receive())

    return lambda: ("ok", erlang.spawn_link(run))


class Module:
    def __init__(self, start):
        self.start = start


def child(id_, start, **more):
    return {"id": id_, "start": (Module(start), "start", []), **more}


@pytest.mark.parametrize(
    ("reason", "restarted"), [("normal", False), ("shutdown", False), (("shutdown", 1), False), ("boom", True)]
)
def test_the_reason_in_an_exit_decides_whether_a_transient_child_is_restarted(reason, restarted):
    async def main():
        _, pid = await supervisor.start_link(Tree, ({}, [child("a", worker(), restart="transient")]))
        ((_, before, _, _),) = await supervisor.which_children(pid)
        erlang.send(before, reason)
        await erlang.receive(after=1)
        ((_, after, _, _),) = await supervisor.which_children(pid)
        return after != before and after != "undefined"

    assert erlsim.run(main) is restarted


@pytest.mark.parametrize(("shutdown", "reported"), [("brutal_kill", True), (100, False)])
def test_a_permanent_child_to_be_killed_that_ends_with_shutdown_has_not_ended_as_told(shutdown, reported):
    """The child has ended with `shutdown` before the kill reaches it: its supervisor tells of that."""

    async def main():
        erlang.process_flag("trap_exit", True)
        _, pid = await supervisor.start_link(Tree, ({}, [child("a", worker(), shutdown=shutdown)]))
        ((_, worker_pid, _, _),) = await supervisor.which_children(pid)
        erlang.suspend_process(pid)
        stop = supervisor.terminate_child
        erlang.spawn(stop, [pid, "a"])
        await erlang.receive(after=1)
        erlang.send(worker_pid, "shutdown")
        await erlang.receive(after=1)
        erlang.resume_process(pid)
        await erlang.receive(after=200)

    sim = erlsim.Simulation()
    sim.run(main)
    assert ("shutdown_error" in "".join(sim.reports.texts())) is reported


def test_a_significant_child_that_is_being_restarted_is_not_gone():
    fails = {"now": False}

    def start_a():
        return ("error", "not yet") if fails["now"] else worker()()

    async def main():
        erlang.process_flag("trap_exit", True)
        flags = {"auto_shutdown": "all_significant", "intensity": 10_000, "period": 1}
        both = [
            child("a", start_a, restart="transient", significant=True),
            child("b", worker(), restart="transient", significant=True),
        ]
        _, pid = await supervisor.start_link(Tree, (flags, both))
        pids = {id_: child_pid for id_, child_pid, _, _ in await supervisor.which_children(pid)}
        fails["now"] = True
        erlang.send(pids["a"], "boom")
        erlang.send(pids["b"], "normal")
        for _ in range(200):
            await erlang.yield_()
        fails["now"] = False
        await erlang.receive(after=5)
        return erlang.is_process_alive(pid)

    assert erlsim.run(main) is True
