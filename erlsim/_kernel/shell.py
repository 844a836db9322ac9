"""The shell: code outside every process, acting as one.

When it blocks, it drives the world until it may go on; nothing is ever handed to a foreign event
loop. An exit signal that would kill it raises `erlsim.Exit` from the call that it waits in, and the
shell goes on under a new pid, as Erlang's does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from erlsim._kernel.mailbox import NOTHING
from erlsim._kernel.process import Process
from erlsim._kernel.traps import TIMEOUT, YIELD, Timed, WaitFor
from erlsim.errors import Deadlock, Error, Exit, Livelock

if TYPE_CHECKING:
    from erlsim._kernel.scheduler import Scheduler

_INFINITY = float("inf")
MAX_TIMEOUT = 0xFFFFFFFF


class Shell:
    """What the scheduler does for the one process that is not a coroutine of its own."""

    def __init__(self: Scheduler) -> None:
        self.shell = self.new_process(None, None)
        self.shell.is_shell = True
        self.current: Process = self.shell
        self._answer_to_shell: Any = NOTHING
        self._shell_error: BaseException | None = None

    def drive(self: Scheduler, request: Any) -> Any:
        """Do what the shell asks for, letting the world run until it can be done."""
        shell = self.shell
        self._count_step()
        self._answer_to_shell = self._ask(shell, request)
        if self._shell_error is None and self._answer_to_shell is NOTHING:
            try:
                self._run_until_answered()
            finally:
                if shell.alive:
                    self.stop_waiting(shell)
                    if not shell.parked and shell in self.ready:
                        self.ready.remove(shell)
                    shell.parked = False
        self.current = self.shell
        if self._shell_error is not None:
            error, self._shell_error = self._shell_error, None
            raise error
        answer, self._answer_to_shell = self._answer_to_shell, NOTHING
        return answer

    def _count_step(self: Scheduler) -> None:
        if self.clock.now != self._instant:
            self._instant, self._steps = self.clock.now, 0
        self._steps += 1
        if self._steps > self.max_steps:
            raise Livelock(
                f"time stands still at {self.clock.now} ms: the shell {self.shell!r} goes on without a pause "
                f"for {self.max_steps} steps (max_steps_per_instant)"
            )

    def _ask(self: Scheduler, shell: Process, request: Any) -> Any:
        if type(request) is WaitFor:
            self.wait(shell, request.event)
            return NOTHING
        if request is YIELD:
            shell.value = True
            shell.parked = True
            self.wake(shell)
            return NOTHING
        timed = type(request) is Timed
        patterns = request.patterns if timed else request
        message = self.look(shell, patterns)
        if message is not NOTHING or not shell.alive:
            if self.tracer is not None and message is not NOTHING:
                self.tracer("receive", shell.pid, message)
            return message
        if not timed:
            shell.patterns = patterns
            shell.parked = True
            return NOTHING
        after = request.after
        if type(after) is not int or not 0 <= after <= MAX_TIMEOUT:
            raise Error("timeout_value")
        if after == 0:
            return TIMEOUT
        self.park_until(shell, patterns, after)
        return NOTHING

    def _run_until_answered(self: Scheduler) -> None:
        clock = self.clock
        while self._answer_to_shell is NOTHING and self._shell_error is None:
            if clock.peek() == _INFINITY:
                raise Deadlock(self.deadlock_text())
            clock.step()

    def shell_scheduled_in(self: Scheduler, shell: Process) -> None:
        """The shell's turn in the run queue: if what it waits for is there, the world stops."""
        if shell.error is not None:
            self._shell_error, shell.error = shell.error, None
        elif shell.waiting is not None:
            shell.parked = True
            return
        elif shell.patterns is None:
            self._answer_to_shell, shell.value = shell.value, None
        else:
            message = self._new_match(shell, shell.patterns, 0)
            if message is NOTHING:
                return
            if self.tracer is not None:
                self.tracer("receive", shell.pid, message)
            self._answer_to_shell = message
        self._stop = True

    def replace_shell(self: Scheduler, dead: Process, reason: Any) -> None:
        """The shell has died of `reason`: a new one takes its place and hears of it."""
        fresh = self.new_process(None, None)
        fresh.is_shell = True
        fresh.group_leader = dead.group_leader
        self.shell = fresh
        if self.current is dead:
            self.current = fresh
        self._shell_error = Exit(reason)
        self._stop = True

    def shell_died(self: Scheduler) -> None:
        """The shell has ended itself in a plain call: raise what `drive` would have raised."""
        error, self._shell_error = self._shell_error, None
        if error is not None:
            raise error

    # ---- words ----------------------------------------------------------------

    def deadlock_text(self: Scheduler) -> str:
        """Every process, what it waits for and what lies in its mailbox."""
        lines = [self.describe(p) for p in self.processes() if not p.is_system]
        return (
            f"nothing can happen any more at {self.clock.now} ms, and the shell waits\n  " + "\n  ".join(lines)
        )

    def describe(self: Scheduler, process: Process) -> str:
        """One line on `process`: who it is, what it does, what it has not yet received."""
        who = repr(process) + (" the shell" if process.is_shell else "")
        if process.patterns is not None:
            wanted = " | ".join(_show(p) for p in process.patterns) or "any message"
            what = f"waits for {wanted}"
            if process.timer is not None:
                what += f" until {process.timer.due} ms"
        elif process.waiting is not None:
            what = f"waits for {process.waiting!r}"
        elif process.suspended:
            what = "is suspended"
        else:
            what = "runs" if process is self.current else "is ready to run"
        where = self.where(process)
        box = process.messages() + [m for m in process.inq]
        return f"{who} {what}{where}; mailbox: {_show(box)}"

    def where(self: Scheduler, process: Process) -> str:
        """` in FUNCTION (FILE:LINE)`, the innermost frame of the user's code."""
        coroutine = getattr(process.resume, "__self__", None)
        found = ""
        while coroutine is not None:
            frame = getattr(coroutine, "cr_frame", None)
            if frame is None:
                break
            name = frame.f_globals.get("__name__", "")
            if not name.startswith("erlsim.") or not found:
                file = frame.f_code.co_filename.rpartition("/")[2]
                found = f" in {frame.f_code.co_qualname} ({file}:{frame.f_lineno})"
            coroutine = getattr(coroutine, "cr_await", None)
        return found


def _show(term: Any) -> str:
    if term is ...:
        return "..."
    if isinstance(term, tuple):
        return "(" + ", ".join(_show(t) for t in term) + ("," if len(term) == 1 else "") + ")"
    if isinstance(term, list):
        return "[" + ", ".join(_show(t) for t in term) + "]"
    if callable(term) and hasattr(term, "__qualname__"):
        return str(term.__qualname__)
    return repr(term)
