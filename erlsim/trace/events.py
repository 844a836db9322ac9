"""What is recorded of a run: one event for each thing that a process did or that was done to it.

Events are plain data in the order in which they happened. The same program under the same schedule
gives the same events, byte for byte, however often and wherever it runs. What an event's `data`
holds depends on its kind::

    spawn        child, (module, function, arity)          exit     reason, who sent the deadly signal or None
    send         to, message                               receive  message
    exit_signal  to, reason                                link, unlink   to
    monitor      item, ref                                 demonitor      item, ref
    register     name                                      unregister     name
    start_timer  to, ref, due                              cancel_timer   ref
    timer        ref, message (sent by a timer to the pid of the event)
    arrive       message, sender or None, place in the mailbox: what a signal (EXIT, DOWN) brings, and any message
                 whose place was open until now
    drop         message that goes from the mailbox, or never comes into it, without being received
    label        a function's name, or (module, function, arity): what the process runs
    supervise    kind, detail, nameless, ordered, as in `supervision.publish`
    child        id, state: a pid, a word as in `supervision.Child`, or deleted
    shell        (nothing): this process is the shell now
    system       name: this process belongs to the simulation, not to the program

and, in a simulation with `trace="operations"` or `preempt=True`, before what is done is done::

    ets          operation, table, key (or None, or a list of keys)
    whereis      name                                      flag     trap_exit, value
    ask          to, item ("is_process_alive", an item of process_info)
    unalias      ref

The record itself is in `record`.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.hints import nearest
from erlsim.terms import Pid, Term

Present = tuple[Pid, str, str | None]
"""A process that was there before the first event: pid, role, name."""

SHELL = "shell"
SYSTEM = "system"


class Event(NamedTuple):
    """`kind` happened at `time` (ms) to or by `pid`; `data` as the module's text says."""

    time: Any
    kind: str
    pid: Pid
    data: tuple[Term, ...]

    def __str__(self) -> str:
        shown = " ".join("" if item is None else terms.format("~0tp", [item]) for item in self.data)
        return f"{self.time:>8} {self.pid!r:<10} {self.kind} {shown}".rstrip()


FIELDS: Final = {
    "spawn": ("child", "call"),
    "exit": ("reason", "by"),
    "send": ("to", "message"),
    "receive": ("message",),
    "exit_signal": ("to", "reason"),
    "link": ("to",),
    "unlink": ("to",),
    "monitor": ("item", "ref"),
    "demonitor": ("item", "ref"),
    "register": ("name",),
    "unregister": ("name",),
    "start_timer": ("to", "ref", "due"),
    "cancel_timer": ("ref",),
    "timer": ("ref", "message"),
    "arrive": ("message", "sender", "place"),
    "drop": ("message",),
    "label": ("call",),
    "supervise": ("kind", "detail", "nameless", "ordered"),
    "child": ("id", "state"),
    "shell": (),
    "system": ("name",),
    "ets": ("operation", "table", "key"),
    "whereis": ("name",),
    "ask": ("to", "item"),
    "flag": ("flag", "value"),
    "unalias": ("ref",),
}
"""What the data of each kind of event are called."""

READS = frozenset(("whereis", "ask", "flag", "unalias"))
"""The kinds that are recorded with `trace="operations"` alone."""

WIDTHS = {kind: len(fields) for kind, fields in FIELDS.items()}
"""How many values the data of each kind of event has."""


def check_kind(kind: str) -> None:
    """`ErlsimError` that lists the kinds for one that there is not."""
    if kind not in FIELDS:
        raise ErlsimError(f"no event is of kind {kind!r}; there are {', '.join(FIELDS)}{nearest(kind, FIELDS)}")


HEAD = 3
"""Time, kind and pid, which every event has."""
