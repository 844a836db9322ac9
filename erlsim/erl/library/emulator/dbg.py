"""The module `dbg`, in part: a tracer starts and stops, and nothing can be told to it. What sets a trace is `undef`."""

from __future__ import annotations

from erlsim import erlang
from erlsim.simulation import storage
from erlsim.terms import Pid, Term

__in_stacks__ = False


def _tracers() -> list[Pid]:
    """The tracer of this world, if it runs."""
    running: list[Pid] = storage("dbg", list)
    running[:] = [each for each in running if erlang.is_process_alive(each)]
    return running


async def _idle() -> None:
    await erlang.receive("stop")


def tracer() -> Term:
    """`tracer/0`: `{ok, Pid}`, or `{error, already_started}`."""
    running = _tracers()
    if running:
        return ("error", "already_started")
    running.append(erlang.spawn(_idle))
    return ("ok", running[0])


def stop() -> str:
    """`stop/0`."""
    for each in _tracers():
        erlang.exit(each, "kill")
    return "ok"


def stop_clear() -> str:
    """`stop_clear/0`: there are no trace patterns that could be cleared, too."""
    return stop()
