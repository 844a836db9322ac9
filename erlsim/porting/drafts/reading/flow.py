"""What a block of statements does: whether it may run to its end, what it assigns, what it needs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from erlsim.porting.drafts.forms import Form
from erlsim.porting.drafts.reading.scope import Env


@dataclass(frozen=True)
class End:
    """What comes behind a block: `make` gives its forms. `cheap` if it may be written more than once."""

    make: Callable[[Env], list[Form]]
    cheap: bool
    # Whether `return` ends the function here.
    returns: bool
    live: frozenset[str] = field(default=frozenset())
    again: Callable[[Env], list[Form]] | None = None
    leave: Callable[[Env], list[Form]] | None = None


@dataclass(frozen=True)
class Branch:
    """One way on: the statements, and what is bound where they begin."""

    env: Env
    body: Sequence[ast.stmt]


_ENDS = ("exit", "error", "throw")


def never_returns(node: ast.stmt) -> bool:
    """Whether a statement is `erlang.exit(reason)` or its like, by its form."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="erlang"), attr=name), args=[_])):
            return name in _ENDS
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Attribute(attr="erlang"), attr=name), args=[_])):
            return name in _ENDS
    return isinstance(node, ast.Raise)


def completes(body: Sequence[ast.stmt]) -> bool:
    """Whether a block may run to its end."""
    return not any(map(_stops, body))


def _stops(node: ast.stmt) -> bool:
    match node:
        case ast.Return() | ast.Continue() | ast.Break():
            return True
        case ast.If(body=body, orelse=orelse):
            return bool(orelse) and not completes(body) and not completes(orelse)
        case ast.Match(cases=cases):
            last = cases[-1]
            whole = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and last.guard is None
            return whole and not any(completes(each.body) for each in cases)
        case ast.Try(body=body, handlers=handlers):
            return not completes(body) and not any(completes(each.body) for each in handlers)
        case ast.While(test=ast.Constant(value=True), body=body):
            return not any(isinstance(each, ast.Break) for each in walk(body))
    return never_returns(node)


def jumps(body: Sequence[ast.stmt]) -> bool:
    """Whether a block may leave otherwise than by its end."""
    return any(isinstance(each, ast.Return | ast.Continue | ast.Break | ast.While) for each in walk(body))


def walk(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """All nodes, but not those inside functions."""
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from walk(list(ast.iter_child_nodes(node)))


def assigned(body: Sequence[ast.AST]) -> list[str]:
    """The names that a block binds, in their order."""
    found: dict[str, None] = {}
    for node in walk(body):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found[name] = None
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found[name] = None
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found[name] = None
    return [name for name in found if name != "_"]


def needed(body: Sequence[ast.AST]) -> frozenset[str]:
    """The names that a block looks at, those in functions inside it too, but not those that expressions bind."""
    found: set[str] = set()
    bound: set[str] = set()
    for each in body:
        found |= _free(each) - bound
        if isinstance(each, ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef):
            bound |= set(assigned([each]))
    return frozenset(found)


def _free(node: ast.AST) -> set[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return {name}
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            return {name} | _free(value)
        case ast.ListComp(generators=generators) | ast.GeneratorExp(generators=generators):
            bound = {name for each in generators for name in assigned([each.target])}
            return _free_inside(node) - bound | _free(generators[0].iter)
        case ast.DictComp(generators=generators) | ast.SetComp(generators=generators):
            bound = {name for each in generators for name in assigned([each.target])}
            return _free_inside(node) - bound | _free(generators[0].iter)
        case ast.For(target=target, iter=source, body=statements, orelse=others):
            return _free(source) | set(needed(statements)) - set(assigned([target])) | set(needed(others))
        case ast.Lambda(args=arguments, body=body):
            return _free(body) - {each.arg for each in arguments.args}
        case ast.FunctionDef(args=arguments, body=statements) | ast.AsyncFunctionDef(args=arguments, body=statements):
            return set(needed(statements)) - {each.arg for each in arguments.args}
    return _free_inside(node)


def _free_inside(node: ast.AST) -> set[str]:
    return {name for each in ast.iter_child_nodes(node) for name in _free(each)}


def rebound(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The names of a function that may stand for one thing now and for another later: a closure sees what is last."""
    counts = {each.arg: 1 for each in (*node.args.posonlyargs, *node.args.args)}
    for name, count in _bindings(node.body).items():
        counts[name] = counts.get(name, 0) + count
    return frozenset(name for name, count in counts.items() if count > 1)


def _bindings(body: Sequence[ast.stmt]) -> dict[str, int]:
    """How often each name may be bound on one way through a block; in a loop, often."""
    counts: dict[str, int] = {}
    for node in body:
        for name, count in _bindings_of(node).items():
            counts[name] = counts.get(name, 0) + count
    return counts


def _bindings_of(node: ast.stmt) -> dict[str, int]:
    match node:
        case ast.For() | ast.While() | ast.AsyncFor():
            return dict.fromkeys(assigned([node]), 2)
        case ast.If(body=body, orelse=orelse):
            return _most([_bindings(body), _bindings(orelse)])
        case ast.Match(cases=cases):
            found = [{**dict.fromkeys(assigned([each.pattern]), 1)} for each in cases]
            return _most([_sum([names, _bindings(case.body)]) for names, case in zip(found, cases, strict=True)])
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            return _sum([_bindings(each) for each in (body, *(h.body for h in handlers), orelse, finalbody)])
    return dict.fromkeys(assigned([node]), 1)


def _most(found: Sequence[dict[str, int]]) -> dict[str, int]:
    return {name: max(each.get(name, 0) for each in found) for each in found for name in each}


def _sum(found: Sequence[dict[str, int]]) -> dict[str, int]:
    return {name: sum(each.get(name, 0) for each in found) for each in found for name in each}


def own(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The names of a function that only stand for lists and maps made there, and have no second name."""
    found: dict[str, bool] = {}
    for each in walk(node.body):
        match each:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                is_made = isinstance(value, ast.List | ast.ListComp | ast.Dict | ast.DictComp)
                found[name] = found.get(name, True) and is_made
                for alias in [value, *getattr(value, "elts", ())]:
                    if isinstance(alias, ast.Name):
                        found[alias.id] = False
    return frozenset(name for name, is_made in found.items() if is_made)


def is_small(body: Sequence[ast.stmt]) -> bool:
    """Whether a block is so small that it may be written twice."""
    return len(body) <= 2 and not any(
        isinstance(each, ast.If | ast.Match | ast.For | ast.While | ast.Try) for each in body
    )
