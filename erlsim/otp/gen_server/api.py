"""The functions of `gen_server`: start servers, ask them, and what `sys` asks of a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn, overload

from erlsim import code, erlang
from erlsim.errors import ErlangException, ErlsimError, Error, Exit, Throw, caught, exit_reason, pass_on, python_cause
from erlsim.otp import gen, sys_debug
from erlsim.otp.gen_server.loop import Cause, Server, Work, enter, loop, shown_log, terminate
from erlsim.otp.shared import apply_fun, catch, finish_now, is_timeout, stack_here
from erlsim.otp.standing import is_waiting, standing
from erlsim.terms import ABSENT, Improper, Pid, Ref, Term, chars, matchable
from erlsim.terms.atoms import RegisteredName, StartOption


def _asking(frame: FrameType, inner: FrameType | None) -> str:
    asks = "call/2" if frame.f_locals["timeout"] is ABSENT else "call/3"
    return f"gen:do_call/4 {asks}" if is_waiting(inner) else asks


__stands_for__ = standing("gen_server", {"stop": "", "call": _asking})

# ---- starting and stopping --------------------------------------------------


@overload
async def start(module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
@overload
async def start(name: RegisteredName, module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
async def start(name: Term, module: Term, args: Term, options: Term = ABSENT, /) -> Term:
    """`start([name,] module, args, options)`: a server that stands alone.

    `("ok", pid)`, `"ignore"` or `("error", reason)`. Options: `("timeout", ms)` for `init`, `("debug", [...])`,
    `("hibernate_after", ms)`, `("spawn_opt", [...])`.
    """
    return await gen.start_by_arguments("gen_server", "nolink", name, module, args, options)


@overload
async def start_link(module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
@overload
async def start_link(name: RegisteredName, module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
async def start_link(name: Term, module: Term, args: Term, options: Term = ABSENT, /) -> Term:
    """`start_link([name,] module, args, options)`: a server linked to the caller, its parent."""
    return await gen.start_by_arguments("gen_server", "link", name, module, args, options)


@overload
async def start_monitor(module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
@overload
async def start_monitor(name: RegisteredName, module: Term, args: Term, options: Sequence[StartOption], /) -> Term: ...
async def start_monitor(name: Term, module: Term, args: Term, options: Term = ABSENT, /) -> Term:
    """`start_monitor([name,] module, args, options)`: a monitored server, `("ok", (pid, ref))`."""
    return await gen.start_by_arguments("gen_server", "monitor", name, module, args, options)


async def stop(server: Term, reason: Term = "normal", timeout: Term = "infinity") -> Term:
    """Have a server end with `reason`: `"ok"`.

    Exits with the reason it ended with if that is another, with `noproc`, or with `timeout` after `timeout` ms.
    """
    return await gen.stop(server, reason, timeout)


async def enter_loop(
    module: Term, options: list[Term], state: Term, name: Term = ABSENT, timeout: Term = ABSENT
) -> NoReturn:
    """Make the caller, a process started by `proc_lib`, a server; it never returns.

    `enter_loop(module, options, state[, name][, next])`; `name` is the name that the caller has, or its pid.
    """
    if timeout is ABSENT:
        name, timeout = (name, "infinity") if name is ABSENT or _is_name(name) else (ABSENT, name)
    if not code.is_module(module) or not isinstance(options, (list, Improper)) or not _is_next(timeout):
        raise Error("function_clause", [("gen_server", "enter_loop", [module, options, state, timeout], [])])
    shown = await gen.get_proc_name(erlang.self() if name is ABSENT else name)
    parent = await gen.get_parent()
    debug = gen.debug_options(shown, options)
    await enter(Server(parent, debug, [shown, state, module, timeout, gen.hibernate_after(options)]))


def _is_name(term: Term) -> bool:
    """Whether `term` has the shape of a server's name."""
    scopes = {2: ("local", "global"), 3: ("via",)}
    return type(term) is tuple and len(term) in scopes and term[0] in scopes[len(term)]


def _is_next(term: Term) -> bool:
    """Whether `term` says what a server does next: a timeout, `hibernate` or `(continue, _)`."""
    if type(term) is tuple:
        return len(term) == 2 and bool(term[0] == "continue")
    return is_timeout(term) or bool(type(term) is str and term == "hibernate")


# ---- requests ---------------------------------------------------------------


async def call(server: Term, request: Term, timeout: Term = ABSENT) -> Term:
    """Ask a server and wait for its reply, 5000 ms if `timeout` is left out.

    Exits with `(reason, ("gen_server", "call", args))`: why the server died, `noproc`, `timeout`, `calling_self`.
    """
    after = 5000 if timeout is ABSENT else timeout
    try:
        if type(server) is Pid and (timeout is ABSENT or is_timeout(timeout)):
            return await erlang.ask(server, "$gen_call", request, after)
        return (await gen.call(server, "$gen_call", request, after))[1]
    except Throw as thrown:
        raise Error(("case_clause", thrown.reason)) from None
    except ErlsimError:
        # The world cannot go on: nothing that happened in it.
        raise
    except Exception as failure:
        pass_on(failure)
        why = failure.reason if isinstance(failure, Exit) else exit_reason(*caught(failure))
        args = [server, request] if timeout is ABSENT else [server, request, timeout]
        reason = (why, ("gen_server", "call", args))
        # A Python exception that the server died of is shown as the cause.
        raise Exit(reason) from python_cause(reason)


