"""The runner is to be trusted only if it finds what is wrong."""

from __future__ import annotations

import copy
import json

import pytest
from click.testing import CliRunner

from erlsim import terms
from erlsim.porting.scenarios import comparing, tagged, texts
from tests.golden import areas, arguments, cli, ratchet, show, world

WORLD = {
    "name": "a process that answers",
    "steps": [
        {"op": "spawn", "bind": "p", "program": "plain"},
        {"op": "now", "bind": "_", "module": "erlang", "function": "send", "args": [{"v": "p"}, {"a": "hello"}]},
        {
            "op": "call",
            "bind": "_",
            "module": "erlang",
            "function": "send",
            "args": [{"v": "p"}, {"t": [{"a": "take"}, {"self": True}]}],
        },
        {"op": "sleep", "ms": 100},
        {"op": "now", "bind": "_", "module": "erlang", "function": "whereis", "args": [1]},
        {"op": "flush"},
    ],
    "observed": [
        {"ok": {"pid": 1}},
        {"ok": {"a": "hello"}},
        {"ok": {"t": [{"a": "take"}, {"pid": 2}]}},
        {"error": {"a": "badarg"}},
        {"flush": [{"t": [{"a": "taken"}, {"pid": 1}, [], [{"a": "hello"}]]}]},
    ],
}


def decode(tree, names=None):
    return arguments.decode(tree, names or {}, lambda: "me", lambda name: ("fun", name))


def exit_message(pid, reason="boom"):
    return {"t": [{"a": "EXIT"}, {"pid": pid}, {"a": reason}]}


# ---- tagged JSON ------------------------------------------------------------------


def test_every_tag_becomes_its_term():
    assert decode({"a": "ok"}) == "ok"
    assert decode({"a": "true"}) is True
    assert decode(True) is True
    assert decode({"b": "\u00ff"}) == b"\xff"
    assert repr(decode({"f": "1e+22"})) == "1e+22"
    assert decode({"t": [1, [{"a": "x"}]]}) == (1, ["x"])
    assert decode({"m": [[{"a": "k"}, 1]]}) == {"k": 1}
    assert decode({"self": True}) == "me"
    assert decode({"plan": "by_count"}) == ("fun", "by_count")
    assert decode({"bits": ["\u00ff\u00a0", 11]}) == terms.Bits(b"\xff\xa0", 11)
    assert decode({"bits": ["\u00ff", 8]}) == b"\xff"
    assert decode({"imp": [[1, {"a": "x"}], {"t": []}]}) == terms.Improper((1, "x"), ())


def test_a_map_keeps_keys_that_python_takes_for_one():
    assert len(decode({"m": [[1, {"a": "i"}], [{"f": "1.0"}, {"a": "f"}]]})) == 2


def test_a_path_leads_into_tuples_lists_and_maps_and_else_to_undefined():
    names = {"x": ("ok", [{"k": "deep"}])}
    assert decode({"v": "x", "path": []}, names) == names["x"]
    assert decode({"v": "x", "path": [2, 1, {"a": "k"}]}, names) == "deep"
    assert decode({"v": "x", "path": [3]}, names) == "undefined"
    assert decode({"v": "x", "path": [1, 1]}, names) == "undefined"
    assert decode({"v": "x", "path": [0]}, names) == "undefined"


def test_an_unknown_tag_is_an_error_that_shows_it():
    with pytest.raises(ValueError, match="zzz"):
        decode({"zzz": 1})


def test_terms_are_written_as_the_recordings_write_them():
    encode = tagged.Encoder().encode
    first, second, ref = terms.Pid(90), terms.Pid(80), terms.Ref(7)
    assert encode((first, second, first)) == {"t": [{"pid": 1}, {"pid": 2}, {"pid": 1}]}
    assert encode(ref) == {"ref": 1}
    assert encode({"b": 1, "a": 2.5}) == {"m": [[{"a": "a"}, {"f": "2.5"}], [{"a": "b"}, 1]]}
    assert encode([True, "true", 1]) == [True, {"a": "true"}, 1]
    assert encode("caf\u00e9".encode()) == {"b": "caf\u00e9"}
    assert encode(b"\xff") == {"b": "\u00ff"}
    assert encode(lambda reason, count: 0) == {"fun": 2}


