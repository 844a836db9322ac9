"""Finding, opening, adding and listing children."""

import pytest

import erlsim
import gen_tracker
from erlsim import erlang, ets, timer
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Ref
from tests.gen_tracker.kit import ZONE, gone, idle, mailbox, opened, proxy_of, spec, tracker

pytestmark = pytest.mark.usefixtures("trapping_exits")


async def test_a_tracker_is_a_process_with_two_public_named_tables_and_a_setter():
    pid = await tracker()
    setter = erlang.whereis("zone_setter")
    assert erlang.whereis(ZONE) == pid
    assert [ets.info(name, "owner") for name in ("zone", "zone_attrs")] == [pid, pid]
    assert [ets.info(name, "protection") for name in ("zone", "zone_attrs")] == ["public", "public"]
    assert erlang.process_info(setter, "links") == ("links", [pid])
    assert await gen_tracker.start_link(ZONE) == ("error", ("already_started", pid))


@pytest.mark.erlsim(crashes=True)
async def test_wrong_options_are_refused():
    assert await gen_tracker.start_link(ZONE, {"restarts": 1}) == ("error", ("bad_options", {"restarts": 1}))
    assert await gen_tracker.start_link("other", {"restart": "yes"}) == ("error", ("bad_options", {"restart": "yes"}))


async def test_a_child_is_opened_once_and_found_from_then_on():
    await tracker()
    assert gen_tracker.find(ZONE, b"tv1") == "undefined"
    pid = await opened(b"tv1")
    assert gen_tracker.find(ZONE, b"tv1") == ("ok", pid)
    assert await opened(b"tv1", function="no_such_function") == pid
    assert await gen_tracker.find_or_open(ZONE, (b"tv1", "not even a start function", "nonsense")) == ("ok", pid)


async def test_names_are_any_terms_and_told_apart_exactly():
    await tracker()
    names = [1, 1.0, True, b"1", "1", ("a", [1]), {"k": 1}, [49]]
    pids = [await opened(name) for name in names]
    assert len(set(pids)) == len(names)
    assert [gen_tracker.find(ZONE, name) for name in names] == [("ok", pid) for pid in pids]


async def test_the_short_form_means_a_worker_with_200_ms_and_no_modules():
    await tracker()
    ok, pid = await gen_tracker.find_or_open(ZONE, ("tv", ("trk_plain", "start_stubborn", []), "temporary"))
    assert gen_tracker.which_children(ZONE) == [("tv", pid, "worker", [])]
    before = erlang.monotonic_time()
    assert await supervisor.delete_child(ZONE, "tv") == "ok"
    assert erlang.monotonic_time() - before == 200


async def test_which_children_shows_type_and_modules_to_the_supervisor_module_too():
    await tracker()
    long_spec = ("tv", ("trk_plain", "start", []), "temporary", "infinity", "supervisor", ["trk_plain"])
    ok, pid = await gen_tracker.find_or_open(ZONE, long_spec)
    shown = [("tv", pid, "supervisor", ["trk_plain"])]
    assert gen_tracker.which_children(ZONE) == await supervisor.which_children(ZONE) == shown


WRONG = [
    (spec("tv", restart="sometimes"), ("invalid_restart_type", "sometimes")),
    (("tv", ("trk_plain",), "temporary", 200, "worker", []), ("invalid_mfa", ("trk_plain",))),
    (("tv", ("trk_plain", "start", []), "temporary", "worker", 200, []), ("invalid_child_type", 200)),
    (spec("tv", shutdown=-1), ("invalid_shutdown", -1)),
    (("tv", ("trk_plain", "start", []), "temporary", 200, "worker", [1]), ("invalid_module", 1)),
]


@pytest.mark.parametrize(("wrong", "why"), WRONG)
async def test_a_wrong_specification_is_refused_as_a_supervisor_refuses_it(wrong, why):
    await tracker()
    assert await gen_tracker.find_or_open(ZONE, wrong) == ("error", why)
    assert gen_tracker.which_children(ZONE) == []


@pytest.mark.parametrize("wrong", [("tv",), ("tv", ("m", "f", [])), "tv", ["tv", ("m", "f", []), "temporary"]])
async def test_a_specification_of_another_size_is_a_function_clause(wrong):
    await tracker()
    with pytest.raises(erlsim.Error, match="function_clause"):
        await gen_tracker.find_or_open(ZONE, wrong)


