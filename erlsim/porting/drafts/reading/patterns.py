"""Patterns: of `match`, of assignments, and of `erlang.receive`. What a pattern binds is added to the environment."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from erlsim.porting.drafts import kinds
from erlsim.porting.drafts.forms import (
    FALSE,
    TRUE,
    Alias,
    Atom,
    Binary,
    Call,
    Form,
    List,
    Map,
    Number,
    Op,
    Pin,
    Record,
    Tuple,
    Var,
    Wild,
)
from erlsim.porting.drafts.kinds import ANY, Kind, item_of, list_of, tuple_of
from erlsim.porting.drafts.reading.scope import Base, Binding, Env

# Classes in patterns, and the guard that each is.
CLASSES = {
    "int": ("is_integer", kinds.INTEGER),
    "float": ("is_float", kinds.FLOAT),
    "str": ("is_atom", kinds.ATOM),
    "bool": ("is_boolean", kinds.BOOLEAN),
    "bytes": ("is_binary", kinds.BINARY),
    "list": ("is_list", Kind("list", (ANY,))),
    "tuple": ("is_tuple", kinds.SOME_TUPLE),
    "dict": ("is_map", kinds.MAP),
    "Pid": ("is_pid", kinds.PID),
    "Ref": ("is_reference", kinds.REFERENCE),
}


def literal(value: object) -> Form | None:
    """The form of a constant of Python's; `None` for what is no term."""
    if value is True or value is False:
        return TRUE if value else FALSE
    if isinstance(value, str):
        return Atom(value)
    if isinstance(value, int | float):
        return Number(value)
    if isinstance(value, bytes):
        return Binary(value)
    return None


def kind_of_literal(value: object) -> Kind:
    """The kind of a constant."""
    names = {bool: kinds.BOOLEAN, str: kinds.ATOM, int: kinds.INTEGER, float: kinds.FLOAT, bytes: kinds.BINARY}
    return names.get(type(value), ANY)


def name_of(python: str) -> str:
    """What a variable is called for: `from_` is `from`."""
    return python.rstrip("_") or python


