"""`key(term)`: a hashable stand-in for a term, equal exactly where the terms are `=:=`.

Python takes 1, 1.0 and True for one dict key and refuses lists; tables keyed by terms use `key`.
An integer, a binary, an atom, a pid or a reference is its own key; `True` is keyed by its text, so that
the integer 1 is left alone; what remains is a tuple that begins with a mark no term can hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim.terms import kinds
from erlsim.terms.ids import Pid, Ref
from erlsim.terms.special import Bits
from erlsim.terms.term import Term


class _Mark:
    """Begins a key that is not the term itself."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name}>"


_FLOAT, _LIST, _IMPROPER, _MAP, _OPAQUE = map(_Mark, ("float", "list", "improper", "map", "opaque"))
_OWN_KEY = frozenset((str, int, bytes, Pid, Ref, Bits))


def key(term: Term) -> Any:
    """A hashable value; `key(a) == key(b)` iff `exact_eq(a, b)`. Cheap for atoms, integers, pids and tuples of them."""
    kind = type(term)
    if kind in _OWN_KEY:
        return term
    if kind is tuple:
        for item in term:
            if type(item) not in _OWN_KEY:
                return tuple(map(key, term))
        return term
    if kind is bool:
        return "true" if term else "false"
    return _MAKERS[kinds.kind(term)](term)


def _number(term: Term) -> Any:
    # 0.0 and -0.0 are one term on OTP 25, as they are one dict key.
    return (_FLOAT, term) if isinstance(term, float) else int(term)


def _tuple(term: tuple[Term, ...]) -> Any:
    return tuple(map(key, term))


def _list(term: Term) -> Any:
    if isinstance(term, list):
        return (_LIST, *map(key, term))
    return (_IMPROPER, key(term.tail), *map(key, term.items))


def _map(term: Any) -> Any:
    return (_MAP, frozenset((key(name), key(value)) for name, value in term.items()))


def _opaque(term: Term) -> Any:
    if kinds.stands_for_a_term(term):
        return key(term.__term__())
    if kinds.is_hashable(term):
        return (_OPAQUE, type(term), term)
    return (_OPAQUE, _Same(term))


class _Same:
    """Stands for one unhashable object, by identity, and keeps it alive."""

    __slots__ = ("term",)

    def __init__(self, term: Term) -> None:
        self.term = term

    def __eq__(self, other: object) -> bool:
        return type(other) is _Same and other.term is self.term

    def __hash__(self) -> int:
        return id(self.term)  # finds the entry; no order is ever taken from it


def _self(term: Term) -> Any:
    return term


_MAKERS: tuple[Callable[[Any], Any], ...] = (
    _number,
    kinds.atom_text,
    _self,
    _opaque,
    _opaque,
    _self,
    _tuple,
    _map,
    _list,
    _list,
    bytes,
    _opaque,
)
