"""Words on processes, for the errors that must say who is to blame."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Iterable
from types import CodeType, FrameType
from typing import Any

from erlsim._kernel.clock import Timer
from erlsim._kernel.world import Process, World
from erlsim.errors import Overtime, pass_on

# So many instants past the limit are looked at, and so many of those whom they are for are named.
WATCHED = 20
NAMED = 10


def deadlock_text(processes: list[Process], now: Any) -> str:
    """Every process, what it waits for and what lies in its mailbox."""
    lines = [describe(p) for p in processes if not p.is_system]
    return f"nothing can happen any more at {now} ms, and the shell waits\n  " + "\n  ".join(lines)


def describe(process: Process) -> str:
    """One line on `process`: who it is, what it does, what it has not yet received."""
    who = _who(process)
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


def _who(process: Process) -> str:
    return repr(process) + (" the shell" if process.is_shell else "")


def where(process: Process) -> str:
    """` in FUNCTION (FILE:LINE)`, the innermost frame of the user's code; nothing if there is none."""
    if process.is_shell:
        return _where_the_shell_waits(process)
    coroutine = process.code
    found = ""
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is None:
            break
        if _is_the_users(frame):
            found = _place(frame, frame.f_lineno)
        coroutine = getattr(coroutine, "cr_await", None)
    return found


def _where_the_shell_waits(shell: Process) -> str:
    """The frame that has called `Shell.drive`: it is on Python's own stack as long as it waits."""
    if shell.patterns is None and shell.waiting is None:
        return ""
    frame: FrameType | None = sys._getframe()
    drives = False
    while frame is not None:
        if frame.f_code.co_qualname == "Shell.drive":
            drives = getattr(frame.f_locals.get("self"), "world", None) is shell.world
        elif drives and _is_the_users(frame):
            return _place(frame, frame.f_lineno)
        frame = frame.f_back
    return ""


def _is_the_users(frame: FrameType) -> bool:
    return not str(frame.f_globals.get("__name__", "")).startswith("erlsim.")


def _place(frame: FrameType, line: int) -> str:
    return f" in {frame.f_code.co_qualname} ({frame.f_code.co_filename.rpartition('/')[2]}:{line})"


def picture(world: World, exc: BaseException) -> list[str]:
    """A line on each process at the moment at which `exc` strikes.

    Code that it has unwound already is found in its traceback: that of the process that ran, or of the shell.
    """
    ran = world.current
    place = _where_it_struck(exc)
    waits = ran.patterns is not None or ran.waiting is not None
    lines = []
    for process in world.processes():
        if process.is_system:
            continue
        if process is ran and place and not waits:
            lines.append(f"{_who(process)} runs{place}; mailbox: {_show(process.messages())}")
        else:
            lines.append(_described(process))
    if place and waits:
        lines.append(f"outside of every process{place}")
    return lines


def _described(process: Process) -> str:
    """As `describe`, in the middle of whatever is going on."""
    try:
        return describe(process)
    except Exception as failure:
        pass_on(failure)
        return f"{_who(process)}, of which no more can be told: {type(failure).__name__}"


def _where_it_struck(exc: BaseException) -> str:
    """The innermost frame of the user's code, and none of the handlers of signals."""
    handlers = codes_of_handlers()
    found = ""
    # simpy raises what its own processes fail with once more, by a copy.
    while isinstance(exc.__cause__, type(exc)):
        exc = exc.__cause__
    tb = exc.__traceback__
    while tb is not None and tb.tb_frame.f_code not in handlers:
        if _is_the_users(tb.tb_frame):
            found = _place(tb.tb_frame, tb.tb_lineno)
        tb = tb.tb_next
    return found


def codes_of_handlers() -> Iterable[CodeType]:
    """The code of the handlers of the operating system's signals."""
    handlers: list[Any] = [signal.getsignal(number) for number in signal.valid_signals()]
    return [handler.__code__ for handler in handlers if hasattr(handler, "__code__")]


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


class Watch:
    """Ends a world in `Overtime` when its time has gone on for more than `max_time` ms.

    When it has, a few more instants pass in which it is noted down who they are for.
    """

    def __init__(self, world: World, max_time: int) -> None:
        self.world = world
        self.max_time = max_time
        self._instants = 0
        self._seen: Counter[Any] = Counter()
        world.clock.limit_to(max_time)
        world.clock.past_limit = self.look

    def look(self, events: list[Any]) -> None:
        """These are about to happen, past the limit."""
        self._seen.update(list(dict.fromkeys(map(self._whose, events))))
        self._instants += 1
        if self._instants == WATCHED:
            text = self._text()
            self._instants = 0
            self._seen.clear()
            # Who goes on nevertheless may do so for as long again.
            self.world.clock.count_anew()
            raise Overtime(text)

    def _whose(self, event: Any) -> Any:
        """The process that an event is for, or else words on it."""
        if isinstance(event, Timer):
            target = event.target
            found = target if isinstance(target, Process) else self.world.registry.get(target)
            return found or f"a timer for {target!r}"
        for process in self.world.processes():
            if process.waiting is event:
                return process
        owners: list[Any] = [getattr(callback, "__self__", None) for callback in event.callbacks or ()]
        names = [owner.name for owner in owners if hasattr(owner, "name")]
        return f"simpy's {' and '.join(names) or type(event).__name__}"

    def _text(self) -> str:
        most = sorted(self._seen.items(), key=lambda item: -item[1])[:NAMED]
        culprits = [whose for whose, _ in most]
        others = [each for each in self.world.processes() if each not in culprits and not each.is_system]
        lines = [
            f"time goes on and on: {self.world.clock.now} ms is past max_time ({self.max_time} ms); it is kept going by"
        ]
        lines += [f"  {_whose_words(whose)} ({count} of {WATCHED} instants)" for whose, count in most]
        return "\n".join([*lines, *(["the others"] if others else []), *(f"  {describe(each)}" for each in others)])


def _whose_words(whose: Any) -> str:
    if not isinstance(whose, Process):
        return str(whose)
    return describe(whose) if whose.alive else f"{whose!r}, which is dead"
