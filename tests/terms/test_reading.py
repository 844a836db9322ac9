"""`terms.parse`: the term in a text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erlsim import terms
from erlsim.errors import ErlsimError, Error
from erlsim.terms import Bits, Improper, ParseError, Pid, Ref
from tests.terms.facts import facts, text
from tests.terms.strategies import checked, twins
from tests.terms.strategies import terms as any_terms

READ = [
    ("foo", "foo"),
    ("foo.", "foo"),
    ("  foo_Bar@1 .\n", "foo_Bar@1"),
    ("'end'", "end"),
    ("''", ""),
    ("'it\\'s'", "it's"),
    ("'two\nlines'", "two\nlines"),
    ("été", "été"),
    ("true", True),
    ("'false'", False),
    ("0", 0),
    ("-12", -12),
    ("+12", 12),
    ("1_000_000", 1000000),
    ("16#fF", 255),
    ("-2#101", -5),
    ("36#z", 35),
    ("1.5", 1.5),
    ("-1.0e-7", -1e-7),
    ("1.0E+21", 1e21),
    ("$a", 97),
    ("$\\n", 10),
    ("$ ", 32),
    ("$\\s", 32),
    ("$\\x{65e5}", 0x65E5),
    ("$\\\\", 92),
    ("$'", 39),
    ('"abc"', [97, 98, 99]),
    ('""', []),
    ('"a" "b"\n"c"', [97, 98, 99]),
    (r'"\n\r\t\v\b\f\e\s\d\0\101\x41\x{1F600}\^A\^[\"\\\q"', None),
    ("[]", []),
    ("[a,[b],c]", ["a", ["b"], "c"]),
    ("[a|b]", Improper(("a",), "b")),
    ("[a|[b|[]]]", ["a", "b"]),
    ("[a,b|[c|d]]", Improper(("a", "b", "c"), "d")),
    ("{}", ()),
    ("{a}", ("a",)),
    ("{a,{b,1}}", ("a", ("b", 1))),
    ("#{}", {}),
    ("#{a=>1,b => [2]}", {"a": 1, "b": [2]}),
    ("#{a => 1,a => 2}", {"a": 2}),
    ("<<>>", b""),
    ("<<1,2,255>>", b"\x01\x02\xff"),
    ("<<-1,256,$a>>", b"\xff\x00a"),
    ('<<"abc">>', b"abc"),
    ('<<"é">>', b"\xe9"),
    ('<<"é日"/utf8,0>>', "é日\0".encode()),
    ("<<233/utf8>>", "é".encode()),
    ("<<5:3>>", Bits(b"\xa0", 3)),
    ("<<1,5:3>>", Bits(b"\x01\xa0", 11)),
    ("<<1:4,2:4>>", b"\x12"),
    ("<<1:16>>", b"\x00\x01"),
    ("<0.83.0>", Pid(83)),
    ("<0.5.1>", Pid(32768 + 5)),
    ("#Ref<0.0.1.7>", Ref(2**18 + 7)),
    ("% a comment\n{a, % another\n b}", ("a", "b")),
    ("#{id => bar, plan => [restart, {restart, 5000}]}", {"id": "bar", "plan": ["restart", ("restart", 5000)]}),
    ("$\\^a", 1),
    ("$\\^?", 31),
    ('"\\^1\\^\\"', [17, 28]),
    ("a\0", "a"),
    ("1.5e-400", 0.0),
    ("<<1/integer-integer>>", b"\x01"),
    ("<<1:(3)/little-signed-unit:8>>", b"\x01\x00\x00"),
    ('<<"a":4>>', Bits(b"\x10", 4)),
    ("[a|[b|[]]]", ["a", "b"]),
    ("[a|([b])]", ["a", "b"]),
    ('[a|"b"]', ["a", 98]),
    ("[[a|[b|[c|d]]],[e|[[f]]]]", [Improper(("a", "b", "c"), "d"), ["e", ["f"]]]),
    ("-(1)", -1),
]


@pytest.mark.parametrize(("text", "term"), READ)
def test_a_text_is_read_as_the_term_it_stands_for(text, term):
    if term is None:
        term = [10, 13, 9, 11, 8, 12, 27, 32, 127, 0, 65, 65, 0x1F600, 1, 27, 34, 92, 113]
    assert terms.exact_eq(terms.parse(text), term)


ERRORS = [
    ("", 1, 1, "the text ends where a term was expected"),
    ("  \n ", 1, 1, "the text ends where a term was expected"),
    ("{a, b c}", 1, 7, "unexpected 'c', expected ',' or '}'"),
    ("[1,2", 1, 5, "the text ends where ',', ']' or '|' was expected"),
    ("[1|2,3]", 1, 5, "unexpected ',', expected ']'"),
    ("#{a}", 1, 4, "unexpected '}', expected '=>'"),
    ("{a,\n  {b,\n   )}}", 3, 4, "unexpected ')', expected a term"),
    ("{a,}", 1, 4, "unexpected '}', expected a term"),
    ("a b", 1, 3, "unexpected 'b', expected '.' or the end of the text"),
    ("{Ok}", 1, 2, "unexpected 'O': a term has no variables, and an atom that begins like one is written in quotes"),
    ("_", 1, 1, "unexpected '_': a term has no variables, and an atom that begins like one is written in quotes"),
    ('{a, "b}', 1, 5, "this string never ends"),
    ("'a", 1, 1, "this quoted atom never ends"),
    ("[end]", 1, 2, "end is a reserved word: the atom is written in quotes"),
    ("fun", 1, 4, "the text ends where an atom was expected"),
    ("fun m:f", 1, 8, "the text ends where '/' was expected"),
    ("-(-1)", 1, 1, "a sign stands before a number alone"),
    ("{#Fun<m.f.1>}", 1, 2, "funs cannot be read: their text does not say what they are"),
    ("#Py<object>", 1, 1, "such terms cannot be read: their text does not say what they are"),
    ("#Port<0.5>", 1, 1, "such terms cannot be read: their text does not say what they are"),
    ("37#1", 1, 1, "the base of 37#1 is not between 2 and 36"),
    ("2#12", 1, 1, "2#12 has digits that its base does not have"),
    ("1.0e400", 1, 1, "1.0e400 is too large for a float"),
    ('"ab\\x{110000}"', 1, 4, "this escape sequence names no character"),
    ("{<<1,2.5>>}", 1, 2, "2.5 is no integer"),
    ("<<1/foo>>", 1, 5, "foo is no type of a part of a binary"),
    ("<<1/little-big>>", 1, 5, "little and big do not go together"),
    ("<<1/unit:8>>", 1, 5, "a unit needs a size"),
    ("<<1:8/utf8>>", 1, 7, "a character has neither size nor unit"),
    ("<<1:8/unit:257>>", 1, 7, "a unit is between 1 and 256"),
    ("<<16#D800/utf16>>", 1, 11, "55296 is no character"),
    ("<<1/float,1.0:8/float>>", 1, 17, "1.0 does not make a float of 8 bits"),
    ("<<1.0e9:16/float>>", 1, 12, "1000000000.0 is too large for a float of 16 bits"),
    ("<<1/binary>>", 1, 5, "1 is no binary"),
    ("<<<<1>>:2/binary>>", 1, 11, "the binary has 8 bits, which is not what its size and unit ask for"),
    ("<<1:(-1)>>", 1, 1, "the size of a part of a binary is an integer from 0 up"),
    ("<<a>>", 1, 1, "'a' is no integer"),
    ("<1.2.3>", 1, 1, "<1.2.3> is no pid of this node"),
    ("$\\^", 1, 1, "this character is not complete"),
    ("$\\x1", 1, 1, "this escape sequence names no character"),
    ('"\\^"', 1, 1, "this string never ends"),
    ("'\\^'", 1, 1, "this quoted atom never ends"),
    ('"\\x+1"', 1, 2, "this escape sequence names no character"),
    ('"a\\x{d800}"', 1, 3, "this escape sequence names no character"),
    ("<<-1/utf8>>", 1, 6, "-1 is no character"),
    ("<0.", 1, 1, "unexpected '<'"),
    ("<<1:1.5>>", 1, 1, "the size of a part of a binary is an integer from 0 up"),
    ("<<1:10000000000>>", 1, 1, "the binaries of a text have at most 268435456 bits in all"),
    ("[<<1:200000000>>,<<1:200000000>>]", 1, 18, "the binaries of a text have at most 268435456 bits in all"),
    ("<<1:1:1>>", 1, 6, "unexpected ':', expected ',', '/' or '>>'"),
    ("<<1/integer:1:1>>", 1, 14, "unexpected ':', expected ',', '-' or '>>'"),
    ("<<1/integer+big>>", 1, 12, "unexpected '+', expected ',', '-', ':' or '>>'"),
    ("[a|[b]|c]", 1, 7, "unexpected '|', expected ']'"),
    ("[a|[b],c]", 1, 7, "unexpected ',', expected ']'"),
    ("[|a]", 1, 2, "unexpected '|', expected a term or ']'"),
    ("#{a=>1,b}", 1, 9, "unexpected '}', expected '=>'"),
    ("(a,b)", 1, 3, "unexpected ',', expected ')'"),
    ('["a" b]', 1, 6, "unexpected 'b', expected ',', ']', '|' or a string"),
    ("fun m:f/256", 1, 9, "an arity is an integer up to 255"),
    ("#Ref<1.2>", 1, 1, "such terms cannot be read: their text does not say what they are"),
    ("a." + " " * 5 + "b", 1, 8, "unexpected 'b', expected the end of the text"),
    ("#Ref<1.2.3.4>", 1, 1, "#Ref<1.2.3.4> is no reference of this node"),
]


@pytest.mark.parametrize("fact", facts("read"), ids=lambda fact: text(fact[0]))
def test_a_text_is_read_as_otp_reads_it(fact):
    characters, theirs = fact
    try:
        ours = ("ok", terms.parse(text(characters) + "."))
    except ParseError:
        ours = "error"
    assert terms.exact_eq(ours, theirs)


def test_a_fun_known_by_name_is_equal_to_any_other_of_that_name_and_calls_what_the_name_stands_for():
    fun = terms.parse("fun lists:sort/1")
    assert terms.exact_eq(fun, terms.parse("fun 'lists':sort/1"))
    assert not terms.exact_eq(fun, terms.parse("fun lists:sort/2"))
    assert fun([2, 1]) == [1, 2]
    assert terms.format("~w", [terms.parse("fun 'A b':true/3")]) == "fun 'A b':true/3"
    with pytest.raises(Error, match="undef"):
        terms.parse("fun lists:no_such/1")([])


@pytest.mark.parametrize(("text", "line", "column", "reason"), ERRORS)
def test_an_error_says_where_and_what_was_expected(text, line, column, reason):
    with pytest.raises(ParseError) as caught:
        terms.parse(text)
    error = caught.value
    assert (error.line, error.column, error.reason) == (line, column, reason)
    assert isinstance(error, ErlsimError) and isinstance(error, ValueError)


def test_an_error_shows_the_line_with_a_caret_below_the_place():
    with pytest.raises(ParseError) as caught:
        terms.parse("{a,\n\tb => c}")
    assert str(caught.value) == "line 2, column 4: unexpected '=>', expected ',' or '}'\n    \tb => c}\n    \t  ^"


@checked
@given(any_terms | twins, st.sampled_from(["~w", "~tw", "~p", "~tp", "~20p", "~1tp", "~0p", "~ltp"]))
def test_what_is_printed_is_read_again(term, directive):
    text = terms.format(directive, [term])
    assert terms.exact_eq(terms.parse(text), term)
    assert terms.format(directive, [terms.parse(text + ".")]) == text


def test_long_and_deep_texts_are_read():
    assert terms.parse("[" * 5000 + "]" * 5000)
    assert terms.parse("1" * 5000) == int("1" * 4000) * 10**1000 + int("1" * 1000)


MEGABYTE = 1_000_000
LONG = {
    "lists in lists": "[" * (MEGABYTE // 2) + "]" * (MEGABYTE // 2),
    "lists that are tails": "[a|" * (MEGABYTE // 4) + "[]" + "]" * (MEGABYTE // 4),
    "tuples in tuples": "{a," * (MEGABYTE // 4) + "b" + "}" * (MEGABYTE // 4),
    "integers": "[" + "1," * (MEGABYTE // 2) + "1]",
    "a map": "#{" + ",".join(f"{n}=>{n}" for n in range(MEGABYTE // 12)) + "}",
    "a binary": "<<" + "1," * (MEGABYTE // 2) + "1>>",
    "bits": "<<1:1," + "1:9," * (MEGABYTE // 4) + "1:1>>",
    "digits": "1" * MEGABYTE,
    "digits of another base": "36#" + "z" * MEGABYTE,
    "a string": '"' + "a\\n" * (MEGABYTE // 3) + '"',
    "an atom": "'" + "a" * MEGABYTE + "'",
}
WRONG = {
    "lists that never end": "[" * MEGABYTE,
    "a string that never ends": '"' + '\\"' * (MEGABYTE // 2),
    "an error at the end": "[" + "a," * (MEGABYTE // 2) + "}",
    "an error within": "{" * (MEGABYTE // 2) + "=>" + "}" * (MEGABYTE // 2),
    "no token": "#Abc<" * (MEGABYTE // 5),
    "white space": " \n" * (MEGABYTE // 2),
}
# Of processor time. Two seconds are what a megabyte may take; the machines that tests run on are slow and busy.
SECONDS = 8


@pytest.mark.parametrize("what", LONG)
def test_a_megabyte_of_text_is_read_in_seconds(what):
    before = time.process_time()
    terms.parse(LONG[what])
    assert time.process_time() - before < SECONDS


@pytest.mark.parametrize("what", WRONG)
def test_a_megabyte_of_text_is_refused_in_seconds_and_in_few_words(what):
    before = time.process_time()
    with pytest.raises(ParseError) as caught:
        terms.parse(WRONG[what])
    assert time.process_time() - before < SECONDS
    assert len(str(caught.value)) < 1_000


def test_what_was_printed_is_read_however_deep_it_is():
    deep = "a"
    for _ in range(25_000):
        deep = {"k": (1.5, [deep])}
    assert terms.exact_eq(terms.parse(terms.format("~w", [deep])), deep)


def test_integers_have_any_number_of_digits():
    assert terms.parse("36#" + "Z" * 5000) == 36**5000 - 1
    assert terms.parse("1" * 5000) == (10**5000 - 1) // 9
    with pytest.raises(ParseError, match=r"the base of 1{40}\.\.\. is not between 2 and 36"):
        terms.parse("1" * 5000 + "#1")
