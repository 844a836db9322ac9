"""The page of fidelity says what the tests say."""

from __future__ import annotations

from docs._tools import fidelity


def test_the_page_of_fidelity_is_up_to_date():
    # If not: python -m docs._tools.fidelity
    assert fidelity.PAGE.read_text(encoding="utf-8") == fidelity.page()


def test_the_rules_are_numbered_from_one():
    assert [number for number, _, _ in fidelity.rules()] == list(range(1, len(fidelity.rules()) + 1))


def test_no_test_names_a_rule_that_is_none():
    assert set(fidelity.tests()) <= {number for number, _, _ in fidelity.rules()}


def test_no_figure_says_more_than_was_recorded():
    assert all(0 < passed <= count for _, passed, count in fidelity.golden())
