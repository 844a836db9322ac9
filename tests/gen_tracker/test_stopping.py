"""How children are ended: one, all when the tracker is asked to, all when it has to exit."""

import pytest

import erlsim
import gen_tracker
from erlsim import erlang, ets, timer
from erlsim.otp import gen_server, supervisor
from tests.gen_tracker.kit import ZONE, gone, idle, mailbox, now, opened, stubborn, tracker

pytestmark = pytest.mark.usefixtures("trapping_exits")

SLOW = [{"trap": True, "stop_takes": 100}]


async def end(how, pid):
    """End the children of a tracker; when that is done."""
    if how == "delete":
        assert await supervisor.delete_child(ZONE, "tv") == "ok"
    elif how == "call":
        assert await gen_server.call(ZONE, "shutdown", "infinity") == "ok"
        assert await gone(pid) in ("shutdown", "noproc")
    else:
        erlang.exit(pid, "shutdown")
        assert await gone(pid) == "shutdown"
    return now()


WAYS = ("delete", "call", "signal")


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("shutdown", [200, "brutal_kill", "infinity"])
async def test_a_child_that_does_not_trap_ends_at_once(how, shutdown):
    pid = await tracker()
    child = await opened("tv", "trk_kid", shutdown=shutdown)
    assert await end(how, pid) == 0
    assert not erlang.is_process_alive(child)


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize(("shutdown", "until"), [(200, 100), ("infinity", 100), (50, 50), ("brutal_kill", 0)])
async def test_a_child_gets_its_shutdown_time_and_no_more(how, shutdown, until):
    pid = await tracker()
    child = await opened("tv", "trk_kid", "start", SLOW, shutdown=shutdown)
    assert await end(how, pid) == until
    assert not erlang.is_process_alive(child)


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize(("shutdown", "until"), [(200, 200), (4999, 4999), ("brutal_kill", 0)])
async def test_a_child_that_refuses_to_stop_is_killed(how, shutdown, until):
    pid = await tracker()
    child = await opened("tv", function="start_stubborn", shutdown=shutdown)
    assert await end(how, pid) == until
    assert not erlang.is_process_alive(child)


@pytest.mark.parametrize("how", ["delete", "call"])
async def test_without_a_limit_a_child_that_refuses_is_waited_for_as_long_as_it_takes(how):
    pid = await tracker()
    child = await opened("tv", function="start_stubborn", shutdown="infinity")
    erlang.send_after(86_400_000, child, "go")
    assert await end(how, pid) == 86_400_000


@pytest.mark.parametrize("shutdown", ["infinity", 20_000])
async def test_an_exiting_tracker_gives_up_a_child_that_refuses_when_its_proxy_does(shutdown):
    pid = await tracker()
    child = await opened("tv", function="start_stubborn", shutdown=shutdown)
    assert await end("signal", pid) == 5000
    assert erlang.is_process_alive(child)


@pytest.mark.parametrize(("how", "until"), [("call", 100), ("signal", 100)])
async def test_all_children_stop_at_the_same_time(how, until):
    pid = await tracker()
    for name in range(20):
        await opened(name, "trk_kid", "start", SLOW)
    assert await end(how, pid) == until


async def test_each_child_has_its_own_shutdown_time():
    pid = await tracker()
    children = {ms: await opened(ms, function="start_stubborn", shutdown=ms) for ms in (300, 100, 200)}
    refs = {erlang.monitor("process", child): ms for ms, child in children.items()}
    me = erlang.self()

    async def ask():
        await gen_server.call(ZONE, "shutdown")
        erlang.send(me, ("stopped", now()))

    erlang.spawn(ask)
    for ms in (100, 200, 300):
        down = await erlang.receive(("DOWN", ...), ("DOWN", ..., ..., ..., ...))
        assert (refs[down[1]], down[4], now()) == (ms, "killed", ms)
    assert await erlang.receive(("stopped", ...)) == ("stopped", 300)
    assert await gone(pid) in ("shutdown", "noproc")


async def test_a_shutdown_call_answers_when_all_are_gone_and_the_tracker_ends_with_shutdown():
    pid = await tracker()
    await opened("tv")
    assert await gen_server.call(ZONE, "shutdown") == "ok"
    assert await erlang.receive(after=10) == ("EXIT", pid, "shutdown")
    assert [erlang.whereis(name) for name in (ZONE, "zone_setter")] == ["undefined", "undefined"]
    assert [ets.whereis(name) for name in (ZONE, "zone_attrs")] == ["undefined", "undefined"]


