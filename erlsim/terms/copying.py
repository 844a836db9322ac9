"""`copy(term)`: what a process gets when a term is sent to it, or a row when a table takes it.

Terms without a list or a map in them are returned as they are; lists and maps are copied all the way
down. Python objects that are no Erlang terms travel as they are: whoever shares one shares it knowingly.
This is on the path of every message, hence the care for speed.
"""

from __future__ import annotations

import types
from operator import is_

from erlsim.terms.ids import Pid, Ref
from erlsim.terms.kinds import TermMap
from erlsim.terms.special import Bits, Improper
from erlsim.terms.term import Term

ATOMIC: frozenset[type] = frozenset(
    (str, int, float, bool, bytes, Pid, Ref, Bits, types.NoneType, types.FunctionType)
    + (types.MethodType, types.BuiltinFunctionType, types.ModuleType, type)
)
"""The types whose values never need copying; a kernel may test `type(term) in ATOMIC` before it calls `copy`."""


def copy(term: Term) -> Term:
    """`term` itself when nothing inside can change, else a copy that shares nothing that can."""
    kind = type(term)
    try:
        # First of all, since whoever sends has mostly looked for what is atomic already.
        if kind is tuple:
            # Counted by hand: `enumerate` takes twice as long.
            place = 0
            for item in term:
                if type(item) not in ATOMIC:
                    copied = copy(item)
                    if copied is not item:
                        rest = [after if type(after) in ATOMIC else copy(after) for after in term[place + 1 :]]
                        return (*term[:place], copied, *rest)
                place += 1  # noqa: SIM113
            return term
        if kind in ATOMIC:
            return term
        if kind is list:
            for item in term:
                if type(item) not in ATOMIC:
                    return [item if type(item) in ATOMIC else copy(item) for item in term]
            return term[:]
        if kind is dict:
            return {name: value if type(value) in ATOMIC else copy(value) for name, value in term.items()}
        if kind is Improper:
            items, tail = term.items, term.tail
            for item in items:
                if type(item) not in ATOMIC:
                    items = copy(items)
                    break
            if type(tail) not in ATOMIC:
                tail = copy(tail)
            return term if items is term.items and tail is term.tail else Improper(items, tail)
    except RecursionError:
        # Deeper than Python calls: what is left from here on is copied without calls.
        pass
    return _copy_deep(term)


# ---- without recursion --------------------------------------------------------------


def _copy_deep(term: Term) -> Term:
    """As `copy`, for terms as deep as memory allows."""
    done: list[Term] = []
    todo: list[tuple[Term, list[Term] | None]] = [(term, None)]
    while todo:
        each, parts = todo.pop()
        if parts is not None:
            # The copies of its parts are the last that were made.
            place = len(done) - len(parts)
            copies = done[place:]
            del done[place:]
            done.append(_made_of(each, parts, copies))
        elif (parts := _parts(each)) is None:
            done.append(each)
        else:
            todo.append((each, parts))
            todo += [(part, None) for part in reversed(parts)]
    return done[0]


def _parts(term: Term) -> list[Term] | None:
    """The terms that `term` is made of and that are copied with it, `None` if it travels as it is."""
    if type(term) in ATOMIC:
        return None
    if hasattr(type(term), "__term__"):
        return [term.__term__()]
    if isinstance(term, tuple | list):
        return list(term)
    if isinstance(term, dict):
        return list(term.values())
    if isinstance(term, Improper):
        return [*term.items, term.tail]
    if isinstance(term, TermMap):
        return [*term.keys(), *term.values()]
    return None


def _made_of(term: Term, parts: list[Term], copies: list[Term]) -> Term:
    """What `term` is, made of the copies of its parts; itself if nothing inside can change."""
    if hasattr(type(term), "__term__"):
        return copies[0]
    if isinstance(term, tuple | Improper) and all(map(is_, copies, parts)):
        return term
    if isinstance(term, tuple):
        return term._make(copies) if hasattr(term, "_make") else tuple(copies)
    if isinstance(term, list):
        return copies
    if isinstance(term, dict):
        return dict(zip(term, copies, strict=True))
    if isinstance(term, Improper):
        return Improper(copies[:-1], copies[-1])
    return TermMap(zip(copies[: len(term)], copies[len(term) :], strict=True))
