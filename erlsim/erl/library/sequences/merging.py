"""The functions of `lists` that merge sorted lists, and some that take funs. What is not sorted is merged as it is."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from erlsim import terms
from erlsim.erl.library import lists_
from erlsim.erl.library.registry import applying
from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import ABSENT, Term

__in_stacks__ = False

Steps = Generator[tuple[Any, ...], Any, Any]
Order = Callable[[Term, Term], bool]


def _no_clause(function: str, *args: Term) -> Failed:
    return Failed("function_clause", ("lists", function, [outward(each) for each in args], []))


def _items(term: Term, function: str, *args: Term) -> list[Term]:
    found = listed(term)
    if found is None:
        raise _no_clause(function, *args)
    return found


def _is_not_after(left: Term, right: Term) -> bool:
    return terms.compare(outward(left), outward(right)) <= 0


def _merged(ordered: Order, left: list[Term], right: list[Term], once: bool, backwards: bool = False) -> list[Term]:
    """Both lists in one, that of the left first where they are equal; `once` only that one."""
    steps = _steps(left, right, once, backwards)
    try:
        pair = next(steps)
        while True:
            pair = steps.send(ordered(*pair))
    except StopIteration as stop:
        found: list[Term] = stop.value
        return found


def _steps(left: list[Term], right: list[Term], once: bool, backwards: bool) -> Generator[Any, bool, list[Term]]:
    """Yields pairs, is sent whether the first is not after the second, and comes to the merged list."""
    found: list[Term] = []
    here = there = 0
    while here < len(left) and there < len(right):
        one, other = left[here], right[there]
        takes_left = yield one, other
        if once and takes_left and (yield other, one):
            there += 1
            continue
        if takes_left is not backwards:
            found.append(one)
            here += 1
        else:
            found.append(other)
            there += 1
    return [*found, *left[here:], *right[there:]]


@applying(0)
def _merged_by(ordered: Term, left: list[Term], right: list[Term], once: bool, backwards: bool) -> Steps:
    steps = _steps(left, right, once, backwards)
    try:
        pair = next(steps)
        while True:
            pair = steps.send((yield ordered, *pair))
    except StopIteration as stop:
        return stop.value


def _merging(name: str, once: bool, backwards: bool) -> dict[tuple[str, int], Any]:
    """The functions of a name, of two lists and of a fun and two lists."""

    def plain(left: Term, right: Term) -> list[Term]:
        one, other = _items(left, name, left, right), _items(right, name, left, right)
        return _merged(_is_not_after, one, other, once, backwards)

    def by(fun: Term, left: Term, right: Term) -> Any:
        one, other = _items(left, name, fun, left, right), _items(right, name, fun, left, right)
        return _merged_by(fun, one, other, once, backwards)

    by.__colour__ = frozenset([0])  # type: ignore[attr-defined]
    return {(name, 2): plain, (name, 3): by}


def _of_three(name: str, once: bool, backwards: bool) -> Any:
    def merge(first: Term, second: Term, third: Term) -> list[Term]:
        rows = [_items(each, name, first, second, third) for each in (first, second, third)]
        both = _merged(_is_not_after, rows[0], rows[1], once, backwards)
        return _merged(_is_not_after, both, rows[2], once, backwards)

    return merge


def _of_keys(name: str, once: bool, backwards: bool) -> Any:
    def merge(place: Term, left: Term, right: Term) -> list[Term]:
        rows = [_items(each, name, place, left, right) for each in (left, right)]
        if not all(type(each) is tuple and 0 < place <= len(each) for row in rows for each in row):
            raise _no_clause(name, place, left, right)

        def ordered(one: Term, other: Term) -> bool:
            return _is_not_after(one[place - 1], other[place - 1])

        return _merged(ordered, rows[0], rows[1], once, backwards)

    return merge


MORE: dict[tuple[str, int], Any] = {
    **_merging("merge", once=False, backwards=False),
    **_merging("umerge", once=True, backwards=False),
    **_merging("rmerge", once=False, backwards=True),
    **_merging("rumerge", once=True, backwards=True),
    ("merge3", 3): _of_three("merge3", once=False, backwards=False),
    ("umerge3", 3): _of_three("umerge3", once=True, backwards=False),
    ("rmerge3", 3): _of_three("rmerge3", once=False, backwards=True),
    ("rumerge3", 3): _of_three("rumerge3", once=True, backwards=True),
    ("keymerge", 3): _of_keys("keymerge", once=False, backwards=False),
    ("ukeymerge", 3): _of_keys("ukeymerge", once=True, backwards=False),
    ("rkeymerge", 3): _of_keys("rkeymerge", once=False, backwards=True),
    ("rukeymerge", 3): _of_keys("rukeymerge", once=True, backwards=True),
}


def _all(lists: Term, name: str, once: bool) -> list[Term]:
    found: list[Term] = []
    for each in _items(lists, name, lists):
        found = _merged(_is_not_after, found, _items(each, name, lists), once)
    return found


def merge(lists: Term) -> list[Term]:
    """`merge/1`."""
    return _all(lists, "merge", once=False)


def umerge(lists: Term) -> list[Term]:
    """`umerge/1`."""
    return _all(lists, "umerge", once=True)


@applying(0)
def usort(fun: Term, items: Term) -> Steps:
    """`usort/2`: sorted by a fun, of those that it takes for equal the first."""
    runs = [[each] for each in _items(items, "usort", fun, items)]
    while len(runs) > 1:
        merged = []
        for place in range(0, len(runs) - 1, 2):
            steps = _steps(runs[place], runs[place + 1], once=True, backwards=False)
            try:
                pair = next(steps)
                while True:
                    pair = steps.send((yield fun, *pair))
            except StopIteration as stop:
                merged.append(stop.value)
        runs = [*merged, *runs[len(runs) - len(runs) % 2 :]]
    return runs[0] if runs else []


def _distinct(pairs: list[tuple[Term, Term]]) -> list[Term]:
    found: dict[Any, Term] = {}
    for name, each in pairs:
        found.setdefault(terms.key(outward(name)), each)
    return list(found.values())


@applying(0)
def _uniq_by(fun: Term, items: Term) -> Steps:
    pairs = []
    for each in _items(items, "uniq", fun, items):
        pairs.append(((yield fun, each), each))
    return _distinct(pairs)


def uniq(first: Term, items: Term = ABSENT) -> Any:
    """`uniq/1,2`: each once, where it stands first; with a fun, each of its values."""
    if items is not ABSENT:
        return _uniq_by(first, items)
    return _distinct([(each, each) for each in _items(first, "uniq", first)])


uniq.__colour__ = frozenset([0])  # type: ignore[attr-defined]


@applying(0)
def zipwith3(fun: Term, first: Term, second: Term, third: Term) -> Steps:
    """`zipwith3/4`."""
    rows = [_items(each, "zipwith3", fun, first, second, third) for each in (first, second, third)]
    if len({len(row) for row in rows}) > 1:
        raise _no_clause("zipwith3", fun, first, second, third)
    found = []
    for one, two, three in zip(*rows, strict=True):
        found.append((yield fun, one, two, three))
    return found


MORE["zf", 2] = lists_.filtermap
