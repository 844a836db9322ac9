"""supervisor_SUITE: restart strategies, restart types and restart loops."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import supervisor
from tests.otp_suites.supervisor.kit import (
    ALL,
    ONE,
    REST,
    SIMPLE,
    add,
    case,
    child,
    counts,
    exit_reason,
    exits,
    init,
    new,
    pids,
    start,
    start_link,
    terminate,
    which,
)

S = "sup_test"


@case("multiple_restarts")
async def test_multiple_restarts():
    sup = await start({"strategy": ONE, "intensity": 1, "period": 1})
    await terminate(await add(new("child1", shutdown="brutal_kill")), "abnormal")
    for _ in range(3):
        await timer.sleep(2100)
        await terminate((await pids())[0], "abnormal")
    assert await supervisor.terminate_child(sup, "child1") == "ok"
    assert await supervisor.delete_child(sup, "child1") == "ok"


@case("one_for_one")
async def test_one_for_one():
    sup = await start((ONE, 2, 3600))
    first, second = await add(child("child1")), await add(child("child2"))
    await terminate(first, "abnormal")
    after = await pids()
    assert len(after) == 2 and second in after and await counts() == [2, 2, 0, 2]
    await terminate(second, "abnormal")
    await terminate((await pids())[0], "abnormal")
    await exits(sup)


async def escalate(strategy, first_args, second_args):
    """A restart that fails for good ends the supervisor and the child that is linked to the test."""
    sup = await start((strategy, 4, 3600))
    first, second = await add(child("child1", first_args)), await add(child("child2", second_args))
    erlang.link(second)
    await terminate(first, "abnormal")
    await exits(second, sup)


@case("one_for_one_escalation")
async def test_one_for_one_escalation():
    await escalate(ONE, ["error"], [])


@case("one_for_all_escalation")
async def test_one_for_all_escalation():
    await escalate(ALL, [], ["error"])


@case("rest_for_one_escalation")
async def test_rest_for_one_escalation():
    await escalate(REST, [], ["error"])


@case("one_for_all")
async def test_one_for_all():
    sup = await start((ALL, 2, 3600))
    first, second = await add(child("child1")), await add(child("child2"))
    erlang.link(second)
    await terminate(first, "abnormal")
    await exits(second)
    after = await pids()
    assert len(after) == 2 and not {first, second} & set(after) and await counts() == [2, 2, 0, 2]
    await terminate((await pids())[0], "abnormal")
    await terminate((await pids())[0], "abnormal")
    await exits(sup)


async def other_child_fails(strategy):
    """child1 dies and restarts well, child2 fails its restart; gives the starter, child1 and the supervisor."""
    me = erlang.self()
    specs = [child(id, [id, me], worker="supervisor_3") for id in ("child1", "child2")]

    async def starter():
        erlang.send(me, ("sup_pid", (await start_link(init((strategy, 3, 3600), *specs)))[1]))
        await erlang.receive(("stop", me))

    starter_pid = erlang.spawn_link(starter)
    await answer("child1")
    await answer("child2")
    _, sup = await erlang.receive(("sup_pid", ...))
    erlang.link(sup)
    first = (await supervisor.which_children(sup))[1][1]
    erlang.exit(first, "die")
    restarted = await answer("child1")
    ref = erlang.monitor("process", restarted)
    await answer("child2", ("stop", "normal"))
    return starter_pid, ref, sup


async def answer(id, result=("ok", "undefined")):
    """Let the init of `id` return `result`; the pid that asked."""
    _, pid = await erlang.receive((id, ...))
    erlang.send(pid, (result, erlang.self()))
    return pid


@case("one_for_all_other_child_fails_restart")
async def test_one_for_all_other_child_fails_restart():
    starter, ref, sup = await other_child_fails(ALL)
    assert (await erlang.receive(("DOWN", ref, ..., ..., ...), ("child1", ...), ("child2", ...)))[4] == "shutdown"
    await answer("child1")
    await answer("child2")
    erlang.send(starter, ("stop", erlang.self()))
    await exits(starter, sup)


@case("rest_for_one_other_child_fails_restart")
async def test_rest_for_one_other_child_fails_restart():
    starter, _, sup = await other_child_fails(REST)
    id, pid = await erlang.receive(("child1", ...), ("child2", ...))
    assert id == "child2"
    erlang.send(pid, (("ok", "undefined"), erlang.self()))
    erlang.send(starter, ("stop", erlang.self()))
    await exits(starter, sup)


async def simple_restarts(args):
    sup = await start((SIMPLE, 2, 3600), child(args=args))
    first, second = await add([]), await add([])
    await terminate(first, "abnormal")
    after = await pids()
    assert len(after) == 2 and second in after and await counts() == [1, 2, 0, 2]
    await terminate(second, "abnormal")
    await terminate((await pids())[0], "abnormal")
    assert await exit_reason(sup) == "shutdown"


@case("simple_one_for_one")
async def test_simple_one_for_one():
    await simple_restarts([])


@case("simple_one_for_one_extra")
async def test_simple_one_for_one_extra():
    await start((SIMPLE, 2, 3600), child(args=["extra_info"]))
    assert (await supervisor.start_child(S, []))[2] == "extra_info"
    await terminate(erlang.whereis(S), "shutdown")
    await simple_restarts(["extra_info"])


@case("simple_one_for_one_shutdown")
async def test_simple_one_for_one_shutdown():
    sup = await start((SIMPLE, 2, 3600), child(shutdown=2000, worker="supervisor_2"))
    for pause in (1000, 1000, 5000):
        await add([pause])
    before = erlang.monotonic_time()
    await terminate(sup, "shutdown")
    assert erlang.monotonic_time() - before == 2000
    await exits(sup)


@case("simple_one_for_one_escalation")
async def test_simple_one_for_one_escalation():
    sup = await start((SIMPLE, 4, 3600), child())
    first, second = await add(["error"]), await add([])
    erlang.link(first)
    erlang.link(second)
    await terminate(first, "abnormal")
    await exits(sup, second)


@case("rest_for_one")
async def test_rest_for_one():
    sup = await start((REST, 2, 3600))
    first, second, third = [await add(child(id)) for id in ("child1", "child2", "child3")]
    erlang.link(first)
    erlang.link(third)
    assert await counts() == [3, 3, 0, 3]
    await terminate(second, "abnormal")
    await exits(third)
    after = await pids()
    assert len(after) == 3 and first in after and not {second, third} & set(after)
    assert await counts() == [3, 3, 0, 3]
    await terminate((await pids())[0], "abnormal")
    await terminate((await pids())[1], "abnormal")
    await exits(sup)


# -- restart types ---------------------------------------------------------------------------------

RESTARTED, STOPPED, GONE = [1, 1, 0, 1], [1, 0, 0, 1], [0, 0, 0, 0]


async def ends(restart, *reasons):
    """The counts after a child of that type has ended for each of `reasons`, started again in between."""
    await start((ONE, 2, 3600))
    for reason in reasons:
        match await supervisor.start_child(S, child("child1", [], restart)):
            case ("ok", pid) | ("error", ("already_started", pid)):
                pass
            case ("error", "already_present"):
                _, pid = await supervisor.restart_child(S, "child1")
        await terminate(pid, reason)
        found = await counts()
        assert found[1] == len([1 for _, pid, _, _ in await which() if pid != "undefined"])
    return found


@case("permanent_normal")
async def test_permanent_normal():
    assert await ends("permanent", "normal") == RESTARTED


@case("transient_normal")
async def test_transient_normal():
    assert await ends("transient", "normal") == STOPPED


@case("temporary_normal")
async def test_temporary_normal():
    assert await ends("temporary", "normal") == GONE


SHUTDOWNS = ("shutdown", ("shutdown", "some_info"))


@case("permanent_shutdown")
async def test_permanent_shutdown():
    assert await ends("permanent", *SHUTDOWNS) == RESTARTED


@case("transient_shutdown")
async def test_transient_shutdown():
    assert await ends("transient", *SHUTDOWNS) == STOPPED


@case("temporary_shutdown")
async def test_temporary_shutdown():
    assert await ends("temporary", *SHUTDOWNS) == GONE


@case("permanent_abnormal")
async def test_permanent_abnormal():
    assert await ends("permanent", "abnormal") == RESTARTED


@case("transient_abnormal")
async def test_transient_abnormal():
    assert await ends("transient", "abnormal") == RESTARTED


@case("temporary_abnormal")
async def test_temporary_abnormal():
    assert await ends("temporary", "abnormal") == GONE


@pytest.mark.parametrize("strategy", [ALL, REST])
@case("temporary_bystander")
async def test_temporary_bystander(strategy):
    sup = await start((strategy, 2, 300))
    first = await add(child("child1", shutdown=100))
    await add(child("child2", [], "temporary", 100))
    await terminate(first, "normal")
    await timer.sleep(350)
    assert erlang.is_process_alive(sup)
    assert [id for id, _, _, _ in await which()] == ["child1"]
