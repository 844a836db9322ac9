"""Where a value becomes a term: in a message, a state, a table, a reason. What is none is found there."""

from __future__ import annotations

import ast

from erlsim.porting.portable.flow import Scope, bind_comprehension
from erlsim.porting.portable.known import TERM_MODULES, TEXTUAL
from erlsim.porting.portable.report import Report
from erlsim.porting.portable.shapes import Maybe

# By kind: the rule, and what it is.
_NO_TERMS = {
    "none": ("none_term", "None is no term."),
    "set": ("set_term", "A set is no term."),
    "object": ("object_term", "An object is no term."),
    "exception": ("exception_term", "An exception is no term."),
    "enum": ("enum_term", "A member of an enum is no term."),
    "coroutine": ("coroutine_term", "A coroutine that nobody has awaited is no term."),
    "generator": ("generator_term", "A generator is no term."),
    "file": ("file_term", "An open file is no term."),
    "text": ("made_atom", "Text is put together, and becomes an atom."),
}


def look_at_call(scope: Scope, node: ast.Call, report: Report) -> None:
    """The arguments of a function that takes terms."""
    api = scope.api(node.func)
    if api is None or api[0] not in TERM_MODULES or api in TEXTUAL:
        return
    for arg in node.args:
        look(scope, arg.value if isinstance(arg, ast.Starred) else arg, report)


def look(scope: Scope, node: ast.expr, report: Report) -> None:
    """An expression whose value becomes a term, or a part of one."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for each in parts:
                look(scope, each.value if isinstance(each, ast.Starred) else each, report)
        case ast.Dict(keys=keys, values=parts):
            for each in [*(key for key in keys if key is not None), *parts]:
                look(scope, each, report)
        case ast.IfExp(body=body, orelse=orelse):
            look(scope, body, report)
            look(scope, orelse, report)
        case ast.ListComp(elt=inner):
            _in_comprehension(scope, node, inner, report)
        case ast.Constant(value=str() as text):
            if any(each.isspace() for each in text) or len(text) > 255:
                shown = text if len(text) <= 40 else text[:37] + "..."
                report.add(scope.source, node, "text_atom", f"The atom {shown!r} looks like text.")
        case _:
            _leaf(scope, node, scope.shape(node), report)


def _in_comprehension(scope: Scope, node: ast.ListComp, inner: ast.expr, report: Report) -> None:
    look(bind_comprehension(scope, node.generators), inner, report)


def _leaf(scope: Scope, node: ast.expr, shape: Maybe, report: Report) -> None:
    if shape is None or len(shape.kinds) != 1:
        return
    (kind,) = shape.kinds
    found = _NO_TERMS.get(kind)
    if found is not None and not (kind == "none" and isinstance(node, ast.Call | ast.Await)):
        report.add(scope.source, node, *found)
