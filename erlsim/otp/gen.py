"""What every behaviour shares: starting by name, calling, stopping. Mirrors `gen`.

Contract: names are `("local", atom)`, `("global", term)` and `("via", module, term)`; a process may be
addressed by pid, local name, `(name, node())`, `("global", term)` or `("via", module, term)`.
A request that is not waited for is the reference of a monitor with an alias; a collection of them is a map of
request ids to labels, whose timeouts are milliseconds, `"infinity"` or `("abs", monotonic_ms)`.

A call monitors its server with an alias, so that a reply which comes too late is dropped.
"""

from __future__ import annotations

from collections.abc import Callable

from erlsim import code, erlang, supervision
from erlsim.erlang import TIMEOUT
from erlsim.errors import ErlangException, Error, Exit, pass_on
from erlsim.otp import error_logger, proc_lib, sys_debug
from erlsim.otp.shared import MAX_TIMEOUT, finish_now, is_timeout, keyfind, stack_here, tell_failure
from erlsim.terms import ABSENT, Improper, Pid, Ref, Term, chars, cons, matchable
from erlsim.terms.atoms import DemonitorOption, MonitorOption

ALIAS = ("alias",)
DEMONITOR_ALIAS: list[MonitorOption] = [("alias", "demonitor")]
FLUSH: list[DemonitorOption] = ["flush"]
NODE = "nonode@nohost"
Collection = dict[Ref, Term]


# ---- starting ---------------------------------------------------------------


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
    if type(from_) is not tuple or len(from_) != 2:
        raise Error("function_clause", [("gen", "reply", [from_, answer], [])])
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


# ---- requests that are not waited for ----------------------------------------


def send_request(process: Term, label: Term, request: Term, mark: Term = ABSENT, collection: Term = ABSENT) -> Term:
    """Send `(label, from, request)`: the request id, or `collection` with the request in it under `mark`."""
    if mark is ABSENT:
        return _send_request(process, label, request)
    if not isinstance(collection, dict):
        raise Error("function_clause", [("gen", "send_request", [process, label, request, mark, collection], [])])
    return {**collection, _send_request(process, label, request): mark}


def _send_request(process: Term, label: Term, request: Term) -> Ref:
    """The request id. A missing process answers with a made-up `DOWN`."""
    try:
        pid = find_now(process)
    except Exit as failure:
        ref = erlang.make_ref()
        erlang.send(erlang.self(), ("DOWN", ref, "process", process, failure.reason))
        return ref
    ref = erlang.monitor("process", pid, DEMONITOR_ALIAS)
    erlang.send(pid, (label, (erlang.self(), Improper(ALIAS, ref)), request))
    return ref


async def wait_response(request: Term, timeout: Term, delete: Term = None) -> Term:
    """Wait for one response; a timeout leaves the request as it is.

    For a request id: `("reply", reply)`, `("error", (reason, server))` or `"timeout"`; for a collection that with
    its label and what is left of it, or `"no_request"` when it is empty.
    """
    if delete is None:
        return await _wait_one(request, _milliseconds(timeout))
    _check_collection(request, delete)
    after = _milliseconds(timeout)
    if not request:
        return "no_request"
    message = await erlang.receive(_answers(request), after=after)
    return "timeout" if message is TIMEOUT else _result(message, request, delete)


async def receive_response(request: Term, timeout: Term, delete: Term = None) -> Term:
    """As `wait_response`, but a timeout abandons the request, or all of the collection."""
    answer = await wait_response(request, timeout, delete)
    if not (isinstance(answer, str) and answer == "timeout"):
        return answer
    if delete is None:
        erlang.demonitor(request, FLUSH)
        # The reply may have come before the alias was gone.
        message = await erlang.receive((Improper(ALIAS, request), ...), after=0)
        return "timeout" if message is TIMEOUT else ("reply", message[1])
    for ref in request:
        erlang.demonitor(ref, FLUSH)
    while await erlang.receive(_replies(request), after=0) is not TIMEOUT:
        pass
    return "timeout"


def check_response(message: Term, request: Term, delete: Term = None) -> Term:
    """Whether `message` is a response: as `wait_response`, or `"no_reply"`."""
    if delete is None:
        if type(request) is not Ref:
            raise Error("badarg")
        return _one_result(message, request) if _answered(message) == request else "no_reply"
    _check_collection(request, delete)
    if not request:
        return "no_request"
    return _result(message, request, delete) if _answered(message) in request else "no_reply"


def reqids_new() -> Collection:
    """An empty collection."""
    return {}


def reqids_size(collection: Term) -> int:
    """How many requests a collection has."""
    _check_map(collection)
    return len(collection)


def reqids_add(request: Ref, label: Term, collection: Term) -> Collection:
    """The collection with one more request; `badarg` if it is there already."""
    if type(request) is not Ref or not isinstance(collection, dict) or request in collection:
        raise Error("badarg")
    return {**collection, request: label}


