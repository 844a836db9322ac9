"""Signals: what processes do to each other, queued in the receiver and handled in order.

Messages travel as they are; everything else is a `Signal`. A signal has two fates: `arrive` at a
living process, or `bounce` off a dead one. A request that changes nothing but the receiver's books
(monitor, link) may be applied at once when no signal is in transit before it: no one can tell.
"""

from __future__ import annotations

from typing import Any

from erlsim._kernel.process import Monitor, Process
from erlsim.terms import Ref


class Signal:
    """Anything but a plain message in a signal queue."""

    __slots__ = ("_held", "sender")

    sender: Process | None

    @property
    def held(self) -> bool:
        """Whether a chooser has made this signal late already."""
        return getattr(self, "_held", False)

    @held.setter
    def held(self, value: bool) -> None:
        self._held = value

    def arrive(self, process: Process) -> None:
        """Act on a living process."""
        raise NotImplementedError

    def bounce(self, process: Process) -> None:
        """Act as if sent to a process that is dead already."""

    def __repr__(self) -> str:
        reason = f" {self.reason!r}" if hasattr(self, "reason") else ""
        return f"<{type(self).__name__}{reason} from {self.sender!r}>"


class Message(Signal):
    """A plain message that must be told apart by sender (traced or scheduled worlds)."""

    __slots__ = ("term",)

    def __init__(self, sender: Process | None, term: Any) -> None:
        self.sender = sender
        self.term = term

    def arrive(self, process: Process) -> None:
        _deliver(process, self.term, self.sender)

    def __repr__(self) -> str:
        return repr(self.term)


class AliasMessage(Signal):
    """A message sent to an alias; whether the alias is active is decided here, on arrival."""

    __slots__ = ("ref", "term")

    def __init__(self, sender: Process | None, ref: Ref, term: Any) -> None:
        self.sender = sender
        self.ref = ref
        self.term = term

    def arrive(self, process: Process) -> None:
        record = self.ref.home
        if record is None:
            process.world.note("drop", process.pid, self.term)
            return
        used(record)
        _deliver(process, self.term, self.sender)

    def __repr__(self) -> str:
        return repr(self.term)


class ExitSignal(Signal):
    """An exit signal, from `exit/2` or over a link."""

    __slots__ = ("linked", "reason")

    def __init__(self, sender: Process, reason: Any, linked: bool) -> None:
        self.sender: Process = sender
        self.reason = reason
        self.linked = linked

    def arrive(self, process: Process) -> None:
        reason = self.reason
        world = process.world
        if self.linked:
            if not process.links or process.links.pop(self.sender.pid.number, None) is None:
                return
        elif reason == "kill" and type(reason) is str:
            world.terminate(process, "killed", by=self.sender)
            return
        if process.trap_exit:
            _deliver(process, ("EXIT", self.sender.pid, reason), self.sender)
        elif type(reason) is not str or reason != "normal":
            world.terminate(process, reason, by=self.sender)


class NoLink(Signal):
    """The answer to a link request that came too late: an exit signal `noproc`, trapped or deadly."""

    __slots__ = ("peer",)

    def __init__(self, peer: Process) -> None:
        self.sender = peer
        self.peer = peer

    def arrive(self, process: Process) -> None:
        if not process.links or process.links.pop(self.peer.pid.number, None) is None:
            return
        if process.trap_exit:
            _deliver(process, ("EXIT", self.peer.pid, "noproc"), self.peer)
        else:
            process.world.terminate(process, "noproc", by=self.peer)


class LinkSignal(Signal):
    """Somebody links himself to me."""

    __slots__ = ()

    def __init__(self, sender: Process) -> None:
        self.sender: Process = sender

    def arrive(self, process: Process) -> None:
        add_link(process, self.sender)

    def bounce(self, process: Process) -> None:
        if self.sender.alive:
            process.world.post(self.sender, NoLink(process))


class UnlinkSignal(Signal):
    """Somebody takes his link to me away."""

    __slots__ = ()

    def __init__(self, sender: Process) -> None:
        self.sender: Process = sender

    def arrive(self, process: Process) -> None:
        if process.links:
            process.links.pop(self.sender.pid.number, None)


class MonitorSignal(Signal):
    """Somebody starts to watch me."""

    __slots__ = ("monitor",)

    def __init__(self, monitor: Monitor) -> None:
        self.sender = monitor.owner
        self.monitor = monitor

    def arrive(self, process: Process) -> None:
        if self.monitor.active:
            add_watcher(process, self.monitor)

    def bounce(self, process: Process) -> None:
        if self.monitor.active:
            process.world.post(self.monitor.owner, DownSignal(process, self.monitor, "noproc"))


class DownSignal(Signal):
    """What I watched is gone."""

    __slots__ = ("monitor", "reason")

    def __init__(self, sender: Process | None, monitor: Monitor, reason: Any) -> None:
        self.sender = sender
        self.monitor = monitor
        self.reason = reason

    def arrive(self, process: Process) -> None:
        monitor = self.monitor
        if not monitor.active:
            return
        drop_monitor(monitor)
        if monitor.alias is not None and monitor.alias != "explicit_unalias":
            drop_alias(monitor)
        _deliver(process, (monitor.tag, monitor.ref, "process", monitor.item, self.reason), self.sender)


def _deliver(process: Process, message: Any, sender: Process | None) -> None:
    """What a signal brings is in the mailbox now; the trace has not seen most of it being sent."""
    world = process.world
    if world.tracer is not None:
        place = len(process.mailbox) if process.mailbox else 0
        world.note("arrive", process.pid, message, None if sender is None else sender.pid, place)
    world.store(process, message)


def used(record: Any) -> None:
    """A message has come through an active alias, which may end it and its monitor."""
    mode = record.alias
    if mode == "reply":
        drop_alias(record)
    elif mode == "reply_demonitor":
        drop_alias(record)
        drop_monitor(record)


def add_link(process: Process, peer: Process) -> None:
    """Note `peer` among the links of `process`."""
    if process.links is None:
        process.links = {}
    process.links[peer.pid.number] = peer


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
    if monitor.owner.monitors:
        monitor.owner.monitors.pop(number, None)
    if monitor.target is not None and monitor.target.monitored_by:
        monitor.target.monitored_by.pop(number, None)


def drop_alias(record: Any) -> None:
    """End the alias that `record` (a monitor or a plain alias) stands for."""
    record.alias = None
    record.ref.home = None
