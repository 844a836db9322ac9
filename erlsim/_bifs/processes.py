"""Processes: spawning, ending, flags, the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import CoroutineType
from typing import Any, Final, NoReturn, overload

from erlsim import _kernel, code, hints
from erlsim._bifs.common import Term, badarg, behind, handle_signals_to, here, is_atom, leave_if_dead, local, plain_list
from erlsim._bifs.flags import spawn_option
from erlsim._bifs.links import link_new, monitor_new
from erlsim._bifs.nodes import node
from erlsim._bifs.operations import EXIT, GROUP_LEADER, IS_PROCESS_ALIVE, PROCESSES, SPAWN
from erlsim._kernel import (
    ExitSignal,
    Node,
    Process,
    become,
    end_in_turn,
    handle_signals,
    on_node,
    post,
    send_unsent,
    terminate,
    thread,
)
from erlsim.errors import Error, Exit, Throw, info_of
from erlsim.terms import ATOMIC, Improper, Pid, Ref, copy


def self() -> Pid:
    """The pid of the caller."""
    # It is `here` inline: nothing is asked for so often.
    world = thread.world
    if world is None or world.closing:
        world = here()
    return world.current.pid


_APPLY: Final = ("erlang", "apply", 2)


Body = tuple[partial[Any], tuple[str, str, int], Node | None]


def _body(args: tuple[Term, ...]) -> Body:
    """What to run, what `process_info` calls it, and on which other node, of spawn's arguments."""
    # DIVERGES(otp): a fun may be given arguments, `spawn(fun, [arg, ...])`, which is badarg in OTP.
    if len(args) <= 2 and callable(args[0]):
        if len(args) == 1:
            return partial(_run, args[0]), _APPLY, None
        if type(args[1]) is not list:
            badarg()
        return partial(_run, args[0], *copy(args[1])), _APPLY, None
    if is_atom(args[0]) and len(args) in (2, 4):
        return _body(args[1:]) if args[0] == node() else _elsewhere(args[0], args[1:])
    if len(args) == 1 and type(args[0]) is tuple and _is_old_fun(args[0]):
        return partial(_bad_fun, args[0]), _APPLY, None
    if isinstance(args[0], CoroutineType):
        raise hints.called_function(args[0])
    if len(args) != 3 or not is_atom(args[1]) or type(args[2]) is not list:
        badarg()
    module, function, arguments = args
    if not code.is_module(module):
        badarg()
    arguments = copy(arguments)
    return partial(_entry, module, function, arguments), (code.name(module), function, len(arguments)), None


def _elsewhere(where: Term, args: tuple[Term, ...]) -> Body:
    """As `_body`, on another node; one that cannot be reached has a process here that ends with `noconnection`."""
    # DIVERGES(otp): OTP's process logs a warning, "Can not start ...", before it ends.
    body, initial_call, _ = _body(args)
    found = here().node_named(where)
    if found is None:
        return partial(exit, "noconnection"), ("erlang", "crasher", 6), None
    return body, initial_call, found


def _is_old_fun(term: tuple[Term, ...]) -> bool:
    """Whether `term` is `(module, function)`, which was a fun before there were funs: it may be spawned, no more."""
    return len(term) == 2 and all(type(each) in (str, bool) for each in term)


def _bad_fun(term: Term) -> NoReturn:
    raise Error(("badfun", term))


def _run(fun: Callable[..., Any], *given: Term) -> Any:
    try:
        return fun(*given)
    except TypeError as exc:
        assert exc.__traceback__ is not None
        if exc.__traceback__.tb_next is None and not code.takes(fun, len(given)):
            raise Error(("badarity", (fun, [*given])), [("erlang", "apply", 2, [])]) from None
        raise


def _entry(module: Term, function: str, arguments: list[Term]) -> Any:
    return code.function(module, function, len(arguments), arguments)(*arguments)


