"""The shell: code outside every process, acting as one."""

from __future__ import annotations

import asyncio
import threading

import pytest

import erlsim
from erlsim import Error, Exit, NoSimulation, Throw, erlang
from erlsim._kernel import thread
from tests.kernel.kit import current, dead, flush, hang, raised, settle

pytestmark = pytest.mark.erlsim


async def test_the_shell_has_a_pid_a_mailbox_links_and_monitors():
    me, pid = erlang.self(), erlang.spawn_link(hang)
    erlang.send(me, "hello")
    ref = erlang.monitor("process", pid)
    info = dict(erlang.process_info(me, ["links", "monitors", "messages", "status"]))
    assert info == {"links": [pid], "monitors": [("process", pid)], "messages": ["hello"], "status": "running"}
    assert await erlang.receive() == "hello"
    erlang.process_flag("trap_exit", True)
    erlang.exit(pid, "bye")
    assert await flush() == [("EXIT", pid, "bye"), ("DOWN", ref, "process", pid, "bye")]


def test_run_gives_the_value_of_main_and_takes_its_arguments():
    async def main(first: int, second: int) -> int:
        return first + second

    assert erlsim.run(main, 1, 2) == 3
    assert erlsim.run(lambda: erlang.node()) == "nonode@nohost"
    assert erlsim.run(main(1, 2)) == 3


def test_what_main_raises_comes_out_of_run():
    for failure in (Error, Exit, Throw):

        async def main(failure=failure) -> None:
            raise failure("reason")

        with pytest.raises(failure, match="reason"):
            erlsim.run(main)


async def test_a_deadly_signal_raises_exit_from_the_call_that_the_shell_waits_in():
    before = erlang.self()
    erlang.register("shell", before)
    erlang.spawn(lambda: erlang.exit(before, "die"))
    with pytest.raises(Exit) as caught:
        await erlang.receive(after=1000)
    assert caught.value.reason == "die"
    assert erlang.self() != before
    assert not erlang.is_process_alive(before)
    assert erlang.whereis("shell") == "undefined"
    assert erlang.monotonic_time() == 0


async def test_the_shells_links_and_monitors_hear_of_its_death():
    shell, told = erlang.self(), []

    async def watcher() -> None:
        erlang.process_flag("trap_exit", True)
        erlang.link(shell)
        ref = erlang.monitor("process", shell)
        told.append((erlang.self(), ref))
        for _ in range(2):
            told.append(await erlang.receive())

    erlang.spawn(watcher)
    await settle()
    erlang.spawn(lambda: erlang.exit(shell, "kill"))
    with pytest.raises(Exit, match="killed"):
        await erlang.receive()
    await settle()
    (_, ref), *rest = told
    assert rest == [("EXIT", shell, "killed"), ("DOWN", ref, "process", shell, "killed")]


async def test_a_linked_process_that_crashes_takes_the_shell_along():
    erlang.spawn_link(lambda: erlang.exit("crash"))
    with pytest.raises(Exit, match="crash"):
        await settle()
    assert await flush() == []


async def test_the_shell_that_ends_itself_raises_from_that_very_call():
    before = erlang.self()
    with pytest.raises(Exit, match="foo"):
        erlang.exit(before, "foo")
    assert erlang.self() != before
    with pytest.raises(Exit, match="normal"):
        erlang.exit(erlang.self(), "normal")


async def test_the_shell_that_dies_of_what_it_is_asked_raises_from_the_question():
    pid = erlang.spawn_link(hang)
    await settle()
    erlang.exit(pid, "kill")
    with pytest.raises(Exit, match="killed"):
        erlang.is_process_alive(pid)


async def test_a_new_shell_begins_with_an_empty_mailbox_and_goes_on_by_the_same_group_leader():
    leader = erlang.group_leader()
    erlang.send(erlang.self(), "lost")
    assert raised(erlang.exit, erlang.self(), "x") == ("exit", "x")
    assert erlang.group_leader() == leader
    assert await flush() == []
    assert erlang.process_info(erlang.self(), "trap_exit") == ("trap_exit", False)


@pytest.fixture
def shell():
    """A simulation that is current for this thread, as in a notebook."""
    yield erlsim.shell()
    thread.world = None


