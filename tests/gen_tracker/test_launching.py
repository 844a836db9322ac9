"""Children that take their time to start, and callers who wait for them."""

import pytest

import erlsim
import gen_tracker
from erlsim import erlang, timer
from erlsim.otp import gen_server, supervisor, sys
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


async def callers(count, *args, **kwargs):
    return [await in_background(gen_tracker.find_or_open, ZONE, spec("tv", *args, **kwargs)) for _ in range(count)]


async def test_a_thousand_concurrent_callers_start_one_child_and_all_get_it():
    await tracker()
    waiting = await callers(1000, function="counted", args=[erlang.self()])
    answers = [await result_of(each) for each in waiting]
    assert answers == [(gen_tracker.find(ZONE, "tv"), 0)] * 1000
    assert await mailbox() == [("starting", 0)]


async def test_all_callers_get_the_same_error():
    await tracker()
    waiting = await callers(3, function="fail_after", args=[100, "no_luck"])
    assert [await result_of(each) for each in waiting] == [(("error", "no_luck"), 100)] * 3
    assert gen_tracker.which_children(ZONE) == []


async def test_a_child_is_launching_until_its_start_function_returns():
    await tracker()
    waiting = (await callers(1, function="start_after", args=[100]))[0]
    await timer.sleep(50)
    assert gen_tracker.which_children(ZONE) == [("tv", "launching", "worker", [])]
    assert gen_tracker.find(ZONE, "tv") == "undefined"
    assert gen_tracker.list(ZONE) == []
    assert await gen_tracker.setattr(ZONE, "tv", "k", 1) == "ok"
    found, when = await result_of(waiting)
    assert (found, when) == (gen_tracker.find(ZONE, "tv"), 100)
    assert gen_tracker.attrs(ZONE, "tv") == [("k", 1)]


async def test_a_slow_start_holds_up_nobody_else():
    await tracker()
    await callers(1, function="start_after", args=[10_000])
    await timer.sleep(1)
    await opened("other")
    assert await gen_tracker.wait(ZONE) == "ok"
    assert now() == 1


async def test_two_names_start_at_the_same_time():
    await tracker()
    slow = [
        await in_background(gen_tracker.find_or_open, ZONE, spec(n, function="start_after", args=[100])) for n in "ab"
    ]
    assert [(await result_of(each))[1] for each in slow] == [100, 100]


async def test_a_caller_gives_up_after_a_minute():
    await tracker()
    slow = spec("tv", function="start_after", args=[70_000])
    with pytest.raises(erlsim.Exit) as failure:
        await gen_tracker.find_or_open(ZONE, slow)
    assert failure.value.reason == ("timeout", ("gen_server", "call", [ZONE, ("find_or_open", slow), 60_000]))
    assert now() == 60_000
    await timer.sleep(10_001)
    ok, pid = gen_tracker.find(ZONE, "tv")
    assert erlang.is_process_alive(pid)
    assert await mailbox() == []


async def test_a_launching_name_can_neither_be_added_nor_lost_to_another_child():
    pid = await tracker()
    other = erlang.spawn(idle)
    waiting = (await callers(1, function="start_after", args=[100]))[0]
    await timer.sleep(1)
    assert await gen_tracker.add_existing_child(ZONE, ("tv", other, "worker", [])) == ("error", "launching")
    found, _ = await result_of(waiting)
    assert found[1] != other
    assert erlang.is_process_alive(pid)


async def test_the_launcher_that_is_killed_is_everybodys_error():
    await tracker()
    waiting = await callers(2, function="start_after", args=[100])
    await timer.sleep(1)
    erlang.exit(proxy_of("tv"), "kill")
    assert [await result_of(each) for each in waiting] == [(("error", "killed"), 1)] * 2
    assert gen_tracker.which_children(ZONE) == []


@pytest.mark.parametrize("shutdown", [80, "brutal_kill"])
async def test_deleting_a_launching_child_kills_its_launcher_when_its_time_is_over(shutdown):
    await tracker()
    waiting = await callers(2, "trk_kid", "start", [{"start_takes": 1000}], shutdown=shutdown)
    await timer.sleep(10)
    assert await supervisor.delete_child(ZONE, "tv") == "ok"
    late = 10 + (100 if shutdown == "brutal_kill" else shutdown)
    assert now() == late
    assert [await result_of(each) for each in waiting] == [(("error", "killed"), late)] * 2
    assert gen_tracker.which_children(ZONE) == []


