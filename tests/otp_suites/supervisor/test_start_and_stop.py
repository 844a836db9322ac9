"""supervisor_SUITE: the groups sup_start, sup_start_map and sup_stop, and child_unlink."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import supervisor
from tests.otp_suites.supervisor.kit import (
    ONE,
    SIMPLE,
    add,
    case,
    child,
    counts,
    exit_reason,
    init,
    new,
    start,
    start_link,
    terminate,
    which,
)

FLAGS = (ONE, 2, 3600)
DYNAMIC = (SIMPLE, 2, 3600)


@case("sup_start_normal")
async def test_sup_start_normal():
    await terminate(await start(FLAGS), "shutdown")


@case("sup_start_ignore_init")
async def test_sup_start_ignore_init():
    assert await start_link("ignore") == "ignore"
    # On OTP 25 the starter hears of the end of the process that was not to be.
    assert (await erlang.receive(("EXIT", ..., ...)))[2] == "normal"


@case("sup_start_ignore_child")
async def test_sup_start_ignore_child():
    await start(FLAGS)
    assert await supervisor.start_child("sup_test", child("child1", ["ignore"])) == ("ok", "undefined")
    pid = await add(child("child2"))
    assert await which() == [("child2", pid, "worker", []), ("child1", "undefined", "worker", [])]
    assert await counts() == [2, 1, 0, 2]


@case("sup_start_ignore_temporary_child")
async def test_sup_start_ignore_temporary_child():
    await start(FLAGS, child("child1", ["ignore"], "temporary"), child("child2", [], "temporary"))
    [(id, pid, _, _)] = await which()
    assert id == "child2" and erlang.is_process_alive(pid)
    assert await counts() == [1, 1, 0, 1]


@case("sup_start_ignore_temporary_child_start_child")
async def test_sup_start_ignore_temporary_child_start_child():
    await start(FLAGS)
    first = child("child1", ["ignore"], "temporary")
    assert await supervisor.start_child("sup_test", first) == ("ok", "undefined")
    pid = await add(child("child2", [], "temporary"))
    assert await which() == [("child2", pid, "worker", [])]
    assert await counts() == [1, 1, 0, 1]


async def ignored_once(restart):
    sup = await start(DYNAMIC, child("child1", ["ignore"], restart))
    assert await supervisor.start_child("sup_test", []) == ("ok", "undefined")
    pid = await add([])
    assert await which() == [("undefined", pid, "worker", [])]
    assert await counts() == [1, 1, 0, 1]
    return sup


@case("sup_start_ignore_temporary_child_start_child_simple")
async def test_sup_start_ignore_temporary_child_start_child_simple():
    await ignored_once("temporary")


@case("sup_start_ignore_permanent_child_start_child_simple")
async def test_sup_start_ignore_permanent_child_start_child_simple():
    sup = await ignored_once("permanent")
    erlang.exit(sup, "shutdown")
    assert await exit_reason(sup) == "shutdown"


@case("sup_start_error_return")
async def test_sup_start_error_return():
    reason = ("bad_return", ("supervisor_suite", "init", "invalid"))
    assert await start_link("invalid") == ("error", reason)
    # On OTP 25 the starter hears of the failed start.
    assert (await erlang.receive(("EXIT", ..., ...)))[2] == reason


@case("sup_start_fail")
async def test_sup_start_fail():
    kind, (reason, stack) = await start_link("fail")
    assert (kind, reason) == ("error", "fail") and isinstance(stack, list)
    assert (await erlang.receive(("EXIT", ..., ...)))[2][0] == "fail"


@case("sup_start_restart_child_returns_error")
async def test_sup_start_restart_child_returns_error():
    await start(FLAGS, child("child1", ["error"]))
    assert await supervisor.terminate_child("sup_test", "child1") == "ok"
    kind, (reason, _) = await supervisor.restart_child("sup_test", "child1")
    assert (kind, reason) == ("error", "function_clause")
    assert await which() == [("child1", "undefined", "worker", [])]


@case("sup_start_child_returns_error")
async def test_sup_start_child_returns_error():
    await start(FLAGS)
    for returned, reason in ((("error", "reason"), "reason"), ("error_reason", "error_reason")):
        answer = await supervisor.start_child("sup_test", child("child1", [("return", returned)]))
        assert answer[0] == "error" and answer[1][0] == reason
    assert await which() == []


@case("sup_start_child_returns_error_simple")
async def test_sup_start_child_returns_error_simple():
    await start(DYNAMIC, child("child1"))
    for returned, reason in ((("error", "reason"), "reason"), ("error_reason", "error_reason")):
        assert await supervisor.start_child("sup_test", [("return", returned)]) == ("error", reason)
    assert await which() == []


@case("sup_start_map")
async def test_sup_start_map():
    start_mfa = ("supervisor_1", "start_child", [])
    specs = [
        {"id": "child1", "start": start_mfa},
        {"id": "child2", "start": start_mfa, "shutdown": "brutal_kill"},
        {"id": "child3", "start": start_mfa, "type": "supervisor"},
    ]
    sup = await start({}, *specs)
    common = {"start": start_mfa, "restart": "permanent", "significant": False, "modules": ["supervisor_1"]}
    for id, shutdown, type in (
        ("child1", 5000, "worker"),
        ("child2", "brutal_kill", "worker"),
        ("child3", "infinity", "supervisor"),
    ):
        full = {**common, "id": id, "shutdown": shutdown, "type": type}
        assert await supervisor.get_childspec(sup, id) == ("ok", full)
    assert await supervisor.get_childspec(sup, "child4") == ("error", "not_found")
    await terminate(sup, "shutdown")


@case("sup_start_map_simple")
async def test_sup_start_map_simple():
    spec = new("undefined", "temporary")
    sup = await start({"strategy": SIMPLE}, spec)
    full = {**spec, "type": "worker", "shutdown": 5000, "modules": ["supervisor_1"], "significant": False}
    for pid in [await add([]) for _ in range(3)]:
        assert await supervisor.get_childspec(sup, pid) == ("ok", full)
    assert await supervisor.get_childspec(sup, erlang.self()) == ("error", "not_found")
    await terminate(sup, "shutdown")


@case("sup_start_map_faulty_specs")
async def test_sup_start_map_faulty_specs():
    mfa = ("supervisor_1", "start_child", [])
    assert await start_link(init({}, {"start": mfa})) == ("error", ("start_spec", "missing_id"))
    assert await start_link(init({}, {"id": "child2"})) == ("error", ("start_spec", "missing_start"))
    await terminate(await start({}, {"id": "child3", "start": mfa, "silly_flag": True}), "shutdown")
    assert await start_link(init({}, "child4")) == ("error", ("start_spec", ("invalid_child_spec", "child4")))


# -- sup_stop --------------------------------------------------------------------------------------


@case("sup_stop_infinity")
async def test_sup_stop_infinity():
    sup = await start(FLAGS)
    children = [
        await add(child("child1", shutdown="infinity", type="supervisor")),
        await add(child("child2", shutdown="infinity")),
    ]
    for pid in children:
        erlang.link(pid)
    await terminate(sup, "shutdown")
    assert [await exit_reason(pid) for pid in children] == ["shutdown", "shutdown"]


async def stop_a_sleeper(flags, specs, dynamic):
    """Two children, the second too deep asleep to stop: the reasons that the two die of."""
    sup = await start(flags, *(specs if dynamic else []))
    children = [await add([] if dynamic else spec) for spec in (specs * 2)[:2]]
    for pid in children:
        erlang.link(pid)
    erlang.send(children[1], ("sleep", 200_000))
    await terminate(sup, "shutdown")
    return [await exit_reason(pid) for pid in children]


@case("sup_stop_timeout")
async def test_sup_stop_timeout():
    assert await stop_a_sleeper(FLAGS, [child("child1"), child("child2")], False) == ["shutdown", "killed"]


@case("sup_stop_timeout_dynamic")
async def test_sup_stop_timeout_dynamic():
    assert await stop_a_sleeper(DYNAMIC, [child(restart="temporary")], True) == ["shutdown", "killed"]


@case("sup_stop_brutal_kill")
async def test_sup_stop_brutal_kill():
    sup = await start(FLAGS)
    children = [await add(child("child1")), await add(child("child2", shutdown="brutal_kill"))]
    for pid in children:
        erlang.link(pid)
    await terminate(sup, "shutdown")
    assert [await exit_reason(pid) for pid in children] == ["shutdown", "killed"]


@case("sup_stop_brutal_kill_dynamic")
async def test_sup_stop_brutal_kill_dynamic():
    sup = await start(DYNAMIC, child(restart="temporary", shutdown="brutal_kill", worker="supervisor_4"))
    children = [await add([]) for _ in range(10)]
    for pid in children:
        erlang.link(pid)
    await terminate(sup, "shutdown")
    assert await exit_reason(sup) == "shutdown"
    assert {await exit_reason(pid) for pid in children} == {"killed"}


REASONS = ["normal", "shutdown", ("shutdown", "test"), "other"]


@case("sup_stop_race")
async def test_sup_stop_race():
    """Children end by themselves, each of its own reason, while the supervisor stops the last one."""
    sup = await start(FLAGS)
    first = await add(new("child_a", "temporary", shutdown=1000))
    middle = []
    for restart in ("temporary", "transient", "permanent"):
        for reason in REASONS:
            spec = new(("child", erlang.make_ref()), restart, shutdown=1000)
            pid = await add({**spec, "start": ("supervisor_4", "start_child", [reason])})
            middle.append((pid, reason))
    slow = {**new("child_z", "temporary", shutdown=2000), "start": ("supervisor_2", "start_child", [1000])}
    last = await add(slow)
    for pid in (first, last, *(pid for pid, _ in middle)):
        erlang.link(pid)

    async def stop_them():
        await timer.sleep(200)
        for pid, _ in middle:
            erlang.send(pid, "stop")

    erlang.spawn(stop_them)
    await terminate(sup, "shutdown")
    assert [await exit_reason(pid) for pid in (sup, last)] == ["shutdown", "shutdown"]
    for pid, reason in middle:
        assert await exit_reason(pid) == reason
    assert await exit_reason(first) == "shutdown"


@pytest.mark.parametrize("restart", ["temporary", "transient", "permanent"])
@case("sup_stop_non_shutdown_exit_dynamic")
async def test_sup_stop_non_shutdown_exit_dynamic(restart):
    sup = await start(DYNAMIC, child(restart=restart, shutdown=5000, worker="supervisor_4"))
    children = [(await add([reason]), reason) for reason in REASONS]
    for pid, _ in children:
        erlang.link(pid)
    await terminate(sup, "shutdown")
    assert await exit_reason(sup) == "shutdown"
    for pid, reason in children:
        assert await exit_reason(pid) == reason


@case("child_unlink")
async def test_child_unlink():
    """A child that has unlinked itself does not hang the supervisor that terminates it."""
    sup = await start(FLAGS)
    await add(("naughty_child", ("naughty_child", "start_link", [sup]), "permanent", 1000, "worker", ["x"]))
    erlang.spawn(supervisor.terminate_child, [sup, "naughty_child"])
    erlang.send(sup, "foo")
    await timer.sleep(5000)
    assert erlang.process_info(sup, "message_queue_len") == ("message_queue_len", 0)


@case("order_of_children")
async def test_order_of_children():
    ids = ["ch7", "ch3", "ch10", "ch2", "ch5"]
    sup = await start(("rest_for_one", 2, 3600), *(child(id) for id in ids))
    first = [pid for _, pid, _, _ in reversed(await which())]
    assert first == sorted(first, key=lambda pid: pid.number)
    assert [id for id, _, _, _ in reversed(await which())] == ids
    for pid in first[3:]:
        erlang.monitor("process", pid)
    await terminate(first[2], "abnormal")
    assert [(await erlang.receive(("DOWN", ..., ..., ..., ...)))[3] for _ in range(2)] == [first[4], first[3]]
    second = [pid for _, pid, _, _ in reversed(await which())]
    assert second[:2] == first[:2] and second == sorted(second, key=lambda pid: pid.number)
    assert not set(second[2:]) & set(first)
    for pid in second:
        erlang.monitor("process", pid)
    erlang.exit(sup, "shutdown")
    assert [(await erlang.receive(("DOWN", ..., ..., ..., ...)))[3] for _ in second] == second[::-1]