def test_at_the_top_of_a_notebook_nothing_is_handed_to_the_foreign_event_loop(shell):
    async def cell() -> list:
        pid = erlang.spawn(lambda: erlang.send(me, "from the process"))
        ref = erlang.monitor("process", pid)
        messages = [await erlang.receive(), await erlang.receive(after=10), await erlang.receive(after=10)]
        assert messages[1] == ("DOWN", ref, "process", pid, "normal")
        return messages

    me = erlang.self()
    messages = asyncio.run(cell())
    assert messages[0] == "from the process"
    assert messages[2] is erlsim.TIMEOUT
    assert shell.now == 10


def test_plain_calls_and_awaited_ones_share_one_world(shell):
    pid = erlang.spawn(hang)
    erlang.register("somebody", pid)
    asyncio.run(flush())
    assert erlang.whereis("somebody") == pid
    shell.advance(500)
    assert erlang.monotonic_time() == 500 + 10


def test_awaiting_a_foreign_future_in_the_shell_of_run_is_a_misuse():
    async def main() -> None:
        await asyncio.sleep(0)

    with pytest.raises(erlsim.ErlsimError, match=r"use erlsim\.wait_for"):
        erlsim.run(main)


def test_awaiting_a_foreign_future_in_a_process_ends_it_with_an_error_that_says_what_to_do():
    async def foreign() -> None:
        await asyncio.sleep(0)

    async def main() -> object:
        pid, ref = erlang.spawn_monitor(foreign)
        return (await erlang.receive())[4]

    reason, _stack = erlsim.run(main)
    assert isinstance(reason, TypeError)
    assert "use erlsim.wait_for" in str(reason)


def test_without_a_simulation_every_call_says_how_to_get_one():
    for call in (erlang.self, erlang.make_ref, lambda: erlang.spawn(hang), lambda: erlang.send("name", 1)):
        with pytest.raises(NoSimulation, match=r"use erlsim\.run\(main\)"):
            call()


@pytest.mark.erlsim(crashes=True)
async def test_a_process_cannot_run_a_simulation_of_its_own():
    async def body() -> None:
        current().run(hang)

    _pid, ref = erlang.spawn_monitor(body)
    reason = (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4][0]
    assert isinstance(reason, erlsim.ErlsimError)


def test_simulations_in_two_threads_do_not_know_of_each_other():
    results: dict[str, list] = {}
    barrier = threading.Barrier(2)

    def work(name: str, step: int) -> None:
        async def main() -> list:
            barrier.wait()
            erlang.register("name", erlang.self())
            for _ in range(100):
                erlang.send_after(step, "name", name)
            return [await erlang.receive() for _ in range(100)] + [erlang.monotonic_time(), erlang.self()]

        results[name] = erlsim.run(main)

    workers = [threading.Thread(target=work, args=each) for each in (("a", 5), ("b", 7))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert results["a"][:-2] == ["a"] * 100
    assert results["b"][:-2] == ["b"] * 100
    assert (results["a"][-2], results["b"][-2]) == (5, 7)
    assert results["a"][-1] == results["b"][-1]


def test_simulations_can_be_nested_and_each_keeps_its_own_time():
    outer, inner = erlsim.Simulation(), erlsim.Simulation()
    with outer:
        pid = erlang.spawn(hang)
        with inner:
            inner.advance(100)
            assert erlang.monotonic_time() == 100
        assert erlang.monotonic_time() == 0
        assert erlang.is_process_alive(pid)


async def test_monitoring_the_dead_from_the_shell():
    pid = await dead()
    ref = erlang.monitor("process", pid)
    assert await erlang.receive() == ("DOWN", ref, "process", pid, "noproc")


def test_a_shell_that_has_died_while_time_was_advanced_hears_of_it_when_it_next_waits_and_loses_no_message():
    sim = erlsim.Simulation()
    with sim:
        shell = erlang.self()
        erlang.spawn(lambda: (erlang.exit(shell, "boom"), erlang.is_process_alive(shell)))
    sim.advance(1)
    with sim:
        erlang.send(erlang.self(), "kept")
    with pytest.raises(erlsim.Exit) as died:
        sim.run(erlang.receive)
    assert died.value.reason == "boom"
    assert sim.run(erlang.receive) == "kept"


def test_a_shell_that_begins_anew_closes_the_last_one(shell):
    ended = []

    async def waiting():
        try:
            await erlang.receive()
        finally:
            ended.append(thread.world)
            erlang.register("taken", erlang.self())

    erlang.spawn(waiting)
    erlang.register("somebody", erlang.spawn(waiting))
    shell.advance(1)
    erlsim.shell()
    assert len(ended) == 2
    assert thread.world not in ended
    assert {"somebody", "taken"}.isdisjoint(erlang.registered())
    assert len(shell.trace) > 0
