"""For tests: schedules and their exploration, faults, strategies, assertions on traces."""

from erlsim._kernel import Chooser, Fifo
from erlsim.testing.choosers import CHOOSERS, PCT, Deviate, RandomWalk
from erlsim.testing.explore import Exploration, explore
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
    "explore",
    "recheck",
    "replay",
    "run_once",
    "shrink",
]
