"""How an `async def` test is run: once, or under many schedules.

First-in first-out is schedule 0, in the simulation that pytest has set the fixtures up in: what fails there fails
without any luck, as a test that runs once would. The schedules that markers replay come next, and then those that are
drawn. Each has a simulation and fixtures of its own. The first that fails is shrunk, and run once more for pytest to
see it fail.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from erlsim.pytest_plugin.exhausting import keep_sentence
from erlsim.pytest_plugin.failures import unread_key
from erlsim.pytest_plugin.fixtures import set_up, tear_down
from erlsim.pytest_plugin.judging import judged
from erlsim.pytest_plugin.plan import Plan, original
from erlsim.pytest_plugin.replays import Found, found_key
from erlsim.pytest_plugin.simulations import allowed_key, make, plan_of, sim_key, simulation_of, use
from erlsim.simulation import Simulation, current
from erlsim.testing.explore import explore
from erlsim.testing.leaks import no_leaks
from erlsim.testing.rechecks import NotDeterministic
from erlsim.testing.runs import Run, explored, shrink
from erlsim.testing.schedules import Recorder, Replay
from erlsim.testing.search import exhaust
from erlsim.testing.strikes import FaultRecord, check_struck, faults_of, merge

# So long, in real time, a schedule that fails is made simpler.
SHRINK_SECONDS = 2.0


def run(item: pytest.Function) -> None:
    """Run an `async def` test, under as many schedules as are asked for."""
    seconds = 0.0 if item.config.stash.get(unread_key, False) else SHRINK_SECONDS
    Trial(item, plan_of(item), body_of(item), seconds).run()


def body_of(item: pytest.Function) -> Callable[[], Coroutine[Any, Any, None]]:
    """What is run of an `async def` test: its function, with the fixtures that pytest has set up."""
    function: Callable[..., Any] = item.obj
    if not inspect.iscoroutinefunction(function):
        function = original(function)
        if item.instance is not None:
            function = function.__get__(item.instance)

    async def test() -> None:
        await function(**arguments(item))

    return test


def arguments(item: pytest.Function) -> dict[str, Any]:
    """The fixtures that a test takes; its `sim` is the simulation that it runs in."""
    taken = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
    return taken | {"sim": current()} if "sim" in taken else taken


def _own_simulation(item: pytest.Function, plan: Plan) -> Simulation:
    """The one that pytest has set the test up in; a user's own fixture `sim` may have made another."""
    given = item.funcargs.get("sim")
    if isinstance(given, Simulation) and given is not item.stash.get(sim_key, None):
        use(item, plan, given)
    return simulation_of(item)


class Trial:
    """One test, or one example of it, and the schedules that it is run under.

    `seconds` of real time are spent on making a schedule simpler that fails.
    """

    def __init__(self, item: pytest.Function, plan: Plan, test: Callable[[], Any], seconds: float) -> None:
        self.item = item
        self.plan = plan
        self.test = test
        self.seconds = seconds
        self.options = {"trace": True, **plan.options}
        # Who says which schedule runs now, should a time limit strike.
        self._present: Callable[[], Found] = lambda: Found(0, plan)
        self._faults: dict[tuple[str, int], FaultRecord] = {}

    def run(self) -> None:
        """Run it where pytest has set it up, and then under its other schedules; raises what it fails with."""
        item, plan = self.item, self.plan
        item.stash[found_key] = self._present()
        sim = _own_simulation(item, plan)
        sim.run(self._judged)
        chooser = sim.chooser.chooser if isinstance(sim.chooser, Recorder) else None
        if isinstance(chooser, Replay):
            chooser.check_finished()
        if plan.runs_once:
            return
        merge(self._faults, faults_of(sim))
        tear_down(item)
        self._replay_pasted()
        if plan.exhaust is not None:
            self._exhaust(plan.exhaust)
        elif plan.schedules > 1:
            self._explore()
        item.stash[found_key] = Found(None, plan, is_all=True)
        plan.check_crashes()
        if plan.is_whole:
            check_struck(self._faults.values())

    def _replay_pasted(self) -> None:
        self._present = lambda: Found(None, self.plan)
        for schedule, seed in self.plan.pasted:
            # The program has changed since, or should have: what does not fit is answered as well as it goes.
            found = explored(self._anew, Replay(schedule, strict=False), seed, **self.options)
            merge(self._faults, found.faults)
            if found.failed:
                self._fail(found)

    def _explore(self) -> None:
        plan = self.plan
        self._present = lambda: Found(current().seed - plan.seed, plan)
        chooser = "random" if plan.chooser is None else plan.chooser
        found = explore(self._anew, plan.schedules - 1, chooser, plan.seed + 1, progress=False, **self.options)
        merge(self._faults, found.faults)
        if found.failures:
            first = found.failures[0]
            self._present = lambda: Found(first.seed - plan.seed, plan, first)
            self._fail(self._shrunk(first))

    def _exhaust(self, budget: dict[str, Any]) -> None:
        self._present = lambda: Found(None, self.plan)
        found = exhaust(self._anew, progress=False, **{**self.options, "trace": False, **budget})
        keep_sentence(self.item, found)
        if found.failures:
            first = found.failures[0]
            self._present = lambda: Found(None, self.plan, first)
            self._fail(first)

    def _shrunk(self, failed: Run) -> Run:
        """The same failure, under a simpler schedule, and with the test's own seed if it does not look at that."""
        if not self.seconds or not self._fails_as(failed, failed.seed):
            return failed
        own = self.plan.own_seed
        seed = own if self._fails_as(failed, own) else failed.seed
        schedule = shrink(self._anew, failed.schedule, seconds=self.seconds, seed=seed, **self.options)
        return replace(failed, schedule=str(schedule), seed=seed)

    def _fails_as(self, failed: Run, seed: int) -> bool:
        again = explored(self._anew, Replay(failed.schedule, strict=False), seed, **self.options)
        return again.outcome == failed.outcome

    def _fail(self, failed: Run) -> None:
        """Run it as it has failed, and see it fail."""
        self.item.stash[found_key] = self._present()
        chooser = Replay(failed.schedule)
        sim = make(self.item, self.plan, Recorder(chooser), failed.seed)
        # What it makes is left for the report, and for pytest to tear down.
        set_up(self.item)
        sim.run(self._judged)
        chooser.check_finished()
        # If it has not failed yet it was the end of a fixture that failed.
        tear_down(self.item)
        raise NotDeterministic(
            f"under the schedule {failed.schedule} (seed {failed.seed}) the test failed with {failed.outcome}, and did "
            "not when it was run again: it depends on something outside its simulation"
        )

    async def _judged(self) -> None:
        sim = current()
        with judged(sim, self.plan, self.item.stash[allowed_key]):
            await self.test()
            no_leaks(self.plan.leaks)

    async def _anew(self) -> None:
        """All of it, fixtures as well, in the simulation that is current."""
        use(self.item, self.plan, current())
        self.item.stash[found_key] = self._present()
        try:
            set_up(self.item)
            await self._judged()
        finally:
            tear_down(self.item)
