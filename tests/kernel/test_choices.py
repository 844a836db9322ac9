"""Small programs do what is written down of them: every event, and every question that a chooser is asked."""

from __future__ import annotations

import pytest

from tests.kernel import choices

WRITTEN = choices.written()


@pytest.mark.parametrize("run", list(choices.cases()), ids=lambda run: run[0])
def test_each_event_and_each_choice_of_a_small_program_is_as_it_is_written_down(run):
    name, program, cycle = run
    assert choices.told(program, cycle) == WRITTEN[name]


def test_there_is_no_text_of_a_run_that_is_not_made_any_more():
    assert list(WRITTEN) == [name for name, *_ in choices.cases()]