def test_a_stack_is_a_stack_whatever_is_in_it():
    encode = tagged.Encoder().encode
    assert encode(("boom", [("m", "f", 2, [("line", 1)])])) == {"t": [{"a": "boom"}, tagged.STACK]}
    assert encode([("m", "f", [1, 2], [])]) == tagged.STACK
    assert encode([("m", "f", "x", [])]) != tagged.STACK
    assert encode([("m", "f", 1)]) != tagged.STACK
    assert encode([]) == []


def test_what_is_no_term_never_equals_one():
    assert "python" in tagged.Encoder().encode(None)
    assert not comparing.same([{"ok": {"a": "undefined"}}], [{"ok": tagged.Encoder().encode(None)}])


# ---- comparing ---------------------------------------------------------------------


def test_pids_may_be_renamed_but_only_one_to_one():
    assert comparing.same([{"ok": [{"pid": 1}, {"pid": 2}]}], [{"ok": [{"pid": 2}, {"pid": 1}]}])
    assert not comparing.same([{"ok": [{"pid": 1}, {"pid": 2}]}], [{"ok": [{"pid": 1}, {"pid": 1}]}])
    assert not comparing.same([{"ok": [{"pid": 1}, {"pid": 1}]}], [{"ok": [{"pid": 1}, {"pid": 2}]}])
    assert not comparing.same([{"ok": {"pid": 1}}], [{"ok": {"ref": 1}}])


def test_exit_messages_of_different_processes_in_a_row_come_in_any_order():
    later = {"ok": [{"pid": 1}, {"pid": 2}]}
    expected = [{"flush": [exit_message(1, "a"), exit_message(2, "b")]}, later]
    assert comparing.same(
        expected, [{"flush": [exit_message(1, "b"), exit_message(2, "a")]}, {"ok": [{"pid": 2}, {"pid": 1}]}]
    )
    assert not comparing.same(expected, [{"flush": [exit_message(1, "b"), exit_message(2, "a")]}, later])


def test_a_choice_in_an_early_run_may_depend_on_what_comes_later():
    run = [exit_message(1), exit_message(2), exit_message(3)]
    assert comparing.same(
        [{"flush": run}, {"ok": [{"pid": 3}, {"pid": 1}]}],
        [{"flush": run}, {"ok": [{"pid": 1}, {"pid": 2}]}],
    )


def test_exit_messages_of_one_process_keep_their_order():
    first, second = exit_message(1, "a"), exit_message(1, "b")
    assert not comparing.same([{"flush": [first, second]}], [{"flush": [second, first]}])


def state(restarts):
    """A supervisor's state: instants of restarts, or how many there are."""
    before = [{"a": "state"}, {"a": "name"}, {"a": "one_for_one"}, [], {"a": "undefined"}, 2, 60]
    return {"t": [*before, restarts, 0, {"a": "never"}, {"a": "scn_sup"}, []]}


def test_of_the_instants_of_restarts_in_a_supervisors_state_only_their_number_counts():
    assert comparing.same([{"ok": state(2)}], [{"ok": state([-576460751, -576460752])}])
    assert comparing.same([{"ok": [state([-5])]}], [{"ok": [state([-9])]}])
    assert not comparing.same([{"ok": state(2)}], [{"ok": state([-5])}])
    assert not comparing.same([{"ok": state([])}], [{"ok": state([-5])}])
    assert not comparing.same([{"ok": state([])}], [{"ok": state({"a": "none"})}])


def test_a_printed_state_shows_no_instants_of_restarts():
    assert texts.fold("2,60,[-576460751,\n  -576460752],0,never") == texts.fold("2,60,[R],0,never")
    assert texts.fold("2,60,[-576460751],0,never") != texts.fold("2,60,[a],0,never")


def test_a_message_between_exit_messages_parts_them():
    a, b, other = exit_message(1, "a"), exit_message(2, "b"), {"a": "x"}
    assert not comparing.same([{"flush": [a, other, b]}], [{"flush": [b, other, a]}])


def test_one_and_true_and_one_point_zero_are_three_terms():
    values = [1, True, {"f": "1.0"}]
    for one in values:
        for other in values:
            assert comparing.same([{"ok": one}], [{"ok": other}]) == (one is other)
    assert comparing.same([{"ok": {"f": "1.0e100"}}], [{"ok": {"f": "1e+100"}}])


