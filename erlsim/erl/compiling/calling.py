"""Calls: of the module's own functions, of other modules' and of funs; and what awaits them."""

from __future__ import annotations

from typing import Any

from erlsim.erl.compiling import inline
from erlsim.erl.compiling.controls import Controls
from erlsim.erl.compiling.declarations import CannotCompile, FunctionName
from erlsim.erl.compiling.emitter import SIMPLE, Env
from erlsim.erl.compiling.inferring.colours import ASYNC
from erlsim.erl.reading.annotations import Node

_BIFS_INSTEAD = {
    ("maps", "get", 2): ("erlang", "map_get"),
    ("maps", "is_key", 2): ("erlang", "is_map_key"),
    ("maps", "size", 1): ("erlang", "map_size"),
}
"""What `sys_core_fold` has in the place of functions: it shows in the stack of a failure."""


class Calls(Controls):
    """Emits calls."""

    closure: Any
    is_fun: bool
    is_used_again: Any
    name: FunctionName

    # ---- arguments

    def several(self, expressions: list[Node], env: Env, to_erlang: bool = False) -> list[str]:
        """Values in order: one whose computing needed lines comes after those before it.

        With `to_erlang` they are for a function of this module.
        """
        found: list[str] = []
        for node in expressions:
            mark = len(self.lines)
            value = self.handed(node, env) if to_erlang else self.expr(node, env)
            if len(self.lines) > mark:
                late = self.lines[mark:]
                del self.lines[mark:]
                found = [self.simple(each) for each in found]
                self.lines += late
            found.append(value)
        return found

    def handed(self, node: Node, env: Env) -> str:
        """A value that Erlang's code gets. It takes most lists apart: one of a single element is a cell at once."""
        if node[0] == "cons" and node[3][0] == "nil":
            return f"cell({self.expr(node[2], env)}, [])"
        value: str = self.expr(node, env)
        return value

    def named_values(self, expressions: list[Node], env: Env, to_erlang: bool = False) -> list[str]:
        """Values that are computed when the next line begins."""
        values = self.several(expressions, env, to_erlang)
        return [self.simple(value) if "(" in value else value for value in values]

    # ---- calls

    def _e_call(self, node: Node, env: Env) -> str:
        return self.call(node, env)

    def call(self, node: Node, env: Env, given: list[str] | None = None) -> str:
        """The value of a call; `given` are its arguments if they are computed already."""
        function, args = node[2], node[3]
        local = self.local_name(node)
        if local is not None:
            if given is None:
                self._open_before(local, args, env)
                given = self.several(args, env, to_erlang=True)
            self.at(node)
            return self._local(node, local, given)
        match function:
            case ("atom", _, name):
                module = self.unit.declarations.imports.get((name, len(args)), "erlang")
                return self._remote(node, module, name, env, given)
            case ("remote", _, ("atom", _, module), ("atom", _, name)):
                return self._remote(node, module, name, env, given)
            case ("remote", _, module_node, name_node):
                module, name = self.several([module_node, name_node], env)
                values = self.several(args, env) if given is None else given
                self.at(node)
                return self.awaited(f"apply_mfa({module}, {name}, ({''.join(each + ', ' for each in values)}))", node)
        fun = self.simple(self.expr(function, env))
        values = self.several(args, env) if given is None else given
        self.at(node)
        return self.awaited(f"apply_fun({fun}, ({''.join(each + ', ' for each in values)}))", node)

    def _open_before(self, name: FunctionName, args: list[Node], env: Env) -> None:
        """Let lists be cells here that a function takes apart, if they are used again: it would open them each time."""
        for place in self.unit.opening(name):
            node = args[place]
            if node[0] == "var" and node[2] in env and self.is_used_again(node[2]):
                value = env[node[2]]
                if value not in self.opened:
                    self.emit(f"if type({value}) is not cell: {value} = opened({value})")

    def _local(self, node: Node, name: FunctionName, values: list[str]) -> str:
        colours = self.unit.colours
        waits = self.may_wait(node)
        target = f"f_{self.unit.identifier(name)}"
        if colours.is_poly(name) and not waits:
            target = f"p_{self.unit.identifier(name)}"
        value = f"{target}({', '.join(values)})"
        if not waits:
            return value
        if self.is_fun and self.unit.recursions:
            value = f"driven(finish({value}))"  # a fun may be called where there is no driver around
        elif self.name in self.unit.recursions.get(name, ()):
            value = f"far({value})"
        return self.awaited(value, node, is_coroutine=True)

    def _remote(self, node: Node, module: Any, name: Any, env: Env, given: list[str] | None) -> str:
        args = node[3]
        if not self.unit.is_evaluated:
            module, name = _BIFS_INSTEAD.get((module, name, len(args)), (module, name))
        shown = inline.bif(self, module, name, args, env) if given is None else None
        if shown is not None:
            return shown
        values = self.several(args, env) if given is None else given
        self.at(node)
        value = f"{self.unit.remote(module, name, len(args))}({', '.join(values)})"
        return self.awaited(value, node) if self.unit.is_unknown(module, name, len(args)) else self._known(value, node)

    def _known(self, value: str, node: Node) -> str:
        return self.awaited(value, node) if self.may_wait(node) else value

    def awaited(self, value: str, node: Node, is_coroutine: bool = False) -> str:
        """The value of a call that may give a coroutine or a tail call."""
        if not self.is_async or not self.may_wait(node):
            # It cannot wait, as far as is known: but a module may have been loaded anew.
            return f"plain({value})"
        name = self.temp()
        if is_coroutine:
            self.emit(f"{name} = await {value}")
        else:
            self.emit(f"{name} = {value}")
            self.emit(f"if type({name}) is coroutine: {name} = await {name}")
        self.emit(f"if type({name}) is tail: {name} = await finish({name})")
        return name

    # ---- funs

    def _e_fun(self, node: Node, env: Env) -> str:
        match node[2]:
            case ("clauses", clauses):
                return str(self.closure(node, clauses, env, None))
            case ("function", name, arity):
                if (name, arity) in self.unit.declarations.functions:
                    return f"g_{self.unit.identifier((name, arity))}"
                module = self.unit.declarations.imports.get((name, arity), "erlang")
                return f"external({module!r}, {name!r}, {arity})"
            case ("function", module, name, arity):
                return f"external({', '.join(self.several([module, name, arity], env))})"
        raise CannotCompile(f"{self.unit.where(node)}: illegal fun")

    def _e_named_fun(self, node: Node, env: Env) -> str:
        return str(self.closure(node, node[3], env, node[2]))

    def is_waiting(self, node: Node) -> bool:
        """Whether running some code may wait."""
        return bool(self.unit.colours.of_code(node, self.scope) == ASYNC)

    def is_simple(self, value: str) -> bool:
        """Whether a value may be used twice."""
        return bool(SIMPLE.match(value))
