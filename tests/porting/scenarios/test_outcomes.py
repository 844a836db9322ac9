"""A prototype and its port have the same set of outcomes, under every schedule."""

from __future__ import annotations

from pathlib import Path

import pytest

import erlsim
from erlsim import ets
from erlsim.porting.scenarios import Scenario, compare_outcomes, load

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "port"

PORT = """\
-module(claims).
-export([new/0, take/1]).
new() -> ets:new(claims, [named_table, public]).
take(What) -> ets:insert_new(claims, {What, taken}).
"""
# Between looking and taking somebody else may look.
RACY = PORT.replace(
    "ets:insert_new(claims, {What, taken}).",
    "case ets:lookup(claims, What) of [] -> ets:insert(claims, {What, taken}); _ -> false end.",
)


class Prototype:
    """What is taken is not taken again."""

    def new():
        return ets.new("claims", ["named_table", "public"])

    def take(what):
        return ets.insert_new("claims", (what, "taken"))


erlsim.module(name="claims_prototype")(Prototype)


@pytest.fixture
def two_claims():
    s = Scenario("two want one thing", python={"claims": Prototype})
    s.call("claims", "new")
    s.race(("claims", "take", "it"), ("claims", "take", "it"))
    return s


@pytest.fixture
def port(tmp_path):
    def write(text):
        (tmp_path / "claims.erl").write_text(text)
        return tmp_path

    return write


def test_a_port_with_the_same_outcomes_is_equal_and_no_other_exists(two_claims, port):
    sets = compare_outcomes(two_claims, port=port(PORT))
    assert sets.equal
    assert sets.complete
    assert str(sets) == (
        "two want one thing: the same 2 outcomes on python (all 2 interleavings) and erlsim (all 2 interleavings); "
        "no other exists"
    )


def test_an_outcome_that_only_the_port_has_is_told_of_with_its_step_and_schedule(two_claims, port):
    sets = compare_outcomes(two_claims, port=port(RACY))
    (only,) = sets.only
    assert (only.world, only.other, only.step) == ("erlsim", "python", 2)
    assert only.shown == "{<P1>,{ok,true}}\n{<P2>,{ok,true}}"
    assert "only erlsim comes to this, python did not" in str(sets)
    assert sets.to_json()["outcomes"] == {"python": 2, "erlsim": 3}


def test_drawn_schedules_find_it_too_and_claim_less(two_claims, port):
    sets = compare_outcomes(two_claims, port=port(RACY), schedules=60)
    assert not sets.equal
    assert not sets.complete
    assert compare_outcomes(two_claims, port=port(PORT), schedules=60).sentence().endswith("others may exist")


def test_a_search_that_is_cut_short_says_so(two_claims, port):
    sets = compare_outcomes(two_claims, port=port(PORT), max_runs=1)
    assert not sets.complete
    assert "others may exist" in str(sets)


@pytest.mark.parametrize("scenario", load(EXAMPLE / "races.scenario"), ids=lambda each: each.name)
def test_the_example_has_the_same_outcomes_under_every_schedule(scenario):
    sets = compare_outcomes(scenario, port=EXAMPLE / "erlang" / "src")
    assert (sets.equal, sets.complete) == (True, True), str(sets)
