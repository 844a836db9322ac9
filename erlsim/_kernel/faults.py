"""What tests do to a world that its programs do not: signals that are late or lost.

A world without faults has no `Delays` and pays nothing for them. Signals of one sender to one receiver keep
their order whatever happens to them: one that is late makes all later ones of its pair late. What is decided
when belongs to the layers above; this file only obeys.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from erlsim._kernel.clock import Timer
from erlsim._kernel.sending import post
from erlsim._kernel.signals import AliasMessage, DownSignal, ExitSignal, LinkSignal, Message, MonitorSignal, Signal
from erlsim._kernel.world import Process, World
from erlsim.terms import Pid

# What becomes of a signal: so many ms late, "hold" until released, or "ignore".
Verdict = int | str
Rule = Callable[[Pid, Pid, str, Any], Verdict]
# When a late signal is due (`None`: when it is released), to whom, and which.
Late = tuple[int | None, Process, Signal]

_KINDS: dict[type[Signal], tuple[str, str]] = {
    Message: ("message", "term"),
    AliasMessage: ("message", "term"),
    ExitSignal: ("exit", "reason"),
    DownSignal: ("down", "reason"),
    LinkSignal: ("link", ""),
    MonitorSignal: ("monitor", ""),
}


class Delays:
    """The signals that are late. `rule(sender, receiver, kind, term)` is asked of each signal as it is sent.

    `kind` is `"message"`, `"exit"`, `"down"`, `"link"`, `"monitor"` or `"other"`.
    """

    def __init__(self, world: World, rule: Rule) -> None:
        self.world = world
        self.rule = rule
        # By sender and receiver, in order. One that is held holds all behind it.
        self._late: dict[tuple[int, int], deque[Late]] = {}
        if world.steps is None:
            world.diversion = self.divert
            world.note_watchers()
        else:
            world.steps.diversion = self.divert

    def divert(self, process: Process, signal: Signal) -> bool:
        """Ask the rule: whether `signal` to `process` is lost or late, and so does not go its usual way."""
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
        late = self._late.get(pair)
        if not verdict and not late:
            return False
        if late is None:
            late = self._late[pair] = deque()
        late.append((self._due(verdict, late), process, signal))
        self._arm(pair)
        return True

    def release(self, pair: tuple[Pid, Pid] | None = None) -> None:
        """Let go what is held: everything, or what one pid has sent another."""
        wanted = None if pair is None else (pair[0].number, pair[1].number)
        now = int(self.world.clock.now)
        for key, late in self._late.items():
            if wanted is None or key == wanted:
                self._late[key] = deque((now if due is None else due, to, signal) for due, to, signal in late)
                self._arm(key)

    def __repr__(self) -> str:
        late = sum(map(len, self._late.values()))
        return f"<Delays: {late} signals are late>"

    def _due(self, verdict: Verdict, late: deque[Late]) -> int | None:
        """When a signal lands: never before the one that was sent before it."""
        last = late[-1][0] if late else 0
        if type(verdict) is not int or last is None:
            return None
        return max(int(self.world.clock.now) + verdict, last)

    def _arm(self, pair: tuple[int, int]) -> None:
        """Arm a timer for the first late signal of a pair, unless it is held."""
        late = self._late[pair]
        if late and late[0][0] is not None:
            self.world.clock.arm(Timer(late[0][0], lambda _timer: self._land(pair), late[0][1]))

    def _land(self, pair: tuple[int, int]) -> None:
        late = self._late[pair]
        now = self.world.clock.now
        while late:
            due, process, signal = late[0]
            if due is None or due > now:
                break
            late.popleft()
            post(process, signal, lands=True)
        self._arm(pair)
