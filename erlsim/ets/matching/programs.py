"""Match specifications, compiled: `[(head, [guard, ...], [body, ...]), ...]`.

A `Program` maps a term to the value of the last body expression of the first clause that matches.
`compile_spec` raises `badarg` for what OTP refuses; `lint` says why it does, for `ets:test_ms/2`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from erlsim.errors import Error
from erlsim.ets import owners
from erlsim.ets.matching.expressions import ROW, Code, Compiler
from erlsim.ets.matching.guards import Failed
from erlsim.ets.matching.patterns import BadSpec, Bindings, Matcher, is_bound, matcher, variable
from erlsim.ets.options import badarg
from erlsim.terms import Improper, Ref, Term, TermMap, copy, exact_eq, key, matchable

Run = Callable[[Term], Term]

NOTHING: Any = object()
"""What a program gives for a term that no clause matches."""


class Clause(NamedTuple):
    """One clause: its head as it was written, and what gives the value for a term, or `NOTHING`."""

    head: Term
    run: Run


def _runs(match: Matcher | None, guards: list[Code], body: Code) -> Run:
    """A clause, compiled: a row of a table costs one call of it, and those of its parts."""

    def run(term: Term) -> Term:
        bindings: Bindings = {ROW: term}
        if match is not None and not match(term, bindings):
            return NOTHING
        try:
            for guard in guards:
                if guard(bindings) is not True:
                    return NOTHING
        except Failed:
            return NOTHING
        return body(bindings)

    return run


class Program:
    """A whole specification. `run` gives the value of the first clause that matches a term, or `NOTHING`."""

    def __init__(self, clauses: list[Clause]) -> None:
        self.clauses = clauses
        self.run: Run = clauses[0].run if len(clauses) == 1 else self._run

    def _run(self, term: Term) -> Term:
        for clause in self.clauses:
            value = clause.run(term)
            if value is not NOTHING:
                return value
        return NOTHING

    def keys(self, keypos: int) -> list[Term] | None:
        """The only keys whose rows can match, each once; `None` where any key can."""
        wanted: dict[Any, Term] = {}
        for clause in self.clauses:
            head = clause.head
            if isinstance(head, str) and (head == "_" or variable(head) is not None):
                return None
            if not isinstance(head, tuple) or len(head) < keypos:
                continue
            if not is_bound(head[keypos - 1]):
                return None
            wanted.setdefault(key(head[keypos - 1]), head[keypos - 1])
        return list(wanted.values())


def reference(program: Program) -> Ref:
    """What `ets:match_spec_compile/1` returns: a reference that leads to the program (see `program_of`)."""
    return Ref(owners.new_number(), program)


def program_of(term: Term) -> Program | None:
    """The program that a reference leads to, `None` for any other term."""
    return term.home if isinstance(term, Ref) and isinstance(term.home, Program) else None


def compile_spec(spec: Term, to_keep: bool = False) -> Program:
    """The program of `spec`; `badarg` if it is none. An empty specification matches nothing.

    A program that is `to_keep` does not change with the lists in `spec`. What is nested too deeply
    is a `system_limit`.
    """
    if isinstance(spec, list) and not spec:
        return Program([])
    errors: list[str] = []
    try:
        program = _compile(copy(spec) if to_keep else spec, errors)
    except RecursionError:
        raise Error("system_limit") from None
    if program is None:
        badarg()
    return program


def compile_pattern(pattern: Term, result: str) -> Program:
    """The program of `[{Pattern, [], [Result]}]`."""
    return compile_spec([(pattern, [], [result])], to_keep=True)


def lint(spec: Term) -> list[str]:
    """What is wrong with `spec`; `[]` if nothing is."""
    errors: list[str] = []
    _compile(spec, errors)
    return errors


def _compile(spec: Term, errors: list[str]) -> Program | None:
    clauses: list[Clause] = []
    if isinstance(spec, Improper):
        errors.append("Match programs are not in a proper list.")
    elif not isinstance(spec, list) or not spec:
        errors.append("Match programs are not in a list.")
    elif not all(isinstance(clause, tuple) and len(clause) == 3 for clause in spec):
        errors.append("Match program part is not a tuple of arity 3.")
    else:
        for clause in spec:
            clauses.append(_clause(clause, errors))
            if errors:
                break
    return None if errors else Program(clauses)


def _clause(clause: tuple[Term, Term, Term], errors: list[str]) -> Clause:
    head, guards, body = clause
    variables: set[int] = set()
    try:
        match = matcher(head, variables)
        guard_code = _sequence(guards, Compiler(variables, True, errors))
        if (isinstance(body, list) and not body) or not isinstance(body, list | Improper):
            raise BadSpec("Body clause does not return anything.")
        body_code = _sequence(body, Compiler(variables, False, errors))
    except BadSpec as wrong:
        errors.append(str(wrong))
        return Clause(head, _matches_nothing)
    # Only the last expression of a body has a value, and none has an effect.
    return Clause(head, _runs(match, guard_code, body_code[-1]))


def _matches_nothing(term: Term) -> Term:
    return NOTHING


def _sequence(terms: Term, compiler: Compiler) -> list[Code]:
    if not isinstance(terms, list | Improper):
        raise BadSpec("Match expression is not a list.")
    codes = [compiler.code(term) for term in (terms.items if isinstance(terms, Improper) else terms)]
    if isinstance(terms, Improper):
        raise BadSpec("Match expression is not a proper list.")
    return codes


def keeps_key(keypos: int, clause: tuple[Term, Term, Term]) -> bool:
    """Whether a clause surely gives a tuple with the key of what it matched: `select_replace` takes no other."""
    head, _, body = clause
    if not isinstance(body, list) or len(body) != 1:
        return False
    if isinstance(body[0], str):
        return body[0] == "$_"
    match matchable(_as_tuple(body[0])):
        case ("const", new):
            constant = True
        case (new,):
            constant = False
        case _:
            return False
    if not all(isinstance(row, tuple) and len(row) >= keypos for row in (head, new)):
        return False
    old_key, new_key = head[keypos - 1], new[keypos - 1]
    if _builds(old_key, new_key, constant):
        return True
    match matchable(_as_tuple(new_key)):
        case ("element", int() as position, "$_"):
            return not constant and position == keypos and not isinstance(position, bool)
    return False


def _as_tuple(term: Term) -> tuple[Term, ...]:
    return term if isinstance(term, tuple) else ()


def _builds(pattern: Term, built: Term, constant: bool) -> bool:
    """Whether the expression `built` always gives the term that `pattern` has matched."""
    if isinstance(built, tuple):
        if not constant:
            match matchable(built):
                case (tuple() as elements,):
                    built = elements
                case ("const", term):
                    return _builds(pattern, term, True)
                case _:
                    return False
        return _build_each(pattern, built, tuple, constant)
    if isinstance(built, list):
        return _build_each(pattern, built, list, constant)
    if isinstance(built, Improper):
        if not isinstance(pattern, Improper):
            return False
        items = _build_each(pattern.items, built.items, tuple, constant)
        return items and _builds(pattern.tail, built.tail, constant)
    if isinstance(built, dict | TermMap):
        return False  # the map that was matched may have had more in it
    if built in ("_", "$$", "$_") or (constant and variable(built) is not None):
        return False
    return exact_eq(pattern, built)


def _build_each(pattern: Term, built: Any, kind: type, constant: bool) -> bool:
    if not isinstance(pattern, kind):
        return False
    terms: Any = pattern
    if len(terms) != len(built):
        return False
    return all(_builds(old, new, constant) for old, new in zip(terms, built, strict=True))
