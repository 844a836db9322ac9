"""The trace tells everything: what it says of the world at its end is what the world says of itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import erlsim
from erlsim import ErlsimError, erlang, timer
from erlsim.testing.choosers import RandomWalk
from erlsim.trace import Trace
from erlsim.trace.events import WIDTHS
from tests.golden import areas, world
from tests.trace.programs import child, ping_pong, run, top, two_crashes
from tests.trace.replay import Replay

ROOT = Path(__file__).parents[2]
SAMPLED = [
    (area, scenario)
    for area, every in (("process", 16), ("gen_server", 30), ("supervisor", 12), ("director", 16), ("gen_tracker", 16))
    for scenario in areas.scenarios(areas.DATA, area)[::every]
]


class Watched(world.Driver):
    """Takes the steps of a golden scenario, and compares after each."""

    def __init__(self, sim):
        super().__init__(sim.reports)
        self.replay = Replay(sim)
        self.differences = []

    async def _settle(self):
        await super()._settle()
        self.differences += self.replay.check()


@pytest.mark.parametrize("schedule", ["fifo", "random"])
@pytest.mark.parametrize(("area", "scenario"), SAMPLED, ids=[scenario["name"] for _, scenario in SAMPLED])
def test_the_trace_says_what_the_world_says_throughout_a_golden_scenario(area, scenario, schedule):
    sim = erlsim.Simulation(chooser=RandomWalk(7) if schedule == "random" else None)
    driver = Watched(sim)
    sim.run(driver.main, scenario["steps"])
    assert driver.differences == []
    assert driver.replay.check() == []


@pytest.mark.parametrize("program", [two_crashes, ping_pong])
def test_the_tree_after_the_last_event_is_the_tree_of_now(program):
    sim = run(program)
    assert sim.trace.at(len(sim.trace) - 1).tree == sim.tree()


def test_a_moment_has_the_tree_and_the_mailboxes_of_then():
    async def main():
        async def deaf():
            await erlang.receive("never")

        pid = erlang.spawn(deaf)
        erlang.send(pid, "one")
        await timer.sleep(10)
        erlang.send(pid, "two")
        await timer.sleep(10)
        erlang.exit(pid, "kill")
        await timer.sleep(10)

    sim = run(main)
    (first, second), (killed,) = [
        [index for index, event in enumerate(sim.trace) if event.kind == kind] for kind in ("send", "exit")
    ]
    assert [box.messages for box in sim.trace.at(first).mailboxes] == [("one",)]
    moment = sim.trace.at(second)
    assert (moment.time, moment.mailboxes[0].title, moment.mailboxes[0].messages) == (10, "deaf", ("one", "two"))
    assert moment.tree == ("deaf", "running")
    assert sim.trace.at(killed).tree == []
    assert sim.trace.at(killed).mailboxes == ()
    assert sim.trace.at(-1).tree.text() == "shell <0.83.0>"


def test_a_message_that_a_fault_has_swallowed_lies_in_no_mailbox():
    async def main():
        async def deaf():
            await erlang.receive("never")

        pid = erlang.spawn(deaf)
        sim.intercept(lambda sender, receiver, kind, term: "ignore" if term == "lost" else 0)
        erlang.send(pid, "lost")
        erlang.send(pid, "kept")
        await timer.sleep(1)

    sim = erlsim.Simulation()
    sim.run(main)
    assert [box.messages for box in sim.trace.at(len(sim.trace) - 1).mailboxes] == [("kept",)]
    assert Replay(sim).check() == []


def test_there_is_no_moment_outside_the_trace():
    sim = run(ping_pong)
    with pytest.raises(ErlsimError, match=rf"there is no event {len(sim.trace)}: the trace has {len(sim.trace)}"):
        sim.trace.at(len(sim.trace))


def test_a_trace_whose_beginning_was_forgotten_can_be_drawn():
    async def main():
        await top([child("a"), child("b")])
        erlang.process_flag("trap_exit", True)
        sim.trace.clear()
        erlang.exit(erlang.whereis("a"), "kill")
        await timer.sleep(10)

    sim = erlsim.Simulation()
    sim.run(main)
    for picture in (sim.trace.at(len(sim.trace) - 1).tree, sim.trace.sequence(), sim.trace.timeline()):
        assert picture.text() and picture.svg() and picture.mermaid()
    assert sim.trace.to_chrome() and sim.to_html()


def test_every_event_that_is_noted_has_the_number_of_values_that_the_trace_counts_on():
    found = set()
    for path in (ROOT / "erlsim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="note"), args=[ast.Constant(value=str(kind)), _, *data]):
                    found.add((kind, len(data)))
                case ast.Call(func=ast.Attribute(attr="tracer") | ast.Name(id="tracer"), args=[ast.Tuple(elts=elts)]):
                    match elts:
                        case [_, ast.Constant(value=str(kind)), _, *data]:
                            found.add((kind, len(data)))
    assert len(found) > 15
    assert [(kind, count) for kind, count in sorted(found) if WIDTHS.get(kind) != count] == []


def test_a_row_is_what_the_kernel_noted():
    sim = run(ping_pong)
    rows = sim.trace.rows
    assert len(rows) == len(sim.trace) == len(list(sim.trace))
    assert [(event.time, event.kind, event.pid, *event.data) for event in sim.trace] == rows
    assert sim.trace[-1] == list(sim.trace)[-1]


def test_events_of_a_kind_that_there_is_not_are_refused_with_those_that_there_are():
    trace = Trace()
    assert trace.of("exit", "spawn") == []
    with pytest.raises(ErlsimError, match=r"no event is of kind 'exti'; there are spawn, .*; did you mean 'exit'\?"):
        trace.of("spawn", "exti")
