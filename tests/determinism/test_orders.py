"""What ran before in the same Python process changes nothing: not what is observed, not one byte of a trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import director
import erlsim
from erlsim import code, erlang, terms, testing
from erlsim.errors import caught
from erlsim.otp import gen_server, supervisor
from tests.determinism import orders

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def digests():
    """The digests of each order by name; the orders run at the same time, each in a process of its own."""
    names = [order for order in orders.ORDERS if order != "fresh" or hasattr(os, "fork")]
    command = [sys.executable, "-m", "tests.determinism.orders"]
    runs = {name: subprocess.Popen([*command, name], cwd=ROOT, stdout=subprocess.PIPE, text=True) for name in names}
    told = {name: run.communicate(timeout=900)[0] for name, run in runs.items()}
    assert [run.returncode for run in runs.values()] == [0] * len(runs)
    return {name: dict(map(json.loads, text.splitlines())) for name, text in told.items()}


@pytest.mark.parametrize("order", [order for order in orders.ORDERS if order != "forward"])
def test_a_scenario_goes_the_same_way_whatever_ran_before_it(order, digests):
    if order not in digests:
        pytest.skip("this platform has no fork")
    forward = digests["forward"]
    assert len(forward) == len(orders.recorded())
    assert len(digests[order]) >= (len(forward) // orders.FRESH if order == "fresh" else len(forward)) > 40
    assert [name for name, digest in digests[order].items() if digest != forward[name]] == []


# -- what once was left behind ---------------------------------------------------------------------


class Store:
    """A server and a supervisor of it."""

    def init(arg):
        return ("ok", arg)

    def handle_call(request, from_, state):
        return ("reply", (1, request), state)

    def start_link():
        return gen_server.start_link(Store, "s", [])


class NewStore:
    """Its next version."""

    init = Store.init

    def handle_call(request, from_, state):
        return ("reply", (2, request), state)


erlsim.module(name="determinism_store")(Store)


async def ask():
    _, pid = await gen_server.start_link("determinism_store", "s", [])
    return await gen_server.call(pid, "q")


def test_a_version_that_is_loaded_is_gone_with_its_simulation():
    async def upgraded():
        code.load("determinism_store", NewStore)
        return await ask(), code.name(NewStore)

    assert erlsim.run(ask) == (1, "q")
    assert erlsim.run(upgraded) == ((2, "q"), "determinism_store")
    assert erlsim.run(ask) == (1, "q")
    assert erlsim.run(lambda: code.name(NewStore)) == "new_store"


def test_a_module_that_one_simulation_loads_is_undef_in_the_next():
    def load():
        code.load("determinism_loaded", Store)
        return code.function_exported("determinism_loaded", "init", 1)

    assert erlsim.run(load) is True
    assert erlsim.run(lambda: code.function_exported("determinism_loaded", "init", 1)) is False
    assert code.function_exported("determinism_loaded", "init", 1) is False


def test_what_is_purged_in_one_simulation_is_there_in_the_next():
    def purge():
        code.load("determinism_store", NewStore)
        assert code.resolve("determinism_store") is NewStore
        purged = code.purge("determinism_store")
        return purged, code.purge("determinism_store"), code.resolve("determinism_store")

    assert erlsim.run(purge) == (True, False, Store)
    assert erlsim.run(ask) == (1, "q")


def test_a_start_that_was_made_to_fail_is_an_ordinary_function_afterwards():
    before = Store.init

    async def failing():
        testing.fail_start("determinism_store", certain=True)
        testing.fail_start(Store, function="start_link", certain=True)
        erlang.process_flag("trap_exit", True)
        spec = {"id": "s", "start": (Store, "start_link", [])}
        named = {"id": "s", "start": ("determinism_store", "start_link", [])}
        first = await supervisor.start_link(Tree, ({}, [spec]))
        return first[0], Store.init("plain"), (await supervisor.start_link(Tree, ({}, [named])))[0]

    assert erlsim.run(failing)[:2] == ("error", ("ok", "plain"))
    assert Store.init is before
    assert Store.init("outside") == ("ok", "outside")


class Tree:
    """A supervisor of whatever it is given."""

    def init(arg):
        return ("ok", arg)


def test_directors_are_linted_inside_the_block_alone():
    spec = {"id": "a", "start": ("determinism_store", "start_link"), "plan": []}

    async def main():
        _, pid = await director.start_link(Tree, [])
        return await director.start_child(pid, spec)

    with director.linting() as found:
        erlsim.run(main)
    assert len(found) == 1
    erlsim.run(main)
    assert len(found) == 1


def test_objects_that_one_simulation_has_ordered_have_no_order_in_the_next():
    one, other = object(), object()
    assert erlsim.run(lambda: terms.sort([other, one])) == [other, one]
    assert erlsim.run(lambda: terms.sort([one, other])) == [one, other]


def test_a_comprehension_has_no_frame_of_its_own_in_a_stack():
    def crash():
        return [{1 // number for number in (row,)} for row in (1, 0)]

    with pytest.raises(ZeroDivisionError) as crashed:
        crash()
    kind, _, stack = caught(crashed.value)
    assert kind == "error"
    assert stack[0][1] == "crash"
    assert not any("comp>" in entry[1] for entry in stack)
