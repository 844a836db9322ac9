"""The only suspension points. Everything that may block is built from these four.

A trap yields a request to the scheduler and is resumed with the answer. Outside of a process the
caller is the shell, which does not suspend: it drives the world until the answer is there. The two
requests that are made all the time are plain data: a tuple of patterns is a receive, a list
`[patterns, after]` one that gives up after so many ms (unchecked).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine, Generator
from types import FunctionType
from typing import Any, Final, NoReturn, ParamSpec, cast

from erlsim._kernel.running import here, thread
from erlsim.errors import ErlsimError


class _Timeout:
    """The value of a `receive` that waited in vain.

    It is neither true nor false: `while message := await receive(after=0)` would end with the first message that is
    empty, 0 or false.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "TIMEOUT"

    def __bool__(self) -> NoReturn:
        raise ErlsimError("erlsim.TIMEOUT is neither true nor false: ask whether the message `is erlsim.TIMEOUT`")

    def __reduce__(self) -> str:
        return "TIMEOUT"


TIMEOUT: Final = _Timeout()


# `inspect` takes long to import: these are its CO_GENERATOR and CO_COROUTINE.
_GENERATOR, _COROUTINE = 0x20, 0x80


class WaitFor:
    """Request: wait until a simpy event has happened."""

    __slots__ = ("event",)

    def __init__(self, event: Any) -> None:
        self.event = event


class Yield:
    """Request: let the others run."""

    __slots__ = ()


YIELD: Final = Yield()


class GiveWay:
    """Request of code that is about to do what others can notice: let others go first, if they are chosen."""

    __slots__ = ()


STEP: Final = GiveWay()


class Outside:
    """Request of the shell's process, which needs nothing: its code goes on outside of the scheduler's loop."""

    __slots__ = ()


OUTSIDE: Final = Outside()


class Undead:
    """Request of code that waits although its process is dead: it has caught what was to unwind it."""

    __slots__ = ()


UNDEAD: Final = Undead()

P = ParamSpec("P")


def _trap(function: Callable[P, Generator[Any, Any, Any]]) -> Callable[P, Coroutine[Any, Any, Any]]:
    """Make a generator function a native coroutine function that may yield to the scheduler.

    `types.coroutine` would do as well, but its objects are generators, and a generator that nobody
    awaits vanishes in silence. Python warns of a native coroutine that was never awaited, by name,
    and awaiting it costs no more.
    """
    given: Any = function
    code = given.__code__
    code = code.replace(co_flags=code.co_flags & ~_GENERATOR | _COROUTINE)
    made = FunctionType(code, given.__globals__, given.__name__, given.__defaults__, given.__closure__)
    functools.update_wrapper(made, given)
    made.__kwdefaults__ = given.__kwdefaults__
    made.__qualname__ = f"erlsim.{given.__name__}"
    del made.__wrapped__  # type: ignore[attr-defined]
    return cast("Callable[P, Coroutine[Any, Any, Any]]", made)


class Become:
    """Request: leave the present code for good and run `body` as soon as there is a message."""

    __slots__ = ("body",)

    def __init__(self, body: Callable[[], Any]) -> None:
        self.body = body


@_trap
def receive(*patterns: Any, after: Any = "infinity") -> Generator[Any, Any, Any]:
    """Take the oldest message that matches any of `patterns`, or any message when there is none.

    In a pattern `...` matches anything, a class matches its instances, a plain function is a
    predicate, tuples, lists and maps match element by element (a map pattern may name fewer keys),
    and everything else matches what is exactly equal to it. `after` is in milliseconds: when it
    has passed without a match the value is `erlsim.TIMEOUT`. Raises `error:timeout_value` for an
    `after` that is no timeout, unless a message matches first. Mirrors Erlang's `receive`.
    """
    # The request takes the place of `after`: each process that waits has a frame of this, with no more than it needs.
    after = patterns if after == "infinity" else [patterns, after]
    world = thread.world
    if world is not None and world.inside:
        return (yield after)
    if world is not None and world.stepping:
        yield UNDEAD
    return here().drive(after)


@_trap
def wait_for(event: Any) -> Generator[Any, Any, Any]:
    """Park the caller until the simpy `event` has happened; its value, or the exception it failed with."""
    world = thread.world
    if world is not None and world.inside:
        return (yield WaitFor(event))
    if world is not None and world.stepping:
        yield UNDEAD
    return here().drive(WaitFor(event))


@_trap
def pause() -> Generator[Any, Any, Any]:
    """Go to the end of the run queue. Mirrors `erlang:yield/0`."""
    world = thread.world
    if world is not None and world.inside:
        return (yield YIELD)
    if world is not None and world.stepping:
        yield UNDEAD
    return here().drive(YIELD)


@_trap
def become(body: Callable[[], Any]) -> Generator[Any, Any, Any]:
    """Forget the present code, wait for a message, then run `body`. What `erlang:hibernate/3` does."""
    world = thread.world
    if world is not None and world.inside:
        return (yield Become(body))
    if world is not None and world.stepping:
        yield UNDEAD
    here()
    raise ErlsimError("the shell cannot hibernate: it has no code of its own to leave")
