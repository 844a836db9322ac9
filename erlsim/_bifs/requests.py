"""Spawning by request: the answer comes as a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, overload

from erlsim import code
from erlsim._bifs.common import Term, badarg, here, plain_list
from erlsim._bifs.flags import spawn_option
from erlsim._bifs.nodes import node
from erlsim._bifs.processes import spawn_opt
from erlsim._kernel import post_message
from erlsim.errors import Error
from erlsim.terms import Improper, Pid, Ref

REPLIES = ("yes", "no", "error_only", "success_only")


@overload
def spawn_request(fun: Callable[..., Any], options: Sequence[Term] = ..., /) -> Ref: ...
@overload
def spawn_request(module: Term, function: str, args: Sequence[Term], options: Sequence[Term] = ..., /) -> Ref: ...
@overload
def spawn_request(node: str, fun: Callable[..., Any], options: Sequence[Term] = ..., /) -> Ref: ...
@overload
def spawn_request(node: str, module: Term, function: str, args: Sequence[Term], options: Sequence[Term], /) -> Ref: ...
def spawn_request(*args: Term) -> Ref:
    """Ask for a new process: the request's reference; `(tag, ref, "ok", pid)` comes as a message.

    `spawn_request(fun[, options])`, `(module, function, args[, options])`, each also with a node before
    it. Options are those of `spawn_opt`, `("reply_tag", term)` for another tag than `"spawn_reply"` and
    `("reply", "yes" | "no" | "error_only" | "success_only")`. With `"monitor"` the reference is the monitor
    too. What is wrong with the options is answered `(tag, ref, "error", "badopt")`, a node that is not there
    `(tag, ref, "error", "noconnection")`; other arguments of the wrong kind are `badarg`. Mirrors
    `erlang:spawn_request/1..5`.
    """
    where, what, options = _parted(args)
    tag, reply, others = _reply_options(options)
    world = here()
    try:
        if world.node_named(where) is None:
            raise Error("noconnection")
        answer = _spawned(what if where == node() else (where, *what), others)
    except Error as refused:
        ref: Ref = world.new_ref()
        if reply in ("yes", "error_only"):
            reason = refused.reason if refused.reason == "noconnection" else "badopt"
            post_message(world.current, (tag, ref, "error", reason))
        return ref
    pid, ref = answer if type(answer) is tuple else (answer, world.new_ref())
    if reply in ("yes", "success_only"):
        post_message(world.current, (tag, ref, "ok", pid))
    return ref


def _spawned(what: tuple[Term, ...], options: list[Term]) -> Pid | tuple[Pid, Ref]:
    for option in options:
        spawn_option(option)
    arguments: list[Term] = [*what, options]
    answer: Pid | tuple[Pid, Ref] = spawn_opt(*arguments)
    return answer


def _parted(args: tuple[Term, ...]) -> tuple[str, tuple[Term, ...], list[Term]]:
    """The node, what to run, and the options; `badarg` if the arguments have no such shape."""
    where = node()
    if len(args) == 3 and all(type(each) is str for each in args):
        # Taken for a node, a fun and options, and answered before the fun is looked at.
        return args[0], args[1:], []
    if len(args) == 5 or (len(args) == 4 and code.is_call(*args[1:])) or (len(args) in (2, 3) and _is_fun(args[1])):
        where, *rest = args
        args = tuple(rest)
    options: Term = []
    if len(args) in (2, 4):
        *what, options = args
        args = tuple(what)
    fits = (len(args) == 1 and _is_fun(args[0])) or (len(args) == 3 and code.is_call(*args))
    if type(where) is not str or not fits or type(options) is Improper:
        badarg()
    return where, args, plain_list(options)


def _is_fun(term: Term) -> bool:
    return callable(term) and not isinstance(term, type) and code.takes(term, 0)


def _reply_options(options: list[Term]) -> tuple[Term, str, list[Term]]:
    tag: Term = "spawn_reply"
    reply = "yes"
    others = []
    for option in options:
        name, value = option if type(option) is tuple and len(option) == 2 else (None, None)
        if name == "reply_tag":
            tag = value
        elif name == "reply" and value in REPLIES:
            reply = value
        else:
            others.append(option)
    return tag, reply, others


def spawn_request_abandon(ref: Ref) -> bool:
    """Give up a request that is not answered yet: `False`, for it is answered at once.

    `badarg` for what is no reference. Mirrors `erlang:spawn_request_abandon/1`.
    """
    if type(ref) is not Ref:
        badarg()
    return False
