"""Equality and order."""

import functools
import gc
import itertools
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

import erlsim
from erlsim import ets, terms
from erlsim.terms import Bits, Improper, Pid, Ref, TermMap
from tests.terms.facts import facts
from tests.terms.strategies import checked, twins
from tests.terms.strategies import terms as any_terms

ORDERS = {"less": (-1, False, False), "equal": (0, True, False), "same": (0, True, True), "greater": (1, False, False)}


def _fun():
    pass


class Counter:
    def method(self):
        pass


@pytest.mark.parametrize(("left", "right", "order"), facts("order"))
def test_terms_compare_as_erlang_compares_them(left, right, order):
    assert (terms.compare(left, right), terms.eq(left, right), terms.exact_eq(left, right)) == ORDERS[order]


@pytest.mark.parametrize(("given", "ordered"), facts("sort"))
def test_lists_sort_as_erlang_sorts_them_even_where_equal_terms_differ(given, ordered):
    assert terms.format("~w", [terms.sort(given)]) == terms.format("~w", [ordered])


def test_kinds_stand_in_the_standard_order():
    kinds = [
        *(-1, 0.5, 1),
        *("", "Z", "a", True, "é", "日本"),
        *(Ref(1), Ref(2)),
        _fun,
        *(Pid(1), Pid(2)),
        *((), (9,), (1, 2)),
        *({}, {9: 9}, {1: 1, 2: 2}),
        *([], [1], [1, 1], [2], Improper((3,), 4)),
        *(b"", b"\0", b"\0\0", Bits(b"\x10", 5), b"a"),
        types.SimpleNamespace(),
    ]
    for left, right in itertools.combinations(kinds, 2):
        assert terms.compare(left, right) == -1, (left, right)
        assert terms.compare(right, left) == 1, (left, right)
    assert [id(term) for term in terms.sort(kinds[::-1])] == [id(term) for term in kinds]


def test_true_and_false_are_atoms_among_atoms():
    assert terms.sort(["u", True, "s", False, "g", "e"]) == ["e", False, "g", "s", True, "u"]
    assert terms.exact_eq(True, "true")
    assert terms.eq(False, "false")
    assert not terms.eq(True, 1)
    assert not terms.eq(False, 0)


def test_an_improper_list_differs_from_the_proper_one_by_its_tail():
    assert terms.sort([[1], Improper((1,), "z"), [1, 2], Improper((1,), b""), Improper((1, 2), 0)]) == [
        Improper((1,), "z"),
        [1],
        Improper((1, 2), 0),
        [1, 2],
        Improper((1,), b""),
    ]


