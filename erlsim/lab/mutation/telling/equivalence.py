"""Mutants that are the same program in other words, and why: what can be told without running anything."""

from __future__ import annotations

import ast
from types import CodeType
from typing import Any

from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.finding.reading import called, entries, is_spec
from erlsim.lab.mutation.finding.sources import Source

# Who takes a plan no further.
LAST = ("delete", "stop")


def same_program(mutant: Mutant) -> str:
    """Why nobody can tell the mutant from the original; nothing if that is not known."""
    source = mutant.source
    if _code(source.text, source.name) == _code(mutant.text, source.name):
        return "both are compiled to the same code"
    reason = _RULES.get(mutant.kind)
    return reason(mutant) if reason is not None else ""


def _code(text: str, name: str) -> Any:
    return _plain(compile(text, name, "exec", dont_inherit=True))


def _plain(code: CodeType) -> Any:
    """What a piece of code does, without the lines that it stands in."""
    constants = tuple(
        _plain(each) if isinstance(each, CodeType) else (type(each), repr(each)) for each in code.co_consts
    )
    return code.co_name, code.co_code, code.co_names, code.co_varnames, code.co_freevars, constants


def _changed(mutant: Mutant) -> tuple[int, int]:
    """Where the texts begin to differ, and from where on the original is the same again."""
    before, after = mutant.source.text, mutant.text
    pairs = enumerate(zip(before, after, strict=False))
    start = next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(before), len(after)))
    rest = min(len(before), len(after)) - start
    end = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    return start, len(before) - end


def _around(mutant: Mutant, kind: type[ast.AST]) -> list[Any]:
    """The nodes of a kind that the change is in, the innermost first."""
    source: Source = mutant.source
    start, end = _changed(mutant)
    nodes = [each for each in ast.walk(source.tree) if isinstance(each, kind) and isinstance(each, ast.expr)]
    spans = [(each, source.span(each)) for each in nodes]
    return [each for each, (first, last) in reversed(spans) if first <= start and end <= last]


def _strategy(mutant: Mutant) -> str:
    """The strategy of a supervisor that has one child."""
    tree = mutant.source.tree
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    around = [each for each in functions if each.lineno <= mutant.line <= (each.end_lineno or each.lineno)]
    if not around or "start_child" in mutant.source.text:
        return ""
    inside = list(ast.walk(around[-1]))
    specs = [each for each in inside if isinstance(each, ast.expr) and is_spec(each)]
    # What is repeated, or made elsewhere, may be many.
    others = [
        each for each in inside if isinstance(each, ast.comprehension | ast.For | ast.While | ast.Mult | ast.Call)
    ]
    return "" if len(specs) != 1 or others else "the supervisor has one child, and nothing in this file adds another"


def _period(mutant: Mutant) -> str:
    for flags in _around(mutant, ast.Dict):
        intensity = entries(flags).get("intensity")
        if isinstance(intensity, ast.Constant) and intensity.value == 0:
            return "with an intensity of 0 the first restart is one too many in any period"
    return ""


def _plan(mutant: Mutant) -> str:
    """A change of what comes after the end of a plan."""
    start, _ = _changed(mutant)
    for plan in _around(mutant, ast.List):
        for element in plan.elts:
            if mutant.source.span(element)[1] > start:
                return ""
            if _word(element) in LAST:
                return f"{mutant.source.of(element)} comes before: what is behind it never runs"
    return ""


def _count(mutant: Mutant) -> str:
    for spec in _around(mutant, ast.Dict):
        plan = entries(spec).get("plan")
        if isinstance(plan, ast.List) and any(_word(each) in LAST for each in plan.elts):
            return "the plan never comes to its end, so it is not run a second time"
    return ""


def _word(element: ast.expr) -> object:
    match element:
        case ast.Constant(value=word) | ast.Tuple(elts=[ast.Constant(value=word), _]):
            return word
    return None


def _restart(mutant: Mutant) -> str:
    """The restart type of a gen_tracker's child, which it looks at only if it has been started to do so."""
    source = mutant.source
    specs = [each for each in _around(mutant, ast.Tuple) if is_spec(each)]
    functions = [
        each.name
        for each in ast.walk(source.tree)
        if isinstance(each, ast.FunctionDef) and any(spec in ast.walk(each) for spec in specs)
    ]
    calls = [each for each in ast.walk(source.tree) if isinstance(each, ast.Call)]
    users = [
        called(call)
        for call in calls
        for argument in call.args
        if argument in specs or (isinstance(argument, ast.Call) and called(argument).rpartition(".")[2] in functions)
    ]
    if users and all(each.startswith("gen_tracker.") for each in users):
        return "a gen_tracker forgets a dead child whatever its restart type, unless it is started with restart => true"
    return ""


_RULES = {"strategy": _strategy, "period": _period, "plan": _plan, "count": _count, "restart": _restart}
