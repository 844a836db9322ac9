"""Finding processes and naming them. Mirrors `gen:get_proc_name`, `gen:register_name` and what `gen:call` does first.

A process may be addressed by pid, local name, `(name, node)`, `("global", term)` or `("via", module, term)`.
"""

from __future__ import annotations

from erlsim import code, erlang, supervision
from erlsim.errors import Error, Exit
from erlsim.otp.shared import finish_now, stack_here
from erlsim.terms import Pid, Term, matchable

__in_stacks__ = False


async def find(process: Term) -> Pid | tuple[Term, str]:
    """The pid that `process` stands for; exits with `noproc` if there is none.

    A name on another node is looked up there: it is returned as it is. While the caller's node has no name there is no
    other one: exits with `("nodedown", node)`.
    """
    return _found(process, await code.finish(_look_up(process)))


def find_now(process: Term) -> Pid | tuple[Term, str]:
    """As `find`, for functions that never wait: a `via` module that wants to wait is misused here."""
    return _found(process, finish_now(_look_up(process)))


def _look_up(process: Term) -> Term:
    """What is registered under `process`, perhaps still to be awaited."""
    match matchable(process):
        case Pid():
            return process
        case str():
            return erlang.whereis(process)
        case bool():
            return "undefined"
        case ("global", _) | ("via", _, _):
            return where(process)
        case (name, str(node)) if node == erlang.node():
            return _look_up(name)
        case (_, str(node)):
            if erlang.is_alive():
                return process
            raise Exit(("nodedown", node), stack_here("do_for_proc/2", "gen"))
    raise Error("function_clause", [("gen", "do_for_proc", [process], [])])


def _found(process: Term, pid: Term) -> Pid | tuple[Term, str]:
    if type(pid) is tuple:
        return pid
    if type(pid) is not Pid:
        supervision.called_in_vain(process)
        raise Exit("noproc", stack_here("do_for_proc/2", "gen"))
    return pid


def where(name: Term) -> Term:
    """The pid under `name`, or `"undefined"`; `function_clause` for what is no name.

    The value of a `via` module may have to be awaited: see `code.finish`.
    """
    match matchable(name):
        case ("local", atom):
            return erlang.whereis(atom)
        case ("global", term):
            return code.function("global", "whereis_name", 1)(term)
        case ("via", module, term):
            return code.function(module, "whereis_name", 1, [term])(term)
    raise Error("function_clause", [("gen", "where", [name], [])])


async def register_name(name: Term) -> Term:
    """Take `name` for the caller: `None`, or the pid that has it."""
    if name[0] == "local":
        try:
            erlang.register(name[1], erlang.self())
        except Error:
            return where(name)
        return None
    module = "global" if name[0] == "global" else name[1]
    answer = await code.call(module, "register_name", [name[-1], erlang.self()])
    return None if answer == "yes" else await code.finish(where(name))


async def unregister_name(name: Term) -> None:
    """Give `name` (or nothing, for a pid) back."""
    match matchable(name):
        case ("local", atom):
            try:
                erlang.unregister(atom)
            except Error:
                pass
        case ("global", term):
            await code.call("global", "unregister_name", [term])
        case ("via", module, term):
            await code.call(module, "unregister_name", [term])


def name_of(name: Term) -> Term:
    """The term that a server goes by in its reports: its name without the kind of it, or its pid."""
    return name if type(name) is Pid else name[-1]


async def get_proc_name(name: Term) -> Term:
    """Check that the caller has `name`, and return the term that it goes by."""
    if type(name) is Pid:
        return name
    if type(name) is not tuple or (len(name), name[:1]) not in ((2, ("local",)), (2, ("global",)), (3, ("via",))):
        raise Error("function_clause", [("gen", "get_proc_name", [name], [])])
    me = erlang.self()
    if name[0] == "local":
        if erlang.process_info(me, "registered_name") != ("registered_name", name[1]):
            raise Exit("process_not_registered", stack_here("get_proc_name/1", "gen"))
    elif await code.finish(where(name)) != me:
        failure = "process_not_registered_globally" if name[0] == "global" else ("process_not_registered_via", name[1])
        raise Exit(failure, stack_here("get_proc_name/1", "gen"))
    return name[-1]


async def get_parent() -> Pid:
    """The pid of the process that started the caller."""
    ancestors = erlang.get("$ancestors")
    parent = ancestors[0] if type(ancestors) is list and ancestors else None
    if type(parent) is Pid:
        return parent
    if not isinstance(parent, str):
        raise Exit("process_was_not_started_by_proc_lib", stack_here("get_parent/0", "gen"))
    pid = erlang.whereis(parent)
    if type(pid) is not Pid:
        pid = await code.call("global", "whereis_name", [parent])
    if type(pid) is not Pid:
        raise Exit("could_not_find_registered_name", stack_here("name_to_pid/1", "gen"))
    return pid