def test_maps_compare_by_size_then_keys_integers_first_then_values():
    ordered = [
        {"z": 1},
        {1: "x", 2: "x"},
        {1: "x", 1.5: "x"},
        {"a": 1, "b": 2},
        {"a": 1.0, "b": 3},
        {"a": 2, "b": 0},
        {"a": 0, "c": 0},
    ]
    assert terms.sort(ordered[::-1]) == ordered
    assert terms.eq({"a": 1}, {"a": 1.0})
    assert not terms.eq({1: "a"}, {1.0: "a"})
    assert not terms.exact_eq({"a": 1}, {"a": 1.0})
    assert terms.exact_eq({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert terms.exact_eq(TermMap([(1, "i"), (1.0, "f")]), TermMap([(1.0, "f"), (1, "i")]))


def test_funs_order_by_name_and_equal_only_themselves():
    def make():
        return lambda: None

    one, other = make(), make()
    assert terms.exact_eq(one, one)
    assert not terms.exact_eq(one, other)
    assert not terms.eq(one, other)
    with erlsim.Simulation():
        assert terms.compare(one, other) == -terms.compare(other, one) != 0
    counter = Counter()
    assert terms.eq(counter.method, counter.method)
    assert not terms.eq(counter.method, Counter().method)


class Thing:
    __hash__ = None


def test_python_objects_order_by_type_and_first_comparison_never_by_address():
    things = [Thing() for _ in range(20)]
    with erlsim.Simulation():
        for thing in things:
            terms.sort_key(thing)
        assert [things.index(thing) for thing in terms.sort(things[::-1])] == list(range(20))
    assert terms.compare(Thing(), ValueError()) == -terms.compare(ValueError(), Thing()) != 0
    assert terms.eq(frozenset((1, 2)), frozenset((2, 1)))


def test_the_order_of_python_objects_belongs_to_a_simulation():
    one, other = Thing(), Thing()

    def ordered(first, second):
        with erlsim.Simulation():
            return terms.compare(first, second), terms.sort([second, first]) == [first, second]

    assert [ordered(one, other), ordered(other, one)] == [(-1, True), (-1, True)]


def test_without_a_simulation_python_objects_of_one_type_stay_in_the_order_in_which_they_are_given():
    one, other = Thing(), Thing()
    with erlsim.Simulation():
        assert terms.compare(one, other) == -1
    assert terms.sort([other, one]) == [other, one]
    assert terms.sort([one, other]) == [one, other]
    assert terms.sort([(other, 2), (one, 1), (other, 1)]) == [(other, 1), (other, 2), (one, 1)]
    assert terms.compare(other, one) == terms.compare(one, other) == -1
    assert not terms.eq(one, other)
    assert terms.eq([one], [one])


def test_an_object_keeps_its_place_in_an_ordered_table_when_an_equal_one_replaces_it():
    with erlsim.Simulation():
        table = ets.new("t", ["ordered_set"])
        ets.insert(table, (frozenset((1, 2)), "first"))
        ets.insert(table, (frozenset((2, 1)), "second"))
        gc.collect()
        assert ets.lookup(table, frozenset((1, 2))) == [(frozenset((1, 2)), "second")]


def test_an_object_that_stands_for_a_term_counts_as_that_term():
    class Live:
        def __term__(self):
            return ("live", 1)

    assert terms.exact_eq(Live(), ("live", 1))
    assert terms.compare(Live(), ("live", 1)) == 0
    assert terms.key(Live()) == ("live", 1)
    assert terms.format("~p ~w", [Live(), [Live()]]) == "{live,1} [{live,1}]"
    assert terms.copy(Live()) == ("live", 1)


@checked
@given(any_terms | twins, any_terms | twins)
def test_compare_agrees_with_equality_and_with_the_sort_key(left, right):
    order = terms.compare(left, right)
    assert terms.compare(right, left) == -order
    assert terms.eq(left, right) == (order == 0)
    left_key, right_key = terms.sort_key(left), terms.sort_key(right)
    assert (left_key > right_key) - (left_key < right_key) == order
    if terms.exact_eq(left, right):
        assert order == 0


@checked
@given(twins, twins, twins)
def test_the_order_is_total_and_transitive(one, two, three):
    assert terms.compare(one, one) == 0
    if terms.compare(one, two) <= 0 and terms.compare(two, three) <= 0:
        assert terms.compare(one, three) <= 0


@checked
@given(st.lists(any_terms | twins, max_size=12))
def test_sorting_agrees_with_compare(given_terms):
    ordered = terms.sort(given_terms)
    assert sorted(map(id, ordered)) == sorted(map(id, given_terms))
    for one, other in itertools.pairwise(ordered):
        assert terms.compare(one, other) <= 0
    by_compare = sorted(given_terms, key=functools.cmp_to_key(terms.compare))
    assert [terms.sort_key(term) for term in ordered] == [terms.sort_key(term) for term in by_compare]


@pytest.mark.parametrize("other", [0, 1.5, float("inf"), "atom", (1,), b"bytes"])
def test_what_is_no_number_is_equal_to_itself_alone_and_comes_last(other):
    nan = float("nan")
    assert (terms.exact_eq(nan, nan), terms.compare(nan, nan)) == (True, 0)
    assert (terms.exact_eq(nan, other), terms.eq(nan, other)) == (False, False)
    assert (terms.compare(nan, other), terms.compare(other, nan)) == (1, -1)
    assert terms.sort([nan, other, (nan, 1)])[-1] is nan
