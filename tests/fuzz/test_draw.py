"""The generators draw what a recorder can run, the same from the same seed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from erlsim import terms
from tests.fuzz import differences, draw
from tests.fuzz.shrink import is_bound
from tests.golden import oracle

SEED = 2026
NUMBER = 8


def some(area):
    return [draw.scenario(area, SEED, number) for number in range(NUMBER)]


@pytest.mark.parametrize("area", draw.AREAS)
def test_a_seed_and_a_number_give_one_scenario_whatever_was_drawn_before(area):
    last = draw.scenario(area, SEED, NUMBER - 1)
    assert some(area)[-1] == last
    assert draw.scenario(area, SEED + 1, NUMBER - 1)["steps"] != last["steps"]


def test_scenarios_do_not_depend_on_the_hash_seed():
    program = (
        "import json; from tests.fuzz import draw; "
        "print(json.dumps([draw.scenario(area, 7, n) for area in draw.AREAS for n in range(2)]))"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1]
    assert json.loads(texts[0])


@pytest.mark.parametrize("area", draw.AREAS)
def test_every_step_uses_what_has_been_bound_before(area):
    assert [each["name"] for each in some(area) if not is_bound(each["steps"])] == []


@pytest.mark.parametrize("area", draw.AREAS)
def test_the_recorder_can_read_every_scenario(area):
    for each in some(area):
        line = oracle.line(each)
        assert "\n" not in line[:-1]
        read = terms.parse(line)
        assert terms.exact_eq(read, (each["name"], [oracle.step(step) for step in each["steps"]]))


@pytest.mark.parametrize("area", draw.AREAS)
def test_erlsim_runs_every_scenario_to_its_end_or_says_why_not(area):
    """A scenario may ask for what never comes; nothing else may stop the runner."""
    for each in some(area):
        answer = differences.here(each)
        if "Deadlock" not in answer.failure:
            assert answer.failure == ""
            assert len(answer.observed) == len(differences.observing(each))


@pytest.mark.parametrize("area", draw.AREAS)
def test_the_scenarios_of_an_area_are_of_many_kinds(area):
    calls = {(step.get("module"), step.get("function"), step["op"]) for each in some(area) for step in each["steps"]}
    assert len(calls) >= (2 if area == "format" else 8)
