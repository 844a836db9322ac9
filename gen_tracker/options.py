"""What a tracker may be told when it starts, as a record."""

from __future__ import annotations

from typing import NamedTuple

from erlsim.terms import Term


class Options(NamedTuple):
    """All that can be told."""

    restart: bool = False
    """Whether children are restarted: see `restarting`."""
    tidy: bool = False
    """Whether no attribute that was set outlives its child: see `attributes`."""


def read(given: Term) -> Options | None:
    """The record of an options map; nothing for what is none."""
    if (
        type(given) is dict
        and given.keys() <= set(Options._fields)
        and all(type(value) is bool for value in given.values())
    ):
        return Options(**given)
    return None
