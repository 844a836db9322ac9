"""Rows in and out of tables, one key at a time."""

import pytest

from erlsim import ets
from tests.ets.kit import BADARG, BAGS, HASHED, SINGLE, TYPES, content, outcome, same, table

pytestmark = pytest.mark.usefixtures("sim")


@pytest.mark.rule(151)
def test_a_set_tells_integer_and_float_keys_apart():
    tab = table("set", [(1, "a"), (1.0, "b"), (True, "c")])
    assert same([ets.lookup(tab, key) for key in (1, 1.0, True)], [[(1, "a")], [(1.0, "b")], [(True, "c")]])


@pytest.mark.rule(151)
def test_an_ordered_set_takes_equal_numbers_for_one_key_and_keeps_the_row_written_last():
    tab = table("ordered_set", [(1, "a"), (1.0, "b")])
    assert same(ets.tab2list(tab), [(1.0, "b")])
    assert same(ets.lookup(tab, 1), [(1.0, "b")])


@pytest.mark.parametrize("type", HASHED)
def test_keys_deep_inside_are_told_apart_too(type):
    tab = table(type, [((1, [1]), "a"), ((1.0, [1]), "b"), ((1, [1.0]), "c")])
    assert ets.lookup(tab, (1, [1.0])) == [((1, [1.0]), "c")]
    assert ets.info(tab, "size") == 3


@pytest.mark.rule(152)
@pytest.mark.parametrize("type", SINGLE)
def test_of_rows_with_one_key_in_a_list_the_last_one_stays(type):
    tab = table(type)
    assert ets.insert(tab, [("a", 1), ("a", 2)]) is True
    assert ets.tab2list(tab) == [("a", 2)]


@pytest.mark.rule(152)
@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("function", [ets.insert, ets.insert_new])
@pytest.mark.parametrize(
    "objects", ["foo", (), [()], [("a", 1), "foo"], [[("a", 1)]], 1, b"", {}, [("b", 2), ()]], ids=repr
)
def test_what_is_no_row_is_badarg_and_nothing_is_inserted(type, function, objects):
    tab = table(type)
    assert outcome(function, tab, objects) == BADARG
    assert ets.tab2list(tab) == []


@pytest.mark.rule(152)
@pytest.mark.parametrize("type", TYPES)
def test_inserting_no_rows_is_true(type):
    tab = table(type)
    assert ets.insert(tab, []) is True
    assert ets.insert_new(tab, []) is True


@pytest.mark.rule(152)
@pytest.mark.parametrize("type", TYPES)
def test_insert_new_inserts_all_rows_or_none(type):
    tab = table(type, [("a", 1)])
    assert ets.insert_new(tab, ("a", 2)) is False
    assert ets.insert_new(tab, [("b", 1), ("a", 3)]) is False
    assert ets.insert_new(tab, [("b", 1), ("c", 1)]) is True
    assert content(tab) == [("a", 1), ("b", 1), ("c", 1)]


@pytest.mark.parametrize("type", TYPES)
def test_rows_may_be_longer_than_the_key_position_but_not_shorter(type):
    tab = table(type, [], ("keypos", 2))
    assert outcome(ets.insert, tab, ("a",)) == BADARG
    assert outcome(ets.insert, tab, [("a", "k"), ("b",)]) == BADARG
    assert ets.insert(tab, ("a", "k", 1, 2)) is True
    assert ets.lookup(tab, "k") == [("a", "k", 1, 2)]


@pytest.mark.rule(153)
@pytest.mark.parametrize(
    ("type", "inserts", "rows"),
    [
        ("bag", [1, 2, 3], [1, 2, 3]),
        ("bag", [[1, 2, 3]], [3, 2, 1]),
        ("bag", [1, [2, 3], 4], [1, 3, 2, 4]),
        ("bag", [[1, 2, 1]], [1, 2]),
        ("bag", [[1, 2, 1, 3]], [3, 1, 2]),
        ("bag", [2, [1, 2, 3]], [2, 3, 1]),
        ("bag", [1, 2, 3, 2], [1, 2, 3]),
        ("duplicate_bag", [1, 2, 1, 3], [1, 2, 1, 3]),
        ("duplicate_bag", [1, [2, 3], 4], [1, 2, 3, 4]),
    ],
)
def test_the_rows_of_a_key_come_in_the_order_of_otp(type, inserts, rows):
    """One list that goes into a bag goes in from its end; a row that is there keeps its place."""
    tab = table(type)
    for value in inserts:
        ets.insert(tab, [("k", each) for each in value] if isinstance(value, list) else ("k", value))
    expected = [("k", row) for row in rows]
    assert ets.lookup(tab, "k") == expected
    assert ets.tab2list(tab) == expected
    assert ets.lookup_element(tab, "k", 2) == rows
    assert ets.take(tab, "k") == expected


