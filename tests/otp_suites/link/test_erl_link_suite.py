"""erl_link_SUITE, on the local node."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

import erlsim
from erlsim import TIMEOUT, erlang
from erlsim.testing import RandomWalk
from tests.otp_suites.kit import no_message, pause, suite, wait_until

case = suite("erl_link_SUITE")


async def test_proc() -> None:
    """Does what it is told in a call or a cast."""
    while True:
        match await erlang.receive(("call", ..., ..., ...), ("cast", ...)):
            case (_, sender, ref, act):
                erlang.send(sender, (ref, await done(act)))
            case (_, act):
                await done(act)


test_proc.__test__ = False  # type: ignore[attr-defined]


async def done(act: Callable[[], Any]) -> Any:
    """The value of `act`, plain or async."""
    result = act()
    return await result if hasattr(result, "__await__") else result


async def call(pid: Any, act: Callable[[], Any]) -> Any:
    """What `act` gives in the process `pid`."""
    ref = erlang.make_ref()
    erlang.send(pid, ("call", erlang.self(), ref, act))
    return (await erlang.receive((ref, ...), after=5000))[1]


def cast(pid: Any, act: Callable[[], Any]) -> None:
    """Let `pid` do something."""
    erlang.send(pid, ("cast", act))


def links(pid: Any) -> list[Any]:
    """Whom `pid` is linked to; nobody if it is dead."""
    info = erlang.process_info(pid, "links")
    return [] if info == "undefined" else info[1]


def linked(one: Any, other: Any) -> tuple[bool, bool]:
    """Whether each of two processes knows of a link to the other."""
    return other in links(one), one in links(other)


def is_dead(pid: Any) -> Callable[[], bool]:
    """Tells whether `pid` is dead."""
    return lambda: not erlang.is_process_alive(pid)


@case()
async def test_links():
    me = erlang.self()
    one = erlang.spawn(test_proc)
    assert linked(one, me) == (False, False)
    two = await call(one, lambda: erlang.spawn_link(test_proc))
    assert linked(one, two) == (True, True)
    assert await call(two, lambda: erlang.unlink(one)) is True
    assert linked(one, two) == (False, False)
    assert await call(two, lambda: erlang.link(one)) is True
    assert linked(one, two) == (True, True)
    assert await call(two, lambda: erlang.process_flag("trap_exit", True)) is False
    cast(one, lambda: erlang.exit("died"))
    assert await call(two, lambda: erlang.receive(("EXIT", one, "died")))
    assert linked(one, two) == (False, False)
    three = await call(two, lambda: erlang.spawn_link(test_proc))
    assert linked(three, two) == (True, True)
    cast(two, lambda: erlang.exit("died"))
    await wait_until(is_dead(three))
    assert linked(three, two) == (False, False)
    assert erlang.link(me) is True
    assert links(me) == []
    assert erlang.unlink(me) is True


def watched(owner: Any, target: Any) -> tuple[bool, bool]:
    """Whether the owner of a monitor and its target know of it."""
    pid = target if not isinstance(target, str) else erlang.whereis(target)
    item = target if not isinstance(target, str) else (target, "nonode@nohost")
    monitors = erlang.process_info(owner, "monitors")[1]
    by = erlang.process_info(pid, "monitored_by") if pid != "undefined" else "undefined"
    return ("process", item) in monitors, by != "undefined" and owner in by[1]


async def check_monitors(owner: Any, target: Any, item: Any) -> None:
    """A monitor of `item`, which is `target`, and what ends it."""
    ref = await call(owner, lambda: erlang.monitor("process", item))
    assert watched(owner, item) == (True, True)
    await call(target, lambda: erlang.demonitor(ref))
    assert watched(owner, item) == (True, True)
    assert await call(owner, lambda: erlang.demonitor(ref)) is True
    assert watched(owner, item) == (False, False)
    ref = await call(owner, lambda: erlang.monitor("process", item))
    known_as = item if item is target else (item, "nonode@nohost")
    cast(target, lambda: erlang.exit("bye"))
    await wait_until(is_dead(target))
    down = await call(owner, lambda: erlang.receive(("DOWN", ref, ..., ..., ...)))
    assert down == ("DOWN", ref, "process", known_as, "bye")
    assert watched(owner, item) == (False, False)
    ref = await call(owner, lambda: erlang.monitor("process", item))
    down = await call(owner, lambda: erlang.receive(("DOWN", ref, ..., ..., ...)))
    assert down == ("DOWN", ref, "process", known_as, "noproc")
    cast(owner, lambda: erlang.exit("normal"))
    await wait_until(is_dead(owner))


@case()
async def test_process_monitors():
    owner, target = erlang.spawn(test_proc), erlang.spawn(test_proc)
    await check_monitors(owner, target, target)
    owner, target = erlang.spawn(test_proc), erlang.spawn(test_proc)
    await call(target, lambda: erlang.register("common_process_monitors", erlang.self()))
    await check_monitors(owner, target, "common_process_monitors")
    me = erlang.self()
    erlang.register("process_monitors", me)
    refs = [erlang.monitor("process", me), erlang.monitor("process", "process_monitors")]
    assert erlang.process_info(me, ["monitors", "monitored_by"]) == [("monitors", []), ("monitored_by", [])]
    await no_message(500)
    assert [erlang.demonitor(ref) for ref in refs] == [True, True]


@case()
async def test_otp_5772_link():
    erlang.process_flag("priority", "high")
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_opt(test_proc, ["link", ("priority", "low")])
    erlang.exit(pid, "bang")
    erlang.unlink(pid)
    await erlang.receive(("EXIT", pid, ...), after=0)
    assert await erlang.receive(("EXIT", pid, ...), after=1000) is TIMEOUT


@case()
async def test_otp_5772_monitor():
    erlang.process_flag("priority", "high")
    pid = erlang.spawn_opt(test_proc, [("priority", "low")])
    ref = erlang.monitor("process", pid)
    erlang.exit(pid, "bang")
    erlang.demonitor(ref)
    await erlang.receive(("DOWN", ref, ..., ..., ...), after=0)
    assert await erlang.receive(("DOWN", ref, ..., ..., ...), after=1000) is TIMEOUT


async def link_script(act: list[Callable[[Any], bool]], tester: Any) -> None:
    """Trap exits, do `act` to the other one, tell the tester, and wait."""
    erlang.process_flag("trap_exit", True)
    _, other = await erlang.receive(("other", ...))
    for step in act:
        assert step(other) is True
        await erlang.yield_()
    erlang.send(tester, ("done", erlang.self()))
    _, asker = await erlang.receive(("exits?", ...))
    erlang.send(asker, ("exit", await erlang.receive(("EXIT", ..., ...), after=100)))


async def both_ways(first: list[Any], second: list[Any], ends_linked: bool | None) -> None:
    """Two processes do things to each other at the same time; afterwards both agree whether they are linked.

    And if they are, each hears of the other's end.
    """
    me = erlang.self()
    one, two = erlang.spawn(link_script, [first, me]), erlang.spawn(link_script, [second, me])
    erlang.send(one, ("other", two))
    erlang.send(two, ("other", one))
    await erlang.receive(("done", one))
    await erlang.receive(("done", two))
    await pause(1)
    agreed = linked(one, two)
    assert agreed[0] == agreed[1]
    if ends_linked is not None:
        assert agreed[0] == ends_linked
    erlang.exit(one, "kill")
    erlang.send(two, ("exits?", me))
    _, heard = await erlang.receive(("exit", ...))
    assert heard == (("EXIT", one, "killed") if agreed[0] else TIMEOUT)


SEEDS = pytest.mark.parametrize("seed", [None, *range(8)])


def schedule(seed: int | None) -> Any:
    """First-in first-out, or random."""
    return None if seed is None else RandomWalk(seed)


def locally(name: str) -> Any:
    """Marks a case of the suite that is run under several schedules."""
    return pytest.mark.otp_case("erl_link_SUITE", name)


@SEEDS
@locally("otp_17127_local_link_with_simultaneous_link_unlink")
def test_otp_17127_local_link_with_simultaneous_link_unlink(seed):
    async def main() -> None:
        link, unlink = erlang.link, erlang.unlink
        for rounds in range(20):
            await both_ways([link] * (rounds + 1), [link] * (rounds + 1), True)
            await both_ways([link, unlink] * rounds + [link], [link, unlink] * rounds + [link], None)
            await both_ways([link, unlink], [unlink, link, unlink], None)

    erlsim.run(main, chooser=schedule(seed))


@SEEDS
@locally("otp_17127_local_random")
def test_otp_17127_local_random(seed):
    async def main() -> None:
        draw = random.Random(seed)
        for _ in range(30):
            scripts = [[draw.choice([erlang.link, erlang.unlink]) for _ in range(20)] for _ in range(2)]
            await both_ways(*scripts, None)

    erlsim.run(main, chooser=schedule(seed))
