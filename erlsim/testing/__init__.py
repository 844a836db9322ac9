"""For tests: schedules and their exploration, faults, strategies, assertions on traces."""

from erlsim._kernel import Chooser, Fifo
from erlsim.testing.choosers import CHOOSERS, PCT, Deviate, RandomWalk
from erlsim.testing.disruptions import delay, fail_start, hold, ignore_shutdown
from erlsim.testing.explore import Exploration, explore
from erlsim.testing.faults import child, crash, kill
from erlsim.testing.runs import NotDeterministic, Run, recheck, replay, run_once, shrink
from erlsim.testing.schedules import Deviation, Recorder, Replay, Schedule, ScheduleMismatch

__all__ = [
    "CHOOSERS",
    "PCT",
    "Chooser",
    "Deviate",
    "Deviation",
    "Exploration",
    "Fifo",
    "NotDeterministic",
    "RandomWalk",
    "Recorder",
    "Replay",
    "Run",
    "Schedule",
    "ScheduleMismatch",
    "child",
    "crash",
    "delay",
    "explore",
    "fail_start",
    "hold",
    "ignore_shutdown",
    "kill",
    "recheck",
    "replay",
    "run_once",
    "shrink",
]