def _spawn(args: tuple[Term, ...]) -> Process:
    body, initial_call, where = _body(args)
    # It is `here` inline.
    world = thread.world
    if world is None or world.closing:
        world = here()
    if not world.slow:
        return _kernel.spawn(world, body, initial_call, where)
    world.visible(SPAWN, where)
    process = _kernel.spawn(world, body, initial_call, where)
    if world.tracer is not None and body.func is _run:
        world.note("label", process.pid, function_name(body.args[0]))
    return process


def function_name(fun: Callable[..., Any]) -> str:
    """What people call a function: its own name, without where it was defined."""
    return str(getattr(fun, "__name__", type(fun).__name__))


@overload
def spawn(fun: Callable[..., Any], args: Sequence[Term] = ..., /) -> Pid: ...
@overload
def spawn(module: Term, function: str, args: Sequence[Term], /) -> Pid: ...
@overload
def spawn(node: str, fun: Callable[..., Any], /) -> Pid: ...
@overload
def spawn(node: str, module: Term, function: str, args: Sequence[Term], /) -> Pid: ...
def spawn(*args: Term) -> Pid:
    """Start a process: `spawn(fun)`, `spawn(fun, [arg, ...])` or `spawn(module, function, [arg, ...])`.

    `fun` may be plain or `async`; the new process runs it when its turn comes. Returns its pid;
    `badarg` for arguments of another shape. A function that does not exist ends the process with
    `undef`. Mirrors `erlang:spawn/1,3`.
    """
    return _spawn(args).pid


@overload
def spawn_link(fun: Callable[..., Any], args: Sequence[Term] = ..., /) -> Pid: ...
@overload
def spawn_link(module: Term, function: str, args: Sequence[Term], /) -> Pid: ...
@overload
def spawn_link(node: str, fun: Callable[..., Any], /) -> Pid: ...
@overload
def spawn_link(node: str, module: Term, function: str, args: Sequence[Term], /) -> Pid: ...
def spawn_link(*args: Term) -> Pid:
    """As `spawn`, and link the new process to the caller. Mirrors `erlang:spawn_link/1,3`."""
    process = _spawn(args)
    link_new(process)
    return process.pid


@overload
def spawn_monitor(fun: Callable[..., Any], args: Sequence[Term] = ..., /) -> tuple[Pid, Ref]: ...
@overload
def spawn_monitor(module: Term, function: str, args: Sequence[Term], /) -> tuple[Pid, Ref]: ...
@overload
def spawn_monitor(node: str, fun: Callable[..., Any], /) -> tuple[Pid, Ref]: ...
@overload
def spawn_monitor(node: str, module: Term, function: str, args: Sequence[Term], /) -> tuple[Pid, Ref]: ...
def spawn_monitor(*args: Term) -> tuple[Pid, Ref]:
    """As `spawn`, and monitor the new process: `(pid, ref)`. A fun must take no arguments, or those that are given.

    Mirrors `erlang:spawn_monitor/1,3`.
    """
    fun = args[-1] if len(args) == 2 and is_atom(args[0]) else args[0]
    if fun is args[-1] and not isinstance(fun, CoroutineType) and not (callable(fun) and code.takes(fun, 0)):
        badarg()
    process = _spawn(args)
    return process.pid, monitor_new(process, [])


