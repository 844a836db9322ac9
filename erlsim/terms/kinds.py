"""What kind of term a Python object is, what tells it from others (`key`), and maps with any terms as keys.

Kinds are numbered in Erlang's standard order. Subclasses (named tuples, string enums) count as what
they derive from; a class is an opaque object (it may stand for a module), any other callable is a fun.

Python takes 1, 1.0 and True for one dict key and refuses lists; tables keyed by terms use `key`.
An integer, a binary, an atom, a pid or a reference is its own key; `True` is keyed by its text, so that
the integer 1 is left alone; what remains is a flat tuple with marks in it that no term can hold. A `TermMap`
finds its rows by `key` and has one itself, so they live in one file.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Iterable, Iterator, MutableMapping
from typing import Any

from erlsim.terms.ids import Pid, Ref
from erlsim.terms.special import Bits, Improper
from erlsim.terms.term import Term

NUMBER, ATOM, REF, FUN, PORT, PID, TUPLE, MAP, NIL, CONS, BITSTRING, OPAQUE = range(12)


class TermMap(MutableMapping[Term, Term]):
    """A map with any terms as keys: lists, maps, or 1, 1.0 and True side by side; otherwise like a dict."""

    __slots__ = ("_rows",)

    def __init__(self, pairs: Iterable[tuple[Term, Term]] = ()) -> None:
        self._rows: dict[Any, tuple[Term, Term]] = {}
        for name, value in pairs:
            self[name] = value

    def __getitem__(self, name: Term) -> Term:
        try:
            return self._rows[key(name)][1]
        except KeyError:
            raise KeyError(name) from None

    def __setitem__(self, name: Term, value: Term) -> None:
        self._rows[key(name)] = (name, value)

    def __delitem__(self, name: Term) -> None:
        del self._rows[key(name)]

    def __contains__(self, name: object) -> bool:
        return key(name) in self._rows

    def __iter__(self) -> Iterator[Term]:
        return (name for name, _ in self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        return type(other) is TermMap and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"TermMap({list(self._rows.values())!r})"


def make_map(pairs: Iterable[tuple[Term, Term]]) -> Term:
    """The map of `pairs`, later ones winning: a dict when a dict can tell the keys apart, else a `TermMap`."""
    rows = TermMap(pairs)
    try:
        plain = dict(rows.items())
    except TypeError:
        return rows
    return plain if len(plain) == len(rows) else rows


_KINDS: dict[type, int] = {
    int: NUMBER,
    float: NUMBER,
    str: ATOM,
    bool: ATOM,
    Ref: REF,
    types.FunctionType: FUN,
    types.MethodType: FUN,
    types.BuiltinFunctionType: FUN,
    Pid: PID,
    tuple: TUPLE,
    dict: MAP,
    TermMap: MAP,
    list: CONS,
    Improper: CONS,
    bytes: BITSTRING,
    Bits: BITSTRING,
}
_BASES: tuple[tuple[type, int], ...] = (
    (int, NUMBER),
    (float, NUMBER),
    (str, ATOM),
    (bytes, BITSTRING),
    (tuple, TUPLE),
    (list, CONS),
    (dict, MAP),
)


def kind(term: Any) -> int:
    """The kind of `term`; every list, the empty one too, is a `CONS` here."""
    known = _KINDS.get(type(term))
    if known is not None:
        return known
    for base, number in _BASES:
        if isinstance(term, base):
            return number
    return FUN if callable(term) and not isinstance(term, type) else OPAQUE


def stands_for_a_term(term: Any) -> bool:
    """Whether a Python object says which term it stands for, by a method `__term__()`; it is treated as that term."""
    return hasattr(type(term), "__term__")


def atom_text(term: Any) -> str:
    """The characters of an atom, `True` and `False` included."""
    if term is True:
        return "true"
    if term is False:
        return "false"
    return str.__str__(term)


def fun_name(fun: Any) -> tuple[str, str, int]:
    """`(module, qualified name, first line)` of a callable: what tells funs apart from run to run."""
    plain = getattr(fun, "__func__", fun)
    code = getattr(plain, "__code__", None)
    module = getattr(plain, "__module__", None) or type(fun).__module__
    name = getattr(plain, "__qualname__", None) or type(fun).__qualname__
    return str(module), str(name), code.co_firstlineno if code is not None else 0


def is_hashable(term: Any) -> bool:
    """Whether `hash(term)` works: a tuple has it, but not one with a list inside."""
    if not isinstance(term, Hashable):
        return False
    try:
        hash(term)
    except TypeError:
        return False
    return True


# ---- keys ---------------------------------------------------------------------------


class _Mark:
    """Stands in a key before what a term holds."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name}>"


