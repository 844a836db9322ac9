"""Which simulation is current in this thread.

A thread has at most one current world. Everything public finds it here; nothing else is global.
"""

from __future__ import annotations

from typing import Any, Protocol, cast

from erlsim import threads
from erlsim._kernel.words import codes_of_handlers, picture
from erlsim._kernel.world import WATCHED, World
from erlsim.errors import ErlsimError, Interrupted


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
        check(world)
        raise GeneratorExit
    return world


def check(world: World) -> None:
    """Refuse to act in a world that was interrupted."""
    if world.interrupted is not None:
        raise Interrupted(world.interrupted, world.clock.now)


def note_interrupt(world: World, exc: BaseException) -> None:
    """`exc` leaves `world`. If it has struck from outside, the world is closed, and `exc` says where everybody was.

    Ctrl-C and a test's time limit may strike between any two lines, where a process is in no queue, say, or half dead.
    """
    if isinstance(exc, KeyboardInterrupt) or _is_of_signal_handler(exc):
        if world.picture is None:
            world.picture = picture(world, exc)
            exc.add_note(struck(world))
        world.interrupted = type(exc).__qualname__
        world.closing, world.slow = True, WATCHED
        # It may have struck where these are set.
        world.stepping = world.inside = False


def _is_of_signal_handler(exc: BaseException) -> bool:
    """Whether `exc` has come out of a handler of an operating system's signal, such as an alarm."""
    codes: set[Any] = set()
    tb = exc.__traceback__
    while tb is not None:
        codes.add(tb.tb_frame.f_code)
        tb = tb.tb_next
    return any(code in codes for code in codes_of_handlers())


def struck(world: World) -> str:
    """What `world` looked like when it was interrupted."""
    lines = [f"at {world.clock.now} ms, when it struck, the processes were", *(world.picture or ())]
    return "\n  ".join(lines)
