"""Stateful tests of a running tree, by rules that hypothesis draws."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

import erlsim
from erlsim import Simulation, erlang
from erlsim.otp import supervisor
from erlsim.testing.stateful import TreeMachine, in_shell
from erlsim.testing.strategies import terms_

# To explain a failure hypothesis traces every line of it, many times over.
phases = set(Phase) - {Phase.explain}
few = settings(database=None, deadline=None, derandomize=True, max_examples=30, stateful_step_count=15, phases=phases)


@erlsim.module(name="stateful_top")
class Top:
    def init(intensity):
        children = [{"id": name, "start": ("stateful_top", "start_link", [])} for name in ("a", "b")]
        return ("ok", ({"strategy": "one_for_one", "intensity": intensity, "period": 1}, children))

    def start_link():
        return ("ok", erlang.spawn_link(idle))


async def idle():
    await erlang.receive("never")


class Patient(TreeMachine):
    """A supervisor that never gives up, whose children are always there again."""

    intensity = 1_000

    async def start(self):
        return (await supervisor.start_link(Top, self.intensity))[1]

    @rule(message=terms_())
    @in_shell
    async def a_stranger_sends(self, message):
        erlang.send(self.top, message)

    @invariant()
    @in_shell
    async def both_children_are_there(self):
        assert erlang.is_process_alive(self.top), "the supervisor is gone"
        assert dict(await supervisor.count_children(self.top))["active"] == 2


class Impatient(Patient):
    intensity = 2


def test_a_tree_that_holds_its_invariants_passes():
    run_state_machine_as_test(Patient, settings=few)


def test_a_tree_that_breaks_one_fails_with_the_shortest_sequence_of_rules():
    with pytest.raises(AssertionError, match="the supervisor is gone") as failure:
        run_state_machine_as_test(Impatient, settings=settings(few, max_examples=200))
    told = "\n".join(failure.value.__notes__)
    assert told.count("state.a_worker_crashes(") == 3 and told.count("state.time_passes(") == 0
    assert "state.begin(chooser=Deviate({}))" in told
    assert "ends: normal" in told


def test_a_machine_without_a_start_says_what_is_missing():
    class Bare(TreeMachine):
        pass

    with pytest.raises(NotImplementedError, match="Bare must define start"):
        run_state_machine_as_test(Bare, settings=few)


def test_what_runs_in_the_shell_may_be_plain_and_returns_its_value():
    class Machine(Patient):
        @in_shell
        def plain(self, number):
            return (number, erlang.self())

    machine = Machine()
    machine.sim = Simulation()
    number, pid = machine.plain(3)
    assert number == 3 and pid == machine.sim.run(erlang.self)
