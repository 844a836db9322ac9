"""BIFs that need no call, and guards that cannot fail."""

from __future__ import annotations

from typing import Any

from erlsim.erl.compiling.declarations import CannotCompile
from erlsim.erl.compiling.operators import COMPARING, is_boolean
from erlsim.erl.reading.annotations import Node

_TYPE_TESTS = {
    "is_integer": "type({0}) is int",
    "is_float": "type({0}) is float",
    "is_number": "type({0}) in numbers",
    "is_atom": "type({0}) in atoms",
    "is_boolean": "type({0}) is bool",
    "is_list": "is_list({0})",
    "is_tuple": "type({0}) is tuple",
    "is_binary": "type({0}) is bytes",
    "is_bitstring": "type({0}) in bitstrings",
    "is_pid": "type({0}) is pid_type",
    "is_reference": "type({0}) is ref_type",
    "is_map": "is_map({0})",
}
_OPERATORS = frozenset(
    "+ - * / div rem band bor bxor bsl bsr and or xor not bnot ++ -- ! == /= =:= =/= < > =< >=".split()
)


def bif(code: Any, module: Any, name: Any, args: list[Node], env: dict[str, str]) -> str | None:
    """The Python expression of a BIF that is written in place; `None` if it is to be called."""
    if module != "erlang":
        return None
    if name in _TYPE_TESTS and len(args) == 1:
        return "(" + _TYPE_TESTS[name].format(code.expr(args[0], env)) + ")"
    if name == "is_record" and len(args) >= 2 and args[1][0] == "atom":
        return _is_record(code, args, env)
    if name == "record_info" and len(args) == 2:
        fields = code.unit.declarations.fields(args[1][2])
        return str(len(fields) + 1) if args[0][2] == "size" else repr(fields)
    if name in _OPERATORS and len(args) in (1, 2):
        shown: str = code.expr(("op", args[0][1], name, *args), env)
        return shown
    return None


def _is_record(code: Any, args: list[Node], env: dict[str, str]) -> str | None:
    value = code.simple(code.expr(args[0], env))
    name = args[1][2]
    if len(args) == 3:
        if args[2][0] != "integer":
            return None
        size = str(args[2][2])
    elif name in code.unit.declarations.records:
        size = str(len(code.unit.declarations.fields(name)) + 1)
    else:
        raise CannotCompile(f"{code.unit.where(args[1])}: record {name} undefined")
    return f"(type({value}) is tuple and len({value}) == {size} and {value}[0] == {name!r})"


def cannot_fail(node: Node) -> bool:
    """Whether evaluating a guard test has a value whatever the variables are."""
    match node:
        case ("var" | "atom" | "integer" | "char" | "nil" | "string" | "float", *_):
            return True
        case ("op", _, operator, left, right) if operator in COMPARING:
            return cannot_fail(left) and cannot_fail(right)
        case ("op", _, "andalso" | "orelse", left, right):
            return cannot_fail(left) and is_boolean(left) and cannot_fail(right)
        case ("op", _, "not", operand):
            return cannot_fail(operand) and is_boolean(operand)
        case ("op", _, "and" | "or" | "xor", left, right):
            return all(cannot_fail(each) and is_boolean(each) for each in (left, right))
        case ("tuple", _, parts):
            return all(map(cannot_fail, parts))
        case ("cons", _, head, tail):
            return cannot_fail(head) and cannot_fail(tail)
        case ("call", _, ("atom", _, name) | ("remote", _, ("atom", _, "erlang"), ("atom", _, name)), args):
            return (name in _TYPE_TESTS or name in ("self", "node", "is_record")) and all(map(cannot_fail, args))
    return False
