"""How often something happens in a second."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import erlsim


def rate(count: int, work: Callable[[], Any]) -> float:
    """`work` does `count` things: how many a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def rate_of_work(count: int, work: Callable[[], Any]) -> float:
    """The same in a second of the processor's time, which is nobody else's."""
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def stopwatch() -> Callable[[], float]:
    """A function that tells how many seconds ago this one was called."""
    start = time.perf_counter()
    return lambda: time.perf_counter() - start


def simulated(count: int, main: Callable[[], Awaitable[Any]], trace: bool = False, **options: Any) -> float:
    """The same for a `main` that runs in a fresh simulation."""
    sim = erlsim.Simulation(trace=trace, **options)
    return rate(count, lambda: sim.run(main))


def simulated_work(count: int, main: Callable[[], Awaitable[Any]]) -> float:
    """The same, untraced, by the processor's time."""
    sim = erlsim.Simulation(trace=False)
    return rate_of_work(count, lambda: sim.run(main))
