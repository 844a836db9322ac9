"""`erlsim run FILE.erl`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from erlsim.cli import main

CLOCK = """
-module(clock).
-export([main/0, crash/0, late/0]).
main() -> io:format("~w ms~n", [erlang:monotonic_time(millisecond)]), timer:sleep(3600000), helper:double(21).
crash() ->
    Y = list_to_atom([a]),
    {Y}.
late() -> receive never -> ok end.
"""
HELPER = """
-module(helper).
-export([double/1]).
double(X) -> {double, "is", 2 * X}.
"""


@pytest.fixture
def erlsim_run(tmp_path, monkeypatch):
    """Runs the command in a folder with two modules; gives its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clock.erl").write_text(CLOCK)
    (tmp_path / "helper.erl").write_text(
        '-module(helper).\n-export([double/1]).\ndouble(X) -> {double, "is", 2 * X}.\n'
    )

    def run(*arguments):
        result = CliRunner().invoke(main, ["run", *arguments])
        return result.exit_code, result.output

    return run


def test_main_runs_in_virtual_time_and_its_value_is_in_erlangs_notation(erlsim_run):
    assert erlsim_run("clock.erl") == (0, '0 ms\n{double,"is",42}\n')


def test_a_failure_has_the_lines_of_the_source(erlsim_run):
    code, output = erlsim_run("clock.erl", "clock:crash")
    assert code == 1
    assert output.splitlines() == [
        "** exception error: badarg (*** argument 1: not a list of characters)",
        "  in crash (clock.erl:6): Y = list_to_atom([a]),",
    ]


def test_another_function_may_be_named(erlsim_run):
    code, output = erlsim_run("clock.erl", "clock:late")
    assert code == 1
    assert output.startswith("Deadlock")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["clock.erl", "clock:nothing"], "'clock' exports no function nothing/0"),
        (["clock.erl", "clack:main"], "no module 'clack' in the folder of 'clock.erl'; did you mean 'clock'?"),
        (["clock.erl", "main"], "'main' does not say what to run: write Module:Function"),
        (["helper.erl"], "'helper' exports no function main/0"),
        (["clack.erl"], "no file 'clack.erl'; did you mean 'clock.erl'?"),
    ],
)
def test_what_cannot_be_run_is_refused(erlsim_run, arguments, told):
    code, output = erlsim_run(*arguments)
    assert (code, told in output) == (2, True)


def test_a_source_that_is_wrong_is_told_of_as_erlc_tells(erlsim_run, tmp_path):
    (tmp_path / "wrong.erl").write_text("-module(wrong).\nf( -> ok.\n")
    assert erlsim_run("clock.erl") == (1, "wrong.erl:2:4: syntax error before: '->'\n")
