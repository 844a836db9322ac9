"""A scenario as Erlang and as Python: what one would type into either shell.

Names of steps' values are Erlang variables on the left, each with a number of its own when it is bound again, and
Python variables on the right. The twins of `tests/golden/twins` stand for the modules that begin with `scn_`.
"""

from __future__ import annotations

import importlib
import inspect
import keyword
from collections.abc import Callable
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from erlsim import terms
from tests.golden import arguments, show

Tree = Any
Scenario = dict[str, Any]
Path = list[Tree]

PLACES = {
    name: f"erlsim.otp.{name}"
    for name in ("gen_server", "gen_statem", "gen_event", "supervisor", "sys", "proc_lib", "lists")
}
PLACES |= {name: f"erlsim.{name}" for name in ("erlang", "ets", "timer", "io")}
PLACES |= {"director": "director", "gen_tracker": "gen_tracker"}


class Erlang:
    """Steps in Erlang's words."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def line(self, step: dict[str, Any]) -> str:
        """A step as an expression with its full stop."""
        match step["op"]:
            case "spawn":
                text = f"scn_proc:start({step['program']})"
            case "sleep":
                return f"timer:sleep({step['ms']})."
            case "until":
                return f"timer:sleep(max(0, scn_prog:at({step['ms']}) - erlang:monotonic_time(millisecond)))."
            case "flush":
                return "timer:sleep(6), c:flush()."
            case "format":
                return f"io_lib:format({self.term(_chars(step['directive']))}, [{self.term(step['term'])}])."
            case "reports" | "texts" | "io" as op:
                return f"%% look at the {op}"
            case op:
                call = f"{_atom(step['module'])}:{_atom(step['function'])}({self._list(step['args'])})"
                text = f"lists:sort({call})" if op in ("calls", "nows") else call
        return f"{self._bind(step['bind'])}{text}."

    def term(self, tree: Tree) -> str:
        """An argument."""
        match tree:
            case {"v": name, **rest}:
                return self._dug(self._variable(name), rest.get("path", []))
            case {"self": _}:
                return "self()"
            case {"plan": name}:
                return f"scn_funs:get({name})"
            case {"t": items}:
                return "{" + self._list(items) + "}"
            case {"m": rows}:
                return "#{" + ", ".join(f"{self.term(name)} => {self.term(value)}" for name, value in rows) + "}"
            case {"imp": [items, tail]}:
                return f"[{self._list(items)} | {self.term(tail)}]"
            case list():
                return _string(tree) or f"[{self._list(tree)}]"
        return terms.format("~0tp", [_constant(tree)])

    def _list(self, items: list[Tree]) -> str:
        return ", ".join(map(self.term, items))

    def _dug(self, text: str, path: Path) -> str:
        for step in path:
            text = f"element({step}, {text})" if isinstance(step, int) else f"maps:get({self.term(step)}, {text})"
        return text

    def _bind(self, name: str) -> str:
        if name == "_":
            return ""
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return f"{self._variable(name)} = "

    def _variable(self, name: str) -> str:
        number = self._numbers.get(name, 1)
        return name[0].upper() + name[1:] + (f"_{number}" if number > 1 else "")


class Python:
    """Steps in Python's words."""

    def line(self, step: dict[str, Any]) -> str:
        """A step as a statement."""
        match step["op"]:
            case "spawn":
                text = f"scn_proc.start({step['program']!r})"
            case "sleep":
                return f"await timer.sleep({step['ms']})"
            case "until":
                return f"await timer.sleep(max(0, scn_prog.at({step['ms']}) - erlang.monotonic_time('millisecond')))"
            case "flush":
                return "await timer.sleep(6); await flush()"
            case "format":
                return f"terms.format({step['directive']!r}, [{self.term(step['term'])}])"
            case "reports" | "texts" | "io" as op:
                return f"# look at the {op}"
            case op:
                call = self._call(step["module"], step["function"], self._list(step["args"]))
                text = f"terms.sort({call})" if op in ("calls", "nows") else call
        return text if step["bind"] == "_" else f"{step['bind']} = {text}"

    def term(self, tree: Tree) -> str:
        """An argument."""
        match tree:
            case {"v": name, **rest}:
                return name + "".join(self._index(each) for each in rest.get("path", []))
            case {"self": _}:
                return "erlang.self()"
            case {"plan": name}:
                return f"scn_funs.get({name!r})"
            case {"t": items}:
                return f"({self._list(items)},)" if len(items) == 1 else f"({self._list(items)})"
            case {"m": rows}:
                return self._map(rows)
            case {"imp": [items, tail]}:
                return f"terms.cons([{self._list(items)}], {self.term(tail)})"
            case list():
                return f"terms.chars({_text(tree)!r})" if _string(tree) else f"[{self._list(tree)}]"
            case {"bits": _}:
                return f"terms.parse({terms.format('~tw', [_constant(tree)])!r})"
        return repr(_constant(tree))

    def _map(self, rows: list[list[Tree]]) -> str:
        if all(isinstance(name, dict) and ("a" in name or "b" in name) for name, _ in rows):
            return "{" + ", ".join(f"{self.term(name)}: {self.term(value)}" for name, value in rows) + "}"
        # Keys that a dictionary would take for one another, or cannot have.
        return "terms.make_map([" + ", ".join(f"({self.term(name)}, {self.term(value)})" for name, value in rows) + "])"

    def _list(self, items: list[Tree]) -> str:
        return ", ".join(map(self.term, items))

    def _index(self, step: Tree) -> str:
        return f"[{step - 1}]" if isinstance(step, int) else f"[{self.term(step)}]"

    def _call(self, module: str, function: str, args: str) -> str:
        function = f"{function}_" if keyword.iskeyword(function) else function
        target = getattr(_module(module), function, None)
        if not callable(target):
            if module.startswith("scn_"):
                return f"await {module}.{function}({args})"
            return f"await code.call({module!r}, {function!r}, [{args}])"
        return f"{'await ' if inspect.iscoroutinefunction(target) else ''}{module}.{function}({args})"


