"""Links: rules 23 to 30."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import erlang
from tests.kernel.kit import dead, ending, flush, hang, is_stack, raised, settle, table, trapping, value

pytestmark = pytest.mark.erlsim


def links(pid: Any = None) -> Any:
    """Whom a process is linked to."""
    return erlang.process_info(pid or erlang.self(), "links")[1]


@pytest.mark.rule(23)
async def test_linking_a_dead_process_raises_noproc_at_once_when_not_trapping():
    pid = await dead()

    async def body() -> Any:
        return raised(erlang.link, pid), await flush()

    assert await value(body) == (("error", "noproc"), [])


@pytest.mark.rule(24)
async def test_linking_a_dead_process_is_an_exit_message_when_trapping():
    erlang.process_flag("trap_exit", True)
    pid = await dead()
    assert erlang.link(pid) is True
    assert links() == []
    assert await flush() == [("EXIT", pid, "noproc")]


@pytest.mark.rule(24)
async def test_the_exit_message_of_a_dead_peer_outlives_unlink_and_trapping():
    erlang.process_flag("trap_exit", True)
    pid = await dead()
    erlang.link(pid)
    erlang.unlink(pid)
    erlang.send(erlang.self(), "a")
    erlang.process_flag("trap_exit", False)
    assert await flush() == [("EXIT", pid, "noproc"), "a"]


@pytest.mark.rule(25)
@table({"trapping": True, "not trapping": False})
async def test_linking_a_process_that_is_about_to_be_killed_succeeds_and_noproc_follows(case):
    async def body() -> Any:
        erlang.process_flag("trap_exit", case)
        pid = erlang.spawn(hang)
        await settle()
        erlang.exit(pid, "kill")
        assert erlang.link(pid) is True
        return await flush() == [("EXIT", pid, "noproc")]

    assert await value(body) == (True if case else ("died", "noproc"))


@pytest.mark.rule(25, 28)
async def test_a_link_that_came_too_late_and_is_taken_back_has_no_effect():
    pid = erlang.spawn(hang)
    await settle()
    erlang.exit(pid, "kill")
    erlang.link(pid)
    erlang.unlink(pid)
    assert await flush() == []


@pytest.mark.rule(26)
async def test_linking_oneself_is_a_no_op():
    assert erlang.link(erlang.self()) is True
    assert links() == []


@pytest.mark.rule(27)
async def test_there_is_one_link_a_pair_however_often_it_is_made():
    pid = erlang.spawn(hang)
    erlang.link(pid)
    erlang.link(pid)
    assert links() == [pid]
    erlang.unlink(pid)
    erlang.exit(pid, "crash")
    assert await flush() == []


@pytest.mark.rule(27)
async def test_unlink_from_either_side_removes_the_link_for_both():
    shell = erlang.self()

    async def peer() -> None:
        await erlang.receive("unlink")
        erlang.unlink(shell)
        await hang()

    pid = erlang.spawn_link(peer)
    assert links() == [pid]
    assert links(pid) == [shell]
    erlang.send(pid, "unlink")
    await settle()
    assert links() == links(pid) == []


@pytest.mark.rule(27)
async def test_two_processes_that_link_each_other_at_once_share_one_link():
    async def told() -> None:
        _, other = await erlang.receive(("link", ...))
        erlang.link(other)
        await hang()

    one, two = erlang.spawn(told), erlang.spawn(told)
    erlang.send(one, ("link", two))
    erlang.send(two, ("link", one))
    await settle()
    assert (links(one), links(two)) == ([two], [one])


@pytest.mark.rule(28)
async def test_unlink_leaves_an_exit_message_that_has_arrived():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(lambda: erlang.exit("boom"))
    await settle()
    erlang.unlink(pid)
    assert await flush() == [("EXIT", pid, "boom")]


@pytest.mark.rule(28)
async def test_after_unlink_the_peers_death_has_no_effect():
    async def body() -> Any:
        pid = erlang.spawn_link(hang)
        erlang.unlink(pid)
        erlang.exit(pid, "boom")
        return await flush()

    assert await value(body) == []


@pytest.mark.rule(29)
async def test_unlink_does_not_protect_against_an_explicit_exit_signal():
    shell = erlang.self()

    async def body() -> None:
        erlang.link(shell)
        erlang.unlink(shell)
        await hang()

    pid, ref = erlang.spawn_monitor(body)
    await settle()
    erlang.exit(pid, "direct")
    assert await flush() == [("DOWN", ref, "process", pid, "direct")]


@pytest.mark.rule(30)
@pytest.mark.erlsim(crashes=True)
async def test_spawn_link_of_an_undefined_function_starts_a_process_that_dies():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link("nomod", "nofun", [])
    assert await flush() == [("EXIT", pid, ("undef", [("nomod", "nofun", [], [])]))]


@pytest.mark.rule(30)
@pytest.mark.erlsim(crashes=True)
async def test_a_starter_that_does_not_trap_dies_with_the_undefined_function():
    async def body() -> None:
        erlang.spawn_link("nomod", "nofun", [])
        await hang()

    reason, stack = await ending(body)
    assert reason == "undef"
    assert is_stack(stack)


@pytest.mark.rule(8)
async def test_a_dead_process_is_in_nobodys_links():
    pid = erlang.spawn_link(trapping)
    erlang.process_flag("trap_exit", True)
    await settle()
    erlang.exit(pid, "kill")
    await settle()
    assert links() == []


class Late:
    """A schedule in which whatever a dead peer has sent is late."""

    def __init__(self) -> None:
        self.late: list[Any] = []

    def choose(self, kind: str, options: Any) -> int:
        """Hold back what comes from the peer."""
        held = [index for index, option in enumerate(options) if option in self.late]
        return held[0] if kind == "signal" and held else 0


@pytest.mark.rule(28)
def test_an_exit_signal_that_is_late_finds_the_link_gone():
    chooser, told = Late(), []

    async def body(peer: Any) -> None:
        erlang.link(peer)
        await erlang.receive("unlink")
        told.append(erlang.is_process_alive(peer))
        told.append(erlang.unlink(peer))
        await hang()

    async def main() -> None:
        peer = erlang.spawn(lambda: erlang.receive("end"))
        pid = erlang.spawn(body, [peer])
        await settle()
        chooser.late.append(peer)
        erlang.send(peer, "end")
        erlang.send(pid, "unlink")
        assert await flush() == []
        assert erlang.is_process_alive(pid)

    erlsim.run(main, chooser=chooser)
    assert told == [False, True]
