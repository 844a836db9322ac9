"""Follows the variables of a function: those that are unbound, unsafe, unused or shadowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from erlsim.erl.linting.findings import Findings, Place
from erlsim.erl.linting.scopes import Binding, Scope, Variable, after_clauses, all_unsafe, together
from erlsim.erl.reading.annotations import Node

Look = Callable[[Node, Scope], None]


class Variables:
    """Goes through the clauses of functions. `look` is told of each call and record on the way."""

    def __init__(self, findings: Findings, look: Look, tells_unused: bool = True) -> None:
        self.findings = findings
        self.look = look
        self.tells_unused = tells_unused
        self.bindings: list[Binding] = []
        # What has been told of the function: of each variable once.
        self.unbound: set[str] = set()
        self.unsafe: set[tuple[str, Any]] = set()

    def function(self, clauses: Sequence[Node]) -> None:
        """The clauses of one function."""
        self.bindings = []
        self.unbound = set()
        self.unsafe = set()
        for clause in clauses:
            self._clause(clause, {})
        self._tell_unused()

    def _tell_unused(self) -> None:
        for binding in self.bindings if self.tells_unused else ():
            is_wanted = binding.is_used or binding.name.startswith("_") or binding.name in self.unbound
            if not is_wanted:
                self.findings.warning(binding.place, "variable ~w is unused", binding.name)

    # ---- clauses

    def _clause(self, clause: Node, scope: Scope) -> Scope:
        _, _, patterns, guards, body = clause
        inner = self._patterns(patterns, scope, scope)
        self._guards(guards, inner)
        return self.body(body, inner)

    def _guards(self, guards: Any, scope: Scope) -> None:
        for conjunction in guards:
            for test in conjunction:
                self.expression(test, scope)

    def body(self, expressions: Sequence[Node], scope: Scope) -> Scope:
        """Expressions one after another."""
        for each in expressions:
            scope = self.expression(each, scope)
        return scope

    # ---- patterns

    def _patterns(self, patterns: Sequence[Node], scope: Scope, outer: Scope) -> Scope:
        """Patterns side by side: a variable that stands in several has the same value in all."""
        for each in patterns:
            scope = self._pattern(each, scope, outer)
        return scope

    def _pattern(self, node: Any, scope: Scope, outer: Scope) -> Scope:
        match node[0]:
            case "var":
                return self._bind(node, scope)
            case "map":
                for _, _, key, value in node[-1]:
                    self.expression(key, outer)
                    scope = self._pattern(value, scope, outer)
                return scope
            case "bin":
                for _, _, value, size, _ in node[2]:
                    if size != "default":
                        self.expression(size, scope)
                    scope = self._pattern(value, scope, outer)
                return scope
            case "record":
                self.look(node, scope)
                for field in node[-1]:
                    scope = self._pattern(field[3], scope, outer)
                return scope
            case "record_index":
                self.look(node, scope)
                return scope
            case "atom" | "integer" | "float" | "char" | "string" | "nil":
                return scope
            case _:
                return self._patterns(_parts(node), scope, outer)

    def _bind(self, node: Node, scope: Scope) -> Scope:
        _, place, name = node
        if name == "_":
            return scope
        known = scope.get(name)
        if known is not None:
            self._use(node, known)
            return scope
        binding = Binding(name, place)
        self.bindings.append(binding)
        return {**scope, name: Variable((binding,))}

    def _use(self, node: Node, variable: Variable) -> None:
        variable.use()
        if variable.unsafe is not None and (node[2], variable.unsafe) not in self.unsafe:
            self.unsafe.add((node[2], variable.unsafe))
            what, (line, column) = variable.unsafe
            text = "variable ~w unsafe in '~ts' (line ~w, column ~w)"
            self.findings.error(node[1], text, node[2], what, line, column)

    # ---- expressions

    def expression(self, node: Any, scope: Scope) -> Scope:
        """The scope after an expression."""
        match node[0]:
            case "var":
                self._value(node, scope)
                return scope
            case "match":
                right = self.expression(node[3], scope)
                return self._pattern(node[2], right, right)
            case "atom" | "integer" | "float" | "char" | "string" | "nil":
                return scope
            case "block":
                return self.body(node[2], scope)
            case "op" if node[2] in ("andalso", "orelse"):
                left = self.expression(node[3], scope)
                return all_unsafe(left, self.expression(node[4], left), node[2], node[1])
        return self._compound(node, scope)

    def _compound(self, node: Any, scope: Scope) -> Scope:
        match node[0]:
            case "case":
                inner = self.expression(node[2], scope)
                return self._clauses(node[3], inner, "case", node[1])
            case "if":
                return self._clauses(node[2], scope, "if", node[1])
            case "receive":
                return self._receive(node, scope)
            case "try":
                return self._try(node, scope)
            case "maybe":
                return self._maybe(node, scope)
            case "catch":
                return all_unsafe(scope, self.expression(node[2], scope), "catch", node[1])
            case "fun" | "named_fun":
                return self._fun(node, scope)
            case "lc" | "bc" | "mc":
                self._comprehension(node, scope)
                return scope
            case "record" | "record_field" | "record_index" | "call":
                self.look(node, scope)
        if node[0] == "bin":
            parts = [part for _, _, value, size, _ in node[2] for part in (value, size) if part != "default"]
        else:
            parts = _parts(node)
        return together(scope, [self.expression(each, scope) for each in parts])

    def _value(self, node: Node, scope: Scope) -> None:
        known = scope.get(node[2])
        if known is None:
            self.unbound.add(node[2])
            self.findings.error(node[1], "variable ~w is unbound", node[2])
        else:
            self._use(node, known)

    def _clauses(self, clauses: Sequence[Node], scope: Scope, what: str, place: Place) -> Scope:
        return after_clauses(scope, [self._clause(each, scope) for each in clauses], what, place)

    def _receive(self, node: Any, scope: Scope) -> Scope:
        after = [self._clause(each, scope) for each in node[2]]
        if len(node) > 3:
            timeout = self.expression(node[3], scope)
            after.append(self.body(node[4], timeout))
        return after_clauses(scope, after, "receive", node[1])

    def _try(self, node: Any, scope: Scope) -> Scope:
        _, place, body, of, handlers, last = node
        inner = self.body(body, scope)
        unsafe = all_unsafe(scope, inner, "try", place)
        parts = [self._clause(each, inner) for each in of] + [self._clause(each, unsafe) for each in handlers]
        found = unsafe
        for part in parts:
            found = all_unsafe(found, {**found, **part}, "try", place)
        return all_unsafe(found, self.body(last, found), "try", place)

    def _maybe(self, node: Any, scope: Scope) -> Scope:
        _, place, body, *other = node
        inner = scope
        for each in body:
            if each[0] == "maybe_match":
                right = self.expression(each[3], inner)
                inner = self._pattern(each[2], right, right)
            else:
                inner = self.expression(each, inner)
        found = all_unsafe(scope, inner, "maybe", place)
        for each in other:
            clauses = [self._clause(clause, found) for clause in each[2]]
            found = all_unsafe(found, after_clauses(found, clauses, "else", place), "else", place)
        return found

    # ---- what has a scope of its own

    def _fun(self, node: Any, scope: Scope) -> Scope:
        if node[0] == "named_fun":
            binding = Binding(node[2], node[1])
            if node[2] in scope:
                self._tell_shadowed(node[2], node[1], scope, "named fun")
                scope[node[2]].use()
            self.bindings.append(binding)
            scope = {**scope, node[2]: Variable((binding,))}
            clauses = node[3]
        elif node[2][0] == "clauses":
            clauses = node[2][1]
        else:
            # `fun f/1`, `fun M:F/A`.
            self.look(node, scope)
            for part in node[2][1:]:
                if type(part) is tuple and part and part[0] == "var":
                    self._value(part, scope)
            return scope
        for _, _, patterns, guards, body in clauses:
            inner = self._shadowing(patterns, scope, "fun")
            self._guards(guards, inner)
            self.body(body, inner)
        return scope

    def _shadowing(self, patterns: Sequence[Node], scope: Scope, what: str) -> Scope:
        """Patterns whose variables are new, whatever is outside."""
        made = self._patterns(patterns, {}, scope)
        for name, variable in made.items():
            for binding in variable.bindings:
                self._tell_shadowed(name, binding.place, scope, what)
        return {**scope, **made}

    def _tell_shadowed(self, name: str, place: Place, scope: Scope, what: str) -> None:
        known = scope.get(name)
        if known is not None and known.unsafe is None:
            self.findings.warning(place, "variable ~w shadowed in ~w", name, what)

    def _comprehension(self, node: Any, scope: Scope) -> None:
        _, _, value, qualifiers = node
        for each in qualifiers:
            if each[0] in ("generate", "b_generate", "m_generate"):
                inner = self.expression(each[3], scope)
                made = self._shadowing([each[2]], inner, "generate")
                scope = {
                    **scope,
                    **{name: variable for name, variable in made.items() if inner.get(name) is not variable},
                }
            else:
                scope = self.expression(each, scope)
        self.expression(value, scope)


def _parts(node: Any) -> list[Any]:
    """The nodes that a node is made of."""
    found = []
    waiting = list(node[2:])[::-1]
    while waiting:
        each = waiting.pop()
        if type(each) is list:
            waiting += reversed(each)
        elif type(each) is tuple and len(each) > 1 and type(each[0]) is str:
            if each[0] in ("map_field_assoc", "map_field_exact"):
                waiting += reversed(each[2:])
            elif each[0] == "record_field" and len(each) == 4:
                waiting.append(each[3])
            elif each[0] == "remote" and len(each) == 4:
                waiting += reversed(each[2:])
            else:
                found.append(each)
    return found
