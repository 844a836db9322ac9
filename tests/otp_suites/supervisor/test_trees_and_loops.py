"""supervisor_SUITE: trees of supervisors, and supervisors whose restarts fail again and again."""

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server, global_, supervisor
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
    exit_reason,
    exits,
    init,
    pids,
    start,
    terminate,
    which,
)

S = "sup_test"


# -- trees -----------------------------------------------------------------------------------------


def subtree(id, restart, *children):
    start_mfa = ("supervisor", "start_link", ["supervisor_suite", init((ONE, 4, 3600), *children)])
    return (id, start_mfa, restart, "infinity", "supervisor", [])


@case("tree")
async def test_tree():
    top = await start((ALL, 4, 3600))
    one = await add(subtree("supchild1", "permanent", child("child1"), child("child2")))
    two = await add(subtree("supchild2", "permanent"))
    await add(subtree("supchild3", "transient"))
    assert await supervisor.terminate_child(top, "supchild3") == "ok"
    assert await counts(top) == [3, 2, 3, 0]
    workers = await which(one)
    assert await counts(one) == [2, 2, 0, 2] and await counts(two) == [0, 0, 0, 0]
    third, fourth = await add(child("child3", ["error"]), two), await add(child("child4"), two)
    assert await counts(two) == [2, 2, 0, 2]
    await terminate(fourth, "abnormal")
    assert await which(one) == workers
    new_fourth, same_third = await pids(two)
    assert same_third == third and new_fourth != fourth and await counts(two) == [2, 2, 0, 2]
    await terminate(third, "abnormal")
    await timer.sleep(1000)
    assert [id for id, _, _, _ in await which(top)] == ["supchild3", "supchild2", "supchild1"]
    assert await counts(top) == [3, 3, 3, 0]
    new_three, new_two, new_one = await pids(top)
    assert [id for id, _, _, _ in await which(new_one)] == ["child2", "child1"]
    assert await counts(new_one) == [2, 2, 0, 2]
    for sup in (new_two, new_three):
        assert await which(sup) == [] and await counts(sup) == [0, 0, 0, 0]


@erlsim.module(name="suite_9212")
class Suite9212:
    """A globally named server under a globally named supervisor."""

    async def middle():
        spec = ("child", ("suite_9212", "server", []), "permanent", 2000, "worker", [])
        return await supervisor.start_link(("global", "sup2"), "supervisor_suite", init((ALL, 3, 60), spec))

    async def server():
        return await gen_server.start_link(("global", "server"), "supervisor_suite", ("ok", []), [])


@pytest.mark.parametrize("how", ["kill_supervisor", "kill_worker", "exit_worker", "restart_worker"])
@case("simple_global_supervisor", partial="names are global on one node only")
async def test_simple_global_supervisor(how):
    top = await start((ALL, 3, 60), ("middle", ("suite_9212", "middle", []), "permanent", 2000, "supervisor", []))
    sup, server = global_.whereis_name("sup2"), global_.whereis_name("server")
    match how:
        case "kill_supervisor":
            erlang.exit(sup, "kill")
        case "kill_worker":
            erlang.exit(server, "kill")
        case "exit_worker":
            erlang.send(server, ("fail", "normal"))
        case "restart_worker":
            assert await supervisor.terminate_child(("global", "sup2"), "child") == "ok"
            assert (await supervisor.restart_child(("global", "sup2"), "child"))[0] == "ok"
    await timer.sleep(200)
    assert erlang.is_process_alive(global_.whereis_name("server"))
    assert global_.whereis_name("server") != server
    assert (global_.whereis_name("sup2") != sup) is (how == "kill_supervisor")
    erlang.exit(top, "kill")
    await timer.sleep(200)
    assert global_.whereis_name("sup2") == global_.whereis_name("server") == "undefined"
    await exits(top)


# -- restart loops ---------------------------------------------------------------------------------


def deadlock(id):
    return (id, ("supervisor_deadlock", "start_child", []), "permanent", "brutal_kill", "worker", [])


async def fall_into_loop():
    SupervisorDeadlock.fail_start(True)
    SupervisorDeadlock.restart_child()
    await timer.sleep(2000)


async def leave_by_shutdown(sup, pid):
    """A supervisor in a restart loop still stops when it is told to."""
    erlang.link(pid)
    await fall_into_loop()
    await terminate(sup, "shutdown")
    assert await exit_reason(pid) == "error"
    assert erlang.whereis(S) == "undefined"


async def refuses_all_but_terminate(id):
    assert await supervisor.start_child(S, deadlock(id)) == ("error", "already_present")
    assert await supervisor.restart_child(S, id) == ("error", "restarting")
    assert await supervisor.delete_child(S, id) == ("error", "restarting")


@case("hanging_restart_loop")
async def test_hanging_restart_loop():
    SupervisorDeadlock.fail_start(False)
    sup = await start((ONE, 8, 10))
    pid = await add(deadlock("child1"))
    erlang.link(pid)
    await fall_into_loop()
    await refuses_all_but_terminate("child1")
    assert await which() == [("child1", "restarting", "worker", [])] and await counts() == [1, 0, 0, 1]
    assert await supervisor.terminate_child(S, "child1") == "ok"
    assert await exit_reason(pid) == "error" and await pids() == ["undefined"]
    SupervisorDeadlock.fail_start(False)
    _, second = await supervisor.restart_child(S, "child1")
    await leave_by_shutdown(sup, second)


@case("hanging_restart_loop_rest_for_one")
async def test_hanging_restart_loop_rest_for_one():
    SupervisorDeadlock.fail_start(False)
    sup = await start((REST, 8, 10))
    first = await add(child("child1", shutdown="brutal_kill"))
    second = await add(deadlock("child2"))
    await add(child("child3", shutdown="brutal_kill"))
    erlang.link(second)
    await fall_into_loop()
    await refuses_all_but_terminate("child2")
    assert await pids() == ["undefined", "restarting", first] and await counts() == [3, 1, 0, 3]
    assert await supervisor.terminate_child(S, "child2") == "ok"
    assert await exit_reason(second) == "error" and await pids() == ["undefined", "undefined", first]
    SupervisorDeadlock.fail_start(False)
    _, again = await supervisor.restart_child(S, "child2")
    await leave_by_shutdown(sup, again)


@case("hanging_restart_loop_simple")
async def test_hanging_restart_loop_simple():
    SupervisorDeadlock.fail_start(False)
    sup = await start((SIMPLE, 8, 10), deadlock("child1"))
    pid = await add([])
    erlang.link(pid)
    await fall_into_loop()
    assert await supervisor.restart_child(S, "child1") == ("error", SIMPLE)
    assert await supervisor.delete_child(S, "child1") == ("error", SIMPLE)
    assert await which() == [("undefined", "restarting", "worker", [])] and await counts() == [1, 0, 0, 1]
    assert await supervisor.terminate_child(S, pid) == "ok"
    assert await exit_reason(pid) == "error" and await pids() == []
    SupervisorDeadlock.fail_start(False)
    await leave_by_shutdown(sup, await add([]))
