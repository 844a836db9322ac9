"""The scheduler: a run queue, a process table, and the loop that lets one process run until it parks.

Invariants:
- A process is in `ready` at most once, and exactly when it is alive, not parked and not running.
- Only `drain` resumes coroutines. While it does, `stepping` is true; the shell runs outside of it.
- `slow` is false only while processes run untraced under first-in first-out: senders then need to
  do nothing but append and mark the receiver ready.
- A parked process has seen every message in its `mailbox`; only `inq` can hold something new.

What happens to signals is in `signals`, what to time in `clock`; births, deaths and the shell are in
`lifecycle` and `shell`, of which this class is made.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from erlsim._kernel import mailbox as mailboxes
from erlsim._kernel.choice import Chooser
from erlsim._kernel.clock import Clock, Timer
from erlsim._kernel.lifecycle import Lifecycle
from erlsim._kernel.mailbox import NOTHING, matches_any
from erlsim._kernel.process import Monitor, Process
from erlsim._kernel.running import thread
from erlsim._kernel.shell import Shell
from erlsim._kernel.signals import DownSignal, Message, Signal
from erlsim._kernel.traps import TIMEOUT, YIELD, Become, Timed, WaitFor
from erlsim.errors import Error, Livelock, ProcessKilled

MAX_TIMEOUT = 0xFFFFFFFF
CENSUS = 2000


class Scheduler(Shell, Lifecycle):
    """One simulated node."""

    def __init__(
        self,
        chooser: Chooser | None = None,
        trace: Callable[..., None] | None = None,
        max_steps_per_instant: int = 1_000_000,
        on_crash: Callable[[Process, str, Any, Any], None] | None = None,
    ) -> None:
        self.clock = Clock()
        self.chooser = chooser
        self.tracer = trace
        self.max_steps = max_steps_per_instant
        self.on_crash = on_crash
        self.ready: deque[Process] = deque()
        self.stepping = False
        self.closing = False
        self.slow = True
        self._wake_pending = False
        self._instant: Any = 0
        self._steps = 0
        self._stop = False
        self._extensions: dict[str, Any] = {}
        self.epoch = 0
        if chooser is not None:
            self.clock.tie_breaker = lambda timers: chooser.choose("timer", [t.target for t in timers])
        Lifecycle.__init__(self)
        Shell.__init__(self)

    # ---- waking and posting -------------------------------------------------

    def wake(self, process: Process) -> None:
        """`process` may have something to do: put it in the run queue."""
        if process.parked:
            process.parked = False
            self.ready.append(process)
            if not self.stepping and not self._wake_pending:
                self._wake_pending = True
                self.clock.wake(self._woken)

    def post(self, process: Process, signal: Signal) -> None:
        """Put `signal` in the signal queue of `process`."""
        if not process.alive:
            signal.bounce(process)
            return
        process.inq.append(signal)
        process.nsig += 1
        self.wake(process)

    def store_soon(self, process: Process, message: Any) -> None:
        """Let `message` arrive when `process` next looks."""
        self.post(process, Message(None, message))

    def down_soon(self, monitor: Monitor) -> None:
        """What `monitor` was to watch does not exist: let its owner hear so when it next looks."""
        self.post(monitor.owner, DownSignal(None, monitor, "noproc"))

    def store(self, process: Process, message: Any) -> None:
        """A message has arrived: put it in the mailbox."""
        if process.mailbox is None:
            process.mailbox = deque()
        process.mailbox.append(message)

    def fetch(self, process: Process) -> None:
        """Handle all that is in transit to `process`: messages to the mailbox, signals acted on in order."""
        inq, process.inq, process.nsig = process.inq, [], 0
        for index, item in enumerate(inq):
            if not isinstance(item, Signal):
                self.store(process, item)
                continue
            item.arrive(process)
            if not process.alive:
                for late in inq[index + 1 :]:
                    if isinstance(late, Signal):
                        late.bounce(process)
                return

    # ---- running --------------------------------------------------------------

    def _woken(self, _event: Any) -> None:
        self._wake_pending = False
        if self.ready and not self.stepping:
            self.drain()

    def drain(self) -> None:
        """Run processes until none is runnable, or until the shell is."""
        clock = self.clock
        if clock.now != self._instant:
            self._instant, self._steps = clock.now, 0
        outer, thread.world = thread.world, self
        self.stepping = clock.holding = True
        self.slow = self.tracer is not None or self.chooser is not None
        self._stop = False
        try:
            self._loop(self.max_steps - self._steps)
        finally:
            self.stepping = False
            self.slow = True
            self.current = self.shell
            clock.release()
            thread.world = outer
            if self.ready and not self._wake_pending:
                self._wake_pending = True
                clock.wake(self._woken)

    def _loop(self, budget: int) -> None:
        """The hot loop; every round resumes one process once."""
        ready = self.ready
        process: Process | None = None
        value: Any = None
        left = budget
        for left in range(budget, -1, -1):
            if process is None:
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
                if self.tracer is not None and patterns is not None and value is not TIMEOUT:
                    self.tracer("receive", process.pid, value)
            try:
                assert process.resume is not None
                if process.error is None:
                    request = process.resume(value)
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
            if type(request) is tuple and not process.mailbox and not process.inq:
                process.patterns = request
                process.parked = True
                process = None
                continue
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
            self.fetch(process)
            if not process.alive:
                return NOTHING
        if process.suspended:
            process.parked = True
            return NOTHING
        if process.is_shell:
            self.shell_scheduled_in(process)
            return NOTHING
        if process.resume is None:
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
        return self._new_match(process, process.patterns, seen)

    def _new_match(self, process: Process, patterns: tuple[Any, ...], seen: int) -> Any:
        """A match among what has come since `process` parked; the rest goes to its mailbox."""
        if process.inq:
            if process.mailbox is None:
                process.mailbox = deque()
            process.mailbox.extend(process.inq)
            process.inq = []
        box = process.mailbox
        if box and len(box) > seen:
            for index in range(seen, len(box)):
                message = box[index]
                if matches_any(patterns, message):
                    del box[index]
                    self.stop_waiting(process)
                    return message
        process.parked = True
        return NOTHING

    def stop_waiting(self, process: Process) -> None:
        """`process` waits for nothing any more: its timer is cancelled."""
        process.patterns = None
        process.waiting = None
        if process.timer is not None:
            self.clock.disarm(process.timer)
            process.timer = None

    def look(self, process: Process, patterns: tuple[Any, ...]) -> Any:
        """A running `process` receives: the mailbox first, then what is in transit; or `NOTHING`."""
        box = process.mailbox
        if box:
            message = mailboxes.take(patterns, box)
            if message is not NOTHING:
                return message
        if not process.inq:
            return NOTHING
        seen = len(box) if box else 0
        self.fetch(process)
        if not process.alive:
            return NOTHING
        message = self._new_match(process, patterns, seen)
        process.parked = False
        return message

    def _answer(self, process: Process, request: Any) -> Any:
        """Act on what a running process asks for: the value to go on with, or `NOTHING` when it parks."""
        if type(request) is tuple:
            message = self.look(process, request)
            if message is NOTHING:
                if process.alive:
                    process.patterns = request
                    process.parked = True
            elif self.tracer is not None:
                self.tracer("receive", process.pid, message)
            return message
        if type(request) is Timed:
            return self._answer_timed(process, request)
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

    def _answer_timed(self, process: Process, request: Timed) -> Any:
        message = self.look(process, request.patterns)
        if message is not NOTHING:
            if self.tracer is not None:
                self.tracer("receive", process.pid, message)
            return message
        if not process.alive:
            return NOTHING
        after = request.after
        if type(after) is not int or not 0 <= after <= MAX_TIMEOUT:
            process.error = Error("timeout_value")
            return None
        if after == 0:
            return TIMEOUT
        self.park_until(process, request.patterns, after)
        return NOTHING

    def park_until(self, process: Process, patterns: tuple[Any, ...], after: int) -> None:
        """Park `process` in a receive that gives up in `after` ms."""
        process.patterns = patterns
        process.parked = True
        process.timer = timer = Timer(int(self.clock.now) + after, self._timed_out, process)
        self.clock.arm(timer)

    def _timed_out(self, timer: Timer) -> None:
        process: Process = timer.target
        process.timer = None
        process.patterns = None
        process.value = TIMEOUT
        self.wake(process)

    def wait(self, process: Process, event: Any) -> Any:
        """Park `process` until a simpy event has happened."""

        def happened(event: Any) -> None:
            if process.waiting is not event:
                return
            process.waiting = None
            if event.ok:
                process.value = event.value
            else:
                event.defused = True
                process.error = event.value
            self.wake(process)

        process.waiting = event
        process.parked = True
        if event.callbacks is None:
            happened(event)
        else:
            event.callbacks.append(happened)
        return NOTHING

    def _throw(self, process: Process) -> Any:
        error, process.error = process.error, None
        assert process.resume is not None
        coroutine: Any = process.resume.__self__  # type: ignore[attr-defined]
        return coroutine.throw(error)

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
        lines = [self.describe(p) for p, _ in sorted(seen.items(), key=lambda kv: kv[0].pid.number)[:10]]
        raise Livelock(
            f"time stands still at {self.clock.now} ms: {self.max_steps} steps without a pause "
            "(max_steps_per_instant); these spin:\n  " + "\n  ".join(lines)
        )

    def extension(self, name: str, factory: Callable[[], Any]) -> Any:
        """What a layer above keeps for each world (ETS keeps its tables so)."""
        if name not in self._extensions:
            self._extensions[name] = factory()
        return self._extensions[name]


__all__ = ["ProcessKilled", "Scheduler"]
