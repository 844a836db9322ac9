"""A process that crashed fails its test, unless the test expected it or did it itself."""

from __future__ import annotations

import re

import pytest

import erlsim
from erlsim import erlang, testing, timer
from erlsim.otp import gen_server, proc_lib, supervisor
from erlsim.trace.crashes import UnexpectedCrash

NOT_EXPECTED = """
    import pytest
    from erlsim import erlang, timer
    from erlsim.otp import gen_server, supervisor

    class Server:
        def init(arg):
            return ("ok", arg)

        async def handle_call(request, from_, state):
            if request == "forget":
                timer.sleep(1)
                return ("reply", "ok", state)
            return ("reply", 1 // 0, state)

        def handle_cast(request, state):
            assert request == "known"
            return ("noreply", state)

        def start():
            return gen_server.start_link(("local", "server"), Server, 0, [])

    class Tree:
        def init(arg):
            return ("ok", ({"intensity": 5}, [{"id": "server", "start": (Server, "start", [])}]))

    def asserts():
        assert 1 == 2

    async def test_assertion_in_a_process(sim):
        erlang.spawn(asserts)
        await timer.sleep(1)

    @pytest.mark.erlsim
    async def test_without_a_fixture():
        erlang.spawn(asserts)
        await timer.sleep(1)

    @pytest.mark.erlsim(schedules=5)
    async def test_schedules():
        erlang.spawn(asserts)
        await timer.sleep(1)

    def test_plain(sim):
        erlang.spawn(asserts)
        sim.advance(1)

    async def test_the_last_cast(sim):
        await supervisor.start_link(Tree, 0)
        gen_server.cast("server", "unknown")

    async def test_a_restarted_child(sim):
        await supervisor.start_link(Tree, 0)
        with pytest.raises(Exception):
            await gen_server.call("server", "divide")

    async def test_never_awaited(sim):
        ok, pid = await gen_server.start(Server, 0, [])
        assert await gen_server.call(pid, "forget") == "ok"

    def test_never_awaited_by_a_plain_test(sim):
        timer.sleep(1)

    async def test_wrong_expectation(sim):
        with sim.expect_crash(match="badarith"):
            erlang.spawn(asserts)
            await timer.sleep(1)

    async def test_vain_expectation(sim):
        with sim.expect_crash():
            await timer.sleep(1)

    @pytest.mark.erlsim(crashes="never")
    async def test_vain_marker():
        await timer.sleep(1)

    @pytest.mark.erlsim(crashes="never", schedules=3)
    async def test_vain_marker_of_many():
        await timer.sleep(1)

    @pytest.mark.erlsim(crashes=1)
    async def test_nonsense():
        await timer.sleep(1)
"""
EXPECTED = """
    import pytest
    from erlsim import erlang, timer

    pytestmark = pytest.mark.erlsim(crashes="AssertionError")

    def asserts():
        assert 1 == 2

    async def test_by_the_module():
        erlang.spawn(asserts)
        await timer.sleep(1)

    @pytest.mark.erlsim(schedules=3)
    async def test_by_the_module_though_the_test_has_a_marker_of_its_own():
        erlang.spawn(asserts)
        await timer.sleep(1)

    @pytest.mark.erlsim(crashes=True)
    async def test_any_or_none():
        await timer.sleep(1)

    @pytest.mark.erlsim(crashes=True)
    def test_plain(sim):
        erlang.spawn(asserts)
        sim.advance(1)
"""


def test_a_crash_that_nobody_expected_fails_the_test(run):
    result = run(NOT_EXPECTED)
    told = result.stdout.str()
    names = re.findall(r"def (test_\w+)", NOT_EXPECTED)
    result.assert_outcomes(failed=len(names))
    assert told.count("and the test did not expect it") >= 8
    assert "coroutine 'erlsim.sleep' was never awaited" in told or "coroutine 'sleep' was never awaited" in told
    assert "child_terminated" in told
    assert told.count("no crash was reported that matches 'never', which the marker says") >= 2


def test_a_crash_that_the_marker_tells_of_does_not(run):
    run(EXPECTED).assert_outcomes(passed=4)


