"""Bounded searches: what a number of preemptions or delays allows, all of it and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from erlsim import ErlsimError
from erlsim.testing import exhaust, run_once
from tests.exhaust.programs import Program, running
from tests.exhaust.test_exhaust import processes, two_count

SILENT = ("begin", "go_on")


class Priced:
    """A chooser with the answers to the first questions, which notes what each option would have cost."""

    def __init__(self, answers: Sequence[int], what: str) -> None:
        self._answers = answers
        self._what = what
        self._log: Sequence[Any] = ()
        self.asked: list[tuple[int, list[int]]] = []

    def begin_log(self, log: Sequence[Any]) -> None:
        self._log = log

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        if kind != "step":
            return 0
        for index, option in enumerate(options):
            if option.operation in SILENT:
                return index
        names = [option.process for option in options]
        last = self._log[-1].process if self._log else None
        costs = list(range(len(options)))
        if self._what == "preemption":
            costs = [int(last in names and name != last) for name in names]
        at = len(self.asked)
        answer = self._answers[at] if at < len(self._answers) else 0
        self.asked.append((answer, costs))
        return answer


def every(test: Any, most: int, what: str) -> set[str]:
    """The outcomes of all schedules that cost so much at most, by brute force."""
    outcomes, answers = set(), [[]]
    while answers:
        given_answers = answers.pop()
        chooser = Priced(given_answers, what)
        outcomes.add(run_once(test, chooser, preempt=True).outcome)
        spent = 0
        for at, (answer, costs) in enumerate(chooser.asked):
            if at >= len(given_answers):
                taken = [each for each, _ in chooser.asked[:at]]
                others = range(1, len(costs))
                answers += [[*taken, other] for other in others if spent + costs[other] <= most]
            spent += costs[answer]
    return outcomes


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(processes, min_size=2, max_size=2), st.sampled_from([1, 2]))
def test_a_search_with_delays_has_the_outcomes_of_every_schedule_with_so_many(program: Program, most: int) -> None:
    test = running(program)
    found = exhaust(test, stop=False, check=0, bound=f"{most} delays")
    assert set(found.outcomes) == every(test, most, "delay")


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(processes, min_size=2, max_size=2))
def test_a_search_with_preemptions_has_the_outcomes_of_every_schedule_with_so_many(program: Program) -> None:
    test = running(program)
    found = exhaust(test, stop=False, check=0, bound=1)
    assert set(found.outcomes) == every(test, 1, "preemption")


def test_a_bound_of_delays_says_so_and_does_not_claim_more() -> None:
    none, one = exhaust(two_count, bound="0 delays"), exhaust(two_count, bound="1 delay", stop=False)
    assert none.ok and none.runs == 1 and not none.complete
    assert "with no delay explored" in none.sentence() and "others may do otherwise" in none.sentence()
    assert len(one.outcomes) == 2
    assert "with at most 1 delay explored" in one.sentence()


def test_a_bounded_search_that_was_cut_short_says_which_bound_it_has_finished() -> None:
    whole = exhaust(two_count, bound="1 delay", stop=False)
    found = exhaust(two_count, bound="2 delays", stop=False, max_runs=whole.runs)
    assert "all with at most 1 delay among them" in found.sentence()
    assert found.outcomes == whole.outcomes


@pytest.mark.parametrize("bound", [-1, "2", "two delays", "2 errors", True, 1.5])
def test_a_bound_is_a_number_of_preemptions_or_of_delays(bound: Any) -> None:
    with pytest.raises(ErlsimError, match='bound is a number of preemptions, "2 preemptions", "2 delays" or None, not'):
        exhaust(two_count, bound=bound)
