"""hypothesis: stateful tests of a running tree.

A `TreeMachine` is a `RuleBasedStateMachine` whose state is a simulation: hypothesis draws the schedule and a
sequence of rules (time passes, a worker crashes, whatever a subclass adds), and shrinks a sequence
that breaks an invariant. Rules and invariants are plain functions to hypothesis; `in_shell` makes one of an
`async def` by running it as the machine's shell. Needs the extra `hypothesis`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from erlsim import erlang
from erlsim.simulation import Simulation
from erlsim.terms import Pid, Term, format
from erlsim.testing.choosers import Deviate
from erlsim.testing.strategies import reasons, schedule_choosers
from erlsim.trace.tree import Node

LONGEST_PAUSE_MS = 10_000


def in_shell(function: Callable[..., Any]) -> Callable[..., Any]:
    """A method that runs `function`, an `async def` or a plain method of a `TreeMachine`, as its shell.

    Put it below `rule`, `invariant` or `initialize`.
    """

    @wraps(function)
    def run(self: TreeMachine, *args: Any, **kwargs: Any) -> Any:
        return self.sim.run(lambda: function(self, *args, **kwargs))

    return run


class TreeMachine(RuleBasedStateMachine):
    """A supervision tree in a simulation of its own, to be disturbed.

    A subclass defines `start()`, an `async def` that starts the tree as the shell (which traps exits) and
    returns the pid at its top, and adds invariants and rules of its own; `sim` is the simulation, `top` that pid.
    `sim_options` are given to `Simulation`.
    """

    sim_options: Mapping[str, Any] = MappingProxyType({})

    sim: Simulation
    top: Pid

    async def start(self) -> Pid:
        """Start the tree: the pid at its top."""
        raise NotImplementedError(f"{type(self).__name__} must define start(), which returns the pid at the tree's top")

    @initialize(chooser=schedule_choosers())
    def begin(self, chooser: Deviate) -> None:
        """The tree is started, under a schedule."""
        self.sim = Simulation(chooser=chooser, **self.sim_options)
        self.top = self.sim.run(self._start)

    async def _start(self) -> Pid:
        erlang.process_flag("trap_exit", True)
        return await self.start()

    @rule(ms=st.integers(1, LONGEST_PAUSE_MS))
    def time_passes(self, ms: int) -> None:
        """So many ms pass, with everything that happens in them."""
        self.sim.advance(ms)

    @rule(which=st.integers(0, 9), reason=reasons())
    def a_worker_crashes(self, which: int, reason: Term) -> None:
        """A worker ends for a reason, as if its own code had failed, and this instant takes its course."""
        workers = self.workers()
        if workers:
            name, pid = workers[which % len(workers)]
            note(f"{name} ends: {format('~0tp', [reason])}")
            self.sim.crash(pid, reason)
            self.sim.advance(0)

    def workers(self) -> list[tuple[str, Pid]]:
        """The tree's children that live and supervise nobody, `(name, pid)`, from the top."""
        nodes = _all(self.sim.tree().nodes)
        return [(node.title, node.pid) for node in nodes if node.kind == "worker" and node.pid is not None]

    def teardown(self) -> None:
        """Hypothesis calls it after each sequence of rules."""
        if hasattr(self, "sim"):
            note("\n".join(["the processes at the end:", *self.sim.describe()]))
            self.sim.close()


def _all(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all(node.children)
        yield from _all(node.spawned)


__all__ = ["TreeMachine", "in_shell"]
