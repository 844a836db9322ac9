"""What is on its way from one process to another, and arrives when it is chosen to.

That one has ended is always on its way to its links and to those who watch it; with signals in transit all is that goes
from one process to another. What one sends to another keeps its order, and what goes to several has none.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from erlsim._kernel.arrivals import ACTIONS
from erlsim._kernel.sending import absent_down, post
from erlsim._kernel.steps.arriving import is_deadly
from erlsim._kernel.steps.endings import EXIT_DOWN, EXIT_LINK, tell_peer, tell_watcher
from erlsim._kernel.steps.records import Operation, Step
from erlsim._kernel.steps.stands import DELIVER, NOTED
from erlsim._kernel.world import Monitor, Process

# Who sends the DOWN of a process that was dead already.
NOBODY: Final = "nobody"
SET_OUT: Final = frozenset((DELIVER, EXIT_LINK, EXIT_DOWN))


class Channels(dict[str, deque[Step]]):
    """By the names of sender and receiver: the steps by which it arrives, the oldest first.

    `unheard`: somebody may still have to hear that whom he watches was dead already.
    """

    __slots__ = ("_steps", "unheard")

    def __init__(self, steps: Any) -> None:
        self._steps = steps
        self.unheard = False

    def first(self) -> list[Step]:
        """What can arrive now."""
        return [channel[0] for channel in self.values()]

    def put_off(self, process: Process, signal: Any) -> bool:
        """`signal` sets out to `process`: whether it is on its way now."""
        sender = signal.sender
        if not self._steps.transit or sender is None or sender is process:
            return False
        self._append(process, sender.stand.name, process, DELIVER, (process, signal))
        return True

    def set_out_noproc(self, monitor: Monitor) -> None:
        """The running process watches who is dead: it hears so when it has let others run, or sooner."""
        self.unheard = True
        owner = monitor.owner
        self._append(owner, NOBODY, owner, DELIVER, (owner, absent_down(monitor)))

    def set_out_end(self, process: Process, receiver: Process, kind: Operation, args: tuple[Any, ...]) -> None:
        """That `process` has ended is on its way to one of its links, or to who watches it."""
        self._append(process, process.stand.name, receiver, kind, args)

    def _append(self, owner: Process, sender: str, receiver: Process, kind: Operation, args: tuple[Any, ...]) -> None:
        steps, name = self._steps, f"{sender}->{receiver.stand.name}"
        step = Step(owner, name, kind, args)
        # It cannot arrive before it has set out.
        step.cause = steps.last_number()
        if name in self:
            self[name].append(step)
        else:
            self[name] = deque((step,))

    def unheard_by(self, process: Process) -> bool:
        """Whether `process` has still to hear that whom it watches was dead already."""
        return f"{NOBODY}->{process.stand.name}" in self

    def is_in_transit(self, sender: Process, receiver: Process) -> bool:
        """Whether something is on its way from one to the other."""
        return bool(self) and f"{sender.stand.name}->{receiver.stand.name}" in self

    def is_behind(self, sender: Process, receiver: Process) -> bool:
        """Whether a link or a monitor comes behind what the receiver has to handle first."""
        return is_deadly(receiver) or self.is_in_transit(sender, receiver)

    def let_arrive(self, sender: Process, receiver: Process) -> None:
        """All that is on its way from one to the other arrives now: a question comes behind it."""
        steps = self._steps
        asking = steps.event
        for step in self.pop(f"{sender.stand.name}->{receiver.stand.name}", ()):
            steps.open(step, step._owner)
            self._land(*step.args)
        steps.event = asking

    def arrive(self, step: Step) -> None:
        """What comes first in its channel arrives."""
        channel = self[step.process]
        channel.popleft()
        if not channel:
            del self[step.process]
            self.unheard = self.unheard and bool(self)
        self._steps.open(step, step._owner)
        kind = step._kind
        if kind is DELIVER:
            self._land(*step.args)
            return
        told, reason = step.args
        signal = (tell_peer if kind is EXIT_LINK else tell_watcher)(step._owner, told, reason)
        receiver = told if kind is EXIT_LINK else told.owner
        if signal is not None and not self._steps.is_diverted(receiver, signal):
            self._land(receiver, signal)

    def _land(self, process: Process, signal: Any) -> None:
        self._steps.note_signal(process, signal)
        if type(signal) in NOTED and process.alive and not is_deadly(process):
            # As where nothing is on its way: whether the receiver has run since is all one.
            ACTIONS[type(signal)](process, signal)
        else:
            post(process, signal, lands=True)
