"""Operators: Erlang has one for each kind of terms where Python has one for all. What kinds do not tell is refused."""

from __future__ import annotations

import ast

from erlsim.porting.drafts import kinds
from erlsim.porting.drafts.forms import FALSE, NIL, TRUE, Atom, Binary, Call, Form, List, Map, Number, Op, Unary
from erlsim.porting.drafts.kinds import ANY, NEVER, Kind, item_of, join, list_of
from erlsim.porting.drafts.reading.patterns import CLASSES, Patterns
from erlsim.porting.drafts.reading.scope import Env

_INTEGER_OPERATORS: dict[type, str] = {
    ast.BitAnd: "band",
    ast.BitOr: "bor",
    ast.BitXor: "bxor",
    ast.LShift: "bsl",
    ast.RShift: "bsr",
}
_COMPARISONS: dict[type, str] = {ast.Lt: "<", ast.LtE: "=<", ast.Gt: ">", ast.GtE: ">="}


class Operators(Patterns):
    """Arithmetic, comparisons, truth."""

    def binary(self, node: ast.BinOp, env: Env) -> tuple[Form, Kind]:
        """An operator between two values."""
        left, of_left = self.expression(node.left, env)
        right, of_right = self.expression(node.right, env)
        known = of_left.is_number or of_right.is_number
        both = of_left.is_number and of_right.is_number
        names = {of_left.name, of_right.name}
        integers = names == {"integer"}
        result = kinds.INTEGER if integers else kinds.NUMBER
        # What no call has been seen of yet: a later round knows.
        early = "never" in names
        if not both and not early:
            self.never_fails(node, "nothing tells that both are numbers")
        if isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod) and not _is_divisor(node.right):
            self.never_fails(node, "the divisor may be 0")
        match node.op:
            case ast.Add() if known and names & {"integer", "float", "number", "any", "never"}:
                self._numbers(node, of_left, of_right)
                return Op("+", left, right), NEVER if early else result
            case ast.Add() if "list" in names:
                self._lists(node, of_left, of_right)
                return self._appended(left, right), join(of_left, of_right)
            case ast.Sub() | ast.Mult() if known:
                self._numbers(node, of_left, of_right)
                sign = "-" if isinstance(node.op, ast.Sub) else "*"
                return Op(sign, left, right), NEVER if early else result
            case ast.Div() if known:
                return Op("/", left, right), kinds.FLOAT
            case ast.FloorDiv() | ast.Mod() if integers and self._is_natural(node.left, node.right):
                return Op("div" if isinstance(node.op, ast.FloorDiv) else "rem", left, right), kinds.INTEGER
            case ast.FloorDiv() | ast.Mod() if both:
                raise self.refuse(node, "rounds down, Erlang's div and rem towards zero: show that neither is negative")
            case ast.BitAnd() | ast.BitOr() | ast.BitXor() | ast.LShift() | ast.RShift() if integers:
                return Op(_INTEGER_OPERATORS[type(node.op)], left, right), kinds.INTEGER
            case ast.BitOr() if names == {"map"}:
                return Call("maps", "merge", (left, right)), join(of_left, of_right)
            case ast.Pow() if integers and isinstance(node.left, ast.Constant) and node.left.value == 2:
                return Op("bsl", Number(1), right), kinds.INTEGER
        if early and not self.here.facts.is_last:
            return Op("+", left, right), NEVER
        raise self.refuse(node, "nothing tells whether these are numbers or lists; type hints would")

    def _is_natural(self, left: ast.expr, right: ast.expr) -> bool:
        """Whether neither can be negative: a length, or a constant that is not."""

        return self.is_natural(left) and self.is_natural(right)

    def is_natural(self, node: ast.expr) -> bool:
        """Whether a number cannot be negative: a length, or a constant that is not."""
        match node:
            case ast.Constant(value=int(value)):
                return value >= 0
            case ast.Call(func=ast.Name(id="len")):
                return True
            case ast.Name(id=name):
                found = self.here.unit.constants.get(name) or self.here.file.constants.get(name)
                return found is not None and self.is_natural(found)
        return False

    def _numbers(self, node: ast.BinOp, left: Kind, right: Kind) -> None:
        wrong = [each.name for each in (left, right) if not each.is_number and each not in (ANY, NEVER)]
        if wrong:
            raise self.refuse(node, f"a number and a {wrong[0]}")

    def _lists(self, node: ast.BinOp, left: Kind, right: Kind) -> None:
        wrong = [each.name for each in (left, right) if each.name not in ("list", "any", "never")]
        if wrong:
            raise self.refuse(node, f"a list and a {wrong[0]}")

    def _appended(self, left: Form, right: Form) -> Form:
        if isinstance(left, List) and left.tail is None and left.items:
            return List(left.items, right)
        return Op("++", left, right)

    def compare(self, node: ast.Compare, env: Env) -> Form:
        """A comparison, or several in a row."""
        tests: list[Form] = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            tests.append(self._comparison(node, left, operator, right, env))
            left = right
        if len(tests) > 1 and not all(isinstance(each, ast.Name | ast.Constant) for each in node.comparators[:-1]):
            raise self.refuse(node, "what is compared twice would be evaluated twice: give it a name")
        found = tests[0]
        for each in tests[1:]:
            found = Op("andalso", found, each)
        return found

    def _comparison(self, node: ast.AST, left: ast.expr, operator: ast.cmpop, right: ast.expr, env: Env) -> Form:
        if isinstance(operator, ast.In | ast.NotIn):
            found = self._member(left, right, env)
            return Unary("not", found) if isinstance(operator, ast.NotIn) else found
        if isinstance(operator, ast.Is | ast.IsNot):
            if not (isinstance(right, ast.Constant) and isinstance(right.value, bool)):
                raise self.refuse(node, "terms have no identity: compare with ==")
            value, _ = self.expression(left, env)
            return Op("=:=" if isinstance(operator, ast.Is) else "=/=", value, self.expression(right, env)[0])
        one, of_one = self.expression(left, env)
        other, of_other = self.expression(right, env)
        if isinstance(operator, ast.Eq | ast.NotEq):
            equal = isinstance(operator, ast.Eq)
            if NIL in (one, other):
                return Op("=:=" if equal else "=/=", one, other)
            return Op(self._equality(node, of_one, of_other, equal), one, other)
        if not (of_one.is_number and of_other.is_number) and "never" not in (of_one.name, of_other.name):
            raise self.refuse(node, "nothing tells that both are numbers; in Erlang all terms have an order")
        return Op(_COMPARISONS[type(operator)], one, other)

    def _equality(self, node: ast.AST, left: Kind, right: Kind, equal: bool) -> str:
        names = {left.name, right.name}
        if names & {"integer", "float", "number"} and "boolean" in names:
            raise self.refuse(node, "a number and a boolean are equal in Python only")
        exact = left.is_exact or right.is_exact or names == {"integer"} or _is_exact(left) or _is_exact(right)
        if exact:
            return "=:=" if equal else "=/="
        return "==" if equal else "/="

    def _member(self, left: ast.expr, right: ast.expr, env: Env) -> Form:
        one, of_one = self.expression(left, env)
        if isinstance(right, ast.Tuple | ast.List | ast.Set) and not isinstance(right, ast.Set):
            items, of_items = self.forms(right.elts, env)
            if items and all(isinstance(each, Atom | Number | Binary) for each in items):
                found: Form | None = None
                for each, kind in zip(items, of_items, strict=True):
                    test = Op(self._equality(left, of_one, kind, True), one, each)
                    found = test if found is None else Op("orelse", found, test)
                assert found is not None
                return found
            return self._in_list(left, one, of_one, List(tuple(items)), list_of(_joined(of_items)))
        other, of_other = self.expression(right, env)
        if of_other.name == "map":
            return Call("erlang", "is_map_key", (one, other))
        if of_other.name == "list":
            return self._in_list(left, one, of_one, other, of_other)
        raise self.refuse(right, "nothing tells whether this is a list or a map")

    def _in_list(self, node: ast.expr, one: Form, of_one: Kind, items: Form, of_items: Kind) -> Form:
        if self._equality(node, of_one, item_of(of_items), True) != "=:=":
            raise self.refuse(
                node, "looked for with ==, while lists:member tells 1 and 1.0 apart: type hints would settle it"
            )
        return Call("lists", "member", (one, items))

    def condition(self, node: ast.expr, env: Env) -> Form:
        """An expression as a condition."""
        match node:
            case ast.BoolOp(op=op, values=values):
                found = self.condition(values[0], env)
                for each in values[1:]:
                    found = Op("andalso" if isinstance(op, ast.And) else "orelse", found, self.condition(each, env))
                return found
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return negated(self.condition(inner, env))
            case ast.Compare():
                return self.compare(node, env)
            case ast.Call(func=ast.Name(id="isinstance"), args=[value, cls]):
                return self._isinstance(node, value, cls, env)
            case ast.Constant(value=bool(value)):
                return TRUE if value else FALSE
        form, kind = self.expression(node, env)
        empty: dict[str, Form] = {"list": NIL, "integer": Number(0), "binary": Binary(b""), "map": Map(())}
        if kind.name in ("boolean", "never"):
            return form
        if kind.name in empty:
            return Op("=/=", form, empty[kind.name])
        raise self.refuse(node, "nothing tells what is true of this: only true and false are conditions in Erlang")

    def _isinstance(self, node: ast.Call, value: ast.expr, cls: ast.expr, env: Env) -> Form:
        form, _ = self.expression(value, env)
        names = [ast.unparse(each).rpartition(".")[2] for each in (cls.elts if isinstance(cls, ast.Tuple) else [cls])]
        if not all(name in CLASSES for name in names):
            raise self.refuse(node, "a class that is no type of terms")
        tests = [Call("erlang", CLASSES[name][0], (form,)) for name in names]
        found: Form = tests[0]
        for each in tests[1:]:
            found = Op("orelse", found, each)
        return found

    def refined(self, node: ast.expr | None, env: Env) -> None:
        """What a condition says of the kinds of variables, where it holds."""
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                for each in values:
                    self.refined(each, env)
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), cls]) if name in env:
                known = CLASSES.get(ast.unparse(cls).rpartition(".")[2])
                if known is not None and env[name].kind == ANY:
                    env[name] = type(env[name])(env[name].form, known[1])


_OPPOSITE = {"=:=": "=/=", "=/=": "=:=", "==": "/=", "/=": "==", "<": ">=", ">=": "<", ">": "=<", "=<": ">"}


def _is_divisor(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value != 0


def negated(test: Form) -> Form:
    """The opposite of a condition."""
    if isinstance(test, Op) and test.name in _OPPOSITE:
        return Op(_OPPOSITE[test.name], test.left, test.right)
    if isinstance(test, Unary) and test.name == "not":
        return test.value
    return Unary("not", test)


def _is_exact(kind: Kind) -> bool:
    """Whether no number is anywhere in it."""
    if kind.name in ("tuple", "list") and kind.items:
        return all(map(_is_exact, kind.items))
    return kind.is_exact


def _joined(found: list[Kind]) -> Kind:
    result = NEVER
    for each in found:
        result = join(result, each)
    return result
