"""Explorations by workers: threads, processes and a Dask cluster come to exactly what this process comes to."""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import pytest

from erlsim import ErlsimError
from erlsim.simulation import current
from erlsim.testing import explore, replay
from tests.testing import planted

EXPLORE = sys.modules["erlsim.testing.explore"]
WORKERS = sys.modules["erlsim.testing.workers"]
# More than an exploration tries here before it hands the rest to workers, and a seed among those.
MANY, LATE = 200, 150


async def late():
    """Fails under two schedules, the first of which is a worker's."""
    assert current().seed not in (LATE, LATE + 20), "too late"


async def place():
    """Which process runs this."""
    return os.getpid()


async def mortal():
    """Ends any process but the one that started it all, at some time."""
    if multiprocessing.parent_process() is not None and current().seed >= LATE:
        os._exit(1)


PROGRAMS = {
    "mended": partial(planted.lost_update, False),
    "lost_update": partial(planted.lost_update, True),
    "call_cycle": partial(planted.call_cycle, True),
    "late": late,
}


def counts(found):
    """All of an exploration that does not tell the time."""
    return found.runs, found.outcomes, found.schedules, found.examples, found.failures


@pytest.fixture(scope="module")
def threads():
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    from distributed import Client, LocalCluster

    local = {"host": "127.0.0.1", "dashboard_address": None, "local_directory": tmp_path_factory.mktemp("dask")}
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **local) as cluster, Client(cluster) as client:
        yield client.get_executor()
    assert cluster.status.name == client.status == "closed"


@pytest.fixture
def own(monkeypatch):
    """No executor, but processes of its own, since everything pays."""
    monkeypatch.setattr(EXPLORE, "PAYS_FROM_SECONDS", 0)
    monkeypatch.setattr(WORKERS, "processors", lambda: 2)


@pytest.fixture(params=["threads", "processes", "dask", "own"])
def executor(request):
    """Each kind of workers; `None` stands for those that `explore` starts itself."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def nobody(monkeypatch):
    """Whoever starts processes fails."""
    monkeypatch.setattr(WORKERS, "own_executor", lambda: pytest.fail("processes were started"))


@pytest.mark.parametrize("stop", [True, False])
@pytest.mark.parametrize("name", PROGRAMS)
def test_workers_come_to_the_same_as_this_process(executor, name, stop):
    program = PROGRAMS[name]
    expected = counts(explore(program, MANY, stop=stop, progress=False))
    assert counts(explore(program, MANY, stop=stop, executor=executor, progress=False)) == expected


def test_workers_use_any_chooser_and_any_seed(executor):
    program = PROGRAMS["lost_update"]
    expected = explore(program, MANY, "pct", seed=1000, stop=False, progress=False, max_steps_per_instant=5000)
    found = explore(program, MANY, "pct", 1000, False, executor, progress=False, max_steps_per_instant=5000)
    assert counts(found) == counts(expected)


def test_an_exploration_stops_at_the_first_failure_of_a_worker(executor):
    found = explore(late, MANY, executor=executor, progress=False)
    assert (found.runs, [run.seed for run in found.failures]) == (LATE + 1, [LATE])
    assert replay(late, found.failures[0].schedule, seed=LATE) == found.failures[0]


@pytest.mark.parametrize("kind", ["processes", "dask", "own"])
def test_workers_of_other_processes_do_the_work(request, kind):
    found = explore(place, MANY, executor=request.getfixturevalue(kind), progress=False)
    assert str(os.getpid()) in found.outcomes and len(found.outcomes) > 1


def test_what_was_not_begun_is_called_off_when_a_failure_is_found():
    given = []

    class Noting(ThreadPoolExecutor):
        def submit(self, *args, **options):
            given.append(super().submit(*args, **options))
            return given[-1]

    with Noting(1) as executor:
        explore(late, 100_000, executor=executor, progress=False)
    assert len(given) > 10
    assert [future.cancelled() for future in given[-10:]] == [True] * 10


def test_a_test_that_processes_cannot_import_is_refused_with_a_reason(processes):
    async def local():
        pass

    with pytest.raises(ErlsimError, match=r"ProcessPoolExecutor could not run local: (?s:.)*at the top of a module"):
        explore(local, MANY, executor=processes, progress=False)


@pytest.mark.parametrize("kind", ["threads", "dask"])
def test_a_test_that_need_not_be_imported_may_be_local(request, kind):
    async def local():
        return await planted.lost_update(False)

    found = explore(local, MANY, executor=request.getfixturevalue(kind), progress=False)
    assert counts(found) == counts(explore(PROGRAMS["mended"], MANY, progress=False))


def test_workers_that_die_are_reported():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        with pytest.raises(ErlsimError, match=r"could not run mortal: BrokenProcessPool"):
            explore(mortal, MANY, executor=executor, progress=False)


def test_this_process_goes_on_when_workers_die_that_nobody_asked_for(own, monkeypatch):
    monkeypatch.setattr(EXPLORE, "BATCH_SECONDS", 0)
    assert explore(mortal, MANY, progress=False).outcomes == {"ok": MANY}


@pytest.mark.parametrize("reason", [ImportError, NotImplementedError, OSError])
def test_this_process_does_it_all_where_there_are_no_processes(own, monkeypatch, reason):
    def refuse():
        raise reason("not on this machine")

    monkeypatch.setattr(WORKERS, "own_executor", refuse)
    assert explore(place, MANY, progress=False).outcomes == {str(os.getpid()): MANY}


def test_a_local_test_is_run_here_when_nobody_asks_for_workers(own, nobody):
    async def local():
        return os.getpid()

    assert explore(local, MANY, progress=False).outcomes == {str(os.getpid()): MANY}


def test_processes_are_started_only_if_the_rest_would_take_long(monkeypatch, nobody):
    monkeypatch.setattr(WORKERS, "processors", lambda: 2)
    assert explore(place, MANY, progress=False).outcomes == {str(os.getpid()): MANY}
    # Ten million of them would take some minutes.
    with pytest.raises(pytest.fail.Exception, match="processes were started"):
        explore(place, 10_000_000, progress=False)


def test_processes_are_not_started_where_there_is_one_processor(own, nobody, monkeypatch):
    monkeypatch.setattr(WORKERS, "processors", lambda: 1)
    assert explore(place, MANY, progress=False).outcomes == {str(os.getpid()): MANY}


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_a_bar_that_is_gone_when_the_exploration_is_over(monkeypatch, executor):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    explore(late, MANY, executor=executor, stop=False)
    shown = sys.stderr.getvalue()
    assert "schedules" in shown and "100%" in shown
    assert shown.endswith("\x1b[2K")
    sys.stderr.truncate(0)
    explore(late, MANY, progress=False)
    assert sys.stderr.getvalue() == ""


def test_elsewhere_an_exploration_says_how_far_it_is_if_it_is_asked(monkeypatch, capsys):
    monkeypatch.setattr(EXPLORE, "BATCH_SECONDS", 0)
    explore(late, MANY, stop=False)
    assert capsys.readouterr().err == ""
    explore(late, MANY, stop=False, progress=True)
    assert capsys.readouterr().err.splitlines() == [
        "64 of 200 schedules run",
        *[f"{number} of 200 schedules run" for number in range(80, 201, 20)],
    ]
