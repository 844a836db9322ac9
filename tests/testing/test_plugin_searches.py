"""pytest's plugin and complete searches: marker, option, the sentence at the end and the race in the report."""

from __future__ import annotations

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


def test_a_marker_asks_for_a_complete_search_and_the_race_is_in_the_report(run):
    result = run(LOST)
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
    run(LOST, "--erlsim-replay", "3p2=1").assert_outcomes(failed=1)


def test_the_command_line_asks_for_a_complete_search_of_every_test(run):
    plain = run(KEPT)
    plain.assert_outcomes(passed=1)
    plain.stdout.no_fnmatch_line("*every interleaving*")
    result = run(KEPT, "--erlsim-exhaustive", "50")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*test_kept: all 3 interleavings explored*no other outcome exists*"])


def test_a_budget_that_is_none_is_refused(run):
    result = run(LOST.replace("exhaust=True", "exhaust={'minutes': 1}"))
    result.stdout.fnmatch_lines(["*erlsim(exhaust=...) is True or a dict of max_runs, seconds, bound, check*"])
