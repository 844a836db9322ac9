"""supervisor_SUITE: the interface's functions, specs and flags, and counts."""

import itertools

import pytest

from erlsim import erlang, timer
from erlsim.otp import supervisor, sys
from tests.otp_suites.supervisor.kit import (
    ALL,
    ONE,
    REST,
    SIMPLE,
    SupervisorDeadlock,
    add,
    case,
    child,
    counts,
    exit_of,
    exit_reason,
    init,
    pids,
    start,
    start_link,
    terminate,
    which,
)

FLAGS = (ONE, 2, 3600)
DYNAMIC = (SIMPLE, 2, 3600)
S = "sup_test"


@case("extra_return")
async def test_extra_return():
    spec = child("child1", ["extra_return"])
    await start(FLAGS, spec)
    [(id, pid, type, modules)] = await which()
    assert (id, type, modules) == ("child1", "worker", [])
    erlang.link(pid)
    for function in (supervisor.terminate_child, supervisor.delete_child, supervisor.restart_child):
        assert await function(S, "hej") == ("error", "not_found")
    for function in (supervisor.delete_child, supervisor.restart_child):
        assert await function(S, "child1") == ("error", "running")
    assert await pids() == [pid] and await counts() == [1, 1, 0, 1]
    assert await supervisor.terminate_child(S, "child1") == "ok"
    assert await exit_reason(pid) == "shutdown"
    assert await which() == [("child1", "undefined", "worker", [])] and await counts() == [1, 0, 0, 1]
    answer = await supervisor.restart_child(S, "child1")
    assert answer == ("ok", (await pids())[0], "extra_return") and await counts() == [1, 1, 0, 1]
    assert await supervisor.terminate_child(S, "child1") == "ok"
    assert await supervisor.terminate_child(S, "child1") == "ok"
    assert await supervisor.delete_child(S, "child1") == "ok"
    assert await supervisor.restart_child(S, "child1") == ("error", "not_found")
    assert await which() == [] and await counts() == [0, 0, 0, 0]
    third = await add(spec)
    assert await pids() == [third] and await counts() == [1, 1, 0, 1]
    await terminate(third, "abnormal")
    [fourth] = await pids()
    assert fourth != third and erlang.is_process_alive(fourth) and await counts() == [1, 1, 0, 1]


@case("child_adm")
async def test_child_adm():
    spec = child("child1")
    await start(FLAGS, spec)
    [pid] = await pids()
    assert await counts() == [1, 1, 0, 1]
    erlang.link(pid)
    assert await supervisor.start_child(S, spec) == ("error", ("already_started", pid))
    assert await supervisor.terminate_child(S, "hej") == ("error", "not_found")
    assert await supervisor.terminate_child(S, "child1") == "ok"
    assert await exit_reason(pid) == "shutdown"
    assert await pids() == ["undefined"] and await counts() == [1, 0, 0, 1]
    assert await supervisor.terminate_child(S, "child1") == "ok"
    assert await supervisor.start_child(S, spec) == ("error", "already_present")
    _, second = await supervisor.restart_child(S, "child1")
    assert await pids() == [second] and await counts() == [1, 1, 0, 1]
    assert await supervisor.restart_child(S, "child1") == ("error", "running")
    assert await supervisor.restart_child(S, "child2") == ("error", "not_found")
    assert await supervisor.delete_child(S, "child1") == ("error", "running")
    assert await supervisor.delete_child(S, "hej") == ("error", "not_found")
    assert await supervisor.terminate_child(S, "child1") == "ok"
    assert await supervisor.delete_child(S, "child1") == "ok"
    assert await supervisor.restart_child(S, "child1") == ("error", "not_found")
    assert await which() == [] and await counts() == [0, 0, 0, 0]
    third = await add(spec)
    assert await supervisor.terminate_child(S, third) == ("error", "not_found")
    assert await pids() == [third] and await counts() == [1, 1, 0, 1]
    for function, *args in (
        (supervisor.terminate_child, "child1"),
        (supervisor.delete_child, "child1"),
        (supervisor.start_child, spec),
    ):
        reason, (module, name, _) = await exit_of(function("foo", *args))
        assert (reason, module, name) == ("noproc", "gen_server", "call")
    for function in (supervisor.which_children, supervisor.count_children):
        expected = ("noproc", ("gen_server", "call", ["foo", function.__name__, "infinity"]))
        assert await exit_of(function("foo")) == expected


@case("child_adm_simple")
async def test_child_adm_simple():
    await start(DYNAMIC, child())
    assert await which() == [] and await counts() == [1, 0, 0, 0]
    assert (await exit_of(supervisor.start_child("foo", [])))[0] == "noproc"
    first = await add([])
    assert await which() == [("undefined", first, "worker", [])] and await counts() == [1, 1, 0, 1]
    second = await add([])
    assert set(await pids()) == {first, second} and await counts() == [1, 2, 0, 2]
    assert await supervisor.terminate_child(S, "child1") == ("error", SIMPLE)
    assert await counts() == [1, 2, 0, 2]
    for _ in range(2):
        assert await supervisor.terminate_child(S, first) == "ok"
        assert await pids() == [second] and await counts() == [1, 1, 0, 1]
        assert not erlang.is_process_alive(first)
    stranger = erlang.spawn_link(erlang.receive, [])
    assert await supervisor.terminate_child(S, stranger) == ("error", "not_found")
    assert erlang.is_process_alive(stranger)
    assert await supervisor.restart_child(S, "child1") == ("error", SIMPLE)
    assert await supervisor.delete_child(S, "child1") == ("error", SIMPLE)


