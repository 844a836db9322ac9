"""Complete searches under pytest: marker, option, the sentence at the end and the race in the report."""

from __future__ import annotations

import pytest

COUNTING = """
    import pytest
    from erlsim import erlang, ets

    async def counted():
        ets.new("rows", ["named_table", "public"])
        ets.insert("rows", ("count", 0))

        def count():
            ets.insert("rows", ("count", ets.lookup_element("rows", "count", 2) + 1))

        for _, ref in [erlang.spawn_monitor(count), erlang.spawn_monitor(count)]:
            await erlang.receive(("DOWN", ref, "process", ..., ...))
        return ets.lookup_element("rows", "count", 2)
"""
LOST = (
    COUNTING
    + """
    @pytest.mark.erlsim(exhaust=True)
    async def test_lost():
        assert await counted() == 2
"""
)
KEPT = (
    COUNTING
    + """
    @pytest.mark.erlsim
    async def test_kept():
        assert await counted() in (1, 2)
"""
)


def test_a_marker_asks_for_a_complete_search_and_the_race_is_in_the_report(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LOST)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "The race is for row 'count' of table rows:",
            "*<0.85.0> first: ok*<0.86.0> first: AssertionError*",
            "one of its interleavings has failed: 3p2=1",
            "replay this schedule with: *--erlsim-replay '3p2=1'",
            "*erlsim: every interleaving*",
            "*test_lost: 2 interleavings explored, 2 outcomes, 1 failed; it ended at the first failure*",
        ]
    )
    again = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--erlsim-replay", "3p2=1")
    again.assert_outcomes(failed=1)


def test_the_command_line_asks_for_a_complete_search_of_every_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(KEPT)
    plain = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    plain.assert_outcomes(passed=1)
    plain.stdout.no_fnmatch_line("*every interleaving*")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--erlsim-exhaustive", "50")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*test_kept: all 3 interleavings explored*no other outcome exists*"])


def test_a_budget_that_is_none_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LOST.replace("exhaust=True", "exhaust={'minutes': 1}"))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["*erlsim(exhaust=...) is True or a dict of max_runs, seconds, bound, check*"])
