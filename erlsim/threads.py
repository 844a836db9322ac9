"""Which world is current in this thread: the one variable that everything in erlsim shares.

It lies below all other modules, so that terms too can ask their world for what belongs to it (the numbers that
order opaque objects). `Simulation` sets it, the kernel gives it its type, and nothing else is global.
"""

from __future__ import annotations

import threading
from typing import Any

# Where `erlsim.code` keeps the atom of a declared module (an attribute), and what a world has loaded (an extension).
GIVEN_NAME, LOADED = "__erlang_module__", "loaded modules"


class Thread(threading.local):
    """One thread's current world, `None` outside of every simulation.

    `numbers` counts opaque objects while a sort outside of every simulation lasts.
    """

    world: Any = None
    numbers: dict[Any, int] | None = None


thread = Thread()


def given_name(target: Any) -> Any:
    """The atom under which a module is loaded in the current world, or else declared; `None` for what is neither."""
    world = thread.world
    loaded = None if world is None else world.extensions.get(LOADED)
    found = None if loaded is None else loaded.name_of(target)
    return getattr(target, GIVEN_NAME, None) if found is None else found