@overload
def spawn_opt(fun: Callable[..., Any], options: Sequence[Term], /) -> Pid | tuple[Pid, Ref]: ...
@overload
def spawn_opt(node: str, fun: Callable[..., Any], options: Sequence[Term], /) -> Pid | tuple[Pid, Ref]: ...
@overload
def spawn_opt(
    module: Term, function: str, args: Sequence[Term], options: Sequence[Term], /
) -> Pid | tuple[Pid, Ref]: ...
@overload
def spawn_opt(
    node: str, module: Term, function: str, args: Sequence[Term], options: Sequence[Term], /
) -> Pid | tuple[Pid, Ref]: ...
def spawn_opt(*args: Term) -> Pid | tuple[Pid, Ref]:
    """`spawn_opt(fun, options)` or `spawn_opt(module, function, args, options)`, or with `node()` before it.

    Options: `"link"`, `"monitor"` or `("monitor", monitor_options)`, and those that only tune memory
    and priority, which are accepted and remembered. `(pid, ref)` when monitored, else the pid.
    Mirrors `erlang:spawn_opt/2..5`.
    """
    if not 2 <= len(args) <= 5:
        badarg()
    *what, options = args
    if len(what) == 2 and callable(what[1]) and not code.takes(what[1], 0):
        badarg()
    if len(args) != 4 and not _can_begin(what):
        # Of four arguments the options are looked at before the others.
        badarg()
    wanted = [spawn_option(option) for option in plain_list(options, "badopt")]
    process = _spawn(tuple(what))
    for name, value in wanted:
        if name not in ("link", "monitor"):
            process.flags = {**(process.flags or {}), name: value}
    names = [name for name, _ in wanted]
    if "link" in names:
        link_new(process)
    if "monitor" in names:
        return process.pid, monitor_new(process, dict(wanted)["monitor"])
    return process.pid


def _can_begin(what: list[Term]) -> bool:
    """Whether spawn's arguments, options aside, name something to run."""
    if len(what) in (2, 4):
        if not is_atom(what[0]):
            return False
        what = what[1:]
    if len(what) == 1:
        return (
            callable(what[0]) or isinstance(what[0], CoroutineType) or (type(what[0]) is tuple and _is_old_fun(what[0]))
        )
    return is_atom(what[1]) and type(what[2]) is list


@overload
def exit(reason: Term, /) -> NoReturn: ...
@overload
def exit(pid: Pid, reason: Term, /) -> bool: ...
def exit(*args: Term) -> Any:
    """`exit(reason)` ends the caller; `exit(pid, reason)` sends an exit signal.

    `exit(reason)` raises `erlsim.Exit`, which code may catch. `exit(pid, reason)` returns `True`,
    for a dead pid too; `badarg` for anything but a pid. Reason `"kill"` cannot be trapped, and a
    signal to oneself that kills cannot be caught: the caller ends after others have had their turn.
    Mirrors `erlang:exit/1,2`.
    """
    if len(args) == 1:
        raise Exit(args[0])
    pid, reason = args
    target = behind(pid)
    world = here()
    if world.slow:
        world.visible(EXIT, pid, reason)
        target = pid.home
    me = world.current
    if target is None:
        send_unsent(world, pid)
        return True
    signal = ExitSignal(me, reason if type(reason) in ATOMIC else copy(reason), False)
    if world.tracer is not None:
        world.note("exit_signal", me.pid, pid, reason)
    if target is me and (not me.trap_exit or reason == "kill"):
        # Even `normal` ends who sends it to himself.
        deadly = "killed" if reason == "kill" else signal.reason
        if not me.is_shell:
            end_in_turn(me, deadly)
        handle_signals(me)
        if me.alive:
            terminate(me, deadly, by=me)
        leave_if_dead(world, me)
    else:
        post(target, signal)
    return True


def error(reason: Term, args: Term = None, options: Term = None) -> NoReturn:
    """Raise `erlsim.Error`: a run-time error. Mirrors `erlang:error/1,2,3`.

    `args`, a list, are what the caller was called with: the stack shows them in place of its arity. `options` may be
    `[("error_info", info)]`: `info["module"]`, or else the caller's module, has a function `format_error(reason,
    stack)` that gives an explanation for each argument that is wrong, by its number.
    """
    raise Error.known(reason, args if isinstance(args, (list, Improper)) else None, info=info_of(options))


def throw(term: Term) -> NoReturn:
    """Raise `erlsim.Throw`: a non-local return. Mirrors `erlang:throw/1`."""
    raise Throw(term)


