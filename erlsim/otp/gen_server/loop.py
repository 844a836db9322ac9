"""The life of a generic server: its first steps, its loop, what it does with each kind of message, and its end.

Mirrors `gen_server` from `init_it` on. The functions for others are in `api`, the texts in `report`.

Invariants: a call that is answered by `("reply", reply, state)`, of a server without debug options and timeouts, is
served in `loop` itself; everything else takes the longer way through `handle`. A callback is looked up again
after any module has been loaded, so that new code takes effect at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import CoroutineType, FrameType
from typing import Any, NamedTuple, NoReturn

from erlsim import code, erlang, hints, releases, supervision
from erlsim.erlang import TIMEOUT
from erlsim.errors import Error, Exit, Throw, caught_within, pass_on
from erlsim.otp import gen, logger, proc_lib, sys, sys_debug
from erlsim.otp.gen.calling import ALIAS
from erlsim.otp.gen_server.report import format_log, print_event
from erlsim.otp.shared import is_orderly, is_timeout, labelled, no_clause, stack_here, tell_failure, tell_reason, undef
from erlsim.otp.standing import entry, is_waiting, is_within, standing
from erlsim.terms import Improper, Pid, Ref, Term, matchable

# What callbacks may return, for whoever has returned something else.
_VALUES = '("noreply", state[, next]) and ("stop", reason, state)'
_VALUES_OF_CALL = '("reply", reply, state[, next]), ("stop", reason, reply, state), ' + _VALUES
_VALUES_OF_INIT = '("ok", state[, next]), ("stop", reason) and "ignore"'


def _calling(frame: FrameType, _inner: FrameType | None) -> str:
    """Beneath a callback."""
    function = frame.f_locals["function"]
    if function == "handle_continue":
        return "try_dispatch/4 loop/7"
    dispatches = "try_handle_call/4" if function == "handle_call" else "try_dispatch/4"
    return f"{dispatches} handle_msg/{7 if frame.f_locals['server'].debug else 6}"


def _looping(frame: FrameType, inner: FrameType | None) -> str:
    """`loop` waits, or calls `handle_call` itself, or is left for good by OTP when it handles a message."""
    return "loop/7" if is_waiting(inner) else _answering(frame, inner)


def _answering(frame: FrameType, inner: FrameType | None) -> str:
    return "" if is_within(frame, inner) else "try_handle_call/4 handle_msg/6"


__stands_for__ = standing(
    "gen_server",
    {
        "init_it": "init_it/6",
        "_init": "init_it/2",
        "enter": "",
        "loop": _looping,
        "_next_message": lambda _frame, inner: "loop/7" if is_waiting(inner) else "",
        "wake_hib": "",
        "handle": "",
        "_call": _calling,
        "_after_call": _answering,
        "terminate": "",
        "_call_terminate": "try_terminate/3 terminate/10",
        "error_info": "",
    },
)

_receive = erlang.receive
_answer = erlang.answer


class Server:
    """What a server knows while it runs. `time` is a timeout in ms, infinity, hibernate or `("continue", term)`."""

    __slots__ = (
        "atom",
        "callbacks",
        "debug",
        "generation",
        "handle_call",
        "hibernate_after",
        "module",
        "name",
        "parent",
        "registered",
        "special",
        "state",
        "time",
        "versions",
    )

    def __init__(self, parent: Pid, debug: list[Term], misc: list[Term]) -> None:
        self.parent = parent
        self.debug = debug
        self.name, self.state, self.module, time, self.hibernate_after = misc
        self.versions = code.versions()
        self.atom = code.name(self.module)
        self.registered = code.loaded(self.atom)
        self.generation = self.versions.generation
        self.callbacks: dict[str, Callable[..., Any]] = {}
        self.handle_call = self.callback("handle_call", 3)
        self.wait_for(time)

    def wait_for(self, time: Term) -> None:
        """Set what comes next; a special server needs more than a plain receive."""
        self.time = time
        self.special = bool(time != "infinity" or self.debug or self.hibernate_after != "infinity")

    def bind(self) -> None:
        """Forget the callbacks; a module that was loaded anew since the server started replaces the old one."""
        self.generation = self.versions.generation
        newest = code.loaded(self.atom)
        if newest is not None and newest is not self.registered:
            self.module = self.registered = newest
        self.callbacks = {}
        self.handle_call = self.callback("handle_call", 3)

    def callback(self, function: str, arity: int) -> Callable[..., Any]:
        """The callback, or a function that fails with `undef` in its place."""
        if self.generation != self.versions.generation:
            self.bind()
        found = self.callbacks.get(function)
        if found is None:
            try:
                found = code.function(self.module, function, arity)
            except Error:
                found = undef(self.module, function)
            self.callbacks[function] = found
        return found

    @property
    def misc(self) -> list[Term]:
        """What system messages carry about."""
        return [self.name, self.state, self.module, self.time, self.hibernate_after]


# ---- starting ---------------------------------------------------------------


async def init_it(starter: Pid, parent: Term, name0: Term, module: Term, args: Term, options: Term) -> NoReturn:
    """Run `init`, tell the starter, and go on as a server or end."""
    parent = erlang.self() if parent == "self" else parent
    name = gen.name_of(name0)
    debug = gen.debug_options(name, options)
    hibernate_after = gen.hibernate_after(options)
    try:
        answer = await _init(module, args)
    except Exception as failure:
        pass_on(failure)
        kind, reason, stack = caught_within(failure)
        await gen.unregister_name(name0)
        tell_reason(starter, reason if kind == "exit" else (reason, stack))
        raise
    match matchable(answer):
        case ("ok", state):
            time: Term = "infinity"
        case ("ok", state, time) if _is_next(time):
            pass
        case ("stop", reason):
            # The name goes first: the starter may try again the moment it hears.
            await gen.unregister_name(name0)
            tell_reason(starter, reason)
            raise Exit(reason, stack_here())
        case "ignore":
            await _give_up(starter, name0, "ignore")
        case ("error", _) if releases.since(26):
            await _give_up(starter, name0, answer)
        case _:
            if releases.since(26):
                await gen.unregister_name(name0)
            bad = ("bad_return_value", answer)
            hints.tell(bad, hints.bad_return(module, "init", 1, answer, _VALUES_OF_INIT))
            tell_reason(starter, bad)
            raise Exit(bad, stack_here())
    server = Server(parent, debug, [name, state, module, time, hibernate_after])
    proc_lib.init_ack(starter, ("ok", erlang.self()))
    await enter(server)


async def enter(server: Server) -> NoReturn:
    """Become `server`."""
    await proc_lib.become(lambda: loop(server))
    raise AssertionError("unreachable")


async def _init(module: Term, args: Term) -> Term:
    try:
        answer = code.function(module, "init", 1, [args])(args)
        if type(answer) is CoroutineType:
            answer = await answer
    except Throw as thrown:
        return thrown.reason
    if answer is None:
        raise no_clause(module, "init", [args])
    return answer


async def _give_up(starter: Pid, name: Term, answer: Term) -> NoReturn:
    """End without a report."""
    await gen.unregister_name(name)
    tell_failure(starter, answer)
    raise Exit("normal", stack_here())


def _is_next(time: Term) -> bool:
    """Whether `time` may stand last in a callback's value: a timeout, hibernate or a continuation."""
    if type(time) is tuple:
        return len(time) == 2 and type(time[0]) is str and time[0] == "continue"
    return is_timeout(time) or (type(time) is str and time == "hibernate")


