"""supervisor_SUITE: the group significant, and the cases of code change."""

import itertools

import pytest

from erlsim import erlang
from erlsim.otp import supervisor, sys
from tests.otp_suites.supervisor.kit import (
    ALL,
    ONE,
    REST,
    SIMPLE,
    add,
    case,
    child,
    exits,
    fake_upgrade,
    init,
    new,
    pids,
    start,
    stays,
    terminate,
    which,
)

MODES = ["never", "any_significant", "all_significant"]


def flags(mode, **more):
    return {"intensity": 5, "auto_shutdown": mode, **more}


async def linked(sup, *specs):
    """The pids of children that are started of `specs`, linked to the test."""
    found = [await add(spec, sup) for spec in specs]
    for pid in found:
        erlang.link(pid)
    return found


async def dies_alone(sup, pid, reason):
    """`pid` ends for `reason` and the supervisor does not follow."""
    await terminate(pid, reason, sup, "child1")
    await exits(pid)
    await stays(sup)


@pytest.mark.parametrize("mode", MODES)
@case("nonsignificant_temporary")
async def test_nonsignificant_temporary(mode):
    sup = await start(flags(mode))
    for reason in ("supervisor", "kill", "abnormal", "normal"):
        [pid] = await linked(sup, new("child1", "temporary", significant=False))
        await dies_alone(sup, pid, reason)
    await terminate(sup, "shutdown")
    await exits(sup)


@pytest.mark.parametrize("mode", MODES)
@case("nonsignificant_transient")
async def test_nonsignificant_transient(mode):
    sup = await start(flags(mode))
    [pid] = await linked(sup, new("child1", "transient", significant=False))
    await dies_alone(sup, pid, "supervisor")
    await supervisor.restart_child(sup, "child1")
    for reason in ("kill", "abnormal", "normal"):
        [pid] = await pids(sup)
        erlang.link(pid)
        await dies_alone(sup, pid, reason)
    await terminate(sup, "shutdown")
    await exits(sup)


def three(restart):
    """Two significant children and one that is not."""
    return [new(id, restart, significant=id != "child3") for id in ("child1", "child2", "child3")]


async def all_follow(mode, restart, reason):
    """The end of one significant child takes everything along."""
    sup = await start(flags(mode))
    children = await linked(sup, *three(restart))
    await terminate(children[0], reason)
    await exits(*children, sup)


async def last_one_counts(restart):
    sup = await start(flags("all_significant"))
    one, two, other = await linked(sup, *three(restart))
    await terminate(one, "normal")
    await exits(one)
    await stays(two, other, sup)
    await terminate(two, "normal")
    await exits(two, other, sup)


@case("significant_temporary")
async def test_significant_temporary():
    sup = await start(flags("any_significant"))
    one, two, other = await linked(sup, *three("temporary"))
    await terminate(one, "supervisor", sup, "child1")
    await exits(one)
    await stays(two, other, sup)
    [again] = await linked(sup, three("temporary")[0])
    assert [id for id, _, _, _ in await which()] == ["child1", "child3", "child2"]
    await terminate(again, "kill")
    await exits(again, two, other, sup)
    for reason in ("abnormal", "normal"):
        await all_follow("any_significant", "temporary", reason)
    await last_one_counts("temporary")


@case("significant_transient")
async def test_significant_transient():
    sup = await start(flags("any_significant"))
    one, two, other = await linked(sup, *three("transient"))
    await terminate(one, "supervisor", sup, "child1")
    await exits(one)
    await stays(two, other, sup)
    await supervisor.restart_child(sup, "child1")
    for reason in ("kill", "abnormal"):
        one = (await pids())[2]
        erlang.link(one)
        await terminate(one, reason)
        await exits(one)
        await stays(two, other, sup)
    await all_follow_in(sup, (await pids())[2], two, other)
    await last_one_counts("transient")


async def all_follow_in(sup, one, *others):
    erlang.link(one)
    await terminate(one, "normal")
    await exits(one, *others, sup)


@case("significant_simple")
async def test_significant_simple():
    """OTP 25 lets the children of simple_one_for_one be significant; later releases refuse it."""
    spec = new("child1", "transient", significant=True)
    for mode in ("any_significant", "all_significant"):
        sup = await start(flags(mode, strategy=SIMPLE), spec)
        one, two = await linked(sup, [], [])
        await terminate(one, "normal")
        await exits(one)
        if mode == "all_significant":
            await stays(two, sup)
            await terminate(two, "normal")
        await exits(two, sup)


