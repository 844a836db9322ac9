"""Whether a test that ended well did so: a crash that nobody expected fails it, and a fault that never struck."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pytest

from erlsim.pytest_plugin.plan import Plan, wants
from erlsim.pytest_plugin.simulations import allowed_key, plan_of, sim_key
from erlsim.simulation import Simulation
from erlsim.testing.strikes import check_struck, faults_of
from erlsim.trace.crashes import Expectation

NEVER_AWAITED = "coroutine .* was never awaited"


@contextmanager
def judged(sim: Simulation, plan: Plan, allowed: Expectation | None) -> Iterator[None]:
    """A test runs here: `UnexpectedCrash` if it ends well and a process crashed that nobody expected to.

    `AssertionError` if it has asked for a fault that never struck; of many schedules, one in which it strikes will do.
    `allowed` is what it says of crashes.

    What is to happen at the instant of its end happens first: a message that was just sent may be what its receiver
    dies of. A coroutine that Python finds nobody to have awaited counts as a crash.
    """
    crashes = sim.crashes
    with warnings.catch_warnings():
        warnings.filterwarnings("always", NEVER_AWAITED, RuntimeWarning)
        shown: Any = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *more: Any, **others: Any) -> None:
            if issubclass(category, RuntimeWarning) and re.match(NEVER_AWAITED, str(message)):
                crashes.never_awaited(f"{message}: whoever called it did not wait for it, so it did nothing")
            else:
                shown(message, category, *more, **others)

        warnings.showwarning = show
        yield
        sim.advance(0)
    crashes.judge()
    sim.check_portable()
    if plan.runs_once and plan.is_whole:
        check_struck(faults_of(sim))
    if allowed is not None and allowed.taken:
        plan.has_crashed = True
    elif isinstance(plan.crashes, str) and plan.runs_once:
        plan.check_crashes()


def judged_plain(item: pytest.Item) -> AbstractContextManager[None]:
    """As `judged`, for a test that is no `async def`."""
    if sim_key not in item.stash or (isinstance(item, pytest.Function) and wants(item)):
        return nullcontext()
    return judged(item.stash[sim_key], plan_of(item), item.stash[allowed_key])
