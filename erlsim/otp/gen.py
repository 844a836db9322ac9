"""What every behaviour shares: starting by name, calling, stopping. Mirrors `gen`.

Contract: names are `("local", atom)`, `("global", term)` and `("via", module, term)`; a process may be
addressed by pid, local name, `(name, node())`, `("global", term)` or `("via", module, term)`.
Requests without waiting are in `gen_request`.

A call monitors its server with an alias, so that a reply which comes too late is dropped.
"""

from __future__ import annotations

from erlsim import code, erlang
from erlsim.errors import ErlangException, Error, Exit
from erlsim.otp import error_logger, proc_lib, sys_debug
from erlsim.otp.shared import is_timeout, keyfind, settle, settle_now, stack_here
from erlsim.terms import Improper, Pid, Ref, Term, chars

ALIAS = ("alias",)
DEMONITOR_ALIAS = [("alias", "demonitor")]
FLUSH = ["flush"]
NODE = "nonode@nohost"


# ---- starting ---------------------------------------------------------------


async def start(behaviour: Term, linkage: str, name: Term, module: Term, args: Term, options: Term) -> Term:
    """Start a process of `behaviour` that runs the callbacks of `module`.

    `linkage` is `"link"`, `"monitor"` or `"nolink"`; `name` a name, or `None` for none. Options:
    `timeout` (ms), `debug`, `hibernate_after` (ms), `spawn_opt`. Returns `("ok", pid)` (or `("ok", (pid, ref))`),
    `"ignore"` or `("error", reason)`, which is `("already_started", pid)` when the name is taken.
    """
    if name is not None:
        taken = await settle(where(name))
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


async def init_it(behaviour: Term, starter: Pid, parent: Term, *rest: Term) -> Term:
    """The first function of the new process: take the name, then run the behaviour's own `init_it`.

    `rest` is `[name,] module, args, options`; `parent` may be `"self"`.
    """
    if len(rest) == 4:
        taken = await register_name(rest[0])
        if taken is not None:
            return proc_lib.init_ack(starter, ("error", ("already_started", taken)))
        name, module, args, options = rest
    else:
        name, (module, args, options) = erlang.self(), rest
    return await code.function(behaviour, "init_it", 6)(starter, parent, name, module, args, options)


# ---- calling ----------------------------------------------------------------


async def call(process: Term, label: str, request: Term, timeout: Term = 5000) -> tuple[str, Term]:
    """Send `(label, from, request)` and wait for the reply: `("ok", reply)`.

    Exits with the reason that the server died of, `noproc`, `timeout` (after `timeout` ms), `calling_self`.
    """
    if not is_timeout(timeout):
        raise Error("function_clause", [("gen", "call", [process, label, request, timeout], [])])
    pid = process if type(process) is Pid else await find(process)
    return ("ok", await erlang.ask(pid, label, request, timeout))


def reply(from_: tuple[Term, Term], answer: Term) -> str:
    """Answer a request, from any process; `"ok"`, whether anybody still waits or not."""
    to, tag = from_
    if type(tag) is Improper and tag.items[0] == "alias" and type(tag.tail) is Ref:
        erlang.send(tag.tail, (tag, answer))
        return "ok"
    first = tag.items[0] if type(tag) is Improper else tag[0] if type(tag) is list and tag else None
    if type(first) is Improper and first.items == ALIAS and type(first.tail) is Ref:
        erlang.send(first.tail, (tag, answer))
        return "ok"
    try:
        erlang.send(to, (tag, answer))
    except ErlangException:
        pass
    return "ok"


async def stop(process: Term, reason: Term = "normal", timeout: Term = "infinity") -> Term:
    """Stop a process in order; exits with its reason if that is not `reason`, with `noproc`, with `timeout`."""
    if not is_timeout(timeout):
        raise Error("function_clause", [("gen", "stop", [process, reason, timeout], [])])
    return await proc_lib.stop(process if type(process) is Pid else await find(process), reason, timeout)


# ---- names ------------------------------------------------------------------


async def find(process: Term) -> Pid:
    """The pid that `process` stands for; exits with `noproc`, or `("nodedown", node)` for another node."""
    return _found(await settle(_look_up(process)))


def find_now(process: Term) -> Pid:
    """As `find`, for functions that never wait: a `via` module that wants to wait is misused here."""
    return _found(settle_now(_look_up(process)))


