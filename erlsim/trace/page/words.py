"""What each kind of event means, for whoever reads a page or a chart for the first time."""

from __future__ import annotations

KINDS = {
    "spawn": "the process starts another one",
    "label": "the process says which function it runs",
    "register": "it gets a name",
    "unregister": "it loses its name",
    "send": "it sends a message, which now lies in the receiver's mailbox or is on its way there",
    "receive": "it takes a message out of its mailbox",
    "arrive": "something comes into its mailbox that no process has sent as a message: an exit signal that it traps, a "
    "monitor's DOWN, a table that it inherits; or a message whose place there was open until now",
    "drop": "a message goes from its mailbox, or never comes into it, without being received",
    "exit_signal": "it sends an exit signal, which ends the receiver unless that traps exits",
    "exit": "it ends: normally (normal, shutdown), or by a crash or a kill (any other reason)",
    "link": "it is linked with another one: if one of them dies, the other is told, or dies as well",
    "unlink": "such a link is taken away",
    "monitor": "it watches another one: when that dies it gets a message, DOWN",
    "demonitor": "it ends such a watch",
    "start_timer": "it sets a timer, which will send a message",
    "cancel_timer": "it cancels a timer",
    "timer": "a timer sends its message, to this process",
    "supervise": "it says that it is a supervisor",
    "child": "a supervisor says what has become of one of its children",
    "shell": "this process is the shell now: the code outside every process",
    "system": "this process belongs to the simulation, not to the program",
    "ets": "it is about to read or write a table",
    "whereis": "it asks who has a name",
    "flag": "it sets a flag of its own, such as whether it traps exits",
    "ask": "it asks about another process",
    "unalias": "it ends an alias",
}

ROWS = {
    "message": "a message",
    "signal": "an exit signal, or what a link or a monitor brings",
    "spawn": "starts a process",
    "link": "a link",
    "monitor": "a monitor",
    "exit": "a crash or a kill",
    "end": "a normal end",
    "timer": "a timer is set, and sends",
    "late": "taken later than it was sent",
    "heir": "a table goes to its heir",
}
"""What the signs of a chart mean."""
