"""Which simulation is current in this thread.

A thread has at most one current world. Everything public finds it here; nothing else is global.
"""

from __future__ import annotations

from typing import Protocol, cast

from erlsim import threads
from erlsim._kernel.world import World
from erlsim.errors import ErlsimError


class _Thread(Protocol):
    world: World | None


thread = cast("_Thread", threads.thread)


class NoSimulation(ErlsimError):
    """A function of erlsim was called where no simulation is current."""

    # Shown, and found, where users know it.
    __module__ = "erlsim"

    def __init__(self) -> None:
        super().__init__(
            "no simulation is current in this thread: use erlsim.run(main), `with erlsim.Simulation():` "
            "or, in a notebook or REPL, erlsim.shell()"
        )


def here() -> World:
    """The current world. A dying process has none: what its `finally` blocks try is cut short."""
    world = thread.world
    if world is None:
        raise NoSimulation
    if world.closing:
        raise GeneratorExit
    return world
