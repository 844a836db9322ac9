"""What a scenario leaves running goes on in the next one that is recorded on the same node, as on the real one."""

from __future__ import annotations

import json

from click.testing import CliRunner

from tests.golden import cli, world


def call(module, function, *args):
    return {"op": "now", "bind": "_", "module": module, "function": function, "args": list(args)}


def atom(text):
    return {"a": text}


REPORT = {"t": [atom("notice"), {"t": [atom("info_report"), [atom("late")]]}]}
LATE = {
    "name": "leaves a report behind",
    "steps": [call("timer", "apply_after", 50, atom("error_logger"), atom("info_report"), [[atom("late")]])],
    "observed": [{"ok": {"t": [atom("ok"), {"t": [atom("once"), {"ref": 1}]}]}}],
}
HEARS = {
    "name": "hears of it",
    "steps": [{"op": "sleep", "ms": 100}, {"op": "reports"}],
    "observed": [{"reports": [REPORT]}],
}
NAMED = {
    "name": "leaves a name behind",
    "steps": [call("erlang", "register", atom("scn_left"), {"v": "p"})],
    "observed": [{"ok": True}],
}
NAMED["steps"].insert(0, {"op": "spawn", "bind": "p", "program": "plain"})
NAMED["observed"].insert(0, {"ok": {"pid": 1}})
FREE = {
    "name": "finds the name free",
    "steps": [call("erlang", "whereis", atom("scn_left"))],
    "observed": [{"ok": atom("undefined")}],
}


def test_a_report_that_comes_late_is_heard_by_the_next_scenario():
    assert not world.run(HEARS).passed
    result = world.run(HEARS, LATE)
    assert (result.passed, result.after) == (True, LATE["name"])


def test_a_scenario_that_passes_in_a_fresh_world_is_not_run_after_another():
    result = world.run(LATE, {"name": "is never run", "steps": [{"op": "no such step"}], "observed": []})
    assert (result.passed, result.after) == (True, "")


def test_a_scenario_that_differs_either_way_differs_as_in_a_fresh_world():
    wrong = {**HEARS, "observed": [{"reports": [atom("nothing")]}]}
    result = world.run(wrong, LATE)
    assert (result.passed, result.after, result.observed) == (False, "", [{"reports": []}])


def test_what_is_registered_as_scn_is_gone_before_the_next_scenario():
    wrong = {**FREE, "observed": [{"ok": {"pid": 1}}]}
    assert world.run(FREE, NAMED).passed
    assert not world.run(wrong, NAMED).passed


def test_a_scenario_before_it_that_breaks_the_runner_does_not_save_it():
    broken = {"name": "broken", "steps": [{"op": "no such step"}], "observed": []}
    assert not world.run(HEARS, broken).passed


def test_the_command_counts_it_and_says_after_what_it_passes(tmp_path):
    lines = [LATE, HEARS]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    run = CliRunner().invoke
    assert run(cli.main, ["--dir", str(tmp_path), "--jobs", "1"]).output == "mine 2/2\n"
    shown = run(cli.main, ["--dir", str(tmp_path), "--show", "hears of it"])
    assert shown.output.endswith(
        "passes after leaves a report behind, which leaves something behind that reports here\n"
    )
    assert shown.exit_code == 0
