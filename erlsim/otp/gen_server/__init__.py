"""Generic servers: start them, call them, cast to them. Mirrors `gen_server`.

A callback module has `init(args)`, `handle_call(request, from_, state)`, `handle_cast(request, state)`, and perhaps
`handle_info(message, state)`, `handle_continue(term, state)`, `terminate(reason, state)`,
`code_change(old_vsn, state, extra)`, `format_status(status)`; each `def` or `async def`. `init` returns
`("ok", state[, next])`, `("stop", reason)` or `"ignore"`; the others `("reply", reply, state[, next])` (calls only),
`("noreply", state[, next])`, `("stop", reason[, reply], state)`, where `next` is a timeout in ms, `"infinity"`,
`"hibernate"` or `("continue", term)`.

A server is named `("local", atom)`, `("global", term)` or `("via", module, term)` when it starts, and found by pid,
local name, `(name, node())`, or either of the last two.

Files: `api` (the functions), `loop` (a server's life and end), `nodes` (calls to many nodes), `report`
(its texts).
"""

from __future__ import annotations

from erlsim.otp.gen_server.api import (
    call,
    cast,
    check_response,
    enter_loop,
    format_status,
    receive_response,
    reply,
    reqids_add,
    reqids_new,
    reqids_size,
    reqids_to_list,
    send_request,
    start,
    start_link,
    start_monitor,
    stop,
    system_code_change,
    system_continue,
    system_get_state,
    system_replace_state,
    system_terminate,
    wait_response,
)
from erlsim.otp.gen_server.loop import init_it, wake_hib
from erlsim.otp.gen_server.nodes import abcast, multi_call
from erlsim.otp.gen_server.report import format_log, print_event

__erlang_module__ = "gen_server"

__all__ = [
    "abcast",
    "call",
    "cast",
    "check_response",
    "enter_loop",
    "format_log",
    "format_status",
    "init_it",
    "multi_call",
    "print_event",
    "receive_response",
    "reply",
    "reqids_add",
    "reqids_new",
    "reqids_size",
    "reqids_to_list",
    "send_request",
    "start",
    "start_link",
    "start_monitor",
    "stop",
    "system_code_change",
    "system_continue",
    "system_get_state",
    "system_replace_state",
    "system_terminate",
    "wait_response",
    "wake_hib",
]
