"""Stopping a behaviour's process in order. Mirrors `gen:stop`."""

from __future__ import annotations

from erlsim.errors import Error
from erlsim.otp import proc_lib
from erlsim.otp.gen.names import find
from erlsim.otp.shared import is_timeout
from erlsim.terms import Pid, Term

__in_stacks__ = False


async def stop(process: Term, reason: Term = "normal", timeout: Term = "infinity") -> Term:
    """Stop a process in order; exits with its reason if that is not `reason`, with `noproc`, with `timeout`."""
    if not is_timeout(timeout):
        raise Error("function_clause", [("gen", "stop", [process, reason, timeout], [])])
    return await proc_lib.stop(process if type(process) is Pid else await find(process), reason, timeout)
