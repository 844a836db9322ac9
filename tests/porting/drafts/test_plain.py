"""Directors as OTP's own supervisors: where the plan allows it, with notes on what is lost."""

from __future__ import annotations

import textwrap

import pytest

from erlsim.porting.drafts import draft
from erlsim.porting.drafts.checking import check
from erlsim.porting.scenarios import Scenario
from tests.porting.drafts.programs import ROOT, SOURCES

PROGRAM = """\
import director, erlsim
from erlsim.otp import gen_server


@erlsim.module(name="plain_worker")
class Worker:
    async def start_link(name):
        return await gen_server.start_link(("local", name), "plain_worker", name, [])

    def init(name):
        return ("ok", name)

    def handle_call(request, _from, name):
        return ("reply", name, name)


@erlsim.module(name="plain_pool")
class Pool:
    async def start_link():
        return await director.start_link(("local", "plain_pool"), "plain_pool", [])

    def init(_args):
        return ("ok", [{"id": "one", "start": ("plain_worker", "start_link", ["one"]), PLAN}])
"""


def ported(tmp_path, plan):
    """The port of a director with a plan."""
    (tmp_path / "plain_program.py").write_text(PROGRAM.replace("PLAN", plan), encoding="utf-8")
    return draft([tmp_path / "plain_program.py"], without_director=True)


def test_a_plan_of_restarts_is_a_permanent_child_and_as_many_crashes_as_it_stands(tmp_path):
    found = ported(tmp_path, '"plan": ["restart", ("restart", 100)], "count": 2, "terminate_timeout": 500')
    text = found.files["src/plain_pool.erl"]
    assert "-behaviour(supervisor)." in text
    assert "supervisor:start_link({local, plain_pool}, ?MODULE, [])" in text
    assert "#{strategy => one_for_one, intensity => 4, period => 3600}" in text
    assert "restart => permanent" in text
    assert "shutdown => 500" in text
    assert "plan" not in text.replace("plain", "")
    assert any("pauses before restarts are lost (100 ms)" in note for note in found.notes)
    assert any("4 crashes of all children together" in note for note in found.notes)


@pytest.mark.parametrize(
    "text",
    [
        PROGRAM.replace("PLAN", '"plan": PAUSES, "count": 2').replace("\n@", "\nPAUSES = [('restart', 100)]\n\n@", 1),
        PROGRAM.replace('return ("ok", [', 'pauses = [("restart", 100)]\n        return ("ok", [').replace(
            "PLAN", '"plan": pauses'
        ),
    ],
    ids=["constant", "variable"],
)
def test_a_plan_may_have_a_name_which_the_supervisor_has_no_use_for(tmp_path, text):
    (tmp_path / "plain_program.py").write_text(text, encoding="utf-8")
    found = draft([tmp_path / "plain_program.py"], without_director=True)
    text = found.files["src/plain_pool.erl"]
    assert "-behaviour(supervisor)." in text
    assert "PAUSES" not in text.upper()


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ('"plan": ["restart", "wait"]', "a plan of more than restarts"),
        ('"plan": ["restart"], "count": "infinity"', "a plan that never ends has no intensity"),
        ('"plan": [lambda reason, count: "restart"]', "a plan of more than restarts"),
        ('"append": True', "appended to a default one"),
    ],
)
def test_any_other_plan_stays_with_its_director_and_says_why(tmp_path, plan, why):
    found = ported(tmp_path, plan)
    assert "-behaviour(director)." in found.files["src/plain_pool.erl"]
    assert any(note.startswith("plain_pool stays a director") and why in note for note in found.notes)


def test_a_supervisor_in_a_directors_place_does_the_same_until_it_gives_up(tmp_path):
    found = ported(tmp_path, '"plan": ["restart"], "count": 2')
    found.write(tmp_path / "port")
    scenario = Scenario("crashes")
    scenario.start("plain_pool", name="Pool")
    for _ in range(2):
        scenario.kill(scenario.whereis("one"))
        scenario.call("gen_server", "call", "one", "who", expect="one")
    scenario.kill(scenario.whereis("one"))
    scenario.whereis("plain_pool", expect="undefined")
    (report,) = check(found, tmp_path / "port", [scenario])
    assert [str(each) for each in report.differences] == []


def test_what_is_lost_is_told_of_the_example_project_too():
    found = draft([ROOT / path for path in SOURCES["turnstile"]], without_director=True)
    assert "-behaviour(supervisor)." in found.files["src/connections.erl"]
    assert textwrap.dedent("intensity => 6") in found.files["src/connections.erl"]
    assert any("pauses" in note and "100, 1000 ms" in note for note in found.notes)
