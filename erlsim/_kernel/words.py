"""Words on processes, for the errors that must say who is to blame: who waits for what, and who for whom."""

from __future__ import annotations

import re
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import CodeType, FrameType, FunctionType
from typing import Any

from erlsim._kernel.clock import Timer
from erlsim._kernel.links import Monitors
from erlsim._kernel.signals import Answer
from erlsim._kernel.world import Process, World
from erlsim.errors import Overtime, is_ours, pass_on
from erlsim.terms import Improper, Pid, Ref

# So many instants past the limit are looked at, and so many of those whom they are for are named.
WATCHED = 20
NAMED = 10
# Of a term, or of a mailbox, so much is shown.
MOST_CHARACTERS = 2_000
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_PID = re.compile(r"<0\.(\d+)\.0>")


def deadlock_text(world: World) -> str:
    """Every process, what it waits for and what lies in its mailbox; who waits in a circle; who was who."""
    processes = world.processes()
    lines = ["  " + describe(p) for p in processes if not p.is_system] + circles(processes)
    lines += ["  " + line for line in the_dead(world, "\n".join(lines))]
    return "\n".join([f"nothing can happen any more at {world.clock.now} ms, and the shell waits", *lines])


def describe(process: Process) -> str:
    """One line on `process`: who it is, what it does, what it has not yet received."""
    coming = f", to come: {_show(list(process.inq))}" if process.inq else ""
    doing = f"{_doing(process)}{where(process) or _began(process)}"
    return f"{_who(process)} {doing}; mailbox: {_show(process.messages())}{coming}"


def _who(process: Process) -> str:
    return repr(process) + (" the shell" if process.is_shell else "")


def _doing(process: Process) -> str:
    """What a process does: as a rule it waits."""
    if process.patterns is not None:
        until = f" until {process.timer.due} ms" if process.timer is not None else ""
        asked = _asked(process, process.patterns)
        if asked is not None:
            return f"waits for the answer of {_who(asked)}{until}"
        return f"waits for {' | '.join(_show(p) for p in process.patterns) or 'any message'}{until}"
    if process.waiting is None:
        return "is suspended" if process.suspended else _ready(process)
    if isinstance(process.waiting, Answer):
        return "waits for what it has asked of another process"
    if callable(process.waiting):
        return "hibernates"
    return f"waits for an event of simpy ({type(process.waiting).__name__})"


def _ready(process: Process) -> str:
    return "runs" if process is process.world.current else "is ready to run"


def _asked(process: Process, patterns: tuple[Any, ...]) -> Process | None:
    """Whom a process has called that waits as a call does: for `(tag, reply)` or for the end of whom it has called."""
    if len(patterns) != 2 or any(type(each) is not tuple for each in patterns):
        return None
    reply, down = patterns
    if len(reply) != 2 or reply[1] is not ... or len(down) != 5 or down[0] != "DOWN":
        return None
    ref = reply[0].tail if type(reply[0]) is Improper else reply[0]
    return _watched(process, ref) if ref is down[1] else None


def _watched(process: Process, ref: Any) -> Process | None:
    """Whom a process watches under a reference, if he lives."""
    monitor = (process.monitors or Monitors()).get(ref.number) if type(ref) is Ref else None
    target = monitor.target if monitor is not None else None
    return target if target is not None and target.alive else None


def where(process: Process) -> str:
    """` in FUNCTION (FILE:LINE)`, the innermost frame of the user's code; nothing if there is none."""
    if process.is_shell:
        return _where_the_shell_waits(process)
    found = ""
    for frame in frames_of(process):
        if _is_the_users(frame):
            found = _place(frame, frame.f_lineno)
    return found


def frames_of(process: Process) -> Iterator[FrameType]:
    """The frames of the code of a process that waits, outermost first."""
    coroutine = process.code
    if process.world.steps is not None and hasattr(coroutine, "frames"):
        yield from coroutine.frames()
        return
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is None:
            break
        yield frame
        coroutine = getattr(coroutine, "cr_await", None)


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
    return not _is_ours(frame.f_globals)


def _is_ours(namespace: dict[str, Any]) -> bool:
    return is_ours(str(namespace.get("__name__", "")))


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


# ---- who waits for whom -------------------------------------------------------------


def circles(processes: list[Process]) -> list[str]:
    """Processes that wait for one another in a circle, as lines; none if there is no circle."""
    lines: list[str] = []
    for circle in _circles(processes):
        lines.append("  each of these waits for the next, and the last for the first:")
        for number, process in enumerate(circle):
            corner = "┌─▶" if number == 0 else "└──" if number == len(circle) - 1 else "│  "
            lines.append(f"    {corner} {_who(process)}{where(process) or _began(process)}")
    return lines


