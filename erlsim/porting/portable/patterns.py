"""`match`: what its patterns bind, what they take, and what else they would take that Erlang's do not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from erlsim.porting.portable import shapes
from erlsim.porting.portable.flow import Scope
from erlsim.porting.portable.program import CALLER, EVENT
from erlsim.porting.portable.shapes import Maybe, Shape
from erlsim.porting.portable.sources import Source

_CLASSES = {
    "int": shapes.INT,
    "float": shapes.FLOAT,
    "bool": shapes.BOOL,
    "str": shapes.ATOM,
    "bytes": shapes.BINARY,
    "Pid": shapes.PID,
    "Ref": shapes.REF,
    "tuple": shapes.TUPLE,
    "list": shapes.LIST,
    "dict": shapes.MAP,
}


def is_list_pattern(source: Source, pattern: ast.MatchSequence) -> bool:
    """Whether a sequence stands in square brackets: to Python that says nothing, to the reader it says a list."""
    line = source.text.splitlines()[pattern.lineno - 1].encode()
    return line[pattern.col_offset : pattern.col_offset + 1] == b"["


def bind_pattern(scope: Scope, pattern: ast.pattern, shape: Maybe) -> Maybe:
    """Bind the names of a pattern that has taken a value of `shape`: what is then known of the value."""
    match pattern:
        case ast.MatchAs(pattern=None, name=name):
            if name is not None:
                scope.names[name] = shape
            return shape
        case ast.MatchAs(pattern=ast.pattern() as inner, name=str() as name):
            scope.names[name] = found = bind_pattern(scope, inner, shape)
            return found
        case ast.MatchSequence():
            return _bind_sequence(scope, pattern, shape)
        case ast.MatchMapping(patterns=inner_patterns, rest=rest):
            for each in inner_patterns:
                bind_pattern(scope, each, None if shape is None else _value_of_map(shape))
            if rest is not None:
                scope.names[rest] = shapes.MAP
            return shapes.MAP
        case ast.MatchOr(patterns=alternatives):
            return shapes.all_joined([bind_pattern(scope, each, shape) for each in alternatives])
        case ast.MatchClass():
            return _bind_class(scope, pattern, shape)
        case ast.MatchValue(value=value):
            return scope.shape(value)
    return shape


def _value_of_map(shape: Shape) -> Maybe:
    return shapes.ANY if shapes.is_any(shape) else shape.item


# Messages of Erlang's own, by their first element and size.
_MESSAGES = {
    ("DOWN", 5): (shapes.ATOM, shapes.REF, shapes.ATOM, shapes.of("pid", "tuple"), shapes.ANY),
    ("EXIT", 3): (shapes.ATOM, shapes.PID, shapes.ANY),
    ("timeout", 3): (shapes.ATOM, shapes.REF, shapes.ANY),
}


def _bind_sequence(scope: Scope, pattern: ast.MatchSequence, shape: Maybe) -> Maybe:
    is_list = is_list_pattern(scope.source, pattern)
    parts = pattern.patterns
    has_star = any(isinstance(each, ast.MatchStar) for each in parts)
    items: list[Maybe] = []
    match parts[:1]:
        case [ast.MatchValue(value=ast.Constant(value=str() as tag))] if shapes.is_any(shape):
            known = _MESSAGES.get((tag, len(parts)))
            shape = shape if known is None else shapes.a_tuple(known)
        case [ast.MatchValue(value=ast.Constant(value="call"))] if shape == EVENT:
            shape = shapes.a_tuple((shapes.ATOM, CALLER))
    for index, each in enumerate(parts):
        if isinstance(each, ast.MatchStar):
            if each.name is not None:
                scope.names[each.name] = Shape(shapes.LIST.kinds, shapes.held(shape))
            continue
        inner = shapes.held(shape) if has_star else shapes.element(shape, index, len(parts))
        items.append(bind_pattern(scope, each, inner))
    if is_list:
        return Shape(shapes.LIST.kinds, shapes.held(shape) if has_star else shapes.all_joined(items))
    return shapes.a_tuple(None if has_star else items)


def _bind_class(scope: Scope, pattern: ast.MatchClass, shape: Maybe) -> Maybe:
    name = ast.unparse(pattern.cls).rpartition(".")[2]
    known = _CLASSES.get(name)
    inner = known if known is not None else shapes.OBJECT
    for each in [*pattern.patterns, *pattern.kwd_patterns]:
        found = bind_pattern(scope, each, inner if name in _CLASSES else None)
        if name in ("tuple", "list") and found is not None and found.items is not None:
            inner = Shape(inner.kinds, found.item, found.items)
    return inner


# ---- what a pattern takes beside what it means ------------------------------------


def is_guarded(scope: Scope, subject: ast.expr) -> bool:
    """Whether the subject has been made ready for `match`, or is a tuple that stands there."""
    return isinstance(subject, ast.Call) and scope.api(subject.func) == ("terms", "matchable")


def taken_for_another(scope: Scope, node: ast.Match) -> Iterator[tuple[ast.AST, str, str, str]]:
    """Each pattern of a `match` that takes what Erlang's would not: `(pattern, rule, sentence, level)`."""
    shape = scope.shape(node.subject)
    guarded = is_guarded(scope, node.subject)
    for case in node.cases:
        yield from _in_pattern(scope, case.pattern, shape, guarded)
    yield from _shadowed(scope, node)