async def test_a_stop_call_ends_the_tracker_normally_and_the_setter_with_it():
    pid = await tracker()
    child = await opened("tv")
    assert await gen_server.call(ZONE, "stop") == "ok"
    assert await erlang.receive(after=10) == ("EXIT", pid, "normal")
    await timer.sleep(1)
    assert not erlang.is_process_alive(child)
    assert erlang.whereis("zone_setter") == "undefined"
    await tracker()
    await opened("tv")
    assert await gen_tracker.setattr(ZONE, "tv", "k", 1) == "ok"


@pytest.mark.parametrize(("how", "alive", "reason"), [("delete", False, "shutdown"), ("call", False, "shutdown")])
async def test_told_to_stop_child_and_proxy_end_together(how, alive, reason):
    pid = await tracker()
    child = await opened("tv", "trk_kid3", "start", SLOW)
    await gen_tracker.setattr(ZONE, "tv", "report_to", erlang.self())
    await end(how, pid)
    assert erlang.is_process_alive(child) is alive
    assert ("after", "tv", [], reason) in await mailbox()


async def test_an_exiting_tracker_has_after_terminate_run_before_the_child_ends():
    pid = await tracker()
    child = await opened("tv", "trk_kid3", "start", SLOW)
    await gen_tracker.setattr(ZONE, "tv", "report_to", erlang.self())
    erlang.monitor("process", child)
    await end("signal", pid)
    first, second = (await mailbox())[:2]
    assert first == ("after", "tv", [], "shutdown")
    assert (second[0], second[3]) == ("DOWN", child)


async def test_under_brutal_kill_after_terminate_learns_that_it_was_killed_and_has_100_ms():
    await tracker()
    for take, until in ((60, 60), (500, 100)):
        await opened("tv", "trk_kid3", shutdown="brutal_kill")
        await gen_tracker.setattr(ZONE, "tv", [("report_to", erlang.self()), ("take", take)])
        start = now()
        assert await supervisor.delete_child(ZONE, "tv") == "ok"
        assert now() - start == until
        assert gen_tracker.attrs(ZONE, "tv") == []
    assert await mailbox() == [("after", "tv", [], "killed")]


@pytest.mark.parametrize("how", WAYS)
async def test_a_child_that_was_added_ends_like_the_others(how):
    pid = await tracker()
    child = erlang.spawn(idle)
    await gen_tracker.add_existing_child(ZONE, ("tv", child, "worker", []))
    await end(how, pid)
    assert await gone(child) == "noproc"


@pytest.mark.parametrize("how", WAYS)
async def test_a_child_that_was_added_and_refuses_to_stop_is_killed_after_200_ms(how):
    pid = await tracker()
    child = erlang.spawn(stubborn)
    await gen_tracker.add_existing_child(ZONE, ("tv", child, "worker", []))
    assert await end(how, pid) == 200
    assert not erlang.is_process_alive(child)


async def test_a_child_that_was_added_an_instant_before_the_end_ends_too():
    pid = await tracker()
    child = erlang.spawn(idle)
    await gen_tracker.wait(ZONE)
    gen_server.send_request(ZONE, ("add_existing_child", ("tv", child, "worker", [])))
    erlang.exit(pid, "shutdown")
    assert await gone(pid) == "shutdown"
    await timer.sleep(1)
    assert not erlang.is_process_alive(child)


@pytest.mark.erlsim(crashes=True)
async def test_a_tracker_that_is_killed_takes_its_children_along_and_nothing_runs_after_them():
    pid = await tracker()
    children = [await opened("tv", "trk_kid3"), await opened("slow", "trk_kid3", "start", SLOW)]
    await gen_tracker.setattr(ZONE, "tv", "report_to", erlang.self())
    erlang.exit(pid, "kill")
    assert await erlang.receive(after=10) == ("EXIT", pid, "killed")
    await timer.sleep(101)
    assert [erlang.is_process_alive(child) for child in children] == [False, False]
    assert await mailbox() == []
    assert erlang.whereis("zone_setter") == "undefined"


async def test_an_exiting_tracker_goes_through_its_children_in_the_order_of_its_hash_table():
    pid = await tracker()
    for name in (("t", 4), b"tv1", b"tv2"):  # the table has <<"tv2">> first, then {t,4}
        await opened(name, "trk_kid", shutdown="brutal_kill")
        await gen_tracker.setattr(ZONE, name, "report_to", erlang.self())
    await end("signal", pid)
    # The first one's proxy is killed before it has had its turn.
    assert [message[1] for message in await mailbox() if message[0] == "after"] == [("t", 4), b"tv1"]


