"""Calls of `string`, old and new, and of `unicode`'s normal forms."""

from __future__ import annotations

from random import Random

from erlsim.terms import chars

ALPHABET = list("aabbcABC 12,.-+\n\t") + [
    "\r\n",
    "é",
    "ß",
    "Σ",
    "ǆ",
    "İ",
    "ﬁ",
    "e\u0301",
    "日",
    "\u1100\u1161\u11a8",
    "각",
    "👨\u200d👩",
]
ALPHABET += ["🇩🇪", "🇩", "👍🏽", "\u0903", "\u200b", "Å", "A\u030a", "ſ", "\u2028", "ά", "Ω", "\u0e33", "𝐀"]
NARROW = "aabbcABC  12,.-xyzÀé"
SETS = [" ", "ab", " \n\t", ["\r\n", "\n"], ["e\u0301", "a"], "", ",.", "é", "+-123"]
NUMBERS = [
    "12",
    "-7x",
    "+3",
    "1.5",
    "-2.5e3,",
    "1,5",
    "1e5",
    ".5",
    "1.",
    "",
    "a",
    "-",
    "1.0e400",
    "12abc",
    "0x1",
    "+1.25E-2z",
    "1.e5",
    "- 1",
]


def text(random, alphabet=ALPHABET, most=7):
    """A random text."""
    return "".join(random.choices(alphabet, k=random.randint(0, most)))


def shaped(random, value):
    """A text as a list or as a binary."""
    return chars(value) if random.random() < 0.6 else value.encode()


def a_set(random):
    """Clusters to look for."""
    return [ord(each) if len(each) == 1 else chars(each) for each in random.choice(SETS)]


def of_clusters(random):
    """The functions that know Unicode."""
    for _ in range(170):
        value = shaped(random, text(random))
        for function in random.sample(ONE, 5):
            yield "string", function, [value]
        count = random.randint(0, 4)
        yield "string", "slice", random.choice([[value, count], [value, count, random.randint(0, 4)]])
        yield (
            "string",
            "trim",
            random.choice([[value], [value, random.choice(WHERE)], [value, random.choice(WHERE), a_set(random)]]),
        )
        where = random.choice(["leading", "trailing"])
        yield "string", "take", [value, a_set(random), random.choice([True, False]), where]
        yield "string", "lexemes", [value, a_set(random)]
        yield "string", "nth_lexeme", [value, random.randint(1, 3), a_set(random)]
        yield "string", "pad", [value, random.randint(0, 9), random.choice(WHERE), random.choice([32, 46])]
        other = shaped(random, text(random, most=5))
        yield (
            "string",
            "equal",
            [value, random.choice([value, other]), random.choice([True, False]), random.choice(FORMS)],
        )


def of_parts(random):
    """The functions that look for texts."""
    for _ in range(80):
        whole = text(random, NARROW, 9)
        value, start = shaped(random, whole), random.randint(0, max(0, len(whole) - 1))
        pattern = shaped(random, random.choice([whole[start : start + random.randint(0, 2)], text(random, NARROW, 2)]))
        where = random.choice(["leading", "trailing"])
        yield "string", "prefix", [value, random.choice([pattern, chars(whole[:2])])]
        yield "string", "find", [value, pattern, where]
        yield "string", "split", [value, pattern, random.choice([where, "all"])]
        yield "string", "replace", [value, pattern, chars("<>"), random.choice([where, "all"])]


ONE = [
    "length",
    "is_empty",
    "to_graphemes",
    "next_grapheme",
    "next_codepoint",
    "reverse",
    "uppercase",
    "lowercase",
    "casefold",
]
ONE += ["titlecase", "chomp"]
WHERE = ["leading", "trailing", "both"]
FORMS = ["none", "nfc", "nfd", "nfkc", "nfkd"]


def of_old(random):
    """The functions of old."""
    for _ in range(80):
        value, other = chars(text(random, NARROW, 9)), chars(text(random, NARROW, 2))
        code, size = ord(random.choice(NARROW)), random.randint(0, 10)
        for function in ("str", "rstr", "span", "cspan", "tokens", "concat"):
            yield "string", function, [value, other]
        for function in ("chr", "rchr"):
            yield "string", function, [value, code]
        for function in ("left", "right", "centre"):
            yield "string", function, random.choice([[value, size], [value, size, 46]])
        for function in ("len", "to_upper", "to_lower"):
            yield "string", function, [value]
        yield (
            "string",
            "strip",
            random.choice([[value], [value, random.choice(["left", "right", "both"])], [value, "both", code]]),
        )
        yield "string", "words", random.choice([[value], [value, code]])
        yield "string", "sub_word", random.choice([[value, random.randint(1, 3)], [value, random.randint(1, 3), code]])
        start = random.randint(1, max(1, len(value)))
        yield "string", "substr", random.choice([[value, start], [value, start, random.randint(0, 3)]])
        yield "string", "copies", [other, random.randint(0, 3)]
        yield "string", "join", [[value, other, chars("c")], chars(", ")]
        yield "string", "to_upper", [code]
    for function in ("chars",):
        yield from [
            ("string", function, [65, 3]),
            ("string", function, [65, 2, chars("b")]),
            ("string", function, [65, 0]),
        ]


def calls():
    """All of them."""
    random = Random(19)
    yield from of_clusters(random)
    yield from of_parts(random)
    yield from of_old(random)
    for number in NUMBERS:
        for function in ("to_integer", "to_float"):
            yield "string", function, [chars(number)]
            yield "string", function, [number.encode()]
        yield "string", "list_to_integer", [chars(number)]
        yield "string", "list_to_float", [chars(number)]
    for _ in range(80):
        value = shaped(random, text(random))
        for form in ("nfc", "nfd", "nfkc", "nfkd"):
            yield "unicode", f"characters_to_{form}_{random.choice(['list', 'binary'])}", [value]
    for data in (b"", b"\xef\xbb\xbfa", b"\xfe\xff", b"\xff\xfe", b"\0\0\xfe\xff", b"\xff\xfe\0\0", b"abc"):
        yield "unicode", "bom_to_encoding", [data]
    for encoding in (
        "utf8",
        "latin1",
        "unicode",
        ("utf16", "big"),
        ("utf16", "little"),
        ("utf32", "big"),
        "utf16",
        "utf32",
    ):
        yield "unicode", "encoding_to_bom", [encoding]
