"""Heads of match specifications: patterns with `'_'`, `'$N'` and, in maps, partial matching.

A pattern becomes a `Matcher`: a function of a term and the bindings, which it fills. Literals and
repeated variables are compared with `=:=`. `None` stands for the pattern that matches anything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from erlsim.terms import ABSENT, Improper, Term, TermMap, cons, exact_eq

Bindings = dict[int, Term]
Matcher = Callable[[Term, Bindings], bool]

_VARIABLE = re.compile(r"\$(0|[1-9][0-9]*)")


class BadSpec(Exception):
    """The specification cannot be compiled; the text says why."""


def variable(term: Term) -> int | None:
    """The number of a variable `'$N'`, `None` for any other term."""
    if isinstance(term, str) and term[:1] == "$":
        found = _VARIABLE.fullmatch(term)
        if found is not None:
            return int(found[1])
    return None


def is_bound(pattern: Term) -> bool:
    """Whether there is neither a variable nor a `'_'` in `pattern`."""
    if isinstance(pattern, str):
        return pattern != "_" and variable(pattern) is None
    if isinstance(pattern, tuple | list):
        return all(map(is_bound, pattern))
    if isinstance(pattern, Improper):
        return all(map(is_bound, pattern.items)) and is_bound(pattern.tail)
    if isinstance(pattern, dict | TermMap):
        return all(is_bound(name) and is_bound(value) for name, value in pattern.items())
    return True


def matcher(pattern: Term, seen: set[int]) -> Matcher | None:
    """Compile `pattern`; `seen` collects its variables."""
    if isinstance(pattern, str):
        if pattern == "_":
            return None
        number = variable(pattern)
        if number is not None:
            return _repeated(number) if number in seen else _first(number, seen)
        return _literal(pattern)
    if isinstance(pattern, tuple):
        return _sequence(pattern, tuple, seen)
    if isinstance(pattern, list):
        return _sequence(pattern, list, seen)
    if isinstance(pattern, Improper):
        return _improper(pattern, seen)
    if isinstance(pattern, dict | TermMap):
        return _map(pattern, seen)
    if isinstance(pattern, float):
        return _float(pattern)
    return _literal(pattern)


def _first(number: int, seen: set[int]) -> Matcher:
    seen.add(number)

    def bind(term: Term, bindings: Bindings) -> bool:
        bindings[number] = term
        return True

    return bind


def _repeated(number: int) -> Matcher:
    return lambda term, bindings: exact_eq(bindings[number], term)


def _literal(literal: Term) -> Matcher:
    if type(literal) is str:
        return lambda term, bindings: bool(term == literal)
    if type(literal) is int:
        return lambda term, bindings: term == literal if type(term) is int else exact_eq(literal, term)
    return lambda term, bindings: exact_eq(literal, term)


def _float(literal: float) -> Matcher:
    # A float in a head is compared bit by bit: 0.0 does not match -0.0, though they are `=:=`.
    sign = math.copysign(1.0, literal)

    def same(term: Term, bindings: Bindings) -> bool:
        return isinstance(term, float) and term == literal and math.copysign(1.0, term) == sign

    return same


def _sequence(pattern: Any, kind: type, seen: set[int]) -> Matcher:
    length = len(pattern)
    binds, parts = _parts(pattern, seen)

    def match(term: Term, bindings: Bindings) -> bool:
        if not isinstance(term, kind) or len(term) != length:  # type: ignore[arg-type]
            return False
        for index, number in binds:
            bindings[number] = term[index]  # type: ignore[index]
        for index, part in parts:  # noqa: SIM110 - a generator would double the time of every match
            if not part(term[index], bindings):  # type: ignore[index]
                return False
        return True

    return match


def _parts(
    pattern: tuple[Term, ...] | list[Term], seen: set[int]
) -> tuple[list[tuple[int, int]], list[tuple[int, Matcher]]]:
    """Where variables stand for the first time, with their numbers, and what the parts at other places have to match.

    The variables may be bound first: nothing before their places names them.
    """
    binds: list[tuple[int, int]] = []
    parts: list[tuple[int, Matcher]] = []
    for index, part in enumerate(pattern):
        number = variable(part)
        if number is not None and number not in seen:
            seen.add(number)
            binds.append((index, number))
        elif (compiled := matcher(part, seen)) is not None:
            parts.append((index, compiled))
    return binds, parts


def _improper(pattern: Improper, seen: set[int]) -> Matcher:
    length = len(pattern.items)
    binds, parts = _parts(pattern.items, seen)
    rest = matcher(pattern.tail, seen)

    def match(term: Term, bindings: Bindings) -> bool:
        if isinstance(term, list):
            items, tail = term, []
        elif isinstance(term, Improper):
            items, tail = list(term.items), term.tail
        else:
            return False
        if len(items) < length:
            return False
        for index, number in binds:
            bindings[number] = items[index]
        for index, part in parts:
            if not part(items[index], bindings):
                return False
        return rest is None or rest(cons(items[length:], tail), bindings)

    return match


def _map(pattern: Any, seen: set[int]) -> Matcher:
    pairs: list[tuple[Term, Matcher | None]] = []
    for name, value in pattern.items():
        if variable(name) is not None:
            raise BadSpec("Variable found in map key.")
        if isinstance(name, str) and name == "_":
            raise BadSpec("Underscore found in map key.")
        pairs.append((name, matcher(value, seen)))

    def match(term: Term, bindings: Bindings) -> bool:
        if not isinstance(term, dict | TermMap):
            return False
        for name, part in pairs:
            value = find(term, name, ABSENT)
            if value is ABSENT or not (part is None or part(value, bindings)):
                return False
        return True

    return match


def find(mapping: Any, name: Term, default: Term) -> Term:
    """The value of the key `name` (`=:=`) of a map, or `default`."""
    if isinstance(mapping, TermMap) or isinstance(name, str | bytes):
        return mapping.get(name, default)
    for there, value in mapping.items():
        if exact_eq(there, name):
            return value
    return default
