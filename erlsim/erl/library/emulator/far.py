"""`rpc` and `erpc` for compiled code: they call functions, too, that erlsim's library has for Erlang alone.

The modules themselves are Python's, who does not know these functions: such a one is handed over as a fun.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from types import CoroutineType
from typing import Any

from erlsim import code
from erlsim.erl.running.cells import outward
from erlsim.otp import erpc, rpc
from erlsim.terms import ATOMIC, Term

__in_stacks__ = False

Function = Callable[..., Any]
# Where the module stands among the arguments of each function, by how many there are.
_PLACES: dict[str, dict[str, dict[int, int]]] = {
    "rpc": {
        "call": {4: 1, 5: 1},
        "block_call": {4: 1, 5: 1},
        "cast": {4: 1},
        "multicall": {3: 0, 4: 1, 5: 1},
        "eval_everywhere": {3: 0, 4: 1},
    },
    "erpc": {
        "call": {4: 1, 5: 1},
        "cast": {4: 1},
        "multicall": {4: 1, 5: 1},
        "multicast": {4: 1},
        "send_request": {4: 1},
    },
}


def tables(library: Callable[[Term, Term, int], Function | None]) -> dict[str, dict[tuple[str, int], Function]]:
    """The functions of both modules that take the name of a function; `library` gives those that Python lacks."""
    return {
        name: {
            (each, arity): _reaching(getattr(module, each), place, library)
            for each, places in _PLACES[name].items()
            for arity, place in places.items()
        }
        for name, module in (("rpc", rpc), ("erpc", erpc))
    }


def _reaching(function: Function, place: int, library: Callable[[Term, Term, int], Function | None]) -> Function:
    @wraps(function)
    def call(*args: Term) -> Any:
        given = [arg if type(arg) in ATOMIC else outward(arg) for arg in args]
        at = place
        if type(given[0]) is str and function is rpc.multicall and len(given) == 4:
            # `multicall(Module, Function, Args, Timeout)`.
            at = 0
        module, name, arguments = given[at : at + 3]
        given[at : at + 3] = _known_to_python(module, name, arguments, library)
        return function(*given)

    if inspect.iscoroutinefunction(function):
        call.__may_wait__ = True  # type: ignore[attr-defined]
    return call


def _known_to_python(
    module: Term, function: Term, args: Term, library: Callable[[Term, Term, int], Function | None]
) -> list[Term]:
    is_call = type(module) is str and type(function) is str and type(args) is list
    if not is_call or code.function_exported(module, function, len(args)):
        return [module, function, args]
    found = library(module, function, len(args))
    return [module, function, args] if found is None else ["erlang", "apply", [_outside(found), args]]


def _outside(function: Function) -> Function:
    """A function of the library as Python calls it."""

    async def call(*args: Term) -> Term:
        value = function(*args)
        return outward(await value if isinstance(value, CoroutineType) else value)

    return call
