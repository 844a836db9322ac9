"""What a search has found, and how it says so: never more than it has done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from erlsim.reports import as_html
from erlsim.testing.runs import Run
from erlsim.testing.search.race import Race


@dataclass(repr=False)
class Exhaustion:
    """What `exhaust` found. `outcomes` counts the runs of each distinct outcome, `failures` holds the failed runs.

    `complete` says that there is no other outcome, `why_not` what it lacks if it is not. `runs` counts the runs that
    explored something, `blocked` those that did not. `waiting` runs were planned and not made; `estimate` guesses how
    many there are in all. `finished_bound` says in words within which bound all schedules were run. `race` explains
    the first failure. `state` is what is left of a search without a bound and an executor that was cut
    short, as plain data (fit for JSON): `exhaust(test, resume=state)` goes on from there.
    """

    runs: int = 0
    blocked: int = 0
    complete: bool = False
    why_not: str = ""
    seconds: float = 0.0
    longest: int = 0
    waiting: int = 0
    estimate: float = 0.0
    bound: int | str | None = None
    finished_bound: str = ""
    checked: int = 0
    clock: str = "barrier"
    outcomes: dict[str, int] = field(default_factory=dict)
    failures: list[Run] = field(default_factory=list)
    examples: dict[str, str] = field(default_factory=dict)
    race: Race | None = None
    state: dict[str, Any] | None = None

    @property
    def ok(self) -> bool:
        """Whether no run failed."""
        return not self.failures

    def add(self, run: Run, events: int) -> None:
        """Count a run that explored something."""
        self.runs += 1
        self.longest = max(self.longest, events)
        self.outcomes[run.outcome] = self.outcomes.get(run.outcome, 0) + 1
        self.examples.setdefault(run.outcome, run.schedule)
        if run.failed:
            self.failures.append(run)

    def merge(self, part: Exhaustion) -> None:
        """Count what a part of the search has found."""
        self.runs += part.runs
        self.blocked += part.blocked
        self.longest = max(self.longest, part.longest)
        for outcome, count in part.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + count
            self.examples.setdefault(outcome, part.examples[outcome])
        self.failures += part.failures

    def sentence(self) -> str:
        """What was covered, and what that means."""
        found = f"{_number(len(self.outcomes), 'outcome')}, "
        found += f"{len(self.failures)} failed" if self.failures else "none failed"
        if self.complete:
            times = "these timers" if self.clock == "barrier" else "any lateness"
            explored = "the only interleaving" if self.runs == 1 else f"all {self.runs} interleavings"
            return (
                f"{explored} explored (at most {self.longest} events each), {found}: "
                f"no other outcome exists for {times} and this input"
            )
        if self.bound is not None and not self.why_not:
            schedules = _number(self.runs, "schedule")
            return f"all {schedules} with {self.finished_bound} explored, {found}; others may do otherwise"
        more = f"; some {self.estimate:.0f} in all, as far as can be told" if self.estimate > self.runs else ""
        within = f", all with {self.finished_bound} among them" if self.finished_bound else ""
        return (
            f"{_number(self.runs, 'interleaving')} explored{within}, {found}; {self.why_not}: "
            f"{_number(self.waiting, 'more')} planned{more}; others may do otherwise"
        )

    def __str__(self) -> str:
        lines = [self.sentence()]
        for outcome, count in sorted(self.outcomes.items(), key=lambda item: (-item[1], item[0])):
            lines.append(f"{count:>8} x {outcome}   e.g. {self.examples[outcome]}")
        for run in self.failures[:1]:
            lines.append(f"erlsim.testing.replay(test, {run.schedule!r}, preempt=True) repeats the first failure")
        if self.race is not None:
            lines += ["", str(self.race)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        text = as_html(str(replace(self, race=None)))
        return text if self.race is None else text + self.race._repr_html_()


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 or what == "more" else f"{count} {what}s"
