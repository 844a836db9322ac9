"""What `erlsim demo` shows: the session of director's documentation, in virtual time."""

from __future__ import annotations

from erlsim.errors import ErlsimError


def main() -> None:
    """Play the session."""
    raise ErlsimError("the session is not written yet")
