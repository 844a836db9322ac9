"""Patterns to conditions and bindings.

A pattern that is matched with a Python expression becomes a conjunction of tests, in order, and assignments that are
made when all tests have passed: a clause that does not match binds nothing.
"""

from __future__ import annotations

from typing import Any

from erlsim.erl.compiling.bits import Segment, elements
from erlsim.erl.compiling.declarations import CannotCompile
from erlsim.erl.compiling.emitter import SIMPLE, Env, identifier
from erlsim.erl.reading.annotations import Node


def literal(value: Any) -> str:
    """A literal of Erlang as one of Python."""
    return f"({value!r})" if type(value) in (int, float) and value < 0 else repr(value)


def same(value: str, other: str) -> str:
    """The test that two values are `=:=`. What Python finds different is."""
    return f"({value} is {other} or {value} == {other} and exact_eq({value}, {other}))"


def is_record(value: str, name: Any, size: int) -> str:
    """The test that a value is a record."""
    return f"type({value}) is tuple and len({value}) == {size} and {value}[0] == {name!r}"


def opens(node: Node) -> bool:
    """Whether a pattern takes a list apart, its tail included."""
    match node:
        case ("cons", _, _, ("var", _, "_")):
            return False
        case ("cons", *_):
            return True
        case ("match", _, left, right):
            return opens(left) or opens(right)
        case ("op", _, "++", _, _):
            return True
    return False


class Match:
    """One or several patterns that are matched together; `body` is the function that they stand in.

    `env` gets the new variables.

    With `shadow`, variables of a function around are hidden, as in the heads of funs and in generators.
    """

    def __init__(self, body: Any, env: Env, shadow: bool = False) -> None:
        self.body = body
        self.env = env
        self.shadow = shadow
        self.tests: list[str] = []
        self.bindings: list[tuple[str, str, str]] = []
        self._own: dict[str, str] = {}
        self._records: dict[str, Any] = {}

    @property
    def condition(self) -> str:
        """All tests; the empty text if it matches always."""
        return " and ".join(self.tests)

    def bind(self) -> None:
        """Emit the assignments."""
        for variable, name, value in self.bindings:
            if name != value:
                self.body.emit(f"{name} = {value}")
            if value in self._records:
                self.env.records[variable] = self._records[value]

    def match(self, node: Node, value: str) -> None:
        """Match a pattern with a value: a name, or a way to a part of what a name stands for."""
        getattr(self, "_" + node[0], self._unknown)(node, value)

    def _unknown(self, node: Node, value: str) -> None:
        raise CannotCompile(f"{self.body.unit.where(node)}: illegal pattern")

    def _named(self, value: str) -> tuple[str, str]:
        """How to write a value in the first test of it, and from then on."""
        if SIMPLE.match(value):
            return value, value
        name = self.body.temp()
        return f"({name} := {value})", name

    # ---- variables and literals

    def _var(self, node: Node, value: str) -> None:
        name = node[2]
        if name == "_":
            return
        if name in self._own:
            self.tests.append(same(value, self._own[name]))
        elif name in self.env and not self.shadow:
            self.tests.append(same(value, self.env[name]))
        else:
            own = identifier(name)
            if self.shadow and name in self.env:
                own = self.body.temp(own + "_")
            self.bindings.append((name, own, value))
            self._own[name] = value
            self.env.bind(name, own)

    def _atom(self, node: Node, value: str) -> None:
        if type(node[2]) is bool:
            self.tests.append(f"{value} is {node[2]}")
        else:
            self.tests.append(f"{value} == {node[2]!r}")

    def _integer(self, node: Node, value: str) -> None:
        self._number(node[2], "int", value)

    _char = _integer

    def _float(self, node: Node, value: str) -> None:
        self._number(node[2], "float", value)

    def _number(self, number: Any, kind: str, value: str) -> None:
        once, again = self._named(value)
        self.tests.append(f"{once} == {literal(number)} and type({again}) is {kind}")

    def _nil(self, node: Node, value: str) -> None:
        if value in self.body.opened:
            self.tests.append(f"not {self.body.opened[value]} and type({value}) is list")
            return
        once, again = self._named(value)
        self.tests.append(f"type({once}) is list and not {again}")

    def _string(self, node: Node, value: str) -> None:
        if node[2]:
            self.tests.append(f"exact_eq({value}, {node[2]!r})")
        else:
            self._nil(node, value)

    def _op(self, node: Node, value: str) -> None:
        if node[2] == "++" and len(node) == 5:
            self._prefix(node, value)
            return
        number = constant(node)
        if number is None:
            self._unknown(node, value)
        self._number(number, type(number).__name__, value)

    def _prefix(self, node: Node, value: str) -> None:
        """`"abc" ++ Rest`."""
        codes = literal_items(node[3])
        if codes is None:
            self._unknown(node, value)
        tail = node[4]
        for code in reversed(codes or []):
            tail = ("cons", node[1], ("integer", node[1], code), tail)
        self.match(tail, value)

    # ---- what has parts

    def _tuple(self, node: Node, value: str) -> None:
        once, again = self._named(value)
        self.tests.append(f"type({once}) is tuple and len({again}) == {len(node[2])}")
        for place, part in enumerate(node[2]):
            self.match(part, f"{again}[{place}]")

    def _cons(self, node: Node, value: str) -> None:
        is_whole = node[3][0] != "var" or node[3][2] != "_"
        if value in self.body.opened:
            cell = value
            self.tests.append(self.body.opened[value])
        else:
            once, again = self._named(value)
            cell = self.body.temp("c")
            taken = "cells" if is_whole else "first"
            self.tests.append(f"(type({cell} := {once}) is cell or ({cell} := {taken}({again})) is not None)")
        self.match(node[2], f"{cell}.head")
        if is_whole:
            self.match(node[3], f"{cell}.tail")

    def _match(self, node: Node, value: str) -> None:
        self.match(node[2], value)
        self.match(node[3], value)

    def _record(self, node: Node, value: str) -> None:
        names = self.body.unit.declarations.fields(node[2])
        once, again = self._named(value)
        size = len(names) + 1
        self.tests.append(f"type({once}) is tuple and len({again}) == {size} and {again}[0] == {node[2]!r}")
        self._records[value] = node[2]
        given = {field[2][2] for field in node[3] if field[2][0] == "atom"}
        for field in node[3]:
            if field[2][0] == "atom":
                self.match(field[3], f"{again}[{self.body.unit.field(field, node[2], field[2][2])}]")
            else:
                for place, name in enumerate(names):
                    if name not in given:
                        self.match(field[3], f"{again}[{place + 1}]")

    def _record_index(self, node: Node, value: str) -> None:
        self._number(self.body.unit.field(node, node[2], node[3][2]) + 1, "int", value)

    def _map(self, node: Node, value: str) -> None:
        once, again = self._named(value)
        self.tests.append(f"is_map({once})")
        for _, _, key, part in node[2]:
            name = self.body.temp()
            shown = self.body.expr(key, self._bound_so_far())
            self.tests.append(f"({name} := map_find({shown}, {again})) is not absent")
            self.match(part, name)

    def _bound_so_far(self) -> Env:
        """The variables, with where those of this pattern are as long as they are not bound."""
        return Env({**self.env, **self._own})

    # ---- bitstrings

    def _bin(self, node: Node, value: str) -> None:
        reader = self.body.temp("b")
        self.tests.append(f"({reader} := bits_reader({value})) is not None")
        self.segments(node, reader)
        self.tests.append(f"{reader}.end()")

    def segments(self, node: Node, reader: str) -> None:
        """Match the segments of a bitstring with what a reader has next."""
        for element in elements(node):
            segment = Segment(element)
            if segment.is_text:
                self.tests.append(f"{reader}.take({segment.bytes!r})")
                continue
            count = segment.count(self.body, self._bound_so_far())
            name = self.body.temp()
            self.tests.append(f"({name} := {reader}.{segment.read(count)}) is not None")
            self.match(element[2], name)


