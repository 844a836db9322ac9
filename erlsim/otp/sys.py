"""System messages: looking into, stopping and changing a running behaviour. Mirrors `sys`.

The functions that send a system message come first; then what a special process calls when it gets one.
Debug options and what they print live in `sys_debug`.

`serve` is how OTP's own loops obey: it returns what the loop is to do next. A user's special process calls
`handle_system_msg`, which never returns, as in OTP, and goes on in `module.system_continue` or
`module.system_terminate`.
"""

from __future__ import annotations

from collections.abc import Callable

from erlsim import code, erlang
from erlsim.erlang import TIMEOUT
from erlsim.errors import Error, Exit, Throw, caught, pass_on
from erlsim.otp import sys_debug
from erlsim.otp.gen import calling
from erlsim.otp.proc_lib import processes
from erlsim.otp.shared import apply_fun, catch, exported
from erlsim.otp.standing import standing
from erlsim.otp.sys_debug import debug_options, get_debug, get_log, handle_debug, print_log
from erlsim.terms import ABSENT, Term, matchable

__stands_for__ = standing("sys", {"serve": ""})


async def suspend(name: Term, timeout: Term = ABSENT) -> Term:
    """Stop a process from handling anything but system messages; `"ok"`. `timeout` ms, 5000 if left out."""
    return await _send(name, "suspend", timeout)


async def resume(name: Term, timeout: Term = ABSENT) -> Term:
    """Let a suspended process go on; `"ok"`."""
    return await _send(name, "resume", timeout)


async def get_status(name: Term, timeout: Term = ABSENT) -> Term:
    """`("status", pid, ("module", module), [dictionary, state, parent, debug, misc])`."""
    return await _send(name, "get_status", timeout)


async def get_state(name: Term, timeout: Term = ABSENT) -> Term:
    """The state of the process; an error raised by its callback is raised here."""
    return _state(await _send(name, "get_state", timeout))


async def replace_state(name: Term, state_fun: Callable[[Term], Term], timeout: Term = ABSENT) -> Term:
    """Replace the state by `state_fun(state)` and return it.

    A fun that fails leaves the state alone and raises
    `error:("callback_failed", (module, "system_replace_state"), (class, reason))`.
    """
    return _state(await _send(name, ("replace_state", state_fun), timeout))


async def change_code(name: Term, module: Term, old_vsn: Term, extra: Term, timeout: Term = ABSENT) -> Term:
    """Have a suspended process run its `code_change`; `"ok"` or `("error", reason)`."""
    return await _send(name, ("change_code", module, old_vsn, extra), timeout)


async def terminate(name: Term, reason: Term, timeout: Term = ABSENT) -> Term:
    """Have the process end with `reason`; `"ok"` as soon as it has heard."""
    return await _send(name, ("terminate", reason), timeout)


async def log(name: Term, flag: Term, timeout: Term = ABSENT) -> Term:
    """Keep the last events (`True` for 10, `(True, n)`), stop (`False`), `"print"` or `"get"` them."""
    return await _send(name, ("debug", ("log", flag)), timeout)


async def trace(name: Term, flag: Term, timeout: Term = ABSENT) -> Term:
    """Print every event as it happens, or stop; `"ok"`."""
    return await _send(name, ("debug", ("trace", flag)), timeout)


async def log_to_file(name: Term, file_name: Term, timeout: Term = ABSENT) -> Term:
    """Print every event to a file, or stop (`False`); `"ok"` or `("error", "open_file")`."""
    return await _send(name, ("debug", ("log_to_file", file_name)), timeout)


async def statistics(name: Term, flag: Term, timeout: Term = ABSENT) -> Term:
    """Count messages (`True`), stop (`False`) or `"get"` the counts: `("ok", pairs)` or `("ok", "no_statistics")`."""
    return await _send(name, ("debug", ("statistics", flag)), timeout)


async def no_debug(name: Term, timeout: Term = ABSENT) -> Term:
    """Turn all debugging off; `"ok"`."""
    return await _send(name, ("debug", "no_debug"), timeout)


