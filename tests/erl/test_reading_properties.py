"""What holds of any source that the reader meets."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from erlsim import terms
from erlsim.erl import reading
from erlsim.erl.reading.annotations import first, last
from tests.erl.record import PROGRAMS

ATOMS = (
    st.text(max_size=5).filter(lambda text: "\x00" not in text).map(lambda t: {"true": True, "false": False}.get(t, t))
)
TERMS = st.recursive(
    ATOMS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.binary(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(ATOMS, inner, max_size=2)
    ),
    max_leaves=8,
)
SOURCES = [path.read_text(encoding="utf-8") for path in sorted(PROGRAMS.glob("*.erl"))]


def tokens_of(text):
    return reading.Scanner(text).form()


@given(TERMS)
def test_a_term_that_is_printed_and_read_is_the_same_term(term):
    text = terms.format("~tw.", [term])
    assert terms.exact_eq(reading.parse_term(tokens_of(text)), term)


@given(st.sampled_from(SOURCES), st.data())
def test_whatever_is_cut_out_of_a_source_is_read_to_its_end(source, data):
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, min(len(source), start + 40)))
    forms = reading.parse_text(source[:start] + source[end:])
    assert [form[0] for form in forms].count("eof") == 1
    for kind, info in (form for form in forms if form[0] in ("error", "warning")):
        assert reading.format_error(info), kind


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_to_its_end(text):
    assert reading.parse_text(text)[-1][0] == "eof"


@given(
    st.lists(st.sampled_from(["abc", "X", "1.5", "16#ff", '"s"', "'q'", "$a", "->", "(", "?=", "..", "<<"]), min_size=1)
)
def test_a_token_is_where_it_was_written(words):
    text, places = "", []
    for number, word in enumerate(words):
        text += "\n  " if number % 3 == 2 else " "
        places.append((text.count("\n") + 1, len(text) - text.rfind("\n")))
        text += word
    found = [token[1] for token in tokens_of(text + " .")]
    assert found[:-1] == places


@given(st.integers(0, 10**30), st.integers(2, 36))
def test_an_integer_may_be_written_in_any_base(number, base):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text, rest = "", number
    while rest or not text:
        text, rest = digits[rest % base] + text, rest // base
    assert tokens_of(f"{base}#{text} .")[0] == ("integer", (1, 1), number)


@given(st.floats(min_value=0, allow_infinity=False, exclude_min=True).filter(lambda x: x > 1e-300))
def test_a_float_is_the_nearest_to_what_was_written(number):
    text = terms.format("~w", [number])
    assert tokens_of(text + " .")[0][2] == number
    assert not math.isnan(number)


def test_the_first_and_the_last_location_of_a_node_enclose_it():
    node = reading.parse_exprs(tokens_of("(f(A) + b)\n * [C | d] ."))[0]
    assert (first(node), last(node)) == ((1, 2), (2, 9))
