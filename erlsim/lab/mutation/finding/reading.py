"""What a name stands for in the user's files: constants, functions that return child specifications, and timeouts.

No code is run for this. A value that is computed stays unknown, and is told as such.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from erlsim.lab.mutation.finding.sources import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Where the functions of erlsim take a time in ms: the name, with its module where others bear it, too; the position.
TIMED = {
    "gen_server.call": 2,
    "gen_statem.call": 2,
    "gen_event.call": 3,
    "gen_server.stop": 2,
    "gen_statem.stop": 2,
    "timer.sleep": 0,
    "timer.send_after": 0,
    "timer.send_interval": 0,
    "timer.exit_after": 0,
    "timer.kill_after": 0,
    "timer.apply_after": 0,
    "timer.apply_interval": 0,
    "erlang.send_after": 0,
    "erlang.start_timer": 0,
}
KEYWORDS = ("timeout", "after")
SPEC_KEYS = frozenset(
    "id start restart significant shutdown type modules plan count terminate_timeout append delete_before_terminate "
    "state pid plan_element_index restart_count".split()
)
RESTARTS = ("permanent", "transient", "temporary")
# From one function of the user's to the next, a time is followed so often.
STEPS = 3


class Literal(NamedTuple):
    """A literal that gives a value: the file that it is in, and its node."""

    source: Source
    node: ast.Constant

    @property
    def value(self) -> object:
        """The value."""
        return self.node.value


class Reading:
    """What is known of the names in some files."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = list(sources)
        self._constants: dict[str, list[Literal]] = {}
        functions: list[Function] = []
        for source in self.sources:
            for statement in source.tree.body:
                for name, value in _given(statement):
                    self._constants.setdefault(name, []).append(Literal(source, value))
            functions += [node for node in ast.walk(source.tree) if isinstance(node, Function)]
        self.spec_functions = {each.name for each in functions if any(is_spec(node) for node in _returned(each))}
        self._timed: dict[str, list[int]] = {}
        for _ in range(STEPS):
            for function in functions:
                self._follow(function)

    def literal(self, source: Source, node: ast.expr) -> Literal | None:
        """The literal that a value comes from: itself, or what a name is once given at the top of a file."""
        if isinstance(node, ast.Constant):
            return Literal(source, node)
        if not isinstance(node, ast.Name):
            return None
        known = self._constants.get(node.id, [])
        own = [each for each in known if each.source is source]
        imported = any(
            isinstance(each, ast.ImportFrom) and node.id in [alias.asname or alias.name for alias in each.names]
            for each in ast.walk(source.tree)
        )
        found = own or (known if imported else [])
        return found[0] if len(found) == 1 else None

    def is_spec(self, node: ast.expr) -> bool:
        """Whether a value is the specification of a child: written here, or by a function of the user's."""
        if isinstance(node, ast.Call):
            return called(node).rpartition(".")[2] in self.spec_functions
        return is_spec(node)

    def times(self, node: ast.AST) -> Iterator[ast.expr]:
        """The times in ms that a node says itself: arguments of a call, elements of an action or of an answer."""
        if isinstance(node, ast.Call):
            yield from self._times_of_call(node)
        elif isinstance(node, ast.Tuple):
            match node.elts:
                case [ast.Constant(value="state_timeout" | "timeout"), time, *_]:
                    yield time
                case [ast.Tuple(elts=[ast.Constant(value="timeout"), _]), time, _]:
                    yield time
                case [ast.Constant(value="noreply"), _, time] | [ast.Constant(value="reply"), _, _, time]:
                    yield time

    def _times_of_call(self, node: ast.Call) -> Iterator[ast.expr]:
        name = called(node)
        short = name.rpartition(".")[2]
        known = [place for full, place in TIMED.items() if name == full or name.endswith(f".{full}")]
        for place in [*known, *self._timed.get(short, [])]:
            if place < len(node.args) and not any(isinstance(each, ast.Starred) for each in node.args):
                yield node.args[place]
        if known or short in self._timed or short in ("receive", "call"):
            yield from (each.value for each in node.keywords if each.arg in KEYWORDS)

    def _follow(self, function: Function) -> None:
        """Which parameters of a function are times, for they are used as such in it."""
        names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        shift = 1 if names[:1] in (["self"], ["cls"]) else 0
        used = {each.id for node in ast.walk(function) for each in self.times(node) if isinstance(each, ast.Name)}
        for place, name in enumerate(names[shift:]):
            if name in used and place not in self._timed.get(function.name, []):
                self._timed.setdefault(function.name, []).append(place)


def _given(statement: ast.stmt) -> Iterator[tuple[str, ast.Constant]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant() as value):
            yield name, value


def _returned(function: Function) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value


def called(node: ast.Call) -> str:
    """The name of what is called, with its module: `erlang.monitor`; nothing if it has none."""
    return ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""


def entries(node: ast.expr) -> dict[str, ast.expr]:
    """The entries of a literal map whose keys are atoms; none if there are other keys."""
    if not isinstance(node, ast.Dict):
        return {}
    keys = [each.value if isinstance(each, ast.Constant) else None for each in node.keys]
    if not all(isinstance(each, str) for each in keys):
        return {}
    return {str(key): value for key, value in zip(keys, node.values, strict=True)}


def is_spec(node: ast.expr) -> bool:
    """Whether this literal is the specification of a child: a map, or a tuple of six."""
    known = entries(node)
    if known:
        own = {"plan", "count", "terminate_timeout", "restart", "append"}
        return known.keys() <= SPEC_KEYS and ("start" in known or bool(own & known.keys()))
    match node:
        case ast.Tuple(elts=[_, ast.Tuple(elts=[_, _, _]), ast.Constant(value=restart), _, _, _]):
            return restart in RESTARTS
    return False


def is_flags(node: ast.expr) -> bool:
    """Whether this literal map is a supervisor's flags."""
    known = entries(node)
    flags = {"strategy", "intensity", "period", "auto_shutdown", "hibernate_after"}
    return bool(known) and known.keys() <= flags and bool({"strategy", "intensity", "auto_shutdown"} & known.keys())
