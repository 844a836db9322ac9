"""Choosers, schedules, replays and explorations: the same seed is the same run, whoever runs it."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import partial
from itertools import count
from random import Random

import pytest

import erlsim
from erlsim import ErlsimError, Simulation, erlang, timer
from erlsim.otp import gen_server
from erlsim.simulation import current
from erlsim.testing import (
    PCT,
    Deviate,
    Deviation,
    Fifo,
    NotDeterministic,
    RandomWalk,
    Recorder,
    Replay,
    Schedule,
    ScheduleMismatch,
    explore,
    recheck,
    replay,
    run_once,
)

QUESTIONS = [("run", 3), ("signal", 2), ("timer", 2), ("late", 2), ("fault", 2), ("run", 4)] * 40


async def order():
    """Which of three messages comes first, second and third: up to the schedule."""
    me = erlang.self()
    for name in ("a", "b", "c"):
        erlang.spawn(erlang.send, [me, name])
    return "".join([await erlang.receive() for _ in range(3)])


async def ordered():
    """Fails unless the messages come in the order of their senders."""
    assert await order() == "abc", "out of order"


async def pair():
    """As `order`, with two messages."""
    me = erlang.self()
    for name in ("a", "b"):
        erlang.spawn(erlang.send, [me, name])
    return "".join([await erlang.receive() for _ in range(2)])


SENT = count()


async def leaky():
    """Sends what it counts outside of the simulation: no two runs are the same."""
    erlang.send(erlang.self(), ("number", next(SENT)))
    await erlang.receive()


GROWING = count(1)


async def growing():
    """Sends one message more each time it is run."""
    for _ in range(next(GROWING)):
        erlang.send(erlang.self(), "again")
        await erlang.receive()


RETURNED = count()


def answers(chooser):
    options = ("one", "two", "three", "four")
    return [chooser.choose(kind, options[:size]) for kind, size in QUESTIONS]


@pytest.mark.parametrize("make", [RandomWalk, PCT])
def test_the_same_seed_gives_the_same_answers_and_another_seed_others(make):
    assert answers(make(7)) == answers(make(7))
    assert len({tuple(answers(make(seed))) for seed in range(10)}) == 10
    assert all(0 <= answer < size for answer, (_, size) in zip(answers(make(7)), QUESTIONS, strict=True))


@pytest.mark.parametrize("make", [RandomWalk, PCT])
def test_the_same_seed_makes_the_same_run_to_the_last_event(make):
    for seed in range(20):
        assert run_once(order, make(seed), seed, trace=True) == run_once(order, make(seed), seed, trace=True)


class Slow:
    """Answers, lets another answer, answers too late, or ends: what a caller meets."""

    def init(state):
        return ("ok", state)

    def handle_call(request, from_, state):
        match request:
            case "add":
                return ("reply", state, state + 1)
            case "hold":
                erlang.spawn(gen_server.reply, [from_, state])
                return ("noreply", state)
            case "be late":
                timer.apply_after(10, gen_server, "reply", [from_, state])
                return ("noreply", state)
            case "stop":
                return ("stop", "normal", state)


async def calls():
    """Three callers of a server: what each has heard, and what is left in its mailbox."""
    me = erlang.self()
    _, server = await gen_server.start(Slow, 0, [])

    async def caller(number):
        seen = []
        erlang.send(server, ("to nobody", number))
        for request in ("add", "hold", "be late", "add", *(["stop"] if number == 1 else []), "add"):
            try:
                seen.append(await gen_server.call(server, request, 5 if request == "be late" else 50))
            except erlsim.Exit as exited:
                seen.append(exited.reason[0])
        while (left := await erlang.receive(after=20)) is not erlsim.TIMEOUT:
            seen.append(left)
        erlang.send(me, ("done", number, seen))

    for number in range(3):
        erlang.spawn(caller, [number])
    return [await erlang.receive(("done", number, ...)) for number in range(3)]


@pytest.mark.parametrize("make", [RandomWalk, PCT])
@pytest.mark.parametrize("program", [order, calls])
def test_a_schedule_is_asked_for_and_goes_the_same_way_with_and_without_a_trace(program, make):
    for seed in range(25):
        with_trace, without = (run_once(program, make(seed), seed, trace=trace) for trace in (True, False))
        assert replace(with_trace, trace="") == without


@pytest.mark.parametrize(
    "chooser", [RandomWalk(5), PCT(7), Deviate({0: 1, 3: 1}), Recorder(RandomWalk(3))], ids=lambda it: type(it).__name__
)
def test_a_chooser_that_is_used_again_makes_the_same_run_again(chooser):
    runs = [run_once(order, chooser, trace=True) for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0].schedule != "fifo"


def test_a_recorder_that_is_used_again_has_the_second_recording_alone():
    recorder = Recorder(RandomWalk(3))
    for _ in range(2):
        Simulation(chooser=recorder).run(order)
    assert str(recorder.schedule) == run_once(order, RandomWalk(3)).schedule


def test_a_random_walk_that_never_deviates_is_first_in_first_out_where_processes_wait():
    walk = RandomWalk(3, deviate=0.0)
    assert {walk.choose(kind, "abc") for kind in ("run", "timer") * 50} == {0}


def test_pct_runs_the_same_process_until_its_priority_falls():
    assert len({PCT(5, depth=0).choose("run", "abc") for _ in range(20)}) == 1
    steady, falling = PCT(5, depth=0), PCT(5, depth=1, steps=1)
    assert steady.choose("run", "abc") != falling.choose("run", "abc")


def test_choosers_refuse_what_makes_no_sense():
    with pytest.raises(ErlsimError, match=r"not 1\.5"):
        RandomWalk(deviate=1.5)
    with pytest.raises(ErlsimError, match="not -1 and None"):
        PCT(depth=-1)
    with pytest.raises(ErlsimError, match="counted from 0"):
        Deviate({0: 0})
    with pytest.raises(ErlsimError, match=r"no chooser is called 'rndom'; .*; did you mean 'random'\?"):
        explore(order, 1, chooser="rndom")
    with pytest.raises(ErlsimError, match="no chooser is called 'dice'; there are 'fifo', 'random', 'pct'"):
        explore(order, 1, chooser="dice")


def test_a_schedule_is_read_back_as_it_was_printed():
    kinds = ("run", "timer", "late", "signal", "fault")
    schedule = Schedule(Deviation(at, kind, 3, 1) for at, kind in enumerate(kinds))
    assert str(schedule) == "0r3=1,1t3=1,2l3=1,3s3=1,4f3=1"
    assert Schedule.parse(str(schedule)) == schedule
    assert eval(repr(schedule), {"Schedule": Schedule}) == schedule
    assert Schedule.parse(" 0r3=1, 12s2=1 ") == (Deviation(0, "run", 3, 1), Deviation(12, "signal", 2, 1))


def test_no_deviation_at_all_is_called_fifo():
    assert str(Schedule()) == "fifo"
    assert Schedule.parse("fifo") == Schedule()
    assert run_once(order, Fifo()).schedule == "fifo"


def test_schedules_of_real_runs_are_read_back():
    for text in explore(order, 50, progress=False).schedules:
        assert str(Schedule.parse(text)) == text


@pytest.mark.parametrize(("text", "part"), [("0r3=1,12r", "12r"), ("3x2=1", "3x2=1"), ("", ""), ("fifo,0r3=1", "fifo")])
def test_what_is_no_schedule_is_refused_with_the_part_that_is_none(text, part):
    message = f"not a schedule: {text!r}; {part!r} should look like '12r3=1', or the whole be 'fifo'"
    with pytest.raises(ErlsimError) as refusal:
        Schedule.parse(text)
    assert str(refusal.value) == message


def test_a_replay_that_does_not_fit_says_where_it_left_the_recording():
    chooser = Replay("1r3=2")
    assert chooser.choose("run", "ab") == 0
    with pytest.raises(ScheduleMismatch) as mismatch:
        chooser.choose("signal", ["now", "later"])
    assert str(mismatch.value) == (
        "the schedule 1r3=2 left its recording at question 1: it was a choice of kind 'run' between 3, "
        "now it is 'signal' between 2: ['now', 'later']"
    )


def test_a_recording_longer_than_the_run_says_what_never_came():
    run = replay(order, "900r2=1")
    assert run.failed
    asked = run.questions
    text = f"the schedule 900r2=1 left its recording: the run ended after {asked} questions, before 900r2=1"
    assert run.outcome == f"ScheduleMismatch: {text}"


def test_the_recording_of_one_program_does_not_fit_another():
    recorded = next(text for text in explore(order, 50, progress=False).schedules if re.match(r"\d+r3=", text))
    assert not replay(order, recorded).failed
    outcome = replay(pair, recorded).outcome
    assert outcome.startswith(f"ScheduleMismatch: the schedule {recorded} left its recording at question ")
    assert "of kind 'run' between 3, now it is " in outcome
    assert not run_once(pair, Replay(recorded, strict=False)).failed


def test_an_exploration_counts_outcomes_and_distinct_schedules():
    found = explore(order, 50, progress=False)
    runs = [run_once(order, RandomWalk(seed), seed) for seed in range(50)]
    assert found.runs == sum(found.outcomes.values()) == sum(found.schedules.values()) == 50
    assert set(found.outcomes) == {run.outcome for run in runs}
    assert set(found.schedules) == {run.schedule for run in runs}
    assert len(found.outcomes) == 6
    assert len(found.outcomes) <= len(found.schedules) < 50
    assert all(replay(order, schedule).outcome == outcome for outcome, schedule in found.examples.items())


def test_an_exploration_says_what_it_covered_and_no_more():
    found = explore(order, 50, progress=False)
    distinct = len(found.schedules)
    assert str(found).splitlines()[0] == (
        f"50 of 50 schedules run ({distinct} distinct, chooser random), 6 distinct outcomes, none failed; "
        "other schedules may do otherwise"
    )
    assert "1 of 1 schedules run (1 distinct, chooser fifo), 1 outcome" in str(explore(order, 1, "fifo"))


def test_an_exploration_stops_at_a_failure_or_goes_on_as_it_is_told():
    first = explore(ordered, 50, progress=False)
    assert [run.seed for run in first.failures] == [first.runs - 1]
    assert first.runs < 50
    every = explore(ordered, 50, stop=False, progress=False)
    assert every.runs == 50
    assert every.failures[0] == first.failures[0]
    assert len(every.failures) == every.outcomes["AssertionError: out of order"] > 1


def test_an_exploration_begins_at_its_seed():
    whole = explore(ordered, 40, stop=False, progress=False)
    second = explore(ordered, 20, seed=20, stop=False, progress=False)
    assert second.failures == [run for run in whole.failures if run.seed >= 20]


def test_an_exploration_of_nothing_is_refused():
    with pytest.raises(ErlsimError, match="schedules is a positive number, not 0"):
        explore(order, 0)


async def unlucky():
    """Fails for reasons that are in the seed of its simulation, not in the schedule."""
    assert Random(current().seed).randrange(30), "bad luck"


def test_the_replay_that_is_printed_has_the_seed_of_the_failure():
    found = explore(unlucky, 200, progress=False)
    printed = re.search(r"erlsim\.testing\.(replay\(test, '[^']+', seed=\d+\)) repeats it", str(found))[1]
    assert eval(printed, {"replay": replay, "test": unlucky}) == found.failures[0]
    assert "seed=" not in str(explore(ordered, 1, seed=0, chooser=lambda seed: Deviate({0: 1}), progress=False))


async def careless():
    with pytest.raises(ValueError, match="never"):
        await order()


def test_a_failure_that_pytest_has_raised_is_a_failure_like_any_other():
    found = explore(careless, 5, progress=False)
    assert found.runs == len(found.failures) == 1
    assert found.failures[0].outcome.startswith("Failed: DID NOT RAISE")


def test_a_deterministic_program_passes_the_recheck():
    assert recheck(order, 20) == 20
    assert recheck(ordered, 5, "pct", seed=40) == 5


def test_a_recheck_says_what_was_compared():
    found = recheck(order, 2)
    assert re.fullmatch(
        r"2 schedules, each run twice in this process: outcomes and traces \(\d+ events\) are the same", str(found)
    )


@pytest.mark.parametrize("schedules", [0, -1, True, "3"])
def test_a_recheck_that_compares_nothing_is_refused(schedules):
    with pytest.raises(ErlsimError, match=re.escape(repr(schedules))):
        recheck(order, schedules)


async def by_hash():
    for letter in {"a", "b", "c", "d", "e", "f", "g", "h"}:
        erlang.send(erlang.self(), letter)


def test_what_depends_on_the_seed_of_hashes_shows_in_another_process():
    assert recheck(by_hash, 1) == 1
    with pytest.raises(NotDeterministic, match="event"):
        recheck(by_hash, 1, another_process=True)


def test_a_deterministic_program_is_the_same_in_another_process():
    before = os.environ.get("PYTHONHASHSEED")
    found = recheck(order, 3, another_process=True)
    assert found == 3
    assert re.search(r"twice in two processes, the second with PYTHONHASHSEED=[12]: outcomes", str(found))
    assert os.environ.get("PYTHONHASHSEED") == before


def test_a_test_that_another_process_cannot_import_is_refused_with_the_reason():
    with pytest.raises(ErlsimError, match="at the top of a module"):
        recheck(lambda: 1, 1, another_process=True)


def test_a_number_from_outside_that_is_sent_is_found_with_the_first_event_that_differs():
    with pytest.raises(NotDeterministic) as found:
        recheck(leaky, 5)
    head, first, again = str(found.value).splitlines()
    number = int(re.search(r"was run twice and did not give the same: event (\d+) differs$", head)[1])
    sent = int(re.search(r"first: .* send .*\{number,(\d+)\}", first)[1])
    assert f"{{number,{sent + 1}}}" in again
    assert first.startswith("  first: ") and again.startswith("  again: ")
    assert f"{{number,{sent + 2}}}" in run_once(leaky, Fifo(), trace=True).trace.splitlines()[number]


def test_an_event_that_only_one_run_has_is_found():
    with pytest.raises(NotDeterministic, match=r"event 3 is only in the second run\n .* send .* again$"):
        recheck(growing, 1)


def test_an_outcome_that_differs_without_an_event_is_found():
    with pytest.raises(NotDeterministic, match=r"did not give the same outcome\n  first: \d+\n  again: \d+$"):
        recheck(lambda: next(RETURNED), 1)


def test_what_the_test_kit_hands_out_prints_without_pythons_addresses():
    sim = Simulation()
    things = [
        *(factory(7) for factory in (RandomWalk, PCT, lambda seed: Deviate({seed: 1}), lambda seed: Fifo())),
        Replay("3r2=1"),
        Recorder(Replay("fifo", strict=False)),
        sim.crashes,
        sim.crashes.allow("badarith"),
        sim.intercept(lambda *signal: 0),
    ]
    assert list(map(repr, things)) == [
        "RandomWalk(7, deviate=1.0)",
        "PCT(7, depth=2, steps=None)",
        "Deviate({7: 1})",
        "Fifo()",
        "Replay('3r2=1', strict=True)",
        "Recorder(Replay('fifo', strict=False)): fifo",
        "<Crashes: 0 that nobody expected>",
        "<Expectation of crashes that match 'badarith': 0 reports>",
        "<Delays: 0 signals are late>",
    ]


def test_a_chooser_without_a_name_is_named_by_its_function_or_its_place():
    assert explore(order, 1, chooser=partial(PCT, depth=3), progress=False).chooser == "PCT"
    here = test_a_chooser_without_a_name_is_named_by_its_function_or_its_place.__code__
    place = f"test_exploration.py:{here.co_firstlineno + 4}"
    assert explore(order, 1, chooser=lambda seed: PCT(seed), progress=False).chooser == f"the lambda of {place}"
