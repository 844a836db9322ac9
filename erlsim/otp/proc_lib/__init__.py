"""Processes that know where they come from, answer when they have started, and report a crash. Mirrors `proc_lib`.

Every process started here keeps `$ancestors` and `$initial_call` in its dictionary, and one that ends for any
reason but `normal`, `shutdown` and `("shutdown", _)` logs a crash report.

Files: `processes` (their lives), `initial_calls` (what they were started as), `crashes` (their reports), `starting`
(what their starter waits for), `stopping`. `stop` asks by way of `sys`, `sys` asks by way of `gen`, and `gen` starts
processes: so `sys` imports from files of `gen` and of this package what it needs, not all of them.
"""

from __future__ import annotations

from erlsim.otp.proc_lib.crashes import format, report_cb
from erlsim.otp.proc_lib.initial_calls import dummy_args, initial_call, translate_initial_call
from erlsim.otp.proc_lib.processes import (
    become,
    get_label,
    hibernate,
    init_p,
    set_label,
    spawn,
    spawn_link,
    spawn_opt,
    wake_up,
)
from erlsim.otp.proc_lib.starting import init_ack, init_fail, start, start_link, start_monitor
from erlsim.otp.proc_lib.stopping import stop

__erlang_module__ = "proc_lib"

__all__ = [
    "become",
    "dummy_args",
    "format",
    "get_label",
    "hibernate",
    "init_ack",
    "init_fail",
    "init_p",
    "initial_call",
    "report_cb",
    "set_label",
    "spawn",
    "spawn_link",
    "spawn_opt",
    "start",
    "start_link",
    "start_monitor",
    "stop",
    "translate_initial_call",
    "wake_up",
]
