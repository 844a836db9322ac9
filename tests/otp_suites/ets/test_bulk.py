"""ets_SUITE: many rows inserted and deleted, and rows of every kind of term."""

import pytest

from erlsim import Exit, erlang, ets
from erlsim.terms import chars
from tests.otp_suites.ets.kit import (
    BAGS,
    END,
    SETS,
    TYPES,
    case,
    every_kind_of_term,
    fails,
    fill_int,
    fill_pairs,
    fill_twins,
    of_every_type,
    options,
    sorted_rows,
    text,
)

pytestmark = pytest.mark.usefixtures("sim")

COUNT = 400


def delete_one_by_one(tab, numbers, row_of, deleted):
    """`delete_object` of each row in turn takes as many rows out as `deleted` says."""
    for number in numbers:
        before = ets.info(tab, "size")
        ets.delete_object(tab, row_of(number))
        assert before - ets.info(tab, "size") == deleted(number)
    assert ets.info(tab, "size") == 0


def plain(number):
    return (number, text(number))


def paired(number):
    return (number + number % 2, text(number))


UP, DOWN = range(1, COUNT + 1), range(COUNT, 0, -1)


@case("t_insert_list")
@options()
def test_t_insert_list(opts):
    tab = ets.new("x", ["duplicate_bag", *opts])
    for number in DOWN:
        ets.insert(tab, [plain(number), plain(number + number % 2)])
    delete_one_by_one(tab, DOWN, plain, lambda number: 1 if number % 2 else 3)


