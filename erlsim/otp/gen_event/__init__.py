"""Event managers: processes that hand every event to each of their handlers. Mirrors `gen_event`.

A handler is a callback module, `module` or `(module, id)` where the same module is there more than once. It has
`init(args)`, `handle_event(event, state)`, `handle_call(request, state)`, and perhaps `handle_info(message, state)`,
`terminate(args, state)`, `code_change(old_vsn, state, extra)`, `format_status(status)`; each `def` or `async def`.
`init` returns `("ok", state[, "hibernate"])` or anything else, which is the value of the call that wanted to add
the handler. Events and messages are answered by `("ok", state[, "hibernate"])`,
`("swap_handler", args1, state, handler2, args2)` or `"remove_handler"`; calls by `("ok", reply, state[, "hibernate"])`,
`("swap_handler", reply, args1, state, handler2, args2)` or `("remove_handler", reply)`. A handler that fails or
returns anything else is removed and reported; the manager and its other handlers go on.

A manager is named and found as a `gen_server`.

Files: `api` (the functions), `loop` (a manager's life and end), `handlers` (what it does with them), `report` (its
texts).
"""

from __future__ import annotations

from erlsim.otp.gen_event.api import (
    add_handler,
    add_sup_handler,
    call,
    check_response,
    delete_handler,
    format_status,
    notify,
    receive_response,
    reqids_add,
    reqids_new,
    reqids_size,
    reqids_to_list,
    send_request,
    start,
    start_link,
    start_monitor,
    stop,
    swap_handler,
    swap_sup_handler,
    sync_notify,
    system_code_change,
    system_continue,
    system_get_state,
    system_replace_state,
    system_terminate,
    wait_response,
    which_handlers,
)
from erlsim.otp.gen_event.loop import init_it, wake_hib
from erlsim.otp.gen_event.report import format_log, print_event

__erlang_module__ = "gen_event"

__all__ = [
    "add_handler",
    "add_sup_handler",
    "call",
    "check_response",
    "delete_handler",
    "format_log",
    "format_status",
    "init_it",
    "notify",
    "print_event",
    "receive_response",
    "reqids_add",
    "reqids_new",
    "reqids_size",
    "reqids_to_list",
    "send_request",
    "start",
    "start_link",
    "start_monitor",
    "stop",
    "swap_handler",
    "swap_sup_handler",
    "sync_notify",
    "system_code_change",
    "system_continue",
    "system_get_state",
    "system_replace_state",
    "system_terminate",
    "wait_response",
    "wake_hib",
    "which_handlers",
]
