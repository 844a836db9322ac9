"""For tests: schedules and their exploration, faults, strategies, assertions on traces.

What the laboratory (`erlsim.lab`) adds is loaded when it is first asked for.
"""

from importlib import import_module
from typing import Any

from erlsim._kernel import Chooser, Fifo
from erlsim.testing.assertions import (
    answered,
    happened,
    happened_after,
    happened_before,
    happened_in_order,
    happened_times,
    happened_within,
    never_happened,
    seen,
    var,
)
from erlsim.testing.choosers import CHOOSERS, PCT, Deviate, RandomWalk
from erlsim.testing.disruptions import delay, fail_start, hold, ignore_shutdown
from erlsim.testing.explore import Exploration, explore
from erlsim.testing.faults import child, crash, kill
from erlsim.testing.leaks import Leak, leaks, no_leaks
from erlsim.testing.rechecks import NotDeterministic, recheck
from erlsim.testing.runs import Run, replay, run_once, shrink
from erlsim.testing.schedules import Deviation, Recorder, Replay, Schedule, ScheduleMismatch
from erlsim.testing.search import Exhaustion, exhaust
from erlsim.testing.strikes import FaultRecord, all_struck, faults

_OF_THE_LABORATORY = ("blast_radius", "budget", "bursts", "crashes_at_start", "outages", "poisson", "restart_lab")


def __getattr__(name: str) -> Any:
    if name in _OF_THE_LABORATORY:
        return getattr(import_module("erlsim.lab"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "CHOOSERS",
    "PCT",
    "Chooser",
    "Deviate",
    "Deviation",
    "Exhaustion",
    "Exploration",
    "FaultRecord",
    "Fifo",
    "Leak",
    "NotDeterministic",
    "RandomWalk",
    "Recorder",
    "Replay",
    "Run",
    "Schedule",
    "ScheduleMismatch",
    "all_struck",
    "answered",
    "blast_radius",
    "budget",
    "bursts",
    "child",
    "crash",
    "crashes_at_start",
    "delay",
    "exhaust",
    "explore",
    "fail_start",
    "faults",
    "happened",
    "happened_after",
    "happened_before",
    "happened_in_order",
    "happened_times",
    "happened_within",
    "hold",
    "ignore_shutdown",
    "kill",
    "leaks",
    "never_happened",
    "no_leaks",
    "outages",
    "poisson",
    "recheck",
    "replay",
    "restart_lab",
    "run_once",
    "seen",
    "shrink",
    "var",
]
