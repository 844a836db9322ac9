"""Modules by name: what an atom stands for where Erlang expects a module, and its versions.

A module is a Python module, a class or an instance. An atom stands for what the current simulation has loaded
under it (`load`), else for what is declared (`erlsim.module`), else for one of erlsim's own modules (`gen_server`
is `erlsim.otp.gen_server`), for `director` and for `gen_tracker`. What these lack of OTP's modules, the library for
Erlang code may have: `lists:foreach/2` can be spawned. No atom imports anything else. Mirrors `code` as far as a
simulator can: a declaration is to a simulation what a file on the code path is to a node, and `load` puts a new
version in place of the old one, in that simulation alone.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from functools import lru_cache
from types import BuiltinFunctionType, CoroutineType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any, TypeVar, overload

from erlsim import releases
from erlsim._kernel import NoSimulation, here, thread
from erlsim.errors import ErlsimError, Error
from erlsim.terms import Bits, ExportedFun, Improper, Pid, Ref, Term, TermMap
from erlsim.threads import GIVEN_NAME, LOADED, given_name

T = TypeVar("T")

_HOMES = ("erlsim.{}", "erlsim.otp.{}", "erlsim.otp.{}_", "erlsim.otp.distribution.{}")
_ON_TOP = ("director", "gen_tracker")
_LIBRARY = "erlsim.erl.library.dynamic"
_OF_LIBRARY = frozenset(
    """
    array atomics base64 binary calendar code counters dbg dict erl_anno erl_error erl_erts_errors erl_parse erl_scan
    erl_stdlib_errors erlang erts_debug file filelib filename gb_sets gb_trees io io_lib lists maps math orddict ordsets
    os persistent_term proplists queue rand re sets string unicode
    """.split()
)
_NO_MODULES = (
    *(int, float, bytes, list, tuple, dict, Pid, Ref, Improper, Bits, TermMap, type(None)),
    *(FunctionType, MethodType, BuiltinFunctionType),
)
_HOW = (
    "no module {0!r} is known: decorate its class with @erlsim.module, declare a Python module with "
    "erlsim.module(name={0!r})(the_module), or load it in the simulation with code.load({0!r}, the_module)"
)
_AWAITABLE: tuple[Any, ...] = (CoroutineType, GeneratorType)
_WRAPPED = ("__wrapped__", "__signature__")
# `inspect` takes long to import, and programs seldom need it: this is its CO_VARARGS.
_VARIADIC = 0x04

UNDEFINED_HANDLER = ("$handle_undefined_function", 2)
"""What a module may export to be called in the place of functions that it lacks. Mirrors `error_handler`."""

_declared: dict[str, list[Any]] = {}


class Loaded:
    """The modules of one simulation. `generation` grows whenever a version comes or goes.

    Who keeps a function of a module looks at `generation` before using it. `ours` are those of erlsim's own modules
    that have been asked for by name: an atom stands for them only while nothing is loaded or declared under it.
    """

    def __init__(self) -> None:
        self.generation = 0
        self.by_name: dict[str, Any] = {}
        self.ours: dict[str, ModuleType] = {}
        self.finders: list[Callable[[str], Any]] = []
        self._names: dict[int, tuple[Any, str]] = {}
        self.wrappers: dict[tuple[int, str], tuple[Any, Callable[..., Any]]] = {}

    # An address finds what is kept here anyway, hashable or not; nothing is ever ordered by it.

    def own(self, name: str) -> ModuleType | None:
        """The module of ours that `name` stands for, nothing being loaded or declared under it."""
        found = self.ours.get(name)
        if found is None and (found := _ours(name)) is not None:
            self.ours[name] = found
        return found

    def load(self, name: str, target: Any) -> None:
        """Put a version under a name."""
        self.generation += 1
        self.by_name[name] = target
        self._names[id(target)] = (target, name)

    def name_of(self, target: Any) -> str | None:
        """The name that `target` was loaded under, `None` if it was not."""
        found = self._names.get(id(target))
        return None if found is None else found[1]

    def wrap(self, target: Any, function: str, wrapper: Callable[..., Any]) -> None:
        """Let `wrapper` stand for a function of a module."""
        self.generation += 1
        self.wrappers[id(target), function] = (target, wrapper)

    def wrapper(self, target: Any, function: str) -> Callable[..., Any] | None:
        """What stands for a function of a module, `None` if nothing does."""
        found = self.wrappers.get((id(target), function))
        return None if found is None else found[1]


def versions() -> Loaded:
    """What the current simulation has loaded."""
    found: Loaded = here().extension(LOADED, Loaded)
    return found


def _versions() -> Loaded | None:
    """The same, `None` outside of every simulation."""
    world = thread.world
    if world is None:
        return None
    found: Loaded | None = world.extensions.get(LOADED)
    return world.extension(LOADED, Loaded) if found is None else found


@overload
def module(target: T, /) -> T: ...
@overload
def module(*, name: str) -> Callable[[T], T]: ...
def module(target: Any = None, /, *, name: str | None = None) -> Any:
    """Make a class (or any namespace) known as a module; its atom is its name in snake_case.

    `@erlsim.module` or `@erlsim.module(name="atom")`. This declares it, for every simulation. What a function makes
    while a simulation is current (a class inside a function) is known to that simulation alone.
    """
    if target is None:
        assert name is not None
        return lambda given: _known(name, given)
    return _known(_snake(getattr(target, "__name__", type(target).__name__)), target)


def _known(name: str, target: Any) -> Any:
    mine = _versions()
    if mine is not None and not _is_declaration(target):
        mine.load(name, target)
        return target
    setattr(target, GIVEN_NAME, name)
    _declared[name] = [each for each in _declared.get(name, ()) if _origin(each) != _origin(target)] + [target]
    if mine is not None and name in mine.by_name:
        mine.load(name, target)
    return target


def _is_declaration(target: Any) -> bool:
    """Whether a file or a notebook's cell says it, not a function that runs: an import is done once for all."""
    return isinstance(target, ModuleType) or (isinstance(target, type) and "<locals>" not in target.__qualname__)


