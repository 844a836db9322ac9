"""Scenarios from text: what one would type in Erlang's shell, step by step.

    %% Comments right above a step are its name.
    -scenario("a connection that dies is replaced").
    -python(#{pool => 'turnstile.pool:Pool'}).

    {ok, Sup} = pool_sup:start_link(2).
    exit:{noproc, _} = catch pool:checkout(nobody).
    sleep(100).

`Pattern = Call` says what is expected and gives the names of the pattern their values; `Class:Pattern = catch Call`
expects a failure. Calls without a module are steps (`sleep`, `client`, `race`, `message`, `flush`, `reports`, `tree`)
or functions of `erlang`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from erlsim import terms
from erlsim.erl import reading
from erlsim.erl.reading.terms_of import NotATerm, normalise
from erlsim.errors import ErlsimError
from erlsim.hints import nearest
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.forms.writing import SHORT
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.porting.scenarios.steps import CLASSES, SELF, Call, Expected, Module, Ms, Step, Var
from erlsim.terms import Term

HEADERS = ("scenario", "python", "elixir", "application")
# Operations as functions, with the least and the most arguments.
WORDS = {
    "sleep": (1, 1),
    "client": (1, 255),
    "race": (1, 2),
    "message": (0, 1),
    "flush": (0, 0),
    "reports": (0, 0),
    "tree": (1, 1),
    "sort": (1, 1),
}
RACE_MS = 100
MESSAGE_MS = 100


class BadScenario(ErlsimError):
    """A scenario that cannot be read: `file:line:column: what is wrong`."""


def read(source: str, path: str = "scenario", folder: Path | None = None) -> list[Scenario]:
    """The scenarios of a text; `BadScenario` with file and line if it is none."""
    return _Reader(source, path, folder).scenarios()


class _Reader:
    def __init__(self, source: str, path: str, folder: Path | None) -> None:
        self.lines = source.splitlines()
        self.scanner = reading.Scanner(source)
        self.path = path
        self.folder = folder
        self.found: list[Scenario] = []
        # What stands before the first scenario holds for all.
        self.general = Scenario("", folder=folder)

    def scenarios(self) -> list[Scenario]:
        try:
            while (tokens := self.scanner.form()) is not None:
                if tokens[0][0] == "-" and len(tokens) > 2 and tokens[1][0] == "atom":
                    self.header(tokens)
                else:
                    self.step(tokens)
        except reading.Failure as exc:
            raise BadScenario(reading.located(self.path, exc.info)) from None
        if not self.found:
            raise BadScenario(f'{self.path}: no -scenario("Name") in it')
        return self.found

    def wrong(self, node: Any, what: str) -> BadScenario:
        line, column = node[1][0], node[1][1]
        return BadScenario(f"{self.path}:{line}:{column}: {what}")

    def header(self, tokens: list[Any]) -> None:
        name = tokens[1][2]
        if name not in HEADERS:
            raise self.wrong(tokens[1], f"no header -{name}; there are {', '.join(HEADERS)}{nearest(name, HEADERS)}")
        value = reading.parse_term([*tokens[2:]])
        if name == "scenario":
            title = _text(value)
            if title is None:
                raise self.wrong(tokens[1], 'a scenario has a name: -scenario("Name").')
            general = self.general
            self.found.append(
                Scenario(
                    title,
                    python=dict(general.python),
                    elixir=dict(general.elixir),
                    applications=list(general.applications),
                    folder=self.folder,
                )
            )
            return
        target = self.found[-1] if self.found else self.general
        if name == "application":
            target.applications.append(value)
            return
        if not isinstance(value, dict) or not all(isinstance(each, str) for pair in value.items() for each in pair):
            raise self.wrong(tokens[1], f"-{name}(#{{Module => Place}}) has a map of atoms")
        getattr(target, name).update(value)

    def step(self, tokens: list[Any]) -> None:
        nodes = reading.parse_exprs(tokens)
        if len(nodes) != 1:
            raise self.wrong(nodes[1], "one step, one full stop: `,` does not belong here")
        if not self.found:
            raise self.wrong(nodes[0], 'a step stands behind -scenario("Name").')
        line = tokens[0][1][0]
        expected, node = self.expectation(nodes[0])
        self.found[-1].add(self.operation(node, expected, self.label(line), line))

    def label(self, line: int) -> str:
        """The comment right above a line."""
        found: list[str] = []
        for each in reversed(self.lines[: line - 1]):
            if not each.lstrip().startswith("%"):
                break
            found.append(each.strip().lstrip("%").strip())
        return "\n".join(reversed(found))

    def expectation(self, node: Any) -> tuple[Expected | None, Any]:
        if node[0] != "match":
            if node[0] == "catch":
                raise self.wrong(node, "`catch` stands behind what is expected: exit:Reason = catch M:F(A)")
            return None, node
        _, _, left, right = node
        if right[0] != "catch":
            return Expected("ok", self.term(left, True)), right
        if left[0] != "remote" or left[2][0] != "atom" or left[2][2] not in CLASSES:
            raise self.wrong(left, "before `= catch` stands Class:Pattern; a class is exit, error or throw")
        return Expected(left[2][2], self.term(left[3], True)), right[2]

    def operation(self, node: Any, expected: Expected | None, label: str, line: int) -> Step:
        word, arguments = self.word(node)
        given: dict[str, Any] = {"expected": expected, "label": label, "line": line}
        match word:
            case "sleep":
                return Step(ops.SLEEP, ms=self.number(arguments[0]), **given)
            case "client":
                return Step(ops.CLIENT, tuple(map(self.call, arguments)), **given)
            case "race":
                calls = tuple(map(self.call, self.items(arguments[0])))
                return Step(ops.RACE, calls, ms=self.number(arguments[1]) if arguments[1:] else RACE_MS, **given)
            case "message":
                return Step(ops.RECEIVE, ms=self.number(arguments[0]) if arguments else MESSAGE_MS, **given)
            case "flush" | "reports":
                return Step(word, **given)
            case "tree":
                return Step(ops.TREE, subject=self.term(arguments[0]), **given)
            case "sort":
                return Step(ops.CALL, (self.call(arguments[0]),), is_sorted=True, **given)
        call = self.call(node)
        if call[:2] == ("timer", "sleep") and len(call.args) == 1 and type(call.args[0]) is int:
            return Step(ops.SLEEP, ms=call.args[0], **given)
        return Step(ops.CALL, (call,), **given)

    def word(self, node: Any) -> tuple[str, list[Any]]:
        """An operation and its arguments; `""` for a call."""
        if node[0] != "call" or node[2][0] != "atom" or node[2][2] not in WORDS:
            return "", []
        name, arguments = node[2][2], node[3]
        least, most = WORDS[name]
        if not least <= len(arguments) <= most:
            raise self.wrong(node, f"{name} takes {least if least == most else f'{least} to {most}'} argument(s)")
        return name, arguments

    def call(self, node: Any) -> Call:
        if node[0] != "call":
            raise self.wrong(node, "a step is a call: Module:Function(Argument...)")
        target, arguments = node[2], tuple(self.term(each) for each in node[3])
        if target[0] == "remote" and target[2][0] == target[3][0] == "atom":
            return Call(target[2][2], target[3][2], arguments)
        if target[0] == "atom" and ("erlang", target[2]) in SHORT:
            return Call("erlang", target[2], arguments)
        name = target[2] if target[0] == "atom" else "?"
        known = [*WORDS, *(short for _, short in sorted(SHORT))]
        raise self.wrong(
            node, f"no step is called {name}; there are {', '.join(known)} and Module:Function(Argument...)"
        )

    def number(self, node: Any) -> int:
        value = self.term(node)
        if type(value) is not int or value < 0:
            raise self.wrong(node, "a number of milliseconds is wanted")
        return value

    def items(self, node: Any) -> list[Any]:
        found = []
        while node[0] == "cons":
            found.append(node[2])
            node = node[3]
        return found

    def term(self, node: Any, is_pattern: bool = False) -> Term:
        """The term or the pattern that an expression stands for."""
        match node[0]:
            case "var":
                if node[2] == "_" and not is_pattern:
                    raise self.wrong(node, "`_` has no value")
                return ... if node[2] == "_" else Var(node[2])
            case "tuple":
                return tuple(self.term(each, is_pattern) for each in node[2])
            case "cons":
                return terms.cons([self.term(node[2], is_pattern)], self.term(node[3], is_pattern))
            case "map" if len(node) == 3:
                return self.map(node, is_pattern)
            case "call" if node[2][0] == "atom" and not is_pattern:
                if node[2][2] == "self" and not node[3]:
                    return SELF
                if node[2][2] == "ms" and len(node[3]) == 1:
                    return Ms(self.number(node[3][0]))
                if node[2][2] == "module" and len(node[3]) == 1 and node[3][0][0] == "atom":
                    return Module(node[3][0][2])
            case "fun" if node[2][0] == "function" and len(node[2]) == 4:
                module, name, arity = (self.term(each) for each in node[2][1:])
                return terms.ExportedFun(module, name, arity)
        try:
            return normalise(node)
        except NotATerm:
            raise self.wrong(node, "a step's arguments are terms and names, not expressions") from None

    def map(self, node: Any, is_pattern: bool) -> Term:
        rows = []
        for _, _, key, value in node[2]:
            rows.append((self.term(key, is_pattern), self.term(value, is_pattern)))
        return terms.make_map(rows)


def _text(value: Term) -> str | None:
    """A string's or an atom's text; `None` for what is neither."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(type(each) is int for each in value):
        return "".join(map(chr, value))
    return None
