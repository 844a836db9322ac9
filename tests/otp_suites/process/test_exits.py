"""process_SUITE: exit signals, bad arguments and names."""

from __future__ import annotations

from typing import Any

from erlsim import TIMEOUT, erlang
from tests.otp_suites.kit import badarg, expect, garbage, hang, pause, suite

case = suite("process_SUITE")


@case()
async def test_t_exit_1():
    erlang.process_flag("trap_exit", True)
    for _ in range(10):
        pid = erlang.spawn_link(lambda: erlang.exit(garbage()))
        await expect(("EXIT", pid, garbage()))


@case()
async def test_t_exit_2_other():
    erlang.process_flag("trap_exit", True)
    for _ in range(10):
        pid = erlang.spawn_link(lambda: erlang.receive("x"))
        erlang.exit(pid, garbage())
        await expect(("EXIT", pid, garbage()))


@case()
async def test_t_exit_2_other_normal():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(lambda: erlang.receive("x"))
    erlang.exit(pid, "normal")
    assert await erlang.receive(("EXIT", pid, ...), after=1000) is TIMEOUT
    assert isinstance(erlang.process_info(pid), list)
    erlang.exit(pid, "kill")


@case()
async def test_self_exit():
    erlang.process_flag("trap_exit", True)
    for _ in range(200):
        me = erlang.self()
        assert erlang.exit(me, garbage(8)) is True
        await expect(("EXIT", me, garbage(8)))


@case()
async def test_normal_suicide_exit():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(lambda: erlang.exit(erlang.self(), "normal"))
    await expect(("EXIT", pid, "normal"))


@case()
async def test_abnormal_suicide_exit():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(lambda: erlang.exit(erlang.self(), garbage()))
    await expect(("EXIT", pid, garbage()))


@case()
async def test_t_exit_2_catch():
    def catching() -> None:
        try:
            erlang.exit(erlang.self(), "die")
        except Exception:
            erlang.exit("catch worked")

    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(catching)
    await expect(("EXIT", pid, "die"))


def bad_guy(argument: Any) -> None:
    """Calls a BIF with an argument that it does not take."""
    erlang.register(argument, erlang.self())


@case()
async def test_trap_exit_badarg():
    erlang.process_flag("trap_exit", True)
    for _ in range(10):
        pid = erlang.spawn_link(bad_guy, [garbage()])
        _, sender, (reason, stack) = await erlang.receive(("EXIT", ..., ...))
        assert (sender, reason) == (pid, "badarg")
        assert [entry[:2] for entry in stack[:2]] == [("erlang", "register"), ("test_exits", "bad_guy")]


@case()
async def test_trap_exit_badarg_in_bif():
    erlang.process_flag("trap_exit", True)
    for _ in range(10):
        pid = erlang.spawn_link("erlang", "node", [1])
        await expect(("EXIT", pid, ("badarg", ...)))


@case()
async def test_exit_and_timeout():
    async def low() -> None:
        await erlang.receive(lambda _message: False, after=2500)
        await erlang.receive(after=1000)

    async def high(victim: Any) -> None:
        erlang.process_flag("priority", "high")
        await pause(1000)
        erlang.exit(victim, ("you", "are", "dead"))
        await pause(5000)

    erlang.process_flag("trap_exit", True)
    victim = erlang.spawn_link(low)
    killer = erlang.spawn_link(high, [victim])
    await expect(("EXIT", victim, ("you", "are", "dead")), ("EXIT", killer, "normal"))


@case()
async def test_exit_twice():
    async def low() -> None:
        while True:
            await erlang.yield_()

    def high(victim: Any) -> None:
        erlang.process_flag("priority", "high")
        erlang.exit(victim, "first")
        erlang.exit(victim, "second")

    erlang.process_flag("trap_exit", True)
    victim = erlang.spawn_link(low)
    killer = erlang.spawn_link(high, [victim])
    exits = [await erlang.receive(), await erlang.receive()]
    assert ("EXIT", victim, "first") in exits
    assert ("EXIT", killer, "normal") in exits


def fail_register(name: Any, process: Any) -> None:
    """Neither can `process` be given that name, nor is there anybody of that name."""
    badarg(erlang.register, name, process)
    badarg(erlang.send, name, "anything_goes")


@case()
async def test_bad_register():
    name = "a_long_and_unused_name"
    badarg(erlang.register, ("bad", "name"), erlang.self())
    fail_register("undefined", erlang.self())
    fail_register(["bad", "name"], erlang.self())
    dead, ref = erlang.spawn_monitor(lambda: True)
    await expect(("DOWN", ref, "process", dead, ...))
    for process in (dead, erlang.make_ref(), [], ("bad", "process"), b""):
        fail_register(name, process)


@case(partial="sizes of heaps that depend on the machine")
async def test_process_flag_badarg():
    for flag, value in [
        ("gurka", "banan"),
        ("trap_exit", "gurka"),
        ("error_handler", 1),
        ("fullsweep_after", "gurka"),
        ("min_heap_size", "gurka"),
        ("min_bin_vheap_size", "gurka"),
        ("min_bin_vheap_size", -1),
        ("max_heap_size", "gurka"),
        ("max_heap_size", -1),
        ("max_heap_size", erlang.process_info(erlang.self(), "min_heap_size")[1] - 1),
        ("max_heap_size", {"size": erlang.process_info(erlang.self(), "min_heap_size")[1] - 1}),
        ("max_heap_size", {}),
        ("max_heap_size", {"kill": True}),
        ("max_heap_size", {"size": 233, "kill": "gurka"}),
        ("max_heap_size", {"size": 233, "error_logger": "gurka"}),
        ("max_heap_size", {"size": 233, "kill": True, "error_logger": "gurka"}),
        ("max_heap_size", {"size": 1 << 64}),
        ("priority", 4711),
        ("save_calls", "hmmm"),
    ]:
        badarg(erlang.process_flag, flag, value)
    pid, ref = erlang.spawn_monitor(lambda: erlang.receive("in vain"))
    badarg(erlang.process_flag, pid, "save_calls", "hmmm")
    badarg(erlang.process_flag, "gurka", "save_calls", "hmmm")
    erlang.exit(pid, "die")
    await expect(("DOWN", ref, "process", pid, "die"))
    badarg(erlang.process_flag, pid, "save_calls", 0)


@case(partial="items on heaps")
async def test_otp_4725():
    tester = erlang.self()
    unchanging = ["initial_call", "links", "dictionary", "trap_exit", "error_handler", "priority", "group_leader"]

    for options in (["link", ("priority", "max"), ("fullsweep_after", 600)], []):

        async def body() -> None:
            erlang.send(tester, erlang.process_info(erlang.self()))
            await erlang.receive("bye")

        pid = erlang.spawn_opt(body, options)
        inside = dict(await erlang.receive())
        outside = dict(erlang.process_info(pid))
        assert [inside[item] for item in unchanging] == [outside[item] for item in unchanging]
        assert inside["garbage_collection"] == outside["garbage_collection"]
        assert (inside["status"], outside["status"]) == ("running", "waiting")
        erlang.send(pid, "bye")
    assert inside["priority"] == "normal"
    await hang_briefly()


async def hang_briefly() -> None:
    """Let the processes of a test come to their ends."""
    pid = erlang.spawn(hang)
    await pause(1)
    erlang.exit(pid, "kill")
