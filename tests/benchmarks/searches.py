"""Complete searches: every order of small programs, beside Concuerror on the same ones.

Concuerror is no part of this project and has to be built before. Who has a checkout of it, and an `erl`, names its
folder in the environment: `CONCUERROR=... python -m tests.benchmarks search-readers`. Its seconds are those of a user:
they have its start in them. The random schedules that a search is checked with afterwards are not counted.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from erlsim import erlang, ets
from erlsim.testing import exhaust
from tests.benchmarks import beam
from tests.benchmarks.clock import rate
from tests.benchmarks.registry import ERLSIM, Benchmark, Target
from tests.search import concuerror
from tests.search.programs import PROGRAMS

CONCUERROR = "Concuerror"
ORDERS_OF_TWO = 2


async def reader_and_writer() -> None:
    """Two processes and a table: one writes, one reads."""
    ets.new("table", ["named_table", "public"])
    erlang.spawn(ets.insert, ["table", ("x", 1)])
    erlang.spawn(ets.lookup, ["table", "x"])


def runs(test: Callable[[], object], each: int) -> Callable[[int], float]:
    """A function from a number of runs to the runs a second of complete searches that make so many."""

    def figure(count: int) -> float:
        searches = max(count // each, 1)

        def search() -> None:
            for _ in range(searches):
                found = exhaust(test, stop=False, check=0, progress=False, trace=False)
                assert found.complete and found.runs == each, found.sentence()

        return rate(searches * each, search)

    return figure


def asked(source: str) -> dict[str, Callable[[int], float]]:
    """Concuerror's interleavings a second, if it is there."""
    folder = os.environ.get("CONCUERROR")
    if folder is None or not beam.available():
        return {}

    def figure(_count: int) -> float:
        found = concuerror.explore(Path(folder), source)
        return found.interleavings / found.seconds

    return {CONCUERROR: figure}


def beside(name: str, program: str, each: int) -> Benchmark:
    """One of the programs, whose complete search takes `each` runs, beside Concuerror."""
    found = PROGRAMS[program]
    return Benchmark(name, "runs/s", each, {ERLSIM: runs(found.run, each)} | asked(found.source), repeats=1)


SEARCH = Benchmark("search", "runs/s", 600, {ERLSIM: runs(reader_and_writer, ORDERS_OF_TWO)}, (Target(3_000),))
READERS = beside("search-readers", "readers_6", 64)
LAST_ZERO = beside("search-last-zero", "last_zero_5", 64)
TEETH = beside("search-teeth", "teeth_of_three_and_two_readers", 400)
