"""A real Erlang behind a pipe, where there is one."""

from __future__ import annotations

import json
import shutil
import time

import pytest
from click.testing import CliRunner

from tests import needs
from tests.fuzz import cli, differences, draw
from tests.fuzz.node import NoAnswer, Node, Nodes, compile_into, compile_no_waiting

ORIGINAL = """-module(gen_tracker).
-export([which_children/1]).
which_children(Zone) -> [{Zone, planted}].
"""


@pytest.fixture(scope="module")
def ebin(tmp_path_factory):
    """The recorder, compiled."""
    if shutil.which("erl") is None or shutil.which("erlc") is None:
        needs.does_without("no `erl` and `erlc` to ask (Debian: erlang-base, erlang-dev)")
    directory = tmp_path_factory.mktemp("ebin")
    assert compile_into(directory) == []
    return directory


@pytest.fixture
def node(ebin):
    """One Erlang."""
    node = Node(ebin)
    yield node
    node.stop()


def call(module, function, *args, bind="_"):
    return {"op": "call", "bind": bind, "module": module, "function": function, "args": list(args)}


def scenario(*steps):
    return {"name": "asked", "steps": list(steps)}


def test_scenarios_are_observed_one_after_another_on_one_node(node):
    register = call("erlang", "register", {"a": "scn_me"}, {"self": True})
    whereis = call("erlang", "whereis", {"a": "scn_me"})
    assert node.ask(scenario(register, whereis)) == [{"ok": True}, {"ok": {"pid": 1}}]
    assert node.ask(scenario(whereis)) == [{"ok": {"a": "undefined"}}]


def test_what_a_scenario_prints_is_not_taken_for_its_answer(node):
    printing = call("io", "put_chars", {"a": "user"}, [ord(char) for char in '{"x"\n'])
    assert node.ask(scenario(printing)) == [{"ok": {"a": "ok"}}]


def test_atoms_texts_and_binaries_arrive_as_they_are(node):
    tree = {"t": [{"a": "\u65e5\u672c"}, [233, 26085], {"f": "0.1"}, {"imp": [[1], 2]}, {"bits": ["\u00a0", 3]}]}
    echo = call("scn_funs", "get", {"a": "identity"})
    tuple_ = call("erlang", "list_to_tuple", tree["t"])
    observed = node.ask(scenario(echo, tuple_))
    assert observed[0] == {"ok": {"fun": 1}}
    assert observed[1]["ok"]["t"][:3] == tree["t"][:3]


def test_a_node_that_has_ended_is_no_answer_and_is_started_again(node):
    with pytest.raises(NoAnswer):
        node.ask(scenario(call("erlang", "halt")))
    assert node.ask(scenario(call("erlang", "node"))) == [{"ok": {"a": "nonode@nohost"}}]


def test_the_original_is_compiled_from_where_the_user_has_it(tmp_path, ebin):
    source = tmp_path / "anything" / "src" / "gen_tracker.erl"
    source.parent.mkdir(parents=True)
    source.write_text(ORIGINAL)
    target = tmp_path / "ebin"
    target.mkdir()
    assert compile_into(target, tmp_path) == ["gen_tracker"]
    node = Node(target)
    asked = scenario(call("gen_tracker", "which_children", {"a": "z"}))
    assert node.ask(asked) == [{"ok": [{"t": [{"a": "z"}, {"a": "planted"}]}]}]
    node.stop()


def test_a_node_whose_clocks_jump_waits_for_no_timer_and_sees_the_time_pass(ebin, tmp_path):
    no_waiting = compile_no_waiting(tmp_path)
    if no_waiting is None:
        needs.does_without("no `cc` to compile for Linux")
    node = Node(ebin, no_waiting)
    before = call("erlang", "monotonic_time", {"a": "millisecond"}, bind="t")
    late = call("erlang", "send_after", 9000, {"self": True}, {"a": "late"})
    early = call("erlang", "send_after", 5000, {"self": True}, {"a": "early"})
    steps = [before, late, early, {"op": "sleep", "ms": 12_000}, {"op": "flush"}, before]
    node.ask(scenario(before))
    began = time.monotonic()
    first, _, _, flushed, last = node.ask(scenario(*steps))
    took = time.monotonic() - began
    node.stop()
    assert flushed == {"flush": [{"a": "early"}, {"a": "late"}]}
    assert 12_000 <= last["ok"] - first["ok"] < 13_000
    assert took < 6


def test_simple_scenarios_are_the_same_on_either_side(ebin):
    wanted = [draw.scenario("format", 3, number) for number in range(20)]
    with Nodes(ebin, 2) as nodes:
        answers = [nodes.ask(each) for each in wanted]
        for each, asked in zip(wanted, answers, strict=True):
            assert differences.kind(each, asked.result(), differences.here(each)) is None


def test_the_command_shows_and_keeps_what_it_finds(ebin, tmp_path, monkeypatch):
    wrong = differences.here

    def planted(scenario):
        answer = wrong(scenario)
        place = next((n for n, each in enumerate(answer.observed) if "text" in each), None)
        if place is not None:
            answer.observed[place] = {"text": "planted"}
        return answer

    monkeypatch.setattr(cli, "here", planted)
    run = CliRunner().invoke(
        cli.main,
        ["--area", "format", "--scenarios", "2", "--seed", "1", "--nodes", "2", "--dir", str(tmp_path / "found")],
    )
    assert run.exit_code == 1, run.output
    assert "format: 2 scenarios" in run.output
    assert "2 differ" in run.output
    assert "io_lib:format(" in run.output
    assert "terms.format(" in run.output
    [kept, *_] = [json.loads(line) for line in (tmp_path / "found" / "format.jsonl").read_text().splitlines()]
    assert len(kept["steps"]) == len(kept["observed"]) == 1


def test_an_area_that_needs_an_original_says_so(ebin):
    run = CliRunner().invoke(cli.main, ["--area", "director", "--seed", "1"])
    assert run.exit_code == 1
    assert "director needs the original director: see --original" in run.output
