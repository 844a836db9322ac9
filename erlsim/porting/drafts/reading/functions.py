"""A function of Python's as clauses, and a module of functions.

A `match` over parameters at the end of a function is its clauses; `a, b = state` before it stands in their heads. A
case that cannot be translated is a hole; so is a function whose cases cannot be told apart.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from erlsim.porting.drafts import forms as f
from erlsim.porting.drafts.forms import OK, Alias, Call, Clause, Form, Function, Hole, Spec, Var
from erlsim.porting.drafts.kinds import ANY, NEVER, Kind, join, refined
from erlsim.porting.drafts.reading import flow
from erlsim.porting.drafts.reading.behaviours import callback_of, note_states, parameter_kinds
from erlsim.porting.drafts.reading.calling import conjunction
from erlsim.porting.drafts.reading.flow import End
from erlsim.porting.drafts.reading.looping import Looping
from erlsim.porting.drafts.reading.scope import Binding, Env, Facts, Here
from erlsim.porting.drafts.refusals import Refused
from erlsim.porting.drafts.sources import FunctionNode, Program, Unit
from erlsim.porting.drafts.tidy import tidied

TAIL = End(lambda _: [], cheap=True, returns=True)


class Reader(Looping):
    """Reads one function."""

    def __init__(self, program: Program, unit: Unit, facts: Facts, node: FunctionNode) -> None:
        super().__init__(Here(program, unit, facts, node.name, len(node.args.posonlyargs + node.args.args)))
        self.node = node
        self.argument_names = [each.arg for each in self._arguments()]
        self.own = flow.own(node) - set(self.argument_names)

    def read(self) -> list[Function]:
        """The function, with those that its loops and default values become."""
        here = self.here
        arguments = self.node.args
        self.unsettled = flow.rebound(self.node)
        try:
            if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
                raise Refused(self.node, "a function of any number of arguments, or with names for them")
            decorators = [ast.unparse(each) for each in self.node.decorator_list]
            if any(each != "staticmethod" for each in decorators):
                raise Refused(self.node, f"it is decorated: what @{decorators[0]} makes of it is not known")
            if here.unit.bases:
                raise Refused(self.node, f"its class inherits from {', '.join(here.unit.bases)}")
            clauses = tidied(self._clauses())
            holes = f.holes(clauses)
            state = "part" if holes else "whole"
            found = self._function(clauses, state, tuple(hole.reason for hole in holes))
        except Refused as refusal:
            here.helpers = []
            here.facts.note_returned(here.unit.name, here.function, self.kind_of_hint(self.node.returns))
            return [self.refused(refusal)]
        self._note_returned()
        helpers = [replace(each, clauses=tidied(each.clauses)) for each in here.helpers if isinstance(each, Function)]
        return [*self._defaults(), found, *helpers]

    def refused(self, refusal: Refused) -> Function:
        """The function as a hole."""
        hole = self._hole(refusal, self.node)
        parameters = tuple(Var(each.arg.strip("_") or "value") for each in self._arguments())
        return self._function((Clause(parameters, None, (hole,)),), "hole", (hole.reason,))

    def _arguments(self) -> list[ast.arg]:
        return [*self.node.args.posonlyargs, *self.node.args.args]

    def _function(self, clauses: tuple[Clause, ...], state: str, reasons: tuple[str, ...]) -> Function:
        here = self.here
        callback = callback_of(here)
        return Function(
            name=here.function,
            arity=here.arity,
            clauses=clauses,
            document=ast.get_docstring(self.node) or "",
            spec=None if callback else self._spec(),
            exported=False,
            callback_of=callback,
            state=state,
            reasons=reasons,
            place=f"{here.file.path}:{self.node.lineno}",
        )

    def _spec(self) -> Spec | None:
        hints = [each.annotation for each in self._arguments()]
        if self.node.returns is None or any(each is None for each in hints):
            return None
        return Spec(tuple(hints), self.node.returns)

    def _note_returned(self) -> None:
        kind = NEVER
        for _, each in self.here.returns:
            kind = join(kind, each)
        hinted = self.kind_of_hint(self.node.returns)
        if kind == NEVER and self.node.returns is not None:
            kind = hinted
        if hinted not in (ANY, NEVER) and (kind == ANY or join(kind, hinted) == kind or kind.name == hinted.name):
            kind = hinted
        self.here.facts.note_returned(self.here.unit.name, self.here.function, kind)
        note_states(self.here, self.here.returns)

    def _defaults(self) -> list[Function]:
        """`f/1` for a default value of the second argument of `f/2`."""
        arguments, defaults = self._arguments(), self.node.args.defaults
        found = []
        for missing in range(len(defaults), 0, -1):
            given = arguments[: len(arguments) - missing]
            parameters = tuple(Var(each.arg.rstrip("_")) for each in given)
            value, kind = self.expression(defaults[len(defaults) - missing], {})
            arity = len(given)
            self.here.facts.note(self.here.unit.name, self.here.function, arity, kind)
            self.here.facts.used.add((self.here.unit.name, self.here.function, arity + 1))
            body = Call(self.here.unit.name, self.here.function, (*parameters, value))
            found.append(
                Function(self.here.function, arity, (Clause(parameters, None, (body,)),), "", None, False, "", "whole")
            )
        return found

    # -- parameters

    def _parameter_kind(self, place: int, argument: ast.arg) -> Kind:
        hinted = self.kind_of_hint(argument.annotation)
        found = self._seen_kind(place)
        return found if hinted in (ANY, NEVER) else refined(hinted, found)

    def _seen_kind(self, place: int) -> Kind:
        """What is known of a parameter without its hint."""
        here = self.here
        known = parameter_kinds(here)
        if place < len(known) and known[place] is not None:
            return here.facts.seen(known[place] or ANY)
        if (here.unit.name, here.function) in here.facts.called:
            return here.facts.seen(here.facts.arguments.get((here.unit.name, here.function, place), NEVER))
        return ANY

    def _bound_parameters(self) -> tuple[list[Var], Env]:
        env: Env = {}
        parameters = []
        for place, each in enumerate(self._arguments()):
            var = Var(each.arg if each.arg.startswith("_") else each.arg.rstrip("_"))
            parameters.append(var)
            env[each.arg] = Binding(var, self._parameter_kind(place, each))
        return parameters, env

    # -- clauses

    def _clauses(self) -> tuple[Clause, ...]:
        body = list(self.node.body)
        if ast.get_docstring(self.node) is not None:
            body = body[1:]
        parameters, env = self._bound_parameters()
        heads, rest = self._unpacked(body, parameters, env)
        if len(rest) == 1 and isinstance(rest[0], ast.Match):
            places = self._places(rest[0].subject)
            if places is not None:
                return tuple(self._cases(rest[0].cases, places, parameters, heads, env))
        self.is_whole_body = len(rest) == 1 and isinstance(rest[0], ast.While) and rest[0].test is not None
        self.parameters = [each.arg for each in self._arguments()]
        found = self.block(rest, env, TAIL) or [OK]
        if self.loops_to_itself is not None:
            parameters = list(self.loops_to_itself)
        return (Clause(tuple(self._headed(parameters, heads)), None, tuple(found)),)

    def _headed(self, parameters: list[Var], heads: dict[str, Form]) -> list[Form]:
        found: list[Form] = []
        for each, var in zip(self._arguments(), parameters, strict=True):
            found.append(Alias(heads[each.arg], var) if each.arg in heads else var)
        return found

    def _unpacked(
        self, body: list[ast.stmt], parameters: list[Var], env: Env
    ) -> tuple[dict[str, Form], Sequence[ast.stmt]]:
        """Leading `a, b = parameter`: patterns for the head, if what follows needs no more than that."""
        heads: dict[str, Form] = {}
        names = {each.arg for each in self._arguments()}
        place = 0
        for node in body:
            match node:
                case ast.Assign(targets=[ast.Tuple() as target], value=ast.Name(id=name)) if (
                    name in names and name not in heads and node.lineno not in self.here.file.comments
                ):
                    heads[name] = self.target(target, env[name].kind, env)
                    place += 1
                    continue
            break
        return heads, body[place:]

    def _places(self, subject: ast.expr) -> list[str] | None:
        """The parameters that a match is over."""
        names = [each.arg for each in self._arguments()]
        parts = subject.elts if isinstance(subject, ast.Tuple) else [subject]
        found = [each.id for each in parts if isinstance(each, ast.Name)]
        if len(found) != len(parts) or len(set(found)) != len(found) or not set(found) <= set(names):
            return None
        return found

    def _cases(
        self,
        cases: list[ast.match_case],
        places: list[str],
        parameters: list[Var],
        heads: dict[str, Form],
        env: Env,
    ) -> Iterator[Clause]:
        """All cases. Behind `case "take" if free == []` the list is not empty in `case "take"`."""
        empty: dict[str, frozenset[str]] = {}
        before = self.filled
        for each in cases:
            pattern = ast.dump(each.pattern)
            self.filled = before | empty.get(pattern, frozenset())
            yield self._case(each, places, parameters, heads, env)
            match each.guard:
                case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.List(elts=[])]):
                    empty[pattern] = empty.get(pattern, frozenset()) | {name}
        self.filled = before

    def _case(
        self,
        case: ast.match_case,
        places: list[str],
        parameters: list[Var],
        heads: dict[str, Form],
        env: Env,
    ) -> Clause:
        """A case as a clause of the function."""
        inside = dict(env)
        guards: list[Form] = []
        patterns = self._patterns(case.pattern, places, case)
        found: dict[str, Form] = {}
        for place, (name, pattern) in enumerate(zip(places, patterns, strict=True)):
            binding = env[name]
            if pattern is None or (isinstance(pattern, ast.MatchAs) and pattern.pattern is None):
                if pattern is not None and pattern.name is not None:
                    inside[pattern.name] = binding
                continue
            self.whole = name.strip("_") or "value"
            kind = self.of_message(name, pattern, binding.kind, patterns[place - 1] if place else None)
            found[name] = self.pattern(pattern, kind, inside, guards)
            self.whole = "value"
        guard = self.guard(case, guards, inside)
        returns = len(self.here.returns)
        filled, self.filled = self.filled, frozenset({*self.filled, *_filled(case.guard)})
        try:
            body = self.block(case.body, inside, TAIL) or [OK]
            comment = self.here.file.comments.get(case.pattern.lineno)
            if comment:
                body[0] = f.Commented(tuple(comment), body[0])
        except Refused as refusal:
            del self.here.returns[returns:]
            body = [self._hole(refusal, *case.body)]
        finally:
            self.filled = filled
        used = {*f.variables(body), *f.variables(guard)}
        clause = Clause(tuple(self._head_of_case(parameters, heads, found, used)), guard, tuple(body))
        return in_patterns(clause)

    def _head_of_case(
        self, parameters: list[Var], heads: dict[str, Form], found: dict[str, Form], used: set[Var]
    ) -> list[Form]:
        patterns: list[Form] = []
        for each, var in zip(self._arguments(), parameters, strict=True):
            shape = found.get(each.arg)
            if each.arg in heads and shape is not None:
                raise Refused(self.node, f"{each.arg} is taken apart twice")
            if each.arg in heads and used & set(f.variables(heads[each.arg])):
                shape = heads[each.arg]
            patterns.append(var if shape is None else Alias(shape, var))
        return patterns

    def _patterns(self, pattern: ast.pattern, places: list[str], case: ast.match_case) -> list[ast.pattern | None]:
        if len(places) == 1:
            return [pattern]
        match pattern:
            case ast.MatchSequence(patterns=patterns) if len(patterns) == len(places):
                return list(patterns)
            case ast.MatchAs(pattern=None, name=None):
                return [None] * len(places)
        raise self.refuse(case.pattern, "does not take the subject apart")

    def _hole(self, refusal: Refused, *nodes: ast.AST) -> Hole:
        here = self.here
        first = min(getattr(each, "lineno", 1) for each in nodes)
        decorators = getattr(nodes[0], "decorator_list", [])
        last = max(getattr(each, "end_lineno", first) or first for each in nodes)
        text = textwrap.dedent("\n".join(here.file.lines[first - 1 : last])).splitlines()
        del decorators
        where = f"{here.file.shown}:{refusal.line or first}"
        return Hole(here.unit.name, here.function, refusal.reason, where, tuple(text))


def _filled(guard: ast.expr | None) -> list[str]:
    """The lists of which a guard says that they are not empty."""
    match guard:
        case ast.Name(id=name):
            return [name]
        case ast.BoolOp(op=ast.And(), values=values):
            return [name for each in values for name in _filled(each)]
    return []


def in_patterns(clause: Clause) -> Clause:
    """`f(X) when X =:= a` is `f(a)`, if X is not looked at otherwise."""
    tests = _tests(clause.guard)
    patterns, kept = clause.patterns, list[Form]()
    for test in tests:
        match test:
            case f.Op(name="=:=", left=Var() as var, right=f.Atom() | f.Number() | f.Const() as value):
                others = [each for each in tests if each is not test]
                if var not in f.variables([others, clause.body]) and f.variables(patterns).count(var) == 1:
                    patterns = tuple(_with_value(each, var, value) for each in patterns)
                    continue
        kept.append(test)
    return Clause(patterns, conjunction(kept), clause.body)


def _tests(guard: Form | None) -> list[Form]:
    if isinstance(guard, f.Op) and guard.name == "andalso":
        return [*_tests(guard.left), *_tests(guard.right)]
    return [] if guard is None else [guard]


def _with_value(pattern: Form, var: Var, value: Form) -> Form:
    """A pattern with a value in a variable's place."""
    match pattern:
        case Var():
            return value if pattern is var else pattern
        case f.Tuple(items=items):
            return f.Tuple(tuple(_with_value(each, var, value) for each in items))
        case f.List(items=items, tail=tail):
            return f.List(
                tuple(_with_value(each, var, value) for each in items), tail and _with_value(tail, var, value)
            )
        case f.Map(pairs=pairs):
            return f.Map(tuple((key, _with_value(each, var, value)) for key, each in pairs))
        case Alias(pattern=inner, var=name):
            return value if name is var and isinstance(inner, f.Wild) else Alias(_with_value(inner, var, value), name)
    return pattern


def read_module(program: Program, unit: Unit, facts: Facts) -> list[Function]:
    """All functions of a module."""
    found: list[Function] = []
    for node in unit.functions.values():
        found.extend(Reader(program, unit, facts, node).read())
    return found
