"""Mutants of what processes do about each other: links, monitors, exits trapped, caught or passed on, times."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from erlsim.lab.mutation.finding.mutants import Found, Mutant, Unread, change
from erlsim.lab.mutation.finding.reading import Function, Reading, called
from erlsim.lab.mutation.finding.sources import Source

# Who starts with a link, and without.
UNLINKED = {
    "gen_server.start_link": "start",
    "gen_statem.start_link": "start",
    "gen_event.start_link": "start",
    "director.start_link": "start",
    "proc_lib.start_link": "start",
    "proc_lib.spawn_link": "spawn",
    "erlang.spawn_link": "spawn",
}
CAUGHT = ("Exit", "Error", "Throw", "ErlangException")
# What is tried where a time has no end, and where it has no length.
SOME_TIME, A_MOMENT = 5000, 100


def mutants(source: Source, reading: Reading) -> Iterator[Found]:
    """All of one file."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield from _call(source, node)
        elif isinstance(node, ast.ExceptHandler):
            yield from _handler(source, node)
        elif isinstance(node, ast.Tuple):
            yield from _stop(source, node)
        for time in reading.times(node):
            yield from _time(source, reading, time)


def _is(name: str, full: str) -> bool:
    return name == full or name.endswith(f".{full}")


def _call(source: Source, node: ast.Call) -> Iterator[Mutant]:
    name = called(node)
    owner, _, last = name.rpartition(".")
    match node.args:
        case [ast.Constant(value="trap_exit"), ast.Constant(value=True) as flag] if last == "process_flag":
            yield change("trap_exit", source, flag, "False", "exits are not trapped")
        case [ast.Constant(value="process"), _] if _is(name, "erlang.monitor"):
            yield change("monitor", source, node, f"{owner}.make_ref()", f"no {_line(source, node)}")
        case [_, *_] if _is(name, "erlang.demonitor"):
            yield change("monitor", source, node, "True", f"no {_line(source, node)}")
        case [_] if _is(name, "erlang.link"):
            yield change("link", source, node, "True", f"no {_line(source, node)}")
        case [_] | [_, _] if _is(name, "erlang.exit") or (_is(name, "erlang.error") and len(node.args) == 1):
            yield change("exit", source, node, "True", f"no {_line(source, node)}")
    without = next((new for full, new in UNLINKED.items() if _is(name, full)), None)
    if without is not None:
        yield change("link", source, node.func, f"{owner}.{without}", f"{name} -> {owner}.{without}")


def _line(source: Source, node: ast.expr) -> str:
    return " ".join(source.of(node).split())


def _handler(source: Source, node: ast.ExceptHandler) -> Iterator[Mutant]:
    """A handler that catches nothing; one that raises again, and does not."""
    names = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    known = [each for each in names if each is not None and ast.unparse(each).rpartition(".")[2] in CAUGHT]
    if node.type is not None and known:
        yield change("exit", source, node.type, "()", f"{ast.unparse(node.type)} is not caught")
    for statement in node.body:
        if isinstance(statement, ast.Raise):
            yield change("exit", source, statement, "pass", f"no {source.of(statement)}")


def _stop(source: Source, node: ast.Tuple) -> Iterator[Mutant]:
    """A server that should stop, and goes on."""
    function = next((each for each in source.inside(node) if isinstance(each, Function | ast.Lambda)), None)
    if not isinstance(function, Function) or function.name in ("init", "terminate"):
        return
    is_server = function.name in ("handle_call", "handle_cast", "handle_info", "handle_continue")
    match node.elts:
        case [ast.Constant(value="stop"), _, reply, state] if is_server:
            new = f'("reply", {source.of(reply)}, {source.of(state)})'
        case [ast.Constant(value="stop"), _, state] if is_server:
            new = f'("noreply", {source.of(state)})'
        case [ast.Constant(value="stop"), _, _] if _is_machine(source, node):
            new = '"keep_state_and_data"'
        case _:
            return
    yield change("exit", source, node, new, f"no {_line(source, node)}")


def _is_machine(source: Source, node: ast.AST) -> bool:
    """Whether this is in a callback module of gen_statem."""
    scope = next((each for each in source.inside(node) if isinstance(each, ast.ClassDef)), source.tree)
    return any(isinstance(each, Function) and each.name == "callback_mode" for each in ast.walk(scope))


def _time(source: Source, reading: Reading, node: ast.expr) -> Iterator[Found]:
    literal = reading.literal(source, node)
    if literal is None:
        if not _is_parameter(source, node):
            yield Unread("timeout", f"{source.name}:{node.lineno}", f"{_line(source, node)} is computed")
        return
    now = literal.value
    others: list[int] = []
    if type(now) is int:
        others = [now * 2, *([now // 2] if now > 1 else [])] if now else [A_MOMENT]
    elif now == "infinity":
        others = [SOME_TIME]
    for other in others:
        numbers = [each for each in (now, other) if type(each) is int]
        numbers += [sum(numbers) // 2] if len(numbers) > 1 else []
        mutant = change("timeout", literal.source, literal.node, str(other), f"{now} -> {other}", numbers)
        yield replace(mutant, uses=((source, source.statement(node)),))


def _is_parameter(source: Source, node: ast.expr) -> bool:
    """Whether a time is an argument of the function that uses it: then it is changed where that is called."""
    function = next((each for each in source.inside(node) if isinstance(each, Function)), None)
    if function is None or not isinstance(node, ast.Name):
        return False
    return node.id in [
        each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    ]
