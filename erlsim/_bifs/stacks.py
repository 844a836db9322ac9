"""Where a process is in its code, as Erlang shows it: the user's frames, innermost first."""

from __future__ import annotations

import sys
from types import FrameType

from erlsim._bifs.common import Term
from erlsim._kernel import Process
from erlsim.errors import COMPREHENSIONS, module_atom

_NOT_SHOWN = ("erlsim._kernel", "erlsim._bifs", "erlsim.code", "erlsim.simulation")


def stacktrace(process: Process) -> list[Term]:
    """`[(module, function, arity, [("file", chars), ("line", n)]), ...]`, of a process that runs or waits."""
    running = process is process.world.current
    frames = _running() if running else _waiting(process)
    entries: list[Term] = []
    line: int | None = None
    for frame in frames:
        if frame.f_code.co_name in COMPREHENSIONS:
            line = frame.f_lineno if line is None else line
            continue
        if not _module(frame).startswith(_NOT_SHOWN):
            entries += _entries(frame, frame.f_lineno if line is None else line)
        line = None
    return entries


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


def _running() -> list[FrameType]:
    """The frames below `stacktrace`, down to the scheduler that resumed the process."""
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and not _module(frame).startswith("erlsim._kernel.scheduler"):
        frames.append(frame)
        frame = frame.f_back
    return frames


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "undefined"))


def _entries(frame: FrameType, line: int) -> list[Term]:
    code = frame.f_code
    places = frame.f_globals.get("__places__")
    if places is not None:
        return list(places.entries(code, frame.f_lasti, line))
    if not frame.f_globals.get("__in_stacks__", True):
        return []
    where = [("file", [ord(c) for c in code.co_filename.rpartition("/")[2]]), ("line", line)]
    return [(module_atom(_module(frame)), code.co_name, code.co_argcount, where)]
