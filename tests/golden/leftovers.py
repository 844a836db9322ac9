"""Scenarios one after another on one node, as the recorder (`scn.erl`) runs them.

Each has a driver that ends when the last step is done. Whatever is registered as `scn_...` is killed then, and the
next scenario begins; a process that is left, such as a worker that takes its time to terminate, goes on in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from erlsim import erlang, timer
from erlsim.otp import logger

HANDLER = "scn"
PREFIX = "scn_"
PAUSE_MS = 2


async def one_after_another(mains: list[Callable[[], Awaitable[None]]]) -> None:
    """Run each driver in a process of its own; an exception in one is raised here."""
    for main in mains:
        erlang.process_flag("trap_exit", True)
        pid = erlang.spawn_link(main)
        _, _, reason = await erlang.receive(("EXIT", pid, ...))
        if reason != "normal":
            raise RuntimeError(f"a driver failed: {reason!r}")
        logger.remove_handler(HANDLER)
        await _clean_up()


async def _clean_up() -> None:
    await timer.sleep(PAUSE_MS)
    for name in erlang.registered():
        if name.startswith(PREFIX):
            erlang.exit(erlang.whereis(name), "kill")
    await timer.sleep(PAUSE_MS)
