"""Who runs the schedules of an exploration: this process, its own workers, or somebody's executor.

Any `concurrent.futures.Executor` will do: processes, threads, a Dask client's `get_executor()`. Batches are
handed out in order and their results taken back in order, a window of them at a time, so that an
exploration comes to the same whoever ran it. Processes that nobody asked for are a matter of speed
alone: where they do not work, this process goes on by itself.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any

from erlsim import hints
from erlsim.errors import ErlsimError, pass_on
from erlsim.testing.choosers import chooser_factory
from erlsim.testing.runs import Run, Runner

# Enough to keep the workers of a cluster busy, few enough to be called back when a failure is found.
MOST_WAITING = 256


class WorkersFailed(ErlsimError):
    """Workers could not run a test at all; the message says which test, and why."""


def run_batch(
    test: Callable[..., Any], chooser: Any, seeds: Iterable[int], stop: bool, options: dict[str, Any]
) -> list[Run]:
    """Some runs, in this process, to the first failure if `stop`: what a worker does."""
    make = chooser_factory(chooser)
    runner = Runner(test, **options)
    runs = []
    for seed in seeds:
        runs.append(runner.run(make(seed), seed))
        if stop and runs[-1].failed:
            break
    return runs


def run_here(
    test: Callable[..., Any], chooser: Any, batches: list[range], stop: bool, options: dict[str, Any]
) -> Generator[list[Run], None, None]:
    """The runs of each batch, in this process."""
    for batch in batches:
        yield run_batch(test, chooser, batch, stop, options)


def run_in_workers(
    executor: Executor,
    test: Callable[..., Any],
    chooser: Any,
    batches: list[range],
    stop: bool,
    options: dict[str, Any],
) -> Generator[list[Run], None, None]:
    """The runs of each batch, in order."""
    return in_order(executor, test, run_batch, ((test, chooser, batch, stop, options) for batch in batches))


def in_order(
    executor: Executor, test: Callable[..., Any], work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]]
) -> Generator[Any, None, None]:
    """`work(*job)` of each job, in order; when nobody wants any more of it, what is not begun is called off."""
    waiting: deque[Future[Any]] = deque()
    try:
        for job in jobs:
            if len(waiting) >= MOST_WAITING:
                yield waiting.popleft().result()
            waiting.append(executor.submit(work, *job))
        while waiting:
            yield waiting.popleft().result()
    except ErlsimError:
        raise
    except Exception as wrong:
        pass_on(wrong)
        # A test's own exceptions are outcomes: this one is of what lies between here and there.
        raise WorkersFailed(
            f"{type(executor).__name__} could not run {hints.function_name(test)}: {type(wrong).__name__}: {wrong}\n"
            "Workers import the test and its chooser: let both be functions at the top of a module that they can find"
        ) from wrong
    finally:
        for left in waiting:
            left.cancel()


def run_in_own_workers(
    test: Callable[..., Any], chooser: Any, batches: list[range], stop: bool, options: dict[str, Any]
) -> Generator[list[Run], None, None]:
    """The runs of each batch, in processes that are started for them; if these fail, the rest in this one."""
    try:
        executor = own_executor()
    except (ImportError, NotImplementedError, OSError):
        # As in a browser, where there are no processes.
        yield from run_here(test, chooser, batches, stop, options)
        return
    taken = 0
    try:
        for runs in run_in_workers(executor, test, chooser, batches, stop, options):
            taken += 1
            yield runs
    except WorkersFailed:
        yield from run_here(test, chooser, batches[taken:], stop, options)
    finally:
        executor.shutdown(cancel_futures=True)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def own_executor() -> Executor:
    """Processes of this machine, one for each of its processors."""
    # Forking copies what is imported and takes no time, but a copy of a locked lock stays locked.
    forks = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if forks and sys.platform == "linux" else "spawn")
    return ProcessPoolExecutor(processors(), mp_context=context)


def can_be_sent(*things: Any) -> bool:
    """Whether there are other processors, and `things` can be sent to processes on them."""
    if processors() < 2 or not _is_importable(things[0]):
        return False
    try:
        pickle.dumps(things)
    except Exception as refused:
        pass_on(refused)
        return False
    return True


def _is_importable(test: Any) -> bool:
    """Whether a new process would find `test`: not if it was typed into a notebook or a REPL."""
    if getattr(test, "__module__", None) != "__main__":
        return True
    return hasattr(sys.modules["__main__"], "__file__")
