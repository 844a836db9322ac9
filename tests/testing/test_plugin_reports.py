"""pytest's plugin, when a test fails: the causes in its report, where the debugger stops, and the page of the run."""

from __future__ import annotations

import re

import pytest

FAILING = """
    import pytest

    import erlsim
    from erlsim import erlang, testing, timer
    from erlsim.otp import gen_server, supervisor

    @erlsim.module
    class Peer:
        def start_link(name):
            return gen_server.start_link(("local", name), Peer, name, [])

        def init(name):
            return ("ok", name)

        async def handle_call(request, from_, name):
            if request == "hello":
                return ("reply", name, name)
            if request == "fail":
                where = "in the server"
                raise KeyError(name)
            word, first, *rest = request
            time = "infinity" if word == "ask_for_ever" else 5000
            return ("reply", await gen_server.call(first, (word, *rest) if rest else "hello", time), name)

        def handle_cast(reason, name):
            return ("stop", reason, name)

    @erlsim.module
    class Top:
        def init(names):
            children = [{"id": name, "start": (Peer, "start_link", [name])} for name in names]
            return ("ok", ({"intensity": 9}, children))

    async def top():
        erlang.process_flag("trap_exit", True)
        return erlsim.match(("ok", ...), await supervisor.start_link(Top, ["ann", "bob", "eve"]))

    async def test_circle(sim):
        await top()
        where = "in the test"
        await gen_server.call("ann", ("ask", "bob", "eve", "ann"))

    async def test_a_call_that_is_not_answered(sim):
        await top()
        erlang.spawn(gen_server.call, ["ann", ("ask", "bob"), "infinity"])
        testing.hold("bob", "ann", certain=True)
        await timer.sleep(5)
        assert False

    async def test_deadlock(sim):
        await top()
        for one, other in (("ann", "bob"), ("bob", "ann")):
            erlang.spawn(gen_server.call, [one, ("ask_for_ever", other), "infinity"])
        await erlang.receive(("an answer", erlang.self()))

    async def test_faults(sim):
        testing.crash("ann", "disk_full", at=5, certain=True)
        testing.kill("tim", certain=True, optional=True)
        await top()
        await timer.sleep(10)
        assert False

    async def test_the_dead(sim):
        await top()
        ann = erlang.whereis("ann")
        worker = erlang.spawn(timer.sleep, [3])
        erlang.exit(ann, "kill")
        await timer.sleep(5)
        assert False, f"{ann} and {worker}"

    @pytest.mark.erlsim(crashes=True)
    async def test_reports(sim):
        await top()
        for n in range(3):
            gen_server.cast("ann", ("bad", n))
            await timer.sleep(1)
        assert False

    async def test_server(sim):
        await top()
        where = "in the test"
        await gen_server.call("ann", "fail")

    def helper():
        where = "in the helper"
        erlang.error("boom")

    async def test_linked(sim):
        where = "in the test"
        erlang.spawn_link(helper)
        await timer.sleep(1)

    async def test_unlinked(sim):
        where = "in the test"
        erlang.spawn(helper)
        await timer.sleep(1)

    def test_plain(sim):
        where = "in the test"
        erlang.spawn(helper)
        sim.advance(1)

    async def test_waiting(sim):
        where = "in the test"
        await erlang.receive()

    @pytest.mark.erlsim(schedules=3)
    async def test_schedules():
        where = "in the test"
        erlang.spawn_link(helper)
        await timer.sleep(1)

    class Odd:
        pass

    async def test_objects(sim):
        await top()
        erlang.send("ann", Odd())
        erlang.send(erlang.self(), Odd())
        pid = erlang.spawn(erlang.receive, [lambda message: False])
        erlang.send(pid, {"odd": Odd()})
        testing.delay("ann", ..., 5, certain=True, optional=True)
        await timer.sleep(1)
        assert False

    async def test_raises_itself(sim):
        pid = erlang.spawn(erlang.exit, [("the_same", 1)])
        await timer.sleep(1)
        erlang.exit(("the_same", 1))
"""


@pytest.fixture
def told(run):
    """`told(name, *options)`: what is printed of one of these tests, which fails."""

    def telling(name, *options, **kwargs):
        result = run(FAILING, f"test_it.py::{name}", *options, **kwargs)
        result.assert_outcomes(failed=1)
        return result.stdout.str()

    return telling


def section(text):
    """What the plugin adds to a report."""
    return text.partition("- erlsim -")[2].partition("\n=====")[0].partition("\n")[2]


def paragraph(text, heading):
    """The lines below a heading of it."""
    found = re.search(rf"^{re.escape(heading)}\n((?:  .*\n)+)", section(text) + "\n", re.MULTILINE)
    assert found, section(text)
    return found[1].splitlines()


