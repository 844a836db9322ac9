"""Processes: spawning, ending, flags, the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from erlsim import code
from erlsim._bifs.common import Term, badarg, here, local, plain_list, settle, still_alive
from erlsim._bifs.links import link_new, monitor_new
from erlsim._kernel import ExitSignal, Process, become
from erlsim.errors import Error, Exit, Throw
from erlsim.terms import Pid, Ref, copy

TUNING = ("priority", "fullsweep_after", "min_heap_size", "min_bin_vheap_size", "max_heap_size", "message_queue_data")


def self() -> Pid:
    """The pid of the caller."""
    return here().current.pid


def node() -> str:
    """`"nonode@nohost"`: the simulated node is not distributed."""
    return "nonode@nohost"


def nodes() -> list[Term]:
    """`[]`."""
    return []


def _body(args: tuple[Term, ...]) -> tuple[Callable[[], Any], tuple[str, str, int]]:
    """What to run, and what `process_info` calls it, of spawn's arguments."""
    if len(args) in (1, 2) and callable(args[0]):
        fun = args[0]
        given = [] if len(args) == 1 else plain_list(args[1])
        return (lambda: fun(*given)), ("erlang", "apply", 2)
    if len(args) != 3 or type(args[1]) is not str or type(args[2]) is not list:
        badarg()
    module, function, arguments = args
    if not code.is_module(module):
        badarg()
    arguments = copy(arguments)
    return (lambda: _entry(module, function, arguments)), (code.name(module), function, len(arguments))


def _entry(module: Term, function: str, arguments: list[Term]) -> Any:
    return code.function(module, function, len(arguments), arguments)(*arguments)


def _spawn(args: tuple[Term, ...]) -> Process:
    body, initial_call = _body(args)
    return here().spawn(body, initial_call)


def spawn(*args: Term) -> Pid:
    """Start a process: `spawn(fun)`, `spawn(fun, [arg, ...])` or `spawn(module, function, [arg, ...])`.

    `fun` may be plain or `async`; the new process runs it when its turn comes. Returns its pid;
    `badarg` for arguments of another shape. A function that does not exist ends the process with
    `undef`. Mirrors `erlang:spawn/1,3`.
    """
    return _spawn(args).pid


def spawn_link(*args: Term) -> Pid:
    """As `spawn`, and link the new process to the caller. Mirrors `erlang:spawn_link/1,3`."""
    process = _spawn(args)
    link_new(process)
    return process.pid


def spawn_monitor(*args: Term) -> tuple[Pid, Ref]:
    """As `spawn`, and monitor the new process: `(pid, ref)`. Mirrors `erlang:spawn_monitor/1,3`."""
    process = _spawn(args)
    return process.pid, monitor_new(process, [])


def spawn_opt(*args: Term) -> Pid | tuple[Pid, Ref]:
    """`spawn_opt(fun, options)` or `spawn_opt(module, function, args, options)`.

    Options: `"link"`, `"monitor"` or `("monitor", monitor_options)`, and those that only tune memory
    and priority, which are accepted and remembered. `(pid, ref)` when monitored, else the pid.
    Mirrors `erlang:spawn_opt/2,4`.
    """
    if len(args) not in (2, 4):
        badarg()
    *what, options = args
    wanted = [_spawn_option(option) for option in plain_list(options)]
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


def _spawn_option(option: Term) -> tuple[str, Term]:
    if option == "link":
        return ("link", [])
    if option == "monitor":
        return ("monitor", [])
    if type(option) is tuple and len(option) == 2:
        name, value = option
        if name == "monitor" and type(value) is list:
            return ("monitor", value)
        if name in TUNING and _tuning_ok(name, value):
            return (name, value)
    return badarg()


def _tuning_ok(name: str, value: Term) -> bool:
    if name == "priority":
        return value in ("low", "normal", "high", "max")
    if name == "message_queue_data":
        return value in ("on_heap", "off_heap")
    if name == "max_heap_size":
        return (type(value) is int and value >= 0) or type(value) is dict
    return type(value) is int and value >= 0


def exit(*args: Term) -> Any:
    """`exit(reason)` ends the caller; `exit(pid, reason)` sends an exit signal.

    `exit(reason)` raises `erlsim.Exit`, which code may catch. `exit(pid, reason)` returns `True`,
    for a dead pid too; `badarg` for anything but a pid. Reason `"kill"` cannot be trapped, and a
    signal to oneself that kills cannot be caught. Mirrors `erlang:exit/1,2`.
    """
    if len(args) == 1:
        raise Exit(args[0])
    pid, reason = args
    target = local(pid)
    world = here()
    me = world.current
    if target is None:
        return True
    signal = ExitSignal(me, copy(reason), False)
    world.note("exit_signal", me.pid, pid, reason)
    if target is me:
        world.fetch(me)
        if me.alive:
            signal.arrive(me)
        still_alive(world, me)
    else:
        world.post(target, signal)
    return True


