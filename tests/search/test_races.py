"""Races between operations of which none waits: found if processes may give way anywhere, and not once mended."""

from __future__ import annotations

import pytest

from erlsim.testing import Fifo, exhaust, explore, replay, run_once, shrink
from tests.search.races import RACES

FIRST_SEEDS = (0, 5000)
TRIED = 200

each_race = pytest.mark.parametrize("race", RACES, ids=[race.name for race in RACES])
each_search = pytest.mark.parametrize(
    ("chooser", "seed"), [(chooser, seed) for chooser in ("random", "pct") for seed in FIRST_SEEDS]
)


@each_race
def test_who_gives_way_only_where_he_waits_shows_no_race(race):
    assert run_once(race.planted, Fifo()).outcome == "ok"
    assert explore(race.planted, TRIED, progress=False).outcomes == {"ok": TRIED}


@each_race
def test_first_in_first_out_is_the_same_with_preemption(race):
    assert run_once(race.planted, Fifo(), preempt=True).outcome == "ok"


@each_race
@each_search
def test_a_race_is_found_within_its_budget_and_can_be_replayed(race, chooser, seed):
    found = explore(race.planted, race.budget, chooser=chooser, seed=seed, progress=False, preempt=True)
    assert len(found.failures) == 1, str(found)
    failure = found.failures[0]
    assert race.shows in failure.outcome
    assert replay(race.planted, failure.schedule, preempt=True).outcome == failure.outcome


@each_race
def test_a_schedule_that_shows_it_shrinks_to_a_few_deviations(race):
    failure = explore(race.planted, race.budget, progress=False, preempt=True).failures[0]
    assert 1 <= len(shrink(race.planted, failure.schedule, preempt=True)) <= 3


@each_race
@pytest.mark.parametrize("chooser", ["random", "pct"])
def test_a_mended_race_is_not_found(race, chooser):
    found = explore(race.mended, TRIED, chooser=chooser, progress=False, preempt=True)
    assert found.outcomes == {"ok": TRIED}, str(found)


@each_race
def test_the_search_finds_it_and_what_it_finds_can_be_replayed(race):
    found = exhaust(race.planted, progress=False)
    assert len(found.failures) == 1, str(found)
    failure = found.failures[0]
    assert race.shows in failure.outcome
    assert replay(race.planted, failure.schedule, preempt=True).outcome == failure.outcome


@each_race
def test_the_search_says_of_a_mended_one_that_it_is_right(race):
    found = exhaust(race.mended, progress=False)
    assert found.complete and found.outcomes == {"ok": found.runs}, str(found)
