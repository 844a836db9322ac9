"""What every behaviour shares: starting by name, calling, stopping. Mirrors `gen`.

Contract: names are `("local", atom)`, `("global", term)` and `("via", module, term)`; a process may be
addressed by pid, local name, `(name, node)`, `("global", term)` or `("via", module, term)`.

Files: `names`, `starting`, `calling`, `requests` (that are not waited for), `stopping`, `status`.
"""

from __future__ import annotations

from erlsim.otp.gen.calling import call, reply
from erlsim.otp.gen.names import (
    find,
    find_now,
    get_parent,
    get_proc_name,
    name_of,
    register_name,
    unregister_name,
    where,
)
from erlsim.otp.gen.requests import (
    check_response,
    receive_response,
    reqids_add,
    reqids_new,
    reqids_size,
    reqids_to_list,
    send_request,
    wait_response,
)
from erlsim.otp.gen.starting import debug_options, hibernate_after, init_it, start, start_by_arguments
from erlsim.otp.gen.status import format_status, format_status_header
from erlsim.otp.gen.stopping import stop

__erlang_module__ = "gen"

__all__ = [
    "call",
    "check_response",
    "debug_options",
    "find",
    "find_now",
    "format_status",
    "format_status_header",
    "get_parent",
    "get_proc_name",
    "hibernate_after",
    "init_it",
    "name_of",
    "receive_response",
    "register_name",
    "reply",
    "reqids_add",
    "reqids_new",
    "reqids_size",
    "reqids_to_list",
    "send_request",
    "start",
    "start_by_arguments",
    "stop",
    "unregister_name",
    "wait_response",
    "where",
]
