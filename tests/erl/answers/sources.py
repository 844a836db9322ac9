"""Calls of `erl_scan` and `erl_parse`."""

from __future__ import annotations

from random import Random

from erlsim import terms
from erlsim.erl.library.syntax import erl_scan
from erlsim.erl.running.cells import outward
from erlsim.terms import chars

TEXTS = r"""
"abc ;; 'abc ;; $ ;; 1#2 ;; a \  ;; "\x{zz}" ;; 16# ;; 1.0e999 ;; "\xz" ;; $|%c ;; ` ;; a.b ;; 37#1 ;; a.
a. b ;; a.%x ;;   a   ;; "a" "b" ;; 'a b' ;; #r{a=1} ;; 16#ff ;; $a ;; $\n ;; 1_000 ;; 2.5e-3
X = foo(1, "ab"). ;; fun(A) when A > 1 -> [B || B <- A] end. ;; case X of a -> 1; _ -> 2 end. ;; f(X) -> X + 1.
f() -> . ;; foo( ;; foo( . ;; X = . ;; 1 2. ;; a -> b. ;; {a, [1 | b], #{c => -1}}. ;; <<1, 2:3/little>>.
#r{a = 1, _ = 2}. ;; X#r.a. ;; begin a, b end. ;; try f() catch _:_ -> ok after b end.
receive a -> b after 1 -> c end. ;; if A -> b; true -> c end. ;; A orelse B andalso not C. ;; -1 + 2 * 3 div 4.
[1, 2 | T]. ;; catch f(X). ;; fun lists:map/2. ;; fun f/1. ;; M:F(A). ;; -module(a). ;; -export([f/1]).
-record(r, {a, b = 1 :: integer()}). ;; -spec f(X :: integer()) -> atom(). ;; -type t() :: a | b.
f(X) when is_atom(X), X == a; true -> X; f(_) -> b. ;; "a" "b". ;; {}. ;; []. ;; #{}. ;; <<>>. ;; $a. ;; a:b.
#{a := B} = C. ;; << <<X>> || X <- L >>. ;; (a. ;; [a. ;; {a. ;; a, . ;; end. ;; a b c. ;; 1 + . ;; f(. ;; [1, .
#{a}. ;; #r. ;; <<a:. ;; case a of. ;; fun. ;; .
"""
TERMS = [
    1,
    "a",
    1.5,
    -1,
    [],
    (),
    b"",
    b"\1\2",
    chars("abc"),
    [1, 2],
    [300, 1],
    ("a", chars("b")),
    ["a", 98],
    {},
    {"a": 1},
    [chars("a")],
]
TERMS += [
    terms.bits(b"\xa0", 3),
    terms.bits(b"\1\xa0", 11),
    terms.cons([1], 2),
    terms.cons([97, 98], "c"),
    True,
    [[]],
    "",
    {1: [2]},
]
NODES = [
    ("atom", 1, "a"),
    ("op", 1, "-", ("integer", 1, 3)),
    ("var", 1, "X"),
    ("cons", 1, ("integer", 1, 1), ("nil", 1)),
    ("string", 1, [97]),
]
NODES += [
    ("bin", 1, [("bin_element", 1, ("string", 1, [97, 98]), "default", "default")]),
    ("op", 1, "++", ("nil", 1), ("nil", 1)),
]
NODES += [
    ("tuple", 1, [("char", 1, 97)]),
    ("map", 1, [("map_field_assoc", 1, ("atom", 1, "a"), ("nil", 1))]),
    ("float", 1, 1.5),
]
WORDS = ["case", "foo", "maybe", "end", "andalso"]


def of_texts(random):
    """Texts that are scanned and parsed."""
    texts = [each for line in TEXTS.strip("\n").split("\n") for each in line.split(" ;; ")]
    for text in [*texts, "", "\n\n a\n", "a\n b.\n", "'a\nb'", '"a\nb']:
        yield "erl_scan", "string", [chars(text)]
        location = random.choice([5, (1, 1), (3, 5)])
        yield "erl_scan", "string", [chars(text), location]
        for start in (1, location):
            found = outward(erl_scan.string(chars(text), start))
            if found[0] == "ok" and found[1]:
                for function in ("parse_exprs", "parse_form", "parse_term"):
                    yield "erl_parse", function, [found[1]]
    yield from [("erl_parse", function, [[]]) for function in ("parse_exprs", "parse_form", "parse_term")]
    for text in ("a b. c", "a. ", "1.5. x", "'a'.\n", "a.b. "):
        yield "erl_scan", "tokens", [[], chars(text), 1]
        yield "erl_scan", "tokens", [[], chars(text), (2, 3)]
    yield from [
        ("erl_scan", "tokens", [[], "eof", 1]),
        ("erl_scan", "string", ["a"]),
    ]


def of_terms(random):
    """Terms and the nodes that stand for them."""
    for term in TERMS:
        yield "erl_parse", "abstract", [term]
        yield (
            "erl_parse",
            "abstract",
            [term, random.choice([3, [("line", 3)], [("location", (1, 2))], [("encoding", "utf8")]])],
        )
    for node in NODES:
        yield "erl_parse", "normalise", [node]


def of_tokens():
    """What tokens, words and operators are."""
    for token in (("atom", 1, "a"), ("(", 2), ("var", (3, 4), "X"), ("dot", (1, 2)), "x"):
        for function in ("category", "symbol", "line", "column", "location", "text"):
            if token != "x" or function in ("category", "symbol"):
                yield "erl_scan", function, [token]
    yield from [("erl_scan", "reserved_word", [word]) for word in WORDS]
    for description in (
        ("string", 34, chars("abc")),
        ("illegal", "character"),
        "char",
        ("base", 1),
        ("string", 39, chars("a")),
    ):
        yield "erl_scan", "format_error", [description]
    for operator in ("=", "!", "+", "*", "==", "orelse", "andalso", "++", "#", ":", "foo"):
        yield "erl_parse", "inop_prec", [operator]
    yield from [("erl_parse", "preop_prec", [each]) for each in ("-", "not", "catch", "#", "foo")]
    yield from [("erl_parse", "func_prec", []), ("erl_parse", "max_prec", [])]


def of_annotations():
    """Annotations."""
    for anno in (5, (1, 2), [("location", 3)], [("location", (1, 2)), ("text", chars("ab"))], 0):
        for function in (
            "line",
            "column",
            "location",
            "is_anno",
            "text",
            "file",
            "generated",
            "record",
            "end_location",
        ):
            yield "erl_anno", function, [anno]
        yield "erl_anno", "set_generated", [True, anno]
        yield "erl_anno", "set_text", [chars("x"), anno]
        yield "erl_anno", "set_location", [7, anno]
    yield from [("erl_anno", "is_anno", [each]) for each in ("a", (0,), -1, [], (1, 0))]


def calls():
    """All of them."""
    random = Random(21)
    yield from of_texts(random)
    yield from of_terms(random)
    yield from of_tokens()
    yield from of_annotations()
