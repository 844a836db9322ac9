"""Terms are as deep as memory allows: everything that is done with terms is done with 100,000 levels of them."""

from __future__ import annotations

import sys

import pytest

from erlsim import terms
from erlsim.terms import Bits, Improper

LEVELS = 100_000
# Of what takes longer to make, fewer: far more than Python's stack has, all the same.
FEWER = 5_000

SHAPES = {
    "lists": lambda inner: [inner],
    "tuples": lambda inner: ("a", inner),
    "maps": lambda inner: {"k": inner},
    "maps with other keys": lambda inner: {1.0: inner, "b": 2, b"c": 3, 4: 5},
    "improper lists": lambda inner: Improper((inner,), "tail"),
    "term maps": lambda inner: terms.make_map([(1, inner), (1.0, "x"), (["l"], 2)]),
}


def levels_of(shape):
    return LEVELS if shape in ("lists", "tuples", "maps") else FEWER


def nested(shape, core="a", levels=None):
    term = core
    for _ in range(levels_of(shape) if levels is None else levels):
        term = SHAPES[shape](term)
    return term


@pytest.fixture(params=SHAPES)
def shape(request):
    return request.param


@pytest.fixture(autouse=True)
def shallow_stack():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


def test_deep_terms_are_compared(shape):
    one, same, other = nested(shape), nested(shape), nested(shape, core="b")
    assert terms.exact_eq(one, same)
    assert not terms.exact_eq(one, other)
    assert terms.compare(one, same) == 0
    assert (terms.compare(one, other), terms.compare(other, one)) == (-1, 1)
    assert terms.matches(one, same)
    assert not terms.matches(one, other)


def test_deep_terms_have_keys_that_can_be_hashed_and_sorted(shape):
    one, same, other = nested(shape), nested(shape), nested(shape, core="b")
    assert {terms.key(one): 1, terms.key(other): 2}[terms.key(same)] == 1
    assert terms.sort_key(one) == terms.sort_key(same) < terms.sort_key(other)
    assert terms.sort([other, one])[0] is one


def test_deep_terms_are_printed(shape):
    term, shallow = nested(shape), nested(shape, levels=3)
    for directive in ("~w", "~0tp"):
        assert len(terms.format(directive, [term])) == _length(terms.format(directive, [shallow]), shape, directive)
    assert terms.format("~p", [term]) == terms.format("~0p", [term])
    assert terms.format("~P", [term, 9]) == terms.format("~P", [nested(shape, levels=50), 9])
    assert terms.format("~W", [term, 9]) == terms.format("~W", [nested(shape, levels=50), 9])


def _length(shallow, shape, directive):
    level = len(terms.format(directive, [nested(shape, levels=4)])) - len(shallow)
    return len(shallow) + (levels_of(shape) - 3) * level


def test_what_is_laid_out_over_lines_may_be_a_thousand_levels_deep():
    text = terms.format("~p", [nested("tuples", levels=1_000)])
    assert text.startswith("{a,\n {a,\n  {a,\n")
    assert len(text) == 505_501


def test_deep_characters_are_printed():
    term = b"text"
    for _ in range(LEVELS):
        term = [term]
    assert terms.format("~s|~ts", [term, term]) == "text|text"


def test_a_deep_message_is_taken_by_a_deep_pattern():
    pattern = nested("tuples", core=...)
    assert terms.matches(pattern, nested("tuples", core=1))
    assert not terms.matches(pattern, nested("tuples", levels=LEVELS - 1))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([["a"], "b"], [["a", "b"]]),
        (("a",), "a"),
        ((("a", "b"), "c"), ("a", ("b", "c"))),
        ({"a": 1, ("a",): 2}, {"a": 2, ("a",): 1}),
        ({1: {}}, {1: [], "x": {}}),
        ([[], []], [[[]]]),
        (Improper(("a",), "b"), ["a", "b"]),
        (("a", 1.0), ("a", 1)),
        (["a", True], ["a", 1]),
        ((Bits(b"\xa0", 3),), (b"\xa0",)),
    ],
)
def test_terms_of_the_same_parts_have_different_keys(left, right):
    assert terms.key(left) != terms.key(right)
    assert not terms.exact_eq(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": 1, ("a",): 2, 1: 3, 1.5: 4}, {1.5: 4, 1: 3, ("a",): 2, "a": 1}),
        (("a", True, 0.0), ("a", "true", -0.0)),
        ({object: 1, "b": {len: 2, "c": 3}}, {"b": {"c": 3, len: 2}, object: 1}),
        (((), ("x",)), ((), ("x",))),
    ],
)
def test_equal_terms_have_equal_keys_however_they_were_made(left, right):
    assert terms.key(left) == terms.key(right)
    assert hash(terms.key(left)) == hash(terms.key(right))
    assert terms.exact_eq(left, right)
