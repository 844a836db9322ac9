"""Scenarios as tests that stand alone in the ported project. Here they run without a BEAM."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import erlsim
from erlsim.erl.testing import Project
from erlsim.erl.testing.outcomes import Passed
from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import Module, Ms, Scenario, exported, load
from erlsim.porting.scenarios.exports import elixir, expected, layout

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "port"
FILES = {
    "eunit": EXAMPLE / "erlang" / "test" / "pool_scenario_tests.erl",
    "ct": EXAMPLE / "erlang" / "test" / "pool_SUITE.erl",
    "exunit": EXAMPLE / "elixir" / "test" / "pool_scenario_test.exs",
}


@pytest.mark.parametrize("kind", FILES)
def test_the_example_has_the_tests_that_are_exported_now(kind):
    name, text = exported(load(EXAMPLE / "pool.scenario"), kind, "pool")
    assert name == FILES[kind].name
    # If this differs: erlsim scenario docs/examples/port/pool.scenario --to KIND --out FOLDER
    assert text == FILES[kind].read_text(encoding="utf-8")


def verdicts(folder):
    """How the tests of a project end."""
    return {
        case.name: isinstance(case.run(erlsim.Simulation(trace=False)), Passed)
        for case in Project([folder]).all_cases()
    }


def test_the_exported_tests_pass_on_the_port():
    found = verdicts(EXAMPLE / "erlang")
    assert len(found) == 8
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("module", "old", "new", "failing"),
    [
        ("pool_sup", "rest_for_one", "one_for_one", {"the_pool_starts_again_with_its_connections"}),
        ("pool", "define(WAIT, 200)", "define(WAIT, 400)", {"connections_are_lent_waited_for_and_given_back"}),
        ("conn", "{shutdown, idle}", "normal", {"who_waits_is_served_in_turn_and_idle_connections_go_away"}),
    ],
)
def test_the_exported_tests_fail_on_a_port_with_a_fault(module, old, new, failing, tmp_path):
    shutil.copytree(EXAMPLE / "erlang", tmp_path / "port")
    source = tmp_path / "port" / "src" / f"{module}.erl"
    source.write_text(source.read_text().replace(old, new))
    failed = [name for name, ok in verdicts(tmp_path / "port").items() if not ok]
    assert {name.partition(":")[2].partition("_test_")[0] for name in failed} >= failing
    assert {name.partition(":")[0] for name in failed} == {"pool_SUITE", "pool_scenario_tests"}


class Prototype:
    """Answers of every kind."""

    def answer(_given):
        return (1.5, b"bin", {"k": [1, 2]}, [], ("a b", True))

    def fail():
        erlsim.erlang.error(("why", [1]))


@pytest.fixture
def odd():
    s = Scenario('odd: "one"', python={"odd": Prototype}, elixir={"odd": "Elixir.Odd"})
    value = s.call("odd", "answer", {"m": Module("odd"), "t": Ms(5)})
    s.call("odd", "answer", [value, ("x", 1)])
    s.call("odd", "fail")
    s.race(("odd", "answer", 1), ms=30)
    s.receive("timeout", within=20)
    return s


def body(text):
    """The lines of the one test in a file."""
    start = text.index("1\n")
    return [line.strip() for line in text[start : text.index("---- what the tests")].splitlines()]


def test_terms_are_written_in_erlang(odd):
    _, text = exported([odd], "eunit", "odd")
    assert "V1 = {1.5, <<\"bin\">>, #{k := [1, 2]}, [], {'a b', true}} = odd:answer(" in text
    assert "#{m => odd, t => scaled(5)}" in text
    assert "?assertError({why, [1]}, odd:fail())" in text
    assert "timeout = message(fun(_) -> true end, scaled(20))" in text


@pytest.mark.parametrize("kind", ["eunit", "ct"])
def test_only_what_erlang_imports_by_itself_stands_without_its_module(kind):
    s = Scenario("near and far", python={"odd": Prototype})
    s.call("erlang", "whereis", "nobody")
    s.call("erlang", "send", s.call("erlang", "self"), "hello")
    _, text = exported([s], kind, "odd")
    assert " whereis(nobody)" in text
    assert "erlang:send(" in text


def test_a_test_hides_none_of_its_names_where_it_waits_for_a_message():
    class Died:
        def start():
            return ("ok", erlsim.erlang.spawn(lambda: None))

    s = Scenario("down", python={"died": Died})
    pid = s.start("died", "start", name="M")
    s.receive(("DOWN", s.monitor(pid), "process", pid, "noproc"))
    _, text = exported([s], "eunit", "died")
    assert "fun(M2) -> case M2 of {'DOWN', R1, process, M, noproc} -> true;" in text


def test_terms_are_written_in_elixir(odd):
    _, text = exported([odd], "exunit", "odd")
    assert 'test "odd: \\"one\\"" do' in text
    assert 'v1 = {1.5, "bin", %{:k => [1, 2]}, [], {:"a b", true}}' in text.replace(" =\n      ", " = ")
    assert "Odd.answer(%{:m => Odd, :t => scaled(5)})" in text
    assert "assert {:why, [1]} = catch_error(Odd.fail())" in text
    assert "refute_receive _, scaled(20)" in text


@pytest.mark.parametrize(
    ("name", "written"),
    [("ok", ":ok"), ("a b", ':"a b"'), ("Elixir.A.B", "A.B"), ("nil", "nil"), ("f?", ":f?"), ('q"', ':"q\\""')],
)
def test_an_atom_is_written_in_elixir(name, written):
    assert elixir.atom(name) == written


@pytest.mark.parametrize(("name", "written"), [("Conn1", "conn1"), ("TheEnd", "the_end"), ("End", "end_")])
def test_a_name_is_one_of_elixirs(name, written):
    assert elixir.variable(name) == written


def test_a_prototype_that_is_not_as_expected_is_not_exported(odd):
    odd.call("odd", "fail", expect=1)
    with pytest.raises(ErlsimError, match="not as expected"):
        exported([odd], "ct", "odd")


def test_tests_are_of_known_kinds(odd):
    with pytest.raises(ErlsimError, match="eunit, ct, exunit, not of 'junit'"):
        exported([odd], "junit", "odd")


def test_a_name_that_nobody_uses_again_is_left_open():
    names = expected.Names()
    names.give("pid", 1, "Once")
    writer = elixir.Writer(names)
    assert layout.flat(writer.pattern(("ok", expected.Bind("Once")))) == "{:ok, _}"


def test_what_is_too_long_goes_over_several_lines():
    doc = layout.group("{", ["one", layout.group("[", ["two", "three"], "]")], "}")
    assert layout.Layout(40, 2).lines(doc, 2, after=".") == ["  {one, [two, three]}."]
    assert layout.Layout(18, 2).lines(doc, 2, after=".") == ["  {", "    one,", "    [two, three]", "  }."]
