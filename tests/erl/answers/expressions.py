"""Calls of `re`: expressions of every kind, in many options, and random ones."""

from __future__ import annotations

from random import Random

from erlsim.terms import chars

WRONG = r"""
( a) * a** a{2}{3} ^* \b+ a{3,2} a{99999} [a [z-a] [[:foo:]] (?<=a*) \2 (?<n>a)(?<n>b) (?z) \ [\ \c (?P< (?<1a>x)
a+++ (?:a \g \k \x{zz} \x{110000} \x{100} (?#abc \p{Foo} \p [a-\d] (?(1)a) (?(1)a|b|c) (*FOO) \777 \u [:alpha:]
[[.a.]] (? (?P |* (|*) (?(?a)b) \o{9} \o1 \g{} \g0 \N{a} \E* [[:^foo:]] (?<>a) (?<a-b>x) (?'a (?'a>x) \k<x> \g{x}
(?P=x) (?P=x \g{-1} ()\g{-2} (?<= (?<a (?<abcdefghijklmnopqrstuvwxyzabcdefgh>x) (?<=a|b*) (?<!a+) (?<=(a|bc))
[[=a=]] (?(0)a) (?(<n>)a) (?(x)a) () (() a|) [] [^] [^]] []] \x{d800} [a-[:digit:]] [b-\x{61}] \p{L \pX \P{^L} \1
(a)\2 (?i (?i- (?-i:a (?= a) (?! (?>a [\B] [\R] [\X] [\N] [\A] \o{} \x{} a{1,2}{3} (?=a){2} (?i)* a(?i)* (?#c)*
a(?#c)* \Qa\E* \Qab\E+ \Q* \Q*\E+ {1} a{ a{} a{,} a{,5} a{1 a{1, x{0} (a){0} (?:)+ \A* \Z? \G+ (*UCP)\w
(*CRLF)a$ (*ANY). (*BSR_ANYCRLF)\R (*F)a a(*FAIL)|b \N+ \C+ \R+ \h+ \v+ \H+ \V+ \e \a \cA \cz \ca \ddd \08 \18 \81
(?:a|(*F))b [\d-z] [a\-z] [-a] [a-] [a-c-e] [\]] [\w-] [[:alpha:][:digit:]_] [^[:space:]] [[:^alpha:]] [\Qa-z\E]
[a\Q]\E] [[a] [a[:b]
""".split()
GOOD = r"""
abc a.c ^a a$ a|b (a)(b)? (a(b)?)* (?:a)(b) [abc]+ [^a] \d+ \w+ \s \bb \Bb a*? a+? a?? a{2} a{1,} a{1,2}? a*+ a++
a?+ (?>a+)b (?=b) (?!a). (?<=a)b (?<!a)b (?<=a|bc). (?<!a|bc). (?i)AB (?i:a)B a(?i)b|C (?s). (?m)^b (?m)a$ (?x)\ a\
b (?U)a+ (?U)a+? (?-i)a (?i-s)a (a)\1 (a|b)\1 (?<x>a)\k<x> (?P<x>a)(?P=x) (?'x'a)\k'x' \g{x} (a)\g1 (a)\g{-1}
(?(1)b|c) (a)?(?(1)b|c) (?<n>a)?(?(<n>)b|c) (?(?=a)a|b) (?(?!a)b|a) \Aa a\Z a\z \Qa.b\E \x61 \141 \o{141} \x{61}
[\x61-\x63] [a-c]{2} (|a) (a|) (|a)+ (a*)* (a*)+ (a|b*)* (?:a?)*? ((a)|b)* (a|ab)(c|bcd) (a+|b+)* () (?:) .* .+? ^ $
^$ (?m)^ (?m)$ \b \B a\b \Ba [[:alpha:]]+ [[:upper:]] [[:punct:]] [^\n] \n . a.+c (.)(.)(.) (a)|(b)|(c) (?=(a))
(?!(a))b (?<=(a))b (?:(a)|b)* (a)(?:(b)|c)+ (a(?=b)) x*y* (?:ab)?c a(?#comment)b \p{L} \P{L} \p{Lu} \pN [\p{Ll}\d]
\p{^L}
""".split()
SUBJECTS = [
    "",
    "a",
    "b",
    "ab",
    "abc",
    "aab",
    "bcd",
    "abab",
    "ab cd",
    "a\nb",
    "a\n",
    "\na",
    "a\r\nb",
    "aXb",
    "AB",
    "cba",
    "a.b",
    "1a2",
]
OPTIONS = [
    "anchored",
    "caseless",
    "dollar_endonly",
    "dotall",
    "extended",
    "firstline",
    "multiline",
    "no_auto_capture",
    "dupnames",
    "ungreedy",
    "ucp",
    ("newline", "cr"),
    ("newline", "crlf"),
    ("newline", "anycrlf"),
    ("newline", "any"),
    "bsr_anycrlf",
    "notbol",
    "noteol",
    "notempty",
    "notempty_atstart",
    "global",
    "report_errors",
    ("offset", 1),
    ("offset", 2),
]
CAPTURES = [
    ("capture", "all"),
    ("capture", "all", "list"),
    ("capture", "all", "binary"),
    ("capture", "first", "list"),
    ("capture", "all_but_first", "binary"),
    ("capture", "all_names", "list"),
    ("capture", "none"),
    ("capture", [1, 0], "list"),
    ("capture", ["n", chars("x"), 2], "binary"),
]
WIDE = ["é", "aé", "Éa", "日本", "a日b", "ſk", "İ", "Ωω", "a\u2028b", "a\x85b", "a\u00a0", "٣", "ǅ", "\U0001d400"]
WIDE_PATTERNS = r"""
é É . .. \w+ \W \x{e9} [é-ö] [^a] \p{Lu} \p{L}+ \d \s \h \R (?<=é). [[:alpha:]]+ (é)|(.) ω \b. (?i)ſ (?i)s ß \x{65e5} $
""".split()
REPLACEMENTS = [
    "",
    "x",
    "&",
    r"\1",
    r"[\0]",
    r"\g1",
    r"\g{1}x",
    r"\\",
    "a&b&",
    r"\2-\1",
    r"\g",
    "\\",
    r"\gx",
    r"\g{1",
    r"\10",
    r"\&",
]