# ---- the loop ---------------------------------------------------------------


async def loop(server: Server) -> NoReturn:
    """Take a message, handle it, and again."""
    supervision.disclose(partial(getattr, server, "state"))
    while True:
        message = await (_next_message(server) if server.special else _receive())
        if type(message) is not tuple or len(message) != 3 or message[0] != "$gen_call" or server.special:
            await handle(server, message)
            continue
        _, from_, request = message
        if server.generation != server.versions.generation:
            server.bind()
        try:
            answer = server.handle_call(request, from_, server.state)
            if type(answer) is CoroutineType:
                answer = await answer
        except Exception as failure:
            pass_on(failure)
            answer = await _failed(server, failure, from_, request)
        if type(answer) is tuple and len(answer) == 3 and answer[0] == "reply":
            server.state = answer[2]
            tag = from_[1]
            if type(tag) is Improper and tag.items == ALIAS and type(tag.tail) is Ref:
                _answer(tag, answer[1])
            else:
                gen.reply(from_, answer[1])
        else:
            await _after_call(server, answer, from_, request)


async def wake_hib(server: Server) -> NoReturn:
    """A hibernating server has got a message."""
    await handle(server, await _receive())
    await loop(server)


async def _next_message(server: Server) -> Term:
    while True:
        time = server.time
        if type(time) is tuple:
            await _continue(server, time)
            continue
        if time == "hibernate":
            await proc_lib.hibernate("gen_server", "wake_hib", [server])
        idle = type(time) is str
        message = await _receive(after=server.hibernate_after if idle else time)
        if message is not TIMEOUT:
            return message
        if not idle:
            return "timeout"
        server.time = "hibernate"


