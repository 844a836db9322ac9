"""Every package says what it exports, and has it."""

from __future__ import annotations

import ast
import importlib

from tests.house.files import Source


def declared(source: Source) -> list[str] | None:
    """The names in a literal `__all__`; `None` if there is none."""
    for node in source.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() | ast.Tuple() as value):
                return [ast.literal_eval(each) for each in value.elts]
    return None


def check(source: Source) -> list[str]:
    """Complaints about an `__init__`: no explicit `__all__`, or a name in it that is not there."""
    names = declared(source)
    private = any(part.startswith("_") for part in source.module.split("."))
    imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in source.tree.body)
    if names is None:
        return [] if private and not imports else [f"{source.path}: no explicit __all__"]
    return [f"{source.path}: {name} is in __all__ twice" for name in sorted(names) if names.count(name) > 1]


def missing(source: Source) -> list[str]:
    """The names in `__all__` that the imported module does not have."""
    found = importlib.import_module(source.module)
    return [f"{source.path}: no {name}" for name in declared(source) or [] if not hasattr(found, name)]
