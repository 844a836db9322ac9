"""The world's state, and the few things that everything else does with it.

Invariants:
- A process is in `ready` at most once, and exactly when it is alive, not parked and not running.
- A parked process has seen every message in its `mailbox`; only `inq` can hold something new.
- `slow` is false only in an untraced world under first-in first-out: senders then need to do nothing but
  append and mark the receiver ready. The clock looks at the run queue by itself before time moves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from erlsim._kernel.choice import Chooser
from erlsim._kernel.clock import Clock
from erlsim._kernel.faults import Lags
from erlsim._kernel.mailbox import LONG, NOTHING, Mailbox
from erlsim._kernel.process import Monitor, Process
from erlsim._kernel.registry import Registry
from erlsim._kernel.signals import DownSignal, Message, Signal
from erlsim.terms import Pid, Ref

FIRST_PID = 83


class World:
    """One simulated node, without its laws."""

    shell: Process
    current: Process

    def __init__(
        self,
        chooser: Chooser | None = None,
        trace: Callable[[tuple[Any, ...]], None] | None = None,
        max_steps_per_instant: int = 1_000_000,
        on_crash: Callable[[Process, str, Any, Any], None] | None = None,
    ) -> None:
        self.chooser = chooser
        self.tracer = trace
        self.max_steps = max_steps_per_instant
        self.on_crash = on_crash
        self.epoch = 0
        self.table: dict[int, Process] = {}
        self.registry = Registry()
        self.ready: deque[Process] = deque()
        self.clock = Clock(self.ready, self.drain)
        self.stepping = False
        self.closing = False
        self.slow = trace is not None or chooser is not None
        self._next_pid = FIRST_PID
        self._next_ref = 0
        self._instant: Any = 0
        self._steps = 0
        self._stop = False
        self._answer_to_shell: Any = NOTHING
        self._shell_error: BaseException | None = None
        self.extensions: dict[str, Any] = {}
        self.lags: Lags | None = None
        # The monitor that the running process has asked for last, if nobody is there to be watched.
        self.unsent: Monitor | None = None
        self.clock.chooser = chooser

    def note(self, kind: str, pid: Pid, *data: Any) -> None:
        """Put an event into the trace, if there is one."""
        if self.tracer is not None:
            self.tracer((self.clock._now, kind, pid, *data))

    def new_ref(self, home: Any = None) -> Ref:
        """A reference that no other one equals."""
        self._next_ref += 1
        ref = Ref(self._next_ref, home)
        box = self.current.mailbox
        if box and len(box) >= LONG:
            box.set_mark(ref)
        return ref

    def processes(self) -> list[Process]:
        """The living, oldest first."""
        return list(self.table.values())

    def extension(self, name: str, factory: Callable[[], Any]) -> Any:
        """What a layer above keeps for each world (ETS keeps its tables so)."""
        if name not in self.extensions:
            self.extensions[name] = factory()
        return self.extensions[name]

    def drain(self) -> None:
        """The run queue's turn within an instant has come."""
        raise NotImplementedError

    def watch(self, tracer: Callable[[tuple[Any, ...]], None] | None) -> None:
        """Let `tracer` see every event from now on."""
        self.tracer = tracer
        self.slow = tracer is not None or self.chooser is not None

    def wake(self, process: Process) -> None:
        """`process` may have something to do: put it in the run queue."""
        if process.parked:
            process.parked = False
            self.ready.append(process)

    def nudge(self, process: Process) -> None:
        """As `wake`, for signals: they reach a process that is suspended too, though it runs no code."""
        if process.suspended and process.alive and process not in self.ready:
            process.parked = True
        self.wake(process)

    def post(self, process: Process, signal: Signal) -> None:
        """Put `signal` in the signal queue of `process`, now or, where a test wants it so, later."""
        if self.lags is None or not self.lags.takes(process, signal):
            self.land(process, signal)

    def land(self, process: Process, signal: Signal) -> None:
        """`signal` has reached the signal queue of `process`."""
        if not process.alive:
            signal.bounce(process)
            return
        process.inq.append(signal)
        process.nsig += 1
        if process.parked:
            process.parked = False
            self.ready.append(process)
        elif process.suspended:
            self.nudge(process)

    def store_soon(self, process: Process, message: Any) -> None:
        """Let `message` arrive when `process` next looks."""
        self.post(process, Message(None, message))

    def down_soon(self, monitor: Monitor) -> None:
        """What `monitor` was to watch does not exist: let its owner hear so when it next looks."""
        self.post(monitor.owner, DownSignal(None, monitor, "noproc"))

    def send_unsent(self, to: Pid | None = None) -> None:
        """The running process waits, or signals `to` (somebody, if `None`): its last monitor goes out before that.

        A scheduler of the BEAM keeps the last monitor signal of the process that it runs, to send it together with
        the message that mostly follows. So who monitors a dead pid hears of it only when he has let others run.
        """
        monitor = self.unsent
        if monitor is not None and (to is None or to == monitor.item):
            self.unsent = None
            self.down_soon(monitor)

    def store(self, process: Process, message: Any) -> None:
        """A message has arrived: put it in the mailbox."""
        if process.mailbox is None:
            process.mailbox = Mailbox()
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

    def arrivals(self, process: Process) -> None:
        """Handle what has reached `process` by now: everything, unless a chooser holds one sender's signals back.

        What is held lands when the run queue has run dry, in order, and is not held again.
        """
        held: list[Any] = []
        if self.chooser is not None:
            held = self._held_back(self.chooser, process)
        self.fetch(process)
        if held and process.alive:
            process.inq = held + process.inq
            process.nsig += len(held)
            self.clock.soon(lambda _event: self.nudge(process))
        elif held:
            for late in held:
                late.bounce(process)

    def _held_back(self, chooser: Chooser, process: Process) -> list[Any]:
        """Take the signals of the sender that the chooser makes late out of the signal queue."""
        senders: list[Any] = []
        for signal in process.inq:
            if not isinstance(signal, Signal) or signal.sender is None or signal.sender is process:
                continue
            if not signal.held and signal.sender not in senders:
                senders.append(signal.sender)
        if not senders:
            return []
        index = chooser.choose("signal", ["all", *[sender.pid for sender in senders]])
        if index == 0:
            return []
        late = senders[index - 1]
        held = [s for s in process.inq if isinstance(s, Signal) and s.sender is late]
        process.inq = [s for s in process.inq if not isinstance(s, Signal) or s.sender is not late]
        for signal in held:
            signal.held = True
        return held

    def stop_waiting(self, process: Process) -> None:
        """`process` waits for nothing any more: its timer is cancelled."""
        process.patterns = None
        process.waiting = None
        if process.timer is not None:
            self.clock.disarm(process.timer)
            process.timer = None