def test_ok_and_error_with_one_value_differ():
    assert not comparing.same([{"ok": {"a": "badarg"}}], [{"error": {"a": "badarg"}}])
    assert comparing.first_difference([{"ok": 1}, {"ok": 2}, {"ok": 3}], [{"ok": 1}, {"ok": 3}, {"ok": 3}]) == 1
    assert comparing.first_difference([{"ok": 1}, {"ok": 2}], [{"ok": 1}]) == 1
    assert comparing.first_difference([{"ok": 1}], [{"ok": 1}]) is None


def test_the_order_of_equal_numbers_does_not_count_where_no_order_does():
    expected = [{"ok": [1, {"f": "1.0"}, 2]}]
    turned = [{"ok": [{"f": "1.0"}, 1, 2]}]
    assert comparing.first_difference(expected, turned, [True]) is None
    assert comparing.first_difference(expected, turned, [False]) == 0
    assert comparing.first_difference(expected, [{"ok": [1, 1, 2]}], [True]) == 0
    assert comparing.first_difference(expected, [{"ok": [2, 1, {"f": "1.0"}]}], [True]) == 0


def test_format_is_compared_to_the_blank_and_io_is_not():
    assert not comparing.same([{"text": "a  b"}], [{"text": "a b"}])
    assert comparing.same([{"io": "a\n   b"}], [{"io": "a b"}])
    assert not comparing.same([{"io": "a b"}], [{"io": "ab"}])


def test_a_text_that_cannot_be_compared_stands_for_any_text_but_not_for_none():
    assert comparing.same([{"texts": ["$stack"]}], [{"texts": ["anything"]}])
    assert not comparing.same([{"texts": ["$stack"]}], [{"texts": []}])
    assert not comparing.same([{"texts": ["something"]}], [{"texts": ["$stack"]}])


# ---- texts -----------------------------------------------------------------------------


def test_the_time_of_a_report_and_the_names_of_funs_are_masked():
    masked = texts.mask("=ERROR REPORT==== 1-Jan-2024::00:00:00.000000 ===\nfun #Fun<m.1.2> died\n")
    assert masked == "=ERROR REPORT==== TIME ===\nfun #Fun<F> died\n"
    assert texts.mask('x {file,"a.erl"}') == texts.STACK


def test_pids_of_a_text_are_numbered_in_it():
    assert texts.number("<0.9.0> <0.7.0> <0.9.0> #Ref<0.1.2.3>") == "<P1> <P2> <P1> #Ref<1>"


def test_a_printed_stack_is_one_whatever_its_lines_are():
    one = 'reason "{bye, [{scn_worker,handle_cast, 2,[{file,"a ] }.erl"},{line,54}]},{m,f,1,[]}]}" end'
    other = 'reason "{bye,\n   [{other,f,[1,\'x]\'],[{file,\n"b.py"},{line,1}]}]}" end'
    assert texts.fold(one) == texts.fold(other) == 'reason "{bye,$stack}" end'
    assert texts.fold("[{a,<P1>,worker,[scn_worker]}]") == "[{a,<P1>,worker,[scn_worker]}]"


# ---- running ----------------------------------------------------------------------------


def test_a_right_answer_passes():
    result = world.run(WORLD)
    assert result.failure == ""
    assert result.passed


def mutations(tree):
    """Every tree that differs from `tree` in one leaf."""
    if isinstance(tree, dict):
        for name, each in tree.items():
            for changed in mutations(each):
                yield {**tree, name: changed}
    elif isinstance(tree, list):
        for index, each in enumerate(tree):
            for changed in mutations(each):
                yield [*tree[:index], changed, *tree[index + 1 :]]
        yield [*tree, {"a": "surplus"}]
    elif isinstance(tree, str):
        yield tree + "x"
    else:
        yield tree + 7


def test_every_single_wrong_answer_is_found():
    observed = WORLD["observed"]
    changed = list(mutations(observed))
    assert len(changed) > 10
    assert [wrong for wrong in changed if comparing.same(wrong, observed) and not is_renaming(wrong)] == []


def is_renaming(wrong):
    """Whether a mutation does no more than rename the pid that occurs once, which makes no difference."""
    return json.dumps(wrong) == json.dumps(WORLD["observed"]).replace('"pid": 2', '"pid": 9')


