"""Random calls of the API: none hangs, and none breaks the world in which it was made."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

import director
import gen_tracker
from erlsim import ErlangException, ErlsimError, Simulation, erlang, ets, terms, timer
from erlsim.otp import gen_server, proc_lib, supervisor, sys
from tests.hostile.kit import attacked
from tests.hostile.test_terms import hostile

MODULES = (erlang, ets, timer, terms, gen_server, supervisor, proc_lib, sys, director, gen_tracker)
# What does not come back: by design, or as long as it is told to.
NEVER_RETURN = {"hibernate", "receive", "sleep", "halt", "become", "yield_", "linting", "timeline"}


def _functions():
    found = []
    for module in MODULES:
        for name in module.__all__ if hasattr(module, "__all__") else dir(module):
            function = getattr(module, name)
            if inspect.isfunction(function) and name[0] != "_" and name not in NEVER_RETURN:
                found.append((module.__name__, name, function))
    return found


FUNCTIONS = _functions()
PID, REF = "a pid", "a reference"
words = st.sampled_from(
    "ok normal kill infinity undefined process flush info link name table set bag public named_table worker x".split()
)
arguments = st.lists(hostile | words | st.integers(0, 40) | st.just(PID) | st.just(REF), max_size=4)


@attacked
@given(st.lists(st.tuples(st.sampled_from(range(len(FUNCTIONS))), arguments), min_size=1, max_size=6))
def test_random_calls_fail_as_erlang_does_and_the_world_lives_on(calls):
    sim = Simulation(max_steps_per_instant=20_000, max_time=10**9)

    async def one(function, args):
        result = function(*args)
        if inspect.iscoroutine(result):
            await result

    async def main():
        me, ref = erlang.self(), erlang.make_ref()
        erlang.register("name", erlang.spawn(lambda: erlang.receive()))
        for number, args in calls:
            given_args = [me if each is PID else ref if each is REF else each for each in args]
            _, watched = erlang.spawn_monitor(one, [FUNCTIONS[number][2], given_args])
            await erlang.receive(("DOWN", watched, ..., ..., ...), after=1_000)

    try:
        sim.run(main)
    except (ErlangException, ErlsimError):
        pass  # somebody has ended the shell, or spins
    if not any(_lets_no_time_pass(FUNCTIONS[number][1], args) for number, args in calls):
        assert sim.run(_still_works) == "pong"


def _lets_no_time_pass(function, args):
    """An interval of 0 ms: whatever a world with it does afterwards spins, too, and it says so."""
    return function in ("send_interval", "apply_interval") and args[:1] == [0]


async def _still_works():
    parent = erlang.self()
    erlang.process_flag("trap_exit", True)
    tag = erlang.make_ref()
    erlang.spawn(lambda: erlang.send(parent, (tag, "pong")))
    return (await erlang.receive((tag, ...)))[1]


@pytest.mark.parametrize("module", [module.__name__ for module in MODULES])
def test_every_module_takes_part(module):
    assert any(name == module for name, _, _ in FUNCTIONS)
