"""The functions of `gen_event`: start managers, notify and ask them, and what `sys` asks of a manager."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from erlsim import code, erlang
from erlsim.errors import ErlangException, Error, Exit, pass_on
from erlsim.otp import gen, sys_debug
from erlsim.otp.gen_event.handlers import Handler
from erlsim.otp.gen_event.loop import Manager, loop, terminate
from erlsim.otp.shared import apply_fun, finish_now, stack_here
from erlsim.otp.standing import standing
from erlsim.terms import ABSENT, Improper, Ref, Term, chars, exact_eq, matchable


def _asking(frame: FrameType, _inner: FrameType | None) -> str:
    return "call1/3" if frame.f_locals["timeout"] is ABSENT else "call1/4"


__stands_for__ = standing("gen_event", {"stop": "", "call": _asking})

_NO_CALLBACK = "no callback module"


# ---- starting and stopping --------------------------------------------------


async def start(name: Term = ABSENT, options: Term = ABSENT) -> Term:
    """`start([name][, options])`: a manager that stands alone, without handlers.

    `("ok", pid)` or `("error", reason)`. Options as `gen_server.start`'s.
    """
    return await _start("nolink", name, options)


async def start_link(name: Term = ABSENT, options: Term = ABSENT) -> Term:
    """`start_link([name][, options])`: a manager linked to the caller, its parent."""
    return await _start("link", name, options)


async def start_monitor(name: Term = ABSENT, options: Term = ABSENT) -> Term:
    """`start_monitor([name][, options])`: a monitored manager, `("ok", (pid, ref))`."""
    return await _start("monitor", name, options)


async def _start(linkage: str, name: Term, options: Term) -> Term:
    if options is ABSENT:
        if isinstance(name, list | Improper):
            name, options = ABSENT, name
        elif name is ABSENT or type(name) is tuple:
            options = []
        else:
            function = {"nolink": "start", "link": "start_link", "monitor": "start_monitor"}[linkage]
            raise Error("function_clause", [("gen_event", function, [name], [])])
    elif name is None:
        raise Error("function_clause", [("gen", "where", [name], [])])
    return await gen.start("gen_event", linkage, None if name is ABSENT else name, _NO_CALLBACK, [], options)


async def stop(manager: Term, reason: Term = "normal", timeout: Term = "infinity") -> Term:
    """Have a manager end with `reason`, its handlers' `terminate("stop", state)` first: `"ok"`.

    Exits with the reason it ended with if that is another, with `noproc`, or with `timeout` after `timeout` ms.
    """
    return await gen.stop(manager, reason, timeout)


# ---- handlers ---------------------------------------------------------------


async def add_handler(manager: Term, handler: Term, args: Term) -> Term:
    """Add a handler, first in line: `"ok"`, or what `init(args)` returned instead, `("EXIT", reason)` if it failed."""
    return await _rpc(manager, ("add_handler", handler, args))


async def add_sup_handler(manager: Term, handler: Term, args: Term) -> Term:
    """As `add_handler`, supervised by the caller.

    The two are linked: the handler ends with `terminate(("stop", reason), state)` when the caller does, and the
    caller is sent `("gen_event_EXIT", handler, reason)` when the handler goes.
    """
    return await _rpc(manager, ("add_sup_handler", handler, args, erlang.self()))


async def delete_handler(manager: Term, handler: Term, args: Term) -> Term:
    """Remove a handler: what its `terminate(args, state)` returns, or `("error", "module_not_found")`."""
    return await _rpc(manager, ("delete_handler", handler, args))


async def swap_handler(manager: Term, old: tuple[Term, Term], new: tuple[Term, Term]) -> Term:
    """Put the handler of `new` in the place of that of `old`, each a pair of handler and arguments.

    The new one begins with `init((args2, value))`, `value` being what the old one's `terminate(args1, state)`
    returned, or `"error"` if there was none. `"ok"` or `("error", what init returned)`.
    """
    (handler1, args1), (handler2, args2) = _pair("swap_handler", manager, old, new)
    return await _rpc(manager, ("swap_handler", handler1, args1, handler2, args2))


async def swap_sup_handler(manager: Term, old: tuple[Term, Term], new: tuple[Term, Term]) -> Term:
    """As `swap_handler`, the new handler supervised by the caller."""
    (handler1, args1), (handler2, args2) = _pair("swap_sup_handler", manager, old, new)
    return await _rpc(manager, ("swap_sup_handler", handler1, args1, handler2, args2, erlang.self()))


def _pair(function: str, manager: Term, old: Term, new: Term) -> tuple[Term, Term]:
    if type(old) is tuple and len(old) == 2 and type(new) is tuple and len(new) == 2:
        return old, new
    raise Error("function_clause", [("gen_event", function, [manager, old, new], [])])


async def which_handlers(manager: Term) -> Term:
    """All handlers, as they are named, the one added last first."""
    return await _rpc(manager, "which_handlers")


# ---- events and requests ----------------------------------------------------


def notify(manager: Term, event: Term) -> str:
    """Have every handler handle `event`, without waiting: `"ok"`. `badarg` for a local name nobody has."""
    message = ("notify", event)
    match matchable(manager):
        case ("global", name):
            _try_send("global", name, message)
        case ("via", module, name):
            _try_send(module, name, message)
        case _:
            erlang.send(manager, message)
    return "ok"


def _try_send(module: Term, name: Term, message: Term) -> None:
    try:
        finish_now(code.function(module, "send", 2)(name, message))
    except ErlangException:
        pass


async def sync_notify(manager: Term, event: Term) -> Term:
    """As `notify`, and wait until every handler is done with it: `"ok"`."""
    return await _rpc(manager, ("sync_notify", event))


async def call(manager: Term, handler: Term, request: Term, timeout: Term = ABSENT) -> Term:
    """Ask one handler and wait for its reply, 5000 ms if `timeout` is left out.

    `("error", "bad_module")` if there is no such handler, `("error", ("EXIT", reason))` or `("error", value)` if it
    fails or returns something else. Exits with `(reason, ("gen_event", "call", args))`.
    """
    me: Term = erlang.self()
    try:
        after = 5000 if timeout is ABSENT else timeout
        return (await gen.call(manager, me, ("call", handler, request), after))[1]
    except Exit as failure:
        args = [manager, handler, request] if timeout is ABSENT else [manager, handler, request, timeout]
        raise Exit((failure.reason, ("gen_event", "call", args))) from None


async def _rpc(manager: Term, command: Term) -> Term:
    me: Term = erlang.self()
    return (await gen.call(manager, me, command, "infinity"))[1]


def send_request(manager: Term, handler: Term, request: Term, label: Term = ABSENT, collection: Term = ABSENT) -> Term:
    """Ask a handler without waiting: a request id, or `collection` with the request in it under `label`."""
    me: Term = erlang.self()
    return gen.send_request(manager, me, ("call", handler, request), label, collection)


async def wait_response(request: Term, timeout: Term, delete: Term = None) -> Term:
    """As `gen_server.wait_response`; a reply `("error", reason)` stands for itself."""
    return _unwrapped(await gen.wait_response(request, timeout, delete))


async def receive_response(request: Term, timeout: Term, delete: Term = None) -> Term:
    """As `gen_server.receive_response`; a reply `("error", reason)` stands for itself."""
    return _unwrapped(await gen.receive_response(request, timeout, delete))


def check_response(message: Term, request: Term, delete: Term = None) -> Term:
    """As `gen_server.check_response`; a reply `("error", reason)` stands for itself."""
    return _unwrapped(gen.check_response(message, request, delete))


def _unwrapped(answer: Term) -> Term:
    match matchable(answer):
        case ("reply", ("error", _) as failure):
            return failure
        case (("reply", ("error", _) as failure), label, collection):
            return (failure, label, collection)
    return answer


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


# ---- what sys asks of a manager ---------------------------------------------


async def system_continue(parent: Term, debug: list[Term], misc: list[Term]) -> str:
    """Go on after system messages."""
    return await loop(Manager(parent, debug, misc))


async def system_terminate(reason: Term, parent: Term, debug: list[Term], misc: list[Term]) -> NoReturn:
    """End by order of a system message, or of the parent while suspended."""
    await terminate(Manager(parent, debug, misc), reason)


def system_get_state(misc: list[Term]) -> Term:
    """`(module, id, state)` of every handler, for `sys.get_state`; the id is `False` where there is none."""
    return ("ok", [(each.name, each.id, each.state) for each in misc[1]])


async def system_replace_state(state_fun: Callable[[Term], Term], misc: list[Term]) -> Term:
    """`state_fun` is given each `(module, id, state)`, and may change the state alone; else nothing changes."""
    return ("ok", [await _replaced(state_fun, each) for each in misc[1]], misc)


async def _replaced(state_fun: Callable[[Term], Term], handler: Handler) -> Term:
    current = (handler.name, handler.id, handler.state)
    try:
        changed = await apply_fun(state_fun, current)
    except Exception as failure:
        pass_on(failure)
        return current
    if type(changed) is not tuple or len(changed) != 3 or not exact_eq(changed[:2], current[:2]):
        return current
    handler.state = changed[2]
    return changed


async def system_code_change(misc: list[Term], module: Term, old_vsn: Term, extra: Term) -> Term:
    """Run `code_change` of every handler that is `module`, for `sys.change_code`."""
    states = []
    for each in misc[1]:
        if exact_eq(each.name, code.name(module)):
            answer = await code.call(module, "code_change", [old_vsn, each.state, extra])
            if type(answer) is not tuple or len(answer) != 2 or answer[0] != "ok":
                raise Error(("badmatch", answer), stack_here("-system_code_change/4-fun-0-/4", "gen_event"))
            states.append((each, answer[1]))
    for each, state in states:
        each.state = state
    return ("ok", misc)


async def format_status(option: str, data: list[Term]) -> list[Term]:
    """What `sys.get_status` shows of a manager, its handlers' `format_status` having their say."""
    dictionary, sys_state, parent, debug, (name, handlers, *_) = data
    log = sys_debug.get_log(debug)
    shown = []
    for each in handlers:
        status = {"log": log, "state": each.state}
        status = await gen.format_status(each.module, option, status, [dictionary, each.state])
        state = status["$status"] if "$status" in status else status["state"]
        shown.append(("handler", each.name, each.id, state, each.supervised))
        log = status["log"]
    return [
        ("header", gen.format_status_header("Status for event handler", name)),
        ("data", [(chars("Status"), sys_state), (chars("Logged Events"), log), (chars("Parent"), parent)]),
        ("items", (chars("Installed handlers"), shown)),
    ]
