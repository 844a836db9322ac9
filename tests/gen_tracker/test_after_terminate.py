"""What happens between a child's death and the end of its rows."""

import pytest

import erlsim
import gen_tracker
from erlsim import erlang, timer
from erlsim.otp import gen_server, logger, supervisor
from tests.gen_tracker.kit import (
    ZONE,
    gone,
    idle,
    in_background,
    mailbox,
    now,
    opened,
    proxy_of,
    result_of,
    spec,
    tracker,
)

pytestmark = pytest.mark.usefixtures("trapping_exits")


async def doomed(module="trk_kid", name="tv", **attrs):
    """A child that reports here."""
    pid = await opened(name, module)
    await gen_tracker.setattr(ZONE, name, [("report_to", erlang.self()), ("k", 1), *attrs.items()])
    return pid


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", "why"), "oops"])
@pytest.mark.erlsim(crashes=True)
async def test_it_is_told_name_attributes_and_if_it_takes_it_the_reason(reason):
    await tracker()
    erlang.send(await doomed("trk_kid"), ("stop", reason))
    assert await erlang.receive(after=10) == ("after", "tv", [("k", 1)])
    erlang.send(await doomed("trk_kid3"), ("stop", reason))
    assert await erlang.receive(after=10) == ("after", "tv", [("k", 1)], reason)
    assert gen_tracker.attrs(ZONE, "tv") == []


async def test_a_module_without_it_and_a_child_that_was_added_need_none():
    await tracker()
    added = erlang.spawn(idle)
    await gen_tracker.add_existing_child(ZONE, ("added", added, "worker", []))
    for pid in (added, await opened("tv")):
        erlang.exit(pid, "kill")
        await gone(pid)
    await gen_tracker.wait(ZONE)
    assert gen_tracker.which_children(ZONE) == []


async def test_while_it_runs_the_child_is_terminating_and_keeps_its_attributes():
    await tracker()
    pid = await doomed(take=100)
    erlang.exit(pid, "kill")
    await timer.sleep(50)
    assert gen_tracker.which_children(ZONE) == [("tv", "terminating", "worker", [])]
    assert gen_tracker.find(ZONE, "tv") == "undefined"
    assert gen_tracker.list(ZONE) == []
    assert gen_tracker.getattr(ZONE, "tv", "k") == ("ok", 1)
    assert gen_tracker.increment(ZONE, "tv", "k", 1) == 2
    with pytest.raises(erlsim.Error, match="void_setting"):
        await gen_tracker.setattr(ZONE, "tv", "j", 1)
    assert await gen_tracker.add_existing_child(ZONE, ("tv", erlang.self(), "worker", [])) == ("error", "terminating")
    await timer.sleep(60)
    assert (gen_tracker.which_children(ZONE), gen_tracker.attrs(ZONE, "tv")) == ([], [])


async def test_who_asks_for_the_name_meanwhile_waits_for_the_new_child():
    await tracker()
    old = await doomed(take=100)
    erlang.exit(old, "kill")
    await timer.sleep(10)
    counted = spec("tv", function="counted", args=[erlang.self()])
    waiting = [await in_background(gen_tracker.find_or_open, ZONE, counted) for _ in range(3)]
    answers = [await result_of(each) for each in waiting]
    assert answers == [(gen_tracker.find(ZONE, "tv"), 100)] * 3
    assert await mailbox() == [("after", "tv", [("k", 1)]), ("starting", 100)]
    assert gen_tracker.attrs(ZONE, "tv") == []


async def test_the_tracker_goes_on_while_it_waits_for_a_message():
    await tracker()
    pid = await doomed(take=10_000)
    erlang.send(pid, ("stop", "normal"))
    await gone(pid)
    assert await gen_server.call(ZONE, "wait", 50) == "ok"
    assert await gen_tracker.wait(ZONE) == "ok"
    assert now() == 0
    assert await erlang.receive(after=20_000) == ("after", "tv", [("k", 1)])


def test_an_error_in_it_is_logged_and_the_rows_go_all_the_same():
    async def main():
        logger.set_primary_config("level", "info")
        await tracker()
        erlang.exit(await doomed(fail="oh"), "kill")
        await gen_tracker.wait(ZONE)
        assert await erlang.receive() == ("after", "tv", [("k", 1)])
        assert (gen_tracker.which_children(ZONE), gen_tracker.attrs(ZONE, "tv")) == ([], [])
        await opened("tv")

    sim = erlsim.Simulation()
    sim.run(main)
    (report,) = [each.report for each in sim.reports if isinstance(each.report, dict) and "zone" in each.report]
    assert {**report, "stacktrace": []} == {
        "zone": ZONE,
        "name": "tv",
        "after_terminate_error": "oh",
        "stacktrace": [],
    }


async def test_other_children_die_and_are_cleared_up_at_the_same_time():
    await tracker()
    for name in ("a", "b", "c"):
        erlang.exit(await doomed(name=name, take=100), "kill")
    await timer.sleep(101)
    assert len(await mailbox()) == 3
    assert gen_tracker.which_children(ZONE) == []


async def test_a_child_that_is_terminating_can_be_deleted_and_has_its_shutdown_time_for_it():
    await tracker()
    for take, until in ((100, 100), (300, 200)):
        start = now()
        erlang.exit(await doomed(take=take), "kill")
        await timer.sleep(0)
        await gen_tracker.wait(ZONE)
        assert await supervisor.delete_child(ZONE, "tv") == "ok"
        assert now() - start == until
        assert (gen_tracker.which_children(ZONE), gen_tracker.attrs(ZONE, "tv")) == ([], [])


async def test_a_child_whose_proxy_is_killed_gets_another_one():
    await tracker()
    pid = erlang.spawn(idle)
    await gen_tracker.add_existing_child(ZONE, ("tv", pid, "worker", []))
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    for _ in range(2):
        erlang.exit(proxy_of("tv"), "kill")
        await gen_tracker.wait(ZONE)
        await timer.sleep(1)
        assert gen_tracker.find(ZONE, "tv") == ("ok", pid)
    erlang.exit(pid, "kill")
    await gen_tracker.wait(ZONE)
    assert (gen_tracker.which_children(ZONE), gen_tracker.attrs(ZONE, "tv")) == ([], [])


async def test_a_child_that_dies_with_its_proxy_is_cleared_up_by_another():
    await tracker()
    await doomed("trk_kid3")
    erlang.exit(proxy_of("tv"), "kill")
    await timer.sleep(1)
    assert await mailbox() == [("after", "tv", [("k", 1)], "noproc")]
    assert (gen_tracker.which_children(ZONE), gen_tracker.attrs(ZONE, "tv")) == ([], [])


async def test_a_proxy_that_is_killed_in_it_leaves_no_rows():
    await tracker()
    pid = await doomed(take=10_000)
    proxy = proxy_of("tv")
    erlang.exit(pid, "kill")
    await timer.sleep(1)
    waiting = await in_background(gen_tracker.find_or_open, ZONE, spec("tv"))
    await timer.sleep(1)
    erlang.exit(proxy, "kill")
    (ok, fresh), when = await result_of(waiting)
    assert (ok, when) == ("ok", 2)
    assert gen_tracker.attrs(ZONE, "tv") == []
