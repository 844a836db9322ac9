"""Flags of processes: set by the process itself, or given when it is spawned.

Only `trap_exit` does something here. The others tune a real emulator's memory and scheduling: they are
checked as OTP checks them, and remembered.
"""

from __future__ import annotations

from typing import Literal, overload

from erlsim._bifs.common import Term, badarg, here, local
from erlsim._bifs.links import monitor_options
from erlsim._bifs.operations import PROCESS_FLAG
from erlsim._kernel import Process
from erlsim.terms import Pid
from erlsim.terms.atoms import TuningFlag

MIN_HEAP_SIZE = 233
MAX_WORD = (1 << 59) - 1

DEFAULT_FLAGS: dict[str, Term] = {
    "priority": "normal",
    "fullsweep_after": 65535,
    "min_heap_size": MIN_HEAP_SIZE,
    "min_bin_vheap_size": 46422,
    "max_heap_size": {"error_logger": True, "kill": True, "size": 0},
    "message_queue_data": "on_heap",
    "scheduler": 0,
    "save_calls": 0,
    "sensitive": False,
    "error_handler": "error_handler",
}

SPAWN_FLAGS: tuple[str, ...] = ("priority", "fullsweep_after", "min_heap_size", "min_bin_vheap_size", "max_heap_size")
SPAWN_FLAGS += ("message_queue_data", "scheduler")


@overload
def process_flag(flag: Literal["trap_exit"], value: bool, /) -> bool: ...
@overload
def process_flag(flag: TuningFlag, value: Term, /) -> Term: ...
@overload
def process_flag(pid: Pid, flag: Literal["save_calls"], value: int, /) -> Term: ...
def process_flag(*args: Term) -> Term:
    """`process_flag(flag, value)`: set a flag of the caller, return the old value; or `(pid, "save_calls", n)`.

    Flags: `trap_exit`, and those that only tune: `priority`, `fullsweep_after`, `min_heap_size`,
    `min_bin_vheap_size`, `max_heap_size`, `message_queue_data`, `scheduler`, `save_calls`, `sensitive`,
    `error_handler`. `badarg` for others and for values that are none of theirs. Mirrors `erlang:process_flag/2,3`.
    """
    if len(args) == 3:
        return _flag_of_another(*args)
    if len(args) != 2:
        badarg()
    flag, value = args
    world = here()
    me = world.current
    if flag == "trap_exit":
        if type(value) is not bool:
            badarg()
        if world.slow:
            world.visible(PROCESS_FLAG, flag, value)
        old, me.trap_exit = me.trap_exit, value
        return old
    if type(flag) is not str or flag not in DEFAULT_FLAGS:
        badarg("badopt")
    checked = _checked(flag, value)
    if world.slow:
        world.visible(PROCESS_FLAG, flag, value)
    return _set(me, flag, checked)


def _set(process: Process, flag: str, value: Term) -> Term:
    flags = process.flags or {}
    old = flags.get(flag, DEFAULT_FLAGS[flag])
    process.flags = {**flags, flag: value}
    return old


def _flag_of_another(pid: Term, flag: Term, value: Term) -> Term:
    process = local(pid, "badtype")
    if process is None:
        badarg("badtype")
    if flag != "save_calls":
        badarg()
    return _set(process, flag, _checked(flag, value))


def _checked(flag: str, value: Term) -> Term:
    """`value` as `process_info` will show it; `badarg` if it is none for `flag`."""
    if flag == "max_heap_size":
        return _max_heap_size(value)
    if not _fits(flag, value):
        badarg()
    return max(value, DEFAULT_FLAGS[flag]) if flag in ("min_heap_size", "min_bin_vheap_size") else value


def _fits(flag: str, value: Term) -> bool:
    match flag:
        case "priority":
            return type(value) is str and value in ("low", "normal", "high", "max")
        case "message_queue_data":
            return type(value) is str and value in ("on_heap", "off_heap")
        case "sensitive":
            return type(value) is bool
        case "error_handler":
            return type(value) is str
        case "save_calls":
            return type(value) is int and 0 <= value <= 10_000
        case "scheduler":
            return type(value) is int and 0 <= value <= 1
    return type(value) is int and 0 <= value <= MAX_WORD


def _max_heap_size(value: Term) -> dict[Term, Term]:
    given = {"size": value} if type(value) is int else value
    if type(given) is not dict:
        badarg()
    default: dict[Term, Term] = DEFAULT_FLAGS["max_heap_size"]
    known = {name: given.get(name, value) for name, value in default.items()}
    size = given.get("size")
    if type(size) is not int or not (size == 0 or MIN_HEAP_SIZE <= size <= MAX_WORD):
        badarg()
    if type(known["kill"]) is not bool or type(known["error_logger"]) is not bool:
        badarg()
    return known


def spawn_option(option: Term) -> tuple[str, Term]:
    """An option of `spawn_opt` as a pair; `badarg` for what is none."""
    if type(option) is str and option in ("link", "monitor"):
        return (option, [])
    if type(option) is tuple and len(option) == 2 and type(option[0]) is str:
        name, value = option
        if name == "monitor":
            monitor_options(value)
            return ("monitor", value)
        if name in SPAWN_FLAGS:
            return (name, _checked(name, value))
    return badarg("badopt")
