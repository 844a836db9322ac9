"""The module `persistent_term`."""

from __future__ import annotations

from typing import Any

from erlsim import terms
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import bif_failed
from erlsim.simulation import storage
from erlsim.terms import Term

__in_stacks__ = False


def _kept() -> dict[Any, tuple[Term, Term]]:
    found: dict[Any, tuple[Term, Term]] = storage("persistent_term", dict)
    return found


def put(name: Term, value: Term) -> str:
    """`put/2`."""
    name, value = terms.copy(outward(name)), terms.copy(outward(value))
    _kept()[terms.key(name)] = (name, value)
    return "ok"


def get(*args: Term) -> Term:
    """`get/0,1,2`."""
    if not args:
        return list(_kept().values())
    found = _kept().get(terms.key(outward(args[0])))
    if found is not None:
        return found[1]
    if len(args) == 1:
        raise bif_failed("badarg", "persistent_term", "get", list(args))
    return args[1]


MORE = {("get", arity): get for arity in range(3)}


def erase(name: Term) -> bool:
    """`erase/1`: whether there was such a term."""
    return _kept().pop(terms.key(outward(name)), None) is not None


def info() -> Term:
    """`info/0`; the memory is not known here."""
    return {"count": len(_kept()), "memory": 0}
