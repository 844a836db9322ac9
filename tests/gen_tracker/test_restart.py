"""The restart option: who is restarted, when, and what stays."""

from itertools import pairwise

import pytest

import erlsim
import gen_tracker
from erlsim import erlang, ets, timer
from erlsim.otp import gen_server, proc_lib, supervisor
from gen_tracker import tables
from gen_tracker.restarting import next_delay
from tests.gen_tracker.kit import (
    ZONE,
    gone,
    idle,
    in_background,
    mailbox,
    now,
    opened,
    result_of,
    spec,
    tracker,
)

pytestmark = pytest.mark.usefixtures("trapping_exits")

ON = {"restart": True}


async def ended(pid, reason):
    """Have a child end, and everybody notice: what is found in its place."""
    erlang.send(pid, ("exit", reason)) if reason != "kill" else erlang.exit(pid, "kill")
    await gone(pid)
    await gen_tracker.wait(ZONE)
    return gen_tracker.find(ZONE, "tv")


REASONS = ["normal", "shutdown", ("shutdown", 1), "oops", "kill"]


@pytest.mark.parametrize("options", [None, {}, {"restart": False}])
async def test_without_the_option_nobody_is_restarted(options):
    await tracker(options)
    for restart in ("temporary", "transient", "permanent"):
        assert await ended(await opened("tv", restart=restart), "oops") == "undefined"


@pytest.mark.parametrize("reason", REASONS)
async def test_a_temporary_child_is_forgotten(reason):
    await tracker(ON)
    assert await ended(await opened("tv"), reason) == "undefined"
    assert gen_tracker.which_children(ZONE) == []


@pytest.mark.parametrize("reason", REASONS)
async def test_a_transient_child_is_restarted_unless_it_ended_normally(reason):
    await tracker(ON)
    old = await opened("tv", restart="transient")
    found = await ended(old, reason)
    assert (found == "undefined") == (reason == "normal")
    assert found != ("ok", old)


@pytest.mark.parametrize("reason", REASONS)
async def test_a_permanent_child_is_always_restarted_at_once(reason):
    await tracker(ON)
    old = await opened("tv", restart="permanent")
    ok, new = await ended(old, reason)
    assert (ok, new != old, now()) == ("ok", True, 0)
    assert await supervisor.which_children(ZONE) == [("tv", new, "worker", [])]


async def test_there_is_no_throttling():
    await tracker(ON)
    pid = await opened("tv", restart="permanent")
    for _ in range(200):
        ok, pid = await ended(pid, "oops")
    assert now() == 0


def test_a_child_that_dies_at_once_for_ever_makes_time_stand_still():
    async def main():
        await tracker(ON)
        await opened("tv", function="start_mortal", restart="permanent")
        await timer.sleep(1)

    with pytest.raises(erlsim.Livelock):
        erlsim.run(main, max_steps_per_instant=10_000)


async def test_attributes_stay_through_a_restart_and_after_terminate_does_not_run():
    await tracker(ON)
    old = await opened("tv", "trk_kid3", restart="permanent")
    await gen_tracker.setattr(ZONE, "tv", [("report_to", erlang.self()), ("k", 1)])
    erlang.exit(old, "kill")
    await gone(old)
    await gen_tracker.wait(ZONE)
    assert gen_tracker.getattr(ZONE, "tv", "k") == ("ok", 1)
    assert await mailbox() == []
    assert await supervisor.delete_child(ZONE, "tv") == "ok"
    assert await mailbox() == [("after", "tv", [("k", 1)], "shutdown")]


async def test_a_transient_child_that_cannot_be_restarted_is_forgotten():
    await tracker(ON)
    old = await flaky([True, False], "transient")
    assert await ended(old, "oops") == "undefined"
    assert gen_tracker.which_children(ZONE) == []
    assert await mailbox() == [("starting", 0), ("starting", 0)]


async def flaky(outcomes, restart="permanent", shutdown=200, takes=0):
    """A child whose start function tells when it is called, takes so many ms and fails where `outcomes` has False."""
    ets.new("outcomes", ["public", "named_table"])
    ets.insert("outcomes", list(enumerate(outcomes)))
    return await opened("tv", "trk_plain", "flaky", [erlang.self(), takes], restart, shutdown)


def test_delays_grow_by_150_ms_from_50_and_begin_again_past_5000():
    delays, delay = [], "undefined"
    for _ in range(38):
        delay = next_delay(delay)
        delays.append(delay)
    assert delays[:4] == [50, 200, 350, 500]
    assert delays[32:38] == [4850, 5000, 5150, 50, 200, 350]