def random_expression(random, depth=0):
    """A random expression of what PCRE and Python both have."""
    parts = []
    for _ in range(random.randint(1, 3)):
        kind = random.random()
        if kind < 0.45 or depth > 2:
            part = random.choice(["a", "b", "c", ".", "[ab]", "[^a]", r"\w", r"\d", r"\b", "^", "$", "", "ab"])
        elif kind < 0.6:
            part = f"({random_expression(random, depth + 1)})"
        elif kind < 0.7:
            part = f"(?:{random_expression(random, depth + 1)})"
        elif kind < 0.8:
            part = f"({random_expression(random, depth + 1)}|{random_expression(random, depth + 1)})"
        elif kind < 0.9:
            part = random.choice(["(?={})", "(?!{})", "(?>{})", "(?i:{})"]).format(random_expression(random, depth + 1))
        else:
            part = random.choice([r"\1", r"(?<=a)", "(?<!b)", r"(?<=ab|c)", "(?(1)a|b)"])
        if part and part[-1] not in "^$b" and random.random() < 0.4:
            part += random.choice(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,1}", "*+", "++"])
        parts.append(part)
    return "".join(parts)


def chosen(random, options, most):
    """Some of the options, and how to capture or not."""
    return random.sample(options, random.randint(0, most))


def of_wrong(random):
    """Expressions that PCRE refuses, or takes against expectation."""
    for pattern in map(chars, WRONG):
        yield "re", "compile", [pattern]
        yield "re", "compile", [pattern, [random.choice(["extended", "caseless", "unicode", "dupnames"])]]
        yield "re", "run", [chars(random.choice(SUBJECTS)), pattern, ["report_errors"]]
        yield "re", "run", [chars(random.choice(SUBJECTS)), pattern]


