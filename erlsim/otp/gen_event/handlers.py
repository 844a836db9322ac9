"""The handlers of an event manager: how they come, are called, are swapped and go. Mirrors the end of `gen_event`.

Nothing that a handler does ends its manager: whatever is raised is caught, reported, and costs that handler
its place. Functions here return lists of handlers and never change those they were given; a handler's state is
changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import FrameType

from erlsim import code, erlang, hints
from erlsim.errors import ErlsimError, Error, Throw, caught_within, pass_on
from erlsim.otp import gen, logger
from erlsim.otp.gen_event.report import format_log
from erlsim.otp.shared import by_name, labelled, stack_here
from erlsim.otp.standing import is_calling, standing
from erlsim.terms import Pid, Term, exact_eq, matchable


def _swapping(_frame: FrameType, inner: FrameType | None) -> str:
    return "split_and_terminate/6 server_swap_handler/6" if is_calling(inner, "finish") else "server_swap_handler/6"


__stands_for__ = standing(
    "gen_event",
    {
        "add": "server_add_handler/4",
        "delete": "server_delete_handler/4",
        "swap": _swapping,
        "supervisor_gone": "",
        "finish": "do_terminate/7",
        "notify_all": "server_notify/4",
        "_update": "server_update/4",
        "call": "server_call_update/3 server_call/4",
    },
)


@dataclass(slots=True, eq=False)
class Handler:
    """One handler. `id` is `False` for a handler named by its module alone, `supervised` a pid or `False`."""

    module: Term
    id: Term = False
    state: Term = "undefined"
    supervised: Pid | bool = False

    @property
    def name(self) -> Term:
        """The module's atom."""
        return code.name(self.module) if code.is_module(self.module) else self.module

    @property
    def shown(self) -> Term:
        """The handler as its users name it."""
        return self.name if self.id is False else (self.name, self.id)

    def answers_to(self, named: Term) -> bool:
        """Whether `named`, a module or a pair of module and id, is this handler."""
        if type(named) is tuple and len(named) == 2 and exact_eq(named[1], self.id):
            return self._is(named[0])
        return self.id is False and self._is(named)

    def _is(self, module: Term) -> bool:
        return exact_eq(code.name(module) if code.is_module(module) else module, self.name)


Handlers = list[Handler]


def made(named: Term, supervised: Pid | bool = False) -> Handler:
    """A handler that has not begun yet."""
    module, key = named if type(named) is tuple and len(named) == 2 else (named, False)
    return Handler(by_name(module), key, "undefined", supervised)


def found(named: Term, handlers: Handlers) -> Handler | None:
    """The first handler called `named`."""
    return next((each for each in handlers if each.answers_to(named)), None)


# ---- coming and going ---------------------------------------------------------


async def add(handler: Handler, args: Term, handlers: Handlers) -> tuple[bool, Term, Handlers]:
    """Let a handler begin: whether it wants to hibernate, the reply, the handlers."""
    if type(handler.supervised) is Pid:
        # OTP never takes this link away again: another handler may need it.
        erlang.link(handler.supervised)
    answer = await _catch(handler.module, "init", args)
    match matchable(answer):
        case ("ok", state):
            handler.state = state
            return False, "ok", [handler, *handlers]
        case ("ok", state, "hibernate"):
            handler.state = state
            return True, "ok", [handler, *handlers]
    return False, answer, handlers


async def delete(named: Term, args: Term, handlers: Handlers, manager: Term) -> tuple[Term, Handlers]:
    """Remove a handler at its users' wish: the reply and the handlers."""
    handler = found(named, handlers)
    if handler is None:
        return ("error", "module_not_found"), handlers
    value = await finish(handler, args, handler.state, "delete", manager, "normal")
    return value, _without(handler, handlers)