def _look_up(process: Term) -> Term:
    """What is registered under `process`, perhaps still to be awaited."""
    match process:
        case Pid():
            return process
        case str():
            return erlang.whereis(process)
        case bool():
            return "undefined"
        case ("global", _) | ("via", _, _):
            return where(process)
        case (name, str(node)) if node == NODE:
            return _look_up(name)
        case (_, str(node)):
            raise Exit(("nodedown", node), stack_here("do_for_proc", 2, "gen"))
    raise Error("function_clause", [("gen", "do_for_proc", [process], [])])


def _found(pid: Term) -> Pid:
    if type(pid) is not Pid:
        raise Exit("noproc", stack_here("do_for_proc", 2, "gen"))
    return pid


def where(name: Term) -> Term:
    """The pid under `name`, or `"undefined"`; `function_clause` for what is no name.

    The value of a `via` module may have to be awaited: see `settle`.
    """
    match name:
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
    return None if answer == "yes" else await settle(where(name))


async def unregister_name(name: Term) -> None:
    """Give `name` (or nothing, for a pid) back."""
    match name:
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
    me = erlang.self()
    if name[0] == "local":
        if erlang.process_info(me, "registered_name") != ("registered_name", name[1]):
            raise Exit("process_not_registered")
    elif await settle(where(name)) != me:
        failure = "process_not_registered_globally" if name[0] == "global" else ("process_not_registered_via", name[1])
        raise Exit(failure)
    return name[-1]


async def get_parent() -> Pid:
    """The pid of the process that started the caller."""
    ancestors = erlang.get("$ancestors")
    parent = ancestors[0] if type(ancestors) is list and ancestors else None
    if type(parent) is Pid:
        return parent
    if not isinstance(parent, str):
        raise Exit("process_was_not_started_by_proc_lib")
    pid = erlang.whereis(parent)
    if type(pid) is not Pid:
        pid = await code.call("global", "whereis_name", [parent])
    if type(pid) is not Pid:
        raise Exit("could_not_find_registered_name")
    return pid


# ---- options ----------------------------------------------------------------


def debug_options(name: Term, options: Term) -> list[Term]:
    """The debug list of start options; bad debug options are reported and ignored."""
    wanted = keyfind("debug", options)
    if wanted is None:
        return []
    try:
        return sys_debug.debug_options(wanted)
    except Exception:
        error_logger.format("~tp: ignoring erroneous debug options - ~tp~n", [name, wanted])
        return []


def hibernate_after(options: Term) -> Term:
    """The option `hibernate_after` in ms, `"infinity"` if there is none."""
    return keyfind("hibernate_after", options, "infinity")


# ---- status -----------------------------------------------------------------


def format_status_header(tag_line: str, name: Term) -> Term:
    """The heading of `sys.get_status`: chars, or a pair for a name that is no atom."""
    if isinstance(name, Pid | str):
        return chars(f"{tag_line} {name if isinstance(name, str) else repr(name)}")
    return (chars(tag_line), name)


async def format_status(module: Term, option: str, status: dict[str, Term], args: Term) -> dict[str, Term]:
    """Let the callback module change what is shown of its state: `format_status/1`, or the older `/2`.

    A callback that fails adds an `EXIT` entry that says so; `/2` adds `$status`.
    """
    if code.function_exported(module, "format_status", 1):
        return await _format_status_1(module, status)
    if code.function_exported(module, "format_status", 2) and type(args) is list:
        try:
            return {**status, "$status": await _called(module, [option, args])}
        except Exception as failure:
            if getattr(failure, "kind", None) == "throw":
                return {**status, "$status": getattr(failure, "reason", None)}
            return {**status, "EXIT": _chars(module, "/2 crashed")}
    return status


async def _format_status_1(module: Term, status: dict[str, Term]) -> dict[str, Term]:
    try:
        fresh = await _called(module, [dict(status)])
    except Exception:
        return {**status, "EXIT": _chars(module, "/1 crashed")}
    if not isinstance(fresh, dict):
        return {**status, "EXIT": _chars(module, "/1 did not return a map")}
    # As in OTP, the test is that nothing is missing; the text says otherwise.
    if len({**status, **fresh}) != len(fresh):
        return {**status, "EXIT": _chars(module, "/1 returned a map with unknown keys")}
    return fresh


async def _called(module: Term, args: list[Term]) -> Term:
    return await settle(code.function(module, "format_status", len(args))(*args))


def _chars(module: Term, what: str) -> list[int]:
    return chars(f"{code.name(module)}:format_status{what}")