def _circles(processes: list[Process]) -> list[list[Process]]:
    found = []
    seen: dict[Process, None] = {}
    for process in processes:
        path: dict[Process, None] = {}
        at: Process | None = process
        while at is not None and at not in seen:
            seen[at] = path[at] = None
            at = _waits_for(at)
        if at is not None and at in path:
            way = list(path)
            found.append(way[way.index(at) :])
    return found


def _waits_for(process: Process) -> Process | None:
    """Whom a process waits for, as far as its patterns tell: whom it watches by them, or whose pid they name."""
    named = list(dict.fromkeys(_named(process, process.patterns or ())))
    return named[0] if len(named) == 1 else None


def _named(process: Process, pattern: Any) -> Iterator[Process]:
    todo = [pattern]
    while todo:
        part = todo.pop()
        if type(part) is Ref:
            watched = _watched(process, part)
            if watched is not None:
                yield watched
        elif type(part) is Pid:
            if part.home is not None and part.home is not process:
                yield part.home
        elif type(part) in (tuple, list):
            todo += reversed(part)
        elif type(part) is Improper:
            todo.append(part.tail)


def the_dead(world: World, text: str) -> list[str]:
    """What the pids in a text were called whose processes have ended, a line each."""
    numbers = sorted({int(number) for number in _PID.findall(text)})
    former = world.registry.former
    dead = [number for number in numbers if number in former and number not in world.table]
    return [f"<0.{number}.0> was {former[number]}, and has ended" for number in dead]


# ---- terms and patterns -------------------------------------------------------------


def _show(term: Any) -> str:
    """A pattern or a term as Python's, without addresses; cut where it is longer than anybody reads."""
    texts: list[str] = []
    room = MOST_CHARACTERS
    todo: list[str | _Part] = [_Part(term)]
    while todo:
        each = todo.pop()
        if isinstance(each, str):
            texts.append(each)
            room -= len(each)
            if room < 0:
                texts[-1] = each[:room] + "..."
                break
        else:
            todo += reversed(_pieces(each.term))
    return "".join(texts)


class _Part:
    """A part of a term that is still to be shown."""

    __slots__ = ("term",)

    def __init__(self, term: Any) -> None:
        self.term = term


def _pieces(term: Any) -> list[str | _Part]:
    """The signs and the parts of a term; of what has very many parts, more than are shown."""
    if isinstance(term, tuple):
        return ["(", *_between(term), ",)" if len(term) == 1 else ")"]
    if isinstance(term, list):
        return ["[", *_between(term), "]"]
    if isinstance(term, dict):
        found: list[str | _Part] = ["{"]
        for key, value in islice(term.items(), MOST_CHARACTERS):
            found += (_Part(key), ": ", _Part(value), ", ")
        return [*(found[:-1] if term else found), "}"]
    if type(term) is Improper:
        return ["[", *_between(term.items), " | ", _Part(term.tail), "]"]
    return [_scalar(term)]


def _between(terms: Sequence[Any]) -> list[str | _Part]:
    found: list[str | _Part] = []
    for each in terms[:MOST_CHARACTERS]:
        found += (_Part(each), ", ")
    return found[:-1]


def _scalar(term: Any) -> str:
    if term is ...:
        return "..."
    if isinstance(term, FunctionType):
        return _function(term)
    if callable(term) and hasattr(term, "__qualname__"):
        return str(term.__qualname__).rpartition(".")[2].lstrip("_")
    if _has_no_text(type(term)):
        return f"<{type(term).__name__}>"
    try:
        return _ADDRESS.sub("", repr(term))
    except Exception as failure:
        pass_on(failure)
        return f"<{type(term).__name__}>"


def _has_no_text(kind: Any) -> bool:
    """Whether objects of a class print as Python's own, with the address where they lie."""
    return kind.__repr__ is object.__repr__


def _function(function: FunctionType) -> str:
    """A predicate by its name; one without a name by where it stands, or by the function of ours that has made it."""
    if function.__name__ != "<lambda>":
        return function.__name__.lstrip("_")
    if _is_ours(function.__globals__):
        return function.__qualname__.partition(".")[0].lstrip("_")
    code = function.__code__
    return f"lambda of {code.co_filename.rpartition('/')[2]}:{code.co_firstlineno}"


# ---- time that goes on for ever -----------------------------------------------------


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
            found = target if isinstance(target, Process) else self.world.named(target)[0]
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
