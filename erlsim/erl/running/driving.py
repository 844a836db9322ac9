"""Recursions that wait, as deep as memory allows.

Python keeps a chain of coroutines that await each other on the stack of C, which has an end. A compiled function that
calls itself, directly or through others, and not at its end, leaves the call to a `Driven` around it all: that keeps
the callers in a list and lets the innermost run.
"""

from __future__ import annotations

from collections.abc import Generator
from types import FrameType
from typing import Any

from erlsim.errors import pass_on

__in_stacks__ = False
# Whose frames hold coroutines that they drive, in their variable `stack`.
__drives__ = True


class Far:
    """`await Far(coroutine)`: the value of a coroutine, which the `Driven` around runs."""

    __slots__ = ("call",)

    def __init__(self, call: Any) -> None:
        self.call = call

    def __await__(self) -> Generator[Any, Any, Any]:
        """Leave it to the driver."""
        return (yield self)


class Driven:
    """`await Driven(coroutine)`: its value; what it awaits as `Far` is run here."""

    __slots__ = ("call",)

    def __init__(self, call: Any) -> None:
        self.call = call

    def __await__(self) -> Generator[Any, Any, Any]:
        """Run the innermost call; what it waits for goes on to whoever runs the process."""
        stack = [self.call]
        value: Any = None
        failed: BaseException | None = None
        while True:
            try:
                wanted = stack[-1].send(value) if failed is None else stack[-1].throw(failed)
            except StopIteration as stop:
                stack.pop()
                if not stack:
                    return stop.value
                value, failed = stop.value, None
            except BaseException as exc:
                pass_on(exc)
                stack.pop()
                if not stack:
                    raise
                value, failed = None, exc
            else:
                value = failed = None
                if type(wanted) is Far:
                    stack.append(wanted.call)
                    continue
                try:
                    value = yield wanted
                except BaseException as exc:
                    pass_on(exc)
                    failed = exc


def callers(frame: FrameType) -> list[FrameType]:
    """The frames that a driver's frame holds, the innermost first, but for the one that runs."""
    if not frame.f_globals.get("__drives__") or "stack" not in frame.f_locals:
        return []
    return [each.cr_frame for each in reversed(frame.f_locals["stack"][:-1]) if each.cr_frame is not None]
