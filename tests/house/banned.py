"""What would make two runs of one program differ, or write where it should not.

No wall clock, no global random numbers, no order by address or hash, no iteration over sets, no `print`
in the library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.house.files import Source

MODULES = ("time", "secrets", "uuid")
# Where real time is measured because somebody has asked how long it takes.
CLOCKS = (
    "erlsim/testing/explore.py",
    "erlsim/testing/runs.py",
    "erlsim/testing/search/exhausting.py",
    "erlsim/testing/search/limits.py",
)
NOW = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("os", "urandom")}
LOOPING = ("list", "tuple", "enumerate", "iter", "map", "zip", "dict.fromkeys", "reversed")
TRAPS = "erlsim/_kernel/traps.py"
SUSPENDING = ("coroutine", "CO_COROUTINE", "CO_ITERABLE_COROUTINE")
MAY_PRINT = ("erlsim/cli/run.py", "erlsim/cli/demo.py", "erlsim/io.py")
# Where an address finds an object again (never to order it), or hashing is only tried.
IDENTITY = {
    "erlsim/code.py": {"load", "name_of", "wrap", "wrapper"},
    "erlsim/terms/kinds.py": {"is_hashable"},
}


def check(source: Source) -> list[str]:
    """Complaints about one file of the library."""
    found = [*_imports(source), *_calls(source), *_suspensions(source), *_iterations(source)]
    return [source.at(node, complaint) for node, complaint in found]


def _imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in MODULES and source.path not in CLOCKS:
                    yield node, f"imports {alias.name}: one run would differ from the next"
        elif isinstance(node, ast.ImportFrom) and not node.level:
            if node.module in MODULES:
                yield node, f"imports from {node.module}: one run would differ from the next"
            if node.module == "random":
                for alias in node.names:
                    if alias.name != "Random":
                        yield node, f"random.{alias.name} is global: draw from a random.Random(seed)"


def _suspensions(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Processes are suspended by the traps and by nothing else."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in SUSPENDING and source.path != TRAPS:
            yield node, f"{node.attr} makes a suspension point; they are in {TRAPS} alone"


def _calls(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for function, node in source.nodes_in_functions:
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        owner, _, last = name.rpartition(".")
        if owner == "random" and last != "Random":
            yield node, f"random.{last} is global: draw from a random.Random(seed)"
        if (owner.rpartition(".")[2], last) in NOW:
            yield node, f"{name} reads a clock that is not the simulation's"
        if name in ("id", "hash") and function != "__hash__" and function not in IDENTITY.get(source.path, ()):
            yield node, f"{name}() differs from run to run"
        if name == "print" and source.path not in MAY_PRINT:
            yield node, "print: the library writes through io or reports"


def _iterations(source: Source) -> Iterator[tuple[ast.AST, str]]:
    attributes = {name for name in _set_names(source.nodes) if "." in name}
    for scope, nodes in _scopes(source.tree):
        names = attributes | _set_names(nodes)
        for looped in [each for node in nodes for each in _looped_over(node)]:
            if _is_set(looped) or ast.unparse(looped) in names:
                complaint = f"{scope} iterates over the set {ast.unparse(looped)}: its order differs from run to run"
                yield looped, complaint


def _scopes(tree: ast.Module) -> Iterator[tuple[str, list[ast.AST]]]:
    """The nodes of each function, and of the module outside of them."""
    waiting: list[tuple[str, ast.AST]] = [("the module", tree)]
    while waiting:
        name, root = waiting.pop()
        nodes, inside = [], list(ast.iter_child_nodes(root))
        while inside:
            node = inside.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                waiting.append((node.name, node))
            else:
                nodes.append(node)
                inside += ast.iter_child_nodes(node)
        yield name, nodes


def _looped_over(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.For | ast.comprehension):
        return [node.iter]
    if isinstance(node, ast.Starred):
        return [node.value]
    if isinstance(node, ast.Call) and ast.unparse(node.func) in LOOPING:
        return list(node.args)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("join", "extend"):
        return list(node.args)
    return []


def _is_set(node: ast.expr) -> bool:
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("set", "frozenset")


def _set_names(nodes: Iterable[ast.AST]) -> set[str]:
    """The variables and attributes that are given a set somewhere, and never anything else."""
    sets: set[str] = set()
    others: set[str] = set()
    for node in nodes:
        match node:
            case ast.Assign(targets=[target], value=value):
                (sets if _is_set(value) else others).add(ast.unparse(target))
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                is_set = ast.unparse(annotation).startswith(("set", "frozenset")) or (value and _is_set(value))
                (sets if is_set else others).add(ast.unparse(target))
    return sets - others