def of_good(random):
    """Expressions with many subjects and options."""
    for pattern in map(chars, GOOD):
        yield "re", "compile", [bytes(pattern)]
        for subject in random.sample(SUBJECTS, 8):
            yield "re", "run", [chars(subject), pattern, chosen(random, CAPTURES, 1)]
        for _ in range(8):
            options = [random.choice(OPTIONS), *chosen(random, OPTIONS, 2), *chosen(random, CAPTURES, 1)]
            subject = random.choice([each for each in SUBJECTS if len(each) > 1])
            yield "re", "run", [subject.encode(), pattern, options]
        for _ in range(3):
            options = chosen(random, ["global", "caseless", ("return", "list"), ("return", "binary")], 2)
            new = chars(random.choice(REPLACEMENTS))
            yield "re", "replace", [chars(random.choice(SUBJECTS)), pattern, new, options]
            options = chosen(random, ["group", "trim", ("parts", 2), ("return", "list"), ("parts", 0)], 2)
            yield "re", "split", [chars(random.choice(SUBJECTS)), pattern, options]


def of_wide(random):
    """Expressions on text beyond Latin-1."""
    for pattern in map(chars, WIDE_PATTERNS):
        for subject in random.sample(WIDE, 6):
            options = [*chosen(random, ["caseless", "ucp", "global"], 2), random.choice(CAPTURES[:5])]
            yield "re", "run", [chars(subject), pattern, ["unicode", *options]]
            yield "re", "replace", [chars(subject), pattern, chars("<&>"), ["unicode", "global", ("return", "list")]]
            kind = ("return", random.choice(["list", "binary"]))
            yield "re", "split", [subject.encode(), pattern, ["unicode", kind]]


def calls():
    """Calls of `run`, `compile`, `replace` and `split`."""
    random = Random(16)
    yield from of_wrong(random)
    yield from of_good(random)
    yield from of_wide(random)
    for _ in range(1200):
        subject = "".join(random.choices("aabbc\nA ", k=random.randint(0, 6)))
        options = chosen(random, ["global", "caseless", "multiline", "dotall", "ungreedy"], 2)
        pattern = random_expression(random)
        if "1" in pattern.replace("{1", ""):  # the first group is to be closed wherever it is referred to
            pattern = f"(a??){pattern}"
        yield "re", "run", [chars(subject), chars(pattern), options]
    yield from ODD


ODD = [
    ("re", "run", [chars("abc"), chars("b"), options])
    for options in [
        *([("capture", [-1])], [("capture", [chars("x"), b"y", "z", 7])], [("capture", [1.0])], [("capture", "foo")]),
        *(["foo"], ["global", "foo"], [("newline", "x")], [("capture", "all", "bar")], "foo", [("match_limit", -1)]),
        *([("capture", [])], [("capture", [["a"]])], [("capture", ("a",))], [("offset", 4), "global"], [("offset", 3)]),
        *([("capture", "all", "list"), ("capture", "first")], [("capture", "first"), ("capture", "all", "list")]),
        *([("offset", -1)], ["notempty_atstart", "anchored"]),
    ]
] + [
    ("re", "version", []),
    ("re", "run", [5, chars("a")]),
    ("re", "run", [[300], chars("a")]),
    ("re", "run", [[300], chars("a"), ["unicode"]]),
    ("re", "run", [b"\xff", chars("a"), ["unicode"]]),
    ("re", "run", [[b"a", [98, [99]]], [b"b", 99]]),
    ("re", "compile", ["a"]),
    ("re", "compile", [chars("a"), ["global"]]),
    ("re", "compile", [b"\xff", ["unicode"]]),
    ("re", "split", [chars("a,b"), chars(","), ["global"]]),
    ("re", "split", [chars("a,b"), chars("("), []]),
    ("re", "split", [chars("a,b"), chars(",")]),
    ("re", "replace", [chars("a,b"), chars(","), chars("x")]),
    ("re", "replace", [chars("a,b"), chars(","), chars("x"), [("capture", "all")]]),
    ("re", "replace", [chars("a,b"), chars("("), chars("x")]),
    ("re", "inspect", ["a", "namelist"]),
]
