"""ets_SUITE: rows inserted, looked up, taken and deleted."""

import itertools

import pytest

from erlsim import erlang, ets
from erlsim.terms import chars
from tests.otp_suites.ets.kit import (
    BAGS,
    TYPES,
    case,
    fails,
    fill,
    make,
    options,
)

pytestmark = pytest.mark.usefixtures("sim")


@case("empty")
@options(*TYPES)
def test_empty(opts):
    tab = ets.new("foo", opts)
    assert ets.lookup(tab, "key") == []
    assert ets.insert(tab, ("key2", "val")) is True
    assert ets.lookup(tab, "key") == []


@case("badinsert")
@options(*TYPES)
def test_badinsert(opts):
    assert fails(ets.insert, "foo", ("key", "val"))
    tab = ets.new("foo", opts)
    assert fails(ets.insert, tab, ())
    assert fails(ets.insert, tab, ["key", "val2"])
    assert fails(ets.insert, ets.new("foo", [("keypos", 3), *opts]), ("a", "b"))


@case("badlookup")
def test_badlookup():
    assert fails(ets.lookup, "foo", "key")
    tab = ets.new("foo", [])
    ets.delete(tab)
    assert fails(ets.lookup, tab, "key")


class InOrder:
    """Inserts and deletes rows of one key, and looks after each step whether they lie in order."""

    def __init__(self, tab):
        self.tab = tab
        self.rows = []

    def insert(self, value):
        ets.insert(self.tab, ("key", value))
        if ets.info(self.tab, "type") != "bag" or ("key", value) not in self.rows:
            self.rows.append(("key", value))
        self.look()

    def insert_new(self, value):
        free = not self.rows
        assert ets.insert_new(self.tab, ("key", value)) is free
        if free:
            self.rows = [("key", value)]
        self.look()

    def delete(self, value):
        ets.delete_object(self.tab, ("key", value))
        self.rows = [row for row in self.rows if row != ("key", value)]
        self.look()

    def look(self):
        assert ets.lookup(self.tab, "key") == self.rows
        assert ets.info(self.tab, "size") == len(self.rows)


@case("lookup_order")
@pytest.mark.parametrize("fixed", [True, False])
@options(*BAGS)
def test_lookup_order(opts, fixed):
    pairs = list(itertools.permutations((1, 2, 3), 2))
    for first, (second, third), (fourth, fifth) in itertools.product((1, 2, 3), pairs, pairs):
        tab = InOrder(ets.new("foo", opts))
        ets.safe_fixtable(tab.tab, fixed)
        for value in (1, 2, 3):
            tab.insert(value)
        tab.delete(first)
        tab.insert(first)
        tab.insert(first)
        tab.delete(second)
        tab.delete(third)
        tab.insert(second)
        tab.delete(fourth)
        tab.delete(fifth)
        tab.insert_new(fifth)
        ets.delete(tab.tab)


@case("lookup_element_mult")
@options()
def test_lookup_element_mult(opts):
    tab = ets.new("service", ["bag", ("keypos", 2), *opts])
    me = erlang.self()
    for host, last, port in [(4, 108, 88), (3, 107, 80), (3, 107, 88), (2, 103, 80), (2, 103, 88)]:
        ets.insert(tab, ("service", f"eddie{host}@boromir", (150, 236, 14, last), f"httpd{port}", me))
    for _ in range(3):
        assert ets.lookup_element(tab, "eddie2@boromir", 3) == [(150, 236, 14, 103)] * 2
        assert ets.lookup_element(tab, "eddie2@boromir", 4) == ["httpd80", "httpd88"]
    ets.insert(tab, (0, chars("heap_key")))
    assert ets.lookup_element(tab, chars("heap_key"), 2) == [chars("heap_key")]


@case("delete_elem")
@options(*TYPES)
def test_delete_elem(opts):
    tab = ets.new("foo", opts)
    fill(tab, "foo")
    ets.insert(tab, (("b", "key"), "foo"))
    ets.insert(tab, (("c", "key"), "foo"))
    assert ets.delete(tab, ("b", "key")) is True
    assert ets.lookup(tab, ("b", "key")) == []
    assert ets.lookup(tab, ("c", "key")) == [(("c", "key"), "foo")]


@case("match_delete")
@options(*TYPES)
def test_match_delete(opts):
    tab = ets.new("kad", opts)
    fill(tab, "foo")
    ets.insert(tab, (("c", "key"), "bar"))
    ets.match_delete(tab, ("_", "foo"))
    assert ets.tab2list(tab) == [(("c", "key"), "bar")]
    ets.match_delete(tab, "_")
    assert ets.tab2list(tab) == []


@case("match_delete3")
@options()
def test_match_delete3(opts):
    rows = [("aa", 17), ("cA", 1000), ("cA", 17), ("cA", 1000), ("aa", 17)]
    tab = make("test", ["duplicate_bag", *opts], rows)
    assert ets.match_object(tab, ("_", 1000)) == [("cA", 1000)] * 2
    ets.match_delete(tab, ("cA", 1000))
    assert ets.match_object(tab, ("_", 1000)) == []


@case("dups")
@options()
def test_dups(opts):
    tab = make("funky", ["duplicate_bag", *opts], [(1, 2), (1, 2)])
    assert len(ets.tab2list(tab)) == 2
    ets.delete(tab, 1)
    assert ets.lookup(tab, 1) == []
    for last in (2, 4, 2, 2, 4):
        ets.insert(tab, (1, 2, last))
    assert len(ets.tab2list(tab)) == len(ets.match(tab, ("$1", 2, "$2"))) == 5
    assert len(ets.match(tab, ("_", "$1", "$1"))) == 3
    ets.match_delete(tab, ("_", "$1", "$1"))
    assert ets.match(tab, ("_", "$1", "$1")) == []


@case("tab2list")
@options("ordered_set")
def test_tab2list(opts):
    tab = make("foo", opts, [("a", "b"), ("c", "b"), ("b", "b"), ("a", "c")])
    assert ets.tab2list(tab) == [("a", "c"), ("b", "b"), ("c", "b")]