async def test_a_permanent_child_is_tried_again_to_the_millisecond():
    await tracker(ON)
    erlang.exit(await flaky([True] + [False] * 40), "kill")
    await timer.sleep(300_000)
    tries = [when for _, when in await mailbox()]
    pauses = [late - early for early, late in pairwise(tries[1:])]
    assert pauses == [*range(50, 5151, 150), 50, 200, 350, 500, 650]
    assert gen_tracker.find(ZONE, "tv")[0] == "ok"


async def test_no_message_brings_the_next_try_forward():
    await tracker(ON)
    erlang.exit(await flaky([True, False, False, False, True]), "kill")
    (proxy,) = [ets.lookup_element(ZONE, "tv", tables.PROXY + 1)]
    for _ in range(700):
        erlang.send(proxy, "anything")
        await timer.sleep(1)
    assert [when for _, when in await mailbox()] == [0, 0, 50, 250, 600]


async def test_the_delays_begin_anew_with_every_death():
    await tracker(ON)
    pid = await flaky([True, False, False, True, False, True])
    for _ in range(2):
        erlang.exit(pid, "kill")
        await timer.sleep(1000)
        ok, pid = gen_tracker.find(ZONE, "tv")
    assert [when for _, when in await mailbox()] == [0, 0, 50, 250, 1000, 1050]


async def test_between_two_tries_the_child_is_restarting_and_registered():
    await tracker(ON)
    old = await flaky([True, False, False])
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    erlang.exit(old, "kill")
    await timer.sleep(10)
    assert gen_tracker.which_children(ZONE) == [("tv", "restarting", "worker", [])]
    assert gen_tracker.find(ZONE, "tv") == "undefined"
    assert gen_tracker.list(ZONE) == []
    assert await gen_tracker.setattr(ZONE, "tv", "j", 2) == "ok"
    assert await gen_tracker.add_existing_child(ZONE, ("tv", erlang.self(), "worker", [])) == ("error", "restarting")
    await timer.sleep(250)
    assert gen_tracker.find(ZONE, "tv")[0] == "ok"
    assert gen_tracker.attrs(ZONE, "tv") == [("k", 1), ("j", 2)]


async def test_who_opens_a_child_that_is_restarting_gets_what_the_next_try_brings():
    await tracker(ON)
    erlang.exit(await flaky([True, False, False]), "kill")
    await timer.sleep(10)
    first = [await in_background(gen_tracker.find_or_open, ZONE, spec("tv")) for _ in range(2)]
    assert [await result_of(each) for each in first] == [(("error", "flaky"), 50)] * 2
    second = [await in_background(gen_tracker.find_or_open, ZONE, spec("tv")) for _ in range(2)]
    assert [await result_of(each) for each in second] == [(gen_tracker.find(ZONE, "tv"), 250)] * 2
    assert gen_tracker.find(ZONE, "tv")[0] == "ok"


async def test_a_slow_restart_is_launching_and_waited_for():
    await tracker(ON)
    old = await opened("tv", function="start_after", args=[100], restart="permanent")
    erlang.exit(old, "kill")
    await timer.sleep(10)
    assert gen_tracker.which_children(ZONE) == [("tv", "launching", "worker", [])]
    (ok, new), when = await result_of(await in_background(gen_tracker.find_or_open, ZONE, spec("tv")))
    assert (ok, when, new != old) == ("ok", 200, True)


async def test_waiting_for_the_tracker_is_not_waiting_for_a_slow_restart():
    await tracker(ON)
    erlang.exit(await opened("tv", function="start_after", args=[100], restart="permanent"), "kill")
    before = now()
    assert await gen_tracker.wait(ZONE) == "ok"
    assert now() == before
    assert gen_tracker.which_children(ZONE) == [("tv", "launching", "worker", [])]


async def test_who_waits_for_a_transient_child_that_is_given_up_gets_a_new_one():
    await tracker(ON)
    erlang.exit(await flaky([True, False], "transient", takes=100), "kill")
    await timer.sleep(10)
    assert gen_tracker.which_children(ZONE) == [("tv", "launching", "worker", [])]
    waiting = await in_background(gen_tracker.find_or_open, ZONE, spec("tv", function="start_after", args=[100]))
    assert await result_of(waiting) == (gen_tracker.find(ZONE, "tv"), 300)


async def test_the_first_start_is_not_tried_again():
    await tracker(ON)
    failing = spec("tv", function="give", args=[("error", "no_luck")], restart="permanent")
    assert await gen_tracker.find_or_open(ZONE, failing) == ("error", "no_luck")
    await timer.sleep(10_000)
    assert gen_tracker.which_children(ZONE) == []


