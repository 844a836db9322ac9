"""pytest's plugin and tests that would hang: time that goes on for ever, time limits, Ctrl-C."""

from __future__ import annotations

import re

import pytest

POLLER = """
    import pytest
    from erlsim import erlang, timer

    async def poller():
        while True:
            await timer.sleep(250)

    async def waits(sim):
        erlang.register("poller", erlang.spawn(poller))
        await erlang.receive("a word")

    async def test_it(sim):
        await waits(sim)

    @pytest.mark.erlsim(max_time=20_000)
    async def test_marked(sim):
        await waits(sim)

    @pytest.mark.erlsim(schedules=2)
    async def test_second(sim):
        if sim.seed == 1:
            await waits(sim)

    def test_plain(sim):
        sim.run(waits, sim)

    @pytest.mark.parametrize("sim", [{"max_time": 30_000}], indirect=True)
    def test_idle(sim):
        erlang.spawn(poller)
        sim.run_until_idle()

    async def test_meant(sim):
        erlang.spawn(poller)
        await timer.sleep(2_000_000)
        sim.advance(1_000_000)
"""
ENDED = re.compile(r"^E +erlsim.errors.Overtime: time goes on and on: (\d+) ms is past max_time \((\d+) ms\)", re.M)


def ended(result):
    """The limits in which tests ended, in their order."""
    return [int(limit) for _, limit in ENDED.findall(result.stdout.str())]


def test_a_test_that_polls_for_ever_ends_after_ten_minutes_of_its_time_and_names_who_polls(run):
    result = run(POLLER)
    result.assert_outcomes(passed=1, failed=5)
    assert ended(result) == [600_000, 20_000, 600_000, 600_000, 30_000]
    result.stdout.re_match_lines(
        [r"E +<0.85.0> \(poller\) waits for nothing until 605000 ms in poller \(test_it.py:6\)"]
    )
    result.stdout.re_match_lines(
        [r"E +<0.83.0> the shell waits for 'a word' in waits \(test_it.py:10\); mailbox: \[\]"]
    )
    result.stdout.fnmatch_lines(["schedule 1 of 2, seed 1, has failed: *"])


def test_the_limit_is_that_of_the_command_line_else_of_the_marker_else_of_the_ini_file(run):
    short = ("-o", "erlsim_max_time=40000")
    assert ended(run(POLLER, *short, "-k", "not meant")) == [40_000, 20_000, 40_000, 40_000, 30_000]
    assert ended(run(POLLER, *short, "--erlsim-max-time", "50000", "-k", "not meant")) == [50_000] * 5


