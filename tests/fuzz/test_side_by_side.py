"""What is printed is what was run: both languages say the same terms."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import erlsim
from erlsim import code, erlang, ets, terms
from erlsim.porting.scenarios import tagged
from tests.fuzz import draw, side_by_side
from tests.golden import arguments, twins, world

SEED = 11


def constants(tree):
    """The arguments, and parts of arguments, that are known before the scenario runs."""
    if isinstance(tree, dict) and not tree.keys().isdisjoint({"v", "self", "plan"}):
        return []
    try:
        arguments.decode(tree, {}, missing, missing)
    except KeyError:
        parts = tree if isinstance(tree, list) else next(iter(tree.values()))
        return [each for part in parts for each in constants(part)]
    return [tree]


def missing(*_):
    raise KeyError


def drawn(area):
    for number in range(8):
        for step in draw.scenario(area, SEED, number)["steps"]:
            for each in [*step.get("args", []), *([step["term"]] if "term" in step else [])]:
                yield from constants(each)


@pytest.mark.parametrize("area", draw.AREAS)
def test_the_erlang_and_the_python_that_are_printed_are_the_same_terms(area):
    found = 0
    for tree in drawn(area):
        term = arguments.decode(tree, {}, missing, missing)
        assert terms.exact_eq(terms.parse(side_by_side.Erlang().term(tree)), term)
        assert terms.exact_eq(eval(side_by_side.Python().term(tree), {"terms": terms}), term)
        found += 1
    assert found > 20


@pytest.mark.parametrize("area", draw.AREAS)
def test_every_step_is_python_that_compiles(area):
    for number in range(8):
        for _, text in side_by_side.rows(draw.scenario(area, SEED, number)):
            compile(text, "step", "exec", flags=0x2000)  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def test_a_name_that_is_bound_again_is_another_variable_in_erlang():
    call = {"op": "call", "bind": "s", "module": "erlang", "function": "self", "args": []}
    use = {"op": "calls", "bind": "_", "module": "m", "function": "f", "args": [{"v": "s", "path": [2, 1]}]}
    assert side_by_side.rows({"name": "n", "steps": [call, use, call, use]}) == [
        ("S = erlang:self().", "s = erlang.self()"),
        ("lists:sort(m:f(element(1, element(2, S)))).", "terms.sort(await code.call('m', 'f', [s[1][0]]))"),
        ("S_2 = erlang:self().", "s = erlang.self()"),
        ("lists:sort(m:f(element(1, element(2, S_2)))).", "terms.sort(await code.call('m', 'f', [s[1][0]]))"),
    ]


def test_what_may_park_is_awaited():
    steps = [
        {"op": "call", "bind": "s", "module": "gen_server", "function": "start", "args": [{"a": "w"}, [], []]},
        {"op": "now", "bind": "_", "module": "ets", "function": "insert", "args": [{"a": "t"}, {"t": [1]}]},
    ]
    assert [python for _, python in side_by_side.rows({"name": "n", "steps": steps})] == [
        "s = await gen_server.start('w', [], [])",
        "ets.insert('t', (1,))",
    ]


def test_the_python_that_is_printed_gives_what_the_scenario_observes():
    scenario = draw.scenario("ets", SEED, 0)
    lines = [python for _, python in side_by_side.rows(scenario)]
    names = {"ets": ets, "terms": terms, "scn_funs": twins.scn_funs.ScnFuns, "erlang": erlang, "code": code}

    async def type_in():
        return [await outcome(text.split(" = ", 1)[-1], names) for text in lines if not text.startswith("#")]

    answers = erlsim.run(type_in)
    observed = world.run({**scenario, "observed": []}).observed
    encoder = tagged.Encoder()
    assert [encoder.encode(each) if kind == "ok" else kind for kind, each in answers] == [
        each.get("ok", next(iter(each))) for each in observed
    ]


async def outcome(text, names):
    try:
        return "ok", eval(text, names)
    except erlsim.ErlangException as exc:
        return exc.kind, exc.reason


def test_both_columns_are_printed():
    console = Console(width=120, record=True, file=io.StringIO())
    side_by_side.show_rows(draw.scenario("gen_server", SEED, 1), console)
    text = console.export_text()
    assert "gen_server:start" in text
    assert "gen_server.start" in text