MFA = ("m", "f", ["a"])
TUPLE_FAULTS = [
    (("child", "mfa", "permanent", 1000, "worker", []), ("invalid_mfa", "mfa")),
    (("child", MFA, "prmanent", 1000, "worker", []), ("invalid_restart_type", "prmanent")),
    (("child", MFA, "permanent", -10, "worker", []), ("invalid_shutdown", -10)),
    (("child", MFA, "permanent", 10, "wrker", []), ("invalid_child_type", "wrker")),
    (("child", MFA, "permanent", 1000, "worker", "dy"), ("invalid_modules", "dy")),
    (("child", MFA, "permanent", 1000, "worker", [1, 2, 3]), ("invalid_module", 1)),
]


async def refused(faults):
    """Each fault is told by start_child and check_childspecs alike, and by the start of a supervisor."""
    sup = await start({})
    assert (await supervisor.start_child(S, "hej"))[0] == "error"
    for spec, fault in faults:
        assert await supervisor.start_child(S, spec) == ("error", fault)
        assert supervisor.check_childspecs([spec]) == ("error", fault)
        assert supervisor.check_childspecs(spec)[1][0] == "badarg"
    await terminate(sup, "shutdown")
    for flags in (FLAGS, DYNAMIC):
        for spec, fault in faults:
            assert await start_link(init(flags, spec)) == ("error", ("start_spec", fault))


@case("child_specs")
async def test_child_specs():
    await refused(TUPLE_FAULTS)
    for restart, shutdown, type, modules in itertools.product(
        ("permanent", "transient", "temporary"),
        (0, 1000, "infinity", "brutal_kill"),
        ("supervisor", "worker"),
        ("dynamic", [], ["m"], ["m1", "m2"]),
    ):
        assert supervisor.check_childspecs([("child", MFA, restart, shutdown, type, modules)]) == "ok"
    one = ("child", MFA, "permanent", "infinity", "supervisor", [])
    two = ("child", MFA, "permanent", 1000, "supervisor", [])
    assert supervisor.check_childspecs([one, two]) == ("error", ("duplicate_child_name", "child"))
    assert await start_link(init(DYNAMIC)) == ("error", ("bad_start_spec", []))
    assert await start_link(init(DYNAMIC, one, two)) == ("error", ("bad_start_spec", [one, two]))


GOOD = {"id": "child", "start": MFA}
MAP_FAULTS = [
    ({}, "missing_id"),
    ({"id": "child"}, "missing_start"),
    ({"start": MFA}, "missing_id"),
    ({**GOOD, "start": "mfa"}, ("invalid_mfa", "mfa")),
    ({**GOOD, "restart": "prmanent"}, ("invalid_restart_type", "prmanent")),
    ({**GOOD, "shutdown": -10}, ("invalid_shutdown", -10)),
    ({**GOOD, "type": "wrker"}, ("invalid_child_type", "wrker")),
    ({**GOOD, "modules": "dy"}, ("invalid_modules", "dy")),
    ({**GOOD, "modules": [1, 2, 3]}, ("invalid_module", 1)),
    ({**GOOD, "significant": "maybe"}, ("invalid_significant", "maybe")),
]


def check_combination(auto_shutdown, options):
    """What check_childspecs should say about a good spec with these options, and what it says."""
    spec = {**GOOD, **{name: value for name, value in options.items() if value != "undefined"}}
    answer = supervisor.check_childspecs([spec], auto_shutdown)
    if spec.get("significant") is not True:
        return "ok", answer
    if auto_shutdown == "never":
        return ("error", ("bad_combination", [("auto_shutdown", "never"), ("significant", True)])), answer
    if spec.get("restart", "permanent") == "permanent":
        return ("error", ("bad_combination", [("restart", "permanent"), ("significant", True)])), answer
    return "ok", answer


@case("child_specs_map")
async def test_child_specs_map():
    await refused(MAP_FAULTS)
    names = ("restart", "shutdown", "type", "modules", "significant", "dummy")
    for auto_shutdown, *values in itertools.product(
        ("undefined", "never", "any_significant", "all_significant"),
        ("undefined", "permanent", "transient", "temporary"),
        ("undefined", 0, 1000, "infinity", "brutal_kill"),
        ("undefined", "supervisor", "worker"),
        ("undefined", "dynamic", [], ["m"], ["m1", "m2"]),
        ("undefined", True, False),
        ("undefined", "dummy"),
    ):
        expected, answer = check_combination(auto_shutdown, dict(zip(names, values, strict=True)))
        assert answer == expected
    assert supervisor.check_childspecs([GOOD, GOOD]) == ("error", ("duplicate_child_name", "child"))
    assert await start_link(init(DYNAMIC)) == ("error", ("bad_start_spec", []))
    assert await start_link(init(DYNAMIC, GOOD, GOOD)) == ("error", ("bad_start_spec", [GOOD, GOOD]))
    answer = await start_link(init({"auto_shutdown": "never"}, {**GOOD, "significant": True}))
    assert answer[1][0] == "start_spec" and answer[1][1][0] == "bad_combination"


