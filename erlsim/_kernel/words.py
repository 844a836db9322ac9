"""Words on processes, for the errors that must say who is to blame."""

from __future__ import annotations

from typing import Any

from erlsim._kernel.world import Process


def deadlock_text(processes: list[Process], now: Any) -> str:
    """Every process, what it waits for and what lies in its mailbox."""
    lines = [describe(p) for p in processes if not p.is_system]
    return f"nothing can happen any more at {now} ms, and the shell waits\n  " + "\n  ".join(lines)


def describe(process: Process) -> str:
    """One line on `process`: who it is, what it does, what it has not yet received."""
    who = repr(process) + (" the shell" if process.is_shell else "")
    if process.patterns is not None:
        wanted = " | ".join(_show(p) for p in process.patterns) or "any message"
        what = f"waits for {wanted}"
        if process.timer is not None:
            what += f" until {process.timer.due} ms"
    elif process.waiting is not None:
        what = f"waits for <{type(process.waiting).__name__}>"
    elif process.suspended:
        what = "is suspended"
    else:
        what = "runs" if process is process.world.current else "is ready to run"
    coming = f", to come: {_show(list(process.inq))}" if process.inq else ""
    return f"{who} {what}{where(process) or _began(process)}; mailbox: {_show(process.messages())}{coming}"


def where(process: Process) -> str:
    """` in FUNCTION (FILE:LINE)`, the innermost frame of the user's code; nothing if there is none."""
    coroutine = process.code
    found = ""
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is None:
            break
        if not frame.f_globals.get("__name__", "").startswith("erlsim."):
            file = frame.f_code.co_filename.rpartition("/")[2]
            found = f" in {frame.f_code.co_qualname} ({file}:{frame.f_lineno})"
        coroutine = getattr(coroutine, "cr_await", None)
    return found


def _began(process: Process) -> str:
    """`, begun by MODULE:FUNCTION/ARITY`: of a process all of whose frames are ours, such as a server that waits."""
    _, call = (process.dictionary or {}).get("$initial_call", (None, None))
    if not isinstance(call, tuple) or len(call) != 3:
        return ""
    module, function, arity = call
    return f", begun by {getattr(module, '__name__', module)}:{function}/{arity}"


def _show(term: Any) -> str:
    if term is ...:
        return "..."
    if isinstance(term, tuple):
        return "(" + ", ".join(_show(t) for t in term) + ("," if len(term) == 1 else "") + ")"
    if isinstance(term, list):
        return "[" + ", ".join(_show(t) for t in term) + "]"
    if callable(term) and hasattr(term, "__qualname__"):
        return str(term.__qualname__).lstrip("_")
    return repr(term)