async def swap(
    old: Term, args1: Term, new: Term, args2: Term, handlers: Handlers, supervisor: Pid | None, manager: Term
) -> tuple[bool, Term, Handlers]:
    """Replace a handler at its users' wish; the new one is supervised by `supervisor`, or as the old one was."""
    handler = found(old, handlers)
    value: Term = "error"
    supervised: Pid | bool = False
    if handler is not None:
        supervised = handler.supervised
        now = ("swapped", new, supervised if supervisor is None else supervisor)
        value = await finish(handler, args1, handler.state, "swapped", manager, now)
        handlers = _without(handler, handlers)
    beginner = made(new, supervised if supervisor is None else supervisor)
    hibernate, reply, handlers = await add(beginner, (args2, value), handlers)
    return hibernate, "ok" if type(reply) is str and reply == "ok" else ("error", reply), handlers


async def supervisor_gone(supervisor: Term, reason: Term, handlers: Handlers, manager: Term) -> Handlers:
    """Remove the handlers that `supervisor`, which has ended, supervised."""
    left = []
    for each in handlers:
        if each.supervised == supervisor:
            last = ("parent_terminated", (supervisor, reason))
            await finish(each, ("stop", reason), each.state, last, manager, "shutdown")
        else:
            left.append(each)
    return left


async def finish(handler: Handler, args: Term, state: Term, last_message: Term, manager: Term, how: Term) -> Term:
    """Call `terminate(args, state)` and tell who wants to know; its value.

    `how` is `"normal"`, `"shutdown"`, `("swapped", handler, supervisor)` or `"crash"`, when `args` is
    `("error", why)`.
    """
    value: Term = "ok"
    if code.function_exported(handler.module, "terminate", 2):
        # DIVERGES(otp): `None` is `ok`: a terminate that only cleans up returns nothing in Python.
        value = await _catch(handler.module, "terminate", args, state, nothing="ok")
    reason = args[1] if type(how) is str and how == "crash" else how
    await _tell(handler, reason, state, last_message, manager)
    return value


# ---- calling --------------------------------------------------------------------


async def notify_all(event: Term, function: str, handlers: Handlers, manager: Term) -> tuple[bool, Handlers]:
    """Give an event to every handler in turn: whether one wants to hibernate, and who is left."""
    hibernate = False
    left = []
    for each in handlers:
        wants, stays = await _update(each, function, event, manager)
        hibernate = hibernate or wants
        left += [] if stays is None else [stays]
    return hibernate, left


async def _update(handler: Handler, function: str, event: Term, manager: Term) -> tuple[bool, Handler | None]:
    answer = await _catch(handler.module, function, event, handler.state)
    match matchable(answer):
        case ("ok", state):
            handler.state = state
        case ("ok", state, "hibernate"):
            handler.state = state
            return True, handler
        case ("swap_handler", args1, state, new, args2):
            return False, await _swap_itself(handler, args1, state, new, args2, manager)
        case "remove_handler":
            await finish(handler, "remove_handler", handler.state, "remove", manager, "normal")
            return False, None
        case ("EXIT", ("undef", [(module, "handle_info", [_, _], _), *_])) if exact_eq(module, handler.name):
            _warn(handler, event)
        case _:
            await finish(handler, ("error", answer), handler.state, event, manager, "crash")
            return False, None
    return False, handler


async def call(named: Term, request: Term, handlers: Handlers, manager: Term) -> tuple[bool, Term, Handlers]:
    """Ask one handler: whether it wants to hibernate, the reply, the handlers."""
    handler = found(named, handlers)
    if handler is None:
        return False, ("error", "bad_module"), handlers
    answer = await _catch(handler.module, "handle_call", request, handler.state)
    match matchable(answer):
        case ("ok", reply, state):
            handler.state = state
            return False, reply, handlers
        case ("ok", reply, state, "hibernate"):
            handler.state = state
            return True, reply, handlers
        case ("swap_handler", reply, args1, state, new, args2):
            stays = await _swap_itself(handler, args1, state, new, args2, manager)
            return False, reply, _without(handler, handlers, stays)
        case ("remove_handler", reply):
            await finish(handler, "remove_handler", handler.state, "remove", manager, "normal")
            return False, reply, _without(handler, handlers)
    await finish(handler, ("error", answer), handler.state, request, manager, "crash")
    return False, ("error", answer), _without(handler, handlers)