def test_a_wrong_answer_fails_the_scenario_and_is_shown(capsys):
    wrong = copy.deepcopy(WORLD)
    wrong["observed"][3] = {"error": {"a": "noproc"}}
    result = world.run(wrong)
    assert not result.passed
    assert result.difference == 3
    assert show.show(wrong) == 1
    printed = capsys.readouterr().out
    assert "erlang:whereis(1)" in printed
    assert "noproc" in printed
    assert "badarg" in printed


def test_a_module_that_is_not_there_is_undef_and_what_breaks_the_library_is_the_scenarios_failure():
    step = {"op": "now", "bind": "_", "module": "no_such_module", "function": "f", "args": []}
    result = world.run({"name": "x", "steps": [step], "observed": [{"error": {"a": "undef"}}]})
    assert result.passed
    step = {"op": "no_such_step"}
    result = world.run({"name": "x", "steps": [step], "observed": [{"ok": 1}]})
    assert not result.passed
    assert "Traceback" in result.failure


def test_until_sleeps_to_an_instant_of_the_scenario_and_not_at_all_when_it_has_passed():
    def now():
        return {
            "op": "now",
            "bind": "_",
            "module": "erlang",
            "function": "monotonic_time",
            "args": [{"a": "millisecond"}],
        }

    steps = [now(), {"op": "sleep", "ms": 30}, {"op": "until", "ms": 100}, now(), {"op": "until", "ms": 50}, now()]
    start, later, latest = (each["ok"] for each in world.run({"name": "x", "steps": steps, "observed": []}).observed)
    assert (later - start, latest - start) == (100, 100)


def test_the_command_prints_counts_and_ends_with_1_if_anything_differs(tmp_path):
    wrong = {**copy.deepcopy(WORLD), "name": "wrong"}
    wrong["observed"][0] = {"ok": {"a": "no"}}
    (tmp_path / "mine.jsonl").write_text(json.dumps(WORLD) + "\n" + json.dumps(wrong) + "\n")
    (tmp_path / "good.jsonl").write_text(json.dumps(WORLD) + "\n")
    run = CliRunner().invoke
    both = run(cli.main, ["--dir", str(tmp_path)])
    assert both.output == "good 1/1\nmine 1/2\n"
    assert both.exit_code == 1
    good = run(cli.main, ["--dir", str(tmp_path), "--area", "good"])
    assert (good.output, good.exit_code) == ("good 1/1\n", 0)
    shown = run(cli.main, ["--dir", str(tmp_path), "--show", "wrong"])
    assert shown.exit_code == 1
    assert "- OTP    + here" in shown.output
    assert run(cli.main, ["--dir", str(tmp_path), "--area", "goood"]).exit_code == 1


def test_the_sources_of_an_original_take_the_place_of_its_port(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "gen_tracker.erl").write_text(
        "-module(gen_tracker).\n-export([which_children/1]).\nwhich_children(Zone) -> {undeined, Zone}.\n"
    )
    call = {"module": "gen_tracker", "function": "which_children", "args": [{"a": "zone"}]}
    asked = {
        "name": "asked",
        "steps": [{"op": "now", "bind": "_", **call}],
        "observed": [{"ok": {"t": [{"a": "undefined"}, {"a": "zone"}]}}],
    }
    (tmp_path / "mine.jsonl").write_text(json.dumps(asked) + "\n")
    arguments = ["--dir", str(tmp_path), "--area", "mine"]
    assert CliRunner().invoke(cli.main, arguments).output == "mine 0/1\n"
    assert CliRunner().invoke(cli.main, [*arguments, "--original", str(tmp_path)]).output == "mine 1/1\n"


def test_every_area_of_the_recordings_is_there():
    assert areas.areas() == list(areas.ORDER)


def test_the_ratchet_only_rises(tmp_path):
    file = tmp_path / "ratchet.json"
    ratchet.raise_to({"a": 5, "b": 1}, file)
    assert ratchet.raise_to({"a": 3, "c": 2}, file) == {"a": 5, "b": 1, "c": 2}
    assert ratchet.fallen({"a": 5, "b": 0}, file) == ["b: 0 scenarios pass, 1 once did"]
    assert ratchet.fallen({"a": 5, "b": 1, "c": 9}, file) == []
