"""`erlsim compare`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import erlsim
from erlsim import code
from erlsim.cli import main
from erlsim.otp import supervisor
from erlsim.porting.scenarios import imports

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "port"


@pytest.fixture
def compare(tmp_path, monkeypatch):
    """Runs the command beside a copy of the example; gives its exit code and what it printed."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        result = CliRunner().invoke(main, ["compare", *arguments])
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def wrong(tmp_path, compare):
    """A port whose supervisor has another strategy."""
    source = tmp_path / "erlang" / "src" / "pool_sup.erl"
    source.write_text(source.read_text().replace("rest_for_one", "one_for_one"))


def test_an_equal_port_ends_with_status_0(compare):
    code, out, _ = compare("pool.scenario", "--port", "erlang", "-k", "starts again")
    assert (code, out) == (0, "the pool starts again with its connections: 18 of 18 steps equal on erlsim\n")


@pytest.mark.usefixtures("wrong")
def test_a_different_port_ends_with_status_1_and_the_first_step(compare):
    code, out, _ = compare("pool.scenario", "--port", "erlang/src", "-k", "starts again")
    assert code == 1
    assert out == (
        "the pool starts again with its connections: 10 of 18 steps equal on erlsim\n"
        "the pool starts again with its connections: step 11, "
        "[{'DOWN', Monitor, process, Pool2, shutdown}] = flush()\n"
        "  they answer differently:\n"
        "    python  [{'DOWN',#Ref<1>,process,<P4>,shutdown}]\n"
        "    erlsim  []\n"
    )


@pytest.mark.usefixtures("wrong")
def test_json_says_the_same(compare):
    code, out, _ = compare("pool.scenario", "--port", "erlang", "-k", "starts again", "--json")
    assert code == 1
    (report,) = json.loads(out)
    assert report["worlds"] == {"erlsim": {"equal": 10, "of": 18}}
    assert report["differences"][0]["step"] == 11


def test_all_outcomes_are_compared_with_exhaust(compare):
    code, out, _ = compare("races.scenario", "--port", "erlang", "--exhaust", "-k", "two want")
    assert code == 0
    assert out.splitlines()[1].endswith("no other exists")


def test_what_could_not_be_compared_is_no_success(compare, monkeypatch):
    monkeypatch.setenv("PATH", "")
    code, out, _ = compare("races.scenario", "--port", "erlang", "--erl", "-k", "two want")
    assert code == 1
    assert "not on erl: there is no `erl` on the PATH" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["pool.scenario"], "there is no port to compare with: give --port DIR, or --elixir DIR"),
        (["pool.scenario", "--port", "nowhere"], "'nowhere' does not exist"),
        (["nothing.scenario", "--port", "erlang"], "'nothing.scenario' does not exist"),
        (["pool.scenario", "--port", "erlang", "-k", "zzz"], "no scenario has 'zzz' in its name; there are 'connec"),
        (["pool.py", "--port", "erlang"], "pool.py:7:1: syntax error before: from"),
        (["pool.scenario", "--port", "erlang", "--exhaust", "--schedules", "3"], "how many to draw instead"),
        (["pool.scenario", "--elixir", "erlang", "--exhaust"], "are about a port in Erlang"),
        (["pool.scenario", "--elixir", "erlang"], "there is no mix.exs"),
    ],
)
def test_a_wrong_command_ends_with_status_2_and_names_what_is_wrong(compare, arguments, told):
    code, _, err = compare(*arguments)
    assert code == 2
    assert told in " ".join(err.split())


def test_a_scenario_is_shown_in_another_form_and_comes_back(compare, tmp_path):
    shown = CliRunner().invoke(main, ["scenario", "races.scenario", "--to", "json"])
    (tmp_path / "races.json").write_text(shown.stdout)
    again = CliRunner().invoke(main, ["scenario", "races.json"])
    assert again.exit_code == 0
    assert "race([pool:checkout(), pool:checkout()], 300).\n" in again.stdout


def test_a_scenario_is_written_as_a_test_of_the_port(compare, tmp_path):
    told = CliRunner().invoke(main, ["scenario", "pool.scenario", "--to", "ct", "--out", "made", "--name", "it"])
    assert (told.exit_code, told.stderr) == (0, "4 scenarios in made/it_SUITE.erl\n")
    lines = (tmp_path / "made" / "it_SUITE.erl").read_text().splitlines()
    assert lines[1:3] == [
        "%% Reports of crashes are not looked at here: `erlsim compare` compares them.",
        "-module(it_SUITE).",
    ]


def test_a_prototype_that_is_not_as_expected_is_not_written_down(compare, tmp_path):
    (tmp_path / "pool.py").write_text((tmp_path / "pool.py").read_text().replace("WAIT = 200", "WAIT = 6000"))
    told = CliRunner().invoke(main, ["scenario", "pool.scenario", "--to", "eunit"])
    assert told.exit_code == 1
    assert "step 7, {error, busy} = pool:checkout()" in told.stderr


def test_a_recording_of_a_real_erlang_is_compared_with_both(tmp_path, compare):
    steps = [
        {"op": "call", "bind": "s", "module": "pool_sup", "function": "start_link", "args": [1]},
        {
            "op": "call",
            "bind": "_",
            "module": "supervisor",
            "function": "count_children",
            "args": [{"v": "s", "path": [2]}],
        },
    ]
    count = [["specs", 2], ["active", 2], ["supervisors", 1], ["workers", 1]]
    observed = [
        {"ok": {"t": [{"a": "ok"}, {"pid": 1}]}},
        {"ok": [{"t": [{"a": name}, number]} for name, number in count]},
    ]
    (tmp_path / "r.jsonl").write_text(json.dumps({"name": "recorded", "steps": steps, "observed": observed}) + "\n")
    assert compare("r.jsonl", "--port", "erlang")[:2] == (0, "recorded: 2 of 2 steps equal on erlsim\n")
    observed[1]["ok"][0]["t"][1] = 3
    (tmp_path / "r.jsonl").write_text(json.dumps({"name": "recorded", "steps": steps, "observed": observed}) + "\n")
    status, out, _ = compare("r.jsonl", "--port", "erlang")
    assert status == 1
    assert "not as expected" in out
    assert "{specs, 3}" in out


def test_the_trace_of_a_run_is_compared_if_it_is_said_how_it_began(tmp_path, compare):
    async def main():
        for name in ("pool_sup", "conn_sup", "pool", "conn"):
            code.load(name, imports.file_module(tmp_path / f"{name}.py"))
        _, sup = await code.call("pool_sup", "start_link", [1])
        await supervisor.count_children(sup)

    sim = erlsim.Simulation()
    sim.run(main)
    (tmp_path / "run.jsonl").write_text(sim.trace.to_jsonl())
    found = compare("run.jsonl", "--port", "erlang", "--start", "pool_sup:start_link(1)")
    assert found[:2] == (0, "run: 2 of 2 steps equal on erlsim\n")
    status, _, err = compare("run.jsonl", "--port", "erlang")
    assert (status, "start" in err) == (2, True)
    status, _, err = compare("run.jsonl", "--port", "erlang", "--start", "sleep(1)")
    assert (status, "'sleep(1)' is no call" in err) == (2, True)
