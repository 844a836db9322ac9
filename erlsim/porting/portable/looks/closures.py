"""Functions that are given to processes, and what they share with the function around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from erlsim.porting.portable.flow import Scope
from erlsim.porting.portable.known import CHANGING, SPAWNING
from erlsim.porting.portable.program import Def
from erlsim.porting.portable.report import Report


def look_at_call(scope: Scope, node: ast.Call, report: Report) -> None:
    """A process is started: with a closure that shares what changes?"""
    if scope.api(node.func) not in SPAWNING:
        return
    for given in node.args:
        inner = _function(scope, given)
        if inner is None:
            continue
        for name in sorted(_free(inner)):
            if scope.home(name) is None:
                continue
            how = _how_shared(scope.function.node, inner, name)
            if how:
                text = f"the process and the function around it share `{name}`, which {how}."
                report.add(scope.source, given, "shared_closure", text[0].upper() + text[1:])


def _function(scope: Scope, node: ast.expr) -> Def | ast.Lambda | None:
    """The closure that stands there, or is named."""
    match node:
        case ast.Lambda():
            return node
        case ast.Name(id=name):
            for each in ast.walk(scope.function.node):
                if isinstance(each, Def) and each.name == name and each is not scope.function.node:
                    return each
    return None


def _free(inner: Def | ast.Lambda) -> set[str]:
    """The names that a function has from outside."""
    args = inner.args
    own = {each.arg for each in [*args.posonlyargs, *args.args, *args.kwonlyargs]}
    read: set[str] = set()
    for each in ast.walk(inner):
        if isinstance(each, ast.Name):
            (own if isinstance(each.ctx, ast.Store) else read).add(each.id)
        elif isinstance(each, ast.MatchAs | ast.MatchStar) and each.name is not None:
            own.add(each.name)
        elif isinstance(each, ast.Nonlocal):
            read.update(each.names)
    declared = {name for each in ast.walk(inner) if isinstance(each, ast.Nonlocal) for name in each.names}
    return (read - own) | declared


def _how_shared(outer: Def, inner: Def | ast.Lambda, name: str) -> str:
    """What happens to a name that both have, if it happens while both have it."""
    if any(isinstance(each, ast.Nonlocal) and name in each.names for each in ast.walk(inner)):
        return "the process sets anew"
    if any(_changes(each, name) for each in ast.walk(outer)):
        return "is changed in place"
    for loop in ast.walk(outer):
        if isinstance(loop, ast.For | ast.While | ast.AsyncFor) and _contains(loop, inner):
            if any(each == name for each in _bound(loop)):
                return "is another one each time round: the process sees the last"
    line = inner.lineno
    if any(each.lineno > line and not _contains(inner, each) for each in _stores(outer, name)):
        return "is set anew after it has been made"
    return ""


def _changes(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=found), attr=attr)):
            return found == name and attr in CHANGING
        case ast.Subscript(value=ast.Name(id=found), ctx=ast.Store() | ast.Del()):
            return found == name
    return False


def _contains(outer: ast.AST, inner: ast.AST) -> bool:
    return any(each is inner for each in ast.walk(outer))


def _bound(loop: ast.For | ast.While | ast.AsyncFor) -> Iterator[str]:
    """The names that a loop binds each time."""
    for each in ast.walk(loop):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _stores(outer: ast.AST, name: str) -> Iterator[ast.Name]:
    for each in ast.walk(outer):
        if isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store):
            yield each