async def _swap_itself(
    handler: Handler, args1: Term, state: Term, new: Term, args2: Term, manager: Term
) -> Handler | None:
    """Replace a handler at its own wish: its successor, if that begins."""
    how = ("swapped", new, handler.supervised)
    value = await finish(handler, args1, state, "swapped", manager, how)
    successor = made(new, handler.supervised)
    answer = await _catch(successor.module, "init", (args2, value))
    if type(answer) is tuple and len(answer) == 2 and answer[0] == "ok":
        successor.state = answer[1]
        return successor
    # The arguments of OTP's report are one place off here: the reason is `crash`, the state what init returned.
    await _tell(successor, "crash", ("error", answer), manager, False)
    return None


async def _catch(module: Term, function: str, *args: Term, nothing: Term = None) -> Term:
    """`catch module:function(args)`; `nothing` is what a returned `None` stands for, if for anything."""
    try:
        value = await code.finish(code.function(module, function, len(args), list(args))(*args))
        if value is None and nothing is None:
            frames = stack_here()
            place = hints.location(module, function)
            raise Error("function_clause", [(code.name(module), function, list(args), place), *frames])
        return nothing if value is None else value
    except ErlsimError:
        raise
    except Throw as thrown:
        return thrown.reason
    except Exception as failure:
        pass_on(failure)
        kind, reason, stack = caught_within(failure)
        return ("EXIT", reason if kind == "exit" else (reason, stack))


def _without(handler: Handler, handlers: Handlers, successor: Handler | None = None) -> Handlers:
    place = handlers.index(handler)
    return [*handlers[:place], *([] if successor is None else [successor]), *handlers[place + 1 :]]


# ---- telling ----------------------------------------------------------------------


async def _tell(handler: Handler, reason: Term, state: Term, last_message: Term, manager: Term) -> None:
    await _report(handler, reason, state, last_message, manager)
    if type(handler.supervised) is Pid:
        erlang.send(handler.supervised, ("gen_event_EXIT", handler.shown, reason))


async def _report(handler: Handler, why: Term, state: Term, last_message: Term, manager: Term) -> None:
    stack: list[Term] | None = None
    match matchable(why):
        case "normal" | "shutdown" | ("swapped", _, _):
            return
        case ("EXIT", (reason, stack)):
            pass
        case ("EXIT", reason):
            pass
        case _:
            reason = why
    if not code.is_module(handler.module):
        # Where OTP asks for format_status this ends the manager: a handler may want to be replaced by anything.
        raise Error("badarg", [("erlang", "function_exported", [handler.module, "format_status", 1], [])])
    status = {"state": state, "message": last_message, "reason": reason}
    status = await gen.format_status(handler.module, "terminate", status, [erlang.get(), state])
    reason = status["reason"] if stack is None else (status["reason"], stack)
    in_exit = type(why) is tuple and len(why) == 2 and type(why[0]) is str and why[0] == "EXIT"
    report = {
        "label": ("gen_event", "terminate"),
        "handler": handler.shown,
        "name": manager,
        "last_message": status["message"],
        "state": status["$status"] if "$status" in status else status["state"],
        "reason": ("EXIT", reason) if in_exit else reason,
    }
    logger.log("error", labelled(report), _meta("error", "report_error", 5))


def _warn(handler: Handler, message: Term) -> None:
    report = {"label": ("gen_event", "no_handle_info"), "module": handler.name, "message": message}
    logger.log("warning", report, _meta("warning_msg", "server_update", 4))


def _meta(tag: str, function: str, arity: int) -> dict[str, Term]:
    return {
        "mfa": ("gen_event", function, arity),
        "domain": ["otp"],
        "report_cb": format_log,
        "error_logger": {"tag": tag, "report_cb": format_log},
    }
