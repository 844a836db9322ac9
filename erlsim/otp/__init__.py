"""OTP's behaviours and what they stand on, written against the public functions of `erlsim` alone.

Each module has the name, the functions and the return values of its model in Erlang/OTP 25. Nothing
here knows the kernel: what these modules need and cannot reach is missing from `erlsim.erlang`, and
belongs there. But for the logger, which every simulation has, each is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from erlsim.otp import logger

if TYPE_CHECKING:
    from erlsim.otp import (
        application,
        error_logger,
        gen,
        gen_event,
        gen_server,
        gen_statem,
        global_,
        proc_lib,
        supervisor,
        supervisor_bridge,
        sys,
    )
    from erlsim.otp.distribution import erpc, init, net_adm, net_kernel, peer, rpc

_DISTRIBUTION = ("erpc", "init", "net_adm", "net_kernel", "peer", "rpc")


def __getattr__(name: str) -> Any:
    if name in _DISTRIBUTION:
        return import_module(f"erlsim.otp.distribution.{name}")
    if name in __all__:
        return import_module(f"erlsim.otp.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "application",
    "erpc",
    "error_logger",
    "gen",
    "gen_event",
    "gen_server",
    "gen_statem",
    "global_",
    "init",
    "logger",
    "net_adm",
    "net_kernel",
    "peer",
    "proc_lib",
    "rpc",
    "supervisor",
    "supervisor_bridge",
    "sys",
]
