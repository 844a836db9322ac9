"""The code of its program that a process is in: a file, a line, and the variables there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType, FunctionType, ModuleType
from typing import Any

from erlsim._kernel import Process
from erlsim.errors import is_ours
from erlsim.trace.facts import show

LONGEST = 200
"""So many characters of a value are kept, and an ellipsis says that there are more."""
Place = tuple[str, int, str, tuple[tuple[str, str], ...]]
"""A file, a line, a function, and the variables: their names and values."""


def of_the_running(below: int = 1) -> Place | None:
    """Where the code is that runs now: the innermost frame of the program's on Python's own stack."""
    frame: FrameType | None = sys._getframe(below)
    while frame is not None:
        if is_scheduler(frame):
            return None
        if _is_the_programs(frame):
            return _place(frame)
        frame = frame.f_back
    return None


def is_scheduler(frame: FrameType) -> bool:
    """Whether this is the loop that resumes processes: what is above it is no process."""
    return frame.f_code.co_qualname in ("Scheduler._loop", "Steps.loop")


def of_the_shell() -> Place | None:
    """Where the shell waits: its code is on Python's stack, below the scheduler and above whoever runs a simulation."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not is_scheduler(frame):
        frame = frame.f_back
    while frame is not None and not frame.f_code.co_qualname.startswith("Simulation."):
        if _is_the_programs(frame):
            return _place(frame)
        frame = frame.f_back
    return None


def of_the_waiting(process: Process) -> Place | None:
    """Where a process waits: the innermost frame of the program's among those that its coroutine holds."""
    found = None
    for frame in _frames(process.code):
        if _is_the_programs(frame):
            found = frame
    return None if found is None else _place(found)


def _frames(code: Any) -> Iterator[FrameType]:
    """The frames of a coroutine that waits, the outermost first."""
    while code is not None:
        frame = getattr(code, "cr_frame", None) or getattr(code, "gi_frame", None)
        if not isinstance(frame, FrameType):
            return
        yield frame
        if frame.f_globals.get("__drives__") and "stack" in frame.f_locals:
            # Compiled Erlang that goes deep keeps its calls in a list: the last one waits.
            for each in frame.f_locals["stack"][:-1]:
                yield from [each.cr_frame] if each.cr_frame is not None else []
            code = frame.f_locals["stack"][-1]
            continue
        code = getattr(code, "cr_await", None) or getattr(code, "gi_yieldfrom", None)


def _is_the_programs(frame: FrameType) -> bool:
    # Erlang's modules are theirs who have written them, whatever runs them.
    return frame.f_code.co_filename.endswith(".erl") or not is_ours(str(frame.f_globals.get("__name__", "")))


def _place(frame: FrameType) -> Place:
    code = frame.f_code
    erlang = code.co_filename.endswith(".erl")
    found = []
    for name, value in frame.f_locals.items():
        shown = _erlang_name(name) if erlang else name if not name.startswith(("_", ".")) else ""
        if shown and not isinstance(value, ModuleType | FunctionType | type):
            found.append((shown, show(value, LONGEST)))
    return code.co_filename, frame.f_lineno, code.co_name, tuple(found)


def _erlang_name(name: str) -> str:
    """The variable of Erlang's that a local of compiled code stands for; nothing if it is the compiler's own."""
    return name if name[:1].isupper() else ""
