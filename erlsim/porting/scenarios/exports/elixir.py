"""Scenarios as tests in Elixir: a case of ExUnit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from erlsim import terms
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.exports.expected import Bind, Check, Names, Open
from erlsim.porting.scenarios.exports.layout import Doc, Group, Layout, flat, group, pair
from erlsim.porting.scenarios.exports.parts import function_name, needed_parts, unseen
from erlsim.porting.scenarios.steps import Call, Module, Ms, Self, Var

LAYOUT = Layout(98, 2, hangs=True)
BODY = 4
KIT = Path(__file__).with_name("kit.ex.txt")
CATCHES = {"exit": "catch_exit", "error": "catch_error", "throw": "catch_throw"}
_PLAIN = re.compile(r"[a-zA-Z_][a-zA-Z0-9_@]*[?!]?")
_MODULE = re.compile(r"Elixir((?:\.[A-Z][a-zA-Z0-9_]*)+)")
# Words of the language that cannot be names.
_RESERVED = frozenset("after and catch do else end false fn in nil not or rescue true when".split())

Tests = list[tuple[str, list[Check], Names]]


def atom(name: str) -> str:
    """An atom in Elixir's notation: `:ok`, `Pool`."""
    module = _MODULE.fullmatch(name)
    if module is not None:
        return module[1][1:]
    if name in ("true", "false", "nil"):
        return name
    return f":{name}" if _PLAIN.fullmatch(name) else f':"{_escaped(name)}"'


def variable(name: str) -> str:
    """A name of the scenario as one of Elixir's."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("@", "_")
    return f"{words}_" if words in _RESERVED else words


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("#{", "\\#{").replace("\n", "\\n")


class Writer:
    """Terms, patterns and calls of one test."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.kept = set(names.pids) if len(names.pids) > 1 else set()
        self.known: set[str] = set()

    def term(self, value: Any) -> Doc:
        """An argument."""
        match value:
            case Var(name=name):
                return variable(name)
            case Ms(ms=ms):
                return f"scaled({ms})"
            case Self():
                return "self()"
            case Module(name=name):
                return atom(name)
        return self._compound(value, self.term)

    def pattern(self, value: Any) -> Doc:
        """A pattern that binds what is new in it; what is known is pinned."""
        if isinstance(value, Open):
            return "_"
        if not isinstance(value, Bind):
            return self._compound(value, self.pattern)
        if self.names.uses[value.name] < 2 and value.name not in self.kept:
            return "_" if value.inner is None else self.pattern(value.inner)
        if value.name in self.known:
            return f"^{variable(value.name)}"
        self.known.add(value.name)
        return variable(value.name) if value.inner is None else self._alias(value)

    def _alias(self, value: Bind) -> Doc:
        return pair(variable(value.name), " = ", self.pattern(value.inner))

    def guessed(self, value: Any) -> Doc:
        """The same for a place where nothing may be bound."""
        if isinstance(value, Open):
            return "_"
        if not isinstance(value, Bind):
            return self._compound(value, self.guessed)
        if value.name in self.known:
            return f"^{variable(value.name)}"
        return "_" if value.inner is None else self.guessed(value.inner)

    def _compound(self, value: Any, inner: Callable[[Any], Doc]) -> Doc:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            return atom(value)
        if isinstance(value, tuple):
            return group("{", [inner(each) for each in value], "}")
        if isinstance(value, list):
            return group("[", [inner(each) for each in value], "]")
        if isinstance(value, bytes):
            return _binary(value)
        if isinstance(value, terms.Improper):
            return f"[{', '.join(flat(inner(each)) for each in value.items)} | {flat(inner(value.tail))}]"
        if isinstance(value, dict | terms.TermMap):
            rows = [pair(flat(self.term(key)), " => ", inner(each)) for key, each in value.items()]
            return group("%{", rows, "}")
        if isinstance(value, terms.ExportedFun):
            return f"&{atom(value.module)}.{value.name}/{value.arity}"
        return repr(value)

    def call(self, each: Call) -> Group:
        """A call of a module's function."""
        name = each.function if _PLAIN.fullmatch(each.function) else f'"{_escaped(each.function)}"'
        return group(f"{atom(each.module)}.{name}(", list(map(self.term, each.args)), ")")


def _binary(value: bytes) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() and (text or not value):
        return f'"{_escaped(text)}"'
    return f"<<{', '.join(map(str, value))}>>"


def _fun(made: Doc) -> Doc:
    return Group("fn -> ", (made,), " end")


