"""Births and deaths: how a process comes into the table and what its end does to the world.

The order of an end is OTP's: timers aimed at the process are cancelled, then what it owns (ETS
tables) goes, then its name, then exit signals to its links, then DOWN to its monitors. Last its
coroutine is closed: `finally` blocks run, but the world does not listen to them any more.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CoroutineType, GeneratorType
from typing import Any, Final

from erlsim._kernel.mailbox import LONG, NOTHING
from erlsim._kernel.process import Process
from erlsim._kernel.signals import DownSignal, ExitSignal, Signal, drop_monitor
from erlsim._kernel.world import World
from erlsim.errors import ErlsimError, Exit, ProcessKilled, caught, exit_reason
from erlsim.terms import Pid

_CODE: Final = (CoroutineType, GeneratorType)


class Lifecycle(World):
    """What begins and ends."""

    def new_process(self, body: Callable[[], Any] | None, parent: Process | None) -> Process:
        """A process in the table, not yet in the run queue."""
        pid = Pid(self._next_pid)
        self._next_pid += 1
        process = Process(self, pid, body)
        pid.home = process
        self.table[pid.number] = process
        if parent is not None:
            process.group_leader = parent.group_leader
            process.parent = parent.pid
        return process

    def spawn(self, body: Callable[[], Any], initial_call: tuple[str, str, int]) -> Process:
        """A new child of the running process, at the end of the run queue."""
        process = self.new_process(body, self.current)
        process.initial_call = initial_call
        box = self.current.mailbox
        if box and len(box) >= LONG:
            box.set_mark(process.pid)
        if self.tracer is not None:
            self.note("spawn", self.current.pid, process.pid, initial_call)
        self.ready.append(process)
        return process

    def begin(self, process: Process) -> Any:
        """First run: call the body; a coroutine goes on in the loop, a plain function has ended."""
        self.current = process
        body, process.body = process.body, None
        assert body is not None
        try:
            result = body()
        except BaseException as exc:
            self.crash(process, exc)
            return NOTHING
        if isinstance(result, _CODE):
            process.code = result
            return None
        self.finish(process)
        return NOTHING

    def leave(self, process: Process, body: Callable[[], Any]) -> Any:
        """Close the coroutine of `process`; it goes on as `body` when a message is there."""
        self._close(process)
        process.body = body
        process.waiting = body
        process.parked = True
        if process.mailbox or process.inq:
            self.wake(process)
        return NOTHING

    def finish(self, process: Process) -> None:
        """The code of `process` has come to its end."""
        self.closing = False
        if process.alive:
            # It has unwound already: there is nothing to close.
            process.code = None
            self.terminate(process, "normal")

    def crash(self, process: Process, exc: BaseException) -> None:
        """`exc` has escaped from `process`."""
        self.closing = False
        self.slow = self.tracer is not None or self.chooser is not None
        if not process.alive:
            return
        if isinstance(exc, Exit):
            # What ends of its own will is not logged and has no stack in its reason.
            process.code = None
            self.terminate(process, exc.reason)
            return
        if isinstance(exc, (KeyboardInterrupt, SystemExit)):
            raise exc
        if isinstance(exc, ProcessKilled):
            raise ErlsimError(f"ProcessKilled raised in living {process!r}") from exc
        kind, reason, stack = caught(exc)
        reason = exit_reason(kind, reason, stack)
        if self.on_crash is not None:
            self.on_crash(process, kind, reason, exc)
        self.terminate(process, reason)

    def terminate(self, process: Process, reason: Any, by: Process | None = None) -> None:
        """End `process` with `reason`; its last effects on the world happen here, in OTP's order."""
        process.alive = False
        process.parked = False
        process.exit_reason = reason
        process.pid.home = None
        if self.tracer is not None:
            self.note("exit", process.pid, reason, by.pid if by is not None and by is not process else None)
        self.stop_waiting(process)
        if process.timers:
            for timer in process.timers.values():
                timer.ref.home = None
                self.clock.disarm(timer)
        if process.at_exit:
            for hook in list(process.at_exit.values()):
                hook(process.pid)
        if process.name is not None:
            self.registry.remove(process)
        self._tell_the_others(process, reason)
        del self.table[process.pid.number]
        if process.is_shell:
            self.replace_shell(process, reason)
        self._close(process)

    def _tell_the_others(self, process: Process, reason: Any) -> None:
        if process.links:
            for peer in process.links.values():
                self.post(peer, ExitSignal(process, reason, True))
        if process.monitored_by:
            for monitor in list(process.monitored_by.values()):
                self.post(monitor.owner, DownSignal(process, monitor, reason))
        if process.monitors:
            for monitor in list(process.monitors.values()):
                drop_monitor(monitor)
                monitor.ref.home = None
        process.links = process.monitors = process.monitored_by = process.timers = None
        if process.inq:
            inq, process.inq, process.nsig = process.inq, [], 0
            for item in inq:
                if isinstance(item, Signal):
                    item.bounce(process)

    def _close(self, process: Process) -> None:
        """Let the coroutine unwind with the world shut to it; a running one unwinds by itself."""
        coroutine, process.code, process.body = process.code, None, None
        if coroutine is None:
            return
        if getattr(coroutine, "cr_running", False) or getattr(coroutine, "gi_running", False):
            return
        slow, self.closing, self.slow = self.slow, True, True
        try:
            coroutine.close()
        except Exception:
            # OTP has no code that could fail here; a `finally` that raises, or that waits, is cut short.
            pass
        finally:
            self.closing, self.slow = False, slow

    def abandon(self) -> None:
        """The world is over: leave the code of every process, with the world shut to what it does on its way out."""
        for process in self.processes():
            self._close(process)

    def replace_shell(self, dead: Process, reason: Any) -> None:
        """The shell has died of `reason`: a new one takes its place and hears of it."""
        fresh = self.new_process(None, None)
        fresh.is_shell = True
        fresh.group_leader = dead.group_leader
        self.shell = fresh
        if self.current is dead:
            self.current = fresh
        self.note("shell", fresh.pid)
        self._shell_error = Exit(reason)
        self._stop = True

    def unwind(self) -> None:
        """The running process has just died of its own doing: leave its code at once."""
        self.closing = True
        self.slow = True
        raise ProcessKilled

    def at_exit(self, pid: Pid, key: str, hook: Callable[[Pid], None]) -> None:
        """Call `hook(pid)` once when `pid` dies, before its name is released; one hook a key."""
        process: Process | None = pid.home
        if process is None:
            raise ErlsimError(f"{pid!r} is not alive")
        if process.at_exit is None:
            process.at_exit = {}
        process.at_exit.setdefault(key, hook)
