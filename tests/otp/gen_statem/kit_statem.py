"""Machines for the tests of `gen_statem`: they tell the test every event and do what it says."""

from __future__ import annotations

from types import SimpleNamespace

from erlsim import erlang
from erlsim.otp import gen_statem


def obey(kind, content, state, data):
    """An event `fun` is answered by `fun(state, data)`, anything else keeps everything."""
    return content(state, data) if callable(content) else "keep_state_and_data"


def machine(mode="handle_event_function", handle=obey, **callbacks):
    """A callback module; `init` is given the first data and begins in state `a`.

    The test is told `(state, event type, content)` of every event that is no fun.
    """
    to = erlang.self()

    def handle_event(kind, content, state, data):
        if not callable(content):
            shown = "call" if isinstance(kind, tuple) and kind[0] == "call" else kind
            erlang.send(to, (state, shown, content))
        return handle(kind, content, state, data)

    def state_function(state):
        return lambda kind, content, data: handle_event(kind, content, state, data)

    default = {
        "callback_mode": lambda: mode,
        "init": lambda data: ("ok", "a", data),
        "handle_event": handle_event,
        "a": state_function("a"),
        "b": state_function("b"),
        "terminate": lambda reason, state, data: erlang.send(to, ("terminate", reason, state, data)),
        "__erlang_module__": "kit_machine",
    }
    chosen = {key: value for key, value in {**default, **callbacks}.items() if value is not None}
    return SimpleNamespace(**chosen)


def gives(value):
    """An event that makes the callback return `value`."""
    return lambda _state, _data: value


def keeps(*actions):
    """An event that makes the callback keep everything and take `actions`."""
    return gives(("keep_state_and_data", list(actions)))


def goes(state, *actions):
    """An event that makes the callback go to `state` and take `actions`."""
    return lambda _state, data: ("next_state", state, data, list(actions))


async def start(module=None, data=0, options=()):
    """The pid of an unlinked machine."""
    ok, pid = await gen_statem.start(module or machine(), data, list(options))
    assert ok == "ok"
    return pid
