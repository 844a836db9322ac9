"""Expressions that are typed in, as functions: their variables come in as arguments and go out beside the value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from erlsim.erl import reading
from erlsim.erl.linting.findings import Findings
from erlsim.erl.linting.scopes import Binding, Scope, Variable
from erlsim.erl.linting.variables import Variables
from erlsim.erl.reading.annotations import Node, Token

MODULE = "erlsim_shell"
PLACE = (1, 1)


class Wrong(Exception):
    """What was typed in is no expression: the text says why, as the shell does."""


def first_form(text: str, is_all: bool) -> tuple[list[Token] | Wrong | None, str]:
    """The tokens of the first expression of a text, or what is wrong with them, and the text behind it.

    No tokens if there is nothing but spaces and comments; `None` if the dot is still to come. If the text `is_all`
    that there will be, a dot that is missing at its end is added.
    """
    scanner = reading.Scanner(text)
    try:
        found = scanner.form() or []
    except reading.Failure as failure:
        if "unterminated" in reading.format_error(failure.info) and not is_all:
            return None, text
        return Wrong(_told(failure)), scanner.left
    if found and found[-1][0] != "dot":
        return (None, text) if not is_all else ([*found, ("dot", found[-1][1])], "")
    return found, scanner.left


def parsed(tokens: list[Token]) -> list[Node]:
    """The expressions that tokens stand for."""
    try:
        return reading.parse_exprs(tokens)
    except reading.Failure as failure:
        raise Wrong(_told(failure)) from None


def _told(failure: reading.Failure) -> str:
    line, column = failure.info[0]
    return f"* {line}:{column}: {reading.format_error(failure.info)}"


def module_forms(expressions: list[Node], bound: Sequence[str], records: list[Node]) -> list[Node]:
    """A module with one function: of the variables that are bound, it gives `{Value, [{Name, Value}]}`."""
    names = _names_after(expressions, bound)
    body = [("match", PLACE, ("var", PLACE, "Erlsim__V"), ("block", PLACE, expressions))]
    pairs: Node = ("nil", PLACE)
    for name in reversed(names):
        pairs = ("cons", PLACE, ("tuple", PLACE, [("atom", PLACE, name), ("var", PLACE, name)]), pairs)
    result = ("tuple", PLACE, [("var", PLACE, "Erlsim__V"), pairs])
    clause: Node = ("clause", PLACE, [("var", PLACE, name) for name in bound], [], [*body, result])
    return [
        ("attribute", PLACE, "file", ([ord(char) for char in "shell"], 1)),
        ("attribute", PLACE, "module", MODULE),
        ("attribute", PLACE, "export", [("value", len(bound))]),
        *records,
        ("function", PLACE, "value", len(bound), [clause]),
        ("eof", PLACE),
    ]


def _names_after(expressions: list[Node], bound: Sequence[str]) -> list[str]:
    """The variables that are bound behind the expressions; raises `Wrong` for one that is not."""
    findings = Findings("shell")
    scope: Scope = {name: Variable((Binding(name, PLACE),)) for name in bound}
    after = Variables(findings, lambda node, inner: None).body(expressions, scope)
    for each in findings.errors():
        raise Wrong(f"* {each.place[0]}:{each.place[1]}: {each.text}")
    return sorted(name for name, variable in after.items() if variable.unsafe is None)


def local_call(expressions: list[Node]) -> tuple[Any, list[Node]] | None:
    """The name and the arguments, if there is but one expression, and that is a call of a function without a module."""
    match expressions:
        case [("call", _, ("atom", _, name), args)]:
            return name, args
    return None


def calls_of_commands(node: Any, known: frozenset[tuple[str, int]]) -> list[tuple[Any, int]]:
    """The functions without a module that are called and are no BIFs."""
    found = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if type(each) is tuple and len(each) == 4 and each[0] == "call" and each[2][0] == "atom":
            name = (each[2][2], len(each[3]))
            if name not in known:
                found.append(name)
        if type(each) in (tuple, list):
            waiting += reversed(each)
    return found
