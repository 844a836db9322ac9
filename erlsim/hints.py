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
        hint = next((hint for known, hint in reversed(told) if exact_eq(known, each)), None)
        hint = hint or _of_stack(each) or _of_slip(each)
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
        return of_reason(exc.reason) or _of_name(exc)
    return _of_python(exc)


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


# ---- slips in the arguments of a BIF


def of_arguments(function: str, args: list[Term], wrong: dict[int, str]) -> list[str]:
    """What to write instead of arguments that are wrong: `wrong` is what OTP says of each, by its number."""
    found = [
        _of_argument(function, number, args[number - 1], words)
        for number, words in wrong.items()
        if number <= len(args)
    ]
    return [hint for hint in found if hint]


def _of_argument(function: str, number: int, value: Any, words: str) -> str:
    if value is None:
        return 'None is no term of Erlang: the atom is "undefined"; or has a function returned nothing?'
    if isinstance(value, CoroutineType) and words != "not a fun":
        return f"an await is missing: await {value.__name__}(...)"
    if isinstance(value, str):
        return _of_atom(function, value, words)
    if isinstance(value, float) and words == "not an integer":
        return f"whole numbers only, and time is in milliseconds: {round(value)}, not {value!r}"
    if function.startswith("insert") and "tuple" in words:
        row = tuple(value) if isinstance(value, list) else next(iter(value.items()), ("key", "value"))
        return f"a row is a tuple, and the first element its key: {row!r}, not {value!r}"
    if function.startswith("spawn") and words == "not a list":
        return f"the arguments are a list: [{value!r}]"
    return ""


def _of_atom(function: str, value: str, words: str) -> str:
    if words == "not a binary":
        return f"{value!r} is an atom here; the binary is b{value!r}"
    if words == "invalid destination" or (function == "unregister" and words == "not a pid"):
        return f"nobody is registered as {value!r}{nearest(value, _names())}"
    if words in ("not a pid", "not a pid or port"):
        return f"{value!r} is a name; its pid is erlang.whereis({value!r})"
    if words.endswith("existing ETS table"):
        return (
            f'a table goes by its name only with the option "named_table"; else take what ets.new({value!r}, []) gave'
        )
    if value in ("true", "false"):
        return f'{value} is a value of Python here: {value.capitalize()}, not "{value}"'
    if function.startswith("spawn") and words == "not a list":
        return f"the arguments are a list: [{value!r}]"
    return ""


def _names() -> list[str]:
    return [str(name) for name in thread.world.registry.names()] if thread.world is not None else []


# ---- slips behind a reason, or an exception of Python

_MS = "a timeout is a whole number of milliseconds, 0 or more, or 'infinity': 500 for half a second"
_NAME = '("local", "name")'
_ASYNCIO = (
    "nothing of asyncio runs in a simulation: timer.sleep(ms) for asyncio.sleep(seconds), erlang.spawn for tasks, "
    "erlsim.wait_for(event) for an event of simpy"
)
_SELF = "a process that calls itself would wait for its own answer: call the function, or cast the request"
_TAKEN = (
    "the name is taken, by what this cell or line started before perhaps: end that with gen_server.stop(name), or "
    "begin anew with erlsim.shell()"
)
_SPECS = {
    "missing_id": 'each childspec has an id: {"id": "name", "start": (module, function, [argument, ...])}',
    "missing_start": 'each childspec says how to start: {"id": "name", "start": (module, function, [argument, ...])}',
}


def _of_slip(reason: Term) -> str | None:
    match matchable(reason):
        case "timeout_value":
            return _MS
        case ("calling_self", _):
            return _SELF
        case ("already_started", _):
            return _TAKEN
        case ("noproc", (_, _, [str() as name, *_])):
            near = nearest(name, _names())
            return f"nobody is registered as {name!r}{near or ': not started, not under that name, or dead'}"
        case ("start_spec", str() as what):
            return _SPECS.get(what)
        case ("start_spec", ("invalid_mfa", (module, function, args))) if type(args) is not list:
            return f"the arguments of start are a list: ({module!r}, {function!r}, [{args!r}])"
        case ("bad_return", (module, "init", ("ok", list()))):
            return f'{module}:init/1 is a supervisor\'s and returns ("ok", (flags, childspecs)): no flags are {{}}'
    return None


def _of_python(exc: BaseException) -> str | None:
    """What is behind an exception of Python itself."""
    text = str(exc)
    if isinstance(exc, RuntimeError) and text == "no running event loop":
        return _ASYNCIO
    if not isinstance(exc, TypeError):
        return None
    if text.endswith(_AWAIT):
        return "only what may wait is awaited (receive, call, start_link, sleep ...): leave out this await"
    if "coroutine" in text:
        return "an await is missing before the call that gave this coroutine: await gen_server.call(...)"
    name, _, rest = text.partition("() ")
    if "argument" not in rest:
        return None
    if name.rpartition(".")[2] in ("start", "start_link"):
        return f"a name is one argument, a pair, and options are a list: start_link({_NAME}, module, argument, [])"
    return _signature(name)


def _signature(name: str) -> str | None:
    import inspect

    for module in ("erlang", "ets", "timer"):
        function = getattr(code.resolve(module), name, None) if thread.world is not None else None
        if inspect.isroutine(function):
            parameters = ", ".join(inspect.signature(function).parameters)
            return f"{module}.{name} takes ({parameters})"
    return None


def _of_name(exc: ErlangException) -> str | None:
    """A server is started under a name that is not in a pair."""
    if exc.reason != "function_clause":
        return None
    if exc.stack and exc.stack[0][:2] == ("gen", "where"):
        return f"a name is a pair: {_NAME}; an atom alone is none"
    return None
