"""pytest's plugin, when a test fails: what is reported, which frames are shown, and that it can be replayed exactly."""

from __future__ import annotations

import re
import shlex

import pytest

RACE = """
    import pytest
    from erlsim import erlang

    @pytest.mark.erlsim(schedules=50)
    async def test_order():
        me = erlang.self()
        for name in ("one", "other"):
            erlang.spawn(lambda name=name: erlang.send(me, name))
        first = await erlang.receive(...)
        assert first == "one", "the other was first"
"""
CRASH = """
    from erlsim import Exit, erlang

    async def waiting():
        await erlang.receive("never")

    async def test_it(sim):
        erlang.register("patient", erlang.spawn(waiting))
        await erlang.receive(after=250)
        raise Exit(("bad_thing", [1, "two"]))
"""
SEEDED = """
    import pytest
    from random import Random

    @pytest.mark.erlsim(schedules=200, seed={seed})
    async def test_luck(sim):
        assert Random(sim.seed).randrange(20), f"bad luck with seed {{sim.seed}}"
"""
DEADLOCK = """
    from erlsim import erlang

    async def bob():
        await erlang.receive("a word from alice")

    async def test_it(sim):
        erlang.register("bob", erlang.spawn(bob))
        await erlang.receive("a word from bob")
"""
LIVELOCK = """
    import pytest
    from erlsim import erlang

    async def spinner():
        while True:
            erlang.send(erlang.self(), "again")
            await erlang.receive()

    @pytest.mark.erlsim(max_steps_per_instant=1000)
    async def test_it(sim):
        erlang.register("dizzy", erlang.spawn(spinner))
        await erlang.receive(after=1)
"""
FRAMES = """
    import erlsim
    from erlsim import erlang
    from erlsim.testing import happened, seen

    def crash():
        erlang.error("too_bad")

    async def test_an_error(sim):
        crash()

    async def test_a_process(sim):
        erlang.spawn_link(crash)
        await erlang.receive()

    def test_a_plain_run():
        erlsim.run(erlang.receive)

    async def test_a_trace(sim):
        happened(sim.trace, seen("exit"))

    async def test_a_pattern(sim):
        erlang.send(erlang.self(), "hello")
        assert await erlang.receive(str) == "bye"

    async def test_a_fault_of_its_own(sim):
        erlsim.Simulation(start_time="noon")
"""
# Which exception each of them ends with, raised by erlsim for reasons that are the test's.
ENDS = {
    "test_an_error": "Error",
    "test_a_process": "Exit",
    "test_a_plain_run": "Deadlock",
    "test_a_trace": "AssertionError",
    "test_a_pattern": "AssertionError",
}
FAULT = "test_a_fault_of_its_own"
OWN_FRAME = re.compile(r"^\S*(?:erlsim|simpy|erlsim_pytest)[/\\.]\S*py:\d+: ", re.MULTILINE)


def printed_command(result):
    """What the report says to type, without `pytest`."""
    command = re.search(r"^replay this schedule with: pytest (.*)$", result.stdout.str(), re.MULTILINE)[1]
    return shlex.split(command)


def failure(result, name):
    """The part of the output that is about one failed test."""
    text = result.stdout.str()
    start = re.search(rf"^_+ {name} _+$", text, re.MULTILINE).end()
    return re.split(r"^(?:_+ \w+ _+|=+ .* =+)$", text[start:], maxsplit=1, flags=re.MULTILINE)[0]


def test_an_order_that_only_some_schedules_have_is_found_and_replayed(run):
    result = run(RACE)
    result.assert_outcomes(failed=1)
    command = printed_command(result)
    assert command[-2] == "--erlsim-replay" and command[-1] != "fifo"
    again = run(RACE, *command)
    again.assert_outcomes(failed=1)
    assert "the other was first" in again.stdout.str()
    assert printed_command(again)[-2:] == command[-2:]
    run(RACE, "--erlsim-replay", "fifo").assert_outcomes(passed=1)


def test_a_failure_that_does_not_come_again_under_its_schedule_is_told_as_what_it_is(run):
    text = """
    import pytest

    times = []

    @pytest.mark.erlsim(schedules=3)
    async def test_it():
        times.append(1)
        assert len(times) != 2, "the second time"
    """
    result = run(text)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*NotDeterministic: under the schedule * (seed 1) the test failed with*the second time*"]
    )


def test_a_replay_that_does_not_fit_the_test_says_so(run):
    result = run(RACE, "--erlsim-replay", "900r2=1")
    result.assert_outcomes(failed=1)
    assert "left its recording" in result.stdout.str()


