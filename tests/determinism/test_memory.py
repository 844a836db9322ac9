"""Nothing keeps a simulation alive that nobody holds any more."""

from __future__ import annotations

import gc
import weakref

import pytest

import erlsim
from erlsim import code, erlang, ets, terms, testing, timer
from erlsim.otp import gen_server, supervisor
from erlsim.simulation import current

RUNS = 500
EXPLORED = 40


class Worker:
    """A server that crashes."""

    def init(arg):
        return ("ok", arg())

    def handle_cast(request, state):
        return request["nothing"]


class Top:
    """A supervisor of it, with a fun in the childspec."""

    def init(arg):
        return ("ok", ({}, [{"id": "w", "start": ("gen_server", "start_link", [Worker, lambda: arg, []])}]))


async def crash():
    """A tree, two crashes and their reports; everything that is resolved, wrapped and ordered."""
    sim = current()
    erlang.process_flag("trap_exit", True)
    _, top = await supervisor.start_link(Top, sim.now)
    ((_, pid, _, _),) = await supervisor.which_children(top)
    gen_server.cast(pid, {})
    erlang.spawn(lambda: erlang.error(("of", [top])))
    await timer.sleep(5)

    class Local:
        def init(arg):
            return ("ok", sim)

    code.load("memory_local", erlsim.module(Local))
    testing.fail_start(Local)
    assert code.function_exported(Local, "init", 1)
    assert code.takes(lambda: sim, 0)
    ets.new("t", ["ordered_set", "named_table"])
    ets.insert("t", (Local(), terms.sort([Local(), Local()])))


def run():
    sim = erlsim.Simulation()
    sim.run(crash)
    assert len(sim.reports) >= 2


def run_and_look():
    sim = erlsim.Simulation()
    sim.run(crash)
    sim.reports.texts()
    sim.trace.text()
    sim.tree()


def run_and_fail():
    async def failing():
        await crash()
        raise ValueError(current())

    with pytest.raises(ValueError, match="Simulation"):
        erlsim.run(failing)


def run_and_wait_for_ever():
    async def waiting():
        sim = current()
        erlang.spawn(lambda: erlang.receive("never", after=sim.now + 10))
        await erlang.receive(lambda message: message is sim)

    with pytest.raises(erlsim.Deadlock):
        erlsim.run(waiting)


def leave_open():
    erlsim.Simulation().run(lambda: erlang.spawn(lambda: timer.sleep(1000)))


@pytest.fixture
def living(monkeypatch):
    """Every simulation that is begun, as long as it lives."""
    made = weakref.WeakSet()
    begin = erlsim.Simulation.__init__

    def counted(self, *args, **options):
        begin(self, *args, **options)
        made.add(self)
        counted.number += 1

    counted.number = 0
    monkeypatch.setattr(erlsim.Simulation, "__init__", counted)
    made.begun = lambda: counted.number
    return made


@pytest.mark.parametrize("runs", [run, run_and_fail, run_and_wait_for_ever, leave_open])
def test_no_simulation_outlives_its_run(living, runs):
    for _ in range(RUNS):
        runs()
    gc.collect()
    assert living.begun() == RUNS
    assert len(living) == 0


def test_no_simulation_outlives_a_look_at_its_views(living):
    for _ in range(EXPLORED):
        run_and_look()
    gc.collect()
    assert len(living) == 0


def test_no_simulation_outlives_an_exploration(living):
    async def stays_here():
        """Other processes cannot import it."""
        await crash()

    found = testing.explore(stays_here, EXPLORED, progress=False)
    testing.recheck(crash, 2)
    gc.collect()
    assert living.begun() >= EXPLORED
    assert len(living) == 0
    assert found.runs == EXPLORED
