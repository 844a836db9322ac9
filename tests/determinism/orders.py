"""The recorded scenarios one after another in one Python process, in some order.

`python -m tests.determinism.orders ORDER` prints a line of JSON for each: its name and a digest of all that was
observed and traced. ORDER is `forward`, `backward`, `shuffled` (in an order drawn by a seed), or `fresh`: every fourth
of them, each in a process in which no simulation has run before. Every tenth scenario of each area is taken, or as
many as `ERLSIM_ORDERS_EVERY` says: 1 for all of them, which takes a minute.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import erlsim
from tests.golden import areas, world

SEED = 12
EVERY = int(os.environ.get("ERLSIM_ORDERS_EVERY", "10"))
FRESH = 4
Scenario = dict[str, Any]
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def recorded() -> list[Scenario]:
    """The scenarios, area by area."""
    return [each for area in areas.areas() for each in areas.scenarios(areas.DATA, area)[::EVERY]]


ORDERS: dict[str, Callable[[list[Scenario]], list[Scenario]]] = {
    "forward": list,
    "backward": lambda scenarios: scenarios[::-1],
    "shuffled": lambda scenarios: Random(SEED).sample(scenarios, len(scenarios)),
    "fresh": lambda scenarios: scenarios[::FRESH],
}


def digest(scenario: Scenario) -> str:
    """What was observed, traced and reported in a world of its own, in short."""
    sim = erlsim.Simulation()
    driver = world.Driver(sim.reports)
    sim.run(partial(driver.main, scenario["steps"]))
    # Python's own text of the events takes a tenth of the time of Erlang's, and tells as much but for where funs lie.
    events = ADDRESS.sub("", repr(sim.trace.rows))
    text = json.dumps(driver.observed) + events + "".join(sim.reports.texts())
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


def main(order: str) -> None:
    """Run and tell."""
    run = in_a_fresh_process if order == "fresh" else digest
    for scenario in ORDERS[order](recorded()):
        print(json.dumps([scenario["name"], run(scenario)]))


if __name__ == "__main__":
    main(sys.argv[1])
