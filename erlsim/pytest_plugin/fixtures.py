"""Fixtures of a test that runs in a simulation: those that are `async`, and those that have to be made anew.

An `async` fixture of such a test runs in its simulation, as the shell does. What is made in a simulation is of no use
in another one. So whatever its scope, such a fixture lasts as long as the simulation: one that is for a module or
a session is made anew for each test, and for each schedule of a test. The same goes for what uses `sim`, and
for what uses either of them. All other fixtures are made once, as pytest does it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial, wraps
from typing import Any

import pytest

from erlsim.pytest_plugin.plan import is_ours
from erlsim.pytest_plugin.simulations import judge_end, sim_key, simulation_of
from erlsim.simulation import Simulation

# What was made in the present simulation, in this order: the fixture, and the request that it was made for.
_made_key = pytest.StashKey[list[tuple[Any, Any]]]()


def is_async(function: Callable[..., Any]) -> bool:
    """Whether this is how an `async` fixture is written."""
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


@contextmanager
def made_here(fixturedef: Any, request: Any) -> Iterator[None]:
    """A fixture is being set up: an `async` one of a test of ours runs in its simulation."""
    item = request._pyfuncitem
    function = fixturedef.func
    # What is declared as pytest-asyncio's own stays that.
    ours = is_async(function) and is_ours(item) and not hasattr(_plain(function), "_force_asyncio_fixture")
    if not ours and fixturedef.argname != "sim":
        yield
        return
    if ours:
        sim = simulation_of(item)
        fixturedef.func = _in_simulation(sim, _bound(function, request.instance))
        # It lasts no longer than the simulation does.
        item.addfinalizer(partial(fixturedef.finish, request=request))
    try:
        yield
    finally:
        fixturedef.func = function
    item.stash.setdefault(_made_key, []).append((fixturedef, request))


def _plain(function: Any) -> Any:
    return getattr(function, "__func__", function)


def _bound(function: Any, instance: Any) -> Any:
    """A fixture that is a method, with the instance that the test has."""
    owner = getattr(function, "__self__", None)
    if owner is None or instance is None or not isinstance(instance, type(owner)):
        return function
    return function.__func__.__get__(instance)


def _in_simulation(sim: Simulation, function: Any) -> Callable[..., Any]:
    """An `async` fixture as a plain one."""
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        def made(**arguments: Any) -> Any:
            return sim.run(partial(function, **arguments))

        return made

    @wraps(function)
    def yielded(**arguments: Any) -> Iterator[Any]:
        values = function(**arguments)
        yield sim.run(_first, values)
        sim.run(_rest, values)

    return yielded


async def _first(values: Any) -> Any:
    async for value in values:
        return value
    raise ValueError("an async fixture yielded nothing")


async def _rest(values: Any) -> None:
    async for _ in values:
        raise ValueError("an async fixture yields once")


def tear_down(item: pytest.Function) -> None:
    """End what was made in the present simulation, and whatever uses it."""
    with ExitStack() as stack:
        stack.callback(_forget_what_ended, item)
        stack.callback(judge_end, item.stash[sim_key])
        for fixturedef, request in item.stash.get(_made_key, []):
            stack.callback(fixturedef.finish, request)


def _forget_what_ended(item: pytest.Function) -> None:
    item.stash[_made_key] = []
    active = item._request._fixture_defs
    for name in [name for name, fixturedef in active.items() if fixturedef.cached_result is None]:
        del active[name]
        item.funcargs.pop(name, None)


def set_up(item: pytest.Function) -> None:
    """Make what is missing of the fixtures of a test, in the present simulation."""
    item._request._fillfixtures()


def made_once(item: pytest.Function) -> list[str]:
    """The fixtures for a function, among the arguments of the test, that are not made anew in each simulation."""
    anew = [fixturedef for fixturedef, _ in item.stash.get(_made_key, [])]
    return [
        name
        for name in item._fixtureinfo.argnames
        if (fixturedef := item._request._fixture_defs.get(name)) is not None
        # What a test is parametrized with looks like a fixture, and has no definition.
        and item._request._fixturemanager.getfixturedefs(name, item)
        and fixturedef.scope == "function"
        and not _uses(item, fixturedef, anew)
    ]


def _uses(item: pytest.Function, fixturedef: Any, anew: list[Any]) -> bool:
    if fixturedef in anew:
        return True
    others = (item._request._fixture_defs.get(name) for name in fixturedef.argnames if name != fixturedef.argname)
    return any(other is not None and _uses(item, other, anew) for other in others)