@case("sup_flags")
async def test_sup_flags():
    for fault, *flags in (
        ("invalid_strategy", ("none_for_one", 2, 3600), {"strategy": "none_for_one"}),
        ("invalid_intensity", (ONE, "infinity", 3600), {"intensity": "infinity"}),
        ("invalid_period", (ONE, 2, 0), {"period": 0}, (ONE, 2, "infinity"), {"period": "infinity"}),
        ("invalid_auto_shutdown", {"auto_shutdown": "sometimes"}),
        ("invalid_type", (ONE, 2)),
    ):
        for bad in flags:
            kind, (what, (reason, _)) = await start_link(init(bad))
            assert (kind, what, reason) == ("error", "supervisor_data", fault)
    await terminate(await start({"silly_flag": True}), "shutdown")


async def count_many(type, shutdown):
    sup = await start(DYNAMIC, child(restart="temporary", shutdown=shutdown, type=type))

    def expected(number):
        return [1, number, number, 0] if type == "supervisor" else [1, number, 0, number]

    for number in (1000, 2000):
        for _ in range(1000):
            await add([])
        assert len(await which()) == number and await counts() == expected(number)
    assert await which() == await which()
    for pid in await pids():
        await terminate(pid, "kill")
    assert await counts() == [1, 0, 0, 0]
    await terminate(sup, "shutdown")


@case("count_children")
async def test_count_children():
    await count_many("worker", 1000)


@case("count_children_supervisor")
async def test_count_children_supervisor():
    await count_many("supervisor", "infinity")


@case("count_restarting_children")
async def test_count_restarting_children():
    SupervisorDeadlock.fail_start(False)
    spec = ("child", ("supervisor_deadlock", "start_child_noreg", []), "permanent", "brutal_kill", "worker", [])
    sup = await start((SIMPLE, 20, 10), spec)
    assert await counts() == [1, 0, 0, 0]
    for number in (1, 2, 3):
        await add([])
        assert await counts() == [1, number, 0, number]
    for pid in await pids():
        SupervisorDeadlock.restart_child(pid)
    await timer.sleep(400)
    assert await counts() == [1, 3, 0, 3]
    running = await pids()
    SupervisorDeadlock.fail_start(True)
    for pid in running[:2]:
        SupervisorDeadlock.restart_child(pid)
    await timer.sleep(4000)
    assert await counts() == [1, 1, 0, 3]
    SupervisorDeadlock.fail_start(False)
    await timer.sleep(4000)
    assert await counts() == [1, 3, 0, 3]
    assert await supervisor.terminate_child(sup, running[2]) == "ok"
    assert await counts() == [1, 2, 0, 2]
    for left, pid in zip((1, 0), await pids(), strict=True):
        assert await supervisor.terminate_child(sup, pid) == "ok"
        assert await counts() == [1, left, 0, left]


@case("get_callback_module")
async def test_get_callback_module():
    sup = await start(DYNAMIC, child(restart="temporary"))
    assert await supervisor.get_callback_module(sup) == "supervisor_suite"


@pytest.mark.parametrize("how", ["kill", "normal", "abnormal", "supervisor"])
@pytest.mark.parametrize("strategy", [ALL, ONE, REST])
@case("do_not_save_child_specs_for_temporary_children")
async def test_do_not_save_child_specs_for_temporary_children(strategy, how):
    sup = await start((strategy, 20, 3600))
    for id, restart in (("child1", "permanent"), ("child2", "transient"), ("child3", "temporary")):
        spec = child(id, [], restart)
        await terminate(await add(spec), how, sup, id)
        answer = await supervisor.start_child(sup, spec)
        if restart == "temporary":
            assert answer[0] == "ok"
        elif how == "supervisor" or (how == "normal" and restart == "transient"):
            assert answer == ("error", "already_present")
            assert (await supervisor.restart_child(sup, id))[0] == "ok"
        else:
            assert answer[1][0] == "already_started"
    await terminate(sup, "shutdown")


@case("simple_one_for_one_corruption")
async def test_simple_one_for_one_corruption():
    """The arguments of a temporary child are not kept, nor after the first death of one."""
    sup = await start({"strategy": SIMPLE}, {**child_map(), "restart": "temporary"})
    await terminate(await add([]), "abnormal")
    assert await pids() == []
    second = await add([list(range(50_000))])
    assert (await sys.get_state(sup))[4] == ("mapsets", {second: []})
    await terminate(second, "abnormal")
    assert await pids() == []


def child_map():
    return {"id": "child", "start": ("supervisor_1", "start_child", []), "shutdown": 1000, "modules": []}
