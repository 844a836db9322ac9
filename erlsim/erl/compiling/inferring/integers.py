"""Which functions have integers as values whenever they return: arithmetic on these needs no test.

All are taken to be such, until one is found with a clause that may end with something else; what relies on it falls,
too. A call that returns has come to an end somewhere, so a function whose clauses end with integers or with calls of
such functions does so with an integer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from erlsim.erl.compiling.declarations import Declarations, FunctionName
from erlsim.erl.reading.annotations import Node

_ALWAYS = frozenset({"div", "rem", "band", "bor", "bxor", "bsl", "bsr", "bnot"})
_OF_INTEGERS = frozenset({"+", "-", "*"})
_BIFS = frozenset(
    """length size byte_size bit_size tuple_size map_size round trunc ceil floor
    list_to_integer binary_to_integer""".split()
)


class Integers:
    """The functions of a module whose values are integers."""

    def __init__(self, declarations: Declarations) -> None:
        """Find them."""
        self._functions = declarations.functions
        self._imports = declarations.imports
        self._module = declarations.name
        self.functions: set[FunctionName] = set(declarations.functions)
        while fallen := [each for each in declarations.functions if each in self.functions and not self._returns(each)]:
            self.functions.difference_update(fallen)

    def _returns(self, name: FunctionName) -> bool:
        return all(self._ends(clause[4], guarded(clause[3])) for clause in self._functions[name][4])

    def _ends(self, body: list[Node], known: set[str]) -> bool:
        """Whether the value of a body is an integer; `known` are variables that are."""
        last = body[-1]
        if last[0] not in _MAY_BE:
            return False
        for node in body[:-1]:
            if node[0] == "match" and node[2][0] == "var" and self.has(node[3], known):
                known.add(node[2][2])
        return self.has(last, known)

    def has(self, node: Node, known: Collection[str]) -> bool:
        """Whether the value of an expression is an integer if it has one; `known` are variables that are."""
        match node:
            case ("integer" | "char", *_):
                return True
            case ("var", _, name):
                return name in known
            case ("op", _, operator, *operands):
                return operator in _ALWAYS or (
                    operator in _OF_INTEGERS and all(self.has(each, known) for each in operands)
                )
            case ("call", _, function, args):
                return self._call(function, len(args))
            case ("match", _, _, right):
                return self.has(right, known)
            case ("block", _, body):
                return self._ends(body, set(known))
            case ("case", _, _, clauses) | ("if", _, clauses):
                return all(self._ends(clause[4], {*known, *guarded(clause[3])}) for clause in clauses)
        return False

    def _call(self, function: Node, arity: int) -> bool:
        match function:
            case ("atom", _, name) if (name, arity) in self._functions:
                return (name, arity) in self.functions
            case ("atom", _, name) if (name, arity) in self._imports:
                return False
            case ("atom", _, name) | ("remote", _, ("atom", _, "erlang"), ("atom", _, name)):
                return arity == 1 and name in _BIFS
        return False


_MAY_BE = frozenset({"integer", "char", "var", "op", "call", "match", "block", "case", "if"})


def guarded(alternatives: Iterable[list[Node]]) -> set[str]:
    """The variables that a guard lets through as integers only."""
    found: set[str] = set()
    for number, tests in enumerate(alternatives):
        here = {name for test in tests if (name := _tested(test)) is not None}
        found = found & here if number else here
    return found


def _tested(test: Any) -> str | None:
    match test:
        case (
            "call",
            _,
            ("atom", _, "is_integer") | ("remote", _, ("atom", _, "erlang"), ("atom", _, "is_integer")),
            [("var", _, name)],
        ):
            return str(name)
    return None
