"""The functions that compiled code may call without an Erlang source: ours for it, and erlsim's own modules.

A library module is a Python module here: each of its public functions stands for the Erlang function of its name
(a trailing `_` aside) and of each arity that it takes. It gets lists as compiled code has them. Functions of erlsim's
own modules get Python lists (`bordered`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from types import CoroutineType, ModuleType
from typing import Any

from erlsim import code
from erlsim.erl.compiling.inferring.colours import ASYNC, PLAIN
from erlsim.erl.library import standing
from erlsim.erl.running.calls import compiled, may_wait
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import Failed
from erlsim.errors import Error, stack_of
from erlsim.terms import ATOMIC, Term

__in_stacks__ = False
__stands_for__ = standing.entries_of

Function = Callable[..., Any]
_ANY = 255


def table_of(module: ModuleType) -> dict[tuple[str, int], Function]:
    """The functions of a library module by Erlang name and arity."""
    found: dict[tuple[str, int], Function] = dict(getattr(module, "MORE", {}))
    for name, function in vars(module).items():
        if name.startswith("_") or getattr(function, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(function):
            low, high = code.arities(function)
            # What takes any number of arguments says in MORE how many there may be.
            for arity in range(low, high + 1) if high < _ANY else ():
                found[name.rstrip("_"), arity] = function
    return found


def applying(*places: int) -> Callable[[Function], Function]:
    """A function that applies the funs in some of its arguments: a generator that yields `(fun, argument...)`.

    It is sent the value of each call. If a fun may wait, so may the function: then calling it gives a coroutine.
    """

    def decorate(steps: Function) -> Function:
        @wraps(steps)
        def call(*args: Term) -> Any:
            for place in places:
                if may_wait(args[place]):
                    return _awaited(steps(*args))
            return _run(steps(*args))

        call.__colour__ = frozenset(places)  # type: ignore[attr-defined]
        return call

    return decorate


def _run(steps: Any) -> Any:
    is_later = False
    try:
        wanted = next(steps)
        while True:
            function, *args = wanted
            result = function(*args) if callable(function) else _no_fun(function)
            if type(result) is CoroutineType:
                return _awaited(steps, result, is_later)
            is_later = True
            wanted = steps.send(result)
    except StopIteration as stop:
        return stop.value


async def _awaited(steps: Any, waiting: Any = None, is_later: bool = False) -> Any:
    try:
        wanted = next(steps) if waiting is None else steps.send(await waiting)
        is_later = waiting is not None
        while True:
            function, *args = wanted
            result = function(*args) if callable(function) else _no_fun(function)
            if type(result) is CoroutineType:
                result = await result
            is_later = True  # noqa: F841 - for stacks
            wanted = steps.send(result)
    except StopIteration as stop:
        return stop.value


def _no_fun(term: Term) -> Any:
    raise Error(("badfun", outward(term)))


def colour_of(function: Function) -> Any:
    """The colour of a Python function."""
    given = getattr(function, "__colour__", None)
    if given is not None:
        return given
    return ASYNC if may_wait(function) else PLAIN


def bordered(function: Function) -> Function:
    """A Python function that is given Python lists, whatever compiled code hands to it."""

    @wraps(function)
    def call(*args: Term) -> Any:
        return function(*[arg if type(arg) in ATOMIC else outward(arg) for arg in args])

    if inspect.iscoroutinefunction(function):
        call.__may_wait__ = True  # type: ignore[attr-defined]
    return call


def bif(function: Function, module: str, name: str) -> Function:
    """As `bordered`, of a BIF: what it fails with tells its arguments, as the BEAM's stacks do."""
    bare = bordered(function)
    if may_wait(bare):
        return bare

    @wraps(function)
    def call(*args: Term) -> Any:
        try:
            return bare(*args)
        except Error as exc:
            if type(exc) is not Error or exc._stack is not None:
                raise
            stack = stack_of(exc)
            if (module, name) not in [entry[:2] for entry in stack]:
                raise
            failed = Failed(exc.reason, stack[0])
            failed.beneath = stack[1:]
            raise failed from None

    return call


def resolve(module: Term, searching: bool = True) -> Any:
    """What stands for a module; `None` if nothing does."""
    try:
        return code.resolve(module, searching)
    except Error:
        return None


def has(module: Any, function: Term, arity: int) -> bool:
    """Whether a Python module has a function."""
    if compiled(module) is not None or type(function) is not str or function.startswith("_"):
        return False
    found = getattr(module, function, None) or getattr(module, function + "_", None)
    return callable(found) and not inspect.isclass(found) and code.takes(found, arity)