@pytest.mark.parametrize("shutdown", [200, "brutal_kill", "infinity"])
@pytest.mark.parametrize("how", ["delete", "call", "signal"])
async def test_who_is_ended_on_purpose_is_not_restarted(how, shutdown):
    pid = await tracker(ON)
    child = await opened("tv", "trk_kid3", restart="permanent", shutdown=shutdown)
    await gen_tracker.setattr(ZONE, "tv", "report_to", erlang.self())
    if how == "delete":
        assert await supervisor.delete_child(ZONE, "tv") == "ok"
    elif how == "call":
        assert await gen_server.call(ZONE, "shutdown") == "ok"
    else:
        erlang.exit(pid, "shutdown")
        await gone(pid)
    assert now() == 0
    await timer.sleep(1000)
    assert not erlang.is_process_alive(child)
    if how == "delete":
        assert gen_tracker.which_children(ZONE) == []
        assert len(await mailbox()) == 1


@pytest.mark.parametrize(("shutdown", "until"), [(200, 10), ("brutal_kill", 110), ("infinity", 10)])
async def test_a_child_that_is_restarting_can_be_deleted(shutdown, until):
    await tracker(ON)
    erlang.exit(await flaky([True] + [False] * 100, shutdown=shutdown), "kill")
    await timer.sleep(10)
    assert await supervisor.delete_child(ZONE, "tv") == "ok"
    assert now() == until
    assert gen_tracker.which_children(ZONE) == []
    await mailbox()
    await timer.sleep(10_000)
    assert await mailbox() == []


async def test_a_tracker_that_exits_does_not_wait_for_the_next_try():
    pid = await tracker(ON)
    erlang.exit(await flaky([True] + [False] * 100), "kill")
    await timer.sleep(10_000)
    before = now()
    erlang.exit(pid, "shutdown")
    assert await gone(pid) == "shutdown"
    assert now() == before


async def test_a_child_that_was_added_is_forgotten():
    await tracker(ON)
    pid = erlang.spawn(idle)
    await gen_tracker.add_existing_child(ZONE, ("tv", pid, "worker", []))
    assert await ended(pid, "oops") == "undefined"


async def test_between_two_tries_a_proxy_answers_who_acknowledges_through_it():
    await tracker(ON)
    me, outcomes = erlang.self(), [True, False, True]

    async def acknowledges():
        erlang.put("$ancestors", erlang.get("$ancestors"))
        await timer.sleep(10)
        erlang.send(me, (await gen_tracker.init_ack("ignored"), now()))

    @erlsim.module(name="trk_late")
    class Late:
        async def start():
            if outcomes.pop(0):
                return ("ok", erlang.spawn_link(idle))
            proc_lib.spawn(acknowledges)
            return ("error", "later")

    erlang.exit(await opened("tv", Late, restart="permanent"), "kill")
    assert await erlang.receive(after=1000) == ("ok", 10)
    await timer.sleep(30)
    assert gen_tracker.find(ZONE, "tv") == "undefined"
    await timer.sleep(10)
    assert gen_tracker.find(ZONE, "tv")[0] == "ok"


@pytest.mark.parametrize("options", [ON, {"tidy": True}, None])
@pytest.mark.parametrize("newer", [True, False])
async def test_a_child_whose_row_has_passed_to_another_process_is_that_ones_matter(options, newer):
    await tracker(options)
    stranger = None if newer else erlang.spawn(idle)
    pid = await opened("tv", "trk_kid3", restart="permanent")
    await gen_tracker.setattr(ZONE, "tv", "report_to", erlang.self())
    stranger = erlang.spawn(idle) if stranger is None else stranger
    ets.update_element(ZONE, "tv", (tables.position(tables.PROXY), stranger))
    erlang.exit(pid, "kill")
    await timer.sleep(1)
    assert gen_tracker.which_children(ZONE) == [("tv", pid, "worker", [])]
    assert await mailbox() == []


async def test_the_row_tells_how_long_the_wait_for_the_next_try_is():
    await tracker(ON)
    erlang.exit(await flaky([True, False, False, True]), "kill")
    seen = []
    for ms in (10, 50, 200):
        await timer.sleep(ms)
        ((*before, delay, shutdown, _, state),) = ets.lookup(ZONE, "tv")
        seen.append((delay, shutdown, state if isinstance(state, str) else "up"))
    assert before[-1] == "undefined"
    assert seen == [(50, 200, "restarting"), (200, 200, "restarting"), ("undefined", 200, "up")]


def test_each_failed_restart_is_logged_with_the_restart_type():
    logged = {"zone": ZONE, "name": "tv", "spawn_error": ("error", "flaky")}
    for restart, tries in (("permanent", 2), ("transient", 1)):

        async def main(restart=restart):
            erlang.process_flag("trap_exit", True)
            await tracker(ON)
            erlang.exit(await flaky([True, False, False], restart), "kill")
            await timer.sleep(1000)

        sim = erlsim.Simulation()
        sim.run(main)
        reports = [each.report for each in sim.reports if each.level == "error"]
        assert reports == [{**logged, "restart_type": restart}] * tries
