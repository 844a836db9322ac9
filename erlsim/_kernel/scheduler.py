"""The scheduler: the loop that lets one process run until it parks.

Only `drain` resumes coroutines. While it does, `stepping` is true; the shell runs outside of it.
The world's state is in `world`, what happens to signals in `signals`, to time in `clock`; births and
deaths are in `lifecycle`, waiting in `receiving`, and code outside every process in `shell`.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from erlsim._kernel.choice import Chooser
from erlsim._kernel.mailbox import NOTHING, matches_any
from erlsim._kernel.process import Process
from erlsim._kernel.receiving import MAX_TIMEOUT, is_timeout
from erlsim._kernel.running import thread
from erlsim._kernel.shell import Shell
from erlsim._kernel.traps import TIMEOUT, YIELD, Become, WaitFor
from erlsim._kernel.words import describe
from erlsim.errors import ErlsimError, Error, Livelock


class Scheduler(Shell):
    """One simulated node."""

    def drain(self) -> None:
        """Run processes until none is runnable, or until the shell is."""
        if self.stepping:
            raise ErlsimError("a process cannot drive the simulation that it is in: await what it should wait for")
        clock = self.clock
        if clock._now != self._instant:
            self._instant, self._steps = clock._now, 0
        outer, thread.world = thread.world, self
        self.stepping = True
        self.slow = self.tracer is not None or self.chooser is not None
        self._stop = False
        try:
            self._loop(self.max_steps - self._steps)
        finally:
            self.stepping = False
            self.current = self.shell
            thread.world = outer

    def _loop(self, budget: int) -> None:
        """The hot loop; every round resumes one process once."""
        ready, tracer, now = self.ready, self.tracer, self.clock._now
        process: Process | None = None
        value: Any = None
        left = budget
        for left in range(budget, -1, -1):  # noqa: B007 (counted after the loop)
            if process is None:
                if self.unsent is not None:
                    self.send_unsent()
                if not ready or self._stop:
                    break
                if self.chooser is not None:
                    self._choose(self.chooser)
                process = ready.popleft()
                patterns = process.patterns
                # The common case, inline: untouched by signals, in a receive, and something has come.
                if patterns is not None and not process.nsig and process.inq and not process.is_shell:
                    inq = process.inq
                    value = inq[0]
                    if matches_any(patterns, value):
                        del inq[0]
                        process.patterns = None
                        if process.timer is not None:
                            self.clock.disarm(process.timer)
                            process.timer = None
                    else:
                        value = self._scheduled_in(process)
                else:
                    value = self._scheduled_in(process)
                if value is NOTHING:
                    process = None
                    continue
                self.current = process
                if tracer is not None and patterns is not None:
                    tracer((now, "receive", process.pid, value))
            try:
                if process.error is None:
                    request = process.code.send(value)
                else:
                    request = self._throw(process)
            except StopIteration:
                self.finish(process)
                process = None
                continue
            except BaseException as exc:
                self.crash(process, exc)
                process = None
                continue
            box = process.mailbox
            if box and not request and type(request) is tuple and tracer is None:
                # Any message will do, and there is one: a busy server goes on at once.
                box.gone += 1
                value = box.popleft()
                continue
            if box or process.inq:
                value = self._answer(process, request)
            elif type(request) is tuple:
                process.patterns = request
                process.parked = True
                process = None
                continue
            elif type(request) is list:
                value = self._give_up_some_day(process, request[0], request[1])
            else:
                value = self._answer(process, request)
            if value is NOTHING:
                process = None
        else:
            self._livelock(process)
        self._steps += budget - left

    def _scheduled_in(self, process: Process) -> Any:
        """`process` is taken from the run queue: the value to resume it with, or `NOTHING` if it parks again."""
        seen = len(process.mailbox) if process.mailbox else 0
        if process.nsig:
            self.arrivals(process)
        if not process.alive:
            # Now, or before: somebody asked about it while it was in the run queue, and let a deadly signal arrive.
            return NOTHING
        if process.suspended:
            # Neither parked nor in the run queue: no message wakes it.
            return NOTHING
        if process.is_shell:
            self.shell_scheduled_in(process)
            return NOTHING
        if process.code is None:
            if process.waiting is not None and not process.mailbox and not process.inq:
                process.parked = True
                return NOTHING
            process.waiting = None
            return self.begin(process)
        if process.patterns is None:
            if process.waiting is not None:
                process.parked = True
                return NOTHING
            value, process.value = process.value, None
            return value
        return self.new_match(process, process.patterns, seen)

    def _answer(self, process: Process, request: Any) -> Any:
        """Act on what a running process asks for: the value to go on with, or `NOTHING` when it parks."""
        if type(request) is tuple:
            message = self.look(process, request)
            if message is NOTHING:
                if process.alive:
                    process.patterns = request
                    process.parked = True
            else:
                self.note("receive", process.pid, message)
            return message
        if type(request) is list:
            return self._answer_timed(process, *request)
        if request is YIELD:
            process.value = True
            self.ready.append(process)
            return NOTHING
        if type(request) is WaitFor:
            return self.wait(process, request.event)
        if type(request) is Become:
            return self.leave(process, request.body)
        process.error = TypeError(f"awaited something that is not erlsim's: {request!r}; use erlsim.wait_for(event)")
        return None

    def _answer_timed(self, process: Process, patterns: tuple[Any, ...], after: Any) -> Any:
        message = self.look(process, patterns)
        if message is not NOTHING:
            self.note("receive", process.pid, message)
            return message
        return self._give_up_some_day(process, patterns, after) if process.alive else NOTHING

    def _give_up_some_day(self, process: Process, patterns: tuple[Any, ...], after: Any) -> Any:
        """Nothing has come yet: park, unless the timeout is over already or is none."""
        if type(after) is not int or not 0 < after <= MAX_TIMEOUT:
            if after == 0 and is_timeout(after):
                return TIMEOUT
            process.error = Error("timeout_value")
            return None
        self.park_until(process, patterns, after)
        return NOTHING

    def _throw(self, process: Process) -> Any:
        error, process.error = process.error, None
        return process.code.throw(error)

    # ---- choices ----------------------------------------------------------------

    def _choose(self, chooser: Chooser) -> None:
        """Bring the process that the chooser wants to the head of the run queue."""
        ready = self.ready
        if len(ready) > 1:
            index = chooser.choose("run", [p.pid for p in ready])
            if index:
                process = ready[index]
                del ready[index]
                ready.appendleft(process)

    def _livelock(self, process: Process | None) -> None:
        """Too many steps in one instant: watch a little longer who it is, and say so."""
        seen: Counter[Process] = Counter()
        if process is not None:
            seen[process] += 1
        for other in self.ready:
            seen[other] += 1
        lines = [describe(p) for p, _ in sorted(seen.items(), key=lambda kv: kv[0].pid.number)[:10]]
        raise Livelock(
            f"time stands still at {self.clock.now} ms: {self.max_steps} steps without a pause "
            "(max_steps_per_instant); these spin:\n  " + "\n  ".join(lines)
        )
