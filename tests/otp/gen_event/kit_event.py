"""Handlers for the tests of `gen_event`: what they hear they tell the test, what they are told they do."""

from __future__ import annotations

from types import SimpleNamespace

from erlsim import erlang
from erlsim.otp import gen_event


def handler(name, **callbacks):
    """A callback module called `name`, whose state is its arguments.

    Events, messages and requests `fun` return `fun(state)`; the test is told `(name, what, about)`.
    """
    to = erlang.self()

    def tell(what, about):
        erlang.send(to, (name, what, about))

    def init(args):
        tell("init", args)
        return ("ok", args)

    def heard(what, otherwise):
        def callback(term, state):
            if callable(term):
                return term(state)
            tell(what, term)
            return otherwise(state)

        return callback

    def terminate(args, state):
        tell("terminate", args)
        return ("left", state)

    default = {
        "init": init,
        "handle_event": heard("event", lambda state: ("ok", state)),
        "handle_info": heard("info", lambda state: ("ok", state)),
        "handle_call": heard("call", lambda state: ("ok", state, state)),
        "terminate": terminate,
        "__erlang_module__": name,
    }
    chosen = {key: value for key, value in {**default, **callbacks}.items() if value is not None}
    return SimpleNamespace(**chosen)


def gives(value):
    """An event that makes a handler return `value`."""
    return lambda _state: value


async def manager(*handlers):
    """The pid of a manager with `handlers`, added in this order with their names as arguments."""
    ok, pid = await gen_event.start()
    assert ok == "ok"
    for each in handlers:
        assert await gen_event.add_handler(pid, each, each.__erlang_module__) == "ok"
    return pid
