"""Operators: the common case inline, the others by a function."""

from __future__ import annotations

from erlsim.erl.compiling.emitter import SIMPLE
from erlsim.erl.reading.annotations import Node

_PYTHON = {"<": "<", ">": ">", "=<": "<=", ">=": ">="}
COMPARING = {
    "<": "lt",
    ">": "gt",
    "=<": "le",
    ">=": "ge",
    "==": "eq",
    "/=": "ne",
    "=:=": "exact_eq",
    "=/=": "exact_ne",
}
_COMPUTING = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div_float",
    "div": "div_int",
    "rem": "rem",
    "band": "band",
    "bor": "bor",
    "bxor": "bxor",
    "bsl": "bsl",
    "bsr": "bsr",
    "and": "and_",
    "or": "or_",
    "xor": "xor_",
    "++": "append",
    "--": "subtract",
    "!": "send",
}
# Those whose common case is written in place: their operands need names.
INLINE = frozenset({"+", "-", "*", *_PYTHON, "=:=", "=/="})
_UNARY = {"-": "neg", "+": "pos", "bnot": "bnot", "not": "not_"}
_NUMBERS = ("integer", "char")
_TESTS = frozenset(
    """is_atom is_binary is_bitstring is_boolean is_float is_function is_integer is_list is_map is_map_key is_number
    is_pid is_port is_record is_reference is_tuple""".split()
)


def is_boolean(node: Node) -> bool:
    """Whether an expression has no other values than true and false."""
    match node:
        case ("atom", _, value):
            return type(value) is bool
        case ("op", _, "not", _):
            return True
        case ("op", _, operator, _, _) if operator in COMPARING or operator in ("and", "or", "xor"):
            return True
        case ("op", _, "andalso" | "orelse", _, right):
            return is_boolean(right)
        case ("call", _, ("atom", _, name), _) | (
            "call",
            _,
            ("remote", _, ("atom", _, "erlang"), ("atom", _, name)),
            _,
        ):
            return name in _TESTS
    return False


def unary(operator: str, value: str) -> str:
    """`-`, `+`, `bnot`, `not`."""
    return f"{_UNARY[operator]}({value})"


def _ints(left_node: Node, right_node: Node, left: str, right: str) -> str | None:
    """The test that two operands are integers, if it can be written; the empty text if they are."""
    tests = []
    for node, shown in ((left_node, left), (right_node, right)):
        if node[0] not in _NUMBERS:
            if not SIMPLE.match(shown):
                return None
            tests.append(shown)
    if len(tests) == 2:
        return f"type({tests[0]}) is int is type({tests[1]})" if tests[0] != tests[1] else f"type({tests[0]}) is int"
    return f"type({tests[0]}) is int" if tests else ""


def computed(operator: str, left_node: Node, right_node: Node, left: str, right: str) -> str:
    """An operator that makes a new term."""
    function = _COMPUTING[operator]
    if operator == "+" and "integer" in (left_node[0], right_node[0]):
        function = "add_literal"
    elif operator == "-" and right_node[0] == "integer":
        function = "sub_literal"
    other = f"{function}({left}, {right})"
    if operator not in ("+", "-", "*"):
        return other
    test = _ints(left_node, right_node, left, right)
    return other if not test else f"({left} {operator} {right} if {test} else {other})"


def compared(operator: str, left_node: Node, right_node: Node, left: str, right: str) -> str:
    """An operator that compares."""
    other = f"{COMPARING[operator]}({left}, {right})"
    if operator in _PYTHON:
        test = _ints(left_node, right_node, left, right)
        return other if not test else f"({left} {_PYTHON[operator]} {right} if {test} else {other})"
    equal = operator in ("==", "=:=")
    for node, shown, constant in ((right_node, left, right), (left_node, right, left)):
        if node[0] == "atom" and type(node[2]) is bool and SIMPLE.match(shown) and not shown.isdigit():
            return f"({shown} is {'' if equal else 'not '}{constant})"
        if node[0] == "atom" and type(node[2]) is str:
            return f"({shown} {'==' if equal else '!='} {constant})"
        if node[0] == "nil" and SIMPLE.match(shown):
            return f"({'' if equal else 'not '}(type({shown}) is list and not {shown}))"
        if node[0] in _NUMBERS and SIMPLE.match(shown) and operator in ("=:=", "=/="):
            test = f"type({shown}) is int and {shown} == {constant}"
            return f"({test})" if equal else f"(not ({test}))"
    if operator == "=:=" and SIMPLE.match(left) and SIMPLE.match(right):
        return f"({left} is {right} or {left} == {right} and exact_eq({left}, {right}))"
    return other
