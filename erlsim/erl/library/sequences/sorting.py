"""The part of the module `lists` that sorts and merges, by Erlang's order of terms, by a key or by a fun."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from erlsim import code, terms
from erlsim.erl.library.registry import applying
from erlsim.erl.running.calls import is_fun
from erlsim.erl.running.cells import is_list, listed, outward
from erlsim.erl.running.failures import Failed, bif_failed, no_clause
from erlsim.erl.running.operators import eq
from erlsim.terms import Term

__in_stacks__ = False

Steps = Generator[tuple[Any, ...], Any, Any]
Key = Callable[[Term], Any]


def _clause(function: str, *args: Term) -> Failed:
    return no_clause("lists", function, *args)


def _items(term: Term, function: str, *args: Term) -> list[Term]:
    """The elements of a proper list; else `function_clause` with what the function was given."""
    found = listed(term)
    if found is None:
        raise _clause(function, *args)
    return found


def _unique(items: list[Term], key: Key) -> list[Term]:
    """Sorted elements, of those with equal keys the first."""
    found: list[Term] = []
    for each in items:
        if not found or not eq(key(found[-1]), key(each)):
            found.append(each)
    return found


def _itself(term: Term) -> Term:
    return term


def _merged(lists: list[list[Term]], key: Key, unique: bool = False) -> list[Term]:
    """Sorted lists in one; what is equal stands in the order of the lists, or is there once."""
    if len(lists) != 2:
        whole = sorted((each for part in lists for each in part), key=lambda each: terms.sort_key(key(each)))
        return _unique(whole, key) if unique else whole
    # Each list in its own order, even where that is not sorted.
    left, right = lists
    if not left or not right:
        return left or right
    keys = [terms.sort_key(key(each)) for each in left]
    found: list[Term] = []
    place = 0
    for item in right:
        its = terms.sort_key(key(item))
        start = place
        while place < len(left) and not its < keys[place]:
            place += 1
        found += left[start:place]
        if not unique or start == place or not eq(key(found[-1]), key(item)):
            found.append(item)
    return found + left[place:]


# ---- by the order of terms


def sort(items: Term) -> list[Term]:
    """`sort/1`."""
    return terms.sort(_items(items, "sort", items))


def usort(items: Term) -> list[Term]:
    """Sorted, each once."""
    return _unique(terms.sort(_items(items, "usort", items)), _itself)


def merge(left: Term, right: Term = None) -> list[Term]:
    """`merge/1,2`: sorted lists in one."""
    return _merged(_lists("merge", left, right), _itself)


def merge3(first: Term, second: Term, third: Term) -> list[Term]:
    """Three sorted lists in one."""
    return _merged([_items(each, "merge3", first, second, third) for each in (first, second, third)], _itself)


def umerge(left: Term, right: Term = None) -> list[Term]:
    """`umerge/1,2`: the same of lists that have each element once; so does the merged list."""
    return _merged(_lists("umerge", left, right), _itself, True)


def umerge3(first: Term, second: Term, third: Term) -> list[Term]:
    """Three such lists in one."""
    lists = [_items(each, "umerge3", first, second, third) for each in (first, second, third)]
    return _merged(lists, _itself, True)


def _lists(function: str, left: Term, right: Term) -> list[list[Term]]:
    if right is None:
        return [_items(part, function, left) for part in _items(left, function, left)]
    return [_items(left, function, left, right), _items(right, function, left, right)]


def rmerge(left: Term, right: Term) -> list[Term]:
    """Two lists in one whose greatest elements are first."""
    return merge(*_backwards("rmerge", left, right))[::-1]


def rmerge3(first: Term, second: Term, third: Term) -> list[Term]:
    """Three such lists in one."""
    return merge3(*_backwards("rmerge3", first, second, third))[::-1]


def rumerge(left: Term, right: Term) -> list[Term]:
    """The same of lists that have each element once."""
    return umerge(*_backwards("rumerge", left, right))[::-1]


def rumerge3(first: Term, second: Term, third: Term) -> list[Term]:
    """Three such lists in one."""
    return umerge3(*_backwards("rumerge3", first, second, third))[::-1]


def _backwards(function: str, *lists: Term) -> list[list[Term]]:
    return [_items(each, function, *lists)[::-1] for each in lists]


# ---- by a key


def keysort(place: Term, tuples: Term) -> list[Term]:
    """Tuples sorted by an element, those with equal ones in the order that they have."""
    found, key = _keyed("keysort", place, tuples)
    return sorted(found, key=lambda each: terms.sort_key(key(each))) if len(found) > 1 else found


def ukeysort(place: Term, tuples: Term) -> list[Term]:
    """The same, one tuple for each key."""
    found, key = _keyed("ukeysort", place, tuples)
    return _unique(sorted(found, key=lambda each: terms.sort_key(key(each))), key) if len(found) > 1 else found


def keymerge(place: Term, left: Term, right: Term) -> list[Term]:
    """Lists that are sorted by an element in one."""
    return _merged(*_two_keyed("keymerge", place, left, right))


def ukeymerge(place: Term, left: Term, right: Term) -> list[Term]:
    """The same, one tuple for each key."""
    lists, key = _two_keyed("ukeymerge", place, left, right)
    return _merged(lists, key, True)


def rkeymerge(place: Term, left: Term, right: Term) -> list[Term]:
    """Lists whose greatest keys are first in one."""
    lists, key = _two_keyed("rkeymerge", place, left, right)
    return _merged([each[::-1] for each in lists], key)[::-1]


def rukeymerge(place: Term, left: Term, right: Term) -> list[Term]:
    """The same, one tuple for each key."""
    lists, key = _two_keyed("rukeymerge", place, left, right)
    return _merged([each[::-1] for each in lists], key, True)[::-1]


def _two_keyed(function: str, place: Term, left: Term, right: Term) -> tuple[list[list[Term]], Key]:
    key = _key_of(function, place, left, right)
    return [_items(each, function, place, left, right) for each in (left, right)], key


def _keyed(function: str, place: Term, tuples: Term) -> tuple[list[Term], Key]:
    key = _key_of(function, place, tuples)
    if not is_list(tuples):
        raise Failed(("case_clause", outward(tuples)), ("lists", function, 2, []))
    return _items(tuples, function, place, tuples), key


def _key_of(function: str, place: Term, *lists: Term) -> Key:
    if type(place) is not int or place < 1:
        raise _clause(function, place, *lists)

    def key(row: Term) -> Term:
        if type(row) is not tuple or len(row) < place:
            raise bif_failed("badarg", "erlang", "element", [place, row])
        return row[place - 1]

    return key


# ---- by a fun


def _check(function: str, fun: Term, *lists: Term) -> list[list[Term]]:
    if not (is_fun(fun) and code.takes(fun, 2)):
        raise _clause(function, fun, *lists)
    return [_items(each, function, fun, *lists) for each in lists]


def _together(ordered: Any, left: list[Term], right: list[Term], unique: bool = False) -> Steps:
    """Two lists in one by a fun, which may wait each time it is asked."""
    found: list[Term] = []
    place = 0
    for item in right:
        start = place
        while place < len(left) and (yield ordered, left[place], item) is True:
            found.append(left[place])
            place += 1
        # What is in order both ways is equal.
        if not unique or start == place or (yield ordered, item, found[-1]) is not True:
            found.append(item)
    return found + left[place:]


def _sorted(ordered: Any, items: list[Term], unique: bool = False) -> Steps:
    """Merges from the bottom up, so that the fun is asked as often as it must be."""
    runs = [[each] for each in items]
    while len(runs) > 1:
        merged = []
        for place in range(0, len(runs) - 1, 2):
            merged.append((yield from _together(ordered, runs[place], runs[place + 1], unique)))
        runs = merged + runs[len(runs) & ~1 :]
    return runs[0] if runs else []


@applying(0)
def _sort_with(ordered: Term, items: Term) -> Steps:
    found = listed(items)
    # Where there is something to ask the fun, it is not looked at before.
    if found is None or len(found) < 2:
        (found,) = _check("sort", ordered, items)
    return (yield from _sorted(ordered, found))


@applying(0)
def _usort_with(ordered: Term, items: Term) -> Steps:
    return (yield from _sorted(ordered, _check("usort", ordered, items)[0], True))


@applying(0)
def _merge_with(ordered: Term, left: Term, right: Term) -> Steps:
    one, other = _check("merge", ordered, left, right)
    return (yield from _together(ordered, one, other))


@applying(0)
def _umerge_with(ordered: Term, left: Term, right: Term) -> Steps:
    one, other = _check("umerge", ordered, left, right)
    return (yield from _together(ordered, one, other, True))


@applying(0)
def _rmerge_with(ordered: Term, left: Term, right: Term) -> Steps:
    one, other = _check("rmerge", ordered, left, right)
    return (yield from _together(ordered, one[::-1], other[::-1]))[::-1]


@applying(0)
def _rumerge_with(ordered: Term, left: Term, right: Term) -> Steps:
    one, other = _check("rumerge", ordered, left, right)
    return (yield from _together(ordered, one[::-1], other[::-1], True))[::-1]


MORE = {
    ("sort", 2): _sort_with,
    ("usort", 2): _usort_with,
    ("merge", 3): _merge_with,
    ("umerge", 3): _umerge_with,
    ("rmerge", 3): _rmerge_with,
    ("rumerge", 3): _rumerge_with,
}
