"""Planted bugs: exploration finds each of them, and nothing once it is mended; what it found replays and shrinks."""

from __future__ import annotations

import re

import pytest

from erlsim.testing import Fifo, Replay, Schedule, explore, replay, run_once, shrink
from tests.testing.planted import BUGS

# Where the seeds of a search begin: its result must not hang on one lucky seed.
FIRST_SEEDS = (0, 1000, 2000)
CHOOSERS = ("random", "pct")
MOST_DEVIATIONS = 3

each_bug = pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
each_search = pytest.mark.parametrize(
    ("chooser", "seed"), [(chooser, seed) for chooser in CHOOSERS for seed in FIRST_SEEDS]
)
PRINTED = re.compile(
    r"the first failure is seed (\d+); erlsim\.testing\.replay\(test, '([^']+)'(?:, seed=\1)?\) repeats it"
)


def search(program, bug, chooser="random", seed=0, **options):
    return explore(program, bug.budget, chooser=chooser, seed=seed, progress=False, **options)


def printed_schedule(found):
    """The schedule as whoever reads the printed exploration would copy it."""
    return PRINTED.search(str(found))[2]


@each_bug
def test_first_in_first_out_does_not_show_the_bug(bug):
    assert run_once(bug.planted, Fifo()).outcome == "ok"


@each_bug
@each_search
def test_a_planted_bug_is_found_within_its_budget(bug, chooser, seed):
    found = search(bug.planted, bug, chooser, seed)
    assert len(found.failures) == 1, str(found)
    assert bug.shows in found.failures[0].outcome
    assert found.runs <= bug.budget


@each_bug
@each_search
def test_nothing_is_found_with_the_same_budget_when_the_bug_is_not_planted(bug, chooser, seed):
    found = search(bug.mended, bug, chooser, seed)
    assert found.outcomes == {"ok": bug.budget}, str(found)
    assert found.ok


@each_bug
def test_every_failure_is_the_bug_that_was_planted(bug):
    found = search(bug.planted, bug, stop=False)
    assert found.runs == bug.budget
    assert all(bug.shows in run.outcome for run in found.failures)
    assert found.outcomes["ok"] == bug.budget - len(found.failures)


@each_bug
@pytest.mark.parametrize("chooser", CHOOSERS)
def test_the_printed_schedule_replays_to_the_same_outcome(bug, chooser):
    found = search(bug.planted, bug, chooser)
    failure = found.failures[0]
    again = replay(bug.planted, printed_schedule(found))
    assert (again.outcome, again.failed) == (failure.outcome, True)
    assert (again.schedule, again.questions) == (failure.schedule, failure.questions)


@each_bug
@pytest.mark.parametrize("chooser", CHOOSERS)
def test_a_failing_schedule_shrinks_to_a_few_deviations_that_still_fail(bug, chooser):
    failure = search(bug.planted, bug, chooser).failures[0]
    smallest = shrink(bug.planted, failure.schedule)
    assert 1 <= len(smallest) <= MOST_DEVIATIONS
    assert len(smallest) <= len(Schedule.parse(failure.schedule))
    again = replay(bug.planted, str(smallest))
    assert (again.outcome, again.failed) == (failure.outcome, True)


@each_bug
def test_the_mended_program_survives_the_smallest_schedule_that_broke_it(bug):
    smallest = shrink(bug.planted, search(bug.planted, bug).failures[0].schedule)
    # Not strict: a mended program may ask other questions.
    assert run_once(bug.mended, Replay(smallest, strict=False)).outcome == "ok"
