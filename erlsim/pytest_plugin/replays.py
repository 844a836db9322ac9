"""Which schedule a failed test ran under, and how to have it again: once on the command line, or as a test for good."""

from __future__ import annotations

import os
from typing import NamedTuple

import pytest

from erlsim.pytest_plugin.plan import Plan
from erlsim.pytest_plugin.simulations import plan_of
from erlsim.simulation import Simulation
from erlsim.testing.runs import Run
from erlsim.testing.schedules import FIFO_TEXT, Recorder, Schedule


class Found(NamedTuple):
    """The schedule that a test runs under: its number, `None` if a marker replays it; how it was found.

    `is_all`: the test has been run under all of its schedules, and what is said is of all of them.
    """

    number: int | None
    plan: Plan
    drawn: Run | None = None
    is_all: bool = False


found_key = pytest.StashKey[Found]()


def schedule_of(sim: Simulation) -> str:
    """What a simulation has run under until now, printed."""
    return str(sim.chooser.schedule) if isinstance(sim.chooser, Recorder) else FIFO_TEXT


def lines(item: pytest.Item, sim: Simulation) -> list[str]:
    """What a report says of the schedule."""
    text = schedule_of(sim)
    found = item.stash.get(found_key, None)
    if found is not None and found.is_all:
        return ["no schedule has failed by itself; this is of all that were run, the last of them is shown"]
    told = [] if found is None or found.plan.runs_once else [_which(found, sim, text)]
    told.append(f"replay this schedule with: {_command(item, sim, text)}")
    is_pasted = found is not None and found.number is None
    if text != FIFO_TEXT and not is_pasted:
        told.append(f"and keep it as a test with: {_marker(item, sim, text)}")
    return told


def _which(found: Found, sim: Simulation, text: str) -> str:
    if found.number is None and found.plan.exhaust is not None:
        return f"one of its interleavings has failed: {text}"
    if found.number is None:
        return f"the schedule that a marker replays has failed: {text}"
    if found.number == 0:
        return f"schedule 0 of {found.plan.schedules}, first-in first-out, has failed: that takes no luck"
    seed, drawn = (sim.seed, text) if found.drawn is None else (found.drawn.seed, found.drawn.schedule)
    before, after = len(Schedule.parse(drawn)), len(Schedule.parse(text))
    shrunk = f" (shrunk from {before} choices to {after})" if after < before else ""
    return f"schedule {found.number} of {found.plan.schedules}, seed {seed}, has failed: {text}{shrunk}"


def _marker(item: pytest.Item, sim: Simulation, text: str) -> str:
    """The line that makes a test replay this schedule from now on."""
    seed = "" if sim.seed == plan_of(item).own_seed else f", seed={sim.seed}"
    return f'@pytest.mark.erlsim(replay="{text}"{seed})'


def _command(item: pytest.Item, sim: Simulation, text: str) -> str:
    """What to type to run `item` again as it ran now."""
    name = item.nodeid
    here = item.config.invocation_params.dir
    if here != item.config.rootpath:
        name = f"{os.path.relpath(item.path, here)}::{name.partition('::')[2]}"
    name = name.replace("'", "'\\''")
    seed = "" if sim.seed == plan_of(item).own_seed else f"--erlsim-seed {sim.seed} "
    return f"pytest '{name}' {seed}--erlsim-replay '{text}'"