def _origin(target: Any) -> tuple[Any, ...]:
    """Where a declaration stands: the same place again is a new version of it."""
    if isinstance(target, ModuleType):
        return (ModuleType, target.__name__)
    place = target if isinstance(target, type) else type(target)
    return (isinstance(target, type), place.__module__, place.__qualname__)


def load(name: str, target: Any) -> Any:
    """Make `target` the module `name`, in place of the version that had the name before; returns `target`.

    Only the current simulation knows of it; `NoSimulation` if there is none.
    """
    _inside().load(name, target)
    return target


def purge(name: str) -> bool:
    """Forget what `load` put under `name`: whether there was anything. A declared module is found again after that.

    `NoSimulation` where none is current.
    """
    mine = _inside()
    mine.generation += 1
    return mine.by_name.pop(name, None) is not None


def _inside() -> Loaded:
    try:
        return versions()
    except NoSimulation as exc:
        exc.add_note("to make a module known to every simulation, declare it: erlsim.module(name=...)(the_module)")
        raise


def loaded(name: str) -> Any:
    """What the current simulation has loaded under `name`, or else what is declared, or `None`."""
    mine = _versions()
    if mine is not None and name in mine.by_name:
        return mine.by_name[name]
    declared = _declared.get(name, ())
    if len(declared) != 1:
        return None
    if mine is not None:
        # As on a node, where a file that changes later changes nothing that is loaded.
        mine.by_name[name] = declared[0]
    return declared[0]


