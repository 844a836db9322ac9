"""Compiled operators, matching and bit syntax against Python's."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

import erlsim
from erlsim import erl, terms
from erlsim.erl.running import cells, maps
from erlsim.erl.running.cells import Cell

OPERATORS = erl.load_text(
    "-module(operators_of_erlang).\n-compile(export_all).\n"
    "add(A, B) -> A + B.\nsub(A, B) -> A - B.\nmul(A, B) -> A * B.\nidiv(A, B) -> A div B.\nrest(A, B) -> A rem B.\n"
    "shift(A, B) -> A bsl B.\nlt(A, B) -> A < B.\nle(A, B) -> A =< B.\neq(A, B) -> A == B.\nsame(A, B) -> A =:= B.\n"
    "match(A, A) -> true;\nmatch(_, _) -> false.\nappend(A, B) -> A ++ B.\nsubtract(A, B) -> A -- B.\n"
    "int(V, S) -> <<R:S>> = <<V:S>>, R.\nsint(V, S) -> <<R:S/signed>> = <<V:S/signed>>, R.\n"
    "lint(V, S) -> <<R:S/little-signed>> = <<V:S/little-signed>>, R.\nfloat(F) -> <<R/float>> = <<F/float>>, R.\n"
    "cut(B, N) -> <<A:N/bits, C/bits>> = B, {A, C, <<A/bits, C/bits>>}.\n"
    "text(Cs) -> B = << <<C/utf8>> || C <- Cs >>, {B, [C || <<C/utf8>> <= B]}.\n"
    "wide(Cs) -> B = << <<C/utf16-little>> || C <- Cs >>, {B, [C || <<C/utf16-little>> <= B]}.\n"
    "head([H | T]) -> {H, T}.\ncons(L) -> lists:foldr(fun(X, A) -> [X | A] end, [], L).\n"
)
INTEGERS = st.integers() | st.integers(-(1 << 70), 1 << 70)
SIMPLE = st.integers(-3, 3) | st.sampled_from([0.0, 1.0, -1.5, "a", "b", True, False, b"x"])
TERMS = st.recursive(SIMPLE, lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple))
CODES = st.lists(st.integers(0, 0x10FFFF).filter(lambda code: not 0xD800 <= code <= 0xDFFF))


@given(INTEGERS, INTEGERS)
def test_integers_are_computed_exactly(left, right):
    assert OPERATORS.add(left, right) == left + right
    assert OPERATORS.sub(left, right) == left - right
    assert OPERATORS.mul(left, right) == left * right
    if right:
        quotient, rest = OPERATORS.idiv(left, right), OPERATORS.rest(left, right)
        assert quotient * right + rest == left
        assert abs(rest) < abs(right)
        assert rest == math.copysign(1, left) * abs(rest)


@given(INTEGERS, st.integers(-80, 80))
def test_shifts_go_both_ways(value, count):
    assert OPERATORS.shift(value, count) == (value << count if count >= 0 else value >> -count)


def chained(term):
    """The same term, its lists of cells."""
    if type(term) is list:
        return (
            cells.prepend([chained(each) for each in term], [])
            if len(term) < 2
            else Cell(chained(term[0]), chained(term[1:]))
        )
    return tuple(map(chained, term)) if type(term) is tuple else term


@given(TERMS, TERMS)
def test_terms_compare_as_terms_do_whatever_their_lists_are_made_of(left, right):
    for one, other in ((left, right), (chained(left), right), (left, chained(right)), (chained(left), chained(right))):
        assert OPERATORS.lt(one, other) == (terms.compare(left, right) < 0)
        assert OPERATORS.le(one, other) == (terms.compare(left, right) <= 0)
        assert OPERATORS.eq(one, other) == terms.eq(left, right)
        assert OPERATORS.same(one, other) == terms.exact_eq(left, right)
        assert OPERATORS.match(one, other) == terms.exact_eq(left, right)


@given(st.lists(TERMS), st.lists(TERMS))
def test_lists_are_joined_and_taken_from_each_other(left, right):
    assert OPERATORS.append(chained(left), right) == left + right
    rest = list(left)
    for each in right:
        for place, item in enumerate(rest):
            if terms.exact_eq(item, each):
                del rest[place]
                break
    assert terms.exact_eq(OPERATORS.subtract(left, chained(right)), rest)


@given(st.lists(TERMS))
def test_cells_and_python_lists_are_the_same_list(items):
    found = erlsim.run(lambda: OPERATORS.cons(items))
    assert terms.exact_eq(found, items)
    chain = chained(items)
    assert cells.listed(chain) == items
    assert terms.exact_eq(cells.outward(chain), items)
    assert terms.format("~p", [chain]) == terms.format("~p", [items])
    assert terms.exact_eq(terms.copy(chain), items)
    assert type(terms.copy(chain)) is list
    if items:
        head, tail = OPERATORS.head(items)
        assert terms.exact_eq([head, *tail], items)


@given(st.integers(0, 3000))
def test_a_long_list_is_taken_apart_bit_by_bit(size):
    rest, found = list(range(size)), []
    while (cell := cells.cells(rest)) is not None:
        found.append(cell.head)
        rest = cell.tail
    assert found == list(range(size))


@given(INTEGERS, st.integers(1, 100))
def test_integers_go_into_bits_and_back(value, size):
    assert OPERATORS.int(value, size) == value % (1 << size)
    signed = (value + (1 << (size - 1))) % (1 << size) - (1 << (size - 1))
    assert OPERATORS.sint(value, size) == signed
    assert OPERATORS.lint(value, size) == signed


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_go_into_bits_and_back(value):
    assert math.copysign(1, OPERATORS.float(value)) * OPERATORS.float(value) == math.copysign(1, value) * value


@given(st.binary(max_size=8), st.integers(0, 64))
def test_a_bitstring_that_is_cut_and_joined_is_the_same(data, place):
    place = min(place, 8 * len(data))
    first, second, whole = OPERATORS.cut(data, place)
    assert whole == data
    bits = "".join(f"{byte:08b}" for byte in data)
    assert shown(first) + shown(second) == bits
    assert len(shown(first)) == place


def shown(bits):
    if type(bits) is bytes:
        return "".join(f"{byte:08b}" for byte in bits)
    return "".join(f"{byte:08b}" for byte in bits.data)[: bits.size]


@given(CODES)
def test_text_goes_into_bits_and_back(codes):
    text = "".join(map(chr, codes))
    assert OPERATORS.text(codes) == (text.encode(), codes)
    assert OPERATORS.wide(codes) == (text.encode("utf-16-le"), codes)


KEYS = st.sampled_from([1, 1.0, True, "true", 0, 0.0, False, b"1", (1,), (1.0,), "a"]) | st.lists(SIMPLE, max_size=2)


@given(st.lists(st.tuples(KEYS, st.integers())), KEYS)
def test_a_map_tells_its_keys_apart_as_erlang_does(pairs, name):
    rows = maps.make(pairs)
    model = [(terms.key(key), value) for key, value in pairs]
    expected = dict(model)
    assert len(rows) == len(expected)
    value = maps.find(name, rows)
    assert (value is maps.ABSENT) == (terms.key(name) not in expected)
    if value is not maps.ABSENT:
        assert value == expected[terms.key(name)]
        assert maps.find(name, maps.remove(rows, name)) is maps.ABSENT
    assert maps.find(name, maps.put(rows, [(name, "new")])) == "new"
