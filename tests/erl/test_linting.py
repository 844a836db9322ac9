"""What is wrong with a source that can be read: what erl_lint says of it (`record.py`)."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from erlsim.cli import main
from erlsim.erl import SourceError, load_text, reading
from erlsim.erl.linting import lint
from tests.erl.record import LINT

RECORDED = [json.loads(line) for line in LINT.read_text(encoding="utf-8").splitlines()]


def told(source):
    findings = lint(reading.parse_text(source, "m.erl"), "m.erl")
    errors = [f"{each.place[0]}:{each.place[1]}: {each.text}" for each in findings.errors()]
    return errors + [f"Warning {each.place[0]}:{each.place[1]}: {each.text}" for each in findings.warnings()]


@pytest.mark.parametrize("row", RECORDED, ids=range(len(RECORDED)))
def test_a_source_is_told_what_erl_lint_tells(row):
    assert told(row["source"]) == row["told"]


def test_all_errors_are_told_at_once_and_no_warning_keeps_a_source_from_being_loaded():
    with pytest.raises(SourceError) as refused:
        load_text("-module(m).\n-export([f/0]).\nf() -> {A, B, g()}.\n", "m.erl")
    assert refused.value.lines == [
        "m.erl:3:9: variable 'A' is unbound",
        "m.erl:3:12: variable 'B' is unbound",
        "m.erl:3:15: function g/0 undefined",
    ]
    assert load_text("-module(m).\n-export([f/1]).\nf(X) -> ok.\ng() -> ok.\n", "m.erl").f(1) == "ok"


def test_the_command_tells_what_erlc_would_of_a_source(tmp_path):
    file = tmp_path / "m.erl"
    file.write_text("-module(m).\n-export([f/1]).\nf(X) -> ok.\ng() -> Y.\n")
    said = CliRunner().invoke(main, ["lint", str(file)])
    assert said.exit_code == 1
    assert said.output.splitlines() == [
        f"{file}:4:8: variable 'Y' is unbound",
        f"{file}:3:3: Warning: variable 'X' is unused",
        f"{file}:4:1: Warning: function g/0 is unused",
    ]
    file.write_text("-module(m).\n-export([f/1]).\nf(X) -> X.\n")
    assert CliRunner().invoke(main, ["lint", str(file)]).output == "no findings\n"
    file.write_text("-module(m).\nf( -> X.\n")
    assert "syntax error before: '->'" in CliRunner().invoke(main, ["lint", str(file)]).output
