"""Signals: what processes do to each other, as data, and the notes that both sides keep of links and monitors.

Messages travel as they are; everything else is a `Signal`. How one gets into its receiver's queue is in `sending`,
and so is what becomes of one that finds the receiver dead; what it does to a living one is in `arrivals`. A request
that changes nothing but the receiver's notes (monitor, link) may be applied at once when no signal is in transit
before it: no one can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from erlsim._kernel.links import Links
from erlsim._kernel.world import Alias, Monitor, Process
from erlsim.terms import Ref


class Signal:
    """Anything but a plain message in a signal queue."""

    __slots__ = ("held", "sender", "serial")

    sender: Process | None
    # Whether a chooser has made it late already. Each kind sets it where it begins: a call would cost more than that.
    held: bool
    # Its number in the log of a world with steps, where it is set.
    serial: int | None

    def __repr__(self) -> str:
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(self).__name__).lower()
        reason = f" {self.reason!r}" if hasattr(self, "reason") else ""
        sender = f" from {self.sender!r}" if self.sender is not None else ""
        return f"<{kind}{reason}{sender}>"


class Message(Signal):
    """A plain message that must be told apart by sender (traced or scheduled worlds)."""

    __slots__ = ("term",)

    def __init__(self, sender: Process | None, term: Any) -> None:
        self.sender = sender
        self.held = False
        self.term = term

    def __repr__(self) -> str:
        return repr(self.term)


class Due(Message):
    """A message that a timer has sent, where messages are told apart: the trace knows already that it is there."""

    __slots__ = ()


# Plain messages, as they are where they are told apart.
PLAIN = frozenset({Message, Due})


class AliasMessage(Signal):
    """A message sent to an alias; whether the alias is active is decided on arrival."""

    __slots__ = ("ref", "term")

    def __init__(self, sender: Process | None, ref: Ref, term: Any) -> None:
        self.sender = sender
        self.held = False
        self.ref = ref
        self.term = term

    def __repr__(self) -> str:
        return repr(self.term)


class ExitSignal(Signal):
    """An exit signal, from `exit/2` or over a link."""

    __slots__ = ("linked", "reason")

    def __init__(self, sender: Process, reason: Any, linked: bool) -> None:
        self.sender: Process = sender
        self.held = False
        self.reason = reason
        self.linked = linked


class NoLink(Signal):
    """The answer to a link request that came too late: an exit signal `noproc` or `noconnection`, trapped or deadly."""

    __slots__ = ("reason",)

    def __init__(self, sender: Process, reason: str) -> None:
        self.sender: Process = sender
        self.held = False
        self.reason = reason


class LinkSignal(Signal):
    """Somebody links himself to me."""

    __slots__ = ()

    def __init__(self, sender: Process) -> None:
        self.sender: Process = sender
        self.held = False


class UnlinkSignal(Signal):
    """Somebody takes his link to me away."""

    __slots__ = ()

    def __init__(self, sender: Process) -> None:
        self.sender: Process = sender
        self.held = False


class UnlinkedSignal(Signal):
    """Whom I have unlinked has heard of it. Nothing comes of this but a turn for me."""

    __slots__ = ()

    def __init__(self, sender: Process) -> None:
        self.sender: Process = sender
        self.held = False


class MonitorSignal(Signal):
    """Somebody starts to watch me."""

    __slots__ = ("monitor",)

    def __init__(self, monitor: Monitor) -> None:
        self.sender = monitor.owner
        self.held = False
        self.monitor = monitor


class DownSignal(Signal):
    """What I watched is gone."""

    __slots__ = ("monitor", "reason")

    def __init__(self, sender: Process | None, monitor: Monitor, reason: Any) -> None:
        self.sender = sender
        self.held = False
        self.monitor = monitor
        self.reason = reason


class CrashSignal(Signal):
    """I end with `reason`, trapping or not. `exit(self(), R)` sends it, and so do tests, as if my code had failed."""

    __slots__ = ("reason",)

    def __init__(self, reason: Any) -> None:
        self.sender = None
        self.held = False
        self.reason = reason


class Answer:
    """What a process waits for that has asked another one something: an event like simpy's."""

    def __init__(self) -> None:
        self.callbacks: list[Callable[[Any], None]] | None = []
        self.ok = True
        self.value: Any = None

    def give(self, value: Any) -> None:
        """The question is answered."""
        self.value = value
        waiting, self.callbacks = self.callbacks or [], None
        for callback in waiting:
            callback(self)

    def __repr__(self) -> str:
        return "an answer"


class Question(Signal):
    """Somebody wants to know of me what `ask(me)` gives, and waits for it; of a dead one he hears `"undefined"`."""

    __slots__ = ("answer", "ask")

    def __init__(self, sender: Process, ask: Callable[[Process], Any]) -> None:
        self.sender = sender
        self.held = False
        self.ask = ask
        self.answer = Answer()


# ---- what both sides note ---------------------------------------------------------


def add_link(process: Process, peer: Process) -> None:
    """Note `peer` among the links of `process`."""
    if process.links is None:
        process.links = Links()
        process.links[peer.pid.number] = peer
    else:
        process.links.add(peer.pid.number, peer)


def remove_link(process: Process, peer: Process) -> bool:
    """Strike `peer` from the links of `process`: whether it was among them."""
    links = process.links
    return links is not None and links.drop(peer.pid.number)


def add_watcher(target: Process, monitor: Monitor) -> None:
    """Note `monitor` at the process it watches."""
    monitor.target = target
    if target.monitored_by is None:
        target.monitored_by = {}
    target.monitored_by[monitor.ref.number] = monitor


def drop_monitor(monitor: Monitor) -> None:
    """End `monitor` on both sides; a DOWN that is still in transit will find it inactive."""
    monitor.active = False
    number = monitor.ref.number
    watched = monitor.owner.monitors
    if watched and watched.pop(number, None) is not None and watched:
        watched.went(number, monitor.owner.world.last_ref)
    target = monitor.target
    if target is not None and target.monitored_by and target.monitored_by.pop(number, None) is not None:
        if target.stand is not None:
            target.stand.former.append(monitor)


def drop_alias(record: Alias | Monitor) -> None:
    """End the alias that `record` stands for."""
    record.alias = None
    record.ref.home = None


def end_alias_after_reply(record: Alias | Monitor) -> None:
    """A message has come through an active alias: one that was good for one reply ends, and its monitor with it."""
    if record.alias == "reply":
        drop_alias(record)
    elif record.alias == "reply_demonitor":
        drop_alias(record)
        if isinstance(record, Monitor):
            drop_monitor(record)
