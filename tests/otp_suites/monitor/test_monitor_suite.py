"""monitor_SUITE, on the local node."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import TIMEOUT, erlang
from tests.otp_suites.kit import badarg, expect, hang, no_message, pause, run_in_process, suite, wait_until
from tests.otp_suites.monitor.jeeves import start_jeeves, tell_jeeves

case = suite("monitor_SUITE")

NODE = "nonode@nohost"
LOCAL = "the other node"


async def kills_its_parent(parent: Any) -> None:
    """Told ok, exits its parent with foo."""
    await erlang.receive("ok")
    erlang.exit(parent, "foo")


@case()
async def test_case_1():
    async def g0() -> None:
        pid = erlang.spawn(kills_its_parent, [erlang.self()])
        erlang.monitor("process", pid)
        erlang.send(pid, "ok")
        await erlang.receive("ok")

    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(g0)
    await expect(("EXIT", pid, "foo"))


@case()
async def test_case_1a():
    async def g1() -> None:
        pid, _ref = erlang.spawn_monitor(kills_its_parent, [erlang.self()])
        erlang.send(pid, "ok")
        await erlang.receive("ok")

    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(g1)
    await expect(("EXIT", pid, "foo"))


async def demonitors_anothers(parent: Any) -> None:
    """Demonitors with a reference that is somebody else's."""
    erlang.send(parent, erlang.demonitor(await erlang.receive()))


@case()
async def test_case_2():
    pid = erlang.spawn(demonitors_anothers, [erlang.self()])
    ref = erlang.monitor("process", pid)
    erlang.send(pid, ref)
    await expect(True, ("DOWN", ref, "process", pid, "normal"))


@case()
async def test_case_2a():
    pid, ref = erlang.spawn_monitor(demonitors_anothers, [erlang.self()])
    erlang.send(pid, ref)
    await expect(True, ("DOWN", ref, "process", pid, "normal"))


@case(partial=LOCAL)
async def test_mon_e_1():
    badarg(erlang.monitor, "plutt", erlang.self())
    for item in (["bingo"], ("rex", NODE, "junk"), 1):
        badarg(erlang.monitor, "process", item)


@case(partial=LOCAL)
async def test_demon_e_1():
    badarg(erlang.demonitor, "plutt")
    badarg(erlang.demonitor, 1)
    me = erlang.self()

    async def watcher() -> None:
        erlang.send(me, ("ref", erlang.monitor("process", me)))
        await erlang.receive("stop")

    pid = erlang.spawn(watcher)
    _, ref = await erlang.receive(("ref", ...))
    assert erlang.demonitor(ref) is True
    erlang.send(pid, "stop")


@case()
async def test_demon_1():
    assert erlang.demonitor(erlang.make_ref()) is True


@case()
async def test_mon_1():
    for spawn in (erlang.spawn_monitor, spawn_then_monitor):
        pid, ref = spawn("timer", "sleep", [1])
        await expect(("DOWN", ref, "process", pid, "normal"))
        pid, ref = spawn("timer", "sleep", [100_000])
        erlang.exit(pid, "frop")
        await expect(("DOWN", ref, "process", pid, "frop"))
    ref = erlang.monitor("process", pid)
    await expect(("DOWN", ref, "process", pid, "noproc"))

    jeeves = await start_jeeves("jeeves")
    ref = erlang.monitor("process", "jeeves")
    tell_jeeves(jeeves, "stop")
    await expect(("DOWN", ref, "process", ("jeeves", NODE), "normal"))
    jeeves = await start_jeeves("jeeves")
    ref = erlang.monitor("process", ("jeeves", NODE))
    tell_jeeves(jeeves, ("exit", "frop"))
    await expect(("DOWN", ref, "process", ("jeeves", NODE), "frop"))
    ref = erlang.monitor("process", ("jeeves", NODE))
    await expect(("DOWN", ref, "process", ("jeeves", NODE), "noproc"))


def spawn_then_monitor(*what: Any) -> tuple[Any, Any]:
    """Spawn and monitor in two steps."""
    pid = erlang.spawn(*what)
    return pid, erlang.monitor("process", pid)


