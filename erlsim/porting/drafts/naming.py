"""Names for variables: each is bound once, so what Python calls the same may need several.

A name is taken where it is bound and in all that follows; branches beside each other may use the same. A variable that
nobody looks at begins with `_`, or is `_` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from erlsim.porting.drafts.forms import (
    Alias,
    Case,
    Catch,
    Clause,
    Comprehension,
    Form,
    Fun,
    Generator,
    If,
    Match,
    Pin,
    Receive,
    Try,
    Var,
    variables,
)

Names = dict[Var, str]


class Namer:
    """Names the variables of a function's clause: `style` writes a name, as `From` or `from`."""

    def __init__(self, style: Callable[[str], str]) -> None:
        self.style = style
        self.names: Names = {}

    def clause(self, clause: Clause) -> Names:
        """The names of all variables in a clause of a function."""
        self.uses = _uses(clause)
        self._clause(clause, set())
        return self.names

    def _clause(self, clause: Clause, taken: set[str]) -> set[str]:
        taken = set(taken)
        for position, each in enumerate(clause.patterns):
            self._pattern(each, taken, top=True)
            del position
        self._forms([clause.guard], taken)
        self._forms(clause.body, taken)
        return taken

    def _forms(self, forms: Iterable[Any], taken: set[str]) -> None:
        for each in forms:
            self._form(each, taken)

    def _branches(self, branches: Iterable[Callable[[set[str]], set[str]]], taken: set[str]) -> None:
        """Branches beside each other; behind them the names of all are taken."""
        after: set[str] = set()
        for each in branches:
            after |= each(set(taken))
        taken |= after

    def _body(self, body: Iterable[Form]) -> Callable[[set[str]], set[str]]:
        def named(taken: set[str]) -> set[str]:
            self._forms(body, taken)
            return taken

        return named

    def _in_clause(self, clause: Clause) -> Callable[[set[str]], set[str]]:
        return lambda taken: self._clause(clause, taken)

    def _form(self, form: Any, taken: set[str]) -> None:
        match form:
            case Match(pattern=pattern, value=value):
                self._form(value, taken)
                self._pattern(pattern, taken)
            case Case(subject=subject, clauses=clauses):
                self._form(subject, taken)
                self._branches(map(self._in_clause, clauses), taken)
            case If(branches=branches, otherwise=otherwise):
                self._forms([test for test, _ in branches], taken)
                self._branches([*(self._body(body) for _, body in branches), self._body(otherwise)], taken)
            case Receive(clauses=clauses, after=after):
                late = [] if after is None else [self._body(after[1])]
                if after is not None:
                    self._form(after[0], taken)
                self._branches([*map(self._in_clause, clauses), *late], taken)
            case Try():
                self._try(form, taken)
            case Fun(clauses=clauses):
                for clause in clauses:
                    self._clause(clause, taken)  # what is bound in a fun is not seen behind it
            case Comprehension(item=item, qualifiers=qualifiers):
                inside = set(taken)
                for each in qualifiers:
                    if isinstance(each, Generator):
                        self._form(each.source, inside)
                        self._pattern(each.pattern, inside)
                    else:
                        self._form(each, inside)
                self._form(item, inside)
            case Form():
                self._forms(form.parts(), taken)
            case tuple() | list():
                self._forms(form, taken)

    def _try(self, form: Try, taken: set[str]) -> None:
        def body(inside: set[str]) -> set[str]:
            self._forms(form.body, inside)
            self._branches(map(self._in_clause, form.clauses), inside)
            return inside

        def caught(catch: Catch) -> Callable[[set[str]], set[str]]:
            def named(inside: set[str]) -> set[str]:
                if isinstance(catch.kind, Var):
                    self._bound(catch.kind, inside)
                self._pattern(catch.pattern, inside)
                if catch.stack is not None:
                    self._bound(catch.stack, inside)
                self._forms([catch.guard, *catch.body], inside)
                return inside

            return named

        self._branches([body, *map(caught, form.catches)], taken)
        self._forms(form.after, taken)

    def _pattern(self, pattern: Any, taken: set[str], top: bool = False) -> None:
        match pattern:
            case Var():
                self._bound(pattern, taken, top)
            case Pin():
                pass
            case Alias(pattern=inner, var=var):
                self._pattern(inner, taken)
                self._bound(var, taken, top)
            case Form():
                for part in pattern.parts():
                    self._pattern(part, taken)
            case tuple() | list():
                for part in pattern:
                    self._pattern(part, taken)

    def _bound(self, var: Var, taken: set[str], top: bool = False) -> None:
        base = self.style(var.base.strip("_") or "value")
        if not self.uses[var]:
            quiet = f"_{base}"
            plain = var.base in ("value", "message", "Pid", "Ref") and not top
            self.names[var] = "_" if quiet in taken or plain else quiet
            if self.names[var] != "_":
                taken.add(quiet)
            return
        name, number = base, 0
        while name in taken:
            number += 1
            name = f"{base}{number}"
        taken.add(name)
        self.names[var] = name


def _uses(clause: Clause) -> Counter[Var]:
    """How often each variable is looked at, not counting where it is bound."""
    counts: Counter[Var] = Counter(variables(clause))
    counts.subtract(_binding(clause))
    return counts


def _binding(form: Any) -> list[Var]:
    """The variables in patterns, where they are bound."""
    found: list[Var] = []
    match form:
        case Clause(patterns=patterns, guard=guard, body=body):
            found += _in_pattern(patterns) + _binding(guard) + _binding(body)
        case Match(pattern=pattern, value=value):
            found += _in_pattern(pattern) + _binding(value)
        case Generator(pattern=pattern, source=source):
            found += _in_pattern(pattern) + _binding(source)
        case Catch(kind=kind, pattern=pattern, stack=stack, guard=guard, body=body):
            found += [each for each in (kind, stack) if isinstance(each, Var)]
            found += _in_pattern(pattern) + _binding(guard) + _binding(body)
        case Form():
            for part in form.parts():
                found += _binding(part)
        case tuple() | list():
            for part in form:
                found += _binding(part)
    return found


def _in_pattern(pattern: Any) -> list[Var]:
    match pattern:
        case Var():
            return [pattern]
        case Pin():
            return []
        case Alias(pattern=inner, var=var):
            return [*_in_pattern(inner), var]
        case Form():
            return [each for part in pattern.parts() for each in _in_pattern(part)]
        case tuple() | list():
            return [each for part in pattern for each in _in_pattern(part)]
    return []


def clause_names(clause: Clause, style: Callable[[str], str]) -> Names:
    """The names of the variables in a clause of a function."""
    return Namer(style).clause(clause)


def camel(base: str) -> str:
    """`trap_exit` as `TrapExit`."""
    return "".join(part[:1].upper() + part[1:] for part in base.split("_")) or "Value"


def lower(base: str) -> str:
    """As Elixir writes it: as Python does."""
    return base[:1].lower() + base[1:]
