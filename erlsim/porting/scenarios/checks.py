"""Whether two runs of a scenario showed the same, and the check of a port as a whole."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import comparing, tagged
from erlsim.porting.scenarios.forms import step_text
from erlsim.porting.scenarios.runs import Place, Run, run_on_erlang, run_on_python
from erlsim.porting.scenarios.scenario import Scenario

# In real time a step may take so much longer than in virtual time, and so much shorter: clocks tick in milliseconds.
LATE_MS, EARLY_MS = 100, 5
# Real time plays a part in a run on the BEAM: what differs is tried again before it counts.
ATTEMPTS = 3


class Side(NamedTuple):
    """What one run showed at a step."""

    world: str
    text: str


@dataclass(frozen=True)
class Difference:
    """The first step at which two runs differ, or one of them is not as expected: `step` counts from 1."""

    scenario: str
    step: int
    text: str
    label: str
    what: str
    left: Side
    right: Side

    @property
    def name(self) -> str:
        """The step as a reader calls it."""
        return f"step {self.step}, {self.text}"

    def __str__(self) -> str:
        head = f"{self.scenario}: {self.name}"
        lines = [head, *(f"  %% {line}" for line in self.label.splitlines()), f"  {self.what}:"]
        if "\n" not in self.left.text + self.right.text:
            width = max(len(self.left.world), len(self.right.world))
            return "\n".join([*lines, *(f"    {side.world:<{width}}  {side.text}" for side in (self.left, self.right))])
        lines.append(f"    - {self.left.world}    + {self.right.world}")
        marked = difflib.ndiff(self.left.text.splitlines(), self.right.text.splitlines())
        return "\n".join([*lines, *(f"    {line.rstrip()}" for line in marked if not line.startswith("?"))])


def compare(scenario: Scenario, left: Run, right: Run) -> Difference | None:
    """The first difference of two runs, the prototype's on the left; `None` if there is none.

    Pids and references are the same if one renaming makes them so throughout; atoms, if they are or if they are names
    of the same module; the time that a step takes exactly in virtual time, and to a tolerance in real time.
    """
    trees = [[each.tree for each in run.seen] for run in (left, right)]
    unordered = [step.is_sorted for step in scenario.steps if not step.is_silent]
    at = comparing.first_difference(trees[0], trees[1], unordered, aliases(left, right))
    late = _first_in_time(scenario, left, right)
    if at is not None and (late is None or at <= late):
        return _difference(scenario, left, right, at, "they answer differently")
    if late is not None:
        return _difference(scenario, left, right, late, "it takes another time", in_time=True)
    if left.failure != right.failure and bool(left.failure) != bool(right.failure):
        return _difference(scenario, left, right, len(trees[0]), "one of them goes no further")
    return None


def aliases(left: Run, right: Run) -> dict[str, set[str]]:
    """What the atoms of one side may be called on the other."""
    found: dict[str, set[str]] = {}
    for name in {**left.atoms, **right.atoms}:
        there = right.atoms.get(name, name)
        for here in (left.atoms.get(name, name), name):
            found.setdefault(here, set()).add(there)
            found[here].add(name)
    return found


def _first_in_time(scenario: Scenario, left: Run, right: Run) -> int | None:
    """The first observation that took another time."""
    for at, (one, other) in enumerate(zip(left.seen, right.seen, strict=False)):
        if not same_time(one.ms, left, other.ms, right):
            return at
    return None


def same_time(one: int, left: Run, other: int, right: Run) -> bool:
    """Whether a step took the same time in two runs."""
    if not left.is_real and not right.is_real:
        return one == other
    behind = other / right.scale - one / left.scale
    late, early = (LATE_MS, EARLY_MS) if right.is_real else (EARLY_MS, LATE_MS)
    if left.is_real and right.is_real:
        early = late = LATE_MS
    return -early <= behind <= late


def _difference(scenario: Scenario, left: Run, right: Run, at: int, what: str, *, in_time: bool = False) -> Difference:
    observing = [number for number, step in enumerate(scenario.steps) if not step.is_silent]
    number = observing[min(at, len(observing) - 1)]
    sides = [Side(run.world, f"{run.seen[at].ms} ms" if in_time else shown(run, at)) for run in (left, right)]
    step = scenario.steps[number]
    return Difference(scenario.name, number + 1, step_text(step), step.label, what, *sides)


def shown(run: Run, at: int) -> str:
    """An observation in Erlang's words, over several lines if it is long."""
    if at >= len(run.seen):
        return run.failure or "nothing"
    return in_words(run.seen[at].tree)


def in_words(tree: Any) -> str:
    """The same of a tree."""
    ((kind, value),) = tree.items()
    if kind in ("flush", "reports", "tree", "race") and isinstance(value, list) and len(value) > 1:
        return "\n".join(tagged.show(each) for each in value)
    text = tagged.show(value)
    return f"exception {kind}: {text}" if kind in ("exit", "error", "throw") else text


