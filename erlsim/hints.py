"""What lies behind a reason: what to write instead where the slip is Python's, and which function it was.

An Erlang programmer who gets `badarg` knows what it means; who comes from Python has given the call of a function in
place of the function, or a method. And `bad_return_value` does not say who has returned it. A note on the exception
says so in the traceback, in the command line's words and in pytest's report. No term and no report of Erlang's is
another for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from types import CodeType, CoroutineType
from typing import Any

from erlsim import code
from erlsim._kernel import here, thread
from erlsim.errors import ErlangException, Error
from erlsim.terms import Term, chars, exact_eq, format, matchable

TOLD = "hints"
# So many reasons are remembered, and a reason is looked for so deep inside of others.
MOST_TOLD = 100
DEEPEST = 6
LONGEST = 200
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


def tell(reason: Term, hint: str) -> None:
    """Note down for the current simulation what is behind a reason that does not say it: see `of_reason`."""
    here().extension(TOLD, lambda: deque(maxlen=MOST_TOLD)).append((reason, hint))


def of_reason(reason: Term) -> str | None:
    """What is behind a reason such as `("undef", [(module, function, args, _), ...])`, if that is known.

    The reason may be inside of another one, as in `(reason, ("gen_server", "call", args))`.
    """
    told = thread.world.extensions.get(TOLD, ()) if thread.world is not None else ()
    for each in _reasons_in(reason, DEEPEST):
        hint = next((hint for known, hint in reversed(told) if exact_eq(known, each)), None) or _of_stack(each)
        if hint is not None:
            return hint
    return None


def _reasons_in(reason: Term, deepest: int) -> Iterator[Term]:
    yield reason
    if type(reason) is tuple and deepest:
        for part in reason:
            if type(part) is tuple:
                yield from _reasons_in(part, deepest - 1)


def _of_stack(reason: Term) -> str | None:
    match matchable(reason):
        case ("undef", [(module, str() as function, args, _), *_]):
            return of_undefined(module, function, len(args) if isinstance(args, list) else args)
        case ("function_clause", [(module, str() as function, list() as args, list() as place), *_]) if place:
            shown = cut(", ".join(format("~0tp", [each]) for each in args))
            why = ", or it returned nothing" if _file(place).endswith(".py") else ""
            return f"no case of {module}:{function}/{len(args)} ({_words(place)}) matches ({shown}){why}"
    return None


def bad_return(module: Term, function: str, arity: int, answer: Term, allowed: str) -> str:
    """Which callback has returned something that is none of its values."""
    place = location(module, function)
    where = f" ({_words(place)})" if place else ""
    slip = ", and a list is no tuple" if type(answer) is list else ""
    shown = cut(format("~0tp", [answer]))
    return f"{code.name(module)}:{function}/{arity}{where} returned {shown}{slip}; its values are {allowed}"


def location(module: Term, function: str) -> list[Term]:
    """Where a function written in Python begins, as stacks have it: `[("file", chars), ("line", n)]`, or nothing."""
    try:
        found = getattr(code.resolve(module), function, None)
    except Error:
        return []
    return location_of(found)


def location_of(function: Any) -> list[Term]:
    """The same of the function itself."""
    import inspect

    found = inspect.unwrap(function) if callable(function) else None
    found = getattr(found, "func", found)
    where = getattr(getattr(found, "__func__", found), "__code__", None)
    if not isinstance(where, CodeType):
        return []
    return [("file", chars(where.co_filename.rpartition("/")[2])), ("line", where.co_firstlineno)]


def _file(place: list[Term]) -> str:
    return "".join(map(chr, dict(place).get("file", [])))


def _words(place: list[Term]) -> str:
    return f"{_file(place)}:{dict(place).get('line')}"


def cut(text: str) -> str:
    """A text that is not too long for a hint."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def of_undefined(module: Term, function: str, arity: int) -> str | None:
    """Why `module:function/arity` does not exist, if the slip is Python's."""
    import inspect

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
    """What is behind an exception, if that is known."""
    if isinstance(exc, ErlangException):
        return of_reason(exc.reason)
    if isinstance(exc, TypeError) and str(exc).endswith(_AWAIT):
        return "only what may wait is awaited (receive, call, start_link, sleep ...): leave out this await"
    return None


def add_to(exc: BaseException) -> None:
    """Add to an exception what is behind it as notes, unless it says so already."""
    lines = explanation_of(exc.reason) if isinstance(exc, ErlangException) else []
    hint = of_exception(exc)
    for line in lines if hint is None else [*lines, hint]:
        if line not in getattr(exc, "__notes__", ()):
            exc.add_note(line)


def explanation_of(reason: Term) -> list[str]:
    """What OTP says of the arguments that were wrong where a reason such as `("badarg", stack)` comes from."""
    for each in _reasons_in(reason, DEEPEST):
        if type(each) is tuple and len(each) == 2 and type(each[1]) is list and Error.explained is not None:
            lines = Error.explained(*each)
            if lines:
                return lines
    return []


def function_name(function: Any) -> str:
    """What to call a function, or whatever is called as one, without Python's address of it."""
    if isinstance(function, partial):
        return function_name(function.func)
    name = str(getattr(function, "__name__", type(function).__name__))
    if name != "<lambda>":
        return name
    place = location_of(function)
    return f"the lambda of {_words(place)}" if place else "a lambda"


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?`, if one of the known names is like `name`; else nothing."""
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=LIKE)
    return f"; did you mean {near[0]!r}?" if near else ""
