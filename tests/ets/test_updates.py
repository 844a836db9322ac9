"""Counters and elements changed in place."""

import pytest

from erlsim import ets
from tests.ets.kit import BADARG, BAGS, SINGLE, TYPES, outcome, same, table

pytestmark = pytest.mark.usefixtures("sim")

BIG = 10**22


@pytest.mark.rule(154)
@pytest.mark.parametrize("type", SINGLE)
@pytest.mark.parametrize(
    ("operation", "result", "row"),
    [
        (1, 6, ("k", 6, 2)),
        (-7, -2, ("k", -2, 2)),
        (BIG, BIG + 5, ("k", BIG + 5, 2)),
        ((2, 1), 6, ("k", 6, 2)),
        ((3, 10), 12, ("k", 5, 12)),
        ([], [], ("k", 5, 2)),
        ([(2, 1), (2, 1), (3, -5)], [6, 7, -3], ("k", 7, -3)),
        ((2, 1, 6, 0), 6, ("k", 6, 2)),
        ((2, 2, 6, 0), 0, ("k", 0, 2)),
        ((2, -1, 4, 9), 4, ("k", 4, 2)),
        ((2, -2, 4, 9), 9, ("k", 9, 2)),
        ((2, 0, 100, 7), 5, ("k", 5, 2)),
        ((2, 0, 4, 7), 7, ("k", 7, 2)),
        ((2, 10, 10, 100), 100, ("k", 100, 2)),
    ],
    ids=repr,
)
def test_update_counter_adds_and_wraps_at_its_threshold(type, operation, result, row):
    tab = table(type, [("k", 5, 2)])
    assert same(ets.update_counter(tab, "k", operation), result)
    assert ets.lookup(tab, "k") == [row]


BAD_OPERATIONS = [
    (1, 1),
    (4, 1),
    (0, 1),
    (-1, 1),
    (3, 1),
    (2, 1.0),
    (2, "a"),
    (2, True),
    (2, 1, "a", 0),
    (2, 1, 0, "a"),
    (2, 1, 0),
    (2,),
    (2, 1, 2, 3, 4),
    "a",
    1.0,
    True,
    [1],
    [(2, 1), "foo"],
    [(2, 1), (3, 1)],
    [(2, 1), (1, 1)],
    [[(2, 1)]],
    ("a", 1),
    (1.0, 1),
    (BIG, 1),
]


@pytest.mark.rule(154)
@pytest.mark.parametrize("type", SINGLE)
@pytest.mark.parametrize("operation", BAD_OPERATIONS, ids=repr)
def test_a_bad_operation_is_badarg_and_changes_nothing(type, operation):
    tab = table(type, [("k", 5, "no counter")])
    assert outcome(ets.update_counter, tab, "k", operation) == BADARG
    assert outcome(ets.update_counter, tab, "k", operation, ("k", 5, "no counter")) == BADARG
    assert outcome(ets.update_counter, tab, "new", operation, ("x", 5, "no counter")) == BADARG
    assert ets.tab2list(tab) == [("k", 5, "no counter")]


@pytest.mark.rule(154)
@pytest.mark.parametrize("type", SINGLE)
def test_update_counter_of_a_missing_key_is_badarg(type):
    assert outcome(ets.update_counter, table(type), "k", 1) == BADARG
    assert outcome(ets.update_counter, table(type), "k", []) == BADARG


@pytest.mark.rule(154)
@pytest.mark.parametrize("type", SINGLE)
@pytest.mark.parametrize(
    ("operation", "default", "result", "row"),
    [
        (1, ("other", 10), 11, ("k", 11)),
        ((3, 2), ("other", "x", 1), 3, ("k", "x", 3)),
        ([], ("other", 1), [], ("k", 1)),
        ([(2, 1), (2, 1)], ("other", 1), [2, 3], ("k", 3)),
    ],
)
def test_a_default_becomes_the_row_of_a_missing_key(type, operation, default, result, row):
    tab = table(type)
    assert ets.update_counter(tab, "k", operation, default) == result
    assert ets.tab2list(tab) == [row]


