"""What changes in place: terms, names around a function, names at the top of a file, attributes of objects."""

from __future__ import annotations

import ast

from erlsim.porting.portable import shapes
from erlsim.porting.portable.flow import Scope
from erlsim.porting.portable.known import CHANGING
from erlsim.porting.portable.report import Report

_HOLDERS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call)


def look_at_statement(scope: Scope, node: ast.stmt, report: Report) -> None:
    """Assignments to what is not a name, `global`, `nonlocal`."""
    match node:
        case ast.Global(names=names):
            report.add(
                scope.source, node, "global_state", f"`global {', '.join(names)}`: all processes would share it."
            )
        case ast.Nonlocal(names=names):
            text = f"`nonlocal {', '.join(names)}`: a function changes what is around it."
            report.add(scope.source, node, "nonlocal_state", text)
        case ast.Assign(targets=targets):
            for target in targets:
                _target(scope, target, report)
        case ast.AugAssign(target=target):
            if isinstance(target, ast.Name):
                shape = scope.shape(target)
                if shape is not None and shape.only("list", "set", "map"):
                    _changed(scope, node, target, f"`{ast.unparse(node)}` changes a list in place.", report)
            else:
                _target(scope, target, report)
        case ast.Delete(targets=targets):
            for target in targets:
                _target(scope, target, report)


def _target(scope: Scope, target: ast.expr, report: Report) -> None:
    match target:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for each in parts:
                _target(scope, each, report)
        case ast.Subscript(value=owner):
            shape = scope.shape(owner)
            if (shape is not None and shape.may_be("list", "map")) or _is_global(scope, owner):
                _changed(scope, target, owner, f"`{ast.unparse(target)}` is set in place.", report)
        case ast.Attribute(value=ast.Name(id="self")) if scope.function.is_method:
            pass  # Its class is found already.
        case ast.Attribute():
            text = f"`{ast.unparse(target)}` is set: an object that remembers."
            report.add(scope.source, target, "object_state", text)


def look_at_expression(scope: Scope, node: ast.expr, report: Report) -> None:
    """Calls of methods that change what they are called of."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in CHANGING:
            shape = scope.shape(owner)
            holds = shape is not None and shape.may_be("list", "map", "set") and not shape.may_be("module")
            if scope.api(node.func) is None and (holds or _is_global(scope, owner)):
                _changed(scope, node, owner, f"`{ast.unparse(owner)}.{attr}(...)` changes it in place.", report)


def _changed(scope: Scope, node: ast.AST, owner: ast.expr, text: str, report: Report) -> None:
    if _is_global(scope, owner):
        report.add(scope.source, node, "global_state", f"{text[:-1]}, at the top of a file: all processes share it.")
    else:
        report.add(scope.source, node, "mutation", text)


def _is_global(scope: Scope, owner: ast.expr) -> bool:
    """Whether it is something that may change, at the top of the file."""
    if not isinstance(owner, ast.Name) or scope.home(owner.id) is not None:
        return False
    constant = scope.program.constant(scope.source, owner.id)
    if isinstance(constant, ast.Call):
        shape = scope.shape(constant)
        return shape is not None and not shape.kinds.isdisjoint(shapes.MUTABLE)
    return isinstance(constant, _HOLDERS)
