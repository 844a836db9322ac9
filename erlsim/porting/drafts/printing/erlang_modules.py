"""A module as an Erlang source."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from erlsim.porting.drafts import forms as f
from erlsim.porting.drafts.calls import AUTO_IMPORTED
from erlsim.porting.drafts.printing.erlang import WIDTH, Printer, atom
from erlsim.porting.drafts.printing.layout import layout
from erlsim.porting.drafts.printing.types import Style, written
from erlsim.porting.drafts.sources import snake

STYLE = Style(
    fun=lambda arguments, value: f"fun(({', '.join(arguments)}) -> {value})",
    map_=lambda key, value: f"#{{{key} => {value}}}",
    atom=atom,
    named=lambda name: f"{atom(snake(name))}()",
)


def module_text(module: f.Module, renamed: Mapping[str, str]) -> str:
    """The source of a module."""
    places = [(each.name, each.arity) for each in module.functions]
    printer = Printer(module.name, renamed, frozenset(places))
    parts = [_header(module, renamed), _exports(module)]
    overridden = sorted(f"{name}/{arity}" for name, arity in places if f"{name}/{arity}" in AUTO_IMPORTED)
    if overridden:
        parts.append(f"-compile({{no_auto_import, [{', '.join(overridden)}]}}).")
    parts.append("\n".join(_defined(name, value, printer) for name, value in module.constants))
    parts.append("\n".join(_record(*each, module) for each in module.records))
    parts.append("\n".join(_types(module)))
    parts.extend(_function(each, printer, module) for each in module.functions)
    return "\n\n".join(filter(None, parts)) + "\n"


def _header(module: f.Module, renamed: Mapping[str, str]) -> str:
    lines = [f"%%% {line}".rstrip() for line in module.document.splitlines()]
    lines.append(f"%%% A draft, ported from {Path(module.source).name}.")
    lines.append(f"-module({atom(renamed.get(module.name, module.name))}).")
    lines.extend(f"-behaviour({each})." for each in module.behaviours)
    return "\n".join(lines)


def _exports(module: f.Module) -> str:
    groups: dict[str, list[str]] = {}
    for each in module.functions:
        if each.exported:
            groups.setdefault(each.callback_of, []).append(f"{atom(each.name)}/{each.arity}")
    return "\n".join(
        f"-export([{', '.join(names)}])." for _, names in sorted(groups.items(), key=lambda pair: bool(pair[0]))
    )


def _defined(name: str, value: f.Form, printer: Printer) -> str:
    return f"-define({name}, {layout(printer.expression(value), WIDTH)})."


def _record(name: str, fields: tuple[tuple[str, f.Form | None, object], ...], module: f.Module) -> str:
    printer = Printer(module.name, {}, frozenset())
    named = frozenset(each for each, _ in module.types)
    shown = []
    for key, value, hint in fields:
        default = "" if value is None else f" = {layout(printer.expression(value), WIDTH)}"
        type_ = written(hint, STYLE, named) if isinstance(hint, ast.expr) else "term()"
        shown.append(f"{atom(key)}{default} :: {type_}")
    return f"-record({atom(snake(name))}, {{{', '.join(shown)}}})."


def _types(module: f.Module) -> list[str]:
    """The types that specs use."""
    named = frozenset(name for name, _ in module.types)
    used: set[str] = set()
    for each in module.functions:
        if each.spec is not None:
            for hint in (*each.spec.arguments, each.spec.value):
                used |= {node.id for node in ast.walk(hint) if isinstance(node, ast.Name)}
    return [
        f"-type {atom(snake(name))}() :: {written(value, STYLE, named)}."
        for name, value in module.types
        if name in used
    ]


def _function(function: f.Function, printer: Printer, module: f.Module) -> str:
    lines = [f"%% {line}".rstrip() for line in function.document.splitlines()]
    if function.spec is not None:
        lines.append(_spec(function, module))
    lines.append(layout(printer.function(function), WIDTH))
    return "\n".join(lines)


def _spec(function: f.Function, module: f.Module) -> str:
    assert function.spec is not None
    named = frozenset(name for name, _ in module.types)
    arguments = [written(each, STYLE, named) for each in function.spec.arguments]
    value = written(function.spec.value, STYLE, named)
    line = f"-spec {atom(function.name)}({', '.join(arguments)}) -> {value}."
    if len(line) <= WIDTH:
        return line
    return f"-spec {atom(function.name)}({', '.join(arguments)}) ->\n    {value}."
