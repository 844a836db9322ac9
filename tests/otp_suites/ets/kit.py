"""What the cases of ets_SUITE share: tables with every combination of options, filled as the suite fills them."""

import itertools

import pytest

from erlsim import erlang, ets, terms
from erlsim.errors import ErlangException

END = "$end_of_table"
SETS = ["set", "ordered_set"]
BAGS = ["bag", "duplicate_bag"]
TYPES = SETS + BAGS
SPEED = [
    [],
    [("write_concurrency", True), ("read_concurrency", True), "compressed"],
    [("write_concurrency", "auto"), ("decentralized_counters", True)],
]
"""Options that must not make a difference; the suite goes through all their combinations."""


def case(name, **options):
    """Marks the test of one case of the suite; `partial` says what of a case is left out."""
    return pytest.mark.otp_case("ets_SUITE", name, **options)


def options(*types):
    """Parametrizes a test with options: each type with each of `SPEED`."""
    chosen = [[type, *speed] for type, speed in itertools.product(types, SPEED)] if types else SPEED
    return pytest.mark.parametrize("opts", chosen, ids=lambda opts: "-".join(map(str, opts)) or "none")


def fails(function, *args, reason="badarg"):
    """Whether a call is `error:badarg`."""
    try:
        function(*args)
    except ErlangException as exc:
        return (exc.kind, exc.reason) == ("error", reason)
    return False


def text(number):
    """`integer_to_list/1`."""
    return terms.chars(str(number))


def make(name, opts, rows=()):
    """A table with rows inserted one by one."""
    tab = ets.new(name, opts)
    for row in rows:
        ets.insert(tab, row)
    return tab


def sorted_rows(rows):
    return terms.sort(rows)


def fill(tab, value):
    """Four rows with keys of different kinds."""
    for key in ("key", ("a", 144), ("a", "key2"), 14):
        ets.insert(tab, (key, value))


def fill_int(tab, count):
    """`(N, text of N)` for N from `count` down to 1."""
    for n in range(count, 0, -1):
        ets.insert(tab, (n, text(n)))
    return tab


def fill_pairs(tab, count):
    """Two rows a key, the keys even: what a bag is filled with."""
    for n in range(count, 0, -1):
        ets.insert(tab, (n + n % 2, text(n)))
    return tab


def fill_twins(tab, count):
    """Two equal rows a key, the keys even: what a duplicate_bag is filled with."""
    for n in range(count, 0, -1):
        ets.insert(tab, (n + n % 2, text(n + n % 2)))
    return tab


FILLERS = {"set": fill_int, "ordered_set": fill_int, "bag": fill_pairs, "duplicate_bag": fill_twins}


def of_every_type(count, opts=()):
    """A table of each type, filled."""
    return [FILLERS[type](ets.new("xxx", [type, *opts]), count) for type in TYPES]


def every_key(tab, start=ets.first, step=ets.next):
    """The keys in the order of traversal."""
    keys, key = [], start(tab)
    while key != END:
        keys.append(key)
        key = step(tab, key)
    return keys


def check(tab, holds, count):
    """The table has `count` rows, all of which satisfy `holds`."""
    assert ets.info(tab, "size") == count
    for key in every_key(tab):
        assert all(holds(row) for row in ets.lookup(tab, key))


def in_portions(answer, go_on=ets.select):
    """All values of a query with a limit."""
    found = []
    while answer != END:
        values, continuation = answer
        found += values
        answer = go_on(continuation)
    return found


def every_kind_of_term():
    """Terms of every kind, to be keys and values."""
    big = 1 << (8 * 257)
    return [
        *["atom", "", "a", "abcdefgh", True],
        *[
            1,
            42,
            -23,
            256,
            1.0,
            183749783987483978498378478393874,
            -37894183749783987483978498378478393874,
            big,
            1 - big,
        ],
        *[[], terms.chars("abcdef"), ["a", "b", 1, 2], terms.cons(["a"], "b")],
        *[(), (1,), ("a", "b"), tuple(range(256)), tuple(range(257))],
        *[("trace_ts", ("even_bigger", ("some_data", bytes(range(1, 11)))), (1, 2, 3))],
        *[erlang.make_ref(), [erlang.make_ref(), erlang.make_ref()], erlang.self()],
        *[bytes(range(15)), bytes(range(66)), bytes(range(256)), b""],
        *[terms.bits(b"\x80", 1), terms.bits(b"\x0a\x80", 10), {}, {"a": [1]}, terms.make_map([(1, "a"), (1.0, "b")])],
        *[len, [len] * 32],
    ]


async def ended(ref):
    """Wait for a monitored process to end as it should."""
    *_, reason = await erlang.receive(("DOWN", ref, ..., ..., ...))
    assert reason == "normal"
