"""A program run again with the schedule of an earlier run, and with acts at some of its events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from erlsim._kernel import here
from erlsim.errors import ErlsimError
from erlsim.playing.acts import Act
from erlsim.trace import Event, Trace

Simulation = Any
"""An `erlsim.Simulation`, whose module is above this one."""


class Again:
    """Chooses as before as long as that is to be repeated, and then as `chooser` does.

    `log` has each choice, with the number of events that had happened when it was made.
    """

    def __init__(self, chooser: Any, past: Sequence[int], count: Callable[[], int]) -> None:
        self.chooser = chooser
        self.past = past
        self.count = count
        self.log: list[tuple[int, int]] = []

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """What was chosen then, while there is such a choice."""
        # The chooser is asked even so: one that draws goes on as it would have.
        fresh = self.chooser.choose(kind, options)
        place = len(self.log)
        found = self.past[place] if place < len(self.past) and self.past[place] < len(options) else fresh
        self.log.append((self.count(), found))
        return int(found)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.chooser, name)


@dataclass
class Run:
    """One run: its simulation, what the program returned or raised, and what it was made of."""

    sim: Simulation
    value: Any = None
    error: Exception | None = None
    choices: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Program:
    """`make(**options)` makes a simulation, in which `main(*args)` runs."""

    make: Callable[..., Simulation]
    options: dict[str, Any]
    main: Callable[..., Any]
    args: tuple[Any, ...] = ()

    def run(self, acts: Sequence[Act] = (), extra: int = 0, before: Run | None = None) -> Run:
        """Run it, with `acts` at their events and `extra` ms more at its end; as `before` up to the last act."""
        until = max((act.event for act in acts), default=0)
        past = [] if before is None else [choice for count, choice in before.choices if count < until]
        options = dict(self.options)
        found: list[Any] = []
        again = None
        if options.get("chooser") is not None:
            again = Again(options["chooser"], past, lambda: len(found[0].trace) if found else 0)
            options["chooser"] = again
        sim = self.make(**options)
        found.append(sim)
        run = Run(sim)
        if again is not None:
            run.choices = again.log
        conductor = _Conductor(sim, acts)
        try:
            run.value = sim.run(self.main, *self.args)
        except Exception as exc:
            run.error = exc
        if (extra or acts) and not conductor.failures:
            _go_on(sim, extra, run)
        if conductor.failures:
            raise conductor.failures[0]
        return run


def _go_on(sim: Simulation, extra: int, run: Run) -> None:
    try:
        sim.advance(extra)
    except Exception as exc:
        run.error = run.error or exc


class _Conductor:
    """Watches for the events of the acts, and performs these."""

    def __init__(self, sim: Simulation, acts: Sequence[Act]) -> None:
        self.sim = sim
        self.failures: list[ErlsimError] = []
        self._due: dict[int, list[Act]] = {}
        for act in acts:
            self._due.setdefault(act.event, []).append(act)
        if acts:
            sim.observe(self._see)

    def _see(self, event: Event) -> None:
        for act in self._due.pop(len(self.sim.trace), ()):
            if act.late:
                timeout = self.sim.env.timeout(act.late)
                timeout.callbacks.append(lambda _event, act=act: self._perform(act))
            else:
                self._perform(act)

    def _perform(self, act: Act) -> None:
        try:
            with self.sim:
                act.perform(here())
        except ErlsimError as failure:
            self.failures.append(failure)


def check_same(before: Trace, after: Trace, events: int) -> None:
    """`ErlsimError` unless two traces begin with the same events: a program must do the same each time."""
    for number in range(events):
        old = str(before[number])
        new = str(after[number]) if number < len(after) else "nothing"
        if old != new:
            raise ErlsimError(
                f"the program does not do the same each time: event {number + 1} was\n  {old}\nand is now\n  {new}"
            )
