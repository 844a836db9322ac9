"""The expression of `-if` and `-elif`: a guard, in which `defined(Name)` asks for a macro. Mirrors `epp:eval_if`."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from erlsim import terms
from erlsim.erl.reading.annotations import Location, Node
from erlsim.erl.reading.failures import Failure
from erlsim.erl.reading.macros import Macros
from erlsim.terms import Term

_FORBIDDEN = frozenset({"catch", "case", "if", "fun", "receive", "try", "lc", "bc", "match", "block", "named_fun"})


class _Fails(Exception):
    """The guard fails."""


def holds(expressions: list[Node], macros: Macros, location: Location) -> bool:
    """Whether a condition is true; a guard that fails is false; what is no guard raises `Failure`."""
    if len(expressions) != 1 or not _is_guard(expressions[0]):
        raise Failure(location, "epp", ("bad", "if"))
    try:
        return _value(expressions[0], macros, location) is True
    except (_Fails, ArithmeticError, LookupError, TypeError, ValueError):
        return False


def _is_guard(node: Any) -> bool:
    if type(node) is list:
        return all(_is_guard(each) for each in node)
    if type(node) is not tuple or not node:
        return True
    if node[0] in _FORBIDDEN and len(node) > 2:
        return False
    if node[0] == "call" and len(node) == 4:
        name = node[2]
        if name[0] == "remote" and (name[2][0] != "atom" or name[2][2] != "erlang"):
            return False
        if name[0] == "atom" and (name[2], len(node[3])) in _NOT_IN_GUARDS:
            return False
    return all(_is_guard(each) for each in node[2:])


# The functions that may be called without their module and not in guards, as far as anybody may try them here.
_NOT_IN_GUARDS = frozenset(
    {(name, 1) for name in "atom_to_list list_to_atom list_to_integer integer_to_list exit throw error get".split()}
    | {("apply", 2), ("apply", 3), ("put", 2), ("now", 0), ("date", 0), ("time", 0), ("nodes", 0)}
)


def _value(node: Node, macros: Macros, location: Location) -> Term:
    def value(each: Node) -> Term:
        return _value(each, macros, location)

    match node:
        case ("atom" | "integer" | "float" | "char" | "string", _, literal):
            return literal
        case ("nil", _):
            return []
        case ("cons", _, head, tail):
            return terms.cons([value(head)], value(tail))
        case ("tuple", _, elements):
            return tuple(map(value, elements))
        case ("call", _, ("atom", _, "defined"), [("atom" | "var", _, name)]):
            return name in macros.table
        case ("call", _, ("atom", _, "defined"), _):
            raise Failure(location, "epp", ("bad", "if"))
        case ("call", _, ("atom", _, name) | ("remote", _, _, ("atom", _, name)), arguments):
            return _call(name, [value(each) for each in arguments])
        case ("op", _, name, operand):
            return _UNARY[name](value(operand))
        case ("op", _, "andalso", left, right):
            return value(left) and value(right)
        case ("op", _, "orelse", left, right):
            return value(left) or value(right)
        case ("op", _, name, left, right):
            return _BINARY[name](value(left), value(right))
    raise _Fails


def _call(name: Term, arguments: list[Term]) -> Term:
    found = _GUARDS.get((name, len(arguments)))
    if found is None:
        raise _Fails
    return found(*arguments)


def _number(term: Term) -> Any:
    if type(term) not in (int, float):
        raise _Fails
    return term


def _integer(term: Term) -> int:
    if type(term) is not int:
        raise _Fails
    return term


def _boolean(term: Term) -> bool:
    if type(term) is not bool:
        raise _Fails
    return term


def _of(check: Callable[[Term], Any], function: Callable[..., Term]) -> Callable[..., Term]:
    return lambda *arguments: function(*map(check, arguments))


def _div(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_UNARY: dict[str, Callable[..., Term]] = {
    "not": _of(_boolean, operator.not_),
    "-": _of(_number, operator.neg),
    "+": _number,
    "bnot": _of(_integer, operator.invert),
}
_BINARY: dict[str, Callable[..., Term]] = {
    "==": terms.eq,
    "/=": lambda left, right: not terms.eq(left, right),
    "=:=": terms.exact_eq,
    "=/=": lambda left, right: not terms.exact_eq(left, right),
    "<": lambda left, right: terms.compare(left, right) < 0,
    ">": lambda left, right: terms.compare(left, right) > 0,
    "=<": lambda left, right: terms.compare(left, right) <= 0,
    ">=": lambda left, right: terms.compare(left, right) >= 0,
    "+": _of(_number, operator.add),
    "-": _of(_number, operator.sub),
    "*": _of(_number, operator.mul),
    "/": _of(_number, operator.truediv),
    "div": _of(_integer, _div),
    "rem": _of(_integer, lambda left, right: left - _div(left, right) * right),
    "band": _of(_integer, operator.and_),
    "bor": _of(_integer, operator.or_),
    "bxor": _of(_integer, operator.xor),
    "bsl": _of(_integer, operator.lshift),
    "bsr": _of(_integer, operator.rshift),
    "and": _of(_boolean, operator.and_),
    "or": _of(_boolean, operator.or_),
    "xor": _of(_boolean, operator.xor),
}
_GUARDS: dict[tuple[Term, int], Callable[..., Term]] = {
    ("is_atom", 1): lambda term: type(term) in (str, bool),
    ("is_boolean", 1): lambda term: type(term) is bool,
    ("is_integer", 1): lambda term: type(term) is int,
    ("is_float", 1): lambda term: type(term) is float,
    ("is_number", 1): lambda term: type(term) in (int, float),
    ("is_list", 1): lambda term: isinstance(term, list | terms.Improper),
    ("is_tuple", 1): lambda term: type(term) is tuple,
    ("abs", 1): _of(_number, abs),
    ("length", 1): lambda term: len(term) if type(term) is list else _call("fail", []),
    ("tuple_size", 1): lambda term: len(term) if type(term) is tuple else _call("fail", []),
    ("hd", 1): lambda term: term[0] if type(term) is list else _call("fail", []),
    ("tl", 1): lambda term: term[1:] if type(term) is list and term else _call("fail", []),
    ("element", 2): lambda place, term: term[place - 1] if type(term) is tuple and place > 0 else _call("fail", []),
}