def test_calls_in_a_circle_are_drawn_as_one_also_when_their_time_has_run_out(told):
    text = told("test_circle")
    assert "{timeout,{gen_server,call,[ann,{ask,bob,eve,ann}]}}" in text
    assert paragraph(text, "calls without an answer:") == [
        "  in a circle, each has asked the next, and the last the first:",
        "    ┌─▶ ann <0.86.0>: {ask,eve,ann}, at 0 ms",
        "    │   bob <0.87.0>: {ask,ann}, at 0 ms",
        "    └── eve <0.88.0>: hello, at 0 ms",
    ]


def test_who_waits_for_an_answer_is_told_with_the_request(told):
    assert paragraph(told("test_a_call_that_is_not_answered"), "calls without an answer:") == [
        "  call <0.89.0> has asked ann <0.86.0>: {ask,bob}, at 0 ms",
        "  ann <0.86.0> has asked bob <0.87.0>: hello, at 0 ms",
    ]


def test_a_deadlock_draws_it_too_and_the_processes_are_told_once(told):
    text = told("test_deadlock")
    assert "each of these waits for the next, and the last for the first:" in text
    assert "<0.86.0> (ann) waits for the answer of <0.87.0> (bob)" in text
    assert "processes were" not in text
    assert "┌─▶ ann <0.86.0>: hello, at 0 ms" in section(text)


def test_the_faults_that_struck_are_told_and_those_that_did_not(told):
    struck, other = paragraph(told("test_faults"), "the faults of this run:")
    assert re.fullmatch(
        r"  crash\('ann', 'disk_full', at=5, certain=True\) of test_it.py:\d+ struck <0.86.0> \(ann\) at 5 ms", struck
    )
    assert re.fullmatch(
        r"  kill\('tim', certain=True\) of test_it.py:\d+ never struck: nobody was called 'tim'; there were 'ann', "
        r"'bob', 'eve'",
        other,
    )


def test_the_dead_that_are_spoken_of_have_names(told):
    text = told("test_the_dead")
    assert "AssertionError: <0.86.0> and <0.89.0>" in text
    assert paragraph(text, "of those who have ended:")[:2] == [
        "  <0.86.0> was ann; it ended at 0 ms: killed, by a signal of shell <0.83.0>",
        "  <0.89.0> was sleep; it ended at 3 ms: normal",
    ]


def test_the_last_reports_can_be_read(told):
    lines = paragraph(told("test_reports"), "the last 5 of 9 reports (sim.reports):")
    assert "  ** Reason for termination ==" in lines and "  ** {bad,2}" in lines and "  ** {bad,0}" not in lines
    assert "       Supervisor: {<0.85.0>,top}" in lines
    text = told("test_unlinked")
    assert "Error in process <0.85.0> with exit value" in text
    assert "reports (sim.reports)" not in text


@pytest.mark.parametrize(
    ("marker", "options", "shown"),
    [("", (), 12), ("events=3", (), 3), ("events=3", ("--erlsim-events", "5"), 5), ("events='all'", (), None)]
    + [("", ("--erlsim-events", "all"), None), ("events=0", (), 0)],
)
def test_as_many_events_are_shown_as_the_command_line_or_the_marker_wants(run, marker, options, shown):
    source = f"""
    import pytest
    from erlsim import erlang

    @pytest.mark.erlsim({marker})
    async def test_it():
        for n in range(20):
            erlang.send(erlang.self(), n)
        assert False
    """
    text = run(source, *options).stdout.str()
    if shown == 0:
        assert "events:" not in text
    else:
        assert len(paragraph(text, f"the last {shown or 20} of 20 events:")) == (shown or 20)


def test_a_number_of_events_that_is_none_is_refused(run):
    result = run("def test_it():\n    pass", "--erlsim-events", "few")
    assert "a number of events or 'all', not 'few'" in result.stderr.str()
    result = run("import pytest\n@pytest.mark.erlsim(events=-1)\nasync def test_it(sim):\n    assert False")
    assert "erlsim(events=...) is a number of events or 'all', not -1" in result.stdout.str()


