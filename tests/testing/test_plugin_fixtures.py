"""pytest's plugin and fixtures: `async` ones, those that use `sim`, and how often each of them is made."""

from __future__ import annotations

ASYNC = """
    import pytest
    from erlsim import erlang, timer

    log = []

    async def server():
        while await erlang.receive() != "stop":
            pass

    @pytest.fixture(scope="session")
    async def store():
        pid = erlang.spawn(server)
        erlang.register("store", pid)
        log.append("up")
        yield pid
        erlang.send(pid, "stop")
        await timer.sleep(5)
        log.append(("down", erlang.is_process_alive(pid)))

    @pytest.fixture(scope="module")
    async def number(store):
        await timer.sleep(1)
        return 5

    @pytest.fixture
    def user(sim, store, number):
        assert sim.now == 1
        return erlang.spawn(server)

    @pytest.fixture(scope="session")
    def once():
        log.append("once")
"""


def test_async_fixtures_of_any_scope_are_made_in_the_simulation_of_each_test_and_schedule(run):
    source = """
    @pytest.mark.erlsim(schedules=4)
    async def test_many(sim, user, store, once):
        assert erlang.whereis("store") is store
        assert erlang.is_process_alive(user) and sim.now == 1

    @pytest.mark.erlsim
    async def test_marked(number, once):
        assert number == 5 and erlang.whereis("store") != "undefined"

    def test_plain(sim, store):
        assert erlang.whereis("store") is store

    class TestIn:
        @pytest.fixture
        async def mine(self, sim):
            self.number = 3
            return erlang.spawn(server)

        @pytest.mark.erlsim(schedules=3)
        async def test_a_class(self, mine, number):
            assert self.number == 3 and erlang.is_process_alive(mine)

    def test_the_log():
        assert log.count("up") == log.count(("down", False)) == 4 + 1 + 1 + 3
        assert log.count("once") == 1
    """
    result = run(ASYNC + source)
    result.assert_outcomes(passed=5)


def test_a_fixture_that_uses_sim_is_made_anew_for_each_schedule_and_others_once(run):
    source = """
    import pytest
    from erlsim import erlang

    made, ended = [], []

    @pytest.fixture
    def plain():
        made.append("plain")
        yield
        ended.append("plain")

    @pytest.fixture(params=[1, 2])
    def server(request, sim, plain):
        made.append(request.param)
        yield erlang.spawn(erlang.receive)
        ended.append(request.param)

    @pytest.mark.erlsim(schedules=3)
    async def test_it(server):
        assert erlang.is_process_alive(server)

    def test_how_often():
        assert made == ["plain", 1, 1, 1, "plain", 2, 2, 2]
        assert ended == [1, 1, 1, "plain", 2, 2, 2, "plain"]
    """
    run(source).assert_outcomes(passed=3)


def test_what_a_fixture_does_belongs_to_the_schedule_that_it_is_made_for(run):
    source = """
    import pytest
    from erlsim import erlang, timer

    @pytest.fixture
    async def first():
        me = erlang.self()
        for name in ("one", "other"):
            erlang.spawn(lambda name=name: erlang.send(me, name))
        return await erlang.receive()

    @pytest.mark.erlsim(schedules=50)
    async def test_order(first):
        assert first == "one"

    @pytest.fixture
    async def crashing(sim):
        erlang.spawn(lambda: 1 // 0)
        await timer.sleep(1)

    async def test_crash(crashing):
        pass

    @pytest.mark.erlsim(crashes="ZeroDivisionError")
    async def test_that_crash(crashing):
        pass

    @pytest.fixture
    async def ends_badly(sim):
        yield
        assert sim.chooser is None, "only first-in first-out"

    @pytest.mark.erlsim(schedules=3)
    async def test_ends(ends_badly):
        pass

    @pytest.fixture
    async def begins_badly(sim):
        assert sim.chooser is None, "only first-in first-out"

    @pytest.mark.erlsim(schedules=3)
    async def test_begins(begins_badly):
        pass
    """
    result = run(source)
    result.assert_outcomes(passed=1, failed=4)
    result.stdout.fnmatch_lines(["*schedule * of 50, seed *, has failed: 0r2=1 (shrunk from *"])
    result.stdout.fnmatch_lines(["*schedule 1 of 3, seed 1, has failed*"])
    assert result.stdout.str().count("only first-in first-out") >= 2


