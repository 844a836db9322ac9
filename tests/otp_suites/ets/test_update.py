"""ets_SUITE: counters and elements updated in place."""

import pytest

from erlsim import erlang, ets
from erlsim.terms import chars, cons
from tests.otp_suites.ets.kit import SETS, case, fails, options

pytestmark = pytest.mark.usefixtures("sim")

BIG32, BIG64 = 0x12345678, 0x123456789ABCDEF0


def values_to_move_between():
    big_map = {number: number for number in range(1, 34)}
    numbers = [623, -27, BIG32, -BIG32, BIG64, -BIG64, BIG32 * BIG32, -BIG32 * BIG64, BIG64 * BIG64]
    others = [chars("A"), chars("Sverker"), [], (12, -132), (), bytes((45, 232, 0)), bytes(range(1, 101)), len]
    return [*numbers, *others, erlang.make_ref(), erlang.self(), "ok", {"a": "value", 1.0: b""}, big_map]


CASES = [
    (("key", "val"), 1, 2),
    (("val", "key"), 2, 1),
    (("key", "val"), 1, [2]),
    (("key", "val", "val"), 1, [2, 3]),
    (("val", "key", "val", "val"), 2, [3, 4, 1]),
    (("val", "val", "key", "val"), 3, [1, 4, 1, 2]),
    (("val", "val", "val", "key"), 4, [2, 1, 2, 3]),
]


def changed(row, changes):
    elements = list(row)
    for position, value in [changes] if isinstance(changes, tuple) else changes:
        elements[position - 1] = value
    return tuple(elements)


@case("update_element")
@pytest.mark.parametrize("type", SETS)
@options()
def test_update_element(opts, type):
    values = values_to_move_between()
    for row, keypos, positions in CASES:
        tab = ets.new("set", [type, ("keypos", keypos), *opts])
        for key in (
            17,
            chars("seventeen"),
            b"seventeen",
            (17,),
            bytes(range(1, 101)),
            erlang.make_ref(),
            erlang.self(),
        ):
            there = changed(row, (keypos, key))
            ets.insert(tab, there)
            for step in range(1, len(values)):
                for start in range(0, len(values), 5):
                    chosen = [values[(start + step * place) % len(values)] for place in range(1, 5)]
                    if isinstance(positions, int):
                        changes = (positions, chosen[0])
                    else:
                        changes = list(zip(positions, chosen, strict=False))
                    assert ets.update_element(tab, key, changes) is True
                    there = changed(there, changes)
                    assert ets.lookup(tab, key) == [there]
            assert [ets.lookup_element(tab, key, place) for place in range(1, len(there) + 1)] == list(there)
    refuses_bad_elements(ets.new("set", [type, *opts]))
    for bag in ("bag", "duplicate_bag"):
        assert fails(ets.update_element, ets.new("bag", [bag, *opts]), "key", (2, 1))


def refuses_bad_elements(tab):
    row = ("key", 0, chars("Hej"))
    ets.insert(tab, row)
    good, other = (2, 1), (3, chars("Hello"))
    for bad in (False, (2,), (2, 1, False), (False, 1), (0, 1), (1, 1), (-1, 1), (4, 1)):
        for changes in (
            *[bad, [good, bad], [bad, good], [good, other, bad], [other, good, bad], [good, bad, other]],
            *[[bad, other, good], cons([good], bad), cons([good], other)],
        ):
            assert fails(ets.update_element, tab, "key", changes)
            assert ets.lookup(tab, "key") == [row]
    assert ets.update_element(tab, "key", []) is True
    assert ets.update_element(tab, False, []) is ets.update_element(tab, False, good) is False
    ets.delete(tab, "key")
    assert ets.update_element(tab, "key", good) is False
    ets.delete(tab)
    assert fails(ets.update_element, tab, "key", good)


def counted(row, operations):
    """What `update_counter` makes of a row, and what it answers."""
    if isinstance(operations, list):
        answers = []
        for operation in operations:
            row, answer = counted(row, operation)
            answers.append(answer)
        return row, answers
    position, increment, *limit = operations
    value = row[position - 1] + increment
    if limit and ((increment > 0 and value > limit[0]) or (increment < 0 and value < limit[0])):
        value = limit[1]
    return changed(row, (position, value)), value


def count(tab, row, times, operations):
    """Do the same many times, with the row and with a copy of it as default: the row in the end."""
    for _ in range(times):
        row, answer = counted(row, operations)
        [default] = ets.lookup(tab, "a")
        assert ets.update_counter(tab, "a", operations) == answer
        assert ets.update_counter(tab, "b", operations, default) == answer
        assert ets.lookup(tab, "a") == [row]
        assert ets.take(tab, "b") == [("b", *row[1:])]
    return row


SMALL32, SMALL64, MAX32, MAX64 = (1 << 27) - 1, (1 << 59) - 1, (1 << 32) - 1, (1 << 64) - 1
VERY_BIG = 1 << 20000


