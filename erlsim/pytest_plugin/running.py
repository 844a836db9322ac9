"""How an `async def` test is run: once, or under many schedules."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from erlsim.errors import ErlsimError
from erlsim.pytest_plugin.judging import judged
from erlsim.pytest_plugin.plan import Plan, original
from erlsim.pytest_plugin.simulations import make, recorder_key
from erlsim.simulation import Simulation, current
from erlsim.testing.explore import explore
from erlsim.testing.leaks import no_leaks
from erlsim.testing.rechecks import NotDeterministic
from erlsim.testing.runs import Run
from erlsim.testing.schedules import Replay
from erlsim.testing.strikes import check_struck


def run(item: pytest.Function) -> None:
    """Run an `async def` test, under as many schedules as are asked for."""
    function: Callable[..., Any] = item.obj
    if not inspect.iscoroutinefunction(function):
        function = original(function)
        if item.instance is not None:
            function = function.__get__(item.instance)
    plan = Plan(item)
    failed: Run | None = None
    if plan.schedules > 1 and plan.replay is None:
        _check_fixtures(item)
        failed = _explore(item, function, plan)
        if failed is None:
            plan.check_crashes()
            return
    given: Any = item.funcargs.get("sim") if failed is None else None
    sim: Simulation = given if given is not None else make(item, failed)
    sim.run(_test(item, function, plan))
    chooser = item.stash[recorder_key].chooser
    if isinstance(chooser, Replay):
        chooser.check_finished()
    if failed is not None:
        raise NotDeterministic(
            f"under the schedule {failed.schedule} (seed {failed.seed}) the test failed with {failed.outcome}, and did "
            "not when it was run again: it depends on something outside its simulation"
        )


def _explore(item: pytest.Function, function: Callable[..., Any], plan: Plan) -> Run | None:
    """The first of the test's schedules that fails, if one does."""
    options = {"trace": True, **plan.options}
    test = _test(item, function, plan)
    found = explore(test, plan.schedules, plan.chooser, plan.seed, progress=False, **options)
    if found.failures:
        return found.failures[0]
    if plan.is_whole:
        check_struck(found.faults)
    return None


def _test(item: pytest.Function, function: Callable[..., Any], plan: Plan) -> Callable[[], Any]:
    """The test without arguments: its `sim` is the simulation that it runs in."""
    names = item._fixtureinfo.argnames

    async def test() -> Any:
        arguments = {name: item.funcargs[name] for name in names}
        if "sim" in arguments:
            arguments["sim"] = current()
        with judged(current(), plan):
            value = await function(**arguments)
            no_leaks(plan.leaks)
        return value

    return test


def _check_fixtures(item: pytest.Function) -> None:
    """Refuse fixtures that would know the first simulation alone."""
    for name, found in item._fixtureinfo.name2fixturedefs.items():
        if "sim" in found[-1].argnames:
            raise ErlsimError(
                f"the fixture {name!r} uses `sim`: it is made once, in the first simulation, and under several "
                "schedules each has one of its own; make it a function that the test calls"
            )
