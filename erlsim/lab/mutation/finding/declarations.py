"""Mutants of what is declared: the flags of supervisors, child specifications, restart plans, the order of children.

What is not written is its default and stays that, but for the restart type: that a child is permanent is worth a
test whether it is written or not.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import Any

from erlsim.lab.mutation.finding.mutants import Found, Mutant, Unread, change, edit
from erlsim.lab.mutation.finding.reading import RESTARTS, Reading, called, entries, is_flags, is_spec
from erlsim.lab.mutation.finding.sources import Source

STRATEGIES = ("one_for_one", "one_for_all", "rest_for_one")
SHUTDOWNS = ("never", "any_significant", "all_significant")
# What only a director knows.
OF_DIRECTOR = ("plan", "count", "terminate_timeout", "append")
PLAN_WORDS = {"restart": "delete", "delete": "restart", "wait": "restart", "stop": "delete"}
# What is tried instead of a time that has no end.
SOME_TIME = 5000


def mutants(source: Source, reading: Reading) -> Iterator[Found]:
    """All of one file, in the order of its text."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Dict) and is_flags(node):
            yield from _flags(source, reading, entries(node))
        elif isinstance(node, ast.Tuple):
            yield from _tuple(source, reading, node)
        elif isinstance(node, ast.Dict) and is_spec(node):
            yield from _spec(source, reading, node)
        elif isinstance(node, ast.List):
            yield from _order(source, reading, node)
        elif isinstance(node, ast.Call) and called(node).endswith("change_plan") and len(node.args) > 2:
            yield from _plan(source, node.args[2])


def _flags(source: Source, reading: Reading, given: dict[str, ast.expr]) -> Iterator[Found]:
    for kind in ("strategy", "intensity", "period", "auto_shutdown"):
        if kind in given:
            yield from _flag(kind, source, reading, given[kind])


def _flag(kind: str, source: Source, reading: Reading, value: ast.expr) -> Iterator[Found]:
    literal = reading.literal(source, value)
    if literal is None:
        yield Unread(kind, f"{source.name}:{value.lineno}", f"{source.of(value)} is computed")
    elif kind in ("strategy", "auto_shutdown"):
        words = STRATEGIES if kind == "strategy" else SHUTDOWNS
        for other in words if literal.value in words else ():
            if other != literal.value:
                yield change(kind, literal.source, literal.node, f'"{other}"', f"{literal.value} -> {other}")
    elif type(literal.value) is int:
        now = literal.value
        for number in _counts(kind, now):
            numbers = [number * 1000, now * 1000, (number + now) * 500] if kind == "period" else []
            yield change(kind, literal.source, literal.node, str(number), f"{now} -> {number}", numbers)


