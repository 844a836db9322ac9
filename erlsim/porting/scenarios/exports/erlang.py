"""Scenarios as tests in Erlang: a module of EUnit, a suite of Common Test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

from erlsim import terms
from erlsim.otp import erl_internal
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.exports.expected import Bind, Check, Names, Open, bound
from erlsim.porting.scenarios.exports.layout import Doc, Group, Layout, flat, group, pair
from erlsim.porting.scenarios.exports.parts import function_name, needed_parts, unseen
from erlsim.porting.scenarios.forms.writing import atom, quoted
from erlsim.porting.scenarios.steps import Call, Module, Ms, Self, Var

LAYOUT = Layout(100, 4)
BODY = 4
KIT = Path(__file__).with_name("kit.erl.txt")
MACROS = {"exit": "?assertExit", "error": "?assertError", "throw": "?assertThrow"}


def term(value: Any) -> Doc:
    """An argument."""
    match value:
        case Var(name=name):
            return name
        case Ms(ms=ms):
            return f"scaled({ms})"
        case Self():
            return "self()"
        case Module(name=name):
            return atom(name)
    return _compound(value, term, " => ")


class Patterns:
    """Patterns, in the order in which they stand in a test: a name that nobody else uses is `_`."""

    def __init__(self, names: Names, is_distinct: bool) -> None:
        self.names = names
        self.kept = set(names.pids) if is_distinct else set()
        self.known: set[str] = set()

    def pattern(self, value: Any) -> Doc:
        """A pattern that binds what is new in it."""
        if isinstance(value, Open):
            return "_"
        if isinstance(value, Bind):
            name = value.name
            if self.names.uses[name] < 2 and name not in self.kept:
                return "_" if value.inner is None else self.pattern(value.inner)
            is_new = name not in self.known
            self.known.add(name)
            if value.inner is None or not is_new:
                return name
            return pair(name, " = ", self.pattern(value.inner))
        return _compound(value, self.pattern, " := ")

    def guessed(self, value: Any) -> Doc:
        """The same for a place where nothing may be bound."""
        if isinstance(value, Open) or (isinstance(value, Bind) and value.name not in self.known):
            return "_" if isinstance(value, Open) or value.inner is None else self.guessed(value.inner)
        if isinstance(value, Bind):
            return value.name
        return _compound(value, self.guessed, " := ")


def _compound(value: Any, inner: Any, arrow: str) -> Doc:
    if isinstance(value, tuple):
        return group("{", [inner(each) for each in value], "}")
    if isinstance(value, list):
        return quoted(value) or group("[", [inner(each) for each in value], "]")
    if isinstance(value, terms.Improper):
        return f"[{', '.join(flat(inner(each)) for each in value.items)} | {flat(inner(value.tail))}]"
    if isinstance(value, dict | terms.TermMap):
        return group("#{", [pair(flat(term(key)), arrow, inner(each)) for key, each in value.items()], "}")
    return terms.format("~0tp", [value])


def call(each: Call) -> Group:
    """A call of a module's function."""
    is_near = each.module == "erlang" and erl_internal.bif(each.function, len(each.args))
    name = atom(each.function) if is_near else f"{atom(each.module)}:{atom(each.function)}"
    return group(f"{name}(", list(map(term, each.args)), ")")


def statements(check: Check, patterns: Patterns) -> Iterator[tuple[str, Doc, str]]:
    """What a step does: text before, the part that may be long, text behind."""
    step = check.step
    match step.op:
        case ops.SLEEP:
            yield "", f"timer:sleep(scaled({step.ms}))", ""
        case ops.REPORTS:
            yield "%% What is reported here is not looked at.", "", ""
        case ops.CALL:
            yield from _call(check, patterns)
        case ops.CLIENT:
            funs = [_fun(call(each)) for each in step.calls]
            yield "", pair(patterns.pattern(check.pattern), " = ", group("client([", funs, "])")), ""
        case ops.RACE:
            funs = [_fun(call(each)) for each in step.calls]
            race = group("race([", funs, f"], scaled({step.ms}))")
            yield "", pair(patterns.pattern(check.pattern), " = ", race), ""
        case ops.RECEIVE:
            yield from _receive(check.pattern, step.ms, patterns)
        case ops.FLUSH if isinstance(check.pattern, list) and check.pattern:
            for message in check.pattern:
                yield from _receive(message, 0, patterns)
            yield "", "[] = flush()", ""
        case ops.FLUSH:
            yield "", pair(patterns.pattern(check.pattern), " = ", "flush()"), ""
        case ops.TREE:
            tree = group("tree(", [term(step.subject)], ")")
            tree = group("by_ids(", [tree], ")") if check.is_by_ids else tree
            yield "", pair(patterns.pattern(check.pattern), " = ", tree), ""
    if step.op not in (ops.SLEEP, ops.REPORTS):
        yield "", "settle()", ""


