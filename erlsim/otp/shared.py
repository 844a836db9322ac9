"""Small things that several behaviours need: option lists, guards, calls of callbacks.

No OTP module stands behind this one; what is here mirrors guards and BIFs that Erlang code writes inline.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CoroutineType
from typing import NoReturn

from erlsim import code, erlang, hints, releases
from erlsim.errors import (
    DEEPEST,
    ErlangException,
    ErlsimError,
    Error,
    Throw,
    caught_within,
    module_atom,
    pass_on,
    stack_from,
)
from erlsim.otp.standing import entry
from erlsim.terms import Pid, Term

__in_stacks__ = False

MAX_TIMEOUT = 4294967295


def is_timeout(value: Term) -> bool:
    """The guard of a timeout: `"infinity"` or an integer from 0 up (milliseconds)."""
    kind = type(value)
    return value >= 0 if kind is int else kind is str and value == "infinity"


def is_atom(value: Term) -> bool:
    """`is_atom/1`: strings, `True` and `False`."""
    return isinstance(value, (str, bool))


def keyfind(key: str, pairs: Term, default: Term = None) -> Term:
    """The value of the first two-tuple with `key` in an option list, else `default`; `badarg` for no list."""
    if type(pairs) is not list:
        raise Error("badarg")
    for pair in pairs:
        if type(pair) is tuple and len(pair) == 2 and type(pair[0]) is str and pair[0] == key:
            return pair[1]
    return default


def arity(fun: Callable[..., Term]) -> int:
    """How many positional arguments `fun` takes at most."""
    from inspect import Parameter, signature

    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return sum(parameter.kind in kinds for parameter in signature(fun).parameters.values())


def fun_mfa(fun: Callable[..., Term]) -> tuple[str, str, int]:
    """`erlang:fun_info_mfa/1`: module, name and arity of a fun."""
    module = module_atom(getattr(fun, "__module__", None) or "erl_eval")
    name = getattr(fun, "__qualname__", type(fun).__name__)
    try:
        return (module, name, arity(fun))
    except (TypeError, ValueError):
        return (module, name, 0)


def exported(module: Term, function: str, number: int) -> bool:
    """`erlang:function_exported/3`, for modules in any of their shapes."""
    return bool(code.function_exported(module, function, number))


def is_loaded(module: Term) -> bool:
    """Whether `module` stands for anything."""
    try:
        code.resolve(module)
    except ErlangException:
        return False
    return True


def is_orderly(reason: Term) -> bool:
    """Whether a process that exits with `reason` ends in good order: normal, shutdown, `("shutdown", _)`."""
    if type(reason) is tuple:
        return len(reason) == 2 and type(reason[0]) is str and reason[0] == "shutdown"
    return type(reason) is str and reason in ("normal", "shutdown")


def check_report(report: Term, module: str, *labels: str) -> None:
    """`function_clause` for what is no report of `module` with one of these labels."""
    label = report.get("label") if isinstance(report, dict) else None
    if type(label) is not tuple or label not in [(module, each) for each in labels]:
        raise Error("function_clause", [(module, "format_log", [report], [])])


def by_name(module: Term) -> Term:
    """`module` as an atom where the atom stands for it, so that a version loaded later takes its place."""
    if isinstance(module, str) or not code.is_module(module):
        return module
    name = code.name(module)
    return name if code.loaded(name) is module else module


def finish_now(value: Term) -> Term:
    """As `code.finish`, where nothing can be awaited: a callback that parks is refused."""
    if type(value) is not CoroutineType:
        return value
    try:
        value.send(None)
    except StopIteration as done:
        return done.value
    value.close()
    raise ErlsimError(f"{value.__qualname__} waits, but it was called by a function that never does")


def no_clause(module: Term, function: str, args: list[Term], fun: Term = None) -> Error:
    """What a callback, or a fun, fails with that returned `None`: no clause of it matched."""
    place = hints.location(module, function) if fun is None else hints.location_of(fun)
    return Error("function_clause", [(code.name(module), function, args, place), *stack_here()])


def undef(module: Term, function: str) -> Callable[..., NoReturn]:
    """A function that fails as a missing one does, naming what was called and with what."""

    def missing(*args: Term) -> NoReturn:
        raise Error("undef", [(code.name(module), function, list(args), []), *stack_here()])

    return missing


def stack_here(decides: str = "", module: str = "gen_server") -> list[Term]:
    """The stack of who calls this; `decides`, `"init_result/8"`, is the function of `module` in which OTP ends."""
    beneath = stack_from(sys._getframe(1))
    return ([entry(module, decides), *beneath] if decides else beneath)[:DEEPEST]


async def apply_fun(fun: Callable[..., Term], *args: Term) -> Term:
    """Call a fun of either colour; one that falls through without a value has no matching clause."""
    if not callable(fun) or isinstance(fun, str):
        raise Error(("badfun", fun))
    if not code.takes(fun, len(args)):
        raise Error(("badarity", (fun, list(args))))
    value = fun(*args)
    if type(value) is CoroutineType:
        value = await value
    if value is None:
        module, name, _ = fun_mfa(fun)
        raise no_clause(module, name, list(args), fun)
    return value


async def catch(module: Term, function: str, *args: Term) -> Term:
    """`catch Module:Function(Args)`: the value, what was thrown, or `("EXIT", reason)`.

    Written without helper functions, as every child of a supervisor is started by it.
    """
    try:
        value = code.function(module, function, len(args), list(args))(*args)
        if type(value) is CoroutineType:
            value = await value
        if value is None:
            raise no_clause(module, function, list(args))
        return value
    except Throw as thrown:
        return thrown.reason
    except Exception as failure:
        pass_on(failure)
        kind, reason, stack = caught_within(failure)
        return ("EXIT", reason if kind == "exit" else (reason, stack))


# ---- what behaviours say of their start and of their end ----------------------------------------


def tell_failure(starter: Pid, answer: Term) -> None:
    """Tell who started the caller that the start has failed with `answer`; since OTP 26 he goes on when it is dead."""
    erlang.send(starter, ("nack" if releases.since(26) else "ack", erlang.self(), answer))


def tell_reason(starter: Pid, reason: Term) -> None:
    """Tell who started the caller that it is going to end with `reason`; since OTP 26 its end tells him."""
    if not releases.since(26):
        tell_failure(starter, ("error", reason))


def labelled(report: dict[str, Term]) -> dict[str, Term]:
    """The report of a behaviour on its end; since OTP 27 with the label that its process has."""
    return {**report, "process_label": erlang.get("$process_label")} if releases.since(27) else report


def label_of(report: dict[str, Term]) -> list[Term]:
    """The label in such a report, if the process has one."""
    label = report.get("process_label", "undefined")
    return [] if type(label) is str and label == "undefined" else [label]
