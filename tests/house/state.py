"""No state outlives a simulation: nothing at module level, or on a class, changes while simulations run.

A table that nobody changes is no state. Found are: `global`; the cache of a function; a table that starts empty or that
some function changes; an object with a small name that a call has made; what is set on a class or a module from a
function or from outside.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.house.files import Source

# Every exception, with its reason.
ALLOWED = {
    ("erlsim/threads.py", "thread"): "says which world is current in a thread; all other state belongs to that world",
    ("erlsim/code.py", "_declared"): "what `@erlsim.module` declares: an import is done once, for all simulations",
    ("erlsim/code.py", "_snake"): "a cache from text to text",
    ("erlsim/code.py", "_paths"): "a cache from text to texts",
    ("erlsim/terms/formatting.py", "_pieces"): "a cache from text to what the text says",
    ("erlsim/erl/reading/scanner.py", "_scanned"): "likewise: headers that every source includes",
    ("erlsim/erl/library/regex/classes.py", "_by_category"): "what Python's Unicode says, looked up once",
    ("erlsim/erl/library/regex/classes.py", "_families"): "likewise",
    ("erlsim/erl/library/text/clusters.py", "_pattern"): "likewise",
    ("erlsim/erl/library/regex/translating.py", "translate"): "a cache from an expression to one of Python's",
    ("erlsim/erl/library/regex/expressions.py", "python"): "likewise",
    ("erlsim/code.py", "ExportedFun"): "terms lie below code: it tells funs where functions are found, on import",
    ("erlsim/terms/__init__.py", "ErlangException"): "errors lie below terms: terms gives them its printer, on import",
    (
        "erlsim/simulation.py",
        "Error",
    ): "errors lie below explanations: it puts itself in, on import",
    (
        "erlsim/explanations/tracebacks.py",
        "sys",
    ): "Python asks there who prints tracebacks; for shell() and run()",
    ("erlsim/otp/logger/backend.py", "Reports"): "reports lie below the logger: it gives them their text, on import",
    ("erlsim/cli/script.py", "sys"): "the command has its Python process to itself: it imports what it is to run",
    ("erlsim/cli/mutate.py", "os"): "likewise: hypothesis, there and in processes to come, keeps nothing elsewhere",
    ("erlsim/cli/shells/repl.py", "sys"): "likewise: it shows the values of what is typed in its way",
    ("erlsim/cli/words.py", "sys"): "likewise: it puts a stream of its own before its output",
    ("erlsim/cli/words.py", "warnings"): "likewise: it shows warnings in its way while the file runs",
    ("erlsim/pytest_plugin/judging.py", "warnings"): "likewise, while one test runs; it is put back",
    ("erlsim/porting/scenarios/imports.py", "sys"): "imports a prototype, from folders that come on the path and go",
    ("erlsim/testing/rechecks.py", "os"): "another process is started with another environment, which is put back",
    ("director/checks.py", "listeners"): "an immutable tuple that lasts as long as a `with director.linting()`",
    ("erlsim/otp/supervisor/lint.py", "_listeners"): "as `director.checks.listeners`, for supervisors",
}
EVERYWHERE = ("thread",)
CACHES = ("cache", "lru_cache")
CHANGING = {"append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault", "popitem", "add"}
CHANGING |= {"discard", "sort", "reverse", "appendleft", "popleft"}
TABLES = ("list", "dict", "set", "bytearray", "deque", "defaultdict", "OrderedDict", "Counter")
STATEFUL = (
    "count",
    "cycle",
    "iter",
    "local",
    "Lock",
    "RLock",
    "ContextVar",
    "WeakKeyDictionary",
    "WeakValueDictionary",
)
# Calls whose values never change, whatever the name they get.
VALUES = (
    "frozenset",
    "tuple",
    "range",
    "MappingProxyType",
    "TypeVar",
    "ParamSpec",
    "field",
    "StashKey",
    "cast",
    "namedtuple",
    "attrgetter",
    "itemgetter",
    "standing",
    "Rare",
)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def check(source: Source) -> list[str]:
    """Complaints about one file of the library."""
    found = [*_caches(source.nodes), *_bound(source.tree.body, ""), *_changed(source.tree)]
    kept = [each for each in found if (source.path, each[1].rpartition(".")[2]) not in ALLOWED]
    return [source.at(node, f"{name} {what}: state belongs to a world") for node, name, what in kept]


Found = Iterator[tuple[ast.AST, str, str]]


def _caches(nodes: Iterable[ast.AST]) -> Found:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                made = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
                if made.rpartition(".")[2] in CACHES:
                    yield node, node.name, "keeps what it was called with"


def _bound(body: Iterable[ast.stmt], owner: str) -> Found:
    """What a module, or a class in it, binds to names."""
    for node in body:
        match node:
            case ast.ClassDef(name=name, body=inner):
                yield from _bound(inner, f"{name}.")
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield from _one_bound(node, owner + name, name, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield from _one_bound(node, owner + name, name, value)


def _one_bound(node: ast.AST, shown: str, name: str, value: ast.expr) -> Found:
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            yield node, shown, "starts empty, to be filled"
        case ast.Call(func=func, args=args):
            made = ast.unparse(func.value if isinstance(func, ast.Subscript) else func).rpartition(".")[2]
            if made in TABLES and not args:
                yield node, shown, "starts empty, to be filled"
            elif made in STATEFUL or (name.upper() != name and made not in VALUES):
                yield node, shown, f"is made by {made}(), which may make something that changes"


def _changed(tree: ast.Module) -> Found:
    """What functions change that is not theirs, and what anything sets on a class or on another module."""
    shared = _shared(tree)
    for scope, is_function, node in _with_locals(tree, frozenset(), False):
        if isinstance(node, ast.Global):
            yield node, node.names[0], "is bound anew by a function"
        for base, place in _changes(node):
            if base in scope or base not in shared or base in EVERYWHERE:
                continue
            if place == base:
                if is_function and (shared[base] == "table" or (shared[base] == "import" and base.isupper())):
                    yield node, base, "is changed by a function"
            else:
                yield node, base, f"has its {place.partition('.')[2]} changed from outside"


def _shared(tree: ast.Module) -> dict[str, str]:
    """The names of a module that functions see: its own, its classes, its imports."""
    found: dict[str, str] = {}
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                found[name] = "class"
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {(each.asname or each.name).partition(".")[0]: "import" for each in names}
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = "table"
    return found


def _changes(node: ast.AST) -> Iterator[tuple[str, str]]:
    """What a piece of code changes: the first name of the path to it, and the path."""
    targets: list[tuple[ast.expr, bool]] = []
    match node:
        case ast.Assign(targets=given) | ast.Delete(targets=given):
            targets = [(each, False) for each in given]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            targets = [(target, False)]
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in CHANGING:
            targets = [(value, True)]
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[ast.Name(id=base), *_]):
            yield base, f"{base}.attributes"
    for target, in_place in targets:
        while isinstance(target, ast.Subscript):
            target, in_place = target.value, True
        path = ast.unparse(target)
        base = path.partition(".")[0]
        if base.isidentifier() and path.replace(".", "").isidentifier() and (in_place or path != base):
            yield base, path


def _with_locals(node: ast.AST, scope: frozenset[str], inside: bool) -> Iterator[tuple[frozenset[str], bool, ast.AST]]:
    """Every node with the local names that it sees, and whether it is in a function."""
    for child in ast.iter_child_nodes(node):
        inner, is_function = scope, inside
        if isinstance(child, FunctionNode):
            inner, is_function = scope | _locals(child), True
        yield inner, is_function, child
        yield from _with_locals(child, inner, is_function)


def _locals(function: FunctionNode) -> frozenset[str]:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names = {each.arg for each in every if each is not None}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return frozenset(names)
