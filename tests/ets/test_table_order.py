"""The order in which OTP's hash tables list their keys, as `ets:tab2list/1` of OTP 25 was asked for it."""

import pytest

from erlsim import terms
from erlsim.ets.table_order import in_table_order, slot


def listed(*keys):
    return in_table_order(keys, lambda key: key)


def test_keys_are_listed_by_slot_the_last_slot_first():
    assert listed(*range(1, 11)) == [5, 6, 10, 1, 9, 2, 8, 4, 7, 3]
    assert listed("a", "b", b"bin", 5) == [5, b"bin", "b", "a"]
    assert listed(("t", 4), b"tv1", b"tv2") == [b"tv2", ("t", 4), b"tv1"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [((), 114), ((1,), 14), ((1, 2), 254), ((b"bin", 2), 173), (-1, 4), (1000000, 74), (b"hello world, longer", 120)],
)
def test_the_slot_of_a_key_is_the_low_byte_of_its_hash(key, expected):
    assert slot(key) == expected


def test_keys_of_other_kinds_are_listed_by_their_hash_too():
    text = (
        "[#{1 => 2.5},1180591620717411303424,[300|1.5],{[],0.0},-36893488147419103232,<<1,2,3:7>>,"
        "[1,2,3,4,5],1.5,<<5:3>>,-2.25]"
    )
    keys = terms.parse(text + ".")
    assert terms.format("~w", [listed(*terms.sort(keys))]) == text