class Patterns(Base):
    """Patterns. Guards that a pattern needs besides are appended to `guards`."""

    # What a term is called for which a pattern has no name.
    whole = "value"

    def bind(self, name: str, kind: Kind, env: Env) -> Var:
        """A new variable."""
        var = Var(name_of(name))
        env[name] = Binding(var, kind)
        return var

    def pattern(self, node: ast.pattern, kind: Kind, env: Env, guards: list[Form]) -> Form:
        """The pattern of a `case`, for a term of some kind."""
        match node:
            case ast.MatchAs(pattern=None, name=None):
                return Wild()
            case ast.MatchAs(pattern=None, name=str(name)):
                return self.bind(name, kind, env)
            case ast.MatchAs(pattern=ast.pattern() as inner, name=str(name)):
                found = self.pattern(inner, kind, env, guards)
                return found if isinstance(found, Wild) else Alias(found, self.bind(name, kind, env))
            case ast.MatchSingleton(value=bool(value)):
                return TRUE if value else FALSE
            case ast.MatchSingleton():
                raise self.refuse(node, 'None is no term: Erlang has the atom "undefined"')
            case ast.MatchValue(value=value):
                return self._value_pattern(value, env)
            case ast.MatchSequence():
                return self._sequence(node, kind, env, guards)
            case ast.MatchMapping():
                return self._mapping(node, kind, env, guards)
            case ast.MatchClass():
                return self._class_pattern(node, env, guards)
            case ast.MatchOr(patterns=patterns):
                return self._either(node, patterns, kind, env, guards)
        raise self.refuse(node, "a pattern that Erlang does not have")

    def _value_pattern(self, value: ast.expr, env: Env) -> Form:
        if isinstance(value, ast.Constant) or (isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub)):
            return self.expression(value, {})[0]
        if isinstance(value, ast.Attribute):
            return self.expression(value, env)[0]
        raise self.refuse(value, "a value that a pattern cannot have")

    def _sequence(self, node: ast.MatchSequence, kind: Kind, env: Env, guards: list[Form]) -> Form:
        line = self.here.file.lines[node.lineno - 1]
        if line.encode()[node.col_offset : node.col_offset + 1] == b"[":
            return self._list_pattern(node, kind, env, guards)
        if any(isinstance(each, ast.MatchStar) for each in node.patterns):
            raise self.refuse(node, "a tuple of any size has no pattern in Erlang")
        known = kind.items if kind.name == "tuple" and len(kind.items) == len(node.patterns) else ()
        items = known or (ANY,) * len(node.patterns)
        return Tuple(tuple(self.pattern(p, k, env, guards) for p, k in zip(node.patterns, items, strict=True)))

    def _list_pattern(self, node: ast.MatchSequence, kind: Kind, env: Env, guards: list[Form]) -> Form:
        item, tail = item_of(kind), None
        patterns = node.patterns
        if patterns and isinstance(patterns[-1], ast.MatchStar):
            star = patterns[-1]
            patterns = patterns[:-1]
            tail = Wild() if star.name is None else self.bind(star.name, list_of(item), env)
        if any(isinstance(each, ast.MatchStar) for each in patterns):
            raise self.refuse(node, "Erlang's lists are taken apart from the front: the star must be last")
        found = tuple(self.pattern(each, item, env, guards) for each in patterns)
        if tail is not None and not found:
            guards.append(Call("erlang", "is_list", (tail,)))
            return tail
        return List(found, tail)

    def _mapping(self, node: ast.MatchMapping, kind: Kind, env: Env, guards: list[Form]) -> Form:
        if node.rest is not None:
            raise self.refuse(node, "the rest of a map has no pattern in Erlang")
        pairs = []
        for key, each in zip(node.keys, node.patterns, strict=True):
            at = self.expression(key, env)[0]
            value = kinds.value_at(kind, at.name if isinstance(at, Atom) else None) if kind.name == "map" else ANY
            pairs.append((at, self.pattern(each, self.here.facts.seen(value), env, guards)))
        return Map(tuple(pairs))

    def _class_pattern(self, node: ast.MatchClass, env: Env, guards: list[Form]) -> Form:
        name = ast.unparse(node.cls).rpartition(".")[2]
        if name in self.here.file.records:
            return self._record_pattern(node, name, env, guards)
        if name not in CLASSES or node.kwd_patterns or len(node.patterns) > 1:
            raise self.refuse(node, "a class that is no type of terms")
        guard, kind = CLASSES[name]
        inner: Form = Var("value")
        if node.patterns:
            inner = self.pattern(node.patterns[0], kind, env, guards)
        if not isinstance(inner, Var):
            return inner if not isinstance(inner, Wild) else self._guarded(guard, guards)
        guards.append(Call("erlang", guard, (inner,)))
        return inner

    def _guarded(self, guard: str, guards: list[Form]) -> Form:
        var = Var("value")
        guards.append(Call("erlang", guard, (var,)))
        return var

    def _record_pattern(self, node: ast.MatchClass, name: str, env: Env, guards: list[Form]) -> Form:
        if node.patterns:
            raise self.refuse(node, "a record's fields are named in a pattern")
        return Record(
            name,
            tuple(
                (attribute, self.pattern(each, ANY, env, guards))
                for attribute, each in zip(node.kwd_attrs, node.kwd_patterns, strict=True)
            ),
        )

    def _either(self, node: ast.AST, patterns: list[ast.pattern], kind: Kind, env: Env, guards: list[Form]) -> Form:
        """Alternatives without variables: a variable that a guard compares with each."""
        inside: Env = {}
        found = [self.pattern(each, kind, inside, []) for each in patterns]
        if inside or not all(isinstance(each, Atom | Number | Binary) for each in found):
            raise self.refuse(node, "alternatives that are no plain atoms, numbers or binaries: write a case for each")
        var = Var(self.whole)
        test: Form = Op("=:=", var, found[0])
        for each in found[1:]:
            test = Op("orelse", test, Op("=:=", var, each))
        guards.append(test)
        return var

    def target(self, node: ast.expr, kind: Kind, env: Env) -> Form:
        """The pattern of an assignment's left side: a tuple as it is written, or a list where one is known to come."""
        match node:
            case ast.Name(id="_"):
                return Wild()
            case ast.Name(id=name):
                return self.bind(name, kind, env)
            case ast.Tuple(elts=items) | ast.List(elts=items) if not any(isinstance(i, ast.Starred) for i in items):
                as_list = isinstance(node, ast.List) or kind.name == "list"
                if as_list and kind.name in ("tuple", "some_tuple"):
                    raise self.refuse(node, "a list on the left, a tuple on the right")
                if as_list:
                    return List(tuple(self.target(each, item_of(kind), env) for each in items))
                known = kind.items if kind.name == "tuple" and len(kind.items) == len(items) else (ANY,) * len(items)
                return Tuple(tuple(self.target(each, k, env) for each, k in zip(items, known, strict=True)))
            case ast.List(elts=[*items, ast.Starred(value=rest)]) | ast.Tuple(elts=[*items, ast.Starred(value=rest)]):
                if kind.name != "list" and (isinstance(node, ast.Tuple) or kind.name in ("tuple", "some_tuple")):
                    raise self.refuse(node, "nothing tells that what is taken apart is a list")
                found = tuple(self.target(each, item_of(kind), env) for each in items)
                return List(found, self.target(rest, list_of(item_of(kind)), env))
        raise self.refuse(node, "nothing of Erlang's is assigned to")

    def opened(self, node: ast.expr, env: Env, guards: list[Form], left_open: Callable[[], Form]) -> tuple[Form, Kind]:
        """A pattern of `erlsim.match` or `receive` (an expression in which `...` is open): its form, and its kind.

        `left_open` gives the pattern for each part that is open.
        """
        match node:
            case ast.Constant(value=value) if value is ...:
                return left_open(), ANY
            case ast.Tuple(elts=items):
                parts = [self.opened(each, env, guards, left_open) for each in items]
                return Tuple(tuple(form for form, _ in parts)), tuple_of(*(kind for _, kind in parts))
            case ast.List(elts=items) if not any(isinstance(each, ast.Starred) for each in items):
                parts = [self.opened(each, env, guards, left_open) for each in items]
                return List(tuple(form for form, _ in parts)), Kind("list", (ANY,))
            case ast.Lambda(args=arguments, body=body) if len(arguments.args) == 1:
                var = Var(arguments.args[0].arg)
                inside = {**env, arguments.args[0].arg: Binding(var, ANY)}
                guards.append(self.condition(body, inside))
                return var, ANY
        name = ast.unparse(node).rpartition(".")[2]
        if name in CLASSES and isinstance(node, ast.Name | ast.Attribute) and name not in env:
            guard, kind = CLASSES[name]
            var = Var(name)
            guards.append(Call("erlang", guard, (var,)))
            return var, kind
        form, kind = self.expression(node, env)
        if isinstance(form, Var):
            return Pin(form), kind
        if not is_value(form):
            raise self.refuse(node, "a pattern holds what is known or open: give the value a name first")
        return form, kind


def is_value(form: Form) -> bool:
    """Whether a form may stand in a pattern as it is."""
    if isinstance(form, Tuple | List):
        return all(is_value(each) for each in form.items) and (
            not isinstance(form, List) or form.tail is None or is_value(form.tail)
        )
    return isinstance(form, Atom | Number | Binary | Pin) or type(form).__name__ in ("Const", "Chars")


def takes_all(cases: Sequence[ast.match_case]) -> bool:
    """Whether one of these cases takes everything."""
    return any(is_irrefutable(each.pattern) and each.guard is None for each in cases)


def is_irrefutable(pattern: ast.pattern) -> bool:
    """Whether a case takes everything."""
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
