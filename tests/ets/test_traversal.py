"""first, next and their kin, fixations, folds, slots, and tables filled by a function."""

import pytest

from erlsim import Error, Exit, ets
from tests.ets.kit import BADARG, BAGS, HASHED, TYPES, outcome, same, table

pytestmark = pytest.mark.usefixtures("sim")

END = "$end_of_table"


def walked(tab, start=ets.first, step=ets.next):
    found, key = [], start(tab)
    while key != END:
        found.append(key)
        key = step(tab, key)
    return found


@pytest.mark.rule(156)
@pytest.mark.parametrize("type", TYPES)
def test_first_and_next_visit_every_key_once(type):
    tab = table(type)
    assert walked(tab) == walked(tab, ets.last, ets.prev) == []
    for row in [(1, 0), (2, 0), (3, 0), (2, 1)]:
        ets.insert(tab, row)
    assert walked(tab) == [1, 2, 3]
    backwards = [3, 2, 1] if type == "ordered_set" else [1, 2, 3]
    assert walked(tab, ets.last, ets.prev) == backwards


@pytest.mark.rule(156)
@pytest.mark.parametrize("type", HASHED)
def test_there_is_no_way_on_from_a_key_that_is_not_there(type):
    tab = table(type, [(1, 0), (2, 0)])
    for step in (ets.next, ets.prev):
        assert outcome(step, tab, 3) == BADARG
        assert outcome(step, tab, 1.0) == BADARG
    ets.delete(tab, 1)
    assert outcome(ets.next, tab, 1) == BADARG


@pytest.mark.rule(156)
@pytest.mark.parametrize(
    ("key", "following", "previous"),
    [(1, 2, END), (2, 3, 1), (3, END, 2), (1.0, 2, END), (1.5, 2, 1), (0, 1, END), (4, END, 3), ("a", END, 3)],
)
def test_an_ordered_set_has_a_neighbour_for_any_key(key, following, previous):
    tab = table("ordered_set", [(1, "a"), (2, "b"), (3, "c")])
    assert (ets.next(tab, key), ets.prev(tab, key)) == (following, previous)


def test_the_end_of_an_ordered_set_has_no_neighbours():
    tab = table("ordered_set", [(END, 1), ("zz", 1)])
    for step in (ets.next, ets.prev):
        assert outcome(step, tab, END) == BADARG


@pytest.mark.rule(156)
@pytest.mark.parametrize("type", TYPES)
def test_a_fixed_table_goes_on_from_deleted_keys(type):
    tab = table(type, [(key, 0) for key in range(1, 6)])
    assert ets.safe_fixtable(tab, True) is True
    ets.delete(tab, 2)
    ets.take(tab, 3)
    assert ets.next(tab, 1) == ets.next(tab, 2) == ets.next(tab, 3) == 4
    ets.delete_all_objects(tab)
    assert ets.next(tab, 4) == END
    ets.insert(tab, (9, 0))
    assert ets.next(tab, 4) == 9
    assert ets.safe_fixtable(tab, False) is True
    if type != "ordered_set":
        assert outcome(ets.next, tab, 4) == BADARG
    ets.safe_fixtable(tab, True)
    if type != "ordered_set":
        assert outcome(ets.next, tab, 4) == BADARG


@pytest.mark.parametrize("type", TYPES)
def test_a_table_stays_fixed_until_every_fixation_is_taken_back(type):
    tab = table(type, [(1, 0)])
    for _ in range(2):
        ets.safe_fixtable(tab, True)
    ets.delete(tab, 1)
    ets.safe_fixtable(tab, False)
    assert ets.next(tab, 1) == END and ets.info(tab, "fixed") is True
    ets.safe_fixtable(tab, False)
    assert ets.info(tab, "fixed") is False
    assert ets.safe_fixtable(tab, False) is True
    assert outcome(ets.safe_fixtable, tab, "foo") == BADARG


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("fixed", [True, False])
def test_keys_deleted_and_inserted_again_on_the_way_are_met_once(type, fixed):
    tab = table(type, [(key, 0) for key in range(1, 5)])
    ets.safe_fixtable(tab, fixed)
    found, key = [], ets.first(tab)
    while key != END:
        found.append(key)
        ets.delete(tab, key)
        ets.insert(tab, (key, 1))
        assert ets.first(tab) == 1
        key = ets.next(tab, key)
    assert found == [1, 2, 3, 4]
    assert ets.tab2list(tab) == [(key, 1) for key in found]


@pytest.mark.parametrize("type", HASHED)
def test_a_first_key_that_comes_back_is_first_again(type):
    tab = table(type, [(key, 0) for key in range(1, 5)])
    ets.safe_fixtable(tab, True)
    ets.delete(tab, 1)
    assert ets.first(tab) == 2
    ets.insert(tab, (1, 0))
    assert ets.first(tab) == 1


@pytest.mark.parametrize("type", HASHED)
def test_a_table_emptied_from_its_first_key_on_is_emptied_in_order(type):
    tab = table(type, [(key, 0) for key in range(200)])
    found = []
    while (key := ets.first(tab)) != END:
        found.append(key)
        ets.delete(tab, key)
    assert found == list(range(200))