def _call(check: Check, patterns: Patterns) -> Iterator[tuple[str, Doc, str]]:
    made: Doc = call(check.step.calls[0])
    if check.step.is_sorted:
        made = group("lists:sort(", [made], ")")
    if check.kind != "ok":
        yield "", group(f"{MACROS[check.kind]}(", [patterns.guessed(check.pattern), made], ")"), ""
        return
    if check.ms:
        made = group(f"took({check.ms}, ", [_fun(made)], ")")
    if any(name not in patterns.known for name in bound(check.pattern)):
        yield "", pair(patterns.pattern(check.pattern), " = ", made), ""
    else:
        yield "", group("?assertMatch(", [patterns.pattern(check.pattern), made], ")"), ""


def _receive(message: Any, ms: int, patterns: Patterns) -> Iterator[tuple[str, Doc, str]]:
    waited = f"scaled({ms}) + ?LATE_MS"
    if message == "timeout":
        yield "", f"timeout = message(fun(_) -> true end, scaled({ms}))", ""
        return
    fits = flat(patterns.guessed(message))
    # Names in the head of a fun would be new ones, and none of the test's may stand there.
    came = next(name for name in chain("M", map("M{}".format, count(2))) if name not in patterns.names.uses)
    test = "fun(_) -> true end" if fits == "_" else f"fun({came}) -> case {came} of {fits} -> true; _ -> false end end"
    yield "", pair(patterns.pattern(message), " = ", group("message(", [test, waited], ")")), ""


def _fun(made: Doc) -> Doc:
    return Group("fun() -> ", (made,), " end")


def body(checks: list[Check], names: Names) -> list[str]:
    """The lines of a test's function, between its head and `end`."""
    is_distinct = len(names.pids) > 1
    patterns = Patterns(names, is_distinct)
    found: list[str] = []
    for check in checks:
        label = "".join(f": {line}" for line in check.step.label.splitlines()[:1])
        found.append(f"{' ' * BODY}%% {check.number + 1}{label}")
        for before, doc, after in statements(check, patterns):
            found += [" " * BODY + before] if before else LAYOUT.lines(doc, BODY, after=after + ",")
    if is_distinct:
        pids = group("[", [name for name in names.pids if name in patterns.known], "]")
        found += [
            f"{' ' * BODY}%% Each name is a process of its own",
            *LAYOUT.lines(group("distinct(", [pids], ")"), BODY),
        ]
    else:
        found.append(" " * BODY + "ok")
    return found


def eunit(module: str, tests: list[tuple[str, list[Check], Names]]) -> str:
    """A module of EUnit."""
    head = [f"-module({atom(module)}).", '-include_lib("eunit/include/eunit.hrl").', ""]
    found = []
    for title, checks, names in tests:
        name = function_name(title)
        lines = [f"%% {title}", f"{name}_test_() ->", f"    {{timeout, ?SECONDS, fun() -> run(fun {name}/0) end}}.", ""]
        found += [*lines, f"{name}() ->", *body(checks, names)]
        found[-1] += ".\n"
    text = "\n".join(found)
    return "\n".join([_title("EUnit"), *unseen(tests, "%%"), *head, _macros(), text, needed_parts(KIT, text)])


def common_test(module: str, tests: list[tuple[str, list[Check], Names]]) -> str:
    """A suite of Common Test."""
    cases = [function_name(title) for title, _, _ in tests]
    head = [
        f"-module({atom(module)}).",
        '-include_lib("stdlib/include/assert.hrl").',
        *LAYOUT.lines(group("-export([", ["all/0", "suite/0"], "])."), 0),
        *LAYOUT.lines(group("-export([", [f"{case}/1" for case in cases], "])."), 0),
        "",
        _macros(),
        "suite() -> [{timetrap, {seconds, ?SECONDS}}].",
        "",
        *LAYOUT.lines(group("all() -> [", cases, "]."), 0),
        "",
    ]
    found = []
    for title, checks, names in tests:
        name = function_name(title)
        found += [f"%% {title}", f"{name}(_Config) -> run(fun {name}/0).", "", f"{name}() ->", *body(checks, names)]
        found[-1] += ".\n"
    text = "\n".join(found)
    return "\n".join([_title("Common Test"), *unseen(tests, "%%"), *head, text, needed_parts(KIT, text)])


def _title(framework: str) -> str:
    return f"%% Scenarios of the prototype as tests of {framework}, written by erlsim. They stand alone."


def _macros() -> str:
    return """\
%% All times are those of the prototype, in virtual time. In real time they are so many times as long, and a step may
%% be late by LATE_MS: on a machine that is slow or busy both may be larger.
-ifndef(SCALE).
-define(SCALE, 1).
-endif.
-ifndef(LATE_MS).
-define(LATE_MS, 100).
-endif.
-define(EARLY_MS, 5).
-define(SETTLE_MS, 6).
-define(SECONDS, 300).
"""
