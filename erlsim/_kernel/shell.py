"""The shell: code outside every process, acting as one.

When it blocks, it drives the world until it may go on; nothing is ever handed to a foreign event
loop. An exit signal that would kill it raises `erlsim.Exit` from the call that it waits in, and the
shell goes on under a new pid, as Erlang's does.
"""

from __future__ import annotations

from typing import Any

from erlsim._kernel.mailbox import NOTHING
from erlsim._kernel.process import Process
from erlsim._kernel.receiving import Receiving, is_timeout
from erlsim._kernel.traps import TIMEOUT, YIELD, WaitFor
from erlsim._kernel.words import deadlock_text
from erlsim.errors import Deadlock, Error, Livelock

_INFINITY = float("inf")


class Shell(Receiving):
    """What the scheduler does for the one process that is not a coroutine of its own."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.shell = self.current = self.new_process(None, None)
        self.shell.is_shell = True

    def drive(self, request: Any) -> Any:
        """Do what the shell asks for, letting the world run until it can be done."""
        shell = self.shell
        self._count_step()
        self._answer_to_shell = self._ask(shell, request)
        if self._shell_error is None and self._answer_to_shell is NOTHING:
            self.send_unsent()
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

    def _count_step(self) -> None:
        if self.clock._now != self._instant:
            self._instant, self._steps = self.clock._now, 0
        self._steps += 1
        if self._steps > self.max_steps:
            raise Livelock(
                f"time stands still at {self.clock.now} ms: the shell {self.shell!r} goes on without a pause "
                f"for {self.max_steps} steps (max_steps_per_instant)"
            )

    def _ask(self, shell: Process, request: Any) -> Any:
        if type(request) is WaitFor:
            self.wait(shell, request.event)
            return NOTHING
        if request is YIELD:
            shell.value = True
            shell.parked = True
            self.wake(shell)
            return NOTHING
        timed = type(request) is list
        patterns, after = request if timed else (request, 0)
        message = self.look(shell, patterns)
        if message is not NOTHING or not shell.alive:
            if message is not NOTHING:
                self.note("receive", shell.pid, message)
            return message
        if not timed:
            shell.patterns = patterns
            shell.parked = True
            return NOTHING
        if not is_timeout(after):
            raise Error("timeout_value")
        if after == 0:
            return TIMEOUT
        self.park_until(shell, patterns, after)
        return NOTHING

    def _run_until_answered(self) -> None:
        clock = self.clock
        while self._answer_to_shell is NOTHING and self._shell_error is None:
            if not self.ready and clock.peek() == _INFINITY:
                raise Deadlock(deadlock_text(self.processes(), self.clock.now))
            clock.step()

    def shell_scheduled_in(self, shell: Process) -> None:
        """The shell's turn in the run queue: if what it waits for is there, the world stops."""
        if shell.error is not None:
            self._shell_error, shell.error = shell.error, None
        elif shell.waiting is not None:
            shell.parked = True
            return
        elif shell.patterns is None:
            self._answer_to_shell, shell.value = shell.value, None
        else:
            message = self.new_match(shell, shell.patterns, 0)
            if message is NOTHING:
                return
            self.note("receive", shell.pid, message)
            self._answer_to_shell = message
        self._stop = True

    def shell_died(self) -> None:
        """The shell has ended itself in a plain call: raise what `drive` would have raised."""
        error, self._shell_error = self._shell_error, None
        if error is not None:
            raise error
