"""Calls of what is known at run time only: `M:F(...)`, `apply`, `fun M:F/A`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from functools import wraps
from types import CoroutineType
from typing import Any

from erlsim import NoSimulation, code
from erlsim.erl.library import (
    erlang_,
    io_,
    io_lib,
    lists_,
    maps_,
    math_,
    proplists,
)
from erlsim.erl.library.containers import array, dict_, gb_sets, gb_trees, orddict, ordsets, queue, sets_
from erlsim.erl.library.emulator import code_, dbg, erl_error, erts_debug, explaining, exports
from erlsim.erl.library.files import file_, filelib, filename, os_
from erlsim.erl.library.regex import re_
from erlsim.erl.library.registry import bif, bordered, has, resolve, table_of
from erlsim.erl.library.sequences import binary, sorting
from erlsim.erl.library.shared import atomics, counters, persistent_term
from erlsim.erl.library.syntax import erl_anno, erl_parse, erl_scan
from erlsim.erl.library.text import old_string, string_, unicode
from erlsim.erl.library.values import base64_, calendar_, checksums, clock, conveyed, names, node, rand
from erlsim.erl.running.calls import apply_fun, compiled, may_wait
from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed, bif_failed, undef
from erlsim.terms import Term, chars

__in_stacks__ = False

Function = Callable[..., Any]
_TABLES: dict[str, dict[tuple[str, int], Function]] = {
    "array": table_of(array),
    "atomics": table_of(atomics),
    "base64": table_of(base64_),
    "binary": table_of(binary),
    "calendar": table_of(calendar_),
    "code": table_of(code_),
    "counters": table_of(counters),
    "dict": table_of(dict_),
    "erl_anno": table_of(erl_anno),
    "erl_error": table_of(erl_error),
    "erl_erts_errors": table_of(explaining),
    "erl_parse": table_of(erl_parse),
    "erl_scan": table_of(erl_scan),
    "erl_stdlib_errors": table_of(explaining),
    "erlang": {
        **table_of(erlang_),
        **table_of(checksums),
        **table_of(clock),
        **table_of(conveyed),
        **table_of(names),
        **table_of(node),
        ("fun_info", 2): erlang_.fun_info,
        ("make_tuple", 2): erlang_.make_tuple,
    },
    "dbg": table_of(dbg),
    "erts_debug": table_of(erts_debug),
    "file": table_of(file_),
    "filelib": table_of(filelib),
    "filename": table_of(filename),
    "gb_sets": table_of(gb_sets),
    "gb_trees": table_of(gb_trees),
    "io": table_of(io_),
    "io_lib": table_of(io_lib),
    "lists": {**table_of(lists_), **table_of(sorting)},
    "maps": table_of(maps_),
    "math": table_of(math_),
    "orddict": table_of(orddict),
    "ordsets": table_of(ordsets),
    "os": table_of(os_),
    "persistent_term": table_of(persistent_term),
    "proplists": table_of(proplists),
    "queue": table_of(queue),
    "rand": table_of(rand),
    "re": table_of(re_),
    "sets": table_of(sets_),
    "string": {**table_of(old_string), **table_of(string_)},
    "unicode": table_of(unicode),
}


def find(module: Term, function: Term, arity: int) -> Function | None:
    """The function of the library, or `None`."""
    if module == "erlang" and (function, arity) in _BIFS:
        return _BIFS[function, arity]
    table = _TABLES.get(module) if type(module) is str else None
    if table is not None and function == exports.NAME and arity < 2:
        return exports.module_info(module, table)
    return None if table is None else table.get((function, arity))


def native(module: Term, function: Term, arity: int, instead: Collection[str] = ()) -> Function | None:
    """The same, unless an Erlang module stands in the library's place: one of `instead`, or one that is loaded."""
    found = find(module, function, arity)
    if found is None or module == "erlang":
        return found
    return None if module in instead or compiled(code.loaded(module)) is not None else found


def supplied(module: Term, function: Term, arity: int) -> Function | None:
    """The same as Python calls it, and whoever spawns it or applies it by name: what it gives has Python's lists."""
    found = native(module, function, arity)
    if found is None:
        return None

    @wraps(found)
    def call(*args: Term) -> Any:
        value = found(*args)
        return _outward(value) if type(value) is CoroutineType else outward(value)

    return call


async def _outward(value: Any) -> Term:
    return outward(await value)


