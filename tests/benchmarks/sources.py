"""Erlang's source: how many lines of it are read in a second, and how many that were read are compiled and loaded.

The lines are those of some modules of OTP's where it is installed with its sources, and of the examples in the
documentation, which have few comments; half of these are tests, where each line is a macro of many tokens.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import erlsim
from erlsim.erl import loading, reading
from tests.benchmarks.clock import rate_of_work
from tests.benchmarks.registry import ERLSIM, Benchmark, Target

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
OF_OTP = ("dict", "lists", "proplists", "queue", "string")


def examples() -> list[Path]:
    """The examples in the documentation."""
    return sorted(EXAMPLES.glob("**/*.erl"))


def of_otp() -> list[Path]:
    """Modules of stdlib, or the examples where there are no sources of OTP."""
    erl = shutil.which("erl")
    if erl is not None:
        for source in sorted(Path(erl).resolve().parents[1].glob("lib/stdlib-*/src")):
            return [source / f"{name}.erl" for name in OF_OTP]
    return examples()


def sources(paths: list[Path], count: int) -> Iterator[tuple[Path, int]]:
    """Files with their numbers of lines, again and again until there are so many."""
    for path in cycle(paths):
        if count <= 0:
            return
        lines = path.read_bytes().count(b"\n")
        count -= lines
        yield path, lines


def forms(path: Path) -> list[reading.Node]:
    """What a file is read as."""
    places = reading.Places([str(path.parents[1] / "include")], [loading.HEADERS])
    return reading.parse_file(str(path), places=places)


def read(paths: Callable[[], list[Path]]) -> Callable[[int], float]:
    def figure(count: int) -> float:
        taken = list(sources(paths(), count))
        return rate_of_work(sum(lines for _, lines in taken), lambda: [forms(path) for path, _ in taken])

    return figure


def compile_and_load(paths: Callable[[], list[Path]]) -> Callable[[int], float]:
    def figure(count: int) -> float:
        taken = [(path, lines, forms(path)) for path, lines in sources(paths(), count)]
        with erlsim.Simulation(trace=False):
            lines = sum(lines for _, lines, _ in taken)
            return rate_of_work(lines, lambda: [loading.module_of(each, str(path)) for path, _, each in taken])

    return figure


# The same of the examples, by their density: no peer, but how much that matters.
DENSE = "the examples"
READING = Benchmark(
    "reading .erl",
    "lines/s",
    7_000,
    {ERLSIM: read(of_otp), DENSE: read(examples)},
    (Target(30_000),),
    beam="reading",
)
COMPILING = Benchmark(
    "compiling .erl",
    "lines/s",
    7_000,
    {ERLSIM: compile_and_load(of_otp), DENSE: compile_and_load(examples)},
    (Target(5_000),),
    beam="compiling",
)
