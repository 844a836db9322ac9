"""`terms.format`: exactly what io_lib prints."""

import collections
import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erlsim import terms
from erlsim.errors import Error
from erlsim.terms import Improper, Pid, Ref
from tests.terms.facts import facts, text
from tests.terms.strategies import checked
from tests.terms.strategies import terms as any_terms


@pytest.mark.parametrize(("directives", "args", "expected"), facts("format"))
def test_text_is_what_io_lib_prints(directives, args, expected):
    try:
        printed = terms.format(text(directives), args)
    except Error as error:
        assert error.reason == "badarg"
        printed = "badarg"
    assert printed == (expected if expected == "badarg" else text(expected))


def test_a_pad_from_the_arguments_is_an_asterisk_when_none_is_left():
    assert terms.format("x~..*n", []) == "x\n"
    assert terms.format("~5..*s", [ord("-"), "a"]) == "----a"
    assert terms.format("~20#~..*n", [120]) == " " * 14 + "10#120\n"


def test_arguments_are_counted_before_anything_is_printed():
    with pytest.raises(Error, match="badarg"):
        terms.format("~*#a~c", [1 << 70, 65])


def a_fun(one, two=2):
    return one, two


class Marked:
    __erlang_module__ = "marked"

    def method(self, one):
        return one


NAMED = [
    (Pid(83), "<0.83.0>"),
    (Pid(32768 + 5), "<0.5.1>"),
    (Ref(7), "#Ref<0.0.0.7>"),
    (Improper(("alias",), Ref(2**18 + 1)), "[alias|#Ref<0.0.1.1>]"),
    (a_fun, "#Fun<test_printing.a_fun.2>"),
    (lambda: None, "#Fun<test_printing.lambda.0>"),
    (Marked().method, "#Fun<test_printing.Marked.method.1>"),
    (functools.partial(a_fun, 1), "#Fun<functools.partial.1>"),
    (len, "#Fun<builtins.len.1>"),
    (Marked, "marked"),
    (Marked(), "marked"),
    (collections, "collections"),
    (ValueError("no\nway"), "#Py<ValueError('no\\nway')>"),
    (object(), "#Py<object object>"),
    (ValueError, "#Py<class 'ValueError'>"),
    (frozenset(("b", "a")), "#Py<frozenset(a,b)>"),
    (None, "#Py<None>"),
]


@pytest.mark.parametrize(("term", "expected"), NAMED, ids=[expected for _, expected in NAMED])
def test_pids_references_funs_and_python_objects_print_as_names(term, expected):
    for directive in ("~w", "~p", "~tp"):
        assert terms.format(directive, [term]) == expected
        assert terms.format(directive, [{"k": [term]}]) == f"#{{k => [{expected}]}}"


@pytest.mark.parametrize("directives", ["~p and ~w~n", b"~p and ~w~n", terms.chars("~p and ~w~n")])
def test_directives_may_be_text_a_binary_or_a_string(directives):
    assert terms.format(directives, [("a", "B"), b"c"]) == "{a,'B'} and <<99>>\n"


@pytest.mark.parametrize("code", [0x110000, 10**20, -1])
def test_what_is_no_character_is_written_and_refused_where_the_text_is_encoded(code):
    with pytest.raises(UnicodeEncodeError):
        terms.format("~tc", [code]).encode()


@pytest.mark.parametrize(
    ("directives", "args"),
    [("~p", ("a",)), ("~p", "a"), (1, []), ([-1], []), ("~c", [-(10**9)]), ("~*.*w", [1, -1, 2])],
)
def test_what_is_no_format_is_a_badarg(directives, args):
    if directives == "~c":
        assert len(terms.format(directives, args)) == 1
        return
    with pytest.raises(Error) as caught:
        terms.format(directives, args)
    assert caught.value.reason == "badarg"


def test_the_column_of_a_term_counts_what_stands_before_it():
    term = [("key", number) for number in range(12)]
    for before in ("", "text: ", "a\nb", "\t", "ab\tc", "日本 ", "x" * 70):
        printed = terms.format("~ts~tp", [terms.chars(before), term])
        assert printed == terms.format(before + "~tp", [term])


def test_integers_of_any_size_print():
    assert terms.format("~w", [-(10**5000)]) == "-1" + "0" * 5000
    assert terms.format("~b", [10**9000 + 7]) == "1" + "0" * 8999 + "7"


def test_a_map_of_up_to_32_keys_prints_in_the_order_of_its_keys():
    assert terms.format("~w", [dict.fromkeys(range(32, 0, -1), "v")]).startswith("#{1 => v,2 => v,3 => v")


@checked
@given(any_terms, st.integers(1, 100), st.integers(1, 60))
def test_lines_break_but_nothing_is_lost(term, line, column):
    def stripped(text):
        return "".join(text.split())

    printed = terms.format(f"~{line}.{column}tp", [term])
    assert stripped(printed) == stripped(terms.format("~0tp", [term]))


@checked
@given(any_terms, st.sampled_from("pPwW"))
def test_every_term_prints_on_any_line(term, control):
    args = [term, 4] if control in "PW" else [term]
    assert terms.format(f"~{control}", args)
    assert terms.format(f"~t{control}", args)


@pytest.mark.parametrize(
    ("directives", "number", "length", "begin", "end"),
    [
        ("~.300f", 1.5, 302, "1.50000000", "00000"),
        ("~.5000f", 1.5, 5002, "1.50000000", "00000"),
        ("~.5000f", 1.0e300, 5302, "100000000000000005250000", "00000"),
        ("~.5000f", 1.0e-300, 5002, "0.0000000", "00000"),
        ("~.5000e", 1.5, 5004, "1.50000000", "00e+0"),
        ("~.5000e", 1.0e-300, 5006, "1.0000000000000000250600000000", "e-300"),
        ("~.5000g", 1.5, 5001, "1.50000000", "00000"),
        ("~.400g", 0.1, 402, "0.1000000000000000055510000000", "00000"),
    ],
)
def test_floats_print_with_thousands_of_digits_as_in_otp(directives, number, length, begin, end):
    text = terms.format(directives, [number])
    assert (len(text), text[: len(begin)], text[-5:]) == (length, begin, end)


@pytest.mark.parametrize("number", ["inf", "-inf", "nan"])
def test_a_float_that_erlang_does_not_have_prints_as_pythons(number):
    assert terms.format("~w ~p", [float(number), [float(number)]]) == f"#Py<{number}> [#Py<{number}>]"
    for directives in ("~f", "~e", "~g", "~.10f"):
        with pytest.raises(Error, match="badarg"):
            terms.format(directives, [float(number)])


@pytest.mark.parametrize(
    "directives", ["~.1000000000f", "~1000000000s", "~.1000000000e", "~1000000000n", f"~{'9' * 5000}w"]
)
def test_a_field_that_would_fill_the_memory_is_a_system_limit(directives):
    with pytest.raises(Error, match="system_limit"):
        terms.format(directives, [] if directives.endswith("n") else [1.5])


def test_an_object_whose_text_never_ends_prints_as_its_class():
    class Endless:
        def __repr__(self):
            return repr(self)

    text = terms.format("~p", [("reason", Endless())])
    assert text.startswith("{reason,#Py<test_an_object_whose_text_never_ends_prints_as_its_class")