@pytest.mark.parametrize("type", SINGLE)
def test_a_default_must_be_a_tuple_and_reach_the_key_if_it_is_needed(type):
    tab = table(type, [("k", 1)])
    assert outcome(ets.update_counter, tab, "k", 1, "foo") == BADARG
    assert ets.update_counter(tab, "k", 1, ()) == 2
    assert outcome(ets.update_counter, tab, "new", 1, ()) == BADARG
    assert outcome(ets.update_counter, tab, "new", 1, ("x",)) == BADARG
    assert ets.tab2list(tab) == [("k", 2)]


@pytest.mark.parametrize("type", SINGLE)
def test_a_bare_increment_is_for_the_element_after_the_key(type):
    tab = table(type, [(1, "k", 7)], ("keypos", 2))
    assert ets.update_counter(tab, "k", 1) == 8
    assert ets.update_counter(tab, "k", (1, 1)) == 2
    assert ets.update_counter(tab, "z", (1, 1), (3, "b", "c")) == 4
    assert ets.lookup(tab, "z") == [(4, "z", "c")]


def test_updates_of_an_ordered_set_leave_the_key_as_it_was_written():
    tab = table("ordered_set", [(1.0, 5)])
    assert ets.update_counter(tab, 1, 1) == 6
    assert ets.update_element(tab, 1, (2, 7)) is True
    assert same(ets.tab2list(tab), [(1.0, 7)])


@pytest.mark.rule(155)
@pytest.mark.parametrize("type", SINGLE)
@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ((2, "a"), ("k", "a", 2)),
        ([(2, "a"), (3, "b")], ("k", "a", "b")),
        ([(2, "z"), (2, "y")], ("k", "y", 2)),
        ([], ("k", 5, 2)),
    ],
    ids=repr,
)
def test_update_element_replaces_elements(type, changes, row):
    tab = table(type, [("k", 5, 2)])
    assert ets.update_element(tab, "k", changes) is True
    assert ets.tab2list(tab) == [row]


BAD_CHANGES = [(1, "b"), (1, "k"), (4, "b"), (0, "b"), (-1, "a"), "foo", (2,), (2, "a", "b"), ["foo"], ("a", 1)]
BAD_CHANGES += [(2.0, "a"), [(2, 1), (4, 1)], [(2, 1), (1, 1)], (True, 1)]


@pytest.mark.rule(155)
@pytest.mark.parametrize("type", SINGLE)
@pytest.mark.parametrize("changes", BAD_CHANGES, ids=repr)
def test_a_bad_change_is_badarg_where_the_key_is_and_false_where_it_is_not(type, changes):
    tab = table(type, [("k", 5, 2)])
    assert outcome(ets.update_element, tab, "k", changes) == BADARG
    assert outcome(ets.update_element, tab, "none", changes) == ("ok", False)
    assert ets.tab2list(tab) == [("k", 5, 2)]


@pytest.mark.rule(154, 155)
@pytest.mark.parametrize("type", BAGS)
def test_a_bag_has_no_row_to_update(type):
    tab = table(type, [("k", 5)])
    for key in ("k", "none"):
        assert outcome(ets.update_counter, tab, key, 1) == BADARG
        assert outcome(ets.update_counter, tab, key, 1, ("k", 1)) == BADARG
        assert outcome(ets.update_element, tab, key, (2, 1)) == BADARG
        assert outcome(ets.update_element, tab, key, []) == BADARG


@pytest.mark.parametrize("type", SINGLE)
def test_a_new_element_is_the_tables_own(type):
    tab, value = table(type, [("k", 1)]), [1]
    ets.update_element(tab, "k", (2, value))
    value.append("changed")
    ets.lookup(tab, "k")[0][1].append("changed")
    assert ets.lookup(tab, "k") == [("k", [1])]


@pytest.mark.rule(148)
@pytest.mark.parametrize("type", TYPES)
def test_updates_want_a_table(type):
    for function, args in [(ets.update_counter, ("k", 1)), (ets.update_element, ("none", (2, 1)))]:
        assert outcome(function, "nope", *args) == BADARG
