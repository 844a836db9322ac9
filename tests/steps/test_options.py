"""Steps where tests are run: traces, replays, pytest's options, hypothesis' schedules, workers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings

import erlsim
from erlsim import TIMEOUT, Simulation, erlang, ets, timer
from erlsim._kernel import here
from erlsim._kernel.steps.arriving import is_deadly
from erlsim.testing import explore, happened, happened_before, replay, run_once, seen
from erlsim.testing.schedules import Schedule
from erlsim.testing.strategies import schedule_choosers
from tests.steps.races import lost_update, planted


async def reads_and_writes():
    erlang.process_flag("trap_exit", True)
    ets.new("table", ["named_table"])
    ets.insert("table", [("a", 1), ("b", 2)])
    ets.lookup("table", "a")
    ets.tab2list("table")
    erlang.whereis("nobody")
    erlang.is_process_alive(erlang.self())


@pytest.mark.parametrize("options", [{"trace": "operations"}, {"preempt": True}], ids=str)
def test_a_trace_of_operations_has_reads_and_writes_with_table_and_key(options):
    with Simulation(**options) as sim:
        sim.run(reads_and_writes)
    found = [(event.kind, *event.data) for event in sim.trace if event.kind in ("ets", "flag", "whereis", "ask")]
    assert found == [
        ("flag", "trap_exit", True),
        ("ets", "new", "table", None),
        ("ets", "insert", "table", ["a", "b"]),
        ("ets", "lookup", "table", "a"),
        ("ets", "tab2list", "table", None),
        ("whereis", "nobody"),
        ("ask", sim.trace.present[0][0], "is_process_alive"),
    ]
    happened(sim.trace, seen("ets", ..., "lookup", "table", "a"))
    happened_before(sim.trace, seen("flag"), seen("whereis", ..., "nobody"))


def test_a_plain_trace_is_without_them():
    with Simulation() as sim:
        sim.run(reads_and_writes)
    assert not sim.trace.of("ets", "flag", "whereis", "ask")


def test_a_schedule_with_steps_says_by_itself_that_processes_give_way():
    [failure] = explore(planted(lost_update), preempt=True, progress=False).failures
    assert Schedule.parse(failure.schedule).has_steps
    assert replay(planted(lost_update), failure.schedule).outcome == failure.outcome
    assert not Schedule.parse("0r2=1").has_steps


def test_an_executor_finds_what_this_process_finds():
    def found(**more):
        result = explore(planted(lost_update), 100, preempt=True, stop=False, progress=False, trace=False, **more)
        return result.outcomes, result.schedules

    with ThreadPoolExecutor(2) as executor:
        assert found(executor=executor) == found()


def test_hypothesis_draws_schedules_of_steps():
    failed = []

    @settings(max_examples=200, derandomize=True, database=None)
    @given(schedule_choosers(12))
    def search(chooser):
        failed.append(run_once(planted(lost_update), chooser, preempt=True).failed)

    search()
    assert any(failed)


PROGRAM = """
    import pytest
    from erlsim import erlang, ets, timer

    async def both_count():
        ets.new("hits", ["public", "named_table"])
        ets.insert("hits", ("n", 0))
        def count():
            ets.insert("hits", ("n", ets.lookup_element("hits", "n", 2) + 1))
        for _ in range(2):
            erlang.spawn(count)
        await timer.sleep(1)
        assert ets.lookup("hits", "n") == [("n", 2)]

    @pytest.mark.erlsim({marker})
    async def test_both_count():
        await both_count()
"""


@pytest.mark.parametrize(
    ("marker", "options", "passes"),
    [
        ("schedules=50", [], True),
        ("schedules=50, preempt=True", [], False),
        ("schedules=50", ["--erlsim-preempt"], False),
        ("replay='3p2=1'", [], False),
        ("", ["--erlsim-replay", "3p2=1"], False),
    ],
)
def test_pytest_lets_processes_give_way_by_marker_option_or_schedule(pytester, marker, options, passes):
    pytester.makepyfile(PROGRAM.replace("{marker}", marker))
    result = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:anyio", "-p", "no:cacheprovider", *options)
    result.assert_outcomes(passed=int(passes), failed=int(not passes))
    if not passes:
        result.stdout.re_match_lines([r"replay this schedule with: .*p\d=1.*"])


def test_a_timer_that_is_cancelled_at_its_instant_is_no_option_any_more():
    async def parent():
        me = erlang.self()
        refs = [erlang.send_after(5, me, "due") for _ in range(3)]

        async def canceller():
            await timer.sleep(5)
            erlang.send(me, [erlang.cancel_timer(ref) is False for ref in refs])

        erlang.spawn(canceller)
        await timer.sleep(6)
        gone = await erlang.receive(list)
        due = erlang.process_info(me, "message_queue_len")[1]
        return due == sum(gone), due

    found = explore(parent, 400, preempt=True, stop=False, progress=False, trace=False)
    assert set(found.outcomes) == {f"{{true,{due}}}" for due in range(4)}
    late = explore(parent, 400, preempt=True, clock="late", stop=False, progress=False, trace=False)
    assert set(late.outcomes) <= set(found.outcomes)


def test_a_chooser_that_wants_no_places_gets_a_log_without():
    class Plain(erlsim.testing.Fifo):
        wants_places = False

        def begin_log(self, events):
            self.events = events

    chooser = Plain()
    Simulation(chooser=chooser, preempt=True).run(reads_and_writes)
    assert {event.place for event in chooser.events} == {None}


@pytest.mark.parametrize(
    ("traps", "reason", "deadly"),
    [
        (True, "kill", True),
        (True, "boom", False),
        (True, "normal", False),
        (False, "kill", True),
        (False, "boom", True),
        (False, "normal", False),
        (False, ("kill", 1), True),
    ],
)
def test_it_is_known_before_whether_a_signal_will_end_a_process(traps, reason, deadly):
    async def main():
        erlang.process_flag("trap_exit", True)

        async def waits():
            erlang.process_flag("trap_exit", traps)
            await erlang.receive("never")

        pid, ref = erlang.spawn_monitor(waits)
        await erlang.receive(after=1)
        erlang.exit(pid, reason)
        (process,) = [each for each in here().processes() if each.pid == pid]
        known = is_deadly(process)
        return known, await erlang.receive(("DOWN", ref, ..., ..., ...), after=5) is not TIMEOUT

    assert erlsim.run(main, trace=False) == (deadly, deadly)