@case()
async def test_demon_2():
    ref = erlang.monitor("process", erlang.self())
    assert [erlang.demonitor(ref), erlang.demonitor(ref)] == [True, True]
    await no_message()
    pid, ref = spawn_then_monitor("timer", "sleep", [1])
    await expect(("DOWN", ref, "process", pid, "normal"))
    pid, ref = spawn_then_monitor("timer", "sleep", [100_000])
    erlang.demonitor(ref)
    erlang.exit(pid, "frop")
    await no_message()


@case(partial=LOCAL)
async def test_demonitor_flush():
    badarg(erlang.demonitor, erlang.make_ref(), "flush")
    badarg(erlang.demonitor, erlang.make_ref(), ["flus"])
    badarg(erlang.demonitor, "x", ["flush"])
    pid = erlang.spawn("timer", "sleep", [100_000])
    refs = [erlang.monitor("process", pid) for _ in range(4)]
    assert erlang.demonitor(refs[0], ["flush", "flush"]) is True
    erlang.exit(pid, "bang")
    await erlang.receive(("DOWN", refs[1], "process", pid, "bang"))
    await pause(100)
    assert erlang.demonitor(refs[2], ["flush"]) is True
    assert erlang.demonitor(refs[3], []) is True
    await expect(("DOWN", refs[3], "process", pid, "bang"))
    await no_message(100)


@case()
async def test_gh_5225_demonitor_alias():
    alias = erlang.alias()
    for options in ([], ["flush"]):
        erlang.demonitor(alias, options)
    pid, ref = erlang.spawn_opt(lambda: "ok", [("monitor", [("alias", "explicit_unalias")])])
    await expect(("DOWN", ref, "process", pid, "normal"))
    for options in ([], ["flush"]):
        erlang.demonitor(ref, options)
    ref = erlang.monitor("process", pid, [("alias", "explicit_unalias")])
    await expect(("DOWN", ref, "process", pid, "noproc"))
    for options in ([], ["flush"]):
        erlang.demonitor(ref, options)


@case(trace=False)
async def test_local_remove_monitor():
    shell = erlang.self()

    async def group() -> None:
        refs = []
        for number in range(100):
            refs.append(erlang.monitor("process", erlang.spawn(lambda: "ok")))
            if not number % 7:
                await erlang.yield_()
        was_there = []
        for ref in refs:
            was_there.append(erlang.demonitor(ref, ["info"]))
            down = await erlang.receive(("DOWN", ref, ..., ..., ...), after=0)
            assert (down is TIMEOUT) == was_there[-1]
        erlang.send(shell, ("removed", was_there.count(True), was_there.count(False)))

    for _ in range(20):
        erlang.spawn_link(group)
    counts = [await erlang.receive(("removed", ..., ...)) for _ in range(20)]
    assert all(there + gone == 100 and gone for _, there, gone in counts)


@case()
async def test_large_exit():
    big = ("big", "tuple", "with", ["list", 4563784278])
    reason = (big, bytes(1000))
    for _ in range(100):

        async def body() -> None:
            await erlang.receive()
            erlang.exit(reason)

        pid, ref = spawn_then_monitor(body)
        erlang.send(pid, "hej")
        await expect(("DOWN", ref, "process", pid, reason))


@case()
async def test_named_down():
    erlang.process_flag("priority", "high")
    named = erlang.spawn_link(hang)
    assert erlang.register("named_down", named) is True
    erlang.unlink(named)
    ref = erlang.monitor("process", "named_down")
    erlang.exit(named, "bang")
    await erlang.receive(("DOWN", ref, ..., ..., "bang"), after=3000)
    assert erlang.register("named_down", erlang.self()) is True
    assert erlang.unregister("named_down") is True


@case()
async def test_otp_5827():
    # A pid that this node has never had stands for one of another incarnation.
    from erlsim.terms import Pid

    stranger, parent = Pid(1_000_000), erlang.self()

    async def body() -> None:
        ref = erlang.monitor("process", stranger)
        await erlang.receive(("DOWN", ref, "process", stranger, "noproc"))
        erlang.send(parent, "ok")

    erlang.spawn(body)
    assert await erlang.receive("ok", after=1000) == "ok"


