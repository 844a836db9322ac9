"""Scenarios as text: each step as what one would type in Erlang's shell."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from erlsim import terms
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.porting.scenarios.steps import Call, Module, Ms, Self, Step, Var
from erlsim.terms import Term

WIDTH = 100
_VARIABLE = re.compile(r"_|[A-Z_][A-Za-z0-9_@]*")
Leaf = Callable[[Any], "str | None"]


def in_erlang(term: Any, leaf: Leaf = lambda _: None, arrow: str = "=>") -> str:
    """A term, or a pattern with `:=` as the `arrow` of its maps, in Erlang's notation; `leaf` may write its parts."""
    text = leaf(term)
    if text is not None:
        return text

    def inner(items: Any) -> str:
        return ", ".join(in_erlang(each, leaf, arrow) for each in items)

    if term is ...:
        return "_"
    if isinstance(term, Var):
        return term.name
    if isinstance(term, Ms):
        return f"ms({term.ms})"
    if isinstance(term, Module):
        return f"module({atom(term.name)})"
    if isinstance(term, Self):
        return "self()"
    if isinstance(term, tuple):
        return "{" + inner(term) + "}"
    if isinstance(term, list):
        return quoted(term) or f"[{inner(term)}]"
    if isinstance(term, terms.Improper):
        return f"[{inner(term.items)} | {in_erlang(term.tail, leaf, arrow)}]"
    if isinstance(term, dict | terms.TermMap):
        rows = [f"{in_erlang(name, leaf)} {arrow} {in_erlang(value, leaf, arrow)}" for name, value in term.items()]
        return "#{" + ", ".join(rows) + "}"
    return terms.format("~0tp", [term])


def quoted(items: list[Any]) -> str:
    """A list of printable characters as Erlang's string; `""` if it is none."""
    if len(items) < 2 or not all(type(each) is int and 32 <= each < 127 for each in items):
        return ""
    return '"' + "".join(map(chr, items)).replace("\\", "\\\\").replace('"', '\\"') + '"'


def atom(name: str) -> str:
    """An atom in Erlang's notation."""
    return terms.format("~tw", [name])


def call_text(call: Call, leaf: Leaf = lambda _: None) -> str:
    """`module:function(args)`; what the compiler knows as its own stands without a module."""
    args = ", ".join(in_erlang(each, leaf) for each in call.args)
    module = "" if (call.module, call.function) in SHORT else f"{atom(call.module)}:"
    return f"{module}{atom(call.function)}({args})"


# Written without a module, and read so.
SHORT = {("erlang", name) for name in ("exit", "is_process_alive", "whereis", "registered", "send", "unlink", "link")}
SHORT |= {("erlang", name) for name in ("monitor", "demonitor", "register", "unregister")}


def step_text(step: Step) -> str:
    """A step without its full stop: `{ok, P} = pool:start_link(2)`."""
    body = _body(step)
    if step.expected is None:
        return body
    pattern = in_erlang(step.expected.pattern, arrow=":=")
    if step.expected.kind == "ok":
        return f"{pattern} = {body}"
    return f"{step.expected.kind}:{pattern} = catch {body}"


def _body(step: Step) -> str:
    match step.op:
        case ops.CALL:
            call = call_text(step.calls[0])
            return f"sort({call})" if step.is_sorted else call
        case ops.CLIENT:
            return f"client({', '.join(map(call_text, step.calls))})"
        case ops.RACE:
            return f"race([{', '.join(map(call_text, step.calls))}], {step.ms})"
        case ops.RECEIVE:
            return f"message({step.ms})"
        case ops.TREE:
            return f"tree({in_erlang(step.subject)})"
        case ops.SLEEP:
            return f"sleep({step.ms})"
    return f"{step.op}()"


def text(scenario: Scenario) -> str:
    """A scenario as the text that `read` reads."""
    lines = [f"-scenario({in_erlang(terms.chars(scenario.name))})."]
    for key, given in (("python", scenario.python), ("elixir", scenario.elixir)):
        known = {name: place for name, place in given.items() if isinstance(place, str)}
        if known:
            lines.append(f"-{key}({in_erlang(known)}).")
    lines += [f"-application({in_erlang(each)})." for each in scenario.applications]
    lines.append("")
    for step in scenario.steps:
        lines += [f"%% {line}" for line in step.label.splitlines()]
        lines.append(step_text(step) + ".")
    return "\n".join(lines) + "\n"


def is_variable(name: str) -> bool:
    """Whether a name is one of Erlang's variables."""
    return _VARIABLE.fullmatch(name) is not None


def constant(term: Term) -> bool:
    """Whether a term has no names in it."""
    return not any(isinstance(each, Var | Self | Ms | Module) or each is ... for each in ops.walk(term))