def _in_pattern(
    scope: Scope, pattern: ast.pattern, shape: Maybe, guarded: bool
) -> Iterator[tuple[ast.AST, str, str, str]]:
    match pattern:
        case ast.MatchSequence(patterns=parts):
            yield from _of_sequence(scope, pattern, shape, guarded)
            has_star = any(isinstance(each, ast.MatchStar) for each in parts)
            for index, each in enumerate(parts):
                inner = shapes.held(shape) if has_star else shapes.element(shape, index, len(parts))
                yield from _in_pattern(scope, each, inner, False)
        case ast.MatchAs(pattern=ast.pattern() as inner_pattern):
            yield from _in_pattern(scope, inner_pattern, shape, guarded)
        case ast.MatchOr(patterns=alternatives):
            for each in alternatives:
                yield from _in_pattern(scope, each, shape, guarded)
        case ast.MatchMapping(patterns=alternatives):
            for each in alternatives:
                yield from _in_pattern(scope, each, None if shape is None else _value_of_map(shape), False)
        case ast.MatchValue(value=ast.Constant(value=int() | float() as value)):
            if shape is not None and len(shape.kinds & shapes.NUMBERS) > 1:
                others = "1.0 and True" if value == 1 else "0.0 and False" if value == 0 else f"{_other(value)}"
                yield pattern, "match_takes_number", f"`case {value!r}` takes {others} as well.", "note"
        case ast.MatchClass(cls=cls) if ast.unparse(cls) == "int" and (shape is None or shape.may_be("bool")):
            if shape is not None:
                yield pattern, "match_takes_number", "`case int(...)` takes True and False as well.", "note"
        case ast.MatchClass(cls=cls, patterns=inner_patterns) if ast.unparse(cls) in ("tuple", "list"):
            for each in inner_patterns:
                yield from _in_pattern(scope, each, _CLASSES[ast.unparse(cls)], True)


def _other(value: float) -> float:
    return float(value) if isinstance(value, int) else int(value)


def _of_sequence(
    scope: Scope, pattern: ast.MatchSequence, shape: Maybe, guarded: bool
) -> Iterator[tuple[ast.AST, str, str, str]]:
    if shape is None or guarded:
        return
    is_list = is_list_pattern(scope.source, pattern)
    meant, other = ("list", "tuple") if is_list else ("tuple", "list")
    shown = ast.unparse(pattern)
    if not is_list and shown.startswith("["):
        shown = f"({shown[1:-1]})"
    if shape.may_be("tuple", "list") and not shape.may_be(meant):
        yield pattern, "match_takes_list", f"`case {shown}` means a {meant}, and what comes is a {other}.", "warning"
    elif shape.may_be(meant) and shape.may_be(other):
        yield pattern, "match_takes_list", f"`case {shown}` takes a {other} as well.", "note"


def _shadowed(scope: Scope, node: ast.Match) -> Iterator[tuple[ast.AST, str, str, str]]:
    """Patterns of tuples and of lists for one subject: the first takes what is meant for the second."""
    first: dict[int, tuple[bool, ast.pattern]] = {}
    for case in node.cases:
        for pattern in whole(case.pattern):
            if not isinstance(pattern, ast.MatchSequence) or _is_starred(pattern):
                continue
            is_list, size = is_list_pattern(scope.source, pattern), len(pattern.patterns)
            earlier = first.setdefault(size, (is_list, pattern))
            if earlier[0] is not is_list and _may_meet(earlier[1], pattern):
                text = (
                    f"what this takes, the pattern in line {earlier[1].lineno} has taken: to Python both are sequences."
                )
                yield pattern, "match_takes_list", text, "warning"


def _is_starred(pattern: ast.MatchSequence) -> bool:
    return any(isinstance(each, ast.MatchStar) for each in pattern.patterns)


def _may_meet(one: ast.pattern, other: ast.pattern) -> bool:
    """Whether some value may fit both patterns, to Python."""
    if isinstance(one, ast.MatchValue) and isinstance(other, ast.MatchValue):
        return ast.dump(one.value) == ast.dump(other.value)
    if isinstance(one, ast.MatchSequence) and isinstance(other, ast.MatchSequence):
        if len(one.patterns) != len(other.patterns):
            return False
        return all(_may_meet(*pair) for pair in zip(one.patterns, other.patterns, strict=True))
    return True


def whole(pattern: ast.pattern) -> Iterator[ast.pattern]:
    """The patterns that match the whole subject: each of those between bars, without the names that they get."""
    if isinstance(pattern, ast.MatchOr):
        for each in pattern.patterns:
            yield from whole(each)
    elif isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        yield from whole(pattern.pattern)
    else:
        yield pattern
