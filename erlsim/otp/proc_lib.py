"""Processes that know where they come from, answer when they have started, and report a crash. Mirrors `proc_lib`.

Every process started here keeps `$ancestors` and `$initial_call` in its dictionary, and one that ends for any
reason but `normal`, `shutdown` and `("shutdown", _)` logs a crash report.

`stop` asks by way of `sys`, `sys` asks by way of `gen`, and `gen` starts processes by way of this module: the circle
is OTP's own, and to cut it would put one of its functions into a module where nobody looks for it.

Python has no tail calls: a process that must go on elsewhere for ever (OTP's loops) calls `become`, which
unwinds to the function here that runs the process and goes on from there, on an empty stack.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import CoroutineType
from typing import Any, NoReturn

from erlsim import code, erlang, releases, supervision
from erlsim.erlang import TIMEOUT
from erlsim.errors import Error, Exit, Throw, caught, exit_reason, pass_on
from erlsim.otp import logger
from erlsim.otp.reports import crash
from erlsim.otp.reports.exceptions import Printer
from erlsim.otp.shared import fun_mfa, is_atom, is_orderly, keyfind
from erlsim.terms import Improper, Pid, Ref, Term, exact_eq, matchable
from erlsim.terms.atoms import ProcessItem

_FUN: Any = object()
MAX_NEIGHBOURS = 15


class Become(BaseException):
    """Unwinds a process to its base, which then runs `call`; never to be caught elsewhere."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__()
        self.call = call


def spawn(what: Term, *more: Term) -> Pid:
    """A process with a dictionary and crash reports: its pid.

    `spawn(fun)` or `spawn(module, function, args)`, or with a node before these. `function_clause` for other arguments.
    """
    return erlang.spawn(*_entry("spawn", [what, *more], [what, *more]))


def spawn_link(what: Term, *more: Term) -> Pid:
    """As `spawn`, linked to the caller."""
    return erlang.spawn_link(*_entry("spawn_link", [what, *more], [what, *more]))


def spawn_opt(what: Term, *more: Term) -> Term:
    """As `spawn`, with options as the last argument: a pid, or `(pid, ref)` with `monitor`."""
    given = [what, *more]
    call: Any = [*_entry("spawn_opt", given[:-1], given), given[-1]]
    return erlang.spawn_opt(*call)


async def start(module: Term, function: Term, args: Term, timeout: Term = "infinity", options: Term = None) -> Term:
    """Start a process and wait until it has called `init_ack`; what it acknowledged, or `("error", reason)`.

    `timeout` in milliseconds; when it has passed the process is killed and `("error", "timeout")` returned. Since
    OTP 26 a process whose start has failed is dead, and its `EXIT` taken out of the mailbox, when this returns.
    """
    options = _start_options("start", module, function, args, timeout, options)
    pid, ref = spawn_opt(module, function, args, ["monitor", *options])
    if releases.since(26):
        value, _ = await _outcome_of_start(pid, ref, timeout)
        return value
    message = await erlang.receive(("ack", pid, ...), ("DOWN", ref, "process", pid, ...), after=timeout)
    if message is TIMEOUT:
        erlang.demonitor(ref, ["flush"])
        await _kill_flush(pid)
        return ("error", "timeout")
    if message[0] == "ack":
        erlang.demonitor(ref, ["flush"])
        return message[2]
    return ("error", message[4])


async def start_link(
    module: Term, function: Term, args: Term, timeout: Term = "infinity", options: Term = None
) -> Term:
    """As `start`, linked to the caller: a failing start sends the caller an exit signal too."""
    options = _start_options("start_link", module, function, args, timeout, options)
    if releases.since(26):
        pid, ref = spawn_opt(module, function, args, ["link", "monitor", *options])
        value, _ = await _outcome_of_start(pid, ref, timeout)
        return value
    pid = spawn_opt(module, function, args, ["link", *options]) if options else spawn_link(module, function, args)
    message = await erlang.receive(("ack", pid, ...), ("EXIT", pid, ...), after=timeout)
    if message is TIMEOUT:
        await _kill_flush(pid)
        return ("error", "timeout")
    return message[2] if message[0] == "ack" else ("error", message[2])


