"""What ends a test ends it wherever it is raised: no process, no callback and no helper of OTP's keeps it to itself."""

from __future__ import annotations

from bdb import BdbQuit
from unittest import SkipTest

import pytest
from hypothesis.errors import StopTest, UnsatisfiedAssumption

import director
import erlsim
import gen_tracker
from erlsim import Deadlock, erl, erlang, ets, timer
from erlsim.otp import gen_event, gen_server, gen_statem, logger, proc_lib, supervisor, sys
from erlsim.testing import explore, run_once
from erlsim.testing.choosers import Fifo

VERDICTS = [
    pytest.skip.Exception("a skip"),
    pytest.fail.Exception("a failure"),
    pytest.xfail.Exception("an expected failure"),
    pytest.exit.Exception("an exit"),
    BdbQuit("q in the debugger"),
    SkipTest("unittest's skip"),
    UnsatisfiedAssumption("an assumption"),
    StopTest(1),
    KeyboardInterrupt("Ctrl-C"),
]


class Server:
    """A gen_server, gen_statem and gen_event handler that raises its verdict where it is told to."""

    def __init__(self, verdict, where):
        self.verdict, self.where = verdict, where

    def at(self, place):
        if place == self.where:
            raise self.verdict

    def init(self, arg):
        self.at("init")
        return ("ok", 0)

    def handle_call(self, request, from_, state):
        self.at("handle_call")
        return ("reply", "ok", state)

    def handle_cast(self, request, state):
        self.at("handle_cast")
        return ("noreply", state)

    def handle_info(self, message, state):
        self.at("handle_info")
        return ("noreply", state)

    def terminate(self, reason, state):
        self.at("terminate")

    def format_status(self, status):
        self.at("format_status")
        return status


class Machine(Server):
    def callback_mode(self):
        return "handle_event_function"

    def init(self, arg):
        return ("ok", "here", 0)

    def handle_event(self, kind, content, state, data):
        raise self.verdict


class Handler(Server):
    def handle_event(self, event, state):
        raise self.verdict


class Tree:
    """A supervisor or a director of one child, whose start function, or plan, is given."""

    def __init__(self, child):
        self.child = child

    def init(self, arg):
        return self.child


def raiser(verdict):
    def raising(*args):
        raise verdict

    return raising


async def in_a_process(verdict):
    erlang.spawn(raiser(verdict))
    await erlang.receive(after=10)


async def in_a_linked_process_of_a_shell_that_traps_exits(verdict):
    async def late():
        await timer.sleep(5)
        raise verdict

    erlang.process_flag("trap_exit", True)
    erlang.spawn_link(late)
    await erlang.receive()


async def in_proc_lib(verdict):
    await proc_lib.start_link(Module(verdict), "start", [])


async def in_init(verdict):
    await gen_server.start(Server(verdict, "init"), 0, [])


async def in_handle_call(verdict):
    _, pid = await gen_server.start(Server(verdict, "handle_call"), 0, [])
    await gen_server.call(pid, "hello")


async def in_handle_cast(verdict):
    _, pid = await gen_server.start(Server(verdict, "handle_cast"), 0, [])
    gen_server.cast(pid, "hello")
    await timer.sleep(1)


async def in_handle_info(verdict):
    _, pid = await gen_server.start(Server(verdict, "handle_info"), 0, [])
    erlang.send(pid, "hello")
    await timer.sleep(1)


async def in_terminate(verdict):
    _, pid = await gen_server.start(Server(verdict, "terminate"), 0, [])
    await gen_server.stop(pid)


async def in_format_status(verdict):
    _, pid = await gen_server.start(Server(verdict, "format_status"), 0, [])
    await sys.get_status(pid)


async def in_replace_state(verdict):
    _, pid = await gen_server.start(Server(verdict, None), 0, [])
    await sys.replace_state(pid, raiser(verdict))


async def in_a_state_machine(verdict):
    _, pid = await gen_statem.start(Machine(verdict, None), 0, [])
    await gen_statem.call(pid, "hello")


async def in_an_event_handler(verdict):
    _, pid = await gen_event.start()
    await gen_event.add_handler(pid, Handler(verdict, None), 0)
    await gen_event.sync_notify(pid, "hello")


async def in_the_start_of_a_supervisors_child(verdict):
    child = {"id": "one", "start": (Module(verdict), "start", [])}
    await supervisor.start_link(Tree(("ok", ({}, [child]))), 0)


async def in_the_start_of_a_directors_child(verdict):
    await director.start_link(Tree(("ok", [{"id": "one", "start": (Module(verdict), "start", [])}])), 0)


async def in_a_plan(verdict):
    child = {"id": "one", "start": (Module(verdict), "good", []), "plan": [raiser(verdict)]}
    _, pid = await director.start_link(Tree(("ok", [child])), 0)
    erlang.exit((await director.which_children(pid))[0][1], "kill")
    await timer.sleep(10)


async def in_the_start_of_a_trackers_child(verdict):
    await gen_tracker.start_link("zone")
    await gen_tracker.find_or_open("zone", ("one", (Module(verdict), "start", []), "temporary", 100, "worker", []))


async def in_after_terminate(verdict):
    await gen_tracker.start_link("zone")
    module = Module(verdict)
    _, pid = await gen_tracker.find_or_open("zone", ("one", (module, "good", []), "temporary", 100, "worker", []))
    erlang.exit(pid, "kill")
    await timer.sleep(10)


async def in_a_timer(verdict):
    timer.apply_after(5, Module(verdict), "start", [])
    await timer.sleep(10)