@case("t_insert_list_bag")
@options()
def test_t_insert_list_bag(opts):
    tab = ets.new("t", ["bag", *opts])
    rows = [(number,) for number in range(1, 2501)]
    ets.insert(tab, rows)
    ets.insert(tab, rows)
    assert ets.info(tab, "size") == 2500
    ets.insert(tab, [(number // 7, bytes(number % 71)) for (number,) in rows])
    assert ets.info(tab, "size") == 5000


@case("t_insert_list_duplicate_bag")
def test_t_insert_list_duplicate_bag():
    tab = ets.new("t", ["duplicate_bag"])
    rows = [(number,) for number in range(1, 2501)]
    ets.insert(tab, rows)
    ets.insert(tab, rows)
    assert ets.info(tab, "size") == 5000


@case("t_insert_list_set")
@options(*SETS)
def test_t_insert_list_set(opts):
    for function, upto, step, size in [
        *[(ets.insert, 2, 1, 3), (ets.insert, 4, 2, 4)],
        *[(ets.insert_new, 2, 1, 2), (ets.insert_new, 4, 2, 4)],
    ]:
        tab = ets.new("x", opts)
        for number in range(1, upto + 1, step):
            inserted = function(tab, [(number, number), (number + 1, number)])
            assert inserted is (function is ets.insert or number % 2 == 1)
        assert ets.info(tab, "size") == size


@case("t_insert_new")
@options()
def test_t_insert_new(opts):
    for tab in of_every_type(1000, opts):

        def new(*numbers, tab=tab):
            rows = [plain(number) for number in numbers]
            return ets.insert_new(tab, rows[0] if len(rows) == 1 else rows)

        assert new(2) is False
        assert new(2002) is True
        assert new(2002) is False
        assert ets.insert_new(tab, [plain(2002)]) is False
        assert new(2002, 2003) is new(2001, 2002, 2003) is new(2001, 2002) is False
        assert new(2001, 2003) is True
        assert new(2001) is new(2002) is new(2003) is False
        assert new(2004) is new(2000) is new(2005, 2006, 2007) is True
        size = 1008
        if ets.info(tab, "type") in BAGS:
            extra = chars("2004-2") if ets.info(tab, "type") == "bag" else text(2004)
            assert ets.insert(tab, (2004, extra)) is True
            assert new(2004) is False
            size += 1
        assert ets.info(tab, "size") == size
        rows = ets.tab2list(tab)
        ets.delete_all_objects(tab)
        assert ets.insert_new(tab, rows) is True
        assert ets.insert_new(tab, rows) is False


@case("member")
@options(*TYPES)
def test_member(opts):
    tab = ets.new("xxx", opts)
    assert ets.member(tab, "hej") is False
    for number in range(1000, 0, -1):
        ets.insert(tab, (number, number % 10))
    assert (ets.member(tab, "hej"), ets.member(tab, 1), ets.member(tab, 20000)) == (False, True, False)
    ets.delete(tab, 5)
    assert ets.member(tab, 5) is False
    ets.safe_fixtable(tab, True)
    ets.delete(tab, 6)
    assert ets.member(tab, 6) is False
    ets.safe_fixtable(tab, False)
    assert ets.member(tab, 6) is False
    ets.delete(tab)
    assert fails(ets.member, "finnsinte", 23) and fails(ets.member, tab, 23)


def kept(tab):
    """How many deleted rows a fixed table still has."""
    stats = ets.info(tab, "stats")
    return stats[6] if stats is not False else 0


@case("t_delete_object")
@options()
def test_t_delete_object(opts):
    tab = ets.new("x", opts)
    for numbers in (UP, DOWN):
        delete_one_by_one(fill_int(tab, COUNT), numbers, plain, lambda number: 1)
    fill_int(tab, COUNT)
    first = ets.first(tab)
    following = ets.next(tab, first)
    ets.safe_fixtable(tab, True)
    ets.delete_object(tab, plain(first))
    assert (ets.next(tab, first), ets.info(tab, "size"), kept(tab)) == (following, COUNT - 1, 1)
    ets.safe_fixtable(tab, False)
    assert (ets.info(tab, "size"), kept(tab)) == (COUNT - 1, 0)
    for numbers in (UP, DOWN):
        delete_one_by_one(fill_int(ets.new("x", ["ordered_set", *opts]), COUNT), numbers, plain, lambda number: 1)
        delete_one_by_one(fill_pairs(ets.new("x", ["bag", *opts]), COUNT), numbers, paired, lambda number: 1)
        twins = fill_twins(ets.new("x", ["duplicate_bag", *opts]), COUNT)
        delete_one_by_one(twins, numbers, plain, lambda number: 0 if number % 2 else 2)
        fill_twins(fill_int(twins, COUNT), COUNT)
        delete_one_by_one(twins, numbers, plain, lambda number: 1 if number % 2 else 3)
    fill_int(fill_pairs(twins, COUNT), COUNT)
    for number in DOWN:
        before = ets.info(twins, "size")
        ets.delete_object(twins, paired(number))
        assert before - ets.info(twins, "size") == (1 if number % 2 else 2)
        if number % 2:
            ets.delete_object(twins, plain(number))
            assert before - ets.info(twins, "size") == 2
    assert ets.info(twins, "size") == 0


@case("t_delete_all_objects")
@options(*SETS)
async def test_t_delete_all_objects(opts):
    tab = fill_int(ets.new("x", opts), 4000)
    first = ets.first(tab)
    ets.next(tab, first)
    ets.safe_fixtable(tab, True)
    assert ets.delete_all_objects(tab) is True
    assert (ets.next(tab, first), ets.info(tab, "size")) == (END, 0)
    assert opts[0] == "ordered_set" or kept(tab) == 4000
    ets.safe_fixtable(tab, False)
    assert (ets.info(tab, "size"), kept(tab)) == (0, 0)
    assert ets.info(fill_int(tab, 4000), "size") == 4000
    ets.delete_all_objects(tab)
    assert ets.info(tab, "size") == 0

    # What is inserted afterwards stays, without gaps.
    tab, me = ets.new("x", ["public", *opts]), erlang.self()

    async def insert():
        number, stop = 0, None
        while stop != "stop":
            number += 1
            ets.insert(tab, ((number, erlang.self()),))
            if number == 10:
                erlang.send(me, (erlang.self(), "running"))
            stop = await erlang.receive("stop", after=1)
        erlang.send(me, (erlang.self(), number))

    inserters = [erlang.spawn_link(insert) for _ in range(4)]
    for pid in inserters:
        await erlang.receive((pid, "running"))
    ets.delete_all_objects(tab)
    await erlang.receive("never", after=20)
    for pid in inserters:
        erlang.send(pid, "stop")
        _, highest = await erlang.receive((pid, int))
        assert ets.select_count(tab, [((("$1", pid),), [("=<", "$1", highest)], [True])]) == highest - 10
        assert ets.select_count(tab, [((("$1", pid),), [("<", "$1", 11)], [True])]) == 0


@case("types")
@options(*SETS)
def test_types(opts):
    tab = ets.new("xxx", opts)
    string = chars("xxx")
    for each in every_kind_of_term():
        for row in [(each,), (each, "xxx"), (each, string), ("xxx", each), (string, each)]:
            ets.insert(tab, row)
            assert ets.lookup(tab, row[0]) == [row]
        ets.delete_all_objects(tab)
        assert ets.info(tab, "size") == 0


@case("take")
def test_take():
    key = ("not", b"immediate")
    for type in SETS:
        tab = ets.new("a", [type])
        assert ets.take(tab, "foo") == []
        ets.insert(tab, ("foo", "bar"))
        assert ets.take(tab, "bar") == []
        assert ets.take(tab, "foo") == [("foo", "bar")]
        assert ets.tab2list(tab) == []
        ets.insert(tab, (key, "ok"))
        assert ets.take(tab, key) == [(key, "ok")]
    ets.insert(tab, [(1.0, "float"), (2, "integer")])
    assert ets.take(tab, 1) == [(1.0, "float")] and ets.take(tab, 2.0) == [(2, "integer")]
    assert ets.tab2list(tab) == []
    bag = ets.new("c", ["bag"])
    ets.insert(bag, [(1, 1), (1, 2), (3, 3)])
    assert sorted_rows(ets.take(bag, 1)) == [(1, 1), (1, 2)]
    assert ets.take(bag, 3) == [(3, 3)]
    assert ets.tab2list(bag) == []


@case("t_init_table", partial="a table that is filled from a file")
@options()
def test_t_init_table(opts):
    def reader(number):
        def read(command):
            if command == "close":
                raise Exit("close_not_expected")
            if number > COUNT:
                return "end_of_input"
            return ([] if number % 2 else [plain(number), plain(number)], reader(number + 1))

        return read

    tab = fill_int(ets.new("x", ["duplicate_bag", *opts]), COUNT)
    assert ets.init_table(tab, reader(1)) is True
    delete_one_by_one(tab, DOWN, plain, lambda number: 0 if number % 2 else 2)