def test_there_may_be_no_limit(run):
    source = """
    from erlsim import timer

    async def test_long(sim):
        for _ in range(50):
            await timer.sleep(500_000)
    """
    run(source).assert_outcomes(failed=1)
    run(source, "--erlsim-max-time", "infinity").assert_outcomes(passed=1)
    run(source, "-o", "erlsim_max_time=infinity").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (("--erlsim-max-time", "0"), "--erlsim-max-time: a positive number of virtual ms, or infinity, not '0'"),
        (("-o", "erlsim_max_time=soon"), "erlsim_max_time: a positive number of virtual ms, or infinity, not 'soon'"),
    ],
    ids=["option", "ini"],
)
def test_a_limit_that_makes_no_sense_is_refused_before_anything_runs(run, option, told):
    result = run("def test_it():\n    pass", *option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert told in result.stderr.str() and "Traceback" not in result.stderr.str()


SPINS = """
    import signal
    import pytest
    from erlsim import erlang, timer
    from erlsim.otp import gen_server

    class Server:
        def init(argument):
            return ("ok", argument)

        def handle_call(request, from_, state):
            spins()

    def spins():
        {spin}

    async def waits():
        await erlang.receive(("a", "word"))

    async def test_process(sim):
        erlang.register("waits", erlang.spawn(waits))
        erlang.register("dizzy", erlang.spawn(spins))
        await timer.sleep(10)

    async def test_server(sim):
        _, pid = await gen_server.start(("local", "server"), Server, 0, [])
        await gen_server.call(pid, "hello", "infinity")

    async def test_shell(sim):
        erlang.register("waits", erlang.spawn(waits))
        await timer.sleep(5)
        spins()

    @pytest.mark.erlsim(schedules=40)
    async def test_schedule():
        def spins_if_it_is_first():
            if erlang.whereis("waits") == "undefined":
                spins()

        async def registers():
            erlang.register("waits", erlang.self())
            await waits()

        erlang.spawn(registers)
        erlang.spawn(spins_if_it_is_first)
        await timer.sleep(1)

    async def test_next(sim):
        await timer.sleep(1)
"""
# What the report must say of each of them: who runs, and who waits where.
PICTURES = {
    "test_process": [
        r"<0.83.0> the shell waits for nothing until 10 ms in test_process \(test_it.py:22\)",
        r"<0.85.0> \(waits\) waits for \('a', 'word'\) in waits \(test_it.py:17\)",
        r"<0.86.0> \(dizzy\) runs in spins \(test_it.py:14\)",
    ],
    "test_server": [
        r"<0.83.0> the shell waits for .* in test_server \(test_it.py:26\)",
        r"<0.85.0> \(server\) runs in spins \(test_it.py:14\)",
    ],
    "test_shell": [
        r"<0.83.0> the shell runs in spins \(test_it.py:14\)",
        r"<0.85.0> \(waits\) waits for \('a', 'word'\) in waits \(test_it.py:17\)",
    ],
    "test_schedule": [r"<0.86.0> runs in spins \(test_it.py:14\)"],
}


def spinning(spin):
    """The tests, with what their endless loop does."""
    return SPINS.format(spin=spin)


def section(text, name):
    """The part of a report that is about one failed test."""
    start = re.search(rf"^_+ {name} _+$", text, re.MULTILINE).end()
    return re.split(r"^(?:_+ \w+ _+|=+ .* =+)$", text[start:], maxsplit=1, flags=re.MULTILINE)[0]


def test_a_time_limit_by_a_signal_ends_the_test_and_shows_where_everybody_was(run):
    options = ("--timeout", "0.5", "--timeout-method", "signal")
    result = run(spinning("while True: pass"), *options, plugins=["pytest_timeout"])
    result.assert_outcomes(passed=1, failed=4)
    for name, lines in PICTURES.items():
        told = section(result.stdout.str(), name)
        assert "Failed: Timeout (>0.5" in told and "when it struck" not in told
        report = told.partition("- erlsim -")[2]
        assert [line for line in lines if not re.search(rf"^  {line}; mailbox: ", report, re.MULTILINE)] == []
    told = section(result.stdout.str(), "test_schedule")
    assert re.search(r"^schedule \d+ of 40, seed \d+, has failed: .*=1", told, re.MULTILINE)


@pytest.mark.parametrize("name", ["test_server", "test_schedule"])
def test_a_time_limit_by_a_thread_ends_the_run_and_shows_the_line_that_runs(run, name):
    options = ("--timeout", "0.5", "--timeout-method", "thread", "-k", name)
    result = run(spinning("while True: pass"), *options, plugins=["pytest_timeout"])
    assert result.ret == 1
    assert re.search(r'File ".*test_it.py", line 14, in spins', result.stdout.str() + result.stderr.str())
    assert "Timeout" in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize("name", PICTURES)
def test_ctrl_c_shows_where_everybody_was(run, name):
    result = run(spinning("signal.raise_signal(signal.SIGINT)"), "-k", name)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    report = result.stdout.str().partition("- erlsim -")[2]
    assert re.search(r"^at \d ms, when it struck, the processes were$", report, re.MULTILINE)
    assert [line for line in PICTURES[name] if not re.search(rf"^  {line}; mailbox: ", report, re.MULTILINE)] == []
    result.stdout.re_match_lines([r"!+ KeyboardInterrupt !+", r".*test_it.py:14: KeyboardInterrupt"])


def test_ctrl_c_in_a_fixture_does_so_too_and_a_test_without_erlsim_has_no_such_report(run):
    source = """
    import signal
    import pytest
    from erlsim import erlang

    @pytest.fixture
    async def fixture(sim):
        erlang.register("waits", erlang.spawn(erlang.receive))
        await erlang.receive(after=3)
        signal.raise_signal(signal.SIGINT)

    async def test_it(fixture):
        pass

    def test_plain():
        signal.raise_signal(signal.SIGINT)
    """
    told = run(source, "-k", "test_it").stdout.str()
    assert "at 3 ms, when it struck, the processes were\n  <0.83.0> the shell runs in fixture (test_it.py:9)" in told
    assert "when it struck" not in run(source, "-k", "test_plain").stdout.str()


def test_a_time_limit_works_under_xdist(run):
    options = ("--timeout", "0.5", "-n", "1", "-k", "process or next")
    result = run(spinning("while True: pass"), *options, plugins=["pytest_timeout", "xdist.plugin"])
    result.assert_outcomes(passed=1, failed=1)
    assert re.search(PICTURES["test_process"][2], result.stdout.str())


def test_a_wait_that_cannot_end_is_no_hang(run):
    source = """
    import erlsim
    from erlsim import erlang

    async def test_event(sim):
        await erlsim.wait_for(sim.env.event())

    async def test_beside_a_timer(sim):
        erlang.send_after(1_000, erlang.self(), "tick")
        await erlang.receive("tock")
    """
    result = run(source)
    result.assert_outcomes(failed=2)
    told = result.stdout.str()
    assert "the shell waits for an event of simpy (Event) in test_event (test_it.py:5); mailbox: []" in told
    assert "the shell waits for 'tock' in test_beside_a_timer (test_it.py:9); mailbox: ['tick']" in told
