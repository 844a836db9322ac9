"""Type hints as Erlang's and Elixir's types."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

# Both languages write these alike.
SIMPLE = {
    "Term": "term()",
    "int": "integer()",
    "float": "number()",
    "bool": "boolean()",
    "str": "atom()",
    "bytes": "binary()",
    "Pid": "pid()",
    "Ref": "reference()",
    "list": "list()",
    "tuple": "tuple()",
    "dict": "map()",
    "Callable": "fun()",
    "NoReturn": "no_return()",
}


def tuple_of(items: list[str]) -> str:
    """The type of a tuple."""
    return "{" + ", ".join(items) + "}"


def list_of(item: str) -> str:
    """The type of a list whose elements are alike."""
    return "list()" if item == SIMPLE["Term"] else f"[{item}]"


@dataclass(frozen=True)
class Style:
    """What a language writes in its own way."""

    fun: Callable[[list[str], str], str]
    map_: Callable[[str, str], str]
    atom: Callable[[str], str]
    named: Callable[[str], str]


def written(hint: ast.expr | None, style: Style, named: frozenset[str]) -> str:
    """A type hint; what it does not say is any term."""
    anything = SIMPLE["Term"]
    match hint:
        case ast.Constant(value=None):
            return anything
        case ast.Constant(value=str(text)):
            return written(ast.parse(text, mode="eval").body, style, named)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return style.named(name) if name in named else SIMPLE.get(name, anything)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return f"{written(left, style, named)} | {written(right, style, named)}"
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return _generic(name, parts, style, named)
    return anything


def _generic(name: str, parts: list[ast.expr], style: Style, named: frozenset[str]) -> str:
    def each(part: ast.expr) -> str:
        return written(part, style, named)

    if name in ("list", "Sequence"):
        return list_of(each(parts[0]))
    if name == "tuple":
        if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is ...:
            return SIMPLE["tuple"]
        return tuple_of(list(map(each, parts)))
    if name in ("dict", "Mapping"):
        return style.map_(each(parts[0]), each(parts[1]))
    if name in ("Awaitable", "Final"):
        return each(parts[0])
    if name == "Callable":
        arguments = parts[0]
        return style.fun(list(map(each, arguments.elts)) if isinstance(arguments, ast.List) else [], each(parts[1]))
    if name == "Literal":
        return " | ".join(_literal(part, style) for part in parts)
    return SIMPLE["Term"]


def _literal(part: ast.expr, style: Style) -> str:
    value = part.value if isinstance(part, ast.Constant) else None
    if isinstance(value, bool):
        return style.atom("true" if value else "false")
    return style.atom(value) if isinstance(value, str) else str(value)
