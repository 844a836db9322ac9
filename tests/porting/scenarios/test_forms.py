"""Scenarios as Python, as text and as JSON."""

from __future__ import annotations

import json

import pytest

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.porting import scenarios
from erlsim.porting.scenarios import SELF, Module, Ms, Scenario

EVERYTHING = r"""-scenario("one of each").
-python(#{pool => 'pool.py', 'Elixir.Odd' => 'a.b:C'}).
-elixir(#{pool => 'Elixir.Pool'}).

%% how it begins
%% and goes on
{ok, Sup} = pool_sup:start_link(2, ms(500), module(pool)).
exit:{noproc, _} = catch gen_server:call(nobody, {'Quoted one', "text", <<"bytes">>, -1, 1.5, [1 | Sup]}).
error:badarg = catch m:f(#{a => [], "bc" => {}}, self(), fun lists:map/2).
m:g().
#{a := [One, One]} = m:maps().
Client = client(pool:checkout(), pool:checkin(Sup)).
[{A, {ok, _}}, {B, waiting}] = race([pool:checkout(), pool:checkout()], 50).
{'DOWN', _, process, Client, killed} = message(20).
sort(ets:tab2list(t)).
true = exit(Client, kill).
tree(Sup).
[] = flush().
reports().
sleep(100).
"""


def built():
    s = Scenario("one of each")
    s.start("pool_sup", "start_link", 2, Ms(500), Module("pool"), name="Sup")
    return s


def test_a_text_that_is_read_is_written_as_it_was():
    (scenario,) = scenarios.read(EVERYTHING)
    assert scenarios.text(scenario) == EVERYTHING
    assert scenario.steps[0].label == "how it begins\nand goes on"


def test_a_scenario_comes_back_from_json_as_it_was():
    (scenario,) = scenarios.read(EVERYTHING)
    again = scenarios.from_json(json.loads(json.dumps(scenarios.to_json(scenario))))
    assert scenarios.text(again) == EVERYTHING


def test_files_are_text_or_json_by_their_names(tmp_path):
    found = scenarios.read(EVERYTHING)
    for name in ("a.scenario", "a.json"):
        scenarios.save(tmp_path / name, found)
        (again,) = scenarios.load(tmp_path / name)
        assert scenarios.text(again) == EVERYTHING
        assert again.folder == tmp_path


def test_what_is_built_in_python_is_what_one_would_have_typed():
    s = Scenario("built")
    sup = s.start("pool_sup", "start_link", 2)
    conn = s.var("Conn")
    s.call("pool", "checkout", expect=("ok", conn))
    s.call("pool", "nothing_of_interest")
    value = s.call("pool", "status")
    s.call("m", "look", value, [SELF], expect_error="badarg")
    client = s.client("pool", "checkout")
    one, other = s.race(("pool", "checkout"), ("m", "f", 1), expect=[("ok", ...), "waiting"])
    s.kill(client)
    s.exit(one, ("bad", other))
    s.receive(("DOWN", ..., "process", conn, "boom"), within=50)
    s.alive(conn, expect=False)
    s.tree(sup)
    s.flush(expect=[])
    assert scenarios.text(s).splitlines()[2:] == [
        "{ok, P1} = pool_sup:start_link(2).",
        "{ok, Conn} = pool:checkout().",
        "pool:nothing_of_interest().",
        "V3 = pool:status().",
        "error:badarg = catch m:look(V3, [self()]).",
        "C1 = client(pool:checkout()).",
        "[{C2, {ok, _}}, {C3, waiting}] = race([pool:checkout(), m:f(1)], 100).",
        "true = exit(C1, kill).",
        "true = exit(C2, {bad, C3}).",
        "{'DOWN', _, process, Conn, boom} = message(50).",
        "false = is_process_alive(Conn).",
        "tree(P1).",
        "[] = flush().",
    ]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("m:f().", 's.scenario:1:1: a step stands behind -scenario("Name").'),
        ('-scenario("x").\n-pyton(#{}).', "s.scenario:2:2: no header -pyton; there are"),
        ('-scenario("x").\nf(1).', "s.scenario:2:1: no step is called f; there are sleep"),
        ('-scenario("x").\nm:f(A + 1).', "s.scenario:2:7: a step's arguments are terms and names, not expressions"),
        ('-scenario("x").\nm:f(_).', "s.scenario:2:5: `_` has no value"),
        ('-scenario("x").\nsleep(a).', "s.scenario:2:7: a number of milliseconds is wanted"),
        ('-scenario("x").\nsleep().', "s.scenario:2:1: sleep takes 1 argument(s)"),
        ('-scenario("x").\nm:f(), m:g().', "s.scenario:2:8: one step, one full stop"),
        ('-scenario("x").\nok = catch m:f().', "s.scenario:2:1: before `= catch` stands Class:Pattern"),
        ('-scenario("x").\nm:f(.', "s.scenario:2:5: syntax error before: '.'"),
        ("", 's.scenario: no -scenario("Name") in it'),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(source, what):
    with pytest.raises(ErlsimError) as caught:
        scenarios.read(source, "s.scenario")
    assert str(caught.value).startswith(what)