def wrap(module_: Term, function_name: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Let `wrapper(function)` stand for a function of a module wherever the current simulation calls it by name.

    Behaviours call their callbacks so, and supervisors the start functions of children; a plain Python call of the
    function is what it always was. `ErlsimError` if there is no such function. For test kits; OTP has `meck`.
    """
    target = resolve(module_)
    mine = versions()
    found = mine.wrapper(target, function_name) or getattr(target, function_name, None)
    if not callable(found):
        raise ErlsimError(f"{name(module_)!r} has no function {function_name!r}")
    mine.wrap(target, function_name, wrapper(found))


def is_module(term: Term) -> bool:
    """Whether `term` may stand where Erlang expects a module: an atom, a Python module, class or instance."""
    kind = type(term)
    if kind is str or kind is type or kind is ModuleType:
        return True
    return isinstance(term, (str, bool)) or not isinstance(term, _NO_MODULES)


def is_call(module_: Term, function_name: Term, args: Term) -> bool:
    """Whether three terms may stand for a call: a module, a function's name and a list of arguments."""
    return is_module(module_) and isinstance(function_name, (str, bool)) and type(args) is list


def resolve(name: Term, searching: bool = True) -> Any:
    """The Python object behind a module; `error:undef` for an atom that stands for nothing.

    What `search` was given is asked last, if at all. `ErlsimError` for one that different places declare, where the
    simulation has loaded none of them.
    """
    if not isinstance(name, str):
        return name
    mine = _versions()
    if mine is not None and (found := mine.by_name.get(name)) is not None:
        return found
    found = loaded(name) if name in _declared else None
    if found is None:
        _check_declared_once(name)
        found = _ours(name) if mine is None else mine.own(name)
    if found is None and mine is not None and searching:
        found = _searched(name, mine)
    if found is None:
        raise _undefined(name, "module_info", [], None)
    return found


def _searched(name: str, mine: Loaded) -> Any:
    for finder in mine.finders:
        found = finder(name)
        if found is not None:
            mine.load(name, found)
            return found
    return None


def search(finder: Callable[[str], Any]) -> None:
    """Let `finder(name)` say what an atom stands for in the current simulation that nothing else knows.

    It gives a module, which is loaded then, or `None`. What a code path is to a node; `NoSimulation` if there is none.
    """
    _inside().finders.append(finder)


def _check_declared_once(name: str) -> None:
    declared = _declared.get(name, ())
    if len(declared) > 1:
        places = " and ".join(sorted(".".join(map(str, _origin(each)[1:])) for each in declared))
        raise ErlsimError(
            f"the atom {name!r} is declared by {places}: give one of them another name, "
            f"or say with code.load({name!r}, ...) which one the simulation has"
        )


def _unable(reason: str, entry: Term) -> Error:
    """The error of a call that cannot be made, whose stack is that of the caller beneath `entry`."""
    error = Error(reason, [entry])
    error.is_of_caller = True
    return error


def _undefined(module_: Term, function_name: Term, args: Term, found: Any) -> Error:
    """`error:undef`; an atom that nobody knows (`found` is `None`) tells how to make it known."""
    error = _unable("undef", (name(module_), function_name, args, []))
    if found is None:
        error.add_note(_HOW.format(name(module_)))
    return error


def _ours(name: str) -> ModuleType | None:
    """The module of erlsim or on top of it that an atom stands for."""
    paths = _paths(name)
    for path in paths:
        if path in sys.modules:
            return sys.modules[path]
    for path in paths:
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
    given = given_name(target)
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
        found = None
    if not callable(found) or not takes(found, arity):
        return _of_library(module_, function_name, arity) is not None
    return function_name not in releases.NEW or not releases.lacks(name(module_), function_name, arity)


def function(module_: Term, function_name: str, arity: int, args: list[Term] | None = None) -> Callable[..., Any]:
    """The function `module:function_name/arity`; `error:undef` naming it (with `args`) if there is none.

    `error:badarg` for what is no module or no name of a function.
    """
    world = thread.world
    mine: Loaded | None = None if world is None else world.extensions.get(LOADED) or _versions()
    if mine is not None and not mine.wrappers and type(function_name) is str:
        # Nearly every call is of a plain function: of a class, or of a module that was asked for before.
        known: Any = None
        if type(module_) is type:
            known = module_
        elif type(module_) is str:
            known = mine.by_name.get(module_)
            if known is None and module_ not in _declared:
                known = mine.ours.get(module_) or mine.own(module_)
        plain = getattr(known, function_name, None)
        if type(plain) is FunctionType and not plain.__dict__:
            taken = plain.__code__
            if taken.co_argcount == arity or (taken.co_flags & _VARIADIC and taken.co_argcount <= arity):
                return plain
    return _function(module_, function_name, arity, args)


def _function(module_: Term, function_name: str, arity: int, args: list[Term] | None) -> Callable[..., Any]:
    """As `function`, of any callable of any module."""
    undefined = arity if args is None else args
    if not isinstance(function_name, (str, bool)) or not is_module(module_):
        raise _unable("badarg", ("erlang", "apply", [module_, function_name, undefined], []))
    found = target = None
    mine = _versions()
    if isinstance(function_name, str):
        try:
            target = resolve(module_)
        except Error:
            target = None  # Nothing is known by that name, and may yet be in the library.
        if target is not None:
            found = getattr(target, function_name, None)
            if found is None:
                found = getattr(target, function_name + "_", None)
    if found is None or not callable(found) or not takes(found, arity):
        handler = getattr(target, UNDEFINED_HANDLER[0], None)
        if callable(handler) and takes(handler, UNDEFINED_HANDLER[1]):
            return handled(handler, function_name)
        supplied = _of_library(module_, function_name, arity)
        if supplied is not None:
            return supplied
        raise _undefined(module_, function_name, undefined, target)
    checked: Callable[..., Any] = found
    return checked if mine is None or not mine.wrappers else mine.wrapper(target, function_name) or checked


def _of_library(module_: Term, function_name: Term, arity: int) -> Callable[..., Any] | None:
    """A function of OTP's that only the library for Erlang code has; `None` if it has not, or if the simulation has a
    module of its own under that name.

    That library lies above this module and takes long to import, so it is asked for by its name, and when it is needed.
    """
    if not isinstance(module_, str) or module_ not in _OF_LIBRARY or loaded(module_) is not None:
        return None
    found: Callable[..., Any] | None = importlib.import_module(_LIBRARY).supplied(module_, function_name, arity)
    return found


def handled(handler: Callable[..., Any], function_name: Term) -> Callable[..., Any]:
    """What stands for a function that a module lacks: its handler, called with the name and a list of the arguments."""
    return lambda *args: handler(function_name, list(args))


# `terms` reads and prints such funs, and has no way to find their code.
ExportedFun.find = staticmethod(function)


def takes(function_: Callable[..., Any], arity: int) -> bool:
    """Whether a callable can be called with `arity` positional arguments."""
    # Nearly every function that is asked for has just so many, and no attributes of its own.
    if type(function_) is FunctionType and function_.__code__.co_argcount == arity and not function_.__dict__:
        return True
    low, high = arities(function_)
    return low <= arity <= high


def arities(function_: Callable[..., Any]) -> tuple[int, int]:
    """The fewest and the most positional arguments that a callable takes."""
    plain: Any = function_
    bound = 0
    if type(plain) is MethodType:
        plain, bound = plain.__func__, 1
    # Nearly every function has no attributes of its own.
    if type(plain) is FunctionType and not (plain.__dict__ and any(name in plain.__dict__ for name in _WRAPPED)):
        code, defaults = plain.__code__, plain.__defaults__
        high = code.co_argcount - bound if code.co_argcount else 0
        low = max(high - len(defaults), 0) if defaults else high
        return low, 255 if code.co_flags & _VARIADIC else high
    return _signature_arities(function_)


def _signature_arities(function_: Callable[..., Any]) -> tuple[int, int]:
    """The same of what is no plain function: a class, a partial, an object with `__call__`."""
    import inspect

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
    result = function(module_, function_name, len(args), args)(*args)
    return await result if isinstance(result, _AWAITABLE) else result


async def finish(result: Any) -> Term:
    """The value of a call that may have been to an `async` function."""
    return await result if isinstance(result, _AWAITABLE) else result


@lru_cache(maxsize=256)
def _paths(name: str) -> tuple[str, ...]:
    """Where a module of that name may be found."""
    if not name.isidentifier():
        return ()
    return (name,) if name in _ON_TOP else tuple(home.format(name) for home in _HOMES)


@lru_cache(maxsize=4096)
def _snake(camel: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", camel).lower()