async def install(name: Term, spec: Term, timeout: Term = ABSENT) -> Term:
    """Have `fun(fun_state, event, process_state)` called at each event.

    `spec` is `(fun, fun_state)` or `(id, fun, fun_state)`; the fun returns its next state, or `"done"` to be removed.
    """
    if type(spec) is not tuple or len(spec) not in (2, 3):
        raise Error("function_clause", [("sys", "install", [name, spec], [])])
    return await _send(name, ("debug", ("install", spec)), timeout)


async def remove(name: Term, fun_or_id: Term, timeout: Term = ABSENT) -> Term:
    """Remove an installed fun by itself or by its id; `"ok"`."""
    return await _send(name, ("debug", ("remove", fun_or_id)), timeout)


async def handle_system_msg(
    message: Term, from_: Term, parent: Term, module: Term, debug: list[Term], misc: Term, hibernate: bool = False
) -> Term:
    """What a special process calls when it gets `("system", from_, message)`; it never returns.

    The process goes on in `module.system_continue(parent, debug, misc)` or ends in
    `module.system_terminate(reason, parent, debug, misc)`. While suspended it hibernates if it is said to.
    """
    return await _go_on(parent, module, await serve(message, from_, parent, module, debug, misc, hibernate))


async def suspend_loop_hib(
    state: Term, parent: Term, module: Term, debug: list[Term], misc: Term, hibernate: bool
) -> Term:
    """Where a process goes on that is suspended and hibernates: it has got a message."""
    # DIVERGES(otp): a message that is to be handled later keeps it awake, waiting; OTP's hibernates, is woken by that
    # message, and so on without a pause.
    request = await erlang.receive(*_requests(parent))
    return await _go_on(parent, module, await _serve(state, request, parent, module, debug, misc, hibernate))


async def _go_on(parent: Term, module: Term, step: tuple[Term, ...]) -> Term:
    if step[0] == "continue":
        _, debug, misc = step
        return await processes.become(lambda: code.call(module, "system_continue", [parent, debug, misc]))
    _, reason, debug, misc = step
    return await processes.become(lambda: code.call(module, "system_terminate", [reason, parent, debug, misc]))


async def serve(
    message: Term, from_: Term, parent: Term, module: Term, debug: list[Term], misc: Term, hibernate: bool = False
) -> tuple[Term, ...]:
    """Obey a system message, and those that follow while suspended.

    Returns `("continue", debug, misc)` or `("terminate", reason, debug, misc)`. With `hibernate`, who is suspended
    hibernates, which leaves his code behind: then he goes on by the functions that `handle_system_msg` names.
    """
    return await _serve("running", ("system", from_, message), parent, module, debug, misc, hibernate)


async def _serve(
    state: Term, request: Term, parent: Term, module: Term, debug: list[Term], misc: Term, hibernate: bool
) -> tuple[Term, ...]:
    while True:
        if request is TIMEOUT:
            args = [state, parent, module, debug, misc, hibernate]
            await processes.hibernate("sys", "suspend_loop_hib", args)
        if request[0] == "EXIT":
            return ("terminate", request[2], debug, misc)
        _, from_, message = request
        state, reply, debug, misc = await _obey(state, message, parent, module, debug, misc)
        calling.reply(from_, reply)
        if type(state) is tuple:
            return ("terminate", state[1], debug, misc)
        if state == "running":
            return ("continue", debug, misc)
        request = await erlang.receive(*_requests(parent), after=0 if hibernate else "infinity")


def _requests(parent: Term) -> tuple[Term, Term]:
    """What a suspended process listens to."""
    return ("system", ..., ...), ("EXIT", parent, ...)


async def _send(name: Term, request: Term, timeout: Term) -> Term:
    try:
        return (await calling.call(name, "system", request, 5000 if timeout is ABSENT else timeout))[1]
    except Throw as thrown:
        raise Error(("case_clause", thrown.reason)) from None
    except Exception as failure:
        pass_on(failure)
        kind, reason, stack = caught(failure)
        call = _mfa(name, request) if timeout is ABSENT else _mfa(name, request, timeout)
        raise Exit((reason if kind == "exit" else (reason, stack), call)) from None


