"""What Python asks of values that Erlang does not: equality, membership, length, elements, truth, order."""

from __future__ import annotations

import ast

from erlsim.porting.portable import shapes
from erlsim.porting.portable.flow import Scope
from erlsim.porting.portable.known import TEXT_METHODS
from erlsim.porting.portable.report import Report
from erlsim.porting.portable.shapes import Maybe


def look(scope: Scope, node: ast.expr, report: Report) -> None:
    """Look at one expression, not at what is inside of it."""
    match node:
        case ast.Compare():
            _comparison(scope, node, report)
        case ast.Call(func=ast.Name(id="len"), args=[value]):
            _length(scope, node, value, report)
        case ast.Call(func=ast.Name(id="sorted" | "min" | "max"), args=[value]):
            item = shapes.held(scope.shape(value))
            if shapes.is_any(item):
                report.add(scope.source, node, "order", f"`{ast.unparse(node)}` orders terms as Python does.")
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, ast.Name(id="int")]):
            shape = scope.shape(value)
            if shape is not None and shape.may_be("bool"):
                text = "`isinstance(..., int)` holds for True and False as well."
                report.add(scope.source, node, "match_takes_number", text, "note")
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in TEXT_METHODS:
            shape = scope.shape(value)
            if shape is not None and (shape.only("atom") or shapes.is_any(shape)) and not _is_literal(value):
                if not (shapes.is_any(shape) and attr in ("index", "count", "find")):
                    report.add(scope.source, node, "atom_as_text", f"`.{attr}` looks into an atom.")
        case ast.Subscript(ctx=ast.Load()):
            _element(scope, node, report)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            look_at_truth(scope, operand, report)
        case ast.BoolOp(values=parts):
            for each in parts:
                look_at_truth(scope, each, report)
        case ast.IfExp(test=test):
            look_at_truth(scope, test, report)
        case ast.BinOp(op=ast.FloorDiv() | ast.Mod() as operator, left=left, right=right):
            _division(scope, node, operator, left, right, report)


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr)


def _comparison(scope: Scope, node: ast.Compare, report: Report) -> None:
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        mine, theirs = scope.shape(left), scope.shape(right)
        shown = f"`{ast.unparse(left)} {_SIGNS[type(operator)]} {ast.unparse(right)}`"
        match operator:
            case ast.Eq() | ast.NotEq():
                if _is_none(left) or _is_none(right):
                    _asked_for_none(scope, node, mine if _is_none(right) else theirs, report)
                elif shapes.differ_by_equality(mine, theirs):
                    # Beside a number that stands there only a boolean makes a difference.
                    level = "note" if _is_number(left) or _is_number(right) else None
                    report.add(scope.source, node, "equality", f"{shown} takes 1, 1.0 and True for one another.", level)
            case ast.Is() | ast.IsNot():
                if _is_none(right):
                    _asked_for_none(scope, node, mine, report)
                elif not _is_identity(scope, left, right, mine, theirs):
                    report.add(scope.source, node, "identity", f"{shown} asks whether two terms are one object.")
            case ast.In() | ast.NotIn():
                _membership(scope, node, mine, theirs, shown, report)
            case _:
                if shapes.is_any(mine) and shapes.is_any(theirs):
                    report.add(scope.source, node, "order", f"{shown} orders terms as Python does.", "note")
        left = right


