"""What tests do to a world that its programs do not: signals that are late or lost, sudden deaths.

A world without faults has no `Lags` and pays nothing for them. Signals of one sender to one receiver keep
their order whatever happens to them: one that is late makes all later ones of its pair late. What is decided
when belongs to the layers above; this file only obeys.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from erlsim._kernel.clock import Timer
from erlsim._kernel.process import Process
from erlsim._kernel.signals import AliasMessage, DownSignal, ExitSignal, LinkSignal, Message, MonitorSignal, Signal
from erlsim.terms import Pid

# What becomes of a signal: so many ms late, "hold" until released, or "ignore".
Verdict = int | str
Rule = Callable[[Pid, Pid, str, Any], Verdict]

_KINDS: dict[type[Signal], tuple[str, str]] = {
    Message: ("message", "term"),
    AliasMessage: ("message", "term"),
    ExitSignal: ("exit", "reason"),
    DownSignal: ("down", "reason"),
    LinkSignal: ("link", ""),
    MonitorSignal: ("monitor", ""),
}


class CrashSignal(Signal):
    """The receiver ends with `reason`, whether it traps exits or not, as if its own code had failed."""

    __slots__ = ("reason",)

    def __init__(self, reason: Any) -> None:
        self.sender = None
        self.reason = reason

    def arrive(self, process: Process) -> None:
        process.world.terminate(process, self.reason)


class Lags:
    """The signals that are late. `rule(sender, receiver, kind, term)` is asked of each signal as it is sent.

    `kind` is `"message"`, `"exit"`, `"down"`, `"link"`, `"monitor"` or `"other"`.
    """

    def __init__(self, world: Any, rule: Rule) -> None:
        self.world = world
        self.rule = rule
        # By pair; `None` in place of the instant when a signal is due holds the road.
        self._roads: dict[tuple[int, int], deque[tuple[int | None, Process, Signal]]] = {}

    def takes(self, process: Process, signal: Signal) -> bool:
        """Whether `signal` to `process` does not go its usual way."""
        sender = signal.sender
        if sender is None or sender is process:
            return False
        kind, field = _KINDS.get(type(signal), ("other", ""))
        verdict = self.rule(sender.pid, process.pid, kind, getattr(signal, field) if field else None)
        if verdict == "ignore":
            if kind == "message":
                self.world.note("drop", process.pid, getattr(signal, field))
            return True
        pair = (sender.pid.number, process.pid.number)
        road = self._roads.get(pair)
        if not verdict and not road:
            return False
        if road is None:
            road = self._roads[pair] = deque()
        road.append((self._due(verdict, road), process, signal))
        self._travel(pair)
        return True

    def release(self, pair: tuple[Pid, Pid] | None = None) -> None:
        """Let go what is held: everything, or what one pid has sent another."""
        wanted = None if pair is None else (pair[0].number, pair[1].number)
        now = int(self.world.clock.now)
        for key, road in self._roads.items():
            if wanted is None or key == wanted:
                self._roads[key] = deque((now if due is None else due, to, signal) for due, to, signal in road)
                self._travel(key)

    def _due(self, verdict: Verdict, road: deque[tuple[int | None, Process, Signal]]) -> int | None:
        """When a signal lands: never before the one that was sent before it."""
        last = road[-1][0] if road else 0
        if type(verdict) is not int or last is None:
            return None
        return max(int(self.world.clock.now) + verdict, last)

    def _travel(self, pair: tuple[int, int]) -> None:
        """Arm a timer for the first signal on the road, unless it is held."""
        road = self._roads[pair]
        if road and road[0][0] is not None:
            self.world.clock.arm(Timer(road[0][0], lambda _timer: self._land(pair), road[0][1]))

    def _land(self, pair: tuple[int, int]) -> None:
        road = self._roads[pair]
        now = self.world.clock.now
        while road:
            due, process, signal = road[0]
            if due is None or due > now:
                break
            road.popleft()
            self.world.land(process, signal)
        self._travel(pair)