async def test_without_a_tracker_opening_is_an_error_and_looking_up_is_badarg():
    assert await gen_tracker.find_or_open(ZONE, spec("tv")) == ("error", "gen_tracker_not_started")
    for look in (gen_tracker.find, gen_tracker.attrs, gen_tracker.info):
        with pytest.raises(erlsim.Error, match="badarg"):
            look(ZONE, "tv")
    with pytest.raises(erlsim.Exit) as failure:
        await gen_tracker.wait(ZONE)
    assert failure.value.reason == ("noproc", ("gen_server", "call", [ZONE, "wait"]))


async def test_a_dead_child_is_forgotten_whatever_its_restart_type():
    await tracker()
    for restart in ("temporary", "transient", "permanent"):
        for how in (("exit", "normal"), ("exit", "oops")):
            pid = await opened("tv", restart=restart)
            erlang.send(pid, how)
            await gone(pid)
            assert await gen_tracker.wait(ZONE) == "ok"
            assert gen_tracker.which_children(ZONE) == []
            assert gen_tracker.find(ZONE, "tv") == "undefined"


async def test_a_name_names_its_child_until_the_proxy_knows_of_its_death_and_can_be_used_again_then():
    await tracker()
    first = await opened("tv")
    erlang.exit(first, "kill")
    assert await opened("tv") == first
    await gen_tracker.wait(ZONE)
    second = await opened("tv")
    assert second != first
    assert gen_tracker.find(ZONE, "tv") == ("ok", second)


STARTS = [
    (("give", [("error", "no_luck")]), ("error", "no_luck"), None),
    (("give", ["ignore"]), "ignore", {"spawn_error": "ignore"}),
    (("give", [("error", "a", "b")]), ("error", "a", "b"), {"spawn_error": ("error", "a", "b")}),
    (("give", [("ok", "no_pid")]), ("ok", "no_pid"), {"spawn_error": ("ok", "no_pid")}),
    (("fail", ["error", "boom"]), ("error", "boom"), {"spawn_error": "boom"}),
    (("fail", ["exit", "boom"]), ("error", "boom"), {"spawn_error": "boom"}),
    (("fail", ["throw", "boom"]), ("error", "boom"), {"spawn_error": "boom"}),
    (("no_such_function", []), ("error", "undef"), {"spawn_error": "undef"}),
]


@pytest.mark.parametrize(("start", "answer", "logged"), STARTS)
def test_a_start_that_fails_is_answered_logged_and_leaves_nothing(start, answer, logged):
    async def main():
        await tracker()
        assert await gen_tracker.find_or_open(ZONE, spec("tv", "trk_plain", *start)) == answer
        assert gen_tracker.which_children(ZONE) == []
        assert await mailbox() == []

    sim = erlsim.Simulation()
    sim.run(main)
    reports = [{**each.report} for each in sim.reports if each.level == "error"]
    for report in reports:
        report.pop("stacktrace", None)
    assert reports == ([] if logged is None else [{"zone": ZONE, "name": "tv", **logged}])


async def test_a_python_exception_in_a_start_function_is_its_reason():
    await tracker()
    error, reason = await gen_tracker.find_or_open(ZONE, spec("tv", function="python_error"))
    assert (error, type(reason)) == ("error", ZeroDivisionError)


async def test_a_running_process_can_be_added_and_is_cleared_up_behind():
    await tracker()
    pid, other = erlang.spawn(idle), erlang.spawn(idle)
    assert await gen_tracker.add_existing_child(ZONE, ("tv", pid, "worker", [])) == ("ok", pid)
    assert await gen_tracker.add_existing_child(ZONE, ("tv", other, "worker", [])) == (
        "error",
        ("already_started", pid),
    )
    assert await opened("tv") == pid
    await gen_tracker.setattr(ZONE, "tv", "k", 1)
    erlang.send(pid, ("exit", "bye"))
    await gone(pid)
    await gen_tracker.wait(ZONE)
    assert (await supervisor.which_children(ZONE), gen_tracker.attrs(ZONE, "tv")) == ([], [])


async def test_the_row_of_an_added_child_has_the_trackers_monitor():
    pid = await tracker()
    worker = erlang.spawn(idle)
    await gen_tracker.add_existing_child(ZONE, ("n", worker, "worker", []))
    await opened("tv")
    ((_, _, ref, *_),) = ets.lookup(ZONE, "n")
    ((_, _, none, *_),) = ets.lookup(ZONE, "tv")
    assert (type(ref), none) == (Ref, "undefined")
    assert ("process", worker) in erlang.process_info(pid, "monitors")[1]


async def test_proxies_began_with_a_fun_of_the_tracker():
    await tracker()
    await opened("tv")
    await gen_tracker.add_existing_child(ZONE, ("n", erlang.spawn(idle), "worker", []))
    calls = [dict(erlang.process_info(proxy_of(name), "dictionary")[1])["$initial_call"] for name in ("tv", "n")]
    assert calls == [("gen_tracker", "-launch_child/2-fun-0-", 0), ("gen_tracker", "-handle_call/3-fun-0-", 0)]


