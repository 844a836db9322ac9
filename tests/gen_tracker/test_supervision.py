"""A tracker under an OTP supervisor, and as a supervisor itself; the session of its documentation."""

import pytest

import erlsim
import gen_tracker
from erlsim import Error, erlang, ets, timer
from erlsim.otp import supervisor, sys
from tests.gen_tracker.kit import ZONE, gone, mailbox, now, opened, spec

pytestmark = pytest.mark.usefixtures("trapping_exits")

STREAMS = (ZONE, ("gen_tracker", "start_link", [ZONE]), "permanent", "infinity", "supervisor", [])


@erlsim.module(name="trk_sup")
class Sup:
    def init(specs):
        return ("ok", (("one_for_one", 5, 10), specs))


async def supervised(*specs):
    ok, sup = await supervisor.start_link(Sup, [*specs] or [STREAMS])
    assert ok == "ok"
    return sup


async def test_it_stands_under_a_supervisor_as_the_documentation_shows():
    sup = await supervised()
    pid = erlang.whereis(ZONE)
    assert await supervisor.which_children(sup) == [(ZONE, pid, "supervisor", [])]
    ok, child = await gen_tracker.find_or_open(
        ZONE, (b"tv1", ("trk_kid", "start", [{}]), "temporary", "infinity", "supervisor", [])
    )
    assert gen_tracker.find(ZONE, b"tv1") == ("ok", child)
    await gen_tracker.setattr(ZONE, b"tv1", [("hds", True), ("bytes_in", 0), ("bytes_out", 0)])
    gen_tracker.increment(ZONE, b"tv1", "bytes_in", 1000)
    assert gen_tracker.getattr(ZONE, b"tv1", "bytes_in") == ("ok", 1000)
    assert await supervisor.which_children(ZONE) == [(b"tv1", child, "supervisor", [])]
    assert await supervisor.delete_child(ZONE, b"tv1") == "ok"
    assert await supervisor.which_children(ZONE) == []
    other = erlang.spawn(timer.sleep, ["infinity"])
    assert await gen_tracker.add_existing_child(ZONE, (b"stream1", other, "worker", [])) == ("ok", other)


async def test_options_go_along_in_the_start_arguments():
    await supervised((ZONE, ("gen_tracker", "start_link", [ZONE, {"restart": True}]), "permanent", 100, "worker", []))
    child = await opened("tv", restart="permanent")
    erlang.exit(child, "kill")
    await timer.sleep(1)
    assert gen_tracker.find(ZONE, "tv") != ("ok", child)


@pytest.mark.parametrize("reason", ["kill", "shutdown", "oops"])
async def test_a_tracker_that_dies_is_restarted_empty_and_works(reason):
    await supervised()
    pid, child = erlang.whereis(ZONE), await opened("tv")
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    erlang.exit(pid, reason)
    if reason == "oops":
        # An exit signal of a stranger is passed over: only the supervisor's counts.
        await timer.sleep(1)
        assert erlang.whereis(ZONE) == pid
        return
    if reason == "shutdown":
        erlang.exit(pid, "kill")
    await timer.sleep(1)
    assert erlang.whereis(ZONE) not in (pid, "undefined")
    assert not erlang.is_process_alive(child)
    assert (gen_tracker.which_children(ZONE), gen_tracker.attrs(ZONE, "tv")) == ([], [])
    await opened("tv")
    assert await gen_tracker.setattr(ZONE, "tv", "k", 1) == "ok"


async def test_a_supervisor_that_stops_waits_for_the_trackers_children():
    sup = await supervised()
    children = [await opened(n, "trk_kid", "start", [{"trap": True, "stop_takes": 100}]) for n in range(3)]
    erlang.exit(sup, "shutdown")
    assert await gone(sup) == "shutdown"
    assert now() == 100
    assert [erlang.is_process_alive(each) for each in children] == [False] * 3
    assert await mailbox() == [("EXIT", sup, "shutdown")]


@pytest.mark.erlsim(crashes=True)
async def test_a_supervisor_with_a_limit_kills_a_tracker_whose_children_refuse():
    sup = await supervised((ZONE, ("gen_tracker", "start_link", [ZONE]), "permanent", 100, "supervisor", []))
    await opened("tv", function="start_stubborn", shutdown=1000)
    erlang.exit(sup, "shutdown")
    assert await gone(sup) == "shutdown"
    assert now() == 100


@pytest.mark.erlsim(crashes=True)
async def test_a_taken_table_name_is_an_error_of_the_start():
    ets.new(ZONE, ["named_table"])
    error, (reason, _stack) = await gen_tracker.start_link(ZONE)
    assert (error, reason) == ("error", "badarg")
    assert erlang.whereis("zone_setter") == "undefined"


@pytest.mark.erlsim(crashes=True)
async def test_a_setters_name_that_is_never_given_back_is_an_error_of_the_start():
    erlang.register("zone_setter", erlang.spawn(timer.sleep, ["infinity"]))
    error, (what, _reason) = await gen_tracker.start_link(ZONE)
    assert (error, what, now()) == ("error", "setter", 5000)
    # It asks its starter for the crash report before it ends.
    await timer.sleep(1)
    assert ets.whereis(ZONE) == "undefined"


async def test_a_tracker_has_no_callback_module_as_supervisors_have_one():
    await gen_tracker.start_link(ZONE)
    with pytest.raises(Error) as failure:
        await supervisor.get_callback_module(ZONE)
    assert failure.value.reason == ("badrecord", ("tracker", ZONE, []))


async def test_sys_shows_the_state_as_a_term():
    await supervised()
    assert await sys.get_state(ZONE) == ("tracker", ZONE, [])
    await sys.suspend(ZONE)
    await sys.resume(ZONE)
    assert await gen_tracker.find_or_open(ZONE, spec("tv")) == gen_tracker.find(ZONE, "tv")