def reqids_to_list(collection: Term) -> list[tuple[Ref, Term]]:
    """`(request id, label)` of all requests."""
    _check_map(collection)
    return list(collection.items())


async def _wait_one(request: Ref, after: Term) -> Term:
    message = await erlang.receive((cons(ALIAS, request), ...), ("DOWN", request, ..., ..., ...), after=after)
    return "timeout" if message is TIMEOUT else _one_result(message, request)


def _answered(message: Term) -> Ref | None:
    """The request that `message` is a response to, if it looks like one."""
    match matchable(message):
        case (Improper(items=("alias",), tail=Ref() as ref), _):
            return ref
        case ("DOWN", Ref() as ref, _, _, _):
            return ref
    return None


def _answers(collection: Collection) -> Callable[[Term], bool]:
    return lambda message: _answered(message) in collection


def _replies(collection: Collection) -> Callable[[Term], bool]:
    return lambda message: len(message) == 2 and _answered(message) in collection


def _one_result(message: Term, request: Ref) -> Term:
    if message[0] == "DOWN":
        return ("error", (message[4], message[3]))
    erlang.demonitor(request, FLUSH)
    return ("reply", message[1])


def _result(message: Term, collection: Collection, delete: bool) -> Term:
    ref = _answered(message)
    assert ref is not None
    result = _one_result(message, ref)
    left = {other: label for other, label in collection.items() if other != ref} if delete else collection
    return (result, collection[ref], left)


def _milliseconds(timeout: Term) -> Term:
    match matchable(timeout):
        case "infinity":
            return timeout
        case int() if type(timeout) is int and 0 <= timeout <= MAX_TIMEOUT:
            return timeout
        case float() if 0 <= timeout <= MAX_TIMEOUT:
            # Past the guard, and refused by the receive: as there.
            raise Error("timeout_value")
        case ("abs", int(when)):
            left: int = max(0, when - erlang.monotonic_time("millisecond"))
            if left <= MAX_TIMEOUT:
                return left
    raise Error("badarg")


def _check_map(collection: Term) -> None:
    if not isinstance(collection, dict):
        raise Error("badarg")


def _check_collection(collection: Term, delete: Term) -> None:
    if not isinstance(collection, dict) or type(delete) is not bool:
        raise Error("function_clause")


# ---- names ------------------------------------------------------------------


async def find(process: Term) -> Pid:
    """The pid that `process` stands for; exits with `noproc`, or `("nodedown", node)` for another node."""
    return _found(process, await code.finish(_look_up(process)))


def find_now(process: Term) -> Pid:
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
        case (name, str(node)) if node == NODE:
            return _look_up(name)
        case (_, str(node)):
            raise Exit(("nodedown", node), stack_here("do_for_proc", 2, "gen"))
    raise Error("function_clause", [("gen", "do_for_proc", [process], [])])


def _found(process: Term, pid: Term) -> Pid:
    if type(pid) is not Pid:
        supervision.called_in_vain(process)
        raise Exit("noproc", stack_here("do_for_proc", 2, "gen"))
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
            raise Exit("process_not_registered")
    elif await code.finish(where(name)) != me:
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
    except Exception as failure:
        pass_on(failure)
        error_logger.format("~tp: ignoring erroneous debug options - ~tp~n", [name, wanted])
        return []


def hibernate_after(options: Term) -> Term:
    """The option `hibernate_after` in ms, `"infinity"` if there is none."""
    return keyfind("hibernate_after", options, "infinity")


# ---- status -----------------------------------------------------------------


def format_status_header(tag_line: str, name: Term) -> Term:
    """The heading of `sys.get_status`: chars, or a pair for a name that is no atom."""
    if isinstance(name, (Pid, str)):
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
            pass_on(failure)
            if getattr(failure, "kind", None) == "throw":
                return {**status, "$status": getattr(failure, "reason", None)}
            return {**status, "EXIT": _chars(module, "/2 crashed")}
    return status


async def _format_status_1(module: Term, status: dict[str, Term]) -> dict[str, Term]:
    try:
        fresh = await _called(module, [dict(status)])
    except Exception as failure:
        pass_on(failure)
        return {**status, "EXIT": _chars(module, "/1 crashed")}
    if not isinstance(fresh, dict):
        return {**status, "EXIT": _chars(module, "/1 did not return a map")}
    # As in OTP, the test is that nothing is missing; the text says otherwise.
    if len({**status, **fresh}) != len(fresh):
        return {**status, "EXIT": _chars(module, "/1 returned a map with unknown keys")}
    return fresh


async def _called(module: Term, args: list[Term]) -> Term:
    return await code.finish(code.function(module, "format_status", len(args))(*args))


def _chars(module: Term, what: str) -> list[int]:
    return chars(f"{code.name(module)}:format_status{what}")
