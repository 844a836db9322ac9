"""What kind of term a Python object is, and a stable number for those that have no order of their own.

Kinds are numbered in Erlang's standard order. Subclasses (named tuples, string enums) count as what
they derive from; a class is an opaque object (it may stand for a module), any other callable is a fun.
"""

from __future__ import annotations

import itertools
import types
import weakref
from collections.abc import Hashable
from typing import Any

from erlsim.terms.ids import Pid, Ref
from erlsim.terms.special import Bits, Improper, TermMap

NUMBER, ATOM, REF, FUN, PORT, PID, TUPLE, MAP, NIL, CONS, BITSTRING, OPAQUE = range(12)

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
    """Whether an opaque object is a live form of a term, which its `__term__()` returns; that term is what counts."""
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


class _Serials:
    """Numbers objects in the order in which they are first compared: an order without addresses.

    Equal hashable objects of one type share a number; others are told apart by identity. Objects that
    cannot be weakly referenced are kept for good, so that their number is never given again.
    """

    def __init__(self) -> None:
        self._next = itertools.count(1)
        self._weak: weakref.WeakKeyDictionary[Any, dict[type, int]] = weakref.WeakKeyDictionary()
        self._kept: dict[Any, int] = {}
        self._unhashable: dict[int, tuple[Any, int]] = {}

    def number(self, term: Any) -> int:
        if is_hashable(term):
            try:
                by_type = self._weak.setdefault(term, {})
            except TypeError:
                slot = (type(term), term)
                if slot not in self._kept:
                    self._kept[slot] = next(self._next)
                return self._kept[slot]
            if type(term) not in by_type:
                by_type[type(term)] = next(self._next)
            return by_type[type(term)]
        return self._by_identity(term)

    def of_fun(self, fun: Any) -> int:
        """Tells funs of one name apart; a bound method is made anew at each access, so its object counts."""
        return self._by_identity(fun.__self__) if isinstance(fun, types.MethodType) else self.number(fun)

    def _by_identity(self, term: Any) -> int:
        place = id(term)  # only to find the object again, never to order it
        found = self._unhashable.get(place)
        if found is None:
            try:
                holder: Any = weakref.ref(term, lambda _: self._unhashable.pop(place, None))
            except TypeError:
                holder = term
            found = self._unhashable[place] = (holder, next(self._next))
        return found[1]


def is_hashable(term: Any) -> bool:
    """Whether `hash(term)` works: a type may promise it and a part of the value break the promise."""
    if not isinstance(term, Hashable):
        return False
    try:
        hash(term)
    except TypeError:
        return False
    return True


_serials = _Serials()
serial = _serials.number
fun_serial = _serials.of_fun