@pytest.mark.parametrize("type", HASHED)
def test_keys_that_come_and_go_leave_no_dead_places_behind(type):
    tab = table(type, [("stays", 0)])
    ets.first(tab)
    for key in range(1000):
        ets.insert(tab, (key, 0))
        ets.delete(tab, key)
    assert walked(tab) == ["stays"]
    assert ets.slot(tab, 256) == END


def test_the_slots_of_an_ordered_set_are_its_rows():
    tab = table("ordered_set", [(1, "a"), (2, "b")])
    assert [ets.slot(tab, index) for index in range(3)] == [[(1, "a")], [(2, "b")], END]
    for index in (3, -1, "a", 1.0, True):
        assert outcome(ets.slot, tab, index) == BADARG


@pytest.mark.parametrize("type", HASHED)
@pytest.mark.parametrize("size", [0, 3, 300])
def test_the_slots_of_other_tables_hold_every_row_and_then_end(type, size):
    tab = table(type, [(key, 0) for key in range(size)])
    found, index = [], 0
    while (rows := ets.slot(tab, index)) != END:
        found += rows
        index += 1
    assert sorted(found) == [(key, 0) for key in range(size)]
    assert index >= 256
    assert outcome(ets.slot, tab, index + 1) == BADARG
    assert outcome(ets.slot, tab, -1) == BADARG


# ---- folds ------------------------------------------------------------------------------------


def collect(row, acc):
    return [*acc, row]


@pytest.mark.parametrize("type", TYPES)
def test_folds_take_the_rows_one_by_one(type):
    tab = table(type, [(key, 0) for key in (1, 2, 3)])
    assert ets.foldl(collect, [], tab) == [(1, 0), (2, 0), (3, 0)]
    assert ets.foldl(lambda row, acc: acc + row[0], 0, tab) == ets.foldr(lambda row, acc: acc + row[0], 0, tab) == 6
    assert ets.foldl(collect, ["nothing"], table(type)) == ets.foldr(collect, ["nothing"], table(type)) == ["nothing"]


def test_foldr_goes_backwards_through_an_ordered_set():
    tab = table("ordered_set", [(key,) for key in (2, 1.0, "a")])
    assert same(ets.foldl(collect, [], tab), [(1.0,), (2,), ("a",)])
    assert same(ets.foldr(collect, [], tab), [("a",), (2,), (1.0,)])


@pytest.mark.parametrize("type", BAGS)
def test_foldr_goes_backwards_through_the_rows_of_a_key(type):
    tab = table(type, [("k", 1), ("k", 2), ("k", 3)])
    assert ets.foldl(collect, [], tab) == [("k", 1), ("k", 2), ("k", 3)]
    assert ets.foldr(collect, [], tab) == [("k", 3), ("k", 2), ("k", 1)]


@pytest.mark.parametrize("type", TYPES)
def test_a_fold_may_delete_what_is_to_come(type):
    tab = table(type, [(key, 0) for key in range(1, 6)])

    def delete_next(row, acc):
        ets.delete(tab, row[0] + 1)
        return [*acc, row[0]]

    assert ets.foldl(delete_next, [], tab) == [1, 3, 5]
    assert ets.info(tab, "fixed") is False


@pytest.mark.parametrize("type", TYPES)
def test_a_fold_that_fails_leaves_the_table_free(type):
    tab = table(type, [(1, 0)])
    with pytest.raises(ZeroDivisionError):
        ets.foldl(lambda row, acc: row[0] // 0, 0, tab)
    assert ets.info(tab, "fixed") is False


def test_a_fold_over_a_table_that_goes_away_is_badarg():
    tab = table("set", [(1, 0), (2, 0)])
    assert outcome(ets.foldl, lambda row, acc: ets.delete(tab), 0, tab) == BADARG


def test_what_cannot_be_called_is_found_out_at_the_first_row():
    assert ets.foldl("foo", 0, table()) == 0
    with pytest.raises(Error, match="function_clause"):
        ets.foldl("foo", 0, table("set", [(1,)]))


# ---- init_table ---------------------------------------------------------------------------------


@pytest.mark.parametrize("type", TYPES)
def test_init_table_fills_the_table_anew(type):
    tab = table(type, [("old", 0)])

    def read(command):
        return ([(1, 0), (2, 0)], lambda command: ([(3, 0)], lambda command: "end_of_input"))

    assert ets.init_table(tab, read) is True
    assert ets.tab2list(tab) == [(1, 0), (2, 0), (3, 0)]


def test_init_table_exits_with_what_it_cannot_use():
    heard = []

    def read(command):
        heard.append(command)
        return ([("good",), "bad"], lambda command: "end_of_input")

    with pytest.raises(Exit) as caught:
        ets.init_table(table(), read)
    assert caught.value.reason[0] == "badarg" and heard == ["read", "close"]
    with pytest.raises(Exit) as caught:
        ets.init_table(table(), lambda command: "foo")
    assert caught.value.reason == "foo"
    with pytest.raises(Error) as caught:
        ets.init_table(table(), "foo")
    assert caught.value.reason == ("badfun", "foo")
