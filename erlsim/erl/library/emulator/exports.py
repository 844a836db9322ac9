"""`Module:module_info/0,1` of the library's modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from erlsim.erl.running.failures import bif_failed
from erlsim.terms import Term

__in_stacks__ = False

NAME = "module_info"


def module_info(module: str, functions: Iterable[tuple[Any, int]]) -> Callable[..., Term]:
    """What a module that exports these functions says of itself."""
    items: dict[str, Term] = {
        "module": module,
        "exports": [*functions, (NAME, 0), (NAME, 1)],
        "attributes": [("vsn", [0])],
        "compile": [],
    }

    def info(*item: Term) -> Term:
        if not item:
            return list(items.items())
        found = items.get(item[0]) if type(item[0]) is str else None
        if found is None:
            raise bif_failed("badarg", "erlang", "get_module_info", [module, *item])
        return found

    info.__module__ = module
    return info
