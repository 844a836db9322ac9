"""`async` tests that hypothesis makes up arguments for: each example has a simulation and fixtures of its own."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest

from erlsim.pytest_plugin.fixtures import made_once, set_up, tear_down
from erlsim.pytest_plugin.plan import is_given, original, wants
from erlsim.pytest_plugin.running import SHRINK_SECONDS, Trial, arguments
from erlsim.pytest_plugin.simulations import make, plan_of

_SETTINGS = "_hypothesis_internal_use_settings"


def run_examples(item: pytest.Function) -> None:
    """Let hypothesis run an `async def` test."""
    handle: Any = item.obj.hypothesis
    inner = handle.inner_test
    function = inner if inspect.iscoroutinefunction(inner) else original(inner)
    plan = plan_of(item)
    # A replay is of one example; others ask other questions.
    plan.strict = False

    used: list[pytest.Function] = []

    @wraps(inner)
    def example(*args: Any, **drawn: Any) -> None:
        async def test() -> None:
            await function(*args, **(drawn | arguments(item)))

        if used:
            # What an example that has failed has left for the report goes only now.
            tear_down(item)
            make(item, plan)
            set_up(item)
        used.append(item)
        # Of the many that hypothesis tries, only the last one is shown.
        Trial(item, plan, test, SHRINK_SECONDS if _is_shown() else 0).run()
        tear_down(item)

    handle.inner_test = example
    try:
        item.obj(**arguments(item))
    finally:
        handle.inner_test = inner


def _is_shown() -> bool:
    """Whether the example that runs now is one that hypothesis is going to show."""
    from hypothesis.control import current_build_context

    return current_build_context().is_final


@contextmanager
def settings_of_examples(item: pytest.Item) -> Iterator[None]:
    """While this lasts hypothesis does not ask for what is so anyway: that fixtures are made anew for each example.

    Nor is an example, whose time is virtual and whose schedules may be many, held to a deadline in real time, unless
    the test has one of its own.
    """
    if not (isinstance(item, pytest.Function) and is_given(item) and wants(item)):
        yield
        return
    from hypothesis import HealthCheck, settings

    function = getattr(item.obj, "__func__", item.obj)
    given: settings = getattr(function, _SETTINGS)
    _refuse_what_is_made_once(item, given)
    changes: dict[str, Any] = {
        "suppress_health_check": [*given.suppress_health_check, HealthCheck.function_scoped_fixture]
    }
    usual: Any = settings.default
    if given.deadline == usual.deadline:
        changes["deadline"] = None
    setattr(function, _SETTINGS, settings(given, **changes))
    try:
        yield
    finally:
        setattr(function, _SETTINGS, given)


def _refuse_what_is_made_once(item: pytest.Function, given: Any) -> None:
    """As hypothesis does, of the fixtures that only pytest knows how to make."""
    from hypothesis import HealthCheck
    from hypothesis.errors import FailedHealthCheck

    names = made_once(item)
    if names and HealthCheck.function_scoped_fixture not in given.suppress_health_check:
        raise FailedHealthCheck(
            f"{item.nodeid!r} uses the function-scoped fixture {names[0]!r}, which has nothing to do with `sim` and so "
            "is not made anew for each example of `@given(...)`. If the test works correctly nevertheless, say so: "
            "@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])"
        )
