"""A walk through a function, statement by statement, with what is known of its names at each place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from erlsim.porting.portable import patterns, shapes
from erlsim.porting.portable.flow import Scope, bind, bind_comprehension
from erlsim.porting.portable.hints import shape_of_hint
from erlsim.porting.portable.known import CHANGING, RAISED
from erlsim.porting.portable.looks import changes, closures, constructs, positions, values
from erlsim.porting.portable.program import Def, Function, Program
from erlsim.porting.portable.report import Report
from erlsim.porting.portable.shapes import Maybe, Shape

_HINTED = {"tuple": shapes.TUPLE, "list": shapes.LIST, "dict": shapes.MAP, "int": shapes.INT, "str": shapes.ATOM}
_HINTED |= {"float": shapes.FLOAT, "bool": shapes.BOOL, "bytes": shapes.BINARY, "Pid": shapes.PID, "Ref": shapes.REF}


def walk(program: Program, function: Function, report: Report) -> None:
    """Look at one function; what it gives is noted down in it."""
    scope = Scope(program, function.source, function)
    for arg in function.parameters:
        scope.names[arg.arg] = None if function.is_method and arg.arg == "self" else function.parameter(arg)
    for arg in _others(function.node.args):
        scope.names[arg.arg] = None
    constructs.look_at_function(scope, function.node, report)
    walker = Walker(scope, report, function.is_callback)
    walker.block(function.node.body)
    function.gives = shapes.all_joined(walker.returned) if walker.returned else shapes.NONE


def _others(args: ast.arguments) -> list[ast.arg]:
    return [*args.kwonlyargs, *(each for each in (args.vararg, args.kwarg) if each is not None)]


class Walker:
    """The walk; `gives_terms` says whether what the function returns goes to a behaviour."""

    def __init__(self, scope: Scope, report: Report, gives_terms: bool) -> None:
        self.scope = scope
        self.report = report
        self.gives_terms = gives_terms
        self.returned: list[Maybe] = []
        # Whether this way ends here: by `return`, `raise`, `break` or `continue`.
        self.ended = False

    def add(self, node: ast.AST, code: str, sentence: str = "", level: str | None = None) -> None:
        """A finding."""
        self.report.add(self.scope.source, node, code, sentence, level)

    def block(self, body: Iterable[ast.stmt]) -> None:
        """Statements, one after the other."""
        for node in body:
            self.statement(node)

    def statement(self, node: ast.stmt) -> None:
        """One statement: what it is, then what is in it."""
        self.ended = False
        constructs.look_at_statement(self.scope, node, self.report)
        constructs.look_at_kept(self.scope, node, self.report)
        changes.look_at_statement(self.scope, node, self.report)
        handle = _STATEMENTS.get(type(node))
        if handle is not None:
            handle(self, node)
            self.ended = self.ended or isinstance(node, ast.Return | ast.Raise)
        else:
            for each in ast.iter_child_nodes(node):
                if isinstance(each, ast.expr):
                    self.expression(each)
            self.ended = isinstance(node, ast.Break | ast.Continue)

    def ways(self, *ways: Callable[[], None]) -> None:
        """Several ways to go on, and the place where they meet."""
        before, ends = self.scope, []
        for way in ways:
            self.scope = before.branch()
            self.ended = False
            way()
            if not self.ended:
                ends.append(self.scope)
        self.scope = before
        self.ended = not ends
        before.merge(ends)

    # ---- statements ---------------------------------------------------------------

    def assign(self, node: ast.Assign) -> None:
        """`a = b`."""
        self.expression(node.value)
        shape = self.scope.shape(node.value)
        for target in node.targets:
            values.look_at_unpacking(self.scope, target, shape, node.value, self.report)
            self.expression(target)
            bind(self.scope, target, shape)

    def annotated(self, node: ast.AnnAssign) -> None:
        """`a: int = b`."""
        if node.value is not None:
            self.expression(node.value)
        bind(self.scope, node.target, shape_of_hint(node.annotation, self.scope.source.aliases))

    def augmented(self, node: ast.AugAssign) -> None:
        """`a += b`."""
        self.expression(node.value)
        if isinstance(node.target, ast.Name):
            both = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
            self.scope.names[node.target.id] = self.scope.shape(both)

    def returns(self, node: ast.Return) -> None:
        """`return a`."""
        if node.value is None:
            self.returned.append(shapes.NONE)
            return
        self.expression(node.value)
        if self.gives_terms:
            positions.look(self.scope, node.value, self.report)
        shape = self.scope.shape(node.value)
        self.returned.append(shape)

    def branches(self, node: ast.If) -> None:
        """`if`: what the test says of a name holds inside."""
        self.expression(node.test)
        values.look_at_truth(self.scope, node.test, self.report)

        def inside(holds: bool, body: list[ast.stmt]) -> None:
            self.scope.names.update(narrowed(node.test, holds))
            self.block(body)

        self.ways(lambda: inside(True, node.body), lambda: inside(False, node.orelse))

    def loop(self, node: ast.While) -> None:
        """`while`: twice, for what it changes is there when it begins again."""
        if not isinstance(node.test, ast.Constant):
            values.look_at_truth(self.scope, node.test, self.report)
        self.expression(node.test)
        for _ in range(2):
            self.ways(lambda: self.block(node.body), lambda: None)
        self.block(node.orelse)

    def each(self, node: ast.For | ast.AsyncFor) -> None:
        """`for`."""
        self.expression(node.iter)
        item = shapes.held(self.scope.shape(node.iter))

        def inside() -> None:
            bind(self.scope, node.target, item)
            self.block(node.body)

        for _ in range(2):
            self.ways(inside, lambda: None)
        self.block(node.orelse)

    def matches(self, node: ast.Match) -> None:
        """`match`."""
        self.expression(node.subject)
        for pattern, code, sentence, level in patterns.taken_for_another(self.scope, node):
            self.add(pattern, code, sentence, level)
        shape = self.scope.shape(node.subject)

        def inside(case: ast.match_case) -> None:
            found = patterns.bind_pattern(self.scope, case.pattern, shape)
            if isinstance(node.subject, ast.Name):
                self.scope.names[node.subject.id] = found
            if case.guard is not None:
                self.expression(case.guard)
                values.look_at_truth(self.scope, case.guard, self.report)
            self.block(case.body)

        self.ways(*[lambda case=case: inside(case) for case in node.cases])

    def tries(self, node: ast.Try) -> None:
        """`try`."""
        before = self.scope.branch()
        self.block(node.body)

        def handled(handler: ast.ExceptHandler) -> None:
            self.scope.names.update({k: shapes.joined(v, before.names.get(k)) for k, v in self.scope.names.items()})
            if handler.name is not None:
                named = "" if handler.type is None else ast.unparse(handler.type).rpartition(".")[2]
                self.scope.names[handler.name] = shapes.EXCEPTION if named in RAISED else None
            self.block(handler.body)

        self.ways(
            lambda: self.block(node.orelse),
            *[lambda each=each: handled(each) for each in node.handlers],
        )
        self.block(node.finalbody)

    def raises(self, node: ast.Raise) -> None:
        """`raise`: a reason is a term."""
        if isinstance(node.exc, ast.Call):
            self.expression(node.exc)
            name = ast.unparse(node.exc.func).rpartition(".")[2]
            if name in RAISED:
                for arg in node.exc.args:
                    positions.look(self.scope, arg, self.report)

    def within(self, node: ast.With | ast.AsyncWith) -> None:
        """`with`."""
        for item in node.items:
            self.expression(item.context_expr)
            if item.optional_vars is not None:
                bind(self.scope, item.optional_vars, None)
        self.block(node.body)

    def function(self, node: Def) -> None:
        """A function inside of this one: it sees the names that are there now."""
        self.scope.names[node.name] = shapes.FUN
        constructs.look_at_function(self.scope, node, self.report)
        inner = self.scope.inner()
        for arg in [*node.args.posonlyargs, *node.args.args, *_others(node.args)]:
            inner.names[arg.arg] = shape_of_hint(arg.annotation, self.scope.source.aliases)
        Walker(inner, self.report, False).block(node.body)

    # ---- expressions --------------------------------------------------------------

    def expression(self, node: ast.expr) -> None:
        """An expression and all that is in it."""
        values.look(self.scope, node, self.report)
        constructs.look_at_expression(self.scope, node, self.report)
        changes.look_at_expression(self.scope, node, self.report)
        match node:
            case ast.Lambda():
                inner = self.scope.inner()
                for arg in [*node.args.posonlyargs, *node.args.args, *_others(node.args)]:
                    inner.names[arg.arg] = None
                Walker(inner, self.report, False).expression(node.body)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node)
            case ast.BoolOp(op=operator, values=parts):
                before, self.scope = self.scope, self.scope.branch()
                for each in parts:
                    self.expression(each)
                    self.scope.names.update(narrowed(each, isinstance(operator, ast.And)))
                self.scope = before
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.expression(test)
                before = self.scope
                for holds, each in ((True, body), (False, orelse)):
                    self.scope = before.branch()
                    self.scope.names.update(narrowed(test, holds))
                    self.expression(each)
                self.scope = before
            case _:
                if isinstance(node, ast.Call):
                    self._call(node)
                for part in ast.iter_child_nodes(node):
                    if isinstance(part, ast.expr):
                        self.expression(part)
                    elif isinstance(part, ast.keyword):
                        self.expression(part.value)
                if isinstance(node, ast.NamedExpr):
                    bind(self.scope, node.target, self.scope.shape(node.value))

    def _comprehension(self, node: Any) -> None:
        before = self.scope
        self.expression(node.generators[0].iter)
        self.scope = bind_comprehension(before, node.generators)
        for index, each in enumerate(node.generators):
            if index:
                self.expression(each.iter)
            for test in each.ifs:
                self.expression(test)
                values.look_at_truth(self.scope, test, self.report)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.expression(part)
        self.scope = before

    def _call(self, node: ast.Call) -> None:
        positions.look_at_call(self.scope, node, self.report)
        closures.look_at_call(self.scope, node, self.report)
        function = self.scope.program.function(self.scope.source, node.func)
        if function is not None:
            for arg, value in zip(function.parameters, node.args, strict=False):
                if not isinstance(value, ast.Starred):
                    function.takes(arg.arg, self.scope.shape(value))
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in CHANGING and node.args:
                self._grown(name, attr, node.args[-1])

    def _grown(self, name: str, how: str, value: ast.expr) -> None:
        """A list that was empty has something in it now."""
        home = self.scope.home(name)
        if home is not None and (shape := home.names[name]) is not None and shape.only("list"):
            held = self.scope.shape(value)
            if how == "extend":
                held = shapes.held(held)
            home.names[name] = Shape(shape.kinds, held if shape.empty else shapes.joined(shape.item, held))


def narrowed(test: ast.expr, holds: bool) -> list[tuple[str, Maybe]]:
    """What a test says of names if it holds, or if it does not: `isinstance(x, list)`, `type(x) is int`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return narrowed(operand, not holds)
        case ast.BoolOp(op=operator, values=parts) if isinstance(operator, ast.And) is holds:
            return [each for part in parts for each in narrowed(part, holds)]
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), kind]) if holds:
            return [(name, _of_classes(kind))]
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=name)]), ops=[operator], comparators=[kind]
        ) if isinstance(operator, ast.Is if holds else ast.IsNot):
            return [(name, _of_classes(kind))]
        case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[ast.Constant(value=None)]) if isinstance(
            operator, ast.Is if holds else ast.IsNot
        ):
            return [(name, shapes.NONE)]
    return []


def _of_classes(node: ast.expr) -> Maybe:
    match node:
        case ast.Tuple(elts=parts):
            return shapes.all_joined(map(_of_classes, parts))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return shapes.joined(_of_classes(left), _of_classes(right))
    return _HINTED.get(ast.unparse(node).rpartition(".")[2])


_STATEMENTS: dict[type, Callable[[Walker, Any], None]] = {
    ast.Assign: Walker.assign,
    ast.AnnAssign: Walker.annotated,
    ast.AugAssign: Walker.augmented,
    ast.Return: Walker.returns,
    ast.If: Walker.branches,
    ast.While: Walker.loop,
    ast.For: Walker.each,
    ast.AsyncFor: Walker.each,
    ast.Match: Walker.matches,
    ast.Try: Walker.tries,
    ast.Raise: Walker.raises,
    ast.With: Walker.within,
    ast.AsyncWith: Walker.within,
    ast.FunctionDef: Walker.function,
    ast.AsyncFunctionDef: Walker.function,
    ast.ClassDef: lambda walker, node: None,
}
