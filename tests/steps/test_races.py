"""Races between two operations in a row are found where processes give way before each, and only there."""

from __future__ import annotations

import pytest

from erlsim.testing import explore, recheck, replay, shrink
from tests.steps.races import RACES, lost_update, mended, planted


@pytest.mark.parametrize("chooser", ["random", "pct"])
@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_a_race_is_found_where_operations_give_way_and_its_schedule_replays(race, chooser):
    found = explore(planted(race), 1000, chooser, preempt=True, trace=False, progress=False)
    assert not found.ok
    [failure] = found.failures
    assert "Livelock" not in failure.outcome
    again = replay(planted(race), failure.schedule, failure.seed, preempt=True)
    assert (again.outcome, again.schedule) == (failure.outcome, failure.schedule)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_a_race_is_not_found_where_a_process_runs_until_it_waits(race):
    assert explore(planted(race), 50, trace=False, progress=False).ok


@pytest.mark.parametrize("chooser", ["random", "pct"])
@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_a_mended_race_is_not_found(race, chooser):
    found = explore(mended(race), 300, chooser, preempt=True, trace=False, progress=False)
    assert found.ok, str(found)


def test_a_schedule_of_steps_shrinks_to_the_one_step_that_matters():
    [failure] = explore(planted(lost_update), preempt=True, progress=False).failures
    assert str(shrink(planted(lost_update), failure.schedule, preempt=True)) == "3p2=1"


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_the_same_schedule_of_steps_is_the_same_run(race):
    assert recheck(planted(race), 10, preempt=True) == 10
