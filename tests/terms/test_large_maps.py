"""The order of maps with more than 32 keys, as `record_large_maps.escript` had it from OTP 25."""

from pathlib import Path

import pytest

from erlsim import terms
from erlsim.erl.library import maps_

_FILE = Path(__file__).parent / "data" / "large_maps.terms"
_RECORDED = [terms.parse(line) for line in _FILE.read_text(encoding="utf-8").split("\n") if line]


def a_map(keys):
    return terms.make_map((key, 0) for key in terms.sort(keys))


@pytest.mark.parametrize(("kind", "keys"), _RECORDED)
def test_large_maps_print_in_the_order_of_hashes(kind, keys):
    rows = ",".join(terms.format("~w => 0", [key]) for key in keys)
    assert terms.format("~w", [a_map(keys)]) == "#{" + rows + "}"


@pytest.mark.parametrize(("kind", "keys"), _RECORDED)
def test_large_maps_are_iterated_in_the_order_of_hashes_and_listed_from_behind(kind, keys):
    rows, iterated = a_map(keys), []
    following = maps_.next_(maps_.iterator(rows))
    while following != "none":
        iterated.append(following[0])
        following = maps_.next_(following[2])
    assert terms.exact_eq(iterated, keys)
    assert terms.exact_eq(maps_.keys(rows), keys[::-1])
    assert terms.exact_eq([key for key, _ in maps_.to_list(rows)], keys[::-1])


def test_small_maps_and_those_with_an_atom_among_their_keys_are_in_the_order_of_terms():
    small, mixed = [*range(32)], [*range(40), "a"]
    assert maps_.keys(a_map(small)) == small
    assert maps_.keys(a_map(mixed)) == mixed