async def start_monitor(
    module: Term, function: Term, args: Term, timeout: Term = "infinity", options: Term = None
) -> Term:
    """As `start`, monitored: `(value, ref)`; the `DOWN` message of a failed start stays in the mailbox."""
    options = _start_options("start_monitor", module, function, args, timeout, options)
    pid, ref = spawn_opt(module, function, args, ["monitor", *options])
    if releases.since(26):
        value, down = await _outcome_of_start(pid, ref, timeout, keep=True)
        if down is not None:
            erlang.send(erlang.self(), down)
        return (value, ref)
    message = await erlang.receive(("ack", pid, ...), ("DOWN", ref, "process", pid, ...), after=timeout)
    if message is TIMEOUT:
        await _kill_flush(pid)
        return (("error", "timeout"), ref)
    if message[0] == "ack":
        return (message[2], ref)
    erlang.send(erlang.self(), message)
    return (("error", message[4]), ref)


async def _outcome_of_start(pid: Pid, ref: Ref, timeout: Term, keep: bool = False) -> tuple[Term, Term]:
    """What a start function of OTP 26 returns, and the `DOWN` of the process if it has failed to start.

    Whoever fails is dead when his starter goes on, so that what he held can be had again. `keep` the monitor of one
    that has started.
    """
    message = await erlang.receive(
        ("ack", pid, ...), ("nack", pid, ...), ("DOWN", ref, "process", pid, ...), after=timeout
    )
    if message is TIMEOUT:
        await _kill_flush(pid)
        return ("error", "timeout"), await _down(pid, ref)
    if message[0] == "ack":
        if not keep:
            erlang.demonitor(ref, ["flush"])
        return message[2], None
    # An `EXIT` that is there is proof of a link; behind `unlink` none can come.
    erlang.unlink(pid)
    await erlang.receive(("EXIT", pid, ...), after=0)
    if message[0] == "nack":
        return message[2], await _down(pid, ref)
    return ("error", message[4]), message


async def _down(pid: Pid, ref: Ref) -> Term:
    return await erlang.receive(("DOWN", ref, "process", pid, ...))


def init_ack(parent: Term, value: Term = _FUN) -> str:
    """`init_ack(value)` or `init_ack(parent, value)`: let the starter go on with `value`; `"ok"`."""
    if value is _FUN:
        parent, value = _parent(), parent
    erlang.send(parent, ("ack", erlang.self(), value))
    return "ok"


def init_fail(parent: Term, value: Term, exception: Term = _FUN) -> NoReturn:
    """`init_fail(value, exception)` or `init_fail(parent, value, exception)`: end, and the starter then has `value`.

    `exception` is `(class, reason)` or `(class, reason, stack)`, class `"error"`, `"exit"` or `"throw"`. Since OTP 26.
    """
    releases.demand("proc_lib", "init_fail", [parent, value] if exception is _FUN else [parent, value, exception])
    if exception is _FUN:
        parent, value, exception = _parent(), parent, value
    erlang.send(parent, ("nack", erlang.self(), value))
    match matchable(exception):
        case ("error", reason):
            raise Error(reason)
        case ("exit", reason):
            raise Exit(reason)
        case ("throw", reason):
            raise Throw(reason)
        case (kind, reason, stack):
            erlang.raise_(kind, reason, stack)
            raise Error("badarg", [("proc_lib", "init_fail", [parent, value, exception], [])])
    raise Error(("case_clause", exception))


def _parent() -> Term:
    ancestors = erlang.get("$ancestors")
    if type(ancestors) is not list or not ancestors:
        raise Error(("badmatch", ancestors))
    return ancestors[0]


def set_label(label: Term) -> str:
    """Name the calling process, for tools and crash reports, by any term: `"ok"`. Since OTP 27."""
    releases.demand("proc_lib", "set_label", [label])
    erlang.put("$process_label", label)
    return "ok"


def get_label(pid: Term) -> Term:
    """The label that `pid` has given itself, or `"undefined"`. Since OTP 27."""
    releases.demand("proc_lib", "get_label", [pid])
    if pid == erlang.self():
        return erlang.get("$process_label")
    info = erlang.process_info(pid, "dictionary") if type(pid) is Pid else "undefined"
    return keyfind("$process_label", info[1], "undefined") if type(info) is tuple else "undefined"


