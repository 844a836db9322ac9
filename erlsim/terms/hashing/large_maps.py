"""The order in which the BEAM goes through a large map.

A map of more than 32 keys is a tree there, with a node for each four bits of a key's hash, the lowest first. An
iterator goes through it from the smallest bits up, and so does what is printed; `maps:to_list/1`, `keys/1` and
`values/1` list from the largest down.
"""

from __future__ import annotations

from collections.abc import Mapping

from erlsim.releases import since
from erlsim.terms.hashing.internal import SMALL_MAP, NodeBound, internal_hash
from erlsim.terms.order import exact_sort_key
from erlsim.terms.term import Term


def large_map_rows(rows: Mapping[Term, Term]) -> list[tuple[Term, Term]] | None:
    """The rows of a map of more than 32 keys as an iterator of the BEAM gives them; `None` where nodes differ in it."""
    if len(rows) <= SMALL_MAP or since(26):  # whose hash is another
        return None
    try:
        # DIVERGES(otp): two keys of one map whose 32 bits of hash are the same (one pair of 2^32) are in the order of
        # terms; OTP hashes them once more, in a way that is not known here.
        paths = [(_path(name), exact_sort_key(name)) for name in rows]
    except NodeBound:
        return None
    pairs = list(rows.items())
    return [pairs[place] for place in sorted(range(len(pairs)), key=paths.__getitem__)]


def _path(name: Term) -> int:
    """The way to a key, as a number: its hash, the lowest four bits first."""
    return int(f"{internal_hash(name):08x}"[::-1], 16)
