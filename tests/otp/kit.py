"""What the tests of gen_server, proc_lib, sys and the logger have in common."""

from __future__ import annotations

from types import SimpleNamespace

import erlsim
from erlsim import erlang, timer
from erlsim.errors import ErlangException
from erlsim.otp import gen_server, logger


def server(**callbacks):
    """A callback module: `init` takes its argument for the state, requests are functions of the state.

    A request `(fun, *args)` returns `fun(state, *args)`, as the callback's value; `terminate` tells nobody.
    """

    def obey(request, state):
        return request[0](state, *request[1:]) if isinstance(request, tuple) else request(state)

    default = {
        "init": lambda arg: ("ok", arg),
        "handle_call": lambda request, from_, state: obey(request, state),
        "handle_cast": obey,
        "handle_info": lambda message, state: obey(message, state) if callable(message) else ("noreply", state),
    }
    return SimpleNamespace(**{name: fun for name, fun in {**default, **callbacks}.items() if fun is not None})


def telling(**callbacks):
    """As `server`, but it tells the test about its messages, its continuations and its end."""
    to = erlang.self()

    def handle_info(message, state):
        erlang.send(to, ("info", message))
        return ("noreply", state)

    def handle_continue(term, state):
        erlang.send(to, ("continue", term))
        return ("noreply", state)

    def terminate(reason, state):
        erlang.send(to, ("terminate", reason))

    given = {"handle_info": handle_info, "handle_continue": handle_continue, "terminate": terminate}
    return server(**{**given, **callbacks})


def gives(value):
    """A request that makes the callback return `value`."""
    return lambda _state: value


def raises(kind, reason):
    """A request that makes the callback raise."""
    return lambda _state: erlang.raise_(kind, reason, [("m", "f", 0, [])])


async def start(module=None, arg=0, options=(), name=None):
    """The pid of an unlinked server."""
    names = () if name is None else (name,)
    ok, pid = await gen_server.start(*names, module or server(), arg, list(options))
    assert ok == "ok"
    return pid


async def start_link(module=None, arg=0, options=()):
    """The pid of a linked server."""
    ok, pid = await gen_server.start_link(module or server(), arg, list(options))
    assert ok == "ok"
    return pid


async def outcome(awaitable):
    """`("ok", value)` or `(class, reason)` of what is awaited."""
    try:
        return ("ok", await awaitable)
    except ErlangException as exc:
        return (exc.kind, exc.reason)


async def heard(ms=6):
    """Let `ms` milliseconds pass; every message that the caller has then, in order."""
    await timer.sleep(ms)
    messages = []
    while (message := await erlang.receive(after=0)) is not erlsim.TIMEOUT:
        messages.append(message)
    return messages


async def ending(fun):
    """The exit reason of a plain process, trapping nothing, that runs `fun`."""
    pid, ref = erlang.spawn_monitor(fun)
    return (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4]


async def dead():
    """The pid of a process that has ended."""
    pid, ref = erlang.spawn_monitor(lambda: None)
    await erlang.receive(("DOWN", ref, ..., ..., ...))
    return pid


def is_stack(term):
    """Whether `term` is a stack that is not empty."""
    return isinstance(term, list) and bool(term) and all(isinstance(e, tuple) and len(e) == 4 for e in term)


class Log:
    """A log handler that keeps the events of one test, from level info up."""

    def __init__(self, **config):
        self.events = []
        logger.set_primary_config("level", "info")
        logger.add_handler("kit_log", self, config)

    def log(self, event, config):
        self.events.append(event)

    def labels(self):
        return [event["msg"][1].get("label") for event in self.events]

    def reports(self):
        return [event["msg"][1] for event in self.events]
