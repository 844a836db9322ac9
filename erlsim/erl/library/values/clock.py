"""The clock, as `erlang` shows it: dates and times of the simulated day. Local time is universal time."""

from __future__ import annotations

from erlsim import erlang
from erlsim.erl.library.values import calendar_
from erlsim.erl.running.failures import bif_failed
from erlsim.errors import Error
from erlsim.terms import Term

__in_stacks__ = False

_MILLION = 1_000_000


def universaltime() -> Term:
    """`universaltime/0`."""
    return calendar_.universal_time()


localtime = universaltime


def date() -> Term:
    """`date/0`."""
    return universaltime()[0]


def time() -> Term:
    """`time/0`."""
    return universaltime()[1]


def timestamp() -> tuple[int, int, int]:
    """`timestamp/0`: millions of seconds, seconds, microseconds."""
    seconds, micro = divmod(int(erlang.system_time("microsecond")), _MILLION)
    return (*divmod(seconds, _MILLION), micro)


def time_offset(unit: Term = "native") -> int:
    """`time_offset/0,1`: from the monotonic time to the system's."""
    try:
        return int(erlang.system_time(unit)) - int(erlang.monotonic_time(unit))
    except Error:
        raise bif_failed("badarg", "erlang", "time_offset", [unit]) from None
