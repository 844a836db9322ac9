"""Small programs do what is written down of them: every event, and every question that a chooser is asked."""

from __future__ import annotations

import pytest

from tests.kernel import choices

WRITTEN = choices.written()


@pytest.mark.parametrize("run", list(choices.cases()), ids=lambda run: run[0])
def test_each_event_and_each_choice_of_a_small_program_is_as_it_is_written_down(run):
    name, program, cycle = run
    assert choices.told(program, cycle) == WRITTEN[name]


@pytest.mark.parametrize("run", list(choices.cases()), ids=lambda run: run[0])
def test_nobody_can_tell_from_the_choices_whether_there_is_a_trace(run):
    name, program, cycle = run
    told = [line for line in WRITTEN[name].splitlines() if line[0] in "?="]
    if program.__name__ != "who_watches_and_acts":
        assert choices.told(program, cycle, trace=False).splitlines() == told


def test_there_is_no_text_of_a_run_that_is_not_made_any_more():
    assert list(WRITTEN) == [name for name, *_ in choices.cases()]
