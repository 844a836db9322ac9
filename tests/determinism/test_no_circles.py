"""What lives and dies in numbers leaves nothing behind for Python's garbage collector, which looks for circles."""

from __future__ import annotations

import gc

import pytest

import director
import erlsim
import gen_tracker
from erlsim import code, erlang, ets, timer
from erlsim.otp import gen_server, supervisor

TIMES = 30


async def idle():
    await erlang.receive("stop")


def ends():
    pass


class Server:
    """A server that ends, or crashes, when it is told to."""

    def init(arg):
        return ("ok", arg)

    def handle_call(request, from_, state):
        if request == "crash":
            raise ValueError(state)
        return ("stop", "normal", "ok", state)


@code.module(name="circles_tree")
class Tree:
    """The callback module of each kind of supervisor, and the children's."""

    def init(given):
        return ("ok", *given)

    def start_child():
        return ("ok", erlang.spawn_link(idle))


START = ("circles_tree", "start_child", [])


async def processes():
    for _ in range(TIMES):
        erlang.spawn(ends)
        erlang.exit(erlang.spawn(idle), "kill")
        pid, ref = erlang.spawn_monitor(ends)
        await erlang.receive(("DOWN", ref, "process", pid, ...))


async def crashes():
    for _ in range(TIMES):
        erlang.spawn(lambda: erlang.error("on_purpose"))
        erlang.spawn(lambda: 1 / 0)
        await timer.sleep(1)


async def servers():
    for request in ("stop", "crash") * TIMES:
        _, pid = await gen_server.start(Server, 0, [])
        try:
            await gen_server.call(pid, request)
        except erlsim.Exit:
            assert request == "crash"


async def calls_in_vain():
    for _ in range(TIMES):
        with pytest.raises(erlsim.Exit):
            await gen_server.call("nobody", "request")


async def timers():
    for _ in range(TIMES):
        erlang.start_timer(1, erlang.self(), "now")
        erlang.cancel_timer(erlang.start_timer(1_000, erlang.self(), "never"))
        await erlang.receive(("timeout", ..., "now"))
        await erlang.receive("nothing", after=1)


async def tables():
    for _ in range(TIMES):
        for kind in ("set", "ordered_set"):
            table = ets.new("circles", [kind])
            ets.insert(table, (1, [2]))
            ets.select(table, [(("$1", "_"), [(">", "$1", 0)], ["$1"])], 1)
            with pytest.raises(erlsim.Error):
                ets.lookup_element(table, 2, 2)
            ets.delete(table)


async def restarts():
    erlang.process_flag("trap_exit", True)
    flags, child = {"intensity": 10**9, "period": 1}, {"id": 1, "start": START}
    _, above = await supervisor.start_link(Tree, ((flags, [child]),))
    _, other = await director.start_link(Tree, ([{**child, "plan": ["restart"], "count": "infinity"}],))
    for _ in range(TIMES):
        for each in (above, other):
            ((_, pid, *_),) = await supervisor.which_children(each)
            erlang.exit(pid, "kill")
        await timer.sleep(1)
    for each in (above, other):
        erlang.exit(each, "kill")


async def tracked():
    erlang.process_flag("trap_exit", True)
    _, above = await gen_tracker.start_link("circles_zone")
    for name in range(TIMES):
        _, pid = await gen_tracker.find_or_open("circles_zone", (name, START, "temporary"))
        erlang.exit(pid, "kill")
    erlang.exit(above, "shutdown")
    await erlang.receive(("EXIT", above, ...))


WORK = (processes, crashes, servers, calls_in_vain, timers, tables, restarts, tracked)


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_no_circle_is_left_by(work):
    sim = erlsim.Simulation(trace=False)
    sim.run(work)
    gc.collect()
    gc.disable()
    try:
        sim.run(work)
        # Some for the whole of it; none for each time.
        assert gc.collect() < TIMES // 2
    finally:
        gc.enable()
