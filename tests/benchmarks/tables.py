"""ETS, from a process: beside a Python dict, which a table is in the end, and beside the BEAM."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import erlsim
from erlsim import ets
from tests.benchmarks.clock import rate
from tests.benchmarks.registry import ERLSIM, Benchmark, Target

ROWS = 100_000
"""The rows of the table that is looked through."""
ABOVE = [(("$1", "$2", "_"), [(">", "$2", 4)], ["$1"])]
"""Half of the rows match."""
OF_ONE = [((77, "$1", "_"), [(">", "$1", 4)], ["$1"])]


def with_table(work: Callable[[int], int], rows: int = 1_000) -> Callable[[int], float]:
    """A function from a size to what `work(size)` says to have done, by the second, to a table of so many rows."""

    def measured(count: int) -> float:
        figures: list[float] = []

        def process():
            ets.new("benchmark_table", ["named_table"])
            ets.insert("benchmark_table", [(number, number % 10, "x") for number in range(rows)])
            done: list[int] = []
            once = rate(1, lambda: done.append(work(count)))
            figures.append(once * done[0])

        async def main():
            _, ref = erlsim.erlang.spawn_monitor(process)
            assert (await erlsim.erlang.receive(("DOWN", ref, ..., ..., ...)))[4] == "normal"

        erlsim.run(main, trace=False)
        return figures[0]

    return measured


def lookups(count: int) -> int:
    for number in _keys(count):
        ets.lookup("benchmark_table", number)
    return count


def inserts(count: int) -> int:
    for number in _keys(count):
        ets.insert("benchmark_table", (number, 1, "x"))
    return count


def counts(count: int) -> int:
    for number in _keys(count):
        ets.update_counter("benchmark_table", number, (2, 1))
    return count


def selects_of_a_key(count: int) -> int:
    """Each reads one row; all rows of the table count as gone through."""
    size: int = ets.info("benchmark_table", "size")
    for _ in range(count):
        assert ets.select("benchmark_table", OF_ONE) == [7]
    return size * count


def selects(count: int) -> int:
    size: int = ets.info("benchmark_table", "size")
    times = max(count // size, 1)
    for _ in range(times):
        assert len(ets.select("benchmark_table", ABOVE)) == size // 2
    return size * times


def _keys(count: int) -> Iterator[int]:
    for _ in range(max(count // 1_000, 1)):
        yield from range(min(count, 1_000))


def python_dict(work: Callable[[dict[int, Any], int], None]) -> Callable[[int], float]:
    """A function from a size to how often `work` does the same to a dict."""

    def measured(count: int) -> float:
        table = {number: (number, number % 10, "x") for number in range(1_000)}

        def all_of_it():
            for number in _keys(count):
                work(table, number)

        return rate(count, all_of_it)

    return measured


def _get(table: dict[int, Any], key: int) -> None:
    table.get(key)


def _set(table: dict[int, Any], key: int) -> None:
    table[key] = (key, 1, "x")


def _count(table: dict[int, Any], key: int) -> None:
    _, value, rest = table[key]
    table[key] = (key, value + 1, rest)


def comprehension(count: int) -> float:
    rows = [(number, number % 10, "x") for number in range(ROWS)]
    times = max(count // ROWS, 1)
    return rate(ROWS * times, lambda: [[row[0] for row in rows if row[1] > 4] for _ in range(times)])


LOOKUP = Benchmark(
    "ets lookup",
    "lookups/s",
    100_000,
    {ERLSIM: with_table(lookups), "Python dict": python_dict(_get)},
    (Target(1_000_000),),
    beam="ets_lookup",
)
INSERT = Benchmark(
    "ets insert",
    "rows/s",
    100_000,
    {ERLSIM: with_table(inserts), "Python dict": python_dict(_set)},
    (Target(500_000),),
    beam="ets_insert",
)
COUNT = Benchmark(
    "ets update_counter",
    "counts/s",
    100_000,
    {ERLSIM: with_table(counts), "Python dict": python_dict(_count)},
    (Target(500_000),),
    beam="ets_update_counter",
)
SELECT_KEY = Benchmark(
    "ets select of a key",
    "rows/s",
    1_000,
    {ERLSIM: with_table(selects_of_a_key, ROWS), "list comprehension": lambda count: comprehension(ROWS)},
    (Target(2_000_000),),
    beam="ets_select_of_a_key",
)
SELECT = Benchmark(
    "ets select",
    "rows/s",
    ROWS,
    {ERLSIM: with_table(selects, ROWS), "list comprehension": comprehension},
    (Target(500_000),),
    beam="ets_select",
)
