"""pytest: tests that run as the shell of a simulation.

The fixture `sim` is a fresh `Simulation`, current while the test runs. An `async def` test that uses
it, or is marked `erlsim`, runs as its shell; the marker's options go to `Simulation`, less
`schedules` and `chooser`, which say how many schedules the test runs under and who draws them.

The entry point is the module `erlsim_pytest`, which imports this one when a test needs it, so
that a pytest run that has nothing to do with erlsim does not pay for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from erlsim import terms
from erlsim.errors import ErlangException
from erlsim.simulation import Simulation
from erlsim.testing.choosers import chooser_factory
from erlsim.testing.schedules import Recorder, Replay, Schedule

LAST_EVENTS = 12
FIFO_ONLY = "fifo"

sim_key = pytest.StashKey[Simulation]()
recorder_key = pytest.StashKey[Recorder]()


class Plan:
    """How one test is to be run: options of the command line and of its marker, put together."""

    def __init__(self, item: pytest.Item) -> None:
        marker = item.get_closest_marker("erlsim")
        options: dict[str, Any] = dict(marker.kwargs) if marker is not None else {}
        config = item.config
        self.replay: str | None = config.getoption("--erlsim-replay")
        given = config.getoption("--erlsim-schedules")
        self.schedules: int = int(options.pop("schedules", 1) if given is None else given)
        seed = config.getoption("--erlsim-seed")
        self.seed: int = int(options.pop("seed", 0) if seed is None else seed)
        self.chooser = options.pop("chooser", "random" if self.schedules > 1 else FIFO_ONLY)
        self.options = options

    def simulation(self, number: int) -> tuple[Simulation, Recorder]:
        """A fresh simulation for run `number` of the test, and what records its schedule."""
        if self.replay is not None:
            chooser: Any = Replay(Schedule.parse(self.replay))
        else:
            chooser = chooser_factory(self.chooser)(self.seed + number)
        recorder = Recorder(chooser)
        plain = self.replay is None and self.chooser == FIFO_ONLY
        return Simulation(seed=self.seed + number, chooser=None if plain else recorder, **self.options), recorder


def make(item: pytest.Item, number: int = 0) -> Simulation:
    """A fresh simulation for `item`, kept where the report of a failure finds it."""
    sim, recorder = Plan(item).simulation(number)
    item.stash[sim_key] = sim
    item.stash[recorder_key] = recorder
    return sim


def wants(item: pytest.Function) -> bool:
    """Whether a test is an `async def` of ours."""
    ours = "sim" in item.fixturenames or item.get_closest_marker("erlsim") is not None
    return ours and inspect.iscoroutinefunction(original(item.obj))


def original(function: Any) -> Any:
    """The test function itself, where another plugin has wrapped it up."""
    return inspect.unwrap(getattr(function, "__func__", function))


def run(item: pytest.Function) -> None:
    """Run an `async def` test, under as many schedules as are asked for."""
    function: Callable[..., Any] = item.obj
    if not inspect.iscoroutinefunction(function):
        function = original(function)
        if item.instance is not None:
            function = function.__get__(item.instance)
    names = item._fixtureinfo.argnames
    plan = Plan(item)
    for number in range(1 if plan.replay is not None else plan.schedules):
        given: Any = item.funcargs.get("sim") if number == 0 else None
        sim: Simulation = given if given is not None else make(item, number)
        arguments = {name: item.funcargs[name] for name in names}
        if "sim" in arguments:
            arguments["sim"] = sim
        sim.run(function(**arguments))
        chooser = item.stash[recorder_key].chooser
        if isinstance(chooser, Replay):
            chooser.check_finished()


def report(item: pytest.Item, exc: BaseException) -> str:
    """What a failure's report says of the simulation: the reason, the processes, the last events, how to replay."""
    sim = item.stash[sim_key]
    parts = []
    if isinstance(exc, ErlangException):
        parts.append(f"reason ({exc.kind}): {terms.format('~tp', [exc.reason])}")
    parts.append(f"at {sim.now} ms the processes were:\n" + "\n".join(f"  {line}" for line in sim.describe()))
    events = list(sim.trace)[-LAST_EVENTS:]
    if events:
        parts.append(f"the last {len(events)} of {len(sim.trace)} events:\n" + "\n".join(f"  {e}" for e in events))
    schedule = item.stash[recorder_key].schedule
    parts.append(f"replay this schedule with: pytest {item.nodeid!r} --erlsim-replay '{schedule}'")
    return "\n".join(parts)
