"""Whether other nodes are there. Mirrors `net_adm`."""

from __future__ import annotations

from erlsim.otp.distribution import net_kernel
from erlsim.terms import Term, chars


def ping(node: Term) -> str:
    """`"pong"` if a node is there, else `"pang"`."""
    return "pong" if net_kernel.connect_node(node) is True else "pang"


def localhost() -> list[Term]:
    """The name of the one host, as text."""
    return chars(net_kernel.HOST)
