"""The benchmarks run, and their figures are compared the right way round. No speed is asserted here."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.benchmarks import cli
from tests.benchmarks.registry import ERLSIM, Benchmark, Outcome, Target, benchmarks, measure


@pytest.mark.parametrize("name", benchmarks())
def test_every_benchmark_runs(name, monkeypatch):
    monkeypatch.setattr("tests.benchmarks.timers.IDLE_SHELLS", 2)
    benchmark = benchmarks()[name]
    outcome = measure(benchmark, 200 / max(benchmark.size, 200), with_beam=False)
    assert next(iter(outcome.figures)) == ERLSIM
    assert all(figure > 0 for figure in outcome.figures.values())


def test_a_target_is_a_bound_on_the_good_side():
    fast = Benchmark("x", "x/s", 1, {}, (Target(2, "peer"), Target(100), Target(3, "nobody")))
    assert Outcome(fast, {ERLSIM: 200, "peer": 100}).missed == []
    assert Outcome(fast, {ERLSIM: 199, "peer": 100}).missed == [fast.targets[0]]
    assert Outcome(fast, {ERLSIM: 200, "peer": 100}).ratio("peer") == 2
    small = Benchmark("x", "bytes", 1, {}, (Target(100),), higher_is_better=False)
    assert Outcome(small, {ERLSIM: 101}).missed == [small.targets[0]]
    assert Outcome(small, {ERLSIM: 50, "peer": 100}).ratio("peer") == 2


def test_the_command_prints_json_and_names_what_it_does_not_know():
    run = CliRunner().invoke(cli.main, ["ping-pong", "--json", "--scale", "0.001", "--no-beam"])
    assert run.exit_code == 0
    assert json.loads(run.stdout)[0]["name"] == "ping-pong"
    wrong = CliRunner().invoke(cli.main, ["pingpong"])
    assert wrong.exit_code == 1
    assert "ping-pong" in wrong.output
