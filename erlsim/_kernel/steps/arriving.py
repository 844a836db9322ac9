"""What a signal in a process's queue will do when it is handled, without handling it.

Who asks which processes can go on must know whether one that waits will find its message, and whether one will die.
"""

from __future__ import annotations

from typing import Any, Final

from erlsim._kernel.mailbox import NOTHING
from erlsim._kernel.signals import AliasMessage, CrashSignal, DownSignal, ExitSignal, Message, NoLink, Question
from erlsim._kernel.world import Process
from erlsim.terms import Ref


class _Death:
    __slots__ = ()


DEATH: Final = _Death()
"""What a signal brings that ends its receiver."""


def brings(process: Process, signal: Any) -> Any:
    """The message that `signal` will put into the mailbox of `process`, `DEATH`, or `NOTHING`."""
    kind = type(signal)
    if isinstance(signal, Message):
        return signal.term
    if kind is AliasMessage:
        return NOTHING if signal.ref.home is None or _has_ended(process, signal, signal.ref) else signal.term
    if kind is DownSignal:
        monitor = signal.monitor
        if not monitor.active or _has_ended(process, signal, monitor.ref):
            return NOTHING
        return (monitor.tag, monitor.ref, "process", monitor.item, signal.reason)
    if kind is ExitSignal:
        return _exit(process, signal)
    if kind is NoLink:
        if not process.links or signal.sender.pid.number not in process.links:
            return NOTHING
        return ("EXIT", signal.sender.pid, signal.reason) if process.trap_exit else DEATH
    if kind is CrashSignal:
        return DEATH
    return NOTHING


def _exit(process: Process, signal: ExitSignal) -> Any:
    reason = signal.reason
    if signal.linked:
        if not process.links or signal.sender.pid.number not in process.links:
            return NOTHING
    elif type(reason) is str and reason == "kill":
        return DEATH
    if process.trap_exit:
        return ("EXIT", signal.sender.pid, reason)
    return NOTHING if type(reason) is str and reason == "normal" else DEATH


def _has_ended(process: Process, signal: Any, ref: Ref) -> bool:
    """Whether what lies in the queue before `signal` ends the alias that `ref` is, and the monitor."""
    for earlier in process.inq:
        if earlier is signal:
            return False
        if type(earlier) is AliasMessage and earlier.ref.number == ref.number:
            if getattr(ref.home, "alias", None) in ("reply", "reply_demonitor"):
                return True
        elif type(earlier) is DownSignal and earlier.monitor.ref.number == ref.number:
            if earlier.monitor.alias in ("demonitor", "reply_demonitor"):
                return True
    return False


def is_deadly(process: Process) -> bool:
    """Whether a signal in its queue will end `process`."""
    return any(brings(process, signal) is DEATH for signal in process.inq)


def is_asked(process: Process) -> bool:
    """Whether somebody's question waits for its answer in the queue of `process`."""
    return any(type(signal) is Question for signal in process.inq)