@case("update_counter")
@pytest.mark.parametrize("type", SETS)
@pytest.mark.parametrize("fixed", [True, False])
@options()
def test_update_counter(opts, type, fixed):
    tab = ets.new("set", [type, *opts])
    ets.safe_fixtable(tab, fixed)
    ets.insert(tab, ("a", 1, 1))
    assert ets.update_counter(tab, "a", 100) == 101 and ets.lookup(tab, "a") == [("a", 101, 1)]
    assert ets.update_counter(tab, "a", (3, 100)) == 101 and ets.lookup(tab, "a") == [("a", 101, 101)]
    row = zero = ("a", 0, 0, 0, 0)
    ets.insert(tab, zero)
    steps = 10
    limits = (SMALL32, SMALL64, MAX32, MAX64)
    for sign in (2, -4, 2):
        for place, limit in enumerate(limits, 2):
            row = count(tab, row, steps, (place, sign * (limit // steps)))
    assert row == zero
    for sign in (2, -4, 2):
        row = count(tab, row, steps, [(place, sign * (limit // steps)) for place, limit in enumerate(limits, 2)])
    assert row == zero
    part = MAX64 // steps
    row = count(tab, row, steps, [(5, 2 * part), (3, 2 * part + 1), (2, -2 * part), (4, -2 * part + 1)])
    row = count(tab, row, steps, [(5, -part + 1), (3, -2 * part - 1), (5, -part - 1), (4, 2 * part - 1)])
    row = count(tab, row, steps, [(2, part - 1), (4, MAX64 * 2), (2, part + 1), (4, -MAX64 * 2)])
    assert row == zero
    wrapping = [
        (3, SMALL32 * 4 // 5, SMALL32 * 2, -SMALL32 * 2),
        (5, -SMALL64 * 4 // 7, -SMALL64 * 2, SMALL64 * 2),
        (4, -MAX32 * 4 // 11, -MAX32 * 2, MAX32 * 2),
        (2, MAX64 * 4 // 13, MAX64 * 2, -MAX64 * 2),
    ]
    for operations in [wrapping, *wrapping]:
        row = count(tab, row, 50, operations)
    mixed = [wrapping[0], (5, -SMALL64 * 4 // 3), (3, -SMALL32 * 4 // 11), (5, 0), (4, VERY_BIG), (4, 1)]
    count(tab, row, 50, [*mixed, wrapping[1], wrapping[3]])
    refuses_bad_counters(tab)
    for bag in ("bag", "duplicate_bag"):
        assert fails(ets.update_counter, ets.new("bag", [bag, *opts]), "key", 1)


def refuses_bad_counters(tab):
    row = ("key", 0, False, 1)
    ets.insert(tab, row)
    good, other, wrapping = (2, 1), (4, -100), (4, 100, 50, 0)
    bad_ones = [False, (2,), (2, False), (False, 1), (0, 1), (-1, 1), (1, 1), (3, 1), (5, 1)]
    for bad in [*bad_ones, (2, 1, 100), (2, 1, 100, 0, False), (2, 1, False, 0), (2, 1, 0, False)]:
        for operations in (
            *[bad, [good, bad], [bad, good], [good, other, bad], [wrapping, good, bad], [good, bad, wrapping]],
            *[[bad, wrapping, good], cons([good], bad), cons([good], (4, 1))],
        ):
            assert fails(ets.update_counter, tab, "key", operations)
            assert ets.lookup(tab, "key") == [row]
    assert fails(ets.update_counter, tab, False, 1)
    ets.delete(tab, "key")
    assert fails(ets.update_counter, tab, "key", 1)
    ets.delete(tab)
    assert fails(ets.update_counter, tab, "key", 1)


@case("update_counter_with_default")
@pytest.mark.parametrize("type", SETS)
@options()
def test_update_counter_with_default(opts, type):
    tab = ets.new("a", [type, *opts])
    keys = ["foo", ("foo", "bar")]
    if type == "ordered_set":
        keys += [(1.0, 1), (2, 2.0)]
    for size, key in enumerate(keys, 1):
        numbers = isinstance(key, tuple) and not isinstance(key[0], str)
        first, second = key if numbers else (key, key)
        for name, operation, answer in [(first, 2, 3), (second, 2, 5), (first, [(2, 4)], [9])]:
            assert ets.update_counter(tab, name, operation, (("some", "cheese"), 1)) == answer
            assert ets.info(tab, "size") == size
    assert fails(ets.update_counter, tab, "qux", 3, ("saint", "félicien"))
    assert fails(ets.update_counter, tab, "qux", [(3, 1)], ("roquefort", 1))
    assert ets.info(tab, "size") == len(keys)


@case("update_counter_with_default_bad_pos")
@options("ordered_set")
def test_update_counter_with_default_bad_pos(opts):
    tab = ets.new("a", opts)
    assert fails(ets.update_counter, tab, 101065, (1, 1), (101065, 0))
    assert ets.info(tab, "size") == 0