def raise_(kind: str, reason: Term, stack: list[Term]) -> Any:
    """Raise `reason` in class `kind` with a given stack; `badarg` (returned) for another class or what is no stack.

    Mirrors `erlang:raise/3`.
    """
    classes = {"error": Error, "exit": Exit, "throw": Throw}
    if type(stack) is not list or not all(map(_is_frame, stack)) or type(kind) is not str or kind not in classes:
        return "badarg"
    raise classes[kind](reason, stack)


def _is_frame(entry: Term) -> bool:
    """Whether `entry` may stand in a stack: `(module, function, arity or args[, location])`, or with a fun in front."""
    return type(entry) is tuple and (len(entry) in (3, 4) or (len(entry) == 2 and callable(entry[0])))


@overload
async def apply(fun: Callable[..., Any], args: Sequence[Term], /) -> Term: ...
@overload
async def apply(module: Term, function: str, args: Sequence[Term], /) -> Term: ...
async def apply(*args: Term) -> Term:
    """`apply(fun, [arg, ...])` or `apply(module, function, [arg, ...])`; awaits what is awaitable.

    `undef` if there is no such function, `("badfun", value)` for what is no function, `("badarity", (fun, args))`
    for one that takes another number of arguments.
    Mirrors `erlang:apply/2,3`.
    """
    if len(args) == 3:
        return await code.call(args[0], args[1], plain_list(args[2]))
    fun, arguments = args
    plain_list(arguments)
    if not callable(fun):
        raise Error(("badfun", fun))
    if not code.takes(fun, len(arguments)):
        raise Error(("badarity", (fun, [*arguments])))
    return await code.finish(fun(*arguments))


async def hibernate(module: Term, function: str, args: list[Term]) -> NoReturn:
    """Wait for a message, then go on as `module:function(args)`; the caller's code is left for good.

    Mirrors `erlang:hibernate/3`. `badarg` for what is no module, function name or argument list.
    """
    if not code.is_call(module, function, args):
        badarg()
    await become(lambda: _entry(module, function, args))
    raise AssertionError("unreachable")


def processes() -> list[Pid]:
    """The pids of all living processes of the caller's node, oldest first. Mirrors `erlang:processes/0`."""
    world = here()
    if world.slow:
        world.visible(PROCESSES)
    if world.nodes is not None:
        return [process.pid for process in on_node(world, world.node_of(world.current.pid))]
    return [process.pid for process in world.processes()]


def is_process_alive(pid: Pid) -> bool:
    """Whether `pid` lives, after every signal that the caller sent it before. Mirrors the BIF.

    `badarg` for what is no pid of the caller's node.
    """
    local(pid)
    return lives(pid)


def lives(pid: Pid) -> bool:
    """As `is_process_alive`, of a process on any node.

    Not one of Erlang's BIFs: for those who would have heard of its end.
    """
    target = behind(pid)
    world = here()
    if world.slow:
        world.visible(IS_PROCESS_ALIVE, pid)
        target = pid.home
    if world.steps is not None and target is not None:
        world.steps.channels.let_arrive(world.current, target)
    if target is not None and target.nsig and target is not world.current:
        handle_signals_to(target, world)
    return pid.home is not None


@overload
def group_leader() -> Pid: ...
@overload
def group_leader(leader: Pid, pid: Pid, /) -> bool: ...
def group_leader(*args: Term) -> Any:
    """`group_leader()` of the caller; `group_leader(leader, pid)` sets it and returns `True`.

    `badarg` for a dead or wrong pid. Mirrors `erlang:group_leader/0,2`.
    """
    world = here()
    if not args:
        if world.slow:
            world.visible(GROUP_LEADER)
        return world.current.group_leader
    leader, pid = args
    if type(leader) is not Pid:
        badarg()
    if world.slow:
        world.visible(GROUP_LEADER, leader, pid)
    target = behind(pid)
    if target is None:
        badarg()
    target.group_leader = leader
    return True
