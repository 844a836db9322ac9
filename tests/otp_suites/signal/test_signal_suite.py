"""signal_SUITE, on the local node: the order of signals between two processes."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import erlang
from erlsim.testing import RandomWalk
from tests.otp_suites.kit import expect, hang, suite

case = suite("signal_SUITE")

SEEDS = pytest.mark.parametrize("seed", [None, *range(6)])


def under(seed: int | None, main: Any) -> None:
    """Run `main` first-in first-out, or under a random schedule."""
    erlsim.run(main, chooser=None if seed is None else RandomWalk(seed))


def marked(name: str, **about: Any) -> Any:
    """Marks a case that is run under several schedules."""
    return pytest.mark.otp_case("signal_SUITE", name, **about)


@SEEDS
@marked("xm_sig_order", partial="the other node")
def test_xm_sig_order(seed):
    async def loop() -> None:
        while True:
            match await erlang.receive("may_not_reach", "may_reach", after=0):
                case "may_not_reach":
                    erlang.exit("bad_signal_order")
                case "may_reach":
                    pass
                case _:
                    await erlang.yield_()

    async def main() -> None:
        for _ in range(50):
            pid = erlang.spawn(loop)
            ref = erlang.monitor("process", pid)
            for _ in range(3):
                erlang.send(pid, "may_reach")
            erlang.exit(pid, "good_signal_order")
            for _ in range(3):
                erlang.send(pid, "may_not_reach")
            await expect(("DOWN", ref, "process", pid, "good_signal_order"))

    under(seed, main)


async def line(kind: str, length: int, tester: Any) -> None:
    """A line of linked processes, the last of which ends or is killed."""
    if length:
        erlang.spawn_link(line, [kind, length - 1, tester])
        await hang()
    match kind:
        case "other_exit2":
            erlang.send(tester, ("end_of_line", erlang.self()))
            await hang()
        case "exit1":
            erlang.exit("kill")
        case "exit2":
            erlang.exit(erlang.self(), "kill")


@pytest.mark.parametrize("kind", ["other_exit2", "exit2", "exit1"])
@pytest.mark.parametrize("length", [1, 2, 9, 10])
@case(partial="the other node")
async def test_kill2killed(kind, length):
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(line, [kind, length - 1, erlang.self()])
    if kind == "other_exit2":
        _, last = await erlang.receive(("end_of_line", ...))
        erlang.exit(last, "kill")
    await expect(("EXIT", pid, "kill" if kind == "exit1" else "killed"))


@SEEDS
@marked("unlink_exit")
def test_unlink_exit(seed):
    async def child(tester: Any) -> None:
        erlang.process_flag("trap_exit", True)
        erlang.send(tester, ("child", erlang.self()))
        _, parent = await erlang.receive(("tester_parent", ...))
        erlang.send(parent, ("go", erlang.self()))
        while not await erlang.receive(("go", parent), after=1):
            pass
        alive = erlang.is_process_alive(parent)
        erlang.link(parent)
        _, _, reason = await erlang.receive(("EXIT", parent, ...), after=1000)
        erlang.exit("ok" if reason == "noproc" or (alive and reason == "bye") else ("unexpected", alive, reason))

    async def parent(tester: Any) -> None:
        pid = erlang.spawn_opt(lambda: child(tester), [("priority", "high"), "link"])
        await erlang.receive(("go", pid))
        erlang.unlink(pid)
        erlang.send(pid, ("go", erlang.self()))
        erlang.exit("bye")

    async def main() -> None:
        for _ in range(50):
            me = erlang.self()
            pid, ref = erlang.spawn_monitor(parent, [me])
            _, kid = await erlang.receive(("child", ...))
            watched = erlang.monitor("process", kid)
            erlang.send(kid, ("tester_parent", pid))
            assert await erlang.receive(("DOWN", ref, ..., ..., ...)) == ("DOWN", ref, "process", pid, "bye")
            assert await erlang.receive(("DOWN", watched, ..., ..., ...)) == ("DOWN", watched, "process", kid, "ok")

    under(seed, main)


@SEEDS
@marked("monitor_order", partial="the buffers of parallel senders")
def test_monitor_order(seed):
    async def sender(shell: Any) -> None:
        ref = await erlang.receive()
        for number in ("first", "second"):
            erlang.send(shell, (erlang.self(), ref, number))

    async def main() -> None:
        erlang.process_flag("message_queue_data", "off_heap")
        for _ in range(10):
            pid, ref = erlang.spawn_monitor(sender, [erlang.self()])
            erlang.send(pid, ref)
            assert await erlang.receive(("DOWN", ref, ..., ..., ...), (pid, ref, "second")) == (pid, ref, "second")
            assert await erlang.receive((pid, ref, "first"), after=0) == (pid, ref, "first")
            erlang.demonitor(ref, ["flush"])

    under(seed, main)


@SEEDS
@marked("monitor_named_order_local", partial="the buffers of parallel senders")
def test_monitor_named_order_local(seed):
    count = 100

    async def sender(pid: Any, alias: Any) -> None:
        erlang.register("monitored", erlang.self())
        erlang.send(pid, "registered")
        await erlang.receive("go")
        for number in range(count):
            erlang.send([pid, "tester", ("tester", "nonode@nohost"), alias][number % 4], (number, "message"))

    async def main() -> None:
        erlang.register("tester", erlang.self())
        for _ in range(3):
            pid = erlang.spawn_link(sender, [erlang.self(), erlang.alias()])
            await erlang.receive("registered")
            ref = erlang.monitor("process", "monitored")
            erlang.send(pid, "go")
            await expect(
                *[(number, "message") for number in range(count)],
                ("DOWN", ref, "process", ("monitored", "nonode@nohost"), "normal"),
            )

    under(seed, main)
