"""The facts of a world as it is now; nothing moves while they are taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim import terms
from erlsim._kernel import AliasMessage, Message, Process, Signal, here
from erlsim.supervision import BOOK, Published
from erlsim.terms import Term
from erlsim.trace.events import SHELL, SYSTEM
from erlsim.trace.facts import Actor, Facts, Overseer, call_label

INITIAL_CALL = terms.key("$initial_call")


def look() -> Facts:
    """The facts of the current world."""
    world = here()
    book: dict[int, Published] = world.extension(BOOK, dict)
    actors = {process.pid.number: _actor(process) for process in world.processes()}
    overseers = {number: _overseer(each) for number, each in book.items()}
    return Facts(world.clock.now, actors, overseers)


def timers() -> list[tuple[int, Term, Term]]:
    """The timers of the current world that will send a message: when (ms), to whom (a pid or a name), which."""
    return [
        (t.due, t.target.pid if isinstance(t.target, Process) else t.target, t.message) for t in here().clock.armed()
    ]


def _overseer(each: Published) -> Overseer:
    children = {terms.key(child.id): child for child in each.children()}
    return Overseer(each.kind, each.detail, each.nameless, each.ordered, children)


def _actor(process: Process) -> Actor:
    return Actor(
        process.pid,
        process.parent,
        _label(process),
        process.name,
        role(process),
        process.messages() + [message for item in process.inq for message in _message(item)],
        {peer.pid.number: peer.pid for peer in (process.links or {}).values()},
        {ref: monitor.item for ref, monitor in (process.monitors or {}).items()},
    )


def role(process: Process) -> str:
    """Whether it is the shell or part of the simulation itself."""
    return SHELL if process.is_shell else SYSTEM if process.is_system else ""


def _message(item: Any) -> list[Term]:
    if isinstance(item, Message | AliasMessage):
        return [item.term]
    return [] if isinstance(item, Signal) else [item]


def _label(process: Process) -> str:
    call = (process.dictionary or {}).get(INITIAL_CALL, (None, None))[1]
    if isinstance(call, tuple):
        return call_label(call)
    if process.initial_call != ("erlang", "apply", 2):
        return "" if process.parent is None else call_label(process.initial_call)
    body: Callable[..., Any] | None = process.body
    if body is not None:
        # A process that has not run yet holds the function that it was given.
        fun = getattr(body, "args", (None,))[0]
        return str(getattr(fun, "__name__", type(fun).__name__))
    return str(getattr(process.code, "__name__", ""))
