"""Crashes are heard: who looks on has reports printed as they happen, in whatever way he runs a simulation."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import traceback

import erlsim
from erlsim import erlang, timer
from erlsim._kernel import thread
from erlsim.explanations.tracebacks import trim

HEADING = "=ERROR REPORT==== 1-Jan-2024::00:00:00.000000 ==="


def fails():
    raise ValueError("boom")


async def main():
    erlang.spawn(fails)
    await timer.sleep(1)


async def linked():
    erlang.spawn_link(fails)
    await erlang.receive()


def test_a_program_that_is_run_prints_reports_of_crashes_unless_it_does_not_want_to(capsys):
    erlsim.run(main)
    assert HEADING in capsys.readouterr().out
    erlsim.run(main, reports=False)
    assert capsys.readouterr().out == ""


def test_a_shell_prints_reports_and_one_line_keeps_them_quiet(capsys):
    outer = thread.world
    try:
        sim = erlsim.shell()
        sim.run(main)
        assert HEADING in capsys.readouterr().out
        sim.reports.print = False
        sim.run(main)
        assert capsys.readouterr().out == ""
        assert len(sim.reports) == 2
    finally:
        thread.world = outer


def test_a_simulation_by_itself_is_quiet_unless_told_otherwise(capsys):
    erlsim.Simulation().run(main)
    assert capsys.readouterr().out == ""
    erlsim.Simulation(reports=True).run(main)
    assert HEADING in capsys.readouterr().out


def test_reports_and_each_of_them_read_as_text():
    sim = erlsim.Simulation()
    sim.run(main)
    (report,) = sim.reports
    assert str(report).startswith(f"{HEADING}\nError in process <0.85.0> with exit value:\n")
    assert repr(report) == str(report) == str(sim.reports)
    assert "&lt;0.85.0&gt;" in report._repr_html_() and report._repr_html_().startswith("<pre ")
    assert "&lt;Reports: 1 error&gt;\n=ERROR REPORT" in sim.reports._repr_html_()
    assert str(erlsim.Simulation().reports) == ""


def test_a_traceback_without_our_frames_has_those_of_the_program():
    try:
        erlsim.run(linked, reports=False)
    except erlsim.Exit as exit:
        trim(exit)
        shown = [frame.name for frame in traceback.extract_tb(exit.__traceback__)]
        assert shown == ["test_a_traceback_without_our_frames_has_those_of_the_program", "linked"]
        assert [frame.name for frame in traceback.extract_tb(exit.__cause__.__traceback__)] == ["fails"]


def test_what_fails_by_our_own_fault_is_shown_as_it_is():
    try:
        erlsim.Simulation(start_time="today")
    except AttributeError as fault:
        before = traceback.extract_tb(fault.__traceback__)
        trim(fault)
        assert traceback.extract_tb(fault.__traceback__) == before


def test_a_script_prints_reports_and_a_traceback_without_our_frames(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""\
        import erlsim
        from erlsim import erlang, ets

        def worker():
            ets.insert("no_table", (1, 2))

        async def main():
            erlang.spawn_link(worker)
            await erlang.receive()

        erlsim.run(main)
        """)
    )
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout.startswith(HEADING)
    places = [line.split(", ")[1:] for line in run.stderr.splitlines() if line.startswith("  File ")]
    assert places == [["line 11", "in <module>"], ["line 9", "in main"]]
    *_, explanation, mend = run.stderr.splitlines()
    assert explanation == "*** argument 1: the table identifier does not refer to an existing ETS table"
    assert mend.startswith('a table goes by its name only with the option "named_table"')