def _mfa(name: Term, request: Term, *timeout: Term) -> tuple[str, Term, list[Term]]:
    """The call that a failure names."""
    match matchable(request):
        case ("debug", (function, argument)):
            return ("sys", function, [name, argument, *timeout])
        case ("change_code", *args):
            return ("sys", "change_code", [name, *args, *timeout])
        case ("terminate", reason):
            return ("sys", "terminate", [name, reason, *timeout])
    return ("sys", request, [name, *timeout])


def _state(answer: Term) -> Term:
    if type(answer) is tuple and len(answer) == 2 and type(answer[0]) is str and answer[0] == "error":
        raise Error(answer[1])
    return answer


async def _obey(state: Term, message: Term, parent: Term, module: Term, debug: list[Term], misc: Term) -> Term:
    """One system message: `(next state, reply, debug, misc)`."""
    match matchable(message):
        case "suspend":
            return ("suspended", "ok", debug, misc)
        case "resume":
            return ("running", "ok", debug, misc)
        case "get_state":
            return (state, await _get_state(module, misc), debug, misc)
        case ("replace_state", fun):
            reply, misc = await _replace_state(fun, module, misc)
            return (state, reply, debug, misc)
        case "get_status":
            return (state, await _get_status(state, parent, module, debug, misc), debug, misc)
        case ("debug", what):
            reply, debug = await sys_debug.command(what, debug)
            return (state, reply, debug, misc)
        case ("terminate", reason):
            return (("terminating", reason), "ok", debug, misc)
        case ("change_code", _, vsn, extra) if state == "suspended":
            reply, misc = await _change_code(module, message[1], vsn, extra, misc)
            return (state, reply, debug, misc)
    return (state, ("error", ("unknown_system_msg", message)), debug, misc)


async def _get_state(module: Term, misc: Term) -> Term:
    if not exported(module, "system_get_state", 1):
        return misc
    try:
        return _second(await code.call(module, "system_get_state", [misc]), 2)
    except Exception as failure:
        pass_on(failure)
        return _callback_failed((code.name(module), "system_get_state"), failure)


async def _replace_state(fun: Callable[[Term], Term], module: Term, misc: Term) -> tuple[Term, Term]:
    if exported(module, "system_replace_state", 2):
        try:
            answer = await code.call(module, "system_replace_state", [fun, misc])
            return _second(answer, 3), answer[2]
        except Exception as failure:
            pass_on(failure)
            return _callback_failed((code.name(module), "system_replace_state"), failure), misc
    try:
        misc = await apply_fun(fun, misc)
        return misc, misc
    except Exception as failure:
        pass_on(failure)
        return _callback_failed(fun, failure), misc


def _second(answer: Term, size: int) -> Term:
    if type(answer) is not tuple or len(answer) != size or answer[0] != "ok":
        raise Error(("badmatch", answer))
    return answer[1]


def _callback_failed(callback: Term, failure: Exception) -> Term:
    kind, reason, _ = caught(failure)
    return ("error", ("callback_failed", callback, (kind, reason)))


async def _get_status(state: Term, parent: Term, module: Term, debug: list[Term], misc: Term) -> Term:
    dictionary = erlang.get()
    if exported(module, "format_status", 2):
        misc = await code.call(module, "format_status", ["normal", [dictionary, state, parent, debug, misc]])
    return ("status", erlang.self(), ("module", code.name(module)), [dictionary, state, parent, debug, misc])


async def _change_code(module: Term, changed: Term, vsn: Term, extra: Term, misc: Term) -> tuple[Term, Term]:
    answer = await catch(module, "system_code_change", misc, changed, vsn, extra)
    if type(answer) is tuple and len(answer) == 2 and answer[0] == "ok":
        return "ok", answer[1]
    return ("error", answer), misc


__all__ = [
    "change_code",
    "debug_options",
    "get_debug",
    "get_log",
    "get_state",
    "get_status",
    "handle_debug",
    "handle_system_msg",
    "install",
    "log",
    "log_to_file",
    "no_debug",
    "print_log",
    "remove",
    "replace_state",
    "resume",
    "serve",
    "statistics",
    "suspend",
    "suspend_loop_hib",
    "terminate",
    "trace",
]
