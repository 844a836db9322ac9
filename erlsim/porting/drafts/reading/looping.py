"""`while` as a function that calls itself, and `try`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from erlsim.porting.drafts import forms as f
from erlsim.porting.drafts.forms import OK, Atom, Call, Catch, Clause, Form, Function, If, Match, Try, Tuple, Var, Wild
from erlsim.porting.drafts.kinds import ANY, NEVER, Kind, join
from erlsim.porting.drafts.reading import flow
from erlsim.porting.drafts.reading.flow import End
from erlsim.porting.drafts.reading.patterns import is_irrefutable
from erlsim.porting.drafts.reading.scope import Binding, Env
from erlsim.porting.drafts.reading.statements import Statements

_CLASSES = {
    "erlsim.Exit": ("exit",),
    "erlsim.Error": ("error",),
    "erlsim.Throw": ("throw",),
    "erlsim.ErlangException": ("any",),
}


class Looping(Statements):
    """`while` and `try`."""

    def while_(self, node: ast.While, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        """A `while`: a function of the names that it uses, which calls itself for the next round."""
        if node.orelse:
            raise self.refuse(node, "a loop with an else")
        if not (end.cheap and end.returns and end.again is None):
            raise self.refuse(node, "a while inside of something else: make it a function")
        wanted = flow.needed([node, *rest])
        carried = [name for name in env if name in wanted and isinstance(env[name].form, Var)]
        new = [name for name in flow.assigned(node.body) if name not in env and name in flow.needed(rest)]
        if new:
            raise self.refuse(node, f"{new[0]} is what the last round left, if there was one")
        name = self._loop_name(env, carried)
        known = {each: env[each].kind for each in carried}
        known_forms = [env[each].form for each in carried]
        while True:
            before = dict(known)
            inside = {key: value for key, value in env.items() if key not in carried}
            parameters = tuple(self.bind(each, known[each], inside) for each in carried)
            body = self._round(node, rest, inside, end, name, carried, known)
            if known == before:
                break
        if name == self.here.function:
            self.loops_to_itself = parameters
            return body
        self.here.helpers.append(
            Function(name, len(carried), (Clause(parameters, None, tuple(body)),), "", None, False, "", "whole")
        )
        return [Call(self.here.unit.name, name, tuple(known_forms))]

    # The parameters of a function whose whole body is a loop, once it has been read.
    loops_to_itself: tuple[Var, ...] | None = None

    def _loop_name(self, env: Env, carried: list[str]) -> str:
        if self.is_whole_body and carried == list(self.parameters):
            return self.here.function
        name = f"{self.here.function}_loop"
        taken = {each.name for each in self.here.helpers if isinstance(each, Function)}
        while name in taken or name in self.here.unit.functions:
            name += "_again"
        return name

    is_whole_body = False
    parameters: Sequence[str] = ()

    def _round(
        self,
        node: ast.While,
        rest: Sequence[ast.stmt],
        env: Env,
        end: End,
        name: str,
        carried: list[str],
        known: dict[str, Kind],
    ) -> list[Form]:
        def again(at_end: Env) -> list[Form]:
            for each in carried:
                known[each] = join(known[each], at_end[each].kind)
            return [Call(self.here.unit.name, name, tuple(at_end[each].form for each in carried))]

        def leave(at_end: Env) -> list[Form]:
            return self.block(rest, dict(at_end), end) or [OK]

        breaks = sum(isinstance(each, ast.Break) for each in flow.walk(node.body))
        for_ever = isinstance(node.test, ast.Constant) and node.test.value is True
        if breaks + (not for_ever) > 1 and not flow.is_small(rest):
            raise self.refuse(node, "a loop that is left in several places: make what comes behind a function")
        after = End(again, cheap=True, returns=True, live=frozenset(carried), again=again, leave=leave)
        if for_ever:
            return self.block(node.body, env, after)
        test = self.condition(node.test, env)
        inside = dict(env)
        self.refined(node.test, inside)
        body = tuple(self.block(node.body, inside, after))
        return [If(((test, body),), tuple(leave(env)))]

    # -- try

    def try_(self, node: ast.Try, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        """A `try`. Its body alone is protected: what comes behind stands behind `of`, or after it."""
        if node.orelse:
            raise self.refuse(node, "a try with an else: put it behind, and return from the handlers")
        if set(flow.assigned(node.finalbody)) & flow.needed(rest):
            raise self.refuse(node, "what is bound in finally is known there only")
        if flow.jumps(node.finalbody):
            raise self.refuse(node, "finally that returns")
        going_on = flow.completes(node.body)
        handlers_go_on = [each for each in node.handlers if flow.completes(each.body)]
        if not rest and end.cheap and end.returns:
            return [self._tried(node, env, end, end, None)]
        if going_on and not handlers_go_on:
            return self._try_of(node, rest, env, end)
        if not any(map(flow.jumps, (node.body, *(each.body for each in node.handlers)))):
            return [*self._try_joined(node, rest, env, end), *self.block(rest, env, end)]
        if not going_on and len(handlers_go_on) == 1:

            def behind(inside: Env) -> list[Form]:
                return self.block(rest, inside, end)

            after = End(behind, False, end.returns, end.live, end.again, end.leave)
            return [self._tried(node, env, after, after, None)]
        raise self.refuse(node, "what comes behind would stand in several branches: make it a function")

    def _try_of(self, node: ast.Try, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        """`try Value of Pattern -> what comes behind catch ... end`."""
        names = [name for name in flow.assigned(node.body) if name in flow.needed(rest) | end.live]
        of_names: dict[str, Kind] = dict.fromkeys(names, NEVER)
        after = self._values_of(node, names, of_names)
        body = tuple(self.block(node.body, dict(env), after)) or (OK,)
        body, pattern, inside = self._value_of(body, names, of_names, env)
        behind = tuple(self.block(rest, inside, end)) or (OK,)
        catches = self._handlers(node, env, end)
        finally_ = self._finally(node, env)
        return [Try(body, (Clause((pattern,), None, behind),), catches, finally_)]

    def _value_of(
        self, body: tuple[Form, ...], names: list[str], of_names: dict[str, Kind], env: Env
    ) -> tuple[tuple[Form, ...], Form, Env]:
        """The body's value as a pattern. `X = f(), X` is `f()`."""
        inside = dict(env)
        if not names:
            return body, Wild(), inside
        bound = [self.bind(name, of_names[name], inside) for name in names]
        pattern: Form = bound[0] if len(bound) == 1 else Tuple(tuple(bound))
        match body:
            case [*before, Match(pattern=Var() as var, value=value), last] if var is last:
                return (*before, value), pattern, inside
            case [*before, Match(pattern=f.Tuple() as shape, value=value), last] if isinstance(last, Var):
                if last in f.variables(shape):
                    again = _renamed(shape, last, bound[0])
                    return (*before, value), again, inside
        return body, pattern, inside

    def _values_of(self, node: ast.stmt, names: list[str], of_names: dict[str, Kind]) -> End:
        def values(inside: Env) -> list[Form]:
            for name in names:
                if name not in inside:
                    raise self.refuse(node, f"{name} is not bound in every branch")
                of_names[name] = join(of_names[name], inside[name].kind)
            found = [inside[name].form for name in names]
            return [] if not found else [found[0] if len(found) == 1 else Tuple(tuple(found))]

        return End(values, cheap=True, returns=False, live=frozenset(names))

    def _try_joined(self, node: ast.Try, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        wanted = flow.needed(rest) | end.live
        inside = [*node.body, *(each for handler in node.handlers for each in handler.body)]
        names = [name for name in flow.assigned(inside) if name in wanted]
        of_names: dict[str, Kind] = dict.fromkeys(names, NEVER)
        after = self._values_of(node, names, of_names)
        found = self._tried(node, env, after, after, None)
        if not names:
            return [found]
        bound = [self.bind(name, of_names[name], env) for name in names]
        return [Match(bound[0] if len(bound) == 1 else Tuple(tuple(bound)), found)]

    def _tried(self, node: ast.Try, env: Env, after_body: End, after_handlers: End, _: None) -> Form:
        body = tuple(self.block(node.body, dict(env), after_body)) or (OK,)
        return Try(body, (), self._handlers(node, env, after_handlers), self._finally(node, env))

    def _finally(self, node: ast.Try, env: Env) -> tuple[Form, ...]:
        nothing = End(lambda _: [], cheap=True, returns=False)
        return tuple(self.block(node.finalbody, dict(env), nothing))

    def _handlers(self, node: ast.Try, env: Env, end: End) -> tuple[Catch, ...]:
        return tuple(catch for handler in node.handlers for catch in self._handler(handler, env, end))

    def _handler(self, node: ast.ExceptHandler, env: Env, end: End) -> list[Catch]:
        classes = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = [self.dotted(each, env) if each is not None else "" for each in classes]
        unknown = [name for name in names if name not in _CLASSES]
        if unknown:
            raise self.refuse(node, "only Erlang's failures are caught: erlsim.Exit, erlsim.Error, erlsim.Throw")
        return [catch for name in names for catch in self._caught(node, _CLASSES[name][0], env, end)]

    def _caught(self, node: ast.ExceptHandler, class_: str, env: Env, end: End) -> list[Catch]:
        kind: str | Var = Var("class") if class_ == "any" else class_
        reason, stack = Var("reason"), Var("stack")
        inside = dict(env)
        if node.name is not None:
            of_class: Form = kind if isinstance(kind, Var) else Atom(kind)
            inside[node.name] = Binding(Tuple((of_class, reason, stack)), Kind("caught"))
        match node.body:
            case [ast.Match(subject=ast.Attribute(value=ast.Name(id=name), attr="reason"), cases=cases)] if (
                name == node.name and is_irrefutable(cases[-1].pattern) and cases[-1].guard is None
            ):
                return [self._caught_case(case, kind, reason, stack, inside, end) for case in cases]
        body = self.block(node.body, inside, end) or [OK]
        return [self._catch(kind, reason, stack, None, body)]

    def _caught_case(self, case: ast.match_case, kind: str | Var, reason: Var, stack: Var, env: Env, end: End) -> Catch:
        """A case over the reason, as a clause of its own."""
        inside = dict(env)
        pattern, guard = self.head(case, reason, ANY, inside)
        body = self.block(case.body, inside, end) or [OK]
        if isinstance(pattern, Wild) and reason in [*f.variables(body), *f.variables(guard)]:
            pattern = reason
        return self._catch(kind, pattern, stack, guard, body)

    def _catch(self, kind: str | Var, pattern: Form, stack: Var, guard: Form | None, body: list[Form]) -> Catch:
        used = set(f.variables(body)) | set(f.variables(guard))
        if isinstance(pattern, Var) and pattern not in used:
            pattern = Wild()
        return Catch(kind, pattern, stack if stack in used else None, guard, tuple(body))


def _renamed(shape: Form, old: Var, new: Var) -> Form:
    if shape is old:
        return new
    if isinstance(shape, Tuple):
        return Tuple(tuple(_renamed(each, old, new) for each in shape.items))
    return shape
