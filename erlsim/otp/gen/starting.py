"""Starting a behaviour's process, and the options that all of them have. Mirrors `gen:start`, `gen:init_it`."""

from __future__ import annotations

from erlsim import code, erlang
from erlsim.errors import Error, pass_on
from erlsim.otp import error_logger, proc_lib, sys_debug
from erlsim.otp.gen.names import register_name, where
from erlsim.otp.shared import keyfind, tell_failure
from erlsim.terms import ABSENT, Pid, Term

__in_stacks__ = False


async def start(behaviour: Term, linkage: str, name: Term, module: Term, args: Term, options: Term) -> Term:
    """Start a process of `behaviour` that runs the callbacks of `module`.

    `linkage` is `"link"`, `"monitor"` or `"nolink"`; `name` a name, or `None` for none. Options:
    `timeout` (ms), `debug`, `hibernate_after` (ms), `spawn_opt`. Returns `("ok", pid)` (or `("ok", (pid, ref))`),
    `"ignore"` or `("error", reason)`, which is `("already_started", pid)` when the name is taken.
    """
    if name is not None:
        taken = await code.finish(where(name))
        if taken != "undefined":
            return ("error", ("already_started", taken))
    timeout = keyfind("timeout", options, "infinity")
    spawn_options = keyfind("spawn_opt", options, [])
    named = () if name is None else (name,)
    parent = erlang.self() if linkage != "nolink" else "self"
    call = ("gen", "init_it", [behaviour, erlang.self(), parent, *named, module, args, options])
    if linkage == "link":
        return await proc_lib.start_link(*call, timeout, spawn_options)
    if linkage == "nolink":
        return await proc_lib.start(*call, timeout, spawn_options)
    answer, ref = await proc_lib.start_monitor(*call, timeout, spawn_options)
    if type(answer) is tuple and len(answer) == 2 and answer[0] == "ok" and type(answer[1]) is Pid:
        return ("ok", (answer[1], ref))
    await erlang.receive(("DOWN", ref, "process", ..., ...))
    return answer


async def start_by_arguments(
    behaviour: Term, linkage: str, name: Term, module: Term, args: Term, options: Term
) -> Term:
    """`start` by the arguments of a behaviour's start functions, `[name,] module, args, options`."""
    if options is ABSENT:
        return await start(behaviour, linkage, None, name, module, args)
    if name is None:
        raise Error("function_clause", [("gen", "where", [name], [])])
    return await start(behaviour, linkage, name, module, args, options)


async def init_it(behaviour: Term, starter: Pid, parent: Term, *rest: Term) -> Term:
    """The first function of the new process: take the name, then run the behaviour's own `init_it`.

    `rest` is `[name,] module, args, options`; `parent` may be `"self"`.
    """
    if len(rest) == 4:
        taken = await register_name(rest[0])
        if taken is not None:
            tell_failure(starter, ("error", ("already_started", taken)))
            return "ok"
        name, module, args, options = rest
    else:
        name, (module, args, options) = erlang.self(), rest
    return await code.function(behaviour, "init_it", 6)(starter, parent, name, module, args, options)


def debug_options(name: Term, options: Term) -> list[Term]:
    """The debug list of start options; bad debug options are reported and ignored."""
    wanted = keyfind("debug", options)
    if wanted is None:
        return []
    try:
        return sys_debug.debug_options(wanted)
    except Exception as failure:
        pass_on(failure)
        error_logger.format("~tp: ignoring erroneous debug options - ~tp~n", [name, wanted])
        return []


def hibernate_after(options: Term) -> Term:
    """The option `hibernate_after` in ms, `"infinity"` if there is none."""
    return keyfind("hibernate_after", options, "infinity")
