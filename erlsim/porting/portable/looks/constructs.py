"""Constructs of Python that Erlang has no counterpart for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from erlsim.porting.portable.flow import Scope
from erlsim.porting.portable.known import CONSUMING, LAZY, NO_COUNTERPART, OURS, RAISED, SILENT
from erlsim.porting.portable.program import Def, Program, kind_of_class
from erlsim.porting.portable.report import Report
from erlsim.porting.portable.sources import Source

_DECORATORS = frozenset(("staticmethod", "classmethod", "overload", "override", "final"))
_CAUGHT = RAISED


def look_at_class(program: Program, source: Source, node: ast.ClassDef, report: Report) -> None:
    """What a class is for."""
    match kind_of_class(source, node):
        case "object":
            report.add(source, node, "object_state", f"`class {node.name}`: Erlang has no objects.")
        case "exception":
            report.add(source, node, "python_exception", f"`class {node.name}`: Erlang has no exceptions of one's own.")


def look_at_function(scope: Scope, node: Def, report: Report) -> None:
    """How a function is defined."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(called).rpartition(".")[2] not in _DECORATORS:
            report.add(scope.source, decorator, "decorator", f"`@{ast.unparse(decorator)}` wraps a function up.")
    first = next((each for each in _own(node) if isinstance(each, ast.Yield | ast.YieldFrom)), None)
    if first is not None:
        report.add(scope.source, first, "generator", "`yield`: a function of Erlang gives one value, once.")
    for arg, star in ((node.args.vararg, "*"), (node.args.kwarg, "**")):
        if arg is not None:
            text = f"`{star}{arg.arg}`: a function of Erlang has as many arguments as its name says."
            report.add(scope.source, arg, "star_arguments", text)
    for default in [*node.args.defaults, *(each for each in node.args.kw_defaults if each is not None)]:
        if isinstance(default, ast.List | ast.Dict | ast.Set):
            text = f"`{ast.unparse(default)}` is made once, and all calls share it."
            report.add(scope.source, default, "mutable_default", text)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """What is in a function, but not in functions inside of it."""
    for each in ast.iter_child_nodes(node):
        yield each
        if not isinstance(each, Def | ast.Lambda):
            yield from _own(each)


def look_at_statement(scope: Scope, node: ast.stmt, report: Report) -> None:
    """Statements without a counterpart, and exceptions."""
    match node:
        case ast.With(items=items):
            text = f"`with {', '.join(ast.unparse(each.context_expr) for each in items)}`"
            report.add(scope.source, node, "context_manager", f"{text}: Erlang has `try ... after`.")
        case ast.AsyncWith() | ast.AsyncFor():
            report.add(scope.source, node, "foreign_await", "It waits for something that is not erlsim's.")
        case ast.ClassDef():
            look_at_class(scope.program, scope.source, node, report)
        case ast.Raise(exc=ast.expr() as raised):
            called = raised.func if isinstance(raised, ast.Call) else raised
            name = ast.unparse(called).rpartition(".")[2]
            if name not in RAISED and isinstance(called, ast.Name | ast.Attribute) and name[:1].isupper():
                text = f"`raise {name}`: the reason would be a Python object."
                report.add(scope.source, node, "python_exception", text)
        case ast.Try(handlers=handlers):
            for handler in handlers:
                _handler(scope, handler, report)


def _handler(scope: Scope, handler: ast.ExceptHandler, report: Report) -> None:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    for kind in kinds:
        name = "" if kind is None else ast.unparse(kind).rpartition(".")[2]
        if name not in _CAUGHT:
            shown = "except" if kind is None else f"except {name}"
            text = f"`{shown}` catches what Erlang does not raise."
            report.add(scope.source, handler if kind is None else kind, "python_exception", text)


def look_at_expression(scope: Scope, node: ast.expr, report: Report) -> None:
    """Expressions without a counterpart."""
    match node:
        case ast.Await(value=value):
            _awaited(scope, node, value, report)
        case ast.Call():
            _call(scope, node, report)
        case ast.Name(id=name, ctx=ast.Load()):
            _foreign(scope, node, name, report)
    _kept_generator(scope, node, report)


def _awaited(scope: Scope, node: ast.Await, value: ast.expr, report: Report) -> None:
    if not isinstance(value, ast.Call):
        report.add(
            scope.source, node, "kept_coroutine", f"`await {ast.unparse(value)}`: what was called before it waits."
        )
        return
    path = scope.source.dotted(value.func)
    if path is None:
        return
    root = path.partition(".")[0]
    if path == "erlsim.wait_for" or (path.endswith(".wait_for") and root in OURS):
        report.add(scope.source, node, "foreign_await", "`wait_for` waits for the world outside.")
    elif _is_foreign(scope, path):
        report.add(scope.source, node, "foreign_await", f"`await {ast.unparse(value.func)}(...)` is not erlsim's.")


def _is_foreign(scope: Scope, path: str) -> bool:
    """Whether a module is neither erlsim's, nor the program's, nor one that Erlang has as well."""
    root = path.partition(".")[0]
    if not root or root in OURS or root in SILENT or path.rpartition(".")[0] in SILENT:
        return False
    return root not in scope.program.packages


def _call(scope: Scope, node: ast.Call, report: Report) -> None:
    match node.func:
        case ast.Name(id=name) if name in NO_COUNTERPART and scope.home(name) is None:
            if scope.program.function(scope.source, node.func) is None:
                code = "print" if name == "print" else "python_builtin"
                report.add(scope.source, node, code, f"`{name}(...)` is Python's own.")


def _foreign(scope: Scope, node: ast.Name, name: str, report: Report) -> None:
    """A name that comes from a library of Python's."""
    path = scope.source.imports.get(name)
    if path is not None and scope.home(name) is None and _is_foreign(scope, path):
        report.add(scope.source, node, "foreign_library", f"`{name}` is Python's ({path}).")


def _kept_generator(scope: Scope, node: ast.expr, report: Report) -> None:
    """A generator that is not gone through where it stands: its parent says so, hence a look at the children."""
    for kept in _kept_parts(scope, node):
        lazy = isinstance(kept, ast.GeneratorExp) or (
            isinstance(kept, ast.Call)
            and isinstance(kept.func, ast.Name)
            and kept.func.id in LAZY
            and scope.home(kept.func.id) is None
        )
        if lazy:
            report.add(scope.source, kept, "generator", f"`{ast.unparse(kept)}` is kept, and gone through later.")


def _kept_parts(scope: Scope, node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.Call(func=func, args=args):
            consumes = isinstance(func, ast.Name) and func.id in CONSUMING
            joins = isinstance(func, ast.Attribute) and func.attr in ("join", "extend", "update", "fromkeys")
            return [] if consumes or joins else list(args)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return list(parts)
        case ast.Dict(values=parts):
            return list(parts)
        case ast.NamedExpr(value=value):
            return [value]
    return []


def look_at_kept(scope: Scope, node: ast.stmt, report: Report) -> None:
    """A generator that a name gets, or that is returned."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=ast.GeneratorExp() as value):
            pass
        case ast.Return(value=ast.GeneratorExp() as value):
            pass
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Name(id=name)) as value) if name in LAZY:
            pass
        case ast.Return(value=ast.Call(func=ast.Name(id=name)) as value) if name in LAZY:
            pass
        case _:
            return
    report.add(scope.source, value, "generator", f"`{ast.unparse(value)}` is kept, and gone through later.")
