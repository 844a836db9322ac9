"""Funs that are called, and tail calls.

A compiled function is plain or a coroutine function. A coroutine may return a `Tail`: the tail call that its caller
is to make, so that a loop of any length, through any number of functions, keeps the stack as it is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import BuiltinFunctionType, CoroutineType, FunctionType, MethodType
from typing import Any

from erlsim import code, erlang
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import Failed
from erlsim.errors import ErlsimError
from erlsim.terms import Term

__in_stacks__ = False

Function = Callable[..., Any]
_FUNS = (FunctionType, MethodType, BuiltinFunctionType)
receive = erlang.receive


class Tail:
    """A tail call that the caller is to make."""

    __slots__ = ("args", "function")

    def __init__(self, function: Function, args: tuple[Term, ...]) -> None:
        self.function = function
        self.args = args


async def finish(result: Any) -> Term:
    """What a call comes to: coroutines are awaited and tail calls made, until there is a value."""
    while True:
        if type(result) is CoroutineType:
            result = await result
        elif type(result) is Tail:
            result = result.function(*result.args)
        else:
            return result


def finish_plain(result: Any) -> Term:
    """The same of plain functions."""
    while type(result) is Tail:
        result = result.function(*result.args)
    return result


def plain(result: Any) -> Any:
    """The value of a call in a plain function: it must not have to wait."""
    if type(result) is CoroutineType:
        return _at_once(result)
    return finish_plain(result) if type(result) is Tail else result


def _at_once(call: CoroutineType[Any, Any, Any]) -> Any:
    """The value of a call that may wait, and does not: a version that is loaded later may be less sure of that."""
    whole = finish(call)
    try:
        whole.send(None)
    except StopIteration as done:
        return done.value
    whole.close()
    raise ErlsimError(
        f"{call.cr_code.co_name} waits now and could not when its caller was compiled: load the caller again"
    )


def is_fun(term: Term) -> bool:
    """`is_function/1`."""
    return type(term) in _FUNS or (callable(term) and not isinstance(term, type))


def may_wait(function: Any) -> bool:
    """Whether calling a fun may give a coroutine."""
    return inspect.iscoroutinefunction(function) or bool(getattr(function, "__may_wait__", False))


def apply_fun(fun: Any, args: tuple[Term, ...] | list[Term]) -> Any:
    """`Fun(Args...)`: a value, a coroutine or a tail call."""
    if not is_fun(fun):
        raise Failed(("badfun", outward(fun)))
    try:
        return fun(*args)
    except TypeError as exc:
        if exc.__traceback__ is not None and exc.__traceback__.tb_next is None and not code.takes(fun, len(args)):
            raise Failed(("badarity", (fun, outward(list(args))))) from None
        raise


def compiled(module: Any) -> dict[tuple[Any, int], Function] | None:
    """The functions of a compiled module as compiled code calls them; `None` for a Python module."""
    return getattr(module, "__compiled__", None)
