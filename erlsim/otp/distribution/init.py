"""The end of a node in order. Mirrors `init`, of which there is no more."""

from __future__ import annotations

from erlsim import erlang
from erlsim.terms import Term


def stop(status: Term = 0) -> str:
    """Let the caller's node end soon: `"ok"`. The first node is the Python program, which ends by `SystemExit`."""
    # DIVERGES(otp): applications are not stopped before.
    erlang.spawn(lambda: erlang.halt(status))
    return "ok"