async def handle(server: Server, message: Term) -> None:
    """Any message, by the longer way."""
    size = len(message) if type(message) is tuple else 0
    if size == 3 and message[0] == "system":
        return await _system(server, message[1], message[2])
    if size == 3 and message[0] == "EXIT" and message[1] == server.parent:
        cause = Cause("exit", message[2], stack_here("decode_msg/9"))
        await terminate(server, cause, Work(message, None, server.state))
    if server.debug:
        server.debug = await sys.handle_debug(server.debug, print_event, server.name, ("in", message))
    if size == 3 and message[0] == "$gen_call":
        _, from_, request = message
        answer = await _attempt(server, "handle_call", (request, from_, server.state), from_, request)
        return await _after_call(server, answer, from_, request)
    if size == 2 and message[0] == "$gen_cast":
        answer = await _attempt(server, "handle_cast", (message[1], server.state), None, message)
    else:
        answer = await _attempt(server, "handle_info", (message, server.state), None, message)
    return await _after(server, answer, None, message)


async def _continue(server: Server, message: tuple[str, Term]) -> None:
    failure: Exception | None = None
    answer: Term = None
    try:
        answer = await _call(server, "handle_continue", (message[1], server.state))
    except Exception as exc:
        pass_on(exc)
        failure = exc
    if server.debug:
        server.debug = await sys.handle_debug(server.debug, print_event, server.name, message)
    if failure is not None:
        answer = await _failed(server, failure, None, message)
    await _after(server, answer, None, message)


async def _system(server: Server, from_: Term, request: Term) -> None:
    step = await sys.serve(
        request, from_, server.parent, "gen_server", server.debug, server.misc, server.time == "hibernate"
    )
    if step[0] == "continue":
        _, server.debug, (_, server.state, _, time, _) = step
        # The same timeout runs again in full, as in OTP.
        server.wait_for(time)
        return
    _, reason, server.debug, (_, server.state, *_) = step
    cause = Cause("exit", reason, stack_here("system_terminate/4"))
    await terminate(server, cause, Work([], None, server.state))


# ---- callbacks --------------------------------------------------------------


async def _attempt(server: Server, function: str, args: tuple[Term, ...], from_: Term, message: Term) -> Term:
    """Call a callback: its value or what it threw; when it fails the server ends here."""
    try:
        return await _call(server, function, args)
    except Exception as failure:
        pass_on(failure)
        if function == "handle_info" and _lacks_handle_info(server, failure):
            _warn(server, message)
            return ("noreply", server.state)
        return await _failed(server, failure, from_, message)


async def _call(server: Server, function: str, args: tuple[Term, ...]) -> Term:
    answer = server.callback(function, len(args))(*args)
    if type(answer) is CoroutineType:
        answer = await answer
    if answer is None:
        raise no_clause(server.module, function, list(args))
    return answer


