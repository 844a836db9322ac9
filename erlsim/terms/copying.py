"""`copy(term)`: what a process gets when a term is sent to it, or a row when a table takes it.

Terms without a list or a map in them are returned as they are; lists and maps are copied all the way
down. Python objects that are no Erlang terms travel as they are: whoever shares one shares it knowingly.
This is on the path of every message, hence the care for speed.
"""

from __future__ import annotations

import types
from operator import is_
from typing import Any

from erlsim.terms.ids import Pid, Ref
from erlsim.terms.special import Bits, Improper, TermMap

Term = Any

ATOMIC: frozenset[type] = frozenset(
    (str, int, float, bool, bytes, Pid, Ref, Bits, types.NoneType, types.FunctionType)
    + (types.MethodType, types.BuiltinFunctionType, types.ModuleType, type)
)
"""The types whose values never need copying; a kernel may test `type(term) in ATOMIC` before it calls `copy`."""

_all_atomic = ATOMIC.issuperset


def copy(term: Term) -> Term:
    """`term` itself when nothing inside can change, else a copy that shares nothing that can."""
    kind = type(term)
    if kind in ATOMIC:
        return term
    if kind is tuple:
        if _all_atomic(map(type, term)):
            return term
        return _copy_tuple(term)
    if kind is list:
        if _all_atomic(map(type, term)):
            return term[:]
        return [copy(item) for item in term]
    if kind is dict:
        return {name: copy(value) for name, value in term.items()}
    return _copy_rare(term)


def _copy_tuple(term: tuple[Term, ...]) -> tuple[Term, ...]:
    copied = tuple(map(copy, term))
    return term if all(map(is_, copied, term)) else copied


def _copy_rare(term: Term) -> Term:
    # A live object that stands for a term (a supervisor's state) says which; only that term travels.
    if hasattr(type(term), "__term__"):
        return copy(term.__term__())
    if isinstance(term, TermMap):
        return TermMap((copy(name), copy(value)) for name, value in term.items())
    if isinstance(term, Improper):
        items, tail = _copy_tuple(term.items), copy(term.tail)
        return term if items is term.items and tail is term.tail else Improper(items, tail)
    if isinstance(term, tuple):
        copied = _copy_tuple(tuple(term))
        if all(map(is_, copied, term)):
            return term
        return term._make(copied) if hasattr(term, "_make") else copied
    if isinstance(term, list):
        return [copy(item) for item in term]
    if isinstance(term, dict):
        return {name: copy(value) for name, value in term.items()}
    return term
