"""pytest's plugin: fixture, marker and options, alone and beside other plugins for `async def` tests."""

from __future__ import annotations

import pytest

from tests import needs

COUNTED = """
    import pytest
    runs = []

    @pytest.mark.erlsim(schedules=7)
    async def test_many(sim):
        runs.append(sim)

    def test_how_many():
        assert len(runs) == len(set(map(id, runs))) == {}
"""
OURS = """
    import pytest
    from erlsim import erlang

    async def test_ours(sim):
        await erlang.receive(after=3)
        assert sim.now == 3

    @pytest.mark.erlsim(schedules=3)
    async def test_marked():
        await erlang.receive(after=3)
"""
ASYNCIO = """
    import asyncio

    @pytest.mark.asyncio
    async def test_asyncio():
        await asyncio.sleep(0)
        assert asyncio.get_running_loop()
"""
ANYIO = """
    import anyio

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.mark.anyio
    async def test_anyio():
        await anyio.sleep(0)
"""


def passes(result, count):
    result.assert_outcomes(passed=count)
    assert result.ret == 0


def asyncio_in(mode):
    # pytest-asyncio warns of the second option where it is not set.
    return ("-o", f"asyncio_mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function")


def error_of(result):
    """What pytest says of a wrong command line: nothing is run, and there is no traceback."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    told = result.stderr.str()
    assert "Traceback" not in told and "INTERNALERROR" not in told
    return told


@pytest.mark.parametrize("is_set", [True, False])
def test_what_is_missing_skips_a_test_at_home_and_fails_it_in_ci(monkeypatch, is_set):
    monkeypatch.setenv("CI", "1" if is_set else "")
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match="no spoon") as outcome:
        needs.lacks("no spoon")
    assert outcome.type is (pytest.fail.Exception if is_set else pytest.skip.Exception)


def test_the_inner_run_is_of_the_major_version_that_is_tried(run, major):
    result = run("def test_it():\n    pass")
    result.stdout.re_match_lines([rf"platform .*, pytest-{major}\."])
    passes(result, 1)


def test_a_plain_test_has_a_fresh_simulation_that_is_current(run):
    source = """
    import erlsim

    def test_one(sim):
        assert isinstance(sim, erlsim.Simulation) and sim.now == 0
        async def nap():
            await erlsim.erlang.receive(after=7)
        sim.run(nap)
        assert sim.now == 7

    def test_other(sim):
        assert sim.now == 0
        assert erlsim.erlang.whereis("nobody") == "undefined"
    """
    passes(run(source), 2)


def test_an_async_test_is_the_shell_of_its_simulation_and_may_use_other_fixtures(run):
    source = """
    import pytest
    from erlsim import erlang

    @pytest.fixture
    def number():
        return 5

    async def test_one(sim, number):
        await erlang.receive(after=number)
        assert sim.now == 5

    @pytest.mark.erlsim
    async def test_marked(number):
        erlang.send(erlang.self(), number)
        assert await erlang.receive(int) == 5

    class TestIn:
        @pytest.mark.parametrize("each", [1, 2])
        async def test_a_class(self, sim, each):
            assert isinstance(self, TestIn) and each in (1, 2)
    """
    passes(run(source), 4)


def test_a_fixture_may_use_the_simulation_of_its_test(run):
    source = """
    import pytest
    from erlsim import erlang

    async def echo():
        erlang.send("tester", await erlang.receive())

    @pytest.fixture
    def server(sim):
        return erlang.spawn(echo)

    async def test_it(server):
        erlang.register("tester", erlang.self())
        erlang.send(server, "hello")
        assert await erlang.receive() == "hello"

    @pytest.mark.erlsim(schedules=2)
    async def test_under_two_schedules(server):
        erlang.register("tester", erlang.self())
        erlang.send(server, "hello")
        assert await erlang.receive() == "hello"
    """
    passes(run(source), 2)


def test_a_marked_test_runs_under_as_many_schedules_as_it_says(run):
    passes(run(COUNTED.format(7)), 2)


def test_the_option_for_schedules_overrides_the_marker(run):
    passes(run(COUNTED.format(4), "--erlsim-schedules", "4"), 2)


def test_a_simulation_is_closed_when_its_test_is_over_and_is_not_kept(run):
    source = """
    import gc
    import weakref
    import pytest
    from erlsim import erlang

    seen, ended = [], []

    async def patient():
        try:
            await erlang.receive("never")
        finally:
            ended.append("patient")

    @pytest.mark.erlsim(schedules=3)
    async def test_it(sim):
        seen.append(weakref.ref(sim))
        erlang.spawn(patient)
        await erlang.receive(after=1)

    def test_after_it():
        assert ended == ["patient"] * 3
        gc.collect()
        assert [ref() for ref in seen] == [None] * 3
    """
    passes(run(source), 2)


def test_a_seed_begins_the_schedules_elsewhere_and_seeds_the_simulation(run):
    source = """
    import pytest
    seeds = []

    async def test_seed(sim):
        assert sim.seed == 12

    @pytest.mark.erlsim(schedules=3, seed=7)
    async def test_seeds(sim):
        seeds.append(sim.seed)

    def test_they_are_counted():
        assert seeds == [12, 13, 14]
    """
    passes(run(source, "--erlsim-seed", "12"), 3)
    run(source, "--erlsim-seed", "13").assert_outcomes(passed=1, failed=2)


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--erlsim-seed", "one", "--erlsim-seed: invalid int value: 'one'"),
        ("--erlsim-schedules", "0", "--erlsim-schedules: a positive number of schedules, not '0'"),
        ("--erlsim-replay", "fifo,first", "--erlsim-replay: not a schedule: 'fifo,first'; 'fifo' should look like"),
        ("--erlsim-replay", "", "--erlsim-replay: not a schedule: ''"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_with_its_value_before_anything_runs(run, option, value, told):
    assert told in error_of(run("def test_it():\n    pass", f"{option}={value}"))


def test_a_marker_that_makes_no_sense_fails_its_test_and_says_why(run):
    told = {
        "50": "the marker erlsim takes options by name, as in erlsim(schedules=50), not (50,)",
        "schedules=0": "erlsim(schedules=...) is a positive number of schedules, not 0",
        "scheduels=5": "the marker erlsim has no option 'scheduels'; it has schedules, exhaust, replay, crashes, ",
        "chooser='dice'": "no chooser is called 'dice'; there are 'fifo', 'random', 'pct'",
    }
    test = "@pytest.mark.erlsim({})\nasync def test_{}():\n    pass\n"
    result = run("import pytest\n" + "".join(test.format(options, number) for number, options in enumerate(told)))
    result.assert_outcomes(failed=len(told))
    output = result.stdout.str()
    assert [text for text in told.values() if f"ErlsimError: {text}" not in output] == []


def test_a_run_that_does_not_use_erlsim_does_not_import_it(run):
    source = """
    import sys

    def test_it():
        assert "erlsim_pytest" in sys.modules
        assert [name for name in sys.modules if name.split(".")[0] in ("erlsim", "simpy")] == []
    """
    passes(run(source, "-p", "no:asyncio", plugins=None, cold=True), 1)


def test_it_needs_no_other_plugin(run):
    passes(run(OURS, plugins=()), 2)


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_it_lives_with_pytest_asyncio_in_either_mode(run, mode):
    passes(run(OURS + ASYNCIO, *asyncio_in(mode), plugins=["pytest_asyncio.plugin"]), 3)


def test_it_lives_with_anyio(run):
    passes(run(OURS + ANYIO, plugins=["anyio.pytest_plugin"]), 3)


def test_it_lives_with_both_of_them(run):
    # In its other mode pytest-asyncio takes anyio's tests, too.
    passes(run(OURS + ASYNCIO + ANYIO, *asyncio_in("strict"), plugins=None), 4)
