"""What became of the faults of a simulation: which struck, when and whom, and which never did, and why not.

A fault that never strikes tests nothing. `faults()` lists those of the current simulation, `all_struck()` fails if one
of them has not struck; an exploration and pytest's plugin do so by themselves. A fault that need not strike says so:
`optional=True`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from erlsim.simulation import Simulation, current, storage
from erlsim.terms import Pid, Term

RULES = "faults"
# So many strikes of one fault are kept with their times, and shown.
KEPT = 5


class FaultRecord(NamedTuple):
    """What became of one fault, in one run or in many.

    How it was asked for and where; how often it struck, and the first times; how often the chooser was asked. If nobody
    was ever there whom it names, `missing` says so, else `waited_for` says what never came.
    """

    fault: str
    where: str
    optional: bool
    strikes: int
    first: tuple[str, ...]
    asked: int
    missing: str
    waited_for: str

    @property
    def should_have_struck(self) -> bool:
        """Whether it never struck, and is not optional."""
        return not self.strikes and not self.optional

    def and_of(self, other: FaultRecord) -> FaultRecord:
        """The same fault, with what became of it in other runs."""
        return self._replace(
            strikes=self.strikes + other.strikes,
            first=self.first or other.first,
            asked=self.asked + other.asked,
            missing=self.missing and other.missing,
        )

    def __str__(self) -> str:
        if self.strikes:
            more = f" and {self.strikes - len(self.first)} times more" if self.strikes > len(self.first) else ""
            return f"{self.fault} of {self.where} struck {', '.join(self.first)}{more}"
        if self.asked:
            times = "once" if self.asked == 1 else f"{self.asked} times"
            hint = "first-in first-out never does; with certain=True it is not asked"
            why = f"the chooser could let it strike {times} and did not ({hint})"
        else:
            why = self.missing or self.waited_for
        return f"{self.fault} of {self.where} never struck: {why}"


class Fault:
    """A rule that lets something go wrong. `strikes` counts how often it has; `stop()` ends the rule."""

    def __init__(self, sim: Simulation, call: str, certain: bool, optional: bool) -> None:
        self.certain = certain
        self.optional = optional
        self.strikes = 0
        self._sim = sim
        self._call = call
        self._where = _place()
        self._first: list[str] = []
        self._asked = 0
        rules: list[Fault] = storage(RULES, list)
        rules.append(self)

    def stop(self) -> None:
        """Let nothing go wrong any more."""
        raise NotImplementedError

    def missing(self) -> str:
        """Why it cannot strike: whom it names has never been there; nothing if he has."""
        raise NotImplementedError

    def waited_for(self) -> str:
        """That the occasion has not come which it waits for, in words."""
        raise NotImplementedError

    def record(self) -> FaultRecord:
        """What became of it until now."""
        return FaultRecord(
            self._call,
            self._where,
            self.optional,
            self.strikes,
            tuple(self._first),
            self._asked,
            self.missing(),
            f"{self.waited_for()} (the run ended at {self._sim.now} ms)",
        )

    def _chosen(self, occasion: Any) -> bool:
        """Whether it strikes on this occasion: it is certain, or the chooser says so."""
        self._asked += 1
        return self.certain or bool(self._sim.choose("fault", ["nothing", occasion]))

    def _struck(self, what: Callable[[], str]) -> None:
        self.strikes += 1
        if self.strikes <= KEPT:
            self._first.append(f"{what()} at {self._sim.now} ms")

    def __repr__(self) -> str:
        return f"<{self.record()}>"


def call_text(called: str, /, *args: Term, **options: Any) -> str:
    """How a fault was asked for, less the options that it was not given."""
    named = ["..." if arg is ... else repr(arg) for arg in args]
    given = [f"{name}={value!r}" for name, value in options.items() if value is not None and value is not False]
    return f"{called}({', '.join([*named, *given])})"


def faults() -> list[FaultRecord]:
    """What became of the faults of the current simulation until now, in the order in which they were asked for."""
    return faults_of(current())


def faults_of(sim: Simulation) -> list[FaultRecord]:
    """The same of a simulation that need not be current."""
    with sim:
        rules: list[Fault] = storage(RULES, list)
        return [rule.record() for rule in rules]


def all_struck() -> None:
    """Each fault of the current simulation that is not optional has struck: else an `AssertionError` that says why."""
    check_struck(faults())


def check_struck(records: Iterable[FaultRecord]) -> None:
    """`AssertionError` with the faults that should have struck and did not."""
    left = [each for each in records if each.should_have_struck]
    if left:
        raise AssertionError(
            "a fault that never strikes tests nothing (optional=True if it need not strike):\n"
            + "\n".join(f"  {each}" for each in left)
        )


def merge(known: dict[tuple[str, int], FaultRecord], records: Iterable[FaultRecord]) -> None:
    """Add what became of the faults of one more run to what is known of other runs of the same test.

    The same fault is the one that was asked for in the same place: its pid may be another under another schedule.
    """
    places: Counter[str] = Counter()
    for record in records:
        name = (record.where, places[record.where])
        places[record.where] += 1
        known[name] = known[name].and_of(record) if name in known else record


def _place() -> str:
    """`FILE:LINE` of who has asked for a fault."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("erlsim."):
        frame = frame.f_back
    return f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th` ..."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}" + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def called(who: Term, pid: Term) -> str:
    """A pid, with the name or child that it was named by."""
    if who is ... or isinstance(who, Pid):
        return repr(pid)
    return f"{pid!r} ({who if isinstance(who, str) else repr(who)})"