@pytest.mark.parametrize("queue", ["on_heap", "off_heap"])
@case(partial="where messages are kept", trace=False)
async def test_monitor_tag_storage(queue):
    tag, count, parent = erlang.make_ref(), 1000, erlang.self()
    pids = [erlang.spawn_opt(hang, ["link", ("priority", "high")]) for _ in range(count)]

    async def receiver() -> None:
        for pid in pids:
            erlang.monitor("process", pid, [("tag", tag)])
        erlang.send(parent, ("ready", erlang.self()))
        await erlang.receive(("continue", parent))
        assert len([await erlang.receive((tag, ..., "process", ..., "bang"), after=0) for _ in pids]) == count
        await no_message()

    pid, ref = erlang.spawn_opt(receiver, ["link", "monitor", ("message_queue_data", queue)])
    await expect(("ready", pid))
    for target in pids:
        erlang.unlink(target)
        erlang.exit(target, "bang")
    await wait_until(lambda: erlang.process_info(pid, "message_queue_len") == ("message_queue_len", count))
    assert all((m[0], m[2], m[4]) == (tag, "process", "bang") for m in erlang.process_info(pid, "messages")[1])
    erlang.send(pid, ("continue", parent))
    await expect(("DOWN", ref, "process", pid, "normal"))


@case()
async def test_unexpected_alias_at_demonitor_gh5310():
    async def body() -> None:
        _, alias = await erlang.receive(("alias", ...))
        erlang.send(alias, ("hello_via_alias", erlang.self()))

    pid = erlang.spawn_link(body)
    plain = erlang.monitor("process", pid)
    ref = erlang.monitor("process", pid, [("alias", "reply_demonitor")])
    erlang.demonitor(ref, ["flush"])
    erlang.send(pid, ("alias", ref))
    await expect(("DOWN", plain, "process", pid, "normal"))
    await no_message()


@pytest.mark.parametrize("reason", ["bye", ("compound", ["reason"])], ids=["immediate", "compound"])
@case()
async def test_down_on_alias_gh5310(reason):
    parent = erlang.self()

    async def ends() -> None:
        erlang.send(parent, "ready")
        await erlang.receive("go")
        erlang.exit(reason)

    async def demonitors(target: Any) -> None:
        ref = erlang.monitor("process", target, [("alias", "explicit_unalias")])
        erlang.send(parent, "ready")
        await erlang.receive("go")
        erlang.demonitor(ref, ["flush"])
        while erlang.is_process_alive(target):
            await erlang.yield_()
        assert await erlang.receive(("DOWN", ref, "process", ..., ...), after=0) is TIMEOUT
        erlang.send(parent, "done")

    for turn in range(50):
        ending = erlang.spawn(ends)
        watching = erlang.spawn_link(demonitors, [ending])
        await expect("ready", "ready")
        for pid in (ending, watching) if turn % 2 else (watching, ending):
            erlang.send(pid, "go")
        await expect("done")


ALIAS = pytest.mark.parametrize("alias", [[], [("alias", "explicit_unalias")]], ids=["no alias", "alias"])
TAG = pytest.mark.parametrize("tagged", [False, True], ids=["no tag", "tag"])


@ALIAS
@TAG
@case()
async def test_monitor_3_noproc_gh6185(alias, tagged):
    from erlsim.terms import Pid

    name = "undefined_name_gh6185"
    tag = ("tag", erlang.make_ref()) if tagged else "DOWN"
    options = [*alias, *([("tag", tag)] if tagged else [])]
    named = (name, NODE)
    for kind, item, known_as in [
        ("process", name, named),
        ("process", named, named),
        ("port", name, named),
        ("port", named, named),
        ("process", Pid(1_000_000), Pid(1_000_000)),
    ]:
        ref = erlang.monitor(kind, item, options)
        assert await erlang.receive(after=100) == (tag, ref, kind, known_as, "noproc")
        if alias:
            erlang.send(ref, "by alias")
            erlang.send(erlang.self(), "plain")
            await expect("by alias", "plain")
            assert erlang.unalias(ref) is True
        erlang.send(ref, "too late")
        await no_message()

        async def dies_right_after(kind: str = kind, item: Any = item) -> None:
            await erlang.yield_()
            erlang.monitor(kind, item, options)
            erlang.exit("bang")

        pid, down = erlang.spawn_monitor(dies_right_after)
        await expect(("DOWN", down, "process", pid, "bang"))
    await run_in_process(lambda: erlang.demonitor(ref))
