"""Every case that one node can meet has a test under its name, and the page that lists them is up to date."""

from __future__ import annotations

import pytest

from docs._tools import otp_table

CASES = otp_table.cases()


@pytest.fixture(scope="module")
def marks():
    """The marks of all tests of the suites."""
    return otp_table.marks()


@pytest.mark.parametrize("suite", sorted({case.suite for case in CASES}))
def test_every_case_that_one_node_can_meet_has_a_test(suite, marks):
    wanted = [case.name for case in CASES if case.suite == suite and case.kind == "A"]
    assert [name for name in wanted if (suite, name) not in marks] == []


def test_every_mark_names_a_case(marks):
    known = {(case.suite, case.name) for case in CASES}
    assert sorted(key for key in marks if key not in known) == []


def test_a_test_is_named_after_its_case(marks):
    def wrong(mark: otp_table.Mark) -> bool:
        return not mark.test.rpartition("::")[2].startswith(f"test_{mark.name}")

    assert [mark for mark in marks.values() if wrong(mark)] == []


def test_a_case_that_one_node_can_meet_is_met_wholly(marks):
    whole = {(case.suite, case.name) for case in CASES if case.kind == "A"}
    assert [mark for key, mark in marks.items() if key in whole and mark.partial] == []


def test_the_page_is_up_to_date(marks):
    assert otp_table.PAGE.read_text(encoding="utf-8") == otp_table.page(CASES, marks)


def test_what_the_page_says_of_a_case():
    case, note = otp_table.Case("s", "c", "A", "note"), otp_table.Mark("s", "c", "test_c", "")
    assert otp_table.verdict(case, note) == ("pass", "")
    assert otp_table.verdict(case, note._replace(partial="the rest")) == ("part", "not: the rest")
    assert otp_table.verdict(case, None) == ("open", "note")
    assert otp_table.verdict(case._replace(kind="N"), None) == ("no", "note")
