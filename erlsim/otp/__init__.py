"""OTP's behaviours and what they stand on, written against the public functions of `erlsim` alone.

Each module has the name, the functions and the return values of its model in Erlang/OTP 25. Nothing
here knows the kernel: what these modules need and cannot reach is missing from `erlsim.erlang`, and
belongs there.
"""

from erlsim.otp import (
    application,
    error_logger,
    gen,
    gen_event,
    gen_server,
    gen_statem,
    global_,
    logger,
    proc_lib,
    supervisor,
    supervisor_bridge,
    sys,
)

__all__ = [
    "application",
    "error_logger",
    "gen",
    "gen_event",
    "gen_server",
    "gen_statem",
    "global_",
    "logger",
    "proc_lib",
    "supervisor",
    "supervisor_bridge",
    "sys",
]
