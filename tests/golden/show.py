"""One scenario, readably: its steps, what was observed and the first place where that differs."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

import click

from erlsim import terms
from erlsim.porting.scenarios import tagged, texts

Scenario = dict[str, Any]

LONGEST = 1000


def show(scenario: Scenario, before: Scenario | None = None, enter: Callable[[], None] | None = None) -> int:
    """Run and print a scenario; 0 if it passes. `before` is the one recorded before it; `enter` makes worlds ready."""
    from tests.golden import world

    result = world.run(scenario, before, enter=enter)
    click.secho(scenario["name"], bold=True)
    index = 0
    for number, step in enumerate(scenario["steps"], 1):
        click.echo(f"{number:3} {describe(step)}")
        if step["op"] in tagged.SILENT:
            continue
        expected = scenario["observed"][index]
        if index == result.difference:
            _print_difference(expected, result.observed[index] if index < len(result.observed) else None)
            break
        click.secho(_indented(tagged.show(expected)), dim=True)
        index += 1
    if result.failure:
        click.secho(result.failure, fg="red")
    after = f" after {result.after}, which leaves something behind that reports here" if result.after else ""
    click.echo(f"passes{after}" if result.passed else "differs")
    return 0 if result.passed else 1


def describe(step: dict[str, Any]) -> str:
    """A step in Erlang's words: `call p = director:get_pid(scn_foo, a)`."""
    match step:
        case {"module": module, "function": function, "args": args, "bind": bind, "op": op}:
            name = "" if bind == "_" else f"{bind} = "
            return f"{op} {name}{module}:{function}({', '.join(map(_argument, args))})"
        case {"op": "spawn", "bind": bind, "program": program}:
            return f"spawn {bind} = {program}"
        case {"op": "sleep", "ms": ms}:
            return f"sleep {ms}"
        case {"op": "until", "ms": ms}:
            return f"until {ms}"
        case {"op": "format", "directive": directive, "term": term}:
            return f"format {directive} {_argument(term)}"
    return str(step["op"])


def _argument(tree: Any) -> str:
    match tree:
        case {"v": name}:
            return name + "".join(f"[{_argument(each)}]" for each in tree.get("path", []))
        case {"plan": name}:
            return f"fun {name}"
        case {"self": _}:
            return "self()"
        case {"imp": [items, tail]}:
            return f"[{', '.join(map(_argument, items))}|{_argument(tail)}]"
        case {"bits": [data, size]}:
            return terms.format("~w", [terms.bits(data.encode("latin-1"), size)])
        case {"t": items}:
            return "{" + ", ".join(map(_argument, items)) + "}"
        case {"m": rows}:
            return "#{" + ", ".join(f"{_argument(name)} => {_argument(each)}" for name, each in rows) + "}"
        case list():
            return "[" + ", ".join(map(_argument, tree)) + "]"
    return tagged.show(tree)


def _print_difference(expected: Any, actual: Any) -> None:
    click.secho("    - OTP    + here", bold=True)
    for line in difference(expected, actual):
        colour = {"-": "red", "+": "green", "?": "yellow"}.get(line[0])
        click.secho("    " + line, fg=colour)


def difference(expected: Any, actual: Any) -> list[str]:
    """Two observations line by line; what only OTP has begins with `-`, what only erlsim has with `+`."""
    wanted, got = [_short(_lines(each)) if each is not None else ["nothing"] for each in (expected, actual)]
    return [line.rstrip("\n") for line in difflib.ndiff(wanted, got)]


def _short(lines: list[str]) -> list[str]:
    """What is too long to be read is too long to be compared character by character."""
    return [line if len(line) <= LONGEST else f"{line[:LONGEST]}... ({len(line)} characters)" for line in lines]


def _lines(tree: Any) -> list[str]:
    """An observation over several lines, so that a difference is in few of them."""
    match tree:
        case {"texts": items}:
            return [line for each in items for line in ["texts:", *_folded(each)]]
        case {"io": text}:
            return ["io:", *_folded(text)]
        case {"text": text}:
            return ["text:", *text.split("\n")]
    ((kind, value),) = tree.items()
    return [f"{kind}:", *_broken(value, 0)]


def _folded(text: str) -> list[str]:
    folded = texts.fold(text)
    return ["  " + line for line in folded.replace(",{", ",\n{").replace(" *DBG*", "\n*DBG*").split("\n")]


def _broken(tree: Any, depth: int) -> list[str]:
    text, pad = tagged.show(tree), "  " * (depth + 1)
    if len(text) + len(pad) <= 100:
        return [pad + text]
    match tree:
        case list():
            inner = [line for each in tree for line in _broken(each, depth + 1)]
            return [pad + "[", *inner, pad + "]"]
        case {"t": items}:
            inner = [line for each in items for line in _broken(each, depth + 1)]
            return [pad + "{", *inner, pad + "}"]
        case {"m": rows}:
            inner = [line for row in rows for line in _broken({"t": row}, depth + 1)]
            return [pad + "#{", *inner, pad + "}"]
    return [pad + text]


def _indented(text: str) -> str:
    return "\n".join("      " + line for line in text.split("\n"))
