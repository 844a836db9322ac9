"""Calls of `filename`, and of `os` as far as every system answers alike."""

from __future__ import annotations

from random import Random

from erlsim.terms import chars

FIXED = [
    "",
    ".",
    "..",
    "/",
    "//",
    "/.",
    "./",
    "a/..",
    "/a/./b",
    ".profile",
    "a.",
    "a.b.c",
    "/usr/lib/erl.tar.gz",
    "a b",
    "é",
    "日",
]
ENDS = ["", ".", ".b", "b", "a", ".b.c", "/", ".tar.gz", "profile"]
ONE = ["basename", "dirname", "extension", "rootname", "split", "nativename", "flatten", "pathtype", "validate"]
TWO = ["join", "append", "absname", "absname_join"]


def shaped(random, text):
    """The name as a string, a binary, an atom or a deep list."""
    kind = random.random()
    if kind < 0.55:
        return chars(text)
    if kind < 0.85 and "日" not in text:
        return text.encode()
    if kind < 0.92:
        return [chars(text[:1]), [[chars(text[1:])]]]
    return text


def calls():
    """Calls with fixed and random names."""
    random = Random(17)
    names = FIXED + ["".join(random.choices("ab./", k=random.randint(1, 7))) for _ in range(120)]
    for name in names:
        for function in ONE:
            if function != "validate" or name:
                yield "filename", function, [shaped(random, name)]
        for function in ("basename", "rootname"):
            yield "filename", function, [shaped(random, name), shaped(random, random.choice(ENDS))]
        for function in TWO:
            yield "filename", function, [shaped(random, random.choice(names)), shaped(random, name)]
        yield "filename", "join", [[shaped(random, each) for each in random.choices(names, k=random.randint(1, 3))]]
    for odd in (1, {}):
        for function in ONE[:-1]:
            yield "filename", function, [odd]
    yield from [("filename", "join", [[]]), ("os", "type", []), ("os", "getenv", [chars("ERLSIM_NOT_SET")])]
    yield "os", "getenv", [chars("ERLSIM_NOT_SET"), "none"]
    yield from [
        ("os", "putenv", [chars("a=b"), chars("c")]),
        ("os", "putenv", [chars(""), chars("c")]),
        ("os", "unsetenv", ["a"]),
    ]
    yield from [
        ("file", "format_error", [each])
        for each in ("enoent", "eexist", "eisdir", "enotdir", "badarg", "foo", "eacces")
    ]
