"""Keys: what tables find terms by."""

import pytest
from hypothesis import given

from erlsim import terms
from erlsim.terms import Bits, Improper, Pid, Ref, TermMap
from tests.terms.strategies import checked, twins
from tests.terms.strategies import terms as any_terms


@pytest.mark.parametrize("term", ["atom", 1, -5, b"binary", Pid(1), Ref(2), ("a", 1), (), Bits(b"\xa0", 3)])
def test_common_terms_are_their_own_keys(term):
    assert terms.key(term) is term


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (0, False),
        (1.0, True),
        ((1,), (1.0,)),
        ((1,), (True,)),
        ([1], [1.0]),
        ([], ()),
        ([1], (1,)),
        ("a", b"a"),
        ("a", [97]),
        ({1: "x"}, {1.0: "x"}),
        ({1: "x"}, {True: "x"}),
        ([1], Improper((1,), 2)),
        (Pid(1), Ref(1)),
        (Pid(1), 1),
        (b"\xa0", Bits(b"\xa0", 3)),
        ({}, []),
        (len, "len"),
        (frozenset(), ()),
    ],
)
def test_terms_that_differ_have_different_keys(one, other):
    assert terms.key(one) != terms.key(other)
    assert not terms.exact_eq(one, other)


def test_both_zeros_are_one_key_on_otp_25():
    assert terms.key(0.0) == terms.key(-0.0)
    assert terms.key((0.0,)) == terms.key((-0.0,))


def test_atoms_true_and_false_have_one_key_however_they_are_written():
    assert terms.key(True) == terms.key("true")
    assert terms.key([False]) == terms.key(["false"])


def test_an_unhashable_object_is_a_key_by_identity():
    one, other = bytearray(b"x"), bytearray(b"x")
    assert terms.key(one) == terms.key(one)
    assert terms.key(one) != terms.key(other)
    assert terms.exact_eq(one, one)


def test_lists_and_maps_can_be_keys_of_maps():
    rows = TermMap([([1], "list"), (1, "int"), (1.0, "float"), ({}, "map"), (True, "atom")])
    assert [rows[name] for name in ([1], 1, 1.0, {}, True)] == ["list", "int", "float", "map", "atom"]
    del rows[1.0]
    assert 1 in rows and 1.0 not in rows and len(rows) == 4


@checked
@given(any_terms | twins, any_terms | twins)
def test_keys_are_equal_exactly_where_terms_are_the_same(left, right):
    same = terms.key(left) == terms.key(right)
    assert same == terms.exact_eq(left, right)
    if same:
        assert hash(terms.key(left)) == hash(terms.key(right))


@checked
@given(any_terms)
def test_a_copy_has_the_key_of_its_original(term):
    assert terms.key(terms.copy(term)) == terms.key(term)
