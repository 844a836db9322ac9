"""The shapes that no built-in type can take."""

import pytest

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.terms import Bits, Improper, TermMap, bits, cons, make_map


def test_cons_makes_a_proper_list_of_a_list_tail_and_an_improper_one_of_any_other():
    assert cons([1, 2], [3]) == [1, 2, 3]
    assert cons([1], "tail") == Improper((1,), "tail")
    assert cons([1], Improper((2,), 3)) == Improper((1, 2), 3)
    assert cons([], "tail") == "tail"


@pytest.mark.parametrize(("items", "tail"), [((), 1), ((1,), []), ((1,), [2]), ((1,), Improper((1,), 2))])
def test_an_improper_list_has_items_and_a_tail_that_is_no_list(items, tail):
    with pytest.raises(ErlsimError, match=r"not an improper list.*tail"):
        Improper(items, tail)


def test_bits_are_bytes_when_they_are_whole_bytes():
    assert bits(b"abc", 16) == b"ab"
    assert bits(b"\xff", 3) == Bits(b"\xe0", 3)
    assert bits(b"", 0) == b""


@pytest.mark.parametrize(("data", "size"), [(b"a", 8), (b"a", 0), (b"ab", 3), (b"", 3)])
def test_a_bitstring_of_the_wrong_size_is_refused_with_its_value(data, size):
    with pytest.raises(ErlsimError, match=f"{size} bits of"):
        Bits(data, size)


def test_unused_bits_do_not_count():
    assert Bits(b"\xff", 1) == Bits(b"\x80", 1)
    assert hash(Bits(b"\xff", 1)) == hash(Bits(b"\x80", 1))


def test_a_map_is_a_dict_as_long_as_a_dict_can_hold_it():
    assert type(make_map([("a", 1), (2, 3)])) is dict
    assert make_map([("a", 1), ("a", 2)]) == {"a": 2}
    assert type(make_map([(1, "x"), (1.0, "y")])) is TermMap
    assert type(make_map([([], "x")])) is TermMap
    assert type(make_map([(True, "x"), (1, "y")])) is TermMap


def test_a_term_map_matches_and_behaves_like_a_dict():
    rows = make_map([([1], "one"), ("id", 7)])
    match rows:
        case {"id": number}:
            assert number == 7
    assert dict.fromkeys(["id"]) == {"id": None}
    assert rows.get([2], "none") == "none"
    assert sorted(map(str, rows)) == ["[1]", "id"]
    assert repr(rows) == "TermMap([([1], 'one'), ('id', 7)])"
    with pytest.raises(KeyError, match=r"\[2\]"):
        rows[[2]]


def test_pattern_matching_takes_improper_lists_and_bits_apart():
    match (Improper((1, 2), 3), Bits(b"\xa0", 3)):
        case (Improper((1, two), tail), Bits(data, size)):
            assert (two, tail, data, size) == (2, 3, b"\xa0", 3)


def test_chars_are_code_points():
    assert terms.chars("aé日") == [97, 233, 26085]
