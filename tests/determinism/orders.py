"""The recorded scenarios one after another in one Python process, in some order.

`python -m tests.determinism.orders ORDER` prints a line of JSON for each: its name and a digest of all that was
observed and traced. ORDER is `forward` (all of them), `backward` (every second one), `shuffled` (the others, in an
order drawn by a seed) or `fresh` (every tenth, each in a process in which no simulation has run before). Every
third scenario takes part, as in the tests; `python -m tests.determinism.orders ORDER 1` takes them all.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import erlsim
from tests.golden import areas, world

SEED = 12
STEP = 3
Scenario = dict[str, Any]


def every(step: int) -> list[Scenario]:
    """One scenario of each `step`, area by area."""
    return [each for area in areas.areas() for each in areas.scenarios(areas.DATA, area)][::step]


def shuffled(scenarios: list[Scenario]) -> list[Scenario]:
    """Those that do not run backward, in a drawn order."""
    others = scenarios[-2::-2]
    return Random(SEED).sample(others, len(others))


ORDERS: dict[str, Callable[[list[Scenario]], list[Scenario]]] = {
    "forward": list,
    "backward": lambda scenarios: scenarios[::-2],
    "shuffled": shuffled,
    "fresh": lambda scenarios: scenarios[::10],
}


def digest(scenario: Scenario) -> str:
    """What was observed, traced and reported in a world of its own, in short."""
    sim = erlsim.Simulation()
    driver = world.Driver(sim.reports)
    sim.run(partial(driver.main, scenario["steps"]))
    text = json.dumps(driver.observed) + sim.trace.text() + "".join(sim.reports.texts())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def in_a_fresh_process(scenario: Scenario) -> str:
    """The same in a child of this process, in which nothing has run and nothing will."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, digest(scenario).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        found = answer.read()
    os.waitpid(child, 0)
    return found


def main(order: str, step: int = STEP) -> None:
    """Run and tell."""
    run = in_a_fresh_process if order == "fresh" else digest
    for scenario in ORDERS[order](every(step)):
        print(json.dumps([scenario["name"], run(scenario)]))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
