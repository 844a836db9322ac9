"""pytest's plugin and schedules: which come first, how a failing one is shown, and how it is kept as a test."""

from __future__ import annotations

import re
import shlex

import pytest

from erlsim.testing import replay, shrink
from erlsim.testing.schedules import Schedule

# The second is first under schedule 1 already; the five idlers are choices that do not matter.
RACE = """
    import pytest
    from erlsim import erlang

    async def idle():
        await erlang.receive("never")

    {marker}
    @pytest.mark.erlsim(schedules=50, seed=3)
    async def test_order(sim):
        me = erlang.self()
        for name in ("one", "other"):
            erlang.spawn(lambda name=name: erlang.send(me, name))
        for _ in range(5):
            erlang.spawn(idle)
        first = await erlang.receive(...)
        assert first == {first!r}, "the other was first"
"""
WHICH = re.compile(
    r"^schedule (\d+) of 50, seed (\d+), has failed: (\S+) \(shrunk from (\d+) choices to (\d+)\)$", re.MULTILINE
)
MARKER = re.compile(r"^and keep it as a test with: (.*)$", re.MULTILINE)


def told(result):
    return result.stdout.str()


def test_first_in_first_out_is_schedule_0_and_a_failure_there_says_that_it_takes_no_luck(run):
    source = """
    import pytest
    from erlsim import erlang

    chosen = []

    class Chooser:
        def __init__(self, seed):
            self.seed = seed

        def choose(self, kind, options):
            chosen.append(self.seed)
            return 0

    @pytest.mark.erlsim(schedules=3, chooser=Chooser)
    async def test_choices(sim):
        for _ in range(2):
            erlang.spawn(lambda: None)
        await erlang.receive(after=1)

    def test_who_chose():
        assert sorted(set(chosen)) == [1, 2]

    @pytest.mark.erlsim(schedules=50)
    async def test_no_luck(sim):
        assert sim.chooser is not None

    async def test_single(sim):
        assert sim.chooser is not None
    """
    result = run(source)
    result.assert_outcomes(passed=2, failed=2)
    assert "\nschedule 0 of 50, first-in first-out, has failed: that takes no luck\n" in told(result)
    assert told(result).count("has failed") == 1
    assert "keep it as a test" not in told(result)


def test_a_failing_schedule_is_shrunk_and_shown_with_its_number_its_seed_and_the_line_that_keeps_it(run):
    result = run(RACE.format(marker="", first="one"))
    result.assert_outcomes(failed=1)
    number, seed, schedule, before, after = WHICH.search(told(result)).groups()
    assert int(seed) == 3 + int(number) and int(number) > 0
    assert int(after) == len(Schedule.parse(schedule)) == 1 < int(before)
    # It does not look at its seed, so the test's own will do.
    assert f"replay this schedule with: pytest 'test_it.py::test_order' --erlsim-replay '{schedule}'" in told(result)
    assert MARKER.search(told(result))[1] == f'@pytest.mark.erlsim(replay="{schedule}")'
    assert "      send <0.83.0> one" in told(result) or "send <0.83.0> other" in told(result)


def test_the_line_that_a_report_prints_makes_the_race_a_test_of_its_own(run):
    line = MARKER.search(told(run(RACE.format(marker="", first="one"))))[1]
    pasted = run(RACE.format(marker=line, first="one"), "--erlsim-schedules", "1")
    pasted.assert_outcomes(failed=1)
    schedule = re.search(r'"(.*)"', line)[1]
    assert f"\nthe schedule that a marker replays has failed: {schedule}\n" in told(pasted)
    assert "the other was first" in told(pasted) and "keep it as a test" not in told(pasted)
    # A program that was mended, so that it has other choices, is replayed as far as it goes.
    mended = RACE.replace("erlang.spawn(lambda name=name: erlang.send(me, name))", "erlang.send(me, name)")
    run(mended.format(marker=line, first="one")).assert_outcomes(passed=1)


def test_pasted_schedules_add_up_run_before_those_that_are_drawn_and_keep_their_seeds(run):
    source = """
    import pytest
    from erlsim import erlang

    runs = []

    @pytest.mark.erlsim(replay="0r2=1", seed=70)
    @pytest.mark.erlsim(replay="1r2=1")
    @pytest.mark.erlsim(schedules=3, seed=5)
    async def test_it(sim):
        me = erlang.self()
        for name in ("one", "two", "three"):
            erlang.spawn(lambda name=name: erlang.send(me, name))
        runs.append((sim.seed, sim.chooser is not None and str(sim.chooser.chooser.__class__.__name__)))
        await erlang.receive("three")

    def test_the_runs():
        assert runs == [(5, False), (5, "Replay"), (70, "Replay"), (6, "RandomWalk"), (7, "RandomWalk")]
    """
    run(source).assert_outcomes(passed=2)


def test_a_replay_on_the_command_line_is_the_only_schedule_and_has_to_fit(run):
    marker = '@pytest.mark.erlsim(replay="0r7=1")'
    run(RACE.format(marker=marker, first="one"), "--erlsim-replay", "fifo").assert_outcomes(passed=1)
    result = run(RACE.format(marker=marker, first="one"), "--erlsim-replay", "0r6=1")
    assert "ScheduleMismatch: the schedule 0r6=1 left its recording at question 0" in told(result)


