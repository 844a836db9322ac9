"""Erlang's source: how many lines of it are read in a second, and how many that were read are compiled and loaded.

The lines are those of the examples in the documentation: dense ones, of many small modules.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import erlsim
from erlsim.erl import loading, reading
from tests.benchmarks.clock import rate_of_work
from tests.benchmarks.registry import ERLSIM, Benchmark, Target

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def sources(count: int) -> Iterator[tuple[Path, int]]:
    """The examples with their numbers of lines, again and again until there are so many."""
    for path in cycle(sorted(EXAMPLES.glob("**/*.erl"))):
        if count <= 0:
            return
        lines = path.read_text(encoding="utf-8").count("\n")
        count -= lines
        yield path, lines


def forms(path: Path) -> list[reading.Node]:
    """What a file is read as."""
    places = reading.Places([str(path.parents[1] / "include")], [loading.HEADERS])
    return reading.parse_file(str(path), places=places)


def read(count: int) -> float:
    taken = list(sources(count))
    return rate_of_work(sum(lines for _, lines in taken), lambda: [forms(path) for path, _ in taken])


def compile_and_load(count: int) -> float:
    taken = [(path, lines, forms(path)) for path, lines in sources(count)]
    with erlsim.Simulation(trace=False):
        lines = sum(lines for _, lines, _ in taken)
        return rate_of_work(lines, lambda: [loading.module_of(each, str(path)) for path, _, each in taken])


READING = Benchmark("reading .erl", "lines/s", 6_000, {ERLSIM: read}, (Target(30_000),), beam="reading")
COMPILING = Benchmark(
    "compiling .erl", "lines/s", 3_000, {ERLSIM: compile_and_load}, (Target(5_000),), beam="compiling"
)
