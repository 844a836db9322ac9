"""The kernel's door: what the public modules may use of it."""

from erlsim._kernel.arrivals import handle_signals
from erlsim._kernel.choice import Chooser, Fifo
from erlsim._kernel.clock import MessageTimer, Timer
from erlsim._kernel.faults import Delays
from erlsim._kernel.lifecycle import abandon, at_exit, end_in_turn, new_process, spawn, terminate, unwind
from erlsim._kernel.receiving import MAX_TIMEOUT, look_again, message_due, message_due_by_name, park_until
from erlsim._kernel.running import NoSimulation, check, here, note_interrupt, thread
from erlsim._kernel.scheduler import Scheduler
from erlsim._kernel.sending import (
    land,
    post,
    post_message,
    post_noproc,
    put,
    send_unsent,
    take_inbox,
    wake,
    wake_for_note,
)
from erlsim._kernel.shell import Shell
from erlsim._kernel.signals import (
    AliasMessage,
    CrashSignal,
    ExitSignal,
    LinkSignal,
    Message,
    MonitorSignal,
    Question,
    Signal,
    UnlinkSignal,
    add_link,
    add_watcher,
    drop_alias,
    drop_monitor,
    end_alias_after_reply,
    remove_link,
)
from erlsim._kernel.steps import Operation, Step, Steps, Touch, owned_in_parts, see_operations
from erlsim._kernel.traps import TIMEOUT, become, pause, receive, wait_for
from erlsim._kernel.words import Watch, circles, describe, the_dead
from erlsim._kernel.world import Alias, Monitor, Process, World

__all__ = [
    "MAX_TIMEOUT",
    "TIMEOUT",
    "Alias",
    "AliasMessage",
    "Chooser",
    "CrashSignal",
    "Delays",
    "ExitSignal",
    "Fifo",
    "LinkSignal",
    "Message",
    "MessageTimer",
    "Monitor",
    "MonitorSignal",
    "NoSimulation",
    "Operation",
    "Process",
    "Question",
    "Scheduler",
    "Shell",
    "Signal",
    "Step",
    "Steps",
    "Timer",
    "Touch",
    "UnlinkSignal",
    "Watch",
    "World",
    "abandon",
    "add_link",
    "add_watcher",
    "at_exit",
    "become",
    "check",
    "circles",
    "describe",
    "drop_alias",
    "drop_monitor",
    "end_alias_after_reply",
    "end_in_turn",
    "handle_signals",
    "here",
    "land",
    "look_again",
    "message_due",
    "message_due_by_name",
    "new_process",
    "note_interrupt",
    "owned_in_parts",
    "park_until",
    "pause",
    "post",
    "post_message",
    "post_noproc",
    "put",
    "receive",
    "remove_link",
    "see_operations",
    "send_unsent",
    "take_inbox",
    "spawn",
    "terminate",
    "the_dead",
    "thread",
    "unwind",
    "wait_for",
    "wake",
    "wake_for_note",
]
