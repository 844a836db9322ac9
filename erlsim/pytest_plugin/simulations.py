"""The simulation of a test, kept with it until it is over, so that the report of a failure finds it."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim.pytest_plugin.plan import Plan, wants
from erlsim.simulation import Simulation
from erlsim.trace.crashes import Expectation

sim_key = pytest.StashKey[Simulation]()
# What the marker says of crashes in that simulation.
allowed_key = pytest.StashKey[Expectation | None]()


def simulation_of(item: pytest.Item) -> Simulation:
    """The simulation of a test, made when it is first asked for: by `sim`, by an `async` fixture, by the test."""
    if sim_key not in item.stash:
        make(item, plan_of(item))
    return item.stash[sim_key]


def plan_of(item: pytest.Item) -> Plan:
    """How a test is to be run."""
    plan = Plan(item)
    return plan if isinstance(item, pytest.Function) and wants(item) else plan.for_plain_test()


def make(item: pytest.Item, plan: Plan, chooser: Any = None, seed: int | None = None) -> Simulation:
    """A fresh simulation for a test: its first, or one under `chooser`."""
    chooser = plan.first_chooser() if chooser is None else chooser
    sim = Simulation(seed=plan.seed if seed is None else seed, chooser=chooser, **plan.options)
    use(item, plan, sim)
    return sim


def use(item: pytest.Item, plan: Plan, sim: Simulation) -> None:
    """Let the test go on in another simulation; the one before is over."""
    if sim_key in item.stash:
        item.stash[sim_key].close()
    else:
        item.addfinalizer(lambda: _forget(item))
    item.stash[sim_key] = sim
    item.stash[allowed_key] = plan.expect_crashes(sim)


def judge_end(sim: Simulation) -> None:
    """`UnexpectedCrash` if the test was well, and a process crashed while its fixtures ended."""
    if sim.crashes.was_well:
        sim.crashes.was_well = False
        sim.advance(0)
        sim.crashes.judge()


def _forget(item: pytest.Item) -> None:
    """A simulation may be large, and its item lives as long as pytest runs."""
    sim = item.stash[sim_key]
    try:
        judge_end(sim)
    finally:
        sim.close()
        del item.stash[sim_key], item.stash[allowed_key]
