"""`sort(terms)`: `lists:sort/1`, down to where it puts terms that are `==` but not the same, such as 1 and 1.0.

The documentation leaves their order open and OTP's merge sort is not stable: it first splits the list into
rising or falling runs, and a falling run turns its equal elements around. Merging keeps the order of the runs.
So the runs are made as OTP makes them, and Python's stable sort does the rest. Most lists hold no such
twins, and are sorted by Python alone.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from itertools import pairwise

from erlsim.terms.order import SortKey, sort_keys
from erlsim.terms.term import Term

_NO_TWINS = frozenset((str, int, bool, bytes))


def sort(terms: Iterable[Term]) -> list[Term]:
    """`lists:sort/1`: a new list in standard order."""
    given = list(terms)
    keys = sort_keys(given)
    places = sorted(range(len(given)), key=keys.__getitem__)
    if len(given) > 3 and _has_twins(given, keys, places):
        places = sorted(_in_runs(keys), key=keys.__getitem__)
    return [given[place] for place in places]


def _has_twins(given: list[Term], keys: list[SortKey], places: list[int]) -> bool:
    """Whether two of the terms are equal and may differ to the eye, so that their order shows (0.0 and -0.0 do)."""
    return any(
        keys[one] == keys[other] and (type(given[one]) not in _NO_TWINS or type(given[one]) is not type(given[other]))
        for one, other in pairwise(places)
    )


def _in_runs(keys: list[SortKey]) -> list[int]:
    """The places of four or more keys, run after run, in the order in which a stable merge takes equal ones."""
    start = next((place for place, key in enumerate(keys) if key != keys[0]), None)
    if start is None:
        return list(range(len(keys)))
    rising = keys[start] > keys[0]
    follows = operator.ge if rising else operator.le
    near, far = start - 1, start  # the two last elements of the run, which grows at its far end
    order: list[int] = []
    run = list(range(start - 1))
    spare: int | None = None  # one element that fits nowhere may wait for a second, to begin the next run with
    for place in range(start + 1, len(keys)):
        if follows(keys[place], keys[far]):
            run.append(near)
            near, far = far, place
        elif follows(keys[place], keys[near]):
            run.append(near)
            near = place
        elif spare is not None:
            order += [*run, near, far]
            run = []
            spare_first = (keys[spare] <= keys[place]) if rising else (keys[spare] > keys[place])
            near, far = (spare, place) if spare_first else (place, spare)
            spare = None
        elif run:
            spare = place
        else:
            run = [place]
    order += [*run, near, far] if spare is None else [*run, near, far, spare]
    return order if rising else order[::-1]
