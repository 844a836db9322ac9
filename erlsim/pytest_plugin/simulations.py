"""The simulation of a test, kept with it until it is over, so that the report of a failure finds it."""

from __future__ import annotations

import pytest

from erlsim.pytest_plugin.plan import Plan
from erlsim.simulation import Simulation
from erlsim.testing.runs import Run
from erlsim.testing.schedules import Recorder

sim_key = pytest.StashKey[Simulation]()
recorder_key = pytest.StashKey[Recorder]()


def make(item: pytest.Item, failed: Run | None = None) -> Simulation:
    """A fresh simulation for `item`, kept where the report of a failure finds it until the test is over.

    With `failed`, one that goes the way of that run.
    """
    sim, recorder = Plan(item).simulation(failed)
    if sim_key in item.stash:
        item.stash[sim_key].close()
    else:
        item.addfinalizer(lambda: _forget(item))
    item.stash[sim_key] = sim
    item.stash[recorder_key] = recorder
    return sim


def _forget(item: pytest.Item) -> None:
    """A simulation may be large, and its item lives as long as pytest runs."""
    item.stash[sim_key].close()
    del item.stash[sim_key], item.stash[recorder_key]
