"""A pid belongs to its simulation, and a simulation to one thread at a time; `inject` is the way in from others."""

from __future__ import annotations

import gc
import threading

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.errors import ForeignPid, WrongThread
from erlsim.otp import gen_server


def in_a_thread(function):
    """Call `function` in another thread: what it raised, or its value."""
    found = []

    def run():
        try:
            found.append(function())
        except BaseException as exc:
            found.append(exc)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return found[0]


@pytest.fixture(params=[True, False], ids=["traced", "untraced"])
def other(request):
    """A simulation with a process in it, which waits."""
    sim = erlsim.Simulation(trace=request.param)
    sim.pid = sim.run(lambda: erlang.spawn(lambda: erlang.receive("never")))
    sim.run_until_idle()
    return sim


USES = {
    "send": lambda pid: erlang.send(pid, "x"),
    "send with options": lambda pid: erlang.send(pid, "x", ["noconnect"]),
    "link": lambda pid: erlang.link(pid),
    "monitor": lambda pid: erlang.monitor("process", pid),
    "exit": lambda pid: erlang.exit(pid, "kill"),
    "register": lambda pid: erlang.register("foreign", pid),
    "group_leader": lambda pid: erlang.group_leader(erlang.self(), pid),
    "process_info": lambda pid: erlang.process_info(pid, "messages"),
    "is_process_alive": lambda pid: erlang.is_process_alive(pid),
    "send_after": lambda pid: erlang.send_after(1, pid, "x"),
    "call": lambda pid: gen_server.call(pid, "x"),
    "cast": lambda pid: gen_server.cast(pid, "x"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("trace", [True, False])
def test_a_pid_of_another_simulation_is_refused(other, use, trace):
    async def main():
        result = use(other.pid)
        if hasattr(result, "__await__"):
            await result

    with pytest.raises(ForeignPid, match=r"<0\.\d+\.0> is a process of another simulation"):
        erlsim.run(main, trace=trace)
    assert other.run(lambda: erlang.process_info(other.pid, "message_queue_len")) == ("message_queue_len", 0)
    assert other.run(lambda: erlang.registered()) == ["user"]


def test_an_alias_of_another_simulation_is_refused(other):
    ref = other.run(lambda: erlang.alias())
    with pytest.raises(ForeignPid):
        erlsim.run(lambda: erlang.send(ref, "x"))


def test_a_pid_of_another_simulation_may_be_sent_as_data(other):
    async def main():
        erlang.send(erlang.self(), ("about", other.pid))
        return await erlang.receive()

    assert erlsim.run(main) == ("about", other.pid)


@pytest.mark.parametrize("use", ["send", "exit", "send_after"])
def test_another_thread_cannot_reach_into_a_simulation_and_hears_what_can(other, use):
    refused = in_a_thread(lambda: USES[use](other.pid))
    assert isinstance(refused, WrongThread | erlsim.NoSimulation)
    if use == "send":
        assert "sim.inject(pid, message)" in str(refused)


def test_a_simulation_that_one_thread_runs_cannot_be_run_by_another():
    sim = erlsim.Simulation()
    assert sim.run(lambda: isinstance(in_a_thread(lambda: sim.advance(1)), WrongThread)) is True
    assert in_a_thread(lambda: sim.run(lambda: 1)) == 1


@pytest.mark.parametrize("trace", [True, False])
def test_no_injected_message_is_lost(trace):
    threads, each = 4, 2000
    sim = erlsim.Simulation(trace=trace)

    async def main():
        erlang.register("main", erlang.self())
        me = erlang.self()
        senders = [
            threading.Thread(target=lambda n=n: [sim.inject(me if n % 2 else "main", (n, i)) for i in range(each)])
            for n in range(threads)
        ]
        for sender in senders:
            sender.start()
        got = [[] for _ in senders]
        while sum(map(len, got)) < threads * each:
            message = await erlang.receive(after=1)
            if message is not erlsim.TIMEOUT:
                got[message[0]].append(message[1])
        return got

    assert sim.run(main) == [list(range(each))] * threads


def test_what_is_injected_between_two_runs_arrives_with_the_next():
    sim = erlsim.Simulation()
    pid = sim.run(erlang.self)
    mine = ["mine"]
    sim.inject(pid, mine)
    mine.append("late")
    assert sim.run(lambda: erlang.receive(after=0)) == ["mine"]


@pytest.mark.parametrize("move", [lambda sim: sim.advance(1), lambda sim: sim.run_until_idle()])
def test_what_is_injected_arrives_when_time_moves(move):
    sim = erlsim.Simulation()

    async def server():
        erlang.put("got", await erlang.receive())
        await timer.sleep("infinity")

    pid = sim.run(lambda: erlang.spawn(server))
    sim.inject(pid, "hello")
    move(sim)
    assert sim.run(lambda: erlang.process_info(pid, "dictionary")) == ("dictionary", [("got", "hello")])


def test_what_is_injected_for_nobody_is_lost_and_the_rest_is_refused(other):
    sim = erlsim.Simulation()
    sim.inject("nobody", 1)
    sim.run_until_idle()
    with pytest.raises(erlsim.ErlsimError, match="not to 7"):
        sim.inject(7, 1)
    with pytest.raises(ForeignPid):
        sim.inject(other.pid, 1)
    with pytest.raises(erlsim.Deadlock):
        sim.run(lambda: erlang.receive("never"))


@pytest.fixture
def thresholds():
    """The collector's thresholds, which are odd during the test, as a user may have set them."""
    before = gc.get_threshold()
    gc.set_threshold(701, 11, 12)
    yield gc.get_threshold()
    gc.set_threshold(*before)


def test_a_patient_collector_is_as_before_when_the_simulation_is_not_current(thresholds):
    sim, inner = (erlsim.Simulation(patient_gc=True) for _ in range(2))
    seen = []

    def look():
        seen.append(gc.get_threshold())

    def nested():
        with inner:
            look()
        look()

    sim.run(nested)
    assert seen[0] == seen[1] != thresholds == gc.get_threshold()
    with pytest.raises(ZeroDivisionError):
        sim.run(lambda: 1 / 0)
    assert gc.get_threshold() == thresholds


def test_two_patient_simulations_that_overlap_leave_the_collector_as_it_was(thresholds):
    first, second = (erlsim.Simulation(patient_gc=True) for _ in range(2))
    first.__enter__()
    in_a_thread(second.__enter__)
    first.__exit__(None, None, None)
    second._outer.clear()
    assert gc.get_threshold() == thresholds


def test_the_collector_is_left_alone_by_simulations_that_are_not_patient(thresholds):
    assert erlsim.run(gc.get_threshold) == thresholds
