"""Several nodes in one world: `net_kernel` gives the first one a name, `peer` starts others, `rpc` calls there.

An atom stands for each of these modules as for those beside this folder. What a node is, and what nodes share that do
not share it in OTP, is in the kernel's `nodes`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from erlsim.otp.distribution import erpc, init, net_adm, net_kernel, peer, rpc


def __getattr__(name: str) -> Any:
    if name in __all__:
        return import_module(f"erlsim.otp.distribution.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["erpc", "init", "net_adm", "net_kernel", "peer", "rpc"]