async def init_p(parent: Term, ancestors: list[Term], module: Term, function: Term = _FUN, args: Term = None) -> None:
    """The first function of every process started here."""
    # In the order in which OTP's hash table lists the two keys, for who looks at the whole dictionary.
    call = fun_mfa(module) if function is _FUN else _translate(module, function, args)
    supervision.introduce(call)
    erlang.put("$initial_call", call)
    erlang.put("$ancestors", [parent, *ancestors])
    await _run(module if function is _FUN else partial(_apply, module, function, args))


def _apply(module: Term, function: str, args: list[Term]) -> Any:
    return code.function(module, function, len(args), args)(*args)


async def wake_up(module: Term, function: str, args: list[Term]) -> None:
    """Where a hibernating process goes on."""
    await _run(partial(_apply, module, function, args))


async def hibernate(module: Term, function: str, args: list[Term]) -> Term:
    """Throw the stack away, sleep until a message is there, then go on with `module:function(args)`."""
    if not code.is_module(module) or not is_atom(function) or not isinstance(args, (list, Improper)):
        raise Error("function_clause", [("proc_lib", "hibernate", [module, function, args], [])])
    return await erlang.hibernate("proc_lib", "wake_up", [module, function, args])


async def become(call: Callable[[], Any]) -> Term:
    """Go on with `call` for good: on an empty stack in a process started here, else in place."""
    if type(erlang.get("$initial_call")) is tuple and type(erlang.get("$ancestors")) is list:
        raise Become(call)
    value = call()
    return await value if type(value) is CoroutineType else value


async def stop(process: Term, reason: Term = "normal", timeout: Term = "infinity") -> str:
    """Have `process` end by a system message; `"ok"` when it ended with `reason`, else exits with what it was.

    Exits `noproc` when it is missing and `timeout` after `timeout` milliseconds.
    """
    from erlsim.otp import sys  # sys is written on top of this module

    ref = erlang.monitor("process", process)
    started = erlang.monotonic_time("millisecond")
    try:
        await sys.terminate(process, reason, timeout)
    except Exit as failure:
        erlang.demonitor(ref, ["flush"])
        raise Exit(_stop_failure(failure.reason)) from None
    left = timeout if timeout == "infinity" else timeout - (erlang.monotonic_time("millisecond") - started)
    message = await erlang.receive(("DOWN", ref, ..., ..., ...), after=left)
    if message is TIMEOUT:
        erlang.demonitor(ref, ["flush"])
        raise Exit("timeout")
    if not exact_eq(message[4], reason):
        raise Exit(message[4])
    return "ok"


def initial_call(process: Term) -> Term:
    """`(module, function, ["Argument__1", ...])` of a pid or of a `process_info` list, or `False`."""
    call = _raw_initial_call(process)
    return call and (call[0], call[1], dummy_args(call[2]))


def translate_initial_call(process: Term) -> tuple[Term, Term, int]:
    """`(module, function, arity)` that the process was started with; `init_p/5` for a stranger."""
    call: tuple[Term, Term, int] = _raw_initial_call(process) or ("proc_lib", "init_p", 5)
    return call


def dummy_args(number: int) -> list[str]:
    """Names that stand for `number` arguments."""
    return [f"Argument__{i}" for i in range(1, number + 1)]


def format(report: Term, encoding: str = "latin1", depth: Term = "unlimited") -> str:
    """The text of a crash report `[own, linked]`, as SASL prints it below its heading.

    `encoding` is `"latin1"`, `"unicode"` or `"utf8"`; terms are cut below `depth`, an integer from 1 up.
    """
    # DIVERGES(otp): a `str`, as every text of this library; OTP's is a list of characters and lists of such.
    if type(report) is not list or len(report) != 2:
        raise Error("function_clause", [("proc_lib", "format", [report], [])])
    return crash.format_report(report, printer=Printer(depth, encoding != "latin1"))


def report_cb(report: dict[str, Term], config: dict[str, Term]) -> str:
    """The logger's report callback of crash reports: of its options `single_line`, `depth` and `encoding` count."""
    printer = Printer(config.get("depth", "unlimited"), config.get("encoding", "utf8") != "latin1")
    return crash.format_report(report["report"], config.get("single_line", False), printer)