@pytest.mark.rule(153)
def test_insert_new_of_a_list_goes_into_a_bag_from_its_end():
    tab = table("bag")
    assert ets.insert_new(tab, [("k", 1), ("k", 2), ("k", 1), ("k", 3)]) is True
    assert ets.lookup(tab, "k") == [("k", 3), ("k", 1), ("k", 2)]


def test_a_bag_drops_a_row_only_if_it_is_the_same_term():
    tab = table("bag", [("k", 1), ("k", 1.0), ("k", True), ("k", 0.0), ("k", -0.0), ("k", 1)])
    assert len(ets.lookup(tab, "k")) == 4


@pytest.mark.rule(155)
@pytest.mark.parametrize("type", SINGLE)
@pytest.mark.parametrize(
    ("key", "position", "result"),
    [("k", 1, ("ok", "k")), ("k", 2, ("ok", 5))]
    + [("k", position, BADARG) for position in (3, 0, -1, "a", 1.0, True)]
    + [("none", 1, BADARG)],
)
def test_lookup_element_gives_one_element_or_badarg(type, key, position, result):
    assert outcome(ets.lookup_element, table(type, [("k", 5)]), key, position) == result


@pytest.mark.rule(155)
@pytest.mark.parametrize("type", BAGS)
def test_lookup_element_of_a_bag_wants_the_element_in_every_row(type):
    tab = table(type, [("k", 5), ("k", 6, 7)])
    assert ets.lookup_element(tab, "k", 2) == [5, 6]
    assert outcome(ets.lookup_element, tab, "k", 3) == BADARG
    assert outcome(ets.lookup_element, tab, "none", 1) == BADARG


@pytest.mark.rule(157)
@pytest.mark.parametrize("type", TYPES)
def test_deletions_are_true_even_of_nothing(type):
    tab = table(type, [("a", 1)])
    assert ets.delete(tab, "none") is True
    assert ets.delete_object(tab, ("none", 1)) is True
    assert ets.delete_object(tab, ("a", 2)) is True
    assert ets.match_delete(tab, ("none", "_")) is True
    assert ets.take(tab, "none") == []
    assert ets.tab2list(tab) == [("a", 1)]
    assert ets.take(tab, "a") == [("a", 1)]
    assert ets.member(tab, "a") is False
    assert ets.delete_all_objects(tab) is True


@pytest.mark.parametrize("type", TYPES)
def test_delete_object_wants_a_row_that_could_be_in_the_table(type):
    tab = table(type, [("a", "k")], ("keypos", 2))
    for wrong in ("foo", ("a",), [("a", "k")], 1):
        assert outcome(ets.delete_object, tab, wrong) == BADARG
    assert ets.delete_object(tab, ("a", "k")) is True
    assert ets.tab2list(tab) == []


@pytest.mark.parametrize("type", TYPES)
def test_delete_object_wants_the_very_term(type):
    tab = table(type, [(1, 1)])
    ets.delete_object(tab, (1, 1.0))
    ets.delete_object(tab, (1.0, 1))
    assert ets.tab2list(tab) == [(1, 1)]


def test_delete_object_takes_every_equal_row_of_a_duplicate_bag():
    tab = table("duplicate_bag", [("k", 1), ("k", 2), ("k", 1)])
    ets.delete_object(tab, ("k", 1))
    assert ets.tab2list(tab) == [("k", 2)]
    assert ets.info(tab, "size") == 1


@pytest.mark.parametrize("type", TYPES)
def test_rows_are_copied_on_the_way_in_and_out(type):
    given = ("k", [1, [2]], {"m": [3]})
    tab = table(type, [given])
    given[1].append("changed")
    given[2]["m"].append("changed")
    for read in (ets.lookup(tab, "k"), ets.tab2list(tab), ets.match_object(tab, "_")):
        assert read == [("k", [1, [2]], {"m": [3]})]
        read[0][1][1].append("changed")
    [element] = [ets.lookup_element(tab, "k", 2)] if type in SINGLE else ets.lookup_element(tab, "k", 2)
    element.append("changed")
    [[matched]] = ets.match(tab, ("k", "$1", "_"))
    matched.append("changed")
    assert ets.lookup(tab, "k") == [("k", [1, [2]], {"m": [3]})]


@pytest.mark.parametrize("type", TYPES)
def test_keys_are_copied_too(type):
    tab = table(type, [([1], "row")])
    ets.first(tab).append("changed")
    assert ets.lookup(tab, [1]) == [([1], "row")]
