"""Budgets: what a name's service was, as figures, as assertions, as pictures."""

from __future__ import annotations

import math
import xml.etree.ElementTree as etree

import pytest

import director
import erlsim
from erlsim import erlang, testing, timer
from erlsim.errors import ErlsimError
from erlsim.lab.questions import WrongQuestion
from erlsim.otp import gen_server, supervisor
from tests.lab.kit import LabTree, sup, worker


@erlsim.module(name="lab_slow")
class Slow:
    """It takes as many ms to answer as it is asked for."""

    async def start_link():
        return await gen_server.start_link(("local", "slow_server"), "lab_slow", [], [])

    def init(_):
        return ("ok", [])

    async def handle_call(ms, _from, state):
        await timer.sleep(ms)
        return ("reply", ms, state)

    async def handle_cast(ms, state):
        await timer.sleep(ms)
        return ("noreply", state)


@erlsim.module(name="lab_slow_boss")
class Boss:
    def init(plan):
        return ("ok", [{"id": "slow", "start": ("lab_slow", "start_link"), "plan": plan, "count": 5}])


def under(plan, program):
    """A simulation in which a director runs the slow server while `program` does something to it."""

    async def main():
        await timer.sleep(1_000)
        await director.start_link("lab_slow_boss", plan)
        await program()

    sim = erlsim.Simulation()
    sim.run(main)
    return sim


async def killed_twice():
    for _ in range(2):
        await timer.sleep(100)
        erlang.exit(erlang.whereis("slow_server"), "kill")
        await timer.sleep(400)


def test_availability_is_the_share_of_time_from_the_first_start_to_now():
    sim = under([("restart", 50), ("restart", 150)], killed_twice)
    found = sim.availability("slow")
    assert found == (1_000 - 200) / 1_000
    assert [tuple(each) for each in found.outages] == [(1_100, 1_150, "killed"), (1_600, 1_750, "killed")]
    assert found.away == 200
    service = sim.service("slow")
    assert (service.restarts, service.repairs) == (2, (50, 150))
    assert (service.time_to_repair, service.longest_repair) == (100, 150)


def test_another_time_can_be_asked_for():
    sim = under([("restart", 50), ("restart", 150)], killed_twice)
    assert sim.availability("slow", start=1_500, end=1_700) == 0.5
    assert sim.availability("slow", start=0, end=1_000) == 0
    assert sim.availability("slow", start=500, end=1_500) == (1_000 - 500 - 50) / 1_000
    assert sim.service("slow", start=1_200).restarts == 1


def test_who_is_not_back_is_away_to_the_end_and_its_repair_has_no_end():
    sim = under(["wait"], killed_twice_at_most)
    service = sim.service("slow")
    assert service.availability == 0.2
    assert service.longest_repair == service.time_to_repair == math.inf
    assert "not back from 1,100 ms on (killed)" in repr(service.availability)


async def killed_twice_at_most():
    await timer.sleep(100)
    erlang.exit(erlang.whereis("slow_server"), "kill")
    await timer.sleep(400)


def test_a_restart_that_takes_no_time_is_a_restart_and_no_outage():
    async def main():
        await LabTree.start(sup("top", "one_for_one", [worker("a")]))
        await timer.sleep(10)
        erlang.exit(erlang.whereis("a"), "kill")
        await timer.sleep(10)

    sim = erlsim.Simulation()
    sim.run(main)
    service = sim.service("a")
    assert (service.availability, service.restarts, service.outages) == (1.0, 1, ())


def test_a_registered_name_that_is_nobodys_child_serves_from_its_registration():
    async def main():
        pid = erlang.spawn(lambda: timer.sleep(100))
        await timer.sleep(20)
        erlang.register("loner", pid)
        await timer.sleep(180)

    sim = erlsim.Simulation()
    sim.run(main)
    assert sim.availability("loner") == 80 / 180


async def calls():
    for ms in (10, 20, 30, 400):
        await gen_server.call("slow_server", ms)
    with pytest.raises(erlsim.Exit, match="timeout"):
        await gen_server.call("slow_server", 300, 100)
    for _ in range(7):
        gen_server.cast("slow_server", 10)
    await timer.sleep(1_000)


def test_latency_is_that_of_the_calls_that_were_answered_and_the_others_are_counted():
    latency = under([], calls).service("slow").latency
    assert latency.values == (10, 20, 30, 400)
    assert (latency.p50, latency.percentile(0.75), latency.p95, latency.longest) == (20, 30, 400, 400)
    assert latency.failures() == {"timeout": 1}


def test_a_mailbox_has_a_high_water_mark_and_a_moment_for_it():
    mark = under([], calls).service("slow").mailbox
    # The seven casts wait while it is busy with the call that was given up.
    assert (mark, mark.at) == (7, 1_560)


def test_a_budget_that_is_kept_gives_the_service_and_one_that_is_not_lists_all_that_is_over():
    sim = under([("restart", 50), ("restart", 150)], killed_twice)
    with sim:
        assert testing.budget("slow", availability=0.8, repair=150, restarts=2, mailbox=1, latency=0).restarts == 2
        with pytest.raises(AssertionError) as over:
            testing.budget("slow", availability=0.9, repair=100, restarts=1)
    assert str(over.value).splitlines() == [
        "slow is over its budget",
        "  availability 0.8 (slow was away 200 of 1,000 ms: 50 ms from 1,100 ms on (killed); "
        "150 ms from 1,600 ms on (killed)) is less than 0.9",
        "  time to repair: 150 ms from 1,600 ms on (killed) is more than 100 ms",
        "  restarts: 2, more than 1",
    ]


def test_a_budget_of_latency_mailbox_and_failures_tells_how_many_are_over():
    with under([], calls), pytest.raises(AssertionError) as over:
        testing.budget("slow", latency={0.5: 20, 0.99: 50}, mailbox=5, failed=0)
    assert str(over.value).splitlines() == [
        "slow is over its budget",
        "  mailbox: 7 (messages waiting for slow at 1,560 ms), more than 5",
        "  latency: 0.99 of the calls took up to 400 ms, more than 50 ms (1 of 4 took longer)",
        "  calls that failed: 1, more than 0 (1 timeout)",
    ]


def test_a_name_that_never_was_is_told_with_those_that_were():
    sim = under([], calls)
    with pytest.raises(ErlsimError, match=r"nobody was ever called slwo in this trace; .* did you mean 'slow'"):
        sim.availability("slwo")
    with pytest.raises(ErlsimError, match="there is no time from 5000 to"):
        sim.availability("slow", start=5_000)


@pytest.mark.parametrize("wrong", [{"availability": 99.9}, {"latency": {99: 50}}])
def test_a_budget_that_makes_no_sense_is_refused(wrong):
    with under([], calls), pytest.raises(WrongQuestion, match="99"):
        testing.budget("slow", **wrong)


def test_each_figure_has_a_picture():
    service = under([("restart", 50)], killed_twice).service("slow")
    busy = under([], calls).service("slow")
    for drawn in (service.availability.svg(), busy.mailbox.svg(), busy.latency.svg()):
        assert etree.fromstring(drawn).tag.endswith("svg")
    assert service.availability.svg().count('class="down"') == 2
    assert busy.latency.svg().count('class="waiting"') == 3


def test_supervisors_have_their_service_too():
    async def main():
        await supervisor.start_link(("local", "top"), "lab_tree", sup("top", "one_for_one", []))
        await timer.sleep(100)

    sim = erlsim.Simulation()
    sim.run(main)
    assert sim.availability("top") == 1.0