async def _failed(server: Server, failure: Exception, from_: Term, message: Term) -> Term:
    """A callback has raised `failure`: a thrown term is its value, anything else ends the server."""
    if type(failure) is Throw:
        return failure.reason
    kind, reason, stack = caught_within(failure)
    return await terminate(server, Cause(kind, reason, stack, True), Work(message, from_, server.state))


async def _after_call(server: Server, answer: Term, from_: Term, request: Term) -> None:
    """What `handle_call` returned, when it was not simply a reply."""
    match matchable(answer):
        case ("reply", reply, state):
            await _reply(server, from_, reply, state)
            server.state = state
            server.wait_for("infinity")
        case ("reply", reply, state, time) if _is_next(time):
            await _reply(server, from_, reply, state)
            server.state = state
            server.wait_for(time)
        case ("stop", reason, reply, state):
            cause = Cause("exit", reason, _stack_of(server, "handle_msg", 6))
            try:
                await terminate(server, cause, Work(request, from_, state))
            except Exception as worse:
                pass_on(worse)
                # OTP replies after terminate/2, whatever became of that.
                await _reply(server, from_, reply, state)
                raise
        case None if answer is None:
            failure = no_clause(server.module, "handle_call", [request, from_, server.state])
            await _failed(server, failure, from_, request)
        case _:
            await _after(server, answer, from_, request)


async def _after(server: Server, answer: Term, from_: Term, message: Term) -> None:
    """What any callback may return."""
    match matchable(answer):
        case ("noreply", state):
            time: Term = "infinity"
        case ("noreply", state, time) if _is_next(time):
            pass
        case ("stop", reason, state):
            cause = Cause("exit", reason, _stack_of(server, "handle_common_reply", 8))
            await terminate(server, cause, Work(message, from_, state))
        case _:
            bad = ("bad_return_value", answer)
            hints.tell(bad, _bad_return(server, answer, from_, message))
            cause = Cause("exit", bad, _stack_of(server, "handle_common_reply", 8))
            await terminate(server, cause, Work(message, from_, server.state))
    if server.debug:
        server.debug = await sys.handle_debug(server.debug, print_event, server.name, ("noreply", state))
    server.state = state
    server.wait_for(time)


def _stack_of(server: Server, function: str, arity: int) -> list[Term]:
    """The stack of a server that ends in `function`: with debug options OTP's takes these as one more argument."""
    return stack_here(f"{function}/{arity + bool(server.debug)}")


def _bad_return(server: Server, answer: Term, from_: Term, message: Term) -> str:
    """Which callback it was that has returned something else than it may."""
    if from_ is not None:
        function, arity, allowed = "handle_call", 3, _VALUES_OF_CALL
    elif message is server.time:
        function, arity, allowed = "handle_continue", 2, _VALUES
    elif type(message) is tuple and len(message) == 2 and message[0] == "$gen_cast":
        function, arity, allowed = "handle_cast", 2, _VALUES
    else:
        function, arity, allowed = "handle_info", 2, _VALUES
    return hints.bad_return(server.module, function, arity, answer, allowed)


async def _reply(server: Server, from_: Term, reply: Term, state: Term) -> None:
    gen.reply(from_, reply)
    if server.debug:
        event = ("out", reply, from_, state)
        server.debug = await sys.handle_debug(server.debug, print_event, server.name, event)


def _lacks_handle_info(server: Server, failure: Exception) -> bool:
    undefined = type(failure) is Error and type(failure.reason) is str and failure.reason == "undef"
    return undefined and not code.function_exported(server.module, "handle_info", 2)


def _warn(server: Server, message: Term) -> None:
    logger.log(
        "warning",
        {"label": ("gen_server", "no_handle_info"), "module": code.name(server.module), "message": message},
        {
            "mfa": ("gen_server", "try_dispatch", 4),
            "domain": ["otp"],
            "report_cb": format_log,
            "error_logger": {"tag": "warning_msg", "report_cb": format_log},
        },
    )


