"""Copies: what a message or a table's row is."""

from collections import namedtuple
from typing import Any, NamedTuple

import pytest
from hypothesis import given

from erlsim import terms
from erlsim.terms import ATOMIC, Bits, Improper, Pid, Ref, TermMap, cons, copy
from tests.terms.strategies import checked
from tests.terms.strategies import terms as any_terms

Record = namedtuple("Record", "tag items")


@pytest.mark.parametrize(
    "term",
    [
        *("atom", True, 1, 1.5, b"binary", Pid(1), Ref(1), Bits(b"\xa0", 3), len, ValueError("x"), None),
        *((), ("ping", Pid(1), 1), ("a", ("b", ("c", b"d"))), Improper(("alias",), Ref(1)), Record("r", ())),
    ],
    ids=repr,
)
def test_a_term_without_lists_and_maps_travels_as_it_is(term):
    assert terms.copy(term) is term


@pytest.mark.parametrize(
    "term",
    [[], {}, [1], ([],), ("a", ("b", [])), {"k": []}, Improper(([],), 1), Improper((1,), {}), TermMap([([1], [2])])],
    ids=repr,
)
def test_a_term_with_something_mutable_in_it_is_copied(term):
    copied = terms.copy(term)
    assert copied is not term
    assert copied == term
    assert type(copied) is type(term)


def test_a_receiver_who_changes_a_term_does_not_change_the_senders():
    sent = ("state", [1, [2]], {"k": [3]}, Record("r", [4]), Improper(([5],), "x"))
    received = terms.copy(sent)
    received[1][1].append("new")
    received[2]["k"].append("new")
    received[3].items.append("new")
    received[4].items[0].append("new")
    assert sent == ("state", [1, [2]], {"k": [3]}, Record("r", [4]), Improper(([5],), "x"))
    assert type(received[3]) is Record


def test_an_object_that_is_no_term_is_shared():
    shared = bytearray(b"x")
    assert terms.copy([shared])[0] is shared


def test_what_is_called_atomic_is_never_copied():
    assert {str, int, float, bool, bytes, Pid, Ref} <= ATOMIC
    assert not {list, dict, tuple, TermMap, Improper} & ATOMIC


def _mutables(term):
    if isinstance(term, list | dict | TermMap):
        yield id(term)
    inner = (*term.items(),) if isinstance(term, dict | TermMap) else term
    if isinstance(term, Improper):
        inner = (*term.items, term.tail)
    if isinstance(inner, list | tuple):
        for item in inner:
            yield from _mutables(item)


@checked
@given(any_terms)
def test_a_copy_shares_nothing_mutable_and_is_the_same_term(term):
    copied = terms.copy(term)
    assert terms.exact_eq(copied, term)
    assert not set(_mutables(copied)) & set(_mutables(term))


LEVELS = 100_000


class Pair(NamedTuple):
    """A named tuple."""

    one: Any
    two: Any


WRAPPERS = {
    "tuples": (lambda term: (1, term), lambda term: term[1]),
    "named tuples": (lambda term: Pair(1, term), lambda term: term[1]),
    "lists": (lambda term: [term, 2, []], lambda term: term[0]),
    "maps": (lambda term: {"a": 1, "b": term}, lambda term: term["b"]),
    "maps of terms": (lambda term: TermMap([(1, "x"), (1.0, term)]), lambda term: term[1.0]),
    "improper lists": (lambda term: cons([1, (term,)], 2), lambda term: term.items[1][0]),
}


@pytest.mark.parametrize(("wrap", "inside"), list(WRAPPERS.values()), ids=list(WRAPPERS))
def test_a_term_of_any_depth_is_copied_down_to_what_can_change(wrap, inside):
    bottom = ["x"]
    term = bottom
    for _ in range(LEVELS):
        term = wrap(term)
    copied = copy(term)
    for _ in range(LEVELS):
        assert copied is not term
        assert type(copied) is type(term)
        assert len(copied) == len(term) if hasattr(term, "__len__") else True
        copied, term = inside(copied), inside(term)
    assert term is bottom
    assert copied == bottom
    assert copied is not bottom


def test_a_deep_term_in_which_nothing_can_change_is_not_copied():
    term: Any = "x"
    for _ in range(LEVELS):
        term = (term, "y")
    assert copy(term) is term