async def _run(call: Callable[[], Any] | None) -> None:
    while call is not None:
        try:
            value = call()
            call = None
            if type(value) is CoroutineType:
                await value
        except Become as become_:
            call = become_.call
        except Exception as failure:
            pass_on(failure)
            await _exit_p(failure)


async def _exit_p(failure: Exception) -> NoReturn:
    if isinstance(failure, Exit) and is_orderly(failure.reason):
        # There is no report, so that its stack need not be found out.
        raise Exit(failure.reason) from None
    kind, reason, stack = caught(failure)
    call = erlang.get("$initial_call")
    known = type(call) is tuple and len(call) == 3 and type(call[2]) is int
    await _crash_report(kind, reason, (call[0], call[1], dummy_args(call[2])) if known else [], stack)
    raise Exit(exit_reason(kind, reason, stack), stack) from None


def _entry(function: str, what: list[Term], given: list[Term]) -> Any:
    """What the BIF is to spawn: `init_p`, told of the fun or of the module, function and arguments in `what`.

    Those are behind a node, if one is named. `function` is what was called, with the arguments `given`.
    """
    if not 1 <= len(what) <= 4:
        raise Error("undef", [("proc_lib", function, given, [])])
    count = 1 if len(what) <= 2 else 3
    node, call = what[:-count], what[-count:]
    fits = callable(call[0]) if count == 1 else code.is_call(*call)
    if not fits:
        raise Error("function_clause", [("proc_lib", function, given, [])])
    return [*node, "proc_lib", "init_p", [_my_name(), _my_ancestors(), *call]]


def _start_options(function: str, *call: Term) -> list[Term]:
    """The options of a start function, which has been called with these arguments; none of them may be `monitor`."""
    options = [] if call[4] is None else call[4]
    if not code.is_call(*call[:3]):
        raise Error("function_clause", [("proc_lib", function, list(call), [])])
    if type(options) is not list:
        raise Error("badarg", [("lists", "member", ["monitor", options], [])])
    for option in options:
        if option == "monitor" or (type(option) is tuple and option and option[0] == "monitor"):
            raise Error("badarg", [("proc_lib", function, list(call), [])])
    return options


async def _kill_flush(pid: Pid) -> None:
    erlang.unlink(pid)
    erlang.exit(pid, "kill")
    await erlang.receive(("EXIT", pid, ...), after=0)


def _my_name() -> Term:
    name = erlang.process_info(erlang.self(), "registered_name")
    return name[1] if type(name) is tuple else erlang.self()


def _my_ancestors() -> list[Term]:
    ancestors = erlang.get("$ancestors")
    return ancestors if type(ancestors) is list else []


def _translate(module: Term, function: str, args: list[Term]) -> tuple[Term, Term, int]:
    """Name a behaviour's process by its callback module's init function."""
    if function == "init_it" and code.name(module) == "gen" and len(args) in (6, 7):
        behaviour, callback, argument = args[0], args[-3], args[-2]
        name = code.name(callback)
        if behaviour == "gen_event":
            return ("gen_event", "init_it", 6)
        if behaviour == "gen_server" and name == "supervisor" and type(argument) is tuple and len(argument) == 3:
            return ("supervisor", code.name(argument[1]), 1)
        if behaviour == "gen_server" and name == "supervisor_bridge" and type(argument) is list and argument:
            return ("supervisor_bridge", code.name(argument[0]), 1)
        if code.is_module(callback):
            return (name, "init", 1)
    return (code.name(module), function, len(args))


def _stop_failure(reason: Term) -> Term:
    match matchable(reason):
        case ("noproc" | "timeout" as why, ("sys", "terminate", _)):
            return why
    return reason


def _raw_initial_call(process: Term) -> Term:
    if type(process) is Pid:
        info = erlang.process_info(process, "dictionary")
        pairs = info[1] if type(info) is tuple else []
    elif isinstance(process, (list, Improper)):
        pairs = keyfind("dictionary", process, [])
    else:
        raise Error("function_clause", [("proc_lib", "raw_initial_call", [process], [])])
    call = keyfind("$initial_call", pairs)
    return call if type(call) is tuple and len(call) == 3 else False


# ---- the crash report, gathered by the dying process while its mailbox and dictionary are there ----


