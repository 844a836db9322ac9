"""State machines: events that are handled by the state they meet. Mirrors `gen_statem`.

A callback module has `init(args)` and `callback_mode()`, which returns `"state_functions"` or
`"handle_event_function"`, alone or in a list with `"state_enter"`; then a function
`state(event_type, content, data)` for each state, or one `handle_event(event_type, content, state, data)`;
and perhaps `terminate(reason, state, data)`, `code_change(old_vsn, state, data, extra)`, `format_status(status)`;
each `def` or `async def`.

`init` returns `("ok", state, data[, actions])`, `("stop", reason)` or `"ignore"`. State callbacks return
`("next_state", state, data[, actions])`, `("keep_state", data[, actions])`, `"keep_state_and_data"`,
`("keep_state_and_data", actions)`, the same with `repeat_state`, `"stop"`, `("stop", reason[, data])` or
`("stop_and_reply", reason, replies[, data])`. An event type is `("call", from_)`, `"cast"`, `"info"`, `"internal"`,
`"timeout"`, `"state_timeout"`, `("timeout", name)`, or `"enter"` in state enter calls, whose content is the last state.

Actions, one or a list: `("reply", from_, reply)`, `("next_event", event_type, content)`, `"postpone"`, `"hibernate"`
(both also in a pair with a boolean), a time in ms, `(timeout_type, ms, content[, options])` with the options
`("abs", boolean)`, `(timeout_type, "update", content)`, `(timeout_type, "cancel")`,
`("change_callback_module", module)`, `("push_callback_module", module)`, `"pop_callback_module"`.

A machine is named and found as a `gen_server`.

Files: `api` (the functions), `loop` (a machine's life), `transition` (one event), `timeouts`, `machine` (what a
machine knows, and its end), `report` (its texts).
"""

from __future__ import annotations

from erlsim.otp.gen_statem.api import (
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
from erlsim.otp.gen_statem.loop import init_it, wakeup_from_hibernate
from erlsim.otp.gen_statem.report import format_log, print_event

__erlang_module__ = "gen_statem"

__all__ = [
    "call",
    "cast",
    "check_response",
    "enter_loop",
    "format_log",
    "format_status",
    "init_it",
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
    "wakeup_from_hibernate",
]
