"""Maps in compiled code: dicts, or `TermMap`s where a dict could not tell the keys apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from erlsim import terms
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import Pid, Ref, Term, TermMap
from erlsim.terms.hashing import large_map_rows
from erlsim.terms.order import listing_key

__in_stacks__ = False


class _Absent:
    __slots__ = ()


ABSENT: Final = _Absent()
# Keys that a dict tells apart from all others that are not of `_NUMERIC`.
_SAFE = frozenset({str, bytes, Pid, Ref})
_NUMERIC = frozenset({int, float, bool})


def is_map(term: Term) -> bool:
    """`is_map/1`."""
    return type(term) is dict or type(term) is TermMap


def make(pairs: Iterable[tuple[Term, Term]]) -> Term:
    """The map of some pairs; the later wins."""
    rows = list(pairs)
    kinds = {type(name) for name, _ in rows}
    if kinds <= _SAFE or kinds == {int}:
        return dict(rows)
    return terms.make_map((outward(name), value) for name, value in rows)


def find(name: Term, rows: Any) -> Any:
    """The value of a key, or `ABSENT`."""
    if type(rows) is dict:
        kind = type(name)
        if kind in _SAFE:
            return rows.get(name, ABSENT)
        if kind in _NUMERIC:
            value = rows.get(name, ABSENT)
            if value is not ABSENT and not any(type(each) is kind and each == name for each in rows if each == name):
                return ABSENT
            return value
        name = outward(name)
        for each, value in rows.items():
            if type(each) is type(name) and terms.exact_eq(each, name):
                return value
        return ABSENT
    name = outward(name)
    return rows.get(name, ABSENT)


def put(rows: Any, pairs: Sequence[tuple[Term, Term]], exact: Sequence[Term] = ()) -> Term:
    """`Map#{K => V, ...}`; the keys in `exact` have to be there."""
    if not is_map(rows):
        raise Failed(("badmap", outward(rows)))
    for name in exact:
        if find(name, rows) is ABSENT:
            raise Failed(("badkey", outward(name)))
    if type(rows) is dict and all(type(name) in _SAFE for name, _ in pairs):
        return {**rows, **dict(pairs)}
    return make([*rows.items(), *pairs])


def remove(rows: Any, name: Term) -> Term:
    """The map without a key."""
    if find(name, rows) is ABSENT:
        return rows
    if type(rows) is dict and type(name) in _SAFE:
        rest = dict(rows)
        del rest[name]
        return rest
    name = outward(name)
    return make((each, value) for each, value in rows.items() if not terms.exact_eq(each, name))


def items(rows: Any) -> list[tuple[Term, Term]]:
    """The pairs as an iterator gives them: in the order of the keys, from 33 keys on in that of their hashes."""
    # DIVERGES(otp): maps of more than 32 keys are in the order of their keys, too, if there is an atom, a pid, a
    # reference, a fun or a large map in any of them: for these the order of hashes differs from node to node.
    large = large_map_rows(rows)
    order = listing_key(len(rows))
    return sorted(rows.items(), key=lambda pair: order(pair[0])) if large is None else large


def listed(rows: Any) -> list[tuple[Term, Term]]:
    """The pairs as `to_list/1`, `keys/1` and `values/1` list them: by hash, the last first, from 33 keys on."""
    large = large_map_rows(rows)
    return items(rows) if large is None else large[::-1]
