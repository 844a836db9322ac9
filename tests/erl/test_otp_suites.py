"""What is told of OTP's own suites: the table, and the runner that renews it, on a suite that is made for the test."""

from __future__ import annotations

from docs._tools import suites_run
from tests.erl import otp_suites
from tests.erl.otp_suites import Found

SUITE = """
-module(small_SUITE).
-export([all/0, groups/0, fine/1, wrong/1]).
all() -> [{group, g}, wrong].
groups() -> [{g, [], [fine]}].
fine(_) -> io:format("no end of a line").
wrong(_) -> 1 = 2.
"""


def test_the_table_of_otps_suites_is_up_to_date():
    # If not: python -m docs._tools.suites_run
    page = suites_run.PAGE.read_text(encoding="utf-8")
    assert page == suites_run.renewed(page)


def test_each_case_that_does_not_pass_has_a_reason_and_is_counted():
    reasons, suites = otp_suites.recorded()
    assert set(suites) == set(otp_suites.SUITES)
    assert {why for found in suites.values() for why in found.failing.values()} == set(reasons)
    assert all(found.passed == found.total - len(found.failing) for found in suites.values())


def test_the_outcomes_of_a_suite_are_read_whatever_its_cases_print(tmp_path):
    source = tmp_path / "otp" / "lib" / "stdlib-1.0" / "src" / "some.erl"
    source.parent.mkdir(parents=True)
    source.write_text("-module(some).\n")
    (tmp_path / "small_SUITE.erl").write_text(SUITE)
    found = otp_suites.outcomes(tmp_path / "small_SUITE.erl", str(tmp_path / "otp"))
    assert found == {"g.fine": "passed", "wrong": "failed"}


def test_what_is_not_as_it_was_recorded_is_told():
    known = Found(3, 1, None, {"a": "why", "b": "differs"})
    assert otp_suites.changes(known, Found(3, 1, None, {"a": "why", "b": "differs"})) == ["b has no reason"]
    now = Found(4, 2, 1, {"b": "why", "c": "differs"})
    assert otp_suites.changes(Found(3, 1, None, {"a": "why", "b": "why"}), now) == [
        "c does not pass",
        "a passes: record it",
        "total was 3 and is 4",
        "passed_on_otp was None and is 1",
    ]