def test_a_pid_of_one_run_is_refused():
    s = Scenario("x")
    s.call("m", "f", terms.Pid(5))
    with pytest.raises(ErlsimError, match="names, not pids"):
        scenarios.to_json(s)


def test_a_call_ends_in_one_way():
    with pytest.raises(ErlsimError, match="in one way, not in 2"):
        Scenario("x").call("m", "f", expect=1, expect_exit=2)


RECORDED = {
    "name": "a server",
    "steps": [
        {"op": "call", "bind": "s", "module": "counter", "function": "start", "args": [{"self": True}, {"m": []}]},
        {"op": "call", "bind": "s", "module": "counter", "function": "add", "args": [{"v": "s", "path": [2]}, 1]},
        {"op": "sleep", "ms": 10},
        {"op": "calls", "bind": "_", "module": "counter", "function": "all", "args": [{"v": "s", "path": [3, 1]}]},
        {"op": "flush"},
        {"op": "texts"},
    ],
    "observed": [
        {"ok": {"t": [{"a": "ok"}, {"pid": 1}]}},
        {"ok": {"t": [{"a": "ok"}, 1, [{"m": [[{"a": "at"}, {"pid": 1}]]}, {"f": "1.5"}]]}},
        {"exit": {"t": [{"a": "noproc"}, {"a": "$stack"}]}},
        {"flush": [1]},
        {"texts": []},
    ],
}


def test_what_a_recording_showed_is_expected_and_what_is_used_of_it_has_a_name():
    recording = scenarios.from_json(RECORDED)
    assert scenarios.text(recording) == (
        '-scenario("a server").\n\n'
        "{ok, S_1_2} = counter:start(self(), #{}).\n"
        "{ok, 1, [S_2_3_1, 1.5]} = counter:add(S_1_2, 1).\n"
        "sleep(10).\n"
        "exit:{noproc, _} = catch sort(counter:all(S_2_3_1)).\n"
        "flush().\n"
    )


def test_an_element_that_a_recorded_value_has_not_is_undefined():
    steps = [dict(RECORDED["steps"][0]), {**RECORDED["steps"][1], "args": [{"v": "s", "path": [3]}, {"v": "s"}]}]
    steps[0]["bind"] = "s"
    failed = [{"exit": {"a": "x"}}, {"ok": 1}]
    recording = scenarios.from_json({"name": "a", "steps": steps, "observed": failed})
    assert recording.steps[1].calls[0].args == ("undefined", "undefined")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": [{"op": "spawn", "bind": "p", "program": "plain"}], "observed": [{"ok": 1}]}, "step 'spawn'"),
        ({"observed": []}, "not a recording"),
        ({"steps": [{**RECORDED["steps"][0], "args": [{"v": "nobody"}]}]}, "not a recording: KeyError 'nobody'"),
    ],
)
def test_what_is_no_recording_of_calls_is_refused(change, words):
    with pytest.raises(ErlsimError, match=words):
        scenarios.from_json({**RECORDED, **change})


def test_a_file_has_a_recording_on_each_line(tmp_path):
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(RECORDED)}\n\n{json.dumps({**RECORDED, 'name': 'another'})}\n")
    first, second = scenarios.load(tmp_path / "a.jsonl")
    assert (first.name, second.name, first.folder) == ("a server", "another", tmp_path)
