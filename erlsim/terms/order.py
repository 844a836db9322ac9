"""Erlang's equality and standard order of terms: `=:=`, `==` and `<`.

number < atom < reference < fun < port < pid < tuple < map < list < bitstring. Everything rests on
`sort_key`: a nest of Python tuples that Python compares in C exactly as Erlang compares the terms.
Within the keys of maps integers come before floats, 1 and 1.0 differ (`exact`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from erlsim.releases import since
from erlsim.terms import kinds
from erlsim.terms.ids import Pid, Ref
from erlsim.terms.kinds import key
from erlsim.terms.special import Bits, Improper
from erlsim.terms.term import Term
from erlsim.threads import thread

SortKey = tuple[Any, ...]

NUMBERS = "numbers of opaque objects"
ATOMS = "numbers of atoms"
# The most keys of a map that keeps them sorted; the BEAM hashes those of a larger one.
SORTED_KEYS = 32
_PLAIN = frozenset((str, int, float, bool, bytes, Pid, Ref))
_SORTED_BY_PYTHON = frozenset((str, int, float, bytes))


def exact_eq(left: Term, right: Term) -> bool:
    """`Left =:= Right`: 1, 1.0 and True are three terms."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return bool(left == right)
    return left is right or bool(key(left) == key(right))


def eq(left: Term, right: Term) -> bool:
    """`Left == Right`: 1 equals 1.0, outside the keys of maps."""
    return left is right or compare(left, right) == 0


def compare(left: Term, right: Term) -> int:
    """-1, 0 or 1 as `left` is smaller than, equal to (`==`) or greater than `right`."""
    kind = type(left)
    if kind is type(right):
        if kind in _SORTED_BY_PYTHON:
            return (left > right) - (left < right)  # type: ignore[no-any-return]
        if kind is list or (kind is tuple and len(left) == len(right)):
            for one, other in zip(left, right, strict=False):
                if one is not other and (order := compare(one, other)):
                    return order
            return (len(left) > len(right)) - (len(left) < len(right))
    left_key, right_key = sort_keys((left, right))
    return (left_key > right_key) - (left_key < right_key)


def sort_key(term: Term) -> SortKey:
    """A key for `sorted`, `bisect` and sorted containers; keys are equal where terms are `==`."""
    kind = type(term)
    if kind is str:
        return (kinds.ATOM, term)
    if kind is int or kind is float:
        return (kinds.NUMBER, term)
    if kind is tuple:
        return (kinds.TUPLE, len(term), *map(sort_key, term))
    return _BUILDERS[kinds.kind(term)](term, False)


def sort_keys(terms: Iterable[Term]) -> list[SortKey]:
    """The keys of terms that are compared with each other alone; opaque objects are told apart without a world too."""
    if thread.world is not None or thread.numbers is not None:
        return [sort_key(term) for term in terms]
    thread.numbers = {}
    try:
        return [sort_key(term) for term in terms]
    finally:
        thread.numbers = None


def exact_sort_key(term: Term) -> SortKey:
    """As `sort_key` in the order of map keys: integers before floats, keys equal where terms are `=:=`."""
    return _BUILDERS[kinds.kind(term)](term, True)


def listing_key(size: int) -> Callable[[Term], SortKey]:
    """What to sort the keys of a map of `size` by where it is printed or listed.

    The order of terms; since OTP 26 atoms are among themselves in the order of their numbers in the node's table.
    """
    if size > SORTED_KEYS or not since(26):
        return exact_sort_key
    numbers: dict[str, int] = thread.world.extension(ATOMS, dict)

    def in_table(term: Term) -> SortKey:
        if kinds.kind(term) != kinds.ATOM:
            return exact_sort_key(term)
        # DIVERGES(otp): since OTP 26 an atom has its number from when the node first met it, which no program knows;
        # here from when it is first printed or listed as the key of a map, in the order in which that was written.
        return (kinds.ATOM, numbers.setdefault(kinds.atom_text(term), len(numbers)))

    return in_table


def _key_of(exact: bool) -> Callable[[Term], SortKey]:
    return exact_sort_key if exact else sort_key


def _number(term: Term, exact: bool) -> SortKey:
    return (kinds.NUMBER, isinstance(term, float), term) if exact else (kinds.NUMBER, term)


def _atom(term: Term, exact: bool) -> SortKey:
    return (kinds.ATOM, kinds.atom_text(term))


def _ref(term: Ref, exact: bool) -> SortKey:
    return (kinds.REF, term.number)


def _pid(term: Pid, exact: bool) -> SortKey:
    return (kinds.PID, term.number)


def _fun(term: Term, exact: bool) -> SortKey:
    return (kinds.FUN, *kinds.fun_name(term), _appearance(term))


def _opaque(term: Term, exact: bool) -> SortKey:
    if kinds.stands_for_a_term(term):
        return _key_of(exact)(term.__term__())
    # DIVERGES(otp): Python objects that are no Erlang terms come last, by type, then by appearance in their world.
    return (kinds.OPAQUE, type(term).__module__, type(term).__qualname__, _appearance(term))


def _appearance(term: Term) -> int:
    """The number of a Python object among those of its world: they are counted as they are first compared.

    The world keeps what it has counted, for an object's place must never change. Without a world the objects of one
    `compare` or `sort` are counted, and a key that is made alone tells none of them from the others.
    """
    world = thread.world
    numbers = thread.numbers if world is None else world.extension(NUMBERS, dict)
    if numbers is None:
        return 0
    number: int = numbers.setdefault(key(term), len(numbers))
    return number


def _tuple(term: tuple[Term, ...], exact: bool) -> SortKey:
    return (kinds.TUPLE, len(term), *map(_key_of(exact), term))


def _map(term: Mapping[Term, Term], exact: bool) -> SortKey:
    rows = sorted(((exact_sort_key(name), value) for name, value in term.items()), key=_first)
    names = tuple(name for name, _ in rows)
    values = [value for _, value in rows]
    return (kinds.MAP, len(rows), names, tuple(map(_key_of(exact), values)))


def _first(row: tuple[SortKey, Term]) -> SortKey:
    return row[0]


def _list(term: Term, exact: bool) -> SortKey:
    # A cell is CONS and its head; what follows the last cell is compared with further cells by its kind.
    key_of = _key_of(exact)
    cells: list[Any] = []
    for item in term.items if isinstance(term, Improper) else term:
        cells.append(kinds.CONS)
        cells.append(key_of(item))
    if isinstance(term, Improper):
        return (*cells, *key_of(term.tail))
    return (*cells, kinds.NIL)


def _bitstring(term: bytes | Bits, exact: bool) -> SortKey:
    if isinstance(term, Bits):
        return (kinds.BITSTRING, term.data, term.size)
    return (kinds.BITSTRING, term, 8 * len(term))


_BUILDERS: tuple[Callable[[Any, bool], SortKey], ...] = (
    _number,
    _atom,
    _ref,
    _fun,
    _opaque,
    _pid,
    _tuple,
    _map,
    _list,
    _list,
    _bitstring,
    _opaque,
)
