"""Fibers: a process's code on a stack of its own, so that it can stop in the middle of a plain function.

To the scheduler a fiber is what a coroutine is: `send` resumes it and returns what it asks for, `throw` raises in it,
`close` unwinds it. Underneath is a greenlet. A fiber is resumed by whoever schedules, and closed by anybody.

A new greenlet takes memory from the operating system, which costs as much as twenty switches. So one whose fiber has
come to its end is kept for the next (`Stacks`).
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, CoroutineType, FrameType, GeneratorType
from typing import Any, Final

from erlsim._kernel.traps import STEP
from erlsim.errors import ErlsimError, WrongThread

_CODE: Final = (CoroutineType, GeneratorType)
_DONE: Final = object()
# So many stacks are kept that are free.
MOST_IDLE: Final = 64


def library() -> Any:
    """The module `greenlet`; `ErlsimError` that names the extra if it is not there."""
    try:
        import greenlet
    except ImportError:
        raise ErlsimError(
            "preempt=True, as every complete search, needs greenlet, which is in the extra `search`: "
            "pip install 'erlsim[search]'"
        ) from None
    return greenlet


class _AnotherThread(WrongThread):
    """A fiber cannot be resumed in another thread than the one in which it began."""

    ends_run = True


class Stacks:
    """Stacks for the fibers of one thread: a free one is used again, in the next world, too."""

    __slots__ = ("_idle", "current", "greenlet")

    def __init__(self) -> None:
        there = library()
        self.current: Callable[[], Any] = there.getcurrent
        self.greenlet: Callable[..., Any] = there.greenlet
        self._idle: list[Any] = []

    def take(self) -> Any:
        """A stack that is free: it expects a fiber."""
        return self._idle.pop() if self._idle else self.greenlet(_serve)

    def give_back(self, greenlet: Any) -> None:
        """The fiber on it has come to its end."""
        if len(self._idle) < MOST_IDLE:
            self._idle.append(greenlet)


def _serve(fiber: Fiber | None) -> None:
    """What goes on on a stack: one fiber after the other. It keeps nothing of theirs while it is free."""
    while fiber is not None:
        current = fiber._stacks.current
        try:
            fiber._run()
        except GeneratorExit:
            if not fiber._closing:
                raise
        fiber = None
        fiber = current().parent.switch(_DONE)


class Fiber:
    """`body`, a function or one that makes a coroutine, as something that can be resumed."""

    __slots__ = ("_body", "_closing", "_coroutine", "_greenlet", "_stacks")

    def __init__(self, body: Callable[[], Any], stacks: Stacks) -> None:
        self._body: Callable[[], Any] | None = body
        self._stacks = stacks
        # `None` before it begins and when it has come to its end.
        self._greenlet: Any = None
        self._coroutine: Any = None
        self._closing = False

    # ---- what the scheduler calls ---------------------------------------------------

    def send(self, value: Any) -> Any:
        """Resume it with `value`: what it asks for. `StopIteration` when it has come to its end."""
        return self._resume((value, None))

    def throw(self, error: BaseException) -> Any:
        """Resume it with an exception."""
        return self._resume((None, error))

    def _resume(self, order: Any) -> Any:
        greenlet = self._greenlet
        if greenlet is None:
            greenlet = self._greenlet = self._stacks.take()
            order = self
        caller = self._stacks.current()
        try:
            greenlet.parent = caller
            # Processes share the context variables of their thread, as coroutines do.
            greenlet.gr_context = caller.gr_context
        except ValueError as wrong:
            raise _AnotherThread(
                f"a simulation with preempt=True stays in the thread in which it began: {wrong}"
            ) from wrong
        request = greenlet.switch(order)
        if request is _DONE:
            self._end(greenlet)
            raise StopIteration
        return request

    def _end(self, greenlet: Any) -> None:
        self._greenlet = self._coroutine = None
        self._stacks.give_back(greenlet)

    def close(self) -> None:
        """Unwind it where it stands; what then leaves it is lost, as with a coroutine."""
        greenlet, self._body = self._greenlet, None
        if greenlet is None or greenlet.dead:
            return
        self._closing = True
        greenlet.parent = self._stacks.current()
        try:
            if greenlet.throw(GeneratorExit) is _DONE:
                self._end(greenlet)
        except GeneratorExit:
            return

    # ---- what the code in it calls --------------------------------------------------

    def give_way(self) -> None:
        """Stop here until it is the process's turn again."""
        _, error = self._greenlet.parent.switch(STEP)
        if error is not None:
            raise error

    def runs(self) -> bool:
        """Whether it is this fiber's code that runs now."""
        return self._stacks.current() is self._greenlet

    # ---- inside -----------------------------------------------------------------------

    def _run(self) -> None:
        body, self._body = self._body, None
        assert body is not None
        result = body()
        if not isinstance(result, _CODE):
            return
        self._coroutine = result
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                request = result.send(value) if error is None else result.throw(error)
            except StopIteration:
                return
            if self._closing:
                # It has caught what was to unwind it, and waits.
                result.close()
                raise GeneratorExit
            try:
                value, error = self._greenlet.parent.switch(request)
            except GeneratorExit:
                result.close()
                raise

    # ---- for those who ask where a process is ---------------------------------------

    @property
    def cr_running(self) -> bool:
        """As of a coroutine: whether it runs, and so cannot be closed."""
        return self.runs()

    def frames(self) -> list[FrameType]:
        """The frames of the code in it, outermost first; of one that waits."""
        found: list[FrameType] = []
        frame: FrameType | None = None if self._greenlet is None else self._greenlet.gr_frame
        while frame is not None:
            found.append(frame)
            frame = frame.f_back
        found.reverse()
        return [frame for frame in found if frame.f_code not in _OURS] + self._awaited()

    def _awaited(self) -> list[FrameType]:
        """Those of the coroutines, if it stands where one of them waits."""
        found: list[FrameType] = []
        coroutine = self._coroutine
        while coroutine is not None and not getattr(coroutine, "cr_running", False):
            frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
            if frame is None:
                break
            found.append(frame)
            coroutine = getattr(coroutine, "cr_await", None)
        return found


_OURS: frozenset[CodeType] = frozenset({_serve.__code__, Fiber._run.__code__, Fiber.give_way.__code__})
