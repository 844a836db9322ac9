"""The rebar3 project in the docs: its suites, which pass on a BEAM, pass here under any schedule."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from erlsim.cli import main

PROJECT = Path(__file__).parents[2] / "docs" / "examples" / "rebar3"


def test_the_suites_of_the_example_pass_under_a_hundred_schedules():
    told = CliRunner().invoke(main, ["test", str(PROJECT), "--schedules", "100"])
    assert told.output.splitlines() == [
        "station_average: 2 passed",
        "station_SUITE: 6 passed",
        "station_alarm_tests: 5 passed",
        "13 passed of 13, each under 100 schedules",
    ]
    assert told.exit_code == 0


def test_a_fault_in_the_example_is_found_by_its_suites(tmp_path):
    for file in PROJECT.rglob("*.*"):
        copy = tmp_path / file.relative_to(PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8")
        copy.write_text(text.replace("restart => transient", "restart => temporary"), encoding="utf-8")
    told = CliRunner().invoke(main, ["test", str(tmp_path)])
    assert told.exit_code == 1
    assert "station_SUITE:failures.sensor_fails_and_comes_back failed" in told.output
