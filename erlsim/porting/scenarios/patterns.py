"""Patterns with names: what a step is expected to show, and the values that it leaves behind.

A name that has a value matches that value only (exactly: 1 is not 1.0), a new one takes what stands there. Tuples and
lists match part by part, maps by the keys that the pattern has, as in Erlang.
"""

from __future__ import annotations

from typing import Any

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.porting.scenarios.steps import Module, Ms, Self, Var, rebuilt
from erlsim.terms import Pid, Term


class Unbound(ErlsimError):
    """A name is used that no step has given a value."""


def matched(pattern: Any, term: Term, names: dict[str, Term]) -> dict[str, Term] | None:
    """The names with what `term` adds to them if it matches, else `None`."""
    found = dict(names)
    return found if _match(pattern, term, found) else None


def _match(pattern: Any, term: Term, names: dict[str, Term]) -> bool:
    if pattern is ... or (isinstance(pattern, Var) and pattern.name == "_"):
        return True
    if isinstance(pattern, Var):
        if pattern.name in names:
            return terms.exact_eq(names[pattern.name], term)
        names[pattern.name] = term
        return True
    if isinstance(pattern, Ms | Module):
        return terms.exact_eq(pattern.ms if isinstance(pattern, Ms) else pattern.name, term)
    if isinstance(pattern, tuple | list):
        return (
            type(pattern) is type(term)
            and len(pattern) == len(term)
            and all(_match(part, other, names) for part, other in zip(pattern, term, strict=True))
        )
    if isinstance(pattern, dict | terms.TermMap):
        return isinstance(term, dict | terms.TermMap) and all(
            any(terms.exact_eq(key, other) and _match(part, value, names) for other, value in term.items())
            for key, part in pattern.items()
        )
    if isinstance(pattern, terms.Improper):
        return (
            isinstance(term, terms.Improper)
            and _match(list(pattern.items), list(term.items), names)
            and _match(pattern.tail, term.tail, names)
        )
    return terms.exact_eq(pattern, term)


def filled(term: Any, names: dict[str, Term], me: Pid) -> Term:
    """A term with the values of its names; `Unbound` for one that has none. Modules keep their names."""

    def leaf(part: Any) -> Term:
        if isinstance(part, Var):
            if part.name not in names:
                raise Unbound(f"{part.name} has no value: no step before it was matched with a pattern that has it")
            return names[part.name]
        if isinstance(part, Self):
            return me
        if isinstance(part, Module):
            return part.name
        return part.ms if isinstance(part, Ms) else part

    return rebuilt(term, leaf)