def test_the_page_of_a_failing_run_is_written_and_its_path_printed(run, pytester):
    source = """
    import pytest
    from erlsim import erlang

    @pytest.mark.parametrize("word", ["a b", "c/d", "x" * 300])
    async def test_it(sim, word):
        erlang.register("backend", erlang.self())
        assert word == "c/d"

    @pytest.mark.erlsim(schedules=10)
    async def test_race():
        for name in ("one", "other"):
            erlang.spawn(erlang.send, [erlang.self(), name])
        assert await erlang.receive() == "one"
    """
    result = run(source, "--erlsim-html", "made/pages")
    result.assert_outcomes(passed=1, failed=3)
    printed = re.findall(r"^the page of this run is (.*)$", result.stdout.str(), re.MULTILINE)
    assert sorted(printed) == sorted(f"made/pages/{path.name}" for path in (pytester.path / "made/pages").iterdir())
    assert printed[2] == "made/pages/test_it.py-test_race.html"
    assert re.fullmatch(r"made/pages/test_it\.py-test_it\[a_b\]-[0-9a-f]{8}\.html", printed[0])
    assert all(len(path) < 200 for path in printed)
    page = (pytester.path / printed[2]).read_text(encoding="utf-8")
    assert "test_it.py::test_race" in page and '"other"' in page


def test_a_page_that_cannot_be_written_is_told_of_and_changes_nothing_else(run, pytester):
    pytester.path.joinpath("taken").write_text("a file")
    result = run("async def test_it(sim):\n    assert False", "--erlsim-html", "taken")
    result.assert_outcomes(failed=1)
    assert "the page of this run could not be written to taken/test_it.py-test_it.html: " in result.stdout.str()


BEHIND = {
    "test_server": ("KeyError: 'ann'", r"test_it\.py:\d+: KeyError"),
    "test_linked": ("erlsim.errors.Error: boom", r"test_it\.py:\d+: Error"),
    "test_unlinked": ("erlsim.errors.Error: boom", r"test_it\.py:\d+: Error"),
    "test_plain": ("erlsim.errors.Error: boom", r"test_it\.py:\d+: Error"),
    "test_schedules": ("erlsim.errors.Error: boom", r"test_it\.py:\d+: Error"),
}


def test_what_a_process_has_raised_is_shown_as_the_cause_with_its_lines(run):
    text = run(FAILING, *(f"test_it.py::{name}" for name in BEHIND)).stdout.str()
    for name, (exception, place) in BEHIND.items():
        part = text.partition(f" {name} ___")[2]
        cause, _, rest = part.partition("The above exception was the direct cause of the following exception:")
        assert exception in cause and re.search(place, cause), part
        assert re.search(r"^test_it\.py:\d+: (Exit|UnexpectedCrash)$", rest, re.MULTILINE)
    assert " object at 0x" not in text and "contextlib" not in text


def test_an_exit_of_the_test_itself_is_no_one_elses_doing(told):
    text = told("test_raises_itself")
    assert "direct cause" not in text and "{the_same,1}" in text


DEBUGGED = {
    "test_server": ["in the server", "in the test"],
    "test_linked": ["in the helper", "in the test"],
    "test_unlinked": ["in the helper"],
    "test_plain": ["in the helper"],
    "test_waiting": ["in the test"],
    "test_circle": ["in the test"],
    "test_schedules": ["in the helper", "in the test"],
}


@pytest.mark.parametrize("name", DEBUGGED)
def test_the_debugger_stops_in_the_frame_of_the_program(run, name):
    result = run(FAILING, f"test_it.py::{name}", "--pdb", stdin="p where\nup\np where\nq\n")
    found = re.findall(r"^\(Pdb\) '(in the .*)'$", result.stdout.str(), re.MULTILINE)
    assert list(dict.fromkeys(found)) == DEBUGGED[name]


def test_no_report_has_a_private_text_of_pythons(run):
    result = run(FAILING, "--erlsim-events", "all")
    result.assert_outcomes(failed=FAILING.count("def test_"))
    text = result.stdout.str()
    assert not re.findall(r" at 0x[0-9a-f]+|<class |<function |<locals>|<coroutine ", text)


def test_an_option_that_there_is_not_is_refused_with_what_was_perhaps_meant(run):
    result = run("import pytest\n@pytest.mark.erlsim(evnets=3)\nasync def test_it(sim):\n    pass")
    assert "the marker erlsim has no option 'evnets'; it has schedules, " in result.stdout.str()
    assert "; did you mean 'events'?" in result.stdout.str()


def test_a_report_comes_whole_from_a_worker_of_xdist(run):
    options = ("-n", "1", "-k", "test_unlinked or test_the_dead", "--erlsim-html", "pages")
    result = run(FAILING, *options, plugins=["xdist.plugin"])
    result.assert_outcomes(failed=2)
    text = result.stdout.str()
    assert "the page of this run is pages/test_it.py-test_the_dead.html" in text
    assert "<0.86.0> was ann; it ended at 0 ms: killed, by a signal of shell <0.83.0>" in text
    assert re.search(r"^test_it\.py:\d+: UnexpectedCrash$", text, re.MULTILINE)
