"""A search that workers share comes to what a search by one comes to."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest

from erlsim import ErlsimError, erlang
from erlsim.simulation import current
from erlsim.testing import Exhaustion, exhaust
from erlsim.testing.search import sharing
from tests.exhaust.test_exhaust import two_count
from tests.search.programs import PROGRAMS

# Programs with few and with many traces, observers, receives that give up, tables, ends.
SHARED = ("impatient_receiver_reduced", "sent_to_the_dying", "count_or_insert", "last_zero_5", "asked_while_flushing")


class Pickling(Executor):
    """Does all at once, and pickles what is handed out and what comes back, as processes do."""

    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        test, *rest = args
        future: Future[Any] = Future()
        future.set_result(pickle.loads(pickle.dumps(work(test, *pickle.loads(pickle.dumps(rest))))))
        return future


def found_by(found: Exhaustion) -> Any:
    """What must not depend on who worked."""
    return found.runs, found.blocked, found.complete, found.outcomes, found.examples, found.failures, found.sentence()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is handed out, in as many pieces as there can be."""
    monkeypatch.setattr(sharing, "BEGUN_HERE", 2)
    monkeypatch.setattr(sharing, "RUNS_OF_A_JOB", 3)
    monkeypatch.setattr(sharing, "BATCH", 2)


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", SHARED)
def test_workers_make_the_runs_that_one_makes_and_find_the_same(name: str) -> None:
    program = PROGRAMS[name]
    alone = exhaust(program.run, stop=False, check=0)
    shared = exhaust(program.run, stop=False, check=0, executor=Pickling())
    assert (shared.runs, shared.outcomes, shared.complete) == (alone.runs, alone.outcomes, True)


@pytest.mark.usefixtures("small")
def test_what_comes_of_a_search_does_not_depend_on_the_executor(threads: Executor) -> None:
    program = PROGRAMS["count_or_insert"]
    assert found_by(exhaust(program.run, executor=threads)) == found_by(exhaust(program.run, executor=Pickling()))
    with ThreadPoolExecutor(1) as one:
        assert found_by(exhaust(two_count, executor=one)) == found_by(exhaust(two_count, executor=threads))


def test_processes_share_a_search() -> None:
    alone = exhaust(long_one, stop=False, check=0)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        shared = exhaust(long_one, stop=False, check=0, executor=executor)
    assert alone.runs > sharing.BEGUN_HERE
    assert (shared.runs, shared.outcomes, shared.complete) == (alone.runs, alone.outcomes, True)


async def long_one() -> list[Any]:
    """Five send to one: there are 120 orders."""
    me = erlang.self()
    for name in "abcde":
        erlang.spawn(erlang.send, [me, name])
    return [await erlang.receive() for _ in "abcde"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("bound", [1, "2 delays"])
def test_workers_share_a_bounded_search(bound: Any) -> None:
    alone = exhaust(two_count, stop=False, bound=bound)
    shared = exhaust(two_count, stop=False, bound=bound, executor=Pickling())
    assert (shared.runs, shared.outcomes) == (alone.runs, alone.outcomes)


@pytest.mark.usefixtures("small")
def test_a_failure_that_a_worker_finds_is_explained() -> None:
    found = exhaust(two_count, executor=Pickling())
    assert len(found.failures) == 1 and "it ended at the first failure" in found.sentence()
    assert "The race is for row 'count' of table rows:" in str(found.race)


@pytest.mark.usefixtures("small")
def test_workers_try_every_answer_to_what_a_test_asks() -> None:
    async def test() -> int:
        return sum(current().choose("fault", ["no", "yes"]) for _ in range(2))

    assert set(exhaust(test, executor=Pickling()).outcomes) == set(exhaust(test).outcomes) == {"0", "1", "2"}


@pytest.mark.usefixtures("small")
def test_a_shared_search_that_was_cut_short_says_so() -> None:
    found = exhaust(long_one, max_runs=10, executor=Pickling())
    assert not found.complete and found.runs + found.blocked >= 10
    assert found.waiting > 0 and found.estimate > found.runs and "max_runs" in found.sentence()


def test_a_search_that_goes_on_is_not_shared(threads: Executor) -> None:
    with pytest.raises(ErlsimError, match="has no bound and no executor"):
        exhaust(two_count, resume={}, executor=threads)


def test_who_cannot_be_sent_is_named() -> None:
    async def unknown() -> list[Any]:
        return await long_one()

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        with pytest.raises(sys.modules["erlsim.testing.workers"].WorkersFailed, match="could not run unknown"):
            exhaust(unknown, executor=executor)
