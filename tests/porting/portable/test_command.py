"""`erlsim portable` as its user sees it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from erlsim import cli

TWO = """\
import erlsim
from erlsim import erlang


def told(value):
    erlang.send("someone", ("value", None))
    erlang.put("who", "a b")
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Writes `gate.py` and gives what `erlsim portable` makes of it."""
    monkeypatch.chdir(tmp_path)

    def run(text, *options, target="gate.py"):
        (tmp_path / "gate.py").write_text(text, encoding="utf-8")
        return CliRunner().invoke(cli.main, ["portable", target, *options])

    return run


def test_a_finding_has_a_line_with_its_place_its_rule_what_is_wrong_and_the_portable_way(command):
    done = command(TWO)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "gate.py:6:38: none_term: None is no term. Write an atom that says what is meant, such as "
        '"undefined" or "none".',
        "gate.py:7:23: text_atom: The atom 'a b' looks like text. Write text as a binary (b\"...\") or as a string "
        '(terms.chars("...")).',
    ]
    assert done.stderr.splitlines()[-1] == "2 findings: none_term 1, text_atom 1"


def test_nothing_found_ends_with_status_0(command):
    done = command("def one():\n    return 1\n")
    assert (done.exit_code, done.stdout) == (0, "no findings\n")


def test_a_rule_can_be_left_out_and_one_can_be_looked_for_alone(command):
    assert "none_term" not in command(TWO, "--ignore", "none_term").stdout
    assert "text_atom" not in command(TWO, "--select", "none_term").stdout
    done = command(TWO, "--ignore", "none_term", "--ignore", "text_atom")
    assert (done.exit_code, done.stdout) == (0, "no findings\n")


def test_notes_are_told_when_they_are_asked_for(command):
    text = "async def f():\n    match await erlang.receive():\n        case ('ok', n):\n            return n\n"
    text = "from erlsim import erlang\n" + text
    assert command(text).exit_code == 0
    assert "gate.py:4:14: match_takes_list" in command(text, "--notes").stdout


def test_json_has_the_same_and_why(command):
    first, second = json.loads(command(TWO, "--json").stdout)
    assert (first["file"], first["line"], first["column"], first["code"]) == ("gate.py", 6, 38, "none_term")
    assert first["why"] == "None is no term: Erlang has no value that stands for no value."
    assert second["level"] == "warning"
    assert json.loads(command("", "--json").stdout) == []


def test_a_rule_is_explained_with_its_example_in_three_forms(command):
    done = command("", "--explain", "none_term")
    assert done.exit_code == 0
    for said in (
        "none_term: None is no term",
        "Not portable:",
        "Portable:",
        "In Erlang:",
        "self() ! {found, undefined}",
    ):
        assert said in done.stdout


def test_all_rules_are_listed(command):
    lines = command("", "--rules").stdout.splitlines()
    assert len(lines) > 30
    assert lines[0].startswith("none_term ")


@pytest.mark.parametrize(
    ("options", "target", "said"),
    [
        (["--explain", "none_trem"], "gate.py", "there is no rule 'none_trem'; did you mean 'none_term'?"),
        (["--ignore", "nothing"], "gate.py", "there is no rule 'nothing'"),
        ([], "nowhere.py", "'nowhere.py' is no file, no folder and no package"),
        ([], "gate.txt", "'gate.txt' is no Python source"),
    ],
)
def test_what_is_not_there_is_a_usage_error_that_names_it(command, tmp_path, options, target, said):
    (tmp_path / "gate.txt").write_text("text", encoding="utf-8")
    done = command(TWO, *options, target=target)
    assert done.exit_code == 2
    assert said in done.stderr


def test_no_target_is_a_usage_error():
    assert CliRunner().invoke(cli.main, ["portable"]).exit_code == 2


def test_what_is_no_python_is_told_with_its_place(command):
    done = command("def f(:\n")
    assert done.exit_code == 1
    assert "syntax error" in done.stderr
    assert "gate.py:1" in done.stderr


def test_a_package_is_found_by_its_name_and_its_files_are_one_program(command, tmp_path):
    package = tmp_path / "hall"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "made.py").write_text("def made() -> list[int]:\n    return [1]\n", encoding="utf-8")
    text = "from hall.made import made\n\n\ndef used():\n    return 'full' if made() else 'empty'\n"
    (package / "used.py").write_text(text, encoding="utf-8")
    for target in ("hall", str(package), "hall/used.py"):
        done = command("", target=target)
        # Alone it does not know what the other file's function gives.
        expected = [] if target.endswith(".py") else [5]
        found = [line for line in done.stdout.splitlines() if "truth" in line]
        assert [int(line.split(":")[1]) for line in found] == expected
