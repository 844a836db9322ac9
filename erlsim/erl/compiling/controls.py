"""Guards, `receive`, `try` and `maybe`."""

from __future__ import annotations

from typing import Any

from erlsim.erl.compiling import inline
from erlsim.erl.compiling.emitter import SIMPLE, Emitter, Env
from erlsim.erl.compiling.operators import is_boolean
from erlsim.erl.compiling.patterns import Match, literal
from erlsim.erl.reading.annotations import Node


class Controls(Emitter):
    """Emits what decides, waits and catches."""

    scope: Any
    expr: Any
    into: Any
    body: Any
    effect: Any
    finish: Any
    choose: Any
    value_of: Any
    local_name: Any
    may_wait: Any
    clause_body: Any
    another: Any

    # ---- guards

    def guard(self, alternatives: list[list[Node]], env: Env) -> str:
        """The Python expression of a guard; a test that fails is false, and nothing more."""
        if all(inline.cannot_fail(test) for tests in alternatives for test in tests):
            shown = [" and ".join(self._test(test, env) for test in tests) for tests in alternatives]
            return shown[0] if len(shown) == 1 else " or ".join(f"({each})" for each in shown)
        name = self.temp("g")
        for number, tests in enumerate(alternatives):
            if number:
                self.emit(f"if not {name}:")
                self.indent += 1
            self.emit("try:")
            self.indent += 1
            depth = self.indent
            self.emit(f"{name} = False")
            for test in tests[:-1]:
                self.emit(f"if {self._test(test, env)}:")
                self.indent += 1
            self.emit(f"{name} = {self._test(tests[-1], env)}")
            self.indent = depth - 1
            self.emit(f"except Exception: {name} = False")
            self.indent -= number > 0
        return name

    def _test(self, test: Node, env: Env) -> str:
        value = self.expr(test, env.copy())
        return str(value) if is_boolean(test) else f"({value}) is True"

    # ---- receive

    def receive(self, node: Node, env: Env, dest: str) -> None:
        """Wait for a message that one of the clauses takes."""
        clauses = node[2]
        patterns = [self._receive_pattern(clause, env) for clause in clauses]
        if "..." in patterns:
            patterns = []
        elif not clauses:
            patterns = ["never"]
        if len(node) == 5:
            after = self.simple(self.expr(node[3], env))
            self.at(node)
            patterns.append(f"after=timeout_of({after})")
        message = self.temp("m")
        self.emit(f"{message} = await receive({', '.join(patterns)})")
        exported: dict[str, str] = {}
        if len(node) == 5:
            self.emit(f"if {message} is TIMEOUT:")
            self.indent += 1
            inner = env.copy()
            self.body(node[4], inner, dest)
            self.indent -= 1
            exported.update(inner)
        for clause in clauses:
            self.at(clause)
            inner = env.copy()
            match = Match(self, inner)
            match.match(clause[2][0], message)
            self.clause_body(match, inner, clause, dest)
            exported.update(inner)
        self.emit(f"raise case_clause({message})")
        env.update(exported)

    def _receive_pattern(self, clause: Node, env: Env) -> str:
        """What `erlang.receive` is given for a clause: a term with holes, or a predicate."""
        if not clause[3]:
            term = _term_with_holes(clause[2][0], env, set())
            if term is not None:
                return term
        inner: Any = self.another((self.place.function, self.place.arity))
        inner.scope = self.scope
        inner.at(clause)
        names = env.copy()
        match = Match(inner, names)
        match.match(clause[2][0], "message")
        inner.clause_body(match, names, clause, "return", [("atom", clause[1], True)])
        inner.emit("return False")
        used = self.captured(inner.lines, env)
        name = self.temp("p")
        defaults = f", *, {', '.join(f'{each}={each}' for each in used)}" if used else ""
        self.emit(f"def {name}(message{defaults}):")
        self.add([(indent, *rest) for indent, *rest in inner.lines])
        return name

    # ---- try

    def try_(self, node: Node, env: Env, dest: str) -> None:
        """`try Body of Clauses catch Handlers after After end`."""
        if node[5]:
            self._try_after(node, env, dest)
        elif node[4]:
            self._try_catch(node, env, dest)
        else:
            inner = env.copy()
            value = self.value_of(("block", node[1], node[2]), inner)
            self.choose(node[3], value, inner, dest, "try_clause")

    def _try_after(self, node: Node, env: Env, dest: str) -> None:
        # The code behind `after` is not run when the process is killed, so it is no `finally`.
        _, location, body, of, handlers, after = node
        name = self.temp()
        inner = env.copy()
        self.emit("try:")
        self.indent += 1
        if of or handlers:
            value = self.value_of(("try", location, body, of, handlers, []), inner)
        else:
            for each in body[:-1]:
                self.effect(each, inner)
            self.at(body[-1])
            value = self.expr(body[-1], inner)
        self.emit(f"{name} = {value}")
        self.indent -= 1
        self.emit("except Exception as e:")
        self.indent += 1
        kept = self.temp("e")
        self.emit(f"{kept} = keep(e)")
        self.indent -= 1
        self.emit("else:")
        self.indent += 1
        self.emit(f"{kept} = None")
        self.indent -= 1
        for each in after:
            self.effect(each, env.copy())
        self.emit(f"if {kept} is not None: raise {kept}", is_tail=True)
        self.finish(name, dest)

    def _try_catch(self, node: Node, env: Env, dest: str) -> None:
        _, _, body, of, handlers, _ = node
        name, exc = self.temp(), self.temp("e")
        inner = env.copy()
        self.emit("try:")
        self.indent += 1
        for each in body[:-1]:
            self.effect(each, inner)
        self.at(body[-1])
        self.emit(f"{name} = {self.expr(body[-1], inner)}")
        self.indent -= 1
        self.emit("except Exception as e:")
        self.indent += 1
        kind, reason, stack = self.temp(), self.temp(), self.temp()
        self.emit(f"{kind}, {reason}, {stack} = caught(e)")
        self.emit(f"{exc} = e")
        self.indent -= 1
        self.emit("else:")
        self.indent += 1
        self.emit(f"{exc} = None")
        self.indent -= 1
        self.emit(f"if {exc} is None:")
        self.indent += 1
        if of:
            self.choose(of, name, inner, dest, "try_clause")
        else:
            self.finish(name, dest)
        self.indent -= 1
        for clause in handlers:
            self._handler(clause, env, dest, (kind, reason, stack))
        self.emit(f"raise {exc}", is_tail=True)

    def _handler(self, clause: Node, env: Env, dest: str, values: tuple[str, str, str]) -> None:
        self.at(clause)
        inner = env.copy()
        match = Match(self, inner)
        for pattern, value in zip(clause[2][0][2], values, strict=True):
            match.match(pattern, value)
        self.clause_body(match, inner, clause, dest)

    # ---- maybe

    def maybe(self, node: Node, env: Env, dest: str) -> None:
        """`maybe Body else Clauses end`: the first `?=` that does not match ends it with its value."""
        inner = env.copy()
        failed = self.temp()
        value = self.temp()
        self.emit(f"{failed} = False")
        self.emit("while True:")
        self.indent += 1
        for each in node[2]:
            self.at(each)
            if each[0] != "maybe_match":
                shown = self.simple(self.expr(each, inner))
            else:
                shown = self.simple(self.expr(each[3], inner))
                match = Match(self, inner)
                match.match(each[2], shown)
                if match.tests:
                    self.emit(f"if not ({match.condition}):")
                    self.indent += 1
                    self.emit(f"{failed}, {value} = True, {shown}")
                    self.emit("break")
                    self.indent -= 1
                match.bind()
        self.emit(f"{value} = {shown}")
        self.emit("break")
        self.indent -= 1
        if len(node) == 4:
            self.emit(f"if {failed}:")
            self.indent += 1
            self.choose(node[3][2], value, env.copy(), dest, "else_clause")
            self.indent -= 1
        self.finish(value, dest)


def _term_with_holes(node: Node, env: Env, seen: set[str]) -> str | None:
    """A pattern as a term in which `...` matches anything; `None` if it is more than that."""
    match node:
        case ("var", _, "_"):
            return "..."
        case ("var", _, name):
            if name in env:
                return f"wanted({env[name]})"
            if name in seen:
                return None
            seen.add(name)
            return "..."
        case ("atom" | "integer" | "char", _, value):
            return literal(value)
        case ("tuple", _, parts):
            shown = [_term_with_holes(part, env, seen) for part in parts]
            if any(each is None for each in shown):
                return None
            return "(" + "".join(f"{each}, " for each in shown) + ")"
    return None


__all__ = ["SIMPLE", "Controls"]