def _module(name: str) -> Any:
    return importlib.import_module(PLACES[name]) if name in PLACES else None


def _constant(tree: Tree) -> terms.Term:
    return arguments.decode(tree, {}, _nobody, _nobody)


def _nobody(*_: Any) -> Any:
    raise AssertionError("not a constant")


def _atom(name: str) -> str:
    return terms.format("~tw", [name])


def _chars(text: str) -> list[int]:
    return [ord(each) for each in text]


def _text(codes: list[int]) -> str:
    return "".join(map(chr, codes))


def _string(items: list[Tree]) -> str:
    """A list of printable characters as Erlang's string; `""` if it is none."""
    if len(items) < 2 or not all(type(each) is int and 32 <= each < 127 for each in items):
        return ""
    return '"' + _text(items).replace("\\", "\\\\").replace('"', '\\"') + '"'


def rows(scenario: Scenario) -> list[tuple[str, str]]:
    """Each step in Erlang and in Python."""
    erlang, python = Erlang(), Python()
    return [(erlang.line(each), python.line(each)) for each in scenario["steps"]]


def show_rows(scenario: Scenario, console: Console) -> None:
    """Print the steps side by side."""
    table = Table("Erlang", "Python", expand=True, show_lines=True)
    table.columns[0].ratio = table.columns[1].ratio = 1
    for left, right in rows(scenario):
        table.add_row(Text(left, overflow="fold"), Text(right, overflow="fold"))
    console.print(table)


def show_difference(otp: Tree, ours: Tree, tell: Callable[[str], None] = click.echo) -> None:
    """Print what each side observed where they differ first."""
    tell("What the last of these steps shows (- OTP, + here):")
    for line in show.difference(otp, ours):
        tell("  " + line)