_FLOAT, _TUPLE, _LIST, _IMPROPER, _MAP, _OPAQUE = map(_Mark, ("float", "tuple", "list", "improper", "map", "opaque"))
OWN_KEY = frozenset((str, int, bytes, Pid, Ref, Bits))
"""The types whose values are their own `key`."""


def key(term: Term) -> Any:
    """A hashable value; `key(a) == key(b)` iff `exact_eq(a, b)`. Cheap for atoms, integers, pids and tuples of them."""
    cls = type(term)
    if cls in OWN_KEY:
        return term
    if cls is tuple:
        for item in term:
            if type(item) not in OWN_KEY:
                return _flat_key(term)
        return term
    if cls is bool:
        return "true" if term else "false"
    return _flat_key(term)


def _flat_key(term: Term) -> Any:
    """The key of a term as a list of its parts, a mark and a number before those that belong together.

    A key that was nested as its term is could be nested deeper than Python can hash and compare.
    """
    parts: list[Any] = []
    todo = [term]
    while todo:
        each = todo.pop()
        if type(each) in OWN_KEY:
            parts.append(each)
        else:
            _ADDERS[kind(each)](each, parts, todo)
    if len(parts) == 1:
        return parts[0]
    if parts[0] is _TUPLE and len(parts) == 2 + parts[1]:
        # What it holds are keys of themselves, so a tuple of these is one, too: see `key`.
        return tuple(parts[2:])
    return tuple(parts)


def _add_number(term: Any, parts: list[Any], todo: list[Term]) -> None:
    # 0.0 and -0.0 are one term on OTP 25, as they are one dict key.
    parts += (_FLOAT, term) if isinstance(term, float) else (int(term),)


def _add_atom(term: Any, parts: list[Any], todo: list[Term]) -> None:
    parts.append(atom_text(term))


def _add_itself(term: Any, parts: list[Any], todo: list[Term]) -> None:
    parts.append(term)


def _add_bytes(term: Any, parts: list[Any], todo: list[Term]) -> None:
    parts.append(bytes(term))


def _add_tuple(term: Any, parts: list[Any], todo: list[Term]) -> None:
    parts += (_TUPLE, len(term))
    todo += term[::-1]


def _add_list(term: Any, parts: list[Any], todo: list[Term]) -> None:
    if isinstance(term, Improper):
        parts += (_IMPROPER, len(term.items))
        todo.append(term.tail)
        todo += term.items[::-1]
    else:
        parts += (_LIST, len(term))
        todo += term[::-1]


def _add_map(term: Any, parts: list[Any], todo: list[Term]) -> None:
    rows = [(key(name), value) for name, value in term.items()]
    try:
        rows.sort(key=_place)
    except KeyError:
        # Objects have no order that is always the same: here the rows make a set.
        parts += (_MAP, len(rows), frozenset((name, key(value)) for name, value in rows))
    else:
        parts += (_MAP, len(rows), *(name for name, _ in rows))
        todo += [value for _, value in reversed(rows)]


def _place(row: tuple[Any, Term]) -> list[tuple[int, Any]]:
    """Where a row stands among those of its map; any order will do that is the same for equal maps."""
    name = row[0]
    if type(name) is not tuple:
        name = (name,)
    elif not name or type(name[0]) is not _Mark:
        name = (_TUPLE, len(name), *name)
    return [_PLACES[type(part)](part) for part in name]


_PLACES: dict[type, Callable[[Any], tuple[int, Any]]] = {
    str: lambda part: (0, part),
    int: lambda part: (1, part),
    float: lambda part: (2, part),
    bytes: lambda part: (3, part),
    Bits: lambda part: (4, (part.data, part.size)),
    Pid: lambda part: (5, part.number),
    Ref: lambda part: (6, part.number),
    _Mark: lambda part: (7, part.name),
}


def _add_object(term: Any, parts: list[Any], todo: list[Term]) -> None:
    if stands_for_a_term(term):
        todo.append(term.__term__())
    elif is_hashable(term):
        parts += (_OPAQUE, type(term), term)
    else:
        parts += (_OPAQUE, _Same(term))


class _Same:
    """Stands for one unhashable object, by identity, and keeps it alive."""

    __slots__ = ("term",)

    def __init__(self, term: Term) -> None:
        self.term = term

    def __eq__(self, other: object) -> bool:
        return type(other) is _Same and other.term is self.term

    def __hash__(self) -> int:
        return id(self.term)  # finds the entry; no order is ever taken from it


# By kind.
_ADDERS: tuple[Callable[[Any, list[Any], list[Term]], None], ...] = (
    _add_number,
    _add_atom,
    _add_itself,
    _add_object,
    _add_object,
    _add_itself,
    _add_tuple,
    _add_map,
    _add_list,
    _add_list,
    _add_bytes,
    _add_object,
)
