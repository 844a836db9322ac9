"""Schedules as data: which choices of a run deviated from first-in first-out.

A run asks its chooser a sequence of questions; a schedule names those that were not answered with
the first option. `str(schedule)` is short, printable and read back by `Schedule.parse`: parts like
`12r3=1`, which is: question 12, of kind *run*, had 3 options, and option 1 was taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import starmap
from typing import Any, NamedTuple

from erlsim.errors import ErlsimError

LETTERS = {"run": "r", "step": "p", "timer": "t", "late": "l", "signal": "s", "fault": "f"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
FIFO_TEXT = "fifo"
_PART = re.compile(r"(\d+)([a-z])(\d+)=(\d+)")


class Deviation(NamedTuple):
    """Question number `at`, of `kind`, with `options` options, was answered with `choice` (not 0)."""

    at: int
    kind: str
    options: int
    choice: int

    def __str__(self) -> str:
        return f"{self.at}{LETTERS[self.kind]}{self.options}={self.choice}"


class Schedule(tuple[Deviation, ...]):
    """The deviations of a run, in order. `len(schedule)` counts them."""

    __slots__ = ()

    def __str__(self) -> str:
        return ",".join(map(str, self)) or FIFO_TEXT

    def __repr__(self) -> str:
        return f"Schedule.parse({str(self)!r})"

    @property
    def has_steps(self) -> bool:
        """Whether it is of a simulation with `preempt=True`."""
        return any(deviation.kind == "step" for deviation in self)

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """The schedule that printed as `text`; `ErlsimError` showing the part that is none."""
        if text.strip() == FIFO_TEXT:
            return cls()
        deviations = []
        for part in text.strip().split(","):
            found = _PART.fullmatch(part.strip())
            if found is None or found[2] not in KINDS:
                raise ErlsimError(
                    f"not a schedule: {text!r}; {part!r} should look like '12r3=1', or the whole be 'fifo'"
                )
            deviations.append(Deviation(int(found[1]), KINDS[found[2]], int(found[3]), int(found[4])))
        return cls(deviations)


class ScheduleMismatch(ErlsimError):
    """A replayed schedule does not fit the program any more; the message says where it left the recording."""

    ends_run = True


class Recorder:
    """A chooser that asks another one and keeps what it answered. `schedule` is the run so far."""

    # The chooser behind wants the log of a world with steps, or does not.
    begin_log: Any
    _ask: Callable[[str, Sequence[Any]], int]

    def __init__(self, chooser: Any) -> None:
        self.chooser = chooser
        self.begin_log = getattr(chooser, "begin_log", None)
        self.wants_places: bool = getattr(chooser, "wants_places", True)
        # What processes run on, handed on from run to run.
        self.stacks: Any = getattr(chooser, "stacks", None)
        self.begin()

    def begin(self) -> None:
        """Forget what was recorded, and let the chooser behind begin again as well."""
        self.asked = 0
        self._deviations: list[tuple[int, str, int, int]] = []
        self._ask = self.chooser.choose
        if (begin := getattr(self.chooser, "begin", None)) is not None:
            begin()

    @property
    def schedule(self) -> Schedule:
        """The deviations so far."""
        return Schedule(starmap(Deviation, self._deviations))

    @property
    def text(self) -> str:
        """`str(schedule)`, of which there is one a run."""
        return ",".join([f"{at}{LETTERS[kind]}{of}={choice}" for at, kind, of, choice in self._deviations]) or FIFO_TEXT

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """Whatever the chooser behind answers."""
        index: int = self._ask(kind, options)
        if index:
            self._deviations.append((self.asked, kind, len(options), index))
        self.asked += 1
        return index

    def __repr__(self) -> str:
        return f"Recorder({self.chooser!r}): {self.schedule}"


class Replay:
    """Answers as a recorded schedule did, and first-in first-out everywhere else.

    `strict`: a recorded question that comes in another shape raises `ScheduleMismatch`, at once or in
    `check_finished`; otherwise it is answered as well as it goes (what shrinking needs).
    """

    def __init__(self, schedule: Schedule | str, strict: bool = True) -> None:
        self.schedule = Schedule.parse(schedule) if isinstance(schedule, str) else schedule
        self.strict = strict
        self.begin()

    def begin(self) -> None:
        """Replay from the first question again."""
        self.asked = 0
        self._left = {deviation.at: deviation for deviation in self.schedule}

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """The recorded answer to this question, 0 if it was not recorded."""
        at, self.asked = self.asked, self.asked + 1
        deviation = self._left.pop(at, None)
        if deviation is None:
            return 0
        fits = deviation.kind == kind and deviation.options == len(options)
        if self.strict and not fits:
            raise ScheduleMismatch(
                f"the schedule {self.schedule} left its recording at question {at}: it was a choice of kind "
                f"{deviation.kind!r} between {deviation.options}, now it is {kind!r} between {len(options)}: "
                f"{list(options)!r}"
            )
        return min(deviation.choice, len(options) - 1) if deviation.kind == kind else 0

    def __repr__(self) -> str:
        return f"Replay({str(self.schedule)!r}, strict={self.strict!r})"

    def check_finished(self) -> None:
        """Raise `ScheduleMismatch` if recorded questions never came."""
        if self.strict and self._left:
            missing = ", ".join(str(deviation) for deviation in self._left.values())
            raise ScheduleMismatch(
                f"the schedule {self.schedule} left its recording: the run ended after {self.asked} questions, "
                f"before {missing}"
            )


def without(schedule: Schedule, dropped: Iterable[int]) -> Schedule:
    """The schedule less the deviations at some positions of it."""
    gone = frozenset(dropped)
    return Schedule(deviation for index, deviation in enumerate(schedule) if index not in gone)
