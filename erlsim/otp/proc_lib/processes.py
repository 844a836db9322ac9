"""Processes with ancestors and an initial call, which report a crash and can go on elsewhere. Mirrors `proc_lib:spawn`.

Python has no tail calls: a process that must go on elsewhere for ever (OTP's loops) calls `become`, which
unwinds to the function here that runs the process and goes on from there, on an empty stack.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import CoroutineType, FrameType
from typing import Any, NoReturn

from erlsim import code, erlang, releases, supervision
from erlsim.errors import Error, Exit, caught_within, exit_reason, pass_on
from erlsim.otp.proc_lib.crashes import crash_report
from erlsim.otp.proc_lib.initial_calls import called, dummy_args
from erlsim.otp.shared import fun_mfa, is_atom, is_orderly, keyfind
from erlsim.otp.standing import standing
from erlsim.terms import Improper, Pid, Term

_FUN: Any = object()


def _base(frame: FrameType, _inner: FrameType | None) -> str:
    return "init_p/3" if frame.f_locals["function"] is _FUN else "init_p_do_apply/3"


__stands_for__ = standing("proc_lib", {"init_p": _base, "wake_up": "wake_up/3", "become": ""})


class Become(BaseException):
    """Unwinds a process to its base, which then runs `call`; never to be caught elsewhere."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__()
        self.call = call


def spawn(what: Term, *more: Term) -> Pid:
    """A process with a dictionary and crash reports: its pid.

    `spawn(fun)` or `spawn(module, function, args)`, or with a node before these. `function_clause` for other arguments.
    """
    return erlang.spawn(*_entry("spawn", [what, *more], [what, *more]))


def spawn_link(what: Term, *more: Term) -> Pid:
    """As `spawn`, linked to the caller."""
    return erlang.spawn_link(*_entry("spawn_link", [what, *more], [what, *more]))


def spawn_opt(what: Term, *more: Term) -> Term:
    """As `spawn`, with options as the last argument: a pid, or `(pid, ref)` with `monitor`."""
    given = [what, *more]
    call: Any = [*_entry("spawn_opt", given[:-1], given), given[-1]]
    return erlang.spawn_opt(*call)


async def init_p(parent: Term, ancestors: list[Term], module: Term, function: Term = _FUN, args: Term = None) -> None:
    """The first function of every process started here."""
    # In the order in which OTP's hash table lists the two keys, for who looks at the whole dictionary.
    call = fun_mfa(module) if function is _FUN else called(module, function, args)
    supervision.introduce(call)
    erlang.put("$initial_call", call)
    erlang.put("$ancestors", [parent, *ancestors])
    await _run(module if function is _FUN else partial(_apply, module, function, args))


def _apply(module: Term, function: str, args: list[Term]) -> Any:
    return code.function(module, function, len(args), args)(*args)


async def wake_up(module: Term, function: str, args: list[Term]) -> None:
    """Where a hibernating process goes on."""
    await _run(partial(_apply, module, function, args))


async def hibernate(module: Term, function: str, args: list[Term]) -> Term:
    """Throw the stack away, sleep until a message is there, then go on with `module:function(args)`."""
    if not code.is_module(module) or not is_atom(function) or not isinstance(args, (list, Improper)):
        raise Error("function_clause", [("proc_lib", "hibernate", [module, function, args], [])])
    return await erlang.hibernate("proc_lib", "wake_up", [module, function, args])


async def become(call: Callable[[], Any]) -> Term:
    """Go on with `call` for good: on an empty stack in a process started here, else in place."""
    if type(erlang.get("$initial_call")) is tuple and type(erlang.get("$ancestors")) is list:
        raise Become(call)
    value = call()
    return await value if type(value) is CoroutineType else value


def set_label(label: Term) -> str:
    """Name the calling process, for tools and crash reports, by any term: `"ok"`. Since OTP 27."""
    releases.demand("proc_lib", "set_label", [label])
    erlang.put("$process_label", label)
    return "ok"


def get_label(pid: Term) -> Term:
    """The label that `pid` has given itself, or `"undefined"`. Since OTP 27."""
    releases.demand("proc_lib", "get_label", [pid])
    if pid == erlang.self():
        return erlang.get("$process_label")
    is_here = type(pid) is Pid and erlang.node(pid) == erlang.node()
    info = erlang.process_info(pid, "dictionary") if is_here else "undefined"
    return keyfind("$process_label", info[1], "undefined") if type(info) is tuple else "undefined"


async def _run(call: Callable[[], Any] | None) -> None:
    while call is not None:
        try:
            value = call()
            call = None
            if type(value) is CoroutineType:
                await value
        except Become as become_:
            call = become_.call
        except Exception as failure:
            pass_on(failure)
            await _exit_p(failure)


async def _exit_p(failure: Exception) -> NoReturn:
    if isinstance(failure, Exit) and is_orderly(failure.reason):
        # There is no report, so that its stack need not be found out.
        raise Exit(failure.reason) from None
    kind, reason, stack = caught_within(failure)
    call = erlang.get("$initial_call")
    known = type(call) is tuple and len(call) == 3 and is_atom(call[1]) and type(call[2]) is int
    await crash_report(kind, reason, (call[0], call[1], dummy_args(call[2])) if known else [], stack)
    raise Exit(exit_reason(kind, reason, stack), stack) from None


def _entry(function: str, what: list[Term], given: list[Term]) -> Any:
    """What the BIF is to spawn: `init_p`, told of the fun or of the module, function and arguments in `what`.

    Those are behind a node, if one is named. `function` is what was called, with the arguments `given`.
    """
    if not 1 <= len(what) <= 4:
        raise Error("undef", [("proc_lib", function, given, [])])
    count = 1 if len(what) <= 2 else 3
    node, call = what[:-count], what[-count:]
    fits = callable(call[0]) if count == 1 else code.is_call(*call)
    if not fits:
        raise Error("function_clause", [("proc_lib", function, given, [])])
    return [*node, "proc_lib", "init_p", [_my_name(), _my_ancestors(), *call]]


def _my_name() -> Term:
    name = erlang.process_info(erlang.self(), "registered_name")
    return name[1] if type(name) is tuple else erlang.self()


def _my_ancestors() -> list[Term]:
    ancestors = erlang.get("$ancestors")
    return ancestors if type(ancestors) is list else []
