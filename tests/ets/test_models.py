"""Random operations on each type of table, against a model that is a plain list of rows in order."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import erlsim
from erlsim import ets, terms
from erlsim.terms import eq, exact_eq
from tests.ets.kit import BADARG, TYPES, outcome, same

KEYS = st.sampled_from([0, 1, 1.0, 2, True, "true", "a", "b", b"a", (1,), (1.0,), [1], [], {}, {1: 2}, {1.0: 2}, -0.0])
VALUES = st.sampled_from([0, 1, 2, 1.0, "a", [1], (), {}])
ROWS = st.builds(lambda key, rest: (key, *rest), KEYS, st.lists(VALUES, min_size=1, max_size=2))
POSITIONS = st.integers(1, 3)


class Model:
    """A table as a list of rows, oldest first; each operation is as plain as can be."""

    def __init__(self, type):
        self.type = type
        self.rows = []
        self.equal = eq if type == "ordered_set" else exact_eq

    def of(self, key):
        return [row for row in self.rows if self.equal(row[0], key)]

    def insert(self, rows):
        for row in reversed(rows) if self.type == "bag" else rows:
            if self.type in ("set", "ordered_set"):
                self.rows = [each for each in self.rows if not self.equal(each[0], row[0])]
            if self.type != "bag" or not any(exact_eq(each, row) for each in self.rows):
                self.rows.append(row)

    def replace(self, key, row):
        self.rows = [row if self.equal(each[0], key) else each for each in self.rows]

    def delete(self, key):
        self.rows = [each for each in self.rows if not self.equal(each[0], key)]

    def delete_object(self, row):
        self.rows = [each for each in self.rows if not exact_eq(each, row)]

    @property
    def single(self):
        return self.type in ("set", "ordered_set")


class Tables(RuleBasedStateMachine):
    """Whatever is done to both, the table and the model hold the same."""

    type = "set"

    @initialize()
    def new(self):
        self.sim = erlsim.Simulation(trace=False)
        self.sim.__enter__()
        self.tab = ets.new("tab", [self.type])
        self.model = Model(self.type)

    def teardown(self):
        self.sim.__exit__(None, None, None)

    @rule(row=ROWS)
    def insert(self, row):
        assert ets.insert(self.tab, row) is True
        self.model.insert([row])

    @rule(rows=st.lists(ROWS, max_size=4))
    def insert_list(self, rows):
        assert ets.insert(self.tab, rows) is True
        self.model.insert(rows)

    @rule(rows=st.lists(ROWS, max_size=3))
    def insert_new(self, rows):
        free = not any(self.model.of(row[0]) for row in rows)
        assert ets.insert_new(self.tab, rows) is free
        if free:
            self.model.insert(rows)

    @rule(rows=st.lists(ROWS, max_size=3), bad=st.sampled_from([(), "row", 1]))
    def insert_badly(self, rows, bad):
        assert outcome(ets.insert, self.tab, [*rows, bad]) == BADARG

    @rule(key=KEYS)
    def delete(self, key):
        assert ets.delete(self.tab, key) is True
        self.model.delete(key)

    @rule(key=KEYS)
    def take(self, key):
        assert same(ets.take(self.tab, key), self.model.of(key))
        self.model.delete(key)

    @rule(row=ROWS)
    def delete_object(self, row):
        assert ets.delete_object(self.tab, row) is True
        self.model.delete_object(row)

    @rule(value=VALUES)
    def select_delete(self, value):
        doomed = [row for row in self.model.rows if len(row) == 2 and exact_eq(row[1], value)]
        assert ets.select_delete(self.tab, [(("_", "$1"), [("=:=", "$1", ("const", value))], [True])]) == len(doomed)
        for row in doomed:
            self.model.delete_object(row)

    @rule()
    def delete_all_objects(self):
        assert ets.delete_all_objects(self.tab) is True
        self.model.rows = []

    @rule(key=KEYS, position=POSITIONS, increment=st.integers(-2, 2))
    def update_counter(self, key, position, increment):
        rows = self.model.of(key)
        good = self.model.single and rows and 1 < position <= len(rows[0]) and type(rows[0][position - 1]) is int
        result = outcome(ets.update_counter, self.tab, key, (position, increment))
        if not good:
            assert result == BADARG
            return
        row = list(rows[0])
        row[position - 1] += increment
        assert result == ("ok", row[position - 1])
        self.model.replace(key, tuple(row))

    @rule(key=KEYS, position=POSITIONS, value=VALUES)
    def update_element(self, key, position, value):
        rows = self.model.of(key)
        result = outcome(ets.update_element, self.tab, key, (position, value))
        if not self.model.single:
            assert result == BADARG
        elif not rows:
            assert result == ("ok", False)
        elif not 1 < position <= len(rows[0]):
            assert result == BADARG
        else:
            assert result == ("ok", True)
            row = list(rows[0])
            row[position - 1] = value
            self.model.replace(key, tuple(row))

    @rule(key=KEYS)
    def lookup(self, key):
        rows = self.model.of(key)
        assert same(ets.lookup(self.tab, key), rows)
        assert ets.member(self.tab, key) is bool(rows)
        found = [row[1] for row in rows]
        expected = ("ok", found[0] if self.model.single else found) if rows else BADARG
        assert same(outcome(ets.lookup_element, self.tab, key, 2), expected)

    @rule(value=VALUES)
    def match(self, value):
        rows = [row for row in self.model.rows if len(row) == 2 and exact_eq(row[1], value)]
        if not isinstance(value, dict):
            assert same(terms.sort(ets.match_object(self.tab, ("_", value))), terms.sort(rows)) or self.type == "set"
        assert ets.select_count(self.tab, [(("_", "$1"), [("=:=", "$1", ("const", value))], [True])]) == len(rows)

    @precondition(lambda self: self.type == "ordered_set")
    @rule(key=KEYS)
    def neighbours(self, key):
        keys = [row[0] for row in self.ordered()]
        after = [each for each in keys if terms.compare(each, key) > 0]
        before = [each for each in keys if terms.compare(each, key) < 0]
        assert same(ets.next(self.tab, key), after[0] if after else "$end_of_table")
        assert same(ets.prev(self.tab, key), before[-1] if before else "$end_of_table")

    @rule(limit=st.integers(1, 4))
    def portions(self, limit):
        found, answer = [], ets.match_object(self.tab, "_", limit)
        while answer != "$end_of_table":
            rows, continuation = answer
            assert len(rows) == limit or continuation == "$end_of_table"
            found += rows
            answer = ets.match_object(continuation)
        assert sorted(map(repr, found)) == sorted(map(repr, self.model.rows))

    def ordered(self):
        return sorted(self.model.rows, key=lambda row: terms.sort_key(row[0]))

    @invariant()
    def they_hold_the_same(self):
        assert ets.info(self.tab, "size") == len(self.model.rows)
        rows = ets.tab2list(self.tab)
        if self.type == "ordered_set":
            assert same(rows, self.ordered())
            return
        assert sorted(map(repr, rows)) == sorted(map(repr, self.model.rows))
        keys, key = [], ets.first(self.tab)
        while key != "$end_of_table":
            keys.append(key)
            key = ets.next(self.tab, key)
        assert same([row for key in keys for row in ets.lookup(self.tab, key)], rows)


@pytest.mark.rule(151, 152, 153, 154, 155, 156, 157)
@pytest.mark.parametrize("type", TYPES)
def test_a_table_holds_what_a_list_of_rows_would_hold(type):
    machine = __builtins__["type"](f"Tables_{type}", (Tables,), {"type": type})
    run_state_machine_as_test(
        machine,
        settings=settings(
            derandomize=True,
            deadline=None,
            max_examples=25,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@given(rows=st.lists(ROWS, max_size=8))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_an_ordered_set_is_sorted_whatever_goes_in(rows):
    def main():
        tab = ets.new("tab", ["ordered_set"])
        ets.insert(tab, rows)
        keys = [row[0] for row in ets.tab2list(tab)]
        assert all(terms.compare(left, right) < 0 for left, right in itertools.pairwise(keys))
        assert ets.select_reverse(tab, [("_", [], ["$_"])]) == ets.tab2list(tab)[::-1]

    erlsim.run(main, trace=False)
