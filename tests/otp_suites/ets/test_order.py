"""ets_SUITE: the order of keys, traversals of tables that change, and folds."""

import itertools

import pytest

from erlsim import ets
from erlsim.errors import ErlangException
from erlsim.terms import chars, sort
from tests.otp_suites.ets.kit import (
    BAGS,
    END,
    SETS,
    TYPES,
    case,
    every_key,
    fails,
    fill,
    in_portions,
    make,
    options,
    sorted_rows,
    text,
)

pytestmark = pytest.mark.usefixtures("sim")


@case("firstnext")
@options(*SETS)
def test_firstnext(opts):
    tab = ets.new("foo", opts)
    assert every_key(tab) == []
    fill(tab, "foo")
    assert len(every_key(tab)) == len(ets.tab2list(tab)) == 4


@case("slot", partial="the order of the slots of a set")
@options(*SETS)
def test_slot(opts):
    tab = ets.new("foo", opts)
    fill(tab, "foo")
    found, index = [], 0
    while (rows := ets.slot(tab, index)) != END:
        found += rows
        index += 1
    assert sorted_rows(found) == sorted_rows(ets.tab2list(tab))
    assert fails(ets.slot, tab, index + 1)
    if opts[0] == "ordered_set":
        assert index == ets.info(tab, "size")


@case("hash_clash", partial="phash2, and that its seed is another one")
def test_hash_clash():
    tab = ets.new("tab", ["set"])
    buckets = ets.info(tab, "stats")[0]
    ets.insert(tab, (b"123", chars("extra")))
    slots = [ets.slot(tab, index) for index in range(buckets)]
    assert slots.count([]) == buckets - 1 and [(b"123", chars("extra"))] in slots


@case("ordered")
@options("ordered_set")
def test_ordered(opts):
    tab, big = ets.new("oset", opts), 1 << 33
    numbers = [*range(25, 29), *range(5, 9), *range(21, 25), *range(9, 13), *range(1, 5), *range(17, 21)]
    numbers += [*range(13, 17), big]
    for number in numbers:
        ets.insert(tab, (number, text(number)))
    for _ in range(2):
        assert every_key(tab) == sorted(numbers)
        assert every_key(tab, ets.last, ets.prev) == sorted(numbers, reverse=True)
        for slot, number in [(0, 1), (27, 28), (28, big), (6, 7), (11, 12)]:
            assert ets.slot(tab, slot) == [(number, text(number))]
        assert ets.slot(tab, 29) == END
        assert (ets.prev(tab, 28), ets.prev(tab, big), ets.next(tab, 0), ets.next(tab, big)) == (27, 28, 1, END)


def answer(function, *args):
    """What a call comes to, lists in standard order."""
    try:
        result = function(*args)
    except ErlangException as exc:
        return exc.kind, exc.reason
    return sort(result) if isinstance(result, list) else result


@case("interface_equality")
@options()
def test_interface_equality(opts):
    tabs = [ets.new(type, [type, *opts]) for type in SETS]
    for tab, number in itertools.product(tabs, range(100, 0, -1)):
        ets.insert(tab, (number, text(number), number % 10))
    for function, *args in [
        *[(ets.insert, ("a", chars("a"))), (ets.insert, (1, 1, chars("1"))), (ets.lookup, 10), (ets.lookup, 1000)],
        *[(ets.delete, 10), (ets.delete, "nott"), (ets.lookup, 1000), (ets.insert, 10)],
        *[(ets.next, END), (ets.prev, END), (ets.match, ("_", "_", "_")), (ets.match, ("_", "_", "_", "_"))],
        *[(ets.match, ("$3", "$2", 2)), (ets.match, "_"), (ets.match, "$1"), (ets.match, ("_", "$50", 3))],
        *[(ets.match, ["_", "$50", 3]), (ets.match_delete, ("_", "_", 4)), (ets.match_delete, ("_", "_", 4))],
        *[(ets.match_object, ("_", "_", 4)), (ets.match_object, ("_", "_", 5)), (ets.match_object, "_")],
        *[(ets.match_object, "$5011"), (ets.lookup_element, 13, 2), (ets.lookup_element, 13, 4)],
        *[(ets.match_delete, "$20"), (ets.lookup_element, 13, 2), (ets.lookup_element, 14, 2), (ets.delete,)],
    ]:
        left, right = (answer(function, tab, *args) for tab in tabs)
        assert left == right


@case("fixtable_next")
@options(*TYPES)
def test_fixtable_next(opts):
    tab = ets.new("set", ["public", *opts])
    for number in range(100, 0, -1):
        ets.insert(tab, (number, text(number), number % 10))
    ets.safe_fixtable(tab, True)
    first = ets.first(tab)
    ets.delete(tab, first)
    ets.next(tab, first)
    ets.match_delete(tab, ("_", "_", "_"))
    assert ets.next(tab, first) == END
    assert ets.info(tab, "fixed") is True
    ets.safe_fixtable(tab, False)
    assert ets.info(tab, "fixed") is False