def _counts(kind: str, value: int) -> list[int]:
    """What may stand instead of a number: one more and one less; twice and half of a period."""
    if kind == "period":
        return [value * 2, *([value // 2] if value > 1 else [])]
    least = 0 if kind == "intensity" else 1
    return [value + 1, *([value - 1] if value > least else [])]


def _tuple(source: Source, reading: Reading, node: ast.Tuple) -> Iterator[Found]:
    """Flags and child specifications in the form that they had before maps."""
    match node.elts:
        case [ast.Constant(value=str() as word), intensity, period] if word in STRATEGIES:
            yield from _flags(source, reading, {"strategy": node.elts[0], "intensity": intensity, "period": period})
        case [id_, _, restart, shutdown, _, _] if is_spec(node):
            yield from _restart(source, id_, restart)
            yield from _shutdown(source, reading, id_, shutdown)


# ---- children ----------------------------------------------------------------------


def _spec(source: Source, reading: Reading, node: ast.Dict) -> Iterator[Found]:
    given = entries(node)
    id_ = given.get("id", given.get("start", node))
    if "restart" in given:
        yield from _restart(source, id_, given["restart"])
    elif "start" in given and not _is_directors(source, node):
        end = source.span(node.values[-1])[1]
        for other in RESTARTS[1:]:
            what = f"{_named(source, id_)} permanent (by default) -> {other}"
            yield edit("restart", source, node.values[-1], [((end, end), f', "restart": "{other}"')], what)
    if "significant" in given:
        yield from _flip("significant", source, reading, id_, given["significant"])
    for key in ("shutdown", "terminate_timeout"):
        if key in given:
            yield from _shutdown(source, reading, id_, given[key], key)
    if "plan" in given:
        yield from _plan(source, given["plan"])
    if "count" in given:
        yield from _count(source, reading, given["count"])


def _is_directors(source: Source, node: ast.Dict) -> bool:
    """Whether a child is a director's: it says what only a director knows, or stands in the code of one."""
    if entries(node).keys() & set(OF_DIRECTOR):
        return True
    scope = next((each for each in source.inside(node) if isinstance(each, ast.ClassDef)), source.tree)
    calls = [called(each) for each in ast.walk(scope) if isinstance(each, ast.Call)]
    return any(each.startswith("director.") for each in calls) and not any("supervisor." in each for each in calls)


def _named(source: Source, id_: ast.expr) -> str:
    return source.of(id_) if "\n" not in source.of(id_) else "a child"


def _restart(source: Source, id_: ast.expr, value: ast.expr) -> Iterator[Found]:
    if not (isinstance(value, ast.Constant) and value.value in RESTARTS):
        yield Unread("restart", f"{source.name}:{value.lineno}", f"{source.of(value)} is computed")
        return
    for other in RESTARTS:
        if other != value.value:
            yield change("restart", source, value, f'"{other}"', f"{_named(source, id_)} {value.value} -> {other}")


def _flip(kind: str, source: Source, reading: Reading, id_: ast.expr, value: ast.expr) -> Iterator[Found]:
    literal = reading.literal(source, value)
    if literal is None or type(literal.value) is not bool:
        yield Unread(kind, f"{source.name}:{value.lineno}", f"{source.of(value)} is computed")
        return
    what = f"{_named(source, id_)} {literal.value} -> {not literal.value}"
    yield change(kind, literal.source, literal.node, str(not literal.value), what)


def _shutdown(
    source: Source, reading: Reading, id_: ast.expr, value: ast.expr, key: str = "shutdown"
) -> Iterator[Found]:
    literal = reading.literal(source, value)
    if literal is None:
        yield Unread("shutdown", f"{source.name}:{value.lineno}", f"{source.of(value)} is computed")
        return
    kill = "brutal_kill" if key == "shutdown" else 0
    now: Any = literal.value
    others: list[Any]
    if type(now) is int:
        others = [kill, now * 2, *([now // 2] if now > 1 else [])] if now else [SOME_TIME]
    else:
        others = [kill] if now == "infinity" else [SOME_TIME] if now == "brutal_kill" else []
    for other in others:
        text = f'"{other}"' if isinstance(other, str) else str(other)
        numbers = [each for each in (now, other) if type(each) is int]
        what = f"{_named(source, id_)} {now} -> {other}"
        yield change("shutdown", literal.source, literal.node, text, what, numbers)


# ---- plans -------------------------------------------------------------------------


def _plan(source: Source, plan: ast.expr) -> Iterator[Found]:
    if not isinstance(plan, ast.List):
        yield Unread("plan", f"{source.name}:{plan.lineno}", f"{source.of(plan)} is computed")
        return
    numbers = [ms for each in plan.elts if (ms := _pause(each)) is not None]
    for place, element in enumerate(plan.elts):
        for new in _other_elements(element):
            what = f"element {place + 1}: {source.of(element)} -> {new}"
            yield change("plan", source, element, new, what, numbers)
        if len(plan.elts) > 1:
            kept = ", ".join(source.of(each) for each in plan.elts if each is not element)
            yield change("plan", source, plan, f"[{kept}]", f"without element {place + 1}", numbers)
    for first, second in itertools.pairwise(plan.elts):
        if source.of(first) != source.of(second):
            yield _swapped("plan", source, first, second, numbers)


def _pause(element: ast.expr) -> int | None:
    """The ms of `("restart", ms)`."""
    match element:
        case ast.Tuple(elts=[ast.Constant(value="restart"), ast.Constant(value=int() as ms)]):
            return ms
    return None


def _other_elements(element: ast.expr) -> list[str]:
    ms = _pause(element)
    if ms is not None:
        half = [f'("restart", {ms // 2})'] if ms > 1 else []
        return ['"restart"', f'("restart", {ms * 2})', *half]
    match element:
        case ast.Constant(value=str() as word) if word in PLAN_WORDS:
            return [f'"{PLAN_WORDS[word]}"']
        case ast.Tuple(elts=[ast.Constant(value="stop"), _]):
            return ['"delete"']
    return []


def _count(source: Source, reading: Reading, value: ast.expr) -> Iterator[Found]:
    literal = reading.literal(source, value)
    if literal is None:
        yield Unread("count", f"{source.name}:{value.lineno}", f"{source.of(value)} is computed")
    elif type(literal.value) is int:
        for other in _counts("count", literal.value):
            yield change("count", literal.source, literal.node, str(other), f"{literal.value} -> {other}")
    elif literal.value == "infinity":
        yield change("count", literal.source, literal.node, "1", "infinity -> 1")


# ---- order -------------------------------------------------------------------------


def _order(source: Source, reading: Reading, node: ast.List) -> Iterator[Mutant]:
    if len(node.elts) < 2 or not all(reading.is_spec(each) for each in node.elts):
        return
    for first, second in itertools.pairwise(node.elts):
        if source.of(first) != source.of(second):
            yield _swapped("order", source, first, second)


def _swapped(kind: str, source: Source, first: ast.expr, second: ast.expr, numbers: list[int] | None = None) -> Mutant:
    edits = [(source.span(first), source.of(second)), (source.span(second), source.of(first))]
    what = f"{_short(source.of(first))} after {_short(source.of(second))}"
    return edit(kind, source, first, edits, what, numbers or ())


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:37]}..."