@pytest.mark.parametrize(("strategy", "mode"), list(itertools.product([ONE, ALL, REST], MODES[1:])))
@case("significant_bystander")
async def test_significant_bystander(strategy, mode):
    sup = await start(flags(mode, strategy=strategy))
    specs = [new(id, "transient", significant=id != "child2") for id in ("child1", "child2", "child3")]
    one, two, three_ = await linked(sup, *specs)
    await terminate(two, "kill")
    await exits(*{ONE: [two], ALL: [one, two, three_], REST: [two, three_]}[strategy])
    await stays(*{ONE: [one, three_], ALL: [], REST: [one]}[strategy], sup)
    await terminate(sup, "shutdown")
    await exits(sup)


@pytest.mark.parametrize("significant", [True, False])
@case("significant_escalation")
async def test_significant_escalation(significant):
    inner = ("supervisor", "start_link", ["supervisor_suite", init({"auto_shutdown": "any_significant"})])
    spec = {"id": "sup1", "start": inner, "restart": "transient", "type": "supervisor", "significant": significant}
    top = await start({"auto_shutdown": "any_significant"})
    [middle] = await linked(top, spec)
    [worker] = await linked(middle, new("child1", "transient", significant=True))
    await terminate(worker, "normal")
    await exits(worker, middle)
    if significant:
        await exits(top)
    else:
        await stays(top)


# -- code change -----------------------------------------------------------------------------------

ONE_, TWO_ = (new(id, "transient", significant=True) for id in ("child1", "child2"))


async def upgraded(sup, mode, *children):
    """Change `auto_shutdown`; the state must not be what it was."""
    before = await sys.get_state(sup)
    assert await fake_upgrade(sup, init({"auto_shutdown": mode}, *children)) == "ok"
    assert await sys.get_state(sup) != before


async def refuses(sup, spec):
    assert (await supervisor.start_child(sup, spec))[1][0] == "bad_combination"


@case("significant_upgrade_never_any")
async def test_significant_upgrade_never_any():
    sup = await start({"auto_shutdown": "never"})
    await refuses(sup, ONE_)
    await upgraded(sup, "any_significant")
    one, two = await linked(sup, ONE_, TWO_)
    await all_follow_in(sup, one, two)


@case("significant_upgrade_never_all")
async def test_significant_upgrade_never_all():
    sup = await start({"auto_shutdown": "never"})
    await refuses(sup, ONE_)
    await upgraded(sup, "all_significant")
    one, two = await linked(sup, ONE_, TWO_)
    await terminate(one, "normal")
    await exits(one)
    await stays(two, sup)
    await all_follow_in(sup, two)


async def upgrade_to_never(mode):
    sup = await start({"auto_shutdown": mode})
    [one] = await linked(sup, ONE_)
    await upgraded(sup, "never")
    await stays(one, sup)
    await refuses(sup, TWO_)
    await terminate(one, "normal")
    await exits(one)
    await stays(sup)
    _, again = await supervisor.restart_child(sup, "child1")
    erlang.link(again)
    await terminate(sup, "shutdown")
    await exits(again, sup)


@case("significant_upgrade_any_never")
async def test_significant_upgrade_any_never():
    await upgrade_to_never("any_significant")


@case("significant_upgrade_all_never")
async def test_significant_upgrade_all_never():
    await upgrade_to_never("all_significant")


@case("significant_upgrade_any_all")
async def test_significant_upgrade_any_all():
    sup = await start({"auto_shutdown": "any_significant"})
    one, two = await linked(sup, ONE_, TWO_)
    await upgraded(sup, "all_significant")
    await stays(one, two, sup)
    await terminate(one, "normal")
    await exits(one)
    await stays(two, sup)
    await all_follow_in(sup, two)


@case("significant_upgrade_all_any")
async def test_significant_upgrade_all_any():
    sup = await start({"auto_shutdown": "all_significant"})
    one, two = await linked(sup, ONE_, TWO_)
    await upgraded(sup, "any_significant")
    await stays(one, two, sup)
    await all_follow_in(sup, one, two)