def error(reason: Term, args: Term = None, options: Term = None) -> NoReturn:
    """Raise `erlsim.Error`: a run-time error. Mirrors `erlang:error/1,2,3`."""
    raise Error(reason)


def throw(term: Term) -> NoReturn:
    """Raise `erlsim.Throw`: a non-local return. Mirrors `erlang:throw/1`."""
    raise Throw(term)


def raise_(kind: str, reason: Term, stack: list[Term]) -> Any:
    """Raise `reason` in class `kind` with a given stack; `badarg` (returned) for another class.

    Mirrors `erlang:raise/3`.
    """
    classes = {"error": Error, "exit": Exit, "throw": Throw}
    if type(stack) is not list or kind not in classes:
        return "badarg"
    raise classes[kind](reason, stack)


async def apply(*args: Term) -> Term:
    """`apply(fun, [arg, ...])` or `apply(module, function, [arg, ...])`; awaits what is awaitable.

    `undef` if there is no such function, `("badfun", value)` for what is no function.
    Mirrors `erlang:apply/2,3`.
    """
    if len(args) == 3:
        return await code.call(*args)
    fun, arguments = args
    if not callable(fun):
        raise Error(("badfun", fun))
    return await code.finish(fun(*plain_list(arguments)))


async def hibernate(module: Term, function: str, args: list[Term]) -> NoReturn:
    """Wait for a message, then go on as `module:function(args)`; the caller's code is left for good.

    Mirrors `erlang:hibernate/3`. `badarg` for what is no module, function name or argument list.
    """
    if not code.is_module(module) or type(function) is not str or type(args) is not list:
        badarg()
    await become(lambda: _entry(module, function, args))
    raise AssertionError("unreachable")


def processes() -> list[Pid]:
    """The pids of all living processes, oldest first. Mirrors `erlang:processes/0`."""
    return [process.pid for process in here().processes()]


def is_process_alive(pid: Pid) -> bool:
    """Whether `pid` lives, after every signal that the caller sent it before. Mirrors the BIF."""
    target = local(pid)
    world = here()
    if target is not None and target.nsig and target is not world.current:
        settle(world, target)
    return pid.home is not None


def process_flag(*args: Term) -> Term:
    """`process_flag(flag, value)`: set a flag of the caller, return the old value; or `(pid, "save_calls", n)`.

    Flags: `trap_exit` and those that only tune memory and priority. `badarg` for others.
    Mirrors `erlang:process_flag/2`.
    """
    if len(args) == 3:
        return _flag_of_another(*args)
    flag, value = args
    me = here().current
    if flag == "trap_exit":
        if type(value) is not bool:
            badarg()
        old, me.trap_exit = me.trap_exit, value
        return old
    if flag == "save_calls" and type(value) is int and 0 <= value <= 10000:
        return 0
    if flag in ("sensitive", "async_dist"):
        return _remember(me, flag, value, False) if type(value) is bool else badarg()
    if flag == "error_handler":
        return _remember(me, flag, value, "error_handler") if type(value) is str else badarg()
    if flag in TUNING and _tuning_ok(flag, value):
        return _remember(me, flag, value, DEFAULT_FLAGS[flag])
    return badarg()


DEFAULT_FLAGS: dict[str, Term] = {
    "priority": "normal",
    "fullsweep_after": 65535,
    "min_heap_size": 233,
    "min_bin_vheap_size": 46422,
    "max_heap_size": {"error_logger": True, "kill": True, "size": 0},
    "message_queue_data": "on_heap",
}


def _remember(process: Process, flag: str, value: Term, default: Term) -> Term:
    flags = process.flags or {}
    old = flags.get(flag, default)
    process.flags = {**flags, flag: value}
    return old


def _flag_of_another(pid: Pid, flag: Term, value: Term) -> Term:
    if local(pid) is None or flag != "save_calls" or type(value) is not int or not 0 <= value <= 10000:
        badarg()
    return 0


def group_leader(*args: Term) -> Any:
    """`group_leader()` of the caller; `group_leader(leader, pid)` sets it and returns `True`.

    `badarg` for a dead or wrong pid. Mirrors `erlang:group_leader/0,2`.
    """
    if not args:
        return here().current.group_leader
    leader, pid = args
    if type(leader) is not Pid:
        badarg()
    target = local(pid)
    if target is None:
        badarg()
    target.group_leader = leader
    return True
