"""Small programs have the log of steps that is written down for them, choice by choice and touch by touch."""

from __future__ import annotations

import re

import pytest

from tests.steps import logs

WRITTEN = logs.written()


@pytest.mark.parametrize("run", list(logs.cases()), ids=lambda run: run[0])
def test_each_choice_and_each_step_tells_who_does_what_and_what_that_touches(run):
    name, program, cycle, options = run
    assert logs.told(program, cycle, options) == WRITTEN[name]


def test_there_is_no_text_of_a_run_that_is_not_made_any_more():
    assert list(WRITTEN) == [name for name, *_ in logs.cases()]


@pytest.mark.parametrize("run", list(logs.cases()), ids=lambda run: run[0])
def test_the_choices_are_the_same_where_nobody_wants_the_log(run):
    name, program, cycle, options = run
    choices = [_without_number(line) for line in WRITTEN[name].splitlines() if line[0] in "?="]
    assert [_without_number(line) for line in logs.told(program, cycle, options, log=False).splitlines()] == choices


def _without_number(line):
    return re.sub(r"( of \w+)?\(\d+\)", "", line)
