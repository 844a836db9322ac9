"""`receive` with clauses: patterns of `erlang.receive` and the cases, or the names, that take the message apart."""

from __future__ import annotations

import ast

from erlsim.porting.drafts.forms import Alias, Form, List, Pin, Tuple, Wild
from erlsim.porting.drafts.kinds import ANY
from erlsim.porting.drafts.reading.expressions import Expressions
from erlsim.porting.drafts.reading.patterns import is_irrefutable, takes_all
from erlsim.porting.drafts.reading.scope import Binding, Env

TIMEOUTS = ("erlsim.TIMEOUT", "erlsim.erlang.TIMEOUT")


class Receiving(Expressions):
    """Receives."""

    def received(self, node: ast.expr, env: Env) -> ast.Call | None:
        """The call, if this is `await erlang.receive(...)`."""
        match node:
            case ast.Await(value=ast.Call() as call):
                if self.dotted(call.func, env) in ("erlsim.erlang.receive", "erlsim.receive"):
                    return call
        return None

    def time_of(self, call: ast.Call, env: Env) -> Form | None:
        """The time that a receive waits."""
        for each in call.keywords:
            if each.arg != "after":
                raise self.refuse(call, "receive has no such option")
            return self.expression(each.value, env)[0]
        return None

    def is_timeout(self, case: ast.match_case, env: Env) -> bool:
        """Whether a case is for the time that has run out."""
        return isinstance(case.pattern, ast.MatchValue) and self.dotted(case.pattern.value, env) in TIMEOUTS

    def into(self, open_: ast.expr, target: ast.expr, env: Env, guards: list[Form]) -> Form:
        """A pattern of `receive` whose open parts get the names of an assignment's left side."""
        match open_, target:
            case _, ast.Name(id="_"):
                return self.opened(open_, env, guards, Wild)[0]
            case ast.Constant(value=value), _ if value is ...:
                return self.target(target, ANY, env)
            case (ast.Tuple(elts=parts), ast.Tuple(elts=targets)) if len(parts) == len(targets):
                return Tuple(tuple(self.into(p, t, env, guards) for p, t in zip(parts, targets, strict=True)))
            case _, ast.Name(id=name):
                pattern, kind = self.opened(open_, env, guards, Wild)
                if isinstance(pattern, Pin):
                    env[name] = Binding(pattern.var, kind)
                    return pattern
                return Alias(pattern, self.bind(name, kind, env))
        raise self.refuse(target, "does not fit the pattern of the receive")

    def merged(self, open_: ast.expr, pattern: ast.pattern, env: Env, guards: list[Form]) -> Form | None:
        """A pattern of `receive` as a case takes it apart; `None` if the case takes less than the receive does."""
        match open_, pattern:
            case _, ast.MatchAs(pattern=None, name=None):
                return self.opened(open_, env, guards, Wild)[0]
            case ast.Constant(value=value), ast.MatchAs(pattern=None, name=str(name)) if value is ...:
                return self.bind(name, ANY, env)
            case _, ast.MatchAs(pattern=None, name=str(name)):
                found, kind = self.opened(open_, env, guards, Wild)
                if isinstance(found, Pin):
                    env[name] = Binding(found.var, kind)
                    return found
                return Alias(found, self.bind(name, kind, env))
            case ast.Tuple(elts=parts), ast.MatchSequence(patterns=patterns) if len(parts) == len(patterns):
                return self._all(Tuple, parts, patterns, env, guards)
            case ast.List(elts=parts), ast.MatchSequence(patterns=patterns) if len(parts) == len(patterns):
                return self._all(List, parts, patterns, env, guards)
            case ast.Constant(value=value), ast.MatchValue(value=ast.Constant(value=other)):
                return self.expression(open_, {})[0] if value is not ... and value == other else None
        return None

    def _all(
        self, made: type[Tuple | List], parts: list[ast.expr], patterns: list[ast.pattern], env: Env, guards: list[Form]
    ) -> Form | None:
        found = [self.merged(part, each, env, guards) for part, each in zip(parts, patterns, strict=True)]
        items = tuple(each for each in found if each is not None)
        return made(items) if len(items) == len(found) else None

    def clauses_of(
        self, call: ast.Call, cases: list[ast.match_case], env: Env
    ) -> list[tuple[ast.match_case, Form, list[Form], Env]] | None:
        """The clauses of a receive with cases: case, pattern, guards and what is bound; `None` if they do not fit."""
        if not call.args:
            return self._clauses_for_any(cases, env)
        covered: set[int] = set()
        clauses = []
        for case in cases:
            fits = False
            for number, open_ in enumerate(call.args):
                if number in covered:
                    continue
                inside, guards = dict(env), list[Form]()
                pattern = self.merged(open_, case.pattern, inside, guards)
                if pattern is None:
                    continue
                fits = True
                if case.guard is None:
                    covered.add(number)
                clauses.append((case, pattern, guards, inside))
                if not is_irrefutable(case.pattern):
                    break
            if not fits:
                return None
        return clauses if len(covered) == len(call.args) else None

    def _clauses_for_any(
        self, cases: list[ast.match_case], env: Env
    ) -> list[tuple[ast.match_case, Form, list[Form], Env]]:
        """The clauses of a receive of anything: what no case fits is taken, too, and nothing is done with it."""
        clauses = []
        for case in cases:
            inside, guards = dict(env), list[Form]()
            clauses.append((case, self.pattern(case.pattern, ANY, inside, guards), guards, inside))
        if not takes_all(cases[-1:]):
            nothing = ast.match_case(ast.MatchAs(), None, [])
            clauses.append((nothing, Wild(), [], dict(env)))
        return clauses
