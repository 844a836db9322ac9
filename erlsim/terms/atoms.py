"""The atoms that functions take where only some will do, as types: flags, kinds, options.

A type checker refuses `erlang.monitor("proces", pid)` with them; at run time nothing knows of them, and what is
wrong is `badarg` as in Erlang. Functions take options in any sequence (`Sequence`, not `list`), so that a list of
some of them fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from erlsim.terms.ids import Pid
from erlsim.terms.term import Term

Infinity: TypeAlias = Literal["infinity"]
Timeout: TypeAlias = int | Infinity

MonitorKind: TypeAlias = Literal["process", "port", "time_offset"]
AliasMode: TypeAlias = Literal["explicit_unalias", "demonitor", "reply_demonitor"]
MonitorOption: TypeAlias = tuple[Literal["tag"], Term] | tuple[Literal["alias"], AliasMode]
DemonitorOption: TypeAlias = Literal["flush", "info"]
AliasOption: TypeAlias = Literal["explicit_unalias", "reply"]

TuningFlag: TypeAlias = Literal[
    "priority",
    "fullsweep_after",
    "min_heap_size",
    "min_bin_vheap_size",
    "max_heap_size",
    "message_queue_data",
    "scheduler",
    "save_calls",
    "sensitive",
    "error_handler",
]
ProcessItem: TypeAlias = Literal[
    "registered_name",
    "current_function",
    "current_location",
    "current_stacktrace",
    "initial_call",
    "status",
    "message_queue_len",
    "messages",
    "links",
    "monitors",
    "monitored_by",
    "dictionary",
    "trap_exit",
    "error_handler",
    "priority",
    "group_leader",
    "total_heap_size",
    "heap_size",
    "stack_size",
    "memory",
    "reductions",
    "garbage_collection",
    "garbage_collection_info",
    "suspending",
    "parent",
    "binary",
    "backtrace",
    "catchlevel",
    "last_calls",
    "magic_ref",
    "trace",
    "sequential_trace_token",
    "min_heap_size",
    "min_bin_vheap_size",
    "max_heap_size",
    "fullsweep_after",
    "message_queue_data",
]

TableType: TypeAlias = Literal["set", "ordered_set", "bag", "duplicate_bag"]
Protection: TypeAlias = Literal["public", "protected", "private"]
TableOption: TypeAlias = (
    TableType
    | Protection
    | Literal["named_table", "compressed"]
    | tuple[Literal["keypos"], int]
    | tuple[Literal["heir"], Pid, Term]
    | tuple[Literal["heir"], Literal["none"]]
    | tuple[Literal["write_concurrency"], bool | Literal["auto"]]
    | tuple[Literal["read_concurrency", "decentralized_counters"], bool]
)

RegisteredName: TypeAlias = (
    tuple[Literal["local"], str] | tuple[Literal["global"], Term] | tuple[Literal["via"], Term, Term]
)
StartOption: TypeAlias = (
    tuple[Literal["timeout"], Timeout]
    | tuple[Literal["debug"], Sequence[Any]]
    | tuple[Literal["hibernate_after"], Timeout]
    | tuple[Literal["spawn_opt"], Sequence[Any]]
)

__all__ = [
    "AliasMode",
    "AliasOption",
    "DemonitorOption",
    "Infinity",
    "MonitorKind",
    "MonitorOption",
    "ProcessItem",
    "Protection",
    "RegisteredName",
    "StartOption",
    "TableOption",
    "TableType",
    "Timeout",
    "TuningFlag",
]
