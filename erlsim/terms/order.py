"""Erlang's equality and standard order of terms: `=:=`, `==` and `<`.

number < atom < reference < fun < port < pid < tuple < map < list < bitstring. Everything rests on
`sort_key`: a flat tuple, however deep the term is, that Python compares in C exactly as Erlang compares the terms.
Within the keys of maps integers come before floats, 1 and 1.0 differ (`exact`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from erlsim.releases import since
from erlsim.terms import kinds
from erlsim.terms.ids import COUNTED, OF_NODE, Pid, Ref
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
    kind = type(left)
    if kind is type(right):
        if kind in _PLAIN:
            return bool(left == right) or left is right
        if kind is tuple or kind is list:
            return _same_items(left, right)
    return left is right or bool(key(left) == key(right))


def _same_items(left: Any, right: Any) -> bool:
    """The same for two tuples or two lists: they are looked at as far as they are the same."""
    todo = [(left, right)]
    while todo:
        ours, theirs = todo.pop()
        if len(ours) != len(theirs):
            return False
        for one, other in zip(ours, theirs, strict=True):
            if one is other:
                continue
            kind = type(one)
            if kind is type(other) and (kind is tuple or kind is list):
                todo.append((one, other))
            elif not exact_eq(one, other):
                return False
    return True


def eq(left: Term, right: Term) -> bool:
    """`Left == Right`: 1 equals 1.0, outside the keys of maps."""
    return left is right or compare(left, right) == 0


def compare(left: Term, right: Term) -> int:
    """-1, 0 or 1 as `left` is smaller than, equal to (`==`) or greater than `right`."""
    kind = type(left)
    if kind is type(right):
        if kind in _SORTED_BY_PYTHON:
            if left == right:
                return 0
            if left < right:
                return -1
            if left > right:
                return 1
            # One is no number (nan): it is an object as any other of Python.
        if kind is list or (kind is tuple and len(left) == len(right)):
            return _compare_items(left, right)
    left_key, right_key = sort_keys((left, right))
    return (left_key > right_key) - (left_key < right_key)


def _compare_items(left: Any, right: Any) -> int:
    """The same for two lists, or tuples of one length: what they hold is looked at as far as it is the same."""
    todo = [(left, right, zip(left, right, strict=False))]
    while todo:
        ours, theirs, pairs = todo[-1]
        for one, other in pairs:
            if one is other:
                continue
            kind = type(one)
            if kind is type(other) and (kind is list or (kind is tuple and len(one) == len(other))):
                todo.append((one, other, zip(one, other, strict=False)))
                break
            if order := compare(one, other):
                return order
        else:
            if len(ours) != len(theirs):
                return (len(ours) > len(theirs)) - (len(ours) < len(theirs))
            todo.pop()
    return 0


def sort_key(term: Term) -> SortKey:
    """A key for `sorted`, `bisect` and sorted containers; keys are equal where terms are `==`."""
    kind = type(term)
    if kind is str:
        return (kinds.ATOM, term)
    if kind is int or (kind is float and term == term):
        return (kinds.NUMBER, term)
    return _key(term, False)


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
    return _key(term, True)


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


# ---- the key of any term ------------------------------------------------------------
#
# What a term holds follows it in the order in which Erlang compares: of a tuple its size, then its elements; of a map
# its size, its keys in their order, their values; of a list its cells. So two keys first differ where the terms do.


class _Cell:
    """Something to be put into a key as it is, among terms that are still to be read."""

    __slots__ = ("kind",)

    def __init__(self, kind: int) -> None:
        self.kind = kind


_CONS, _NIL = _Cell(kinds.CONS), _Cell(kinds.NIL)


def _key(term: Term, exact: bool) -> SortKey:
    found: list[Any] = []
    todo = [term]
    while todo:
        each = todo.pop()
        kind = type(each)
        if kind is str:
            found += (kinds.ATOM, each)
        elif kind is _Cell:
            found.append(each.kind)
        else:
            _ADDERS[kinds.kind(each)](each, exact, found, todo)
    return tuple(found)


def _add_number(term: Term, exact: bool, found: list[Any], todo: list[Term]) -> None:
    if term != term:
        _add_object(term, exact, found, todo)
        return
    found += (kinds.NUMBER, isinstance(term, float), term) if exact else (kinds.NUMBER, term)


def _add_atom(term: Term, exact: bool, found: list[Any], todo: list[Term]) -> None:
    found += (kinds.ATOM, kinds.atom_text(term))


def _add_ref(term: Ref, exact: bool, found: list[Any], todo: list[Term]) -> None:
    found += (kinds.REF, term.number)


def _add_pid(term: Pid, exact: bool, found: list[Any], todo: list[Term]) -> None:
    # DIVERGES(otp): of equal numbers that of the older node is the smaller; there the names of the nodes decide.
    found += (kinds.PID, term.number & COUNTED, term.number >> OF_NODE)


def _add_fun(term: Term, exact: bool, found: list[Any], todo: list[Term]) -> None:
    found += (kinds.FUN, *kinds.fun_name(term), _appearance(term))


def _add_object(term: Term, exact: bool, found: list[Any], todo: list[Term]) -> None:
    if kinds.stands_for_a_term(term):
        todo.append(term.__term__())
        return
    # DIVERGES(otp): Python objects that are no Erlang terms come last, by type, then by appearance in their world.
    found += (kinds.OPAQUE, type(term).__module__, type(term).__qualname__, _appearance(term))


def _add_tuple(term: tuple[Term, ...], exact: bool, found: list[Any], todo: list[Term]) -> None:
    found += (kinds.TUPLE, len(term))
    todo += term[::-1]


def _add_map(term: Mapping[Term, Term], exact: bool, found: list[Any], todo: list[Term]) -> None:
    rows = sorted(((exact_sort_key(name), value) for name, value in term.items()), key=_first)
    found += (kinds.MAP, len(rows), *(part for name, _ in rows for part in name))
    todo += [value for _, value in reversed(rows)]


def _first(row: tuple[SortKey, Term]) -> SortKey:
    return row[0]


def _add_list(term: Term, exact: bool, found: list[Any], todo: list[Term]) -> None:
    # A cell is CONS and its head; what follows the last cell is compared with further cells by its kind.
    items, last = (term.items, term.tail) if isinstance(term, Improper) else (term, _NIL)
    todo.append(last)
    for item in reversed(items):
        todo += (item, _CONS)


def _add_bitstring(term: bytes | Bits, exact: bool, found: list[Any], todo: list[Term]) -> None:
    if isinstance(term, Bits):
        found += (kinds.BITSTRING, term.data, term.size)
    else:
        found += (kinds.BITSTRING, term, 8 * len(term))


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


# By kind.
_ADDERS: tuple[Callable[[Any, bool, list[Any], list[Term]], None], ...] = (
    _add_number,
    _add_atom,
    _add_ref,
    _add_fun,
    _add_object,
    _add_pid,
    _add_tuple,
    _add_map,
    _add_list,
    _add_list,
    _add_bitstring,
    _add_object,
)
