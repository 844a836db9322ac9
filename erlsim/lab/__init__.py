"""The supervision laboratory: what would happen if.

`blast` strikes each process of a tree and tells who falls with it and for how long; `restarts` tries restart settings
and plans under failures; `budgets` checks what a name has cost. `erlsim.testing` has these
functions too; they are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "blast": ("Blast", "BlastRadius", "blast_radius"),
    "budgets": ("budget",),
    "restarts": ("RestartLab", "bursts", "crashes_at_start", "outages", "poisson", "restart_lab"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"erlsim.lab.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Blast",
    "BlastRadius",
    "RestartLab",
    "blast_radius",
    "budget",
    "bursts",
    "crashes_at_start",
    "outages",
    "poisson",
    "restart_lab",
]
