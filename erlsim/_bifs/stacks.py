"""Where a process is in its code, as Erlang shows it: the user's frames, innermost first."""

from __future__ import annotations

import sys
from types import FrameType

from erlsim._bifs.common import Term
from erlsim._kernel import Process, Shell
from erlsim.errors import stack_from, stack_through


def stacktrace(process: Process) -> list[Term]:
    """`[(module, function, arity, [("file", chars), ("line", n)]), ...]`, of a process that runs or waits."""
    if process.is_shell:
        return stack_from(_shells())
    # Who answers a question about itself stands where it waits.
    if process is process.world.current and getattr(process.code, "cr_running", True):
        return stack_from(sys._getframe(1))
    return stack_through(_waiting(process))


def _shells() -> FrameType:
    """Where the code of the shell is: it lies beneath the world that it waits for."""
    asking = sys._getframe(1)
    frame: FrameType | None = asking
    while frame is not None:
        if frame.f_code is Shell.drive.__code__:
            return frame
        frame = frame.f_back
    return asking


def _waiting(process: Process) -> list[FrameType]:
    coroutine = process.code
    if process.world.steps is not None and hasattr(coroutine, "frames"):
        return list(reversed(coroutine.frames()))
    frames: list[FrameType] = []
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
        if frame is None:
            break
        frames.append(frame)
        coroutine = getattr(coroutine, "cr_await", None)
        if frame.f_globals.get("__drives__") and "stack" in frame.f_locals:
            # It drives coroutines that stand for calls within each other.
            *outer, coroutine = frame.f_locals["stack"]
            frames += [each.cr_frame for each in outer if each.cr_frame is not None]
    frames.reverse()
    return frames