async def test_which_children_only_reads_the_table():
    await tracker()
    before = erlang.process_info(erlang.whereis(ZONE), "reductions")
    assert gen_tracker.which_children(ZONE) == []
    assert erlang.process_info(erlang.whereis(ZONE), "reductions") == before


async def test_a_dead_process_that_is_added_is_forgotten_at_once():
    await tracker()
    pid = erlang.spawn(idle)
    erlang.exit(pid, "kill")
    await gone(pid)
    assert await gen_tracker.add_existing_child(ZONE, ("tv", pid, "worker", [])) == ("ok", pid)
    await gen_tracker.wait(ZONE)
    assert gen_tracker.which_children(ZONE) == []


@pytest.mark.parametrize("wrong", [("tv", "no_pid", "worker", []), ("tv",), "tv"])
async def test_what_is_no_process_cannot_be_added(wrong):
    await tracker()
    with pytest.raises(erlsim.Error, match="function_clause"):
        await gen_tracker.add_existing_child(ZONE, wrong)
    with pytest.raises(erlsim.Error, match="function_clause"):
        await gen_tracker.add_existing_child(ZONE, ("tv", erlang.self(), "supervisor", []))
    with pytest.raises(erlsim.Error, match="function_clause"):
        await gen_tracker.add_existing_child(ZONE, ("tv", erlang.self(), "worker", [], "more"))


async def test_list_shows_living_children_with_all_some_or_none_of_their_attributes():
    await tracker()
    one, two = await opened("one"), await opened("two")
    await gen_tracker.setattr(ZONE, "one", [("a", 1), ("b", 2)])
    await gen_tracker.setattr(ZONE, "two", "b", 3)
    assert gen_tracker.list(ZONE) == [
        ("one", [("pid", one), ("a", 1), ("b", 2)]),
        ("two", [("pid", two), ("b", 3)]),
    ]
    assert gen_tracker.list(ZONE, ["a", "c"]) == [("one", [("pid", one), ("a", 1)]), ("two", [("pid", two)])]
    assert gen_tracker.list(ZONE, []) == [("one", [("pid", one)]), ("two", [("pid", two)])]
    with pytest.raises(erlsim.Error, match="function_clause"):
        gen_tracker.list(ZONE, "a")


async def test_deleting_and_terminating_are_the_same_and_say_when_there_is_no_child():
    await tracker()
    for end in (supervisor.delete_child, supervisor.terminate_child):
        pid = await opened("tv", "trk_kid")
        await gen_tracker.setattr(ZONE, "tv", "k", 1)
        assert await end(ZONE, "tv") == "ok"
        assert not erlang.is_process_alive(pid)
        assert (gen_tracker.which_children(ZONE), gen_tracker.attrs(ZONE, "tv")) == ([], [])
        assert await end(ZONE, "tv") == ("error", "no_child")


@pytest.mark.erlsim(crashes=True)
async def test_a_call_or_cast_that_nobody_knows_ends_the_tracker():
    pid = await tracker()
    child = await opened("tv")
    with pytest.raises(erlsim.Exit):
        await supervisor.count_children(ZONE)
    assert await erlang.receive(("EXIT", pid, ...)) == ("EXIT", pid, ("unknown_call", "count_children"))
    assert not erlang.is_process_alive(child)
    pid = await tracker()
    gen_server.cast(ZONE, "strange")
    assert await erlang.receive(("EXIT", pid, ...)) == ("EXIT", pid, ("unknown_cast", "strange"))


@pytest.mark.erlsim(crashes=True)
async def test_a_call_that_is_a_list_where_a_tuple_is_meant_is_unknown():
    for request in (["delete_child", "tv"], ("add_existing_child", ["tv", erlang.self(), "worker", []])):
        pid = await tracker()
        with pytest.raises(erlsim.Exit):
            await gen_server.call(ZONE, request)
        assert await erlang.receive(("EXIT", pid, ...)) == ("EXIT", pid, ("unknown_call", request))


async def test_messages_that_nobody_knows_are_passed_over():
    pid = await tracker()
    child = await opened("tv")
    erlang.send(ZONE, "strange")
    erlang.spawn(lambda: erlang.exit(pid, "from_a_stranger"))
    await timer.sleep(1)
    assert await gen_tracker.wait(ZONE) == "ok"
    assert gen_tracker.find(ZONE, "tv") == ("ok", child)


