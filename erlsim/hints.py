"""What to write instead, where the slip is Python's: notes on exceptions, beside the Erlang term in them.

An Erlang programmer who gets `badarg` knows what it means; who comes from Python has given the call of a function in
place of the function, or a method. A note says so in the traceback, in the command line's words and in pytest's
report. No term and no report of Erlang's is another for it.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable
from types import CoroutineType
from typing import Any

from erlsim import code
from erlsim.errors import Error
from erlsim.terms import Term, matchable

# A wrong name is one of these by a slip if it is as like as that.
LIKE = 0.6
_AWAIT = "can't be used in 'await' expression"


def badarg(hint: str) -> Error:
    """`error:badarg` with a hint."""
    error = Error("badarg")
    error.add_note(hint)
    return error


def called_function(coroutine: CoroutineType[Any, Any, Any]) -> Error:
    """A function's call stands where the function should: `spawn(worker(1))`. The coroutine will not be awaited."""
    name = coroutine.__name__
    coroutine.close()
    return badarg(f"give the function, not its call: {name}, or {name} and a list of its arguments, not {name}(...)")


def of_reason(reason: Term) -> str | None:
    """What is behind a reason such as `("undef", [(module, function, args, _), ...])`, if that is known."""
    match matchable(reason):
        case ("undef", [(module, str() as function, args, _), *_]):
            return of_undefined(module, function, len(args) if isinstance(args, list) else args)
    return None


def of_undefined(module: Term, function: str, arity: int) -> str | None:
    """Why `module:function/arity` does not exist, if the slip is Python's."""
    try:
        target = code.resolve(module)
    except Error as unknown:
        return "; ".join(getattr(unknown, "__notes__", ())) or None
    found = inspect.getattr_static(target, function, None)
    if not inspect.isfunction(found):
        return None
    parameters = list(inspect.signature(found).parameters)
    if parameters[:1] == ["self"] and code.takes(found, arity + 1):
        return f"{found.__qualname__} takes self: a module has functions, no methods; write def {function} without it"
    return f"{found.__qualname__} takes {len(parameters)} arguments and was called with {arity}"


def of_exception(exc: BaseException) -> str | None:
    """What is behind an exception of Python's own, if that is known."""
    if isinstance(exc, TypeError) and str(exc).endswith(_AWAIT):
        return "only what may wait is awaited (receive, call, start_link, sleep ...): leave out this await"
    return None


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?`, if one of the known names is like `name`; else nothing."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=LIKE)
    return f"; did you mean {near[0]!r}?" if near else ""
