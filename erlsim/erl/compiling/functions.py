"""Functions and funs: clauses one after the other, tail calls, the two versions of a function that applies funs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from erlsim.erl.compiling.declarations import FunctionName, nodes
from erlsim.erl.compiling.emitter import Env, Line, identifier
from erlsim.erl.compiling.expressions import Expressions
from erlsim.erl.compiling.inferring.colours import ASYNC, Scope, variables
from erlsim.erl.compiling.inferring.integers import guarded
from erlsim.erl.compiling.patterns import Match, opens
from erlsim.erl.reading.annotations import Node
from erlsim.erl.running.failures import Place

NOTED = ".__maker__ = maker()"
"""Behind the name of a fun: who has made it, for `erlang:fun_info/2`."""


class FunctionBody(Expressions):
    """One Python function: an Erlang function, one of its two versions, or a fun."""

    def __init__(self, unit: Any, name: FunctionName, is_async: bool) -> None:
        """Nothing is emitted yet; `name` is that of the Erlang function, or of a fun."""
        super().__init__(unit, Place(str(name[0]), name[1]), is_async)
        self.name = name
        self.scope = Scope({}, {})
        self.args: list[str] = []
        self.loops = False
        # Of a function: itself and those that it bounces to, since they call each other at their ends.
        self.bounces: frozenset[FunctionName] = frozenset()
        self.own_name: str | None = None
        """A fun's name for itself."""
        self.is_fun = False
        self.is_plain_version = False
        self.numbered = 0
        self.comprehensions = 0

    def another(self, name: FunctionName) -> FunctionBody:
        """A plain Python function inside of this one."""
        return FunctionBody(self.unit, name, False)

    # ---- the whole of it

    def compile_function(self, form: Node, prefix: str) -> list[Line]:
        """The lines of a function of the module."""
        _, _, name, arity, clauses = form
        self.args = _parameters(clauses, arity)
        if self.is_plain_version:
            self.scope.parameters.update(
                {each[2]: place for clause in clauses for place, each in enumerate(clause[2]) if each[0] == "var"}
            )
        self.at(form)
        start = self.line
        self._clauses(clauses, Env())
        self._no_clause(form, name, start)
        return self._whole(f"{prefix}_{identifier(name)}_{arity}", ", ".join(self.args), start)

    def _whole(self, name: str, parameters: str, start: int) -> list[Line]:
        """All lines with the head in front, and the loop of a function that calls itself at its end."""
        place = self.unit.places.number(self.place)
        head = [(0, f"{'async ' if self.is_async else ''}def {name}({parameters}):", start, place)]
        if not self.loops:
            return head + self.lines
        head.append((1, "while True:", start, place))
        return head + [(indent + 1, text, line, number) for indent, text, line, number in self.lines]

    def _no_clause(self, node: Node, name: Any, line: int) -> None:
        """What is reached if no clause matches."""
        if not self._is_total:
            self.at(node)
            self.emit(
                f"raise function_clause({self.unit.declarations.name!r}, {name!r}, [{', '.join(self.args)}],"
                f" {self.unit.declarations.file!r}, {line})"
            )

    _is_total = False

    def _clauses(self, clauses: list[Node], env: Env) -> None:
        for place, arg in enumerate(self.args):
            if any(opens(clause[2][place]) for clause in clauses):
                self.open(arg)
        for clause in clauses:
            self.at(clause)
            inner = env.copy()
            funs = dict(self.scope.funs)
            match = Match(self, inner, shadow=self.is_fun)
            self._clause = clause
            for pattern, arg in zip(clause[2], self.args, strict=True):
                match.match(pattern, arg)
            self._is_total = self.clause_body(match, inner, clause, "return")
            self.scope.funs = funs

    # ---- funs

    def closure(self, node: Node, clauses: list[Node], env: Env, own: str | None) -> str:
        """The name of a Python function for a fun; emits its definition here."""
        outer = self.outermost_function()
        number = outer.numbered
        outer.numbered += 1
        colour = self.unit.colours.of_clauses_of_fun(clauses, self.scope, own)
        # In the plain version of a function its parameters are known to be plain funs.
        is_async = colour == ASYNC or (bool(colour) and not self.is_plain_version)
        inner = FunctionBody(self.unit, (f"-{outer.name[0]}/{outer.name[1]}-fun-{number}-", 0), is_async)
        inner.is_fun = True
        inner.is_plain_version = self.is_plain_version
        inner.outermost = outer
        inner.scope = Scope(dict(self.scope.parameters), dict(self.scope.funs))
        inner.args = [self.temp("x") for _ in clauses[0][2]]
        name = f"{identifier(outer.name[0])}_fun_{number}"
        inner_env = env.copy()
        if own is not None and own != "_":
            inner.own_name = own
            inner_env.bind(own, name)
            inner.scope.funs[own] = ("atom", node[1], "itself")
        free = sorted(set(env.values()) & inner.words_of(clauses, env))
        inner.place = Place(str(inner.name[0]), len(inner.args) + len(free))
        inner.at(node)
        inner._clauses(clauses, inner_env)
        inner._no_clause(node, inner.name[0], inner.line)
        return self._define(inner, name, env, own is not None and own != "_")

    outermost: FunctionBody | None = None

    def outermost_function(self) -> FunctionBody:
        """The function that this one stands in."""
        return self.outermost or self

    def words_of(self, clauses: list[Node], env: Env) -> set[str]:
        """The Python names of the outer variables that a fun uses."""
        return {env[name] for name in variables(clauses) if name in env}

    def _define(self, inner: FunctionBody, name: str, env: Env, knows_itself: bool) -> str:
        self.unit.counter += 1
        bound = f"{name}_{self.unit.counter}"
        lines = inner._whole(name, "", inner.line)
        used = self.captured(lines, Env({key: value for key, value in env.items() if value != name}))
        parameters = ", ".join(inner.args)
        if knows_itself:
            # A fun that calls itself needs a variable of its own for itself, whatever becomes of this one here.
            self.emit(f"def {bound}_({', '.join(used)}):")
            self.indent += 1
            lines[0] = (0, f"{'async ' if inner.is_async else ''}def {name}({parameters}):", *lines[0][2:])
            self.add(lines)
            self.emit(f"return {name}")
            self.indent -= 1
            self.emit(f"{bound} = {bound}_({', '.join(used)})")
            self.emit(bound + NOTED)
            return bound
        # Bound as defaults: the variable may stand for something else when the fun is called.
        defaults = f"{', ' if inner.args else ''}*, {', '.join(f'{each}={each}' for each in used)}" if used else ""
        lines[0] = (0, f"{'async ' if inner.is_async else ''}def {bound}({parameters}{defaults}):", *lines[0][2:])
        self.add(lines)
        self.emit(bound + NOTED)
        return bound

    _clause: Node = ()

    def is_used_again(self, variable: str) -> bool:
        """Whether the clause uses a variable more than once, and it is this function's own."""
        if self.is_fun:
            return False
        if self.around is not None:
            return bool(variable in self.around)
        uses = [node for node in nodes(self._clause[3:]) if node[0] == "var" and node[2] == variable]
        return len(uses) > 1

    # ---- clauses

    def clause_body(self, match: Match, env: Env, clause: Node, dest: str, body: Any = None) -> bool:
        """`if` tests: bindings, `if` guard: body. Whether it is taken in any case."""
        depth = self.indent
        if match.tests:
            self.emit(f"if {match.condition}:")
            self.indent += 1
        match.bind()
        if clause[3]:
            self.emit(f"if {self.guard(clause[3], env)}:")
            self.indent += 1
            env.integers |= guarded(clause[3])
        is_total = self.indent == depth
        self.body(clause[4] if body is None else body, env, dest)
        self.indent = depth
        return is_total

    # ---- tail calls

    def tail_call(self, node: Node, env: Env) -> None:
        """`return` the value of a call."""
        local = self.local_name(node)
        if local is not None and local == self.name and not self.is_fun:
            self._again(node[3], env)
        elif self.own_name is not None and node[2][0] == "var" and node[2][2] == self.own_name:
            if len(node[3]) == len(self.args):
                self._again(node[3], env)
            else:
                self.emit(f"return {self.expr(node, env)}")
        elif local is not None and local in self.bounces and not self.is_fun:
            args = self.named_values(node[3], env, to_erlang=True)
            self.emit(
                f"return tail(b_{identifier(local[0])}_{local[1]}, ({''.join(arg + ', ' for arg in args)}))", True
            )
        elif self.is_async and not self.is_fun and self.may_wait(node):
            self._tail_for_the_caller(node, local, env)
        else:
            self._plain_tail(node, env)

    def _again(self, args: list[Node], env: Env) -> None:
        values = self.several(args, env, to_erlang=True)
        self.loops = True
        pairs = [(arg, value) for arg, value in zip(self.args, values, strict=True) if arg != value]
        if pairs:
            self.emit(f"{', '.join(arg for arg, _ in pairs)} = {', '.join(value for _, value in pairs)}")
        self.emit("continue")

    def may_wait(self, node: Node) -> bool:
        """Whether a call may have to be awaited here."""
        colour = self.unit.colours.of_call(node, self.scope)
        return bool(colour == ASYNC or (colour and not self.is_plain_version))

    def _tail_for_the_caller(self, node: Node, local: FunctionName | None, env: Env) -> None:
        function = node[2]
        if local is not None:
            values = self.named_values(node[3], env, to_erlang=True)
            target = self.local_target(local)
        elif function[0] == "remote" and function[2][0] == "atom" and function[3][0] == "atom":
            if not self.unit.may_be_tail(function[2][2], function[3][2], len(node[3])):
                self._plain_tail(node, env)
                return
            values = self.named_values(node[3], env)
            target = self.unit.remote(function[2][2], function[3][2], len(node[3]))
        elif function[0] == "remote":
            module, name, *rest = self.named_values([function[2], function[3], *node[3]], env)
            values, target = [module, name, f"({''.join(each + ', ' for each in rest)})"], "apply_mfa"
        elif function[0] == "atom":
            self._plain_tail(node, env)
            return
        else:
            fun, *rest = self.named_values([function, *node[3]], env)
            self._check_fun(node, fun)
            values, target = [fun, f"({''.join(each + ', ' for each in rest)})"], "apply_fun"
        self.emit(f"return tail({target}, ({''.join(value + ', ' for value in values)}))", True)

    def _plain_tail(self, node: Node, env: Env) -> None:
        """The frame stays, and stands for no entry of a stack while the call goes on."""
        args = self.named_values(node[3], env, to_erlang=self.local_name(node) is not None)
        if node[2][0] == "var" and node[2][2] in env:
            self._check_fun(node, env[node[2][2]])
        place = self.place
        self.place = replace(place, is_tail=self.unit.leaves_its_caller(node))
        self.emit(f"return {self.call(node, env, args)}")
        self.place = place

    def _check_fun(self, node: Node, fun: str) -> None:
        """What is no fun fails here, not where a fun would be."""
        self.at(node)
        self.emit(f"if type({fun}) is not fun_type: need_fun({fun})")

    def local_target(self, name: FunctionName) -> str:
        """The Python function behind a local one, for a call in code of this colour."""
        prefix = "f"
        if self.unit.colours.is_poly(name) and not self.is_async:
            prefix = "p"
        return f"{prefix}_{identifier(name[0])}_{name[1]}"

    def local_name(self, node: Node) -> FunctionName | None:
        """The module's function that a call is of; `None` if it is of another's."""
        match node[2]:
            case ("atom", _, name) if (name, len(node[3])) in self.unit.declarations.functions:
                return name, len(node[3])
            case ("remote", _, ("atom", _, module), ("atom", _, name)):
                own: FunctionName | None = self.unit.own_function(module, name, len(node[3]))
                return own
        return None


def _parameters(clauses: list[Node], arity: int) -> list[str]:
    """The names of a function's parameters: the variable's, if it is the same in all clauses that have one there."""
    found = []
    for place in range(arity):
        names = {clause[2][place][2] for clause in clauses if clause[2][place][0] == "var"} - {"_"}
        name = names.pop() if len(names) == 1 else None
        if name is not None and not _is_elsewhere(name, place, clauses):
            found.append(identifier(name))
        else:
            found.append(f"a{place}")
    return found


def _is_elsewhere(name: str, place: int, clauses: list[Node]) -> bool:
    """Whether a variable stands for something else than the argument at a place in some clause.

    Where it is that argument it may be a part of another, too: the same then, or the clause does not match.
    """
    for clause in clauses:
        head = [*clause[2]]
        if head[place][0] == "var" and head[place][2] == name:
            del head[place]
            if ("var", name) in [(each[0], each[2]) for each in head if each[0] == "var"]:
                return True
        elif name in variables(clause):
            return True
    return False
