"""Recorded scenarios come to the same with the recorder's own callback modules, in Erlang."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import code, erl
from erlsim.porting.scenarios import comparing, tagged
from tests.golden import areas, world
from tests.golden.oracle import ERL

# One of so many: all of them are compared with the twins elsewhere.
EVERY = 8
SCENARIOS = [
    (area, scenario)
    for area in ("process", "gen_server", "supervisor", "gen_event", "gen_statem", "director", "gen_tracker")
    for scenario in areas.scenarios(areas.DATA, area)[::EVERY]
]


@pytest.fixture(scope="module")
def modules():
    """The recorder's modules; `_b` files are second versions of others."""
    with erlsim.Simulation():
        paths = [path for path in sorted(ERL.glob("scn_*.erl")) if not path.stem.endswith("_b")]
        return [erl.load(path) for path in paths]


@pytest.mark.parametrize(("area", "scenario"), SCENARIOS, ids=[one["name"] for _, one in SCENARIOS])
def test_a_scenario_is_as_recorded_with_callbacks_in_erlang(area, scenario, modules):
    sim = erlsim.Simulation(trace=False, first_ref=world.REFERENCES_BEFORE + 1)
    with sim:
        for module in modules:
            code.load(module.__name__, module)
    driver = world.Driver(sim.reports)
    sim.run(driver.main, scenario["steps"])
    unordered = [step["op"] in world.UNORDERED for step in scenario["steps"] if step["op"] not in tagged.SILENT]
    assert comparing.first_difference(scenario["observed"], driver.observed, unordered) is None
