"""Having a process end by a system message, and waiting until it has. Mirrors `proc_lib:stop`."""

from __future__ import annotations

from erlsim import erlang
from erlsim.erlang import TIMEOUT
from erlsim.errors import Exit
from erlsim.otp import sys
from erlsim.terms import Term, exact_eq, matchable


async def stop(process: Term, reason: Term = "normal", timeout: Term = "infinity") -> str:
    """Have `process` end by a system message; `"ok"` when it ended with `reason`, else exits with what it was.

    Exits `noproc` when it is missing and `timeout` after `timeout` milliseconds.
    """
    ref = erlang.monitor("process", process)
    started = erlang.monotonic_time("millisecond")
    try:
        await sys.terminate(process, reason, timeout)
    except Exit as failure:
        erlang.demonitor(ref, ["flush"])
        raise Exit(_stop_failure(failure.reason)) from None
    left = timeout if timeout == "infinity" else timeout - (erlang.monotonic_time("millisecond") - started)
    message = await erlang.receive(("DOWN", ref, ..., ..., ...), after=left)
    if message is TIMEOUT:
        erlang.demonitor(ref, ["flush"])
        raise Exit("timeout")
    if not exact_eq(message[4], reason):
        raise Exit(message[4])
    return "ok"


def _stop_failure(reason: Term) -> Term:
    match matchable(reason):
        case ("noproc" | "timeout" as why, ("sys", "terminate", _)):
            return why
    return reason
