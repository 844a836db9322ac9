"""The shell: code outside every process, acting as one.

When it blocks, it drives the world until it may go on; nothing is ever handed to a foreign event
loop. An exit signal that would kill it raises `erlsim.Exit` from the call that it waits in, and the
shell goes on under a new pid, as Erlang's does.
"""

from __future__ import annotations

from typing import Any

from erlsim._kernel.lifecycle import new_process, stop_waiting
from erlsim._kernel.mailbox import NOTHING
from erlsim._kernel.running import check, note_interrupt
from erlsim._kernel.scheduler import Scheduler
from erlsim._kernel.sending import send_unsent, take_inbox
from erlsim._kernel.traps import OUTSIDE
from erlsim._kernel.words import deadlock_text
from erlsim._kernel.world import Process
from erlsim.errors import Deadlock, Exit

_INFINITY = float("inf")


class Shell:
    """The code outside every process; takes its place in the scheduler's world.

    The scheduler runs the shell's process as any other. In place of a coroutine that has this object, whose `send` and
    `throw` do not run the shell's code but keep the answer and stop the loop, so that `drive` can return it.
    """

    __slots__ = ("_answer", "_error", "scheduler", "world")

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.world = scheduler.world
        self._answer: Any = NOTHING
        self._error: BaseException | None = None
        self.world.drive = self.drive
        self.world.current = self.world.shell = self._new_process()

    def _new_process(self) -> Process:
        process = new_process(self.world, None, None)
        process.is_shell = True
        process.code = self
        return process

    # ---- what the shell's code calls --------------------------------------------

    def drive(self, request: Any) -> Any:
        """Do what the shell asks for, letting the world run until it can be done.

        Raises what the shell's process has died of, now or since it waited last.
        """
        world = self.world
        if world.interrupted is not None:
            check(world)
        process = world.shell
        try:
            self.scheduler.count_step()
            if self._error is None:
                answer = self._ask(process, request)
                if answer is NOTHING and self._error is None:
                    answer = self._wait(process)
                elif process.error is not None:
                    self._error, process.error = process.error, None
                world.current = world.shell
            if self._error is not None:
                error, self._error = self._error, None
                raise error
        except BaseException as exc:
            note_interrupt(world, exc)
            raise
        return answer

    def _ask(self, process: Process, request: Any) -> Any:
        world = self.world
        if world.inbox:
            take_inbox(world)
        if world.steps is None:
            return self.scheduler.answer(process, request)
        return world.steps.answer(self.scheduler, process, request)

    def _wait(self, process: Process) -> Any:
        """Let the world run until there is an answer, or an error."""
        world, clock = self.world, self.world.clock
        send_unsent(world)
        is_long = clock.is_limited and process.timer is not None and clock.may_take(process.timer.due)
        self._answer = NOTHING
        try:
            self._run_until_answered()
        except BaseException as exc:
            note_interrupt(world, exc)
            raise
        finally:
            if is_long:
                clock.count_anew()
            if process.alive:
                stop_waiting(process)
                if not process.parked and process in world.ready:
                    world.ready.remove(process)
                process.parked = False
        return self._answer

    def _run_until_answered(self) -> None:
        world = self.world
        world.moving = True
        try:
            while self._answer is NOTHING and self._error is None:
                if world.inbox:
                    take_inbox(world)
                if not world.ready and world.clock.peek() == _INFINITY:
                    raise Deadlock(deadlock_text(world))
                world.clock.step()
        finally:
            world.moving = False

    # ---- what the scheduler takes for a coroutine -------------------------------

    def send(self, answer: Any) -> Any:
        """What the shell waits for is there."""
        self._answer = answer
        self.scheduler.stop()
        return OUTSIDE

    def throw(self, error: BaseException) -> Any:
        """What the shell waits for has failed."""
        self._error = error
        self.scheduler.stop()
        return OUTSIDE

    def go_on_after(self, dead: Process) -> None:
        """The shell's process has died: another takes its place, and the shell's code will hear of it."""
        world = self.world
        world.shell = fresh = self._new_process()
        fresh.group_leader = dead.group_leader
        if world.current is dead:
            world.current = fresh
        world.note("shell", fresh.pid)
        self._error = Exit(dead.value)
        self.scheduler.stop()