async def test_deleting_a_launching_child_without_a_limit_waits_until_it_has_been_launched():
    await tracker()
    waiting = (await callers(1, "trk_kid3", "start", [{"start_takes": 1000}], shutdown="infinity"))[0]
    await timer.sleep(10)
    await gen_tracker.setattr(ZONE, "tv", "report_to", erlang.self())
    assert await supervisor.delete_child(ZONE, "tv") == "ok"
    assert now() == 1000
    (ok, pid), _ = await result_of(waiting)
    assert (ok, erlang.is_process_alive(pid)) == ("ok", False)
    assert gen_tracker.which_children(ZONE) == []
    assert await mailbox() == [("after", "tv", [], "shutdown")]


async def test_a_child_that_is_launched_too_late_for_its_deletion_is_killed_with_its_launcher():
    await tracker()
    await callers(1, "trk_plain", "start_unlinked_after", [50, erlang.self()], shutdown=100)
    await timer.sleep(10)
    assert await supervisor.delete_child(ZONE, "tv") == "ok"
    assert now() == 110
    _, pid = await erlang.receive(("started", ...))
    assert not erlang.is_process_alive(pid)
    assert gen_tracker.which_children(ZONE) == []


@pytest.mark.parametrize(("shutdown", "late"), [(80, 90), ("brutal_kill", 110)])
async def test_a_shutdown_by_call_ends_what_is_launching(shutdown, late):
    pid = await tracker()
    waiting = (await callers(1, "trk_kid", "start", [{"start_takes": 1000}], shutdown=shutdown))[0]
    await timer.sleep(10)
    assert await gen_server.call(ZONE, "shutdown") == "ok"
    assert now() == late
    (kind, (reason, _)), _ = await result_of(waiting)
    assert (kind, reason) == ("exit", "shutdown")
    assert await mailbox() == [("EXIT", pid, "shutdown")]


@pytest.mark.parametrize(("shutdown", "late"), [(80, 90), (5000, 5010), ("brutal_kill", 10), ("infinity", 1000)])
async def test_a_tracker_that_is_told_to_exit_does_not_wait_for_what_is_no_process_yet(shutdown, late):
    pid = await tracker()
    waiting = (await callers(1, function="start_after", args=[1000], shutdown=shutdown))[0]
    await timer.sleep(10)
    erlang.exit(pid, "shutdown")
    assert await gone(pid) == "shutdown"
    assert now() == late
    (kind, (reason, _)), _ = await result_of(waiting)
    assert (kind, reason) == ("exit", "shutdown")


async def test_a_child_that_acknowledges_through_the_tracker_is_known_by_then():
    await tracker()
    ok, pid = await gen_tracker.find_or_open(ZONE, spec("acking", function="start_ack", args=[erlang.self()]))
    assert await erlang.receive(after=100) == ("known", ("ok", pid))


async def test_the_last_who_asked_is_answered_first():
    await tracker()
    waiting = await callers(4, function="start_after", args=[50])
    await timer.sleep(100)
    assert [message[1] for message in await mailbox()] == waiting[::-1]


async def test_only_the_launcher_of_a_child_says_that_it_has_started():
    await tracker()
    waiting = (await callers(1, function="start_after", args=[100]))[0]
    await timer.sleep(1)
    for stranger in (erlang.self(), erlang.spawn(idle)):
        erlang.send(ZONE, ("launch_ready", stranger, "tv", ("ok", stranger)))
    assert await result_of(waiting) == (gen_tracker.find(ZONE, "tv"), 100)


async def test_a_tracker_shows_what_is_being_launched_in_its_state():
    await tracker()
    slow = spec("tv", function="start_after", args=[100])
    erlang.spawn(gen_tracker.find_or_open, [ZONE, slow])
    await timer.sleep(1)
    assert await sys.get_state(ZONE) == ("tracker", ZONE, [("launch", "tv", slow, proxy_of("tv"))])


@pytest.mark.erlsim(crashes=True)
async def test_a_launcher_gives_the_tracker_30_s_to_notice_its_child_and_dies_with_it_then():
    await tracker()
    erlang.spawn(gen_tracker.find_or_open, [ZONE, spec("tv", function="start_after", args=[10])])
    await timer.sleep(5)
    proxy = proxy_of("tv")
    await sys.suspend(ZONE)
    reason, _ = await gone(proxy)
    assert (reason, now()) == ("timeout", 30_010)
    await sys.resume(ZONE)
    await timer.sleep(1)
    assert gen_tracker.find(ZONE, "tv") == "undefined"
