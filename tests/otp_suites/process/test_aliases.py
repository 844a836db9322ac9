"""process_SUITE: aliases and tags, on the local node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from erlsim import erlang
from tests.otp_suites.kit import badarg, recv_msgs, suite

case = suite("process_SUITE")

LOCAL = "the other node"


def sends(*numbers: int) -> Callable[[Any], None]:
    """Sends these numbers by an alias."""

    def send(alias: Any) -> None:
        for number in numbers:
            erlang.send(alias, (alias, number))

    return send


async def two_rounds(reason: Any = "normal") -> None:
    """Told an alias, sends 1 and 2 by it; told to continue, 3 and 4."""
    _, alias = await erlang.receive(("alias", ...))
    sends(1, 2)(alias)
    await erlang.receive((alias, "continue"))
    sends(3, 4)(alias)
    erlang.exit(reason)


async def one_round(reason: Any = "normal") -> None:
    """Told an alias, sends 1 and 2 by it."""
    _, alias = await erlang.receive(("alias", ...))
    sends(1, 2)(alias)
    erlang.exit(reason)


async def no_round(reason: Any = "normal") -> None:
    """Told an alias, ends."""
    await erlang.receive(("alias", ...))
    erlang.exit(reason)


@case(partial=LOCAL)
async def test_alias_bif():
    for options in ([], [["explicit_unalias"]]):
        alias = erlang.alias(*options)
        pid, ref = erlang.spawn_monitor(two_rounds)
        erlang.send(pid, ("alias", alias))
        assert await recv_msgs(2) == [(alias, 1), (alias, 2)]
        assert erlang.unalias(alias) is True
        erlang.send(pid, (alias, "continue"))
        assert (await recv_msgs(1))[0][:2] == ("DOWN", ref)
    alias = erlang.alias(["reply"])
    _pid, ref = erlang.spawn_monitor(lambda: sends(1, 2, 3, 4)(alias))
    first, down = await recv_msgs(2)
    assert first == (alias, 1)
    assert down[:2] == ("DOWN", ref)


Spawn = Callable[[Any, list[Any]], tuple[Any, Any]]


async def check_aliases(spawn: Any, reason: Any) -> None:
    """What becomes of an alias that came with a monitor, in each of its modes; `spawn(fun, monitor_options)`."""
    pid, ref = await spawn(lambda: two_rounds(reason), [("alias", "explicit_unalias")])
    erlang.send(pid, ("alias", ref))
    assert await recv_msgs(2) == [(ref, 1), (ref, 2)]
    erlang.unalias(ref)
    erlang.send(pid, (ref, "continue"))
    assert await recv_msgs(1) == [("DOWN", ref, "process", pid, reason)]

    pid, ref = await spawn(lambda: two_rounds(reason), [("alias", "demonitor")])
    erlang.send(pid, ("alias", ref))
    assert await recv_msgs(2) == [(ref, 1), (ref, 2)]
    erlang.demonitor(ref)
    plain = erlang.monitor("process", pid)
    erlang.send(pid, (ref, "continue"))
    assert await recv_msgs(1) == [("DOWN", plain, "process", pid, reason)]

    pid, ref = await spawn(lambda: one_round(reason), [("alias", "demonitor")])
    erlang.send(pid, ("alias", ref))
    assert await recv_msgs(3) == [(ref, 1), (ref, 2), ("DOWN", ref, "process", pid, reason)]
    await nothing_comes_by(ref)

    pid, ref = await spawn(lambda: no_round(reason), [("alias", "reply_demonitor")])
    erlang.send(pid, ("alias", ref))
    assert await recv_msgs(1) == [("DOWN", ref, "process", pid, reason)]
    await nothing_comes_by(ref)

    pid, ref = await spawn(lambda: one_round(reason), [("alias", "reply_demonitor")])
    plain = erlang.monitor("process", pid)
    erlang.send(pid, ("alias", ref))
    assert await recv_msgs(2) == [(ref, 1), ("DOWN", plain, "process", pid, reason)]


async def nothing_comes_by(alias: Any) -> None:
    """What is sent by `alias` does not arrive."""
    pid, ref = erlang.spawn_monitor(lambda: sends(3, 4)(alias))
    assert await recv_msgs(1) == [("DOWN", ref, "process", pid, "normal")]


@case(partial=LOCAL)
async def test_monitor_alias():
    async def spawn(fun: Any, options: list[Any]) -> Any:
        pid = erlang.spawn(fun)
        return pid, erlang.monitor("process", pid, options)

    await check_aliases(spawn, "normal")


async def by_spawn_opt(fun: Any, options: list[Any]) -> Any:
    """Spawn and monitor, at once."""
    return erlang.spawn_opt("nonode@nohost", fun, options)


async def by_spawn_request(fun: Any, options: list[Any]) -> Any:
    """Spawn and monitor, by request."""
    ref = erlang.spawn_request("nonode@nohost", fun, options)
    _, _, result, what = await erlang.receive(("spawn_reply", ref, ..., ...))
    if result == "error":
        erlang.error(what)
    return what, ref


SPAWNS = pytest.mark.parametrize(
    ("spawn", "refusal"),
    [(by_spawn_opt, "badarg"), (by_spawn_request, "badopt")],
    ids=["spawn_opt", "spawn_request"],
)
REASONS = pytest.mark.parametrize("compound", [False, True], ids=["immediate", "compound"])


@SPAWNS
@REASONS
@case(partial=LOCAL)
async def test_spawn_monitor_alias(spawn, refusal, compound):
    from erlsim import Error

    for options in (
        [("monitor", (("alias", "explicit_unalias"),))],
        [("monitor", [("alias", "alias")])],
        [("monitor", [("aliases", "explicit_unalias")])],
        [("monitors", [("alias", "explicit_unalias")])],
    ):
        with pytest.raises(Error) as caught:
            await spawn(lambda: None, options)
        assert caught.value.reason == refusal
    reason = ("reason", erlang.make_ref()) if compound else "normal"

    async def monitored(fun: Any, options: list[Any]) -> Any:
        return await spawn(fun, [("monitor", options)])

    await check_aliases(monitored, reason)


@SPAWNS
@REASONS
@pytest.mark.parametrize("compound_tag", [False, True], ids=["immediate tag", "compound tag"])
@case(partial=LOCAL)
async def test_monitor_tag(spawn, refusal, compound, compound_tag):
    reason = erlang.make_ref() if compound else "normal"
    tag = ("tag", [erlang.make_ref()]) if compound_tag else "immed"

    async def body() -> None:
        await erlang.receive("go")
        erlang.exit(reason)

    pid = erlang.spawn(body)
    ref = erlang.monitor("process", pid, [("tag", tag)])
    erlang.send(pid, "go")
    assert await recv_msgs(1) == [(tag, ref, "process", pid, reason)]
    ref = erlang.monitor("process", pid, [("tag", tag)])
    assert await recv_msgs(1) == [(tag, ref, "process", pid, "noproc")]
    pid, ref = await spawn(lambda: erlang.exit(reason), [("monitor", [("tag", tag)])])
    assert await recv_msgs(1) == [(tag, ref, "process", pid, reason)]
    badarg(erlang.monitor, "process", pid, [("tags", tag)])