@case("significant_upgrade_child")
async def test_significant_upgrade_child():
    plain, special = (new("child", "transient", significant=value) for value in (False, True))
    sup = await start({"auto_shutdown": "never"}, plain)
    assert (await fake_upgrade(sup, init({"auto_shutdown": "never"}, special)))[0] == "error"
    await terminate(sup, "shutdown")
    await exits(sup)

    sup = await start({"auto_shutdown": "any_significant"}, plain)
    await upgraded(sup, "any_significant", special)
    await all_follow_in(sup, *await pids())

    sup = await start({"auto_shutdown": "any_significant"}, special)
    await upgraded(sup, "any_significant", plain)
    [pid] = await pids()
    erlang.link(pid)
    await terminate(pid, "normal")
    await exits(pid)
    await stays(sup)


async def change_code(flags, other_flags, make, faults):
    """What the cases code_change and code_change_map have in common."""
    sup = await start(flags)
    before = await sys.get_state(sup)
    assert await fake_upgrade(sup, init(other_flags)) == "ok"
    assert await sys.get_state(sup) != before
    for spec, fault in faults:
        assert await fake_upgrade(sup, init(flags, spec)) == ("error", ("error", fault))
    assert await fake_upgrade(sup, init(flags, make("child1", 2000), make("child2", "brutal_kill"))) == "ok"
    for id in ("child1", "child2"):
        assert (await supervisor.restart_child(sup, id))[0] == "ok"
    assert [id for id, _, _, _ in await which()] == ["child2", "child1"]
    assert (await supervisor.get_childspec(sup, "child1"))[1]["shutdown"] == 2000
    running = await pids()
    assert await fake_upgrade(sup, init(flags, make("child1", 1000), make("child3", "brutal_kill"))) == "ok"
    assert [id for id, _, _, _ in await which()] == ["child2", "child3", "child1"]
    assert await pids() == [running[0], "undefined", running[1]]
    assert (await supervisor.get_childspec(sup, "child1"))[1]["shutdown"] == 1000
    assert await fake_upgrade(sup, "ignore") == "ok"
    assert await fake_upgrade(sup, "faulty_return") == ("error", "faulty_return")
    return sup


@case("code_change")
async def test_code_change():
    faulty = ("child1", "permanent", "brutal_kill", "worker", [])

    def make(id, shutdown):
        return child(id, shutdown=shutdown)

    sup = await change_code((ONE, 0, 1), (ONE, 1, 3), make, [(faulty, ("invalid_child_spec", faulty))])
    bad_intensity = init((ONE, "faulty_intensity", 1))
    assert await fake_upgrade(sup, bad_intensity) == ("error", ("error", ("invalid_intensity", "faulty_intensity")))
    assert await fake_upgrade(sup, init("faulty_flags")) == ("error", ("error", ("bad_flags", "faulty_flags")))
    await terminate(sup, "shutdown")


@case("code_change_map")
async def test_code_change_map():
    def make(id, shutdown):
        return new(id, shutdown=shutdown)

    sup = await change_code({}, {"intensity": 1, "period": 3}, make, [({"id": "faulty_child"}, "missing_start")])
    bad_intensity = init({"intensity": "faulty_intensity"})
    assert await fake_upgrade(sup, bad_intensity) == ("error", ("error", ("invalid_intensity", "faulty_intensity")))
    await terminate(sup, "shutdown")


async def change_simple_code(flags, first, changed, second):
    sup = await start(flags, first)
    assert await fake_upgrade(sup, init(flags, changed)) == "ok"
    assert (await supervisor.get_childspec(sup, "child1"))[1]["shutdown"] == 1000
    for specs, ids in (([first, second], ["child1", "child2"]), ([], [])):
        error, (inner, (ok, (found, _))) = await fake_upgrade(sup, init(flags, *specs))
        assert (error, inner, ok, found) == ("error", "error", "ok", ids)
    await terminate(sup, "shutdown")


@case("code_change_simple")
async def test_code_change_simple():
    specs = [child("child1", shutdown="brutal_kill"), child("child1"), child("child2", shutdown="brutal_kill")]
    await change_simple_code((SIMPLE, 0, 1), *specs)


@case("code_change_simple_map")
async def test_code_change_simple_map():
    await change_simple_code({"strategy": SIMPLE}, new("child1"), new("child1", shutdown=1000), new("child2"))
