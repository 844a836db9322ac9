"""All that a scenario can come to: whether a prototype and its port have the same set of outcomes.

An outcome is what all steps together showed. Either so many schedules with preemption are drawn for each side, or all
interleavings that anybody could tell apart are gone through, which then says that there are no other outcomes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from erlsim.porting.scenarios import comparing
from erlsim.porting.scenarios.checks import aliases, in_words
from erlsim.porting.scenarios.forms import step_text
from erlsim.porting.scenarios.patterns import Unbound
from erlsim.porting.scenarios.runs import ErlangWorld, Place, PythonWorld, Run, World, steps_in
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.simulation import current
from erlsim.testing import Exhaustion, exhaust, explore
from erlsim.testing.runs import outcome_of

MAX_RUNS = 20_000


@dataclass
class Outcomes:
    """What a scenario came to in one world: of each outcome how often, a schedule that leads there, and a run."""

    world: str
    counts: dict[str, int] = field(default_factory=dict)
    schedules: dict[str, str] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    complete: bool = False
    sentence: str = ""

    def __len__(self) -> int:
        return len(self.counts)


@dataclass(frozen=True)
class Only:
    """An outcome that one side has and the other has not: the step where it departs from all of those."""

    scenario: str
    world: str
    other: str
    step: int
    text: str
    shown: str
    schedule: str

    def __str__(self) -> str:
        return (
            f"{self.scenario}: step {self.step}, {self.text}\n"
            f"  only {self.world} comes to this, {self.other} did not:\n"
            + "\n".join(f"    {line}" for line in self.shown.splitlines())
            + f"\n  under the schedule {self.schedule}"
        )


@dataclass
class Sets:
    """The outcomes of both sides, and those that only one of them has."""

    scenario: Scenario
    left: Outcomes
    right: Outcomes
    only: list[Only]

    @property
    def equal(self) -> bool:
        """Whether both sides came to the same."""
        return not self.only

    @property
    def complete(self) -> bool:
        """Whether no other outcome exists."""
        return self.left.complete and self.right.complete

    def sentence(self) -> str:
        """What was compared, and how much that says."""
        sides = f"{self.left.world} ({self.left.sentence}) and {self.right.world} ({self.right.sentence})"
        same = _number(len(self.left), "outcome") if self.equal else "not the same outcomes"
        none = "no other exists" if self.complete else "others may exist"
        return f"{'the same ' if self.equal else ''}{same} on {sides}; {none}"

    def __str__(self) -> str:
        return "\n".join([f"{self.scenario.name}: {self.sentence()}", *map(str, self.only)])

    def to_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "scenario": self.scenario.name,
            "equal": self.equal,
            "complete": self.complete,
            "outcomes": {each.world: len(each) for each in (self.left, self.right)},
            "only": [
                {"world": each.world, "step": each.step, "text": each.text, "shown": each.shown}
                | {"schedule": each.schedule}
                for each in self.only
            ],
        }


def outcomes_of(
    world: World, scenario: Scenario, *, schedules: int | None = None, max_runs: int = MAX_RUNS, progress: bool = False
) -> Outcomes:
    """What a scenario comes to in a world: under so many schedules that are drawn, or under all if that is `None`."""
    found = Outcomes(world.name)
    runs: dict[str, Run] = {}

    async def test() -> str:
        run = Run(world.name, scenario)
        try:
            await steps_in(world, scenario, current(), run)
        except Unbound as exc:
            run.failure = str(exc)
        key = json.dumps([[each.tree for each in run.seen], run.failure], sort_keys=True)
        runs.setdefault(outcome_of(key), run)
        return key

    options: dict[str, Any] = {"preempt": True, "stop": False, "progress": progress}
    if schedules is None:
        searched = exhaust(test, max_runs=max_runs, **options)
        found.complete = searched.complete
        most = f"all {_number(searched.runs, 'interleaving')}"
        found.sentence = most if searched.complete else f"{_number(searched.runs, 'interleaving')}, {_why(searched)}"
        found.counts, found.schedules = searched.outcomes, searched.examples
    else:
        drawn = explore(test, schedules=schedules, **options)
        found.sentence = f"{_number(drawn.runs, 'schedule')} drawn"
        found.counts, found.schedules = drawn.outcomes, drawn.examples
    found.runs = {key: runs[key] if key in runs else _failed(world, scenario, key) for key in found.counts}
    return found


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _why(searched: Exhaustion) -> str:
    """Why a search is not complete, without the outcome that a random schedule came to beside it."""
    drawn = "a random schedule came to"
    return f"and {drawn} yet another outcome" if searched.why_not.startswith(drawn) else searched.why_not


def _failed(world: World, scenario: Scenario, why: str) -> Run:
    """A run that ended in an exception of the simulation's own: a deadlock, a livelock."""
    return Run(world.name, scenario, failure=why.partition(":")[0])


def compare_outcomes(
    scenario: Scenario,
    *,
    port: Place | Sequence[Place],
    prototype: Place | None = None,
    schedules: int | None = None,
    max_runs: int = MAX_RUNS,
    progress: bool = False,
) -> Sets:
    """All that a scenario comes to on the prototype and on the port, neither on a BEAM.

    Under so many `schedules` that are drawn, or, if that is `None`, under all that anybody could tell apart, as far as
    `max_runs` reach.
    """
    sides = []
    for world in (PythonWorld(scenario, prototype), ErlangWorld(port)):
        sides.append(outcomes_of(world, scenario, schedules=schedules, max_runs=max_runs, progress=progress))
    left, right = sides
    only = [*_only(scenario, left, right), *_only(scenario, right, left)]
    return Sets(scenario, left, right, only)


def _only(scenario: Scenario, mine: Outcomes, theirs: Outcomes) -> list[Only]:
    """The outcomes that one side alone has."""
    found = []
    for key, run in mine.runs.items():
        apart = [_departs(run, other) for other in theirs.runs.values()]
        if None in apart:
            continue
        at = max((each for each in apart if each is not None), default=0)
        number = run.seen[at].step if at < len(run.seen) else len(scenario.steps) - 1
        shown = in_words(run.seen[at].tree) if at < len(run.seen) else run.failure
        text = step_text(scenario.steps[number])
        found.append(Only(scenario.name, mine.world, theirs.world, number + 1, text, shown, mine.schedules[key]))
    return found


def _departs(run: Run, other: Run) -> int | None:
    """The index of the first observation that differs; `None` if none does."""
    unordered = [step.is_sorted for step in run.scenario.steps if not step.is_silent]
    mine, theirs = ([each.tree for each in one.seen] for one in (run, other))
    at = comparing.first_difference(mine, theirs, unordered, aliases(run, other))
    if at is None and run.failure != other.failure:
        return len(run.seen)
    return at
