"""The kernel's door: what the public modules may use of it."""

from erlsim._kernel.choice import Chooser, Fifo
from erlsim._kernel.clock import MessageTimer, Timer
from erlsim._kernel.faults import CrashSignal, Lags
from erlsim._kernel.process import Alias, Monitor, Process
from erlsim._kernel.running import NoSimulation, here, thread
from erlsim._kernel.scheduler import Scheduler
from erlsim._kernel.signals import (
    AliasMessage,
    ExitSignal,
    LinkSignal,
    Message,
    MonitorSignal,
    NoLink,
    Signal,
    UnlinkSignal,
    add_link,
    add_watcher,
    drop_alias,
    drop_monitor,
    used,
)
from erlsim._kernel.traps import TIMEOUT, become, pause, receive, wait_for
from erlsim._kernel.words import describe

__all__ = [
    "TIMEOUT",
    "Alias",
    "AliasMessage",
    "Chooser",
    "CrashSignal",
    "ExitSignal",
    "Fifo",
    "Lags",
    "LinkSignal",
    "Message",
    "MessageTimer",
    "Monitor",
    "MonitorSignal",
    "NoLink",
    "NoSimulation",
    "Process",
    "Scheduler",
    "Signal",
    "Timer",
    "UnlinkSignal",
    "add_link",
    "add_watcher",
    "describe",
    "drop_alias",
    "drop_monitor",
    "become",
    "here",
    "pause",
    "receive",
    "thread",
    "used",
    "wait_for",
]
