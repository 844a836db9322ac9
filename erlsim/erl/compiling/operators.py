"""Operators: the common case inline, the others by a function."""

from __future__ import annotations

from collections.abc import Sequence

from erlsim.erl.compiling.emitter import SIMPLE
from erlsim.erl.reading.annotations import Node

Operands = tuple[str, str]
Known = tuple[bool, ...]

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
INLINE = frozenset({"+", "-", "*", "div", "rem", "band", "bor", "bxor", *_PYTHON, "=:=", "=/=", "==", "/="})
_IN_PLACE = {"+": "+", "-": "-", "*": "*", "band": "&", "bor": "|", "bxor": "^"}
_DIVIDING = {"div": "//", "rem": "%"}
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


def unary(operator: str, value: str, by_bifs: bool = False) -> str:
    """`-`, `+`, `bnot`, `not`; `by_bifs` as in `computed`."""
    return f"{'pos_bif' if by_bifs and operator == '+' else _UNARY[operator]}({value})"


def _ints(operands: Operands, known: Known) -> str | None:
    """The test that two operands are integers, if it can be written; the empty text if they are."""
    tests = [shown for shown, is_known in zip(operands, known, strict=True) if not is_known]
    if not all(map(SIMPLE.match, tests)):
        return None
    if len(tests) == 2 and tests[0] != tests[1]:
        return f"type({tests[0]}) is int is type({tests[1]})"
    return f"type({tests[0]}) is int" if tests else ""


def _or_else(common: str, test: str | None, other: str) -> str:
    """The common case if a test says that it is one."""
    if test is None:
        return other
    return f"({common} if {test} else {other})" if test else f"({common})"


def computed(operator: str, nodes: Sequence[Node], known: Known, operands: Operands, by_bifs: bool = False) -> str:
    """An operator that makes a new term; `known` says which operands are integers for certain.

    With `by_bifs` it stands in the stack when it fails, whatever it is applied to.
    """
    left, right = operands
    function = _COMPUTING[operator]
    if by_bifs:
        function = "div_bif" if operator == "/" else function
    elif operator == "+" and "integer" in (nodes[0][0], nodes[1][0]):
        function = "add_literal"
    elif operator == "-" and nodes[1][0] == "integer":
        function = "sub_literal"
    other = f"{function}({left}, {right})"
    if operator in _IN_PLACE:
        return _or_else(f"{left} {_IN_PLACE[operator]} {right}", _ints(operands, known), other)
    if operator in _DIVIDING and nodes[1][0] == "integer" and nodes[1][2] > 0 and SIMPLE.match(left):
        # Of no negative number both languages have the same quotients and rests.
        test = f"{left} >= 0" if known[0] else f"type({left}) is int and {left} >= 0"
        return f"({left} {_DIVIDING[operator]} {right} if {test} else {other})"
    return other


def compared(operator: str, nodes: Sequence[Node], known: Known, operands: Operands) -> str:
    """An operator that compares."""
    left, right = operands
    other = f"{COMPARING[operator]}({left}, {right})"
    if operator in _PYTHON:
        return _or_else(f"{left} {_PYTHON[operator]} {right}", _ints(operands, known), other)
    equal = operator in ("==", "=:=")
    sign = "==" if equal else "!="
    if all(known):
        return f"({left} {sign} {right})"
    for node, shown, constant in ((nodes[1], left, right), (nodes[0], right, left)):
        if node[0] == "atom" and type(node[2]) is bool and SIMPLE.match(shown) and not shown.isdigit():
            return f"({shown} is {'' if equal else 'not '}{constant})"
        if node[0] == "atom" and type(node[2]) is str:
            return f"({shown} {sign} {constant})"
        if node[0] == "nil" and SIMPLE.match(shown):
            return f"({'' if equal else 'not '}(type({shown}) is list and not {shown}))"
        if node[0] in _NUMBERS and SIMPLE.match(shown) and operator in ("=:=", "=/="):
            test = f"type({shown}) is int and {shown} == {constant}"
            return f"({test})" if equal else f"(not ({test}))"
    if operator in ("==", "/="):
        return _or_else(f"{left} {sign} {right}", _ints(operands, known), other)
    if operator == "=:=" and SIMPLE.match(left) and SIMPLE.match(right):
        return f"({left} is {right} or {left} == {right} and exact_eq({left}, {right}))"
    return other
