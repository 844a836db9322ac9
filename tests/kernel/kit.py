"""What the tests of the kernel have in common."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

import erlsim
from erlsim import erlang
from erlsim.errors import ErlangException
from erlsim.simulation import storage
from erlsim.terms import Term


def current() -> erlsim.Simulation:
    """The simulation that the caller runs in."""
    sim: erlsim.Simulation = storage("simulation", dict)
    return sim


def table(cases: dict[str, Any]) -> Any:
    """Parametrise a test by `name` and `case` over a table of named cases."""
    return pytest.mark.parametrize("case", list(cases.values()), ids=list(cases))


async def hang() -> None:
    """The body of a process that waits for ever, and takes nothing out of its mailbox."""
    await erlang.receive(lambda _message: False)


async def trapping() -> None:
    """The body of a process that traps exits and waits for ever."""
    erlang.process_flag("trap_exit", True)
    await hang()


async def flush(wait: int = 10) -> list[Term]:
    """Every message that is there, or comes with no more than `wait` ms between two."""
    messages = []
    while (message := await erlang.receive(after=wait)) is not erlsim.TIMEOUT:
        messages.append(message)
    return messages


async def ending(fun: Callable[..., Any], *args: Term) -> Term:
    """The exit reason of a process that runs `fun`."""
    pid, ref = erlang.spawn_monitor(lambda: fun(*args))
    return (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4]


async def value(fun: Callable[..., Any], *args: Term) -> Term:
    """What `fun` returns when a process runs it; the reason if it ends otherwise."""

    async def told() -> None:
        result = fun(*args)
        erlang.exit(("value", await result if isinstance(result, Coroutine) else result))

    reason = await ending(told)
    return reason[1] if isinstance(reason, tuple) and reason[0] == "value" else ("died", reason)


async def dead() -> erlsim.terms.Pid:
    """The pid of a process that is dead."""
    pid, ref = erlang.spawn_monitor(lambda: None)
    await erlang.receive(("DOWN", ref, ...), ("DOWN", ref, "process", ..., ...))
    return pid


async def settle() -> None:
    """Let everybody else come to rest."""
    await erlang.receive(lambda _message: False, after=1)


def raised(fun: Callable[..., Any], *args: Term) -> Term:
    """`(class, reason)` of what calling `fun` raises; the value in a pair with `"ok"` if nothing."""
    try:
        return "ok", fun(*args)
    except ErlangException as exc:
        return exc.kind, exc.reason


BADARG = ("error", "badarg")


def is_stack(term: Term) -> bool:
    """Whether `term` is a stack in Erlang's shape."""
    return isinstance(term, list) and all(isinstance(entry, tuple) and len(entry) == 4 for entry in term)