@pytest.mark.parametrize(("seed", "options"), [(1000, ()), (0, ("--erlsim-seed", "300"))])
def test_a_replay_has_the_seed_of_the_run_that_failed(run, seed, options):
    source = SEEDED.format(seed=seed)
    result = run(source, *options)
    result.assert_outcomes(failed=1)
    unlucky = re.search(r"bad luck with seed \d+", result.stdout.str())[0]
    again = run(source, *printed_command(result))
    again.assert_outcomes(failed=1)
    assert unlucky in again.stdout.str()
    assert printed_command(again) == printed_command(result)


def test_the_seed_is_not_printed_where_a_replay_has_it_anyway(run):
    assert "--erlsim-seed" not in run(CRASH).stdout.str()
    assert "--erlsim-seed 9 --erlsim-replay" in run(CRASH, "--erlsim-seed", "9").stdout.str()
    marked = "    import pytest\n    pytestmark = pytest.mark.erlsim(seed=9)\n" + CRASH.lstrip("\n")
    assert "--erlsim-seed" not in run(marked).stdout.str()


def test_a_printed_replay_fits_the_folder_that_pytest_was_called_in_and_the_shell(run, pytester, monkeypatch):
    source = """
    import pytest

    @pytest.mark.parametrize("word", ["it's $HOME"])
    async def test_it(sim, word):
        assert not word
    """
    pytester.mkdir("inner")
    monkeypatch.chdir(pytester.path / "inner")
    run(source)
    pytester.path.joinpath("test_it.py").rename(pytester.path / "test_moved.py")
    result = run("pass", "../test_moved.py")
    result.assert_outcomes(failed=1)
    command = printed_command(result)
    assert command[0] == "../test_moved.py::test_it[it's $HOME]"
    run("pass", *command).assert_outcomes(failed=1)


def test_a_failure_is_reported_with_reason_processes_last_events_and_replay(run):
    result = run(CRASH)
    result.assert_outcomes(failed=1)
    report = result.stdout.str().partition("- erlsim -")[2]
    assert "reason (exit): {bad_thing,[1,two]}" in report
    assert "at 250 ms the processes were:" in report and "patient" in report
    assert re.search(r"the last \d+ of \d+ events:\n  ", report)
    assert "replay this schedule with: pytest 'test_it.py::test_it' --erlsim-replay 'fifo'" in report


def test_a_test_that_does_not_use_erlsim_has_no_such_report(run):
    result = run("def test_it():\n    assert 1 == 2")
    result.assert_outcomes(failed=1)
    assert "erlsim -" not in result.stdout.str() and "--erlsim-replay" not in result.stdout.str()


def test_a_tree_that_is_not_the_expected_one_is_told_in_words(run):
    result = run("""
    from tests.trace.programs import child, top

    async def test_it(sim):
        await top([child("a"), child("b")])
        assert sim.tree() == ("top", [("a", "running"), ("b", "restarting"), ("sub", [("w", 2)])])
    """)
    result.stdout.fnmatch_lines(
        ["E * assert the tree at 0 ms is another one", "E *top > b: running, not restarting", "E *top: no sub"]
    )


def test_a_deadlock_ends_the_test_and_names_who_waits_for_what(run):
    result = run(DEADLOCK)
    result.assert_outcomes(failed=1)
    told = re.search(r"^E +erlsim.errors.Deadlock: (?:.*\n)(?:E .*\n)*", result.stdout.str(), re.MULTILINE)[0]
    assert "bob" in told and "a word from alice" in told and "a word from bob" in told


def test_a_livelock_ends_the_test_and_names_who_spins(run):
    result = run(LIVELOCK)
    result.assert_outcomes(failed=1)
    told = re.search(r"^E +erlsim.errors.Livelock: (?:.*\n)(?:E .*\n)*", result.stdout.str(), re.MULTILINE)[0]
    assert "dizzy" in told


def test_a_traceback_has_the_frames_of_the_test_and_none_of_erlsim(run):
    result = run(FRAMES, "--deselect", f"test_it.py::{FAULT}")
    result.assert_outcomes(failed=len(ENDS), deselected=1)
    for name, exception in ENDS.items():
        told = failure(result, name)
        assert OWN_FRAME.findall(told) == []
        assert re.search(rf"^test_it\.py:\d+: {exception}$", told, re.MULTILINE), told


@pytest.mark.parametrize("option", ["--full-trace", "--tb=native"])
def test_all_frames_are_shown_to_whoever_asks_for_them(run, option):
    result = run(FRAMES, "-k", "test_a_plain_run", option)
    assert re.search(r"erlsim[/\\]_kernel", failure(result, "test_a_plain_run"))


def test_frames_of_erlsim_are_shown_if_it_is_erlsim_that_has_failed(run):
    told = failure(run(FRAMES, "-k", FAULT), FAULT)
    assert re.search(r"erlsim[/\\]simulation\.py:\d+: AttributeError", told)
