"""The module `erlang`: processes, messages, links, monitors, names, timers.

Every function has Erlang's name, argument order and value. The functions themselves live in
`_bifs`, by subject; ETS and the `timer` module are beside this one. A function is `async` if and
only if it may park its caller.
"""

from __future__ import annotations

from erlsim._bifs.calls import answer, ask, ask_by_steps
from erlsim._bifs.dictionary import erase, get, get_keys, make_ref, put, unique_integer
from erlsim._bifs.flags import process_flag
from erlsim._bifs.info import ask_process_info, process_info
from erlsim._bifs.links import alias, demonitor, link, monitor, unalias, unlink
from erlsim._bifs.messages import register, registered, send, send_nosuspend, unregister, whereis
from erlsim._bifs.nodes import (
    disconnect_node,
    halt,
    is_alive,
    monitor_node,
    monitor_nodes,
    node,
    nodes,
    pid_of,
    setnode,
    start_node,
    start_sleeper,
)
from erlsim._bifs.processes import (
    apply,
    error,
    exit,
    group_leader,
    hibernate,
    is_process_alive,
    lives,
    processes,
    raise_,
    self,
    spawn,
    spawn_link,
    spawn_monitor,
    spawn_opt,
    throw,
)
from erlsim._bifs.requests import spawn_request, spawn_request_abandon
from erlsim._bifs.suspending import resume_process, suspend_process
from erlsim._bifs.system import bump_reductions, garbage_collect, system_info
from erlsim._bifs.timers import (
    cancel_timer,
    convert_time_unit,
    monotonic_time,
    read_timer,
    send_after,
    start_timer,
    system_time,
)
from erlsim._kernel import TIMEOUT, pause, receive

yield_ = pause

__all__ = [
    "TIMEOUT",
    "alias",
    "answer",
    "apply",
    "ask",
    "ask_by_steps",
    "ask_process_info",
    "bump_reductions",
    "cancel_timer",
    "convert_time_unit",
    "demonitor",
    "disconnect_node",
    "erase",
    "error",
    "exit",
    "garbage_collect",
    "get",
    "get_keys",
    "group_leader",
    "halt",
    "hibernate",
    "is_alive",
    "is_process_alive",
    "link",
    "lives",
    "make_ref",
    "monitor",
    "monitor_node",
    "monitor_nodes",
    "monotonic_time",
    "node",
    "nodes",
    "pid_of",
    "pause",
    "process_flag",
    "process_info",
    "processes",
    "put",
    "raise_",
    "read_timer",
    "receive",
    "register",
    "registered",
    "resume_process",
    "self",
    "send",
    "send_after",
    "send_nosuspend",
    "setnode",
    "spawn",
    "spawn_link",
    "spawn_monitor",
    "spawn_opt",
    "spawn_request",
    "spawn_request_abandon",
    "start_node",
    "start_sleeper",
    "start_timer",
    "suspend_process",
    "system_info",
    "system_time",
    "throw",
    "unalias",
    "unique_integer",
    "unlink",
    "unregister",
    "whereis",
    "yield_",
]