async def test_the_row_of_a_child_is_the_record_of_the_original():
    await tracker()
    mfa = ("trk_plain", "start", [])
    _, pid = await gen_tracker.find_or_open(ZONE, ("tv", mfa, "transient", 300, "supervisor", ["m"]))
    proxy, unset = proxy_of("tv"), "undefined"
    row = ("entry", "tv", unset, mfa, "transient", "supervisor", ["m"], unset, unset, 300, proxy, pid)
    assert ets.lookup(ZONE, "tv") == [row]
    assert ets.info(ZONE, "keypos") == 2


async def test_tables_are_quick_to_read_at_the_same_time_and_the_tracker_sweeps_often():
    pid = await tracker()
    assert [ets.info(name, "read_concurrency") for name in ("zone", "zone_attrs")] == [True, True]
    assert dict(erlang.process_info(pid, "garbage_collection")[1])["fullsweep_after"] == 1


async def test_both_options_may_be_given():
    await tracker({"restart": True, "tidy": False})
    assert await gen_tracker.wait(ZONE) == "ok"


@pytest.mark.parametrize("size", [0, 2, 4, 5, 7])
async def test_a_specification_has_three_elements_or_six(size):
    await tracker()
    with pytest.raises(erlsim.Error, match="function_clause"):
        await gen_tracker.find_or_open(ZONE, (*spec("tv"), "more")[:size])


@pytest.mark.parametrize("type_", ["zebra", "supervisor", "", b"worker"])
async def test_only_workers_can_be_added(type_):
    await tracker()
    for wrong in (("tv", erlang.self(), type_, []), ["tv", erlang.self(), "worker", []]):
        with pytest.raises(erlsim.Error, match="function_clause"):
            await gen_tracker.add_existing_child(ZONE, wrong)


@pytest.mark.erlsim(crashes=True)
async def test_a_specification_in_a_call_is_a_tuple_with_a_tuple_in_it():
    whole = spec("tv")
    for wrong in ([*whole], (whole[0], [*whole[1]], *whole[2:])):
        pid = await tracker()
        with pytest.raises(erlsim.Exit):
            await gen_server.call(ZONE, ("find_or_open", wrong))
        assert await erlang.receive(("EXIT", pid, ...)) == ("EXIT", pid, ("unknown_call", ("find_or_open", wrong)))


async def test_a_start_function_that_returns_nothing_has_no_matching_clause():
    sim = erlsim.simulation.current()
    await tracker()
    call = spec("tv", function="give", args=[None])
    assert await gen_tracker.find_or_open(ZONE, call) == ("error", "function_clause")
    (report,) = [each.report for each in sim.reports if each.level == "error"]
    stack = report["stacktrace"]
    assert (report["spawn_error"], stack[0][:3]) == ("function_clause", ("trk_plain", "give", [None]))


async def test_whoever_answers_to_the_name_of_a_tracker_may_be_waited_for():
    ok, pid = await gen_server.start_link(("local", ZONE), "trk_kid", {}, [])
    assert await gen_tracker.wait(ZONE) == "wait"


async def test_a_tracker_may_be_waited_for_by_its_pid():
    pid = await tracker()
    assert await gen_tracker.wait(pid) == "ok"


async def test_a_name_that_was_asked_for_before_cannot_be_added_though_it_has_no_row_yet():
    await tracker()
    other = erlang.spawn(idle)
    first = gen_server.send_request(ZONE, ("find_or_open", spec("tv")))
    second = gen_server.send_request(ZONE, ("add_existing_child", ("tv", other, "worker", [])))
    assert await gen_server.receive_response(second, "infinity") == ("reply", ("error", "launching"))
    assert await gen_server.receive_response(first, "infinity") == ("reply", gen_tracker.find(ZONE, "tv"))


async def test_a_proxy_that_is_killed_is_no_matter_to_the_children_of_others():
    await tracker()
    pids = {name: erlang.spawn(idle) for name in "abc"}
    for name, pid in pids.items():
        await gen_tracker.add_existing_child(ZONE, (name, pid, "worker", []))
    before = {name: proxy_of(name) for name in pids}
    erlang.exit(before["b"], "kill")
    await timer.sleep(1)
    assert [proxy_of(name) == before[name] for name in pids] == [True, False, True]
    assert gen_tracker.list(ZONE) == [(name, [("pid", pid)]) for name, pid in pids.items()]


async def test_a_message_that_only_looks_like_a_death_of_a_launcher_is_passed_over():
    await tracker()
    await opened("tv")
    erlang.send(ZONE, (["launcher_down", "tv", "error"], "ref", "process", erlang.self(), "oops"))
    assert await gen_tracker.wait(ZONE) == "ok"
    assert gen_tracker.find(ZONE, "tv")[0] == "ok"
