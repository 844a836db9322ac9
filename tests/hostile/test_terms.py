"""Hostile terms: odd Python objects in every place of a term, and whatever is done with terms is done with them."""

from __future__ import annotations

import enum
from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import erlsim
from erlsim import erlang, ets, terms
from erlsim.trace import Trace
from tests.hostile.kit import attacked
from tests.terms import strategies


class Fails:
    """Fails at whatever it is asked."""

    def __getattr__(self, name):
        raise ValueError(name)

    def __repr__(self):
        raise ValueError("repr")

    __hash__ = object.__hash__


class Endless:
    def __repr__(self):
        return repr(self)


class Liar:
    """Says that it equals everything."""

    def __eq__(self, other):
        return True

    __hash__ = None


class Color(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Word(str):
    pass


Point = namedtuple("Point", "x y")

OBJECTS = [
    Fails(),
    Endless(),
    Liar(),
    Color.RED,
    Level.LOW,
    Word("word"),
    Point(1, [2]),
    Decimal("1.5"),
    Fraction(1, 3),
    complex(1, 2),
    float("inf"),
    float("nan"),
    10**5000,
    None,
    ...,
    object,
    len,
    lambda: None,
    range(3),
    {1, 2},
    frozenset("ab"),
    bytearray(b"x"),
    memoryview(b"x"),
    "\ud800",
    "\0",
]
hostile = st.recursive(
    strategies.scalars | st.integers(0, len(OBJECTS) - 1).map(lambda number: OBJECTS[number]),
    lambda inner: strategies._containers(inner) | st.builds(lambda term, n: _nest(term, n), inner, st.integers(0, 400)),
    max_leaves=8,
)


def _nest(term, levels):
    for level in range(levels):
        term = (term,) if level % 3 else [term] if level % 2 else {"k": term}
    return term


@attacked
@given(hostile, hostile)
def test_every_object_is_equal_to_itself_printed_sorted_and_kept(one, other):
    def main():
        copied = terms.copy(one)
        assert terms.exact_eq(one, one)
        assert terms.compare(one, one) == 0
        assert terms.exact_eq(one, other) == terms.exact_eq(other, one) == (terms.key(one) == terms.key(other))
        assert sorted(map(terms.sort_key, (one, other))) == sorted(map(terms.sort_key, (other, one)))
        for directives in ("~w", "~tp", "~0p", "~10.3p"):
            assert terms.format(directives, [one]) == terms.format(directives, [copied])
        assert "..." in terms.format("~P", [("a", ["b", one], "c"), 2])
        table = ets.new("kept", ["set"])
        ets.insert(table, (one, other))
        assert len(ets.lookup(table, one)) == 1
        erlang.send(erlang.self(), (one, other))
        return erlang.receive()

    sim = erlsim.Simulation()
    received = sim.run(main)
    assert len(received) == 2
    text = sim.trace.to_jsonl()
    again = Trace.from_jsonl(text)
    assert len(again) == len(sim.trace)
    assert again.to_jsonl().count("\n") == text.count("\n")
    for each in (sim.trace, again):
        assert each.sequence().svg()
        assert each.timeline().text()
        assert each.to_chrome()


@attacked
@given(hostile)
def test_whatever_a_process_dies_of_is_reported(reason):
    def main():
        erlang.spawn(lambda: erlang.error(reason))
        return erlang.receive(after=1)

    sim = erlsim.Simulation()
    sim.run(main)
    assert len(sim.reports.texts()) == 1
    assert "Error in process <0.85.0> with exit value" in sim.reports.texts()[0]


texts = st.text(
    st.sampled_from(list("[]{}()#<>|,.:/-+=$\"'\\^x01289abA_ \n%\u00e9\u65e5")) | st.characters(), max_size=40
) | st.lists(
    st.sampled_from(
        ["<<", ">>", "#{", "=>", "[a|", "]", "<0.1.2>", "#Ref<0.0.0.1>", "fun m:f/1", "16#fF", "1.5e3", "$\\^"]
    ),
    max_size=12,
).map("".join)


@attacked
@given(texts)
def test_every_text_is_a_term_or_refused_with_line_and_column(text):
    try:
        term = terms.parse(text)
    except terms.ParseError as error:
        assert 1 <= error.line <= text.count("\n") + 1
        assert 1 <= error.column <= len(text) + 1
    else:
        printed = terms.format("~w", [term])
        assert terms.exact_eq(terms.parse(printed), term) or "fun " in printed


@attacked
@given(
    st.text(st.sampled_from(list("~.*-0123456789pPwWsfegbBxX+#cinkltz ")), max_size=12), st.lists(hostile, max_size=3)
)
def test_every_format_prints_or_is_refused_as_erlang_refuses(directives, args):
    try:
        terms.format(directives, args)
    except erlsim.Error as error:
        assert error.reason in ("badarg", "system_limit")


@pytest.mark.parametrize("number", range(len(OBJECTS)))
def test_each_of_the_odd_objects_has_a_text(number):
    assert terms.format("~p", [OBJECTS[number]])
