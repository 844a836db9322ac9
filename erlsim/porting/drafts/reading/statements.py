"""Statements: names that are bound once, branches with a value, loops as functions over lists, failures.

A block is read with what comes behind it (its `End`). Where branches meet again, what they have bound is their value
(`X = case ... end`); where one of them returns, what comes behind stands in the others.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from erlsim.porting.drafts.forms import (
    OK,
    Call,
    Case,
    Clause,
    Commented,
    Form,
    Fun,
    If,
    Match,
    Receive,
    Tuple,
    Var,
    Wild,
)
from erlsim.porting.drafts.guards import is_guard
from erlsim.porting.drafts.kinds import ANY, NEVER, Kind, item_of, join
from erlsim.porting.drafts.reading import flow
from erlsim.porting.drafts.reading.behaviours import sent_as
from erlsim.porting.drafts.reading.calling import conjunction
from erlsim.porting.drafts.reading.flow import Branch, End
from erlsim.porting.drafts.reading.patterns import is_irrefutable, takes_all
from erlsim.porting.drafts.reading.receiving import Receiving
from erlsim.porting.drafts.reading.scope import Binding, Env

Build = Callable[[list[tuple[Form, ...]]], Form]


class Statements(Receiving):
    """Blocks of statements."""

    def block(self, body: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        """The forms of some statements and of what comes behind them. `env` is changed as names are bound."""
        for place, node in enumerate(body):
            rest = body[place + 1 :]
            comment = self.here.file.comments.get(node.lineno)
            found, is_over = self.statement(node, rest, env, end)
            if comment and found:
                found = [Commented(tuple(comment), found[0]), *found[1:]]
            if is_over:
                return found
            return [*found, *self.block(rest, env, end)]
        return end.make(env)

    def statement(self, node: ast.stmt, rest: Sequence[ast.stmt], env: Env, end: End) -> tuple[list[Form], bool]:
        """The forms of a statement, and whether they are all that is left to do."""
        match node:
            case ast.Return():
                return self._return(node, env, end), True
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                return [], False
            case ast.Expr(value=value):
                return self._expression_statement(node, value, rest, env, end)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                return self._assignment(node, rest, env, end)
            case ast.If():
                return self._if(node, rest, env, end), True
            case ast.Match():
                return self._match(node, rest, env, end), True
            case ast.For():
                return self._for(node, rest, env, end), False
            case ast.While():
                return self.while_(node, rest, env, end), True
            case ast.Try():
                return self.try_(node, rest, env, end), True
            case ast.Continue() if end.again is not None:
                return end.again(env), True
            case ast.Break() if end.leave is not None:
                return end.leave(env), True
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._inner(node, env), False
            case ast.Raise():
                return self._raise(node, env), True
        raise self.refuse(node, "Erlang has no such statement")

    def while_(self, node: ast.While, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        """A `while`."""
        raise NotImplementedError

    def try_(self, node: ast.Try, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        """A `try`."""
        raise NotImplementedError

    # -- values and names

    def _return(self, node: ast.Return, env: Env, end: End) -> list[Form]:
        if not end.returns:
            raise self.refuse(node, "leaves a loop in its middle: write it as recursion")
        if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
            self.here.returns.append((OK, ANY))
            return [OK]
        form, kind = self.passed_on(node.value, env)
        self.here.returns.append((form, kind))
        return [form]

    def _raise(self, node: ast.Raise, env: Env) -> list[Form]:
        match node.exc:
            case ast.Call(func=func, args=[reason]):
                names = {"erlsim.Exit": "exit", "erlsim.Error": "error", "erlsim.Throw": "throw"}
                name = names.get(self.dotted(func, env))
                if name is not None:
                    return [Call("erlang", name, (self.expression(reason, env)[0],))]
        raise self.refuse(node, "only Erlang's failures are raised: erlang.exit, erlang.error, erlang.throw")

    def _expression_statement(
        self, node: ast.stmt, value: ast.expr, rest: Sequence[ast.stmt], env: Env, end: End
    ) -> tuple[list[Form], bool]:
        call = self.received(value, env)
        if call is not None:
            return [self._dropped(call, env)], False
        if self._is_match(value, env):
            return self._matching(None, value, env), False
        form, _ = self.expression(value, env)
        return [form], flow.never_returns(node)

    def _dropped(self, call: ast.Call, env: Env) -> Form:
        """A receive whose message nobody looks at."""
        clauses = []
        for each in call.args:
            guards: list[Form] = []
            pattern, _ = self.opened(each, env, guards, Wild)
            clauses.append(Clause((pattern,), conjunction(guards), (OK,)))
        time = self.time_of(call, env)
        if not clauses:
            clauses = [Clause((Wild(),), None, (OK,))]
        return Receive(tuple(clauses), None if time is None else (time, (OK,)))

    def _is_match(self, node: ast.expr, env: Env) -> bool:
        return isinstance(node, ast.Call) and self.dotted(node.func, env) == "erlsim.match" and len(node.args) == 2

    def _matching(self, target: ast.expr | None, node: ast.expr, env: Env) -> list[Form]:
        """`target = erlsim.match(pattern, value)`."""
        assert isinstance(node, ast.Call)
        shape, value = node.args
        form, _ = self.expression(value, env)
        count = sum(isinstance(each, ast.Constant) and each.value is ... for each in ast.walk(shape))
        targets: list[ast.expr] = []
        if target is not None and count == 1:
            targets = [target]
        elif target is not None and count > 1:
            if not isinstance(target, ast.Tuple) or len(target.elts) != count:
                raise self.refuse(target, f"the pattern leaves {count} parts open: name each of them")
            targets = list(target.elts)
        left = iter(targets)
        guards: list[Form] = []
        bound = dict(env)

        def left_open() -> Form:
            each = next(left, None)
            return Wild() if each is None else self.target(each, ANY, bound)

        pattern, kind = self.opened(shape, env, guards, left_open)
        if guards:
            raise self.refuse(shape, "a match has no guards: use `match`")
        env.update(bound)
        found: Form = Match(pattern, form)
        if target is not None and count == 0:
            found = Match(self.target(target, kind, env), found)
        return [found]

    def _assignment(
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, rest: Sequence[ast.stmt], env: Env, end: End
    ) -> tuple[list[Form], bool]:
        hint: Kind | None = None
        match node:
            case ast.Assign(targets=[target], value=value):
                pass
            case ast.AnnAssign(target=target, value=ast.expr() as value, annotation=annotation):
                hint = self.kind_of_hint(annotation)
            case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=right):
                if name in env and env[name].kind.name in ("list", "map") and name not in self.own:
                    raise self.refuse(node, f"changes {name} in place, for all who have it: bind it anew")
                name_of_old = ast.copy_location(ast.Name(name, ast.Load()), node)
                value = ast.copy_location(ast.BinOp(name_of_old, op, right), node)
            case _:
                raise self.refuse(node, "Erlang has no such assignment")
        call = self.received(value, env)
        if call is not None:
            return self._received_into(call, target, rest, env, end)
        if self._is_match(value, env):
            return self._matching(target, value, env), False
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            pairs = [self.expression(each, env) for each in value.elts]
            return [self._bound(t, *pair, env) for t, pair in zip(target.elts, pairs, strict=True)], False
        form, kind = self.expression(value, env)
        if hint is not None and kind in (ANY, NEVER):
            kind = hint
        if isinstance(target, ast.Name) and isinstance(form, Var) and target.id != "_":
            env[target.id] = Binding(form, kind)
            return [], False
        return [self._bound(target, form, kind, env)], False

    # Names that stand for what was made here and is nobody else's.
    own: frozenset[str] = frozenset()

    def _bound(self, target: ast.expr, form: Form, kind: Kind, env: Env) -> Form:
        return Match(self.target(target, kind, env), form)

    def _received_into(
        self, call: ast.Call, target: ast.expr, rest: Sequence[ast.stmt], env: Env, end: End
    ) -> tuple[list[Form], bool]:
        """`names = await erlang.receive(pattern)`: what is done then stands in the clause, if it is the only one."""
        time = self.time_of(call, env)
        if time is not None:
            raise self.refuse(call, "a time that may run out: write the cases by `match`")
        if len(call.args) != 1:
            form, kind = self.receive(call, env)
            return [self._bound(target, form, kind, env)], False
        guards: list[Form] = []
        pattern = self.into(call.args[0], target, env, guards)
        body = tuple(self.block(rest, env, end)) or (OK,)
        return [Receive((Clause((pattern,), conjunction(guards), body),))], True

    def _inner(self, node: ast.FunctionDef | ast.AsyncFunctionDef, env: Env) -> list[Form]:
        """A function inside a function: a fun."""
        arguments = node.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults or node.decorator_list:
            raise self.refuse(node, "a fun has so many arguments as it has, and nothing around it")
        self.closed_over(node)
        outside = self.here.returns
        self.here.returns = []
        settled, self.unsettled = self.unsettled, self.unsettled | flow.rebound(node)
        try:
            inside = dict(env)
            parameters = tuple(
                self.bind(each.arg, self.kind_of_hint(each.annotation), inside) for each in arguments.args
            )
            body = self.block(node.body, inside, End(lambda _: [], cheap=True, returns=True))
            kind = NEVER
            for _, each in self.here.returns:
                kind = join(kind, each)
        finally:
            self.here.returns = outside
            self.unsettled = settled
        fun = Fun((Clause(parameters, None, tuple(body) or (OK,)),))
        var = self.bind(node.name, Kind("fun", (kind,)), env)
        return [Match(var, fun)]

    # -- branches

    def branching(
        self, node: ast.stmt, branches: list[Branch], build: Build, rest: Sequence[ast.stmt], env: Env, end: End
    ) -> list[Form]:
        """Several ways on, and what comes behind them."""
        if not rest and end.cheap:
            return [build([tuple(self.block(each.body, dict(each.env), end)) or (OK,) for each in branches])]
        if any(flow.jumps(each.body) for each in branches):
            going_on = sum(flow.completes(each.body) for each in branches)
            if going_on > 1 and not (flow.is_small(rest) and end.cheap):
                raise self.refuse(node, "what comes behind would stand in several branches: make it a function")

            def behind(inside: Env) -> list[Form]:
                return self.block(rest, inside, end)

            after = End(behind, False, end.returns, end.live, end.again, end.leave)
            return [build([tuple(self.block(each.body, dict(each.env), after)) or (OK,) for each in branches])]
        return [*self._joined(node, branches, build, rest, env, end), *self.block(rest, env, end)]

    def _joined(
        self, node: ast.stmt, branches: list[Branch], build: Build, rest: Sequence[ast.stmt], env: Env, end: End
    ) -> list[Form]:
        """Branches that meet again: what they bind and is needed is their value."""
        wanted = flow.needed(rest) | end.live
        names = [name for name in flow.assigned([s for each in branches for s in each.body]) if name in wanted]
        of_names: dict[str, Kind] = dict.fromkeys(names, NEVER)

        def values(inside: Env) -> list[Form]:
            for name in names:
                if name not in inside:
                    raise self.refuse(node, f"{name} is not bound in every branch")
                of_names[name] = join(of_names[name], inside[name].kind)
            forms = [inside[name].form for name in names]
            if not forms:
                return []
            return forms if len(forms) == 1 else [Tuple(tuple(forms))]

        after = End(values, True, False, frozenset(names))
        found = build([tuple(self.block(each.body, dict(each.env), after)) or (OK,) for each in branches])
        if not names:
            return [found]
        bound = [self.bind(name, of_names[name], env) for name in names]
        return [Match(bound[0] if len(bound) == 1 else Tuple(tuple(bound)), found)]

    def _if(self, node: ast.If, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        tests: list[Form] = []
        branches: list[Branch] = []
        current: Sequence[ast.stmt] = [node]
        while len(current) == 1 and isinstance(current[0], ast.If):
            each = current[0]
            tests.append(self.condition(each.test, env))
            inside = dict(env)
            self.refined(each.test, inside)
            branches.append(Branch(inside, each.body))
            current = each.orelse
        branches.append(Branch(dict(env), current))

        def build(bodies: list[tuple[Form, ...]]) -> Form:
            return If(tuple(zip(tests, bodies, strict=False)), bodies[-1])

        return self.branching(node, branches, build, rest, env, end)

    def _match(self, node: ast.Match, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        call = self.received(node.subject, env)
        if call is not None:
            return self._match_received(node, call, rest, env, end)
        subject, kind = self.expression(node.subject, env)
        heads: list[tuple[Form, Form | None]] = []
        branches: list[Branch] = []
        for case in node.cases:
            inside = dict(env)
            name = node.subject.id if isinstance(node.subject, ast.Name) else ""
            heads.append(self.head(case, subject, self.of_message(name, case.pattern, kind), inside))
            branches.append(Branch(inside, case.body))
        last = node.cases[-1]
        is_tail = not rest and end.cheap and end.returns and end.again is None
        if not (is_irrefutable(last.pattern) and last.guard is None) and not is_tail:
            heads.append((Wild(), None))
            branches.append(Branch(dict(env), []))

        def build(bodies: list[tuple[Form, ...]]) -> Form:
            clauses = (Clause((p,), guard, body) for (p, guard), body in zip(heads, bodies, strict=True))
            return Case(subject, tuple(clauses))

        return self.branching(node, branches, build, rest, env, end)

    def head(self, case: ast.match_case, subject: Form, kind: Kind, env: Env) -> tuple[Form, Form | None]:
        """Pattern and guard of a case. A name for all of a variable is that variable."""
        if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and isinstance(subject, Var):
            if case.pattern.name is not None:
                env[case.pattern.name] = Binding(subject, kind)
            return Wild(), self.guard(case, [], env)
        guards: list[Form] = []
        pattern = self.pattern(case.pattern, kind, env, guards)
        return pattern, self.guard(case, guards, env)

    def of_message(self, name: str, pattern: ast.pattern, kind: Kind, beside: ast.pattern | None = None) -> Kind:
        """The kind of a callback's message in a case, by its tag: what the program sends so, and what OTP does."""
        tag: ast.pattern | None = None
        match pattern:
            case ast.MatchSequence(patterns=[tag, *_]) | ast.MatchAs(pattern=ast.MatchSequence(patterns=[tag, *_])):
                pass
        if kind != ANY or name not in self.argument_names:
            return kind
        how = sent_as(self.here, self.argument_names.index(name), beside)
        match tag:
            case ast.MatchValue(value=ast.Constant(value=str(text))) if how:
                sequence = pattern.pattern if isinstance(pattern, ast.MatchAs) else pattern
                assert isinstance(sequence, ast.MatchSequence)
                return self.here.facts.message(how, text, len(sequence.patterns))
        return kind

    # The names of the function's parameters.
    argument_names: Sequence[str] = ()

    def guard(self, case: ast.match_case, guards: list[Form], env: Env) -> Form | None:
        """The guard of a case, with what its pattern needs besides."""
        if case.guard is not None:
            self.in_guard = True
            try:
                test = self._guard_test(case.guard, env)
            finally:
                self.in_guard = False
            if not is_guard(test):
                raise self.refuse(case.guard, "a guard can only ask what Erlang allows in guards")
            guards = [*guards, test]
        return conjunction(guards)

    def _guard_test(self, node: ast.expr, env: Env) -> Form:
        """A guard. What it says of kinds holds for what stands behind it."""
        values = node.values if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) else [node]
        found = []
        for each in values:
            found.append(self.condition(each, env))
            self.refined(each, env)
        test = conjunction(found)
        assert test is not None
        return test

    def _match_received(
        self, node: ast.Match, call: ast.Call, rest: Sequence[ast.stmt], env: Env, end: End
    ) -> list[Form]:
        time = self.time_of(call, env)
        late = [case for case in node.cases if self.is_timeout(case, env)]
        cases = [case for case in node.cases if not self.is_timeout(case, env)]
        if late and time is None:
            raise self.refuse(node, "a case for a time that cannot run out")
        if not call.args and time is None and not takes_all(cases[-1:]):
            return [self._any_then_match(node, rest, env, end)]
        clauses = None
        if time is not None and not late and takes_all(cases[-1:]):
            # What takes all takes the end of the time, too.
            late = [self._late(cases[-1])]
            clauses = self.clauses_of(call, cases[:-1], env) if call.args else None
        clauses = clauses or self.clauses_of(call, cases, env)
        if clauses is None:
            raise self.refuse(call, "the cases do not take what the receive takes, one for one")
        heads = [(pattern, self.guard(case, guards, inside)) for case, pattern, guards, inside in clauses]
        branches = [Branch(inside, case.body) for case, _, _, inside in clauses]
        if time is not None:
            branches.append(Branch(dict(env), late[0].body if late else []))

        def build(bodies: list[tuple[Form, ...]]) -> Form:
            found = tuple(Clause((p,), guard, body) for (p, guard), body in zip(heads, bodies, strict=False))
            return Receive(found, None if time is None else (time, bodies[-1]))

        return self.branching(node, branches, build, rest, env, end)

    def _late(self, case: ast.match_case) -> ast.match_case:
        """A case that is for the time that has run out, too: it has no use for its name."""
        assert isinstance(case.pattern, ast.MatchAs)
        if case.pattern.name is not None and case.pattern.name in flow.needed(case.body):
            raise self.refuse(case.pattern, "may be erlsim.TIMEOUT, which is no term: write a case for that before")
        return case

    def _any_then_match(self, node: ast.Match, rest: Sequence[ast.stmt], env: Env, end: End) -> Form:
        """Any message is taken, and then looked at."""
        var = self.bind("message", ANY, env)
        looked_at = ast.copy_location(ast.Match(ast.Name("message", ast.Load()), node.cases), node)
        return Receive((Clause((var,), None, tuple(self._match(looked_at, rest, env, end))),))

    # -- loops over lists

    def _for(self, node: ast.For, rest: Sequence[ast.stmt], env: Env, end: End) -> list[Form]:
        """A loop: lists:foreach, or lists:foldl if it changes what names stand for."""
        if node.orelse:
            raise self.refuse(node, "a loop with an else")
        source, kind = self.items(node.iter, env)
        self.total(node.target, item_of(kind))
        wanted = flow.needed(rest) | end.live
        inside_names = flow.assigned([node.target])
        changed = [name for name in flow.assigned(node.body) if name not in inside_names]
        lost = [name for name in (*changed, *inside_names) if name in wanted and name not in env]
        if lost:
            raise self.refuse(node, f"{lost[0]} is what the last round left, if there was one")
        carried = [name for name in changed if name in env]
        if not carried:
            inside = dict(env)
            pattern = self.target(node.target, item_of(kind), inside)
            nothing = End(lambda _: [], cheap=True, returns=False, again=lambda _: [OK])
            body = tuple(self.block(node.body, inside, nothing)) or (OK,)
            return [Call("lists", "foreach", (Fun((Clause((pattern,), None, body),)), source))]
        return [self._fold(node, source, item_of(kind), carried, env)]

    def _fold(self, node: ast.For, source: Form, item: Kind, carried: list[str], env: Env) -> Form:
        known = {name: env[name].kind for name in carried}
        first = _together([env[name].form for name in carried])
        while True:
            before = dict(known)
            inside = dict(env)
            pattern = self.target(node.target, item, inside)
            held = _together([self.bind(name, known[name], inside) for name in carried])

            def values(at_end: Env) -> list[Form]:
                for name in carried:
                    known[name] = join(known[name], at_end[name].kind)
                return [_together([at_end[name].form for name in carried])]

            after = End(values, cheap=True, returns=False, live=frozenset(carried), again=values)
            body = tuple(self.block(node.body, inside, after))
            if known == before:
                break
        fun = Fun((Clause((pattern, held), None, body),))
        bound = _together([self.bind(name, known[name], env) for name in carried])
        return Match(bound, Call("lists", "foldl", (fun, first, source)))


def _together(forms: Sequence[Form]) -> Form:
    return forms[0] if len(forms) == 1 else Tuple(tuple(forms))
