"""What a `match` takes, to Python and to Erlang: the patterns of a program are tried on the values that come."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, NamedTuple

from erlsim.porting.portable.patterns import is_list_pattern
from erlsim.porting.portable.sources import Source
from erlsim.terms import Bits, Pid, Ref, exact_eq

_CLASSES: dict[str, Any] = {
    "int": int,
    "float": float,
    "bool": bool,
    "str": str,
    "bytes": bytes,
    "tuple": tuple,
    "list": list,
    "dict": dict,
    "Pid": Pid,
    "Ref": Ref,
    "Bits": Bits,
}


class Unclear(Exception):
    """What a pattern or a guard says cannot be told from outside."""


class Wrong(NamedTuple):
    """A part of a pattern has taken what Erlang's would not."""

    pattern: ast.pattern
    rule: str
    sentence: str


class Trial:
    """One value, and the patterns that it meets; `names` are those that are known where the `match` stands."""

    def __init__(self, source: Source, names: Mapping[str, Any]) -> None:
        self._source = source
        self.names = dict(names)
        self.wrong: list[Wrong] = []

    def block(self, body: list[ast.stmt]) -> None:
        """The first `match` of a block whose subject is known, and those in the case that takes it."""
        for node in body:
            if isinstance(node, ast.Match):
                try:
                    value = self._value(node.subject)
                except Unclear:
                    return
                self.match(node, value)
                return
            if isinstance(node, ast.If | ast.Return | ast.Raise | ast.Try | ast.While):
                return
            for each in ast.walk(node):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    self.names.pop(each.id, None)

    def match(self, node: ast.Match, value: Any) -> None:
        """Find the case that takes `value`, what it takes wrongly, and go on in its body."""
        try:
            for case in node.cases:
                self.wrong = []
                names = dict(self.names)
                if self._takes(case.pattern, value) and (case.guard is None or self._guard(case.guard)):
                    if not self.wrong:
                        self.block(case.body)
                    return
                self.names = names
        except Unclear:
            pass
        self.wrong = []

    # ---- patterns -----------------------------------------------------------------

    def _takes(self, pattern: ast.pattern, value: Any) -> bool:
        """Whether Python takes `value`; what Erlang would not have taken is noted down."""
        match pattern:
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None and not self._takes(inner, value):
                    return False
                if name is not None:
                    self.names[name] = value
                return True
            case ast.MatchValue(value=expression):
                return self._equals(pattern, self._constant(expression), value)
            case ast.MatchSingleton(value=single):
                return value is single
            case ast.MatchOr(patterns=alternatives):
                return self._any(alternatives, value)
            case ast.MatchSequence():
                return self._sequence(pattern, value)
            case ast.MatchMapping(keys=keys, patterns=parts):
                if not isinstance(value, dict):
                    return False
                names = [self._constant(key) for key in keys]
                return all(name in value for name in names) and all(
                    self._takes(part, value[name]) for name, part in zip(names, parts, strict=True)
                )
            case ast.MatchClass():
                return self._class(pattern, value)
        raise Unclear

    def _any(self, alternatives: list[ast.pattern], value: Any) -> bool:
        before = list(self.wrong)
        for each in alternatives:
            if self._takes(each, value):
                return True
            self.wrong = list(before)
        return False

    def _equals(self, pattern: ast.pattern, wanted: Any, value: Any) -> bool:
        if not bool(value == wanted):
            return False
        if not exact_eq(value, wanted):
            self.wrong.append(Wrong(pattern, "match_takes_number", f"`case {wanted!r}` has taken {value!r}."))
        return True

    def _sequence(self, pattern: ast.MatchSequence, value: Any) -> bool:
        if not isinstance(value, tuple | list):
            return False
        parts = pattern.patterns
        star = next((index for index, each in enumerate(parts) if isinstance(each, ast.MatchStar)), None)
        if len(value) != len(parts) if star is None else len(value) < len(parts) - 1:
            return False
        behind = 0 if star is None else len(parts) - star - 1
        for index, each in enumerate(parts):
            if isinstance(each, ast.MatchStar):
                if each.name is not None:
                    self.names[each.name] = list(value[index : len(value) - behind])
                continue
            at = index if star is None or index < star else index - len(parts)
            if not self._takes(each, value[at]):
                return False
        is_list = is_list_pattern(self._source, pattern)
        if isinstance(value, list) is not is_list:
            meant, came = ("list", "tuple") if is_list else ("tuple", "list")
            text = f"A pattern of a {meant} has taken the {came} {_short(value)}."
            self.wrong.append(Wrong(pattern, "match_takes_list", text))
        return True

    def _class(self, pattern: ast.MatchClass, value: Any) -> bool:
        name = ast.unparse(pattern.cls).rpartition(".")[2]
        kind = _CLASSES.get(name)
        if kind is None or pattern.kwd_patterns:
            raise Unclear
        if not isinstance(value, kind):
            return False
        if kind is int and isinstance(value, bool):
            self.wrong.append(Wrong(pattern, "match_takes_number", f"`case int(...)` has taken {value!r}."))
        return all(self._takes(each, value) for each in pattern.patterns)

    # ---- expressions --------------------------------------------------------------

    def _constant(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -value
        raise Unclear

    def _value(self, node: ast.expr) -> Any:
        """A subject that is a name, or a tuple of such."""
        match node:
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Tuple(elts=parts):
                return tuple(self._value(each) for each in parts)
        raise Unclear

    def _guard(self, node: ast.expr) -> bool:
        """Whether a guard holds, if it asks for nothing but what is known here."""
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                one, other = self._operand(left), self._operand(right)
                match operator:
                    case ast.Eq():
                        return bool(one == other)
                    case ast.NotEq():
                        return bool(one != other)
                    case ast.Is():
                        return one is other
                    case ast.IsNot():
                        return one is not other
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(self._guard(each) for each in parts)
            case ast.BoolOp(op=ast.Or(), values=parts):
                return any(self._guard(each) for each in parts)
        raise Unclear

    def _operand(self, node: ast.expr) -> Any:
        match node:
            case ast.Call(func=ast.Name(id="type"), args=[inner]):
                return type(self._operand(inner))
            case ast.Name(id=name) if name in _CLASSES and name not in self.names:
                return _CLASSES[name]
            case ast.Constant(value=value):
                return value
        return self._value(node)


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
