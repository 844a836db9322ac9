"""Which functions may wait: plain ones, async ones, and those that wait only if a fun does that they are given.

A colour is `PLAIN`, `ASYNC`, or the places of the parameters that a function applies (or hands to one that does): then
it is compiled twice. What is not known before run time (a call of `M:F`, a fun out of a tuple) may wait. The colours
of a module's functions depend on each other: they are found by going over them until nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from erlsim.erl.compiling.declarations import Declarations, FunctionName
from erlsim.erl.reading.annotations import Node

Colour = Any
PLAIN: Final[frozenset[int]] = frozenset()
ASYNC: Final = "async"
Known = Callable[[Any, Any, int], Colour]
"""The colour of another module's function."""

_CONSTANTS = frozenset({"atom", "integer", "nil", "tuple", "cons", "string", "float", "char", "map", "bin"})


class Scope:
    """What is known of variables: which are parameters, and which are bound to a fun that stands in the source."""

    def __init__(self, parameters: dict[str, int], funs: dict[str, Node]) -> None:
        self.parameters = parameters
        self.funs = funs

    def without(self, names: set[str]) -> Scope:
        """The scope inside a fun whose arguments have these names."""
        return Scope(
            {name: place for name, place in self.parameters.items() if name not in names},
            {name: fun for name, fun in self.funs.items() if name not in names},
        )


class Colours:
    """The colours of the functions of one module."""

    def __init__(self, declarations: Declarations, known: Known) -> None:
        """Find them all."""
        self.declarations = declarations
        self.known = known
        self.of: dict[FunctionName, Colour] = dict.fromkeys(declarations.functions, PLAIN)
        changed = True
        while changed:
            changed = False
            for name, form in declarations.functions.items():
                if self.of[name] == ASYNC:
                    continue
                colour = self._of_clauses(form[4])
                if colour != self.of[name]:
                    self.of[name] = colour
                    changed = True

    def is_async(self, name: FunctionName) -> bool:
        """Whether a function may always wait."""
        return bool(self.of[name] == ASYNC)

    def is_poly(self, name: FunctionName) -> bool:
        """Whether a function waits if a fun does."""
        return type(self.of[name]) is frozenset and bool(self.of[name])

    def _of_clauses(self, clauses: list[Node]) -> Colour:
        found: frozenset[int] = PLAIN
        for clause in clauses:
            scope = Scope({each[2]: place for place, each in enumerate(clause[2]) if each[0] == "var"}, {})
            colour = self.of_code([clause[3], clause[4]], scope)
            if colour == ASYNC:
                return ASYNC
            found |= colour
        return found

    def of_code(self, code: Any, scope: Scope) -> Colour:
        """What running some nodes may do; funs in them are not run by standing there."""
        found: set[int] = set()
        waiting = [code]
        while waiting:
            node = waiting.pop()
            if type(node) is list:
                waiting += reversed(node)
                continue
            if type(node) is not tuple or not node:
                continue
            colour = self._of_node(node, scope)
            if colour == ASYNC:
                return ASYNC
            if colour is None:
                continue
            found |= colour
            waiting += [part for part in reversed(node) if type(part) is tuple or type(part) is list]
            if node[0] == "record" and len(node) == 4:
                waiting += [default for _, default in self.declarations.records.get(node[2], ())]
        return frozenset(found)

    def _of_node(self, node: Node, scope: Scope) -> Colour:
        """The colour of a node without its parts; `None` if its parts are of no interest."""
        tag, size = node[0], len(node)
        if tag in ("fun", "named_fun") and size > 2:
            return None
        if tag == "match" and size == 4 and node[2][0] == "var" and node[3][0] in ("fun", "named_fun"):
            scope.funs[node[2][2]] = node[3]
        elif tag == "receive" and size in (3, 5) and type(node[2]) is list:
            return ASYNC
        elif tag == "call" and size == 4 and type(node[3]) is list:
            return self.of_call(node, scope)
        return PLAIN

    def of_call(self, node: Node, scope: Scope) -> Colour:
        """What a call may do."""
        function, args = node[2], node[3]
        match function:
            case ("atom", _, name):
                colour = self._of_local(name, len(args))
            case ("remote", _, ("atom", _, "erlang"), ("atom", _, "apply")) if len(args) == 2:
                return self.of_fun(args[0], scope)
            case ("remote", _, ("atom", _, module), ("atom", _, name)):
                if module == self.declarations.name and (name, len(args)) in self.of:
                    colour = self.of[name, len(args)]
                else:
                    colour = self.known(module, name, len(args))
            case ("remote", _, _, _):
                return ASYNC
            case _:
                return self.of_fun(function, scope)
        return self._with_arguments(colour, args, scope)

    def _of_local(self, name: Any, arity: int) -> Colour:
        if (name, arity) in self.of:
            return self.of[name, arity]
        return self.known(self.declarations.imports.get((name, arity), "erlang"), name, arity)

    def _with_arguments(self, colour: Colour, args: list[Node], scope: Scope) -> Colour:
        if colour == ASYNC or not colour:
            return colour
        found: frozenset[int] = PLAIN
        for place in colour:
            of_argument = self.of_fun(args[place], scope)
            if of_argument == ASYNC:
                return ASYNC
            found |= of_argument
        return found

    def of_fun(self, node: Node, scope: Scope) -> Colour:
        """What applying the value of an expression may do."""
        match node:
            case ("var", _, name):
                if name in scope.funs:
                    return self.of_fun(scope.funs[name], Scope(scope.parameters, {}))
                return frozenset({scope.parameters[name]}) if name in scope.parameters else ASYNC
            case ("fun", _, ("clauses", clauses)):
                return self.of_clauses_of_fun(clauses, scope, None)
            case ("named_fun", _, name, clauses):
                return self.of_clauses_of_fun(clauses, scope, name)
            case ("fun", _, ("function", name, arity)):
                colour = self._of_local(name, arity)
            case ("fun", _, ("function", ("atom", _, module), ("atom", _, name), ("integer", _, arity))):
                colour = self.known(module, name, arity)
            case (tag, *_) if tag in _CONSTANTS:
                return PLAIN
            case _:
                return ASYNC
        # A function that applies its parameters may get any fun.
        return ASYNC if colour else PLAIN

    def of_clauses_of_fun(self, clauses: list[Node], scope: Scope, own: str | None) -> Colour:
        """What applying a fun may do, its parameters unknown; `own` is its name for itself."""
        found: frozenset[int] = PLAIN
        for clause in clauses:
            inner = scope.without(variables(clause[2]))
            if own is not None:
                inner.funs[own] = ("atom", (0, 0), "itself")
            colour = self.of_code([clause[3], clause[4]], inner)
            if colour == ASYNC:
                return ASYNC
            found |= colour
        return found


def variables(code: Any) -> set[str]:
    """The names of the variables in a pattern."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        node = waiting.pop()
        if type(node) is tuple and len(node) == 3 and node[0] == "var":
            found.add(node[2])
        elif type(node) is tuple or type(node) is list:
            waiting += [part for part in node if type(part) is tuple or type(part) is list]
    return found