_SIGNS: dict[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _asked_for_none(scope: Scope, node: ast.expr, shape: Maybe, report: Report) -> None:
    if shape is not None and not shape.may_be("none"):
        report.add(scope.source, node, "none_term", f"`{ast.unparse(node)}` asks a term for None, which is none.")


def _is_identity(scope: Scope, left: ast.expr, right: ast.expr, mine: Maybe, theirs: Maybe) -> bool:
    """Whether `is` may stand here: booleans, a value that stands for none (`TIMEOUT`), the type of something."""
    if isinstance(right, ast.Constant) and isinstance(right.value, bool):
        return True
    if isinstance(left, ast.Call) and ast.unparse(left.func) == "type":
        return True
    return mine is None or theirs is None


def _membership(scope: Scope, node: ast.expr, item: Maybe, inside: Maybe, shown: str, report: Report) -> None:
    if inside is None:
        return
    if inside.only("atom", "text"):
        report.add(scope.source, node, "atom_as_text", f"{shown} looks into an atom.")
    elif len(inside.kinds & shapes.CONTAINERS) > 1:
        report.add(scope.source, node, "membership", f"{shown}: a list, or a map? Erlang asks each in its own way.")
    elif shapes.differ_by_equality(item, shapes.held(inside)):
        report.add(scope.source, node, "membership", f"{shown} takes 1, 1.0 and True for one another.")
    elif inside.only("map") and item is not None and len(item.kinds & shapes.NUMBERS) > 1:
        report.add(scope.source, node, "membership", f"{shown}: a dict takes the keys 1, 1.0 and True for one.")


def _length(scope: Scope, node: ast.expr, value: ast.expr, report: Report) -> None:
    shape = scope.shape(value)
    if shape is None or (len(shape.kinds) == 1 and shape.only("tuple", "list", "map", "binary", "text", "set")):
        return
    if shape.may_be("list", "tuple", "map", "atom"):
        what = "an atom" if shape.only("atom") else "a term that may be of several kinds"
        report.add(scope.source, node, "length", f"`{ast.unparse(node)}` is the length of {what}.")


def _element(scope: Scope, node: ast.Subscript, report: Report) -> None:
    shape = scope.shape(node.value)
    if shape is None or (shape.may_be("module", "fun") and not shapes.is_any(shape)):
        return
    shown = f"`{ast.unparse(node)}`"
    if shape.only("atom", "text"):
        report.add(scope.source, node, "atom_as_text", f"{shown} looks into an atom.")
    elif len(shape.kinds & shapes.CONTAINERS) > 1:
        report.add(scope.source, node, "element", f"{shown}: of a tuple, a list or a map? Each is another function.")
    elif shape.only("tuple", "list"):
        match node.slice:
            case ast.Slice():
                report.add(scope.source, node, "element", f"{shown} cuts a part out, which a pattern does in Erlang.")
            case ast.UnaryOp(op=ast.USub()):
                report.add(scope.source, node, "element", f"{shown} counts from the end.")


def look_at_truth(scope: Scope, node: ast.expr, report: Report) -> None:
    """A value stands where Erlang wants `true` or `false`."""
    if isinstance(node, ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        return
    shape = scope.shape(node)
    if shape is None or shape.only("bool") or isinstance(node, ast.Constant):
        return
    if shape.kinds <= shapes.TERMS | {"text", "set", "none"}:
        what = "a term" if shapes.is_any(shape) else " or ".join(sorted(shape.kinds - {"bool"}))
        report.add(scope.source, node, "truth", f"`{ast.unparse(node)}` is {what}, and no boolean.")


def look_at_unpacking(scope: Scope, target: ast.expr, shape: Maybe, value: ast.expr, report: Report) -> None:
    """`a, b = term` takes whatever has two parts."""
    if not isinstance(target, ast.Tuple | ast.List) or shape is None:
        return
    if shape.may_be("tuple") and shape.may_be("list", "map", "binary"):
        text = f"`{ast.unparse(target)} = {ast.unparse(value)}` takes whatever has {len(target.elts)} parts."
        report.add(scope.source, target, "loose_unpacking", text)


def _division(
    scope: Scope, node: ast.expr, operator: ast.operator, left: ast.expr, right: ast.expr, report: Report
) -> None:
    mine = scope.shape(left)
    if mine is not None and not mine.may_be("int", "float"):
        return
    if isinstance(left, ast.JoinedStr) or (isinstance(left, ast.Constant) and not isinstance(left.value, int)):
        return
    sign, name = ("//", "div") if isinstance(operator, ast.FloorDiv) else ("%", "rem")
    report.add(scope.source, node, "division", f"`{sign}` rounds down, `{name}` towards zero.", "note")
