"""The life of an event manager: its first steps, its loop, and its end. Mirrors the middle part of `gen_event`.

What is done with handlers is in `handlers`, the interface in `api`.

A manager traps exits: it outlives the supervisors of its handlers, and ends with its parent.
"""

from __future__ import annotations

from typing import NoReturn

from erlsim import erlang, supervision
from erlsim.erlang import TIMEOUT
from erlsim.errors import ErlangException, Exit
from erlsim.otp import gen, proc_lib, sys
from erlsim.otp.gen_event import handlers
from erlsim.otp.gen_event.handlers import made
from erlsim.otp.gen_event.report import print_event
from erlsim.otp.shared import stack_here
from erlsim.otp.standing import is_calling, is_waiting, standing
from erlsim.terms import Pid, Term, matchable

__stands_for__ = standing(
    "gen_event",
    {
        "init_it": "",
        "loop": lambda _frame, inner: "fetch_msg/6" if is_waiting(inner) else "",
        "wake_hib": "",
        "terminate": "",
        "_handle": lambda _frame, inner: "" if is_calling(inner, "terminate") else "handle_msg/6",
    },
)


class Manager:
    """What a manager knows while it runs. `hibernate` says whether it is to sleep before its next message."""

    __slots__ = ("debug", "handlers", "hibernate", "hibernate_after", "name", "parent")

    def __init__(self, parent: Term, debug: list[Term], misc: list[Term]) -> None:
        self.parent = parent
        self.debug = debug
        self.name, self.handlers, self.hibernate_after, self.hibernate = misc

    @property
    def misc(self) -> list[Term]:
        """What system messages carry about."""
        return [self.name, self.handlers, self.hibernate_after, self.hibernate]


async def init_it(starter: Pid, parent: Term, name0: Term, module: Term, args: Term, options: Term) -> NoReturn:
    """Tell the starter, and go on as a manager without handlers."""
    parent = erlang.self() if parent == "self" else parent
    erlang.process_flag("trap_exit", True)
    name = gen.name_of(name0)
    debug = gen.debug_options(name, options)
    manager = Manager(parent, debug, [name, [], gen.hibernate_after(options), False])
    proc_lib.init_ack(starter, ("ok", erlang.self()))
    await proc_lib.become(lambda: loop(manager))
    raise AssertionError("unreachable")


async def loop(manager: Manager, awake: bool = False) -> str:
    """Take a message, handle it, and again, until somebody says stop; `awake` when the first message is there."""
    supervision.disclose(lambda: [(each.name, each.id, each.state) for each in manager.handlers])
    while True:
        if manager.hibernate and not awake:
            await proc_lib.hibernate("gen_event", "wake_hib", [manager])
        awake = False
        message = await erlang.receive(after=manager.hibernate_after)
        if message is TIMEOUT:
            manager.hibernate = True
        elif not await _handle(manager, message):
            return "ok"


async def wake_hib(manager: Manager) -> str:
    """A hibernating manager has got a message."""
    return await loop(manager, awake=True)


async def terminate(manager: Manager, reason: Term) -> NoReturn:
    """End the handlers, and then the manager with `reason`."""
    for each in manager.handlers:
        await handlers.finish(each, "stop", each.state, "stop", manager.name, "shutdown")
    # Those who supervise handlers are not to end with the manager; its parent may.
    for each in manager.handlers:
        if type(each.supervised) is Pid and each.supervised != manager.parent:
            erlang.unlink(each.supervised)
    raise Exit(reason, stack_here("terminate_server/4", "gen_event"))


async def _handle(manager: Manager, message: Term) -> bool:
    """Any message; false when the manager is to end."""
    match matchable(message):
        case ("system", from_, request):
            await _system(manager, from_, request)
            return True
        case ("EXIT", parent, reason) if parent == manager.parent:
            await terminate(manager, reason)
    manager.hibernate = False
    if manager.debug:
        manager.debug = await sys.handle_debug(manager.debug, print_event, manager.name, ("in", message))
    match matchable(message):
        case ("notify", event):
            await _notify(manager, event, "handle_event")
        case ("EXIT", pid, reason):
            left = await handlers.supervisor_gone(pid, reason, manager.handlers, manager.name)
            _, manager.handlers = await handlers.notify_all(message, "handle_info", left, manager.name)
        case (_, from_, "stop"):
            await _stop(manager)
            gen.reply(from_, "ok")
            return False
        case (_, from_, command):
            reply = await _obey(manager, command)
            if reply is None:
                await _notify(manager, message, "handle_info")
            else:
                gen.reply(from_, reply)
        case _:
            await _notify(manager, message, "handle_info")
    return True


async def _obey(manager: Manager, command: Term) -> Term:
    """Do what a request wants: its reply, or `None` when it is no request at all."""
    name, installed = manager.name, manager.handlers
    match matchable(command):
        case ("sync_notify", event):
            await _notify(manager, event, "handle_event")
            return "ok"
        case ("call", handler, request):
            step = await handlers.call(handler, request, installed, name)
        case ("add_handler", handler, args):
            step = await handlers.add(made(handler), args, installed)
        case ("add_sup_handler", handler, args, supervisor):
            step = await handlers.add(made(handler, supervisor), args, installed)
        case ("delete_handler", handler, args):
            reply, manager.handlers = await handlers.delete(handler, args, installed, name)
            return reply
        case ("swap_handler", old, args1, new, args2):
            step = await handlers.swap(old, args1, new, args2, installed, None, name)
        case ("swap_sup_handler", old, args1, new, args2, supervisor):
            step = await handlers.swap(old, args1, new, args2, installed, supervisor, name)
        case "which_handlers":
            return [each.shown for each in installed]
        case "get_modules":
            return sorted({each.name for each in installed})
        case _:
            return None
    manager.hibernate, reply, manager.handlers = step
    return reply


async def _notify(manager: Manager, event: Term, function: str) -> None:
    step = await handlers.notify_all(event, function, manager.handlers, manager.name)
    manager.hibernate, manager.handlers = step


async def _stop(manager: Manager) -> None:
    try:
        await terminate(manager, "normal")
    except ErlangException:
        return


async def _system(manager: Manager, from_: Term, request: Term) -> None:
    step = await sys.serve(request, from_, manager.parent, "gen_event", manager.debug, manager.misc, manager.hibernate)
    if step[0] == "continue":
        _, manager.debug, misc = step
        manager.name, manager.handlers, manager.hibernate_after, manager.hibernate = misc
        return
    _, reason, manager.debug, misc = step
    await terminate(Manager(manager.parent, manager.debug, misc), reason)
