"""The emulator itself: what there is of it to ask, and knobs that turn nothing here."""

from __future__ import annotations

from collections.abc import Callable

from erlsim import releases
from erlsim._bifs.common import Term, badarg, here, local, plain_list
from erlsim._kernel import World, post_message
from erlsim.terms import chars

PROCESS_LIMIT = 262144
# DIVERGES(otp): of the functions that the BEAM has instead of Erlang's, `snifs` lists those of `lists`.
_BIFS_OF_LISTS = (
    *(("lists", name, 3) for name in ("keyfind", "keysearch", "keymember")),
    *(("lists", name, 2) for name in ("reverse", "member")),
)
# The largest integer that is a word and no bignum.
_MOST_REDUCTIONS = (1 << 59) - 1


def system_info(item: str) -> Term:
    """One fact on the simulated node; `badarg` for an item that it has not.

    Items: `process_count`, `process_limit`, `schedulers`, `schedulers_online`, `otp_release`, `version`,
    `system_version`, `machine`, `os_type`, `wordsize`, `start_time`, `time_offset`, `multi_scheduling`,
    `smp_support`, `build_type`, `modified_timing_level`, `threads`, `thread_pool_size`, `creation`, `min_heap_size`,
    `fullsweep_after`, `snifs`. Mirrors `erlang:system_info/1`.
    """
    if type(item) is not str or item not in ITEMS:
        badarg()
    return ITEMS[item](here())


ITEMS: dict[str, Callable[[World], Term]] = {
    "process_count": lambda world: len(world.table),
    "process_limit": lambda world: PROCESS_LIMIT,
    "schedulers": lambda world: 1,
    "schedulers_online": lambda world: 1,
    "otp_release": lambda world: chars(str(releases.current())),
    "version": lambda world: chars(releases.EMULATORS[releases.current()]),
    "system_version": lambda world: chars(
        f"Erlang/OTP {releases.current()} [erts-{releases.EMULATORS[releases.current()]}] [erlsim]\n"
    ),
    "machine": lambda world: chars("BEAM"),
    "os_type": lambda world: ("unix", "linux"),
    "wordsize": lambda world: 8,
    "start_time": lambda world: 0,
    "time_offset": lambda world: "final",
    "multi_scheduling": lambda world: "disabled",
    "smp_support": lambda world: True,
    "build_type": lambda world: "opt",
    "modified_timing_level": lambda world: "undefined",
    "threads": lambda world: True,
    "thread_pool_size": lambda world: 0,
    "creation": lambda world: 0,
    "min_heap_size": lambda world: ("min_heap_size", 233),
    "fullsweep_after": lambda world: ("fullsweep_after", 65535),
    "snifs": lambda world: [*_BIFS_OF_LISTS],
}


def garbage_collect(*args: Term) -> Term:
    """Nothing to collect: `True`, or `False` if the process asked about is dead.

    `garbage_collect([pid[, options]])`; with the option `("async", id)` the value is `"async"` and a message
    `("garbage_collect", id, result)` follows. `badarg` for what is no pid or option.
    Mirrors `erlang:garbage_collect/0,1,2`.
    """
    world = here()
    if not args:
        return True
    pid, *more = args
    for option in plain_list(more[0], "bad_option") if more else []:
        if type(option) is not tuple or len(option) != 2 or option[0] not in ("async", "type"):
            badarg("bad_option")
    result = local(pid) is not None
    request = dict(more[0]) if more else {}
    if "async" not in request:
        return result
    post_message(world.current, ("garbage_collect", request["async"], result))
    return "async"


def bump_reductions(count: int) -> bool:
    """Work is not counted: `True`; `badarg` for what is no positive number. Mirrors the BIF."""
    here()
    if type(count) is not int or not 1 <= count <= _MOST_REDUCTIONS:
        badarg()
    return True