@case("fixtable_iter_bag")
@options(*BAGS)
def test_fixtable_iter_bag(opts):
    """A key for every way to delete some of up to four rows: a traversal meets those with rows left."""
    tab = ets.new("fixtable_iter_bag", opts)
    ways = [
        (count, order)
        for count in range(1, 5)
        for some in range(count + 1)
        for order in itertools.permutations(range(1, count + 1), some)
    ]
    ets.safe_fixtable(tab, True)
    for count, order in ways:
        for value in range(1, count + 1):
            ets.insert(tab, ((count, order), value))
    for count, order in ways:
        for value in order:
            ets.delete_object(tab, ((count, order), value))
    left = {(count, order): count - len(order) for count, order in ways if len(order) < count}
    keys = every_key(tab)
    assert sorted(keys) == sorted(left)
    assert all(len(ets.lookup(tab, key)) == left[key] for key in keys)
    assert ets.select_count(tab, [(("_", "_"), [], [True])]) == sum(left.values())


@case("fixtable_insert")
@options(*BAGS)
def test_fixtable_insert(opts):
    tab = make("ets", opts, [("a", 1), ("a", 2), ("b", 1), ("b", 2)])
    ets.safe_fixtable(tab, True)
    ets.match_delete(tab, ("b", 1))
    first = ets.first(tab)
    other = {"a": "b", "b": "a"}[first]
    assert ets.next(tab, first) == other
    for value in (1, 2):
        ets.delete(tab, other)
        assert ets.next(tab, first) == END
        ets.insert(tab, (other, value))
        assert ets.insert_new(tab, (other, 1)) is False
        assert (ets.next(tab, first), ets.next(tab, other)) == (other, END)
    ets.delete(tab, first)
    assert (ets.first(tab), ets.next(tab, other)) == (other, END)
    ets.delete(tab, other)
    assert ets.next(tab, first) == END
    for value, wrong in [(1, 2), (2, 1)]:
        assert ets.insert_new(tab, (other, value)) is True
        assert ets.insert_new(tab, (other, wrong)) is False
        assert ets.next(tab, first) == other
        if value == 1:
            ets.delete_object(tab, (other, 1))
            assert ets.next(tab, first) == END
    ets.delete(tab, first)
    ets.safe_fixtable(tab, False)
    assert fails(ets.next, tab, first)


ABC = [("a", 1), ("c", 3), ("b", 2)]


def collect(row, acc):
    return [row, *acc]


@case("fold_empty")
@options(*SETS)
def test_fold_empty(opts):
    tab = ets.new("a", opts)
    assert ets.foldl(lambda row: row, [], tab) == ets.foldr(lambda row: row, [], tab) == []


@case("foldl")
@options(*TYPES)
def test_foldl(opts):
    assert sorted(ets.foldl(collect, [], make("a", opts, ABC))) == sorted(ABC)


@case("foldr")
@options(*TYPES)
def test_foldr(opts):
    assert sorted(ets.foldr(collect, [], make("a", opts, ABC))) == sorted(ABC)


@case("foldl_ordered")
@options("ordered_set")
def test_foldl_ordered(opts):
    assert ets.foldl(collect, [], make("a", opts, ABC)) == sorted(ABC, reverse=True)


@case("foldr_ordered")
@options("ordered_set")
def test_foldr_ordered(opts):
    assert ets.foldr(collect, [], make("a", opts, ABC)) == sorted(ABC)


@case("otp_5340")
@options()
def test_otp_5340(opts):
    tab = ets.new("otp_5340", ["bag", "public", *opts])
    for value, number in itertools.product(range(1, 6), range(600, 0, -1)):
        ets.insert(tab, (number, value))
    for key in every_key(tab):
        assert ets.lookup(tab, key) == [(key, value) for value in range(1, 6)]


@case("otp_6338")
@options("ordered_set")
def test_otp_6338(opts):
    rows = [([("ppb1_bs12@blade_0_8", 5), 33], "exit"), ([("sbm", "ppb2_bs12@blade_0_8"), 4839], "recv")]
    assert ets.match(make("xxx", opts, rows), ([("sbm", "ppb2_bs12@blade_0_8"), "$1"], "$2")) == [[4839, "recv"]]


@case("otp_7665")
@options()
def test_otp_7665(opts):
    tab = ets.new("otp_7665", ["bag", *opts])
    rows = [("key", number) for number in range(11)]
    for deleted in range(11):
        ets.insert(tab, rows)
        ets.safe_fixtable(tab, True)
        ets.delete_object(tab, ("key", deleted))
        left = [row for row in rows if row != ("key", deleted)]
        assert sorted(ets.lookup(tab, "key")) == left
        assert sorted(ets.lookup_element(tab, "key", 2)) == [number for _, number in left]
        ets.delete(tab, "key")
        assert ets.lookup(tab, "key") == []
        ets.safe_fixtable(tab, False)


@case("otp_8732")
def test_otp_8732():
    tab = ets.new("noname", ["ordered_set"])
    for number in range(999, 0, -1):
        ets.insert(tab, (text(number), number))
    ets.insert(tab, ([], chars("nasty NIL object")))
    assert ets.match(tab, ("_", "nomatch")) == []


@case("otp_6842_select_1000", partial="10,000 rows: here there are 1,000")
@options("ordered_set")
def test_otp_6842_select_1000(opts):
    tab = ets.new("xxx", opts)
    for number in range(1, 1001):
        ets.insert(tab, (number, number))
    every = [("_", [], ["$_"])]
    for size in range(100, 1001, 100):
        sizes, portion = [], ets.select(tab, every, size)
        while portion != END:
            rows, continuation = portion
            sizes.append(len(rows))
            portion = ets.select(continuation)
        rest = [1000 % size] if 1000 % size else []
        assert sizes == [size] * (1000 // size) + rest
        assert in_portions(ets.select(tab, every, size)) == ets.tab2list(tab)