def crash_of(children):
    """What a tracker's crash report lists as unread when it ends with `oops`: kind and reason of each message."""
    own = own_crash(children)
    assert own["message_queue_len"] == len(own["messages"])
    return [(message[0], message[-1]) for message in own["messages"]]


def own_crash(children):
    """What a tracker says of itself in its crash report when it ends with `oops`."""
    sim = erlsim.Simulation(trace=False)

    async def main():
        erlang.process_flag("trap_exit", True)
        pid = await tracker()
        for name, shutdown in children:
            await opened(name, "trk_kid", shutdown=shutdown)
        erlang.exit(pid, "oops")
        await gone(pid)

    sim.run(main)
    for report in sim.reports:
        if report.label == ("proc_lib", "crash"):
            own = dict(report.report["report"][0])
            if own["initial_call"][0] == "gen_tracker":
                return own
    raise AssertionError("no crash report")


def test_a_tracker_that_crashes_leaves_messages_of_its_children_unread():
    assert crash_of([("tv", 200)]) == [("DOWN", "shutdown"), ("EXIT", "shutdown")]
    assert crash_of([("tv", "infinity")]) == [("DOWN", "shutdown"), ("EXIT", "shutdown")]


def test_a_tracker_that_kills_its_children_leaves_the_ends_of_their_proxies_unread():
    assert crash_of([("a", "brutal_kill"), ("b", "brutal_kill")]) == [("EXIT", "killed"), ("EXIT", "killed")]


def test_a_tracker_that_waits_for_one_child_finds_the_next_one_gone():
    assert crash_of([(1, 200), (2, 200)]) == [
        ("DOWN", "shutdown"),
        ("EXIT", "shutdown"),
        ("DOWN", "noproc"),
        ("EXIT", "shutdown"),
    ]


def test_a_tracker_that_crashes_is_linked_to_its_setter_to_the_end():
    own = own_crash([])
    assert own["messages"] == []
    assert len(own["links"]) == 2


@pytest.mark.parametrize(("shutdown", "order"), [(200, ["DOWN", "after"]), ("infinity", ["after", "DOWN"])])
async def test_a_child_with_a_limit_is_told_before_its_proxy_and_one_without_after_it(shutdown, order):
    await tracker()
    erlang.monitor("process", await opened("tv", "trk_kid3", shutdown=shutdown))
    await gen_tracker.setattr(ZONE, "tv", "report_to", erlang.self())
    assert await supervisor.delete_child(ZONE, "tv") == "ok"
    assert [message[0] for message in await mailbox()] == order


@pytest.mark.parametrize(("shutdown", "until"), [("infinity", 20_000), (19_000, 19_000), ("brutal_kill", 0)])
async def test_a_tracker_that_exits_gives_after_terminate_the_shutdown_time_and_20_s_without_a_limit(shutdown, until):
    pid = await tracker()
    child = await opened("tv", "trk_kid3", shutdown=shutdown)
    await gen_tracker.setattr(ZONE, "tv", [("report_to", erlang.self()), ("take", 30_000)])
    assert await end("signal", pid) == until
    assert not erlang.is_process_alive(child)
    assert await mailbox() == [("EXIT", pid, "shutdown")]


async def test_a_tracker_whose_setter_is_dead_stops_as_others_do():
    pid = await tracker()
    erlang.exit(erlang.whereis("zone_setter"), "kill")
    await timer.sleep(1)
    assert await gen_server.call(ZONE, "stop") == "ok"
    assert await erlang.receive(after=10) == ("EXIT", pid, "normal")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_messages_that_nobody_waits_for_are_unread_in_their_order_when_a_tracker_has_crashed(number):
    sim = erlsim.Simulation(trace=False)

    async def main():
        erlang.process_flag("trap_exit", True)
        pid = await tracker()
        await opened("tv", "trk_kid", "start", SLOW)
        erlang.exit(pid, "oops")
        for each in range(number):
            erlang.send(pid, ("strange", each))
        await gone(pid)

    sim.run(main)
    owns = [dict(report.report["report"][0]) for report in sim.reports if report.label == ("proc_lib", "crash")]
    (own,) = [each for each in owns if each["initial_call"] == ("gen_tracker", "init", ["Argument__1"])]
    strange = [("strange", each) for each in range(number)]
    assert [message for message in own["messages"] if message[0] == "strange"] == strange
    assert own["message_queue_len"] == number + 2