def cast(server: Term, request: Term) -> str:
    """Send a request that has no reply: `"ok"`, whether the server exists or not."""
    message = ("$gen_cast", request)
    if type(server) is Pid:
        erlang.send(server, message)
        return "ok"
    try:
        match matchable(server):
            case ("global", name):
                code.function("global", "send", 2)(name, message)
            case str() | bool() | (str() | bool(), str() | bool()):
                erlang.send(server, message)
            case ("via", module, name):
                finish_now(code.function(module, "send", 2)(name, message))
            case _:
                raise _NoServer
    except _NoServer:
        raise Error("function_clause", [("gen_server", "cast", [server, request], [])]) from None
    except ErlangException:
        pass
    return "ok"


class _NoServer(Exception):
    """What was to be cast to cannot be a server."""


def reply(client: tuple[Term, Term], answer: Term) -> str:
    """Answer a call, from any process: `"ok"`."""
    return gen.reply(client, answer)


def send_request(server: Term, request: Term, label: Term = ABSENT, collection: Term = ABSENT) -> Term:
    """Ask without waiting: a request id, or `collection` with the request in it under `label`."""
    return gen.send_request(server, "$gen_call", request, label, collection)


async def wait_response(request: Term, timeout: Term, delete: Term = None) -> Term:
    """Wait for a response to a request id, or to one of a collection; a timeout leaves the request alive.

    `("reply", reply)`, `("error", (reason, server))` or `"timeout"`; of a collection `(that, label, collection)`,
    without the request when `delete`, or `"no_request"`.
    """
    return await gen.wait_response(request, timeout, delete)


async def receive_response(request: Term, timeout: Term, delete: Term = None) -> Term:
    """As `wait_response`, but a timeout abandons the request or the whole collection."""
    return await gen.receive_response(request, timeout, delete)


def check_response(message: Term, request: Term, delete: Term = None) -> Term:
    """Whether a message that the caller has received is a response; `"no_reply"` if not."""
    return gen.check_response(message, request, delete)


def reqids_new() -> dict[Ref, Term]:
    """An empty collection of requests."""
    return gen.reqids_new()


def reqids_size(collection: Term) -> int:
    """How many requests are in a collection."""
    return gen.reqids_size(collection)


def reqids_add(request: Ref, label: Term, collection: Term) -> dict[Ref, Term]:
    """The collection with one more request under `label`."""
    return gen.reqids_add(request, label, collection)


def reqids_to_list(collection: Term) -> list[tuple[Ref, Term]]:
    """`(request id, label)` of every request."""
    return gen.reqids_to_list(collection)


# ---- what sys asks of a server ----------------------------------------------


async def system_continue(parent: Pid, debug: list[Term], misc: list[Term]) -> NoReturn:
    """Go on after system messages."""
    await loop(Server(parent, debug, misc))


async def system_terminate(reason: Term, parent: Pid, debug: list[Term], misc: list[Term]) -> NoReturn:
    """End by order of a system message, or of the parent while suspended."""
    server = Server(parent, debug, misc)
    cause = Cause("exit", reason, stack_here("system_terminate/4"))
    await terminate(server, cause, Work([], None, server.state))


def system_get_state(misc: list[Term]) -> Term:
    """The state, for `sys.get_state`."""
    return ("ok", misc[1])


async def system_replace_state(state_fun: Callable[[Term], Term], misc: list[Term]) -> Term:
    """The state that `state_fun` makes, for `sys.replace_state`."""
    state = misc[1]
    # The state of a supervisor is OTP's record, but for containers that live on: the function sees the record alone.
    shown = state.__term__() if isinstance(state, tuple) and hasattr(state, "__term__") else state
    state = await apply_fun(state_fun, shown)
    return ("ok", state, [misc[0], state, *misc[2:]])


async def system_code_change(misc: list[Term], module: Term, old_vsn: Term, extra: Term) -> Term:
    """Run the callback `code_change`, for `sys.change_code`."""
    name, state, callbacks, time, hibernate_after = misc
    answer = await catch(callbacks, "code_change", old_vsn, state, extra)
    if type(answer) is tuple and len(answer) == 2 and answer[0] == "ok":
        return ("ok", [name, answer[1], callbacks, time, hibernate_after])
    return answer


async def format_status(option: str, data: list[Term]) -> list[Term]:
    """What `sys.get_status` shows of a server, its callback `format_status` having its say."""
    dictionary, sys_state, parent, debug, (name, state, module, *_) = data
    shown = {"state": state, "log": sys_debug.get_log(debug)}
    shown = await gen.format_status(module, option, shown, [dictionary, state])
    log = await shown_log(module, shown["log"])
    if "EXIT" in shown:
        tail = [("data", [(chars("State"), shown["EXIT"])])]
    elif "$status" in shown:
        tail = shown["$status"] if type(shown["$status"]) is list else [shown["$status"]]
    else:
        tail = [("data", [(chars("State"), shown["state"])])]
    return [
        ("header", gen.format_status_header("Status for generic server", name)),
        ("data", [(chars("Status"), sys_state), (chars("Parent"), parent), (chars("Logged events"), log)]),
        *tail,
    ]