async def _crash_report(kind: str, reason: Term, initial_call: Term, stack: list[Term]) -> None:
    """Log the crash of the calling process, unless it ends in good order.

    The others are asked for what they say of themselves, and each question waits for its answer: those who are asked
    get their turns before the report is logged, and may end the caller before it comes to that.
    """
    if kind == "exit" and is_orderly(reason):
        return
    own = await _own_report(kind, reason, stack)
    if initial_call:
        own.insert(0, ("initial_call", initial_call))
    logger.log(
        "error",
        {"label": ("proc_lib", "crash"), "report": [own, await _neighbours(erlang.self())]},
        {
            "mfa": ("proc_lib", "crash_report", 4),
            "domain": ["otp", "sasl"],
            "report_cb": report_cb,
            "logger_formatter": {"title": "CRASH REPORT"},
            "error_logger": {"tag": "error_report", "type": "crash_report"},
        },
    )


async def _own_report(kind: str, reason: Term, stack: list[Term]) -> list[Term]:
    me, ancestors = erlang.self(), erlang.get("$ancestors")
    items: tuple[ProcessItem, ...] = ("trap_exit", "status", "heap_size", "stack_size", "reductions")
    hidden = ["$ancestors", "$initial_call", *(["$process_label"] if releases.since(27) else [])]
    return [
        ("pid", me),
        _pair("registered_name", erlang.process_info(me, "registered_name")),
        *_label(erlang.get("$process_label")),
        ("error_info", (kind, reason, stack)),
        ("ancestors", [] if ancestors == "undefined" else ancestors),
        await _info(me, "message_queue_len"),
        await _info(me, "messages"),
        await _info(me, "links"),
        ("dictionary", [pair for pair in erlang.get() if pair[0] not in hidden]),
        *[await _info(me, item) for item in items],
    ]


async def _neighbours(me: Pid) -> list[Term]:
    """Reports of the processes that will die too: linked, directly or not, and not trapping exits."""
    visited = [me]
    await _visit(await _adjacents(me), visited)
    reports = [await _neighbour(pid) for pid in reversed(visited[1:])]
    return [("neighbour", report) for report in reports if "undefined" not in report]


async def _visit(pids: list[Pid], visited: list[Pid]) -> None:
    """Siblings first, then what each of them is linked to, the last sibling first."""
    around = []
    for pid in pids:
        if len(visited) > MAX_NEIGHBOURS:
            break
        if pid not in visited:
            visited.append(pid)
            around.append(await _adjacents(pid))
    for peers in reversed(around):
        await _visit(peers, visited)


async def _adjacents(pid: Pid) -> list[Pid]:
    links = await erlang.ask_process_info(pid, "links")
    peers = links[1] if type(links) is tuple else []
    return [peer for peer in peers if await erlang.ask_process_info(peer, "trap_exit") == ("trap_exit", False)]


async def _neighbour(pid: Pid) -> list[Term]:
    return [
        ("pid", pid),
        await _info(pid, "registered_name"),
        *(_label((await _dictionary(pid)).get("$process_label", "undefined")) if releases.since(27) else ()),
        await _initial_call(pid),
        await _info(pid, "current_function"),
        ("ancestors", (await _dictionary(pid)).get("$ancestors", [])),
        await _info(pid, "message_queue_len"),
        await _info(pid, "links"),
        await _info(pid, "trap_exit"),
        await _info(pid, "status"),
        await _info(pid, "heap_size"),
        await _info(pid, "stack_size"),
        await _info(pid, "reductions"),
        await _info(pid, "current_stacktrace"),
    ]


async def _initial_call(pid: Pid) -> Term:
    call = (await _dictionary(pid)).get("$initial_call")
    if type(call) is tuple and len(call) == 3:
        return ("initial_call", (call[0], call[1], dummy_args(call[2])))
    return await _info(pid, "initial_call")


async def _info(pid: Pid, item: ProcessItem) -> Term:
    return _pair(item, await erlang.ask_process_info(pid, item))


def _label(label: Term) -> list[Term]:
    return [("process_label", label)] if releases.since(27) else []


def _pair(item: str, info: Term) -> Term:
    return (item, []) if type(info) is list else info


async def _dictionary(pid: Pid) -> dict[str, Term]:
    info = await erlang.ask_process_info(pid, "dictionary")
    return {k: v for k, v in info[1] if type(k) is str} if type(info) is tuple else {}