async def in_a_predicate(verdict):
    erlang.send(erlang.self(), "hello")

    def predicate(message):
        raise verdict

    await erlang.receive(predicate)


async def in_a_filter_of_the_logger(verdict):
    logger.add_primary_filter("mine", (raiser(verdict), 0))
    logger.error("hello")


async def in_a_fun_that_fills_a_table(verdict):
    ets.init_table(ets.new("t", []), raiser(verdict))


CATCHERS = """
-module(catchers).
-export([try_/1, catch_/1, after_/1]).
try_(F) -> try F() catch _:_ -> caught end.
catch_(F) -> catch F().
after_(F) -> try F() after self() ! never end.
"""


async def in_a_fun_that_erlang_source_catches_with_try(verdict):
    erl.load_text(CATCHERS, "catchers.erl").try_(raiser(verdict))


async def in_a_fun_that_erlang_source_catches(verdict):
    erl.load_text(CATCHERS, "catchers.erl").catch_(raiser(verdict))


async def in_a_fun_that_erlang_source_cleans_up_after(verdict):
    erl.load_text(CATCHERS, "catchers.erl").after_(raiser(verdict))


class Module:
    """A child whose start function and whose `after_terminate` raise the verdict."""

    def __init__(self, verdict):
        self.verdict = verdict

    def start(self):
        raise self.verdict

    def good(self):
        return ("ok", erlang.spawn_link(sleeping))

    def after_terminate(self, name, attrs):
        raise self.verdict


async def sleeping():
    await timer.sleep("infinity")


PLACES = [each for name, each in sorted(globals().items()) if name.startswith("in_")]


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: type(verdict).__name__)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_verdict_leaves_the_run_from_wherever_it_is_raised(place, verdict):
    with pytest.raises(type(verdict)) as raised:
        erlsim.run(place, verdict)
    assert raised.value is verdict


def test_that_the_world_cannot_go_on_is_not_an_exit_of_a_call():
    async def never():
        await erlang.receive("never")

    async def main():
        await sys.get_state(erlang.spawn(never), "infinity")

    with pytest.raises(Deadlock):
        erlsim.run(main)


def test_a_process_whose_code_a_verdict_has_ended_is_gone_if_the_world_goes_on():
    async def main():
        pid, ref = erlang.spawn_monitor(raiser(SystemExit()))
        with pytest.raises(SystemExit):
            await erlang.receive()
        assert await erlang.receive() == ("DOWN", ref, "process", pid, "killed")

    erlsim.run(main)


@pytest.mark.parametrize("verdict", [each for each in VERDICTS if type(each).__name__ != "Failed"], ids=repr)
def test_a_verdict_under_one_schedule_is_one_on_all_of_them(verdict):
    with pytest.raises(type(verdict)):
        explore(lambda: in_a_process(verdict), 5)


def test_pytests_failure_is_a_failure_of_its_schedule():
    assert run_once(lambda: in_a_process(VERDICTS[1]), Fifo()).failed


OUTCOMES = """
    import pytest
    from hypothesis import assume, given, settings, strategies as st
    from erlsim import erlang, timer
    from erlsim.otp import gen_server

    class Server:
        def init(verdict):
            return ("ok", verdict)

        def handle_call(request, from_, verdict):
            verdict("told by a server")
            return ("reply", "ok", verdict)

    def told(verdict):
        verdict("told by a process")

    VERDICTS = [pytest.skip, pytest.xfail, pytest.fail]

    @pytest.mark.parametrize("verdict", VERDICTS)
    async def test_server(sim, verdict):
        ok, pid = await gen_server.start(Server, verdict, [])
        await gen_server.call(pid, "say it")

    @pytest.mark.parametrize("verdict", VERDICTS)
    async def test_process(sim, verdict):
        erlang.spawn(told, [verdict])
        await timer.sleep(1)

    @pytest.mark.parametrize("verdict", VERDICTS)
    @pytest.mark.erlsim(schedules=5)
    async def test_schedules(sim, verdict):
        erlang.spawn(told, [verdict])
        await timer.sleep(1)

    @given(number=st.integers(0, 10))
    @settings(database=None, derandomize=True)
    def test_assume(number):
        import erlsim

        async def main():
            erlang.spawn(assume, [number > 1])
            await timer.sleep(1)
            assert number > 1

        erlsim.run(main)
"""
SLOW = """
    import pytest
    from erlsim import erlang, timer

    def spins():
        while True:
            pass

    async def main():
        erlang.spawn(spins)
        await timer.sleep(1)

    @pytest.mark.timeout(0.5)
    async def test_plain(sim):
        await main()

    @pytest.mark.timeout(0.5)
    @pytest.mark.erlsim(schedules=3)
    async def test_schedules(sim):
        await main()

    async def test_next(sim):
        await timer.sleep(1)
"""


def test_a_process_that_skips_or_fails_its_test_does_so(run):
    result = run(OUTCOMES)
    result.assert_outcomes(passed=1, skipped=3, xfailed=3, failed=3)
    assert "Failed: told by a process" in result.stdout.str()


def test_it_does_so_under_xdist(run):
    run(OUTCOMES, "-n", "1", plugins=["xdist.plugin"]).assert_outcomes(passed=1, skipped=3, xfailed=3, failed=3)


def test_a_timeout_of_pytest_ends_a_test_and_no_process(run):
    result = run(SLOW, plugins=["pytest_timeout"])
    result.assert_outcomes(passed=1, failed=2)
    assert "in spins" not in result.stderr.str()
    result.stdout.fnmatch_lines(["*Timeout (>0.5*"])