def test_the_fixture_takes_a_schedule_too(run):
    source = """
    import pytest
    from erlsim import erlang

    found = [{"replay": "0r2=1"}, {"replay": "fifo"}, {"seed": 4}]

    def order(sim):
        async def main():
            me = erlang.self()
            for name in ("one", "other"):
                erlang.spawn(lambda name=name: erlang.send(me, name))
            return await erlang.receive(...)
        return sim.run(main)

    @pytest.mark.parametrize("sim", found, indirect=True, ids=["raced", "fifo", "seeded"])
    def test_plain(sim, request):
        assert order(sim) == ("other" if "raced" in request.node.name else "one")
        assert sim.seed == (4 if "seeded" in request.node.name else 0)

    @pytest.mark.parametrize("sim", found[:1], indirect=True)
    async def test_async(sim):
        me = erlang.self()
        for name in ("one", "other"):
            erlang.spawn(lambda name=name: erlang.send(me, name))
        assert await erlang.receive(...) == "other"

    @pytest.mark.erlsim(replay="0r2=1")
    def test_marked(sim):
        assert order(sim) == "other"

    @pytest.mark.erlsim(replay="0r2=1")
    def test_marked_fails(sim):
        assert order(sim) == "one"
    """
    result = run(source)
    result.assert_outcomes(passed=5, failed=1)
    assert "replay this schedule with: pytest 'test_it.py::test_marked_fails' --erlsim-replay '0r2=1'" in told(result)


def test_a_replay_that_makes_no_sense_is_refused(run):
    refused = {
        "replay='first'": "not a schedule: 'first'",
        "replay=3": "erlsim(replay=...) is a schedule as a failure prints it, like '12r3=1', not 3",
    }
    test = "@pytest.mark.erlsim({})\nasync def test_{}():\n    pass\n"
    source = "import pytest\n" + "".join(test.format(options, number) for number, options in enumerate(refused))
    source += """
@pytest.mark.erlsim(replay="0r2=1")
@pytest.mark.erlsim(replay="0r3=1")
def test_twice(sim):
    pass

@pytest.mark.parametrize("sim", [7, {"speed": 8}], indirect=True)
def test_param(sim):
    pass
"""
    result = run(source)
    result.assert_outcomes(failed=2, errors=3)
    expected = [
        *refused.values(),
        "a test that is no `async def` runs once, and erlsim(replay=...) is there 2 times",
        "sim is parametrized with the options of the marker erlsim, as a dict, not with 7",
        "sim has no option 'speed'; it has schedules, exhaust, replay, crashes",
    ]
    assert [text for text in expected if f"ErlsimError: {text}" not in told(result)] == []


def test_a_seed_that_matters_stays_with_its_schedule(run):
    source = """
    import pytest
    from erlsim import erlang

    {line}
    @pytest.mark.erlsim(schedules=9)
    async def test_it(sim):
        for _ in range(2):
            erlang.spawn(lambda: None)
        await erlang.receive(after=1)
        assert sim.seed != 6
    """
    result = run(source.format(line=""))
    line = MARKER.search(told(result))
    # Only the seed matters, and then there is no deviation to keep.
    assert line is None and "schedule 6 of 9, seed 6, has failed: fifo (shrunk from " in told(result)
    assert "--erlsim-seed 6 --erlsim-replay 'fifo'" in told(result)
    pasted = run(source.format(line="@pytest.mark.erlsim(replay='fifo', seed=6)"), "--erlsim-schedules=1")
    pasted.assert_outcomes(failed=1)


def test_shrinking_stops_when_its_time_is_over(monkeypatch):
    from erlsim.testing import runs

    ticks = iter(range(1_000))
    monkeypatch.setattr(runs.time, "perf_counter", lambda: next(ticks))
    tried = []

    async def test():
        tried.append(1)
        raise AssertionError("always")

    long = Schedule.parse(",".join(f"{at}r2=1" for at in range(64)))
    assert shrink(test, long, seconds=5) == long or len(tried) <= 6
    assert len(tried) <= 6
    monkeypatch.undo()
    assert str(shrink(test, long)) == "fifo"
    assert replay(test, "fifo").failed


def test_a_test_that_is_slow_is_shrunk_for_some_seconds_only(run):
    source = """
    import time
    import pytest
    from erlsim import erlang

    @pytest.mark.erlsim(schedules=2)
    async def test_slow(sim):
        for _ in range(200):
            erlang.spawn(lambda: None)
            erlang.spawn(lambda: None)
            await erlang.receive(after=1)
        if sim.chooser is not None:
            time.sleep(0.3)
            raise AssertionError("slow")
    """
    result = run(source)
    result.assert_outcomes(failed=1)
    assert float(re.search(r"1 failed in ([\d.]+)s", told(result))[1]) < 30


@pytest.mark.parametrize(("option", "plugins"), [((), ()), (("-n", "1"), ("xdist.plugin",))], ids=["alone", "xdist"])
def test_what_a_report_says_is_the_same_under_xdist(run, option, plugins):
    result = run(RACE.format(marker="", first="one"), *option, plugins=plugins)
    result.assert_outcomes(failed=1)
    line = shlex.split(re.search(r"^replay this schedule with: pytest (.*)$", told(result), re.M)[1])
    assert WHICH.search(told(result)) and MARKER.search(told(result))
    run(RACE.format(marker="", first="one"), *line, *option, plugins=plugins).assert_outcomes(failed=1)
