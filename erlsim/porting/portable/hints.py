"""What type hints say of a value."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from erlsim.porting.portable import shapes
from erlsim.porting.portable.shapes import ANY, Maybe, Shape

_NAMES: dict[str, Shape] = {
    "int": shapes.INT,
    "float": shapes.FLOAT,
    "bool": shapes.BOOL,
    "str": shapes.ATOM,
    "bytes": shapes.BINARY,
    "Bits": shapes.BINARY,
    "Pid": shapes.PID,
    "Ref": shapes.REF,
    "Term": ANY,
    "None": shapes.NONE,
    "NoReturn": shapes.NONE,
    "list": shapes.LIST,
    "List": shapes.LIST,
    "Sequence": shapes.LIST,
    "tuple": shapes.TUPLE,
    "dict": shapes.MAP,
    "Mapping": shapes.MAP,
    "TermMap": shapes.MAP,
    "set": shapes.SET,
    "frozenset": shapes.SET,
    "Callable": shapes.FUN,
    "Coroutine": shapes.COROUTINE,
    "Awaitable": shapes.COROUTINE,
}
_LITERALS: dict[type, Shape] = {
    str: shapes.ATOM,
    bool: shapes.BOOL,
    int: shapes.INT,
    bytes: shapes.BINARY,
}


def shape_of_hint(hint: ast.expr | None, aliases: Mapping[str, ast.expr], depth: int = 0) -> Maybe:
    """The shape that a type hint gives; `None` if it says nothing that is understood here."""
    if hint is None or depth > 10:
        return None
    match hint:
        case ast.Constant(value=None):
            return shapes.NONE
        case ast.Constant(value=str() as text):
            return _of_text(text, aliases, depth)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            if name in aliases:
                return shape_of_hint(aliases[name], aliases, depth + 1)
            return _NAMES.get(name)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return shapes.joined(shape_of_hint(left, aliases, depth + 1), shape_of_hint(right, aliases, depth + 1))
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _of_generic(name, inner, aliases, depth + 1)
    return None


def _of_text(text: str, aliases: Mapping[str, ast.expr], depth: int) -> Maybe:
    try:
        return shape_of_hint(ast.parse(text, mode="eval").body, aliases, depth + 1)
    except SyntaxError:
        return None


def _of_generic(name: str, inner: ast.expr, aliases: Mapping[str, ast.expr], depth: int) -> Maybe:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name in ("Optional", "Final", "Annotated"):
        found = shape_of_hint(parts[0], aliases, depth)
        return shapes.joined(found, shapes.NONE) if name == "Optional" else found
    if name == "Union":
        return shapes.all_joined(shape_of_hint(each, aliases, depth) for each in parts)
    if name == "Literal":
        values = (each.value if isinstance(each, ast.Constant) else None for each in parts)
        return shapes.all_joined(_LITERALS.get(type(value)) for value in values)
    if name in ("tuple", "Tuple"):
        if any(isinstance(each, ast.Constant) and each.value is ... for each in parts):
            return shapes.TUPLE
        return shapes.a_tuple(shape_of_hint(each, aliases, depth) for each in parts)
    if name in ("list", "List", "Sequence", "set", "frozenset"):
        return Shape(_NAMES[name].kinds, shape_of_hint(parts[0], aliases, depth))
    if name in ("dict", "Mapping") and len(parts) == 2:
        return Shape(shapes.MAP.kinds, shape_of_hint(parts[1], aliases, depth))
    if name in ("Iterator", "Iterable", "Generator"):
        return Shape(shapes.GENERATOR.kinds, shape_of_hint(parts[0], aliases, depth))
    return _NAMES.get(name)


def shape_of_result(hint: ast.expr | None, aliases: Mapping[str, ast.expr]) -> Maybe:
    """What a call gives whose function is hinted so: for a callable the value of its coroutine, for instance."""
    match hint:
        case ast.Subscript(value=ast.Name(id="Awaitable" | "Coroutine"), slice=ast.Tuple(elts=parts)):
            return shape_of_hint(parts[-1], aliases)
        case ast.Subscript(value=ast.Name(id="Awaitable"), slice=inner):
            return shape_of_hint(inner, aliases)
    return shape_of_hint(hint, aliases)
