"""`erlsim port`: what it prints, how it ends, and that pages show what it prints."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from erlsim.cli import main
from tests.porting.drafts.pages import HOW_TO
from tests.porting.drafts.programs import PROGRAMS, ROOT

COUNTER = "docs/examples/counter.py"
COMMAND = re.compile(r"^\$ erlsim (port .*)\n((?:.*\n)*?)```$", re.MULTILINE)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command in a folder of its own, on sources of the project."""
    monkeypatch.chdir(tmp_path)

    def runs(arguments):
        parts = [str(ROOT / each) if each.startswith(("docs/", "tests/")) else each for each in arguments]
        return CliRunner().invoke(main, parts)

    return runs


def test_a_port_with_a_hole_ends_with_1_and_says_where_it_is_and_why(run):
    found = run(["port", COUNTER, "--out", "made"])
    assert found.exit_code == 1
    assert "counter.py:20: counter:handle_info/2 not ported: " in found.output
    assert found.output.splitlines()[-1] == "3 of 4 functions translated"


def test_scenarios_are_compared_at_once(run):
    scenario = f"{PROGRAMS}/pool.scenario"
    found = run(["port", f"{PROGRAMS}/pool.py", "--out", "made", "--scenario", scenario])
    assert found.exit_code == 0
    assert found.output.splitlines()[-1] == "15 of 15 functions translated, 35 of 35 steps equal on erlsim"


def test_a_scenario_that_comes_to_a_hole_is_not_equal(tmp_path, run):
    file = tmp_path / "counter.scenario"
    steps = (
        "{ok, C} = gen_server:start_link(counter, 0, [])",
        "hello = erlang:send(C, hello)",
        "0 = gen_server:call(C, get)",
    )
    file.write_text('-scenario("printed").\n' + "".join(f"{step}.\n" for step in steps), encoding="utf-8")
    found = run(["port", COUNTER, "--out", "made", "--scenario", str(file)])
    assert found.exit_code == 1
    assert "step 3, 0 = gen_server:call(C, get)" in found.output
    assert "2 of 3 steps equal on erlsim" in found.output.splitlines()[-1]


def test_a_library_that_a_real_erlang_would_need_is_asked_for(run):
    scenario = f"{PROGRAMS}/planned.scenario"
    found = run(["port", f"{PROGRAMS}/planned.py", "--out", "made", "--scenario", scenario, "--erl"])
    assert found.exit_code == 1
    told = "not compared on erl: it needs director, and the sources of that library are not given"
    assert found.output.splitlines().count(told) == 1


def test_a_folder_that_is_not_empty_is_left_alone_unless_it_is_forced(tmp_path, run):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "mine").write_text("", encoding="utf-8")
    arguments = ["port", "docs/examples/parking.py", "--out", str(tmp_path / "made")]
    refused = run(arguments)
    assert (refused.exit_code, "is not empty" in refused.output) == (2, True)
    assert run([*arguments, "--force"]).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nowhere.py"], 2, "no file or folder 'nowhere.py'"),
        ([COUNTER, "--erl"], 2, "--erl runs scenarios on a real Erlang: give --scenario FILE"),
        ([COUNTER, "--name", "Bad-Name"], 1, "no name of an application: 'Bad-Name'"),
        (["empty"], 1, "there are no functions to port in empty"),
        (["broken.py"], 1, "syntax error: '(' was never closed"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_named(arguments, code, told, tmp_path, run):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.py").write_text("x = (", encoding="utf-8")
    found = run(["port", *arguments, "--out", "made"])
    assert (found.exit_code, told in found.output) == (code, True), found.output
    assert not (tmp_path / "made").exists()


def test_for_machines_there_is_json(run):
    found = run(["port", COUNTER, "--to", "elixir", "--out", "made", "--json"])
    told = json.loads(found.output)
    assert told["modules"] == {"counter": "Elixir.Counter"}
    assert {each["function"]: each["state"] for each in told["functions"]}["counter:handle_info/2"] == "hole"


def commands():
    """The commands on the pages that need no Erlang."""
    for path in sorted(HOW_TO.glob("port-to-*.md")):
        for found in COMMAND.finditer(path.read_text(encoding="utf-8")):
            if "--scenario" not in found[1]:
                yield pytest.param(found[1], found[2], id=found[1])


@pytest.mark.parametrize(("command", "output"), list(commands()))
def test_a_page_shows_what_the_command_prints(command, output, run):
    printed = run(command.split()).output
    assert [line for line in output.splitlines() if line not in printed.splitlines()] == []