def constant(node: Node) -> Any:
    """The number that an arithmetic expression of literals stands for, else `None`."""
    match node:
        case ("integer" | "char" | "float", _, value):
            return value
        case ("op", _, operator, operand) if operator in _UNARY:
            value = constant(operand)
            return None if value is None else _UNARY[operator](value)
        case ("op", _, operator, left, right) if operator in _BINARY:
            one, other = constant(left), constant(right)
            return None if one is None or other is None else _BINARY[operator](one, other)
    return None


_UNARY: dict[str, Any] = {"-": lambda value: -value, "+": lambda value: value, "bnot": lambda value: ~value}
_BINARY: dict[str, Any] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "div": lambda left, right: abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1),
    "rem": lambda left, right: abs(left) % abs(right) * (-1 if left < 0 else 1),
    "band": lambda left, right: left & right,
    "bor": lambda left, right: left | right,
    "bxor": lambda left, right: left ^ right,
    "bsl": lambda left, right: left << right,
    "bsr": lambda left, right: left >> right,
}


def literal_items(node: Node) -> list[int] | None:
    """The elements of a literal list of integers, else `None`."""
    if node[0] == "string":
        return list(node[2])
    found: list[int] = []
    while node[0] == "cons" and node[2][0] in ("integer", "char"):
        found.append(node[2][2])
        node = node[3]
    if node[0] == "string":
        return found + list(node[2])
    return found if node[0] == "nil" else None
