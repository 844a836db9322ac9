"""The oracle's plug: every choice that a real system leaves open is put to a `Chooser`.

The kernel never draws a random number. It describes the choice and takes an index. First-in
first-out, the default, always takes index 0 and is never even asked: `None` stands for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Chooser(Protocol):
    """Answers the questions of the scheduler. All answers are indexes into `options`.

    A chooser that remembers what it was asked may have a method `begin()`, called when a simulation begins
    with it: a chooser that is used again then makes the same run again. One that has a method `begin_log(steps)` is
    given the list of the steps of a simulation with `preempt=True`, before the first of them is done.
    """

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """Pick one of `options` (never empty; asked only when there are two or more).

        `kind` is `"run"` (which runnable process goes next: pids), `"timer"` (which of the timers
        due at this instant fires first: their targets), `"late"` (whether that timer waits until
        the processes of its instant have run) or `"signal"` (which sender's signals reach a process
        late: `"all"` arrive now, or a pid's are held back until the run queue has run dry). With `preempt=True`
        `"step"` takes the place of the first three: what happens next. Each option has the name by birth of its
        `process` (the shell is `"P"`, its second child `"P.2"`), its `operation` and what that `touches`; the first
        is that whoever ran goes on.
        """
        ...


class Fifo:
    """First-in first-out, as a chooser of its own: what `erl +S 1` does with small computations."""

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """The first."""
        return 0

    def __repr__(self) -> str:
        return "Fifo()"