# ---- the end ---------------------------------------------------------------


class Cause(NamedTuple):
    """Why a server ends: what it is to exit with.

    `shown` says whether the stack goes into the report; it would mislead where a callback's value and not a failure
    ends the server.
    """

    kind: str
    reason: Term
    stack: list[Term]
    shown: bool = False


class Work(NamedTuple):
    """What a server was doing when it ended: a message, who waits for the answer to it (or `None`), the state."""

    message: Term
    from_: Term
    state: Term


async def terminate(server: Server, cause: Cause, work: Work) -> NoReturn:
    """Call back `terminate(reason, state)`, log the report, exit; `proc_lib` then logs its crash report.

    A callback that fails replaces the reason; what it throws is ignored.
    """
    kind, reason, stack, shown = cause
    try:
        await _call_terminate(server, (reason, stack) if kind == "error" else reason, work.state)
    except Exception as failure:
        pass_on(failure)
        _, worse, where = caught_within(failure)
        await error_info(server, worse, where, work)
        raise
    if not (kind == "exit" and is_orderly(reason)):
        await error_info(server, reason, stack if shown else None, work)
    raise (Error if kind == "error" else Exit)(reason, stack)


async def _call_terminate(server: Server, reason: Term, state: Term) -> None:
    if not code.function_exported(server.module, "terminate", 2):
        return
    try:
        value = server.callback("terminate", 2)(reason, state)
        if type(value) is CoroutineType:
            await value
    except Throw:
        return
    # DIVERGES(otp): `None` is no `function_clause` here: a terminate that only cleans up returns nothing in
    # Python, and nobody looks at its value.


async def error_info(server: Server, reason: Term, stack: list[Term] | None, work: Work) -> None:
    """Log the end of `server`, its state shown as its `format_status` wants it."""
    if server.name == "application_controller":
        return
    module, (message, from_, state) = server.module, work
    status = {"reason": reason, "state": state, "message": message, "log": sys_debug.get_log(server.debug)}
    status = await gen.format_status(module, "terminate", status, [erlang.get(), state])
    shown = next(status[key] for key in ("EXIT", "$status", "state") if key in status)
    logger.log(
        "error",
        labelled(
            {
                "label": ("gen_server", "terminate"),
                "name": server.name,
                "last_message": status["message"],
                "state": shown,
                "log": await shown_log(module, status["log"]),
                "reason": status["reason"] if stack is None else (status["reason"], stack),
                "client_info": await _client_info(from_),
            }
        ),
        {
            "mfa": ("gen_server", "error_info", 8),
            "domain": ["otp"],
            "report_cb": format_log,
            "error_logger": {"tag": "error", "report_cb": format_log},
        },
    )


async def shown_log(module: Term, log: list[Term]) -> list[Term]:
    """The events of a log, the states in them as `format_status/2` wants them; `/1` has seen the log already."""
    if code.function_exported(module, "format_status", 1) or not code.function_exported(module, "format_status", 2):
        return log
    return [await _shown_event(module, event) for event in log]


async def _shown_event(module: Term, event: Term) -> Term:
    match matchable(event):
        case ("out", _, _, state) | ("noreply", state):
            status = await gen.format_status(module, "terminate", {"state": state}, [erlang.get(), state])
            return (*event[:-1], status["state"])
    return event


async def _client_info(from_: Term) -> Term:
    """Who waits for the reply, and where it stands."""
    if from_ is None:
        return "undefined"
    client = from_[0] if type(from_) is tuple else from_
    if type(client) is not Pid:
        raise Error("function_clause", [("gen_server", "client_stacktrace", [client], [])])
    if erlang.node(client) != erlang.node():
        return (client, "remote")
    info = await erlang.ask_process_info(client, ["current_stacktrace", "registered_name"])
    if type(info) is not list:
        return (client, "dead")
    (_, stack), (_, name) = info
    return (client, (client if name == [] else name, stack or [entry("gen", "do_call/4")]))