def unmet(run: Run) -> Difference | None:
    """The first step of a run that does not show what it expects, or that it never came to."""
    seen = run.unmet
    if seen is None and not run.failure:
        return None
    scenario = run.scenario
    observing = [number for number, step in enumerate(scenario.steps) if not step.is_silent]
    number = seen.step if seen is not None else observing[min(len(run.seen), len(observing) - 1)]
    step = scenario.steps[number]
    wanted = "anything"
    if step.expected is not None:
        wanted = step_text(step).rpartition(" = ")[0]
    got = in_words(seen.tree) if seen is not None else run.failure
    sides = Side("expected", wanted), Side(run.world, got)
    return Difference(scenario.name, number + 1, step_text(step), step.label, "not as expected", *sides)


@dataclass
class Report:
    """How a port did in a scenario: `runs` by world, the prototype's first, and what differs."""

    scenario: Scenario
    runs: dict[str, Run] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """Worlds that were asked for and are not there, and why."""

    @property
    def equal(self) -> bool:
        """Whether nothing differs and all is as expected."""
        return not self.differences

    @property
    def steps(self) -> int:
        """How many steps show something."""
        return sum(not step.is_silent for step in self.scenario.steps)

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each port: how many steps are equal up to the first that differs, and of how many."""
        found = {}
        for world in list(self.runs)[1:]:
            wrong = [each for each in self.differences if each.right.world == world]
            observed = [number for number, step in enumerate(self.scenario.steps, 1) if not step.is_silent]
            good = len(observed) if not wrong else sum(number < wrong[0].step for number in observed)
            found[world] = (good, len(observed))
        return found

    def sentence(self) -> str:
        """`31 of 31 steps equal on erlsim, 31 of 31 on OTP 25`."""
        return ", ".join([*counted([self]), *(f"not on {world}: {why}" for world, why in self.skipped.items())])

    def __str__(self) -> str:
        return "\n".join([f"{self.scenario.name}: {self.sentence()}", *map(str, self.differences)])

    def to_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "scenario": self.scenario.name,
            "equal": self.equal,
            "steps": self.steps,
            "worlds": {world: {"equal": good, "of": total} for world, (good, total) in self.counts.items()},
            "systems": {world: run.system for world, run in self.runs.items() if run.system},
            "skipped": self.skipped,
            "differences": [
                {"step": each.step, "text": each.text, "label": each.label, "what": each.what}
                | {side.world: side.text for side in (each.left, each.right)}
                for each in self.differences
            ],
        }


def counted(reports: Iterable[Report]) -> list[str]:
    """How many steps are equal in each world, over all reports."""
    worlds: dict[str, tuple[int, int]] = {}
    for report in reports:
        for world, (good, total) in report.counts.items():
            system = report.runs[world].system or world
            before = worlds.get(system, (0, 0))
            worlds[system] = (before[0] + good, before[1] + total)
    return [
        f"{good} of {total} {'' if number else 'steps equal '}on {system}"
        for number, (system, (good, total)) in enumerate(worlds.items())
    ]


def check_port(
    scenario: Scenario,
    *,
    port: Place | Sequence[Place] | None = None,
    prototype: Place | None = None,
    beam: bool = False,
    elixir: Place | None = None,
    scale: float = 1.0,
) -> Report:
    """Run a scenario on the prototype and on its ports, and compare each port with the prototype.

    `port` is Erlang source, run without a BEAM and, with `beam`, by a real `erl`, too; `elixir` is a mix project.
    `scale` makes sleeps and `ms(...)` longer or shorter in real time.
    """
    if port is None and elixir is None:
        raise ErlsimError("there is no port to compare with: neither Erlang source nor an Elixir project")
    report = Report(scenario)
    python = run_on_python(scenario, prototype)
    report.runs[python.world] = python
    wrong = unmet(python)
    if wrong is not None:
        report.differences.append(wrong)
        return report
    if port is not None:
        _add(report, python, run_on_erlang(scenario, port))
    if beam and port is not None:
        _check_real(report, python, scenario, port, elixir=None, scale=scale)
    if elixir is not None:
        _check_real(report, python, scenario, None, elixir=elixir, scale=scale)
    return report


def _add(report: Report, python: Run, run: Run) -> None:
    report.runs[run.world] = run
    difference = compare(report.scenario, python, run)
    if difference is not None:
        report.differences.append(difference)


def _check_real(
    report: Report, python: Run, scenario: Scenario, port: Any, *, elixir: Place | None, scale: float
) -> None:
    from erlsim.porting.scenarios import beam

    try:
        compiled = beam.compiled_elixir(elixir) if elixir is not None else beam.compiled_erlang(port)
        with compiled as target:
            for attempt in range(ATTEMPTS):
                run = beam.run(target, scenario, scale)
                if attempt == ATTEMPTS - 1 or compare(scenario, python, run) is None:
                    _add(report, python, run)
                    return
    except beam.NoBeam as exc:
        report.skipped["elixir" if elixir is not None else "erl"] = str(exc)
