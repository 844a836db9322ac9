"""Calls of `term_to_binary`, `binary_to_term` and what `erlang` says of its node."""

from __future__ import annotations

import zlib
from random import Random

from erlsim import terms
from erlsim.erl.library.values.external import encode
from erlsim.terms import chars

INTEGERS = [
    0,
    1,
    -1,
    255,
    256,
    -128,
    1 << 27,
    -(1 << 27),
    (1 << 31) - 1,
    1 << 31,
    -(1 << 31),
    -(1 << 31) - 1,
    1 << 63,
    -(1 << 64),
    10**30,
]
ATOMS = ["a", "", "true", True, False, "nil", "é", "日本", "a b", "x" * 255, "ÿ" * 200]
FLOATS = [0.0, 1.5, -2.25, 1e300, 1.0e-300, 0.1]


def random_term(random, depth=0):
    """A random term."""
    kind = random.random()
    if depth > 3 or kind < 0.5:
        pick = random.randrange(7)
        return [
            random.choice(INTEGERS),
            random.randint(-(1 << random.randint(1, 80)), 1 << random.randint(1, 80)),
            random.choice(ATOMS[:9]),
            random.choice(FLOATS),
            random.randbytes(random.randint(0, 5)),
            terms.bits(random.randbytes(2), random.randint(9, 15)),
            random.choices(range(256), k=random.randint(0, 4)),
        ][pick]
    items = [random_term(random, depth + 1) for _ in range(random.randint(0, 4))]
    if kind < 0.65:
        return items
    if kind < 0.8:
        return tuple(items)
    if kind < 0.85 and items:
        return terms.cons(items, random.choice(["t", 5, b"x"]))
    return terms.make_map((each, random_term(random, depth + 1)) for each in items)


def broken(random, data):
    """The bytes with a mistake in them."""
    place = random.randrange(1, len(data))
    kind = random.randrange(3)
    if kind == 0:
        return data[:place]
    if kind == 1:
        return data[:place] + bytes([random.randrange(256)]) + data[place + 1 :]
    return data + b"\1"


def of_bytes(random):
    """Terms to bytes and back."""
    found = [
        *INTEGERS,
        *ATOMS,
        *FLOATS,
        [],
        (),
        {},
        [1] * 300,
        tuple([7] * 256),
        1 << 2040,
        (1 << 2040) - 1,
    ]
    found += [terms.ExportedFun("lists", "map", 2), dict.fromkeys(range(32), "x"), chars("日本")]
    found += [random_term(random) for _ in range(220)]
    for term in found:
        yield "erlang", "term_to_binary", [term]
        option = random.choice(
            ["compressed", ("compressed", 1), ("compressed", 9), ("minor_version", 0), ("minor_version", 2)]
        )
        yield "erlang", "term_to_binary", [term, [option]]
        data = encode(term, random.choice([1, 1, 2]), random.choice([0, 0, 6]))
        yield "erlang", "binary_to_term", [data]
        yield "erlang", "binary_to_term", [data + bytes(random.randint(0, 2)), ["used"]]
        yield "erlang", "binary_to_term", [broken(random, data)]
    for size in (10, 13, 14, 15, 16, 100, 1000):
        yield "erlang", "term_to_binary", [[1] * size, ["compressed"]]
        yield "erlang", "term_to_binary", [[1000] * size, ["compressed"]]
    for options in (["foo"], "foo", [("minor_version", 3)], [("compressed", 10)], ["safe"]):
        yield "erlang", "term_to_binary", ["a", options]
        yield "erlang", "binary_to_term", [b"\x83a\1", options]
    for data in (
        b"",
        b"\x83",
        b"\x82a\1",
        "a",
        b"\x83P\0\0\0\1x",
        b"\x83t\0\0\0\2a\1a\1a\1a\2",
        b"\x83c1.5",
        b"\x83s\1x",
    ):
        yield "erlang", "binary_to_term", [data]
    yield "erlang", "binary_to_term", [b"\x83P\0\0\0\2" + zlib.compress(b"a\5")]
    yield "erlang", "binary_to_term", [b"\x83P\0\0\0\3" + zlib.compress(b"a\5")]


def of_node():
    """The rest."""
    yield from [
        ("erlang", "is_alive", []),
        ("erlang", "nodes", ["this"]),
        ("erlang", "nodes", ["foo"]),
        ("erlang", "get_cookie", []),
    ]
    yield from [
        ("erlang", "nodes", [["visible", "this"]]),
        ("erlang", "disconnect_node", ["a@b"]),
        ("erlang", "memory", ["foo"]),
    ]
    yield from [
        ("erlang", "monitor_node", ["a@b", True]),
        ("erlang", "monitor_node", [1, True]),
        ("erlang", "check_old_code", ["lists"]),
    ]
    for text in ("<0.1.0>", "<0.x.0>", "<0.32767.1>", "", "<1.2.3", "0.1.2"):
        yield "erlang", "list_to_pid", [chars(text)]
    for text in ("#Ref<0.1.2>", "x"):
        yield "erlang", "list_to_ref", [chars(text)]
    for rows in ([], [(1, "b")], [(1, "b"), (3, "c"), (1, "d")], [(4, "b")], ["x"], [(0, "b")], "x"):
        yield "erlang", "make_tuple", [3, "a", rows]
    yield from [
        ("erlang", "append", [[1], [2]]),
        ("erlang", "append", ["a", [2]]),
        ("erlang", "subtract", [[1, 2, 1], [1]]),
    ]
    fun = terms.ExportedFun("lists", "map", 2)
    yield from [
        ("erlang", "fun_to_list", [fun]),
        ("erlang", "fun_info", [fun]),
        ("erlang", "fun_info", ["a"]),
        ("erlang", "fun_to_list", [1]),
    ]
    for items in ([chars("a"), b"b", [b""]], [], b"", b"x", "a", [256], 1):
        yield "erlang", "iolist_to_iovec", [items]
    for when in (
        ((2024, 1, 1), (0, 0, 0)),
        ((1960, 2, 29), (23, 59, 59)),
        ((2023, 2, 29), (0, 0, 0)),
        "a",
        ((2024, 1, 1), (24, 0, 0)),
    ):
        yield "erlang", "universaltime_to_posixtime", [when]
    for seconds in (0, -1, 1704067200, 86399, "a"):
        yield "erlang", "posixtime_to_universaltime", [seconds]
    for first, second, size in (
        (1, 2, 3),
        (0xFFFFFFFF, 5, 1000),
        (12345678, 0xDEADBEEF, 0),
        (7, 7, 65521),
        (1 << 32, 1, 1),
    ):
        yield "erlang", "crc32_combine", [first, second, size]
        yield "erlang", "adler32_combine", [first & 0xFFF0FFF0, second & 0xFFF0FFF0, size]


def calls():
    """All of them."""
    yield from of_bytes(Random(18))
    yield from of_node()
