"""When a supervisor restarts a child, whom else it restarts, and when it gives up."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import supervisor
from erlsim.otp.supervisor.state import Restarts
from tests.otp.supervisor.kit import crash, flaky, heard, ids, in_restart_loop, kid, pid_of, shown, start

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]

ORDERLY = ["normal", "shutdown", ("shutdown", "x")]


@pytest.mark.rule(114)
@pytest.mark.parametrize("reason", [*ORDERLY, "boom", "killed"])
async def test_a_permanent_child_is_always_restarted(reason):
    sup = await start([kid("a")])
    assert ("started", "a") in await crash(sup, "a", reason)


@pytest.mark.rule(114, 115)
@pytest.mark.parametrize("reason", ORDERLY)
async def test_a_transient_child_that_ends_in_good_order_keeps_its_spec(reason):
    sup = await start([kid("a", "transient")])
    assert ("started", "a") not in await crash(sup, "a", reason)
    assert await shown(sup) == [("a", "undefined")]


@pytest.mark.rule(114)
async def test_a_killed_transient_child_is_restarted():
    sup = await start([kid("a", "transient")])
    erlang.exit(await pid_of(sup, "a"), "kill")
    assert await heard() == [("started", "a")]


@pytest.mark.rule(114, 115)
@pytest.mark.parametrize("reason", [*ORDERLY, "boom"])
async def test_a_temporary_child_is_never_restarted_and_loses_its_spec(reason):
    sup = await start([kid("a", "temporary")])
    assert ("started", "a") not in await crash(sup, "a", reason)
    assert await ids(sup) == []


@pytest.mark.rule(116)
@pytest.mark.parametrize(("phase", "gap", "survives"), [(100, 1850, False), (900, 1200, True)])
async def test_the_period_is_counted_in_whole_seconds(phase, gap, survives):
    sup = await start([kid("a")], period=1)
    await timer.sleep((phase - erlang.monotonic_time()) % 1000)
    await crash(sup, "a")
    await timer.sleep(gap - 6)
    await crash(sup, "a")
    assert erlang.is_process_alive(sup) is survives


@pytest.mark.rule(117)
async def test_one_restart_too_many_stops_the_rest_in_reverse_and_then_the_supervisor():
    sup = await start([kid("a"), kid("b"), kid("c")])
    assert await crash(sup, "b") == [("started", "b")]
    assert await crash(sup, "b") == [
        ("stopping", "c", "shutdown"),
        ("stopping", "a", "shutdown"),
        ("EXIT", sup, "shutdown"),
    ]


@pytest.mark.rule(117)
async def test_intensity_zero_gives_up_at_the_first_crash():
    sup = await start([kid("a")], intensity=0)
    assert await crash(sup, "a") == [("EXIT", sup, "shutdown")]


@pytest.mark.rule(119)
async def test_one_for_one_restarts_the_one_that_crashed():
    sup = await start([kid("a"), kid("b"), kid("c")])
    assert await crash(sup, "b") == [("started", "b")]


@pytest.mark.rule(119)
async def test_one_for_all_stops_the_others_in_reverse_and_starts_all_in_order():
    sup = await start([kid("a"), kid("b"), kid("c")], "one_for_all")
    assert await crash(sup, "b") == [
        *[("stopping", "c", "shutdown"), ("stopping", "a", "shutdown")],
        *[("started", "a"), ("started", "b"), ("started", "c")],
    ]


@pytest.mark.rule(119)
async def test_rest_for_one_stops_and_starts_those_after_the_one_that_crashed():
    sup = await start([kid("a"), kid("b"), kid("c"), kid("d")], "rest_for_one")
    assert await crash(sup, "b") == [
        *[("stopping", "d", "shutdown"), ("stopping", "c", "shutdown")],
        *[("started", "b"), ("started", "c"), ("started", "d")],
    ]


@pytest.mark.rule(119)
@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
async def test_a_temporary_sibling_is_stopped_and_dropped(strategy):
    sup = await start([kid("a"), kid("t", "temporary"), kid("c")], strategy)
    assert ("stopping", "t", "shutdown") in await crash(sup, "a")
    assert await ids(sup) == ["c", "a"]


@pytest.mark.rule(119)
async def test_one_for_all_starts_a_stopped_sibling_too():
    sup = await start([kid("a"), kid("b")], "one_for_all")
    await supervisor.terminate_child(sup, "b")
    assert await crash(sup, "a") == [("stopping", "b", "shutdown"), ("started", "a"), ("started", "b")]


@pytest.mark.rule(120)
async def test_every_failing_try_counts_against_intensity():
    sup = await start([flaky("a", [2, 3, 4, 5])], intensity=3)
    assert await crash(sup, "a") == [*[("failing", "a")] * 3, ("EXIT", sup, "shutdown")]


@pytest.mark.rule(120)
@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
async def test_the_child_whose_restart_failed_restarts_and_those_after_it_stay_stopped(strategy):
    children = [kid("a"), flaky("b", range(2, 1_000_000)), kid("c")]
    sup = await start(children, strategy, intensity=1_000_000)
    await in_restart_loop(sup, "b")
    shown_now = await shown(sup)
    assert shown_now[:2] == [("c", "undefined"), ("b", "restarting")]
    assert shown_now[2][0] == "a" and erlang.is_process_alive(shown_now[2][1])
    assert await supervisor.terminate_child(sup, "b") == "ok"
    await heard()
    assert (await shown(sup))[:2] == [("c", "undefined"), ("b", "undefined")]


@pytest.mark.rule(121)
async def test_a_child_in_its_restart_loop_can_only_be_terminated():
    sup = await start([flaky("a", range(2, 1_000_000))], intensity=1_000_000)
    await in_restart_loop(sup, "a")
    assert await supervisor.restart_child(sup, "a") == ("error", "restarting")
    assert await supervisor.delete_child(sup, "a") == ("error", "restarting")
    assert await supervisor.start_child(sup, kid("a")) == ("error", "already_present")
    assert await supervisor.count_children(sup) == [("specs", 1), ("active", 0), ("supervisors", 0), ("workers", 1)]
    assert await supervisor.terminate_child(sup, "a") == "ok"
    await heard()
    assert await heard() == []
    assert await shown(sup) == [("a", "undefined")]


@pytest.mark.rule(121)
async def test_a_restart_that_succeeds_in_the_end_is_a_restart():
    sup = await start([flaky("a", [2, 3])], intensity=3)
    assert await crash(sup, "a") == [("failing", "a"), ("failing", "a"), ("started", "a")]
    assert erlang.is_process_alive(await pid_of(sup, "a"))


@pytest.mark.rule(122)
async def test_a_restart_that_is_ignored_leaves_no_pid_and_is_not_tried_again():
    spec = {"id": "a", "start": ("kit_kid", "start_ignored_at", [erlang.self(), "a", "n", 2])}
    sup = await start([spec])
    assert await crash(sup, "a") == []
    assert await shown(sup) == [("a", "undefined")]


async def test_a_nested_supervisor_escalates_to_the_one_above():
    inner = ("ok", ({"intensity": 0}, [kid("w")]))
    spec = {"id": "inner", "start": ("supervisor", "start_link", ["kit_sup", inner]), "type": "supervisor"}
    sup = await start([spec])
    before = await pid_of(sup, "inner")
    assert await crash(before, "w") == [("started", "w")]
    after = await pid_of(sup, "inner")
    assert after != before and erlang.is_process_alive(after)
    assert await crash(after, "w") == [("EXIT", sup, "shutdown")]


async def test_a_forged_retry_for_a_running_or_unknown_child_does_nothing():
    sup = await start([kid("a")])
    for id in ("a", "x", await pid_of(sup, "a")):
        erlang.send(sup, ("$gen_cast", ("try_again_restart", id)))
    assert await heard() == []
    assert await ids(sup) == ["a"]


@pytest.mark.rule(119)
@pytest.mark.parametrize(("crashed", "rest"), [("z", "zbc"), ("b", "bc"), (1, [1, "z", "b", "c"])])
async def test_the_rest_of_rest_for_one_is_what_was_started_later_whatever_the_ids_are(crashed, rest):
    sup = await start([kid(2), kid(1), kid("z"), kid("b"), kid("c")], "rest_for_one")
    assert [said[1] for said in await crash(sup, crashed) if said[0] == "started"] == list(rest)


@pytest.mark.parametrize(("counting", "tries"), [(0, 54), (50, 16), (169, 7)])
def test_a_supervisor_gives_way_when_its_tries_cost_4000_reductions(counting, tries):
    """75 for each, and 3.5 for each restart that counts: as measured."""
    restarts = Restarts([0] * counting)
    for _ in range(2):
        assert [restarts.ends_time_slice() for _ in range(tries)] == [*[False] * (tries - 1), True]


@pytest.mark.parametrize(("period", "gap", "counted"), [(1, 1, 2), (1, 2, 1), (5, 5, 2), (5, 6, 1)])
def test_a_restart_counts_for_its_period_and_not_longer(period, gap, counted):
    restarts = Restarts()
    assert restarts.add(10, period) == 1
    assert restarts.add(10 + gap, period) == counted
    assert restarts.seconds() == (10 + gap, 10)[:counted]
