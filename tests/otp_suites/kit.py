"""What the suites of processes, signals and timers share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

import erlsim
from erlsim import erlang
from erlsim.errors import ErlangException
from erlsim.terms import Term


def suite(name: str) -> Callable[..., Any]:
    """The decorator of the cases of one suite: `@case()` or `@case(partial="what is left out")`.

    The test is an `async` function named after its case (`of` names the case when it takes several
    tests); it runs as the shell of a fresh simulation, with the other options that `case` is given.
    """

    def case(partial: str | None = None, of: str | None = None, **options: Any) -> Callable[[Any], Any]:
        def decorate(test: Any) -> Any:
            @functools.wraps(test)
            def run(**given: Any) -> None:
                erlsim.run(functools.partial(test, **given), **options)

            about = {} if partial is None else {"partial": partial}
            return pytest.mark.otp_case(name, of or test.__name__.removeprefix("test_"), **about)(run)

        return decorate

    return case


def raises(kind: str, reason: Term, function: Callable[..., Any], *args: Term) -> None:
    """Assert that `function(*args)` raises `reason` in class `kind`."""
    with pytest.raises(ErlangException) as caught:
        function(*args)
    assert (caught.value.kind, caught.value.reason) == (kind, reason)


def badarg(function: Callable[..., Any], *args: Term) -> None:
    """Assert that `function(*args)` raises `error:badarg`."""
    raises("error", "badarg", function, *args)


async def expect(*patterns: Term) -> None:
    """Take the next messages, which must match the patterns one by one."""
    for pattern in patterns:
        message = await erlang.receive(after=10_000)
        erlang.send(erlang.self(), message)
        matched = await erlang.receive(pattern, after=0)
        assert matched is not erlsim.TIMEOUT, f"got {message!r} where {pattern!r} was expected"


async def no_message(after: int = 0) -> None:
    """Assert that no message is there, or comes within `after` ms."""
    assert await erlang.receive(after=after) is erlsim.TIMEOUT


async def recv_msgs(count: int) -> list[Term]:
    """The next `count` messages."""
    return [await erlang.receive(after=60_000) for _ in range(count)]


async def pause(ms: int) -> None:
    """Let `ms` ms pass, whatever lies in the mailbox."""
    await erlang.receive(lambda _message: False, after=ms)


async def hang() -> None:
    """The body of a process that waits for ever."""
    await erlang.receive(lambda _message: False)


async def wait_until(condition: Callable[[], bool], every: int = 10) -> None:
    """Look at a condition again and again until it holds."""
    for _ in range(10_000):
        if condition():
            return
        await pause(every)
    raise AssertionError("it never came to be")


async def run_in_process(function: Callable[..., Any], *args: Term) -> Term:
    """What `function` returns in a process of its own; the test fails if that process dies otherwise."""

    async def body() -> None:
        result = function(*args)
        erlang.exit(("returned", await result if hasattr(result, "__await__") else result))

    pid, ref = erlang.spawn_monitor(body)
    reason = (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4]
    assert isinstance(reason, tuple) and reason[0] == "returned", f"it died of {reason!r}"
    return reason[1]


def garbage(size: int = 64) -> Term:
    """A term of every kind, so big that nobody would want to copy it twice."""
    numbers = list(range(1, size + 1))
    part = (b"\1", numbers, b"\2\3", numbers, b"\4\5\6\7\10\11", {"k": numbers}, bytes(range(65)), 3.5, "atom")
    return (bytes(1024), [(part, part)] * 8, bytes(1024))
