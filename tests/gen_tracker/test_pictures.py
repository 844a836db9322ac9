"""What pictures show of a tracker's children: their states, and how often they were started again."""

import pytest

import erlsim
import gen_tracker
from erlsim import erlang, ets, timer
from erlsim.otp import gen_server, supervisor
from tests.gen_tracker.kit import ZONE, idle, opened, spec, tracker

pytestmark = pytest.mark.usefixtures("trapping_exits")


def shown(sim):
    """The children as a picture of now shows them, which is what the trace tells of now."""
    tree = sim.tree()
    assert sim.trace.at(len(sim.trace) - 1).tree == tree
    return [(each.id, each.state, each.restarts) for each in tree.find(ZONE).children if each.id is not None]


async def test_pictures_tell_each_state_of_a_child(sim):
    await tracker({"restart": True})
    outcomes = [("ok", 0), ("error", "no"), ("ok", 100)]

    @erlsim.module(name="trk_states")
    class States:
        async def start():
            outcome, ms = outcomes.pop(0)
            if outcome == "error":
                return ("error", ms)
            await timer.sleep(ms)
            return ("ok", erlang.spawn_link(idle))

        async def after_terminate(name, attrs):
            await timer.sleep(100)

    child = await opened("tv", States, restart="permanent")
    seen = [shown(sim)]
    erlang.exit(child, "kill")
    for ms in (10, 50, 100):
        await timer.sleep(ms)
        seen += [shown(sim)]
    erlang.spawn(supervisor.delete_child, [ZONE, "tv"])
    for ms in (10, 200):
        await timer.sleep(ms)
        seen += [shown(sim)]
    states = [("running", 0), ("restarting", 0), ("launching", 0), ("running", 1), ("terminating", 1)]
    assert seen == [[("tv", *state)] for state in states] + [[]]


async def test_pictures_have_children_by_name_and_forget_them_with_their_restarts(sim):
    await tracker({"restart": True})
    for name in ("c", "a", "b"):
        await opened(name, restart="permanent")
    for name in ("a", "c"):
        erlang.exit(gen_tracker.find(ZONE, name)[1], "kill")
        await timer.sleep(1)
    assert shown(sim) == [("a", "running", 1), ("b", "running", 0), ("c", "running", 1)]
    for name in ("a", "b"):
        await supervisor.delete_child(ZONE, name)
    assert shown(sim) == [("c", "running", 1)]
    await opened("a", restart="permanent")
    assert shown(sim) == [("a", "running", 0), ("c", "running", 1)]


async def test_pictures_show_a_child_that_was_added_and_one_that_fails_to_start(sim):
    await tracker()
    await gen_tracker.add_existing_child(ZONE, ("n", erlang.spawn(idle), "worker", []))
    erlang.spawn(gen_tracker.find_or_open, [ZONE, spec("tv", function="fail_after", args=[10, "no"])])
    await timer.sleep(5)
    assert shown(sim) == [("n", "running", 0), ("tv", "launching", 0)]
    await timer.sleep(10)
    assert shown(sim) == [("n", "running", 0)]


@pytest.mark.parametrize("options", [None, {"tidy": True}, {"restart": True}])
async def test_children_that_do_not_end_in_time_are_gone_from_pictures_with_the_others(options, sim):
    await tracker(options)
    for name in ("a", "b", "c"):
        await opened(name, "trk_kid3", shutdown=50)
        await gen_tracker.setattr(ZONE, name, "take", 1000 if name != "b" else 10)
    assert await gen_server.call(ZONE, "shutdown") == "ok"
    told = [(sim.now, *event.data[:2]) for event in sim.trace if event.kind == "child"]
    assert [each for each in told if each[2] == "deleted"] == [(50, name, "deleted") for name in "bac"]


async def test_a_tracker_whose_table_somebody_has_deleted_shows_no_children(sim):
    await tracker()
    await opened("tv")
    ets.delete(ZONE)
    assert [each.id for each in sim.tree().find(ZONE).children if each.id is not None] == []
