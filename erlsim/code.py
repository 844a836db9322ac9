"""Modules by name: what an atom stands for where Erlang expects a module, and its versions.

A module is a Python module, a class or an instance; `erlsim.module` gives a class its atom. An atom
that nobody registered is imported: first as one of OTP's modules (`gen_server` is
`erlsim.otp.gen_server`), then as a Python module of that name. Mirrors `code` as far as a
simulator can: `load` puts a new version in place of the old one.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from functools import cache, lru_cache
from types import BuiltinFunctionType, CoroutineType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any, TypeVar, overload

from erlsim.errors import Error
from erlsim.terms import Bits, Improper, Pid, Ref, Term, TermMap

T = TypeVar("T")

_modules: dict[str, Any] = {}
_HOMES = ("erlsim.{}", "erlsim.otp.{}", "erlsim.otp.{}_", "{}")
_NAME = "__erlang_module__"
_NO_MODULES = (
    *(int, float, bytes, list, tuple, dict, Pid, Ref, Improper, Bits, TermMap, type(None)),
    *(FunctionType, MethodType, BuiltinFunctionType),
)

generation = 0
"""Grows whenever a version is loaded or purged: who keeps a resolved module looks here before using it."""


@overload
def module(target: T, /) -> T: ...
@overload
def module(*, name: str) -> Callable[[T], T]: ...
def module(target: Any = None, /, *, name: str | None = None) -> Any:
    """Make a class (or any namespace) known as a module; its atom is its name in snake_case.

    `@erlsim.module` or `@erlsim.module(name="atom")`.
    """
    if target is None:
        assert name is not None
        return lambda given: load(name, given)
    return load(_snake(getattr(target, "__name__", type(target).__name__)), target)


def load(name: str, target: Any) -> Any:
    """Make `target` the module `name`, in place of the version that had the name before; returns `target`."""
    global generation
    generation += 1
    _modules[name] = target
    if not isinstance(target, ModuleType):
        setattr(target, _NAME, name)
    return target


def purge(name: str) -> bool:
    """Forget what `load` put under `name`: whether there was anything."""
    global generation
    generation += 1
    return _modules.pop(name, None) is not None


def loaded(name: str) -> Any:
    """What `load` last put under `name`, or `None`."""
    return _modules.get(name)


def is_module(term: Term) -> bool:
    """Whether `term` may stand where Erlang expects a module: an atom, a Python module, class or instance."""
    return isinstance(term, (str, bool)) or not isinstance(term, _NO_MODULES)


def is_call(module_: Term, function_name: Term, args: Term) -> bool:
    """Whether three terms may stand for a call: a module, a function's name and a list of arguments."""
    return is_module(module_) and type(function_name) is str and type(args) is list


def resolve(name: Term) -> Any:
    """The Python object behind a module; `error:undef` for an atom that stands for nothing."""
    if not isinstance(name, str):
        return name
    found = _modules.get(name)
    if found is None:
        found = _imported(name)
        if found is None:
            raise Error("undef", [(name, "module_info", [], [])])
    return found


@cache
def _imported(name: str) -> ModuleType | None:
    if not name.isidentifier():
        return None
    for home in _HOMES:
        path = home.format(name)
        try:
            return importlib.import_module(path)
        except ModuleNotFoundError as exc:
            if exc.name is None or not (path + ".").startswith(exc.name + "."):
                raise
    return None


def name(target: Term) -> str:
    """The atom of a module."""
    if isinstance(target, str):
        return target
    given = getattr(target, _NAME, None)
    if given is not None:
        return str(given)
    if isinstance(target, ModuleType):
        return target.__name__.rpartition(".")[2].rstrip("_")
    return _snake(getattr(target, "__name__", type(target).__name__))


def function_exported(module_: Term, function_name: str, arity: int) -> bool:
    """Whether a module has a function that takes `arity` arguments."""
    try:
        found = getattr(resolve(module_), function_name, None)
    except Error:
        return False
    return callable(found) and takes(found, arity)


def function(module_: Term, function_name: str, arity: int, args: list[Term] | None = None) -> Callable[..., Any]:
    """The function `module:function_name/arity`; `error:undef` naming it (with `args`) if there is none.

    `error:badarg` for what is no module or no name of a function.
    """
    undefined = arity if args is None else args
    if not isinstance(function_name, str | bool) or not is_module(module_):
        raise Error("badarg", [("erlang", "apply", [module_, function_name, undefined], [])])
    found = None
    if isinstance(function_name, str):
        try:
            target = resolve(module_)
        except Error:
            target = None
        found = getattr(target, function_name, None) if target is not None else None
        if found is None and target is not None:
            found = getattr(target, function_name + "_", None)
    if found is None or not callable(found) or not takes(found, arity):
        raise Error("undef", [(name(module_), function_name, undefined, [])])
    checked: Callable[..., Any] = found
    return checked


def takes(function_: Callable[..., Any], arity: int) -> bool:
    """Whether a callable can be called with `arity` positional arguments."""
    try:
        low, high = arities(function_)
    except TypeError:
        # Unhashable callables are rare enough to be looked at anew each time.
        low, high = arities.__wrapped__(function_)
    return low <= arity <= high


@lru_cache(maxsize=4096)
def arities(function_: Callable[..., Any]) -> tuple[int, int]:
    """The fewest and the most positional arguments that a callable takes."""
    try:
        parameters = inspect.signature(function_).parameters.values()
    except (ValueError, TypeError):
        return 0, 255
    low = high = 0
    for parameter in parameters:
        if parameter.kind is parameter.VAR_POSITIONAL:
            high = 255
        elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            high += 1
            low += parameter.default is parameter.empty
    return low, high


async def call(module_: Term, function_name: str, args: list[Term]) -> Term:
    """`module:function_name(args...)`, awaited if it is `async`; `undef` if there is no such function."""
    return await finish(function(module_, function_name, len(args), args)(*args))


async def finish(result: Any) -> Term:
    """The value of a call that may have been to an `async` function."""
    if isinstance(result, CoroutineType | GeneratorType):
        awaitable: Any = result
        return await awaitable
    return result


@lru_cache(maxsize=4096)
def _snake(camel: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", camel).lower()
