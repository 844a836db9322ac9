"""Sequential code in Erlang, beside the same functions by hand in Python: on the same cells, with the same `=:=`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path

from erlsim import erl
from erlsim.erl.running.cells import Cell
from erlsim.terms import exact_eq
from tests.benchmarks.clock import rate_of_work
from tests.benchmarks.registry import ERLSIM, Benchmark, Target

BY_HAND = "by hand"
SOURCE = Path(__file__).with_name("erl") / "sequential.erl"


@functools.cache
def module():
    """The module, compiled."""
    return erl.load(SOURCE)


def in_erlang(name: str) -> Callable[[int], float]:
    """One of its functions, which does its work so many times."""
    return lambda count: rate_of_work(count, lambda: getattr(module(), name)(count))


def by_hand(function: Callable, *args) -> Callable[[int], float]:
    """The same with a Python function."""

    def repeat(count: int) -> None:
        for _ in range(count):
            function(*args)

    return lambda count: rate_of_work(count, lambda: repeat(count))


def cells(items: Iterable) -> Cell | list:
    """A list as Erlang's code builds it."""
    found: Cell | list = []
    for item in reversed(list(items)):
        found = Cell(item, found)
    return found


def reverse(items):
    return append(reverse(items.tail), Cell(items.head, [])) if type(items) is Cell else []


def append(left, right):
    return Cell(left.head, append(left.tail, right)) if type(left) is Cell else right


def fibonacci(n):
    if n == 0:
        return 0
    if n == 1:
        return 1
    return fibonacci(n - 1) + fibonacci(n - 2)


def find(key, rows):
    while type(rows) is Cell:
        match rows.head:
            case (found, value) if found == key and exact_eq(found, key):
                return value
        rows = rows.tail
    return "none"


def merge_sort(items):
    if type(items) is not Cell or type(items.tail) is not Cell:
        return items
    left = right = []
    while type(items) is Cell:
        left, right = right, Cell(items.head, left)
        items = items.tail
    return merged(merge_sort(left), merge_sort(right))


def merged(left, right):
    if type(left) is not Cell:
        return right
    if type(right) is not Cell:
        return left
    if left.head <= right.head:
        return Cell(left.head, merged(left.tail, right))
    return Cell(right.head, merged(left, right.tail))


def benchmark(name: str, size: int, hand: Callable[[int], float]) -> Benchmark:
    """Erlang's function beside the one by hand: half as fast at least."""
    contestants = {ERLSIM: in_erlang(name), BY_HAND: hand}
    return Benchmark(f"{name} in .erl", "times/s", size, contestants, (Target(0.5, BY_HAND),), beam=name)


NREV = benchmark("nrev", 1_000, by_hand(reverse, cells(range(1, 31))))
FIB = benchmark("fib", 500, by_hand(fibonacci, 15))
KEYFIND = benchmark("keyfind", 40_000, by_hand(find, "key20", cells((f"key{n}", n) for n in range(1, 21))))
SORT = benchmark("sort", 200, by_hand(merge_sort, cells(n * 7919 % 101 for n in range(1, 101))))
