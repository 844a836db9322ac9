"""Calls of what merges lists, of `binary`, `proplists` and `maps`."""

from __future__ import annotations

from random import Random

from erlsim import terms

ITEMS = [1, 2, 3, 4, 1.0, 2.0, "a", "b", b"x", (1, 2)]
MERGES = ["merge", "umerge", "rmerge", "rumerge"]


def items(random, once=False, backwards=False):
    """A sorted list."""
    found = terms.sort(random.choices(ITEMS, k=random.randint(0, 5)))
    if once:
        found = [each for place, each in enumerate(found) if not place or not terms.eq(found[place - 1], each)]
    return found[::-1] if backwards else found


def rows(random, once, backwards):
    """Tuples sorted by their first element."""
    return [(each, random.randint(1, 9)) for each in items(random, once, backwards)]


def of_lists(random):
    """Functions that merge, and others."""
    for _ in range(80):
        for name in MERGES:
            once, backwards = "u" in name, name.startswith("r")
            lists = [items(random, once, backwards) for _ in range(3)]
            yield "lists", name, lists[:2]
            yield "lists", f"{name}3", lists
            fun = terms.ExportedFun("erlang", "=<", 2)
            yield "lists", name, [fun, *lists[:2]]
            key = {"merge": "keymerge", "umerge": "ukeymerge", "rmerge": "rkeymerge", "rumerge": "rukeymerge"}[name]
            yield "lists", key, [1, rows(random, once, backwards), rows(random, once, backwards)]
        yield "lists", "merge", [[items(random) for _ in range(random.randint(0, 4))]]
        yield "lists", "umerge", [[items(random, True) for _ in range(random.randint(0, 4))]]
        mixed = random.choices(ITEMS, k=6)
        yield "lists", "uniq", [mixed]
        yield "lists", "uniq", [terms.ExportedFun("erlang", "is_atom", 1), mixed]
        yield "lists", "usort", [terms.ExportedFun("erlang", "=<", 2), mixed]
        yield "lists", "zf", [terms.ExportedFun("erlang", "is_number", 1), mixed]
    yield "lists", "merge", [[3, 1], [2]]
    yield from [("lists", name, ["a", [1]]) for name in MERGES]


def of_binaries(random):
    """`binary`, with all options."""
    for _ in range(150):
        data = bytes(random.choices(b"abc,", k=random.randint(0, 10)))
        pattern = bytes(random.choices(b"abc,", k=random.randint(1, 2)))
        if random.random() < 0.3:
            pattern = [pattern, b"b", bytes(random.choices(b"ab", k=3))]
        scope = [("scope", (random.randint(-1, 6), random.randint(-3, 5)))] if random.random() < 0.3 else []
        yield "binary", "match", [data, pattern, scope]
        yield "binary", "matches", [data, pattern, scope]
        yield (
            "binary",
            "split",
            [data, pattern, scope + random.sample(["global", "trim", "trim_all"], random.randint(0, 2))],
        )
        insert = [("insert_replaced", random.choice([0, 1, 2, [0, 1], [5]]))] if random.random() < 0.4 else []
        yield (
            "binary",
            "replace",
            [data, pattern, b"<>", scope + insert + random.sample(["global"], random.randint(0, 1))],
        )
        yield "binary", "bin_to_list", [data, random.randint(0, 3), random.randint(-2, 4)]
        words = [bytes(random.choices(b"ab", k=random.randint(0, 4))) for _ in range(random.randint(1, 3))]
        yield "binary", "longest_common_prefix", [words]
        yield "binary", "longest_common_suffix", [words]
    for value in (0, 1, 255, 256, 1 << 70, -1, "a"):
        for more in ([], ["little"], ["big"], ["x"]):
            yield "binary", "encode_unsigned", [value, *more]
    for data in (b"", b"\0", b"\1\2", "a", b"\xff" * 9):
        for more in ([], ["little"], ["big"], ["x"]):
            yield "binary", "decode_unsigned", [data, *more]
    yield from [
        ("binary", "longest_common_prefix", [[]]),
        ("binary", "match", [b"a", b""]),
        ("binary", "match", [b"a", []]),
    ]
    yield from [
        ("binary", "split", [b"a", b"b", ["x"]]),
        ("binary", "replace", [b"a", b"a", "x"]),
        ("binary", "match", ["a", b"a"]),
    ]


ENTRIES = ["a", "b", "c", ("a", 1), ("b", True), ("a", False), ("c", 1, 2), ("b",), 5, (1, "x"), ("d", "e"), True]


def of_entries(random):
    """`proplists` and `maps`."""
    for _ in range(120):
        entries = random.choices(ENTRIES, k=random.randint(0, 6))
        aliases = [(random.choice("abcd"), random.choice("abxy")) for _ in range(random.randint(0, 3))]
        expansions = [(random.choice(["a", ("a", 1), "b", ("d", "e")]), random.choices(ENTRIES, k=2)) for _ in range(2)]
        yield "proplists", "substitute_aliases", [aliases, entries]
        yield "proplists", "substitute_negations", [aliases, entries]
        yield "proplists", "expand", [expansions, entries]
        stages = random.sample(
            [("aliases", aliases), ("negations", aliases), ("expand", expansions)], random.randint(0, 3)
        )
        yield "proplists", "normalize", [entries, stages]
        yield "proplists", "to_map", [entries, stages]
        yield "proplists", "to_map", [entries]
        yield "proplists", "split", [entries, random.choices(["a", "b", "c", 1, True], k=random.randint(0, 3))]
        left = terms.make_map((each, 1) for each in random.choices(ITEMS, k=4))
        right = terms.make_map((each, 2) for each in random.choices(ITEMS, k=4))
        yield "maps", "intersect", [left, right]
        kinds, sizes = terms.ExportedFun("erlang", "is_atom", 1), terms.ExportedFun("erlang", "is_number", 1)
        yield "maps", "groups_from_list", [kinds, sizes, random.choices(ITEMS, k=5)]
        yield "maps", "intersect_with", [terms.ExportedFun("lists", "keyfind", 3), left, random.choice([{}, "x"])]
    yield from [("maps", "intersect", ["a", {}]), ("maps", "intersect", [{}, "a"])]


def calls():
    """All of them."""
    random = Random(20)
    yield from of_lists(random)
    yield from of_binaries(random)
    yield from of_entries(random)
