"""Supervisors: processes that start, watch, restart and stop other processes. OTP's module supervisor.

A supervisor is a gen_server whose callbacks are among these functions. Its own callback module has one
function, `init(arg)`, which returns::

    ("ok", (flags, [spec, ...]))     flags: a map of strategy, intensity, period (whole seconds) and
                                     auto_shutdown, or (strategy, intensity, period)
    "ignore"

A child specification is a map of id, start `(module, function, args)`, restart, significant, shutdown
(milliseconds, `"infinity"` or `"brutal_kill"`), type and modules, or the old tuple
`(id, start, restart, shutdown, type, modules)`. A start function returns `("ok", pid)`,
`("ok", pid, extra)`, `"ignore"` or `("error", reason)`, and may be `def` or `async def`.

Invariants: children are started in order and stopped in reverse; the supervisor does nothing else while
a start function runs or a child stops; each restart counts against intensity, those that fail too, and
between two tries other requests are served.

Files: `api` (the functions and callbacks), `requests` (what it answers), `spec` (checks of specs), `state`, `children`
and `dynamic` (the work on children), `report` (its texts); `lint` looks at specs beyond what OTP refuses.
"""

from __future__ import annotations

from erlsim.otp.supervisor.api import (
    check_childspecs,
    code_change,
    count_children,
    delete_child,
    format_status,
    get_callback_module,
    get_childspec,
    handle_call,
    handle_cast,
    handle_info,
    init,
    restart_child,
    start_child,
    start_link,
    terminate,
    terminate_child,
    which_child,
    which_children,
)
from erlsim.otp.supervisor.lint import lint, linting
from erlsim.otp.supervisor.report import format_log

__erlang_module__ = "supervisor"

__all__ = [
    "check_childspecs",
    "code_change",
    "count_children",
    "delete_child",
    "format_log",
    "format_status",
    "get_callback_module",
    "get_childspec",
    "handle_call",
    "handle_cast",
    "handle_info",
    "init",
    "restart_child",
    "start_child",
    "start_link",
    "terminate",
    "terminate_child",
    "which_child",
    "which_children",
    # beyond OTP
    "lint",
    "linting",
]
