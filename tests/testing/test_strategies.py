"""What the strategies generate is accepted, survives printing, and finds bugs that need a schedule."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import director
import erlsim
from erlsim import Simulation, terms
from erlsim.otp import supervisor
from erlsim.testing import Deviate, run_once
from erlsim.testing.strategies import (
    AUTO_SHUTDOWNS,
    atoms,
    child_specs,
    crash_schedules,
    director_specs,
    message_scripts,
    plans,
    schedule_choosers,
    supervisor_flags,
    terms_,
)
from tests.testing.planted import BUGS, lost_update

# To explain a failure hypothesis traces every line of it, many times over.
phases = set(Phase) - {Phase.explain}
few = settings(database=None, deadline=None, derandomize=True, max_examples=60, phases=phases)


@erlsim.module(name="strategies_top")
class Top:
    def init(answer):
        return ("ok", answer)


@few
@given(terms_())
def test_terms_survive_printing_and_reading(term):
    assert terms.exact_eq(terms.parse(terms.format("~tp", [term])), term)


@few
@given(atoms())
def test_atoms_are_strings_and_booleans(atom):
    assert type(atom) in (str, bool)


@few
@given(supervisor_flags(strategies=("one_for_one", "one_for_all", "rest_for_one")))
def test_a_supervisor_starts_with_generated_flags(flags):
    async def shell():
        return await supervisor.start_link(Top, (flags, []))

    assert Simulation().run(shell)[0] == "ok"


@few
@given(st.data(), st.sampled_from(AUTO_SHUTDOWNS))
def test_a_supervisor_accepts_generated_child_specs(data, auto_shutdown):
    specs = data.draw(child_specs(auto_shutdown=auto_shutdown))
    assert supervisor.check_childspecs(specs, auto_shutdown) == "ok"


def test_an_unknown_auto_shutdown_is_refused_when_the_strategy_is_made():
    with pytest.raises(erlsim.ErlsimError, match="auto_shutdown is one of"):
        child_specs(auto_shutdown="sometimes")


@few
@given(director_specs())
def test_a_director_accepts_generated_childspecs(spec):
    assert director.check_childspec(spec) == "ok"


@few
@given(plans())
def test_a_director_accepts_generated_plans(plan):
    assert director.check_childspec({"id": "a", "start": ("worker", "start"), "plan": plan}) == "ok"


@few
@given(director_specs(), crash_schedules())
def test_a_timeline_takes_generated_specs_and_crashes(spec, crashes):
    assert len(director.timeline(spec, crashes).rows) <= len(crashes)


@few
@given(message_scripts(["one", "other"]))
def test_message_scripts_are_in_the_order_of_time(script):
    assert [at for at, _, _ in script] == sorted(at for at, _, _ in script)
    assert {to for _, to, _ in script} <= {"one", "other"}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found_and_shrunk_to_at_most_three_deviations(bug):
    options = settings(few, max_examples=300, derandomize=False)

    def shows(each):
        return bug.shows in run_once(bug.planted, each).outcome

    chooser = find(schedule_choosers(), shows, settings=options, random=Random(0))
    assert 1 <= len(chooser.answers) <= 3
    assert bug.shows in run_once(bug.planted, eval(repr(chooser), {"Deviate": Deviate})).outcome


@few
@given(schedule_choosers())
def test_a_program_without_a_bug_passes_under_drawn_schedules(chooser):
    assert not run_once(lambda: lost_update(False), chooser).failed


def test_the_simplest_drawn_schedule_is_first_in_first_out():
    chooser = find(schedule_choosers(), lambda each: bool(run_once(lambda: lost_update(True), each)), settings=few)
    assert repr(chooser) == "Deviate({})"


def test_a_schedule_of_no_questions_is_refused():
    with pytest.raises(erlsim.ErlsimError, match="not 0"):
        schedule_choosers(questions=0)


def test_a_falsifying_example_is_code_to_be_pasted():
    @settings(few, max_examples=300)
    @given(schedule_choosers())
    def no_update_is_lost(chooser):
        Simulation(chooser=chooser).run(lambda: lost_update(True))

    with pytest.raises(AssertionError, match="an update was lost") as failure:
        no_update_is_lost()
    notes = "\n".join(failure.value.__notes__)
    code = re.search(r"chooser=(Deviate\(.*?\))", notes)[1]
    with pytest.raises(AssertionError, match="an update was lost"):
        Simulation(chooser=eval(code)).run(lambda: lost_update(True))
