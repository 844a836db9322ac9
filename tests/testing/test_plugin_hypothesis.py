"""pytest's plugin and hypothesis: `@given` on an `async` test, alone and under schedules."""

from __future__ import annotations

import re

import pytest

HEAD = """
    import pytest
    from hypothesis import HealthCheck, Phase, example, given, settings, strategies as st
    from erlsim import erlang, timer

    quiet = settings(database=None, derandomize=True, max_examples=20)
    seen = []

    async def server():
        await erlang.receive("stop")

    @pytest.fixture
    async def there(sim):
        pid = erlang.spawn(server)
        erlang.register("there", pid)
        yield pid
        seen.append("end")

    @pytest.fixture(scope="module")
    async def wide():
        return erlang.self()

    async def race():
        me = erlang.self()
        for name in ("one", "other"):
            erlang.spawn(lambda name=name: erlang.send(me, name))
        return await erlang.receive()
"""
WORKS = (
    HEAD
    + """
    @quiet
    @given(ms=st.integers(0, 50))
    async def test_alone(sim, there, wide, ms):
        assert sim.now == 0 and wide == erlang.self() and erlang.whereis("there") is there
        await timer.sleep(ms)
        seen.append(sim)

    def test_each_example_had_a_simulation_of_its_own():
        sims = [each for each in seen if each != "end"]
        assert len(sims) == len(set(map(id, sims))) == seen.count("end") >= 20
        seen.clear()

    @pytest.mark.erlsim(schedules=3)
    @quiet
    @given(st.integers(0, 50))
    async def test_schedules(sim, there, ms):
        seen.append(sim.seed)
        assert await race() in ("one", "other")

    def test_each_example_ran_under_each_schedule():
        seeds = [each for each in seen if each != "end"]
        assert seeds == [0, 1, 2] * (len(seeds) // 3) and len(seeds) == seen.count("end") >= 60

    @pytest.mark.erlsim
    @given(st.integers(0, 50))
    async def test_marked(ms):
        await timer.sleep(ms)

    class TestIn:
        @pytest.mark.parametrize("each", [1, 2])
        @quiet
        @given(ms=st.integers(0, 50))
        async def test_a_class(self, sim, there, each, ms):
            assert isinstance(self, TestIn) and each in (1, 2)
            await timer.sleep(ms)

    @quiet
    @given(ms=st.integers(0, 50))
    @example(ms=7)
    async def test_assume(sim, ms):
        from hypothesis import assume

        erlang.spawn(assume, [ms > 5])
        await timer.sleep(1)
        assert ms > 5

    @settings(database=None, max_examples=3)
    @given(ms=st.integers(0, 50))
    async def test_an_example_may_take_longer_in_real_time_than_hypothesis_thinks(sim, ms):
        import time

        time.sleep(0.25)
"""
)
FAILS = (
    HEAD
    + """
    @quiet
    @given(ms=st.integers(0, 50))
    async def test_simplest(sim, there, ms):
        await timer.sleep(ms)
        assert ms < 10

    @pytest.mark.erlsim(schedules=30, seed=4)
    @settings(quiet, phases=set(Phase) - {Phase.explain})
    @given(number=st.integers(0, 50))
    async def test_race(sim, there, number):
        for _ in range(5):
            erlang.spawn(server)
        assert await race() == "one" or number < 20

    @quiet
    @given(number=st.integers(0, 50))
    async def test_made_once(sim, tmp_path, number):
        pass

    @settings(quiet, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(number=st.integers(0, 50))
    async def test_made_once_and_it_is_said(sim, tmp_path, number):
        pass

    @quiet
    @given(number=st.integers(0, 50))
    async def test_crash(sim, number):
        erlang.spawn(lambda: 1 // (number // 3))
        await timer.sleep(1)
"""
)


@pytest.fixture
def running(run):
    """As `run`, with hypothesis' plugin and its health checks."""

    def running(source, *args, plugins=("_hypothesis_pytestplugin",)):
        return run(source, *args, plugins=plugins)

    return running


def test_each_example_runs_in_a_simulation_with_fixtures_of_its_own(running):
    result = running(WORKS)
    result.assert_outcomes(passed=9)


def test_a_failing_example_is_the_simplest_and_its_schedule_is_shrunk(running):
    result = running(FAILS)
    result.assert_outcomes(passed=1, failed=4)
    told = result.stdout.str()
    assert re.search(r"Failing test case: test_simplest\((.|\n)*?ms=10,", told)
    assert re.search(r"Failing test case: test_race\((.|\n)*?number=20,", told)
    assert re.search(r"Failing test case: test_crash\((.|\n)*?number=0,", told) and "UnexpectedCrash" in told
    assert "FailedHealthCheck: 'test_it.py::test_made_once' uses the function-scoped fixture 'tmp_path'" in told
    which = re.search(r"^schedule \d+ of 30, seed \d+, has failed: (\S+) \(shrunk from \d+ choices to 1\)$", told, re.M)
    line = re.search(r"^and keep it as a test with: (.*)$", told, re.M)[1]
    assert line == f'@pytest.mark.erlsim(replay="{which[1]}")'
    again = running(FAILS, "test_it.py::test_race", "--erlsim-replay", which[1])
    again.assert_outcomes(failed=1)
    assert re.search(r"Failing test case: test_race\((.|\n)*?number=20,", again.stdout.str())


def test_a_plain_test_with_given_is_still_told_that_its_simulation_is_not_made_anew(running):
    source = """
    @quiet
    @given(number=st.integers(0, 50))
    def test_plain(sim, number):
        pass
    """
    result = running(HEAD + source)
    result.assert_outcomes(failed=1)
    assert "uses a function-scoped fixture 'sim'" in result.stdout.str()


def test_it_does_so_beside_pytest_asyncio_and_anyio(running):
    for mode in ("strict", "auto"):
        options = ("-o", f"asyncio_mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function")
        running(WORKS, *options, plugins=None).assert_outcomes(passed=9)