class External:
    """`fun M:F/A`: the function that the module has when it is called."""

    def __init__(self, module: Term, function: Term, arity: Term) -> None:
        if type(module) not in (str, bool) or type(function) not in (str, bool) or type(arity) is not int:
            raise Failed("badarg", ("erlang", "make_fun", [module, function, arity], []))
        self.__erlang_fun__ = (module, function, arity)
        self.__module__ = str(module)
        self.__name__ = str(function)
        kind = inspect.Parameter.POSITIONAL_ONLY
        self.__signature__ = inspect.Signature([inspect.Parameter(f"a{index}", kind) for index in range(arity)])

    def __call__(self, *args: Term) -> Any:
        """Call it."""
        module, function, _ = self.__erlang_fun__
        return apply_mfa(module, function, args)

    def __eq__(self, other: object) -> bool:
        """Such funs are equal if their names are."""
        return type(other) is External and self.__erlang_fun__ == other.__erlang_fun__

    def __hash__(self) -> int:
        return hash(self.__erlang_fun__)

    @property
    def __may_wait__(self) -> bool:
        """Whether the function that it stands for now is a coroutine function."""
        module, function, arity = self.__erlang_fun__
        try:
            return may_wait(function_of(module, function, arity))
        except Failed:
            return False


def function_of(module: Term, function: Term, arity: int, args: tuple[Term, ...] | None = None) -> Function:
    """The exported function of a module, as compiled code calls it, or what its module does in its place; raises
    `undef`."""
    found = _exported(module, function, arity)
    if found is not None:
        return found
    handler = _exported(module, *code.UNDEFINED_HANDLER)
    if handler is not None:
        return code.handled(handler, function)
    raise undef(code.name(module), function, outward(list(args)) if args is not None else arity)


def _exported(module: Term, function: Term, arity: int) -> Function | None:
    ours = native(module, function, arity)
    if ours is not None:
        return ours
    # `erlsim.code` is Python's: what Erlang has of it stands in the table.
    found = None if module == "code" else resolve(module)
    table = None if found is None else compiled(found)
    if table is not None:
        return table.get((function, arity))
    if found is None or not has(found, function, arity):
        return None
    given = code.function(module, function, arity)
    python = bif(given, module, function) if module in _BIFS_OF else bordered(given)
    return _giving_chars(python) if _gives_text(module, function) else python


def _gives_text(module: Term, function: Term) -> bool:
    """Whether a function gives Python's callers a text, or a format and its arguments."""
    return function == "format_log" or (module, function) in (("proc_lib", "format"), ("proc_lib", "report_cb"))


def _giving_chars(function: Function) -> Function:
    """A Python function whose text compiled code gets as a list of characters, not as an atom."""

    def call(*args: Term) -> Term:
        found = function(*args)
        if type(found) is tuple and len(found) == 2 and type(found[0]) is str:
            return (chars(found[0]), found[1])
        return chars(found) if type(found) is str else found

    return call


def apply_mfa(module: Term, function: Term, args: tuple[Term, ...] | list[Term]) -> Any:
    """`Module:Function(Args...)`: a value, a coroutine or a tail call."""
    if not code.is_module(module) or type(function) not in (str, bool):
        raise Failed("badarg", ("erlang", "apply", [module, function, outward(list(args))], []))
    return function_of(module, function, len(args), tuple(args))(*args)


class Remote:
    """A call of `Module:Function/Arity` by name: looked up anew whenever a module was loaded since."""

    __slots__ = ("_found", "_generation", "_of", "arity", "function", "module")

    def __init__(self, module: str, function: str, arity: int) -> None:
        self.module, self.function, self.arity = module, function, arity
        self._found: Function | None = None
        self._of: Any = None
        self._generation = -1

    def __call__(self, *args: Term) -> Any:
        """Call it."""
        try:
            loaded = code.versions()
        except NoSimulation:
            return function_of(self.module, self.function, self.arity, args)(*args)
        if loaded is not self._of or loaded.generation != self._generation:
            self._found = function_of(self.module, self.function, self.arity, args)
            self._of, self._generation = loaded, loaded.generation
        assert self._found is not None
        return self._found(*args)


# Modules whose functions are BIFs.
_BIFS_OF = ("erlang", "ets")

# ---- the BIFs that need all of this


def apply(*args: Term) -> Any:
    """`apply/2,3`."""
    given = listed(args[-1])
    if given is None:
        raise bif_failed("badarg", "erlang", "apply", list(args))
    if len(args) == 2:
        return apply_fun(args[0], given)
    return apply_mfa(args[0], args[1], given)


apply.__colour__ = "async"  # type: ignore[attr-defined]


def function_exported(module: Term, function: Term, arity: Term) -> bool:
    """`function_exported/3`."""
    if type(module) not in (str, bool) or type(function) not in (str, bool) or type(arity) is not int:
        raise bif_failed("badarg", "erlang", "function_exported", [module, function, arity])
    return _exported(module, function, arity) is not None


_BIFS: dict[tuple[Any, int], Function] = {
    ("binary_to_term", 1): conveyed.reading(External),
    ("binary_to_term", 2): conveyed.reading(External),
    ("apply", 2): apply,
    ("apply", 3): apply,
    ("make_fun", 3): External,
    ("function_exported", 3): function_exported,
}