class Server:
    """A gen_server that traps exits, or not, and ends for the reason that it is told."""

    def start(name, traps=False):
        return gen_server.start_link(("local", name), Server, traps, [])

    def init(traps):
        erlang.process_flag("trap_exit", traps)
        return ("ok", 0)

    def handle_call(request, from_, state):
        return ("reply", 1 // request, state)

    def handle_cast(reason, state):
        return ("stop", reason, state)


class Tree:
    def __init__(self, *children, **flags):
        self.children, self.flags = children, flags

    def init(self, arg):
        return ("ok", (self.flags, [{"id": each[0], "start": (Server, "start", list(each))} for each in self.children]))

    def start(self):
        return supervisor.start_link(self, 0)


class Above:
    def __init__(self, tree):
        self.tree = tree

    def init(self, arg):
        child = {"id": "tree", "start": (self.tree, "start", []), "type": "supervisor"}
        return ("ok", ({"intensity": 5}, [child]))


async def a_kill():
    await Tree(("one",), intensity=1).start()
    erlang.exit(erlang.whereis("one"), "kill")
    await timer.sleep(1)


async def a_kill_too_many():
    await supervisor.start_link(Above(Tree(("one",), intensity=0)), 0)
    erlang.exit(erlang.whereis("one"), "kill")
    await timer.sleep(1)


async def an_exit_signal():
    await Tree(("one",), ("two",), intensity=1).start()
    erlang.exit(erlang.whereis("one"), "boom")
    await timer.sleep(1)


async def an_exit_signal_to_a_linked_one():
    async def linked():
        erlang.link(erlang.whereis("one"))
        await erlang.receive("never")

    await Tree(("one",), intensity=1).start()
    erlang.spawn(linked)
    await timer.sleep(1)
    erlang.exit(erlang.whereis("one"), "boom")
    await timer.sleep(1)


async def an_exit_signal_of_the_parent_that_is_trapped():
    erlang.process_flag("trap_exit", True)
    _, pid = await Server.start("one", True)
    erlang.exit(pid, "boom")
    await timer.sleep(1)


async def a_fault():
    testing.crash("one", at=5, certain=True)
    await Tree(("one",), intensity=1).start()
    await timer.sleep(10)


async def a_failing_start():
    erlang.process_flag("trap_exit", True)
    testing.fail_start(Server, certain=True)
    await supervisor.start_link(Above(Tree(("one",))), 0)


async def a_failing_restart():
    await Tree(("one",), intensity=5).start()
    testing.fail_start(Server, certain=True)
    erlang.exit(erlang.whereis("one"), "kill")
    await timer.sleep(1)


def unexpected(main):
    sim = erlsim.Simulation()
    crashes = sim.crashes
    sim.run(main)
    return crashes.unexpected


OWN = [
    a_kill,
    a_kill_too_many,
    an_exit_signal,
    an_exit_signal_to_a_linked_one,
    an_exit_signal_of_the_parent_that_is_trapped,
    a_fault,
    a_failing_start,
    a_failing_restart,
]


@pytest.mark.parametrize("main", OWN, ids=lambda main: main.__name__)
def test_what_the_test_itself_does_is_expected_with_what_it_takes_along(main):
    assert unexpected(main) == []


async def a_caller_of_who_is_killed():
    async def slow():
        await timer.sleep(10)

    async def caller():
        await gen_server.call(victim, "hello")

    victim = erlang.spawn(slow)
    proc_lib.spawn(caller)
    await timer.sleep(1)
    erlang.exit(victim, "kill")
    await timer.sleep(1)


async def a_crash_of_its_own():
    await Tree(("one",), intensity=1).start()
    gen_server.cast("one", "boom")
    await timer.sleep(1)


async def a_crash_after_a_kill():
    await Tree(("one",), intensity=5).start()
    erlang.exit(erlang.whereis("one"), "kill")
    await timer.sleep(1)
    gen_server.cast("one", "killed")
    await timer.sleep(1)


@pytest.mark.parametrize(
    ("main", "number"),
    [(a_caller_of_who_is_killed, 1), (a_crash_of_its_own, 3), (a_crash_after_a_kill, 3)],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_follows_from_it_otherwise_is_not(main, number):
    assert len(unexpected(main)) == number


async def test_an_expected_crash_has_the_reports_of_all_who_tell_of_it(sim):
    await Tree(("one",), intensity=1).start()
    with sim.expect_crash(match="ZeroDivisionError") as crash, pytest.raises(erlsim.Exit):
        await gen_server.call("one", 0)
    assert len(crash.taken) == 3
    assert sim.crashes.unexpected == []


async def test_an_expectation_of_another_crash_says_what_there_was(sim):
    sim.crashes.allow("ZeroDivisionError")
    with pytest.raises(AssertionError, match=r"(?s)no crash was reported that matches 'badarith'"):
        with sim.expect_crash(match="badarith"):
            erlang.spawn(lambda: 1 // 0)
            await timer.sleep(1)


def test_the_verdict_shows_the_reports():
    sim = erlsim.Simulation()
    crashes = sim.crashes
    sim.run(lambda: erlang.spawn(lambda: 1 // 0))
    sim.advance(1)
    with pytest.raises(UnexpectedCrash, match=r"(?s)a process crashed.*Error in process <0.85.0>.*ZeroDivisionError"):
        crashes.judge()
