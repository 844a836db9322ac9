"""A module as an Elixir source."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from erlsim.porting.drafts import forms as f
from erlsim.porting.drafts.printing.elixir import KERNEL, WIDTH, Printer, atom
from erlsim.porting.drafts.printing.layout import layout
from erlsim.porting.drafts.printing.types import Style, written
from erlsim.porting.drafts.sources import snake

STYLE = Style(
    fun=lambda arguments, value: f"({', '.join(arguments) or '()'} -> {value})",
    map_=lambda key, value: f"%{{optional({key}) => {value}}}",
    atom=atom,
    named=lambda name: f"{snake(name)}()",
)
_USES = {
    "gen_server": "use GenServer",
    "supervisor": "use Supervisor",
    "application": "use Application",
    "gen_statem": "@behaviour :gen_statem",
    "gen_event": "@behaviour :gen_event",
    "director": "@behaviour :director",
}


def module_text(module: f.Module, renamed: Mapping[str, str]) -> str:
    """The source of a module."""
    places = [f"{each.name}/{len(each.clauses[0].patterns)}" for each in module.functions]
    overridden = [place for place in places if place in KERNEL]
    printer = Printer(module.name, renamed, frozenset(place.partition("/")[0] for place in overridden))
    parts = ["\n".join([_moduledoc(module), *(_USES[each] for each in module.behaviours)])]
    if overridden:
        names = ", ".join(place.replace("/", ": ") for place in overridden)
        parts.append(f"import Kernel, except: [{names}]")
    parts.extend(_struct(*each, printer) for each in module.records)
    parts.append("\n".join(_attribute(name, value, printer) for name, value in module.constants))
    parts.extend(_types(module))
    parts.extend(_function(each, printer, module) for each in module.functions)
    body = "\n\n".join(filter(None, parts))
    inner = "\n".join(f"  {line}".rstrip() for line in body.splitlines())
    return f"defmodule {renamed[module.name]} do\n{inner}\nend\n"


def _text(document: str) -> str:
    return document.replace("\\", "\\\\").replace("#{", "\\#{").replace('"""', '\\"\\"\\"')


def _moduledoc(module: f.Module) -> str:
    note = f"A draft, ported from {Path(module.source).name}."
    text = "\n\n".join(filter(None, [_text(module.document).strip(), note]))
    return f'@moduledoc """\n{text}\n"""'


def _attribute(name: str, value: f.Form, printer: Printer) -> str:
    return f"@{name.lower()} {layout(printer.expression(value), WIDTH)}"


def _struct(name: str, fields: tuple[tuple[str, f.Form | None, object], ...], printer: Printer) -> str:
    shown = [
        f"{key}: {'nil' if value is None else layout(printer.expression(value), WIDTH)}" for key, value, _ in fields
    ]
    return f"defmodule {name} do\n  @moduledoc false\n  defstruct {', '.join(shown)}\nend"


def _types(module: f.Module) -> list[str]:
    """The types that specs use."""
    named = frozenset(name for name, _ in module.types)
    used: set[str] = set()
    for each in module.functions:
        if each.spec is not None:
            for hint in (*each.spec.arguments, each.spec.value):
                used |= {node.id for node in ast.walk(hint) if isinstance(node, ast.Name)}
    return [f"@type {snake(name)} :: {written(value, STYLE, named)}" for name, value in module.types if name in used]


def _function(function: f.Function, printer: Printer, module: f.Module) -> str:
    lines = _document(function)
    is_state = function.callback_of == "gen_statem" and function.arity == 3 and function.name != "terminate"
    if function.callback_of and not is_state:
        lines.append("@impl true")
    if function.spec is not None:
        lines.append(_spec(function, module))
    word = "def" if function.exported else "defp"
    clauses = [layout(printer.clause(word, function.name, each), WIDTH - 2) for each in function.clauses]
    return "\n".join([*lines, "\n\n".join(clauses)])


def _document(function: f.Function) -> list[str]:
    text = _text(function.document).strip().splitlines()
    if not text:
        return []
    if not function.exported or function.callback_of:
        return [f"# {line}".rstrip() for line in text]
    if len(text) == 1 and '"' not in text[0]:
        return [f'@doc "{text[0]}"']
    return ['@doc """', *text, '"""']


def _spec(function: f.Function, module: f.Module) -> str:
    assert function.spec is not None
    named = frozenset(name for name, _ in module.types)
    arguments = [written(each, STYLE, named) for each in function.spec.arguments]
    value = written(function.spec.value, STYLE, named)
    line = f"@spec {function.name}({', '.join(arguments)}) :: {value}"
    return line if len(line) <= WIDTH - 2 else f"@spec {function.name}({', '.join(arguments)}) ::\n        {value}"
