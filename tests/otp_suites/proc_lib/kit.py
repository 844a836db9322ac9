"""The processes and the look at crash reports that the cases of proc_lib_SUITE share."""

from __future__ import annotations

import sys

import erlsim
from erlsim import erlang
from erlsim.otp import proc_lib
from erlsim.simulation import storage
from tests.otp_suites.kit import suite

case = suite("proc_lib_SUITE")
ME = "proc_lib_suite"
"""The atom of this module."""
erlsim.module(name=ME)(sys.modules[__name__])


async def until_told():
    """Exits with `die` when told so."""
    await erlang.receive("die")
    erlang.exit("die")


async def with_neighbour():
    """As `until_told`, linked to another such process."""
    proc_lib.spawn_link(ME, "until_told", [])
    await until_told()


async def tampered():
    erlang.erase()
    erlang.exit("abnormal")


async def начало():
    """A function whose name is not ASCII."""
    await until_told()


async def starts(tester, function, *more):
    """Body of a process that starts another one by a function of `proc_lib`, and says so when that has returned."""
    pid = await getattr(proc_lib, function)(ME, "acknowledges", [erlang.self(), tester], "infinity", list(more))
    erlang.send(tester, ("sync_started", pid))


async def acknowledges(parent, tester):
    """Waits for `go_on` before it lets its starter go on."""
    erlang.send(tester, (erlang.self(), "init"))
    await erlang.receive("go_on")
    proc_lib.init_ack(parent, erlang.self())


async def never_acknowledges(tester):
    erlang.send(tester, (erlang.self(), "init"))
    await erlang.receive("never")


async def acknowledges_and_waits(parent):
    proc_lib.init_ack(parent, ("ok", erlang.self()))
    await erlang.receive("never")


def crashes(_parent):
    erlang.error("bad_init")


def system_terminate(reason, parent, debug, state):
    """What a process that `stops` does in the end."""
    if reason == "crash":
        erlang.error(("badmatch", 2))
    erlang.exit(reason)


def crash_reports():
    """The crash reports since the last look: of each what it says of the process, and of its neighbours."""
    reports = storage("simulation", dict).reports
    found = [report.report["report"] for report in reports if report.label == ("proc_lib", "crash")]
    reports.clear()
    return [(dict(own), [dict(neighbour) for _, neighbour in neighbours]) for own, neighbours in found]
