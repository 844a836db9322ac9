"""`testing.exhaust` on simulations: every outcome, each trace once, and no claim that is not true."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from erlsim import TIMEOUT, ErlsimError, erlang, ets
from erlsim.testing import exhaust, replay
from tests.exhaust.programs import Program, interleavings, running

MOST = 60
number, message, key = st.integers(0, 1), st.sampled_from("ab"), st.sampled_from("xy")
patterns = st.sampled_from([(), ("a",), ("b",)])


def operation(name: str, *arguments: Any) -> Any:
    return st.tuples(st.just(name), *arguments)


OPERATIONS = st.one_of(
    operation("send", number, message),
    patterns.map(lambda each: ("take", *each)),
    patterns.map(lambda each: ("wait", *each)),
    operation("late", st.sampled_from([5, 7])),
    operation("insert", key, st.integers(1, 2)),
    operation("insert_new", key, st.just(1)),
    operation("lookup", key),
    operation("count", key),
    operation("delete", key),
    operation("all"),
    operation("register", st.just("name")),
    operation("whereis", st.just("name")),
    operation("tell", st.just("name"), message),
    operation("trap"),
    *(operation(name, number) for name in ("link", "unlink", "monitor", "kill", "stop", "alive")),
)
processes = st.lists(OPERATIONS, min_size=1, max_size=2)


@settings(max_examples=220, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(processes, min_size=2, max_size=2))
def test_a_search_has_the_outcomes_of_every_interleaving(program: Program) -> None:
    test = running(program)
    runs = interleavings(test, MOST)
    # One that has too many is no example: 220 are compared.
    assume(runs is not None)
    found = exhaust(test, stop=False, check=0)
    assert found.complete
    assert set(found.outcomes) == {run.outcome for run in runs or ()}


def readers(count: int) -> Any:
    """One process writes a row, `count` others read it."""

    async def test() -> None:
        ets.new("rows", ["named_table", "public"])
        erlang.spawn(lambda: ets.insert("rows", ("x", 42)))
        for own in range(count):
            erlang.spawn(lambda own=own: (ets.lookup("rows", own), ets.lookup("rows", "x")))
        await erlang.receive(after=1)

    return test


def last_zero(size: int) -> Any:
    """One process looks for the last row that is 0, others write theirs."""

    async def test() -> None:
        ets.new("rows", ["named_table", "public"])
        ets.insert("rows", [(at, 0) for at in range(size + 1)])

        def looks() -> None:
            at = size
            while at > 0 and ets.lookup_element("rows", at, 2) != 0:
                at -= 1

        def writes(at: int) -> None:
            ets.insert("rows", (at, ets.lookup_element("rows", at - 1, 2) + 1))

        erlang.spawn(looks)
        for at in range(1, size + 1):
            erlang.spawn(lambda at=at: writes(at))
        await erlang.receive(after=1)

    return test


@pytest.mark.parametrize(("test", "traces"), [(readers(6), 64), (last_zero(5), 64)])
def test_programs_of_the_literature_have_as_many_traces_as_there(test: Any, traces: int) -> None:
    found = exhaust(test)
    assert (found.runs, found.blocked, found.complete) == (traces, 0, True)
    assert found.sentence().startswith(f"all {traces} interleavings explored")


async def two_count() -> None:
    """Two processes each read a counter and write it back."""
    ets.new("rows", ["named_table", "public"])
    ets.insert("rows", ("count", 0))

    def count() -> None:
        ets.insert("rows", ("count", ets.lookup_element("rows", "count", 2) + 1))

    for _, ref in [erlang.spawn_monitor(count), erlang.spawn_monitor(count)]:
        await erlang.receive(("DOWN", ref, "process", ..., ...))
    assert ets.lookup_element("rows", "count", 2) == 2


async def two_count_at_once() -> None:
    """The same, mended."""
    ets.new("rows", ["named_table", "public"])
    ets.insert("rows", ("count", 0))

    def count() -> None:
        ets.update_counter("rows", "count", 1)

    for _, ref in [erlang.spawn_monitor(count), erlang.spawn_monitor(count)]:
        await erlang.receive(("DOWN", ref, "process", ..., ...))
    assert ets.lookup_element("rows", "count", 2) == 2


def test_a_lost_update_is_found_and_its_schedule_replays_it() -> None:
    found = exhaust(two_count)
    assert not found.ok and not found.complete
    assert "it ended at the first failure" in found.sentence()
    again = replay(two_count, found.failures[0].schedule, preempt=True)
    assert again.failed and again.outcome == found.failures[0].outcome


def test_the_mended_program_is_shown_to_have_no_other_outcome() -> None:
    found = exhaust(two_count_at_once)
    assert found.ok and found.complete
    assert list(found.outcomes) == ["ok"]
    assert "no other outcome exists" in found.sentence()


def test_a_search_that_was_cut_short_does_not_claim_to_be_complete() -> None:
    found = exhaust(readers(6), max_runs=10)
    assert (found.runs, found.complete) == (10, False)
    assert "10 interleavings explored" in found.sentence() and "max_runs" in found.sentence()
    assert found.waiting > 0 and found.estimate > 10


def test_what_processes_share_outside_of_erlsim_is_not_called_complete() -> None:
    async def test() -> int:
        shared = [0]

        def adds() -> None:
            before = shared[0]
            erlang.whereis("nobody")
            shared[0] = before + 1

        erlang.spawn(adds)
        erlang.spawn(adds)
        await erlang.receive(after=1)
        return shared[0]

    found = exhaust(test)
    assert not found.complete
    assert "more than erlsim sees" in found.sentence()


def test_a_test_that_differs_from_run_to_run_is_not_called_complete() -> None:
    writers = iter([3, 1])

    async def test() -> None:
        ets.new("rows", ["named_table", "public"])
        for number in range(next(writers)):
            erlang.spawn(lambda number=number: ets.insert("rows", ("x", number)))

    found = exhaust(test)
    assert not found.complete
    assert "more than erlsim sees" in found.sentence()


def test_what_others_do_after_the_test_has_ended_races_with_it() -> None:
    async def test() -> int:
        ets.new("rows", ["named_table", "public"])
        erlang.spawn(lambda: (ets.insert("rows", ("x", 1)), ets.insert("rows", ("x", 2))))
        return len(ets.lookup("rows", "x")) and ets.lookup_element("rows", "x", 2)

    assert set(exhaust(test).outcomes) == {"0", "1", "2"}


def test_rows_with_different_references_are_not_the_same_write() -> None:
    async def test() -> int:
        ets.new("rows", ["named_table", "public"])
        refs = [erlang.make_ref(), erlang.make_ref()]
        for ref in refs:
            erlang.spawn(lambda ref=ref: ets.insert("rows", ("x", ("of", ref))))
        await erlang.receive(after=1)
        return refs.index(ets.lookup("rows", "x")[0][1][1])

    found = exhaust(test)
    assert (found.complete, set(found.outcomes)) == (True, {"0", "1"}), str(found)


def test_who_unlinks_while_the_other_ends_keeps_no_third_from_hearing_of_it() -> None:
    async def test() -> Any:
        me = erlang.self()

        async def ends() -> None:
            await erlang.receive("go")
            erlang.exit("end")

        async def unlinks() -> None:
            erlang.link(victim)
            erlang.send(me, "linked")
            await erlang.receive("go")
            erlang.unlink(victim)

        async def hears() -> None:
            erlang.process_flag("trap_exit", True)
            erlang.link(victim)
            erlang.send(me, "linked")
            match await erlang.receive(after=10):
                case ("EXIT", _, reason):
                    erlang.send(me, ("heard", reason))

        victim = erlang.spawn(ends)
        one = erlang.spawn(unlinks)
        await erlang.receive("linked")
        erlang.spawn(hears)
        await erlang.receive("linked")
        erlang.send(one, "go")
        erlang.send(victim, "go")
        return await erlang.receive(lambda message: message[0] == "heard", after=20)

    found = exhaust(test)
    assert found.complete
    assert found.outcomes == {"{heard,'end'}": found.runs}


def test_timers_of_one_instant_fire_in_any_order() -> None:
    async def test() -> Any:
        me = erlang.self()
        for name in "abc":
            erlang.send_after(5, me, name)
        return [await erlang.receive() for _ in "abc"]

    found = exhaust(test)
    assert (found.runs, len(found.outcomes), found.complete) == (6, 6, True)


def test_a_timeout_and_a_message_of_one_instant_may_come_in_either_order() -> None:
    async def test() -> Any:
        erlang.send_after(5, erlang.self(), "now")
        return "late" if await erlang.receive("now", after=5) is TIMEOUT else "in time"

    assert set(exhaust(test).outcomes) == {"late", "'in time'"}


def test_a_timeout_beats_a_message_that_is_sent_at_once_only_if_the_clock_may_be_late() -> None:
    async def test() -> Any:
        me = erlang.self()
        erlang.spawn(lambda: erlang.send(me, "hope"))
        return "lost" if await erlang.receive("hope", after=100) is TIMEOUT else "saved"

    assert set(exhaust(test).outcomes) == {"saved"}
    found = exhaust(test, clock="late")
    assert set(found.outcomes) == {"saved", "lost"} and found.complete
    assert "any lateness" in found.sentence()


def test_a_failure_shows_the_two_operations_that_raced_and_both_orders() -> None:
    report = str(exhaust(two_count).race)
    assert "The race is for row 'count' of table rows:" in report
    one, other = re.findall(r"  (\S+ <0\.\d+\.0>)  ets:(?:insert|lookup_element) +test_exhaust\.py:\d+\n", report)
    assert report.count("test_exhaust.py:") == 2
    assert f"{one} first: ok" in report and f"{other} first: AssertionError" in report
    assert report.count("◆ ets:insert(rows,count)") == 6 and report.count("◆ ets:lookup_element(rows,count)") == 6


def test_a_notebook_shows_a_search_with_both_orders_drawn() -> None:
    found = exhaust(two_count)
    shown = found._repr_html_()
    assert shown.count("<svg") == 2 and "ets:insert(rows,count)" in shown
    assert shown.startswith('<pre style="white-space: pre-wrap">' + found.sentence())
    assert "&lt;0.85.0&gt; first: ok" in shown
    assert "<svg" not in exhaust(two_count, stop=False, bound=0)._repr_html_()


def test_a_bound_finds_what_takes_so_many_preemptions_and_does_not_claim_more() -> None:
    none, one = exhaust(two_count, bound=0), exhaust(two_count, bound=1, stop=False)
    assert none.ok and not none.complete
    assert "with no preemption explored" in none.sentence() and "others may do otherwise" in none.sentence()
    assert set(one.outcomes) == set(exhaust(two_count, stop=False).outcomes) and not one.complete
    assert "with at most 1 preemption explored" in one.sentence()


def test_a_bound_that_leaves_nothing_out_is_complete() -> None:
    async def alone() -> None:
        erlang.spawn(lambda: None)

    assert exhaust(alone, bound=2).complete


def test_a_search_that_was_cut_short_goes_on_from_its_state_as_data() -> None:
    whole, parts = exhaust(last_zero(4)), exhaust(last_zero(4), max_runs=5)
    while parts.state is not None:
        assert not parts.complete
        parts = exhaust(last_zero(4), max_runs=5, resume=json.loads(json.dumps(parts.state)))
    assert parts.complete and whole.complete
    assert parts.outcomes.keys() == whole.outcomes.keys() and parts.runs >= whole.runs


def test_the_number_of_runs_is_a_positive_number() -> None:
    with pytest.raises(ErlsimError, match="max_runs and seconds are positive numbers, not 0"):
        exhaust(two_count, max_runs=0)