def test_async_fixtures_that_are_not_right_say_so(run):
    source = """
    import pytest

    @pytest.fixture
    async def nothing(sim):
        if sim is None:
            yield

    @pytest.fixture
    async def twice(sim):
        yield 1
        yield 2

    async def test_nothing(nothing):
        pass

    async def test_twice(twice):
        assert twice == 1
    """
    result = run(source)
    result.assert_outcomes(passed=1, errors=2)
    assert "an async fixture yielded nothing" in result.stdout.str()
    assert "an async fixture yields once" in result.stdout.str()


def test_a_crash_while_fixtures_end_is_an_error_of_the_test_and_a_failure_of_a_schedule(run):
    source = """
    import pytest
    from erlsim import erlang, timer

    async def crashes():
        await erlang.receive("stop")
        1 // 0

    @pytest.fixture
    def server(sim):
        pid = erlang.spawn(crashes)
        yield pid
        erlang.send(pid, "stop")

    async def test_single(server):
        await timer.sleep(1)

    @pytest.mark.erlsim(schedules=3)
    async def test_schedules(server):
        await timer.sleep(1)

    @pytest.mark.erlsim(crashes=True, schedules=3)
    async def test_meant(server):
        await timer.sleep(1)

    async def test_says_it_once(server):
        raise ValueError("in the test")

    def test_plain(server):
        pass
    """
    result = run(source)
    # Of the two with an error at the end the test itself has passed.
    result.assert_outcomes(passed=3, failed=2, errors=2)
    assert result.stdout.str().count("E   erlsim.trace.crashes.UnexpectedCrash: a process crashed") == 3


def test_a_fixture_that_fails_has_a_report_of_its_simulation(run):
    source = """
    import pytest
    from erlsim import erlang

    @pytest.fixture
    async def stuck(sim):
        await erlang.receive("never")

    async def test_it(stuck):
        pass
    """
    result = run(source)
    result.assert_outcomes(errors=1)
    told = result.stdout.str()
    assert "Deadlock: nothing can happen any more at 0 ms" in told and "in stuck (test_it.py:6)" in told
    assert "replay this schedule with: pytest 'test_it.py::test_it' --erlsim-replay 'fifo'" in told


BESIDE = """
    import asyncio
    import pytest
    import pytest_asyncio
    from erlsim import erlang

    @pytest.fixture
    async def ours(sim):
        await erlang.receive(after=7)
        return 7

    @pytest_asyncio.fixture(loop_scope="function")
    async def theirs():
        await asyncio.sleep(0)
        return asyncio.get_running_loop()

    @pytest.mark.erlsim(schedules=2)
    async def test_ours(sim, ours):
        assert sim.now == ours == 7

    @pytest.mark.asyncio
    async def test_theirs(theirs):
        assert theirs is asyncio.get_running_loop()

    async def test_both(sim, ours, theirs):
        assert sim.now == 7 and not theirs.is_running()
"""
ANYIO = """
    import anyio
    import pytest
    from erlsim import erlang

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.fixture
    async def ours(sim):
        await erlang.receive(after=7)
        return 7

    @pytest.fixture
    async def theirs(anyio_backend):
        await anyio.sleep(0)
        return 8

    @pytest.mark.erlsim(schedules=2)
    async def test_ours(sim, ours):
        assert sim.now == ours == 7

    @pytest.mark.anyio
    async def test_theirs(theirs):
        assert theirs == 8
"""


def test_pytest_asyncio_keeps_its_own_fixtures_in_either_mode(run):
    for mode in ("strict", "auto"):
        options = ("-o", f"asyncio_mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function")
        run(BESIDE, *options, plugins=["pytest_asyncio.plugin"]).assert_outcomes(passed=3)


def test_anyio_keeps_its_own_fixtures(run):
    run(ANYIO, plugins=["anyio.pytest_plugin"]).assert_outcomes(passed=2)


def test_async_fixtures_and_schedules_work_under_xdist(run):
    source = """
    @pytest.mark.erlsim(schedules=4)
    async def test_many(sim, user, store, once):
        assert erlang.whereis("store") is store

    @pytest.mark.parametrize("each", range(3))
    async def test_each(user, store, each):
        assert erlang.whereis("store") is store
    """
    run(ASYNC + source, "-n", "2", plugins=["xdist.plugin"]).assert_outcomes(passed=4)