def statements(check: Check, writer: Writer) -> Iterator[Doc]:
    """What a step does."""
    step = check.step
    match step.op:
        case ops.SLEEP:
            yield f"Process.sleep(scaled({step.ms}))"
        case ops.REPORTS:
            yield "# What is reported here is not looked at."
        case ops.CALL:
            yield _call(check, writer)
        case ops.CLIENT:
            funs = [_fun(writer.call(each)) for each in step.calls]
            yield pair(writer.pattern(check.pattern), " = ", group("client([", funs, "])"))
        case ops.RACE:
            funs = [_fun(writer.call(each)) for each in step.calls]
            race = group("race(", [group("[", funs, "]"), f"scaled({step.ms})"], ")")
            yield pair(writer.pattern(check.pattern), " = ", race)
        case ops.RECEIVE:
            yield _receive(check.pattern, step.ms, writer)
        case ops.FLUSH:
            messages = check.pattern if isinstance(check.pattern, list) else []
            for message in messages:
                yield _receive(message, 0, writer)
            left = [] if isinstance(check.pattern, list) else check.pattern
            yield pair(writer.pattern(left), " = ", "flush()")
        case ops.TREE:
            tree = group("tree(", [writer.term(step.subject)], ")")
            tree = group("by_ids(", [tree], ")") if check.is_by_ids else tree
            yield pair(writer.pattern(check.pattern), " = ", tree)
    if step.op not in (ops.SLEEP, ops.REPORTS):
        yield "settle()"


def _call(check: Check, writer: Writer) -> Doc:
    made: Doc = writer.call(check.step.calls[0])
    if check.step.is_sorted:
        made = group("Enum.sort(", [made], ")")
    if check.kind != "ok":
        return pair(writer.guessed(check.pattern), " = ", group(f"{CATCHES[check.kind]}(", [made], ")"))
    if check.ms:
        made = group("took(", [str(check.ms), _fun(made)], ")")
    return pair(writer.pattern(check.pattern), " = ", made)


def _receive(message: Any, ms: int, writer: Writer) -> Doc:
    if message == "timeout":
        return f"refute_receive _, scaled({ms})"
    pattern, waits = flat(writer.pattern(message)), f"scaled({ms}) + @late_ms" if ms else "@late_ms"
    line = f"assert_receive {pattern}, {waits}"
    # As the formatter breaks a call without parentheses.
    return line if BODY + len(line) <= LAYOUT.width else f"assert_receive {pattern},\n{' ' * 19}{waits}"


def body(checks: list[Check], names: Names) -> list[str]:
    """The lines of a test's function, between `do` and `end`."""
    writer = Writer(names)
    found: list[str] = []
    for check in checks:
        label = "".join(f": {line}" for line in check.step.label.splitlines()[:1])
        found.append(f"{' ' * BODY}# {check.number + 1}{label}")
        for doc in statements(check, writer):
            line = " " * BODY + "assert " + flat(doc)
            is_match = isinstance(doc, Group) and doc.sign == " = "
            binds_only = is_match and not any(each in flat(doc) for each in "{[%") and "^" not in flat(doc)
            fits = is_match and not binds_only and len(line) <= LAYOUT.width
            lines = [line] if fits else [part for each in LAYOUT.lines(doc, BODY) for part in each.split("\n")]
            # The formatter wants what has several lines to stand alone.
            found += [*lines, ""] if len(lines) > 1 else lines
        found += [""] if found[-1] else []
    pids = [variable(name) for name in names.pids if name in writer.known]
    if writer.kept and pids:
        lines = LAYOUT.lines(group("distinct(", [group("[", pids, "]")], ")"), BODY)
        found += [" " * BODY + "# Each name is a process of its own", *lines]
    return found[:-1] if found[-1:] == [""] else found


def exunit(name: str, tests: Tests) -> str:
    """A case of ExUnit."""
    module = "".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", name))
    found = []
    for title, checks, names in tests:
        function = function_name(title)
        found += [f'  test "{_escaped(title)}" do', f"    run(fn -> {function}() end)", "  end", ""]
        found += [f"  defp {function} do", *body(checks, names), "  end", ""]
    text = "\n".join(found)
    rest = f"{text}\n{needed_parts(KIT, text, '  ', 'defp ')}end\n"
    title, *head = _HEAD.format(module=module).splitlines(keepends=True)
    head = [title, *(f"{line}\n" for line in unseen(tests, "#")), *head]
    # The compiler warns of an attribute that nothing uses.
    return "".join(line for line in head if not (set_ := _SETTING.match(line)) or set_[1] in rest) + rest


_SETTING = re.compile(r"  (@\w+_ms|@scale) \d+$")


_HEAD = """\
# Scenarios of the prototype as tests of ExUnit, written by erlsim. They stand alone.
defmodule {module}ScenarioTest do
  use ExUnit.Case, async: false

  # All times are those of the prototype, in virtual time. In real time they are so many times as
  # long, and a step may be late by @late_ms: on a machine that is slow or busy both may be larger.
  @scale 1
  @late_ms 100
  @early_ms 5
  @settle_ms 6

  @moduletag timeout: 300_000

"""
