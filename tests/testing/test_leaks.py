"""What a test leaves behind is found, and nothing else."""

from __future__ import annotations

import pytest

from erlsim import erlang, ets, timer
from erlsim.errors import ErlsimError
from erlsim.otp import gen_server, supervisor
from erlsim.testing import leaks, no_leaks


class Server:
    def init(arg):
        return ("ok", arg)

    async def start_link(name):
        return await gen_server.start_link(("local", name), Server, 0, [])


class Top:
    def init(_arg):
        return ("ok", (("one_for_one", 1, 5), [{"id": "a", "start": (Server, "start_link", ["a"])}]))


async def forever():
    await erlang.receive(("stop",))


async def test_nothing_is_left_by_a_tree_that_the_test_is_linked_to(sim):
    await supervisor.start_link(Top, [])
    assert leaks() == []
    no_leaks()


async def test_a_process_that_nobody_looks_after_is_left(sim):
    pid = erlang.spawn(forever)
    assert [str(leak) for leak in leaks()] == [f"process: forever {pid}: nobody supervises it or is linked to it"]
    erlang.send(pid, ("stop",))
    assert leaks() == []


async def test_messages_that_nobody_waits_for_are_left_the_tests_own_too(sim):
    pid = erlang.spawn_link(forever)
    erlang.send(pid, "junk")
    erlang.send(pid, "more")
    erlang.send(erlang.self(), ("DOWN", 1))
    assert [str(leak) for leak in leaks(["mailbox"])] == [
        f"mailbox: shell {erlang.self()}: 1 message unread, the first is {{'DOWN',1}}",
        f"mailbox: forever {pid}: 2 messages unread, the first is junk",
    ]


async def test_timers_are_left_until_they_fire_or_are_cancelled(sim):
    pid = erlang.spawn_link(forever)
    one = erlang.send_after(100, pid, "late")
    erlang.register("somebody", pid)
    erlang.send_after(50, "somebody", "by_name")
    assert [leak.what for leak in leaks(["timer"])] == [
        f"by_name to somebody {pid} at 50 ms",
        f"late to somebody {pid} at 100 ms",
    ]
    await timer.sleep(60)
    erlang.cancel_timer(one)
    assert leaks(["timer"]) == []


async def test_the_tests_tables_are_left_and_those_of_others_are_not(sim):
    table = ets.new("mine", [])
    erlang.spawn_link(lambda: _with_table())
    await timer.sleep(1)
    assert [leak.what for leak in leaks(["table"])] == ["mine, 0 objects"]
    ets.delete(table)
    assert leaks(["table"]) == []


async def _with_table():
    ets.new("theirs", [])
    await forever()


async def test_monitors_that_are_neither_ended_nor_heard_of_are_left(sim):
    pid = erlang.spawn_link(forever)
    ref = erlang.monitor("process", pid)
    assert [leak.what for leak in leaks(["monitor"])] == [f"of forever {pid}"]
    erlang.demonitor(ref, ["flush"])
    assert leaks(["monitor"]) == []


async def test_names_are_left_by_whom_nobody_supervises(sim):
    await supervisor.start_link(Top, [])
    _, pid = await Server.start_link("alone")
    assert [leak.what for leak in leaks(["name"])] == [f"alone, of {pid}"]
    await gen_server.stop(pid)
    assert leaks(["name"]) == []


async def test_the_list_is_what_the_assertion_shows(sim):
    ets.new("mine", [])
    with pytest.raises(AssertionError, match=r"the test leaves behind\n  table: mine, 0 objects$"):
        no_leaks()


def test_a_kind_that_there_is_not_is_refused_with_those_that_there_are(sim):
    with pytest.raises(
        ErlsimError, match=r"no kind of leak 'proces'; there are process, mailbox, timer.*; did you mean 'process'\?"
    ):
        leaks(["proces"])


PROJECT = """
import pytest
from erlsim import erlang, ets


async def forever():
    await erlang.receive(("stop",))


@pytest.mark.erlsim(leaks=True)
async def test_leaves_a_process():
    erlang.spawn(forever)


@pytest.mark.erlsim(leaks=["table"])
async def test_leaves_what_it_may():
    erlang.spawn(forever)


@pytest.mark.erlsim(leaks=["table"], schedules=3)
async def test_leaves_a_table_under_every_schedule():
    ets.new("mine", [])


@pytest.mark.erlsim(leaks="table")
async def test_asks_for_nothing_that_there_is():
    pass
"""


def test_a_marker_fails_the_test_that_leaves_something_behind(pytester):
    pytester.makepyfile(PROJECT)
    done = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:anyio", "-p", "no:cacheprovider")
    done.assert_outcomes(failed=3, passed=1)
    done.stdout.fnmatch_lines(
        [
            "E*the test leaves behind",
            "E*process: forever <0.85.0>: nobody supervises it or is linked to it",
            "E*table: mine, 0 objects",
            "E*erlsim(leaks=...) is True, False or a list of process, *, not 'table'",
        ]
    )
